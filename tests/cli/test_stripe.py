"""The main job at full size: the Stripe pair and a log of a million rows, within its bounds of time and memory.

Times are CPU seconds at the pace of `tests.pace`: beside other tests the wall says nothing.
"""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.pace import least

ROWS = 1_000_000
PAIR = ("stripe-2020-01-07.json", "stripe-2021-06-07.json")
SLASHES = (
    "2,860 calls succeeded at a path with a slash twice or at its end, and call nothing as it stands; "
    "if the server takes it for the path without, put `slashes: ignore` into apidiff.yaml"
)
UNMATCHED = "9,985 of 1,000,000 rows match no operation: /v2/customers (1,046), /*/CHARGES (1,027), /v1/ (1,021)"
pytestmark = [pytest.mark.slow, pytest.mark.corpus, pytest.mark.xdist_group("stripe"), pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Measured:
    """A process that has ended: its exit code, outputs, and what it took."""

    code: int
    out: bytes
    err: bytes
    cpu: float
    peak: float
    """In MB."""


WRAPPED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "apidiff", *sys.argv[2:]], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
sys.stdout.buffer.write(done.stdout)
sys.stderr.buffer.write(done.stderr)
sys.exit(done.returncode)
"""
"""A small process between: the peak of a child counts what its parent held when it was made."""


def measure(*arguments: object) -> Measured:
    """Run the command line and measure the whole process."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        done = subprocess.run(
            [sys.executable, "-c", WRAPPED, figures, *map(str, arguments)], capture_output=True, check=False
        )
        cpu, peak = map(float, figures.read_text().split())
    megabyte = 1e6 if sys.platform == "darwin" else 1e3
    return Measured(done.returncode, done.stdout, done.stderr, cpu, peak / megabyte)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """The modules as an installation has them: what reading their text costs is paid there once."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", ROOT / "apidiff"], check=True)


@pytest.fixture(scope="session")
def log(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a million rows, their true operations beside them, the keys and the accounts."""
    folder = tmp_path_factory.mktemp("stripe")
    generator = shared / "loggen" / "gen.py"
    subprocess.run(
        [sys.executable, generator, "--rows", str(ROWS), "--out", folder / "log", "--format", "parquet"],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder


def test_the_plan_is_made_within_its_time_and_600_megabytes(shared: Path, log: Path, tmp_path: Path) -> None:
    base, revision = (shared / "specs" / "stripe" / name for name in PAIR)
    runs: list[Measured] = []

    def plan() -> float:
        runs.append(measure(
            "plan", base, revision, "--usage", log / "log", "--integrators", log / "keys.csv", log / "accounts.csv",
            "--out", tmp_path / f"plan{len(runs)}", "--today", "2024-06-01", "--no-cache",
        ))  # fmt: skip
        return runs[-1].cpu

    taken, done = least(plan, bound=14), runs[0]
    print(f"plan: {taken:.1f} s CPU, {done.peak:.0f} MB")
    assert done.code == 0, done.err.decode()
    fields = "time `ts`, method `method`, path `path`, api_key `api_key`, status `status`, version `api_version`"
    assert done.err.decode().splitlines() == [
        f"read as table: {fields}",
        f"warning: {SLASHES}",
        "warning: the logs cover 30 of 90 days: a monthly or quarterly job may be missing",
        f"warning: {UNMATCHED}",
    ]
    usage = json.loads((tmp_path / "plan0" / "plan.json").read_text(encoding="utf-8"))["usage"]
    assert (usage["rows"], usage["malformed"], usage["keys"]) == (ROWS, 0, 5000)
    assert done.peak < 600
    assert taken < 14


def test_every_operation_has_the_calls_that_the_generator_made(shared: Path, log: Path) -> None:
    import duckdb

    spec = shared / "specs" / "stripe" / PAIR[1]
    done = measure("usage", log / "log", "--spec", spec, "--format", "json", "--today", "2024-06-01")
    assert (done.code, done.err.decode()) == (0, f"warning: {SLASHES}\nwarning: {UNMATCHED}\n")
    report = json.loads(done.out)
    truth = duckdb.sql(
        f"""
        select r.method, r.template, count(*) from '{log}/log/*.parquet' l join '{log}/routes.csv' r on l.true_op = r.op
        where not l.is_junk group by all
        """
    ).fetchall()
    expected = {f"{method} {template}": calls for method, template, calls in truth}
    found = {f"{one['method']} {one['path']}": one["attempts"] for one in report["operations"] if one["attempts"]}
    assert found == expected
    assert report["coverage"]["unmatched"] == ROWS - sum(expected.values())


@pytest.mark.parametrize(
    ("pair", "seconds", "megabytes"),
    [
        (("stripe", "stripe-2020-01-07.json", "stripe-2021-06-07.json"), 1.2, 300),
        (("plaid", "plaid-2024-04-17.yaml", "plaid-2026-06-10.yaml"), 4.0, 400),
        (("twilio", "twilio-api-v2010-2020-12-01.json", "twilio-api-v2010-2026-04-14.json"), 4.0, 400),
        (("discord", "discord-2024-09-25.json", "discord-2026-07-18.json"), 4.0, 400),
        (("adyen", "adyen-management-v1.json", "adyen-management-v3.json"), 4.0, 400),
        (("slack", "slack-web-2018-05-21.json", "slack-web-2020-10-06.json"), 4.0, 400),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_each_real_pair_is_compared_whole(
    shared: Path, pair: tuple[str, str, str], seconds: float, megabytes: float
) -> None:
    folder, *names = pair
    runs: list[Measured] = []

    def diff() -> float:
        runs.append(measure("diff", *(shared / "specs" / folder / name for name in names), "--format", "json"))
        return runs[-1].cpu

    taken, done = least(diff, bound=seconds), runs[0]
    print(f"{folder}: {taken:.2f} s CPU, {done.peak:.0f} MB")
    assert done.code == 0, done.err.decode()
    data = json.loads(done.out)
    ids = [change["id"] for change in data["changes"]]
    assert len(ids) == len(set(ids)) > 0
    assert data["summary"]["unclassified"] == 0
    assert taken < seconds
    assert done.peak < megabytes
