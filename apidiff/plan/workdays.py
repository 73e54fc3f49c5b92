"""Which days people work on and things may be switched off on, and calendar months in whole days.

People's tasks move to the working day before, a sunset only ever to a later day.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from apidiff.config.settings import Freeze
from apidiff.words.errors import ApidiffError

ONE: timedelta = timedelta(days=1)
FAR: int = 1500
"""Days to look through, four years, before a calendar counts as having no free day at all."""


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later, clamped to the month's end (31 August and six months: 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and freezes; Saturdays and Sundays are never worked on."""

    holidays: Sequence[date] = ()
    freezes: Sequence[Freeze] = ()

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        return day.weekday() < 5 and day not in self.holidays and not self.is_frozen(day)

    def is_frozen(self, day: date) -> bool:
        """Whether a day is in a freeze."""
        return any(freeze.first <= day <= freeze.last for freeze in self.freezes)

    def before(self, day: date, *, not_before: date) -> date:
        """The last working day up to a day; where that is before `not_before`, the first one from there on."""
        found = day
        while found >= not_before:
            if self.is_working(found):
                return found
            found -= ONE
        return self.after(not_before)

    def after(self, day: date) -> date:
        """The first working day from a day on. Errors: `calendar-full`."""
        return self._first(day, weekdays=(0, 1, 2, 3, 4))

    def sunset(self, day: date, weekdays: Sequence[int]) -> date:
        """The first day from a day on that is one of the weekdays (Monday is 0), no holiday and in no freeze.

        Errors: `calendar-full`.
        """
        return self._first(day, weekdays=weekdays)

    def working_days(self, first: date, last: date) -> list[date]:
        """The working days of a span, both ends included."""
        days = (first + timedelta(days=count) for count in range((last - first).days + 1))
        return [day for day in days if self.is_working(day)]

    def _first(self, day: date, *, weekdays: Sequence[int]) -> date:
        for count in range(FAR):
            candidate = day + timedelta(days=count)
            if candidate.weekday() in weekdays and self.is_working(candidate):
                return candidate
        raise ApidiffError(
            f"holidays and freezes leave no day free for four years from {day} on",
            code="calendar-full",
            hint="Shorten the freezes in apidiff.yaml.",
        )
