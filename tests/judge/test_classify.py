"""Each edit is one change with one id, whatever leads to it."""

from typing import Any

import pytest

from apidiff import compare
from apidiff.words.changes import Exposed, Exposure, Level


def spec(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "A"}, "paths": paths, **more}


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


def exposed_by(before: dict[str, Any], after: dict[str, Any]) -> Exposure:
    """What the log is asked about the one break between two schemas of a query parameter."""
    sides = [
        spec({"/a": {"get": {"parameters": [{"name": "n", "in": "query", "schema": schema}], "responses": {}}}})
        for schema in (before, after)
    ]
    (change,) = [change for change in compare(*sides).changes if change.level is Level.BREAKING]
    return change.exposure


@pytest.mark.parametrize(
    ("before", "after", "values", "beyond"),
    [
        ({"enum": ["a", "b", "c"]}, {"enum": ["a"]}, ("b", "c"), ""),
        ({"type": "integer", "maximum": 500}, {"type": "integer", "maximum": 100}, (), "above 100"),
        ({"type": "integer"}, {"type": "integer", "minimum": 1}, (), "below 1"),
        # which values stop working can't be listed: a log that shows the parameter proves nothing
        ({"type": ["string", "integer"]}, {"type": "integer"}, (), ""),
        ({"type": "string", "maxLength": 20}, {"type": "string", "maxLength": 10}, (), ""),
        ({"type": "string"}, {"type": "string", "pattern": "^a"}, (), ""),
        ({"type": "integer"}, {"type": "integer", "minimum": -5}, (), ""),
        ({"type": "boolean"}, {"type": "integer"}, (), ""),
    ],
)
def test_a_log_is_asked_for_the_values_that_stop_working(
    before: dict[str, Any], after: dict[str, Any], values: tuple[str, ...], beyond: str
) -> None:
    assert exposed_by(before, after) == Exposure(Exposed.SENT_VALUE, "query", ("n",), values, beyond)
