"""What stands beside the operations: components of every kind."""

from typing import Any

from apidiff import compare
from apidiff.rules.profiles import Profile
from apidiff.words.changes import Level
from tests.diff.saying import said, spec


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
