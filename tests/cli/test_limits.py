"""Closed and full streams, names without end, full disks, little memory: an exit code and a sentence, never a bug."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import ROOT, Ran, Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix" or not Path("/dev/full").exists(), reason="streams of a POSIX system"),
]
Near = Callable[[str], Ran]
LONG = "x" * 10_000
LEAST = 350
"""MB in which the libraries of a plan can be loaded at all; below, which of them fails first is chance."""
DIFF = "apidiff diff base.yaml revision.yaml"
PLAN = "apidiff plan base.yaml revision.yaml --usage usage.jsonl --integrators integrators.csv --today 2026-03-09"
GATE = "apidiff gate base.yaml revision.yaml --plan plan --today 2026-03-10"
TRACK = "apidiff track plan --usage usage.jsonl --today 2026-03-10"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """The scenario's folder, with a command `apidiff` in it."""
    scenario.write(tmp_path)
    (tmp_path / "apidiff").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m apidiff "$@"\n')
    (tmp_path / "apidiff").chmod(0o755)
    return tmp_path


def shell(place: Path, line: str, **environment: str) -> Ran:
    """A line of bash; the exit code is that of the last apidiff in it."""
    path = f"{place}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line], cwd=place, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": path} | environment,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert "internal-error" not in done.stderr, line
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def near(place: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Near:
    """A command line of words, run in this process in the scenario's folder."""
    monkeypatch.chdir(place)

    def near(line: str) -> Ran:
        ran = run(*line.split()[1:])
        assert "internal-error" not in ran.err
        return ran

    return near


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"{DIFF} >&-", 3, "standard output: cannot be written: bad file descriptor [output-unwritable]"),
        (f"{DIFF} >/dev/full", 3, "standard output: cannot be written: no space left on device [output-unwritable]"),
        (f"{DIFF} --format json >/dev/full", 3, "standard output: cannot be written: no space left on device"),
        ("apidiff --help >/dev/full", 3, "standard output: cannot be written: no space left on device"),
        ("apidiff --version >&-", 3, "standard output: cannot be written: bad file descriptor"),
        (f"{DIFF} --output /dev/full", 3, "/dev/full: cannot be written: No space left on device [output-unwritable]"),
        (f"{DIFF} --output report.txt >&-", 0, ""),
        (f"{DIFF} --output report.txt 2>&- >&- <&-", 0, ""),
        (f"{DIFF} 2>&- >report.txt", 0, ""),
        (f"{DIFF} <&- >report.txt", 0, ""),
        ("apidiff diff base.yaml nowhere.yaml 2>/dev/full", 3, ""),
        ("apidiff diff base.yaml nowhere.yaml 2>&-", 3, ""),
        ("apidiff diff - base.yaml <&-", 3, "["),
        ("apidiff rules --format json 2>&- | head -c 10 >/dev/null; exit ${PIPESTATUS[0]}", 141, ""),
        ("apidiff rules --format json 2>&1 | head -c 10 >/dev/null; exit ${PIPESTATUS[0]}", 141, ""),
        ("(sleep 0.5; apidiff --help; echo $? >code) | true; wait; sleep 0.1; exit $(cat code)", 141, ""),
    ],
)
def test_a_stream_that_cannot_be_written_to(place: Path, line: str, code: int, said: str) -> None:
    ran = shell(place, line)
    assert ran.code == code, ran
    assert said in ran.err
    assert bool(said) == bool(ran.err)


def test_a_plan_is_whole_whatever_hears_of_it(place: Path) -> None:
    assert shell(place, f"{PLAN} --out plan 2>/dev/full >/dev/null").code == 0
    whole = scenario.snapshot(place / "plan")
    for number, (redirect, code) in enumerate(((">/dev/full", 3), (">&- 2>&-", 3)), start=1):
        ran = shell(place, f"{PLAN} --out plan{number} {redirect}")
        assert (ran.code, ("[output-unwritable]" in ran.err)) == (code, number == 1)
        assert scenario.snapshot(place / f"plan{number}") == whole


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"apidiff diff {LONG} base.yaml", 3),
        (f"apidiff diff base.yaml {LONG}", 3),
        (f"apidiff diff HEAD:{LONG} base.yaml", 3),
        (f"{DIFF} --output {LONG}", 3),
        (f"{DIFF} --config {LONG}", 3),
        (f"{DIFF} --format {LONG}", 2),
        (f"{DIFF} --fail-on {LONG}", 2),
        (f"{DIFF} --{LONG}", 2),
        (f"{DIFF} --only {LONG}", 2),
        (f"apidiff {LONG}", 2),
        (f"apidiff explain {LONG}", 2),
        (f"apidiff usage {LONG} --spec base.yaml", 3),
        (f"apidiff usage usage.jsonl --spec {LONG}", 3),
        (f"apidiff track {LONG} --usage usage.jsonl", 3),
        (f"apidiff gate base.yaml revision.yaml --plan {LONG}", 3),
        (f"{PLAN} --out {LONG}", 3),
        (f"{PLAN} --out plan --integrators {LONG}", 3),
        (f"{PLAN} --out plan --usage {LONG}", 3),
        (f"{PLAN} --out plan --policy {LONG}", 2),
        (f"{PLAN} --out plan --template-dir {LONG}", 3),
        (f"{PLAN} --out plan --cache {LONG}", 0),
        (f"{PLAN} --out plan --today {LONG}", 2),
        (f"apidiff demo {LONG}", 3),
    ],
    ids=lambda value: str(value).replace(LONG, "LONG"),
)
def test_an_argument_of_10000_characters(place: Path, line: str, code: int, near: Near) -> None:
    ran = near(line)
    assert ran.code == code, ran.err[-300:]
    assert code in (0, 1) or ran.err.strip()
    if code == 3:
        assert len(ran.err) < 2_000


