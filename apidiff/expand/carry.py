"""What a thing of the base needs to stand in the later spec: the components that it refers to, and those below them."""

from collections.abc import Iterator, Mapping
from typing import Any

from apidiff.expand.tree import Edit, Trees, at, put
from apidiff.load.values import Node, references, same
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, escape, unescape

_SUFFIX = "Before"


def carried(value: Node, file: str, *, base: Trees, later: Trees) -> list[Edit] | None:
    """The edits that bring what a value of the base refers to and the later spec lacks; None where it can't be had."""
    edits: list[Edit] = []
    for place in _below(value, file, base):
        if place is None or place.file not in later:
            return None
        if at(later, place) is ABSENT:
            edits.append(put(place, at(base, place)))
    return edits


def frozen(value: Node, file: str, *, base: Trees, later: Trees) -> tuple[Node, list[Edit]] | None:
    """A value of the base that refers to the components as they were, and the edits that bring these.

    What the later spec has otherwise comes under another name. None where nothing differs, or something can't be had.
    """
    places = list(_below(value, file, base))
    if any(place is None or place.file or file for place in places):
        return None
    known = [place for place in places if place is not None]
    differs = {place for place in known if not same(at(base, place), at(later, place))}
    leads = {place: {one for one in _below(at(base, place), "", base) if one is not None} for place in known}
    stale = {place for place in known if place in differs or leads[place] & differs}
    old = {place for place in stale if at(later, place) is not ABSENT}
    if not old:
        return None
    names = {place: _free(place, later) for place in old}
    edits = [put(names.get(place, place), renamed(at(base, place), names)) for place in known if place in stale]
    return renamed(value, names), edits


def _below(value: Node, file: str, trees: Trees) -> Iterator[Pointer | None]:
    """Every place that a value refers to, itself or through others, once; None for one that is not in the spec."""
    waiting = [(value, file)]
    seen: set[Pointer] = set()
    while waiting:
        node, here = waiting.pop()
        for reference in references(node):
            place = target(reference, here)
            if place is None or at(trees, place) is ABSENT:
                yield None
            elif place not in seen:
                seen.add(place)
                yield place
                waiting.append((at(trees, place), place.file))


def target(reference: str, file: str) -> Pointer | None:
    """The place that a `$ref` within one file names; None for any other."""
    if not reference.startswith("#/"):
        return None
    from urllib.parse import unquote

    return Pointer(file, tuple(unescape(unquote(part)) for part in reference[2:].split("/")))


def _free(place: Pointer, later: Trees) -> Pointer:
    """A name beside a place that nothing has."""
    name = place.last + _SUFFIX
    while at(later, Pointer(place.file, (*place.segments[:-1], name))) is not ABSENT:
        name += _SUFFIX
    return Pointer(place.file, (*place.segments[:-1], name))


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
