"""Whom a change meets: the answer of the logs, with counts, what that is worth, and when it was last seen."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """What logs say of a change, the gravest first: it meets somebody, nobody can say, or nobody in complete logs."""

    USED = "used"
    UNKNOWN = "unknown"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Affected:
    """How many accounts a change meets, by evidence; accounts that are left out do not count.

    `last_seen` is the last day of one of them (ISO, "" for never). `revenue` is what they pay a year, from the lowest
    to the highest that it can be; `unpriced` of them nobody knows what they pay. `why` says what an unknown rests on,
    and `unsure` of how many more accounts it can't be told.
    """

    answer: Answer
    confirmed: int = 0
    probable: int = 0
    possible: int = 0
    last_seen: str = ""
    revenue: tuple[int, int] = (0, 0)
    unpriced: int = 0
    unsure: int = 0
    why: str = ""

    @property
    def accounts(self) -> int:
        """All of them, whatever the evidence."""
        return self.confirmed + self.probable + self.possible

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON, and what it rests on."""
        return {
            "confirmed": self.confirmed,
            "probable": self.probable,
            "possible": self.possible,
            "answer": self.answer.value,
            "last_seen": self.last_seen,
            "revenue": list(self.revenue),
            "unpriced": self.unpriced,
            "unsure": self.unsure,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """What the answers rest on: logs or a snapshot, their days, and what keeps silence from proving anything."""

    kind: str
    first: str
    last: str
    days: int
    look_back_days: int
    accounts: int
    gaps: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether who was not seen is not there."""
        return not self.gaps

    def to_dict(self) -> dict[str, Any]:
        """The JSON beside the answers."""
        return {
            "kind": self.kind,
            "first": self.first,
            "last": self.last,
            "days_with_data": self.days,
            "look_back_days": self.look_back_days,
            "accounts": self.accounts,
            "complete": self.is_complete,
            "gaps": list(self.gaps),
        }
