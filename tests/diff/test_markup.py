"""XML: what is on the wire counts, and not how the form is spelled out (OpenAPI 3.2, 4.26)."""

from typing import Any

import pytest

from apidiff import compare

ATTRIBUTE = {"attribute": True}
WRAPPED = {"wrapped": True}
LIST = {"type": "array", "items": {"type": "string"}}
CHANGED, HINT, STATED = "breaking xml-form-changed", "editorial xml-hint-changed", "dangerous xml-name-stated"


def spec(body: Any, *, name: str = "application/xml", version: str = "3.2.0", **schemas: Any) -> dict[str, Any]:
    content = {"content": {name: {"schema": body}}}
    operation = {"requestBody": content, "responses": {"200": {"description": "OK", **content}}}
    return {
        "openapi": version,
        "info": {"title": "T"},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": schemas},
    }


def owner(xml: Any = None, **inner: Any) -> dict[str, Any]:
    """An object with one property, and what is said of its XML."""
    one: dict[str, Any] = {"type": "string", **inner}
    return {"type": "object", "xml": {"name": "r"}, "properties": {"a": one if xml is None else {**one, "xml": xml}}}


def said(base: Any, revision: Any) -> list[str]:
    """`level rule` of each change, in both directions alike."""
    found = compare(base, revision).changes
    ways = [
        sorted(f"{one.level.value} {one.rule}" for one in found if one.direction == way)
        for way in ("request", "response")
    ]
    assert ways[0] == ways[1]
    return ways[0] + [f"{one.level.value} {one.rule}" for one in found if one.direction is None]


EQUAL: list[tuple[Any, Any]] = [
    (None, {}),
    ({}, {"name": "a"}),
    (None, {"name": "a"}),
    (None, {"attribute": False}),
    (None, {"wrapped": False}),
    (None, {"nodeType": "element"}),
    (ATTRIBUTE, {"nodeType": "attribute"}),
    ({**ATTRIBUTE, "name": "a"}, {"nodeType": "attribute"}),
    ({"nodeType": "text"}, {"nodeType": "cdata"}),
]
OTHER: list[tuple[Any, Any]] = [
    (None, {"name": "b"}),
    ({"name": "b"}, {"name": "c"}),
    (None, {"namespace": "urn:a"}),
    ({"namespace": "urn:a"}, {"namespace": "urn:b"}),
    ({"namespace": "urn:a", "prefix": "p"}, {"namespace": "urn:b", "prefix": "p"}),
    (None, {"prefix": "p"}),  # whose namespace nothing says
    ({"prefix": "p"}, {"prefix": "q"}),
    (None, ATTRIBUTE),
    (ATTRIBUTE, {"nodeType": "element"}),
    (None, {"nodeType": "text"}),
    (None, {"nodeType": "none"}),
]
LISTS: list[tuple[Any, Any, list[str]]] = [
    (None, {"wrapped": False}, []),
    (None, {"nodeType": "none"}, []),
    (None, {"name": "b"}, [HINT]),  # no element comes of a list that is not wrapped
    (WRAPPED, {"nodeType": "element"}, []),
    (WRAPPED, {"wrapped": True, "name": "a"}, []),
    (None, WRAPPED, [CHANGED]),
    (None, {"nodeType": "element"}, [CHANGED]),
    (WRAPPED, {"wrapped": True, "name": "b"}, [CHANGED]),
]


@pytest.mark.parametrize(("before", "after"), EQUAL)
def test_the_same_form_said_otherwise_is_no_change(before: Any, after: Any):
    assert said(spec(owner(before)), spec(owner(after))) == []
    assert said(spec(owner(after)), spec(owner(before))) == []


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_another_form_breaks_who_reads_or_writes_xml(before: Any, after: Any):
    assert said(spec(owner(before)), spec(owner(after))) == [CHANGED]
    assert said(spec(owner(after)), spec(owner(before))) == [CHANGED]


@pytest.mark.parametrize("name", ["application/json", "application/vnd.openxmlformats-officedocument.a+zip"])
@pytest.mark.parametrize(("before", "after"), OTHER)
def test_it_is_a_hint_where_nobody_exchanges_xml(before: Any, after: Any, name: str):
    assert said(spec(owner(before), name=name), spec(owner(after), name=name)) == [HINT]


@pytest.mark.parametrize(("before", "after", "expected"), LISTS)
def test_a_list_has_a_node_of_its_own_where_it_is_wrapped(before: Any, after: Any, expected: list[str]):
    assert said(spec(owner(before, **LIST)), spec(owner(after, **LIST))) == expected


@pytest.mark.parametrize(
    ("before", "after"), [(None, WRAPPED), ({"nodeType": "text"}, {"nodeType": "text", "name": "b"})]
)
def test_what_has_no_effect_there_is_a_hint(before: Any, after: Any):
    assert said(spec(owner(before)), spec(owner(after))) == [HINT]


