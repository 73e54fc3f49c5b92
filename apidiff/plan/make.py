"""Makes the plan: the comparison, whom it meets, the dates, and everything that the documents then only render.

Pure: the same values and the same day give the same plan. Without usage evidence there are no dates.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from apidiff.config.settings import DecisionEntry, Tiers, Weights
from apidiff.plan.decide import answer
from apidiff.plan.doubts import doubt_sentences, doubts
from apidiff.plan.headers import headers
from apidiff.plan.policy import Policy
from apidiff.plan.rank import rank
from apidiff.plan.schedule import Wish, call_days, schedule, standing_wish
from apidiff.plan.tiers import after_changelog, coverage_sentences, shares
from apidiff.plan.value import (
    Announced,
    Dates,
    Decision,
    Plan,
    PlannedChange,
    PlannedIntegrator,
    PlannedOperation,
    Step,
    Tier,
)
from apidiff.plan.workdays import Calendar, add_months
from apidiff.usage.evidence import Evidence, Exposures, OperationUse
from apidiff.usage.trust import caveats, days_since, is_stale
from apidiff.words.amount import counted
from apidiff.words.changes import Comparison, Effort, OperationEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a plan is made for: the day, the policy, the wishes, what people decided, and how to rank.

    `decisions` are by what they are about; `previous` has what people wrote per integrator; `announced` what an
    earlier plan made public, which stays; `unkept` are the ids of what was decided to be kept and can't be; `no_usage`
    is the reason for dates without evidence, `stale_logs` that for dates by old logs.
    """

    today: date
    policy: Policy
    wish: Wish = field(default_factory=Wish)
    decisions: Mapping[str, DecisionEntry] = field(default_factory=dict)
    unkept: frozenset[str] = frozenset()
    weights: Weights = field(default_factory=Weights)
    limits: Tiers = field(default_factory=Tiers)
    calendar: Calendar = field(default_factory=Calendar)
    guide_url: str = ""
    previous: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    announced: Announced | None = None
    no_usage: str = ""
    stale_logs: str = ""

    @property
    def planned_on(self) -> date:
        """The day from which the dates count: that of the plan that was announced, else today."""
        return self.announced.planned_on if self.announced else self.today


def make_plan(comparison: Comparison, exposures: Exposures | None, brief: Brief) -> Plan:
    """The whole plan. Errors: those of `schedule` and of the decisions."""
    decided = _decided(comparison, brief.decisions, brief.unkept)
    ranked: tuple[PlannedIntegrator, ...] = ()
    if exposures is not None:
        ranked = rank(exposures, decided, weights=brief.weights, limits=brief.limits, today=brief.today)
    calls = sum(one.tier is Tier.CALL for one in ranked)
    ending = _ending(decided)
    # what was announced is on its way, whatever came up since
    is_open = brief.announced is None and any(one.change.breaks and one.decision is None for one in decided)
    removes = any(one.present == "base" and one.id in ending for one in comparison.operations)
    dates, timeline = _dates(exposures, brief, calls, is_open=is_open, removes=removes) if ending else (Dates(), ())
    ranked = _dated(ranked, dates, timeline, brief, is_open=is_open)
    changes = _affecting(decided, ranked)
    breaking = [one for one in changes if one.change.breaks]
    undecided = sum(one.decision is None for one in breaking)
    kept = frozenset(one.change.id for one in breaking if one.is_kept)
    hit = tuple(one for one in ranked if not one.is_spared(kept))
    summary = _summary(comparison, ranked, breaking, hit=hit, kept=kept)
    return Plan(
        base=comparison.base,
        revision=comparison.revision,
        summary=summary,
        policy=brief.policy.to_dict() | {"tiers": brief.limits.to_dict()},
        dates=dates,
        usage=exposures.coverage if exposures else None,
        operations=_operations(comparison.operations, ending, exposures, dates=dates, guide_url=brief.guide_url),
        routes=comparison.operations,
        changes=changes,
        integrators=ranked,
        timeline=timeline,
        today=brief.today,
        planned_on=brief.planned_on,
        draft=_undecided(undecided, len(breaking)),
        stamp=_stamp(exposures, brief),
        caveats=caveats(exposures.coverage, brief.today) if exposures else (),
        guide_url=brief.guide_url,
        languages=exposures.language_share if exposures else (),
        coverage_of_revenue=(*coverage_sentences(hit, brief.limits), *doubt_sentences(summary["doubts"])),
        cost=_cost(breaking, ranked, brief.policy),
    )


