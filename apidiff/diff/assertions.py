"""Compares what two schemas ask of plain values beside types: bounds, lengths, counts, patterns and formats."""

import math
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import ASSERTIONS, Place, View
from apidiff.schema.facets import RELEVANT, is_multiple, listed, moved, moved_format
from apidiff.schema.patterns import moved_pattern, refuses
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

WHOLE: Final = frozenset({"integer"})
OF_ONE_WAY: Final = frozenset({"readOnly", "writeOnly", "$ref", "allOf", "oneOf", "anyOf"})
"""What makes a property one of requests or responses alone, or may do so."""
Said = tuple[Any, Pointer] | None


def compare_assertions(walk: Walk, pair: int, before: View, after: View, types: frozenset[str] | None) -> None:
    """State how the assertions of two schemas move that hold values of common types."""
    if not before.has_assertions and not after.has_assertions:
        return
    for keyword in ("minimum", "maximum", *ASSERTIONS):
        old, new = before.values.get(keyword), after.values.get(keyword)
        if old is None and new is None:
            continue
        relevant = RELEVANT[keyword]
        if types is not None and not types & (relevant | ({"integer"} if "number" in relevant else frozenset())):
            continue
        was, now = (_meant(keyword, _plain(end), is_whole=types == WHOLE) for end in (old, new))
        facet, action = _moved_assertion(keyword, (before, after), was, now)
        if action is None or _is_idle(keyword, (before, after), was, now):
            if action is not None or _is_between(types, keyword, old, new):
                _state_idle_assertion(walk, pair, keyword, old, new)
            elif keyword == "pattern":
                walk.values(pair, Subject.SCHEMA, "pattern-words", old, new)
            continue
        if before.enum is not None or after.enum is not None:
            continue
        is_bound = keyword in ("minimum", "maximum")
        if is_bound:
            was, now = (_said_whole(_plain(end), limit) for end, limit in ((old, was), (new, now)))
        walk.fact(
            pair,
            Subject.SCHEMA,
            facet,
            action,
            old and old[1],
            new and new[1],
            before=_said_bound(keyword, was) if is_bound else was,
            after=_said_bound(keyword, now) if is_bound else now,
            undecided=keyword == "pattern" and action is Action.REPLACED and not refuses(was, now),
            integer=keyword == "format" and types is not None and "string" not in types,
        )


def _moved_assertion(keyword: str, views: tuple[View, View], was: Any, now: Any) -> tuple[str, Action | None]:
    """What a fact about an assertion is about, and how it moves."""
    if keyword == "format":
        return _moved_format(*views, was, now)
    return keyword, moved_pattern(was, now) if keyword == "pattern" else moved(keyword, was, now)


def _is_idle(keyword: str, views: tuple[View, View], was: Any, now: Any) -> bool:
    """Whether an assertion refuses nothing more: the required properties meet it, or the listed values are the same."""
    before, after = views
    if keyword == "minProperties" and _met_by_required(was, before) == _met_by_required(now, after):
        return True
    is_listed = before.enum is not None or after.enum is not None
    return is_listed and (listed(before) or {}).keys() == (listed(after) or {}).keys()


def _state_idle_assertion(walk: Walk, pair: int, keyword: str, old: Said, new: Said) -> None:
    """An assertion that refuses nothing which the schema lets through without it, as beside a list of values."""
    is_bound = keyword in ("minimum", "maximum")
    ends = [end and (_said_bound(keyword, end[0]) if is_bound else end[0], end[1]) for end in (old, new)]
    walk.values(pair, Subject.SCHEMA, "ineffective-keyword", ends[0], ends[1], item=keyword)


def _meant(keyword: str, limit: Any, *, is_whole: bool) -> Any:
    """What a limit comes to: of items that match one is asked for, and whole numbers have no room between them.

    They are multiples of one, and of each part of it.
    """
    if keyword == "minContains":
        return 1 if limit is ABSENT else limit
    if is_whole and keyword == "multipleOf":
        return ABSENT if limit is not ABSENT and is_multiple(1, limit) else limit
    return _whole_bound(keyword, limit) if is_whole and keyword in ("minimum", "maximum") else limit


def _whole_bound(keyword: str, bound: Any) -> Any:
    """`> 0`, `>= 0.5` and `>= 1` are the same for whole numbers."""
    if bound is ABSENT:
        return bound
    number, strict = bound
    nearest = math.ceil(number) if keyword == "minimum" else math.floor(number)
    if strict and nearest == number:
        nearest += 1 if keyword == "minimum" else -1
    return (nearest, False) if strict or nearest != number else bound


def _said_whole(bound: Any, meant: Any) -> Any:
    """A bound for people: as it is written, but for one that leaves out a whole number."""
    return meant if bound is not ABSENT and bound[1] else bound


def _is_between(types: frozenset[str] | None, keyword: str, old: Said, new: Said) -> bool:
    """Whether two bounds of whole numbers are the same and written apart: `0.5` and `1`."""
    ends = [end[0][0] for end in (old, new) if end is not None and keyword in ("minimum", "maximum")]
    return types == WHOLE and len(ends) == 2 and any(end != int(end) for end in ends) and old != new


def _said_bound(keyword: str, bound: Any) -> Any:
    """A bound as JSON Schema 2020-12 says it: a number, or an object with the keyword that leaves the number out."""
    if bound is ABSENT or not bound[1]:
        return bound if bound is ABSENT else bound[0]
    return {f"exclusive{keyword.capitalize()}": bound[0]}


def _met_by_required(least: Any, view: View) -> int:
    """How many properties an object has at least, by what it requires too."""
    always = [name for name in view.required if name in view.properties and _is_always(view.properties[name])]
    return max(0 if least is ABSENT else least, len(always))


def _is_always(places: list[Place]) -> bool:
    """Whether a property is one of requests and responses alike, seen without following a reference."""
    return all(isinstance(node, dict) and node.keys().isdisjoint(OF_ONE_WAY) for node, _ in places)


def _plain(value: tuple[Any, Pointer] | None) -> Any:
    return ABSENT if value is None else value[0]


def _moved_format(before: View, after: View, was: Any, now: Any) -> tuple[str, Action | None]:
    """How a format moves; `int32` refuses nothing that bounds within it let through."""
    facet, action = moved_format(was, now) or ("format", None)
    if facet == "format-hint" and "binary" in (was, now):
        return "format-bytes", action
    if action is None or "int32" not in (was, now) or not (_fits_int32(before) and _fits_int32(after)):
        return facet, action
    return "format-hint", Action.ADDED if was is ABSENT else Action.REMOVED if now is ABSENT else Action.REPLACED


def _fits_int32(view: View) -> bool:
    bounds = [view.values[keyword][0][0] for keyword in ("minimum", "maximum") if keyword in view.values]
    return len(bounds) == 2 and bounds[0] >= -(2**31) and bounds[1] < 2**31
