"""Base URIs: `$id`, `$self` and anchors are pointers after loading, and nothing else is touched."""

import copy
from pathlib import Path
from typing import Any

import pytest

from apidiff.load import Document, load
from apidiff.load.resolve import Side
from apidiff.words.pointer import Pointer

USER = {
    "$id": "https://depot.example/schemas/user",
    "type": "object",
    "$defs": {"name": {"$anchor": "n", "type": "string"}},
}


def spec(schemas: dict[str, Any], *, version: str = "3.1.0", **more: Any) -> dict[str, Any]:
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    } | more


def reference_after(schemas: dict[str, Any], **more: Any) -> str:
    """What the reference of schema `Use` reads after loading."""
    return str(Document.parsed(spec(schemas, **more)).root["components"]["schemas"]["Use"]["$ref"])


@pytest.mark.parametrize(
    ("reference", "pointer"),
    [
        ("https://depot.example/schemas/user", "#/components/schemas/User"),
        ("https://depot.example/schemas/user#", "#/components/schemas/User"),
        ("https://depot.example/schemas/user#n", "#/components/schemas/User/$defs/name"),
        ("https://depot.example/schemas/user#/$defs/name", "#/components/schemas/User/$defs/name"),
        ("https://depot.example/schemas/user#/$defs/gone", "https://depot.example/schemas/user#/$defs/gone"),
        ("https://depot.example/schemas/other", "https://depot.example/schemas/other"),
        ("user", "user"),
        ("#/components/schemas/User", "#/components/schemas/User"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_a_uri_of_the_document_is_its_pointer(reference: str, pointer: str) -> None:
    assert reference_after({"User": USER, "Use": {"$ref": reference}}) == pointer


@pytest.mark.parametrize(
    "no_address", ["http://[broken", "http://[broken#", "http://[broken#n", "//[", "http://[::1/#/a"]
)
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_what_is_no_address_is_left_as_it_was_written(keyword: str, no_address: str) -> None:
    schemas = {"Use": {keyword: no_address}, "Inside": {"$id": "http://[other", "items": {keyword: no_address}}}
    for more in ({}, {"$self": "http://[self"}):
        assert Document.parsed(spec(copy.deepcopy(schemas), **more)).root["components"]["schemas"] == schemas


@pytest.mark.parametrize("no_address", ["http://[broken", "//[", "http://[::1/"])
def test_a_name_that_is_no_address_is_found_by_its_text(no_address: str) -> None:
    named = {"$id": no_address, "$defs": {"name": {"$anchor": "n"}}}
    assert reference_after({"Named": named, "Use": {"$ref": no_address}}) == "#/components/schemas/Named"
    assert reference_after({"Named": named, "Use": {"$ref": f"{no_address}#n"}}) == (
        "#/components/schemas/Named/$defs/name"
    )


def test_a_relative_reference_counts_from_the_id_around_it() -> None:
    use = {"$id": "https://depot.example/schemas/order", "$ref": "user"}
    assert reference_after({"User": USER, "Use": use}) == "#/components/schemas/User"


def test_a_pointer_counts_from_the_schema_that_has_an_id_and_else_from_the_document() -> None:
    inner = {"$id": "https://depot.example/use", "$ref": "#/$defs/own", "$defs": {"own": {"type": "string"}}}
    assert reference_after({"Use": inner}) == "#/components/schemas/Use/$defs/own"
    outer = {"$id": "https://depot.example/use", "$ref": "#/components/schemas/User"}
    assert reference_after({"User": USER, "Use": outer}) == "#/components/schemas/User"


def test_an_anchor_is_a_pointer_and_a_name_in_it_is_escaped() -> None:
    assert reference_after({"a/b%": {"$anchor": "here"}, "Use": {"$ref": "#here"}}) == "#/components/schemas/a~1b%25"
    side = Side(Document.parsed(spec({"a/b%": {"$anchor": "here"}, "Use": {"$ref": "#here"}})), name="base")
    found = side.target("#/components/schemas/a~1b%25", Pointer())
    assert found == ({"$anchor": "here"}, Pointer("", ("components", "schemas", "a/b%")))


@pytest.mark.parametrize("reference", ["https://depot.example/api.yaml", "api.yaml", "/api.yaml"])
def test_the_document_s_own_uri_names_its_root(reference: str) -> None:
    schemas = {"User": {"type": "string"}, "Use": {"$ref": f"{reference}#/components/schemas/User"}}
    more = {"$self": "https://depot.example/api.yaml"}
    assert reference_after(schemas, version="3.2.0", **more) == "#/components/schemas/User"


@pytest.mark.parametrize(
    "schemas",
    [
        pytest.param(
            {"User": {"properties": {"$id": {"$ref": "x"}}}, "Use": {"$ref": "x"}}, id="a property of that name"
        ),
        pytest.param({"User": {"example": {"$id": "x"}}, "Use": {"$ref": "x"}}, id="in an example"),
        pytest.param({"User": {"x-of": {"$id": "x"}}, "Use": {"$ref": "x"}}, id="in an extension"),
    ],
)
def test_what_is_data_names_nothing(schemas: dict[str, Any]) -> None:
    assert reference_after(schemas) == "x"


def test_version_3_0_knows_no_such_keyword() -> None:
    assert reference_after({"User": {"$id": "x"}, "Use": {"$ref": "x"}}, version="3.0.3") == "x"


def test_an_anchor_of_another_file_has_its_true_pointer(tmp_path: Path) -> None:
    (tmp_path / "defs.yaml").write_text("$defs: {user: {$anchor: theUser, type: object}}\n")
    (tmp_path / "api.yaml").write_text("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n")
    side = Side(load(str(tmp_path / "api.yaml")), name="base")
    assert side.target("defs.yaml#theUser", Pointer())[1] == Pointer("defs.yaml", ("$defs", "user"))
    assert side.find("defs.yaml#nobody", Pointer()) is None
