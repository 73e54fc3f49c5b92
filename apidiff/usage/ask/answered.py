"""The answer for each change: used, not seen in complete logs, or unknown."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Final

from apidiff.usage.ask.asking import matters
from apidiff.usage.evidence import Coverage, Evidence, Exposures
from apidiff.usage.money import Band, band
from apidiff.usage.trust import silences
from apidiff.words.affected import Affected, Answer, Seen
from apidiff.words.changes import Change, Exposed

_BY_HAND: Final = "no access log shows who has a callback or a webhook: ask"

_WAIVED: Final = "it is waived: nobody was looked for"


class Met:
    """The accounts that a change meets, added up one after the other; none of them is told apart."""

    def __init__(self) -> None:
        self.by_evidence = dict.fromkeys(Evidence, 0)
        self.last: datetime | None = None
        self.revenue: Band = (0, 0)
        self.unpriced = 0

    def add(self, evidence: Evidence, last: datetime | None, revenue: Band | None) -> None:
        """One more: the evidence, when it was last seen, and the band of what it pays."""
        self.by_evidence[evidence] += 1
        if last is not None and (self.last is None or last > self.last):
            self.last = last
        if revenue is None:
            self.unpriced += 1
        else:
            self.revenue = self.revenue[0] + revenue[0], self.revenue[1] + revenue[1]


Meetings = Mapping[str, Met]
"""Whom each change meets, by its id; accounts that are left out are not among them."""
_NOBODY: Final = Met()


def meetings_of(exposures: Exposures) -> Meetings:
    """Whom each change meets by logs that were read."""
    counting = {
        one.account.integrator: band(one.account.revenue) for one in exposures.activities if not one.account.excluded
    }
    met: dict[str, Met] = {}
    for impact in exposures.impacts:
        if impact.integrator in counting:
            met.setdefault(impact.change, Met()).add(impact.evidence, impact.last_seen, counting[impact.integrator])
    return met


def seen_of(
    coverage: Coverage,
    *,
    kind: str,
    accounts: int,
    look_back_days: int,
    today: date | None,
    further: Iterable[str] = (),
) -> Seen:
    """What the answers rest on; `further` are gaps of the snapshot's own."""
    return Seen(
        kind=kind,
        first=coverage.first.date().isoformat() if coverage.first else "",
        last=coverage.last.date().isoformat() if coverage.last else "",
        days=coverage.days_with_data,
        look_back_days=look_back_days,
        accounts=accounts,
        gaps=(*silences(coverage, look_back_days, today), *further),
    )


def answers_of(
    changes: Iterable[Change],
    met: Meetings,
    seen: Seen,
    *,
    unsure: Mapping[str, int] | None = None,
    lost: Collection[str] = (),
) -> dict[str, Affected]:
    """The answer for each change, by its id; what endangers nobody meets nobody.

    `unsure` says of how many accounts it can't be told whether a change meets them, `lost` which changes reach an
    operation of which nothing was counted.
    """
    return {
        change.id: _answer(
            change, met.get(change.id, _NOBODY), seen, (unsure or {}).get(change.id, 0), change.id in lost
        )
        for change in changes
    }


def _answer(change: Change, met: Met, seen: Seen, unsure: int, is_lost: bool) -> Affected:
    counts, is_used = met.by_evidence, any(met.by_evidence.values())
    why = _why(change, seen, unsure, is_lost) if matters(change) else _WAIVED if change.waiver else ""
    return Affected(
        answer=Answer.USED if is_used else Answer.UNKNOWN if why else Answer.UNUSED,
        confirmed=counts[Evidence.CONFIRMED],
        probable=counts[Evidence.PROBABLE],
        possible=counts[Evidence.POSSIBLE],
        last_seen=met.last.date().isoformat() if met.last else "",
        revenue=met.revenue,
        unpriced=met.unpriced,
        unsure=unsure,
        why="" if is_used and not unsure and not is_lost else why,
    )


def _why(change: Change, seen: Seen, unsure: int, is_lost: bool) -> str:
    """Why nobody can say whom a change meets, "" where logs can."""
    if is_lost:
        return "the snapshot is of a spec without some of these operations: make it anew"
    if unsure:
        return f"the snapshot can't tell of {unsure:,} account{'' if unsure == 1 else 's'}"
    if change.exposure.kind is Exposed.RECEIVED_CALLBACK or any(name.is_webhook for name in change.operations):
        return _BY_HAND
    return seen.gaps[0] if seen.gaps else ""