def _decided(
    comparison: Comparison, decisions: Mapping[str, DecisionEntry], unkept: frozenset[str]
) -> tuple[PlannedChange, ...]:
    """The changes with what was decided, before anybody knows whom they meet. Errors: those of `answer`.

    What was decided to be kept and can't be is as open as if nobody had decided it.
    """
    found = answer(comparison.changes, comparison.operations, decisions).by_change
    found = {change: entry for change, entry in found.items() if change not in unkept}
    return tuple(PlannedChange(change, {}, _decision(change.id, found.get(change.id))) for change in comparison.changes)


def _decision(change: str, entry: DecisionEntry | None) -> Decision | None:
    return None if entry is None else Decision(change, entry.answer, entry.reason, entry.owner)


def _undecided(undecided: int, breaking: int) -> str:
    if not undecided:
        return ""
    verb = "is" if undecided == 1 else "are"
    return f"{undecided:,} of {counted(breaking, 'breaking change')} {verb} undecided"


def _stamp(exposures: Exposures | None, brief: Brief) -> str:
    parts = []
    if exposures is None:
        parts.append(f"no usage evidence: {brief.no_usage or 'no log was given, so there are no dates'}")
    elif is_stale(exposures.coverage, brief.today):
        days = days_since(exposures.coverage, brief.today)
        why = brief.stale_logs or ("the announced dates stay" if brief.announced else "so there are no dates")
        parts.append(f"the logs ended {counted(days, 'day')} before this plan: {why}")
    if brief.wish.emergency:
        parts.append(f"emergency: {brief.wish.emergency}")
    return "; ".join(parts)


def _dates(
    exposures: Exposures | None, brief: Brief, calls: int, *, is_open: bool, removes: bool
) -> tuple[Dates, tuple[Step, ...]]:
    """The dates of what ends; none before the evidence, nor by logs of long ago."""
    announced = brief.announced
    if exposures is None and not brief.no_usage:
        return Dates(), ()
    is_old = exposures is not None and is_stale(exposures.coverage, brief.today)
    if is_old and announced is None and not brief.stale_logs:
        return Dates(), ()
    wish = brief.wish if announced is None else standing_wish(brief.wish, announced.dates)
    made = partial(
        schedule,
        brief.policy,
        today=brief.planned_on,
        calendar=brief.calendar,
        calls=calls,
        is_open=is_open,
        removes=removes,
    )
    promised = announced.dates if announced else Dates()
    if wish.sunset is None and promised.announce and promised.sunset:
        # what was promised stays, unless the policy gives more time by now
        is_enough = promised.sunset >= add_months(promised.announce, brief.policy.window_months)
        wish = replace(wish, sunset=promised.sunset if is_enough else None)
    return made(wish)


def _dated(
    ranked: Sequence[PlannedIntegrator], dates: Dates, timeline: Sequence[Step], brief: Brief, *, is_open: bool
) -> tuple[PlannedIntegrator, ...]:
    """Everybody with the day on which the next action is due, and with what people wrote in an earlier plan."""
    calls = [one for one in ranked if one.tier is Tier.CALL]
    due: dict[str, date] = {}
    if dates.announce is not None:
        days = call_days(brief.planned_on, dates.announce, len(calls), brief.calendar, is_open=is_open)
        due = {one.integrator: day for one, day in zip(calls, days, strict=True)}
        evidence = next((step.date for step in timeline if step.kind == "evidence"), brief.today)
        soon = brief.calendar.after(dates.announce + timedelta(days=1))
        by_tier = {
            Tier.PERSONAL_EMAIL: dates.announce,
            Tier.EMAIL: soon,
            Tier.NOTICE: dates.announce,
            Tier.UNKNOWN: evidence,
        }
        due |= {one.integrator: by_tier[one.tier] for one in ranked if one.tier in by_tier}
    if brief.announced is not None:
        # who was not in the plan that was announced has not heard of it: the next working day
        soon = brief.calendar.after(brief.today + timedelta(days=1))
        due |= {name: max(day, soon) for name, day in due.items() if name not in brief.announced.integrators}
    ranked = [after_changelog(one, dates.announce, brief.today) for one in ranked]
    if is_open:
        ranked = [
            replace(one, next_action=f"decide the breaks; then {one.next_action}") if one.tier is Tier.CALL else one
            for one in ranked
        ]
    return tuple(
        replace(one, due=due.get(one.integrator)).with_written(brief.previous.get(one.integrator, {})) for one in ranked
    )


