"""The answer for each change: used, not seen in complete logs, or unknown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from apidiff.usage.ask.asking import matters
from apidiff.usage.evidence import Coverage, Evidence, Exposures
from apidiff.usage.money import Band, band
from apidiff.usage.trust import silences
from apidiff.words.affected import Affected, Answer, Seen
from apidiff.words.amount import counted
from apidiff.words.changes import Change, Exposed

_BY_HAND: Final = "no access log shows who has a callback or a webhook: ask"
_WAIVED: Final = "it is waived: nobody was looked for"
_NAMED: Final = 5


class Met:
    """The accounts that a change meets, added up one after the other; of `unsure` more it can't be told."""

    def __init__(self) -> None:
        self.by_evidence = dict.fromkeys(Evidence, 0)
        self.last: datetime | None = None
        self.revenue: Band = (0, 0)
        self.unpriced = 0
        self.unsure = 0
        self._named: list[tuple[int, str]] = []

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that pay the most, as far as they were given."""
        return tuple(name for _, name in sorted(self._named)[:_NAMED])

    def add(self, evidence: Evidence, last: datetime | None, revenue: Band | None, name: str = "") -> None:
        """One more: the evidence, when it was last seen, the band of what it pays, and its name where that may show."""
        self.by_evidence[evidence] += 1
        if last is not None and (self.last is None or last > self.last):
            self.last = last
        low, high = revenue or (0, 0)
        self.revenue = self.revenue[0] + low, self.revenue[1] + high
        self.unpriced += revenue is None
        if name:
            self._named.append((-high, name))


@dataclass(slots=True)
class Told:
    """Whom the changes meet; accounts that are left out are not among them.

    `lost` names the changes that reach an operation of which nothing was counted.
    """

    meetings: dict[str, Met] = field(default_factory=dict)
    hit: int = 0
    unclaimed: int = 0
    revenue: Band = (0, 0)
    lost: frozenset[str] = frozenset()

    def count(self, revenue: Band | None, *, is_unclaimed: bool) -> None:
        """One account more that meets any change."""
        self.unclaimed += is_unclaimed
        self.hit += not is_unclaimed
        low, high = revenue or (0, 0)
        self.revenue = self.revenue[0] + low, self.revenue[1] + high


def told_of(exposures: Exposures) -> Told:
    """Whom changes meet by logs that were read."""
    told = Told()
    known = {}
    for activity in exposures.activities:
        if not activity.account.excluded:
            revenue = known[activity.account.integrator] = band(activity.account.revenue)
            told.count(revenue, is_unclaimed=activity.unknown or activity.account.is_out_of_reach)
    for impact in exposures.impacts:
        if impact.integrator in known:
            for change in impact.changes:
                met = told.meetings.setdefault(change, Met())
                met.add(impact.evidence, impact.last_seen, known[impact.integrator])
    return told


def seen_of(coverage: Coverage, told: Told, *, kind: str, look_back_days: int, today: date | None) -> Seen:
    """What the answers rest on, and whom the changes meet all together."""
    return Seen(
        kind=kind,
        first=coverage.first.date().isoformat() if coverage.first else "",
        last=coverage.last.date().isoformat() if coverage.last else "",
        days=coverage.days_with_data,
        look_back_days=look_back_days,
        keys=coverage.keys,
        gaps=silences(coverage, look_back_days, today),
        hit=told.hit,
        unclaimed=told.unclaimed,
        revenue=told.revenue,
    )


def answers_of(changes: Iterable[Change], told: Told, seen: Seen) -> Mapping[str, Affected]:
    """The answer for each change, by its id; what endangers nobody meets nobody."""
    return {change.id: _answer(change, told, seen) for change in changes}


def _answer(change: Change, told: Told, seen: Seen) -> Affected:
    met = told.meetings.get(change.id) or Met()
    is_used = any(met.by_evidence.values())
    gap = _gap(change, told, met.unsure)
    why = gap if is_used else (gap or _silence(change, seen)) if matters(change) else _WAIVED if change.waiver else ""
    return Affected(
        answer=Answer.USED if is_used else Answer.UNKNOWN if why else Answer.UNUSED,
        confirmed=met.by_evidence[Evidence.CONFIRMED],
        probable=met.by_evidence[Evidence.PROBABLE],
        possible=met.by_evidence[Evidence.POSSIBLE],
        last_seen=met.last.date().isoformat() if met.last else "",
        revenue=met.revenue,
        unpriced=met.unpriced,
        unsure=met.unsure,
        why=why,
        names=met.names,
    )


def _gap(change: Change, told: Told, unsure: int) -> str:
    """What of a change the snapshot does not hold, "" where it holds all."""
    if change.id in told.lost:
        return "the snapshot is of a spec without some of these operations: make it anew"
    return f"the snapshot can't tell of {counted(unsure, 'account')}" if unsure else ""


def _silence(change: Change, seen: Seen) -> str:
    """Why it proves nothing that nobody was seen, "" where it does."""
    if change.exposure.kind is Exposed.RECEIVED_CALLBACK or any(name.is_webhook for name in change.operations):
        return _BY_HAND
    return seen.gaps[0] if seen.gaps else ""
