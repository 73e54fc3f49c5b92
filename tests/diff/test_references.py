"""References that lead nowhere: unknown and said, never a verdict and never silence."""

from typing import Any

import pytest

from apidiff import compare
from apidiff.comparison.compare import Judgement
from apidiff.words.errors import ApidiffError
from tests.diff.saying import said

GONE = "#/components/schemas/Gone"
UNKNOWN = (
    "<dict> (#/paths/~1a/get/responses/200/content/application~1json/schema/properties/x): `$ref` points nowhere in "
    "the {side}: #/components/schemas/Gone; what it stands for is unknown, and {reach}"
)


def spec(schema: Any, *, schemas: Any = None, **more: Any) -> dict[str, Any]:
    """Two operations, of which `GET /a` answers with an object that has a property `x`."""
    content = {"application/json": {"schema": {"type": "object", "properties": {"x": schema}}}}
    described = {"description": "OK"}
    plain = {"responses": {"200": described}}
    return {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}},
            "/b": {"get": plain},
        },
        "components": {"schemas": schemas or {}},
        **more,
    }


def test_both_sides_lost_it_and_nothing_else_changed() -> None:
    comparison = compare(spec({"$ref": GONE}), spec({"$ref": GONE}))
    assert comparison.changes == ()
    assert comparison.warnings == tuple(
        UNKNOWN.format(side=side, reach="1 operation leads to it") for side in ("base", "revision")
    )


def test_what_one_side_lost_is_one_dangerous_change_with_its_operations() -> None:
    whole = spec({"$ref": GONE}, schemas={"Gone": {"type": "string"}})
    (change,) = [one for one in compare(whole, spec({"$ref": GONE})).changes if one.rule == "reference-broken"]
    assert (change.level.value, change.operations, change.direction) == ("dangerous", ("GET /a",), None)
    assert change.title == f"the reference `{GONE}` leads nowhere any more"
    assert change.revision == "#/paths/~1a/get/responses/200/content/application~1json/schema/properties/x"
    assert said(whole, spec({"$ref": GONE})) == [
        "dangerous reference-broken: - -> #/paths/~1a/get/responses/200/content/application~1json/schema/properties/x",
        "editorial component-removed: #/components/schemas/Gone -> -",
    ]


def test_what_is_there_again_is_additive() -> None:
    whole = spec({"$ref": GONE}, schemas={"Gone": {"type": "string"}})
    assert said(spec({"$ref": GONE}), whole) == [
        "additive reference-mended: #/paths/~1a/get/responses/200/content/application~1json/schema/properties/x -> -",
        "editorial component-added: - -> #/components/schemas/Gone",
    ]


def test_another_reference_in_its_place_is_unknown_and_no_verdict() -> None:
    there = {"There": {"type": "string"}}
    comparison = compare(
        spec({"$ref": GONE}, schemas=there), spec({"$ref": "#/components/schemas/There"}, schemas=there)
    )
    assert comparison.changes == ()
    assert comparison.warnings == (UNKNOWN.format(side="base", reach="1 operation leads to it"),)


def test_what_stands_beside_it_is_compared_all_the_same() -> None:
    base, revision = spec({"$ref": GONE}), spec({"$ref": GONE})
    del revision["paths"]["/b"]
    assert [change.rule for change in compare(base, revision).changes if change.level == "breaking"] == [
        "operation-removed"
    ]


