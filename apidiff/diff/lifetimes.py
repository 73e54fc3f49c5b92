"""Compares how long a thing is said to live: whether it is deprecated, and by when it goes.

The same of operations, parameters, headers and schemas. A sunset is a date in an extension; of several that are in use
the first speaks, and the others are compared as what they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.spec import SUNSET_EXTENSIONS, sunset_of
from apidiff.words.direction import BOTH
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

Said = tuple[Any, Pointer] | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What one side says: that the thing is deprecated, and its extensions about a sunset by their names."""

    deprecated: Said
    extensions: Mapping[str, tuple[Any, Pointer]]

    @property
    def sunset(self) -> Said:
        """The date as the spec writes it."""
        return sunset_of(self.extensions)

    @property
    def flags(self) -> dict[str, Any]:
        """What the rules may ask of a thing that goes, as had been announced or not."""
        sunset = self.sunset
        return {"deprecated": self.deprecated is not None, "sunset": str(sunset[0]) if sunset else ""}


NOTHING: Final = Lifetime(None, {})
SAID: Final = frozenset({"deprecated", *SUNSET_EXTENSIONS})


def lifetime_of(node: Any, at: Pointer) -> Lifetime:
    """What an object says that is no schema."""
    if not isinstance(node, dict):
        return NOTHING
    if SAID.isdisjoint(node):
        return NOTHING
    deprecated = (True, at.child("deprecated")) if node.get("deprecated") is True else None
    return Lifetime(deprecated, {key: (node[key], at.child(key)) for key in SUNSET_EXTENSIONS if key in node})


def compare_lifetimes(
    walk: Walk,
    pair: int,
    subject: Subject,
    base: Lifetime,
    revision: Lifetime,
    *,
    name: str | None = None,
    mask: int = BOTH,
    unsaid: Any = ABSENT,
) -> None:
    """Deprecation and sunset; `unsaid` is what a side without `deprecated` says instead."""
    if base is revision:  # nothing, mostly
        return
    was, now = base.sunset, revision.sunset
    ends = base.deprecated, revision.deprecated
    if bool(ends[0]) != bool(ends[1]):
        walk.fact(
            pair,
            subject,
            "deprecated",
            Action.REMOVED if ends[0] else Action.ADDED,
            ends[0] and ends[0][1],
            ends[1] and ends[1][1],
            before=ends[0][0] if ends[0] else unsaid,
            after=ends[1][0] if ends[1] else unsaid,
            name=name,
            mask=mask,
            has_sunset=now is not None,
            sunset_invalid=now is not None and read_date(now[0]) is None,
            sunset=str(now[0]) if now else "",
        )
    if ends[0] and not ends[1] and was is not None and now is None:
        walk.claims[0].add(was[1])  # the promise is bettered: the thing stays
    elif was != now and str(was and was[0]) != str(now and now[0]):
        _state_sunset(walk, pair, subject, was, now, name=name, mask=mask)
    said = [
        {key: (_undated(end[0]), end[1]) for key in SUNSET_EXTENSIONS if (end := side.extensions.get(key))}
        for side in (base, revision)
    ]
    compare_unheard(walk, pair, subject, said, (was, now), keys=SUNSET_EXTENSIONS, name=name, mask=mask)


def _state_sunset(
    walk: Walk, pair: int, subject: Subject, was: Said, now: Said, *, name: str | None, mask: int
) -> None:
    dates = [read_date(end[0]) if end else None for end in (was, now)]
    if was is None or now is None:
        action = Action.ADDED if was is None else Action.REMOVED
    elif dates[0] is None or dates[1] is None:
        action = Action.REPLACED
    else:
        action = Action.TIGHTENED if dates[1] < dates[0] else Action.LOOSENED
    walk.fact(
        pair,
        subject,
        "sunset",
        action,
        was and was[1],
        now and now[1],
        before=was[0] if was else ABSENT,
        after=now[0] if now else ABSENT,
        name=name,
        mask=mask,
        invalid=now is not None and dates[1] is None,
    )


def compare_unheard(
    walk: Walk,
    pair: int,
    subject: Subject,
    said: Sequence[Mapping[str, tuple[Any, Pointer]]],
    heard: tuple[Said, Said],
    *,
    keys: Iterable[str],
    name: str | None,
    mask: int = BOTH,
) -> None:
    """The extensions of several that say one thing, which stand beside the one that was `heard` on their side."""
    for key in keys:
        ends = [None if (end := side.get(key)) is None or end[0] in (None, {}) else end for side in said]
        if any(end and end[1] != (told and told[1]) for end, told in zip(ends, heard, strict=True)):
            walk.values(pair, subject, "extension", ends[0], ends[1], item=key, name=name, mask=mask)


def _undated(value: Any) -> Any:
    """An extension without the date that is a fact of its own."""
    return {key: inner for key, inner in value.items() if key != "removalDate"} if isinstance(value, dict) else value


def read_date(value: Any) -> date | None:
    """The day of an RFC 3339 date or date-time, None where it is neither."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
