"""The gate's second half: does anybody who matters still succeed with what ends?

Tiers that get messages matter, and everybody whom the plan does not know; a consent in writing counts, silence in logs
that are not there does not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apidiff.config.settings import Consent
from apidiff.folder.history import State
from apidiff.follow.gate.verdict import Obstacle
from apidiff.follow.progress import Progress
from apidiff.follow.track import Followed, Newcomer, Tracking, window_days
from apidiff.plan.value import CONTACTED, Plan, PlannedIntegrator, Tier
from apidiff.words.amount import counted
from apidiff.words.changes import Change

COVERED: Final = 0.95
"""The share of the policy's days that the logs must cover."""
UNKNOWN_SHARE: Final = 0.01
"""From this share of all logical calls on, keys without an owner keep the gate shut."""
_IN_USE: Final = (State.REGRESSED, State.NOT_STARTED, State.PARTLY)
_RESTING: Final = (State.MIGRATED, State.SILENT, State.FAILING)
_NAMED: Final = 3
"""So many changes of an obstacle are named, and the others counted: their ids are all in `changes`."""
_IN_WRITING: Final = "a consent in writing (`consents` in apidiff.yaml)"


def of_use(
    plan: Plan, tracking: Tracking | None, planned: Sequence[Change], consents: Sequence[Consent], today: date
) -> Iterator[Obstacle]:
    """Who keeps the gate shut: what the logs do not cover, integrators in the order of contact, and unknown keys."""
    if not planned:
        return
    changes = {change.id: change for change in planned}
    if tracking is None:
        yield Obstacle(
            "no-usage",
            "no logs were given, so nobody knows who still uses what ends",
            f"Give --usage with the logs of the last {_days(window_days(plan))}.",
            changes=tuple(changes),
        )
        return
    yield from _coverage(tracking, today)
    case = _Case(tracking, changes, _Agreed(consents), today)
    for one in tracking.followed:
        yield from case.of_integrator(one)
    yield from case.of_newcomers()
    yield from case.of_unknown()


def _coverage(tracking: Tracking, today: date) -> Iterator[Obstacle]:
    days = tracking.days
    if tracking.covered < COVERED * days:
        yield Obstacle(
            "coverage",
            f"the logs have rows on {tracking.covered} of the {days} days before today: silence proves nothing",
            f"Give all logs from {today - timedelta(days=days)} to {today - timedelta(days=1)}.",
        )


class _Agreed:
    """Which integrators agreed in writing to which changes."""

    def __init__(self, consents: Iterable[Consent]) -> None:
        self._pairs = {(consent.integrator, consent.change) for consent in consents}

    def __call__(self, integrator: str, change: str) -> bool:
        return (integrator, "") in self._pairs or (integrator, change) in self._pairs


