"""Parameters that are written as a media type."""

from typing import Any

from tests.diff.saying import said, spec


def _taking(place: str, media: dict[str, Any], **more: Any) -> dict[str, Any]:
    parameter = {"name": "p", "in": place, "content": {"application/json": media}, **more}
    return spec({"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})


def test_what_is_said_of_the_media_type():
    base, revision = _taking("query", {"schema": {}}), _taking("query", {"schema": {}, "example": 1})
    at = "#/paths/~1a/get/parameters/0"
    assert said(base, revision) == [f"editorial example-changed: - -> {at}/content/application~1json/example"]


def test_style_says_nothing_of_them():
    base, revision = _taking("query", {"schema": {}}), _taking("query", {"schema": {}}, explode=False)
    assert said(base, revision) == []


def test_a_schema_where_there_was_none():
    def taking(**more: Any) -> dict[str, Any]:
        parameter = {"name": "p", "in": "query", **more}
        return spec({"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})

    at = "#/paths/~1a/get/parameters/0"
    assert said(taking(), taking(schema={"type": "string"})) == [f"breaking type-narrowed: - -> {at}/schema"]
    assert said(taking(), taking(schema={"description": "P."})) == [
        f"editorial field-description-changed: - -> {at}/schema/description"
    ]
    assert said(taking(deprecated=True), taking(deprecated=False)) == [
        f"additive parameter-reactivated: {at}/deprecated -> -"
    ]
