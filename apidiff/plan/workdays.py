"""Which days people work on, on which something may be announced or switched off, and calendar months in whole days.

People's tasks move to the working day before, an announcement and a sunset only ever to a later day; what moves a day
is said. Weeks of the year that are a peak are worked in, and nothing that callers notice happens in them.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apidiff.config.settings import YEAR_END, Freeze, Peak
from apidiff.plan.public_holidays import Named
from apidiff.words.errors import ApidiffError

ONE: timedelta = timedelta(days=1)
FAR: int = 1500
"""Days to look through, four years, before a calendar counts as having no free day at all."""
WORKED_ON: Final = (0, 1, 2, 3, 4)
NAMES: Final = ("a Monday", "a Tuesday", "a Wednesday", "a Thursday", "a Friday", "a Saturday", "a Sunday")

Reason = Callable[[date], str]


def add_months(day: date, months: int) -> date:
    """The same day some calendar months later, clamped to the month's end (31 August and six months: 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _none(_day: date) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays, freezes and peak weeks; Saturdays and Sundays are never worked on.

    `named` gives the name of a day's public holiday, or ""; with `year_end` its weeks are a peak, too.
    """

    holidays: Sequence[date] = ()
    freezes: Sequence[Freeze] = ()
    peaks: Sequence[Peak] = ()
    year_end: bool = False
    named: Named = _none

    def idle(self, day: date) -> str:
        """Why nobody works on a day, "" where people do."""
        if day.weekday() not in WORKED_ON:
            return NAMES[day.weekday()]
        if holiday := self._holiday(day):
            return holiday
        freeze = next((freeze for freeze in self.freezes if freeze.first <= day <= freeze.last), None)
        if freeze is None:
            return ""
        return f"a freeze until {freeze.last}" + (f" ({freeze.reason})" if freeze.reason else "")

    def busy(self, day: date) -> str:
        """Why nothing that callers notice happens on a day, "" where it may."""
        if reason := self.idle(day):
            return reason
        peaks = (*self.peaks, YEAR_END) if self.year_end else self.peaks
        peak = next((peak for peak in peaks if peak.holds(day)), None)
        if peak is not None:
            return peak.reason or "peak weeks"
        holiday = self._holiday(day + ONE)
        return f"the day before {holiday}" if holiday else ""

    def is_working(self, day: date) -> bool:
        """Whether people work on a day."""
        return not self.idle(day)

    def before(self, day: date, *, not_before: date) -> date:
        """The last working day up to a day; where that is before `not_before`, the first one from there on."""
        return self._last(day, not_before, self.idle) or self.after(not_before)

    def quiet_before(self, day: date, *, not_before: date) -> date:
        """The same among days on which something may be switched off; a working day where there is none of these."""
        return self._last(day, not_before, self.busy) or self.before(day, not_before=not_before)

    def after(self, day: date, *, weekdays: Sequence[int] = WORKED_ON) -> date:
        """The first working day from a day on that is one of the weekdays (Monday is 0). Errors: `calendar-full`."""
        return self._first(day, weekdays, self.idle)

    def quiet_after(self, day: date, *, weekdays: Sequence[int] = WORKED_ON) -> date:
        """The same among days on which something may be announced or switched off. Errors: `calendar-full`."""
        return self._first(day, weekdays, self.busy)

    def working_days(self, first: date, last: date) -> list[date]:
        """The working days of a span, both ends included."""
        return [day for day in _days(first, last) if self.is_working(day)]

    def moved(self, wanted: date, found: date, *, is_public: bool = False, weekdays: Sequence[int] = WORKED_ON) -> str:
        """Why a day is not the one that was wanted: what was met first and last on the way, "" where it is that day."""
        if found == wanted:
            return ""
        reason = self.busy if is_public else self.idle
        way = [*_days(wanted, found - ONE)] if found > wanted else [*_days(found + ONE, wanted)][::-1]
        met = [reason(day) or ("" if day.weekday() in weekdays else NAMES[day.weekday()]) for day in way]
        # a weekend on the way explains nothing, where something else did
        telling = [one for one in met if one and one not in NAMES] or [one for one in met if one][:1]
        shown = dict.fromkeys((telling[0], telling[-1])) if telling else ("another step is that close",)
        return f"not {wanted}: {' and '.join(shown)}"

    def asked(self, day: date, *, how: str = "as asked for") -> str:
        """What should be known of a day that somebody asked for, and which is kept."""
        return f"{how}, in spite of {reason}" if (reason := self.busy(day)) else ""

    def _holiday(self, day: date) -> str:
        return self.named(day) or ("a holiday" if day in self.holidays else "")

    def _last(self, day: date, not_before: date, reason: Reason) -> date | None:
        while day >= not_before:
            if not reason(day):
                return day
            day -= ONE
        return None

    def _first(self, day: date, weekdays: Sequence[int], reason: Reason) -> date:
        for candidate in _days(day, day + timedelta(days=FAR)):
            if candidate.weekday() in weekdays and not reason(candidate):
                return candidate
        raise ApidiffError(
            f"holidays and freezes leave no day free for four years from {day} on",
            code="calendar-full",
            hint="Shorten the freezes and the peaks in apidiff.yaml.",
        )


def _days(first: date, last: date) -> Iterator[date]:
    """The days of a span, both ends included."""
    return (first + timedelta(days=count) for count in range((last - first).days + 1))
