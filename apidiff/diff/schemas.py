"""Compares two schemas as sets of values: each keyword that moved is one fact, whatever its direction will be."""

import math
from collections.abc import Mapping
from typing import Final

from apidiff.diff.annotations import compare_annotations, compare_folded
from apidiff.diff.assertions import compare_assertions
from apidiff.diff.conditions import compare_conditions
from apidiff.diff.enums import compare_enum
from apidiff.diff.evaluated import evaluated
from apidiff.diff.forms import compare_forms
from apidiff.diff.idle import compare_access, compare_idle, note_definitions
from apidiff.diff.migrated import in_one_version
from apidiff.diff.objects import compare_object, undeclared
from apidiff.diff.pairing import pair_schemas, pair_with_any
from apidiff.diff.reworded import in_one_wording
from apidiff.diff.spread import spread
from apidiff.diff.unions import compare_unions, holds_any
from apidiff.diff.walk import Walk
from apidiff.diff.wire import compare_on_wire
from apidiff.schema import Place, View
from apidiff.schema.facets import (
    effective_types,
    moved_types,
    overlap,
    type_of,
    type_words,
)
from apidiff.schema.patterns import matches
from apidiff.words.facts import ABSENT, Action, Subject

NUMBERS: Final = frozenset({"integer", "number"})
WHOLE: Final = frozenset({"integer"})
ABOUT: Final = {
    **dict.fromkeys(("items", "contains", "unevaluatedItems"), "array"),
    **dict.fromkeys(("propertyNames", "unevaluatedProperties"), "object"),
}
"""The type that each keyword with a subschema speaks about."""
LABELS: Final = {"items": "[]", "contains": "[]", "unevaluatedItems": "[]"}


def compare_schema(walk: Walk, pair: int, base: Place, revision: Place) -> None:
    """State every fact between two schemas and pair their subschemas."""
    before, after = _views(walk, base, revision)
    for view, seen, claims in zip((before, after), walk.visited, walk.claims, strict=True):
        seen.update(map(id, view.nodes))
        if view.idle:
            claims.update(place[1] for place in view.idle)
    if before.is_cut or after.is_cut:
        walk.cut("parts", pair, base, revision)
    note_definitions(walk, pair, base, revision)
    before, after = in_one_version(walk, before, after)
    compare_annotations(walk, pair, before, after)
    compare_folded(walk, pair, before, after)
    compare_idle(walk, pair, (base, before), (revision, after))
    if before.discriminator and after.discriminator:
        compare_forms(walk, pair, (base, before), (revision, after))
    _compare_null(walk, pair, before, after)
    if before.never is not after.never:
        _compare_types(walk, pair, before, after)
        _claim_idle(walk, before, after, frozenset())
        return
    before, after = in_one_wording(walk, pair, before, after)
    before, after, moved_in = spread(walk, before, after)
    closed = evaluated(walk, before, after)
    if compare_unions(walk, pair, (base, before), (revision, after), moved_in, closed=closed):
        return
    if compare_on_wire(walk, pair, before, after, compare_values):
        _claim_idle(walk, before, after, frozenset())
        return
    if not _compare_types(walk, pair, before, after):
        _claim_idle(walk, before, after, frozenset())
        return
    compare_values(walk, pair, before, after)
    types = _common(before, after)
    if (types is None or "object" in types) and (before.has_structure or after.has_structure):
        compare_object(walk, pair, before, after)
    if types is None or "array" in types:
        _compare_prefix(walk, pair, before, after)
    if types is not None:
        _claim_idle(walk, before, after, types)
    _compare_subschemas(walk, pair, before, after, types)
    compare_conditions(walk, pair, before, after, closed)


def _views(walk: Walk, base: Place, revision: Place) -> tuple[View, View]:
    """The two views to compare; a union of one, or of bare types, is one where the other side has several."""
    before, after = walk.readers[0].view(*base), walk.readers[1].view(*revision)
    if (before.is_folded or before.is_union) and after.groups and not after.is_folded:
        before = walk.readers[0].unfolded(*base)
    elif (after.is_folded or after.is_union) and before.groups and not before.is_folded:
        after = walk.readers[1].unfolded(*revision)
    return before, after


def compare_values(walk: Walk, pair: int, before: View, after: View) -> None:
    """What two schemas of one type ask of plain values: those listed, or bounds, lengths, patterns and formats."""
    compare_enum(walk, pair, before, after)
    compare_assertions(walk, pair, before, after, _common(before, after))


