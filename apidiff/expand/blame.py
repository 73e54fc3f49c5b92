"""Whose edits made a break that nobody wanted: those at its place, else those nearest to it."""

from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from apidiff.expand.tree import Trees, at
from apidiff.load.values import references
from apidiff.words.changes import Change
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, parse

T = TypeVar("T")
_DEPTH: Final = 3
"""So many segments name a component, or an operation."""


class Blame(Generic[T]):
    """The edits of one expanded spec: who made them, and what they touch."""

    def __init__(self, made: Sequence[tuple[T, Sequence[Pointer]]], trees: Trees) -> None:
        self._made = made
        self._trees = trees
        self._known: dict[Pointer, frozenset[Pointer | None]] = {}
        self._homes: dict[Pointer, list[tuple[int, Pointer]]] = {}
        for number, (_, touched) in enumerate(made):
            for place in touched:
                self._homes.setdefault(_home(place), []).append((number, place))
        self._short = [one for home, group in self._homes.items() if len(home.segments) < _DEPTH for one in group]

    def culprits(self, change: Change) -> list[T]:
        """Those whose edits are at a change, else in its component or operation, else in what refers to that.

        Nobody where none of them is near.
        """
        return self.near(*(parse(place) for place in (change.revision, change.base) if place is not None))

    def near(self, *places: Pointer) -> list[T]:
        """Those whose edits are nearest to any of these places."""
        for find in (self._around, self._akin, self._referring):
            found = {number for place in places for number in find(place)}
            if found:
                return [self._made[number][0] for number in sorted(found)]
        return []

    def _around(self, place: Pointer) -> set[int]:
        """Whose edits are at a place, around it or in it."""
        is_short = len(place.segments) < _DEPTH
        near = self._homes.values() if is_short else (self._homes.get(_home(place), ()), self._short)
        return {number for group in near for number, mine in group if _is_around(mine, place)}

    def _akin(self, place: Pointer) -> set[int]:
        """Whose edits are in the same component, or operation."""
        return {number for number, _ in self._homes.get(_home(place), ())}

    def _referring(self, place: Pointer) -> set[int]:
        """Whose component or operation refers to that of a place, or is referred to by it."""
        own = _home(place)
        ends = self._ends(own)
        near = (group for home, group in self._homes.items() if home in ends or own in self._ends(home))
        return {number for group in near for number, _ in group}

    def _ends(self, place: Pointer) -> frozenset[Pointer | None]:
        if place not in self._known:
            node = at(self._trees, place)
            found = () if node is ABSENT else references(node)
            self._known[place] = frozenset(self._trees.target(reference, place.file) for reference in found)
        return self._known[place]


def _is_around(one: Pointer, other: Pointer) -> bool:
    """Whether one of two places holds the other."""
    shorter = min(len(one.segments), len(other.segments))
    return one.file == other.file and one.segments[:shorter] == other.segments[:shorter]


def _home(place: Pointer) -> Pointer:
    """The component or operation that a place is in."""
    return Pointer(place.file, place.segments[:_DEPTH])
