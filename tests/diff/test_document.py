"""What stands beside the operations: servers, and components of every kind."""

from typing import Any

from apidiff import compare
from apidiff.rules.profiles import Profile
from apidiff.words.changes import Level
from tests.diff.saying import said, spec


def test_what_else_is_said_of_a_server_with_another_url():
    variables = {"env": {"default": "a", "enum": ["a", "b"]}}
    base = spec({}, servers=[{"url": "https://{env}.example/v1", "description": "Old.", "variables": variables}])
    revision = spec({}, servers=[{"url": "https://{env}.example/v2", "description": "New.", "variables": {"env": {"default": "b"}}}])  # fmt: skip  # noqa: E501
    at = "#/servers/0"
    assert said(base, revision) == [
        f"breaking server-changed: {at} -> {at}",
        f"dangerous server-variables-changed: {at}/variables/env -> {at}/variables/env",
        f"editorial description-changed: {at}/description -> {at}/description",
    ]


def test_extensions_of_mappings():
    base, revision = (spec({}, components={"x-a": value}) for value in (1, 2))
    assert said(base, revision) == ["editorial extension-changed: #/components/x-a -> #/components/x-a"]


def test_a_link_that_is_used_is_said_once():
    def linking(operation: str) -> dict[str, Any]:
        response = {"description": "OK", "links": {"next": {"$ref": "#/components/links/forth"}}}
        links = {"forth": {"operationId": operation}, "back": {"operationId": operation}}
        return spec({"/a": {"get": {"responses": {"200": response}}}}, components={"links": links})

    assert said(linking("a"), linking("b")) == [
        f"{level} link-changed: #/components/links/{name} -> #/components/links/{name}"
        for level, name in (("additive", "back"), ("dangerous", "forth"))
    ]


def test_a_scheme_that_nobody_uses_hurts_nobody():
    base, revision = (
        spec({}, components={"securitySchemes": {"key": {"type": "apiKey", "name": "X", "in": place}}})
        for place in ("header", "query")
    )
    at = "#/components/securitySchemes/key/in"
    assert said(base, revision) == [f"additive security-scheme-location-changed: {at} -> {at}"]


def test_a_variable_of_a_server_that_goes():
    base = spec({}, servers=[{"url": "https://{env}.example", "variables": {"env": {"default": "a"}}}])
    revision = spec({}, servers=[{"url": "https://a.example"}])
    at = "#/servers/0/variables/env"
    assert said(base, revision) == [f"dangerous server-variables-changed: {at} -> -"]


def test_extensions_of_a_flow_that_its_scheme_has_as_well():
    def scheme(value: int) -> dict[str, Any]:
        flow = {"tokenUrl": "https://a.example", "scopes": {}, "x-a": value}
        return spec(
            {}, components={"securitySchemes": {"s": {"type": "oauth2", "flows": {"implicit": flow}, "x-a": 0}}}
        )

    at = "#/components/securitySchemes/s/flows/implicit/x-a"
    assert said(scheme(1), scheme(2)) == [f"editorial extension-changed: {at} -> {at}"]


def test_an_example_is_no_class_of_a_generated_client():
    base, revision = (spec({}, components={"examples": {name: {"value": 1}}}) for name in ("one", "other"))
    assert said(base, revision) == [
        "editorial example-added: - -> #/components/examples/other",
        "editorial example-removed: #/components/examples/one -> -",
    ]
    assert {change.level for change in compare(base, revision, profile=Profile.SDK).changes} == {Level.EDITORIAL}
