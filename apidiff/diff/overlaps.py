"""Finds out whether a `oneOf` refuses or lets through other values because its branches share other values than before.

A `oneOf` holds what meets exactly one branch (JSON Schema 2020-12 Core, 10.2.1.3), so a branch that loosened may well
take values away. Nothing but a value can prove it: small ones are tried, and a validator counts the branches that each
meets. What no value shows is not said.
"""

from collections.abc import Iterator
from itertools import islice, permutations
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import Group, Place, Reader, View
from apidiff.schema.samples import BY_TYPE, EXTRA, STRINGS, Sampler, by_limits
from apidiff.words.direction import REQUEST
from apidiff.words.facts import Action, Subject

MOST_VALUES: Final = 400
MOST_BRANCHES: Final = 12
MADE: Final = 50
"""How many values could be tried in the time that it takes to make a union's validators."""


def has_many_branches(was: Group, now: Group) -> bool:
    """Whether a union has more branches than are tried with values."""
    return max(len(was.branches), len(now.branches)) > MOST_BRANCHES


def compare_overlaps(walk: Walk, pair: int, was: Group, now: Group) -> None:
    """State that values went, or came, because more branches of a `oneOf` share them than before, or fewer."""
    ends = walk.ends.get(pair)
    if ends is None or has_many_branches(was, now):
        return
    if walk.allowed.shared.is_short or not walk.allowed.shared.takes(MADE):
        walk.cut("shared", pair, *ends)
        return
    wholes = [walk.sides.validators.of(side, ends[side], REQUEST) for side in (0, 1)]
    parts = [
        [walk.sides.validators.of(side, branch, REQUEST) for branch in group.branches]
        for side, group in ((0, was), (1, now))
    ]
    if None in wholes or None in parts[0] or None in parts[1]:
        return
    views = [
        [_view(reader, branch) for branch in group.branches]
        for reader, group in zip(walk.readers, (was, now), strict=True)
    ]
    missing = {0, 1}
    every = [[*found, reader.view(*end)] for reader, found, end in zip(walk.readers, views, ends, strict=True)]
    for value in islice(_values(walk, every), MOST_VALUES):
        if not walk.allowed.shared.takes(1):
            walk.cut("shared", pair, *ends)
            return
        try:
            holds = [whole.is_valid(value) for whole in wholes]
            met = [[index for index, part in enumerate(side) if part.is_valid(value)] for side in parts]
        except ValueError:
            continue
        for side, action in ((1, Action.TIGHTENED), (0, Action.LOOSENED)):
            is_moved = holds[1 - side] and not holds[side] and len(met[side]) > 1 == len(met[1 - side])
            if side in missing and is_moved and _is_declared(views[1 - side][met[1 - side][0]], value):
                missing.remove(side)
                walk.fact(pair, Subject.SCHEMA, "overlap", action, was.pointer, now.pointer, shown=[value])
        if not missing:
            return


def _is_declared(branch: View, value: Any) -> bool:
    """Whether a branch names all that an object has: by convention nobody sends to an open object what it does not."""
    is_open = branch.additional is True and not branch.maps
    return not isinstance(value, dict) or not is_open or value.keys() <= branch.properties.keys()


def _values(walk: Walk, schemas: list[list[View]]) -> Iterator[Any]:
    """Small values near the schemas of both sides, and those that may meet two at once."""
    views = [
        (reader, Sampler(side, reader, REQUEST), view)
        for side, reader, found in zip((walk.base, walk.revision), walk.readers, schemas, strict=True)
        for view in found
    ]
    yield from BY_TYPE.values()
    for _, sampler, view in views:
        yield sampler.value(view)
        yield from (value for value, _ in (view.enum or {}).values())
        yield from by_limits(view, view, sampler.value(view), sampler)
    for reader, sampler, view in views:
        for places in view.subschemas.get("not", ()):
            refused = _view(reader, places)
            yield from (value for value, _ in (refused.enum or {}).values())
            yield sampler.value(refused)
            yield from by_limits(refused, refused, sampler.value(refused), sampler)
    for (_, sampler, one), (_, other, two) in permutations(views, 2):
        if _is_object(one) and _is_object(two):
            yield {**other.object(two), **sampler.object(one)}
    for reader, sampler, view in views:
        if _is_object(view):
            yield from _around(reader, sampler, view)
    yield from STRINGS


def _around(reader: Reader, sampler: Sampler, view: View) -> Iterator[Any]:
    """What a branch requires, with each of its properties in turn left out, or at each of its own limits."""
    least = sampler.object(view)
    if isinstance(view.additional, tuple):
        one = _view(reader, view.additional)
        yield {**least, EXTRA: sampler.value(one)}
        yield from ({**least, EXTRA: value} for value in BY_TYPE.values())
    for name, places in view.properties.items():
        one = _view(reader, reader.both(places))
        if name in least:
            yield {key: value for key, value in least.items() if key != name}
        yield {**least, name: sampler.value(one)}
        yield from ({**least, name: value} for value, _ in (one.enum or {}).values())
        yield from ({**least, name: value} for value in by_limits(one, one, sampler.value(one), sampler))
        yield from ({**least, name: value} for value in BY_TYPE.values())


def _view(reader: Reader, place: Place) -> View:
    return reader.view(*reader.side.deref(*place))


def _is_object(view: View) -> bool:
    return view.types is None or "object" in view.types
