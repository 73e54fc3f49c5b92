"""The rhythm of a use: how often it comes back, whether it is overdue, and what too short a log can't tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from apidiff.usage.evidence import Impact

DORMANT_DAYS: Final = 60
RUN_DAYS: Final = 5
"""Days that are one run of a job, not its rhythm."""
REGULAR: Final = 1.6
"""A use is regular while its longest gap is no more than so many times its usual one."""
NAMES: Final = ((6, 8, "weekly"), (13, 16, "every two weeks"), (26, 35, "monthly"), (80, 100, "quarterly"))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a use comes back.

    `gap` is the most days from one run to the next, 0 without two of them; `is_regular` that the others are much the
    same; `is_single` that the log has one run, so that nobody can tell.
    """

    gap: int = 0
    is_regular: bool = False
    is_single: bool = False

    def is_dormant(self, last: date | None, last_day: date) -> bool:
        """Whether the use is over: it was silent for two of its gaps, and for 60 days at least.

        Of a single run nobody can say that it does not come back, once a quarter.
        """
        if last is None:
            return True
        return not self.is_single and (last_day - last).days > max(DORMANT_DAYS, 2 * self.gap)

    def full_days(self, most: int, span_days: int) -> int:
        """How many active days are all that such a use can have in the log."""
        return max(1, min(most, span_days // self.gap)) if self.is_regular else most

    def sentence(self, last: date | None) -> str:
        """What somebody who calls should know of it; "" for a use of every day, or of no rhythm."""
        if last is None:
            return ""
        if self.is_single:
            return "ran once in the log: whether monthly or quarterly can't be told"
        name = next((name for low, high, name in NAMES if low <= self.gap <= high), "")
        if not name or not self.is_regular:
            return ""
        at_end = name in ("monthly", "quarterly") and (last + timedelta(days=4)).month != last.month
        when = f"{name}, at the end of the month" if at_end else name
        return f"runs {when}; next about {(last + timedelta(days=self.gap)).isoformat()}"


def rhythm_of(impacts: Iterable[Impact]) -> Rhythm:
    """The rhythm of the use with the longest gaps among those of an integrator."""
    found = Rhythm()
    is_single = False
    for one in impacts:
        if one.first_seen is None or one.last_seen is None or not one.active_days:
            continue
        span = (one.last_seen.date() - one.first_seen.date()).days
        if one.active_days < 2 or span <= RUN_DAYS:
            is_single = True
            continue
        gap = max(1, one.longest_gap_days)
        if gap > found.gap:
            usual = span / (one.active_days - 1)
            found = Rhythm(gap, is_regular=one.longest_gap_days > RUN_DAYS and gap <= REGULAR * usual)
    return found if found.gap else Rhythm(is_single=is_single)
