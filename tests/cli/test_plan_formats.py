"""A plan folder is followed in the same way in either format, and the next plan in it keeps what was written."""

import json
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow


def answers(folder: Path, files: dict[str, Path], run: Run) -> list[tuple[int, str]]:
    """What every command says that reads a plan, and the plan that is made in its folder afterwards."""
    logs = ("--usage", files["usage"], "--today", "2026-05-01", "--format", "json")
    commands: list[tuple[object, ...]] = [
        ("track", folder, *logs),
        ("gate", files["base"], files["revision"], "--plan", folder, *logs),
        ("decide", "--plan", folder),
        ("confirm", folder, "acme", "--by", "Ana Ruiz", "--today", "2026-04-20"),
        ("track", folder, *logs),
    ]
    ran = [run(*command) for command in commands]
    assert run(*scenario.plan_arguments(files, folder)).code == 0
    told = [(one.code, one.out.replace(str(folder), "PLAN")) for one in ran]
    return [*told, (0, (folder / "plan.json").read_text(encoding="utf-8"))]


def test_every_command_reads_either_format_alike(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    files = scenario.write(tmp_path)
    listed, referring = tmp_path / "listed", tmp_path / "referring"
    assert run(*scenario.plan_arguments(files, listed)).code == 0
    with monkeypatch.context() as patched:
        patched.setattr("apidiff.folder.plan_data._MOST_LISTED", 0)
        assert run(*scenario.plan_arguments(files, referring)).code == 0
    formats = [json.loads((folder / "plan.json").read_bytes())["format"] for folder in (listed, referring)]
    assert formats == ["apidiff-plan/1", "apidiff-plan/2"]
    written = (listed / "outreach.csv").read_text(encoding="utf-8").splitlines()
    noted = [line[: -len('""')] + '"asked twice"' if line.endswith('""') else line for line in written]
    for folder in (listed, referring):
        (folder / "outreach.csv").write_text("\r\n".join(noted) + "\r\n", encoding="utf-8")
    told = answers(referring, files, run)
    assert told == answers(listed, files, run)
    assert [code for code, _ in told[:2]] == [0, 1]
    assert told[-1][1].count("asked twice") == 2