def _claim_idle(walk: Walk, before: View, after: View, types: frozenset[str]) -> None:
    """What can't be an object or an array is not described by keywords about them: compared, and equal in meaning."""
    for view, claims in zip((before, after), walk.claims, strict=True):
        if "object" not in types and (view.properties or view.maps):
            claims.update(place[1] for places in view.properties.values() for place in places)
            claims.update(place[1] for held in view.maps.values() for places in held.values() for place in places)
        if view.subschemas:
            idle = [
                places
                for keyword, places in view.subschemas.items()
                if not types or ABOUT.get(keyword, "") not in (*types, "")
            ]
            claims.update(place[1] for places in idle for place in places)
        if not types:
            claims.update([view.additional_at] if view.additional_at else ())
        if "array" not in types and view.prefix:
            claims.update(place[1] for place in view.prefix)


def _common(before: View, after: View) -> frozenset[str] | None:
    if before.types is None or after.types is None:
        return before.types if after.types is None else after.types
    common = before.types & after.types
    if common & NUMBERS or not overlap(before.types & NUMBERS, after.types & NUMBERS):
        return common
    return common | WHOLE


def _compare_null(walk: Walk, pair: int, before: View, after: View) -> None:
    """Whether null goes; where a side allows any value its own fact says so."""
    if before.null == after.null:
        return
    if not any(
        view.types is None and view.enum is None and (not view.groups or holds_any(reader, view))
        for reader, view in zip(walk.readers, (before, after), strict=True)
    ):
        wire = walk.wires.get(pair)
        is_unsendable = before.null and wire is not None and wire.fields is None
        walk.fact(
            pair,
            Subject.SCHEMA,
            "wire-null" if is_unsendable else "nullable",
            Action.REPLACED if is_unsendable else Action.TIGHTENED if before.null else Action.LOOSENED,
            before.null_at,
            after.null_at,
            before=before.null,
            after=after.null,
        )


def _compare_types(walk: Walk, pair: int, before: View, after: View) -> bool:
    """The fact about types; False where no value can be of both, so that nothing else is worth saying."""
    if before.types == after.types and before.enum is None and after.enum is None and before.never == after.never:
        return True  # as mostly
    was, now = effective_types(before), effective_types(after)
    action = _moved_types(before, after)
    if action is None:
        return True
    walk.fact(
        pair,
        Subject.SCHEMA,
        "type",
        action,
        before.types_at,
        after.types_at,
        before=type_words(before),
        after=type_words(after),
        number=was is not None and now is not None and was ^ now == NUMBERS,
        undeclared=before.types is None or after.types is None,
        union=(after if action is Action.LOOSENED else before).is_union,
    )
    return action is not Action.REPLACED or overlap(was, now)


def _moved_types(before: View, after: View) -> Action | None:
    """How the declared types move; beside listed values only where those do not say it themselves."""
    if before.never is not after.never:
        return Action.REPLACED if after.never else Action.LOOSENED  # nothing is left of it, or there was nothing
    if before.enum is None and after.enum is None:
        return moved_types(before.types, after.types)
    was, now = effective_types(before), effective_types(after)
    if before.types != after.types and was and now and not overlap(was, now):
        return Action.REPLACED
    if before.enum and after.enum and bool(was) != bool(now):  # no listed value is of a type that both branches allow
        return Action.LOOSENED if now else Action.TIGHTENED
    if before.enum and after.enum and (before.types is None) is not (after.types is None):
        return _moved_listed_types(before, after)
    if before.enum is None and before.types is None and after.types is not None:
        return Action.TIGHTENED
    if after.enum is None and after.types is None and before.types is not None:
        return Action.LOOSENED
    return None


def _moved_listed_types(before: View, after: View) -> Action | None:
    """How types move that only one side says beside listed values: by the values on both lists that are of none."""
    typed = before if after.types is None else after
    kept = [value for text, (value, _) in (before.enum or {}).items() if text in (after.enum or {})]
    if all(overlap(frozenset({type_of(value)}), typed.types) for value in kept):
        return None
    return Action.TIGHTENED if typed is after else Action.LOOSENED


def _compare_subschemas(walk: Walk, pair: int, before: View, after: View, types: frozenset[str] | None) -> None:
    if before.subschemas or after.subschemas:
        for keyword, kind in ABOUT.items():
            if types is None or kind in types:
                _compare_subschema(walk, pair, keyword, (before, before.subschemas), (after, after.subschemas))
        _compare_subschema(walk, pair, "not", (before, before.subschemas), (after, after.subschemas), flips=True)
    if not before.maps and not after.maps:
        return
    for keyword in ("patternProperties", "dependentSchemas") if types is None or "object" in types else ():
        was, now = before.maps.get(keyword, {}), after.maps.get(keyword, {})
        for name in sorted({*was, *now}):
            _compare_subschema(walk, pair, keyword, (before, {keyword: was.get(name, [])}), (after, {keyword: now.get(name, [])}), item=name)  # fmt: skip  # noqa: E501


