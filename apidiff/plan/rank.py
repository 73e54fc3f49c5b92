"""Ranks the integrators that breaks meet: a score with every part shown, the tier, and why, in one sentence.

Call counts are a vanity metric: the score rests on logical successes and active days, capped by logarithm, and evidence
is never raised by volume. The figures are a heuristic for the order of conversations, and editable as such.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from apidiff.config.settings import Tiers, Weights
from apidiff.plan.rhythm import Rhythm, rhythm_of
from apidiff.plan.tiers import in_tiers
from apidiff.plan.value import PlannedChange, PlannedIntegrator, Tier
from apidiff.usage.evidence import Activity, Depth, Evidence, Exposures, Impact, by_change
from apidiff.words.changes import Effort

EVIDENCE_FACTOR: Final = {Evidence.CONFIRMED: 1.0, Evidence.PROBABLE: 0.7, Evidence.POSSIBLE: 0.3}
PLAN_VALUE: Final = {
    "enterprise": 1.0,
    "business": 0.7,
    "growth": 0.7,
    "pro": 0.4,
    "starter": 0.4,
    "free": 0.1,
    "trial": 0.1,
}
EFFORT: Final = {
    Effort.NONE: ("S", 0.3),
    Effort.CONFIG: ("S", 0.3),
    Effort.CODE: ("M", 0.6),
    Effort.REDESIGN: ("L", 1.0),
}
"""The size that people read and its share of the effort term, by the rule's effort."""
DEPTH_BASE: Final = {Depth.EXPERIMENT: 0.2, Depth.GROWING: 0.6, Depth.DEPENDENCY: 1.0}
HALF_LIFE_DAYS: Final = 14
FULL_CALLS: Final = 10_000
FULL_DAYS: Final = 30
FULL_AFFECTED: Final = 3
NEW_DAYS: Final = 30
AGENT_SHARE: Final = 0.5
TERMS: Final = {
    "value": "√ (its revenue ÷ the largest affected); without revenue, what its plan is worth",
    "usage": "half successful calls (log, full at 10,000), half active days (full at 30, or every run of a job)",
    "depth": "how many operations it uses (1, 2, 3 and more) × ½ to 1 for those that break",
    "recency": "halved every 14 days since the last use, or every longest gap of it",
    "effort": "the largest piece of work: small 0.3, medium 0.6, large 1",
}
"""The terms of the score, and how each comes about."""


@dataclass(frozen=True, slots=True)
class _Set:
    """Changes that meet integrators alike: those that the plan knows, those that end something, the gravest of these.

    `effort` is the most work that any of them takes, by its size and its share of the effort term.
    """

    known: tuple[str, ...]
    ending: tuple[str, ...]
    gravest: PlannedChange | None
    effort: tuple[str, float]


_NO_EFFORT: Final = "S", 0.3


@dataclass(frozen=True, slots=True)
class _Context:
    """What a score is measured against: the largest revenue affected, the log's last day, the operations that break.

    Thousands of integrators are met by the same sets of changes: what a set is, is asked once.
    """

    largest: float
    last_day: date
    affected: int
    weights: Weights
    changes: Mapping[str, PlannedChange]
    ending: frozenset[str]
    span_days: int
    _sets: dict[tuple[str, ...], _Set] = field(default_factory=dict)
    _unions: dict[tuple[tuple[str, ...], ...], tuple[str, ...]] = field(default_factory=dict)

    def of(self, changes: tuple[str, ...]) -> _Set:
        """What a set of changes is."""
        if changes not in self._sets:
            known = tuple(change for change in changes if change in self.changes)
            ending = tuple(change for change in known if change in self.ending)
            planned = [self.changes[change] for change in ending or known]
            efforts = (EFFORT[one.change.effort] for one in planned)
            self._sets[changes] = _Set(
                known=known,
                ending=ending,
                gravest=min(planned, key=PlannedChange.weight, default=None),
                effort=max(efforts, key=lambda pair: pair[1], default=_NO_EFFORT),
            )
        return self._sets[changes]

    def union(self, impacts: Sequence[Impact]) -> tuple[str, ...]:
        """The changes of all impacts of an integrator, in the order of their ids."""
        sets = tuple(impact.changes for impact in impacts)
        if sets not in self._unions:
            self._unions[sets] = tuple(sorted(chain.from_iterable(sets)))
        return self._unions[sets]


