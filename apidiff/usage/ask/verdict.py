"""What the log shows of one owner and one change: the evidence, and the sentence that says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
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


@dataclass(frozen=True)
class Reach:
    """What one owner does on the routes that a set of operations has, and how it is said.

    `recent_from` is the first day that counts as recent. What only sentences need is worked out when they do.
    """

    reached: Reached
    routes: tuple[int, ...]
    use: Use
    longest_gap: int
    recent_from: int

    @property
    def last_seen(self) -> datetime | None:
        """When it last called."""
        return instant(self.use.last)

    @cached_property
    def operations(self) -> tuple[OperationId, ...]:
        """Those of the operations that it calls."""
        return tuple(sorted({name for route in self.routes for name in self.reached.names[route]}))

    @cached_property
    def what(self) -> str:
        """What it did, as the beginning of a sentence; all of it where nothing succeeded."""
        use = self.use
        if use.successes == 0:
            calls = f"{use.attempts:,} {_plural('attempt', use.attempts)}"
            return f"{calls}, none successful, last on {_day(use.last // MICROSECONDS_A_DAY)}"
        days = _plural("day", use.active_days)
        return f"{use.successes:,} successful {_plural('call', use.successes)} on {use.active_days} {days}"

    @cached_property
    def last(self) -> str:
        """The same with its last day, where it is known."""
        return f"{self.what}, last on {_day(self.use.last_success_day)}" if self.use.successes else self.what


def reach_of(reached: Reached, mine: Mapping[int, Use], found: Window) -> Reach | None:
    """What an owner does where changes ask; None where it never called there, or too seldom for the thresholds."""
    routes = tuple(sorted(reached.routes & mine.keys()))
    if not routes:
        return None
    use = mine[routes[0]] if len(routes) == 1 else together(mine[route] for route in routes)
    return reach_by(reached, routes, use, found)


def reach_by(reached: Reached, routes: tuple[int, ...], use: Use, found: Window) -> Reach | None:
    """What an owner does whose use of the routes is known; None where it is under the thresholds."""
    if _is_below(use, found, routes):
        return None
    gap = use.longest_gap(found.options.look_back_days)
    recent_from = found.recent_from
    if use.active_days > 1:
        # a job that comes back every month or quarter is no older than its last run but one
        recent_from = min(recent_from, found.last_day - gap * 3 // 2)
    return Reach(reached, routes, use, gap, recent_from)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the log shows of one owner and one change.

    `hits` successes showed the thing that breaks, the last of them on `day` (since 1970), where there is one to see;
    they ask for it by name (`asks`), or hold it. One that `is_old` is from before the recent days.
    """

    evidence: Evidence
    hits: int = 0
    day: int = NEVER
    asks: bool = False
    is_old: bool = False


_NOTHING = Wanted()


def finding_of(
    item: Asking, reach: Reach, *, owner: int, sights: Mapping[Question, Mapping[tuple[int, int], Sight]]
) -> Finding | None:
    """What the log shows of a change and one owner on the routes that it reaches; None where that is no exposure."""
    wanted = wanted_of(item.fieldset, owner, reach.routes, sights) if item.fieldset else _NOTHING
    if reach.use.successes == 0:
        # what never showed the thing, failing or not, is not hit by it
        is_spared = bool(item.questions) and not _seen(item, owner, reach.routes, sights).failed
        return None if is_spared else Finding(Evidence.POSSIBLE)
    if wanted.hits:
        return _judged(reach, is_sure=True, hits=wanted.hits, last=wanted.last, asks=True)
    if wanted.spared >= reach.use.successes:
        # every call of it named other fields alone
        return None
    if not item.questions:
        return _judged(reach, is_sure=item.is_sure)
    shown = _seen(item, owner, reach.routes, sights)
    if shown.hits == 0:
        return None
    return _judged(reach, is_sure=not item.change.exposure.is_vague, hits=shown.hits, last=shown.last)


def _judged(reach: Reach, *, is_sure: bool, hits: int = 0, last: int = NEVER, asks: bool = False) -> Finding:
    """The evidence of calls that succeed: all of them, or the `hits` that show the thing."""
    day = last // MICROSECONDS_A_DAY if hits else reach.use.last_success_day
    is_old = day < reach.recent_from
    evidence = Evidence.POSSIBLE if is_old else Evidence.CONFIRMED if is_sure else Evidence.PROBABLE
    return Finding(evidence, hits, day, asks, is_old)


def impact_of(
    item: Asking,
    reach: Reach,
    *,
    owner: int,
    integrator: str,
    found: Window,
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
) -> Impact | None:
    """What a change does to one owner, with the sentence that says it; None where the log shows no exposure."""
    finding = finding_of(item, reach, owner=owner, sights=sights)
    if finding is None:
        return None
    evidence = finding.evidence
    return Impact(
        integrator=integrator,
        changes=(item.change.id,),
        evidence=evidence,
        operations=reach.operations,
        logical_successes=reach.use.successes,
        attempts=reach.use.attempts,
        active_days=reach.use.active_days,
        first_seen=instant(reach.use.first),
        last_seen=reach.last_seen,
        seen=_sentence(finding, item, reach, found),
        hidden={item.change.id: item.hidden} if evidence is Evidence.PROBABLE else {},
        raise_with="" if evidence is Evidence.CONFIRMED else item.hint,
        longest_gap_days=reach.longest_gap,
    )


def _sentence(finding: Finding, item: Asking, reach: Reach, found: Window) -> str:
    said = reach.last
    if finding.hits:
        thing = f"asked for {_names(item.change)}" if finding.asks else _thing(item.change)
        said = f"{thing} in {finding.hits:,} of {reach.what}, last on {_day(finding.day)}"
    return f"{said}: before the last {found.options.recent_days} days of the log" if finding.is_old else said


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
