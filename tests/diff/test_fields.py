"""Every field that a version of the specification defines is judged by a rule of its own when it changes.

`fields.json` lists them by version and object. It was read off the official JSON Schemas of 2.0, 3.0, 3.1 and 3.2 (what
those of 3.1 and 3.2 say by conditions, and in the vocabulary of JSON Schema 2020-12, is beside it).
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from apidiff import compare

FIELDS: Final = json.loads(Path(__file__).with_name("fields.json").read_text(encoding="utf-8"))
LATE: Final = {"paths", "webhooks", "components", "definitions", "parameters", "responses", "securityDefinitions"}
"""Sections, whose things are objects of their own."""
UNSAID: Final = {
    "$ref": "a reference is what it names",
    "$anchor": "a name that only references see",
    "$dynamicAnchor": "a name that only references see",
    "$id": "a name that only references see",
    "$schema": "the dialect of the document says it",
}
OF_THEIR_OWN: Final = {
    *(("document", "info"), ("operation", "parameters"), ("operation", "requestBody"), ("operation", "responses")),
    *(("oauth2", "flows"), ("response", "headers"), ("document", "swagger")),
}
"""Fields that hold objects of the list, and the one that has a single value."""
UNSEEN: Final = {
    ("header", "explode"): "a list in a header looks alike",
    ("header", "collectionFormat"): "a header that is no list looks alike",
    ("body parameter", "name"): "a body has no name on the wire",
}
BESIDE: Final[dict[str, dict[str, Any]]] = {
    "minContains": {"contains": {"type": "integer"}},
    "maxContains": {"contains": {"type": "integer"}},
    "then": {"if": {"required": ["a"]}},
    "else": {"if": {"required": ["a"]}},
    "if": {"then": {"required": ["b"]}},
    "exclusiveMinimum": {"minimum": 0},
    "exclusiveMaximum": {"maximum": 9},
}
TYPES: Final = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"), "string"),
    **dict.fromkeys(("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "integer"),
    **dict.fromkeys(
        ("items", "contains", "prefixItems", "uniqueItems", "minItems", "maxItems", "minContains"), "array"
    ),
    **dict.fromkeys(("maxContains", "unevaluatedItems", "collectionFormat"), "array"),
}
TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
ONE, TWO = ({"type": "object", "required": [name]} for name in "ab")
VALUES: Final[dict[str, tuple[Any, Any]]] = {
    **dict.fromkeys(
        ("deprecated", "readOnly", "writeOnly", "nullable", "required", "explode", "allowReserved"), (False, True)
    ),
    **dict.fromkeys(("uniqueItems", "allowEmptyValue", "attribute", "wrapped"), (False, True)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), (1, 2)),
    **dict.fromkeys(("minContains", "maxContains", "minimum", "maximum", "multipleOf"), (2, 3)),
    **dict.fromkeys(("items", "not", "contains", "schema", "itemSchema", "contentSchema"), (TEXT, NUMBER)),
    **dict.fromkeys(("additionalProperties", "unevaluatedItems", "unevaluatedProperties"), (TEXT, NUMBER)),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas", "$defs"), ({"a": TEXT}, {"a": NUMBER})),
    "prefixItems": ([TEXT], [NUMBER]),
    "allOf": ([{"required": ["a"]}], [{"required": ["b"]}]),
    **dict.fromkeys(("oneOf", "anyOf"), ([ONE, TWO], [ONE, {"type": "object", "required": ["a", "b"]}])),
    **dict.fromkeys(("if", "then", "else"), ({"required": ["a"]}, {"required": ["b"]})),
    "propertyNames": ({"maxLength": 3}, {"maxLength": 2}),
    "dependentRequired": ({"a": ["b"]}, {"a": ["c"]}),
    "enum": (["a", "b"], ["a"]),
    "const": ("a", "b"),
    "type": ("string", "integer"),
    "discriminator": ({"propertyName": "a"}, {"propertyName": "b"}),
    "xml": ({"name": "a"}, {"name": "b"}),
    "externalDocs": ({"url": "https://a.example"}, {"url": "https://b.example"}),
    "content": ({"application/json": {"schema": TEXT}}, {"application/json": {"schema": NUMBER}}),
    "headers": ({"X-A": {"schema": TEXT}}, {"X-A": {"schema": NUMBER}}),
    "encoding": ({"a": {"contentType": "text/plain"}}, {"a": {"contentType": "text/css"}}),
    "prefixEncoding": ([{"contentType": "text/plain"}], [{"contentType": "text/css"}]),
    "itemEncoding": ({"contentType": "text/plain"}, {"contentType": "text/css"}),
    "examples": ({"a": {"value": 1}}, {"a": {"value": 2}}),
    "links": ({"a": {"operationId": "one"}}, {"a": {"operationId": "two"}}),
    "callbacks": ({}, {"done": {"{$request.body#/url}": {"post": {"responses": {"200": {"description": "OK"}}}}}}),
    "parameters": ({"id": "$response.body#/a"}, {"id": "$response.body#/b"}),
    "server": ({"url": "https://a.example"}, {"url": "https://b.example"}),
    "servers": ([{"url": "https://a.example"}], [{"url": "https://b.example"}]),
    "variables": ({"v": {"default": "a"}}, {"v": {"default": "b"}}),
    "mapping": ({"a": "One"}, {"a": "Two"}),
    "defaultMapping": ("One", "Two"),
    "in": ("query", "header"),
    "style": ("form", "deepObject"),
    "collectionFormat": ("csv", "multi"),
    "security": ([{"login": []}], []),
    "tags": (["a"], ["b"]),
    "contact": ({"name": "a"}, {"name": "b"}),
    "license": ({"name": "a"}, {"name": "b"}),
    "produces": (["application/json"], ["application/xml"]),
    "consumes": (["application/json"], ["application/xml"]),
    "schemes": (["https"], ["http"]),
    "scopes": ({"a": "One"}, {"b": "Two"}),
    "nodeType": ("element", "attribute"),
    "basePath": ("/a", "/b"),
    "host": ("a.example", "b.example"),
}
OWN_VALUES: Final[dict[tuple[str, str], tuple[Any, Any]]] = {
    ("schema", "required"): (["a"], ["b"]),
    ("schema", "examples"): ([1], [2]),
    ("variable", "enum"): (["a", "b"], ["a"]),
    ("document", "tags"): ([{"name": "a", "description": "A"}], [{"name": "a", "description": "B"}]),
    ("api key", "type"): ("apiKey", "basic"),
    ("scheme", "type"): ("apiKey", "http"),
    ("http", "type"): ("http", "apiKey"),
    ("http", "scheme"): ("bearer", "basic"),
    ("openid", "type"): ("openIdConnect", "http"),
    ("oauth2", "type"): ("oauth2", "basic"),
    ("oauth2", "flow"): ("accessCode", "implicit"),
    ("response", "examples"): ({"application/json": 1}, {"application/json": 2}),
    ("header", "style"): ("simple", "form"),
    ("link", "requestBody"): ("$request.body", "$response.body"),
    ("example", "value"): (1, 2),
    ("document", "openapi"): ("3.1.0", "3.1.1"),
}


def openapi(version: str, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A spec of OpenAPI 3, and each of its objects by name."""
    of: dict[str, Any] = {
        "schema": {"type": kind} | ({"properties": {"a": TEXT, "b": TEXT}} if kind == "object" else {}),
        "encoding": {"style": "form"},
        "header": {"schema": {"type": "array", "items": TEXT}},
        "parameter": {"name": "p", "in": "query", "schema": {"type": "object", "properties": {"a": TEXT}}},
        "link": {"operationId": "list"},
        "example": {},
        "xml": {},
        "discriminator": {"propertyName": "a"},
        "api key": {"type": "apiKey", "name": "k", "in": "header"},
        "scheme": {"type": "apiKey", "name": "k", "in": "header"},
        "http": {"type": "http", "scheme": "digest"},
        "openid": {"type": "openIdConnect", "openIdConnectUrl": "https://o.example"},
        "flow": {"authorizationUrl": "https://a.example", "tokenUrl": "https://t.example", "scopes": {}},
        "variable": {"default": "a"},
        "info": {"title": "T", "version": "1"},
        "contact": {},
        "license": {"name": "L"},
        "tag": {"name": "t"},
        "external docs": {"url": "https://d.example"},
    }
    of["flows"] = {"authorizationCode": of["flow"]}
    of["oauth2"] = {"type": "oauth2", "flows": of["flows"]}
    of["media type"] = {"schema": {"type": "array", "items": TEXT}, "examples": {"one": of["example"]}}
    form = {"type": "object", "properties": {"a": {"type": "array", "items": TEXT}}}
    of["request body"] = {
        "content": {
            "application/json": {"schema": of["schema"]},
            "multipart/form-data": {"schema": form, "encoding": {"a": of["encoding"]}},
            "application/xml": {
                "schema": {"type": "object", "properties": {"x": {"type": "string", "xml": of["xml"]}}}
            },
            "application/pets": {
                "schema": {
                    "oneOf": [{"$ref": f"#/components/schemas/{n}"} for n in ("One", "Two")],
                    "discriminator": of["discriminator"],
                }
            },
        }
    }
    of["response"] = {
        "description": "OK",
        "headers": {"X-A": of["header"]},
        "content": {"multipart/mixed": of["media type"]},
        "links": {"next": of["link"]},
    }
    names = ("scheme", "api key", "http", "openid", "oauth2")
    of["operation"] = {
        "operationId": "one",
        "parameters": [of["parameter"]],
        "requestBody": of["request body"],
        "responses": {"200": of["response"]},
        "security": [{name.replace(" ", ""): [] for name in names}],
        "externalDocs": of["external docs"],
    }
    of["path item"] = {"post": of["operation"]}
    of["server"] = {"url": "https://{v}.example", "variables": {"v": of["variable"]}}
    of["info"] |= {"contact": of["contact"], "license": of["license"]}
    forms = {
        name: {"type": "object", "required": ["a", "b"], "properties": {"a": TEXT, "b": TEXT}}
        for name in ("One", "Two")
    }
    of["components"] = {"schemas": forms, "securitySchemes": {name.replace(" ", ""): of[name] for name in names}}
    of["document"] = {
        "openapi": f"{version}.0",
        "info": of["info"],
        "servers": [of["server"]],
        "tags": [of["tag"]],
        "paths": {
            "/a": of["path item"],
            "/b": {"get": {"operationId": "list", "responses": {"200": {"description": "OK"}}}},
        },
        "components": of["components"],
    }
    return of["document"], of


