"""Counts the cases that the laws were tried on, and prints the counts at the end of the run."""

from collections import Counter

import pytest

CASES: Counter[str] = Counter()


@pytest.fixture
def cases() -> Counter[str]:
    """How many cases of each kind there were."""
    return CASES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each law."""
    for name, count in sorted(CASES.items()):
        terminalreporter.write_line(f"law: {count:>7,} {name}")
