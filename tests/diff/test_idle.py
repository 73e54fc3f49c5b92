"""A keyword without effect that changes is said to have none: nothing is passed over in silence."""

from itertools import product
from typing import Any, Final

import pytest

from apidiff import compare

TEXT, NUMBER, ONE, TWO = {"type": "string"}, {"type": "integer"}, {"required": ["a"]}, {"required": ["b"]}
ABOUT: Final[dict[str, dict[str, tuple[Any, Any]]]] = {
    "string": {
        "minLength": (1, 2),
        "maxLength": (5, 6),
        "pattern": ("^a", "^b"),
        "format": ("uuid", "date"),
    },
    "number": {
        "minimum": (1, 2),
        "maximum": (5, 6),
        "multipleOf": (2, 3),
        "format": ("float", "double"),
    },
    "array": {
        "minItems": (1, 2),
        "maxItems": (5, 6),
        "uniqueItems": (False, True),
        "items": (TEXT, NUMBER),
        "prefixItems": ([TEXT], [NUMBER]),
        "contains": (TEXT, NUMBER),
        "unevaluatedItems": (TEXT, False),
    },
    "object": {
        "properties": ({"a": TEXT}, {"a": NUMBER}),
        "required": (["a"], ["b"]),
        "minProperties": (1, 2),
        "maxProperties": (5, 6),
        "additionalProperties": (False, True),
        "propertyNames": (TEXT, NUMBER),
        "patternProperties": ({"^a": TEXT}, {"^a": NUMBER}),
        "dependentSchemas": ({"a": ONE}, {"a": TWO}),
        "dependentRequired": ({"a": ["b"]}, {"a": ["c"]}),
        "unevaluatedProperties": (TEXT, False),
    },
}
TYPES: Final = ("string", "number", "integer", "boolean", "array", "object")
FOREIGN: Final = [
    (kind, keyword, values)
    for (about, keywords), kind in product(ABOUT.items(), TYPES)
    for keyword, values in keywords.items()
    if kind != about
    and not (about == "number" and kind == "integer")
    and not (keyword == "format" and kind in ("string", "number", "integer"))
]
IDLE = "editorial ineffective-keyword-changed"


def spec(schema: Any, *, version: str = "3.1.0", kind: str = "body") -> dict[str, Any]:
    """An operation that answers with a schema in some place."""
    whole = {"items": {"type": "array", "items": schema}, "map": {"type": "object", "additionalProperties": schema}}
    operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
    if kind == "parameter":
        operation["parameters"] = [{"name": "p", "in": "query", "schema": schema}]
    elif kind == "header":
        operation["responses"]["200"]["headers"] = {"X-P": {"schema": schema}}
    else:
        operation["responses"]["200"]["content"] = {"application/json": {"schema": whole.get(kind, schema)}}
    return {"openapi": version, "info": {"title": "T"}, "paths": {"/a": {"get": operation}}}


def said(base: Any, revision: Any, **how: Any) -> list[str]:
    found = compare(spec(base, **how), spec(revision, **how)).changes
    return [f"{change.level.value} {change.rule}" for change in found]


@pytest.mark.parametrize(("kind", "keyword", "values"), FOREIGN)
def test_a_keyword_about_another_type_is_said_to_do_nothing(kind: str, keyword: str, values: tuple[Any, Any]):
    one, two = ({"type": kind, keyword: value} for value in values)
    plain = {"type": kind}
    for version in ("3.0.3", "3.1.0"):
        assert said(one, two, version=version) == [IDLE]
        assert said({"allOf": [plain, one]}, {"allOf": [plain, two]}, version=version) == [IDLE]
        came, went = said(plain, two, version=version), said(two, plain, version=version)
        assert came == went == ([] if two[keyword] is True and keyword.startswith("additional") else [IDLE])


@pytest.mark.parametrize(
    ("version", "base", "revision"),
    [
        ("3.1.0", {"minContains": 2}, {"minContains": 3}),
        ("3.1.0", {"type": "array", "maxContains": 2}, {"type": "array"}),
        ("3.1.0", {"then": ONE}, {"then": TWO}),
        ("3.1.0", {"if": ONE}, {"if": TWO}),
        ("3.1.0", {"additionalItems": TEXT, "items": TEXT}, {"items": TEXT}),
        ("3.1.0", {"type": "string", "nullable": True}, TEXT),
        ("3.1.0", {"type": "string", "x-nullable": False}, {"type": "string", "x-nullable": True}),
        ("3.0.3", {"nullable": True}, {}),
        ("3.0.3", {"type": "string", "const": "a"}, {"type": "string", "const": "b"}),
        ("3.0.3", {"type": "integer", "exclusiveMinimum": True}, NUMBER),
        ("3.1.0", {"enum": ["a", "b"]}, {"enum": ["a", "b"], "maxLength": 9}),
        ("3.1.0", {"enum": ["a", "b"], "pattern": "^[a-z]$"}, {"enum": ["a", "b"], "pattern": "^[a-c]$"}),
    ],
)
def test_so_is_what_lacks_something_or_belongs_elsewhere(version: str, base: Any, revision: Any):
    assert said(base, revision, version=version) == [IDLE]
    assert said(revision, base, version=version) == [IDLE]


