"""A union that became one schema, null that came with another type, and what is said where both can't be."""

from typing import Any

import pytest

from apidiff.expand import search
from apidiff.expand.branches import with_branch
from apidiff.expand.tree import Trees, over
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import parse
from tests.expand.proving import check, expanded


def refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def part(kind: int, **more: Any) -> dict[str, Any]:
    properties = {"type": {"type": "integer", "enum": [kind]}, **more}
    return {"type": "object", "properties": properties, "required": ["type", *more]}


def rows(items: Any, **schemas: Any) -> dict[str, Any]:
    """A spec to which rows of parts are sent."""
    body = {"type": "object", "properties": {"parts": {"type": "array", "items": items}}}
    post = {
        "requestBody": {"content": {"application/json": {"schema": body}}},
        "responses": {"204": {"description": "Done"}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rows", "version": "1"},
        "paths": {"/rows": {"post": post}},
        "components": {"schemas": schemas},
    }


def items_of(tree: Any) -> Any:
    content = tree["paths"]["/rows"]["post"]["requestBody"]["content"]
    return content["application/json"]["schema"]["properties"]["parts"]["items"]


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_a_branch_stands_beside_what_is_one_schema_by_now_and_not_in_it(keyword: str) -> None:
    row, box = part(1, text={"type": "string"}), part(2, size={"type": "integer"})
    base = rows({keyword: [refer("Row"), refer("Box")]}, Row=row, Box=box)
    made = expanded(base, revision := rows(refer("Row"), Row=row))
    check(base, revision, made)
    assert not made.left
    assert items_of(made.trees[""]) == {keyword: [refer("Row"), refer("Box")]}
    assert made.trees[""]["components"]["schemas"] == {"Row": row, "Box": box}


def test_of_very_many_breaks_a_branch_refers_to_what_was_where_that_is_another_by_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The box holds rows as they were; of few breaks the rows of the revision would come to ask for less."""
    monkeypatch.setattr(search, "_MOST_WORK", 0)
    old, new = part(1), part(1, text={"type": "string"})
    box = part(2, rows={"type": "array", "items": refer("Row")})
    base = rows({"oneOf": [refer("Text"), refer("Box")]}, Text=part(3), Row=old, Box=box)
    revision = rows({"oneOf": [refer("Text"), refer("Row")]}, Text=part(3), Row=new)
    made = expanded(base, revision)
    check(base, revision, made)
    assert not made.left
    assert items_of(made.trees[""]) == {"oneOf": [refer("Text"), refer("Row"), refer("Box")]}
    schemas = made.trees[""]["components"]["schemas"]
    assert schemas["Row"] == new
    assert schemas["Box"]["properties"]["rows"]["items"] == refer("RowBefore")
    assert schemas["RowBefore"] == old


def test_branches_that_come_to_be_alike_need_not_exclude_each_other() -> None:
    assert with_branch({"oneOf": [1], "title": "A"}, keyword="oneOf", branch=2) == {"anyOf": [1, 2], "title": "A"}
    assert with_branch({"oneOf": [1]}, keyword="oneOf", branch=2) == {"oneOf": [1, 2]}
    assert with_branch({"oneOf": [1, 2]}, keyword="oneOf", branch=2) == {"oneOf": [1, 2]}
    assert with_branch({"type": "string"}, keyword="anyOf", branch=2) == {"anyOf": [{"type": "string"}, 2]}


def test_a_branch_comes_back_in_every_schema_that_its_union_became() -> None:
    """One component of the base is two in the revision, of which one has no union any more."""
    kinds = {"Text": part(3), "Button": part(4)}
    row = part(1, parts={"type": "array", "items": {"oneOf": [refer("Text"), refer("Button")]}})
    small = part(1, parts={"type": "array", "items": refer("Text")})
    large = part(1, parts={"type": "array", "items": {"oneOf": [refer("Text"), refer("Other")]}})

    def two(first: str, second: str, **schemas: Any) -> dict[str, Any]:
        made = rows(refer(first), **schemas)
        made["paths"]["/others"] = rows(refer(second))["paths"]["/rows"]
        return made

    base = two("Row", "Row", Row=row, **kinds)
    revision = two("Small", "Large", Small=small, Large=large, Text=part(3), Other=part(5))
    for ends in ((base, revision), (revision, base)):
        made = expanded(*ends)
        check(*ends, made)
        assert not made.left


@pytest.mark.parametrize(
    ("version", "now"), [("3.0.3", {"type": "string", "nullable": True}), ("3.1.0", {"type": ["string", "null"]})]
)
def test_null_goes_where_another_type_has_to_stay(version: str, now: Any) -> None:
    def spec(schema: Any) -> dict[str, Any]:
        body = {"application/json": {"schema": {"type": "object", "properties": {"price": schema}}}}
        get = {"responses": {"200": {"description": "OK", "content": body}}}
        return {"openapi": version, "info": {"title": "A", "version": "1"}, "paths": {"/a": {"get": get}}}

    base, revision = spec({"type": "number"}), spec(now)
    made = expanded(base, revision)
    check(base, revision, made)
    assert [one.rule for one in made.undone] == ["null-newly-allowed"]
    assert [(one.change.rule, one.why) for one in made.left] == [
        (
            "type-changed",
            "callers of the base rely on `number` there, those of the revision on `string`, and no answer is both",
        )
    ]
    content = made.trees[""]["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]
    assert content["schema"]["properties"]["price"] == {"type": "string"}


def test_what_another_edit_took_away_is_not_made_of_nothing() -> None:
    make = over(parse("#/a/b"), lambda now: {"anyOf": [now]})
    assert make.done(Trees({"": {"a": {"b": 1}}})) == Trees({"": {"a": {"b": {"anyOf": [1]}}}})
    assert make.done(Trees({"": {"a": {}}})) == Trees({"": {"a": {}}})
    assert ABSENT not in make.done(Trees({"": {"a": {}}}))[""].values()