@pytest.mark.parametrize("name", ["parameters", "responses", "requestBodies", "headers", "examples", "links"])
def test_every_kind_of_object_may_be_lost(name: str) -> None:
    """A loss is dangerous and nothing more, whatever it is a loss of."""
    reference = {"$ref": f"#/components/{name}/Gone"}
    operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
    media: dict[str, Any] = {"application/json": {"schema": {"type": "string"}}}
    thing: dict[str, Any] = {"description": "D"}
    if name == "parameters":
        operation["parameters"] = [reference]
        thing = {"name": "n", "in": "query", "required": True, "schema": {"type": "string"}}
    elif name == "responses":
        operation["responses"]["200"] = reference
        thing = {"description": "D", "content": media}
    elif name == "requestBodies":
        operation["requestBody"] = reference
        thing = {"content": media, "required": True}
    elif name == "headers":
        operation["responses"]["200"]["headers"] = {"X-A": reference}
        thing = {"schema": {"type": "string"}, "required": True}
    elif name == "examples":
        operation["responses"]["200"]["content"] = {"application/json": {"examples": {"one": reference}}}
        thing = {"value": 1}
    else:
        operation["responses"]["200"]["links"] = {"next": reference}
        thing = {"operationId": "x"}
    whole = spec({"type": "string"}) | {"paths": {"/a": {"post": operation}}, "components": {name: {"Gone": thing}}}
    lost = whole | {"components": {}}
    for base, revision in ((whole, lost), (lost, whole)):
        levels = {change.level.value for change in compare(base, revision).changes}
        assert levels <= {"dangerous", "additive", "editorial"}, name
    # what an example says is data, and its loss a loss of data
    rule = "example-removed" if name == "examples" else "reference-broken"
    assert rule in {change.rule for change in compare(whole, lost).changes}


@pytest.mark.parametrize(
    ("reference", "meant"),
    [
        ("components/schemas/There", "#/components/schemas/There"),
        ("/components/schemas/There", "#/components/schemas/There"),
        ("#components/schemas/There", "#/components/schemas/There"),
        ("#\\components\\schemas\\There", "#/components/schemas/There"),
    ],
)
def test_a_slip_of_the_pen_is_refused_with_what_was_meant(reference: str, meant: str) -> None:
    broken = spec({"$ref": reference}, schemas={"There": {"type": "string"}})
    with pytest.raises(ApidiffError) as caught:
        compare(broken, broken)
    assert caught.value.hint == f"Did you mean `{meant}`?"
    assert (caught.value.at or "").endswith("/schema/properties/x)")


def test_a_path_item_can_t_be_unknown() -> None:
    broken = spec({"type": "string"}) | {"paths": {"/a": {"$ref": "#/components/pathItems/Gone"}}}
    with pytest.raises(ApidiffError, match="points nowhere"):
        compare(broken, broken)


def test_strict_references_refuse_as_they_are() -> None:
    with pytest.raises(ApidiffError, match="points nowhere") as caught:
        compare(spec({"$ref": GONE}), spec({"$ref": GONE}), judgement=Judgement(strict_refs=True))
    assert caught.value.code == "reference-unresolved"


def test_in_an_extension_and_in_an_example_it_is_data() -> None:
    data = spec({"type": "object", "example": {"$ref": GONE}, "x-of": {"$ref": GONE}})
    assert compare(data, data).warnings == ()


@pytest.mark.parametrize("chain", [{}, {"M": {"$ref": "#/components/schemas/A"}}], ids=["one", "two"])
def test_what_stands_beside_a_reference_that_another_one_leads_to_counts(chain: Any) -> None:
    first = {"$ref": f"#/components/schemas/{'M' if chain else 'A'}"}

    def sides(version: str) -> list[dict[str, Any]]:
        return [
            spec(
                first,
                schemas={
                    "A": {"$ref": "#/components/schemas/B", "maxLength": most},
                    "B": {"type": "string", "minLength": 1},
                    **chain,
                },
            )
            | {"openapi": version}
            for most in (5, 6)
        ]

    at = "#/components/schemas/A/maxLength"
    (change,) = compare(*sides("3.1.0")).changes
    assert (change.rule, change.base, change.operations) == ("max-length-increased", at, ("GET /a",))
    (change,) = compare(*sides("3.0.3")).changes
    assert (change.rule, change.base, change.level.value) == ("ineffective-keyword-changed", at, "editorial")


def test_what_comes_beside_a_reference_is_said_once() -> None:
    name = {"$ref": "#/components/schemas/A"}
    plain, limited = (
        spec(one, schemas={"A": {"type": "string"}}) | {"openapi": "3.1.0"} for one in (name, {**name, "maxLength": 5})
    )
    assert [change.rule for change in compare(plain, limited).changes] == ["max-length-decreased"]