@pytest.mark.parametrize(("name", "expected"), [("a", []), ("b", [CHANGED])])
def test_an_item_is_called_as_the_property_is(name: str, expected: list[str]):
    items = {"type": "array", "items": {"type": "string", "xml": {"name": name}}}
    assert said(spec(owner(**LIST)), spec(owner(**items))) == expected


def test_the_prefix_of_a_namespace_is_free_and_is_said_all_the_same():
    before, after = ({"namespace": "urn:a", "prefix": prefix} for prefix in "pq")
    assert said(spec(owner(before)), spec(owner(after))) == [HINT]
    assert said(spec(owner({"namespace": "urn:a"})), spec(owner(after))) == [HINT]


def test_a_component_is_called_by_its_name():
    plain, ref = {"type": "object"}, {"$ref": "#/components/schemas/Pet"}
    named = [spec(ref, Pet={**plain, "xml": {"name": name}}) for name in ("Pet", "pet")]
    assert said(spec(ref, Pet=plain), named[0]) == []
    assert said(spec(ref, Pet=plain), named[1]) == [CHANGED]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("application/xml", [CHANGED, "editorial component-renamed"]),
        ("application/json", ["editorial component-renamed"]),
    ],
)
def test_a_renamed_component_renames_the_document(name: str, expected: list[str]):
    pets = [
        spec({"$ref": f"#/components/schemas/{pet}"}, name=name, **{pet: {"type": "object"}})
        for pet in ("Pet", "Animal")
    ]
    assert said(*pets) == expected


def test_a_document_that_says_its_name_keeps_it_when_its_component_is_renamed():
    pets = [
        spec({"$ref": f"#/components/schemas/{pet}"}, **{pet: {"type": "object", "xml": {"name": "Pet"}}})
        for pet in ("Pet", "Animal")
    ]
    assert said(*pets) == ["editorial component-renamed"]


def test_a_name_that_nothing_told_before_is_said_as_such():
    named = {"type": "object", "xml": {"name": "pet"}}
    assert said(spec({"type": "object"}), spec(named)) == [STATED]
    assert said(spec(named), spec({"type": "object"})) == [STATED]


@pytest.mark.parametrize(("version", "expected"), [("3.0.3", [HINT]), ("3.1.0", [CHANGED]), ("3.2.0", [HINT])])
def test_beside_a_reference_a_version_has_its_own_reading(version: str, expected: list[str]):
    """3.0 ignores it, 3.1 takes it for the use, and since 3.2 a reference is no node of its own."""

    def using(name: str) -> Any:
        whole = owner()
        whole["properties"]["a"] = {"$ref": "#/components/schemas/A", "xml": {"name": name}}
        return spec(whole, version=version, A={"type": "string"})

    assert said(using("b"), using("c")) == expected


def test_what_is_no_part_of_the_form_is_compared_beside_it():
    before, after = ({"name": "a", "x-order": order} for order in (1, 2))
    assert said(spec(owner(before)), spec(owner(after))) == ["editorial extension-changed"]


def parts(kind: str, part: Any, **schemas: Any) -> dict[str, Any]:
    """A multipart body with one part of some media type."""
    made = spec({"type": "object", "properties": {"p": part}}, name="multipart/form-data", **schemas)
    operation = made["paths"]["/a"]["post"]
    for holder in (operation["requestBody"], operation["responses"]["200"]):
        holder["content"]["multipart/form-data"]["encoding"] = {"p": {"contentType": kind}}
    return made


@pytest.mark.parametrize("kind", ["application/xml", "text/xml", "application/atom+xml"])
def test_a_part_may_be_xml(kind: str):
    assert said(parts(kind, owner()), parts(kind, owner({"name": "b"}))) == [CHANGED]
    ends = [parts(kind, {"$ref": "#/components/schemas/P"}, P=owner(xml)) for xml in (None, {"name": "b"})]
    assert said(*ends) == [CHANGED]
    assert said(parts(kind, owner()), parts(kind, owner(ATTRIBUTE))) == [CHANGED]


def test_the_root_of_a_part_is_named_by_its_component():
    bare = {"type": "object", "properties": {"a": {"type": "string"}}}
    ends = [parts("text/xml", {"$ref": f"#/components/schemas/{name}"}, **{name: bare}) for name in ("P", "Q")]
    assert said(*ends) == [CHANGED, "editorial component-renamed"]
    ends = [parts("application/json", {"$ref": f"#/components/schemas/{name}"}, **{name: bare}) for name in ("P", "Q")]
    assert said(*ends) == ["editorial component-renamed"]


def test_a_part_in_json_is_none():
    assert said(parts("application/json", owner()), parts("application/json", owner({"name": "b"}))) == [HINT]
