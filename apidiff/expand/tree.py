"""The files of a spec as values that edits make anew: what an edit does not touch is shared with the spec as it was.

A document's values belong to everybody who reads it, so that an edit copies the way from the root to its place, and
nothing else; what two trees share by identity is known to be the same without a look.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apidiff.load.values import Node, same
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer

Trees = Mapping[str, Node]
"""The root of each file of a spec by its name, "" for the entry file."""
Segments = tuple[str, ...]
END: Final = "-"
"""The place behind the last item of a list (RFC 6901, section 4)."""


def read(node: Node, segments: Segments) -> Any:
    """What stands at a place, ABSENT where nothing does."""
    for segment in segments:
        if isinstance(node, dict) and segment in node:
            node = node[segment]
        elif isinstance(node, list) and segment.isdecimal() and int(segment) < len(node):
            node = node[int(segment)]
        else:
            return ABSENT
    return node


def at(trees: Trees, place: Pointer) -> Any:
    """What stands at a place of a spec, ABSENT where nothing does."""
    return read(trees.get(place.file, ABSENT), place.segments)


def changed(node: Node, segments: Segments, make: Callable[[Any], Any]) -> Node:
    """The tree with what `make` gives for what stood at a place; ABSENT takes it away.

    What is missing on the way there is made, as mappings; where a list has no such item nothing is done.
    """
    if not segments:
        return make(node)
    first, rest = segments[0], segments[1:]
    if isinstance(node, list):
        if not first.isdecimal() or int(first) >= len(node):
            return node
        index = int(first)
        made = changed(node[index], rest, make)
        return [*node[:index], *([] if made is ABSENT else [made]), *node[index + 1 :]]
    held: dict[str, Any] = node if isinstance(node, dict) else {}
    made = changed(held.get(first, ABSENT), rest, make)
    if made is ABSENT:
        return {key: value for key, value in held.items() if key != first}
    return {**held, first: made}


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing done at a place. `make` is given what stands there, or ABSENT, and gives what is to stand there."""

    place: Pointer
    make: Callable[[Any], Any]
    about: Pointer | None = None
    """What it changes, where that is less than `place`."""

    @property
    def touched(self) -> Pointer:
        """What it changes."""
        return self.place if self.about is None else self.about

    def moved(self, move: Callable[[Pointer], Pointer]) -> "Edit":
        """The same edit where `move` says that its place is."""
        return Edit(move(self.place), self.make, None if self.about is None else move(self.about))

    def done(self, trees: Trees) -> Trees:
        """The spec with this edit."""
        file = self.place.file
        return {**trees, file: changed(trees[file], self.place.segments, self.make)}


def put(place: Pointer, value: Any) -> Edit:
    """A value at a place, whatever stood there."""
    return Edit(place, lambda _: value)


def kept(place: Pointer, value: Any) -> Edit:
    """A value at a place where nothing stood."""
    return Edit(place, lambda held: value if held is ABSENT else held)


def over(place: Pointer, make: Callable[[Any], Any]) -> Edit:
    """What is made of the value at a place; where another edit took that away, nothing is."""
    return Edit(place, lambda held: held if held is ABSENT else make(held))


def taken(place: Pointer) -> Edit:
    """Nothing at a place."""
    return Edit(place, lambda _: ABSENT)


def listed(place: Pointer, *items: Any) -> Edit:
    """These items in a list, behind those that it has; each once. What is there and no list stays."""

    def make(held: Any) -> Any:
        if held is not ABSENT and not isinstance(held, list):
            return held
        found = list(held) if isinstance(held, list) else []
        for item in items:
            if not any(same(item, other) for other in found):
                found.append(item)
        return found

    return Edit(place, make)


def unlisted(place: Pointer, *items: Any) -> Edit:
    """A list without these items; without any it goes, for an empty `required` is no list of OpenAPI 3.0."""

    def make(held: Any) -> Any:
        if not isinstance(held, list):
            return held
        return [one for one in held if not any(same(one, item) for item in items)] or ABSENT

    return Edit(place, make)


def beside(place: Pointer, value: Any, *, order: Mapping[str, Any]) -> Edit:
    """A new entry of a mapping, behind the one that it follows in `order`. What is there and no mapping stays."""

    def make(held: Any) -> Any:
        if held is not ABSENT and not isinstance(held, dict):
            return held
        entries: dict[str, Any] = held if isinstance(held, dict) else {}
        keys = list(order)
        before = keys[: keys.index(place.last)] if place.last in keys else keys
        last = next((key for key in reversed(before) if key in entries), None)
        if place.last in entries or (last is None and before):
            return {**entries, place.last: value}
        made = {} if last is not None else {place.last: value}
        for key, held_value in entries.items():
            made[key] = held_value
            if key == last:
                made[place.last] = value
        return made

    return Edit(above(place), make, place)


def above(place: Pointer, steps: int = 1) -> Pointer:
    """The place that holds this one."""
    return Pointer(place.file, place.segments[:-steps])
