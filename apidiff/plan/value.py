"""The plan as one value, which every document renders, so that no two of them can disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from apidiff.config.settings import Answer
from apidiff.usage.evidence import Coverage, Depth, Evidence, Impact, OperationUse
from apidiff.words.changes import Change, Effort, OperationEntry, SpecHead
from apidiff.words.operation import OperationId


class Tier(StrEnum):
    """How an integrator is contacted, in the order of contact (contract, "Words")."""

    CALL = "call"
    PERSONAL_EMAIL = "personal-email"
    EMAIL = "email"
    NOTICE = "notice"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


CONTACTED: Final = (Tier.CALL, Tier.PERSONAL_EMAIL, Tier.EMAIL)
"""The tiers that get messages of their own, and whose successes keep a gate shut."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to "is this break necessary?" for one change: `expand`, or `proceed` with a reason and an owner."""

    change: str
    answer: Answer
    reason: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """The plan's dates, in UTC; all None where no usage evidence allows a date to be set."""

    announce: date | None = None
    deprecation: date | None = None
    sunset: date | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """What an earlier plan made public: its dates, the day on which it was made, and the integrators that it named."""

    dates: Dates
    planned_on: date
    integrators: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One dated step.

    `kind` is one of `review`, `evidence`, `call`, `changelog`, `block-new-keys`, `reminder`, `check-in`,
    `brownout`, `go-no-go`, `sunset`, `retrospective`; `who` is the role that does it; `number` counts reminders and
    brownouts.
    """

    id: str
    kind: str
    date: date
    title: str
    detail: str
    who: str
    number: int = 0
    moved: str = ""
    """Why it is not on the day that the policy or somebody asked for, or ""."""


KEPT: Final = ("status", "promised_date", "confirmed_migrated_at", "notes")
"""The columns of outreach.csv that people fill in; a new plan keeps them."""
COLUMNS: Final = (
    "rank", "tier", "score", "integrator", "name", "owner", "contact", "keys", "evidence", "operations", "changes",
    "logical_successes", "active_days", "attempts", "retry_loop", "first_seen", "last_seen", "depth", "revenue", "plan",
    "languages", "agent_share", "effort", "why", "next_action", "due", "channel", *KEPT,
)  # fmt: skip
"""The columns of outreach.csv in their order: fields of `PlannedIntegrator`, and what plan.json says of each."""


@dataclass(frozen=True, slots=True)
class PlannedIntegrator:
    """One integrator in the order of contact: what outreach.csv says (`COLUMNS`), and what it rests on.

    `keys` are masked; `languages` the names, most used first; `score_parts` the named terms whose sum, times
    `evidence_factor`, is the score.
    """

    rank: int
    tier: Tier
    score: float
    integrator: str
    name: str
    owner: str
    contact: str
    keys: tuple[str, ...]
    evidence: Evidence
    operations: tuple[OperationId, ...]
    changes: tuple[str, ...]
    logical_successes: int
    active_days: int
    attempts: int
    retry_loop: bool
    first_seen: str
    last_seen: str
    depth: Depth
    revenue: float | None
    plan: str
    languages: tuple[str, ...]
    agent_share: float
    effort: str
    why: str
    next_action: str
    due: date | None
    channel: str
    status: str
    promised_date: str
    confirmed_migrated_at: str
    notes: str
    impacts: tuple[Impact, ...] = ()
    score_parts: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    depth_operations: int = 0
    called_because: str = ""
    """Why it is of tier call: for its revenue, by its score, or pinned."""
    key_ids: tuple[str, ...] = ()
    """The digests of the account's keys under the folder's salt, by which later logs are told whose they are."""

    def is_spared(self, kept: frozenset[str]) -> bool:
        """Whether nothing meets it but changes of which the old form is kept."""
        return bool(self.changes) and kept.issuperset(self.changes)

    def with_written(self, cells: Mapping[str, str]) -> "PlannedIntegrator":
        """The integrator with what people wrote into the columns of `KEPT`."""
        written: dict[str, Any] = {column: cells[column] for column in KEPT if cells.get(column)}
        return replace(self, **written)


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change of the diff, with whom it meets and what was decided: here is what ends, and what is worse than what."""

    change: Change
    affected: Mapping[Evidence, int]
    decision: Decision | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the answer was to expand: then the old form stays beside the new one."""
        return self.decision is not None and self.decision.answer is Answer.EXPAND

    @property
    def proceeds(self) -> bool:
        """Whether the answer was to go ahead."""
        return self.decision is not None and self.decision.answer is Answer.PROCEED

    @property
    def ends(self) -> bool:
        """Whether the old thing stops working: the change breaks, and nobody decided to keep the old form."""
        return self.change.breaks and not self.is_kept

    def gravity(self, impact: Impact) -> tuple[int, int, int, str]:
        """How grave the change is for an integrator that it meets: sorted by this, the gravest come first.

        The surest evidence leads, then the most work, then the most calls; the id settles the rest.
        """
        work, name = self.weight()
        return _DOUBT[impact.evidence], work, -impact.logical_successes, name

    def weight(self) -> tuple[int, str]:
        """How grave the change is among those that meet an integrator alike: the most work first."""
        return -_WORK[self.change.effort], self.change.id


_DOUBT: Final = {evidence: place for place, evidence in enumerate(Evidence)}
_WORK: Final = {effort: place for place, effort in enumerate(Effort)}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof showed of the breaks that were decided to be kept: which are undone, and why others can't be.

    `served` are those that the middleware serves in front of a server of the revision. `is_written` says whether the
    folder has the expanded spec, which it has not for one of several files.
    """

    undone: tuple[str, ...] = ()
    left: Mapping[str, str] = field(default_factory=dict)
    served: tuple[str, ...] = ()
    is_written: bool = True


