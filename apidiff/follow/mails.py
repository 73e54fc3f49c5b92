"""Which mails are due: a reminder from its day on and never before it, one last call, and thanks, each once.

What was written is in the history, so that a run of every day writes nothing twice; a second run of the same day gives
the same mails again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from apidiff.folder.history import History, State
from apidiff.plan.value import CONTACTED, Plan, PlannedIntegrator, Step

THANKS = "thank-you"
LAST_CALL = "last-call"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that is due: to whom, its name (`reminder-2`, `last-call`, `thank-you`), and the step of a reminder."""

    integrator: str
    name: str
    step: Step | None = None


def due_mails(
    plan: Plan, people: Sequence[tuple[PlannedIntegrator, State]], history: History, today: date
) -> tuple[Mail, ...]:
    """The mails of the tiers that get any, in the order of contact; none where the plan has no sunset."""
    if plan.dates.sunset is None:
        return ()
    found = (_mail(plan, one.integrator, state, today) for one, state in people if one.tier in CONTACTED)
    return tuple(mail for mail in found if mail is not None and not _is_written(mail, history, today))


def written_mails(history: History, mails: Sequence[Mail], today: date) -> Iterator[tuple[tuple[str, str], date]]:
    """What the history knows of mails once these are written: each with the first day on which it was."""
    known = {key: day for key, day in history.mails.items() if day != today}
    yield from {**{(mail.integrator, mail.name): today for mail in mails}, **known}.items()


def _mail(plan: Plan, integrator: str, state: State, today: date) -> Mail | None:
    """The one mail that is due to an integrator, whether it was written or not."""
    if state is State.MIGRATED:
        return Mail(integrator, THANKS)
    reminders = [step for step in plan.timeline if step.kind == "reminder"]
    past = [step for step in reminders if step.date <= today < (plan.dates.sunset or today)]
    if len(past) == len(reminders) and _is_last_call(plan, reminders, today):
        return Mail(integrator, LAST_CALL)
    return Mail(integrator, f"reminder-{past[-1].number}", past[-1]) if past else None


def _is_last_call(plan: Plan, reminders: Sequence[Step], today: date) -> bool:
    """Whether the last reminder is over, the day of the go or no-go is there, and the sunset ahead."""
    decided = [step.date for step in plan.timeline if step.kind == "go-no-go"]
    first = max([*decided, *(step.date for step in reminders[-1:])], default=None)
    after_reminder = not reminders or reminders[-1].date < today
    return first is not None and after_reminder and first <= today < (plan.dates.sunset or today)


def _is_written(mail: Mail, history: History, today: date) -> bool:
    day = history.mails.get((mail.integrator, mail.name))
    return day is not None and day < today
