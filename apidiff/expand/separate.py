"""Gives what is sent and what is received schemas of their own, where one component serves both and can't for both.

A response that goes on with a property and a request that does not demand it are two shapes: the component stays that
of responses, and requests get a copy of it, with copies of whatever leads there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.expand.carry import renamed
from apidiff.expand.tree import SENT, Trees, at, beside, put
from apidiff.load.values import references
from apidiff.spec.parts import METHODS
from apidiff.words.direction import BOTH, REQUEST, RESPONSE
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer

_DEEPEST: Final = 9
"""So many callbacks of callbacks are looked into."""
_HOMES: Final = (("components", "schemas"), ("definitions",))
"""Where schemas are that have a name."""


@dataclass(slots=True)
class Territory:
    """Which parts of a spec requests reach and which responses, each part with what it refers to."""

    trees: Trees
    reached: dict[Pointer, int] = field(default_factory=dict)
    leads: dict[Pointer, frozenset[Pointer]] = field(default_factory=dict)

    @classmethod
    def of(cls, trees: Trees) -> "Territory":
        """The territory of a spec."""
        made = cls(trees)
        root = trees[""]
        for section, state in (("paths", REQUEST), ("webhooks", RESPONSE)):
            items = root.get(section)
            for path in items if isinstance(items, dict) else ():
                made._item(Pointer("", (section, path)), state, 0)
        return made

    def _item(self, place: Pointer, state: int, depth: int) -> None:
        """A path item whose requests go that way, and its callbacks, that go the other way."""
        *on_the_way, place = self.trees.route(place)
        item = at(self.trees, place)
        if not isinstance(item, dict):
            return
        for site in on_the_way:
            self._own(site, at(self.trees, site), state, depth)
        self._own(place, item, state, depth)

    def _own(self, place: Pointer, item: dict[str, Any], state: int, depth: int) -> None:
        """What a path item says itself, be it beside a reference."""
        self._part(place.child("parameters"), state)
        for method in METHODS:
            here = self.trees.route(place.child(method))[-1]
            operation = at(self.trees, here)
            if method not in item or not isinstance(operation, dict):
                continue
            self._part(here.child("parameters"), state)
            self._part(here.child("requestBody"), state)
            self._part(here.child("responses"), state ^ BOTH)
            callbacks = operation.get("callbacks")
            for name in callbacks if isinstance(callbacks, dict) and depth < _DEEPEST else ():
                callback = self.trees.route(here.child("callbacks", name))[-1]
                calls = at(self.trees, callback)
                for address in calls if isinstance(calls, dict) else ():
                    self._item(callback.child(address), state ^ BOTH, depth + 1)

    def _part(self, place: Pointer, state: int) -> None:
        """One part, and all that it leads to."""
        waiting = [place]
        while waiting:
            here = waiting.pop()
            if self.reached.get(here, 0) & state or (node := at(self.trees, here)) is ABSENT:
                continue
            self.reached[here] = self.reached.get(here, 0) | state
            if here not in self.leads:
                ends = (self.trees.target(reference, here.file) for reference in references(node))
                self.leads[here] = frozenset(end for end in ends if end is not None)
            waiting += self.leads[here]

    def home(self, place: Pointer) -> Pointer | None:
        """The named schema that a place is in: a component, or what others refer to in a file beside the entry file."""
        for one in _HOMES if not place.file else ():
            depth = len(one)
            if place.segments[:depth] == one and len(place.segments) > depth:
                return Pointer(place.file, place.segments[: depth + 1])
        return next((one for one in _around(place) if one in self.reached), None) if place.file else None

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
            if any(self.home(place) != place for place in more):
                return None
            found |= more


@dataclass(frozen=True, slots=True)
class Parting:
    """Named schemas that are parted: the name of each for requests."""

    names: Mapping[Pointer, Pointer]

    def begun(self, trees: Trees) -> Trees:
        """The spec with the copies, which requests use."""
        for place, name in self.names.items():
            copy = renamed(at(trees, place), self.names, trees, place.file, name.file)
            trees = beside(name, copy, order={place.last: None, name.last: None}).done(trees)
        return self.kept(trees)

    def kept(self, trees: Trees) -> Trees:
        """The spec with all that only requests reach leading to the copies, what edits brought as well."""
        territory = Territory.of(trees)
        for place, state in territory.reached.items():
            if state == REQUEST and territory.leads[place] & self.names.keys():
                said = renamed(at(trees, place), self.names, trees, place.file, place.file)
                trees = put(place, said).done(trees)
        return trees

    def sent(self, place: Pointer) -> Pointer:
        """A place as requests reach it."""
        return _moved(place, self.names)

    def told(self, place: Pointer) -> Pointer:
        """A place of a copy as that of the schema that it is a copy of."""
        return _moved(place, {name: one for one, name in self.names.items()})


def _moved(place: Pointer, names: Mapping[Pointer, Pointer]) -> Pointer:
    """A place inside something, inside what that is called."""
    for around in _around(place):
        if around in names:
            name = names[around]
            return Pointer(name.file, name.segments + place.segments[len(around.segments) :])
    return place


def _around(place: Pointer) -> Iterator[Pointer]:
    """All that a place is in, the whole file first, and itself."""
    return (Pointer(place.file, place.segments[:depth]) for depth in range(len(place.segments) + 1))


def parting(territory: Territory, wanted: frozenset[Pointer]) -> Parting | None:
    """How these schemas are parted; None where they can't be."""
    parted = territory.parted(wanted)
    return Parting({place: territory.trees.free(place, SENT) for place in sorted(parted)}) if parted else None
