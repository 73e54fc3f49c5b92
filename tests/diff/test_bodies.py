"""Forms: what is said of a field (Swagger 2.0), and how it is written."""

from typing import Any

from tests.diff.saying import said, spec


def _taking(field: dict[str, Any]) -> dict[str, Any]:
    operation = {
        "consumes": ["multipart/form-data"],
        "parameters": [field],
        "responses": {"200": {"description": "OK"}},
    }
    return {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": operation}}}


AT = "#/paths/~1a/post/parameters/0"
FIELD = {"name": "ids", "in": "formData", "type": "array", "items": {"type": "string"}}


def test_what_is_said_of_a_field():
    revision = _taking(FIELD | {"description": "Which.", "x-a": 1})
    assert said(_taking(FIELD), revision) == [
        f"editorial extension-changed: - -> {AT}/x-a",
        f"editorial field-description-changed: - -> {AT}/description",
    ]


def test_how_a_field_is_written():
    revision = _taking(FIELD | {"collectionFormat": "multi", "allowEmptyValue": True})
    assert said(_taking(FIELD), revision) == [
        f"additive empty-value-allowed: - -> {AT}/allowEmptyValue",
        f"breaking parameter-serialization-changed: {AT} -> {AT}",
    ]


def test_what_media_types_an_operation_takes_where_its_body_stays():
    base = _taking({"name": "body", "in": "body", "schema": {"type": "object"}})
    revision = _taking({"name": "body", "in": "body", "schema": {"type": "object"}})
    revision["paths"]["/a"]["post"]["consumes"] = ["application/json"]
    at = "#/paths/~1a/post/consumes"
    assert said(base, revision) == [
        f"additive media-type-added: - -> {at}",
        f"breaking media-type-removed: {at} -> -",
    ]


def test_the_encoding_of_a_field_that_no_schema_names():
    def encoded(encoding: Any) -> Any:
        content = {"multipart/form-data": {"schema": {"type": "object"}, "encoding": encoding}}
        return spec({"/a": {"post": {"requestBody": {"content": content}, "responses": {}}}})

    at = "#/paths/~1a/post/requestBody/content/multipart~1form-data/encoding/f"
    assert said(encoded({"f": {"contentType": "a/b"}}), encoded({"f": {"contentType": "a/c"}})) == [
        f"breaking encoding-changed: {at} -> {at}"
    ]
