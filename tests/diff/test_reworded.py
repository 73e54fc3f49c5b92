"""Keywords in which the same is said twice over: another of them is no change of what is allowed."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import answer, spec

TEXT: dict[str, Any] = {"type": "string"}
A = {"type": "object", "properties": {"a": TEXT}}
TUPLE = {"type": "array", "prefixItems": [TEXT, {"type": "integer"}]}
CONDITION = {"if": {"properties": {"k": {"const": "a"}}}, "then": {"required": ["x"]}}
NARROWER = {"if": {"properties": {"k": {"const": "a"}}, "required": ["k"]}, "then": {"required": ["x"]}}
COUNTED = {"type": "object", "properties": {"a": TEXT}, "required": ["a"]}
OBJECT = {"type": "object"}
CLOSED = {"type": "object", "additionalProperties": False}

MAP = {**OBJECT, "additionalProperties": TEXT}
UNEVALUATED = {**OBJECT, "unevaluatedProperties": TEXT}
ONE, TWO, THREE = ({"type": "object", "properties": {"t": {"enum": [name]}}, "required": ["t"]} for name in "abc")
NULL = {"type": "null"}
SAME = {
    "unevaluated properties": ({**A, "unevaluatedProperties": False}, {**A, "additionalProperties": False}),
    "inherited ones": ({"allOf": [A], "unevaluatedProperties": TEXT}, {**A, "additionalProperties": TEXT}),
    "unevaluated items": ({**TUPLE, "unevaluatedItems": False}, {**TUPLE, "items": False}),
    "no more items": ({**TUPLE, "items": False}, {**TUPLE, "maxItems": 2}),
    "no more unevaluated items": ({**TUPLE, "unevaluatedItems": False}, {**TUPLE, "maxItems": 2}),
    "no items at all": ({"type": "array", "items": False}, {"type": "array", "maxItems": 0}),
    "none that matches": ({"type": "array"}, {"type": "array", "contains": TEXT, "minContains": 0}),
    "a schema that depends": (
        {**A, "dependentSchemas": {"a": {"required": ["b"]}}},
        {**A, "dependentRequired": {"a": ["b"]}},
    ),
    "a condition": (
        {"allOf": [{"if": {"required": ["a"]}, "then": {"required": ["b"]}}]},
        {"dependentRequired": {"a": ["b"]}},
    ),
    "bounds between whole numbers": ({"type": "integer", "minimum": 0.5}, {"type": "integer", "exclusiveMinimum": 0}),
    "every name": ({**OBJECT, "patternProperties": {".*": TEXT}}, {**OBJECT, "additionalProperties": TEXT}),
    "every type": ({"type": ["array", "boolean", "null", "number", "object", "string"]}, {}),
    "types that all branches have": ({**OBJECT, "oneOf": [ONE, TWO]}, {"oneOf": [ONE, TWO]}),
    "a union handed out": (
        {**A, "oneOf": [ONE, TWO]},
        {"oneOf": [{"allOf": [A, ONE]}, {"allOf": [A, TWO]}]},
    ),
    "a union in a union": ({"anyOf": [A, {"anyOf": [ONE, TWO]}]}, {"anyOf": [A, ONE, TWO]}),
    "types in a union": (
        {"anyOf": [TEXT, {"anyOf": [{"type": "integer"}, NULL]}]},
        {"anyOf": [TEXT, {"type": "integer"}, NULL]},
    ),
    "one of one of": ({"oneOf": [ONE, {"oneOf": [TWO, THREE]}]}, {"oneOf": [ONE, TWO, THREE]}),
    "not nothing": ({**TEXT, "not": False}, TEXT),
    "whole numbers": ({"type": "number", "multipleOf": 1, "minimum": 0}, {"type": "integer", "minimum": 0}),
    "multiples of a whole number": ({"type": "number", "multipleOf": 2}, {"type": "integer", "multipleOf": 2}),
    "a condition that always holds": ({**A, "if": True, "then": {"required": ["a"]}}, {**A, "required": ["a"]}),
    "one that never holds": (
        {**A, "if": False, "then": {"required": ["b"]}, "else": {"required": ["a"]}},
        {**A, "required": ["a"]},
    ),
    "one that asks nothing": ({**A, "if": {"required": ["a"]}, "then": True}, A),
    "not what is not": ({"not": {"not": {"type": "string", "maxLength": 5}}}, {"type": "string", "maxLength": 5}),
    "nothing at all": ({**TEXT, "not": {}}, {**TEXT, "not": True}),
    "listed names": (
        {**OBJECT, "propertyNames": {"enum": ["a", "b"]}, "additionalProperties": TEXT},
        {**CLOSED, "properties": {"a": TEXT, "b": TEXT}},
    ),
    "items that match anything": (
        {"type": "array", "contains": {}, "maxContains": 3},
        {"type": "array", "minItems": 1, "maxItems": 3},
    ),
    "what is asked for in any case": (
        {**A, "required": ["a"], "dependentRequired": {"a": ["b"]}},
        {**A, "required": ["a", "b"]},
    ),
    "what no property may be": ({**A, "properties": {"a": {"not": {}}}}, {**A, "properties": {"a": False}}),
    "no others": ({**A, "additionalProperties": {"not": {}}}, {**A, "additionalProperties": False}),
    "no items in so many words": ({"type": "array", "items": {"not": {}}}, {"type": "array", "maxItems": 0}),
    "nothing but false": ({"not": {}}, False),
    "a pattern in other words": ({**TEXT, "pattern": "^[0-9]+$"}, {**TEXT, "pattern": r"^\d+$"}),
    "parts that ask of the first items": (
        {"allOf": [{"prefixItems": [TEXT]}, {"prefixItems": [{"maxLength": 3}, {"type": "integer"}]}]},
        {"prefixItems": [{**TEXT, "maxLength": 3}, {"type": "integer"}]},
    ),
    "a pattern of names that asks for the same": ({**MAP, "patternProperties": {"^x": TEXT}}, MAP),
    "a pattern of every text": ({**TEXT, "pattern": "^"}, TEXT),
    "both truths": ({"type": "boolean"}, {"type": "boolean", "enum": [True, False]}),
    "others than of every name": (
        {**CLOSED, "patternProperties": {"": TEXT}},
        {**OBJECT, "patternProperties": {"": TEXT}},
    ),
    "unevaluated items where all are": (
        {"type": "array", "items": TEXT, "unevaluatedItems": False},
        {"type": "array", "items": TEXT},
    ),
    "names that are texts": ({**OBJECT, "propertyNames": {"type": "string", "title": "T"}}, OBJECT),
    "what a closed object refuses by name, too": ({**CLOSED, "properties": {"a": False}}, CLOSED),
    "what depends on itself": ({**A, "dependentRequired": {"a": ["a"]}}, A),
    "as many as are required": ({**COUNTED, "minProperties": 1}, COUNTED),
}  # fmt: skip
OTHER = {
    "types that a branch lacks": ({**OBJECT, "anyOf": [ONE, {}]}, {"anyOf": [ONE, {}]}, "A"),
    "fewer than a union has": ({"oneOf": [ONE, {"oneOf": [TWO, THREE]}]}, {"oneOf": [ONE, TWO]}, "B"),
    # what the `allOf` declares is nothing to `additionalProperties` beside it
    "a closed part": (
        {"allOf": [A], "unevaluatedProperties": False},
        {"allOf": [A], "additionalProperties": False},
        "B",
    ),
    "fewer items": ({**TUPLE, "items": False}, {**TUPLE, "maxItems": 1}, "B"),
    "one that matches": ({"type": "array"}, {"type": "array", "contains": TEXT, "minContains": 1}, "B"),
    "another that depends": (
        {**A, "dependentSchemas": {"a": {"required": ["b"]}}},
        {**A, "dependentRequired": {"a": ["b", "c"]}},
        "B",
    ),
    "steps between whole numbers": ({"type": "number", "multipleOf": 0.5}, {"type": "integer"}, "B"),
    "more than are required": (COUNTED, {**COUNTED, "minProperties": 2}, "B"),
    "more than always come": (
        {**COUNTED, "properties": {"a": {**TEXT, "readOnly": True}}},
        {**COUNTED, "properties": {"a": {**TEXT, "readOnly": True}}, "minProperties": 1},
        "B",
    ),
    "a multiple that an integer is": ({"type": "number", "multipleOf": 5}, {"type": "integer"}, "A"),
    "whole numbers of halves": ({"type": "number", "multipleOf": 1.5}, {"type": "integer"}, "B"),
    "less of what is not": (
        {**TEXT, "not": {"not": {"maxLength": 5}}},
        {**TEXT, "not": {"not": {"maxLength": 4}}},
        "B",
    ),
    "more in a condition that always holds": (
        {**A, "if": {}, "then": {"required": ["a"]}},
        {**A, "if": {}, "then": {"required": ["a", "b"]}},
        "B",
    ),
    "fewer listed names": (
        {**OBJECT, "propertyNames": {"enum": ["a", "b"]}, "additionalProperties": TEXT},
        {**CLOSED, "properties": {"a": TEXT}},
        "B",
    ),
    "more that match, of which few may": (
        {"type": "array", "contains": {"enum": ["a"]}, "maxContains": 1, "minContains": 0},
        {"type": "array", "contains": {"enum": ["a", "b"]}, "maxContains": 1, "minContains": 0},
        "B",
    ),
    "one more position": (
        {**TUPLE, "items": False},
        {**TUPLE, "prefixItems": [*TUPLE["prefixItems"], TEXT], "items": False},
        "A",
    ),
    "a condition on less": (CONDITION, NARROWER, "A"),
    "a condition on more": (NARROWER, CONDITION, "B"),
    "an else on more": (
        {"if": CONDITION["if"], "else": {"required": ["x"]}},
        {"if": NARROWER["if"], "else": {"required": ["x"]}},
        "B",
    ),
    "a property by its pattern": (
        {"type": "object", "patternProperties": {"^x": {"maxLength": 5}}},
        {"type": "object", "patternProperties": {"^x": {"maxLength": 5}}, "properties": {"xa": {"maxLength": 3}}},
        "B",
    ),
    "a property that its pattern knew": (
        {**CLOSED, "patternProperties": {"^x": {"maxLength": 5}}},
        {**CLOSED, "patternProperties": {"^x": {"maxLength": 5}}, "properties": {"xa": {"maxLength": 5}}},
        "A",
    ),
}


def levels(base: Any, revision: Any) -> str:
    """The first letters of the levels of what is said of two request bodies, each once."""
    sides = [
        spec({"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": one}}}, "responses": {}}}})
        for one in (base, revision)
    ]
    return "".join(sorted({change.level.value[0].upper() for change in compare(*sides).changes}))


@pytest.mark.parametrize(
    ("base", "revision", "there", "back"),
    [
        ({**A, "dependentRequired": {"a": ["b"]}}, {**A, "required": ["b"]}, "B", "A"),
        (OBJECT, {**OBJECT, "properties": {"a": False}}, "B", "A"),
        (OBJECT, {**OBJECT, "properties": {"a": {"not": {}}}}, "B", "A"),
        ({**OBJECT, "properties": {"a": False}}, CLOSED, "B", "A"),
        ({"enum": ["a", 1]}, {"type": "integer", "enum": ["a", 1]}, "B", "A"),
        ({**OBJECT, "additionalProperties": TEXT, "patternProperties": {"^x": {}}}, MAP, "B", "A"),
        ({**OBJECT, "unevaluatedProperties": TEXT, "patternProperties": {"^x": {}}}, UNEVALUATED, "B", "A"),
        (
            {**A, "unevaluatedProperties": {"const": "x"}},
            {**OBJECT, "unevaluatedProperties": {"const": "x"}},
            "BD",
            "A",
        ),
        ({**CLOSED, **A}, {**CLOSED, **A, "patternProperties": {"^a": {"maxLength": 3}}}, "AB", "AB"),
        (
            {"type": "array", "prefixItems": [TEXT], "unevaluatedItems": TEXT},
            {"type": "array", "prefixItems": [], "unevaluatedItems": {**TEXT, "maxLength": 3}},
            "B",
            "A",
        ),
        (
            {"type": "array", "allOf": [{"prefixItems": [TEXT]}, {"prefixItems": [{"maxLength": 3}]}]},
            {"type": "array", "allOf": [{"prefixItems": [TEXT]}, {"prefixItems": [{"maxLength": 2}]}]},
            "B",
            "A",
        ),
        (False, {"oneOf": [ONE, TWO]}, "A", "B"),
        (False, {"const": "a"}, "A", "B"),
        ({"not": {}}, {"not": {"type": "object"}}, "A", "B"),
    ],
)
def test_what_only_asks_for_more(base: Any, revision: Any, there: str, back: str) -> None:
    assert (levels(base, revision), levels(revision, base)) == (there, back)


@pytest.mark.parametrize("about", SAME)
def test_the_same_in_another_keyword(about: str) -> None:
    one, two = SAME[about]
    assert {levels(one, two), levels(two, one)} <= {"", "E"}


@pytest.mark.parametrize("about", OTHER)
def test_less_or_more_than_the_same(about: str) -> None:
    one, two, level = OTHER[about]
    assert level in levels(one, two)
    assert "B" in levels(one, two) or level == "A"


def test_an_answer_to_which_a_pattern_let_a_property_in() -> None:
    closed = {**CLOSED, "patternProperties": {"^x": TEXT}}
    sides = [spec(answer(one)) for one in (closed, {**closed, "properties": {"xa": TEXT}})]
    assert [(change.rule, change.level.value) for change in compare(*sides).changes] == [("property-added", "additive")]


BARE = [{"type": "integer"}, TEXT]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("branches", [BARE, [{"const": "a"}, {"const": "b"}], [{"type": "boolean"}, NULL]])
def test_a_union_of_types_or_constants_that_gets_an_object(keyword: str, branches: list[Any]) -> None:
    few, more = {keyword: branches}, {keyword: [*branches, A]}
    sides = [spec(answer(one)) for one in (few, more)]
    assert [change.rule for change in compare(*sides).changes] == ["branch-added"]
    assert [change.rule for change in compare(*sides[::-1]).changes] == ["branch-removed"]


def test_a_union_of_types_of_which_one_is_in_another() -> None:
    sides = [spec(answer({"anyOf": branches})) for branches in (BARE, [*BARE, {"type": "number"}])]
    assert [(change.rule, change.level.value) for change in compare(*sides).changes] == [("branch-added", "dangerous")]
