"""Which name of the base is which in the revision."""

import pytest

from apidiff.diff.names import Traits, likeness, renamed


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
