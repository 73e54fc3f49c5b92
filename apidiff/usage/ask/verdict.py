"""What the log shows of one owner and one change: the evidence, and the sentence that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from apidiff.usage.ask.asking import Asking
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Use, together
from apidiff.usage.ask.uses import Uses
from apidiff.usage.cube.value import EPOCH, MICROSECONDS_A_DAY, NEVER, instant
from apidiff.usage.evidence import Evidence, Impact
from apidiff.words.changes import Change, Exposed


@dataclass(frozen=True, slots=True)
class Reach:
    """What one owner does on the routes that a set of operations has."""

    routes: tuple[int, ...]
    use: Use
    operations: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    what: str
    last_day: str
    longest_gap: int


def reach_of(item: Asking, mine: Mapping[int, Use], found: Uses) -> Reach | None:
    """What an owner does where a change asks; None where it never called there, or too seldom for the thresholds."""
    routes = tuple(sorted(item.routes & mine.keys()))
    if not routes:
        return None
    use = together(mine[route] for route in routes)
    if _is_below(use, found, routes):
        return None
    operations = tuple(sorted({name for route in routes for name in item.names[route]}))
    last_day = _day(use.last_success_day) if use.successes else ""
    gap = use.longest_gap(found.options.look_back_days)
    return Reach(routes, use, operations, instant(use.first), instant(use.last), _what(use), last_day, gap)


def impact_of(
    item: Asking,
    reach: Reach,
    *,
    owner: int,
    integrator: str,
    found: Uses,
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
) -> Impact | None:
    """What a change does to one owner on the routes that it reaches; None where the log shows no exposure."""
    verdict = _judged(item, reach, _seen(item, owner, reach.routes, sights), found)
    if verdict is None:
        return None
    use, (evidence, seen, hint) = reach.use, verdict
    return Impact(
        integrator=integrator,
        change=item.change.id,
        evidence=evidence,
        operations=reach.operations,
        logical_successes=use.successes,
        attempts=use.attempts,
        active_days=use.active_days,
        first_seen=reach.first_seen,
        last_seen=reach.last_seen,
        seen=seen,
        raise_with=hint,
        longest_gap_days=reach.longest_gap,
    )


def _is_below(use: Use, found: Uses, routes: Sequence[int]) -> bool:
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
    """How many successes showed the thing that breaks, and the last of them."""

    hits: int
    last: int


def _seen(
    item: Asking, owner: int, routes: Sequence[int], sights: Mapping[Question, Mapping[tuple[int, int], Sight]]
) -> _Seen | None:
    """What the log's own column shows, None where it has none; of several names left out the one most often."""
    if not item.is_logged or not item.questions:
        return None
    best = _Seen(0, NEVER)
    for question in item.questions:
        total = sum((sights[question].get((owner, route), Sight()) for route in routes), Sight())
        hit = (
            _Seen(total.without, total.last_without)
            if item.asks_what_was_left_out
            else _Seen(total.with_it, total.last_with)
        )
        best = max(best, hit, key=lambda seen: (seen.hits, seen.last))
    return best


def _judged(item: Asking, reach: Reach, seen: _Seen | None, found: Uses) -> tuple[Evidence, str, str] | None:
    """The evidence, a sentence on what was seen, and what would raise it; None where the log shows no exposure."""
    use, what, last, sure = reach.use, reach.what, reach.use.last_success_day, item.is_sure
    if use.successes == 0:
        return Evidence.POSSIBLE, what, item.hint
    if seen is not None:
        if seen.hits == 0:
            return None
        last, sure = seen.last // MICROSECONDS_A_DAY, not item.change.exposure.is_vague
        what = f"{_thing(item.change)} in {seen.hits:,} of {what}"
    sentence = f"{what}, last on {reach.last_day if last == use.last_success_day else _day(last)}"
    if last < found.recent_from:
        return Evidence.POSSIBLE, f"{sentence}: before the last {found.options.recent_days} days of the log", item.hint
    if sure:
        return Evidence.CONFIRMED, sentence, ""
    return Evidence.PROBABLE, f"{sentence}; the log can't show {item.hidden}", item.hint


def _what(use: Use) -> str:
    """What an owner did, as the beginning of a sentence; all of it where nothing succeeded."""
    if use.successes == 0:
        calls = f"{use.attempts:,} {_plural('attempt', use.attempts)}"
        return f"{calls}, none successful, last on {_day(use.last // MICROSECONDS_A_DAY)}"
    days = _plural("day", use.active_days)
    return f"{use.successes:,} successful {_plural('call', use.successes)} on {use.active_days} {days}"


def _thing(change: Change) -> str:
    names = ", ".join(f"`{name}`" for name in change.exposure.names)
    match change.exposure.kind:
        case Exposed.LEFT_OUT_PARAMETER | Exposed.LEFT_OUT_FIELD:
            return f"left out {names}"
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
