"""A renamed property is compared with what it was; what became required is said also where its property went."""

from typing import Any

from apidiff import compare
from tests.diff.saying import answer, said, spec

AT = "#/paths/~1a/get/responses/200/content/application~1json/schema"


def _answering(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return spec(answer({"type": "object", "properties": properties, "required": list(required)}))


def test_a_renamed_property_says_what_else_became_of_it():
    base = _answering({"zip_check": {"type": "string", "maxLength": 9}}, "zip_check")
    revision = _answering({"zip_checks": {"type": "string", "maxLength": 12, "description": "All."}})
    was, now = f"{AT}/properties/zip_check", f"{AT}/properties/zip_checks"
    assert said(base, revision) == [
        f"breaking property-became-optional: {AT}/required -> -",
        f"breaking property-renamed: {was} -> {now}",
        f"dangerous max-length-increased: {was}/maxLength -> {now}/maxLength",
        f"editorial field-description-changed: - -> {now}/description",
    ]


def test_what_is_required_of_a_property_that_went():
    base, revision = _answering({"a": {"type": "string"}, "b": {}}), _answering({"b": {}}, "a")
    assert said(base, revision) == [
        f"additive property-became-required: - -> {AT}/required",
        f"breaking property-removed: {AT}/properties/a -> -",
    ]


def test_a_property_that_a_union_of_one_makes_write_only():
    base = _answering({"key": {"oneOf": [{"type": "string", "writeOnly": True}]}})
    revision = _answering({"key": {"oneOf": [{"type": "string"}]}})
    assert said(base, revision) == [f"additive property-became-readable: {AT}/properties/key/oneOf/0/writeOnly -> -"]


def test_a_property_under_another_name_altogether_is_known_by_its_definition():
    told = {"type": "string", "description": "How the connection is encrypted.", "example": "a"}

    def having(**properties: Any) -> Any:
        return spec(answer({"type": "object", "properties": properties}))

    (found,) = compare(having(ssl=told), having(protocol={**told, "example": "b", "x-added": 2})).changes[:1]
    assert (found.rule, found.renamed_to) == ("property-renamed", "protocol")
    assert found.why.endswith("Matched by the same definition.")
    plain = {"type": "string"}
    assert {change.rule for change in compare(having(ssl=plain), having(protocol=plain)).changes} == {
        "property-removed",
        "property-added",
    }
    two = compare(having(ssl=told), having(protocol=told, other=told)).changes
    assert {change.rule for change in two} == {"property-removed", "property-added"}
