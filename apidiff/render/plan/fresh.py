"""The mails that are due now, with the counts of now; which they are is `follow.mails`."""

from dataclasses import replace
from pathlib import Path

from apidiff.folder.history import State
from apidiff.follow.progress import Progress
from apidiff.follow.track import Followed, Tracking
from apidiff.plan.value import Plan, PlannedIntegrator
from apidiff.render.plan.messages import fresh_message
from apidiff.render.plan.view import counted, view
from apidiff.render.templates import day
from apidiff.usage.evidence import Evidence, Impact
from apidiff.words.escape import slug


def fresh_messages(tracking: Tracking, *, template_dir: Path | None = None) -> dict[str, bytes]:
    """The mails that are due, each with the counts of now, as `SLUG/KIND.eml`.

    Errors: those of the templates in `template_dir`.
    """
    if not tracking.mails:
        return {}
    people = {one.planned.integrator: _now(one, tracking) for one in tracking.followed}
    shown = view(_today(tracking, people))
    files = {}
    for mail in tracking.mails:
        kind = mail.name if mail.step is None else "reminder"
        step = mail.step and replace(mail.step, date=tracking.today)
        text = fresh_message(shown, people[mail.integrator], kind=kind, reminder=step, template_dir=template_dir)
        files[f"{slug(mail.integrator)}/{mail.name}.eml"] = text
    return files


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
            changes=(progress.change,),
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
    window = f"in the {counted(tracking.days, 'day')} to {day(tracking.last)}"
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
