"""The generated pages of docs/ say what the program says.

`APIDIFF_REWRITE=1 pytest tests/test_docs.py` writes them anew; review them as a git diff.
"""

import os
from collections.abc import Callable

import pytest

from apidiff.cli.app import app
from apidiff.cli.run import main  # noqa: F401 - registers the commands
from tests.conftest import ROOT, Run


def rules_page(run: Run) -> str:
    """The rule catalogue."""
    return run("rules", "--format", "markdown").out


def commands_page(run: Run) -> str:
    """The help of every command, in the order of `apidiff --help`."""
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    parts = ["# The commands\n", fenced(run("--help").out)]
    for name in sorted(names):
        parts += [f"## apidiff {name}\n", fenced(run(name, "--help").out)]
    return "\n".join(parts)


def fenced(text: str) -> str:
    """A help text as a code block."""
    return f"```text\n{text}```\n"


@pytest.mark.parametrize(("name", "page"), [("rules.md", rules_page), ("commands.md", commands_page)])
def test_a_page_is_fresh(name: str, page: Callable[[Run], str], run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    file = ROOT / "docs" / name
    made = page(run)
    if os.environ.get("APIDIFF_REWRITE") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(made, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == made
