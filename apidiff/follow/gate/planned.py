"""The gate's first half: is there a plan, is it this release's, is everything in it, and is its sunset past?"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from apidiff.folder.history import Run
from apidiff.follow.gate.verdict import Obstacle
from apidiff.plan.value import Plan
from apidiff.words.changes import Change, Comparison

SAME_SPEC: Final = 0.5
"""Fewer of the plan's operations than that in the specs, and it is the plan of another spec."""


def unplanned(change: Change, why: str) -> Obstacle:
    """A break that no plan covers."""
    return Obstacle(
        "unplanned",
        f"{change.title}: {why}",
        "Expand instead; or waive it with a reason in apidiff.yaml; or `apidiff plan` it, announce it and wait.",
        changes=(change.id,),
    )


def against_the_plan(
    comparison: Comparison, plan: Plan, standing: Sequence[Change], runs: Sequence[Run]
) -> Iterator[Obstacle]:
    """What is wrong with the plan as the plan of this release."""
    if reason := _foreign(comparison, plan):
        yield Obstacle("other-spec", f"the plan is of another spec: {reason}", "Give the plan of these two specs.")
        return
    if plan.draft:
        yield Obstacle(
            "draft",
            f"the plan is a DRAFT: {plan.draft}",
            "Answer each in apidiff.yaml (expand, or proceed with reason and owner), and plan again.",
        )
    by_id = {planned.change.id: planned for planned in plan.changes}
    for change in standing:
        planned = by_id.get(change.id)
        if change.rule == "sunset-moved-earlier":
            yield Obstacle(
                "sunset-earlier",
                change.title,
                f"Restore the announced date, {change.before}: it only ever moves later.",
                changes=(change.id,),
            )
        elif planned is None or not planned.change.breaks:
            yield unplanned(change, "nobody planned it")
        elif planned.is_kept:
            yield Obstacle(
                "not-expanded",
                f"{change.title}: decided to be expanded, and this revision breaks it all the same",
                "Keep the old beside the new in this revision.",
                changes=(change.id,),
            )
    yield from _earlier(comparison, plan, runs)


def _foreign(comparison: Comparison, plan: Plan) -> str:
    """Why the plan is that of another spec, or ""."""
    titles = {comparison.base.title, comparison.revision.title}
    if not titles & {plan.base.title, plan.revision.title}:
        return f"its title is {plan.base.title!r}, theirs {comparison.base.title!r}"
    planned = {operation.id for operation in plan.routes}
    here = {operation.id for operation in comparison.operations}
    if planned and len(planned & here) < SAME_SPEC * len(planned):
        return f"{len(planned & here)} of its {len(planned)} operations are here"
    return ""


def _earlier(comparison: Comparison, plan: Plan, runs: Sequence[Run]) -> Iterator[Obstacle]:
    """A sunset that is before one that was announced: by an earlier run of `track`, or by the specs themselves."""
    sunset = plan.dates.sunset
    if sunset is None:
        return
    announced = [run.sunset for run in runs if run.sunset is not None]
    if announced and max(announced) > sunset:
        yield Obstacle(
            "sunset-earlier",
            f"the sunset moved earlier, from {max(announced)} to {sunset}",
            f"Plan again with --sunset {max(announced)} or later: an announced date only ever moves later.",
            earliest=max(announced),
        )
    ending = {operation.operation.id for operation in plan.operations}
    for operation in comparison.operations:
        day = _date(operation.sunset)
        if operation.id in ending and day is not None and day > sunset:
            yield Obstacle(
                "sunset-earlier",
                f"the spec announces {day} for {operation.id}, the plan {sunset}",
                f"Plan again with --sunset {day} or later: an announced date only ever moves later.",
                earliest=day,
            )


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None


def of_dates(plan: Plan, planned: Sequence[Change], today: date) -> Iterator[Obstacle]:
    """A sunset that is not there, or not past."""
    if not planned:
        return
    ids = tuple(change.id for change in planned)
    sunset = plan.dates.sunset
    if sunset is None:
        yield Obstacle(
            "no-sunset",
            "the plan sets no sunset, for it rests on no usage",
            "Plan again with --usage, so that there is a date.",
            changes=ids,
        )
    elif sunset > today:
        days = (sunset - today).days
        yield Obstacle(
            "sunset-ahead",
            f"the sunset is on {sunset}, {days} {'day' if days == 1 else 'days'} from today",
            f"Release on {sunset} or later.",
            changes=ids,
            earliest=sunset,
        )
