"""Whom a change meets: the answer of the logs, with counts, what that is worth, and when it was last seen."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

_BANDS: Final = ((5, "5 or fewer"), (20, "6 to 20"), (100, "21 to 100"), (1_000, "101 to 1,000"))
_MANY: Final = "more than 1,000"
_SOME: Final = "the snapshot can't tell of some accounts"


class Answer(StrEnum):
    """What logs say of a change, the gravest first: it meets somebody, nobody can say, or nobody in complete logs."""

    USED = "used"
    UNKNOWN = "unknown"
    UNUSED = "unused"


def in_band(count: int) -> str:
    """A number of accounts for everybody: so wide that no account shows."""
    return next((said for most, said in _BANDS if count <= most), _MANY)


@dataclass(frozen=True, slots=True)
class Affected:
    """How many accounts a change meets, by evidence; accounts that are left out do not count.

    `last_seen` is the last day of one of them (ISO, "" for never). `revenue` is what they pay a year, from the lowest
    to the highest that it can be; `unpriced` of them nobody knows what they pay. `why` says what an unknown rests on,
    and `unsure` of how many more accounts it can't be told. `names` are of those that pay the most, where they may be
    shown. What is `is_public` shows bands in the place of counts, a month, and neither names nor revenue.
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
    names: tuple[str, ...] = ()
    is_public: bool = False

    @property
    def accounts(self) -> int:
        """All of them, whatever the evidence."""
        return self.confirmed + self.probable + self.possible

    def for_everybody(self) -> "Affected":
        """The same in bands, for readers who are to learn of no account."""
        why = _SOME if self.unsure else self.why
        month = self.last_seen[:7]
        return replace(self, last_seen=month, revenue=(0, 0), unsure=0, why=why, names=(), is_public=True)

    def to_dict(self) -> dict[str, Any]:
        """The contract's JSON, and what it rests on."""
        if self.is_public:
            accounts = in_band(self.accounts) if self.accounts else "0"
            return {"accounts": accounts, "answer": self.answer.value, "last_seen": self.last_seen}
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
            **({"names": list(self.names)} if self.names else {}),
        }


@dataclass(frozen=True, slots=True)
class Seen:
    """What the answers rest on: logs or a snapshot, their days, and what keeps silence from proving anything.

    `hit` accounts, and `unclaimed` ones without an owner or a contact, meet something that breaks or endangers;
    `revenue` is what they pay a year, from the lowest to the highest that it can be.
    """

    kind: str
    first: str
    last: str
    days: int
    look_back_days: int
    keys: int
    gaps: tuple[str, ...] = ()
    hit: int = 0
    unclaimed: int = 0
    revenue: tuple[int, int] = (0, 0)
    is_public: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether who was not seen is not there."""
        return not self.gaps

    def for_everybody(self) -> "Seen":
        """The same in bands, for readers who are to learn of no account."""
        return replace(self, revenue=(0, 0), is_public=True)

    def to_dict(self) -> dict[str, Any]:
        """The JSON beside the answers."""
        counts: dict[str, Any] = {"keys": self.keys, "hit": self.hit, "unclaimed": self.unclaimed}
        counts["revenue"] = list(self.revenue)
        return {
            "kind": self.kind,
            "first": self.first,
            "last": self.last,
            "days_with_data": self.days,
            "look_back_days": self.look_back_days,
            **({"hit": in_band(self.hit + self.unclaimed)} if self.is_public else counts),
            "complete": self.is_complete,
            "gaps": list(self.gaps),
        }
