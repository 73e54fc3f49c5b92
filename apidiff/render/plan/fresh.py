"""The mails that are due now, with the counts of now: a reminder to who has not moved, thanks to who has."""

from dataclasses import replace
from pathlib import Path

from apidiff.folder.history import State
from apidiff.follow.progress import Progress
from apidiff.follow.track import Followed, Tracking
from apidiff.plan.value import CONTACTED, Plan, PlannedIntegrator, Step
from apidiff.render.plan.messages import fresh_message
from apidiff.render.plan.view import counted, view
from apidiff.render.templates import day
from apidiff.usage.evidence import Evidence, Impact
from apidiff.words.escape import slug


def fresh_messages(tracking: Tracking, *, template_dir: Path | None = None) -> dict[str, bytes]:
    """A mail for each integrator of the tiers that get any, as `SLUG/KIND.eml`; none where the plan has no sunset.

    Who has migrated is thanked. Anybody else gets the reminder that is due, or else the next one, and after the last
    one the last call. Errors: those of the templates in `template_dir`.
    """
    if tracking.plan.dates.sunset is None:
        return {}
    people = {one.planned.integrator: _now(one, tracking) for one in tracking.followed}
    shown = view(_today(tracking, people))
    reminder = _reminder(tracking)
    files = {}
    for one in tracking.followed:
        planned = people[one.planned.integrator]
        if planned.tier not in CONTACTED:
            continue
        if one.state is State.MIGRATED:
            name, kind, step = "thank-you", "thank-you", None
        elif reminder is None:
            name, kind, step = "last-call", "last-call", None
        else:
            name, kind, step = f"reminder-{reminder.number}", "reminder", reminder
        mail = fresh_message(shown, planned, kind=kind, reminder=step, template_dir=template_dir)
        files[f"{slug(planned.integrator)}/{name}.eml"] = mail
    return files


def _reminder(tracking: Tracking) -> Step | None:
    """The last of the reminders that are due; else the next one; None after the last."""
    reminders = [step for step in tracking.plan.timeline if step.kind == "reminder"]
    due = [step for step in reminders if step in tracking.due]
    ahead = [step for step in reminders if step.date > tracking.today]
    if due:
        return replace(due[-1], date=tracking.today)
    return ahead[0] if ahead else None


def _today(tracking: Tracking, people: dict[str, PlannedIntegrator]) -> Plan:
    """The plan with what the logs show now in the place of what they showed when it was made."""
    fresh = tuple(people.get(one.integrator, one) for one in tracking.plan.integrators)
    return replace(tracking.plan, integrators=fresh, usage=tracking.coverage)


def _now(one: Followed, tracking: Tracking) -> PlannedIntegrator:
    """The integrator with what is left for it to do; all of it where it has done everything, to be thanked for."""
    operations = {planned.change.id: planned.change.operations for planned in tracking.plan.changes}
    left = [progress for progress in one.progress if progress.state is not State.MIGRATED] or one.progress
    impacts = tuple(
        Impact(
            integrator=one.planned.integrator,
            change=progress.change,
            evidence=Evidence.CONFIRMED,
            operations=tuple(name for name in operations[progress.change] if name in one.planned.operations),
            logical_successes=progress.old,
            attempts=progress.old + progress.failures,
            active_days=0,
            first_seen=None,
            last_seen=None,
            seen=_seen(progress, tracking),
        )
        for progress in left
    )
    return replace(one.planned, impacts=impacts)


def _seen(progress: Progress, tracking: Tracking) -> str:
    """What the window shows, as its reader understands it."""
    window = f"in the {tracking.days} days to {day(tracking.last)}"
    calls = counted(progress.old, "successful call")
    last = f", the last on {day(progress.last_old)}" if progress.last_old else ""
    match progress.state:
        case State.SILENT:
            return f"no call {window}{last}; if it runs less often, it still has to move"
        case State.FAILING:
            return f"{counted(progress.failures, 'attempt')} {window}, none of them successful"
        case State.UNVERIFIABLE:
            return f"{calls} {window}; we can't see in them whether you have moved, so please tell us"
    return f"{calls} {window}{last}"
