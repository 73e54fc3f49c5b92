"""A use is judged by its cycle: what still runs is never called silent or migrated before its cycle has passed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apidiff.folder.history import State
from apidiff.follow.progress import Basis, progress_of
from apidiff.usage.ask.movement import Movement
from apidiff.usage.evidence import Evidence, Impact

START = date(2026, 1, 1)
WINDOW = 30


def month_ends(step: int) -> list[date]:
    firsts = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(1, 25)]
    return [day for first in firsts if (day := first - timedelta(days=1)).month % step == 0]


JOBS = {
    "daily": ([START + timedelta(days=n) for n in range(700)], 1),
    "weekly": ([START + timedelta(days=7 * n) for n in range(100)], 7),
    "month-end": (month_ends(1), 31),
    "quarterly": (month_ends(3), 92),
}
"""The days on which each runs, and the longest gap that the plan's log showed."""


def state(days: list[date], gap: int, today: date, *, new: int, is_shown: bool = True) -> State:
    """What is said of a job on a day, by the window before it; the job also calls the new thing where `new`."""
    past = [day for day in days if day < today]
    inside = [day for day in past if day >= today - timedelta(days=WINDOW)]
    seen = datetime(past[0].year, past[0].month, past[0].day, tzinfo=UTC)
    impact = Impact(
        "a", ("c",), Evidence.CONFIRMED, (), 9, 9, 3, seen, seen, longest_gap_days=gap,
    )  # fmt: skip
    moved = Movement("a", "c", old=len(inside), new=new, last_old=past[-1], is_shown=is_shown)
    return progress_of(moved, impact, None, Basis(today, WINDOW, None)).state


@pytest.mark.parametrize("new", [0, 4])
@pytest.mark.parametrize("job", JOBS)
def test_what_still_runs_is_neither_silent_nor_migrated_on_any_day_of_a_year(job: str, new: int) -> None:
    days, gap = JOBS[job]
    said = {state(days, gap, START + timedelta(days=n), new=new) for n in range(120, 486)}
    assert said == {State.PARTLY if new else State.NOT_STARTED}


@pytest.mark.parametrize(("job", "rest"), [("daily", 31), ("weekly", 31), ("month-end", 48), ("quarterly", 139)])
def test_what_has_ended_is_called_so_when_its_cycle_is_over(job: str, rest: int) -> None:
    days, gap = JOBS[job]
    kept = [day for day in days if day < START + timedelta(days=200)]
    over = kept[-1] + timedelta(days=rest)
    for new, gone in ((0, State.SILENT), (4, State.MIGRATED)):
        assert state(kept, gap, over - timedelta(days=1), new=new) != gone
        assert state(kept, gap, over, new=new) == gone