@pytest.mark.parametrize("kind", ["body", "parameter", "header", "items", "map"])
@pytest.mark.parametrize("keyword", ["readOnly", "writeOnly"])
def test_so_is_the_access_to_what_is_no_property(kind: str, keyword: str):
    assert said(TEXT, {**TEXT, keyword: True}, kind=kind) == [IDLE]


def test_what_came_or_went_with_its_type_is_no_edit_of_its_own():
    assert said({"type": "string", "maxLength": 5}, NUMBER) == ["breaking type-changed"]
    assert said({"type": "string", "maxLength": 5}, {"type": "integer", "maxLength": 5}) == ["breaking type-changed"]
    assert said({"type": "object", "required": ["a"]}, {"type": "array", "items": TEXT}) == ["breaking type-changed"]


def test_a_list_that_a_keyword_cuts_short_says_so_itself():
    listed = {"enum": ["a", "bb"]}
    assert said({**listed, "maxLength": 1}, listed) == ["dangerous enum-value-added"]


def test_what_was_left_over_is_one_warning_for_the_document():
    def having(count: int, version: str = "3.1.0") -> dict[str, Any]:
        properties = {f"p{index}": {"type": "string", "nullable": True} for index in range(count)}
        return spec({"type": "object", "properties": properties}, version=version)

    def warned(count: int) -> tuple[str, ...]:
        return compare(having(count, "3.0.3"), having(count)).warnings

    at = "#/paths/~1a/get/responses/200/content/application~1json/schema/properties/p0"
    assert [one.partition("#")[2] for one in warned(3)] == [
        f"{at[1:]}): `nullable` is no keyword of openapi 3.1 and lets no null in here, nor in 2 more schemas"
    ]
    assert len(warned(2)) == len(warned(1)) == 1
    assert warned(0) == ()
    assert compare(having(1, "3.0.3"), having(1, "3.0.3")).warnings == ()


@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize("name", ["date", "date-time", "uuid", "email", "binary"])
def test_a_format_of_texts_says_nothing_of_a_number(kind: str, name: str):
    bare, told = {"type": kind}, {"type": kind, "format": name}
    for base, revision in ((bare, told), (told, bare)):
        changes = compare(_sending(base), _sending(revision)).changes
        assert [(one.level.value, one.rule) for one in changes] == [("editorial", "ineffective-keyword-changed")]


def test_a_format_of_numbers_counts():
    changes = compare(_sending({"type": "integer"}), _sending({"type": "integer", "format": "int32"})).changes
    assert [one.rule for one in changes] == ["integer-narrowed"]
    changes = compare(
        _sending({"type": ["integer", "string"]}), _sending({"type": ["integer", "string"], "format": "date"})
    ).changes
    assert [one.rule for one in changes] == ["format-tightened"]


@pytest.mark.parametrize("kind", ["string", "array"])
def test_a_discriminator_is_for_objects(kind: str):
    told = {"type": kind, "discriminator": {"propertyName": "k"}}
    changes = compare(_sending({"type": kind}), _sending(told)).changes
    assert [(one.level.value, one.rule) for one in changes] == [("editorial", "ineffective-keyword-changed")]


def _sending(schema: Any) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "OK"}}}
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}


def _keeping(held: dict[str, Any], used: Any) -> dict[str, Any]:
    """A spec that answers with a schema which keeps others for itself."""
    whole = _sending({"$ref": "#/components/schemas/P"})
    schema = {"type": "object", "properties": {"a": used}, "$defs": held}
    return {**whole, "components": {"schemas": {"P": schema}}}


def test_a_schema_that_nothing_refers_to_changes_nothing():
    def said(base: Any, revision: Any) -> list[str]:
        return [f"{one.level.value} {one.rule} {one.revision}" for one in compare(base, revision).changes]

    at, entry = "#/components/schemas/P/$defs", {"$ref": "#/components/schemas/P/$defs/m"}
    assert said(_keeping({"m": TEXT}, TEXT), _keeping({"m": NUMBER}, TEXT)) == [
        f"editorial ineffective-keyword-changed {at}/m"
    ]
    assert said(_keeping({"m": TEXT}, entry), _keeping({"m": NUMBER}, entry)) == [f"breaking type-changed {at}/m/type"]
    assert said(_keeping({"m": TEXT}, entry), _keeping({"n": TEXT}, {"$ref": "#/components/schemas/P/$defs/n"})) == []


@pytest.mark.parametrize("odd", [{}, [], {"a": []}, 5, None])
def test_a_format_that_is_no_text_has_no_effect(odd: Any):
    number = {"type": "number", "minLength": 1, "format": odd}
    changes = compare(spec(number), spec({**number, "minLength": 2})).changes
    assert [(one.level, one.rule) for one in changes] == [("editorial", "ineffective-keyword-changed")]
