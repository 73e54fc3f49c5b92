"""Gives what is sent and what is received schemas of their own, where one component serves both and can't for both.

A response that goes on with a property and a request that does not demand it are two shapes: the component stays that
of responses, and requests get a copy of it, with copies of whatever leads there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.expand.carry import renamed, target
from apidiff.expand.tree import Trees, at, beside, changed
from apidiff.load.values import references
from apidiff.spec.parts import METHODS
from apidiff.words.direction import BOTH, REQUEST, RESPONSE
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer

_SUFFIX: Final = "Request"
_HOMES: Final = (("components", "schemas"), ("definitions",))
"""Where schemas are that have a name."""


def home(place: Pointer) -> Pointer | None:
    """The named schema that a place is in, None for any other place."""
    for one in _HOMES:
        depth = len(one)
        if place.segments[:depth] == one and len(place.segments) > depth:
            return Pointer(place.file, place.segments[: depth + 1])
    return None


@dataclass(slots=True)
class Territory:
    """Which parts of a spec requests reach and which responses, each part with what it refers to."""

    trees: Trees
    reached: dict[Pointer, int] = field(default_factory=dict)
    leads: dict[Pointer, frozenset[Pointer]] = field(default_factory=dict)

    @classmethod
    def of(cls, trees: Trees) -> "Territory":
        """The territory of a spec, entry file only."""
        made = cls(trees)
        root = trees[""]
        for section, state in (("paths", REQUEST), ("webhooks", RESPONSE)):
            items = root.get(section)
            for path in items if isinstance(items, dict) else ():
                made._item(Pointer("", (section, path)), state, 0)
        return made

    def _item(self, place: Pointer, state: int, depth: int) -> None:
        """A path item whose requests go that way, and its callbacks, that go the other way."""
        item = at(self.trees, place)
        if isinstance(item, dict) and isinstance(reference := item.get("$ref"), str):
            found = target(reference, "")
            if found is not None and depth < 9:
                self._item(found, state, depth + 1)
        if not isinstance(item, dict):
            return
        self._part(place.child("parameters"), state)
        for method in METHODS:
            operation = item.get(method)
            if not isinstance(operation, dict):
                continue
            here = place.child(method)
            self._part(here.child("parameters"), state)
            self._part(here.child("requestBody"), state)
            self._part(here.child("responses"), state ^ BOTH)
            callbacks = operation.get("callbacks")
            for name, calls in (callbacks if isinstance(callbacks, dict) else {}).items():
                for address in calls if isinstance(calls, dict) and depth < 9 else ():
                    self._item(here.child("callbacks", name, address), state ^ BOTH, depth + 1)

    def _part(self, place: Pointer, state: int) -> None:
        """One part, and all that it leads to."""
        waiting = [place]
        while waiting:
            here = waiting.pop()
            if self.reached.get(here, 0) & state or (node := at(self.trees, here)) is ABSENT:
                continue
            self.reached[here] = self.reached.get(here, 0) | state
            if here not in self.leads:
                ends = (target(reference, "") for reference in references(node))
                self.leads[here] = frozenset(end for end in ends if end is not None)
            waiting += self.leads[here]

    def serves_both(self, place: Pointer) -> bool:
        """Whether a named schema is sent and received."""
        return self.reached.get(place, 0) == BOTH

    def parted(self, wanted: frozenset[Pointer]) -> frozenset[Pointer] | None:
        """These schemas with whatever leads to them both ways; None where something that is no schema does."""
        found = {place for place in wanted if self.serves_both(place)}
        while True:
            more = {
                place
                for place, ends in self.leads.items()
                if self.reached[place] == BOTH and place not in found and ends & found
            }
            if not more:
                return frozenset(found)
            if any(home(place) != place for place in more):
                return None
            found |= more


@dataclass(frozen=True, slots=True)
class Parting:
    """Named schemas that are parted: the name of each for requests."""

    names: Mapping[Pointer, Pointer]

    def begun(self, trees: Trees) -> Trees:
        """The spec with the copies, which requests use."""
        for place, name in self.names.items():
            copy = renamed(at(trees, place), self.names)
            trees = beside(name, copy, order={place.last: None, name.last: None}).done(trees)
        return self.kept(trees)

    def kept(self, trees: Trees) -> Trees:
        """The spec with all that only requests reach leading to the copies, what edits brought as well."""
        territory = Territory.of(trees)
        for place, state in territory.reached.items():
            if state == REQUEST and territory.leads[place] & self.names.keys():
                trees = _with(trees, place, renamed(at(trees, place), self.names))
        return trees

    def sent(self, place: Pointer) -> Pointer:
        """A place as requests reach it."""
        inside = home(place)
        if inside is None or inside not in self.names:
            return place
        name = self.names[inside]
        return Pointer(place.file, name.segments + place.segments[len(inside.segments) :])

    def told(self, place: Pointer) -> Pointer:
        """A place of a copy as that of the schema that it is a copy of."""
        inside = home(place)
        for one, name in self.names.items():
            if name == inside:
                return Pointer(place.file, one.segments + place.segments[len(name.segments) :])
        return place


def parting(trees: Trees, wanted: frozenset[Pointer]) -> Parting | None:
    """How these schemas are parted; None where they can't be."""
    parted = Territory.of(trees).parted(wanted)
    if not parted:
        return None
    return Parting(dict(_named(sorted(parted), trees)))


def _named(places: list[Pointer], trees: Trees) -> Iterator[tuple[Pointer, Pointer]]:
    for place in places:
        name = place.last + _SUFFIX
        while at(trees, Pointer(place.file, (*place.segments[:-1], name))) is not ABSENT:
            name += _SUFFIX
        yield place, Pointer(place.file, (*place.segments[:-1], name))


def _with(trees: Trees, place: Pointer, value: Any) -> Trees:
    return {**trees, place.file: changed(trees[place.file], place.segments, lambda _: value)}
