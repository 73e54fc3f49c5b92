"""What operations inherit, and share, reaches those that do: the root's servers, security schemes, path items."""

from typing import Any

from apidiff import compare

OK = {"responses": {"200": {"description": "OK"}}}
A, B = "https://a.example", "https://b.example"


def spec(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths, **more}


def servers(*urls: str) -> dict[str, Any]:
    return {"servers": [{"url": url} for url in urls]}


def reached(base: dict[str, Any], revision: dict[str, Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(rule, level) → operations."""
    return {(change.rule, change.level.value): change.operations for change in compare(base, revision).changes}


def test_a_server_of_the_root_reaches_those_that_have_none_of_their_own():
    paths = {"/a": {"get": OK}, "/b": {"get": OK, **servers(B)}, "/c": {"get": {**OK, **servers(B)}}}
    assert reached(spec(paths, **servers(A)), spec(paths, **servers(A, B))) == {
        ("server-added", "additive"): ("GET /a",)
    }


def test_a_server_of_a_path_reaches_its_operations():
    base, revision = ({"/a": {"get": OK, "put": OK, **servers(url)}, "/b": {"get": OK}} for url in (A, B))
    assert reached(spec(base), spec(revision)) == {("server-changed", "breaking"): ("GET /a", "PUT /a")}


def test_a_server_that_operations_get_of_their_own_is_no_change_of_address():
    base = spec({"/a": {"get": OK}}, **servers(A))
    assert reached(base, spec({"/a": {"get": OK, **servers(A)}}, **servers(A))) == {}


def test_a_server_that_no_operation_has_breaks_nobody():
    own = {"/a": {"get": OK, **servers(A)}}
    assert reached(spec(own), spec(own, **servers(A))) == {("server-added", "additive"): ()}
    assert reached(spec(own, **servers(A)), spec(own, **servers(B))) == {("server-changed", "additive"): ()}


def test_neither_removed_nor_added_operations_are_told_of_a_server():
    base, revision = spec({"/a": {"get": OK}, "/b": {"get": OK}}, **servers(A)), {"/a": {"get": OK}, "/c": {"get": OK}}
    assert reached(base, spec(revision, **servers(B))) == {
        ("server-changed", "breaking"): ("GET /a",),
        ("operation-removed", "breaking"): ("GET /b",),
        ("operation-added", "additive"): ("GET /c",),
    }


def test_a_security_scheme_reaches_the_operations_that_name_it_on_both_sides():
    def schemes(header: str) -> dict[str, Any]:
        key = {"type": "apiKey", "in": "header", "name": header}
        return {"components": {"securitySchemes": {"key": key}}}

    named = {**OK, "security": [{"key": []}]}
    base = spec({"/a": {"get": named}, "/b": {"get": OK}, "/c": {"get": named}}, **schemes("X-Key"))
    revision = spec({"/a": {"get": named}, "/b": {"get": named}, "/d": {"get": named}}, **schemes("X-Api-Key"))
    assert reached(base, revision)["security-scheme-name-changed", "breaking"] == ("GET /a",)


def test_the_words_of_a_path_reach_the_operations_that_stay():
    base = spec({"/a": {"summary": "One", "get": OK, "put": OK}})
    revision = spec({"/a": {"summary": "Two", "get": OK, "post": OK}})
    assert reached(base, revision)["summary-changed", "editorial"] == ("GET /a",)


def test_an_example_reaches_every_operation_that_refers_to_it():
    def shown(value: str) -> dict[str, Any]:
        media = {"application/json": {"examples": {"one": {"$ref": "#/components/examples/one"}}}}
        answer = {"responses": {"200": {"description": "OK", "content": media}}}
        return spec({"/a": {"get": answer, "put": answer}}, components={"examples": {"one": {"value": value}}})

    assert reached(shown("x"), shown("y")) == {("example-changed", "editorial"): ("GET /a", "PUT /a")}
