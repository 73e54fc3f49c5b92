"""What a schema means: `$ref` and allOf merged, null and simple unions folded, in every dialect alike."""

from typing import Any

import pytest

from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema import Reader, View, canonical
from apidiff.words.pointer import Pointer


def view(schema: Any, *, version: str = "3.1.0", **components: Any) -> View:
    root = {"openapi": version, "info": {}, "components": {"schemas": components}}
    return Reader(Side(Document.parsed(root), name="base")).view(schema, Pointer("", ("x",)))


@pytest.mark.parametrize(
    ("schema", "version"),
    [
        ({"type": ["string", "null"]}, "3.1.0"),
        ({"type": "string", "nullable": True}, "3.0.3"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "3.1.0"),
        ({"allOf": [{"type": ["string", "null"]}]}, "3.1.0"),
        ({"oneOf": [{"oneOf": [{"type": "null"}, {"type": "string"}]}]}, "3.1.0"),
    ],
)
def test_a_string_or_null_is_the_same_however_it_is_said(schema: Any, version: str):
    found = view(schema, version=version)
    assert (found.types, found.null, [*found.groups], found.is_free) == (frozenset({"string"}), True, [], False)


def test_all_of_asks_for_everything_at_once():
    found = view(
        {
            "allOf": [
                {"$ref": "#/components/schemas/A"},
                {"required": ["b"], "properties": {"b": {}}, "minProperties": 2},
            ]
        },
        A={"type": "object", "properties": {"a": {}}, "required": ["a"], "minProperties": 1},
    )
    assert (found.types, sorted(found.properties), sorted(found.required)) == (
        frozenset({"object"}),
        ["a", "b"],
        ["a", "b"],
    )
    assert found.values["minProperties"][0] == 2


def test_bounds_are_normalised_and_a_constant_is_a_list_of_one():
    old = view({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, version="3.0.3")
    new = view({"type": "integer", "exclusiveMinimum": 1})
    assert old.values["minimum"][0] == new.values["minimum"][0] == (1, True)
    assert list(view({"const": "a"}).enum or ()) == list(view({"enum": ["a"]}).enum or ()) == ['"a"']


def test_siblings_of_a_reference_count_in_json_schema_only():
    schema = {"$ref": "#/components/schemas/A", "maxLength": 5}
    found = [view(schema, version=version, A={"type": "string"}).values for version in ("3.0.3", "3.1.0")]
    assert ["maxLength" in values for values in found] == [False, True]


def test_closed_never_and_free():
    assert view({"type": "object", "additionalProperties": False}).is_closed
    assert view({"unevaluatedProperties": False}).is_closed
    assert (view(False).never, view(True).is_free, view({"description": "d"}).is_free) == (True, True, True)


def test_a_schema_that_holds_itself_ends():
    assert view(
        {"$ref": "#/components/schemas/A"}, A={"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object"}]}
    ).types == {"object"}


def test_a_text_for_a_value_is_the_same_for_the_same_value_only():
    assert canonical({"b": 1.0, "a": [True]}) == canonical({"a": [True], "b": 1}) == '{"a":[true],"b":1}'
    assert len({canonical(value) for value in (1, True, "1", None, "null", [1], 1.5)}) == 7


def part(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("keyword", ["allOf", "oneOf", "anyOf"])
@pytest.mark.parametrize("count", [3, 200])
def test_a_chain_of_compositions_is_what_stands_at_its_end(keyword: str, count: int):
    links = {f"C{i}": {keyword: [part(f"C{i + 1}")]} for i in range(count)}
    found = view(part("C0"), **links, **{f"C{count}": {"type": "object", "required": ["a"]}})
    assert (found.types, list(found.required), found.groups) == (frozenset({"object"}), ["a"], [])


def test_each_part_is_read_once_however_often_it_is_referred_to():
    levels = {f"C{i}": {"allOf": [part(f"C{i + 1}"), part(f"C{i + 1}")]} for i in range(100)}
    end = {
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}],
        "items": {"type": "string"},
        "if": {"type": "object"},
        "then": {"minProperties": 1},
    }
    found = view(part("C0"), **levels, C100=end)
    assert (len(found.groups), len(found.subschemas["items"]), len(found.conditions)) == (1, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 2, 3, 200])
def test_every_member_of_a_circle_of_all_of_means_the_same(count: int):
    links = {f"C{i}": {"allOf": [part(f"C{(i + 1) % count}")], "required": [f"p{i}"]} for i in range(count)}
    root = {"openapi": "3.1.0", "info": {}, "components": {"schemas": links}}
    side = Side(Document.parsed(root), name="base")
    for reader in (Reader(side), Reader(side)):
        found = [set(reader.view(part(name), Pointer()).required) for name in sorted(links)]
        assert found == [{f"p{i}" for i in range(count)}] * count


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
@pytest.mark.parametrize("first", ["Pet", "Cat", "Kitten"])
def test_a_child_says_what_its_parent_does_but_for_being_one_of_its_children(keyword: str, first: str):
    pets = {
        "Pet": {"required": ["kind"], keyword: [part("Cat"), part("Dog")]},
        "Cat": {"allOf": [part("Pet"), {"required": ["lives"]}]},
        "Dog": {"allOf": [part("Pet"), {"required": ["bark"]}]},
        "Kitten": {"allOf": [part("Cat"), {"required": ["age"]}]},
        "Owned": {"allOf": [part("Pet"), {"required": ["owner"]}]},
    }
    side = Side(Document.parsed({"openapi": "3.1.0", "info": {}, "components": {"schemas": pets}}), name="base")
    reader = Reader(side)
    reader.view(part(first), Pointer())
    found = {name: reader.view(part(name), Pointer()) for name in pets}
    assert {name: (list(one.required), len(one.groups)) for name, one in found.items()} == {
        "Pet": (["kind"], 1),
        "Cat": (["kind", "lives"], 0),
        "Dog": (["kind", "bark"], 0),
        "Kitten": (["kind", "lives", "age"], 0),
        "Owned": (["kind", "owner"], 1),
    }


def test_what_is_beside_all_of_a_reference_counts():
    found = view({**part("A"), "allOf": [{"required": ["b"]}]}, A={"required": ["a"]})
    assert list(found.required) == ["a", "b"]
