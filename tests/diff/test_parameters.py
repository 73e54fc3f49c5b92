"""Parameters that are written as a media type."""

from typing import Any

import pytest

from tests.diff.saying import said, spec

IDLE = "editorial ineffective-keyword-changed"


def _taking(place: str, media: dict[str, Any], **more: Any) -> dict[str, Any]:
    parameter = {"name": "p", "in": place, "content": {"application/json": media}, **more}
    return spec({"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})


def test_what_is_said_of_the_media_type():
    base, revision = _taking("query", {"schema": {}}), _taking("query", {"schema": {}, "example": 1})
    at = "#/paths/~1a/get/parameters/0"
    assert said(base, revision) == [f"editorial example-changed: - -> {at}/content/application~1json/example"]


def test_no_style_counts_beside_them():
    sides = _taking("query", {"schema": {}}), _taking("query", {"schema": {}}, style="deepObject", allowReserved=True)
    at = "#/paths/~1a/get/parameters/0"
    assert said(*sides) == [f"{IDLE}: - -> {at}/allowReserved", f"{IDLE}: - -> {at}/style"]


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


def _sent(place: str, version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    """A spec whose one operation has a parameter `p` in a place."""
    parameter = {"name": "p", "in": place, "schema": {"type": "string"}, **more}
    made = spec({"/a/{p}": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})
    return made | {"openapi": version}


AT = "#/paths/~1a~1{p}/get/parameters/0"


@pytest.mark.parametrize(
    ("key", "place", "version", "rule"),
    [
        ("allowEmptyValue", "query", "3.1.0", "additive empty-value-allowed"),
        ("allowEmptyValue", "header", "3.0.3", "editorial ineffective-keyword-changed"),
        ("allowEmptyValue", "path", "3.2.0", "editorial ineffective-keyword-changed"),
        ("allowReserved", "query", "3.0.3", "breaking parameter-serialization-changed"),
        ("allowReserved", "path", "3.2.0", "breaking parameter-serialization-changed"),
        ("allowReserved", "path", "3.1.0", "editorial ineffective-keyword-changed"),
        ("allowReserved", "header", "3.2.0", "editorial ineffective-keyword-changed"),
        ("allowReserved", "cookie", "3.0.3", "editorial ineffective-keyword-changed"),
    ],
)
def test_a_flag_counts_in_its_places(key: str, place: str, version: str, rule: str):
    changed = said(_sent(place, version), _sent(place, version, **{key: True}))
    revision = AT if key == "allowReserved" and "serialization" in rule else f"{AT}/{key}"
    base = AT if "serialization" in rule else "-"
    assert changed == [f"{rule}: {base} -> {revision}"]


@pytest.mark.parametrize(
    ("version", "kind", "written", "keys"),
    [
        ("3.0.3", "integer", {"explode": False}, ["explode"]),
        ("3.0.3", "integer", {"explode": True}, []),  # as it is where nothing is said
        ("3.1.0", "boolean", {"allowReserved": True}, ["allowReserved"]),
        ("3.1.0", "integer", {"style": "pipeDelimited", "explode": True}, ["style"]),
        ("2.0", "integer", {"collectionFormat": "pipes"}, ["collectionFormat"]),
        ("2.0", "integer", {"collectionFormat": "multi"}, ["collectionFormat"]),
        ("2.0", "integer", {"collectionFormat": "csv"}, []),
    ],
)
def test_how_a_list_would_be_written_is_nothing_to_a_plain_value(
    version: str, kind: str, written: dict[str, Any], keys: list[str]
):
    def taking(**more: Any) -> dict[str, Any]:
        own = {"type": kind} if version == "2.0" else {"schema": {"type": kind}}
        operation = {"parameters": [{"name": "p", "in": "query", **own, **more}], "responses": {}}
        kept = {key: value for key, value in spec({"/a": {"get": operation}}).items() if key != "openapi"}
        return {("swagger" if version == "2.0" else "openapi"): version, **kept}

    idle = [f"{IDLE}: - -> #/paths/~1a/get/parameters/0/{key}" for key in keys]
    assert said(taking(), taking(**written)) == idle


def test_a_list_in_cookies_of_its_own_style():
    items = {"type": "array", "items": {"type": "string"}}
    sides = [_sent("cookie", "3.2.0", schema=items, style=style) for style in ("form", "cookie")]
    assert said(*sides) == [f"breaking parameter-serialization-changed: {AT} -> {AT}"]
    numbers = {"type": "array", "items": {"type": "integer"}}
    joined = [_sent("cookie", "3.2.0", schema=numbers, style=style, explode=False) for style in ("form", "cookie")]
    assert said(*joined) == [f"{IDLE}: {AT}/style -> {AT}/style"]


def test_a_cookie_that_is_percent_encoded_or_not():
    def moved(schema: dict[str, Any], **more: Any) -> list[str]:
        return said(
            *(
                _sent("cookie", "3.2.0", schema=schema, **one)
                for one in ({"style": "form", **more}, {"style": "cookie"})
            )
        )

    assert moved({"type": "string"}) == [f"breaking parameter-serialization-changed: {AT} -> {AT}"]
    idle = [f"{IDLE}: {AT}/style -> {AT}/style"]
    for plain in ({"type": "integer"}, {"type": "string", "enum": ["a-b"]}, {"type": "string", "format": "uuid"}):
        assert moved(plain) == idle
    assert moved({"type": "string"}, allowReserved=True) == [f"{IDLE}: {AT}/allowReserved -> -", *idle]


def test_a_sequence_of_items_in_a_parameter():
    def taking(kind: str, version: str) -> dict[str, Any]:
        media = {"itemSchema": {"type": kind}}
        parameter = {"name": "p", "in": "query", "content": {"application/jsonl": media}}
        made = spec({"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})
        return made | {"openapi": version}

    at = "#/paths/~1a/get/parameters/0/content/application~1jsonl/itemSchema"
    assert said(taking("integer", "3.2.0"), taking("string", "3.2.0")) == [
        f"breaking type-changed: {at}/type -> {at}/type"
    ]
    assert said(taking("integer", "3.1.0"), taking("string", "3.1.0")) == [
        f"editorial unknown-key-changed: {at} -> {at}"
    ]


def test_a_media_type_of_a_parameter_may_be_a_component():
    def taking(kind: str) -> dict[str, Any]:
        entry = {"$ref": "#/components/mediaTypes/one"}
        parameter = {"name": "p", "in": "query", "content": {"application/json": entry}}
        made = spec({"/a": {"get": {"parameters": [parameter], "responses": {"200": {"description": "OK"}}}}})
        return made | {"openapi": "3.2.0", "components": {"mediaTypes": {"one": {"schema": {"type": kind}}}}}

    at = "#/components/mediaTypes/one/schema/type"
    assert said(taking("integer"), taking("string")) == [f"breaking type-changed: {at} -> {at}"]
