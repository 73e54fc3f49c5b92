"""Which thing of the base is which in the revision, and what a place is called."""

import pytest

from apidiff.diff.match import Traits, branches, describe, likeness, renamed
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema import Reader
from apidiff.words.pointer import Pointer, parse


def test_names_are_alike_by_their_words_and_by_their_letters():
    assert likeness("user_id", "userId") == 1.0
    assert likeness("canceled", "cancelled") > 0.85
    assert likeness("name", "number") == 0.0


TEXT = Traits("string//")


def test_one_for_one_is_a_rename_and_one_for_several_a_split():
    assert renamed({"canceled": TEXT}, {"cancelled": TEXT, "other": TEXT}) == (
        {"canceled": ("cancelled",)},
        {"canceled": 0.99},
    )
    assert renamed({"name": TEXT}, {"first_name": TEXT, "last_name": TEXT})[0] == {"name": ("first_name", "last_name")}
    assert renamed({"id": TEXT}, {"user_id": TEXT, "order_id": TEXT}) == ({}, {})
    assert renamed({"name": TEXT}, {"total": TEXT}) == ({}, {})


@pytest.mark.parametrize(
    ("was", "now", "traits"),
    [
        ("userName", "user_name", [TEXT, TEXT]),
        ("canceled", "cancelled", [TEXT, TEXT]),
        ("colour_code", "color_code", [TEXT, TEXT]),
        ("gap", "gaps", [TEXT, TEXT]),
        ("sort_code", "sender_sort_code", [TEXT, TEXT]),
        ("entity_screening_id", "screening_id", [TEXT, TEXT]),
        ("created", "created_at", [Traits("string/date-time/", is_bare=False)] * 2),
        ("model", "device_model", [Traits("string//", "The model name of the terminal.")] * 2),
        ("customer", "billing_customer", [Traits("object//id,name", is_bare=False)] * 2),
        ("last_paid_on", "last_payment_at", [Traits("string//", "The day of the last payment.")] * 2),
    ],
)
def test_a_rename_needs_more_than_a_word_in_common(was: str, now: str, traits: list[Traits]):
    assert renamed({was: traits[0]}, {now: traits[1]})[0] == {was: (now,)}


@pytest.mark.parametrize(
    ("was", "now", "traits"),
    [
        ("DockerVersion", "OsVersion", [TEXT, TEXT]),
        ("from_client_id", "from_ledger_id", [TEXT, TEXT]),
        ("billing_address", "shipping_address", [Traits("object//city,zip", is_bare=False)] * 2),
        ("first_paid_at", "last_paid_at", [Traits("string/date-time/", is_bare=False)] * 2),
        ("user_name", "user_name_hash", [TEXT, TEXT]),
        ("line1", "line2", [TEXT, TEXT]),
        ("amount", "held_amount", [Traits("integer//"), Traits("integer//")]),
        ("email", "email_hash", [Traits("string//", "Where to write to."), Traits("string//", "A digest of it all.")]),
        ("start_date", "end_date", [Traits("string/date/", "The day on which it begins."), TEXT]),
    ],
)
def test_two_bare_things_with_a_word_in_common_are_two_things(was: str, now: str, traits: list[Traits]):
    assert renamed({was: traits[0]}, {now: traits[1]}) == ({}, {})


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
