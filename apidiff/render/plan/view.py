"""What every document of the plan folder looks up in a plan: changes and operations by id, who is hit, the tiers.

Lookups and wordings only; a figure that two documents show is taken from here by both.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from apidiff.plan.opened import Group, open_groups
from apidiff.plan.value import CONTACTED, Plan, PlannedChange, PlannedIntegrator, Proof, Step, Tier
from apidiff.usage.evidence import Impact
from apidiff.words.amount import per_cent
from apidiff.words.changes import OperationEntry
from apidiff.words.escape import sentence

TIER_TITLES: Final[Mapping[Tier, str]] = {
    Tier.CALL: "Call",
    Tier.PERSONAL_EMAIL: "Personal e-mail",
    Tier.EMAIL: "E-mail",
    Tier.NOTICE: "Notice",
    Tier.UNKNOWN: "Unknown keys",
    Tier.EXCLUDED: "Excluded",
}
TIER_ACTIONS: Final[Mapping[Tier, str]] = {
    Tier.CALL: "The owner calls, before anything is public. The brief of each call is below.",
    Tier.PERSONAL_EMAIL: "The owner writes in person, follows up after 7 days and calls after 14 without an answer.",
    Tier.EMAIL: "An e-mail with the integrator's own evidence.",
    Tier.NOTICE: "The changelog, the guide and the response headers: only failing or old calls, or nothing that ends.",
    Tier.UNKNOWN: "Keys that no account or contact claims. Find out who holds them; nobody here has been told.",
    Tier.EXCLUDED: "Not contacted, with the reason.",
}
EVIDENCE_FACTOR: Final = "evidence_factor"
"""The part of a score that the others are multiplied by."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One change that meets one integrator."""

    planned: PlannedChange
    impact: Impact


@dataclass(frozen=True, slots=True)
class Held:
    """What a tier holds, in words: its share of the revenue affected, and how sure the evidence is."""

    revenue: str
    evidence: str


@dataclass(frozen=True, slots=True)
class View:
    """A plan with its lookups made once.

    `breaking` and `dangerous` are the changes of that level that no waiver lets pass, in the order of the diff; `hits`
    are an integrator's, the gravest first; `steps` are the timeline by kind.
    """

    plan: Plan
    breaking: tuple[PlannedChange, ...]
    dangerous: tuple[PlannedChange, ...]
    waived: tuple[PlannedChange, ...]
    by_change: Mapping[str, PlannedChange]
    entries: Mapping[str, OperationEntry]
    tiers: Mapping[Tier, tuple[PlannedIntegrator, ...]]
    hits: Mapping[str, tuple[Hit, ...]]
    steps: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    waiting: tuple[Group, ...] = ()
    """The open decisions, grouped by component, those of the most revenue first."""
    proof: Proof | None = None
    """What was shown of what is kept; nothing where nothing was decided so."""

    @property
    def decided(self) -> tuple[PlannedChange, ...]:
        """The breaks that somebody decided, what goes ahead first."""
        answered = (planned for planned in self.breaking if planned.decision is not None)
        return tuple(sorted(answered, key=lambda planned: planned.is_kept))

    @property
    def affected(self) -> tuple[PlannedIntegrator, ...]:
        """Everybody whom a change meets and who is not excluded, unknown keys among them, in the order of contact."""
        return tuple(one for one in self.plan.integrators if one.tier is not Tier.EXCLUDED)

    @property
    def contacted(self) -> tuple[PlannedIntegrator, ...]:
        """Those who get a message of their own, in the order of contact."""
        return tuple(one for tier in CONTACTED for one in self.tiers[tier])

    def to_do(self, one: PlannedIntegrator) -> tuple[Hit, ...]:
        """What an integrator has to see to, the gravest first: its hits without those that were decided to be kept."""
        return tuple(hit for hit in self.hits[one.integrator] if not hit.planned.is_kept)

    @property
    def broken_operations(self) -> tuple[str, ...]:
        """The operations that a breaking change reaches, in the order of the plan."""
        return tuple(dict.fromkeys(one for planned in self.breaking for one in planned.change.operations))

    @property
    def ending_operations(self) -> tuple[str, ...]:
        """Those of which something ends: what is kept beside the new form breaks nobody."""
        ending = (planned for planned in self.breaking if planned.ends)
        return tuple(dict.fromkeys(one for planned in ending for one in planned.change.operations))


