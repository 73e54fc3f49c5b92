"""What a `oneOf` refuses, or lets through, because its branches share other values than before."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import spec

SHORT, ANY, LONG = {"type": "string", "maxLength": 5}, {"type": "string"}, {"type": "string", "minLength": 6}


def sent(schema: Any) -> Any:
    operation = {"requestBody": {"content": {"application/json": {"schema": schema}}}, "responses": {}}
    return spec({"/a": {"post": operation}})


def said(base: Any, revision: Any) -> list[tuple[str, str, Any]]:
    """Level, rule and the witness of what is said of the overlap of two request bodies."""
    changes = compare(sent(base), sent(revision)).changes
    return [
        (change.level.value, change.rule, change.witness and change.witness.value)
        for change in changes
        if "overlap" in change.rule
    ]


def test_a_branch_that_loosens_takes_values_away():
    assert said({"oneOf": [SHORT, LONG]}, {"oneOf": [ANY, LONG]}) == [("breaking", "branches-newly-overlap", "aaaaaa")]


def test_a_branch_that_tightens_lets_values_through():
    assert said({"oneOf": [ANY, LONG]}, {"oneOf": [SHORT, LONG]}) == [("additive", "branches-no-longer-overlap", None)]


def test_a_plain_schema_beside_a_new_branch_that_shares_its_values():
    assert said(ANY, {"oneOf": [ANY, LONG]}) == [("breaking", "branches-newly-overlap", "aaaaaa")]


def test_what_stands_beside_the_branches_says_which_values_may_be_shared():
    def even(first: str) -> Any:
        return {"oneOf": [{"type": first}, {"type": "number"}], "multipleOf": 2, "minimum": 2.5}

    assert said(even("object"), even("integer")) == [("breaking", "branches-newly-overlap", 4)]


def test_a_property_that_is_no_longer_required():
    def form(*required: str) -> Any:
        return {"type": "object", "properties": {"a": {}, "b": {}}, "required": list(required)}

    changes = said({"oneOf": [form("a"), form("a", "b")]}, {"oneOf": [form("a"), form("b")]})
    assert [(level, rule) for level, rule, _ in changes] == []
    changes = said({"oneOf": [form("a"), form("b")]}, {"oneOf": [form("a"), form()]})
    assert [(level, rule) for level, rule, _ in changes] == [("breaking", "branches-newly-overlap")]


def test_maps_name_whatever_key_they_hold():
    words, any_map = ({"type": "object", "additionalProperties": kind} for kind in ({"type": "string"}, {}))
    numbers = {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 1}
    changes = said({"oneOf": [words, numbers]}, {"oneOf": [any_map, numbers]})
    assert [(level, rule) for level, rule, _ in changes] == [("breaking", "branches-newly-overlap")]


def test_what_a_branch_refuses_may_be_what_two_shared():
    one, two = ({"type": "string", "not": {"enum": values}} for values in (["a"], ["a", "b"]))
    assert said({"oneOf": [one, two]}, {"oneOf": [one, {"type": "string", "not": {"enum": ["a", "b", "z"]}}]}) == [
        ("additive", "branches-no-longer-overlap", None)
    ]


def test_values_that_two_branches_of_a_one_of_shared_and_an_any_of_holds():
    changes = said({"oneOf": [ANY, LONG, {"type": "integer"}]}, {"anyOf": [ANY, {"type": "integer"}]})
    assert changes == [("additive", "branches-no-longer-overlap", None)]


@pytest.mark.parametrize(
    ("base", "revision"),
    [
        ({"anyOf": [SHORT, LONG]}, {"anyOf": [ANY, LONG]}),
        ({"oneOf": [ANY, {"type": "integer"}]}, {"oneOf": [SHORT, {"type": "integer"}]}),
        ({"oneOf": [ANY, LONG]}, {"oneOf": [LONG, ANY]}),
        # by convention nobody sends to an open object what it does not name
        (
            {"oneOf": [{"type": "object", "properties": {"a": {}}, "required": ["a"]}]},
            {"oneOf": [{"type": "object", "properties": {n: {}}, "required": [n]} for n in ("a", "b")]},
        ),
    ],
)
def test_no_value_moved_because_branches_share_it(base: Any, revision: Any):
    assert said(base, revision) == []
    assert said(revision, base) == []


NUMBERS, NULL = {"minimum": 4}, {"type": "null"}


@pytest.mark.parametrize(
    ("base", "revision", "rules"),
    [
        # null meets the branch of null and the one without a type
        ([NUMBERS, ANY], [NUMBERS, ANY, NULL], ["null-no-longer-allowed"]),
        ([ANY, NULL], [{"type": ["string", "null"]}, NULL], ["null-no-longer-allowed"]),
        # a value that two lists name is a value of neither
        ([{"enum": ["a", "b"]}, {"enum": ["c"]}], [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}], ["enum-value-removed"]),
    ],
)
def test_null_and_listed_values_that_two_branches_name(base: Any, revision: Any, rules: list[str]):
    for keyword, expected in (("oneOf", rules), ("anyOf", [])):
        changes = compare(sent({keyword: base}), sent({keyword: revision})).changes
        assert [change.rule for change in changes if change.level != "editorial"] == expected


@pytest.mark.parametrize("is_told", [True, False])
def test_a_discriminator_of_their_parent_tells_branches_apart(is_told: bool):
    parent: dict[str, Any] = {"type": "object", "required": ["t"], "properties": {"t": {"type": "string"}}}
    if is_told:
        parent["discriminator"] = {"propertyName": "t"}
    asked = {"A": ["a"], "B": ["b"], "C": []}
    forms = {
        name: {
            "allOf": [
                {"$ref": "#/components/schemas/Parent"},
                {"required": names, "properties": {key: {} for key in names}},
            ]
        }
        for name, names in asked.items()
    }

    def whole(names: str) -> Any:
        union = {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in names]}
        return {**sent(union), "components": {"schemas": {"Parent": parent, **forms}}}

    rules = [change.rule for change in compare(whole("AB"), whole("ABC")).changes]
    assert ("branches-newly-overlap" in rules) is not is_told
