"""Who is contacted how: calls in two strokes, personal e-mails while they cover revenue, and what each tier holds.

One line of all, the most revenue first. The head of the line is called, as few as it takes for the calls to hold their
share of the revenue affected; the calls that are left go by score. Whoever gains revenue, evidence or use never falls.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import fsum
from typing import Any, Final

from apidiff.config.settings import Tiers
from apidiff.plan.value import PlannedIntegrator, Tier
from apidiff.usage.evidence import Depth, Evidence
from apidiff.words.amount import counted, per_cent

TRIALS: Final = frozenset({"trial", "free"})
ORDER: Final = {tier: place for place, tier in enumerate(Tier)}
DOUBT: Final = {evidence: place for place, evidence in enumerate(Evidence)}
ACTIONS: Final = {
    Tier.CALL: ("call before the changelog", "phone"),
    Tier.PERSONAL_EMAIL: ("write in person, call on no reply in 14 days", "e-mail by the owner"),
    Tier.EMAIL: ("send the e-mail with its own evidence", "e-mail"),
    Tier.NOTICE: ("changelog and headers", "changelog"),
    Tier.UNKNOWN: ("find the owner of the key", "search"),
    Tier.EXCLUDED: ("none", "none"),
}
LATE_CALL: Final = "call now: the changelog is out"
PINNED: Final = "pinned"
BY_REVENUE: Final = "among the accounts that hold the most of the revenue affected"
BY_SCORE: Final = "among the highest scores of the others"

Measure = Callable[[PlannedIntegrator], float]


def in_tiers(
    people: Sequence[PlannedIntegrator], fixed: Mapping[str, Tier], limits: Tiers
) -> tuple[PlannedIntegrator, ...]:
    """Everybody in the order of contact, with tier and rank; `fixed` are the tiers that no figure changes."""
    line = sorted(people, key=_place)
    tiers = dict(fixed)
    reasons = {name: PINNED for name, tier in fixed.items() if tier is Tier.CALL}
    open_ = [one for one in line if one.integrator not in fixed]
    pinned = [one for one in line if one.integrator in reasons]
    for one, reason in _calls(open_, pinned, limits):
        tiers[one.integrator] = Tier.CALL
        reasons[one.integrator] = reason
    measure = _measure(one for one in line if fixed.get(one.integrator) is not Tier.EXCLUDED)
    called = [one for one in line if tiers.get(one.integrator) is Tier.CALL]
    goal = limits.revenue_share * fsum(map(measure, (*pinned, *open_)))
    covered = fsum(map(measure, called))
    for one in open_:
        if one.integrator not in tiers:
            tiers[one.integrator] = Tier.PERSONAL_EMAIL if covered < goal and measure(one) > 0 else Tier.EMAIL
            covered += measure(one)
    line.sort(key=lambda one: ORDER[tiers[one.integrator]])
    return tuple(
        _in_tier(one, tiers[one.integrator], place, reasons.get(one.integrator, ""))
        for place, one in enumerate(line, start=1)
    )


def _calls(
    line: Sequence[PlannedIntegrator], pinned: Sequence[PlannedIntegrator], limits: Tiers
) -> list[tuple[PlannedIntegrator, str]]:
    """Who is called, with the reason: as few by revenue as the share takes, the other calls by score."""
    candidates = [one for one in line if not _is_trial(one)]
    by_score = sorted(candidates, key=_by_score)
    slots = min(limits.call, len(candidates))
    goal = limits.call_share * fsum(_revenue(one) for one in (*pinned, *line))
    before = fsum(map(_revenue, pinned))

    def chosen(first: int) -> list[PlannedIntegrator]:
        head = {one.integrator for one in candidates[:first]}
        others = [one for one in by_score[:slots] if one.integrator not in head]
        return [*candidates[:first], *others[: slots - first]]

    if not slots:
        return []
    if not goal:
        return [(one, BY_SCORE) for one in chosen(0)]
    # each further account by revenue adds to what the calls hold, so the first number that suffices can be halved for
    first = 1 + bisect_left(range(1, slots), goal, key=lambda n: before + fsum(map(_revenue, chosen(n))))
    richest = _holding(candidates, goal - before)
    return [(one, BY_REVENUE if one.integrator in richest else BY_SCORE) for one in chosen(first)]


def _holding(line: Sequence[PlannedIntegrator], goal: float) -> set[str]:
    """The ids of the largest that hold the goal together."""
    found, amount = set(), 0.0
    for one in line:
        if amount >= goal:
            break
        found.add(one.integrator)
        amount += _revenue(one)
    return found


def _is_trial(one: PlannedIntegrator) -> bool:
    """A trial of one operation that pays nothing gets no personal call."""
    return not one.revenue and one.plan.strip().lower() in TRIALS and one.depth is Depth.EXPERIMENT


def _place(one: PlannedIntegrator) -> tuple[Any, ...]:
    """The most revenue first, then the highest score: the same order on every run."""
    return -_revenue(one), -one.score, *_use(one)


def _by_score(one: PlannedIntegrator) -> tuple[Any, ...]:
    return -one.score, -_revenue(one), *_use(one)


def _use(one: PlannedIntegrator) -> tuple[Any, ...]:
    """What settles the order of equal scores, for a score is rounded, and usage has a cap."""
    seen = _descending(one.last_seen)
    return DOUBT[one.evidence], -one.logical_successes, -one.active_days, -one.depth_operations, seen, one.integrator


def _descending(text: str) -> str:
    return "".join(chr(0x10FFFF - ord(character)) for character in text) if text else chr(0x10FFFF)


def _in_tier(one: PlannedIntegrator, tier: Tier, rank: int, because: str) -> PlannedIntegrator:
    action, channel = ACTIONS[tier]
    return replace(one, rank=rank, tier=tier, next_action=action, channel=channel, called_because=because)


def after_changelog(one: PlannedIntegrator, announce: date | None, today: date) -> PlannedIntegrator:
    """The integrator with what is to be done once the changelog is out, which nobody can call before any more."""
    is_out = announce is not None and announce <= today and one.next_action == ACTIONS[Tier.CALL][0]
    return replace(one, next_action=LATE_CALL) if is_out else one


def _measure(people: Iterable[PlannedIntegrator]) -> Measure:
    return _revenue if any(one.revenue for one in people) else _successes


def _revenue(one: PlannedIntegrator) -> float:
    return max(one.revenue or 0.0, 0.0)


def _successes(one: PlannedIntegrator) -> float:
    return float(one.logical_successes)


def shares(ranked: Sequence[PlannedIntegrator], kept: frozenset[str] = frozenset()) -> dict[str, dict[str, Any]]:
    """What each tier holds: accounts, revenue, their shares of all that is affected, and the evidence.

    Who is excluded is no part of the whole, nor is the revenue of whom nothing meets but what is `kept`.
    """
    affected = [one for one in ranked if one.tier is not Tier.EXCLUDED]
    revenue = fsum(_revenue(one) for one in affected if not one.is_spared(kept))
    found: dict[str, dict[str, Any]] = {}
    for tier in Tier:
        members = [one for one in affected if one.tier is tier]
        part = fsum(_revenue(one) for one in members if not one.is_spared(kept))
        found[tier.value] = {
            "integrators": len(members),
            "share_of_integrators": round(len(members) / len(affected), 4) if affected else 0.0,
            "revenue": part,
            "share_of_revenue": round(part / revenue, 4) if revenue else None,
            "evidence": {kind.value: sum(one.evidence is kind for one in members) for kind in Evidence},
        }
    return found


def coverage_sentences(ranked: Sequence[PlannedIntegrator], limits: Tiers) -> tuple[str, ...]:
    """What the calls and e-mails cover of the revenue affected (the successful calls where none is known), and why."""
    affected = [one for one in ranked if one.tier is not Tier.EXCLUDED]
    measure = _measure(affected)
    total = fsum(map(measure, affected))
    if not total:
        return ()
    noun = "revenue affected" if measure is _revenue else "successful calls affected"
    called, written = ([one for one in affected if one.tier is tier] for tier in (Tier.CALL, Tier.PERSONAL_EMAIL))
    need = _needed(affected, measure, limits.revenue_share * total)
    accounts = "account of tier call is" if len(called) == 1 else "accounts of tier call are"
    held = (
        f"The {len(called)} {accounts} {per_cent(fsum(map(measure, called)) / total)} of the {noun}; "
        f"{need:,} {'is' if need == 1 else 'are'} needed for {per_cent(limits.revenue_share)}"
    )
    sentences = [held, _two_strokes(called, limits, noun)] if called else [held]
    if written:
        so_far = fsum(map(measure, (*called, *written))) / total
        sentences.append(
            f"With {counted(len(written), 'personal e-mail')} it is {per_cent(so_far)}; "
            "what is left gets an e-mail with its own evidence, the changelog, or has no contact"
        )
    return tuple(sentences)


def _needed(people: Iterable[PlannedIntegrator], measure: Measure, goal: float) -> int:
    """How many of the largest hold the goal."""
    needed, amount = 0, 0.0
    for worth in sorted(map(measure, people), reverse=True):
        if amount >= goal:
            break
        amount += worth
        needed += 1
    return needed


def _two_strokes(called: Sequence[PlannedIntegrator], limits: Tiers, noun: str) -> str:
    """How the calls were chosen."""
    counts = {reason: sum(one.called_because == reason for one in called) for reason in (BY_REVENUE, BY_SCORE, PINNED)}
    parts = [
        f"{counts[BY_REVENUE]} are among the largest that hold {per_cent(limits.call_share)} of the {noun}",
        f"{counts[BY_SCORE]} come by score",
        f"{counts[PINNED]} {'is' if counts[PINNED] == 1 else 'are'} pinned",
    ]
    shown = [part for part, count in zip(parts, counts.values(), strict=True) if count]
    return f"Of the calls, {', '.join(shown)}; {limits.call} are made at most, the pinned ones aside"
