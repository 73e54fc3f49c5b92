"""Expands the real pairs both ways: the share of breaks undone, by rule, how many proofs it took, and the time.

`python tests/bench/bench_expand.py [NAME…]` prints them; real specs are read from `../shared/specs` beside the
repository. What is printed as undone is what the proof shows, for nothing else is called so.
"""

import sys
import tarfile
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

from apidiff.comparison.compare import Judgement
from apidiff.expand.make import expand
from apidiff.expand.marks import Marks
from apidiff.load import load_all
from apidiff.load.resolve import dialect_of

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
PAIRS = {
    "adyen": ("adyen-management-v1.json", "adyen-management-v3.json"),
    "stripe": ("stripe-2020-01-07.json", "stripe-2021-06-07.json"),
    "slack": ("slack-web-2018-05-21.json", "slack-web-2020-10-06.json"),
    "twilio": ("twilio-api-v2010-2020-12-01.json", "twilio-api-v2010-2026-04-14.json"),
    "discord": ("discord-2024-09-25.json", "discord-2026-07-18.json"),
    "plaid": ("plaid-2024-04-17.yaml", "plaid-2026-06-10.yaml"),
}


def paths_of(name: str, folder: Path) -> list[Path]:
    """The entry files of a pair, base first; archives are unpacked into `folder`."""
    if name != "digitalocean":
        return [SPECS / name / file for file in PAIRS[name]]
    for archive in (SPECS / name).glob("*.tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(folder / archive.name, filter="data")
    return sorted(folder.rglob("DigitalOcean-public.v2.yaml"))


def measure(name: str, files: list[Path]) -> None:
    """Expand one pair in one direction, and print what came of it."""
    base, revision = (load_all(str(file))[0] for file in files)
    started = time.process_time()
    made = expand(base, revision, how=Judgement(today=date(2026, 11, 20)), marks=Marks(dialect_of(revision.root), None))
    seconds = time.process_time() - started
    total = len(made.undone) + len(made.left)
    ends = " -> ".join(file.as_posix().removeprefix(f"{SPECS}/") for file in files)
    print(f"{name}: {ends}: {len(made.undone)} of {total}, {made.proofs} proofs, {seconds:.1f} s CPU")
    kept, lost = Counter(one.rule for one in made.undone), Counter(one.change.rule for one in made.left)
    for rule in sorted(kept.keys() | lost.keys()):
        print(f"  {rule:<45} {kept[rule]:>5} of {kept[rule] + lost[rule]}")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or (*PAIRS, "digitalocean"):
        with tempfile.TemporaryDirectory() as made:
            files = paths_of(wanted, Path(made))
            measure(wanted, files)
            measure(wanted, files[::-1])
