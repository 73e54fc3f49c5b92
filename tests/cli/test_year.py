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
from fixtures.simulator.demo import make_rows
from fixtures.simulator.year import BREAKS, MONTHS, Month, find_states, find_users, make_year, write_year
from tests.conftest import DEMO

pytestmark = pytest.mark.slow

PLANNED = date(2026, 11, 16)
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


class Year:
    """The plan, and what `track` and `gate` say at the end of each month."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.plan = folder, folder / "plan"
        year = make_year()
        self.truth = find_states(year, find_users(make_rows(make_cast())))
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
        return {
            (one["integrator"], self.rules[change["change"]]): change["state"]
            for one in self.tracked[month]["integrators"]
            for change in one["changes"]
            if one["tier"] != "unknown"
        }

    def of(self, month: date) -> list[Month]:
        return [entry for entry in self.truth if entry.month == month]


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return Year(tmp_path_factory.mktemp("year"))


@pytest.mark.parametrize("month", MONTHS, ids=lambda month: f"{month:%Y-%m}")
@pytest.mark.xdist_group("year")
class TestMonth:
    def test_track_finds_the_states_that_the_generator_set(self, year: Year, month: date) -> None:
        assert year.states(month) == {(entry.integrator, entry.rule): entry.state for entry in year.of(month)}

    def test_the_gate_names_everybody_who_still_uses_what_ends(self, year: Year, month: date) -> None:
        code, verdict = year.judged[month]
        in_use = {one["integrator"] for one in verdict["obstacles"] if one["kind"] == "in-use"}
        assert in_use == {entry.integrator for entry in year.of(month) if entry.state in IN_USE}
        assert (code, verdict["passes"]) == ((0, True) if month == MONTHS[-1] else (1, False))


@pytest.mark.xdist_group("year")
def test_the_gate_opens_when_the_last_one_has_moved(year: Year) -> None:
    before, last = (year.judged[month][1] for month in MONTHS[-2:])
    assert [(one["kind"], one["integrator"]) for one in before["obstacles"]] == [
        ("sunset-ahead", None), ("in-use", "lumenor-retail-group"), ("in-use", "parcelfox"),
    ]  # fmt: skip
    assert before["earliest"] == "2027-12-01"
    assert last["obstacles"] == []
    assert sorted(one["how"] for one in last["cleared"]) == ["expanded"] * 4 + ["retired"] * 4
    assert last["notes"] == ["silent, so gone or not: Quillmere Labs"]


@pytest.mark.xdist_group("year")
def test_the_burn_down_remembers_every_run(year: Year) -> None:
    runs = year.tracked[MONTHS[-1]]["runs"]
    assert [run["day"] for run in runs] == [next_month(month).isoformat() for month in MONTHS]
    assert [run["left"] for run in runs] == [
        sum(one["state"] != "migrated" for one in year.tracked[month]["integrators"]) for month in MONTHS
    ]
    assert runs[-1]["states"] == {
        "regressed": 0, "not started": 0, "partly": 0, "failing": 1, "silent": 1, "unverifiable": 0, "migrated": 21,
    }  # fmt: skip


@pytest.mark.xdist_group("year")
def test_a_run_says_which_steps_are_due(year: Year) -> None:
    due = {month: [step["id"] for step in year.tracked[month]["due"]] for month in MONTHS}
    planned = json.loads((year.plan / "plan.json").read_text())["timeline"]
    until = next_month(MONTHS[-1]).isoformat()
    assert [step for month in MONTHS for step in due[month]] == [
        step["id"] for step in planned if step["date"] <= until
    ]
    assert due[MONTHS[5]] == []
    assert due[MONTHS[6]] == ["reminder-1"]


@pytest.mark.xdist_group("year")
def test_requiring_migration_stops_a_build_until_everybody_has(year: Year) -> None:
    arguments = ("--usage", year.folder / "logs" / "2027-11.jsonl.gz", "--today", "2027-12-01", "--require-migrated")
    code, report = year.report("track", year.plan, *arguments)
    left = [one["integrator"] for one in report["integrators"] if one["state"] != "migrated" and one["tier"] == "email"]
    assert (code, left) == (1, ["quillmere-labs"])


@pytest.mark.xdist_group("year")
def test_no_raw_key_is_in_what_track_and_gate_write(year: Year) -> None:
    keys = [key for client in make_cast() for key in client.keys]
    files = (year.plan / "plan.json", year.plan / "track-history.json", year.folder / "report.json")
    written = "".join(path.read_text() for path in files)
    assert not [key for key in keys if key in written]