def view(plan: Plan, proof: Proof | None = None) -> View:
    """The plan's lookups."""
    waived = tuple(planned for planned in plan.changes if planned.change.waiver is not None)
    by_change = {planned.change.id: planned for planned in plan.changes}
    steps: dict[str, tuple[Step, ...]] = {}
    for step in plan.timeline:
        steps[step.kind] = (*steps.get(step.kind, ()), step)
    tiers: dict[Tier, list[PlannedIntegrator]] = {tier: [] for tier in Tier}
    for one in plan.integrators:
        tiers[one.tier].append(one)
    return View(
        plan=plan,
        breaking=tuple(planned for planned in plan.changes if planned.change.breaks),
        dangerous=tuple(planned for planned in plan.changes if planned.change.endangers and not planned.change.breaks),
        waived=waived,
        by_change=by_change,
        entries=_entries(plan),
        tiers={tier: tuple(members) for tier, members in tiers.items()},
        hits=_Hits(plan, by_change),
        steps=steps,
        waiting=open_groups(plan),
        proof=proof,
    )


def _entries(plan: Plan) -> dict[str, OperationEntry]:
    """The operations that the plan knows, by id, each with the successor that the plan gives it."""
    planned = (replace(one.operation, moved_to=one.successor or one.operation.moved_to) for one in plan.operations)
    return {entry.id: entry for entry in (*plan.unaffected, *planned)}


class _Hits(Mapping[str, tuple[Hit, ...]]):
    """The hits of every integrator, put in order when they are asked for: most documents show the first few only."""

    def __init__(self, plan: Plan, by_change: Mapping[str, PlannedChange]) -> None:
        self._people = {one.integrator: one for one in plan.integrators}
        self._by_change = by_change
        self._made: dict[str, tuple[Hit, ...]] = {}

    def __getitem__(self, integrator: str) -> tuple[Hit, ...]:
        if integrator not in self._made:
            self._made[integrator] = _hits(self._people[integrator], self._by_change)
        return self._made[integrator]

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


def _hits(one: PlannedIntegrator, by_change: Mapping[str, PlannedChange]) -> tuple[Hit, ...]:
    found = ((change, impact) for impact in one.impacts for change in impact.changes)
    hits = [Hit(by_change[change], impact) for change, impact in found if change in by_change]
    return tuple(sorted(hits, key=_gravity))


def _gravity(hit: Hit) -> tuple[Any, ...]:
    """What ends before what only endangers, and that before what is kept; then the gravest first."""
    return hit.planned.is_kept, not hit.planned.change.breaks, *hit.planned.gravity(hit.impact)


def counted(count: int, noun: str, plural: str = "") -> str:
    """`1 integrator`, `12 integrators`, `no integrator`."""
    if count == 0:
        return f"no {noun}"
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def money(amount: float | None) -> str:
    """A yearly revenue, rounded to what a reader takes in; `–` where it is not known. The currency is the file's."""
    if amount is None:
        return "–"
    if abs(amount) >= 1_000_000:
        return f"{amount / 1_000_000:,.1f} M"
    if abs(amount) >= 10_000:
        return f"{amount / 1_000:,.0f} k"
    return f"{amount:,.0f}"


def held(view: View, tier: Tier) -> Held:
    """What a tier holds; nothing is held by those who are excluded."""
    shares = view.plan.summary["by_tier"][tier.value]
    share = shares["share_of_revenue"]
    found = [f"{count:,} {kind}" for kind, count in shares["evidence"].items() if count]
    nothing = share is None or not shares["integrators"]
    return Held("–" if nothing else per_cent(share), ", ".join(found) or "–")


def score_terms(one: PlannedIntegrator) -> tuple[tuple[str, float], ...]:
    """The named terms of a score, in points; their sum times the evidence factor is the score."""
    return tuple((name, points) for name, points in one.score_parts.items() if name != EVIDENCE_FACTOR)


def size_of(effort: str) -> str:
    """The work of an integrator as a word: the plan has S, M and L."""
    return {"S": "small", "M": "medium", "L": "large"}.get(effort, effort)


def necessity(planned: PlannedChange) -> str:
    """The answer to "is this break necessary?" as one sentence of ours, names in backticks."""
    decision, alternative = planned.decision, planned.change.alternative
    instead = sentence(alternative.summary) if alternative else ""
    avoid = f"An additive form is known. {instead}" if instead else "No additive form is known."
    if decision is None:
        open_ = "Undecided" if planned.change.breaks else "Only a strict client fails"
        return f"{open_}. {avoid}"
    if planned.is_kept:
        return f"Decided: expand, so that nothing breaks. {instead}".rstrip()
    by = f" ({decision.owner})" if decision.owner else ""
    return f"Decided: proceed{by}, because {decision.reason or 'no reason was given'}. {avoid}"
