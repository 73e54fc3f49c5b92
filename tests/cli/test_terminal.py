"""What a terminal gets: a progress bar on standard error, colour where it is wanted, and neither in a pipe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

pty = pytest.importorskip("pty", reason="terminals are made in the POSIX way")


def on_a_terminal(*arguments: object, **environment: str) -> tuple[int, str]:
    """Run the command line with a terminal for its streams; its exit code and what the terminal showed."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "apidiff", *map(str, arguments)],
        stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "COLUMNS": "100"} | environment,
    )  # fmt: skip
    os.close(slave)
    shown = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:  # the other end has closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(master)
    return process.wait(), shown.decode()


def test_a_bar_while_the_job_runs(tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    code, shown = on_a_terminal(*scenario.plan_arguments(files, tmp_path / "plan"))
    assert code == 0, shown
    assert "reading the logs" in shown
    assert "\x1b[2K" in shown, "the bar is taken away"
    assert "What breaks" in shown


def test_colour_on_a_terminal_unless_it_is_not_wanted(tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    arguments = ("diff", files["base"], files["revision"])
    _, painted = on_a_terminal(*arguments)
    _, plain = on_a_terminal(*arguments, NO_COLOR="1")
    assert "\x1b[" in painted
    assert "\x1b[" not in plain


def test_a_pipe_gets_neither(tmp_path: Path) -> None:
    files = scenario.write(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "apidiff", *map(str, scenario.plan_arguments(files, tmp_path / "plan"))],
        capture_output=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert b"\x1b[" not in done.stdout + done.stderr
    assert b"reading" not in done.stderr
