"""Under `unevaluatedProperties: false` a property that a branch or a condition no longer names is refused."""

from typing import Any

import pytest

from tests.diff.saying import answer, said, spec

TEXT = {"type": "string"}
FIRST = {"properties": {"k": {"const": "x"}, "c": TEXT}, "required": ["k"]}
LESS = {"properties": {"k": {"const": "x"}}, "required": ["k"]}
SECOND = {"properties": {"k": {"const": "y"}}, "required": ["k"]}
SECOND_MORE = {"properties": {"k": {"const": "y"}, "c": TEXT}, "required": ["k"]}
SCHEMA = "#/paths/~1a/post/requestBody/content/application~1json/schema"


def sent(schema: Any) -> dict[str, Any]:
    """A spec with one operation that takes an object of which nothing else is known."""
    closed = {"type": "object", "unevaluatedProperties": False, **schema}
    body = {"content": {"application/json": {"schema": closed}}}
    return spec({"/a": {"post": {"requestBody": body, "responses": {}}}})


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_property_that_goes_from_a_branch_and_one_that_comes(keyword: str) -> None:
    with_it, without = sent({keyword: [FIRST, SECOND]}), sent({keyword: [LESS, SECOND]})
    at = f"{SCHEMA}/{keyword}/0/properties/c"
    assert said(with_it, without) == [f"breaking property-no-longer-accepted: {at} -> -"]
    assert said(without, with_it) == [f"additive property-added-to-closed-object: - -> {at}"]


def test_what_a_condition_asks_no_longer_evaluates() -> None:
    asked = {"properties": {"k": TEXT}, "if": LESS}
    with_it, without = (
        sent({**asked, "then": {"properties": {"c": TEXT}}}),
        sent({**asked, "then": {"minProperties": 1}}),
    )
    assert said(with_it, without) == [f"breaking condition-changed: {SCHEMA}/if -> {SCHEMA}/if"]


def test_a_property_that_another_branch_still_names_is_told_as_in_an_open_object() -> None:
    both, one = sent({"oneOf": [FIRST, SECOND_MORE]}), sent({"oneOf": [LESS, SECOND_MORE]})
    assert said(both, one) == [f"dangerous property-removed: {SCHEMA}/oneOf/0/properties/c -> -"]


def test_an_open_object_lets_it_through_all_the_same() -> None:
    sides = [spec(answer({"type": "object", "oneOf": [branch, SECOND]})) for branch in (LESS, FIRST)]
    assert [line.split(":")[0] for line in said(*sides)] == ["additive property-added"]
