"""`$dynamicRef`: what it names is what a validator of JSON Schema 2020-12 takes it for."""

import copy
from typing import Any

import pytest

from apidiff import compare
from apidiff.load.bases import follow_bases

USER = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
PAGE = {
    "$id": "https://d.example/page",
    "type": "object",
    "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#T"}}},
    "$defs": {"d": {"$dynamicAnchor": "T", "not": {}}},
}
TREE = {
    "$id": "https://d.example/tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {"value": {"type": "string"}, "kids": {"type": "array", "items": {"$dynamicRef": "#node"}}},
}
SCHEMAS: dict[str, Any] = {
    "a page of users": {
        "$ref": "#/$defs/UserPage",
        "$defs": {
            "Page": PAGE,
            "User": USER,
            "UserPage": {
                "$id": "https://d.example/users",
                "$ref": "page",
                "$defs": {"t": {"$dynamicAnchor": "T", "$ref": "user"}},
            },
            "Named": {"$id": "https://d.example/user", **USER},
        },
    },
    "a tree": {"$ref": "#/$defs/Tree", "$defs": {"Tree": TREE}},
    "a strict tree": {
        "$ref": "#/$defs/Strict",
        "$defs": {
            "Tree": TREE,
            "Strict": {
                "$id": "https://d.example/strict",
                "$dynamicAnchor": "node",
                "$ref": "tree",
                "required": ["value"],
            },
        },
    },
    "no dynamic anchor": {
        "$ref": "#/$defs/Box",
        "$defs": {"Box": {"properties": {"of": {"$dynamicRef": "#/$defs/User"}}}, "User": USER},
    },
}
VALUES: tuple[Any, ...] = (
    {},
    {"items": [{"name": "a"}]},
    {"items": [{"name": 1}]},
    {"items": [1]},
    {"value": "a", "kids": [{"value": "b", "kids": []}]},
    {"value": "a", "kids": [{"value": 1}]},
    {"of": {"name": "a"}},
    {"of": {}},
)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_validator_takes_it_for_the_same(name: str) -> None:
    import jsonschema_rs

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMAS[name]}
    said = copy.deepcopy(schema)
    follow_bases(said, "")
    assert "$dynamicRef" not in str(said)
    before, after = (jsonschema_rs.validator_for(one) for one in (schema, _plain(said)))
    assert [before.is_valid(value) for value in VALUES] == [after.is_valid(value) for value in VALUES]


def _plain(schema: Any) -> Any:
    """A schema without the names that its references no longer need."""
    if isinstance(schema, dict):
        return {key: _plain(value) for key, value in schema.items() if key not in ("$id", "$dynamicAnchor")}
    return [_plain(item) for item in schema] if isinstance(schema, list) else schema


def spec(schemas: dict[str, Any], **uses: str) -> dict[str, Any]:
    def answer(name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {"get": {"responses": {"200": {"description": "OK", "content": content}}}}

    paths = {f"/{path}": answer(name) for path, name in uses.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas},
    }


def bound(name: str) -> dict[str, Any]:
    anchor = {"$dynamicAnchor": "T", "$ref": f"#/components/schemas/{name}"}
    return {"$ref": "#/components/schemas/Page", "$defs": {"t": anchor}}


def test_an_edit_of_what_a_page_holds_reaches_the_operations_that_page_through_it() -> None:
    def document(kind: str) -> dict[str, Any]:
        user = {"type": "object", "properties": {"name": {"type": kind}}}
        other = {**PAGE, "$id": "https://d.example/box"}
        schemas = {"Page": PAGE, "Box": other, "User": user, "UserPage": bound("User"), "Plain": {"type": "object"}}
        return spec(schemas, users="UserPage", boxes="Box", plain="Plain")

    (change,) = [one for one in compare(document("string"), document("integer")).changes if one.rule == "type-changed"]
    assert change.operations == ("GET /users",)
    assert change.base == "#/components/schemas/User/properties/name/type"


def test_what_binds_another_page_is_not_mixed_up() -> None:
    def document(kind: str) -> dict[str, Any]:
        box = {**PAGE, "$id": "https://d.example/box"}
        leaf = {"type": "object", "properties": {"name": {"type": kind}}}
        leaves = {**bound("Leaf"), "$ref": "#/components/schemas/Box"}
        schemas = {"Page": PAGE, "Box": box, "User": USER, "Leaf": leaf, "Users": bound("User"), "Leaves": leaves}
        return spec(schemas, users="Users", leaves="Leaves")

    (change,) = [one for one in compare(document("string"), document("integer")).changes if one.rule == "type-changed"]
    assert change.operations == ("GET /leaves",)


def test_what_names_nothing_is_left_alone() -> None:
    node = {"$dynamicRef": "#nowhere"}
    tree = {"$defs": {"a": node}}
    follow_bases(tree, "")
    assert tree == {"$defs": {"a": {"$dynamicRef": "#nowhere"}}}
