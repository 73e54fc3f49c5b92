"""Who may call: alternatives as the set of callers that they let in, and schemes by what they ask for."""

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


KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
OAUTH = {"type": "oauth2", "flows": {"password": {"tokenUrl": "https://a.example", "scopes": {"read": "Read."}}}}


def _with(schemes: dict[str, Any], *alternatives: dict[str, list[str]], root: bool = False) -> dict[str, Any]:
    own = {} if root else {"security": list(alternatives)}
    operation = {"responses": {"200": {"description": "OK"}}, **own}
    whole = {"security": list(alternatives)} if root else {}
    return spec({"/a": {"get": operation}}, components={"securitySchemes": schemes}, openapi="3.2.0", **whole)


def test_a_caller_with_more_than_is_asked_for_is_let_in():
    schemes = {"a": KEY, "b": {**KEY, "name": "X-Other"}}
    both, one, two = {"a": [], "b": []}, {"a": []}, {"b": []}
    less = f"additive security-scheme-no-longer-required: {AT}/0 -> {AT}/0"
    assert said(_with(schemes, both), _with(schemes, one)) == [less]
    assert said(_with(schemes, both), _with(schemes, one, two)) == [
        f"additive security-alternative-added: - -> {AT}/1",
        less,
    ]
    assert said(_with(schemes, one), _with(schemes, both)) == [
        f"breaking security-scheme-also-required: {AT}/0 -> {AT}/0"
    ]
    assert said(_with(schemes, one, both), _with(schemes, one)) == [
        f"additive covered-security-alternative-removed: {AT}/1 -> -"
    ]


def test_credentials_where_anonymous_stays_allowed():
    schemes = {"a": KEY}
    assert said(_with(schemes, {"a": []}, {}), _with(schemes, {})) == [
        f"additive covered-security-alternative-removed: {AT}/0 -> -"
    ]
    assert said(_with(schemes, {}), _with(schemes, {}, {"a": []})) == [
        f"additive covered-security-alternative-added: - -> {AT}/1"
    ]


def test_a_scheme_by_another_name():
    for scheme in (KEY, {"type": "http", "scheme": "bearer"}, OAUTH):
        for root in (False, True):
            base = _with({"one": scheme}, {"one": ["read"]}, root=root)
            revision = _with({"two": {**scheme, "description": "It."}}, {"two": ["read"]}, root=root)
            here = "#/components/securitySchemes"
            assert said(base, revision) == [
                f"editorial description-changed: - -> {here}/two/description",
                f"editorial security-scheme-renamed: {here}/one -> {here}/two",
            ]


def test_a_scheme_that_left_its_name_to_another_one():
    """Who comes with what `one` was gets in as before; what `one` is now is a further way."""
    schemes, token = "#/components/securitySchemes", {"type": "http", "scheme": "bearer"}
    base = _with({"one": KEY}, {"one": []})
    assert said(base, _with({"one": token, "two": KEY}, {"one": []}, {"two": []})) == [
        f"additive security-alternative-added: - -> {AT}/0",
        f"additive security-scheme-added: - -> {schemes}/one",
        f"editorial security-scheme-renamed: {schemes}/one -> {schemes}/two",
    ]
    assert said(base, _with({"one": token, "two": KEY}, {"one": []})) == [
        f"additive security-alternative-added: - -> {AT}/0",
        f"additive security-scheme-added: - -> {schemes}/one",
        f"breaking security-alternative-removed: {AT}/0 -> -",
        f"editorial security-scheme-renamed: {schemes}/one -> {schemes}/two",
    ]


def test_two_schemes_that_ask_for_the_same_are_told_apart_by_their_names():
    bearer = {"type": "http", "scheme": "bearer"}
    base = _with({"userToken": bearer, "adminToken": bearer}, {"adminToken": []})
    revision = _with({"AdminBearerToken": bearer, "UserBearerToken": bearer}, {"AdminBearerToken": []})
    assert [one.split(":")[0] for one in said(base, revision)] == ["editorial security-scheme-renamed"] * 2
    other = _with({"AdminBearerToken": bearer, "UserBearerToken": bearer}, {"UserBearerToken": []})
    assert [one.split(":")[0] for one in said(base, other) if one.startswith("breaking")] == [
        "breaking security-alternative-removed"
    ]


def test_a_scheme_with_another_name_and_another_meaning_is_another_one():
    found = said(_with({"one": KEY}, {"one": []}), _with({"two": {**KEY, "name": "X-New"}}, {"two": []}))
    assert [one.split(":")[0] for one in found if one.startswith("breaking")] == [
        "breaking security-alternative-removed"
    ]


def test_a_scheme_in_another_file(tmp_path):
    for name, where in (("base", "header"), ("revision", "query")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "schemes.yaml").write_text(f"key: {{type: apiKey, in: {where}, name: k}}", encoding="utf-8")
        paths = "{/a: {get: {security: [{'schemes.yaml#/key': []}], responses: {}}}}"
        text = f"{{openapi: 3.2.0, info: {{title: T}}, paths: {paths}}}"
        (tmp_path / name / "api.yaml").write_text(text, encoding="utf-8")
    assert said(*(str(tmp_path / name / "api.yaml") for name in ("base", "revision"))) == [
        "breaking security-scheme-location-changed: schemes.yaml#/key/in -> schemes.yaml#/key/in"
    ]


def test_a_deprecated_scheme():
    sides = _with({"a": KEY}, {"a": []}), _with({"a": {**KEY, "deprecated": True}}, {"a": []})
    at = "#/components/securitySchemes/a/deprecated"
    assert said(*sides) == [f"additive security-scheme-deprecated: - -> {at}"]
    assert said(*sides[::-1]) == [f"additive security-scheme-reactivated: {at} -> -"]


def test_the_header_of_a_key_ignores_case():
    lower = {**KEY, "name": "x-key"}
    assert said(_with({"a": KEY}, {"a": []}), _with({"a": lower}, {"a": []})) == []
    at = "#/components/securitySchemes"
    assert said(_with({"a": KEY}, {"a": []}), _with({"b": lower}, {"b": []})) == [
        f"editorial security-scheme-renamed: {at}/a -> {at}/b"
    ]
    sent, lowered = {**KEY, "in": "query"}, {**lower, "in": "query"}
    assert said(_with({"a": sent}, {"a": []}), _with({"a": lowered}, {"a": []})) == [
        f"breaking security-scheme-name-changed: {at}/a/name -> {at}/a/name"
    ]


def test_the_address_of_a_flow_in_another_spelling():
    def flow(url: str) -> Any:
        flows = {"clientCredentials": {"tokenUrl": url, "scopes": {"r": ""}}}
        schemes = {"o": {"type": "oauth2", "flows": flows}}
        paths = {"/a": {"get": {"security": [{"o": ["r"]}], "responses": {"200": {"description": "OK"}}}}}
        return spec(paths, components={"securitySchemes": schemes})

    assert said(flow("https://a.example/t"), flow("https://A.example:443/t")) == []
    for other in ("https://a.example/t/", "https://b.example/t"):
        assert "breaking security-scheme-token-url-changed" in said(flow("https://a.example/t"), flow(other))[0]
