"""The last step of a release checklist: may this revision be shipped, and if not, what stands in the way?

A break passes when it is waived, or was expanded away, or is planned with its sunset past and nobody who matters still
succeeds with it. Pure: nothing is read here, and nothing that is unknown counts as safe.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from apidiff.config.settings import Consent
from apidiff.folder.history import Run, State
from apidiff.follow.gate.planned import against_the_plan, of_dates, unplanned
from apidiff.follow.gate.used import of_use
from apidiff.follow.gate.verdict import Cleared, Kind, Obstacle, Verdict
from apidiff.follow.track import Tracking, window_days
from apidiff.plan.value import Plan
from apidiff.words.amount import first_of
from apidiff.words.changes import Change, Comparison, Level

_SHOWN: Final = 20
"""So many of those who are silent are named, in the order of contact."""

__all__ = ["Cleared", "Kind", "Obstacle", "Verdict", "judge"]


def judge(
    comparison: Comparison,
    plan: Plan | None,
    tracking: Tracking | None,
    *,
    consents: Sequence[Consent],
    today: date,
    runs: Sequence[Run] = (),
) -> Verdict:
    """Whether the release may go.

    `plan` and `tracking` are None where the call names no plan or no logs; `runs` are earlier runs of `track`.
    """
    breaking = [change for change in comparison.changes if change.level is Level.BREAKING]
    standing = [change for change in breaking if change.breaks]
    cleared = [_waived(change) for change in breaking if not change.breaks]
    obstacles: list[Obstacle] = []
    notes: list[str] = []
    if plan is not None:
        cleared += _expanded(plan, standing)
    if standing and plan is None:
        obstacles += [unplanned(change, "no plan was given") for change in standing]
    elif standing and plan is not None:
        obstacles += against_the_plan(comparison, plan, standing, runs)
        by_id = {planned.change.id: planned for planned in plan.changes}
        planned = [change for change in standing if change.id in by_id and by_id[change.id].proceeds]
        obstacles += of_dates(plan, planned, today)
        obstacles += of_use(plan, tracking, planned, consents, today)
        cleared += _retired(planned, plan, obstacles)
        notes += _notes(tracking, planned)
    return Verdict(
        base=comparison.base,
        revision=comparison.revision,
        today=today,
        sunset=plan.dates.sunset if plan else None,
        obstacles=tuple(obstacles),
        cleared=tuple(cleared),
        notes=tuple(notes),
    )


def _waived(change: Change) -> Cleared:
    assert change.waiver is not None
    until = f", until {change.waiver.expires}" if change.waiver.expires else ""
    return Cleared(change.id, change.title, "waived", f"{change.waiver.reason} ({change.waiver.owner}{until})")


def _expanded(plan: Plan, standing: Sequence[Change]) -> Iterator[Cleared]:
    """The breaks that were decided to be expanded, and are not in this revision any more."""
    here = {change.id for change in standing}
    for planned in plan.changes:
        if planned.is_kept and planned.change.id not in here:
            yield Cleared(planned.change.id, planned.change.title, "expanded", "the old stays beside the new")


def _retired(planned: Sequence[Change], plan: Plan, obstacles: Sequence[Obstacle]) -> Iterator[Cleared]:
    """The planned breaks that nothing stands in the way of."""
    if any(not obstacle.changes for obstacle in obstacles):
        return
    blocked = {change for obstacle in obstacles for change in obstacle.changes}
    for change in planned:
        if change.id not in blocked:
            days = window_days(plan)
            rest = f"{days} {'day' if days == 1 else 'days'} without a success that matters"
            detail = f"sunset on {plan.dates.sunset}, {rest}"
            yield Cleared(change.id, change.title, "retired", detail)


def _notes(tracking: Tracking | None, planned: Sequence[Change]) -> Iterator[str]:
    """What does not stand in the way and should be known all the same."""
    if tracking is None or not planned:
        return
    ids = {change.id for change in planned}
    silent = [
        one.planned.name or one.planned.integrator
        for one in tracking.followed
        if any(progress.state is State.SILENT and progress.change in ids for progress in one.progress)
    ]
    if silent:
        yield f"silent, so gone or not: {first_of(silent, _SHOWN)}"
    yield from tracking.warnings
