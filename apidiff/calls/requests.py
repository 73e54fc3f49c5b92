"""A change of what callers send, as calls: the old one is valid in the base and not, for a break, in the revision."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from apidiff.calls.check import refusal
from apidiff.calls.make import Draft, Key, Maker, Wish
from apidiff.calls.place import Spot
from apidiff.calls.value import Exchange, Outcome, Sample
from apidiff.schema import Place
from apidiff.schema.samples import by_limits
from apidiff.schema.wholes import at, find, put, swap
from apidiff.spec import Operation, media_key
from apidiff.words.changes import Change
from apidiff.words.facts import ABSENT

_MOST: Final = 60
"""So many values are tried at a place."""
_LONGEST: Final = 120
"""A value that is longer shows nothing to a reader."""
Makers = tuple[Maker, Maker]
Ends = tuple[Operation, Operation]


def requests(makers: Makers, ends: Ends, change: Change, spot: Spot) -> Sample:
    """The change at one of its places."""
    said = makers[0].credentials(ends[0])
    olds = [one for one in _olds(makers, ends, change, spot) if refusal(makers[0], ends[0], one, said) is None]
    if not olds:
        return Sample(
            spot.operation, None, None, Outcome.UNSEEN, "no call could be made from the specification that shows it"
        )
    told = [(one, refusal(makers[1], ends[1], one, said)) for one in olds[:_MOST]]
    old, why = next((one for one in told if one[1] is not None), told[0])
    new = _new(makers, ends, change, spot, old)
    outcome = why or (Outcome.IGNORED if _is_dropped(makers, ends, change, spot, old) else Outcome.UNSEEN)
    before = Exchange(makers[0].call(ends[0], old), marked=_marks(spot, old, spot.path))
    after = None if new is None else Exchange(makers[1].call(ends[1], new), marked=_marks(spot, new, spot.path))
    missing = "" if after else "no call could be made from the specification that the new version allows"
    early = new is not None and refusal(makers[0], ends[0], new, makers[1].credentials(ends[1])) is None
    return Sample(spot.operation, before, after, outcome, missing, early)


def _marks(spot: Spot, draft: Draft, path: str) -> tuple[Any, ...]:
    found = find(draft.body, path) if spot.part == "request" and draft.body is not ABSENT and path else None
    return (found,) if found else ()


def _is_dropped(makers: Makers, ends: Ends, change: Change, spot: Spot, old: Draft) -> bool:
    """Whether the revision takes the old call without looking at what changed."""
    if spot.key is not None and not spot.path:
        return spot.key in old.parameters and spot.key not in ends[1].parameters
    if (spot.part == "request" and spot.path and "removed" in change.rule) or "no-longer" in change.rule:
        return lead(makers[1], _root(makers[1], ends[1], spot), spot.path) is None
    return False


def _olds(makers: Makers, ends: Ends, change: Change, spot: Spot) -> Iterator[Draft]:
    """Old calls, likeliest first."""
    maker, operation = makers[0], ends[0]
    led = maker.draft(operation, spot.wish(spot.path))
    plain = maker.draft(operation, Wish(body=spot.part == "request" and change.subject != "request body"))
    if change.subject == "request body":
        yield from (plain, led)
        return
    if change.subject == "media type":
        yield replace(led, media=change.name) if media_key(led.media) != media_key(change.name) else led
    for value in _values(makers, ends, change, spot):
        if (made := with_value(led, spot, value)) is not None:
            yield made
    yield led
    if spot.path and spot.part == "request" and (where := find(led.body, spot.path)):
        yield replace(led, body=put(led.body, where, ABSENT))
    if spot.key is not None and not spot.path:
        yield led.without(spot.key)
    yield plain


def with_value(draft: Draft, spot: Spot, value: Any) -> Draft | None:
    """The draft with another value at a place, None where it has no such place."""
    key = spot.key
    held = draft.body if key is None else draft.parameters.get(key, ABSENT)
    if held is ABSENT:
        return None
    where = find(held, spot.path)
    if where is None:
        return None
    made = put(held, where, value)
    return replace(draft, body=made) if key is None else draft.with_value(key, made)


def _root(maker: Maker, operation: Operation, spot: Spot) -> Place | None:
    """The schema that a path starts from."""
    if spot.key is not None:
        parameter = operation.parameters.get(spot.key)
        return parameter.schema if parameter else None
    if operation.body is None or not operation.body.media:
        return None
    return maker.media(operation.body.media, spot.media).schema


def lead(maker: Maker, place: Place | None, path: str) -> Place | None:
    """The schema that a path leads to, None where it leads nowhere."""
    return place if place is None or not path else maker.asking.lead(place, path)


def _values(makers: Makers, ends: Ends, change: Change, spot: Spot) -> Iterator[Any]:
    """Values of a place that the change may refuse: those that it names, then those around the limits."""
    if change.subject == "parameter" or (change.subject == "property" and "requir" not in change.rule):
        return
    places = [lead(maker, _root(maker, end, spot), spot.path) for maker, end in zip(makers, ends, strict=True)]
    if places[0] is None or places[1] is None:
        return
    views = [maker.reader.view(*maker.side.deref(*one)) for maker, one in zip(makers, places, strict=True) if one]
    giver, taker = views
    for value in (giver.enum or {}).values():
        if taker.enum is not None and str(value[0]) in change.exposure.values:
            yield value[0]
    named = change.before if isinstance(change.before, list) else [change.before]
    yield from (one for one in named if isinstance(one, str | int | float) and not isinstance(one, bool))
    if change.witness is not None and not isinstance(change.witness.value, str | None):
        yield change.witness.value
    whole = makers[0].asking.value(giver)
    if giver.null and not taker.null:
        yield None
    for value in by_limits(giver, taker, whole, makers[0].asking):
        if not isinstance(value, str | list) or len(value) <= _LONGEST:
            yield value


# the new call ---------------------------------------------------------------------------------------------------------


def _new(makers: Makers, ends: Ends, change: Change, spot: Spot, old: Draft) -> Draft | None:
    """The old call as the revision takes it: what changed is as the revision has it, the rest stays."""
    maker, operation = makers[1], ends[1]
    said = maker.credentials(operation)
    for draft in _news(maker, operation, change, spot, old):
        if refusal(maker, operation, draft, said) is None:
            return draft
    return None


def _news(maker: Maker, operation: Operation, change: Change, spot: Spot, old: Draft) -> Iterator[Draft]:
    names = new_names(change)
    path = spot.path if not names else f"{spot.holder}.{names[0]}".lstrip(".")
    renamed: Key | None = (str(change.after), spot.name) if change.rule == "parameter-moved" else None
    if names and spot.key is not None and not spot.path:
        renamed, path = (spot.part, names[0]), ""
    wish = spot.wish(path) if renamed is None else Wish(renamed)
    fresh = maker.draft(operation, wish)
    kept = {key: value for key, value in old.parameters.items() if key in operation.parameters and key != spot.key}
    changed = {key: fresh.parameters[key] for key in (spot.key, renamed) if key is not None and key in fresh.parameters}
    parameters = {**fresh.parameters, **kept, **changed}
    if isinstance(change.after, int | float) and not isinstance(change.after, bool):  # the new limit itself
        at_limit = with_value(old, spot, change.after)
        yield from [at_limit] if at_limit is not None else []
    yield replace(old, parameters={**fresh.parameters, **kept, **_same(old, spot)})
    if spot.part == "request" and old.body is not ABSENT:
        for body in _bodies(maker, operation, spot, names, (old.body, fresh.body)):
            yield Draft(parameters, fresh.media if change.subject == "media type" else old.media, body)
    yield replace(old, parameters=parameters)
    yield replace(fresh, parameters=parameters)
    yield fresh
    yield maker.draft(operation, Wish())


def _same(old: Draft, spot: Spot) -> dict[Key, Any]:
    """The parameter itself, where only a field of it or something else changed."""
    key = spot.key
    return {key: old.parameters[key]} if key is not None and key in old.parameters and spot.path else {}


def _bodies(
    maker: Maker, operation: Operation, spot: Spot, names: tuple[str, ...], bodies: tuple[Any, Any]
) -> Iterator[Any]:
    """The old body with what the new one has at the place, or with nothing there."""
    old, fresh = bodies
    where = find(old, spot.path)
    held = find(old, spot.holder) if spot.path else None
    if names and held is not None:
        new = {}
        for name in names:
            path = f"{spot.holder}.{name}".lstrip(".")
            led = maker.draft(operation, spot.wish(path)).body
            if (found := find(led, path)) is not None:
                new[name] = at(led, found)
        yield swap(old, where or (*held, names[0]), new)
    there = find(fresh, spot.path) if fresh is not ABSENT else None
    if there is not None and (where is not None or held is not None):
        yield put(old, where or (*(held or ()), *there[-1:]), at(fresh, there))
    if where:
        yield put(old, where, ABSENT)


def new_names(change: Change) -> tuple[str, ...]:
    """What a thing is called now, where it has other names."""
    if not change.renamed_to or change.rule.startswith(("operation", "path")):
        return ()
    if isinstance(change.after, list | tuple):
        return tuple(map(str, change.after))
    return (change.renamed_to,)
