"""Makes one view mean what several say together: the meaning of `allOf` (JSON Schema 2020-12 Core, 10.2.1.1)."""

import math
from collections.abc import Sequence
from typing import Any, Final

from apidiff.schema.keywords import BOUNDS
from apidiff.schema.view import BOTH_FORMATS, Place, View
from apidiff.words.pointer import Pointer

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
        if part.idle or part.conditions:
            view.idle.extend(part.idle)
            view.conditions.extend(part.conditions)
    if len(view.conditions) > 1:
        view.conditions = list({id(place[0]): place for place in view.conditions}.values())
    _merge_values(view, parts)
    _merge_objects(view, parts)
    view.subschemas = _joined([part.subschemas for part in parts if part.subschemas])
    _merge_annotations(view, parts)
    view.nodes = list({id(node): node for part in parts for node in part.nodes}.values())
    return view


def _joined(maps: Sequence[dict[str, list[Place]]]) -> dict[str, list[Place]]:
    """Every key with all of its places, each once."""
    if len(maps) < 2:  # mostly
        return {**maps[0]} if maps else {}
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
    for part in parts:
        for name in part.required:
            view.required.setdefault(name, part.required[name])
        for needs in part.dependent:
            view.dependent.setdefault(needs, part.dependent[needs])
        if view.additional is True or part.additional is False:
            view.additional, view.additional_at = part.additional, part.additional_at
    for keyword in {keyword: None for part in parts for keyword in part.maps}:
        view.maps[keyword] = _joined([part.maps[keyword] for part in parts if keyword in part.maps])


def _merge_annotations(view: View, parts: Sequence[View]) -> None:
    for part in reversed(parts):
        view.discriminator = part.discriminator or view.discriminator
        view.examples = part.examples or view.examples
        if part.extensions or part.unknown:
            view.extensions.update(part.extensions)
            view.unknown.update(part.unknown)
        view.read_only = part.read_only or view.read_only
        view.write_only = part.write_only or view.write_only


def _merge_values(view: View, parts: Sequence[View]) -> None:
    several: dict[str, list[Any]] = {}
    for part in parts:
        for keyword, (value, where) in part.values.items():
            mine = view.values.get(keyword)
            if mine is None:
                view.values[keyword] = (value, where)
            elif keyword in ("pattern", "format"):
                several.setdefault(keyword, [mine[0]]).append(value)
                if value != mine[0]:
                    view.values[keyword] = (mine[0], where)
            else:
                view.values[keyword] = _both(keyword, mine, (value, where))
    for keyword, values in several.items():
        view.values[keyword] = _all(keyword, values), view.values[keyword][1]


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
