"""Runs `track`, `gate` and `plan` on broken plan folders for a while, and fails on anything but an answer or an error.

    python -m tests.fuzz.fuzz_follow --seconds 60 --seed 1

Each case takes a plan folder, breaks some of its files, and runs a command on it. A case fails when the command says
that apidiff has a bug, ends in another code than the contract's, takes longer than ten seconds, says a key or what
people wrote, or changes a file that it refused to read.
"""

import argparse
import collections
import contextlib
import hashlib
import io
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

from tests.cli import scenario
from tests.fuzz import break_plan

LIMIT_SECONDS = 10
_CODE = re.compile(r"\[([a-z]+(?:-[a-z]+)+)\]")


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: outcomes by name, the first failure of each kind in words, the slowest case and its seconds."""

    outcomes: collections.Counter[str]
    failures: dict[str, str]
    slowest: tuple[float, str]


def _run(*arguments: object) -> tuple[int, str]:
    """One command, and all that it says."""
    from apidiff.cli import main

    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
        out.flush()
    return code, out.buffer.getvalue().decode("utf-8", "replace") + err.getvalue()  # type: ignore[attr-defined]


def whole(base: Path) -> dict[str, Path]:
    """The scenario with its plan, one run of `track` in it."""
    files: dict[str, Path] = scenario.write(base)
    files["plan"] = base / "whole"
    for arguments in (scenario.plan_arguments(files, files["plan"]), _commands(files, files["plan"])["track"]):
        code, said = _run(*arguments)
        assert code == 0, said
    return files


def _commands(files: dict[str, Path], plan: Path) -> dict[str, list[object]]:
    later = ["--usage", files["usage"], "--today", "2026-03-12"]
    return {
        "track": ["track", plan, *later],
        "track as html": ["track", plan, *later, "--format", "html"],
        "track with messages": ["track", plan, *later, "--messages", plan.parent / "mails"],
        "gate": ["gate", files["base"], files["revision"], "--plan", plan, "--today", "2026-03-12"],
        "gate with logs": ["gate", files["base"], files["revision"], "--plan", plan, *later],
        "plan": [*scenario.plan_arguments(files, plan)[:-1], "2026-03-12"],
    }


def _state(folder: Path) -> str:
    state = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        state.update(f"{path}".encode("utf-8", "surrogateescape") + (path.read_bytes() if path.is_file() else b""))
    return state.hexdigest()


def attempt(files: dict[str, Path], plan: Path, rng: random.Random) -> tuple[str, str]:
    """What came of one case, and what failed in it, "" where nothing did."""
    how = break_plan.broken(plan, rng)
    name, arguments = rng.choice(list(_commands(files, plan).items()))
    shutil.rmtree(plan.parent / "mails", ignore_errors=True)
    half_done = list(plan.glob(".apidiff-*"))
    before, start = _state(plan), time.process_time()
    code, said = _run(*arguments)
    taken = time.process_time() - start
    problem = _CODE.search(said) if code >= 2 else None
    outcome = f"{name.split()[0]}: {problem[1] if problem else code}"
    if "internal-error" in said or code not in (0, 1, 3) or (code == 3 and problem is None):
        return outcome, f"{name} after {how}: {code} {said[-600:]}"
    if taken > LIMIT_SECONDS:
        return outcome, f"too slow: {name} after {how}: {taken:.0f} s"
    if any(key in said for key in scenario.KEYS):
        return outcome, f"a key is said: {name} after {how}"
    if code == 3 and not half_done and _state(plan) != before:
        return outcome, f"changed though refused: {name} after {how}: {said[-300:]}"
    return outcome, ""


def run(*, seed: int, seconds: float = math.inf, cases: float = math.inf) -> Found:
    """Outcomes by name, and the first failure of each kind; the same cases for the same seed."""
    rng = random.Random(seed)
    outcomes: collections.Counter[str] = collections.Counter()
    failures: dict[str, str] = {}
    slowest = (0.0, "")
    with tempfile.TemporaryDirectory() as base:
        files, plan = whole(Path(base)), Path(base, "case", "plan")
        until = time.monotonic() + seconds
        while time.monotonic() < until and outcomes.total() < cases:
            shutil.rmtree(plan, ignore_errors=True)
            shutil.copytree(files["plan"], plan)
            start = time.process_time()
            outcome, failure = attempt(files, plan, rng)
            slowest = max(slowest, (time.process_time() - start, outcome))
            outcomes[outcome] += 1
            if failure:
                failures.setdefault(_signature(failure), failure)
    return Found(outcomes, failures, slowest)


def _signature(failure: str) -> str:
    bug = re.search(r"error: (\S+:\d+): this is a bug.*?: (\w+)", failure)
    return f"{bug[2]} at {bug[1]}" if bug else failure.partition(" after ")[0]


def main() -> int:
    """Fuzzes the plan of the tests' scenario."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp()
    found = run(seed=options.seed, seconds=options.seconds)
    for outcome, count in found.outcomes.most_common():
        print(f"{count:8,}  {outcome}")
    print(f"{found.outcomes.total():8,}  cases, {len(found.failures)} kinds of failure")
    print(f"slowest {found.slowest[0]:.2f} s of CPU ({found.slowest[1]})")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    for failure in found.failures.values():
        print(f"\n=== {failure}")
    shutil.rmtree(os.environ["XDG_CACHE_HOME"], ignore_errors=True)
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