def swagger(version: str, kind: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same for Swagger 2.0."""
    of: dict[str, Any] = {
        "schema": {"type": kind} | ({"properties": {"a": TEXT, "b": TEXT}} if kind == "object" else {}),
        "parameter": {"name": "p", "in": "query", "type": kind if kind != "object" else "string"},
        "header": {"type": kind if kind != "object" else "string"},
        "xml": {},
        "api key": {"type": "apiKey", "name": "k", "in": "header"},
        "oauth2": {
            "type": "oauth2",
            "flow": "accessCode",
            "scopes": {},
            "authorizationUrl": "https://a.example",
            "tokenUrl": "https://t.example",
        },
        "contact": {},
        "license": {"name": "L"},
        "tag": {"name": "t"},
        "external docs": {"url": "https://d.example"},
    }
    if kind == "array":
        of["parameter"]["items"] = of["header"]["items"] = TEXT
    of["body parameter"] = {"name": "b", "in": "body", "schema": of["schema"]}
    of["info"] = {"title": "T", "version": "1", "contact": of["contact"], "license": of["license"]}
    written = {"type": "object", "properties": {"x": {"type": "string", "xml": of["xml"]}}}
    of["response"] = {"description": "OK", "schema": written, "headers": {"X-A": of["header"]}}
    of["operation"] = {
        "operationId": "one",
        "consumes": ["application/xml"],
        "produces": ["application/xml"],
        "parameters": [of["parameter"], of["body parameter"]],
        "responses": {"200": of["response"]},
        "security": [{"apikey": [], "oauth2": []}],
        "externalDocs": of["external docs"],
    }
    of["path item"] = {"post": of["operation"]}
    answer = {"description": "OK", "schema": {"type": "object"}}
    plain = {
        "post": {
            "operationId": "list",
            "parameters": [{"name": "b", "in": "body", "schema": {"type": "object"}}],
            "responses": {"200": answer},
        }
    }
    of["document"] = {
        "swagger": version,
        "info": of["info"],
        "host": "h.example",
        "tags": [of["tag"]],
        "paths": {"/a": of["path item"], "/b": plain},
        "securityDefinitions": {"apikey": of["api key"], "oauth2": of["oauth2"]},
    }
    return of["document"], of


def fields() -> Iterator[tuple[str, str, str]]:
    for version, objects in FIELDS.items():
        for name, known in objects.items():
            for field in known:
                if field in UNSAID or (name == "document" and field in LATE) or name in ("components", "flows"):
                    continue
                if (name, field) in OF_THEIR_OWN or (name, field) in UNSEEN:
                    continue
                if name == "path item" and field not in ("summary", "description", "servers"):
                    continue
                yield version, name, field


@pytest.mark.slow
@pytest.mark.parametrize(("version", "name", "field"), tuple(fields()))
def test_a_field_that_changes_is_called_what_it_is(version: str, name: str, field: str) -> None:
    sides = []
    strict = (1, 2) if version > "3.0" else (False, True)
    values = strict if field.startswith("exclusive") else OWN_VALUES.get((name, field), VALUES.get(field, ("a", "b")))
    for value in values:
        document, of = (swagger if version == "2.0" else openapi)(version, TYPES.get(field, "object"))
        of[name].update(BESIDE.get(field, {}))
        of[name][field] = value
        sides.append(deepcopy(document))
    said = {change.rule for change in compare(sides[0], sides[1]).changes}
    assert said - {"version-not-raised"}
    assert not said & {"extension-changed", "unknown-key-changed", "unclassified"}


def test_a_key_that_no_version_defines_is_said_to_be_unknown() -> None:
    for version, objects in FIELDS.items():
        for name in objects.keys() - {"components", "flows", "flow", "path item"}:
            sides = []
            for value in ("a", "b"):
                document, of = (swagger if version == "2.0" else openapi)(version, "object")
                of[name]["wording"] = value
                sides.append(deepcopy(document))
            said = {change.rule for change in compare(sides[0], sides[1]).changes}
            assert "extension-changed" not in said, (version, name)
