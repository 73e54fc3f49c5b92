"""What a thing of the base needs to stand in the later spec: the components that it refers to, and those below them."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from apidiff.expand.tree import BEFORE, Edit, Trees, at, kept
from apidiff.load.values import Node, references, same
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer

NONE: Final[Mapping[Pointer, Pointer]] = MappingProxyType({})


class Carrier:
    """Brings things of the base into the later spec with what they need; who refers to whom is read once."""

    def __init__(self, base: Trees, later: Trees) -> None:
        self._base = base
        self._later = later
        self._leads: dict[Pointer, tuple[Pointer | None, ...]] = {}

    def carried(self, value: Node, file: str) -> list[Edit] | None:
        """The edits that bring what a value of the base refers to and the later spec lacks; None where it can't be.

        A file that the later spec lacks is made anew, with what is needed of it.
        """
        edits: list[Edit] = []
        for place in self._below(value, file):
            if place is None:
                return None
            if at(self._later, place) is ABSENT:
                edits.append(kept(place, at(self._base, place)))
        return edits

    def frozen(self, value: Node, file: str) -> tuple[Node, list[Edit]] | None:
        """A value of the base that refers to the components as they were, and the edits that bring these.

        What the later spec has otherwise comes under another name, and a file of its own under that of another file.
        None where nothing differs, or something can't be had.
        """
        known = list(self._below(value, file))
        stale = [place for place in known if place in self._stale]
        old = [place for place in stale if place is not None and at(self._later, place) is not ABSENT]
        if not old or None in known:
            return None
        names = {place: self.free(place) for place in old}
        edits = [
            kept(names.get(place, place), self.told(at(self._base, place), place.file, names=names))
            for place in stale
            if place is not None
        ]
        return self.told(value, file, names=names), edits

    def forms(self, node: Any, file: str, *, is_hasty: bool) -> list[tuple[Any, list[Edit]]]:
        """A thing of the base as it refers to what there is, and to what there was; `is_hasty` puts that first."""
        needed, old = self.carried(node, file), self.frozen(node, file)
        forms = [] if needed is None else [(node, needed)]
        return forms if old is None else [old, *forms] if is_hasty else [*forms, old]

    def told(self, value: Node, file: str, to: str | None = None, names: Mapping[Pointer, Pointer] = NONE) -> Any:
        """A value of a file of the base as another file, or the same, says it: it refers to the same, or to `names`."""
        return renamed(value, names, self._base, file, file if to is None else to)

    def free(self, place: Pointer) -> Pointer:
        """A name like a place's that nothing has in the later spec, the same however often it is asked for."""
        return self._later.free(place, BEFORE)

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
        found = dict.fromkeys(self._base.target(reference, file) for reference in references(value))
        return tuple(None if one is None or at(self._base, one) is ABSENT else one for one in found)


def renamed(node: Node, names: Mapping[Pointer, Pointer], trees: Trees, file: str = "", to: str = "") -> Any:
    """A value of one file as another says it, with its references to these names, those of a discriminator as well.

    `trees` are those of the spec that the value is of.
    """

    def named(reference: Any) -> Any:
        place = trees.target(reference, file) if isinstance(reference, str) else None
        if place is None or (place not in names and (file == to or at(trees, place) is ABSENT)):
            return reference  # a discriminator may name a component, too
        return trees.reference(names.get(place, place), to, reference)

    if not names and file == to:
        return node
    return _renamed(node, named)


def _renamed(node: Node, named: Callable[[Any], Any]) -> Any:
    if isinstance(node, list):
        return [_renamed(item, named) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _renamed(value, named) for key, value in node.items()}
    if "$ref" in node:
        made["$ref"] = named(node["$ref"])
    if isinstance(mapping := node.get("mapping"), dict) and "propertyName" in node:
        made["mapping"] = {value: named(name) for value, name in mapping.items()}
    return made
