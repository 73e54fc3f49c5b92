"""Breaks undone: the example of every breaking rule, and what an expansion says of itself, asked of the differ."""

from typing import Any

import pytest
import yaml

from apidiff.rules import catalogue
from apidiff.rules.example import documents
from apidiff.rules.rule import Rule
from apidiff.words.changes import Level
from tests.conftest import DEMO
from tests.expand.proving import breaks, check, expanded

BREAKING = [rule for rule in catalogue() if Level.BREAKING in (rule.request, rule.response, rule.neutral)]
NOT_BOTH = {
    "parameter-serialization-changed": "a server can't tell one way to write a value from the other",
    "parameter-content-changed": "likewise",
    "encoding-changed": "a part has one content type",
    "security-scheme-metadata-url-changed": "its example has what OpenAPI 3.2 brought in a document of 3.1",
    "security-scheme-device-url-changed": "likewise",
    "required-property-became-writable": "it is sent by the server or by callers",
    "type-changed": "no value read is of two types",
    "format-changed": "no value read has two formats",
    "discriminator-property-changed": "one property tells the forms apart",
    "discriminator-value-changed": "a value stands for one form",
    "discriminator-value-renamed": "likewise",
    "discriminator-default-changed": "there is one default",
    "xml-form-changed": "an element has one form",
}
"""The rules whose examples can't be undone: what was and what is exclude each other."""


@pytest.mark.slow
@pytest.mark.parametrize("rule", BREAKING, ids=lambda rule: rule.id)
def test_the_example_of_a_rule_is_undone_where_both_can_be(rule: Rule) -> None:
    base, revision = documents(rule.example)
    made = expanded(base, revision)
    check(base, revision, made)
    assert bool(made.left) == (rule.id in NOT_BOTH), [one.why for one in made.left]


