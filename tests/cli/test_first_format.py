"""A plan folder of a former release is followed as one of today, and the next plan in it keeps what was written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow


def in_first_format(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan as `apidiff-plan/1` had it: every list of changes in full, an impact for each change."""
    sets = plan.pop("change_sets")
    for one in plan["integrators"]:
        one["changes"] = sets[one["changes"]]
        impacts = [
            {"change": change} | {name: value for name, value in impact.items() if name != "changes"}
            for impact in one["impacts"]
            for change in sets[impact["changes"]]
        ]
        one["impacts"] = sorted(impacts, key=lambda impact: str(impact["change"]))
    return {**plan, "format": "apidiff-plan/1"}


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


def test_every_command_reads_it_as_it_reads_todays(tmp_path: Path, run: Run) -> None:
    files = scenario.write(tmp_path)
    today, former = tmp_path / "today", tmp_path / "former"
    for folder in (today, former):
        assert run(*scenario.plan_arguments(files, folder)).code == 0
    written = (former / "outreach.csv").read_text(encoding="utf-8").splitlines()
    noted = [line[: -len('""')] + '"asked twice"' if line.endswith('""') else line for line in written]
    for folder in (today, former):
        (folder / "outreach.csv").write_text("\r\n".join(noted) + "\r\n", encoding="utf-8")
    plan = json.loads((former / "plan.json").read_bytes())
    (former / "plan.json").write_text(json.dumps(in_first_format(plan)), encoding="utf-8")
    told = answers(former, files, run)
    assert told == answers(today, files, run)
    assert [code for code, _ in told[:2]] == [0, 1]
    assert told[-1][1].count("asked twice") == 2
