"""Which operations a comparison is narrowed to, and which breaks of unstable ones pass."""

from typing import Any

from apidiff import compare
from apidiff.comparison.scope import exempt_unstable, restrict
from apidiff.config.settings import Selection
from apidiff.words.changes import Comparison

NONE = Selection()


def spec(kind: str) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"n": {"type": kind}}}
    answer = {
        "200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/N"}}}}
    }
    paths = {
        "/a": {"get": {"tags": ["one"], "x-stability-level": "beta", "responses": answer}},
        "/b": {"get": {"tags": ["two"], "responses": answer}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "T"},
        "paths": paths,
        "components": {"schemas": {"N": schema}},
    }


def compared() -> Comparison:
    return compare(spec("integer"), spec("string"))


def ids(comparison: Comparison) -> tuple[list[str], list[tuple[str, ...]]]:
    return [operation.id for operation in comparison.operations], [change.operations for change in comparison.changes]


def test_a_change_keeps_the_operations_in_scope_and_goes_with_the_last():
    whole = compared()
    assert ids(restrict(whole, only=NONE, ignore=NONE)) == (["GET /a", "GET /b"], [("GET /a", "GET /b")])
    assert ids(restrict(whole, only=Selection(paths=("/a*",)), ignore=NONE)) == (["GET /a"], [("GET /a",)])
    assert ids(restrict(whole, only=NONE, ignore=Selection(tags=("two",)))) == (["GET /a"], [("GET /a",)])
    assert ids(restrict(whole, only=Selection(operations=("PUT *",)), ignore=NONE)) == ([], [])


def test_only_what_reaches_unstable_operations_alone_is_waived():
    whole = exempt_unstable(compared())
    assert [change.waiver for change in whole.changes] == [None]
    alone = exempt_unstable(restrict(compared(), only=Selection(paths=("/a",)), ignore=NONE))
    assert [change.waiver is not None for change in alone.changes] == [True]
