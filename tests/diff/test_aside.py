"""Questions on the side: what one schema's values are of another's, and that both bounds leave a question open."""

from typing import Any

from apidiff.diff.aside import MOST_DEEP, MOST_PAIRS, is_covered, is_within
from apidiff.diff.schemas import compare_schema
from apidiff.diff.sides import Sides
from apidiff.diff.walk import Walk
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.words.pointer import Pointer
from tests.diff.saying import spec


def walk_over(base: Any, revision: Any, *, depth: int = 0) -> Walk:
    """A walk over two specs with one schema each."""
    specs = [spec({}, components={"schemas": {"A": schema}}) for schema in (base, revision)]
    sides = [Side(Document.parsed(one), name=name) for one, name in zip(specs, ("base", "revision"), strict=True)]
    return Walk(Sides(sides[0], sides[1], map_prefix={}), compare_schema, depth=depth)


def held(base: Any, revision: Any, *, depth: int = 0) -> tuple[bool, bool]:
    """Whether the revision's schema is shown to hold the base's, and the base's the revision's."""
    walk = walk_over(base, revision, depth=depth)
    at = Pointer("", ("components", "schemas", "A"))
    return is_within(walk, (base, at), (revision, at)), is_covered(walk, (revision, at), (base, at))


SHORT = {"type": "string", "maxLength": 5}
LONG = {"type": "string", "maxLength": 9}


def test_a_schema_is_within_a_wider_one():
    assert held(SHORT, LONG) == (True, False)
    assert held(LONG, SHORT) == (False, True)
    assert held(SHORT, SHORT | {"description": "short"}) == (True, True)
    assert held(SHORT, {"type": "string", "maxLength": 9, "minLength": 2}) == (False, False)


def test_below_not_the_wider_one_is_within():
    assert held({"not": LONG}, {"not": SHORT}) == (True, False)


def test_a_question_within_a_question_is_left_open():
    assert held(SHORT, LONG, depth=MOST_DEEP) == (False, False)


def test_a_question_over_more_pairs_than_the_bound_is_left_open():
    def wide(count: int, limit: int) -> dict[str, Any]:
        return {"type": "object", "properties": {f"p{n}": {"type": "string", "maxLength": limit} for n in range(count)}}

    few, many = MOST_PAIRS // 2, MOST_PAIRS + 1
    assert held(wide(few, 5), wide(few, 9)) == (True, False)
    assert held(wide(many, 5), wide(many, 9)) == (False, False)


def test_a_walk_aside_shares_the_sides_and_nothing_of_the_run():
    walk = walk_over(SHORT, LONG)
    walk.graph.add()
    aside = walk.aside()
    assert aside.sides is walk.sides
    assert aside.depth == walk.depth + 1
    assert aside.graph.edges == []
    assert aside.ends is not walk.ends
