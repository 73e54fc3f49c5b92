"""Reads broken logs for a while, and fails on anything but figures or an error for users.

    python -m tests.fuzz.fuzz_usage --seconds 60 --seed 1 fixtures/logs/*

Each case takes a log, breaks its bytes, lines or fields, packs it now and then, and reads it. A case fails when
reading raises anything but ApidiffError, takes more than ten seconds of CPU, loses a row, or says a key of the log.
Failures are made small and printed.
"""

import argparse
import collections
import json
import math
import random
import resource
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Coverage
from apidiff.usage.options import Options
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of
from apidiff.words.changes import OperationEntry
from apidiff.words.errors import ApidiffError
from tests.fuzz import break_log

LIMIT_SECONDS = 10
SHRINK_SECONDS = 30
SECRET = "sk_live_51H8xQ2eZvKYlo2C"
"""What stands in the place of every key of the logs: no message may say it."""
_CALLS = ("GET /v1/charges", "POST /v1/charges", "GET /v1/charges/{id}", "GET /v1/{kind}.json", "GET /shell")
OPERATIONS = tuple(
    OperationEntry(id=call, method=call.split()[0], path=call.split()[1], operation_id=None, present="both")
    for call in _CALLS
)
ROUTES = routes_of(OPERATIONS)
MAPPED = {
    "aws-alb.log": {"api_key": "trace"},
    "aws-elb.log": {"api_key": "user_agent"},
    "envoy-text.log": {"api_key": "x_request_id"},
    "istio-text.log": {"api_key": "x_request_id"},
    "gin.log": {"api_key": "address"},
    "go-chi.log": {"api_key": "address"},
    "heroku-router.log": {"api_key": "request_id"},
}
"""The logs that name no caller, and what is taken for one."""


class _BrokenLawError(Exception):
    """Figures that contradict themselves, or a message that says too much."""


@dataclass(frozen=True, slots=True)
class Case:
    """A broken log: its bytes, and the name that it is read under."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that failed: what it raised, where, and the log."""

    signature: str
    trace: str
    case: Case


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found: outcomes by name, the first failure of each kind, the slowest case and its seconds of CPU."""

    outcomes: collections.Counter[str]
    failures: dict[str, Failure]
    slowest: tuple[float, str]


def _options(name: str) -> Options:
    return Options(columns=next((columns for log, columns in MAPPED.items() if log in name), {}))


def read(path: str) -> Coverage:
    """The coverage of one log, with everything that is made on the way there."""
    usage = measure([path], OPERATIONS, options=_options(path))
    json.dumps(usage_report(usage, Integrators({}, {}), OPERATIONS))
    return usage.coverage


def check(case: Case) -> str:
    """What came of one case. Raises what it raises, and `_BrokenLawError`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / case.name
        path.write_bytes(case.content)
        start = time.process_time()
        try:
            coverage = read(str(path))
        except ApidiffError as problem:
            said, outcome = str(problem), f"refused: {problem.code}"
        else:
            outcome = "read"
            said = repr((coverage.warnings, coverage.malformed_samples, coverage.unmatched_shapes))
            if coverage.rows != coverage.matched + coverage.unmatched + coverage.malformed:
                raise _BrokenLawError(f"rows are lost: {coverage}")
        if time.process_time() - start > LIMIT_SECONDS:
            raise _BrokenLawError(f"too slow: {time.process_time() - start:.0f} s")
    if SECRET[8:] in said:
        raise _BrokenLawError(f"a key is said: {said}")
    return outcome


def attempt(case: Case) -> str | Failure:
    """The outcome of one case."""
    try:
        return check(case)
    except Exception as problem:  # noqa: BLE001 - that is what is looked for
        return Failure(_signature(problem), "".join(traceback.format_exception(problem)[-12:]), case)


def _signature(problem: Exception) -> str:
    """What a failure is told from others by: its type, and the last line of apidiff that it passed."""
    if isinstance(problem, _BrokenLawError):
        return str(problem).partition(":")[0]
    own = [frame for frame in traceback.extract_tb(problem.__traceback__) if "/apidiff/" in frame.filename]
    where = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "here"
    return f"{type(problem).__name__} at {where}"


def whole_log(path: Path) -> tuple[str, bytes]:
    """The name and the bytes of a log, every key in it a secret one."""
    log, content = Log([str(path)], _options(path.name)), path.read_bytes()
    try:
        with log.opened(ROUTES) as connection:
            keys = {row[0] for row in connection.execute("SELECT DISTINCT key FROM events").fetchall() if row[0]}
    except ApidiffError:
        return path.name, content  # a format that lacks what nobody can map, and says so
    for key in sorted(keys, key=len, reverse=True):
        content = content.replace(key.encode(), SECRET.encode())
    return path.name, content


def smaller(failure: Failure) -> Failure:
    """The same failure of a log as small as can be found in half a minute."""
    until = time.monotonic() + SHRINK_SECONDS

    def fails(content: bytes) -> bool:
        if time.monotonic() > until:
            return False
        found = attempt(Case(failure.case.name, content))
        return isinstance(found, Failure) and found.signature == failure.signature

    content = break_log.shrink(failure.case.content, fails)
    found = attempt(Case(failure.case.name, content))
    return found if isinstance(found, Failure) else failure


def run(paths: list[Path], *, seed: int, seconds: float = math.inf, cases: float = math.inf) -> Found:
    """Outcomes by name, and the first failure of each kind; the same cases for the same seed."""
    rng = random.Random(seed)
    logs = [whole_log(path) for path in paths]
    outcomes: collections.Counter[str] = collections.Counter()
    failures: dict[str, Failure] = {}
    slowest = (0.0, "")
    until = time.monotonic() + seconds
    while time.monotonic() < until and outcomes.total() < cases:
        case = Case(*break_log.broken(*rng.choice(logs), rng))
        start = time.process_time()
        outcome = attempt(case)
        slowest = max(slowest, (time.process_time() - start, case.name))
        if isinstance(outcome, Failure):
            failures.setdefault(outcome.signature, outcome)
            outcome = outcome.signature
        outcomes[outcome] += 1
    return Found(outcomes, failures, slowest)


def main() -> int:
    """Fuzzes the logs that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("logs", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = run(options.logs, seed=options.seed, seconds=options.seconds)
    for outcome, count in found.outcomes.most_common():
        print(f"{count:8,}  {outcome}")
    print(f"{found.outcomes.total():8,}  cases, {len(found.failures)} kinds of failure")
    print(f"slowest {found.slowest[0]:.2f} s of CPU ({found.slowest[1]})")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    for failure in found.failures.values():
        small = smaller(failure)
        print(f"\n=== {small.signature} ({small.case.name})\n{small.trace}\n{small.case.content[:2000]!r}")
    return 1 if found.failures else 0


if __name__ == "__main__":
    sys.exit(main())
