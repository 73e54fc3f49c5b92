"""No branch comes or goes in silence, also where another one allows all that it does."""

from typing import Any

from tests.diff.saying import answer, said, spec

NAME, SHORT, CAT = {"type": "string"}, {"type": "string", "maxLength": 5}, {"type": "object", "required": ["meow"]}
AT = "#/paths/~1a/get/responses/200/content/application~1json/schema/anyOf"


def test_a_branch_that_another_one_covers():
    base, revision = (spec(answer({"anyOf": branches})) for branches in ([CAT, NAME], [SHORT, CAT, NAME]))
    assert said(base, revision) == [f"additive covered-branch-added: - -> {AT}/0"]
    assert said(revision, base) == [f"additive covered-branch-removed: {AT}/0 -> -"]


def test_null_that_a_union_allows_or_no_longer():
    base, revision = (spec(answer({"anyOf": branches})) for branches in ([CAT, NAME], [CAT, NAME, {"type": "null"}]))
    assert said(base, revision) == [f"breaking null-newly-allowed: {AT} -> {AT}"]
    assert said(revision, base) == [f"additive null-no-longer-allowed: {AT} -> {AT}"]


def test_nullable_beside_a_union_is_what_it_says():
    base, revision = (
        spec(answer({"anyOf": [CAT, NAME]} | more)) | {"openapi": "3.0.3"} for more in ({}, {"nullable": True})
    )
    at = AT.removesuffix("/anyOf")
    assert said(base, revision) == [f"breaking null-newly-allowed: {AT} -> {at}/nullable"]
    modern = spec(answer({"anyOf": [CAT, NAME, {"type": "null"}]}))
    assert said(revision, modern) == ["editorial dialect-changed: #/openapi -> #/openapi"]


def test_a_union_of_which_no_branch_survives_is_another_type() -> None:
    forms = {
        "oneOf": [
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
            {"type": "object", "required": ["b"], "properties": {"b": {"type": "integer"}}},
        ]
    }
    for other in (
        {"type": "array", "items": {}},
        {"type": "string"},
        {"oneOf": [{"type": "string"}, {"type": "array"}]},
    ):
        for base, revision in ((forms, other), (other, forms)):
            found = said(spec(answer(base)), spec(answer(revision)))
            assert [line.partition(":")[0] for line in found] == ["breaking type-changed"], (base, revision)


def test_a_parent_of_its_own_children_is_read() -> None:
    def spec_of(tag: dict[str, Any]) -> dict[str, Any]:
        children = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
        parent = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, **tag}}
        child = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object"}]}
        schemas = {"Pet": parent | {"oneOf": children}, "Cat": child, "Dog": child}
        return spec(answer({"$ref": "#/components/schemas/Cat"}), components={"schemas": schemas})

    tagged, plain = spec_of({"tag": {"type": "string"}}), spec_of({})
    assert said(tagged, plain) == ["breaking property-removed: #/components/schemas/Pet/properties/tag -> -"]
    assert said(plain, tagged) == ["additive property-added: - -> #/components/schemas/Pet/properties/tag"]


def test_a_union_of_several_that_went_leaves_the_others_what_they_were() -> None:
    def two(letter: str) -> dict[str, Any]:
        return {"oneOf": [{"required": [f"{letter}{number}"]} for number in (1, 2)]}

    unions = [two(letter) for letter in "abc"]
    base, revision = (spec(answer({"allOf": found})) for found in (unions, unions[1:]))
    at = AT.removesuffix("/anyOf")
    assert said(base, revision) == [f"breaking composition-unset: {at}/allOf/0/oneOf -> -"]
    assert said(revision, base) == [f"additive composition-set: - -> {at}/allOf/0/oneOf"]
