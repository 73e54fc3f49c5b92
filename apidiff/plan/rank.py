"""Ranks the integrators that breaks meet: a score with every part shown, the tier, and why, in one sentence.

Call counts are a vanity metric: the score rests on logical successes and active days, capped by logarithm, and evidence
is never raised by volume. The figures are a heuristic for the order of conversations, and editable as such.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from apidiff.config.settings import Tiers, Weights
from apidiff.plan.value import PlannedChange, PlannedIntegrator, Tier
from apidiff.usage.evidence import Activity, Depth, Evidence, Exposures, Impact
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
DORMANT_DAYS: Final = 60
NEW_DAYS: Final = 30
HIGH_SCORE: Final = 50.0
"""From this score on the owner writes, whatever the coverage of revenue."""
AGENT_SHARE: Final = 0.5
TRIALS: Final = frozenset({"trial", "free"})
ORDER: Final = {tier: place for place, tier in enumerate(Tier)}
ACTIONS: Final = {
    Tier.CALL: ("call before the changelog", "phone"),
    Tier.PERSONAL_EMAIL: ("write in person, call on no reply in 14 days", "e-mail by the owner"),
    Tier.EMAIL: ("send the e-mail with its own evidence", "e-mail"),
    Tier.NOTICE: ("changelog and headers", "changelog"),
    Tier.UNKNOWN: ("find the owner of the key", "search"),
    Tier.EXCLUDED: ("none", "none"),
}


@dataclass(frozen=True, slots=True)
class _Context:
    """What a score is measured against: everybody's revenue, the log's last day, the operations that break."""

    revenues: Sequence[float]
    last_day: date
    affected: int
    weights: Weights
    changes: Mapping[str, PlannedChange]
    ending: frozenset[str]
    span_days: int


def rank(
    exposures: Exposures,
    changes: Sequence[PlannedChange],
    *,
    weights: Weights,
    limits: Tiers,
    today: date,
) -> tuple[PlannedIntegrator, ...]:
    """Everybody with an impact, in the order of contact: by tier, then score, value, last seen and id."""
    coverage = exposures.coverage
    context = _Context(
        revenues=sorted(a.account.revenue for a in exposures.activities if a.account.revenue is not None),
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
    ordered = sorted(scored, key=_by_score)
    tiered = _tiers(ordered, {a.account.integrator: a for a in exposures.activities}, limits, context)
    final = sorted(tiered, key=lambda one: (ORDER[one.tier], *_by_score(one)))
    return tuple(replace(one, rank=place) for place, one in enumerate(final, start=1))


def _by_score(one: PlannedIntegrator) -> tuple[float, float, str, str]:
    """Highest score first, then value, then last seen, then id: the same order on every run."""
    return (-one.score, -(one.revenue or 0.0), _descending(one.last_seen), one.integrator)


def _descending(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(character)) for character in text) if text else chr(0x10FFFF)


def _scored(activity: Activity, impacts: Sequence[Impact], context: _Context) -> PlannedIntegrator:
    account = activity.account
    # what ends nothing raises neither the evidence nor the effort, unless there is nothing else
    grave = [impact for impact in impacts if impact.change in context.ending] or impacts
    evidence = max((impact.evidence for impact in grave), key=EVIDENCE_FACTOR.__getitem__, default=Evidence.POSSIBLE)
    efforts = [context.changes[impact.change].change.effort for impact in grave if impact.change in context.changes]
    size, effort = max((EFFORT[effort] for effort in efforts), key=lambda pair: pair[1], default=("S", 0.3))
    rhythm = max((impact.longest_gap_days for impact in grave if impact.active_days > 1), default=0)
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
        changes=tuple(impact.change for impact in impacts),
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
        flags=_flags(activity, context),
        depth_operations=activity.depth,
        key_ids=activity.key_ids,
    )


def _parts(activity: Activity, effort: float, rhythm: int, context: _Context) -> dict[str, float]:
    """The terms of the score, 0 to their weight; weights are renormalised over the terms whose input is known."""
    weights = context.weights
    terms: dict[str, tuple[float, float]] = {}
    value = _value(activity, context)
    if value is not None:
        terms["value"] = (weights.value, value)
    calls = min(1.0, math.log10(1 + activity.logical_successes) / math.log10(1 + FULL_CALLS))
    terms["usage"] = (weights.usage, 0.5 * calls + 0.5 * min(1.0, activity.active_days / FULL_DAYS))
    terms["depth"] = (weights.depth, _depth(activity, context))
    if activity.last_seen is not None:
        days = max(0, (context.last_day - activity.last_seen.date()).days)
        # a job that runs at each month's end is as alive in between as one that runs every day
        terms["recency"] = (weights.recency, 0.5 ** (days / max(HALF_LIFE_DAYS, rhythm)))
    terms["effort"] = (weights.effort, effort)
    total = sum(weight for weight, _ in terms.values()) or 1.0
    return {name: 100.0 * weight * share / total for name, (weight, share) in terms.items()}


def _value(activity: Activity, context: _Context) -> float | None:
    """The account's place among the revenues of those affected, else its plan's worth; None where neither is known."""
    revenue = activity.account.revenue
    if revenue is not None and context.revenues:
        return bisect_right(context.revenues, revenue) / len(context.revenues)
    return PLAN_VALUE.get(activity.account.plan.strip().lower())


def _depth(activity: Activity, context: _Context) -> float:
    """How much of the API the integrator stands on, and how much of that breaks."""
    used = max(activity.depth, 1)
    reachable = min(used, max(context.affected, 1))
    share = min(1.0, len(activity.affected_operations) / reachable)
    return DEPTH_BASE[Depth.of(activity.depth)] * (0.5 + 0.5 * share)


def _tiers(
    ordered: Sequence[PlannedIntegrator],
    activities: Mapping[str, Activity],
    limits: Tiers,
    context: _Context,
) -> list[PlannedIntegrator]:
    """Each integrator with its tier (contract, "Words"), in the order of score."""
    tiers: dict[str, Tier] = {}
    for one in ordered:
        fixed = _fixed_tier(one, activities[one.integrator], context)
        if fixed is not None:
            tiers[one.integrator] = fixed
    callable_ = [one for one in ordered if one.integrator not in tiers and _may_call(one)]
    for one in callable_[: max(limits.call, 0)]:
        tiers[one.integrator] = Tier.CALL
    measure = _measure(ordered)
    contacted = [one for one in ordered if tiers.get(one.integrator, Tier.EMAIL) in (Tier.CALL, Tier.EMAIL)]
    goal = limits.revenue_share * sum(measure(one) for one in contacted)
    covered = sum(measure(one) for one in contacted if tiers.get(one.integrator) is Tier.CALL)
    for one in contacted:
        if one.integrator in tiers:
            continue
        is_next = covered < goal and measure(one) > 0
        tiers[one.integrator] = Tier.PERSONAL_EMAIL if is_next or one.score >= HIGH_SCORE else Tier.EMAIL
        covered += measure(one)
    return [_in_tier(one, tiers[one.integrator]) for one in ordered]


def _fixed_tier(one: PlannedIntegrator, activity: Activity, context: _Context) -> Tier | None:
    """The tier that no score changes, None where the score decides."""
    account = activity.account
    if account.excluded:
        return Tier.EXCLUDED
    if activity.unknown:
        return Tier.UNKNOWN
    if account.pinned:
        return Tier.CALL
    if not account.contact:
        return Tier.UNKNOWN
    if one.evidence is Evidence.POSSIBLE or _is_dormant(activity, context):
        return Tier.NOTICE
    return None if context.ending.intersection(one.changes) else Tier.NOTICE


def _is_dormant(activity: Activity, context: _Context) -> bool:
    last = activity.last_seen
    return last is None or context.last_day - last.date() > timedelta(days=DORMANT_DAYS)


def _may_call(one: PlannedIntegrator) -> bool:
    """A personal call takes a logical success, and more than a trial of one operation."""
    is_trial = one.plan.strip().lower() in TRIALS and one.depth is Depth.EXPERIMENT
    return one.logical_successes > 0 and not is_trial


def _measure(ordered: Iterable[PlannedIntegrator]) -> Callable[[PlannedIntegrator], float]:
    has_revenue = any(one.revenue for one in ordered)
    return _revenue if has_revenue else _calls


def _revenue(one: PlannedIntegrator) -> float:
    return max(one.revenue or 0.0, 0.0)


def _calls(one: PlannedIntegrator) -> float:
    return float(one.logical_successes)


def _in_tier(one: PlannedIntegrator, tier: Tier) -> PlannedIntegrator:
    action, channel = ACTIONS[tier]
    return replace(one, tier=tier, next_action=action, channel=channel)


def coverage_sentences(ranked: Sequence[PlannedIntegrator], *, share: float) -> tuple[str, ...]:
    """What the calls cover of the revenue affected (of the logical successes where no revenue is known)."""
    affected = [one for one in ranked if one.tier not in (Tier.EXCLUDED, Tier.UNKNOWN)]
    measure = _measure(affected)
    total = sum(measure(one) for one in affected)
    if not total:
        return ()
    noun = "revenue affected" if measure is _revenue else "successful calls affected"
    called = [one for one in affected if one.tier is Tier.CALL]
    part = sum(measure(one) for one in called) / total
    needed = 0
    amount = 0.0
    for one in sorted(affected, key=lambda one: (-measure(one), one.integrator)):
        if amount >= share * total:
            break
        amount += measure(one)
        needed += 1
    accounts = "account" if len(called) == 1 else "accounts"
    need = f"{needed} {'is' if needed == 1 else 'are'} needed for {share:.0%}"
    return (f"The {len(called)} {accounts} of tier call are {part:.0%} of the {noun}; {need}",)


def _flags(activity: Activity, context: _Context) -> tuple[str, ...]:
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
    if _is_dormant(activity, context):
        found.append("dormant")
    return tuple(found)


def _why(activity: Activity, impacts: Sequence[Impact], context: _Context) -> str:
    """One sentence: the gravest thing that was seen, how deep the integrator is, and how much it must change."""
    if activity.account.excluded:
        return f"Excluded: {activity.account.excluded}."
    known = [impact for impact in impacts if impact.change in context.changes]
    ending = [impact for impact in known if impact.change in context.ending]
    if not known:
        return "Calls operations that break, but none of the changes reaches what it does."
    first = min(ending or known, key=lambda impact: context.changes[impact.change].gravity(impact))
    parts = [f"{_capital(context.changes[first.change].change.title)}: {first.seen or 'seen in the log'}"]
    if len(activity.keys) > 1:
        parts.append(f"{len(activity.keys)} keys")
    if activity.depth:
        operations = "operation" if activity.depth == 1 else "operations"
        parts.append(f"uses {activity.depth} {operations} ({Depth.of(activity.depth).value})")
    parts.append(_to_make(len(ending), len(known) - len(ending)))
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
    missing = [name for name in ("value", "usage", "depth", "recency", "effort") if name not in one.score_parts]
    lines = [
        f"{one.name or one.integrator}: rank {one.rank}, tier {one.tier.value}, score {one.score}",
        one.why,
        "",
        *(f"  {name:<10}{value:>7.2f}   weight {getattr(weights, name):g}" for name, value in terms),
        f"  {'sum':<10}{sum(value for _, value in terms):>7.2f}",
        f"  × {factor:g} for evidence that is {one.evidence.value} = {one.score}",
    ]
    if missing:
        lines.append(f"  not known and left out, the other weights scaled up: {', '.join(missing)}")
    if one.flags:
        lines.append(f"  to know: {', '.join(one.flags)}")
    for impact in one.impacts:
        lines.append(f"  {impact.change} {impact.evidence.value}: {impact.seen}")
        if impact.raise_with:
            lines.append(f"    {impact.raise_with}")
    return "\n".join(lines) + "\n"
