"""Runs `plan`, `usage --spec` and `diff` on broken specs with a small log for a while, as users call them.

    python -m tests.fuzz.fuzz_plan --seconds 60 --seed 1 ../shared/specs/*/*.json

Each case breaks specs as `fuzz_diff` does (pieces, bombs, one side or both), writes a log of calls of the base's
operations, and runs a command on them in this process. A case fails when the command says that apidiff has a bug, ends
in another code than the contract's, takes longer than its seconds of CPU, says a key of the log, writes one into the
plan folder or a file there that is no JSON, or leaves a folder behind though it refused. Failures are made small.
"""

import argparse
import collections
import contextlib
import io
import json
import math
import os
import random
import re
import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from apidiff.load import load
from tests.cli import scenario
from tests.conftest import ROOT
from tests.fuzz import fuzz_diff, mutate

Trees = tuple[Any, Any]

LIMIT_SECONDS: Final = 30
"""Of a whole plan: comparison, log, samples of each change, and every document."""
SHRINK_SECONDS: Final = 90
MOST_ROWS: Final = 40
METHODS: Final = ("get", "post", "put", "patch", "delete", "head", "options")
FORMATS: Final = ("text", "json", "markdown", "html", "sarif", "junit", "github")
COMMANDS: Final = ("plan", "plan", "plan without logs", "usage", "usage as json", "usage as html", "diff")
_CODE: Final = re.compile(r"\[([a-z]+(?:-[a-z]+)+)\]")
_PLACE: Final = re.compile(r"error: (\S+:\d+): this is a bug[^:]*: (\w+)")
_OWN: Final = re.compile(r'File "\S*/apidiff/(\S+\.py)", line (\d+)')


@dataclass(frozen=True, slots=True)
class Case:
    """A command, its two specs, and the rows of its log."""

    command: str
    trees: Trees
    rows: tuple[dict[str, Any], ...]
    form: str = "json"


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: outcomes by name, the first failure of each kind in words with its case, and the slowest."""

    outcomes: collections.Counter[str]
    failures: dict[str, tuple[str, Case]]
    slowest: tuple[float, str]


def rows(tree: Any, rng: random.Random) -> tuple[dict[str, Any], ...]:
    """Calls of a spec's operations by two keys within a week, some failing, some of nothing that is declared."""
    paths = tree.get("paths") if isinstance(tree, dict) else None
    items = paths.items() if isinstance(paths, dict) else ()
    front = _front(tree)
    calls = [(m, front + str(path)) for path, item in items if isinstance(item, dict) for m in METHODS if m in item]
    calls += [("get", "/nothing/like/this")]
    made = []
    for _ in range(rng.randint(1, MOST_ROWS)):
        method, path = rng.choice(calls)
        asked = re.sub(r"\{[^{}]*\}", lambda _: rng.choice(("1", "a-b", "cus_19")), path)
        query = rng.choice(("", "", "?limit=3", "?a=1&b=x&limit"))
        row = scenario.log_row(rng.randint(1, 7), rng.choice([*scenario.KEYS]), asked + query)
        made.append({**row, "method": method.upper(), "status": rng.choice((200, 200, 201, 404, 500))})
    return tuple(made)


def _front(tree: Any) -> str:
    """What stands before every path on the server, as far as it is said plainly."""
    try:
        url = tree["basePath"] if "basePath" in tree else tree["servers"][0]["url"]
        return urlsplit(url).path.rstrip("/")
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return ""


def case(specs: list[Any], rng: random.Random) -> Case:
    """One case."""
    trees = fuzz_diff.case(specs, rng)
    return Case(rng.choice(COMMANDS), trees, rows(trees[0], rng), rng.choice(FORMATS))


def _arguments(command: str, form: str) -> list[str]:
    specs, logs, today = ["base.json", "revision.json"], ["--usage", "usage.jsonl"], ["--today", "2026-03-09"]
    if command.startswith("usage"):
        form = command.partition(" as ")[2] or "text"
        return ["usage", "usage.jsonl", "--spec", "base.json", "--integrators", "integrators.csv", "--format", form]
    if command == "diff":
        return ["diff", *specs, "--format", form, "--limit", "0", *today]
    evidence = ["--no-usage", "--reason", "a trial"] if "without" in command else logs
    return ["plan", *specs, *evidence, "--integrators", "integrators.csv", "--out", "plan", *today]


