"""A change of what callers receive, as calls: the call that gets it, both answers, and what code reads of them."""

from collections.abc import Iterator
from typing import Any, Final

from apidiff.calls.check import refusal
from apidiff.calls.make import Maker, Wish
from apidiff.calls.place import Spot
from apidiff.calls.requests import Ends, Makers, new_names
from apidiff.calls.value import Exchange, Outcome, Read, Sample
from apidiff.schema import Place
from apidiff.schema.facets import type_of
from apidiff.schema.wholes import Path, at, find, put, swap
from apidiff.spec import Media, Operation, Response
from apidiff.words.changes import Change
from apidiff.words.direction import RESPONSE
from apidiff.words.facts import ABSENT

_LONGEST: Final = 200
_OF_TYPE: Final = ("type", "null")


def answers(makers: Makers, ends: Ends, change: Change, spot: Spot) -> Sample:
    """The change at one of its places."""
    calls = []
    for maker, end in zip(makers, ends, strict=True):
        draft = maker.draft(end, Wish())
        is_taken = refusal(maker, end, draft, maker.credentials(end)) is None
        calls.append(maker.call(end, draft) if is_taken else None)
    if calls[0] is None or calls[1] is None:
        return Sample(spot.operation, None, None, Outcome.UNSEEN, "no call could be made that both versions allow")
    if spot.status[:1] not in ("2", "d"):
        why = "it is in the answer to a call that fails, which no call that both versions allow gets"
        return Sample(spot.operation, Exchange(calls[0]), Exchange(calls[1]), Outcome.UNSEEN, why)
    got = _answer(makers[0], ends[0], spot, spot.path)
    if got is None or change.subject not in ("property", "schema") or (spot.path and find(got[1], spot.path) is None):
        return Sample(
            spot.operation, Exchange(calls[0]), Exchange(calls[1]), Outcome.UNSEEN, _why(change),
        )  # fmt: skip
    status, old, place = got
    names = new_names(change)
    new, where = _new(makers[1], ends[1], change, (spot, names), (makers[0], place, old))
    if new is ABSENT:
        return Sample(
            spot.operation, Exchange(calls[0]), Exchange(calls[1]), Outcome.UNSEEN,
            "no answer of the new version could be made from its specification",
        )  # fmt: skip
    before = find(old, spot.path)
    assert before is not None
    outcome = _outcome(makers[0], place, (old, new), spot)
    kind = type_of(at(old, before)) if any(word in change.rule for word in _OF_TYPE) else ""
    reads = (Read(before, kind),) if before else ()
    return Sample(
        spot.operation,
        Exchange(calls[0], status, answer=old, reads=reads, marked=(before,) if before else ()),
        Exchange(calls[1], status, answer=new, reads=tuple(Read(one) for one in where), marked=where),
        outcome,
    )


def _why(change: Change) -> str:
    if change.subject in ("response", "media type", "header"):
        return f"what comes back has another {change.subject}; the call stays the same"
    return "no answer could be made from the specification that shows it"


def _media(operation: Operation, spot: Spot) -> tuple[Response, Media] | None:
    response = operation.responses.get(spot.status)
    if response is None or not response.media:
        return None
    found = next((one for one in response.media.values() if one.name == spot.media), None)
    media = found or next(iter(response.media.values()))
    return (response, media) if "json" in media.name or "*" in media.name else None


def _answer(maker: Maker, operation: Operation, spot: Spot, path: str) -> tuple[str, Any, Place] | None:
    """A valid answer with what the path leads to in it: its status, its body and the schema of it."""
    found = _media(operation, spot)
    if found is None or found[1].schema is None:
        return None
    body = maker.content(found[1], path, RESPONSE)
    if not maker.allows(found[1].schema, body, RESPONSE):
        return None
    status = spot.status if spot.status.isdecimal() else "200"
    return status, body, found[1].schema


def _outcome(maker: Maker, place: Place, bodies: tuple[Any, Any], spot: Spot) -> Outcome:
    """Whether the new answer is another one than the base may send, or lacks what code reads."""
    _, new = bodies
    if not maker.allows(place, new, RESPONSE) or (spot.path and find(new, spot.path) is None):
        return Outcome.OTHER_ANSWER
    return Outcome.UNSEEN


def _new(
    maker: Maker,
    operation: Operation,
    change: Change,
    named: tuple[Spot, tuple[str, ...]],
    was: tuple[Maker, Place, Any],
) -> tuple[Any, tuple[Path, ...]]:
    """The answer of the revision: valid there, and where it can be, one that the base never sent."""
    spot, names = named
    former, place, old = was
    paths = [f"{spot.holder}.{name}".lstrip(".") for name in names] or [spot.path]
    made: list[Any] = []
    for body in _bodies(maker, operation, change, (spot, paths), old):
        found = _media(operation, spot)
        if found and found[1].schema and maker.allows(found[1].schema, body, RESPONSE):
            made.append(body)
            is_other = not former.allows(place, body, RESPONSE) or find(body, spot.path) is None
            if is_other:
                break
    if not made:
        return ABSENT, ()
    body = made[-1]
    return body, tuple(where for path in paths if (where := find(body, path)))


def _bodies(maker: Maker, operation: Operation, change: Change, to: tuple[Spot, list[str]], old: Any) -> Iterator[Any]:
    spot, paths = to
    where = find(old, spot.path) or ()
    led = [got for path in paths if (got := _answer(maker, operation, spot, path))]
    if paths != [spot.path]:
        found = ((got[1], find(got[1], path)) for path, got in zip(paths, led, strict=False))
        yield swap(old, where, {str(new[-1]): at(body, new) for body, new in found if new})
    elif change.subject == "schema":
        value = change.witness.value if change.witness else None
        if change.witness is not None and _is_short(value):
            yield put(old, where, value)
        for got in led:
            if (new := find(got[1], spot.path)) is not None:
                yield put(old, where, at(got[1], new))
    if where:
        yield put(old, where, ABSENT)
    yield from (got[1] for got in led)
    plain = _answer(maker, operation, spot, "")
    if plain is not None:
        yield plain[1]


def _is_short(value: Any) -> bool:
    return len(str(value)) <= _LONGEST
