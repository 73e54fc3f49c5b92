"""plan.json is read back into the plan that it was written from, and what is no plan is refused by its place."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apidiff.config.settings import Answer
from apidiff.folder.plan_data import plan_json
from apidiff.folder.plan_file import read_plan
from apidiff.plan.value import Decision, Plan
from apidiff.words.changes import Alternative, Exposed, Exposure, Waiver, Witness
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.operation import OperationId
from tests.render.plan.sample import entry, sample


def with_everything() -> Plan:
    """The sample, whose first change has each optional part, with two routes."""
    planned = sample().changes[0]
    change = replace(
        planned.change,
        before=2**70,
        alternative=Alternative("keep-and-deprecate", "Keep it."),
        witness=Witness({"name": None}, "no longer there"),
        waiver=Waiver("agreed", "Ada", "2027-06-01"),
        exposure=Exposure(Exposed.SENT_VALUE, "query", ("method",), ("cheque",)),
    )
    routes = (
        entry("GET /v1/charges", prefixes=("", "/eu"), moved_to=OperationId("GET /v2/charges")),
        entry("GET /v2/charges"),
    )
    return sample(changes=(replace(planned, change=change), *sample().changes[1:]), routes=routes)


@pytest.mark.parametrize("made", [sample, with_everything, lambda: sample(usage=None, draft="", stamp="no usage")])
def test_what_is_read_is_what_was_written(tmp_path: Path, made: Callable[[], Plan]) -> None:
    (tmp_path / "plan.json").write_bytes(plan_json(made()))
    from_folder, from_file = read_plan(tmp_path), read_plan(tmp_path / "plan.json")
    assert plan_json(from_folder) == plan_json(from_file) == plan_json(made())


def test_ids_of_operations_are_read_as_ids(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_bytes(plan_json(with_everything()))
    read = read_plan(tmp_path)
    ids: list[str | None] = [one.id for one in read.routes]
    ids += [name for planned in read.changes for name in planned.change.operations]
    ids += [
        name for one in read.operations for name in (one.operation.id, one.successor, one.use and one.use.operation)
    ]
    ids += [name for one in read.integrators for name in one.operations]
    assert {type(name) for name in ids if name is not None} == {OperationId}


def test_half_of_a_surrogate_pair_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = sample(guide_url="https://acme.example/\ud800")
    (tmp_path / "plan.json").write_bytes(plan_json(made))
    assert plan_json(read_plan(tmp_path)) == plan_json(made)


@pytest.mark.parametrize("answer", Answer)
def test_what_was_decided_holds_once_it_is_read(tmp_path: Path, answer: Answer) -> None:
    first = sample().changes[0]
    decided = replace(first, decision=Decision(first.change.id, answer, "agreed", "Ada"))
    (tmp_path / "plan.json").write_bytes(plan_json(sample(changes=(decided, *sample().changes[1:]))))
    read = read_plan(tmp_path).changes[0]
    assert (read.is_kept, read.proceeds, read.ends) == (decided.is_kept, decided.proceeds, decided.ends)
    assert (read.is_kept, read.proceeds) == (answer is Answer.EXPAND, answer is Answer.PROCEED)


def test_a_plan_by_a_later_hand_may_say_more(tmp_path: Path) -> None:
    data = json.loads(plan_json(sample()))
    data["base"]["licence"] = data["integrators"][0]["region"] = data["timeline"][0]["room"] = "more"
    (tmp_path / "plan.json").write_text(json.dumps(data))
    assert plan_json(read_plan(tmp_path)) == plan_json(sample())


def edited(*path: str | int, value: Any) -> bytes:
    """The sample's plan.json with another value at one place."""
    data = json.loads(plan_json(sample()))
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(data).encode()


@pytest.mark.parametrize(
    ("content", "code", "place", "says"),
    [
        (b'{\n"format": ', "plan-unreadable", ":2", "no JSON"),
        (b"[]", "plan-invalid", "#", '"object"'),
        (edited("format", value="apidiff-plan/9"), "plan-invalid", "#/format", "another format"),
        (edited("changes", 1, "level", value="s3cret"), "plan-invalid", "#/changes/1/level", "the value is not one of"),
        (edited("today", value="2026-02-30"), "plan-invalid", "plan.json", "no date"),
        (edited("operations", 0, "use", value={}), "plan-invalid", "plan.json", "lacks what a field has to have"),
        (edited("integrators", 0, "impacts", 0, "attempts", value=-1), "plan-invalid", "/0/attempts", "minimum of 0"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes, code: str, place: str, says: str) -> None:
    (tmp_path / "plan.json").write_bytes(content)
    with pytest.raises(ApidiffError) as caught:
        read_plan(tmp_path)
    assert (caught.value.code, caught.value.status) == (code, Exit.INPUT)
    assert place in str(caught.value.at)
    assert says in caught.value.message
    assert "s3cret" not in str(caught.value)


def test_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(ApidiffError, match=r"there is no plan.json in this folder \[plan-not-found\]"):
        read_plan(tmp_path)
    with pytest.raises(ApidiffError, match=r"there is no such plan \[plan-not-found\]"):
        read_plan(tmp_path / "gone.json")