def _run(arguments: list[str]) -> tuple[int, str]:
    """One command, and all that it says."""
    from apidiff.cli import main

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
        out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "replace") + err.getvalue()  # type: ignore[attr-defined]


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _wrong_files(plan: Path) -> str:
    """What is wrong with the files of a plan, "" where nothing is."""
    for path in sorted(plan.rglob("*")):
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        if any(key in text for key in scenario.KEYS):
            return f"a key is written: {path.name}"
        if path.suffix == ".json":
            try:
                json.loads(text, parse_constant=_refuse)
            except ValueError as problem:
                return f"no JSON: {path.name}: {problem}"
    return ""


def attempt(one: Case) -> tuple[str, str]:
    """What came of one case, and what failed in it, "" where nothing did."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, tree in zip(("base.json", "revision.json"), one.trees, strict=True):
            Path(name).write_text(json.dumps(tree), encoding="utf-8")
        Path("usage.jsonl").write_text(scenario.as_jsonl(list(one.rows)), encoding="utf-8")
        Path("integrators.csv").write_text(scenario.INTEGRATORS, encoding="utf-8")
        with fuzz_diff.limited(LIMIT_SECONDS):
            code, said = _run(_arguments(one.command, one.form))
        problem = _CODE.search(said) if code in (3, 4) else None
        name = one.command.split()[0]
        outcome = f"{name}: {problem[1] if problem else code}"
        if "internal-error" in said:
            return outcome, f"{_bug(said)}: {said[-3000:]}"
        if code not in (0, 1, 3) or (code == 1 and name != "diff") or (code == 3 and problem is None):
            return outcome, f"{name} ends in {code}: {said[-600:]}"
        if any(key in said for key in scenario.KEYS):
            return outcome, f"a key is said by {name}"
        if code == 3 and Path("plan").exists():
            return outcome, "a folder is left behind by what was refused"
        wrong = _wrong_files(Path("plan"))
    assert Path.cwd() == before
    return outcome, wrong


def _bug(said: str) -> str:
    """What a bug is told from others by: its type, and the last line of apidiff that it passed."""
    found, own = _PLACE.search(said), _OWN.findall(said)
    where = f"{own[-1][0]}:{own[-1][1]}" if own else found[1] if found else "?"
    return f"{found[2] if found else 'a bug'} at {where}"


def _signature(failure: str) -> str:
    return failure.partition(": ")[0]


def smaller(failure: str, one: Case) -> tuple[str, Case]:
    """The same failure of specs as small as can be found in a minute and a half."""
    until = time.monotonic() + SHRINK_SECONDS

    def fails(trees: Trees) -> bool:
        if time.monotonic() > until:
            return False
        return _signature(attempt(Case(one.command, trees, one.rows, one.form))[1]) == _signature(failure)

    small = Case(one.command, mutate.shrink(one.trees, fails), one.rows, one.form)
    return attempt(small)[1] or failure, small


def run(specs: list[Any], *, seed: int, seconds: float = math.inf, cases: float = math.inf) -> Found:
    """Outcomes by name, and the first failure of each kind; the same cases for the same seed."""
    rng = random.Random(seed)
    outcomes: collections.Counter[str] = collections.Counter()
    failures: dict[str, tuple[str, Case]] = {}
    slowest = (0.0, "")
    until = time.monotonic() + seconds
    while time.monotonic() < until and outcomes.total() < cases:
        one = case(specs, rng)
        start = time.process_time()
        outcome, failure = attempt(one)
        slowest = max(slowest, (time.process_time() - start, outcome))
        outcomes[outcome] += 1
        if failure:
            failures.setdefault(_signature(failure), (failure, one))
    return Found(outcomes, failures, slowest)


def own_specs() -> list[Any]:
    """Both specs of the demo."""
    return [load(str(ROOT / "fixtures" / "demo" / name)).root for name in ("base.yaml", "revision.yaml")]


def main() -> int:
    """Fuzzes the specs that the command line names, or those of the demo."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("specs", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ |= {"XDG_CACHE_HOME": tempfile.mkdtemp(), "APIDIFF_TRACEBACK": "1"}
    specs = [load(str(path)).root for path in options.specs] or own_specs()
    found = run(specs, seed=options.seed, seconds=options.seconds)
    for outcome, count in found.outcomes.most_common():
        print(f"{count:8,}  {outcome}")
    print(f"{found.outcomes.total():8,}  cases, {len(found.failures)} kinds of failure")
    print(f"slowest {found.slowest[0]:.2f} s of CPU ({found.slowest[1]})")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB", flush=True)
    for failure, one in found.failures.values():
        said, small = smaller(failure, one)
        print(f"\n=== {small.command} {small.form}\n{said}")
        for name, tree in zip(("base", "revision"), small.trees, strict=True):
            print(f"{name}: {json.dumps(tree)[:2000]}")
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
