"""An answer 204 has no body, and one that can only be null carries nothing."""

from typing import Any

import pytest

from apidiff import compare

NULL: dict[str, Any] = {"type": "null"}
OBJECT: dict[str, Any] = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
EDITORIAL = ["editorial empty-body-changed"]


def content(schema: Any, *names: str) -> dict[str, Any]:
    return {"content": {name: {"schema": schema} for name in names or ("application/json",)}}


def spec(version: str = "3.1.0", *, status: str = "200", answer: Any = None, sent: Any = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": {status: {"description": "OK", **(answer or {})}}}
    operation |= {} if sent is None else {"requestBody": sent}
    kind = "swagger" if version == "2.0" else "openapi"
    return {kind: version, "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}


def said(base: Any, revision: Any) -> list[str]:
    return [f"{change.level.value} {change.rule}" for change in compare(base, revision).changes]


@pytest.mark.parametrize("status", ["204", "205", "304", "100", "1XX"])
@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0"])
def test_what_is_said_of_no_body_says_nothing(status: str, version: str):
    bodies = [None, *({"schema": one} if version == "2.0" else content(one) for one in (OBJECT, NULL))]
    sides = [spec(version, status=status, answer=one) for one in bodies]
    for base in sides:
        for revision in sides:
            assert said(base, revision) == ([] if base is revision else EDITORIAL)


@pytest.mark.parametrize("version", ["2.0", "3.0.3", "3.1.0", "3.2.0"])
def test_an_answer_to_head_has_no_body(version: str):
    def asked(answer: Any) -> dict[str, Any]:
        whole = spec(version, answer=answer)
        whole["paths"]["/a"] = {"head": whole["paths"]["/a"]["post"]}
        return whole

    bodies = [{"schema": one} if version == "2.0" else content(one) for one in (OBJECT, NULL)]
    assert said(asked(bodies[0]), asked(bodies[1])) == EDITORIAL
    assert said(asked(bodies[0]), asked(None)) == EDITORIAL


def test_an_answer_shared_with_head_is_that_of_get():
    def shared(schema: Any) -> dict[str, Any]:
        operation = {"responses": {"200": {"description": "OK", **content(schema)}}}
        return {**spec(), "paths": {"/a": {"get": operation, "head": operation}}}

    optional = {key: value for key, value in OBJECT.items() if key != "required"}
    changes = compare(shared(OBJECT), shared(optional)).changes
    assert [(f"{one.level.value} {one.rule}", one.operations) for one in changes] == [
        ("breaking property-became-optional", ("GET /a",)),
        (EDITORIAL[0], ("HEAD /a",)),
    ]


def test_the_headers_of_an_answer_to_head_are_sent():
    def asked(**headers: Any) -> dict[str, Any]:
        whole = spec(answer={"headers": headers})
        whole["paths"]["/a"] = {"head": whole["paths"]["/a"]["post"]}
        return whole

    assert said(asked(**{"X-Total": {"schema": {"type": "integer"}}}), asked()) == ["breaking header-removed"]


def test_a_component_may_have_a_body_elsewhere():
    def shared(schema: Any) -> dict[str, Any]:
        answer = {"$ref": "#/components/responses/Done"}
        whole = spec()
        whole["paths"]["/a"]["post"]["responses"] = {"204": answer, "200": answer}
        return {**whole, "components": {"responses": {"Done": {"description": "OK", **content(schema)}}}}

    optional = {key: value for key, value in OBJECT.items() if key != "required"}
    assert said(shared(OBJECT), shared(optional)) == ["breaking property-became-optional", *EDITORIAL]


@pytest.mark.parametrize(
    "null", [NULL, {"enum": [None]}, {"const": None}, {"type": ["string", "null"], "enum": [None]}]
)
def test_a_body_that_can_only_be_null_is_as_good_as_none(null: Any):
    assert said(spec(answer=content(null)), spec()) == EDITORIAL
    assert said(spec(), spec(answer=content(null))) == EDITORIAL
    for sent in (content(null), {"required": True, **content(null)}):
        assert said(spec(sent=sent), spec()) == EDITORIAL
        assert said(spec(), spec(sent=sent)) == EDITORIAL


def test_in_swagger_as_well():
    def taking(*schemas: Any) -> dict[str, Any]:
        whole = spec("2.0")
        whole["paths"]["/a"]["post"]["parameters"] = [{"name": "b", "in": "body", "schema": one} for one in schemas]
        return whole

    assert said(taking(NULL), taking()) == EDITORIAL
    assert said(taking(), taking(NULL)) == EDITORIAL
    assert said(spec("2.0", answer={"schema": NULL}), spec("2.0")) == EDITORIAL


def test_a_body_that_may_be_something_else_is_one():
    assert said(spec(answer=content(OBJECT)), spec()) == ["breaking media-type-removed"]
    assert said(spec(answer=content({"type": ["object", "null"]})), spec()) == ["breaking media-type-removed"]
    assert said(spec(), spec(sent={"required": True, **content(OBJECT)})) == ["breaking required-request-body-added"]
    assert said(spec(answer=content(NULL)), spec(answer=content(OBJECT)))[0].startswith("breaking ")


def test_a_second_body_is_passed_over_and_said_to_be():
    def taking(*parameters: dict[str, Any]) -> dict[str, Any]:
        whole = spec("2.0")
        whole["paths"]["/a"]["post"]["parameters"] = [{"name": f"p{i}", **one} for i, one in enumerate(parameters)]
        return whole

    body: dict[str, Any] = {"in": "body", "schema": OBJECT}
    for other in ({"in": "body", "schema": NULL}, {"in": "formData", "type": "string"}):
        found = compare(taking(body), taking(body, other))
        assert found.changes == ()
        assert [one.partition("): ")[2] for one in found.warnings] == [
            "a call has one body, so that another one, or a form, is passed over"
        ]


def test_media_types_that_no_operation_goes_by_are_said_to_be_unused():
    def producing(*names: str, own: bool) -> dict[str, Any]:
        whole = {**spec("2.0", answer={"schema": OBJECT}), "produces": list(names)}
        whole["paths"]["/a"]["post"] |= {"produces": ["text/csv"]} if own else {}
        return whole

    both = "application/json", "application/xml"
    assert said(producing(both[0], own=True), producing(*both, own=True)) == ["editorial unused-media-types-changed"]
    assert said(producing(both[0], own=False), producing(*both, own=False)) == ["additive media-type-added"]
    assert said(producing(*both, own=True), producing(*reversed(both), own=True)) == []
