"""How the set of allowed values moves with each kind of keyword."""

from typing import Any

import pytest

from apidiff.schema.facets import meets, moved, moved_format, moved_types, overlap, type_of
from apidiff.words.facts import ABSENT, Action

TIGHTER, LOOSER, OTHER = Action.TIGHTENED, Action.LOOSENED, Action.REPLACED


@pytest.mark.parametrize(
    ("keyword", "before", "after", "action"),
    [
        ("maxLength", 5, 3, TIGHTER),
        ("maxLength", 3, 5, LOOSER),
        ("minLength", 5, 3, LOOSER),
        ("minLength", ABSENT, 1, TIGHTER),
        ("minLength", 1, ABSENT, LOOSER),
        ("maximum", (5, False), (5, True), TIGHTER),
        ("minimum", (5, True), (5, False), LOOSER),
        ("multipleOf", 2, 4, TIGHTER),
        ("multipleOf", 0.3, 0.1, LOOSER),
        ("multipleOf", 4, 6, OTHER),
        ("uniqueItems", True, True, None),
    ],
)
def test_a_keyword_moves_the_set(keyword: str, before: Any, after: Any, action: Action | None):
    assert moved(keyword, before, after) is action


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("date", "date", None),
        (ABSENT, "date", ("format", TIGHTER)),
        ("date", ABSENT, ("format", LOOSER)),
        ("date", "date-time", ("format", OTHER)),
        ("uri", "uri-reference", ("format", LOOSER)),
        ("int64", "int32", ("format", TIGHTER)),
        (ABSENT, "phone", ("format-hint", Action.ADDED)),
        ("phone", ABSENT, ("format-hint", Action.REMOVED)),
        ("phone", "mobile", ("format-hint", OTHER)),
        ("date", "date and uuid", ("format", TIGHTER)),
    ],
)
def test_a_format_that_can_be_checked_moves_the_set_and_a_hint_does_not(before: Any, after: Any, expected: Any):
    assert moved_format(before, after) == expected


def test_types_move_by_inclusion_and_numbers_hold_integers():
    integer, number, text = (frozenset({name}) for name in ("integer", "number", "string"))
    assert [
        moved_types(integer, number), moved_types(number, integer), moved_types(integer, text),
        moved_types(None, text), moved_types(text, None), moved_types(text, text | integer), moved_types(text, text),
    ] == [LOOSER, TIGHTER, OTHER, TIGHTER, LOOSER, LOOSER, None]  # fmt: skip
    assert (overlap(integer, number), overlap(integer, text), overlap(None, text)) == (True, False, True)


def test_the_type_of_a_value_is_that_of_json_schema():
    values = [None, True, 1, 1.0, 1.5, "a", [], {}]
    names = ["null", "boolean", "integer", "integer", "number", "string", "array", "object"]
    assert [type_of(value) for value in values] == names


def test_a_value_meets_what_is_about_its_type_alone():
    met = [
        meets("maximum", (5, False), 5),
        meets("maxLength", 2, "ab"),
        meets("maxLength", 2, 999),
        meets("format", "date", "2026-01-31"),
    ]
    unmet = [
        meets("maximum", (5, True), 5),
        meets("multipleOf", 0.1, 0.25),
        meets("pattern", "^a", "b"),
        meets("format", "int32", 2**31),
    ]
    assert (met, unmet) == ([True] * 4, [False] * 4)