@dataclass(frozen=True, slots=True)
class PlannedOperation:
    """One operation that a breaking change reaches, with the dates and headers that it gets (names to values).

    `successor` is the operation that replaces it, where one is known.
    """

    operation: OperationEntry
    changes: tuple[str, ...]
    use: OperationUse | None
    removed: bool
    successor: OperationId | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the plan folder says.

    `draft` is the reason why the plan says DRAFT, or ""; `stamp` a sentence that every page shows ("no usage
    evidence: …", "emergency: …"), or ""; `caveats` is what its reader has to know of the logs. `changes` are all
    changes of the diff in its order; `cost` compares both sides' effort.
    """

    base: SpecHead
    revision: SpecHead
    summary: Mapping[str, Any]
    policy: Mapping[str, Any]
    dates: Dates
    usage: Coverage | None
    operations: tuple[PlannedOperation, ...]
    changes: tuple[PlannedChange, ...]
    integrators: tuple[PlannedIntegrator, ...]
    timeline: tuple[Step, ...]
    today: date
    draft: str = ""
    stamp: str = ""
    caveats: tuple[str, ...] = ()
    guide_url: str = ""
    languages: tuple[tuple[str, float], ...] = ()
    coverage_of_revenue: tuple[str, ...] = ()
    """Sentences such as "20 accounts are 71% of the revenue affected; 37 for 95%"."""
    cost: Mapping[str, Any] = field(default_factory=dict)
    planned_on: date | None = None
    """The day of the first plan with these dates, where it was before `today`: what was announced stays."""
    routes: tuple[OperationEntry, ...] = ()
    """Every operation of either spec, by which later logs are read."""

    @property
    def ending(self) -> tuple[Change, ...]:
        """The changes that end something, in the order of the diff."""
        return tuple(planned.change for planned in self.changes if planned.ends)

    @property
    def unaffected(self) -> tuple[OperationEntry, ...]:
        """The operations of the base that nothing ends, so that no pattern for another one may match them."""
        ending = {one.operation.id for one in self.operations}
        return tuple(one for one in self.routes if one.id not in ending and one.present != "revision")