def _compare_subschema(
    walk: Walk,
    pair: int,
    keyword: str,
    base: tuple[View, Mapping[str, list[Place]]],
    revision: tuple[View, Mapping[str, list[Place]]],
    *,
    item: str = "",
    flips: bool = False,
) -> None:
    """A subschema on either side; where it is missing every value goes."""
    was, now = base[1].get(keyword), revision[1].get(keyword)
    if was and now:
        if keyword in LABELS and len(was) == len(now) == 1:
            compare_access(walk, pair, was[0], now[0])
        label = LABELS.get(keyword, f".{item}" if keyword == "patternProperties" else "")
        ends = walk.readers[0].both(was), walk.readers[1].both(now)
        if keyword == "contains" and all("maxContains" in view.values for view in (base[0], revision[0])):
            pair_schemas(walk, *ends, parent=pair, label=label, flips=True)  # whatever matches counts towards the most
            if all(view.values.get("minContains", (1,))[0] == 0 for view in (base[0], revision[0])):
                return
        pair_schemas(walk, *ends, parent=pair, label=label, flips=flips)
    elif was or now:
        _compare_one_sided(walk, pair, keyword, (base, revision), item=item, flips=flips)


def _compare_one_sided(
    walk: Walk,
    pair: int,
    keyword: str,
    sides: tuple[tuple[View, Mapping[str, list[Place]]], ...],
    *,
    item: str,
    flips: bool,
) -> None:
    """A subschema that only one side has: against what the other asks of the same values, or as it is."""
    was, now = (said.get(keyword) for _, said in sides)
    views = sides[0][0], sides[1][0]
    side = 0 if was else 1
    place = walk.readers[side].both(was or now or [])
    ends = (place, None) if was else (None, place)
    view = walk.readers[side].view(*place)
    is_pattern = keyword == "patternProperties"
    if is_pattern and _pair_with_undeclared(walk, pair, views, place, item):
        return
    # in a closed object a pattern lets names in, whatever it asks of their values
    lets_in = is_pattern and views[1 - side].is_closed
    if view.is_free and not flips and not lets_in:
        pair_with_any(walk, *ends, parent=pair)
        return
    if keyword == "contains" and views[side].values.get("minContains", (1,))[0] == 0:
        return
    actions = [Action.LOOSENED if bool(was) is not lets_in else Action.TIGHTENED]
    if lets_in and not view.is_free and _names_fit(item, *views):
        actions.append(Action.LOOSENED if was else Action.TIGHTENED)
    for action in actions:
        walk.fact(
            pair,
            Subject.SCHEMA,
            keyword,
            action,
            place[1] if was else None,
            None if was else place[1],
            before=place[0] if was else ABSENT,
            after=ABSENT if was else place[0],
            item=item,
            closed=keyword == "unevaluatedProperties" and view.never and not was,
        )


def _pair_with_undeclared(walk: Walk, pair: int, views: tuple[View, View], place: Place, pattern: str) -> bool:
    """Pair what one side asks by the pattern of a name with what the other asks of any that it does not name."""
    side = 0 if pattern in views[0].maps.get("patternProperties", {}) else 1
    rest = undeclared(views[1 - side])
    if not rest:
        return False
    other = walk.readers[1 - side].both(rest)
    base, revision = (place, other) if side == 0 else (other, place)
    pair_schemas(walk, base, revision, parent=pair, label=f".{pattern}")
    return True


def _names_fit(pattern: str, before: View, after: View) -> bool:
    """Whether a property that both sides name is one by a pattern, too, which then asks more of it."""
    return any(matches(pattern, name) for name in before.properties.keys() & after.properties.keys())


def _compare_prefix(walk: Walk, pair: int, before: View, after: View) -> None:
    """`prefixItems` position by position, against `items` where a side says nothing of a position."""
    for index in range(max(len(before.prefix), len(after.prefix))):
        was, now = _position(before, index), _position(after, index)
        if any(index >= view.values.get("maxItems", (math.inf,))[0] for view in (before, after)):
            walk.claim(was and was[1], now and now[1])  # where one side has no such item there is nothing to compare
        elif was and now:
            pair_schemas(walk, was, now, parent=pair, label=f"[{index}]")
        elif (place := was or now) and walk.readers[0 if was else 1].view(*place).is_free:
            pair_with_any(walk, was, now, parent=pair, label=f"[{index}]")
        elif place:
            walk.fact(
                pair,
                Subject.SCHEMA,
                "prefixItems",
                Action.LOOSENED if was else Action.TIGHTENED,
                was[1] if was else None,
                now[1] if now else None,
                before=place[0] if was else ABSENT,
                after=place[0] if now else ABSENT,
                item=str(index),
            )


def _position(view: View, index: int) -> Place | None:
    if index < len(view.prefix):
        return view.prefix[index]
    rest = view.subschemas.get("items") or view.subschemas.get("unevaluatedItems")
    return rest[0] if rest else None
