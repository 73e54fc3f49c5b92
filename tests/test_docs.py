"""The generated page of the commands says what the program says (that of the rules has its test beside them).

`APIDIFF_REWRITE=1 pytest tests/test_docs.py` writes them anew; review them as a git diff.
"""

import os

import pytest

from apidiff.cli.app import COMMANDS
from tests.conftest import ROOT, Run


def commands_page(run: Run) -> str:
    """The help of every command, in the order of `apidiff --help`."""
    parts = ["# The commands\n", fenced(run("--help").out)]
    for name in sorted(COMMANDS):
        parts += [f"## apidiff {name}\n", fenced(run(name, "--help").out)]
    return "\n".join(parts)


def fenced(text: str) -> str:
    """A help text as a code block."""
    return f"```text\n{text}```\n"


def test_the_page_is_fresh(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    file = ROOT / "apidiff" / "cli" / "COMMANDS.md"
    made = commands_page(run)
    if os.environ.get("APIDIFF_REWRITE") == "1":
        file.write_text(made, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made
