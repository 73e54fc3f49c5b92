"""A value that shows a break, tried against both sides by a validator."""

from typing import Any

import pytest

from apidiff import compare
from apidiff.judge import witness
from apidiff.judge.witness import NO_VALUE, NOT_FOUND
from apidiff.words.changes import Level

REQUEST = "the base accepts this value, the revision rejects it"
RESPONSE = "the revision may send this value, the base never did"


def broken(base: Any, revision: Any, *, way: str = "request") -> list[tuple[Any, str]]:
    specs = []
    for schema in (base, revision):
        content = {"content": {"application/json": {"schema": schema}}}
        operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
        if way == "request":
            operation["requestBody"] = content
        else:
            operation["responses"]["200"].update(content)
        specs.append({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": operation}}})
    found = [change.witness for change in compare(*specs).changes if change.level is Level.BREAKING]
    return [(witness.value, witness.note) for witness in found if witness]


def thing(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


@pytest.mark.parametrize(
    ("base", "revision", "way", "expected"),
    [
        ({"type": "string"}, {"type": "string", "maxLength": 2}, "request", ("aaa", REQUEST)),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, "request", ("b", REQUEST)),
        ({"type": "integer"}, {"type": "string"}, "response", ("a", RESPONSE)),
        (thing(n={"type": "integer"}), thing("n", n={"type": "integer"}), "request", ({}, REQUEST)),
        (thing(n={}), thing(), "response", (None, NO_VALUE)),
        (thing(n={}), {**thing(), "additionalProperties": False}, "response", (None, NO_VALUE)),
        ({"type": "integer"}, {"enum": [1, 2]}, "request", (3, REQUEST)),
        ({"type": "string"}, {"enum": ["a", "b"]}, "request", ("", REQUEST)),
    ],
)
def test_a_break_is_shown_by_a_small_value(base: Any, revision: Any, way: str, expected: tuple[Any, str]):
    assert broken(base, revision, way=way) == [expected]


def test_a_value_shows_the_edit_itself_and_no_other_one():
    """Beside a property that is no longer promised everything else is there, and the value is an object."""
    base = thing("id", "name", id={"type": "integer"}, name={"type": "string"})
    shown = [value for value, _ in broken(base, {"items": {"type": "integer"}}, way="response")]
    assert shown == [{"name": "a"}, {"id": 1}, [1]]  # no id, no name, and lists as well


def test_a_property_that_nobody_has_to_send_is_shown_by_no_value_of_another_edit():
    base = thing("id", id={"type": "integer"}, name={"type": "string"})
    revision = thing(id={"type": "integer"})
    assert broken(base, revision, way="response") == [(None, NO_VALUE), ({}, RESPONSE)]


def test_what_tells_forms_apart_is_no_matter_of_values():
    def told(name: str) -> dict[str, Any]:
        form = thing("a", "b", a={"type": "string"}, b={"type": "string"})
        return {"oneOf": [form, {**form, "required": ["c"]}], "discriminator": {"propertyName": name}}

    assert broken(told("a"), told("b")) == [(None, NO_VALUE)]


def test_a_search_that_fails_says_so():
    many = {"type": "array", "uniqueItems": True, "items": {"type": "string", "pattern": "^[a-z]{3}$"}}
    assert broken({**many, "maxItems": 900}, {**many, "maxItems": 300}) == [(None, NOT_FOUND)]


KINDS = {
    **dict.fromkeys(("maximum", "multipleOf"), "integer"),
    **dict.fromkeys(("maxLength", "pattern", "enum"), "string"),
    "maxItems": "array",
    "properties": "object",
}
TWO_EDITS: list[tuple[Any, Any, list[Any]]] = [
    ({"minimum": 0, "maximum": 100}, {"minimum": 10, "maximum": 50}, [51, 9]),
    ({"minLength": 1, "maxLength": 9}, {"minLength": 3, "maxLength": 5}, ["aaaaaa", "aa"]),
    ({"minItems": 1, "maxItems": 9}, {"minItems": 3, "maxItems": 5}, [[1] * 6, [1, 1]]),
    ({}, {"pattern": "^[a-z]+$", "minLength": 3}, ["aa", "a-b"]),
    ({}, {"multipleOf": 5, "maximum": 50}, [55, 49]),
    ({"enum": ["a", "bb"]}, {"enum": ["a"], "maxLength": 9}, ["bb"]),
    (thing(a={}, b={}), thing("a", "b", a={}, b={}), [{"a": "a"}, {"b": "a"}]),
]


@pytest.mark.parametrize(("base", "revision", "expected"), TWO_EDITS)
def test_of_two_edits_of_one_place_each_is_shown_by_itself(base: Any, revision: Any, expected: list[Any]):
    kind = next(name for word, name in KINDS.items() if word in {**base, **revision})
    sides = [{"type": kind, **side} for side in (base, revision)]
    assert [value for value, _ in broken(*sides)] == expected


def test_a_union_of_more_branches_than_are_worth_a_try_judges_no_value() -> None:
    few, many = ([{"required": [f"p{index}"]} for index in range(count)] for count in (100, 3_000))
    for branches, expected in ((few, ({}, REQUEST)), (many, (None, NOT_FOUND))):
        assert broken({"type": "object"}, {"type": "object", "anyOf": branches}) == [expected]


@pytest.mark.parametrize(("count", "note"), [(4, REQUEST), (6_000, NOT_FOUND)])
def test_a_pattern_longer_than_any_real_one_is_not_tried(count: int, note: str) -> None:
    text = {"type": "string", "maxLength": 5}
    assert [said for _, said in broken(text, {**text, "pattern": "[ab]?" * count + "x"})] == [note]


def test_of_a_schema_that_refuses_for_many_reasons_any_refusal_shows_the_break(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "MOST_ERRORS", 2)
    names = ["a", "b", "c", "d"]
    found = broken({"type": "object"}, {"type": "object", "required": names})
    assert [note for _, note in found] == [REQUEST] * 4
    assert all(set(names) - set(value) for value, _ in found)
