"""What a thing of the base needs to stand in the later spec: the components that it refers to, and those below them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from apidiff.expand.tree import Edit, Trees, at, kept
from apidiff.load.values import Node, references, same
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, escape, unescape

_SUFFIX = "Before"


class Carrier:
    """Brings things of the base into the later spec with what they need; who refers to whom is read once."""

    def __init__(self, base: Trees, later: Trees) -> None:
        self._base = base
        self._later = later
        self._leads: dict[Pointer, tuple[Pointer | None, ...]] = {}

    def carried(self, value: Node, file: str) -> list[Edit] | None:
        """The edits that bring what a value of the base refers to and the later spec lacks; None where it can't be."""
        edits: list[Edit] = []
        for place in self._below(value, file):
            if place is None or place.file not in self._later:
                return None
            if at(self._later, place) is ABSENT:
                edits.append(kept(place, at(self._base, place)))
        return edits

    def frozen(self, value: Node, file: str) -> tuple[Node, list[Edit]] | None:
        """A value of the base that refers to the components as they were, and the edits that bring these.

        What the later spec has otherwise comes under another name. None where nothing differs, or something can't be
        had.
        """
        known = [] if file else list(self._below(value, file))
        stale = [place for place in known if place in self._stale]
        old = [place for place in stale if place is not None and at(self._later, place) is not ABSENT]
        if not old or any(place is None or place.file for place in known):
            return None
        names = {place: self.free(place) for place in old}
        edits = [
            kept(names.get(place, place), renamed(at(self._base, place), names)) for place in stale if place is not None
        ]
        return renamed(value, names), edits

    def free(self, place: Pointer) -> Pointer:
        """A name beside a place that nothing has in the later spec, the same however often it is asked for."""
        name = place.last + _SUFFIX
        while at(self._later, Pointer(place.file, (*place.segments[:-1], name))) is not ABSENT:
            name += _SUFFIX
        return Pointer(place.file, (*place.segments[:-1], name))

    @cached_property
    def _stale(self) -> frozenset[Pointer]:
        """What of the base the later spec has otherwise, or leads to such."""
        places = [place for place in self._below(self._base[""], "") if place is not None]
        led: dict[Pointer, list[Pointer]] = {}
        for place in places:
            for end in self._ends(place):
                if end is not None:
                    led.setdefault(end, []).append(place)
        waiting = [place for place in places if not same(at(self._base, place), at(self._later, place))]
        found = set(waiting)
        while waiting:
            more = [place for place in led.get(waiting.pop(), ()) if place not in found]
            found.update(more)
            waiting += more
        return frozenset(found)

    def _below(self, value: Node, file: str) -> Iterator[Pointer | None]:
        """Every place of the base that a value leads to, itself or through others, once; None for what is not there."""
        waiting = list(self._read(value, file))
        seen: set[Pointer | None] = set()
        while waiting:
            place = waiting.pop(0)
            if place not in seen:
                seen.add(place)
                yield place
                waiting += () if place is None else self._ends(place)

    def _ends(self, place: Pointer) -> tuple[Pointer | None, ...]:
        """What a place of the base refers to itself."""
        if place not in self._leads:
            self._leads[place] = self._read(at(self._base, place), place.file)
        return self._leads[place]

    def _read(self, value: Node, file: str) -> tuple[Pointer | None, ...]:
        found = dict.fromkeys(target(reference, file) for reference in references(value))
        return tuple(None if one is None or at(self._base, one) is ABSENT else one for one in found)


def target(reference: str, file: str) -> Pointer | None:
    """The place that a `$ref` within one file names; None for any other."""
    if not reference.startswith("#/"):
        return None
    from urllib.parse import unquote

    return Pointer(file, tuple(unescape(unquote(part)) for part in reference[2:].split("/")))


def renamed(node: Node, names: Mapping[Pointer, Pointer]) -> Any:
    """A value whose references go to these names, those of a discriminator's mapping among them."""
    if isinstance(node, list):
        return [renamed(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: renamed(value, names) for key, value in node.items()}
    if "$ref" in node:
        made["$ref"] = _named(node["$ref"], names)
    if isinstance(mapping := node.get("mapping"), dict) and "propertyName" in node:
        made["mapping"] = {value: _named(name, names) for value, name in mapping.items()}
    return made


def _named(reference: Any, names: Mapping[Pointer, Pointer]) -> Any:
    place = target(reference, "") if isinstance(reference, str) else None
    return reference if place is None or place not in names else "#/" + "/".join(map(escape, names[place].segments))
