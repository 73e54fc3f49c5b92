"""Makes one view mean what several say together: the meaning of `allOf` (JSON Schema 2020-12 Core, 10.2.1.1)."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from apidiff.schema.keywords import BOUNDS
from apidiff.schema.view import BOTH_FORMATS, NOTHING, Place, View
from apidiff.words.pointer import Pointer

TEXTS: Final = frozenset({"title", "description", "externalDocs", "$comment", "default"})
"""What each part may say for itself, though one is shown."""
LARGEST: Final = 10**300
"""Beyond it a common multiple is no number that JSON can hold."""


def merge(pointer: Pointer, parts: Sequence[View]) -> View:
    """A view that means all of several; what stands first goes before the others. Their unions are the caller's."""
    view = View(pointer)
    for part in parts:
        _merge_types(view, part)
        view.never = view.never or part.never
        view.evaluates_all = view.evaluates_all or part.evaluates_all
        view.is_union = view.is_union or part.is_union
        view.is_cut = view.is_cut or part.is_cut
        if not view.prefix:
            view.prefix, view.prefix_at = part.prefix, part.prefix_at
    view.idle = [place for part in parts for place in part.idle]
    view.folded = [branch for part in parts for branch in part.folded]
    view.outdone = [said for part in parts for said in part.outdone]
    view.conditions = list({id(place[0]): place for part in parts for place in part.conditions}.values())
    _merge_values(view, parts)
    _merge_objects(view, parts)
    view.subschemas = _joined([part.subschemas for part in parts if part.subschemas])
    _merge_annotations(view, parts)
    view.nodes = list({id(node): node for part in parts for node in part.nodes}.values())
    return view


def _joined(maps: Sequence[Mapping[str, list[Place]]]) -> Mapping[str, list[Place]]:
    """Every key with all of its places, each once."""
    if len(maps) < 2:  # mostly
        return maps[0] if maps else NOTHING
    found: dict[str, list[Place]] = {}
    several: dict[str, dict[int, Place]] = {}
    for named in maps:
        for key, places in named.items():
            if key not in found:
                found[key] = places
                continue
            if key not in several:
                several[key] = {id(place[0]): place for place in found[key]}
            for place in places:
                several[key].setdefault(id(place[0]), place)
    found.update({key: list(places.values()) for key, places in several.items()})
    return found


def _merge_types(view: View, other: View) -> None:
    if other.types is not None:
        if view.types is None:
            view.types, view.types_at = other.types, other.types_at
        elif view.types != other.types:
            view.types, view.types_at = _common_types(view.types, other.types), other.types_at
    if view.null and not other.null:
        view.null, view.null_at = False, other.null_at
    elif view.null_at is None:
        view.null_at = other.null_at
    if other.enum is not None:
        if view.enum is None:
            view.enum, view.enum_at = other.enum, other.enum_at
        else:
            view.enum = {text: kept for text, kept in view.enum.items() if text in other.enum}


def _merge_objects(view: View, parts: Sequence[View]) -> None:
    view.properties = _joined([part.properties for part in parts if part.properties])
    view.required = _first([part.required for part in parts if part.required])
    view.dependent = _first([part.dependent for part in parts if part.dependent])
    for part in parts:
        if view.additional is True or part.additional is False:
            view.additional, view.additional_at = part.additional, part.additional_at
    if keywords := {keyword: None for part in parts for keyword in part.maps}:
        view.maps = {key: _joined([part.maps[key] for part in parts if key in part.maps]) for key in keywords}


def _first(maps: Sequence[Mapping[Any, Pointer]]) -> Mapping[Any, Pointer]:
    """Every key with what is said of it first."""
    if len(maps) < 2:
        return maps[0] if maps else NOTHING
    found = {**maps[0]}
    for said in maps[1:]:
        for key, value in said.items():
            found.setdefault(key, value)
    return found


def _merge_annotations(view: View, parts: Sequence[View]) -> None:
    extensions: dict[str, tuple[Any, Pointer]] = {}
    unknown: dict[str, tuple[Any, Pointer]] = {}
    more = [part for part in parts if part.examples][1:]
    if more:
        view.outdone = [*view.outdone, *(("example", said) for part in more for said in part.examples)]
    for part in reversed(parts):
        view.discriminator = part.discriminator or view.discriminator
        view.examples = part.examples or view.examples
        if part.extensions or part.unknown:
            view.outdone = [*view.outdone, *((key, said) for key, said in extensions.items() if key in part.extensions)]
            extensions.update(part.extensions)
            unknown.update(part.unknown)
        view.read_only = part.read_only or view.read_only
        view.write_only = part.write_only or view.write_only
    view.extensions, view.unknown = extensions or NOTHING, unknown or NOTHING


def _merge_values(view: View, parts: Sequence[View]) -> None:
    found: dict[str, tuple[Any, Pointer]] = {}
    several: dict[str, list[Any]] = {}
    for part in parts:
        for keyword, said in part.values.items():
            mine = found.get(keyword)
            if mine is None:
                found[keyword] = said
            elif keyword in ("pattern", "format"):
                several.setdefault(keyword, [mine[0]]).append(said[0])
                if said[0] != mine[0]:
                    found[keyword] = (mine[0], said[1])
            else:
                found[keyword] = _both(keyword, mine, said)
                if keyword in TEXTS:
                    view.outdone = [*view.outdone, (keyword, said)]
    for keyword, values in several.items():
        found[keyword] = _all(keyword, values), found[keyword][1]
    view.values = found or NOTHING


def _both(keyword: str, mine: tuple[Any, Pointer], other: tuple[Any, Pointer]) -> tuple[Any, Pointer]:
    """What two parts ask for at once; of annotations the first says it."""
    value = other[0]
    if keyword in ("minimum", "maximum"):
        sign = 1 if keyword == "minimum" else -1
        return other if (sign * value[0], value[1]) > (sign * mine[0][0], mine[0][1]) else mine
    if keyword in BOUNDS:
        return other if (value > mine[0]) == (BOUNDS[keyword] == "lower") and value != mine[0] else mine
    if keyword == "multipleOf":
        return _common_multiple(value, mine[0]), other[1]
    return mine


def _all(keyword: str, values: list[Any]) -> str:
    """Several patterns, or formats, as the one that asks for them all."""
    kinds = sorted(set(values))
    if len(kinds) == 1:
        return str(kinds[0])
    if keyword == "format":
        return BOTH_FORMATS.join(sorted({name for kind in kinds for name in kind.split(BOTH_FORMATS)}))
    return "".join(f"(?={kind})" for kind in kinds)


def _common_types(base: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    common = base & other
    if ("integer" in base and "number" in other) or ("number" in base and "integer" in other):
        common |= {"integer"}
    return common


def _common_multiple(left: float, right: float) -> float:
    """The least number that is a multiple of both; exact, since `multipleOf: 0.01` is common."""
    from fractions import Fraction

    one, two = Fraction(str(left)), Fraction(str(right))
    common = Fraction(math.lcm(one.numerator, two.numerator), math.gcd(one.denominator, two.denominator))
    if common > LARGEST:
        return max(left, right)
    return int(common) if common.denominator == 1 else float(common)
