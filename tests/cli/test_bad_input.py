"""Every wrong input gives a message that says what, where and what to do, the right exit code, and no output at all."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

Spoil = Callable[[dict[str, Path]], None]


def overwrite(role: str, text: str) -> Spoil:
    def spoil(files: dict[str, Path]) -> None:
        files[role].write_text(text, encoding="utf-8")

    return spoil


def remove(role: str) -> Spoil:
    return lambda files: files[role].unlink()


def without_key(files: dict[str, Path]) -> None:
    rows = [{name: value for name, value in row.items() if name != "api_key"} for row in scenario.ROWS]
    files["usage"].write_text(scenario.as_jsonl(rows), encoding="utf-8")


def dangling(files: dict[str, Path]) -> None:
    spec = json.loads(json.dumps(scenario.BASE))
    spec["components"]["schemas"]["Pet"]["properties"]["owner"] = {"$ref": "components/schemas/Pet"}
    files["base"].write_text(json.dumps(spec), encoding="utf-8")


BROKEN_YAML = "openapi: 3.0.3\ninfo: [\n  title: x\n"
PACKAGE = '{"name": "left-pad", "version": "1.0.0"}'
LOREM = "lorem ipsum\ndolor sit amet\n"
SAME_KEY_TWICE = scenario.INTEGRATORS.splitlines()[1].replace("acme", "initech") + "\n"

SPECS = {
    "missing file": (remove("base"), "spec-not-found", "base.yaml"),
    "YAML that does not parse": (
        overwrite("base", BROKEN_YAML),
        "yaml-invalid",
        "base.yaml:4",
    ),
    "JSON that is no spec": (
        overwrite("base", PACKAGE),
        "spec-not-recognised",
        "base.yaml",
    ),
    "an empty file": (overwrite("base", ""), "spec-empty", "base.yaml"),
    "a $ref that lacks its hash": (dangling, "reference-not-found", "#/components/schemas/Pet/properties/owner"),
}
OTHERS = {
    "missing log": (remove("usage"), "usage-not-found", "usage.jsonl"),
    "empty log": (overwrite("usage", ""), "usage-log-empty", "usage.jsonl"),
    "log without a key column": (without_key, "usage-column-missing", "api_key"),
    "log of no known format": (
        overwrite("usage", LOREM),
        "usage-format-unknown",
        "usage.jsonl",
    ),
    "missing integrators file": (remove("integrators"), "integrators-not-found", "integrators.csv"),
    "integrators file with a duplicate key": (
        overwrite("integrators", scenario.INTEGRATORS + SAME_KEY_TWICE),
        "integrators-key-duplicate",
        "integrators.csv",
    ),
}


@pytest.mark.parametrize(("spoil", "code", "place"), SPECS.values(), ids=SPECS)
def test_diff_says_what_is_wrong(tmp_path: Path, run: Run, spoil: Spoil, code: str, place: str) -> None:
    files = scenario.write(tmp_path)
    spoil(files)
    before = scenario.snapshot(tmp_path)
    ran = run("diff", files["base"], files["revision"], "--output", tmp_path / "report.txt")
    assert (ran.code, ran.out) == (3, "")
    assert_clear(ran.err, code, place)
    assert scenario.snapshot(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize(("spoil", "code", "place"), (SPECS | OTHERS).values(), ids=SPECS | OTHERS)
def test_plan_says_what_is_wrong(tmp_path: Path, run: Run, spoil: Spoil, code: str, place: str) -> None:
    files = scenario.write(tmp_path)
    spoil(files)
    before = scenario.snapshot(tmp_path)
    ran = run(*scenario.plan_arguments(files, tmp_path / "plan"))
    assert (ran.code, ran.out) == (3, "")
    assert_clear(ran.err, code, place)
    assert scenario.snapshot(tmp_path) == before


def assert_clear(message: str, code: str, place: str) -> None:
    """One message with its code, its place and, on a line of its own, the remedy; no traceback, no raw key."""
    assert message.startswith("error: "), message
    assert f"[{code}]" in message, message
    assert place in message, message
    assert "\n  " in message, message
    assert "Traceback" not in message, message
    assert not [key for key in scenario.KEYS if key in message], message


@pytest.mark.slow
def test_a_row_cut_off_in_the_middle_is_counted_and_stops_nothing(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    whole = files["usage"].read_text(encoding="utf-8")
    files["usage"].write_text(whole + '{"time": "2026-03-08T12:00:00Z", "method": "GE', encoding="utf-8")
    ran = run(*scenario.plan_arguments(files, tmp_path / "plan"))
    assert ran.code == 0, ran.err
    usage = json.loads((tmp_path / "plan" / "plan.json").read_text())["usage"]
    assert (usage["rows"], usage["matched"], usage["malformed"]) == (len(scenario.ROWS) + 1, len(scenario.ROWS), 1)
    assert "usage.jsonl:29" in ran.out + ran.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="a folder without write permission is made in the POSIX way")
@pytest.mark.parametrize("wall", ["a file in the way", "no permission"])
def test_an_output_folder_that_cannot_be_written(tmp_path: Path, run: Run, wall: str) -> None:
    files = scenario.write(tmp_path)
    parent = tmp_path / "wall"
    if wall == "a file in the way":
        parent.write_text("not a folder", encoding="utf-8")
    elif os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    else:
        parent.mkdir(mode=0o500)
    before = scenario.snapshot(tmp_path)
    ran = run(*scenario.plan_arguments(files, parent / "plan"))
    assert (ran.code, ran.out) == (3, "")
    assert_clear(ran.err, "output-unwritable", "wall")
    assert scenario.snapshot(tmp_path) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Usage: apidiff"),
        (("dif", "a", "b"), "Did you mean 'diff'?"),
        (("diff", "a"), "Missing argument 'REVISION'"),
        (("diff", "-", "-"), "standard input (-) can be read once only"),
        (("plan", "-", "b", "--usage", "-", "--out", "d"), "standard input (-) can be read once only"),
        (("usage", "-", "--spec", "-"), "standard input (-) can be read once only"),
        (("diff", "a", "b", "--fail-onn", "breaking"), "--fail-on"),
        (
            ("diff", "a", "b", "--fail-on", "sometimes"),
            "'breaking', 'breaking-used', 'dangerous', 'unclassified', 'never'",
        ),
        (("plan", "a", "b", "--usage", "c", "--out", "d", "--today", "soon"), "write it as YYYY-MM-DD"),
    ],
)
def test_a_wrong_call_is_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
