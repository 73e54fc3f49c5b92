"""plan.json has the contract's fields, and says what the plan says."""

import json
from dataclasses import replace

import orjson
import pytest

from apidiff.folder.plan_data import plan_data, plan_json
from apidiff.plan.value import COLUMNS
from tests.render.plan.sample import sample


def test_the_contracts_fields_come_first() -> None:
    data = json.loads(plan_json(sample()))
    assert list(data)[:11] == [
        "format", "base", "revision", "summary", "policy", "dates", "usage", "operations", "changes", "integrators",
        "timeline",
    ]  # fmt: skip
    assert (data["format"], data["dates"]) == (
        "apidiff-plan/1", {"announce": "2027-01-11", "deprecation": "2027-01-11", "sunset": "2028-01-11"},
    )  # fmt: skip
    assert list(data["usage"])[:9] == [
        "rows", "matched", "unmatched", "malformed", "first", "last", "days_with_data", "keys", "unknown_keys",
    ]  # fmt: skip


def test_a_change_is_that_of_the_diff_with_who_is_affected() -> None:
    planned = sample().changes[0]
    exposure = planned.change.exposure
    told = {key: value for key, value in planned.change.to_dict().items() if key != "group"}
    assert json.loads(plan_json(sample()))["changes"][0] == told | {
        "affected": {"confirmed": 0, "probable": 2, "possible": 0}, "decision": None, "effort": "code",
        "exposure": {
            "kind": exposure.kind.value, "location": exposure.location, "names": list(exposure.names),
            "values": list(exposure.values), "beyond": exposure.beyond,
        },
    }  # fmt: skip


def test_an_integrator_has_the_columns_of_the_list() -> None:
    one = json.loads(plan_json(sample()))["integrators"][0]
    assert tuple(one)[: len(COLUMNS)] == COLUMNS
    assert one["score_parts"] == {"value": 28.5, "usage": 22.8, "depth": 20.0, "recency": 15.0, "effort": 6.0}


def test_huge_integers_stay_exact() -> None:
    planned = sample().changes[0]
    huge = replace(planned, change=replace(planned.change, before=2**70, after="\ud800"))
    plan = sample(changes=(huge, *sample().changes[1:]))
    data = json.loads(plan_json(plan))
    assert (data["changes"][0]["before"], data["changes"][0]["after"]) == (2**70, "\ud800")
    calm = json.loads(plan_json(sample()))
    assert data["integrators"] == calm["integrators"]
    assert plan_data(plan)["usage"] == data["usage"] == calm["usage"]


def test_a_large_plan_is_the_same_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    indented = plan_json(sample())
    monkeypatch.setattr("apidiff.folder.plan_data._INDENTED", 0)
    line = plan_json(sample())
    assert (line.count(b"\n"), line[-1:]) == (1, b"\n")
    assert line == orjson.dumps(orjson.loads(indented), option=orjson.OPT_APPEND_NEWLINE)
