"""The year after the demo's plan, month by month: `track` finds what each integrator did, `gate` waits for the last."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff import compare
from apidiff.cli import main
from fixtures.simulator.cast import make_cast
from fixtures.simulator.year import BREAKS, MONTHS, Month, Year, write_year
from tests.conftest import DEMO

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("year")]

PLANNED = date(2026, 11, 16)
RESTS = "its cycle is not over"
IN_USE = ("not started", "partly", "regressed")


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def decisions() -> dict[str, str]:
    """The rule of each of the demo's breaks, by id."""
    comparison = compare(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))
    return {change.id: change.rule for change in comparison.changes if change.level == "breaking"}


def expanded() -> dict[str, Any]:
    """The demo's revision with the breaks that a log can't tell apart undone: the old stays beside the new."""
    base, revision = (yaml.safe_load((DEMO / name).read_text()) for name in ("base.yaml", "revision.yaml"))
    old, new = base["components"], revision["components"]
    new["parameters"]["Limit"] = old["parameters"]["Limit"]
    new["schemas"]["Payout"] = old["schemas"]["Payout"]
    new["schemas"]["Customer"]["properties"] |= old["schemas"]["Customer"]["properties"]
    new["schemas"]["Customer"]["required"] = old["schemas"]["Customer"].get("required", [])
    return dict(revision)


class Followed:
    """The plan, and what `track` and `gate` say at the end of each month."""

    def __init__(self, folder: Path, year: Year, states: list[Month]) -> None:
        self.folder, self.plan, self.truth = folder, folder / "plan", states
        (folder / "logs").mkdir()
        write_year(folder / "logs", year, self.truth)
        proceed = {"answer": "proceed", "reason": "the old can't be kept", "owner": "Ines Okafor"}
        followed = {change.rule for change in BREAKS}
        self.rules = decisions()
        answers = {change: proceed if rule in followed else "expand" for change, rule in self.rules.items()}
        (folder / "apidiff.yaml").write_text(yaml.safe_dump({"decisions": answers}))
        (folder / "expanded.yaml").write_text(yaml.safe_dump(expanded(), sort_keys=False))
        self.call(
            "plan", DEMO / "base.yaml", DEMO / "revision.yaml", "--usage", DEMO / "usage.jsonl.gz",
            "--integrators", DEMO / "integrators.csv", "--out", self.plan, "--today", PLANNED, "--sunset", "2027-11-30",
        )  # fmt: skip
        self.tracked: dict[date, dict[str, Any]] = {}
        self.judged: dict[date, tuple[int, dict[str, Any]]] = {}
        for month in MONTHS:
            usage = ("--usage", folder / "logs" / f"{month:%Y-%m}.jsonl.gz", "--today", next_month(month))
            self.tracked[month] = self.report("track", self.plan, *usage)[1]
            specs = (DEMO / "base.yaml", folder / "expanded.yaml")
            self.judged[month] = self.report("gate", *specs, "--plan", self.plan, *usage)

    def call(self, *arguments: object) -> int:
        return main([str(argument) for argument in (*arguments, "--config", self.folder / "apidiff.yaml")])

    def report(self, *arguments: object) -> tuple[int, dict[str, Any]]:
        output = self.folder / "report.json"
        code = self.call(*arguments, "--format", "json", "--output", output)
        return code, json.loads(output.read_text())

    def states(self, month: date) -> dict[tuple[str, str], str]:
        """What `track` says of each (integrator, rule) of a month, without the keys that nobody claims."""
        return {key: change["state"] for key, change in self.changes(month).items()}

    def changes(self, month: date) -> dict[tuple[str, str], dict[str, Any]]:
        """All that `track` says of each."""
        return {
            (one["integrator"], self.rules[change["change"]]): change
            for one in self.tracked[month]["integrators"]
            for change in one["changes"]
            if one["tier"] != "unknown"
        }

    def of(self, month: date) -> list[Month]:
        return [entry for entry in self.truth if entry.month == month]


