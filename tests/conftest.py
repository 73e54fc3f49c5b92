"""What the tests of every room share: the real specs beside the repository, the command line, the laws' case counts."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fixtures.simulator.year import Month, Year

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
DEMO = ROOT / "fixtures" / "demo"


@dataclass(frozen=True)
class Ran:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's cache is left alone: every run of the tests has one of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real specs and of the log generator, or a visible skip."""
    if not (SHARED / "specs").is_dir():
        pytest.skip("needs the real specs of ../shared")
    return SHARED


@pytest.fixture(scope="session")
def year() -> "Year":
    """The rows of the simulated year, by month; its tests are one group, so that it is made once."""
    from fixtures.simulator.year import make_year

    return make_year()


@pytest.fixture(scope="session")
def states(year: "Year") -> "list[Month]":
    """What each integrator does in each month of the simulated year."""
    from fixtures.simulator.cast import make_cast
    from fixtures.simulator.demo import make_rows
    from fixtures.simulator.year import find_states, find_users

    return find_states(year, find_users(make_rows(make_cast())))


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """The command line, run in this process."""
    from apidiff.cli import main

    def run(*arguments: object) -> Ran:
        capsysbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return Ran(code, captured.out.decode(), captured.err.decode())

    return run


@pytest.fixture
def run_process() -> Run:
    """The command line, run as a process of its own."""

    def run_process(*arguments: object) -> Ran:
        command = [sys.executable, "-m", "apidiff", *map(str, arguments)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_process


CASES: Counter[str] = Counter()
"""What the laws were tried on, by kind; a kind with a colon in it only says more of cases counted elsewhere."""
HANDED = "law_cases"


@pytest.fixture
def cases() -> Counter[str]:
    """How many cases of each kind a law was tried on: printed at the end of the run, with their sum."""
    return CASES


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist hands its counts to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[HANDED] = dict(CASES)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Counts of a worker that is done; one that crashed has none."""
    CASES.update(getattr(node, "workeroutput", {}).get(HANDED, {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each kind of case, and the sum."""
    for name, count in sorted(CASES.items()):
        terminalreporter.write_line(f"law: {count:>7,} {name}")
    if CASES:
        total = sum(count for name, count in CASES.items() if ": " not in name)
        terminalreporter.write_line(f"laws: {total:,} cases in all")
