"""Who has moved: the state of each integrator and change, the history of runs, the burn-down, and what is due.

Pure: the plan, what the log shows, what people wrote and what earlier runs saw give the same answer every time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from apidiff.folder.confirmed import Confirmation
from apidiff.folder.history import History, Past, Run, State
from apidiff.follow.mails import Mail, due_mails, written_mails
from apidiff.follow.progress import Basis, Progress, latest, progress_of
from apidiff.plan.tiers import after_changelog
from apidiff.plan.value import CONTACTED, Plan, PlannedIntegrator, Step, Tier
from apidiff.usage.ask.movement import Movement, Movements
from apidiff.usage.evidence import Account, Coverage, by_change

WINDOW_DAYS: Final = 30
"""The window where the plan's policy names none."""
SHOWN_STEPS: Final = 3
_LAST_DAYS: Final = 3
"""So many days behind today a log may end without a warning."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One integrator of the plan with what is known now; `state` is the one of its changes that needs most."""

    planned: PlannedIntegrator
    state: State
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who uses what ends and whom the plan does not name for it; `unknown` where no account claims the key."""

    account: Account
    unknown: bool
    change: str
    old: int
    last_old: date | None
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Tracking:
    """The answer of `track`.

    `first` and `last` are the window's days, both included, of which `days_with_data` have rows; `covered` counts days
    with rows among as many before today. `calls` are all logical successes of the window. `due` are the steps since the
    last run, `upcoming` the next ones, `mails` those that are due; `runs` is the burn-down, this run included.
    """

    plan: Plan
    today: date
    days: int
    first: date
    last: date
    days_with_data: int
    covered: int
    calls: int
    coverage: Coverage
    followed: tuple[Followed, ...]
    newcomers: tuple[Newcomer, ...]
    due: tuple[Step, ...]
    upcoming: tuple[Step, ...]
    runs: tuple[Run, ...]
    warnings: tuple[str, ...] = ()
    mails: tuple[Mail, ...] = ()

    @property
    def overdue(self) -> tuple[Followed, ...]:
        """Those not migrated who promised a day that is past, or whom nobody has contacted by the day it was due."""
        return tuple(one for one in self.left if _is_overdue(one.planned, self.today))

    @property
    def left(self) -> tuple[Followed, ...]:
        """Those who get messages and have not migrated, in the order of contact."""
        return tuple(one for one in self.followed if one.planned.tier in CONTACTED and one.state is not State.MIGRATED)


def _is_overdue(one: PlannedIntegrator, today: date) -> bool:
    promised = written_day(one.promised_date)
    if promised is not None:
        return promised < today
    return one.due is not None and one.due < today and not one.status


def window_days(plan: Plan) -> int:
    """How many days without a success the plan's policy asks for."""
    return int(plan.policy.get("gate_days_without_success", WINDOW_DAYS))