@pytest.fixture(scope="session")
def followed(tmp_path_factory: pytest.TempPathFactory, year: Year, states: list[Month]) -> Followed:
    return Followed(tmp_path_factory.mktemp("year"), year, states)


@pytest.mark.parametrize("month", MONTHS, ids=lambda month: f"{month:%Y-%m}")
class TestMonth:
    def test_track_finds_the_states_that_the_generator_set(self, followed: Followed, month: date) -> None:
        truth = {(entry.integrator, entry.rule): entry.state for entry in followed.of(month)}
        said = followed.states(month)
        # of a job whose cycle is longer than the window nobody says that it is over before its cycle is
        resting = {key for key, one in followed.changes(month).items() if RESTS in one["note"]}
        assert {key: said[key] for key in said if key not in resting} == {
            key: truth[key] for key in truth if key not in resting
        }
        assert {truth[key] for key in resting} <= {"migrated", "silent"}
        assert {said[key] for key in resting} <= {"partly", "not started"}

    def test_the_gate_names_everybody_who_still_uses_what_ends(self, followed: Followed, month: date) -> None:
        code, verdict = followed.judged[month]
        in_use = {one["integrator"] for one in verdict["obstacles"] if one["kind"] == "in-use"}
        assert in_use == {entry.integrator for entry in followed.of(month) if entry.state in IN_USE}
        assert (code, verdict["passes"]) == ((0, True) if month == MONTHS[-1] else (1, False))


def test_the_gate_opens_when_the_last_one_has_moved(followed: Followed) -> None:
    before, last = (followed.judged[month][1] for month in MONTHS[-2:])
    assert [(one["kind"], one["integrator"]) for one in before["obstacles"]] == [
        ("sunset-ahead", None), ("in-use", "lumenor-retail-group"), ("in-use", "parcelfox"),
    ]  # fmt: skip
    assert before["earliest"] == "2027-12-01"
    assert last["obstacles"] == []
    assert sorted(one["how"] for one in last["cleared"]) == ["expanded"] * 4 + ["retired"] * 4
    assert last["notes"] == ["silent, so gone or not: Quillmere Labs"]


def test_the_burn_down_remembers_every_run(followed: Followed) -> None:
    runs = followed.tracked[MONTHS[-1]]["runs"]
    assert [run["day"] for run in runs] == [next_month(month).isoformat() for month in MONTHS]
    assert [run["left"] for run in runs] == [
        sum(one["state"] != "migrated" for one in followed.tracked[month]["integrators"]) for month in MONTHS
    ]
    assert runs[-1]["states"] == {
        "regressed": 0, "not started": 0, "partly": 0, "failing": 1, "silent": 1, "unverifiable": 0, "migrated": 21,
    }  # fmt: skip


def test_a_run_says_which_steps_are_due(followed: Followed) -> None:
    due = {month: [step["id"] for step in followed.tracked[month]["due"]] for month in MONTHS}
    planned = json.loads((followed.plan / "plan.json").read_text())["timeline"]
    until = next_month(MONTHS[-1]).isoformat()
    assert [step for month in MONTHS for step in due[month]] == [
        step["id"] for step in planned if step["date"] <= until
    ]
    assert due[MONTHS[5]] == []
    assert due[MONTHS[6]] == ["reminder-1"]


def test_requiring_migration_stops_a_build_until_everybody_has(followed: Followed) -> None:
    log = followed.folder / "logs" / "2027-11.jsonl.gz"
    arguments = ("--usage", log, "--today", "2027-12-01", "--require-migrated")
    code, report = followed.report("track", followed.plan, *arguments)
    left = [one["integrator"] for one in report["integrators"] if one["state"] != "migrated" and one["tier"] == "email"]
    assert (code, left) == (1, ["quillmere-labs"])


def test_no_raw_key_is_in_what_track_and_gate_write(followed: Followed) -> None:
    keys = [key for client in make_cast() for key in client.keys]
    files = (followed.plan / "plan.json", followed.plan / "track-history.json", followed.folder / "report.json")
    written = "".join(path.read_text() for path in files)
    assert not [key for key in keys if key in written]
