"""Whose edits made a break that nobody wanted: those at its place, else those nearest to it."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from apidiff.expand.carry import target
from apidiff.expand.tree import Trees, at
from apidiff.load.values import references
from apidiff.words.changes import Change
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, parse

T = TypeVar("T")


class Blame(Generic[T]):
    """The edits of one expanded spec: who made them, and what they touch."""

    def __init__(self, made: Sequence[tuple[T, Sequence[Pointer]]], trees: Trees) -> None:
        self._made = made
        self._trees = trees
        self._known: dict[Pointer, frozenset[Pointer | None]] = {}

    def culprits(self, change: Change) -> list[T]:
        """Those whose edits are at a change, else in its component or operation, else in what refers to that.

        Nobody where none of them is near.
        """
        return self.near(*(parse(place) for place in (change.revision, change.base) if place is not None))

    def near(self, *places: Pointer) -> list[T]:
        """Those whose edits are nearest to any of these places."""
        for is_near in (_is_around, _is_akin, self._refers):
            found = [
                one for one, touched in self._made if any(is_near(mine, place) for mine in touched for place in places)
            ]
            if found:
                return found
        return []

    def _refers(self, mine: Pointer, place: Pointer) -> bool:
        """Whether the component or operation of an edit refers to that of a place, or is referred to by it."""
        one, two = (Pointer(where.file, where.segments[:3]) for where in (mine, place))
        return two in self._ends(one) or one in self._ends(two)

    def _ends(self, place: Pointer) -> frozenset[Pointer | None]:
        if place not in self._known:
            node = at(self._trees, place)
            found = () if node is ABSENT else references(node)
            self._known[place] = frozenset(target(reference, place.file) for reference in found)
        return self._known[place]


def _is_around(one: Pointer, other: Pointer) -> bool:
    """Whether one of two places holds the other."""
    shorter = min(len(one.segments), len(other.segments))
    return one.file == other.file and one.segments[:shorter] == other.segments[:shorter]


def _is_akin(one: Pointer, other: Pointer) -> bool:
    """Whether two places are in the same component, or operation."""
    return one.file == other.file and one.segments[:3] == other.segments[:3]