def rank(
    exposures: Exposures,
    changes: Sequence[PlannedChange],
    *,
    weights: Weights,
    limits: Tiers,
    today: date,
) -> tuple[PlannedIntegrator, ...]:
    """Everybody with an impact, in the order of contact: by tier, then revenue, score, last seen and id."""
    coverage = exposures.coverage
    context = _Context(
        largest=max((a.account.revenue or 0.0 for a in exposures.activities if not a.account.excluded), default=0.0),
        last_day=coverage.last.date() if coverage.last else today,
        affected=len({operation for impact in exposures.impacts for operation in impact.operations}),
        weights=weights,
        changes={planned.change.id: planned for planned in changes},
        ending=frozenset(planned.change.id for planned in changes if planned.ends),
        span_days=coverage.span_days,
    )
    impacts: dict[str, list[Impact]] = {}
    for impact in exposures.impacts:
        impacts.setdefault(impact.integrator, []).append(impact)
    scored = [
        _scored(activity, impacts.get(activity.account.integrator, []), context) for activity in exposures.activities
    ]
    fixed = {
        one.integrator: tier
        for one, activity in zip(scored, exposures.activities, strict=True)
        if (tier := _fixed_tier(one, activity, context)) is not None
    }
    return in_tiers(scored, fixed, limits)


def _scored(activity: Activity, impacts: Sequence[Impact], context: _Context) -> PlannedIntegrator:
    account = activity.account
    # what ends nothing raises neither the evidence nor the effort, unless there is nothing else
    grave = [impact for impact in impacts if context.of(impact.changes).ending] or impacts
    evidence = max((impact.evidence for impact in grave), key=EVIDENCE_FACTOR.__getitem__, default=Evidence.POSSIBLE)
    efforts = (context.of(impact.changes).effort for impact in grave)
    size, effort = max(efforts, key=lambda pair: pair[1], default=_NO_EFFORT)
    rhythm = rhythm_of(sorted(grave, key=lambda impact: context.of(impact.changes).ending or impact.changes))
    parts = _parts(activity, effort, rhythm, context)
    factor = EVIDENCE_FACTOR[evidence]
    score = round(factor * sum(parts.values()), 1)
    depth = Depth.of(activity.depth)
    return PlannedIntegrator(
        rank=0,
        tier=Tier.EMAIL,
        score=score,
        integrator=account.integrator,
        name=account.name,
        owner=account.owner,
        contact=account.contact,
        keys=activity.keys,
        evidence=evidence,
        operations=activity.affected_operations,
        changes=context.union(impacts),
        logical_successes=activity.logical_successes,
        active_days=activity.active_days,
        attempts=activity.attempts,
        retry_loop=activity.retry_loop,
        first_seen=activity.first_seen.date().isoformat() if activity.first_seen else "",
        last_seen=activity.last_seen.date().isoformat() if activity.last_seen else "",
        depth=depth,
        revenue=account.revenue,
        plan=account.plan,
        languages=tuple(language for language, _ in activity.languages),
        agent_share=round(activity.agent_share, 3),
        effort=size,
        why=_why(activity, impacts, context),
        next_action="",
        due=None,
        channel="",
        status="",
        promised_date="",
        confirmed_migrated_at="",
        notes="",
        impacts=tuple(impacts),
        score_parts={**{name: round(value, 2) for name, value in parts.items()}, "evidence_factor": factor},
        flags=_flags(activity, rhythm, context),
        depth_operations=activity.depth,
        key_ids=activity.key_ids,
    )


def _parts(activity: Activity, effort: float, rhythm: Rhythm, context: _Context) -> dict[str, float]:
    """The terms of the score, 0 to their weight; weights are renormalised over the terms whose input is known."""
    weights = context.weights
    terms: dict[str, tuple[float, float]] = {}
    value = _value(activity, context)
    if value is not None:
        terms["value"] = (weights.value, value)
    calls = min(1.0, math.log10(1 + activity.logical_successes) / math.log10(1 + FULL_CALLS))
    full = rhythm.full_days(FULL_DAYS, context.span_days)
    terms["usage"] = (weights.usage, 0.5 * calls + 0.5 * min(1.0, activity.active_days / full))
    terms["depth"] = (weights.depth, _depth(activity, context))
    if activity.last_seen is not None:
        days = max(0, (context.last_day - activity.last_seen.date()).days)
        # a job that runs at each month's end is as alive in between as one that runs every day
        terms["recency"] = (weights.recency, 0.5 ** (days / max(HALF_LIFE_DAYS, rhythm.gap)))
    terms["effort"] = (weights.effort, effort)
    total = sum(weight for weight, _ in terms.values()) or 1.0
    return {name: 100.0 * weight * share / total for name, (weight, share) in terms.items()}


def _value(activity: Activity, context: _Context) -> float | None:
    """The square root of the revenue as a share of the largest affected, else its plan's worth; None without both.

    Of the revenue affected an account four times as large is worth two times the points: concave, and no percentile.
    """
    revenue = activity.account.revenue
    if revenue is not None and context.largest > 0:
        return math.sqrt(min(1.0, max(revenue, 0.0) / context.largest))
    return PLAN_VALUE.get(activity.account.plan.strip().lower())


