"""What the log shows of one owner and one change: the evidence, and the sentence that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from apidiff.usage.ask.asking import Asking, Reached
from apidiff.usage.ask.fieldset import Wanted, wanted_of
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Use, together
from apidiff.usage.cube.value import EPOCH, MICROSECONDS_A_DAY, NEVER, instant
from apidiff.usage.evidence import Evidence, Impact
from apidiff.usage.options import Options
from apidiff.words.changes import Change, Exposed
from apidiff.words.operation import OperationId


class Window(Protocol):
    """The days that were looked at: which are recent, and what all accounts together did on each route."""

    @property
    def options(self) -> Options:
        """What the user said of thresholds and days."""

    @property
    def totals(self) -> Mapping[int, int]:
        """Logical successes by route."""

    @property
    def last_day(self) -> int:
        """The last day, counted from 1970."""

    @property
    def recent_from(self) -> int:
        """The first recent day."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one owner does on the routes that a set of operations has, and how it is said.

    `last` says it with its last day, where it is known; `is_recent` is of that day; `recent_from` the first recent one.
    """

    routes: tuple[int, ...]
    use: Use
    operations: tuple[OperationId, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    active_days: int
    longest_gap: int
    what: str
    last: str
    recent_from: int
    is_recent: bool


def reach_of(reached: Reached, mine: Mapping[int, Use], found: Window) -> Reach | None:
    """What an owner does where changes ask; None where it never called there, or too seldom for the thresholds."""
    routes = tuple(sorted(reached.routes & mine.keys()))
    if not routes:
        return None
    use = mine[routes[0]] if len(routes) == 1 else together(mine[route] for route in routes)
    if _is_below(use, found, routes):
        return None
    what = _what(use)
    gap = use.longest_gap(found.options.look_back_days)
    recent_from = found.recent_from
    if use.active_days > 1:
        # a job that comes back every month or quarter is no older than its last run but one
        recent_from = min(recent_from, found.last_day - gap * 3 // 2)
    return Reach(
        routes=routes,
        use=use,
        operations=tuple(sorted({name for route in routes for name in reached.names[route]})),
        first_seen=instant(use.first),
        last_seen=instant(use.last),
        active_days=use.active_days,
        longest_gap=gap,
        what=what,
        last=f"{what}, last on {_day(use.last_success_day)}" if use.successes else what,
        recent_from=recent_from,
        is_recent=use.last_success_day >= recent_from,
    )


_NOTHING = Wanted()


def impact_of(
    item: Asking,
    reach: Reach,
    *,
    owner: int,
    integrator: str,
    found: Window,
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
) -> Impact | None:
    """What a change does to one owner on the routes that it reaches; None where the log shows no exposure."""
    use = reach.use
    wanted = wanted_of(item.fieldset, owner, reach.routes, sights) if item.fieldset else _NOTHING
    if use.successes == 0:
        # what never showed the thing, failing or not, is not hit by it
        if item.questions and not _seen(item, owner, reach.routes, sights).failed:
            return None
        evidence, seen, hint = Evidence.POSSIBLE, reach.last, item.hint
    elif wanted.hits:
        day = wanted.last // MICROSECONDS_A_DAY
        sentence = f"asked for {_names(item.change)} in {wanted.hits:,} of {reach.what}, last on {_day(day)}"
        evidence, seen, hint = _judged(item, sentence, found, is_recent=day >= reach.recent_from, is_sure=True)
    elif wanted.spared >= use.successes:
        # every call of it named other fields alone
        return None
    elif not item.questions:
        evidence, seen, hint = _judged(item, reach.last, found, is_recent=reach.is_recent, is_sure=item.is_sure)
    else:
        shown = _seen(item, owner, reach.routes, sights)
        if shown.hits == 0:
            return None
        day = shown.last // MICROSECONDS_A_DAY
        sentence = f"{_thing(item.change)} in {shown.hits:,} of {reach.what}, last on {_day(day)}"
        is_sure = not item.change.exposure.is_vague
        evidence, seen, hint = _judged(item, sentence, found, is_recent=day >= reach.recent_from, is_sure=is_sure)
    return Impact(
        integrator=integrator,
        change=item.change.id,
        evidence=evidence,
        operations=reach.operations,
        logical_successes=use.successes,
        attempts=use.attempts,
        active_days=reach.active_days,
        first_seen=reach.first_seen,
        last_seen=reach.last_seen,
        seen=seen,
        hidden=item.hidden if evidence is Evidence.PROBABLE else "",
        raise_with=hint,
        longest_gap_days=reach.longest_gap,
    )


def _is_below(use: Use, found: Window, routes: Sequence[int]) -> bool:
    """Whether a use is under the thresholds that the user set; without any, nothing is."""
    options = found.options
    if options.min_calls > 1 and use.successes < options.min_calls:
        return True
    if options.min_share > 0:
        total = sum(found.totals[route] for route in routes)
        return total == 0 or use.successes / total < options.min_share
    return False


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many successes showed the thing that breaks, the last of them, and how many failures did."""

    hits: int
    last: int
    failed: int


def _seen(
    item: Asking, owner: int, routes: Sequence[int], sights: Mapping[Question, Mapping[tuple[int, int], Sight]]
) -> _Seen:
    """What the log's own column shows; of several names left out the one most often."""
    best = _Seen(0, NEVER, 0)
    for question in item.questions:
        by_place = sights[question]
        parts = [by_place[owner, route] for route in routes if (owner, route) in by_place]
        total = sum(parts, Sight()) if parts else Sight()
        hit = (
            _Seen(total.without, total.last_without, total.failed_without)
            if item.asks_what_was_left_out
            else _Seen(total.with_it, total.last_with, total.failed_with)
        )
        best = max(best, hit, key=lambda seen: (seen.hits, seen.last, seen.failed))
    return best


def _judged(item: Asking, sentence: str, found: Window, *, is_recent: bool, is_sure: bool) -> tuple[Evidence, str, str]:
    """The evidence of calls that succeed, the sentence on what was seen, and what would raise it."""
    if not is_recent:
        return Evidence.POSSIBLE, f"{sentence}: before the last {found.options.recent_days} days of the log", item.hint
    if is_sure:
        return Evidence.CONFIRMED, sentence, ""
    return Evidence.PROBABLE, sentence, item.hint


def _what(use: Use) -> str:
    """What an owner did, as the beginning of a sentence; all of it where nothing succeeded."""
    if use.successes == 0:
        calls = f"{use.attempts:,} {_plural('attempt', use.attempts)}"
        return f"{calls}, none successful, last on {_day(use.last // MICROSECONDS_A_DAY)}"
    days = _plural("day", use.active_days)
    return f"{use.successes:,} successful {_plural('call', use.successes)} on {use.active_days} {days}"


def _names(change: Change) -> str:
    return ", ".join(f"`{name}`" for name in change.exposure.names)


def _thing(change: Change) -> str:
    names = _names(change)
    match change.exposure.kind:
        case Exposed.LEFT_OUT_PARAMETER | Exposed.LEFT_OUT_FIELD:
            return f"left out {names}"
        case Exposed.LEFT_OUT_BODY:
            return "no body"
        case Exposed.SENT_BODY:
            return "a body"
        case Exposed.SENT_VALUE if change.exposure.beyond:
            return f"sent {names} {change.exposure.beyond}"
        case Exposed.SENT_VALUE if change.exposure.values:
            return f"sent a value of {names} that stops working"
        case Exposed.RECEIVED_FIELD:
            return f"received {names}"
        case _:
            return f"sent {names}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _day(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()
