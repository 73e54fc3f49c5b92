"""plan.json of the first format is read as the plan that it says, and refused by its own schema."""

import json
from pathlib import Path

import pytest

from apidiff.folder.plan_data import plan_json
from apidiff.folder.plan_file import read_former, read_plan
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import sample

FIRST = Path(__file__).with_name("plan-1.json")
"""The sample as the last release before the second format wrote it."""


def test_it_is_the_same_plan() -> None:
    assert json.loads(FIRST.read_bytes())["format"] == "apidiff-plan/1"
    assert plan_json(read_plan(FIRST)) == plan_json(sample())


def test_it_leaves_the_same_to_the_next_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(plan_json(sample()))
    assert read_former(FIRST) == read_former(tmp_path)


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


@pytest.mark.parametrize("reader", [read_plan, read_former])
@pytest.mark.parametrize(
    ("value", "place"), [("s3cret", "#/integrators/0/status"), (["s3cret"], "#/integrators/0/notes")]
)
def test_it_has_a_schema_too(tmp_path: Path, reader: object, value: object, place: str) -> None:
    data = json.loads(FIRST.read_bytes())
    data["integrators"][0][place.rpartition("/")[2]] = [value]
    (tmp_path / "plan.json").write_text(json.dumps(data))
    assert callable(reader)
    with pytest.raises(ApidiffError) as caught:
        reader(tmp_path)
    assert (caught.value.code, "s3cret" in str(caught.value)) == ("plan-invalid", False)
    assert place in str(caught.value.at)
