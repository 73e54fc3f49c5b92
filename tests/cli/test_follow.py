"""`apidiff track` and `apidiff gate` from the outside: exit codes, what is written, and wrong inputs."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import scenario
from tests.conftest import Run

Files = dict[str, Path]


@pytest.fixture
def files(tmp_path: Path, run: Run) -> Files:
    """The scenario with its plan, and a month in which one of the two integrators has moved."""
    files = scenario.write(tmp_path)
    files["plan"] = tmp_path / "plan"
    assert run(*scenario.plan_arguments(files, files["plan"])).code == 0
    files["later"] = tmp_path / "later.jsonl"
    acme, globex = scenario.KEYS
    rows = [scenario.log_row(day, acme, f"/pets/{day}") for day in range(1, 31)]
    rows += [scenario.log_row(day, globex) for day in range(1, 31)]
    files["later"].write_text(scenario.as_jsonl(rows).replace("2026-03-", "2026-04-"), encoding="utf-8")
    return files


def tracked(files: Files, run: Run, *more: object) -> tuple[int, dict[str, object]]:
    ran = run("track", files["plan"], "--usage", files["later"], "--today", "2026-05-01", "--format", "json", *more)
    return ran.code, json.loads(ran.out)


def states(report: dict[str, object]) -> dict[str, list[str]]:
    people = report["integrators"]
    assert isinstance(people, list)
    return {one["integrator"]: sorted(change["state"] for change in one["changes"]) for one in people}


@pytest.mark.slow
def test_keys_are_told_by_the_plan_or_by_the_accounts_of_today(files: Files, run: Run) -> None:
    expected = {"acme": ["migrated", "unverifiable"], "globex": ["not started", "silent"]}
    assert states(tracked(files, run)[1]) == expected
    assert states(tracked(files, run, "--integrators", files["integrators"])[1]) == expected
    rotated = scenario.INTEGRATORS.replace(next(iter(scenario.KEYS)), "pk_live_2222222222ff")
    files["integrators"].write_text(rotated, encoding="utf-8")
    text = files["later"].read_text(encoding="utf-8").replace(next(iter(scenario.KEYS)), "pk_live_2222222222ff")
    files["later"].write_text(text, encoding="utf-8")
    assert states(tracked(files, run)[1])["acme"] == ["silent", "silent"]
    assert states(tracked(files, run, "--integrators", files["integrators"])[1]) == expected


@pytest.mark.slow
def test_a_run_is_kept_in_the_plan_folder_for_its_owner_alone(files: Files, run: Run) -> None:
    before = scenario.snapshot(files["plan"])
    assert tracked(files, run)[0] == 0
    after = scenario.snapshot(files["plan"])
    assert set(after) - set(before) == {"track-history.json"}
    assert {name: after[name] for name in before} == before
    assert stat.S_IMODE((files["plan"] / "track-history.json").stat().st_mode) == 0o600
    assert tracked(files, run)[0] == 0
    assert scenario.snapshot(files["plan"]) == after
    assert tracked(files, run, "--require-migrated")[0] == 1


@pytest.mark.slow
def test_mails_go_into_a_folder_of_their_own(files: Files, run: Run, tmp_path: Path) -> None:
    before = scenario.snapshot(files["plan"])
    assert tracked(files, run, "--messages", tmp_path / "mails")[0] == 0
    assert not [*(tmp_path / "mails").rglob("*.eml")]
    assert tracked(files, run, "--messages", tmp_path / "mails", "--today", "2026-10-05")[0] == 0
    assert sorted(path.name for path in (tmp_path / "mails").rglob("*.eml")) == ["reminder-1.eml", "reminder-1.eml"]
    assert tracked(files, run, "--messages", files["plan"], "--today", "2026-10-05")[0] == 0
    kept = scenario.snapshot(files["plan"])
    assert {name: kept.get(name) for name in before} == before


@pytest.mark.slow
def test_the_gate_without_a_plan(files: Files, run: Run, tmp_path: Path) -> None:
    same = run("gate", files["base"], files["base"])
    assert (same.code, same.out) == (0, "Pets 1.0.0 → 1.0.0\nThe gate is open: nothing breaks.\n")
    shut = run("gate", files["base"], files["revision"], "--format", "json", "--output", tmp_path / "verdict.json")
    assert (shut.code, shut.out, shut.err) == (1, "", "")
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert [one["kind"] for one in verdict["obstacles"]] == ["unplanned", "unplanned"]
    waivers = "waivers:\n" + "".join(
        f"  - {{change: {one['changes'][0]}, reason: agreed, owner: Ana}}\n" for one in verdict["obstacles"]
    )
    (tmp_path / "apidiff.yaml").write_text(waivers, encoding="utf-8")
    arguments = ("gate", files["base"], files["revision"], "--config", tmp_path / "apidiff.yaml")
    assert run(*arguments).code == 0


@pytest.mark.slow
def test_the_gate_keeps_no_history(files: Files, run: Run) -> None:
    before = scenario.snapshot(files["plan"])
    ran = run(
        "gate", files["base"], files["revision"], "--plan", files["plan"], "--usage", files["later"],
        "--today", "2026-05-01", "--format", "json",
    )  # fmt: skip
    assert [(one["kind"], one["integrator"]) for one in json.loads(ran.out)["obstacles"]] == [("draft", None)]
    assert (ran.code, scenario.snapshot(files["plan"])) == (1, before)


def spoilt(name: str, content: str) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        (files["plan"] / name).write_text(content, encoding="utf-8")

    return spoil


def unsalted(files: Files) -> None:
    (files["plan"] / ".salt").unlink()


def moved_away(files: Files) -> None:
    (files["plan"] / "plan.json").rename(files["plan"] / "old.json")


def no_log(files: Files) -> None:
    files["later"].unlink()


@pytest.mark.slow
@pytest.mark.parametrize("command", ["track", "gate"])
@pytest.mark.parametrize(
    ("spoil", "code", "place"),
    [
        (moved_away, "plan-not-found", "plan"),
        (spoilt("plan.json", "{"), "plan-unreadable", "plan.json:1"),
        (spoilt("plan.json", '{"format": "apidiff-plan/0"}'), "plan-invalid", "plan.json#/format"),
        (spoilt("track-history.json", "{"), "history-unreadable", "track-history.json"),
        (spoilt("outreach.csv", "a,b\n1,2\n"), "outreach-unreadable", "outreach.csv"),
        (unsalted, "plan-without-usage", "plan"),
        (no_log, "usage-not-found", "later.jsonl"),
    ],
)
def test_a_wrong_input_is_named_and_nothing_is_written(
    files: Files, run: Run, tmp_path: Path, command: str, spoil: Callable[[Files], None], code: str, place: str
) -> None:
    spoil(files)
    before = scenario.snapshot(tmp_path)
    first = ["track", files["plan"]] if command == "track" else ["gate", files["base"], files["revision"]]
    plan = [] if command == "track" else ["--plan", files["plan"]]
    ran = run(*first, *plan, "--usage", files["later"], "--today", "2026-05-01", "--output", tmp_path / "out.txt")
    assert (ran.code, ran.out) == (3, "")
    assert f"[{code}]" in ran.err
    assert place in ran.err
    assert scenario.snapshot(tmp_path) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["track", "plan"], "name the logs with --usage"),
        (["gate", "base.yaml", "revision.yaml", "--usage", "later.jsonl"], "name it with --plan"),
        (["track", "plan", "--usage", "later.jsonl", "--format", "pdf"], "there is no format 'pdf'"),
    ],
)
def test_a_wrong_call_is_one_of_usage(
    files: Files, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = scenario.snapshot(tmp_path)
    ran = run(*arguments)
    assert (ran.code, ran.out, scenario.snapshot(tmp_path)) == (2, "", before)
    assert says in " ".join(ran.err.replace("│", " ").split())
