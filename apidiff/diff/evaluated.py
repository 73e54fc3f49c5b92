"""The parts of an object that refuses what none of them evaluates: each closed to names that no part knows any more.

Under `unevaluatedProperties: false` a property that goes from a branch, or from a `then`, is refused from then on,
though that part by itself is open (JSON Schema 2020-12 Core, 11.3).
"""

from collections.abc import Callable, Iterator
from typing import Final

from apidiff.diff.walk import Walk
from apidiff.schema import Place, Reader, View
from apidiff.schema.keywords import CONDITION, EVERYTHING

Covers = Callable[[Walk, Place, Place], bool]
MOST_DEEP: Final = 3
"""Parts within parts that are looked into for names."""


class Evaluated:
    """Closes the parts of two such objects of which one evaluates names that the other does not."""

    def __init__(self, walk: Walk, names: frozenset[str]) -> None:
        self._walk = walk
        self._names = names

    def part(self, side: int, place: Place) -> Place:
        """A part of one side that refuses what it does not name, but for the names that both sides know."""
        own = self._walk.readers[side].view(*place).properties
        known = {"properties": dict.fromkeys(sorted(self._names - own.keys()), EVERYTHING)}
        node = {"allOf": [place[0], known], "unevaluatedProperties": False}
        here = self._walk.sides.both[side]
        key = ("evaluated", id(place[0]), self._names)
        return here.make(key, node, [place, (known, place[1]), (node, place[1])]), place[1]

    def parts(self, base: Place, revision: Place) -> tuple[Place, Place]:
        """Two parts that are each other's."""
        ends = [side.deref(*place) for side, place in zip(self._walk.sides.both, (base, revision), strict=True)]
        self._walk.partners.setdefault(id(ends[0][0]), set()).add(id(ends[1][0]))
        return self.part(0, base), self.part(1, revision)

    def covering(self, side: int, covers: Covers) -> Covers:
        """The same question about a part of one side and a part of the other one, both closed."""
        return lambda walk, mine, other: covers(walk, self.part(side, mine), self.part(1 - side, other))


def evaluated(walk: Walk, before: View, after: View) -> Evaluated | None:
    """How to close the parts of two objects; None where both know the same names, or one is open."""
    if not all(_refuses_unevaluated(view) for view in (before, after)):
        return None
    names = [frozenset(_names(reader, view)) for reader, view in zip(walk.readers, (before, after), strict=True)]
    return Evaluated(walk, names[0] & names[1]) if names[0] != names[1] else None


def _refuses_unevaluated(view: View) -> bool:
    is_closed = any(place[0] is False for place in view.subschemas.get("unevaluatedProperties", ()))
    return is_closed and bool(view.groups or view.conditions)


def _names(reader: Reader, view: View, depth: int = 0) -> Iterator[str]:
    """The properties that an object or any part of it names."""
    yield from view.properties
    if depth == MOST_DEEP:
        return
    places = [branch for group in view.groups for branch in group.branches]
    for node, at in view.conditions:
        places += [(node[key], at) for key in CONDITION if isinstance(node, dict) and isinstance(node.get(key), dict)]
    places += [place for held in view.maps.get("dependentSchemas", {}).values() for place in held]
    for place in places:
        yield from _names(reader, reader.view(*place), depth + 1)
