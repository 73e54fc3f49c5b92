"""Schemas: nothing that one says goes in silence, also where it allows what it allowed."""

from typing import Any

import pytest

from tests.diff.saying import answer, said, spec

AT = "#/paths/~1a/get/responses/200/content/application~1json/schema"


def moved(before: Any, after: Any) -> list[str]:
    return sorted(line.replace(AT, "") for line in said(spec(answer(before)), spec(answer(after))))


def test_null_that_a_list_of_values_allows():
    assert moved({"enum": ["a"]}, {"enum": ["a", None]}) == ["breaking null-newly-allowed: /enum -> -"]


def test_a_list_of_values_of_which_none_is_of_the_type():
    listed, kind = {"type": "string", "enum": ["a"]}, {"type": "string"}
    both, none = ({"allOf": [listed, one]} for one in (kind, {"type": "integer"}))
    assert moved(both, none) == ["additive type-narrowed: /allOf/0/type -> /allOf/1/type"]
    assert moved(none, both) == ["breaking type-widened: /allOf/1/type -> /allOf/0/type"]


def test_a_list_of_values_that_goes_with_its_type():
    listed = {"type": "string", "enum": ["a"]}
    assert moved(listed, {}) == ["breaking type-widened: /type -> -", "dangerous enum-dropped: /enum -> -"]
    assert moved(listed, {"type": "string"}) == ["dangerous enum-dropped: /enum -> -"]
    assert moved({"enum": ["a"]}, {"type": "string"}) == ["dangerous enum-dropped: /enum -> -"]


def test_a_list_of_values_says_itself_which_types_are_left():
    assert moved({"enum": ["a", 1]}, {"enum": ["a"]}) == ["additive enum-value-removed: /enum -> /enum"]


def test_texts_of_a_subschema_that_allows_all():
    said_of = {"description": "Anything."}
    for keyword, kind in (("items", "array"), ("additionalProperties", "object"), ("contains", "array")):
        assert moved({"type": kind}, {"type": kind, keyword: said_of}) == [
            f"editorial field-description-changed: - -> /{keyword}/description"
        ]


def test_a_condition_in_other_words():
    base = {"type": "object", "if": {"required": ["a"]}, "then": {"required": ["b"]}}
    revision = base | {"then": {"required": ["b"], "description": "Both."}}
    assert moved(base, revision) == ["editorial condition-reworded: /if -> /if"]


def test_keywords_about_another_type_say_nothing_but_that():
    base = {
        "type": "string",
        "items": {"pattern": "a"},
        "prefixItems": [{"pattern": "a"}],
        "contains": {"pattern": "a"},
    }
    revision = {"type": "string", "items": {"pattern": "b"}, "prefixItems": [{}], "contains": {"pattern": "b"}}
    assert moved(base, revision) == [
        f"editorial ineffective-keyword-changed: /{keyword} -> /{keyword}"
        for keyword in ("contains", "items", "prefixItems")
    ]


def test_undeclared_properties_that_two_branches_describe():
    def schema(kind: str) -> Any:
        return {"allOf": [{"additionalProperties": {"maxLength": 4}}, {"additionalProperties": {"type": kind}}]}

    assert moved(schema("string"), schema("integer")) == [
        "breaking type-changed: /allOf/1/additionalProperties/type -> /allOf/1/additionalProperties/type"
    ]


def test_examples_beside_an_example():
    assert moved({"example": 1, "examples": [1, 2]}, {"example": 1, "examples": [1, 3]}) == [
        "editorial example-changed: /examples -> /examples"
    ]
    assert moved({"example": 1}, {"examples": [1]}) == []


@pytest.mark.parametrize(
    ("listed", "texts"),
    [
        (["on", 1.0, 2, True], ["on", "1.0", "2", "true"]),
        ([1.1, 1.9], ["1.10", "1.9"]),
        ([1.1, False], ["false", "1.1"]),
    ],
)
def test_numbers_that_a_string_lists_are_its_texts(listed: list[Any], texts: list[str]):
    """YAML makes numbers of `1.0` and `1.10`; code generators and servers of the API take the texts."""
    assert moved({"type": "string", "enum": listed}, {"type": "string", "enum": texts}) == []
    assert moved({"type": "string", "enum": texts}, {"type": "string", "enum": listed}) == []
    assert moved({"type": "string", "enum": listed}, {"type": "string", "enum": texts[:1]}) == [
        "additive enum-value-removed: /enum -> /enum"
    ]
    assert moved({"type": "string", "default": 1.0}, {"type": "string", "default": "1.0"}) == []


def test_numbers_that_no_string_lists_are_numbers():
    assert len(moved({"enum": [1, 2]}, {"enum": ["1", "2"]})) == 2


def test_listed_values_of_every_kind_come_and_go():
    base = spec(answer({"enum": [{"a": 1}, [1], "a", 1.5]}))
    kept = spec(answer({"enum": [{"a": 1}]}))
    other = spec(answer({"enum": [{"a": 2}, [2], "b", 2.5]}))
    at = "#/paths/~1a/get/responses/200/content/application~1json/schema/enum"
    assert said(base, kept) == [f"additive enum-value-removed: {at} -> {at}"]
    rules = sorted(line.partition(":")[0].partition(" ")[2] for line in said(base, other))
    assert rules == ["enum-value-added", "enum-value-removed"]
    assert said(spec(answer({"enum": 5})), spec(answer({"enum": 5}))) == []
