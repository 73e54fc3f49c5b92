"""Makes one view mean what two say together: the meaning of `allOf` (JSON Schema 2020-12 Core, 10.2.1.1)."""

import math

from apidiff.schema.keywords import BOUNDS
from apidiff.schema.view import BOTH_FORMATS, View


def merge(view: View, other: View) -> None:
    """Make `view` mean both; what it says itself goes before what the other says."""
    _merge_types(view, other)
    _merge_values(view, other)
    _merge_objects(view, other)
    for keyword, places in other.subschemas.items():
        view.subschemas[keyword] = [*view.subschemas.get(keyword, ()), *places]
    if not view.prefix:
        view.prefix, view.prefix_at = other.prefix, other.prefix_at
    view.groups.extend(group for group in other.groups if group not in view.groups)
    view.conditions.extend(other.conditions)
    view.never = view.never or other.never
    view.evaluates_all = view.evaluates_all or other.evaluates_all
    view.is_union = view.is_union or other.is_union
    _merge_annotations(view, other)
    view.nodes.extend(other.nodes)
    view.idle.extend(other.idle)


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
            view.enum, view.enum_at = dict(other.enum), other.enum_at
        else:
            view.enum = {text: kept for text, kept in view.enum.items() if text in other.enum}


def _merge_objects(view: View, other: View) -> None:
    for name, places in other.properties.items():
        mine = view.properties.get(name, [])
        known = {id(place[0]) for place in mine}
        view.properties[name] = [*mine, *(place for place in places if id(place[0]) not in known)]
    for name, where in other.required.items():
        view.required.setdefault(name, where)
    if view.additional is True or other.additional is False:
        view.additional, view.additional_at = other.additional, other.additional_at
    for keyword, schemas in other.maps.items():
        mine_map = view.maps.setdefault(keyword, {})
        for name, places in schemas.items():
            mine_map[name] = [*mine_map.get(name, ()), *places]
    view.dependent |= {key: where for key, where in other.dependent.items() if key not in view.dependent}


def _merge_annotations(view: View, other: View) -> None:
    view.discriminator = view.discriminator or other.discriminator
    view.examples = view.examples or other.examples
    view.extensions = {**other.extensions, **view.extensions}
    view.unknown = {**other.unknown, **view.unknown}
    view.read_only = view.read_only or other.read_only
    view.write_only = view.write_only or other.write_only


def _merge_values(view: View, other: View) -> None:
    for keyword, (value, where) in other.values.items():
        mine = view.values.get(keyword)
        if mine is None:
            view.values[keyword] = (value, where)
        elif keyword in ("minimum", "maximum"):
            sign = 1 if keyword == "minimum" else -1
            if (sign * value[0], value[1]) > (sign * mine[0][0], mine[0][1]):
                view.values[keyword] = (value, where)
        elif keyword in BOUNDS:
            if (value > mine[0]) == (BOUNDS[keyword] == "lower") and value != mine[0]:
                view.values[keyword] = (value, where)
        elif keyword == "multipleOf":
            view.values[keyword] = (_common_multiple(value, mine[0]), where)
        elif keyword == "format" and value != mine[0]:
            names = {*value.split(BOTH_FORMATS), *mine[0].split(BOTH_FORMATS)}
            view.values[keyword] = (BOTH_FORMATS.join(sorted(names)), where)
        elif keyword == "pattern" and value != mine[0]:
            view.values[keyword] = ("".join(sorted({f"(?={value})", f"(?={mine[0]})"})), where)


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
    return int(common) if common.denominator == 1 else float(common)
