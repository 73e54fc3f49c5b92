"""How much of a look is told apart: no more than a snapshot has room for."""

import pytest

from apidiff.usage.snapshot.kept import Kept
from apidiff.usage.snapshot.shapes import RESPONSE, Shapes, fields_of
from apidiff.usage.snapshot.value import FIELD, NAME, OTHER_FIELD, OTHER_NAME, Token, digest_of

LONG = "f" * 200
FIELDS = [f"f{number}" for number in range(402)]


def told(query: str = "", received: str = "") -> "tuple[frozenset[Token], frozenset[tuple[int, str]]]":
    kept = Kept(names={*FIELDS, LONG, f"{LONG}f"}, properties={*FIELDS, LONG, f"{LONG}f"})
    return Shapes(kept, ()).tokens((query, False, "", received))


@pytest.mark.parametrize("count", [400, 401])
def test_so_many_fields_are_told_apart(count: int) -> None:
    fields = frozenset(Token(FIELD, digest_of(RESPONSE, name)) for name in FIELDS[:count])
    assert told(received=",".join(FIELDS[:count])) == (fields, frozenset())


@pytest.mark.parametrize(("count", "more"), [(401, set()), (402, {Token(OTHER_NAME)})])
def test_so_many_parameters_are_told_apart(count: int, more: set[Token]) -> None:
    names = {Token(NAME, digest_of("name", name)) for name in FIELDS[:401]}
    assert told("&".join(FIELDS[:count])) == (names | more, frozenset())


def test_what_is_longer_than_a_name_is_another_one() -> None:
    assert told(LONG, LONG) == (
        {Token(NAME, digest_of("name", LONG)), Token(FIELD, digest_of(RESPONSE, LONG))},
        frozenset(),
    )
    assert told(f"{LONG}f", f"{LONG}f") == ({Token(OTHER_NAME), Token(OTHER_FIELD, digest_of(RESPONSE))}, frozenset())


def test_a_field_is_each_part_of_its_way_however_lists_are_written() -> None:
    assert fields_of("a.b; data[id]") == {"a", "a.b", "data[id", "data[id]", "id", "id]"}
    assert fields_of("") == frozenset()
