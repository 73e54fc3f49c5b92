"""A property that an entry of an `allOf` brought comes or goes with that entry, not from the component that has it."""

from typing import Any

import pytest

from apidiff import compare

A, B = ({"type": "object", "required": [name], "properties": {name: {"type": "string"}}} for name in "ab")
REFS = {name: {"$ref": f"#/components/schemas/{name}"} for name in "ABC"}


def spec(whole: Any, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}
    paths = {"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}}
    schemas = {"A": A, "B": B, "C": {"allOf": [REFS["B"]]}, "T": whole, **more}
    return {"openapi": "3.0.3", "info": {"title": "T"}, "paths": paths, "components": {"schemas": schemas}}


@pytest.mark.parametrize("name", ["B", "C"])
def test_the_entry_came_or_went(name: str):
    sides = spec({"allOf": [REFS["A"], REFS[name]]}), spec({"allOf": [REFS["A"]]})
    (gone,) = compare(*sides).changes
    assert (gone.title, gone.base) == (
        "response property `b`, which always came, was removed from `T`",
        "#/components/schemas/T/allOf/1",
    )
    (came,) = compare(*reversed(sides)).changes
    assert (came.title, came.revision) == (
        "response property `b` was added to `T`",
        "#/components/schemas/T/allOf/1",
    )


def test_what_was_taken_out_of_the_component_went_there():
    whole = {"allOf": [REFS["A"], REFS["B"]]}
    (change,) = compare(spec(whole), spec(whole, B={"type": "object"})).changes
    assert (change.base, change.title) == (
        "#/components/schemas/B/properties/b",
        "response property `b`, which always came, was removed from `B`",
    )
