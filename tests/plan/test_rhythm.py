"""A use is judged by its own rhythm: a year of daily, weekly, month-end and quarterly jobs is never called over."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from apidiff.plan.rhythm import Rhythm, rhythm_of
from apidiff.usage.evidence import Evidence, Impact

START = date(2026, 1, 1)
WINDOW = 90


def month_ends(step: int) -> list[date]:
    """The last day of each month, or of each quarter, of a year and a half."""
    firsts = [date(2026 + month // 12, month % 12 + 1, 1) for month in range(1, 19)]
    ends = [first - timedelta(days=1) for first in firsts]
    return [end for end in ends if end.month % step == 0]


JOBS = {
    "daily": [START + timedelta(days=n) for n in range(500)],
    "workdays": [day for n in range(500) if (day := START + timedelta(days=n)).weekday() < 5],
    "weekly": [START + timedelta(days=7 * n) for n in range(70)],
    "month-end": month_ends(1),
    "quarterly": month_ends(3),
}


def seen(days: list[date], last_day: date, window: int = WINDOW) -> tuple[Rhythm, date | None]:
    """What the log of a window that ends with a day shows of a job."""
    inside = [day for day in days if last_day - timedelta(days=window) < day <= last_day]
    if not inside:
        return Rhythm(), None
    moments = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in inside]
    gaps = [(b - a).days for a, b in pairwise(inside)]
    impact = Impact(
        "a", ("c",), Evidence.CONFIRMED, (), len(inside), len(inside), len(inside), moments[0], moments[-1],
        longest_gap_days=max(gaps, default=WINDOW - 1),
    )  # fmt: skip
    return rhythm_of([impact]), inside[-1]


@pytest.mark.parametrize("job", JOBS)
def test_no_job_is_dormant_before_its_cycle_has_passed(job: str) -> None:
    days = JOBS[job]
    for n in range(120, 365):
        today = START + timedelta(days=n)
        rhythm, last = seen(days, today)
        if last is not None:
            assert not rhythm.is_dormant(last, today), today


def test_what_ended_is_dormant_by_its_own_gap() -> None:
    stopped = [day for day in JOBS["daily"] if day < START + timedelta(days=200)]
    rhythm, last = seen(stopped, START + timedelta(days=265))
    assert last is not None
    assert [rhythm.is_dormant(last, last + timedelta(days=n)) for n in (60, 61)] == [False, True]
    rhythm, last = seen(JOBS["month-end"][:8], JOBS["month-end"][7], window=200)
    assert last is not None
    assert [rhythm.is_dormant(last, last + timedelta(days=n)) for n in (62, 63)] == [False, True]


@pytest.mark.parametrize(
    ("job", "window", "said"),
    [
        ("daily", 90, ""),
        ("workdays", 90, ""),
        ("weekly", 90, "runs weekly; next about 2026-11-12"),
        ("month-end", 90, "runs monthly, at the end of the month; next about 2026-12-01"),
        ("quarterly", 90, "ran once in the log: whether monthly or quarterly can't be told"),
        ("quarterly", 200, "runs quarterly, at the end of the month; next about 2026-12-31"),
    ],
)
def test_the_brief_says_when_it_runs_next(job: str, window: int, said: str) -> None:
    rhythm, last = seen(JOBS[job], date(2026, 11, 10), window)
    assert rhythm.sentence(last) == said


def test_a_few_days_together_are_one_run() -> None:
    rhythm, last = seen([date(2026, 8, 29), date(2026, 8, 30), date(2026, 8, 31)], date(2026, 11, 10))
    assert (rhythm, last) == (Rhythm(is_single=True), date(2026, 8, 31))
    assert not rhythm.is_dormant(last, date(2026, 11, 20))
    assert rhythm_of([]) == Rhythm()
    assert rhythm_of([]).sentence(last) == ""


def test_a_regular_job_is_in_full_use_with_every_run() -> None:
    monthly, _ = seen(JOBS["month-end"], date(2026, 11, 10))
    daily, _ = seen(JOBS["daily"], date(2026, 11, 10))
    assert (monthly.full_days(30, 90), daily.full_days(30, 90)) == (2, 30)
