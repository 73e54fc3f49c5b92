"""Forms: what is said of a field (Swagger 2.0), and how it is written. Answers by their status."""

from typing import Any

from apidiff import compare
from tests.diff.saying import said, spec


def _taking(field: dict[str, Any]) -> dict[str, Any]:
    operation = {
        "consumes": ["multipart/form-data"],
        "parameters": [field],
        "responses": {"200": {"description": "OK"}},
    }
    return {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}


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
        f"editorial encoding-of-plain-value-changed: {at} -> {at}"
    ]


def _answering(status: str, media: str, schema: Any) -> Any:
    answer = {"description": "OK", "content": {media: {"schema": schema}}}
    return spec({"/a": {"post": {"responses": {status: answer}}}})


def test_what_an_answer_holds_is_compared_under_the_status_that_took_its_place():
    at, schema = "#/paths/~1a/post/responses", "content/application~1json/schema/type"
    base = _answering("201", "application/json", {"type": "string"})
    assert said(base, _answering("200", "application/json", {"type": "integer"})) == [
        f"additive successor-response-added: - -> {at}/200",
        f"breaking success-response-replaced: {at}/201 -> -",
        f"breaking type-changed: {at}/201/{schema} -> {at}/200/{schema}",
    ]
    assert said(base, _answering("204", "text/csv", {"type": "integer"})) == [
        f"additive successor-response-added: - -> {at}/204",
        f"breaking success-response-replaced: {at}/201 -> -",
    ]


def test_a_status_names_the_one_that_took_its_place():
    base, revision = (_answering(status, "application/json", {}) for status in ("201", "200"))
    assert {change.title for change in compare(base, revision).changes} == {
        "success status `201` of `POST /a` was replaced by `200`",
        "success status `200` of `POST /a` took the place of `201`",
    }


def test_an_example_belongs_to_its_media_type_in_swagger_too():
    def swagger(examples: Any) -> Any:
        response = {"description": "OK", "schema": {"type": "object"}} | ({"examples": examples} if examples else {})
        paths = {"/a": {"get": {"responses": {"200": response}}}}
        return {"swagger": "2.0", "info": {"title": "T"}, "paths": paths}

    def modern(**said_of: Any) -> Any:
        content = {"application/json": {"schema": {"type": "object"}, **said_of}}
        return spec({"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}})

    at = "#/paths/~1a/get/responses/200"
    old, new = f"{at}/examples/application~1json", f"{at}/content/application~1json/example"
    dialect = "editorial dialect-changed: #/swagger -> #/openapi"
    one, two = ({"application/json": {"n": number}} for number in (1, 2))
    assert said(swagger(one), swagger(two)) == [f"editorial example-changed: {old} -> {old}"]
    assert said(swagger(one), modern(example={"n": 1})) == [dialect]
    assert said(swagger(one), modern(example={"n": 2})) == [dialect, f"editorial example-changed: {old} -> {new}"]
    beside = {"text/html": "<p>"}
    assert said(swagger(one), swagger({**one, **beside})) == [f"editorial example-changed: - -> {at}/examples"]
    assert said(swagger(beside), swagger({})) == [f"editorial example-changed: {at}/examples -> -"]
