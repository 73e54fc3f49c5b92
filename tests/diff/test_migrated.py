"""Bytes in OpenAPI 3.0 and in 3.1: the table for migrating binary descriptions (OpenAPI 3.2, 4.14.3)."""

from typing import Any

import pytest

from apidiff import compare

BINARY = {"type": "string", "format": "binary"}
BYTE = {"type": "string", "format": "byte"}
PNG = {"contentMediaType": "image/png"}
BASE64 = {"type": "string", "contentEncoding": "base64"}


def spec(version: str, media: str, entry: Any) -> dict[str, Any]:
    """An operation that takes and gives one body, None for a media type without a schema."""
    content = {"content": {media: {} if entry is None else {"schema": entry}}}
    operation = {"requestBody": content, "responses": {"200": {"description": "OK", **content}}}
    return {"openapi": version, "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}


def said(base: Any, revision: Any) -> set[str]:
    """`level rule` of each change but that the version of the specification is another one."""
    found = compare(base, revision).changes
    return {f"{change.level.value} {change.rule}" for change in found if change.rule != "dialect-changed"}


@pytest.mark.parametrize("media", ["application/octet-stream", "image/png", "application/json"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BINARY, {}),
        (BINARY, PNG),
        (BINARY, {"contentMediaType": "application/octet-stream"}),
        (BINARY, {"type": "string", **PNG}),
        (BINARY, BINARY),
        (BINARY, None),
        (BYTE, BASE64),
        (BYTE, {**BASE64, **PNG}),
        (BYTE, BYTE),
    ],
)
def test_the_same_bytes_are_no_change(media: str, old: Any, new: Any):
    for version in ("3.1.0", "3.2.0"):
        assert said(spec("3.0.3", media, old), spec(version, media, new)) == set()
        assert said(spec(version, media, new), spec("3.0.3", media, old)) == set()


def test_so_are_the_parts_of_a_form():
    def form(version: str, part: Any) -> dict[str, Any]:
        return spec(version, "multipart/form-data", {"type": "object", "properties": {"f": part}})

    assert said(form("3.0.3", BINARY), form("3.1.0", {})) == set()
    assert said(form("3.0.3", BINARY), form("3.1.0", {"contentMediaType": "application/octet-stream"})) == set()
    assert said(form("3.0.3", BYTE), form("3.1.0", BASE64)) == set()


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_bytes_in_the_place_of_text_are_dangerous_in_any_version(version: str):
    text = {"type": "string"}
    for old, new in ((text, BINARY), (BINARY, text)):
        assert said(spec("3.0.3", "text/plain", old), spec(version, "text/plain", new)) == {
            "dangerous binary-format-changed"
        }


def test_what_else_is_said_of_them_counts():
    old, new = {**BINARY, "maxLength": 9}, {**PNG, "maxLength": 5}
    assert said(spec("3.0.3", "image/png", old), spec("3.1.0", "image/png", new)) >= {"breaking max-length-decreased"}
    assert "breaking type-changed" in said(
        spec("3.0.3", "image/png", BINARY), spec("3.1.0", "image/png", {"type": "integer"})
    )
    assert "breaking format-tightened" in said(
        spec("3.1.0", "image/png", {**BASE64, "contentEncoding": "base64url"}), spec("3.0.3", "image/png", BYTE)
    )


def test_a_file_of_swagger_is_bytes():
    def swagger(schema: Any) -> dict[str, Any]:
        operation = {"produces": ["image/png"], "responses": {"200": {"description": "OK", "schema": schema}}}
        return {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": {"get": operation}}}

    def openapi(schema: Any) -> dict[str, Any]:
        content = {"content": {"image/png": {"schema": schema}}}
        operation = {"responses": {"200": {"description": "OK", **content}}}
        return {"openapi": "3.0.3", "info": {"title": "T"}, "paths": {"/a": {"get": operation}}}

    assert said(swagger({"type": "file"}), openapi(BINARY)) == set()
    assert said(swagger({"type": "file"}), swagger({"type": "string"})) == {"dangerous binary-format-changed"}


@pytest.mark.parametrize("version", ["3.1.0", "3.2.0"])
@pytest.mark.parametrize("listed", [["a"], ["a", None]])
def test_null_that_only_the_type_names_stays_as_it_was(version: str, listed: list[Any]):
    """What every converter makes of `nullable` beside an `enum`."""
    old = {"type": "string", "nullable": True, "enum": listed}
    new = {"type": ["string", "null"], "enum": listed}
    sides = spec("3.0.3", "application/json", old), spec(version, "application/json", new)
    assert (said(*sides), said(*sides[::-1])) == (set(), set())


def test_null_that_neither_the_type_nor_a_value_names_is_gone():
    old, new = {"type": "string", "nullable": True, "enum": ["a"]}, {"type": "string", "enum": ["a"]}
    sides = spec("3.0.3", "application/json", old), spec("3.1.0", "application/json", new)
    assert said(*sides) == {"breaking null-no-longer-allowed", "additive null-no-longer-allowed"}
