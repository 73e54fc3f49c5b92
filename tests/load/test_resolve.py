"""What a `$ref` names, which dialect a document is in, and which values are the same."""

import pytest

from apidiff.load import Document
from apidiff.load.resolve import Side, Unchanged, dialect_of, references, same
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

PETS = {
    "Owner": {"properties": {"pet": {"$ref": "#/components/schemas/Pet"}}},
    "Pet": {"$ref": "#/components/schemas/Animal"},
    "Animal": {"type": "object"},
    "Loop": {"$ref": "#/components/schemas/Loop"},
}


def side(schemas: dict[str, object] = PETS) -> Side:
    return Side(Document.parsed({"openapi": "3.1.0", "info": {}, "components": {"schemas": schemas}}), name="base")


def at(name: str) -> Pointer:
    return Pointer("", ("components", "schemas", name))


def test_a_chain_of_references_ends_where_the_thing_stands():
    assert side().deref({"$ref": "#/components/schemas/Pet"}, Pointer()) == ({"type": "object"}, at("Animal"))


@pytest.mark.parametrize(
    ("reference", "code"),
    [("#/components/schemas/Loop", "reference-circular"), ("#/components/schemas/None", "reference-unresolved")],
)
def test_a_reference_that_leads_nowhere_is_said(reference: str, code: str):
    with pytest.raises(ApidiffError) as raised:
        side().deref({"$ref": reference}, Pointer())
    assert raised.value.code == code


def test_a_dialect_is_told_by_its_version():
    versions = [{"swagger": "2.0"}, {"openapi": "3.0.3"}, {"openapi": "3.1.0"}, {"openapi": "3.2.0"}]
    assert [dialect_of(root).is_json_schema for root in versions] == [False, False, True, True]


def test_values_are_the_same_whatever_their_order_and_never_across_types():
    assert same({"a": 1, "b": [1.0]}, {"b": [1], "a": 1.0})
    assert not same(True, 1)
    assert not same([True], [1])
    assert not same([1, 2], [2, 1])


def test_every_reference_below_a_node_is_listed():
    assert sorted(references({"a": [{"$ref": "#/x"}], "b": {"$ref": "#/y"}})) == ["#/x", "#/y"]


def test_what_refers_to_a_change_is_no_longer_unchanged():
    edited = {**PETS, "Animal": {"type": "object", "title": "T"}}
    unchanged = Unchanged(side(), side(edited))
    user, other = {"$ref": "#/components/schemas/Pet"}, {"type": "string"}
    assert not unchanged.pair(user, dict(user), file="")
    assert unchanged.pair(other, dict(other), file="")
