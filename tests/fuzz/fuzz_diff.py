"""Compares broken specs for a while, and fails on anything but a comparison or an error for users.

    python -m tests.fuzz.fuzz_diff --seconds 60 --seed 1 ../shared/specs/*/*.json

Each case takes a piece of a spec (now and then the whole, or a bomb), breaks it, and compares the two, and the revision
with itself, as `usage --spec` does; sometimes both sides are broken. A case fails when `compare` raises anything but
ApidiffError, takes more than ten seconds of CPU, finds a change between a spec and itself, gives two changes one id, or
gives what JSON cannot hold. Failures are made small and printed.
"""

import argparse
import collections
import copy
import json
import math
import random
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from apidiff import compare
from apidiff.load import load
from apidiff.words.errors import ApidiffError
from tests.fuzz import bombs, mutate

LIMIT_SECONDS = 10
SHRINK_SECONDS = 60
BOMBS = 0.1
"""The share of cases that are bombs."""


SECONDS: list[float] = []
"""The CPU seconds of each case."""


class _TooSlowError(Exception):
    """A case ran into its limit."""


class _BrokenLawError(Exception):
    """A comparison that contradicts itself."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that failed: what it raised, where, and the two specs."""

    signature: str
    trace: str
    trees: tuple[Any, Any]


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Ends what takes more CPU seconds, also in an endless loop."""

    def end(signum: int, frame: FrameType | None) -> None:
        raise _TooSlowError(f"not done within {seconds:g} s")

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(base: Any, revision: Any) -> str:
    """What a comparison came to: `compared`, or the code of its error. Raises what must never be raised."""
    try:
        comparison = compare(copy.deepcopy(base), copy.deepcopy(revision))
    except ApidiffError as problem:
        str(problem)
        return problem.code
    json.dumps(comparison.to_dict(), allow_nan=False)
    if own := compare(copy.deepcopy(revision), copy.deepcopy(revision)).changes:
        raise _BrokenLawError(f"a spec against itself: {[(one.rule, one.base) for one in own[:4]]}")
    ids = collections.Counter(change.id for change in comparison.changes)
    doubles = [change for change in comparison.changes if ids[change.id] > 1]
    if doubles:
        raise _BrokenLawError(
            f"one id for several changes: {[(one.rule, one.base, one.revision) for one in doubles[:4]]}"
        )
    return "compared"


def attempt(trees: tuple[Any, Any]) -> str | Failure:
    """The outcome of one case."""
    try:
        with limited(LIMIT_SECONDS):
            return check(*trees)
    except Exception as problem:  # noqa: BLE001 - that is what is looked for
        trace = "".join(traceback.format_exception(problem)[-12:])
        return Failure(_signature(problem), trace, trees)


def _signature(problem: Exception) -> str:
    """What a failure is told from others by: its type, and the last line of apidiff that it passed."""
    if isinstance(problem, _BrokenLawError):
        return str(problem).partition(":")[0]
    if isinstance(problem, (_TooSlowError, RecursionError)):
        return f"{type(problem).__name__}: {problem}"
    own = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/apidiff/" in frame.filename]
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "here"
    return f"{type(problem).__name__} at {where}"


def case(specs: list[Any], rng: random.Random) -> tuple[Any, Any]:
    """Two specs to compare, one or both of them broken."""
    if rng.random() < BOMBS:
        _, trees = bombs.any_pair(rng, most=40)
        for tree in trees:
            for _ in range(rng.choice((0, 0, 1, 2))):
                mutate.mutate(tree, rng)
        return trees
    spec = rng.choice(specs)
    base = mutate.piece(spec, rng) if rng.random() < 0.95 else copy.deepcopy(spec)
    if rng.random() < 0.3:
        for _ in range(rng.randint(1, 4)):
            mutate.mutate(base, rng)
    revision = copy.deepcopy(base)
    if rng.random() < 0.9:
        for _ in range(rng.choice((1, 1, 2, 3, 5, 10))):
            mutate.mutate(revision, rng)
    return (revision, base) if rng.random() < 0.3 else (base, revision)


def smaller(failure: Failure) -> Failure:
    """The same failure of a spec as small as can be found in a minute."""
    until = time.monotonic() + SHRINK_SECONDS

    def fails(trees: tuple[Any, Any]) -> bool:
        if time.monotonic() > until:
            return False
        found = attempt(trees)
        return isinstance(found, Failure) and found.signature == failure.signature

    trees = mutate.shrink(failure.trees, fails)
    found = attempt(trees)
    return found if isinstance(found, Failure) else failure


def run(
    specs: list[Any], *, seed: int, seconds: float = math.inf, cases: float = math.inf
) -> tuple[collections.Counter[str], dict[str, Failure]]:
    """Outcomes by name, and the first failure of each kind; the same cases for the same seed."""
    rng = random.Random(seed)
    outcomes: collections.Counter[str] = collections.Counter()
    failures: dict[str, Failure] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until and outcomes.total() < cases:
        trees = case(specs, rng)
        started = time.process_time()
        outcome = attempt(trees)
        SECONDS.append(time.process_time() - started)
        if isinstance(outcome, Failure):
            failures.setdefault(outcome.signature, outcome)
            outcome = outcome.signature
        outcomes[outcome] += 1
    return outcomes, failures


def main() -> int:
    """Fuzzes the specs that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("specs", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    specs = [load(str(path)).root for path in options.specs]
    outcomes, failures = run(specs, seconds=options.seconds, seed=options.seed)
    for outcome, count in outcomes.most_common():
        print(f"{count:8,}  {outcome}")
    print(f"{outcomes.total():8,}  cases, {len(failures)} kinds of failure")
    print(
        f"slowest {max(SECONDS):.2f} s of CPU, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    )
    for failure in failures.values():
        found = smaller(failure)
        print(f"\n=== {found.signature}\n{found.trace}")
        for name, tree in zip(("base", "revision"), found.trees, strict=True):
            print(f"{name}: {json.dumps(tree)[:2000]}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