def tracked(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The ending changes of each integrator of the plan that is not excluded."""
    ids = {change.id for change in plan.ending}
    found = {
        one.integrator: tuple(change for change in one.changes if change in ids)
        for one in plan.integrators
        if one.tier is not Tier.EXCLUDED
    }
    return {name: changes for name, changes in found.items() if changes}


def track(
    plan: Plan,
    seen: Movements,
    *,
    history: History,
    written: Mapping[str, Mapping[str, str]],
    today: date,
    confirmations: Sequence[Confirmation] = (),
) -> Tracking:
    """How far everybody is today; `written` is what people wrote into the outreach list, by integrator and column.

    `confirmations` are a person's word on one change or on all of them; the last one counts.
    """
    moved = {(one.integrator, one.change): one for one in seen.movements}
    mine = tracked(plan)
    told = {(one.integrator, one.change): one for one in confirmations if one.day <= today}
    warnings: list[str] = []
    followed = []
    for planned in plan.integrators:
        if planned.integrator not in mine:
            continue
        now = after_changelog(planned, plan.dates.announce, today).with_written(written.get(planned.integrator, {}))
        warnings += _unreadable(now)
        impacts = by_change(planned.impacts)
        progress = tuple(
            progress_of(
                moved.get((planned.integrator, change), Movement(planned.integrator, change)),
                impacts[change],
                history.past.get((planned.integrator, change)),
                _basis(now, change, told, Basis(today, window_days(plan), None)),
            )
            for change in mine[planned.integrator]
        )
        state = min((one.state for one in progress), key=list(State).index)
        followed.append(Followed(now, state, progress))
    run = _run(plan, seen, followed, today)
    return Tracking(
        plan=plan,
        today=today,
        days=window_days(plan),
        first=seen.first,
        last=seen.last,
        days_with_data=seen.days_with_data,
        covered=seen.covered,
        calls=seen.calls,
        coverage=seen.coverage,
        followed=tuple(followed),
        newcomers=_newcomers(seen, mine),
        due=_due(plan, history.before(today), today),
        upcoming=tuple(step for step in plan.timeline if step.date > today)[:SHOWN_STEPS],
        runs=(*history.before(today), run),
        warnings=(*warnings, *_gaps(seen, window_days(plan), today)),
        mails=due_mails(plan, [(one.planned, one.state) for one in followed], history, today),
    )


def _basis(one: PlannedIntegrator, change: str, told: Mapping[tuple[str, str], Confirmation], basis: Basis) -> Basis:
    """The basis with what a person confirmed: of the change, of all of them, or in the outreach list."""
    said = told.get((one.integrator, change)) or told.get((one.integrator, ""))
    if said is not None:
        return replace(basis, confirmed=said.day, by=said.by)
    return replace(basis, confirmed=written_day(one.confirmed_migrated_at))


def remembered(history: History, tracking: Tracking, *, mailed: bool = False) -> History:
    """The history with this run in it, and with its mails if they were written; a run of the same day is replaced."""
    today = tracking.today
    is_latest = all(run.day <= today for run in history.runs)
    past = dict(history.past)
    for one in tracking.followed:
        for progress in one.progress:
            key = one.planned.integrator, progress.change
            before = history.past.get(key)
            # what an earlier run of this day saw is forgotten with it
            since = [before.migrated_on] if before and before.migrated_on and before.migrated_on != today else []
            since += [today] if progress.state is State.MIGRATED else []
            state = progress.state if is_latest or before is None else before.state
            last_old = latest(progress.last_old, before.last_old if before else None)
            past[key] = Past(state, min(since, default=None), last_old)
    others = [run for run in history.runs if run.day != today]
    mails = dict(written_mails(history, tracking.mails, today)) if mailed else history.mails
    return History(tuple(sorted((*others, tracking.runs[-1]), key=lambda run: run.day)), past, mails)


def written_day(text: str) -> date | None:
    """The day that a person wrote into a cell, None where it is empty or no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _unreadable(one: PlannedIntegrator) -> Iterator[str]:
    """The cells that should hold a date and don't: they count as empty, which has to be said."""
    for column in ("promised_date", "confirmed_migrated_at"):
        text = getattr(one, column)
        if text and written_day(text) is None:
            yield f"{column} of {one.integrator} is no date and does not count: write it as YYYY-MM-DD"


def _run(plan: Plan, seen: Movements, followed: Sequence[Followed], today: date) -> Run:
    left = [one for one in followed if one.state is not State.MIGRATED]
    return Run(
        day=today,
        first=seen.first,
        last=seen.last,
        states=Counter(one.state for one in followed),
        left=len(left),
        revenue_left=sum(one.planned.revenue or 0.0 for one in left),
        sunset=plan.dates.sunset,
    )


def _newcomers(seen: Movements, mine: Mapping[str, Sequence[str]]) -> tuple[Newcomer, ...]:
    """Those who use what ends though the plan does not name them for it, most calls first."""
    found = [
        Newcomer(
            seen.accounts[one.integrator],
            one.integrator in seen.unknown,
            one.change,
            one.old,
            one.last_old,
            one.is_shown,
        )
        for one in seen.movements
        if one.change not in mine.get(one.integrator, ())
    ]
    return tuple(sorted(found, key=lambda one: (-one.old, one.account.integrator, one.change)))


def _due(plan: Plan, earlier: Sequence[Run], today: date) -> tuple[Step, ...]:
    """The steps since the last run, or since the plan was made."""
    since = earlier[-1].day if earlier else plan.today - timedelta(days=1)
    return tuple(step for step in plan.timeline if since < step.date <= today)


def _gaps(seen: Movements, days: int, today: date) -> Iterable[str]:
    """What the logs do not cover, for silence there says nothing."""
    if seen.days_with_data < days:
        lacking = days - seen.days_with_data
        verb = "has" if lacking == 1 else "have"
        yield f"{lacking} of the window's {days} days {verb} no rows: silence on them says nothing"
    if (today - seen.last).days > _LAST_DAYS:
        yield f"the logs end on {seen.last}, {(today - seen.last).days} days before today"
