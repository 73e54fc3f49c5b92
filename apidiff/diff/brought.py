"""Finds the entry of an `allOf` that brought a property, where that came or went and what it names stayed as it was."""

from apidiff.diff.walk import Walk
from apidiff.load.resolve import Side, standing
from apidiff.schema import Place
from apidiff.schema.closure import entries, made_of
from apidiff.words.pointer import Pointer

MOST_PARTS = 64


def entry_of(walk: Walk, pair: int, side: int, place: Pointer) -> Pointer | None:
    """Where the one side of a pair refers to the component that has a property; None where it is edited itself."""
    ends = walk.ends.get(pair)
    if ends is None:
        return None
    node, at = ends[side]
    parts = entries(node)
    if not parts or standing(walk.sides.both[1 - side], place) is None:
        return None
    here = walk.sides.both[side]
    for index, part in enumerate(parts):
        if isinstance(part, dict) and isinstance(part.get("$ref"), str):
            entry = at.child("allOf", index)
            if _holds(here, (part, entry), place):
                return entry
    return None


def _holds(side: Side, entry: Place, place: Pointer) -> bool:
    """Whether a property stands in what an entry names, or in what that is made of."""
    return any(
        (at.file, at.segments) == (place.file, place.segments[: len(at.segments)])
        for _, at in made_of(side, entry, most=MOST_PARTS)
    )
