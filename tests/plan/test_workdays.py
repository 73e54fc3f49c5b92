"""Calendar months are clamped, tasks move to the working day before, a sunset only later."""

from datetime import date

import pytest

from apidiff.config.settings import Freeze
from apidiff.plan.workdays import Calendar, add_months
from apidiff.words.errors import ApidiffError

CALENDAR = Calendar((date(2027, 1, 11),), (Freeze(date(2026, 12, 15), date(2027, 1, 5)),))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
    ],
)
def test_months_are_clamped_to_their_end(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_task_moves_to_the_working_day_before() -> None:
    assert CALENDAR.before(date(2026, 12, 13), not_before=date(2026, 11, 1)) == date(2026, 12, 11)
    assert CALENDAR.before(date(2026, 12, 20), not_before=date(2026, 11, 1)) == date(2026, 12, 14)


def test_it_moves_on_where_nothing_before_is_allowed() -> None:
    assert CALENDAR.before(date(2026, 12, 20), not_before=date(2026, 12, 15)) == date(2027, 1, 6)


def test_a_sunset_only_moves_later() -> None:
    assert CALENDAR.after(date(2026, 12, 15), weekdays=(1, 2, 3)) == date(2027, 1, 6)
    assert CALENDAR.after(date(2027, 1, 8), weekdays=(0, 1, 2, 3)) == date(2027, 1, 12)


def test_the_working_days_of_a_span_include_both_ends() -> None:
    assert CALENDAR.working_days(date(2026, 12, 11), date(2026, 12, 14)) == [date(2026, 12, 11), date(2026, 12, 14)]
    assert CALENDAR.working_days(date(2026, 12, 14), date(2026, 12, 11)) == []


def test_a_calendar_without_a_free_day_is_refused() -> None:
    full = Calendar((), (Freeze(date(2026, 1, 1), date(2040, 1, 1)),))
    with pytest.raises(ApidiffError, match=r"no day free for four years from 2026-12-15 on \[calendar-full\]"):
        full.after(date(2026, 12, 15), weekdays=(1, 2, 3))