def demo(name: str) -> Any:
    return yaml.safe_load((DEMO / f"{name}.yaml").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("ends", [("base", "revision"), ("revision", "base")], ids="-to-".join)
def test_every_break_of_the_demo_is_undone(ends: tuple[str, str]) -> None:
    base, revision = map(demo, ends)
    made = expanded(base, revision)
    check(base, revision, made)
    assert (len(made.undone), made.left) == (8, ())


def test_the_split_of_a_name_is_what_one_would_merge() -> None:
    """Answers carry both; requests take either, in a schema of their own."""
    schemas = expanded(demo("base"), demo("revision")).trees[""]["components"]["schemas"]
    name = {
        "type": "string", "maxLength": 120,
        "description": "Full name, as it stands on invoices. "
        "Deprecated: works until 2028-01-10; use `first_name` and `last_name`, which say the same.",
        "examples": ["Ada Lovelace"], "deprecated": True, "x-sunset": "2028-01-10",
        "x-apidiff-replacement": "first_name, last_name",
    }  # fmt: skip
    read, sent = schemas["Customer"], schemas["CustomerRequest"]
    assert read["properties"]["name"] == name | {"x-apidiff-change": "8ea3b99ddf50"}
    assert sent["properties"]["name"] == name | {"x-apidiff-change": "daa2112d9572"}
    assert read["required"] == ["id", "first_name", "last_name", "email", "created_at", "name"]
    assert sent["required"] == ["id", "email", "created_at"]
    assert list(schemas)[:2] == ["Customer", "CustomerRequest"]
    assert list(read["properties"])[:4] == list(sent["properties"])[:4] == ["id", "name", "first_name", "last_name"]


@pytest.mark.parametrize(("most", "left"), [(0, ["type-widened"]), (16, [])])
def test_where_it_would_take_too_long_whoever_is_to_blame_is_given_up(
    most: int, left: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apidiff.expand import search

    monkeypatch.setattr(search, "_MOST_ROUNDS", most)
    base, revision = documents(next(rule for rule in BREAKING if rule.id == "type-widened").example)
    made = expanded(base, revision)
    check(base, revision, made)
    assert [one.change.rule for one in made.left] == left


def spec(paths: Any, version: str = "3.1.0", **components: Any) -> dict[str, Any]:
    return {"openapi": version, "info": {"title": "A", "version": "1"}, "paths": paths, "components": components}


def answer(schema: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}}


def refer(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def test_what_a_restored_operation_refers_to_comes_with_it() -> None:
    gone = {"A": {"type": "object", "properties": {"b": refer("B")}}, "B": {"type": "string"}}
    base = spec({"/a": {"get": answer(refer("A"))}, "/c": {"get": answer({})}}, schemas=gone)
    revision = spec({"/c": {"get": answer({})}})
    made = expanded(base, revision)
    check(base, revision, made)
    assert made.trees[""]["components"]["schemas"] == gone


def test_it_answers_as_it_did_where_the_component_is_another_by_now() -> None:
    """The operation that goes keeps the old form of a component, the others have the new one."""
    base = spec({"/a": {"get": answer(refer("A"))}, "/c": {"get": answer({})}}, schemas={"A": {"type": "string"}})
    revision = spec({"/c": {"get": answer(refer("A"))}}, schemas={"A": {"type": "integer"}})
    made = expanded(base, revision)
    check(base, revision, made)
    assert made.trees[""]["components"]["schemas"] == {"A": {"type": "integer"}, "ABefore": {"type": "string"}}


def test_in_openapi_30_nothing_is_said_beside_a_reference() -> None:
    parts = {"schemas": {"A": {"type": "object", "properties": {"b": refer("B")}}, "B": {"type": "string"}}}
    base = spec({"/a": {"get": answer(refer("A"))}}, "3.0.3", **parts)
    revision = spec({"/a": {"get": answer(refer("A"))}}, "3.0.3", schemas={**parts["schemas"], "A": {"type": "object"}})
    made = expanded(base, revision, None)
    check(base, revision, made)
    assert made.trees[""]["components"]["schemas"]["A"]["properties"]["b"] == {
        "allOf": [refer("B")], "description": "Deprecated.", "deprecated": True, "x-apidiff-change": made.undone[0].id,
    }  # fmt: skip


def test_a_sunset_that_was_announced_stays() -> None:
    old = {"type": "string", "deprecated": True, "x-sunset": "2027-03-01"}
    base, revision = (spec({"/a": {"get": answer({"type": "object", "properties": one})}}) for one in ({"a": old}, {}))
    made = expanded(base, revision)
    check(base, revision, made)
    kept = made.trees[""]["paths"]["/a"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert kept["properties"]["a"]["x-sunset"] == "2027-03-01"


def test_what_nobody_wants_undone_is_left_with_the_reason() -> None:
    from apidiff.comparison.compare import Judgement
    from apidiff.expand.make import expand
    from apidiff.expand.marks import Marks
    from apidiff.load import Document
    from apidiff.load.resolve import Dialect

    base, revision = spec({"/a": {"get": answer({})}, "/b": {"get": answer({})}}), spec({})
    made = expand(
        Document.parsed(base),
        Document.parsed(revision),
        how=Judgement(),
        marks=Marks(Dialect.OPENAPI_31),
        unwanted=lambda change: "by law" if "/b" in change.title else None,
    )
    assert list(made.trees[""]["paths"]) == ["/a"]
    assert [(one.change.title, one.why) for one in made.left] == [("operation `GET /b` was removed", "by law")]
    assert breaks(base, made.trees[""]) == ["operation `GET /b` was removed"]


def secured(schemes: Any, *asked: Any, root: bool = False) -> dict[str, Any]:
    """A spec whose one operation asks for credentials, itself or as all of them do."""
    asks = {"security": list(asked)}
    made = spec({"/a": {"get": answer({}) | ({} if root else asks)}}, securitySchemes=schemes)
    return made | (asks if root else {})


@pytest.mark.parametrize("root", [False, True])
def test_a_scheme_that_became_another_one_is_a_further_way_to_authenticate(root: bool) -> None:
    """Under a name of its own, with all that the base asks for beside it."""
    key, other = ({"type": "apiKey", "in": "header", "name": name} for name in ("X-Key", "X-Other"))
    token = {"type": "http", "scheme": "bearer", "description": "A token."}
    base = secured({"key": key, "other": other}, {"key": [], "other": []}, root=root)
    revision = secured({"key": token, "other": other}, {"key": [], "other": []}, root=root)
    made = expanded(base, revision)
    check(base, revision, made)
    assert not made.left
    tree = made.trees[""]
    holder = tree if root else tree["paths"]["/a"]["get"]
    assert holder["security"] == [{"key": [], "other": []}, {"keyBefore": [], "other": []}]
    assert tree["components"]["securitySchemes"] == {
        "key": token,
        "keyBefore": key
        | {
            "description": "Deprecated: works until 2028-01-10; use `key`.", "x-deprecated": True,
            "x-sunset": "2028-01-10", "x-apidiff-replacement": "key", "x-apidiff-change": made.undone[0].id,
        },
        "other": other,
    }  # fmt: skip


def test_a_scheme_that_went_is_asked_for_as_an_alternative_and_says_until_when() -> None:
    key, token = {"type": "apiKey", "in": "query", "name": "key"}, {"type": "http", "scheme": "bearer"}
    base, revision = secured({"key": key}, {"key": []}), secured({"token": token}, {"token": []})
    made = expanded(base, revision)
    check(base, revision, made)
    assert not made.left
    assert made.trees[""]["paths"]["/a"]["get"]["security"] == [{"token": []}, {"key": []}]
    about = "Deprecated: works until 2028-01-10."
    assert made.trees[""]["components"]["securitySchemes"]["key"]["description"] == about


def test_media_types_of_swagger_are_lists_that_operations_inherit() -> None:
    def swagger(**more: Any) -> dict[str, Any]:
        get = {"responses": {"200": {"description": "OK", "schema": {"type": "string"}}}, **more}
        return {
            "swagger": "2.0",
            "info": {"title": "A", "version": "1"},
            "produces": ["application/json"],
            "paths": {"/a": {"get": get}},
        }

    base, revision = swagger(produces=["text/csv"]), swagger()
    made = expanded(base, revision)
    check(base, revision, made)
    assert made.left == ()
    assert made.trees[""]["paths"]["/a"]["get"]["produces"] == ["application/json", "text/csv"]


def test_of_two_forms_that_exclude_each_other_either_may_be_sent() -> None:
    def sent(schema: Any) -> dict[str, Any]:
        content = {"application/json": {"schema": {"type": "object", "properties": {"a": schema}}}}
        return spec({"/a": {"post": {"requestBody": {"content": content}, **answer({})}}}, "3.0.3")

    base, revision = sent({"type": "string", "format": "date"}), sent({"type": "object"})
    made = expanded(base, revision, None)
    check(base, revision, made)
    assert made.left == ()
    body = made.trees[""]["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    old = {"type": "string", "format": "date", "description": "Deprecated.", "deprecated": True}
    old |= {"x-apidiff-change": made.undone[0].id}
    assert body["properties"]["a"] == {"anyOf": [{"type": "object"}, old]}


def nullable(schema: dict[str, Any], *, is_sent: bool) -> dict[str, Any]:
    """A spec whose one operation has a pet, which is sent or received; the owner of a pet is such a schema."""
    pet = {"type": "object", "properties": {"owner": schema, "keeper": {"$ref": "#/components/schemas/Owner"}}}
    owner = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
    answer = {"description": "", **({} if is_sent else body)}
    operation = {"responses": {"200": answer}} | ({"requestBody": body} if is_sent else {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Pets", "version": "1"},
        "paths": {"/pets": {"post": operation}},
        "components": {"schemas": {"Pet": pet, "Owner": owner}},
    }


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_null_in_a_branch_of_an_answer_is_taken_out_where_it_was_let_in(keyword: str) -> None:
    owner = {"$ref": "#/components/schemas/Owner"}
    base = nullable(owner, is_sent=False)
    revision = nullable({"description": "Who owns it.", keyword: [{"type": "null"}, owner]}, is_sent=False)
    made = expanded(base, revision)
    check(base, revision, made)
    assert not made.left
    pet = made.trees[""]["components"]["schemas"]["Pet"]
    assert pet["properties"]["owner"] == {"description": "Who owns it.", **owner}


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_null_in_a_branch_of_a_request_comes_back_where_it_was_and_not_in_what_it_names(keyword: str) -> None:
    owner = {"$ref": "#/components/schemas/Owner"}
    base = nullable({keyword: [{"type": "null"}, owner]}, is_sent=True)
    revision = nullable(owner, is_sent=True)
    made = expanded(base, revision)
    check(base, revision, made)
    assert not made.left
    schemas = made.trees[""]["components"]["schemas"]
    assert schemas["Pet"]["properties"]["owner"] == {keyword: [owner, {"type": "null"}]}
    assert schemas["Owner"] == revision["components"]["schemas"]["Owner"]


@pytest.mark.parametrize(
    ("was", "now", "kept"),
    [
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, [{"enum": "b"}]),
        ({"maximum": 500}, {"maximum": 100}, [{"maximum": 500}]),
        ({}, {"maxLength": 9}, [{"maxLength": None}]),
        ({}, {"enum": ["a"]}, [{"enum": None}]),
    ],
)
def test_what_has_no_word_for_it_says_beside_it_until_when_it_is_kept(was: Any, now: Any, kept: list[Any]) -> None:
    def sent(schema: Any) -> Any:
        return spec({"/a": {"get": {"parameters": [{"name": "b", "in": "query", "schema": schema}], **answer({})}}})

    base, revision = ({"type": "integer" if "maximum" in now else "string", **one} for one in (was, now))
    made = expanded(sent(base), sent(revision))
    check(sent(base), sent(revision), made)
    until = {"x-sunset": "2028-01-10", "x-apidiff-change": made.undone[0].id}
    schema = made.trees[""]["paths"]["/a"]["get"]["parameters"][0]["schema"]
    assert schema == {**base, "x-apidiff-kept": [{**one, **until} for one in kept]}