def _depth(activity: Activity, context: _Context) -> float:
    """How much of the API the integrator stands on, and how many of its operations break, of three at most.

    What else it calls is no share of it: more use never counts for less.
    """
    most = min(FULL_AFFECTED, max(context.affected, 1))
    share = min(1.0, len(activity.affected_operations) / most)
    return DEPTH_BASE[Depth.of(activity.depth)] * (0.5 + 0.5 * share)


def _fixed_tier(one: PlannedIntegrator, activity: Activity, context: _Context) -> Tier | None:
    """The tier that no score changes, None where the score decides."""
    account = activity.account
    if account.excluded:
        return Tier.EXCLUDED
    if activity.unknown:
        return Tier.UNKNOWN
    if account.pinned:
        return Tier.CALL
    if account.is_out_of_reach:
        return Tier.UNKNOWN
    if one.evidence is Evidence.POSSIBLE or "dormant" in one.flags:
        return Tier.NOTICE
    return Tier.NOTICE if context.ending.isdisjoint(one.changes) else None


def _is_dormant(activity: Activity, rhythm: Rhythm, context: _Context) -> bool:
    last = activity.last_seen
    return rhythm.is_dormant(last.date() if last else None, context.last_day)


def _flags(activity: Activity, rhythm: Rhythm, context: _Context) -> tuple[str, ...]:
    """What a person who calls should know; none of it is a point of the score."""
    found = []
    if activity.account.pinned:
        found.append("pinned")
    if activity.retry_loop:
        found.append("retry loop")
    if activity.agent_share >= AGENT_SHARE:
        found.append("claims to be an agent")
    if activity.shared_key:
        found.append("shared key")
    if not activity.account.contact:
        found.append("no contact")
    first = activity.first_seen
    if first and context.span_days > NEW_DAYS and (context.last_day - first.date()).days < NEW_DAYS:
        found.append("new in the last 30 days")
    said = rhythm.sentence(activity.last_seen.date() if activity.last_seen else None)
    if said:
        found.append(said)
    if _is_dormant(activity, rhythm, context):
        found.append("dormant")
    return tuple(found)


def _why(activity: Activity, impacts: Sequence[Impact], context: _Context) -> str:
    """One sentence: the gravest thing that was seen, how deep the integrator is, and how much it must change."""
    if activity.account.excluded:
        return f"Excluded: {activity.account.excluded}."
    met = [(impact, context.of(impact.changes)) for impact in impacts]
    known, ending = sum(len(one.known) for _, one in met), sum(len(one.ending) for _, one in met)
    grave = [(one.gravest, impact) for impact, one in met if one.gravest and (one.ending or not ending)]
    if not grave:
        return "Calls operations that break, but none of the changes reaches what it does."
    planned, first = min(grave, key=lambda pair: pair[0].gravity(pair[1]))
    parts = [f"{_capital(planned.change.title)}: {first.told(planned.change.id) or 'seen in the log'}"]
    if len(activity.keys) > 1:
        parts.append(f"{len(activity.keys)} keys")
    if activity.depth:
        operations = "operation" if activity.depth == 1 else "operations"
        parts.append(f"uses {activity.depth} {operations} ({Depth.of(activity.depth).value})")
    parts.append(_to_make(ending, known - ending))
    return "; ".join(parts) + "."


def _to_make(ending: int, others: int) -> str:
    """How many changes the integrator has to make, and how many only touch it."""
    made = "1 change to make" if ending == 1 else f"{ending} changes to make"
    if not ending:
        return f"nothing ends for it; {others} {'change touches' if others == 1 else 'changes touch'} what it uses"
    return f"{made}, {others} more to know" if others else made


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def explain(one: PlannedIntegrator, weights: Weights) -> str:
    """One screen on an integrator's place: the sentence, each term of the score, and the sum that anybody can check."""
    factor = one.score_parts.get("evidence_factor", 1.0)
    terms = [(name, value) for name, value in one.score_parts.items() if name != "evidence_factor"]
    missing = [name for name in TERMS if name not in one.score_parts]
    lines = [
        f"{one.name or one.integrator}: rank {one.rank}, tier {one.tier.value}, score {one.score}",
        one.why,
        "",
        *(f"  {name:<10}{value:>7.2f}   weight {getattr(weights, name):g}: {TERMS[name]}" for name, value in terms),
        f"  {'sum':<10}{sum(value for _, value in terms):>7.2f}",
        f"  × {factor:g} for evidence that is {one.evidence.value} = {one.score}",
    ]
    if one.called_because:
        lines.append(f"  called: {one.called_because}")
    if missing:
        lines.append(f"  not known and left out, the other weights scaled up: {', '.join(missing)}")
    if one.flags:
        lines.append(f"  to know: {', '.join(one.flags)}")
    for change, impact in by_change(one.impacts).items():
        lines.append(f"  {change} {impact.evidence.value}: {impact.told(change)}")
        if impact.raise_with:
            lines.append(f"    {impact.raise_with}")
    return "\n".join(lines) + "\n"