@dataclass(frozen=True, slots=True)
class _Case:
    """What every integrator is judged by."""

    tracking: Tracking
    changes: Mapping[str, Change]
    agreed: Callable[[str, str], bool]
    today: date

    def of_integrator(self, one: Followed) -> Iterator[Obstacle]:
        """What keeps one integrator of the plan in the way: one obstacle of each kind, each with its changes."""
        planned = one.planned
        if planned.tier is Tier.UNKNOWN:
            return
        who = f"{planned.name or planned.integrator} ({planned.tier.value})"
        open_ = self._open(one)
        if using := [progress for progress in open_ if progress.state in _IN_USE and not progress.is_resting]:
            asks = f"{planned.owner} asks them" if planned.owner else "Ask them"
            remedy = f"{asks} to move, or for {_IN_WRITING}; else a later sunset."
            yield self._obstacle("in-use", f"{who} still uses what ends", using, planned, remedy)
        if planned.tier not in CONTACTED or not open_:
            return
        if hidden := [progress for progress in open_ if progress.state is State.UNVERIFIABLE]:
            remedy = f"Ask, and `apidiff confirm` the answers, by --owner or --tier at once; or get {_IN_WRITING}."
            message = f"the logs can't show whether {who} has moved"
            yield self._obstacle("unverifiable", message, hidden, planned, remedy)
        open_ = [progress for progress in open_ if not progress.is_confirmed]
        if unsure := [progress for progress in open_ if self._is_unsure(progress)]:
            remedy = f"Wait, or ask and `apidiff confirm` the answer, or get {_IN_WRITING}."
            message = f"{who} has not rested long enough to be sure"
            yield self._obstacle("too-early", message, unsure, planned, remedy)
        if open_ and self.tracking.plan.policy.get("requires_consent"):
            message = f"the policy asks for the consent of {who}"
            yield self._obstacle("consent", message, open_, planned, f"Get {_IN_WRITING}.")

    def of_newcomers(self) -> Iterator[Obstacle]:
        """Accounts that are not in the plan and use what ends."""
        known: dict[str, list[Newcomer]] = {}
        for one in self.tracking.newcomers:
            if not one.unknown and self._counts(one.account.integrator, one.change):
                known.setdefault(one.account.integrator, []).append(one)
        for integrator, uses in sorted(known.items()):
            said = _few([f"{self.changes[one.change].title} ({counted(one.old, 'call')})" for one in uses])
            yield Obstacle(
                "not-in-plan",
                f"{uses[0].account.name or integrator} is not in the plan and uses: {said}",
                "Plan again on these logs, so that somebody tells them.",
                changes=tuple(one.change for one in uses),
                integrator=integrator,
                worth=uses[0].account.revenue or 0.0,
            )

    def of_unknown(self) -> Iterator[Obstacle]:
        """Keys without an owner, all together, by their share of all calls: a lost script must not block for ever."""
        uses = [
            (progress.change, progress.old)
            for one in self.tracking.followed
            if one.planned.tier is Tier.UNKNOWN
            for progress in self._open(one)
        ] + [
            (one.change, one.old)
            for one in self.tracking.newcomers
            if one.unknown and self._counts(one.account.integrator, one.change)
        ]
        calls = sum(old for _, old in uses)
        if calls and calls >= UNKNOWN_SHARE * self.tracking.calls:
            yield Obstacle(
                "unknown-keys",
                f"{calls / self.tracking.calls:.1%} of all successful calls use what ends by keys that nobody claims",
                "Find their owners (tier unknown of outreach.md), or name a consent for each in apidiff.yaml.",
                changes=tuple(sorted({change for change, old in uses if old})),
            )

    def _counts(self, integrator: str, change: str) -> bool:
        return change in self.changes and not self.agreed(integrator, change)

    def _open(self, one: Followed) -> list[Progress]:
        """What is still to be shown of an integrator: without what it agreed to."""
        return [progress for progress in one.progress if self._counts(one.planned.integrator, progress.change)]

    def _is_unsure(self, progress: Progress) -> bool:
        is_early = progress.sure_from is not None and self.today < progress.sure_from
        return progress.is_resting or (progress.state in _RESTING and is_early)

    def _obstacle(
        self, kind: str, message: str, found: Sequence[Progress], planned: PlannedIntegrator, remedy: str
    ) -> Obstacle:
        said = [f"{self.changes[progress.change].title} ({progress.note})" for progress in found]
        days = [progress.sure_from for progress in found if kind in ("in-use", "too-early")]
        known = [day for day in days if day is not None]
        return Obstacle(
            kind,
            f"{message}: {_few(said)}",
            remedy,
            changes=tuple(progress.change for progress in found),
            integrator=planned.integrator,
            earliest=max(known) if known and len(known) == len(days) else None,
            worth=planned.revenue or 0.0,
        )


def _few(said: Sequence[str]) -> str:
    more = [f"and {len(said) - _NAMED} more"] if len(said) > _NAMED else []
    return "; ".join([*said[:_NAMED], *more])


def _days(count: int) -> str:
    return "day" if count == 1 else f"{count} days"
