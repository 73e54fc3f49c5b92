"""What stands around operations: servers of a path, and what is said of a path that moved."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import said, spec

GET = {"get": {"operationId": "getA", "responses": {"200": {"description": "OK"}}}}


def test_the_servers_of_a_path_are_those_of_its_operations():
    base, revision = (
        spec({"/a": GET | {"servers": [{"url": url}]}}) for url in ("https://a.example", "https://b.example")
    )
    at = "#/paths/~1a/servers/0"
    assert said(base, revision) == [f"breaking server-changed: {at} -> {at}"]


def test_what_is_said_of_a_path_that_moved():
    base, revision = (spec({path: GET | more}) for path, more in (("/a", {"x-a": 1}), ("/b", {"description": "B."})))
    assert said(base, revision) == [
        "breaking operation-moved: #/paths/~1a/get -> #/paths/~1b/get",
        "editorial description-changed: - -> #/paths/~1b/description",
        "editorial extension-changed: #/paths/~1a/x-a -> -",
    ]


def _with_callback(callback: dict[str, Any]) -> dict[str, Any]:
    return spec({"/a": {"get": GET["get"] | {"callbacks": {"done": callback}}}})


def test_what_is_said_beside_the_operations_of_a_callback():
    base = _with_callback({"{$url}": {"post": GET["get"]}})
    revision = _with_callback({"{$url}": {"post": GET["get"], "summary": "Done.", "parameters": []}, "x-a": 1})
    at = "#/paths/~1a/get/callbacks/done"
    assert said(base, revision) == [
        f"editorial extension-changed: - -> {at}/x-a",
        f"editorial summary-changed: - -> {at}/{{$url}}/summary",
    ]


def test_what_the_api_asks_of_callers_it_does_not_ask_in_a_callback():
    base = _with_callback({"{$url}": {"post": GET["get"]}})
    base["paths"]["/a"]["get"]["security"] = []
    revision = base | {"security": [{"key": []}]}
    assert said(base, revision) == []


def test_words_about_life_that_another_one_outdoes():
    def lives(**more: Any) -> dict[str, Any]:
        return spec({"/a": {"get": GET["get"] | {key.replace("_", "-"): value for key, value in more.items()}}})

    at = "#/paths/~1a/get"
    assert said(lives(x_stability_level="draft"), lives(x_stability_level="experimental")) == [
        f"editorial extension-changed: {at}/x-stability-level -> {at}/x-stability-level"
    ]
    assert said(lives(x_sunset="2030-01-01"), lives(x_sunset="2030-01-01", x_sunset_at="2031-01-01")) == [
        f"editorial extension-changed: - -> {at}/x-sunset-at"
    ]
    dated = {"removalDate": "2030-01-01"}
    assert said(lives(), lives(x_ms_deprecation=dated)) == [
        f"additive sunset-added: - -> {at}/x-ms-deprecation/removalDate"
    ]


def test_a_callback_that_is_no_object_is_compared_as_what_it_is():
    def calling(callback: Any) -> Any:
        return spec({"/a": {"get": {**GET["get"], "callbacks": {"done": callback}}}})

    at = "#/paths/~1a/get/callbacks/done"
    assert said(calling("oauth2"), calling("oauth2")) == []
    assert said(calling("oauth2"), calling("basic")) == [f"dangerous unclassified: {at} -> {at}"]
    assert said(calling("oauth2"), calling({})) == [f"dangerous unclassified: {at} -> {at}"]


CALL = "#/components/pathItems/call"


def _calling_back(to: dict[str, Any], schema: str) -> dict[str, Any]:
    """A path whose operation calls back where `to` says, which takes a body."""
    content = {"application/json": {"schema": {"type": schema}}}
    post = {**GET["get"], "callbacks": {"done": {"{$url}": to}}, "requestBody": {"content": content}}
    return spec({"/a": {"$ref": CALL}}, components={"pathItems": {"call": {"post": post}}})


def test_an_operation_that_is_called_back_by_itself_sends_and_receives_what_changes():
    base, revision = (_calling_back({"$ref": CALL}, schema) for schema in ("string", "integer"))
    at = f"{CALL}/post/requestBody/content/application~1json/schema/type"
    assert said(base, revision) == [f"breaking type-changed: {at} -> {at}"]
    assert {
        (change.direction, change.operations, change.places[0])
        for change in compare(base, revision).changes
        if change.rule == "type-changed"
    } == {
        ("request", ("POST /a",), "POST /a: request application/json"),
        ("response", ("POST /a",), "POST /a: callback done request application/json"),
    }


@pytest.mark.parametrize("to", [{"$ref": "#/paths/~1a"}, {"$ref": CALL}])
def test_a_callback_of_its_own_path_is_compared_with_itself(to: dict[str, Any]):
    base = _calling_back(to, "string")
    assert said(base, base) == []
    at = "#/info/title"
    assert said(base, {**base, "info": {"title": "Another"}}) == [f"editorial summary-changed: {at} -> {at}"]


def test_a_callback_whose_address_is_read_from_another_part_of_the_call():
    base, revision = (_with_callback({f"{{$request.body#/{name}}}": {"post": GET["get"]}}) for name in ("u", "v"))
    at = "#/paths/~1a/get/callbacks/done/{$request.body#~1%s}/post"
    assert said(base, revision) == [f"breaking callback-moved: {at % 'u'} -> {at % 'v'}"]


def test_a_method_is_sent_in_the_letters_in_which_it_is_written():
    base, revision = (
        spec({"/a": {"additionalOperations": {name: GET["get"]}}}, openapi="3.2.0") for name in ("Link", "LINK")
    )
    at = "#/paths/~1a/additionalOperations"
    assert said(base, revision) == [f"breaking operation-method-changed: {at}/Link -> {at}/LINK"]
