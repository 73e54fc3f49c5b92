"""How far one integrator is with one change: the state, what it rests on, and when silence proves anything."""

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apidiff.folder.history import Past, State
from apidiff.usage.ask.movement import Movement
from apidiff.usage.evidence import Impact
from apidiff.words.amount import counted

GAP_FACTOR: Final = 1.5
"""How many times its longest known pause a use must have rested before silence proves anything."""


@dataclass(frozen=True, slots=True)
class Progress:
    """One integrator and one change: the state, what the window holds, and in a sentence what that means.

    `old`, `new` and `failures` are those of `Movement`; `sure_from` is the day from which silence on the old thing
    proves that it is gone, None where it was never seen in use.
    """

    change: str
    state: State
    old: int
    new: int
    failures: int
    last_old: date | None
    sure_from: date | None
    note: str
    is_confirmed: bool = False
    is_resting: bool = False
    """Whether the window is shorter than the use's cycle, which is not over: it counts as in use, and nobody saw it."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a pair of integrator and change is judged by: the day, the policy's window, and what a person confirmed.

    `confirmed` is the day of it, `by` who said so where that is known.
    """

    today: date
    days: int
    confirmed: date | None
    by: str = ""


def progress_of(moved: Movement, impact: Impact, past: Past | None, run: Basis) -> Progress:
    """How far it is, by what the window holds, what the plan saw and what earlier runs did."""
    state = _state(moved, past, run)
    planned = impact.last_seen.date() if impact.last_seen and impact.logical_successes else None
    last_use = latest(moved.last_old, past.last_old if past else None, planned)
    last_old = last_use if moved.is_shown else None
    cycle = math.ceil(GAP_FACTOR * impact.longest_gap_days)
    rest = timedelta(days=max(run.days, cycle) + 1)
    sure_from = None if last_old is None else last_old + rest
    is_over = last_use is None or run.today >= last_use + rest
    # a quarterly job is not gone, nor has it moved, because a window of thirty days has nothing of it
    is_resting = cycle > run.days and not is_over and run.confirmed is None and state in (State.SILENT, State.MIGRATED)
    note = _note(state, moved, impact, sure_from, run)
    if is_resting and last_use is not None:
        state = State.PARTLY if moved.new and moved.is_replaced else State.NOT_STARTED
        gap = f"its calls have been up to {impact.longest_gap_days} days apart"
        note = f"none of the old seen, and its cycle is not over: {gap}, sure from {last_use + rest}"
    return Progress(
        change=moved.change,
        state=state,
        old=moved.old,
        new=moved.new,
        failures=moved.failures,
        last_old=last_old,
        sure_from=sure_from,
        note=note,
        is_confirmed=run.confirmed is not None,
        is_resting=is_resting,
    )


def _state(moved: Movement, past: Past | None, run: Basis) -> State:
    """The state by what the window holds; a person's word counts only where the log has none."""
    if moved.is_shown and moved.old:
        if past is not None and past.migrated_on is not None and past.migrated_on < run.today:
            return State.REGRESSED
        return State.PARTLY if moved.new and moved.is_replaced else State.NOT_STARTED
    if moved.new and moved.is_shown:
        return State.MIGRATED
    if run.confirmed is not None:
        return State.MIGRATED
    if not moved.old and not moved.new:
        return State.FAILING if moved.failures else State.SILENT
    return State.UNVERIFIABLE


def _note(state: State, moved: Movement, impact: Impact, sure_from: date | None, run: Basis) -> str:
    """What the state rests on, and what to do about it."""
    old = f"{counted(moved.old, 'call')} of the old"
    gap = f"its calls have been up to {impact.longest_gap_days} days apart"
    is_early = sure_from is not None and run.today < sure_from
    match state:
        case State.REGRESSED:
            return f"had migrated, and went back: {old}"
        case State.NOT_STARTED:
            return f"{old}, none of the new" if moved.is_replaced else old
        case State.PARTLY:
            return f"{old}, {moved.new:,} of the new"
        case State.FAILING:
            return f"{counted(moved.failures, 'attempt')}, none successful: ask what broke"
        case State.SILENT:
            return f"nothing seen; ask: {gap}" if impact.longest_gap_days > 1 else "nothing seen; ask"
        case State.UNVERIFIABLE:
            return "these logs can't tell the old from the new: ask, and `apidiff confirm` the answer"
    if moved.is_shown and moved.new:
        return f"none of the old seen, sure from {sure_from}: {gap}" if is_early else "none of the old seen"
    who = f" by {run.by}" if run.by else ""
    return f"confirmed on {run.confirmed}{who}; the logs show nothing of it"


def latest(*days: date | None) -> date | None:
    """The last of the days that are known."""
    return max((day for day in days if day is not None), default=None)
