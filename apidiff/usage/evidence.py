"""What a usage log says: its coverage, who the integrators are, what each does, and which changes meet whom.

Values only; `read`, `route`, `measure` and `join` make them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from apidiff.words.operation import OperationId


class Evidence(StrEnum):
    """What the log shows of one integrator for one change (contract, "Words"); none is the absence of an impact."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    POSSIBLE = "possible"


class Depth(StrEnum):
    """How far an integrator has built on the API: 1, 2, or 3 and more distinct operations that succeed."""

    EXPERIMENT = "experiment"
    GROWING = "growing"
    DEPENDENCY = "dependency"

    @classmethod
    def of(cls, operations: int) -> "Depth":
        """The class of a number of distinct operations."""
        return cls.EXPERIMENT if operations <= 1 else cls.GROWING if operations == 2 else cls.DEPENDENCY


@dataclass(frozen=True, slots=True)
class Account:
    """An integrator as the integrators file has it; `revenue` is a year's, `excluded` the reason or ""."""

    integrator: str
    name: str = ""
    contact: str = ""
    owner: str = ""
    revenue: float | None = None
    plan: str = ""
    created: date | None = None
    pinned: bool = False
    excluded: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether nobody can be told: there is no contact, and no call is certain."""
        return not self.contact and not self.pinned


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the logs was understood. Times are UTC; `span_days` counts first to last day, both included.

    `unmatched_shapes` are (shape, attempts) pairs with ids replaced, most frequent first; `malformed_samples`
    (place, reason) pairs such as ("usage.jsonl:17", "not JSON"), at most 20. `anonymous` rows had no key.
    `has_query` and `has_fields` say whether query strings and body fields were logged at all. Of the matched rows
    `successes` succeeded, and of those `keyless` had no key; `key_hint` says how the gateway is told to log one.
    `way_back` has the lines of apidiff.yaml that would match what is unmatched, or "". About `same` rows are another's
    double. `left_out` are (file, reason) pairs of what was found and not read; `read_as` says which field is which.
    """

    rows: int = 0
    matched: int = 0
    unmatched: int = 0
    malformed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    days_with_data: int = 0
    span_days: int = 0
    keys: int = 0
    unknown_keys: int = 0
    anonymous: int = 0
    unmatched_shapes: tuple[tuple[str, int], ...] = ()
    malformed_samples: tuple[tuple[str, str], ...] = ()
    has_query: bool = False
    has_fields: bool = False
    has_version: bool = False
    warnings: tuple[str, ...] = ()
    successes: int = 0
    keyless: int = 0
    key_hint: str = ""
    way_back: str = ""
    same: int = 0
    left_out: tuple[tuple[str, str], ...] = ()
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationUse:
    """What the whole log holds of one operation; zeros for one that nobody called."""

    operation: OperationId
    attempts: int
    logical_successes: int
    keys: int
    integrators: int
    first_seen: datetime | None
    last_seen: datetime | None


_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Impact(NamedTuple):
    """The changes that meet one integrator alike, over the operations that they reach: ids, in their order.

    Hundreds of changes of shared components reach the same operations, and of those the log shows the same.
    `seen` says what it shows, `hidden` by change what it can't; `raise_with` what logging would raise the evidence.
    It is a tuple, for there are hundreds of thousands, and a frozen dataclass takes many times as long to make; the
    texts are apart, for changes and accounts share them.
    """

    integrator: str
    changes: tuple[str, ...]
    evidence: Evidence
    operations: tuple[OperationId, ...]
    logical_successes: int
    attempts: int
    active_days: int
    first_seen: datetime | None
    last_seen: datetime | None
    seen: str = ""
    raise_with: str = ""
    longest_gap_days: int = 0
    """The most days from one active day to the next; of a use on a single day, the days of silence before or after."""
    hidden: Mapping[str, str] = _NOTHING

    def told(self, change: str) -> str:
        """What was seen of one of the changes and what could not be, as one sentence."""
        hidden = self.hidden.get(change)
        return f"{self.seen}; the log can't show {hidden}" if hidden else self.seen


def by_change(impacts: Iterable[Impact]) -> dict[str, Impact]:
    """The impacts of one integrator by each of their changes, in the order of the ids."""
    found = {change: impact for impact in impacts for change in impact.changes}
    return {change: found[change] for change in sorted(found)}


@dataclass(frozen=True, slots=True)
class Activity:
    """What one integrator does with the affected operations, and how deep it is in the API.

    `affected_operations` are those of its impacts that it called; `logical_successes`, `attempts`, `active_days`,
    `first_seen` and `last_seen` are over them; `depth` counts distinct successful operations of the whole API.
    `keys` are masked. `languages` are (language, share) pairs, largest first; `agent_share` is 0 to 1.
    `unknown` is set for a bucket made of one key that no account claims (its id is the masked key's digest).
    """

    account: Account
    keys: tuple[str, ...]
    affected_operations: tuple[OperationId, ...]
    logical_successes: int
    attempts: int
    active_days: int
    first_seen: datetime | None
    last_seen: datetime | None
    depth: int
    retry_loop: bool = False
    languages: tuple[tuple[str, float], ...] = ()
    agent_share: float = 0.0
    shared_key: bool = False
    unknown: bool = False
    recent_successes: int = 0
    """Logical successes on affected operations in the last 7 days of the log."""
    key_ids: tuple[str, ...] = ()
    """The digests of all keys of the account, those that the log never saw among them."""


@dataclass(frozen=True, slots=True)
class Exposures:
    """The join's whole answer: who is hit by what, and what was understood of the logs.

    `activities` holds every integrator with at least one impact, and every unknown key that called an affected
    operation; `impacts` are sorted by integrator, then by their first change.
    """

    coverage: Coverage
    activities: tuple[Activity, ...]
    impacts: tuple[Impact, ...]
    operations: tuple[OperationUse, ...] = ()
    metrics: Mapping[str, Any] = field(default_factory=dict)
    language_share: tuple[tuple[str, float], ...] = ()
    """(language, share of the affected logical successes), largest first."""