def _affecting(decided: Sequence[PlannedChange], ranked: Sequence[PlannedIntegrator]) -> tuple[PlannedChange, ...]:
    """The changes, each with how many integrators it meets by evidence; those excluded do not count."""
    sets = Counter(
        (impact.changes, impact.evidence) for one in ranked if one.tier is not Tier.EXCLUDED for impact in one.impacts
    )
    met = Counter[tuple[str, Evidence]]()
    for (changes, evidence), count in sets.items():
        met.update(dict.fromkeys(((change, evidence) for change in changes), count))
    return tuple(
        replace(one, affected={evidence: met[one.change.id, evidence] for evidence in Evidence}) for one in decided
    )


def _summary(
    comparison: Comparison,
    ranked: Sequence[PlannedIntegrator],
    breaking: Sequence[PlannedChange],
    *,
    hit: Sequence[PlannedIntegrator],
    kept: frozenset[str],
) -> dict[str, Any]:
    """Every figure that documents show; no document counts for itself.

    Whom nothing meets but what is `kept` is spared, and not `hit`.
    """
    affected = [one for one in hit if one.tier is not Tier.EXCLUDED]
    return {
        **comparison.summary,
        "avoidable": sum(one.change.is_avoidable for one in breaking),
        "decided_to_expand": sum(one.is_kept for one in breaking),
        "decided_to_proceed": sum(one.proceeds for one in breaking),
        "undecided": sum(one.decision is None for one in breaking),
        "integrators_affected": sum(one.tier is not Tier.UNKNOWN for one in affected),
        "integrators_spared": sum(one.tier is not Tier.EXCLUDED for one in ranked) - len(affected),
        "revenue_affected": sum(one.revenue or 0.0 for one in affected),
        "tiers": {tier.value: sum(one.tier is tier for one in ranked) for tier in Tier},
        "by_tier": shares(ranked, kept),
        "doubts": doubts(hit, kept),
        "evidence": {kind.value: sum(one.evidence is kind for one in affected) for kind in Evidence},
    }


def _ending(decided: Sequence[PlannedChange]) -> dict[str, list[str]]:
    """The operations of which something ends, each with the ids of the changes by which it does."""
    changes: dict[str, list[str]] = {}
    for one in decided:
        if one.ends:
            for name in one.change.operations:
                changes.setdefault(name, []).append(one.change.id)
    return changes


def _operations(
    operations: Sequence[OperationEntry],
    ending: Mapping[str, Sequence[str]],
    exposures: Exposures | None,
    *,
    dates: Dates,
    guide_url: str,
) -> tuple[PlannedOperation, ...]:
    """The operations that end, with their headers; one entry and one pair of dates for each."""
    uses: dict[str, OperationUse] = {use.operation: use for use in exposures.operations} if exposures else {}
    found = []
    for operation in operations:
        if operation.id not in ending:
            continue
        made: Mapping[str, str] = {}
        if dates.deprecation is not None and dates.sunset is not None:
            ends = dates.sunset if operation.present == "base" else None
            made = headers(dates.deprecation, ends, guide_url=guide_url, successor=operation.moved_to)
        found.append(
            PlannedOperation(
                operation=operation,
                changes=tuple(ending[operation.id]),
                use=uses.get(operation.id),
                removed=operation.present == "base",
                successor=operation.moved_to,
                headers=made,
            )
        )
    return tuple(found)


def _cost(breaking: Sequence[PlannedChange], ranked: Sequence[PlannedIntegrator], policy: Policy) -> dict[str, Any]:
    """Who bears the cost: what every integrator has to do, against what keeping the old way costs us."""
    people = [one for one in ranked if one.tier not in (Tier.EXCLUDED, Tier.NOTICE)]
    sizes = {size: sum(one.effort == size for one in people) for size in ("S", "M", "L")}
    hard = sum(one.change.effort in (Effort.CODE, Effort.REDESIGN) for one in breaking)
    avoidable = sum(one.change.is_avoidable for one in breaking)
    migrations = ", ".join(f"{sizes[size]} {word}" for size, word in (("S", "small"), ("M", "medium"), ("L", "large")))
    return {
        "integrators": f"{len(people)} to migrate ({migrations}); {hard:,} of {len(breaking):,} breaks take code",
        "ours": (
            f"{avoidable:,} of {len(breaking):,} breaks have an additive form: the old beside the new "
            f"for {policy.window_months} months"
        ),
    }