@pytest.mark.parametrize("bad", ["/dev/null/x", "base.yaml", "/proc/nowhere"])
def test_without_a_cache_that_can_be_used_the_run_goes_on(
    place: Path, bad: str, near: Near, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = near(f"{PLAN} --out plan --no-cache")
    ran = near(f"{PLAN} --out other --cache {bad}")
    assert ran.code == 0
    assert ran.err.startswith(f"warning: {bad}: the cache can't be used, and nothing is kept: ")
    assert ran.err.partition("\n")[2] == whole.err
    assert scenario.snapshot(place / "other") == scenario.snapshot(place / "plan")
    monkeypatch.setenv("XDG_CACHE_HOME", bad)
    ran = near(f"{PLAN} --out third")
    assert (ran.code, ran.err) == (0, whole.err)


def test_a_salt_of_odd_length_in_the_cache_is_nobodys(place: Path, near: Near) -> None:
    first = near(f"{PLAN} --out plan --cache cache")
    for length in (0, 65):
        for folder in [place / "cache", *(place / "cache").iterdir()]:
            if folder.is_dir():
                (folder / "salt").write_bytes(b"s" * length)
        assert near(f"{PLAN} --out other --cache cache").err == first.err
        assert scenario.snapshot(place / "other") == scenario.snapshot(place / "plan")


def test_the_salt_of_a_plan_is_as_it_was_written_or_refused(place: Path, near: Near) -> None:
    assert near(f"{PLAN} --out plan").code == 0
    salt = (place / "plan" / ".salt").read_bytes()
    for wrong in (b"", salt * 3):
        (place / "plan" / ".salt").write_bytes(wrong)
        before = scenario.snapshot(place / "plan")
        for line in (TRACK, f"{PLAN} --out plan"):
            ran = near(line)
            assert (ran.code, "plan/.salt: " in ran.err, "[usage-salt-damaged]" in ran.err) == (3, True, True)
        assert scenario.snapshot(place / "plan") == before
    (place / "plan" / ".salt").unlink()
    (place / "plan" / ".salt").mkdir()
    assert near(TRACK).code == 3


@pytest.mark.parametrize("kilobytes", [8])
def test_a_full_disk_leaves_what_was_there(place: Path, kilobytes: int) -> None:
    """A bound on the size of files is to a program what a full disk is: writing fails half way."""
    assert shell(place, f"{PLAN} --out plan").code == 0
    before = scenario.snapshot(place / "plan")
    bound = f"ulimit -f {kilobytes};"
    ran = shell(place, f"{bound} {PLAN} --out plan --today 2026-03-10")
    assert ran.code == 3, ran
    assert "[output-unwritable]" in ran.err or "[system-refused]" in ran.err or "[usage-" in ran.err, ran.err
    assert scenario.snapshot(place / "plan") == before
    ran = shell(place, f"{bound} {DIFF} --format html --output report.html")
    assert ran.code == 3
    assert "[output-unwritable]" in ran.err
    assert not list(place.glob("*report*"))
    ran = shell(place, f"{bound} apidiff usage usage.jsonl --spec base.yaml --cache cache --format json")
    assert (ran.code, "[" in ran.err) in ((0, False), (3, True)), ran


def test_a_folder_for_passing_files_that_is_not_there(place: Path) -> None:
    assert shell(place, f"{PLAN} --out plan", TMPDIR="/nowhere").code == 0
    assert scenario.snapshot(place / "plan")


@pytest.mark.parametrize("megabytes", [int(size) for size in os.environ.get("APIDIFF_LIMITS", "180 800").split()])
def test_little_memory(place: Path, megabytes: int) -> None:
    assert shell(place, f"{PLAN} --out plan").code == 0
    before = scenario.snapshot(place / "plan")
    codes = {}
    lines = [DIFF, "apidiff usage usage.jsonl --spec base.yaml"]
    if megabytes >= LEAST:
        lines += [GATE, f"{PLAN} --out plan", TRACK]
    for line in lines:
        ran = shell(place, f"ulimit -v {megabytes * 1024}; {line}")
        codes[line.split()[1]] = ran.code
        assert ran.code in (0, 1, 3), (line, ran)
        after = scenario.snapshot(place / "plan")
        if ran.code == 3:
            assert "[memory-short]" in ran.err or "[usage-too-large]" in ran.err, ran.err
            assert after == before
        before = after
    print(json.dumps(codes))
