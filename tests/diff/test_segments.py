"""Parameters that a call has all along, or never: segments of a path, headers to ignore, whole queries."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import said, spec

OK = {"200": {"description": "OK"}}
STRING = {"type": "string"}


def at(path: str, *parameters: Any, **operation: Any) -> dict[str, Any]:
    """A spec with one operation of a path."""
    return spec({path: {"get": {"parameters": list(parameters), "responses": OK, **operation}}}, openapi="3.2.0")


def segment(name: str, schema: Any = STRING, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": schema, **more}


def rules(base: Any, revision: Any) -> list[str]:
    return [line.partition(":")[0] for line in said(base, revision)]


def test_a_segment_that_is_declared_late_and_no_longer() -> None:
    bare, declared = at("/a/{id}/b/{n}", segment("n")), at("/a/{id}/b/{n}", segment("id"), segment("n"))
    assert rules(bare, declared) == ["editorial path-parameter-declared"]
    assert rules(declared, bare) == ["editorial path-parameter-undeclared"]
    shared = {**declared["paths"]["/a/{id}/b/{n}"], "parameters": [segment("id")]}
    shared["get"] = {"parameters": [segment("n")], "responses": OK}
    assert rules(bare, spec({"/a/{id}/b/{n}": shared}, openapi="3.2.0")) == ["editorial path-parameter-declared"]


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"type": "integer"}, "type-changed"),
        ({"type": "string", "enum": ["a"]}, "value-became-enum"),
        ({"type": "string", "pattern": "^a"}, "pattern-tightened"),
        ({"type": "string", "maxLength": 3}, "max-length-decreased"),
        ({"type": "string", "format": "uuid"}, "format-tightened"),
    ],
)
def test_a_declaration_that_takes_fewer_texts(schema: Any, rule: str) -> None:
    found = compare(at("/a/{id}"), at("/a/{id}", segment("id", schema))).changes
    assert [f"{change.level} {change.rule}" for change in found] == [
        f"breaking {found[0].rule}",
        "editorial path-parameter-declared",
    ]
    assert found[0].title.startswith(("the type of path parameter `id`", "path parameter `id`"))
    assert found[0].base is None
    if not rule.startswith("format"):
        assert found[0].rule == rule
    assert rules(at("/a/{id}", segment("id", schema)), at("/a/{id}")) == ["editorial path-parameter-undeclared"]


def test_a_declaration_that_takes_every_text() -> None:
    for schema in (STRING, {}, {"type": ["integer", "string"]}, {"type": "string", "minLength": 1}):
        assert rules(at("/a/{id}"), at("/a/{id}", segment("id", schema))) == ["editorial path-parameter-declared"]


def test_a_segment_under_another_name_than_its_template() -> None:
    assert rules(at("/test/{id}", segment("testId")), at("/test/{id}", segment("id"))) == [
        "editorial path-parameter-renamed"
    ]
    assert rules(at("/a/{orgId}/{n}", segment("org-id"), segment("n")), at("/a/{orgId}/{n}", segment("orgId"), segment("n"))) == ["editorial path-parameter-renamed"]  # fmt: skip  # noqa: E501
    assert rules(at("/test/{id}", segment("testId")), at("/test/{id}", segment("testId", {"type": "integer"}))) == [
        "breaking type-changed"
    ]


def test_a_declaration_of_no_segment() -> None:
    base, stray = at("/a/{id}", segment("id")), at("/a/{id}", segment("id"), segment("zone", {"type": "integer"}))
    for one, two in ((base, stray), (stray, base)):
        assert rules(one, two) == ["editorial stray-path-parameter-changed"]
    other = at("/a/{id}", segment("id"), segment("zone", {"type": "boolean"}))
    assert rules(stray, other) == ["editorial stray-path-parameter-changed"]


def test_a_declaration_of_no_segment_in_another_version() -> None:
    old, new = ({"type": "string", "nullable": True}, {"type": ["string", "null"]})
    base = at("/a/{id}", segment("id"), segment("zone", old)) | {"openapi": "3.0.3"}
    assert rules(base, at("/a/{id}", segment("id"), segment("zone", new))) == ["editorial dialect-changed"]
    edited = at("/a/{id}", segment("id"), segment("zone", new, description="New."))
    assert rules(base, edited) == ["editorial dialect-changed", "editorial stray-path-parameter-changed"]


def test_a_segment_is_required_whatever_is_said() -> None:
    sides = at("/a/{id}", segment("id", required=False)), at("/a/{id}", segment("id"))
    assert rules(*sides) == rules(*sides[::-1]) == ["editorial path-parameter-required-spelled"]


def test_a_segment_more_is_another_path() -> None:
    found = rules(
        at("/v1/a/{id}", segment("id"), operationId="x"),
        at("/v2/{t}/a/{id}", segment("t"), segment("id"), operationId="x"),
    )
    assert "breaking required-parameter-added" in found


def test_expressions_of_a_query_are_no_segments() -> None:
    query = {"name": "q", "in": "query", "schema": STRING}
    assert rules(at("/a{?q}", query), at("/a{?q}", query)) == []
    assert rules(at("/a/{+rest}"), at("/a/{+rest}", segment("rest"))) == ["editorial path-parameter-declared"]


@pytest.mark.parametrize("name", ["Accept", "content-type", "AUTHORIZATION"])
def test_headers_to_ignore(name: str) -> None:
    header = {"name": name, "in": "header", "required": True, "schema": STRING}
    assert (
        rules(at("/a"), at("/a", header)) == rules(at("/a", header), at("/a")) == ["editorial ignored-header-changed"]
    )
    other = {**header, "schema": {"type": "integer"}}
    assert rules(at("/a", header), at("/a", other)) == ["editorial ignored-header-changed"]
    old = {
        "swagger": "2.0",
        "info": {"title": "T"},
        "paths": {"/a": {"get": {"parameters": [{**STRING, "name": name, "in": "header"}], "responses": OK}}},
    }
    assert [one for one in rules(old, at("/a", header)) if "dialect" not in one] == ["editorial ignored-header-changed"]


def test_a_response_header_to_ignore() -> None:
    def answering(**headers: Any) -> dict[str, Any]:
        return spec({"/a": {"get": {"responses": {"200": {"description": "OK", "headers": headers}}}}})

    typed = answering(**{"Content-Type": {"schema": STRING}})
    for one, two in ((answering(), typed), (typed, answering())):
        assert rules(one, two) == ["editorial ignored-header-changed"]


def test_credentials_that_a_header_asked_for_all_along() -> None:
    schemes = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "query", "name": "k"}}}  # fmt: skip  # noqa: E501
    header = {"name": "Authorization", "in": "header", "required": True, "schema": STRING}

    def secured(*parameters: Any, **operation: Any) -> dict[str, Any]:
        return {**at("/a", *parameters, **operation), "components": schemes}

    assert "additive security-declared" in rules(secured(header), secured(security=[{"token": []}]))
    assert "breaking security-became-required" in rules(secured(header), secured(security=[{"key": []}]))
    optional = {**header, "required": False}
    assert "breaking security-became-required" in rules(secured(optional), secured(security=[{"token": []}]))


def whole(properties: Any, media: str = "application/x-www-form-urlencoded", name: str = "q", **more: Any) -> Any:
    """The parameter that is a whole query."""
    schema = {"type": "object", "properties": properties, **more.pop("schema", {})}
    return {"name": name, "in": "querystring", "content": {media: {"schema": schema, **more}}}


def test_a_whole_query_and_its_parameters_are_the_same_query() -> None:
    single = [
        {"name": "a", "in": "query", "schema": STRING},
        {"name": "b", "in": "query", "schema": {"type": "integer"}},
    ]
    together = whole({"a": STRING, "b": {"type": "integer"}})
    assert rules(at("/s", *single), at("/s", together)) == rules(at("/s", together), at("/s", *single)) == []
    assert rules(at("/s", *single), at("/s", whole({"a": STRING}))) == ["breaking parameter-removed"]
    assert rules(at("/s", *single), at("/s", whole({"a": STRING, "b": {"type": "boolean"}}))) == [
        "breaking type-changed"
    ]


def test_the_name_of_a_whole_query_is_not_sent() -> None:
    for media in ("application/json", "application/x-www-form-urlencoded"):
        sides = at("/s", whole({"a": STRING}, media)), at("/s", whole({"a": STRING}, media, name="filter"))
        assert rules(*sides) == ["editorial querystring-renamed"]


def test_whole_queries_are_forms() -> None:
    def both(one: Any, two: Any, media: str) -> list[str]:
        return rules(at("/s", whole({"a": one}, media)), at("/s", whole({"a": two}, media)))

    number = {"type": "integer"}
    assert both(number, STRING, "application/x-www-form-urlencoded") == ["additive parameter-type-widened"]
    assert both(number, STRING, "application/json") == ["breaking type-changed"]
    assert rules(at("/s", whole({"a": STRING}, "application/json")), at("/s", whole({"a": STRING}))) == [
        "breaking parameter-content-changed"
    ]
