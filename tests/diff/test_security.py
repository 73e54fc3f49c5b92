"""Who may call: alternatives that name the same schemes with other scopes are told apart."""

from typing import Any

from tests.diff.saying import said, spec


def _asking(*alternatives: dict[str, list[str]]) -> dict[str, Any]:
    schemes = {"bearer": {"type": "http", "scheme": "bearer"}}
    operation = {"security": list(alternatives), "responses": {"200": {"description": "OK"}}}
    return spec({"/a": {"get": operation}}, components={"securitySchemes": schemes})


AT = "#/paths/~1a/get/security"


def test_another_alternative_of_the_same_scheme_is_one_that_came():
    base, revision = _asking({"bearer": ["create"]}), _asking({"bearer": ["create"]}, {"bearer": ["update"]})
    assert said(base, revision) == [f"additive security-alternative-added: - -> {AT}/1"]
    assert said(revision, base) == [f"breaking security-alternative-removed: {AT}/1 -> -"]


def test_scopes_of_the_alternative_that_is_left_over_are_compared():
    base = _asking({"bearer": ["create"]}, {"bearer": ["read"]})
    revision = _asking({"bearer": ["read"]}, {"bearer": ["create", "update"]})
    assert said(base, revision) == [f"breaking security-scope-added: - -> {AT}/1/bearer"]
    assert said(base, _asking({"bearer": ["read"]}, {"bearer": ["create"]})) == []
