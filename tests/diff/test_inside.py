"""Unions held against one of their own branches, and properties that move into a union of their object."""

from typing import Any

import pytest

from tests.diff.saying import answer, said, spec

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def form(kind: str, **more: Any) -> dict[str, Any]:
    properties = {"kind": {"type": "string", "enum": [kind]}, kind: TEXT}
    return {"type": "object", "required": ["kind", kind], "properties": properties, **more}


SCHEMAS = {"Card": form("card"), "Bank": form("bank"), "Cash": form("cash")}


def refs(*names: str) -> list[dict[str, Any]]:
    return [{"$ref": f"#/components/schemas/{name}"} for name in names]


def sent(schema: Any, version: str = "3.0.3") -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object", "properties": {"payer": schema}}}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "OK"}}}
    return spec({"/pay": {"post": operation}}, openapi=version, components={"schemas": SCHEMAS})


def received(schema: Any, version: str = "3.0.3") -> dict[str, Any]:
    return spec(answer(schema), openapi=version, components={"schemas": SCHEMAS})


def rules(base: Any, revision: Any) -> list[str]:
    return [line.partition(":")[0] for line in said(base, revision)]


BESIDE: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, "3.0.3"),
    "null": ({"nullable": True}, "3.0.3"),
    "a type": ({"type": "object"}, "3.0.3"),
    "words": ({"title": "Payer", "description": "Who pays.", "deprecated": True}, "3.0.3"),
    "a property": ({"type": "object", "properties": {"note": TEXT}}, "3.1.0"),
    "the discriminator": ({"discriminator": {"propertyName": "kind"}}, "3.1.0"),
}


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize(("beside", "version"), BESIDE.values(), ids=BESIDE.keys())
def test_one_branch_becomes_several(keyword: str, beside: Any, version: str) -> None:
    one, two, three = (
        {**beside, keyword: refs(*names)} for names in (("Card",), ("Card", "Bank"), ("Card", "Bank", "Cash"))
    )
    assert rules(sent(one, version), sent(two, version)) == ["additive branch-added"]
    assert rules(sent(two, version), sent(one, version)) == ["breaking branch-removed"]
    assert rules(received(one, version), received(two, version)) == ["dangerous branch-added"]
    assert rules(received(two, version), received(one, version)) == ["additive branch-removed"]
    assert rules(sent(one, version), sent(three, version)) == ["additive branch-added"] * 2


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_null_is_a_branch_of_its_own(keyword: str) -> None:
    null = {"type": "null"}
    one, two, bare = (
        {keyword: branches} for branches in ([*refs("Card"), null], [*refs("Card", "Bank"), null], refs("Card", "Bank"))
    )
    assert rules(sent(one, "3.1.0"), sent(two, "3.1.0")) == ["additive branch-added"]
    assert rules(sent(one, "3.1.0"), sent(bare, "3.1.0")) == [
        "additive branch-added",
        "breaking null-no-longer-allowed",
    ]
    assert rules(sent(bare, "3.1.0"), sent(one, "3.1.0")) == ["additive null-newly-allowed", "breaking branch-removed"]


def test_a_plain_schema_that_null_goes_beside() -> None:
    plain = {"type": "array", "items": TEXT, "nullable": True}
    wider = {"anyOf": [TEXT, {"type": "array", "items": TEXT}, {"nullable": True}]}
    assert rules(sent(plain), sent(wider)) == ["additive branch-added"] * 2
    apart = {"anyOf": [TEXT, {"type": "array", "items": TEXT}], "nullable": True}
    assert rules(sent(plain), sent(apart)) == ["additive branch-added"]
    inside = {"anyOf": [TEXT, {"type": "array", "items": TEXT, "nullable": True}]}
    assert rules(sent(plain), sent(inside)) == ["additive branch-added"]
    without = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
    assert rules(sent(plain), sent(without)) == ["additive branch-added", "breaking null-no-longer-allowed"]


def test_an_untyped_branch_allows_null_and_all_else() -> None:
    one, two = {"$ref": "#/components/schemas/Card"}, {"anyOf": [*refs("Card"), {"nullable": True}]}
    assert rules(received(one), received(two)) == ["dangerous branch-added"]
    assert rules(sent(one), sent(two)) == ["additive branch-added"]


def moved(*branches: Any, **whole: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["kind"], **whole, "oneOf": list(branches)}


WHOLE = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"type": "string", "enum": ["a", "b"]}, "n": NUMBER},
}
A = {"properties": {"kind": {"type": "string", "enum": ["a"]}, "n": NUMBER}}
B = {"properties": {"kind": {"type": "string", "enum": ["b"]}, "n": NUMBER}}
C = {"properties": {"kind": {"type": "string", "enum": ["c"]}, "n": TEXT}}


def test_a_property_that_moves_into_every_branch() -> None:
    assert rules(received(WHOLE), received(moved(A, B))) == ["additive composition-set"]
    assert rules(received(moved(A, B)), received(WHOLE)) == ["breaking composition-unset"]
    assert rules(received(WHOLE), received(moved(A, B, C))) == [
        "additive composition-set",
        "dangerous enum-value-added",
        "dangerous type-became-union",
    ]


def test_a_property_that_moves_into_some_branches() -> None:
    whole = {**WHOLE, "required": ["kind", "n"]}
    some = moved({**A, "required": ["n"]}, {"properties": {"kind": {"type": "string", "enum": ["b"]}}})
    assert rules(received(whole), received(some)) == ["additive composition-set", "breaking property-became-optional"]
    every = moved({**A, "required": ["n"]}, {**B, "required": ["n"]})
    assert rules(received(whole), received(every)) == ["additive composition-set"]


def test_a_union_of_plain_values_in_a_form_is_written_as_one_of_them() -> None:
    kinds = {"type": "string", "enum": ["a", "b"]}
    union = {"anyOf": [kinds, {"type": "string", "maxLength": 500}]}

    def form(schema: Any, **media: Any) -> dict[str, Any]:
        body = {"schema": {"type": "object", "properties": {"type": schema}}, **media}
        content = {"content": {"application/x-www-form-urlencoded": body}}
        operation = {"requestBody": content, "responses": {"200": {"description": "OK"}}}
        return spec({"/cards": {"post": operation}}, openapi="3.0.0")

    deep = {"encoding": {"type": {"style": "deepObject", "explode": True}}}
    for one, two in ((form(union, **deep), form(kinds)), (form(kinds), form(union, **deep))):
        assert not [rule for rule in rules(one, two) if rule == "breaking encoding-changed"]
