"""What surrounds every command: streams, exit codes, help, start-up, and what a bug looks like."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import apidiff
from apidiff.cli.app import COMMANDS, app, register
from tests.cli import scenario
from tests.conftest import ROOT, Run
from tests.pace import compiled, cpu_of, least

BOOM = """
import sys
from apidiff.cli.app import app
from apidiff.cli.run import main

@app.command()
def boom() -> None:
    raise {error}

sys.exit(main(["boom"]))
"""


def boom(error: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the test's own that fails in a way that no command should."""
    return subprocess.run(
        [sys.executable, "-c", BOOM.format(error=error)],
        capture_output=True, text=True, check=False, env=os.environ | environment,
    )  # fmt: skip


def test_each_command_registers_itself_in_its_module() -> None:
    register()
    homes = {
        command.name or command.callback.__name__: command.callback.__module__
        for command in app.registered_commands
        if command.callback
    }
    assert homes == {name: f"apidiff.cli.{module}" for name, module in COMMANDS.items()}


@pytest.mark.slow
def test_a_bug_says_so_without_the_values_that_caused_it() -> None:
    done = boom('KeyError("sk_live_4f1c88aa02d7")')
    assert (done.returncode, done.stdout) == (3, "")
    assert "this is a bug in apidiff, not in your input: KeyError [internal-error]" in done.stderr
    assert "APIDIFF_TRACEBACK=1" in done.stderr
    assert "Traceback" not in done.stderr
    assert "sk_live" not in done.stderr


@pytest.mark.slow
def test_a_bug_shows_its_traceback_when_asked() -> None:
    done = boom('KeyError("order")', APIDIFF_TRACEBACK="1")
    assert done.returncode == 3
    assert "Traceback (most recent call last)" in done.stderr


@pytest.mark.slow
def test_an_interrupt_is_130() -> None:
    done = boom("KeyboardInterrupt")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="pipes break in the POSIX way")
def test_a_reader_that_leaves_early_is_no_error() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "apidiff", "rules", "--format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 141


@pytest.mark.slow
def test_output_is_written_whole_or_not_at_all(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "rules.json"
    printed = run("rules", "--format", "json")
    assert run("rules", "--format", "json", "--output", file) == type(printed)(0, "", "")
    assert file.read_text() == printed.out
    assert list(tmp_path.iterdir()) == [file]

    failed = run("rules", "--output", tmp_path / "missing" / "rules.txt")
    assert (failed.code, failed.out) == (3, "")
    assert "[output-unwritable]" in failed.err
    assert list(tmp_path.iterdir()) == [file]


def test_help_leads_with_examples_and_needs_no_heavy_library(run: Run) -> None:
    shown = run("diff", "--help")
    assert shown.code == 0
    assert shown.out.index("apidiff diff old.yaml new.yaml\n") < shown.out.index("Options:")

    imported = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "apidiff", "--help"], capture_output=True, text=True, check=True
    )
    names = {line.rpartition("|")[2].strip().partition(".")[0] for line in imported.stderr.splitlines()}
    assert names & {"rich", "pandas", "numpy", "duckdb", "ibis", "deepdiff", "jinja2", "yaml", "pydantic"} == set()


def test_the_version(run: Run) -> None:
    assert run("--version").out == f"apidiff {apidiff.__version__}\n"


@pytest.mark.bench
@pytest.mark.parametrize("arguments", [("--help",), ("diff", "base.yaml", "revision.yaml")], ids=["help", "diff"])
def test_it_starts_at_once(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """With compiled modules, as an installation has them."""
    scenario.write(tmp_path)
    environment = compiled(tmp_path / "compiled") | {"PYTHONPATH": str(ROOT)}

    def start() -> float:
        return min(
            cpu_of(sys.executable, "-m", "apidiff", *arguments, cwd=tmp_path, environment=environment) for _ in range(3)
        )

    start()
    taken = least(start, bound=0.2)
    print(f"apidiff {' '.join(arguments)}: {taken:.3f} s CPU")
    assert taken < 0.2
