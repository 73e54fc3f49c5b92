"""What one side says in one keyword and the other side in another, brought to one of them before they are compared.

A view is changed only where the other side says the same of the same part in other words; what neither says twice is
left as it is written. Nothing that is allowed changes by it (JSON Schema 2020-12 Core 10 and 11, Validation 6).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from apidiff.diff.pairing import TEXTS
from apidiff.diff.walk import Walk
from apidiff.schema import Place, View
from apidiff.schema.facets import type_words
from apidiff.schema.keywords import EVERYTHING
from apidiff.words.facts import Subject
from apidiff.words.pointer import Pointer

NUMBER: Final = frozenset({"number"})
INTEGER: Final = frozenset({"integer"})
EVERY_NAME: Final = frozenset({"", ".*", "^.*", ".*$", "^.*$", "^"})
"""Patterns that every name has."""


def in_one_wording(walk: Walk, pair: int, before: View, after: View) -> tuple[View, View]:
    """Two views of which neither says in its own keywords what the other one says in others."""
    if before.groups and after.groups and (before.types is None) is not (after.types is None):
        before, after = _with_types(walk, pair, before, after)
    return _reworded(walk, 0, before, after), _reworded(walk, 1, after, before)


def _reworded(walk: Walk, side: int, mine: View, other: View) -> View:
    said = mine
    if "multipleOf" in mine.values:
        said = _whole_numbers(said, other)
    if mine.dependent:
        said = _dependent_required(said, other)
    if not (mine.subschemas or mine.maps or mine.conditions):
        return said  # as mostly
    for reword in STEPS:
        said = reword(said, other) or said
    if said is not mine:
        left = {id(place[0]) for place in _parts(said)}
        walk.claims[side].update(at for node, at in _parts(mine) if id(node) not in left)
    return said


def _with_types(walk: Walk, pair: int, before: View, after: View) -> tuple[View, View]:
    """Two unions of which one has types beside it, without these where every branch of the other has no others."""
    side = 0 if before.types is None else 1
    mine, other = (before, after) if side == 0 else (after, before)
    types = other.types or frozenset()
    for group in mine.groups:
        kinds = [walk.readers[side].view(*branch).types for branch in group.branches]
        if all(kind is not None and kind <= types for kind in kinds):
            said = (type_words(other), other.types_at) if other.types_at else None
            ends = (None, said) if side == 0 else (said, None)
            walk.values(pair, Subject.SCHEMA, "ineffective-keyword", *ends, item="type")
            mine = replace(mine, types=types, types_at=group.pointer)
            return (mine, other) if side == 0 else (other, mine)
    return before, after


def _parts(view: View) -> list[Place]:
    """What a view says of its subschemas and in its conditions."""
    maps = [places for held in view.maps.values() for places in held.values()]
    return [place for places in (*view.subschemas.values(), *maps, view.conditions) for place in places]


def _whole_numbers(mine: View, other: View) -> View:
    """Multiples of a whole number: integers."""
    step = mine.values["multipleOf"][0]
    is_whole = mine.types == NUMBER and other.types == INTEGER and step == int(step)
    return replace(mine, types=INTEGER) if is_whole else mine


def _dependent_required(mine: View, other: View) -> View:
    """What the presence of a property asks for, as far as that is not asked for in any case.

    Where the other side asks for it in any case, that says it: it is asked for of more objects, or of fewer.
    """
    always = dict(mine.required)
    dependent = dict(mine.dependent)
    while found := [key for key in dependent if key[1] in always or key[0] == key[1] or key[0] in always]:
        for name, need in found:
            at = dependent.pop((name, need))
            if name in always:
                always.setdefault(need, at)
    for name, need in [key for key in dependent if key not in other.dependent and key[1] in other.required]:
        del dependent[name, need]
    return mine if len(dependent) == len(mine.dependent) else replace(mine, dependent=dependent, required=always)


def _unevaluated_properties(mine: View, other: View) -> View | None:
    """`unevaluatedProperties` where nothing but `properties` evaluates any: `additionalProperties`."""
    said = mine.subschemas.get("unevaluatedProperties")
    if not said or len(said) > 1 or mine.additional is not True or other.additional is True:
        return None
    if "unevaluatedProperties" in other.subschemas or _is_composed(mine) or not _declares_all(other):
        return None
    node, at = said[0]
    return replace(
        mine,
        additional=False if node is False else said[0],
        additional_at=at,
        subschemas=_less(mine, "unevaluatedProperties"),
    )


def _unevaluated_items(mine: View, other: View) -> View | None:
    """`unevaluatedItems` where nothing but `prefixItems` evaluates any: `items`, which leaves it none."""
    said = mine.subschemas.get("unevaluatedItems")
    if said and "items" in mine.subschemas and not _is_composed(mine):
        return replace(mine, subschemas=_less(mine, "unevaluatedItems"))
    if not said or "items" in mine.subschemas or "unevaluatedItems" in other.subschemas or _is_composed(mine):
        return None
    if "contains" in mine.subschemas or not ("items" in other.subschemas or "maxItems" in other.values):
        return None
    return replace(mine, subschemas={**_less(mine, "unevaluatedItems"), "items": said})


def _no_more_items(mine: View, other: View) -> View | None:
    """`items: false`: as many items as there are positions."""
    said = mine.subschemas.get("items")
    theirs = other.subschemas.get("items")
    if not said or said[0][0] is not False or not (theirs or "maxItems" in other.values):
        return None
    most = len(mine.prefix)
    if theirs and (theirs[0][0] is not False or most == len(other.prefix)):
        return None
    known = mine.values.get("maxItems")
    if known is None or known[0] > most:
        known = most, said[0][1]
    return replace(mine, subschemas=_less(mine, "items"), values={**mine.values, "maxItems": known})


def _contains_nothing(mine: View, other: View) -> View | None:
    """`contains` of which none is asked for, and no more than any number let through."""
    if "contains" not in mine.subschemas or "contains" in other.subschemas or "maxContains" in mine.values:
        return None
    if mine.values.get("minContains", (1,))[0] != 0:
        return None
    values = {key: value for key, value in mine.values.items() if key != "minContains"}
    return replace(mine, subschemas=_less(mine, "contains"), values=values)


def _dependent_schemas(mine: View, other: View) -> View | None:
    """A schema that depends on a property and only asks for others: `dependentRequired`."""
    held = mine.maps.get("dependentSchemas")
    theirs = other.maps.get("dependentSchemas", {})
    known = {name for name, _ in other.dependent}
    asked = {
        name: _required(places)
        for name, places in (held or {}).items()
        if name not in theirs and (name in known or other.conditions)
    }
    found = {name: needs for name, needs in asked.items() if needs is not None}
    if held is None or not found:
        return None
    at = {name: held[name][0][1] for name in found}
    dependent = dict(mine.dependent) | {(name, need): at[name] for name, needs in found.items() for need in needs}
    rest = {name: places for name, places in held.items() if name not in found}
    maps = {key: value for key, value in mine.maps.items() if key != "dependentSchemas"}
    return replace(mine, dependent=dependent, maps=maps | ({"dependentSchemas": rest} if rest else {}))


def _condition(mine: View, other: View) -> View | None:
    """A condition that asks for a property where another one is present: `dependentRequired`."""
    if not mine.conditions or not (other.dependent or other.maps.get("dependentSchemas")):
        return None
    kept, dependent = [], dict(mine.dependent)
    for node, at in mine.conditions:
        asked = _required([(node.get("if"), at)]) if isinstance(node, dict) else None
        needs = _required([(node.get("then"), at)]) if isinstance(node, dict) else None
        if asked and needs and len(asked) == 1 and "else" not in node:
            dependent |= {(asked[0], need): at for need in needs}
        else:
            kept.append((node, at))
    return replace(mine, conditions=kept, dependent=dependent) if len(kept) < len(mine.conditions) else None


def _every_name(mine: View, other: View) -> View | None:
    """Properties by a pattern that every name has: `additionalProperties`."""
    held = mine.maps.get("patternProperties", {})
    if len(held) != 1 or mine.properties or not isinstance(other.additional, tuple) or not EVERY_NAME.issuperset(held):
        return None
    if "patternProperties" in other.maps:
        return None
    ((places),) = held.values()
    maps = {key: value for key, value in mine.maps.items() if key != "patternProperties"}
    return replace(mine, maps=maps, additional=places[0], additional_at=places[0][1]) if len(places) == 1 else None


def _named_names(mine: View, other: View) -> View | None:
    """`propertyNames` of which nothing is asked but that they are texts, as each is."""
    said = mine.subschemas.get("propertyNames")
    node = said[0][0] if said and len(said) == 1 else None
    if not isinstance(node, dict) or node.keys() - TEXTS != {"type"} or "propertyNames" in other.subschemas:
        return None
    is_free = "string" in ([node["type"]] if isinstance(node["type"], str) else node["type"])
    return replace(mine, subschemas=_less(mine, "propertyNames")) if is_free else None


def _no_other_names(mine: View, _: View) -> View | None:
    """`additionalProperties` where a pattern that every name has leaves none to be undeclared."""
    held = mine.maps.get("patternProperties", {})
    if mine.additional is True or EVERY_NAME.isdisjoint(held):
        return None
    return replace(mine, additional=True, additional_at=None)


def _listed_names(mine: View, other: View) -> View | None:
    """`propertyNames` that are listed: an object of these properties that refuses any other."""
    said = mine.subschemas.get("propertyNames")
    node = said[0][0] if said and len(said) == 1 else None
    if not said or not isinstance(node, dict) or not node.keys() <= {"enum", "type"} or "enum" not in node:
        return None
    if not other.is_closed or "propertyNames" in other.subschemas or mine.maps or mine.additional is False:
        return None
    names = [name for name in node["enum"] if isinstance(name, str)]
    if not mine.properties.keys() <= {*names}:
        return None
    at = said[0][1].child("enum")
    place = mine.additional if isinstance(mine.additional, tuple) else (EVERYTHING, at)
    properties = {name: mine.properties.get(name, [place]) for name in names}
    return replace(
        mine,
        properties=properties,
        additional=False,
        additional_at=at,
        subschemas=_less(mine, "propertyNames"),
    )


STEPS: Final[tuple[Callable[[View, View], View | None], ...]] = (
    _unevaluated_properties,
    _unevaluated_items,
    _no_more_items,
    _contains_nothing,
    _dependent_schemas,
    _condition,
    _no_other_names,
    _every_name,
    _named_names,
    _listed_names,
)
"""In this order: one may leave what the next one reads."""


def _is_composed(view: View) -> bool:
    """Whether more than a schema's own words may evaluate its properties or items."""
    return bool(view.groups or view.conditions or "dependentSchemas" in view.maps)


def _declares_all(view: View) -> bool:
    """Whether the schema that closes an object names all of its properties itself (JSON Schema Core, 10.3.2.3)."""
    return any(
        isinstance(node, dict)
        and "additionalProperties" in node
        and view.properties.keys() <= (node.get("properties") or {}).keys()
        for node in view.nodes
    )


def _less(view: View, keyword: str) -> dict[str, list[Place]]:
    return {key: places for key, places in view.subschemas.items() if key != keyword}


def _required(places: list[tuple[Any, Pointer]]) -> list[str] | None:
    """The names that a schema asks for, where it asks for nothing else."""
    node = places[0][0] if len(places) == 1 else None
    if not isinstance(node, dict) or not node.keys() <= {"required", "type"} or node.get("type", "object") != "object":
        return None
    names = node.get("required")
    return names if isinstance(names, list) and all(isinstance(name, str) for name in names) else None
