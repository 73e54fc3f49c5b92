"""Each edit is one change with one id, whatever leads to it."""

from typing import Any

from apidiff import compare
from apidiff.changes import Level


def spec(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "paths": paths, **more}


def answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}}


def test_a_node_that_is_two_kinds_of_thing_is_edited_once() -> None:
    body = {"post": {"requestBody": {"$ref": "#/servers/0"}, "responses": {}}}
    server = {"url": "https://a.example"}
    changes = compare(spec({"/a": body}, servers=[server]), spec({"/a": body}, servers=[{**server, "x-a": 1}])).changes
    assert [(change.rule, change.operations) for change in changes] == [("extension-changed", ("POST /a",))]


def test_an_edit_of_a_shared_component_is_one_change_a_direction_with_all_that_it_reaches() -> None:
    reference = {"$ref": "#/components/schemas/User"}
    paths = {
        "/users": {
            "get": answer({"type": "array", "items": reference}),
            "post": {"requestBody": {"content": {"application/json": {"schema": reference}}}, **answer(reference)},
        },
        "/me": {"get": answer(reference)},
    }
    sides = [
        spec(paths, components={"schemas": {"User": {"type": "object", "properties": properties}}})
        for properties in ({"id": {"type": "string"}, "name": {"type": "string"}}, {"id": {"type": "string"}})
    ]
    changes = compare(*sides).changes
    assert [(change.rule, change.level, change.direction, change.base, change.operations) for change in changes] == [
        (
            "property-removed", Level.BREAKING, "response", "#/components/schemas/User/properties/name",
            ("GET /me", "GET /users", "POST /users"),
        ),
        (
            "property-removed", Level.DANGEROUS, "request", "#/components/schemas/User/properties/name",
            ("POST /users",),
        ),
    ]  # fmt: skip
    assert changes[0].places == (
        "GET /me: response 200 application/json name",
        "POST /users: response 200 application/json name",
        "GET /users: response 200 application/json [].name",
    )
    assert len({change.id for change in changes}) == 2
