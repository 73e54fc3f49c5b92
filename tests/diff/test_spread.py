"""A property that an object says beside its union, or each branch says: which of the two says it is no change."""

from typing import Any, Final

import pytest

from apidiff import compare
from tests.diff.saying import spec

NUMBER: Final = {"type": "number"}
WHOLE: Final = {"type": "integer"}


def whole(beside: Any, *branches: Any, required: Any = (), keyword: str = "oneOf") -> dict[str, Any]:
    """An object with a union of forms that `k` tells apart."""
    forms = [
        {
            "type": "object",
            "required": ["k", *names],
            "properties": {"k": {"type": "string", "enum": [str(number)]}, **properties},
        }
        for number, (properties, names) in enumerate(branches)
    ]
    return {"type": "object", "properties": {"a": NUMBER, **beside}, "required": [*required], keyword: forms}


def named(schema: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same with its branches as components."""
    forms = {f"Form{number}": form for number, form in enumerate(schema["oneOf"])}
    return schema | {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in forms]}, forms


def said(base: Any, revision: Any, *, sent: bool, components: tuple[Any, Any] = ({}, {})) -> list[str]:
    def asked(schema: Any, schemas: Any) -> dict[str, Any]:
        content = {"content": {"application/json": {"schema": schema}}}
        body = {"requestBody": content} if sent else {}
        answer = {} if sent else content
        operation = {**body, "responses": {"200": {"description": "OK", **answer}}}
        return spec({"/a": {"post": operation}}, components={"schemas": schemas})

    changes = compare(asked(base, components[0]), asked(revision, components[1])).changes
    return [f"{one.level.value} {one.rule} {one.name}" for one in changes]


X: Final = {"x": WHOLE}
SAME: Final = [
    (whole(X, ({}, ()), ({}, ())), whole({}, (X, ()), (X, ()))),
    (whole(X, ({}, ()), ({}, ()), required=["x"]), whole({}, (X, ["x"]), (X, ["x"]))),
    (whole(X, ({}, ()), ({}, ()), required=["x"]), whole(X, ({}, ["x"]), ({}, ["x"]))),
]


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("pair", SAME)
def test_what_moved_neither_came_nor_went(pair: tuple[Any, Any], is_named: bool, sent: bool):
    sides = [named(side) if is_named else (side, {}) for side in pair]
    for base, revision in (sides, sides[::-1]):
        assert said(base[0], revision[0], sent=sent, components=(base[1], revision[1])) == []


def test_any_of_likewise():
    base = whole(X, ({}, ()), ({}, ()), required=["x"], keyword="anyOf")
    revision = whole(X, ({}, ["x"]), ({}, ["x"]), keyword="anyOf")
    assert said(base, revision, sent=True) == said(revision, base, sent=True) == []


def test_what_one_branch_asks_for_no_longer_always_comes():
    always, sometimes = SAME[1][0], whole({}, (X, ["x"]), (X, ()))
    assert said(always, sometimes, sent=True) == ["additive property-became-optional x"]
    assert said(always, sometimes, sent=False) == ["breaking property-became-optional x"]
    assert said(sometimes, always, sent=True) == ["breaking property-became-required x"]
    assert said(sometimes, always, sent=False) == ["additive property-became-required x"]


def test_what_became_narrower_on_the_way():
    base, revision = whole({"x": NUMBER}, ({}, ()), ({}, ())), whole({}, (X, ()), ({"x": NUMBER}, ()))
    assert said(base, revision, sent=True) == ["breaking number-became-integer x"]
    assert said(base, revision, sent=False) == ["additive number-became-integer x"]


def test_what_moved_into_one_branch_is_gone_from_the_other():
    base, revision = whole(X, ({}, ()), ({}, ())), whole({}, (X, ()), ({}, ()))
    assert said(base, revision, sent=False) == ["breaking property-removed x"]
    assert said(revision, base, sent=False) == ["additive property-added x"]
