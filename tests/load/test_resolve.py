"""What a `$ref` names, and which dialect a document is in."""

import pytest

from apidiff.load import Document
from apidiff.load.resolve import Side, dialect_of
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


@pytest.mark.parametrize("count", [1, 2, 3, 1000, 20_000])
def test_a_chain_may_be_of_any_length(count: int):
    links = {f"C{index}": {"$ref": f"#/components/schemas/C{index + 1}"} for index in range(count)}
    here = side({**links, f"C{count}": {"type": "object"}})
    ends = [here.deref(node, at(name)) for name, node in links.items()]
    assert ends == [({"type": "object"}, at(f"C{count}"))] * count


@pytest.mark.parametrize("count", [2, 1000])
def test_a_reference_into_what_another_one_names_leads_through_any_number_of_them(count: int):
    links = {f"C{index}": {"$ref": f"#/components/schemas/C{index + 1}/properties/a"} for index in range(count)}
    here = side({**links, f"C{count}": {"properties": {"a": {"properties": {"a": {"type": "null"}}}}}})
    assert here.find("#/components/schemas/C0/properties/a/type", Pointer()) is None
    wanted = f"#/components/schemas/C{count - 1}/properties/a/type"
    assert here.find(wanted, Pointer()) == ("null", at(f"C{count}").child(*("properties", "a") * 2, "type"))


@pytest.mark.parametrize("count", [1, 2, 3, 1000])
def test_a_circle_of_references_is_refused_and_nothing_stands_in_it(count: int):
    links = {f"C{index}": {"$ref": f"#/components/schemas/C{(index + 1) % count}"} for index in range(count)}
    here = side(links)
    assert here.find("#/components/schemas/C0/properties/a", Pointer()) is None
    with pytest.raises(ApidiffError) as raised:
        here.deref(links["C0"], at("C0"))
    assert raised.value.code == "reference-circular"
