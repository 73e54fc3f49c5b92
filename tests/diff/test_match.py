"""Which thing of the base is which in the revision, and what a place is called."""

import pytest

from apidiff.diff.match import branches, describe, likeness, renamed
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema import Reader
from apidiff.words.pointer import Pointer, parse


def test_names_are_alike_by_their_words_and_by_their_letters():
    assert likeness("user_id", "userId") == 1.0
    assert likeness("canceled", "cancelled") > 0.85
    assert likeness("name", "number") == 0.0


def test_one_for_one_is_a_rename_and_one_for_several_a_split():
    assert renamed({"canceled": "s"}, {"cancelled": "s", "other": "s"}) == (
        {"canceled": ("cancelled",)},
        {"canceled": 0.99},
    )
    assert renamed({"name": "s"}, {"first_name": "s", "last_name": "s"})[0] == {"name": ("first_name", "last_name")}
    assert renamed({"name": "s"}, {"total": "s"}) == ({}, {})


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("#/components/schemas/Pet/properties/tags/items/properties/id", ("Pet", "tags[].id")),
        ("#/components/schemas/Pet/prefixItems/1/properties/id", ("Pet", "[1].id")),
        ("#/definitions/Pet/additionalProperties/properties/id", ("Pet", "*.id")),
        ("#/paths/~1a/get/responses/200/content/x/schema/properties/id", ("", "id")),
        ("models/pet.yml#/properties/id", ("pet", "id")),
        ("models/pet.yml#", ("pet", "")),
        ("resources/get.yml#/responses/200/schema/properties/id", ("", "id")),
        ("parameters.yml#/limit/schema", ("", "")),
    ],
)
def test_a_place_is_called_by_its_owner_and_its_path(pointer: str, expected: tuple[str, str]):
    assert describe(parse(pointer)) == expected


def test_branches_match_by_reference_equality_constants_and_types():
    sides = []
    for nodes in (
        [{"$ref": "#/components/schemas/A"}, {"type": "string", "maxLength": 5}, {"type": "array"}],
        [{"type": "array", "maxItems": 1}, {"type": "string", "maxLength": 9}, {"$ref": "#/components/schemas/A"}],
    ):
        root = {"openapi": "3.1.0", "info": {}, "components": {"schemas": {"A": {"type": "object"}}}}
        side = Side(Document.parsed(root), name="base")
        sides.append(([(node, Pointer("", ("x", str(index)))) for index, node in enumerate(nodes)], Reader(side)))
    (base, one), (revision, two) = sides
    assert branches(base, revision, readers=(one, two)) == [(0, 2), (1, 1), (2, 0)]
