"""`plan` and `track` ended by signals at any place: the folder is the old one or the new one, and nobody's notes go.

    APIDIFF_KILLS=100 python -m pytest tests/cli/test_killed.py

tries every rename and signal, and as many moments picked at random as are named.
"""

import contextlib
import csv
import io
import json
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from apidiff.cli import main
from apidiff.cli.output import write_result
from tests.cli import scenario
from tests.folder.killing import RENAMES, SIGNALS, alone, copied, ends

KILLS = int(os.environ.get("APIDIFF_KILLS", "0"))
STEP = 1 if KILLS else 15
TRIED = SIGNALS if KILLS else SIGNALS[-1:]
NOTE = "call back on Monday; asked for a sandbox"

pytestmark = [
    pytest.mark.timeout(300 + 20 * KILLS),
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the tests end copies of themselves"),
]


def quietly(*arguments: object) -> int:
    """One command, without what it prints."""
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
        return main([str(argument) for argument in arguments])


def a_plan(base: Path) -> dict[str, Path]:
    """The scenario, its plan with a note in the list, and the logs of later days."""
    files = scenario.write(base)
    files["plan"], files["case"] = base / "source" / "plan", base / "case" / "plan"
    assert quietly(*scenario.plan_arguments(files, files["plan"])) == 0
    path = files["plan"] / "outreach.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    rows[1][-1] = NOTE
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    (files["plan"] / "mine.txt").write_text("mine")
    return files


def replanned(files: dict[str, Path]) -> list[object]:
    """The command line of a plan of another day into the folder, which differs in nearly every file."""
    return [*scenario.plan_arguments(files, files["case"])[:-1], "2026-03-10"]


def check(folder: Path, states: list[dict[str, bytes | None]]) -> int:
    """Which of the states the folder is in, after the next command has read it."""
    assert quietly("gate", folder.parents[1] / "base.yaml", folder.parents[1] / "revision.yaml", "--plan", folder) == 1
    now = scenario.snapshot(folder)
    assert not list(folder.parent.rglob(".apidiff-*"))
    assert now in states, sorted(name for name in now | states[0] if now.get(name) != states[0].get(name))
    assert NOTE.encode() in (now["outreach.csv"] or b"")
    assert now["mine.txt"] == b"mine"
    return states.index(now)


def sweep(base: str, number: str) -> None:
    """Ends `plan`, then `track`, before each of their renames."""
    files = a_plan(Path(base))
    old = scenario.snapshot(files["plan"])
    for command in (replanned(files), ["track", files["case"], "--usage", files["usage"], "--today", "2026-03-10"]):
        copied(files["plan"], files["case"])
        quietly(*command)
        states = [old, scenario.snapshot(files["case"])]
        counts = [0, 0]

        def work(command: list[object] = command) -> int:
            return quietly(*command)

        for _ in ends(
            work,
            number=signal.Signals(int(number)),
            before=lambda: copied(files["plan"], files["case"]),
            events=RENAMES,
            step=STEP if command[0] == "plan" else 1,
        ):
            counts[check(files["case"], states)] += 1
        print(command[0], counts)
        assert sum(counts) > 1


@pytest.mark.parametrize("number", TRIED, ids=lambda number: number.name)
def test_plan_and_track_ended_before_a_rename(tmp_path: Path, number: signal.Signals) -> None:
    print(alone(sweep, tmp_path, int(number)))


def sweep_cache(base: str, number: str) -> None:
    """Ends `usage` before each rename in its cache; what is read from there is what the logs hold."""
    files, cache = scenario.write(Path(base)), Path(base, "cache")

    def ask(output: Path) -> int:
        return quietly(
            "usage", files["usage"], "--spec", files["base"], "--cache", cache, "--format", "json", "--output", output
        )

    report, first = Path(base, "report.json"), Path(base, "first.json")
    ask(first)
    for _ in ends(
        lambda: ask(report), number=signal.Signals(int(number)), events=RENAMES,
        before=lambda: shutil.rmtree(cache, ignore_errors=True),
    ):  # fmt: skip
        for _ in range(2):
            assert ask(report) == 0
            assert report.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("number", TRIED, ids=lambda number: number.name)
def test_a_cache_ended_before_a_rename(tmp_path: Path, number: signal.Signals) -> None:
    print(alone(sweep_cache, tmp_path, int(number)))


def sweep_file(base: str, number: str) -> None:
    """Ends the writing of one file, such as apidiff.yaml by `decide`, before each thing that it does to the disk."""
    path = Path(base, "apidiff.yaml")

    def before() -> None:
        path.write_text("old")
        path.chmod(0o600)

    found = []
    for _ in ends(lambda: write_result("new", path), number=signal.Signals(int(number)), before=before):
        found.append(path.read_text())
        assert path.stat().st_mode & 0o777 == 0o600
    print(found)
    assert {*found} == {"old", "new"}
    assert found[-1] == "new"


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_one_file_ended_at_any_place(tmp_path: Path, number: signal.Signals) -> None:
    print(alone(sweep_file, tmp_path, int(number)))


def sweep_at_random(base: str, count: str) -> None:
    """Ends copies of this process, which have everything loaded, at moments picked at random while they plan."""
    files = a_plan(Path(base))
    copied(files["plan"], files["case"])
    old = scenario.snapshot(files["plan"])
    quietly(*replanned(files))
    states = [old, scenario.snapshot(files["case"])]
    copied(files["plan"], files["case"])
    start = time.monotonic()
    forked(lambda: quietly(*replanned(files)), delay=None)
    whole = time.monotonic() - start
    rng, counts = random.Random(5), [0, 0]
    for _ in range(int(count)):
        copied(files["plan"], files["case"])
        # most of the time is spent before the folder is written: that is where it can lose something
        forked(lambda: quietly(*replanned(files)), delay=whole * rng.uniform(0.3, 1.1))
        counts[check(files["case"], states)] += 1
    print(json.dumps(counts))


def forked(work: Callable[[], object], *, delay: float | None) -> None:
    """Do something in a copy of this process, to its end or to that of a time."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    if delay is not None:
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_kills_at_random(tmp_path: Path) -> None:
    print(alone(sweep_at_random, tmp_path, KILLS or 2))
