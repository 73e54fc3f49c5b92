"""plan.json in both formats: what each says of whom a change meets, and that it is one and the same plan."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from apidiff.folder.plan_data import plan_json
from apidiff.folder.plan_file import read_former, read_plan
from apidiff.plan.value import PlannedIntegrator
from apidiff.render.plan import render_plan
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import sample

FIRST = Path(__file__).with_name("plan-1.json")
"""The sample as the last release before the second format wrote it."""
FIGURES = {
    "evidence": "confirmed", "logical_successes": 118, "attempts": 120, "first_seen": "2026-08-25T08:30:00Z",
    "last_seen": "2026-11-19T08:30:00Z", "active_days": 61, "longest_gap_days": 0,
}  # fmt: skip


@pytest.fixture
def referring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The sample in the format of large plans."""
    (tmp_path / "referring").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr("apidiff.folder.plan_data._MOST_LISTED", 0)
        (tmp_path / "referring" / "plan.json").write_bytes(plan_json(sample()))
    return tmp_path / "referring"


def test_a_plan_of_ordinary_size_is_as_it_always_was() -> None:
    data = json.loads(FIRST.read_bytes())
    for one in data["integrators"]:
        one["impacts"].sort(key=lambda impact: impact["change"])
    assert json.loads(plan_json(sample())) == data
    assert data["format"] == "apidiff-plan/1"
    assert data["integrators"][0]["changes"] == ["aaaa00000002", "aaaa00000001"]
    assert data["integrators"][0]["impacts"][1] == {"change": "aaaa00000002"} | FIGURES


def test_a_large_plan_names_lists_of_changes_by_their_place(referring: Path) -> None:
    data = json.loads((referring / "plan.json").read_bytes())
    one, sets = data["integrators"][0], data["change_sets"]
    assert data["format"] == "apidiff-plan/2"
    assert one["impacts"][0] == {"changes": 0} | FIGURES
    assert [sets[impact["changes"]] for impact in one["impacts"]] == [["aaaa00000002"], ["aaaa00000001"]]
    assert sets[one["changes"]] == ["aaaa00000002", "aaaa00000001"]


def test_it_is_the_same_plan_in_both(referring: Path) -> None:
    assert plan_json(read_plan(referring)) == plan_json(read_plan(FIRST)) == plan_json(sample())
    assert read_former(referring) == read_former(FIRST)


def met_by(*lists: tuple[str, ...]) -> PlannedIntegrator:
    """The first integrator of the sample, met by lists of changes with the same figures but other words."""
    one = sample().integrators[0]
    impacts = tuple(one.impacts[0]._replace(changes=changes, seen=" ".join(changes)) for changes in lists)
    return replace(one, changes=tuple(change for changes in lists for change in changes), impacts=impacts)


def test_what_says_the_same_in_the_file_of_a_large_plan_is_in_it_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plan = replace(sample(), integrators=(met_by(("aaaa00000003", "aaaa00000001"), ("aaaa00000002",)),))
    (tmp_path / "listing.json").write_bytes(plan_json(plan))
    monkeypatch.setattr("apidiff.folder.plan_data._MOST_LISTED", 0)
    (tmp_path / "referring.json").write_bytes(plan_json(plan))
    data = json.loads((tmp_path / "referring.json").read_bytes())
    (one,) = data["integrators"]
    assert one["impacts"] == [{"changes": 0} | FIGURES]
    assert data["change_sets"] == [
        ["aaaa00000001", "aaaa00000002", "aaaa00000003"],
        ["aaaa00000003", "aaaa00000001", "aaaa00000002"],
    ]
    assert read_plan(tmp_path / "referring.json") == read_plan(tmp_path / "listing.json")


@pytest.mark.parametrize(
    ("most", "changes", "merged"),
    [
        (
            500_000,
            "aaaa00000001; aaaa00000002; aaaa00000003; aaaa00000004; aaaa00000005; aaaa00000006; aaaa00000007",
            "; and 1 more",
        ),
        (
            0,
            (
                "aaaa00000001; aaaa00000002; aaaa00000003; aaaa00000004; aaaa00000005; aaaa00000006; "
                "and 1 more: change_sets/0 of plan.json"
            ),
            "; and 4 more",
        ),
    ],
)
def test_the_lists_of_a_large_plan_name_the_first_changes_and_count_the_others(
    monkeypatch: pytest.MonkeyPatch, most: int, changes: str, merged: str
) -> None:
    monkeypatch.setattr("apidiff.folder.plan_data._MOST_LISTED", most)
    plan = replace(sample(), integrators=(met_by(tuple(f"aaaa0000000{number}" for number in range(1, 8))),))
    folder = render_plan(plan)

    def cell(name: str) -> str:
        (row,) = csv.DictReader(io.StringIO(folder[name].decode()))
        return row["changes"]

    assert cell("outreach.csv") == changes
    assert cell("messages/merge.csv").endswith(merged)


def test_changes_with_equal_figures_are_read_as_one_impact(tmp_path: Path) -> None:
    data = json.loads(FIRST.read_bytes())
    first, second = data["integrators"][0]["impacts"]
    data["integrators"][0]["impacts"] = [first, second, {**first, "change": "aaaa00000003"}]
    (tmp_path / "plan.json").write_text(json.dumps(data))
    found = read_plan(tmp_path).integrators[0].impacts
    assert [(one.changes, one.logical_successes) for one in found] == [
        (("aaaa00000002", "aaaa00000003"), 118),
        (("aaaa00000001",), 1989),
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("changes", ["aaaa00000002"]), ("changes", 9), ("impacts", [{"change": "a"} | FIGURES])]
)
def test_what_belongs_to_the_other_format_is_refused(referring: Path, field: str, value: object) -> None:
    data = json.loads((referring / "plan.json").read_bytes())
    data["integrators"][0][field] = value
    (referring / "plan.json").write_text(json.dumps(data))
    with pytest.raises(ApidiffError) as caught:
        read_plan(referring)
    assert caught.value.code == "plan-invalid"


@pytest.mark.parametrize("reader", [read_plan, read_former])
@pytest.mark.parametrize(
    ("value", "place"), [("s3cret", "#/integrators/0/status"), (["s3cret"], "#/integrators/0/notes")]
)
def test_it_is_held_to_its_schema(tmp_path: Path, reader: object, value: object, place: str) -> None:
    data = json.loads(FIRST.read_bytes())
    data["integrators"][0][place.rpartition("/")[2]] = [value]
    (tmp_path / "plan.json").write_text(json.dumps(data))
    assert callable(reader)
    with pytest.raises(ApidiffError) as caught:
        reader(tmp_path)
    assert (caught.value.code, "s3cret" in str(caught.value)) == ("plan-invalid", False)
    assert place in str(caught.value.at)
