"""Laws of the order of contact: who gains never falls, attempts never help, no tier passes over a better account."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apidiff.config.settings import Tiers, Weights
from apidiff.plan.rank import rank
from apidiff.plan.tiers import DOUBT, ORDER
from apidiff.plan.value import PlannedChange, PlannedIntegrator, Tier
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact
from apidiff.words.changes import Change, Effort, Level
from apidiff.words.facts import ABSENT

LAST = datetime(2026, 11, 15, 23, tzinfo=UTC)
OPERATIONS = tuple(f"GET /v1/{name}" for name in "abcdef")
CHANGES = tuple(
    PlannedChange(
        Change(
            id=effort.value, rule="operation-removed", level=Level.BREAKING, direction=None, base="#/a", revision=None,
            before=ABSENT, after=ABSENT, title="t", why="", operations=OPERATIONS, places=(), effort=effort,
        ),
        {},
    )
    for effort in Effort
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """What an account is worth, what was seen of it, and how it calls."""

    revenue: int = 0
    evidence: Evidence = Evidence.CONFIRMED
    successes: int = 1
    days: int = 1
    depth: int = 1
    broken: int = 1
    ago: int = 0
    attempts: int = 1
    loop: bool = False
    plan: str = "pro"
    pinned: bool = False
    effort: Effort = Effort.CODE


def activity(name: str, one: Person) -> Activity:
    seen = LAST - timedelta(days=one.ago)
    return Activity(
        Account(name, name, f"{name}@x.example", "Kim", float(one.revenue), one.plan, pinned=one.pinned),
        (f"sk_live_…{name}",), OPERATIONS[: min(one.broken, one.depth)], one.successes,
        max(one.attempts, one.successes), one.days, LAST - timedelta(days=89), seen, one.depth, retry_loop=one.loop,
    )  # fmt: skip


def ranked(people: dict[str, Person], limits: Tiers) -> dict[str, PlannedIntegrator]:
    made = [activity(name, one) for name, one in sorted(people.items())]
    impacts = tuple(
        Impact(
            a.account.integrator, (one.effort.value,), one.evidence, a.affected_operations, a.logical_successes,
            a.attempts, a.active_days, a.first_seen, a.last_seen,
        )
        for a, (_, one) in zip(made, sorted(people.items()), strict=True)
    )  # fmt: skip
    coverage = Coverage(rows=1, matched=1, first=LAST - timedelta(days=89), last=LAST, days_with_data=90, span_days=90)
    found = rank(
        Exposures(coverage, tuple(made), impacts), CHANGES, weights=Weights(), limits=limits, today=date(2026, 11, 16)
    )
    return {one.integrator: one for one in found}


PERSON = st.builds(
    Person,
    revenue=st.one_of(st.integers(0, 9), st.sampled_from([0, 50, 1_000, 20_000, 300_000])),
    evidence=st.sampled_from([Evidence.CONFIRMED, Evidence.PROBABLE, Evidence.POSSIBLE]),
    successes=st.integers(1, 30_000),
    days=st.integers(1, 90),
    depth=st.integers(1, 6),
    broken=st.integers(1, 6),
    ago=st.integers(0, 70),
    attempts=st.integers(1, 10**6),
    loop=st.booleans(),
    plan=st.sampled_from(["pro", "pro", "trial", ""]),
    pinned=st.sampled_from([False] * 5 + [True]),
    effort=st.sampled_from([Effort.CONFIG, Effort.CODE, Effort.REDESIGN]),
)
PEOPLE = st.lists(PERSON, min_size=2, max_size=12).map(lambda many: {f"p{n:02}": one for n, one in enumerate(many)})
LIMITS = st.builds(
    Tiers,
    call=st.integers(0, 6),
    call_share=st.sampled_from([0.0, 0.5, 0.8, 1.0]),
    revenue_share=st.sampled_from([0.5, 0.95, 1.0]),
)
GAINS = {
    "revenue": st.integers(1, 400_000),
    "successes": st.integers(1, 20_000),
    "days": st.integers(1, 40),
    "depth": st.integers(1, 3),
    "broken": st.integers(1, 3),
    "ago": st.integers(-70, -1),
}


def better(one: Evidence) -> Evidence:
    return {Evidence.POSSIBLE: Evidence.PROBABLE}.get(one, Evidence.CONFIRMED)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(PEOPLE, LIMITS, st.data())
def test_more_revenue_evidence_or_use_never_lowers_a_place(people: dict[str, Person], limits: Tiers, data: st.DataObject) -> None:  # fmt: skip  # noqa: E501
    name = data.draw(st.sampled_from(sorted(people)))
    field = data.draw(st.sampled_from([*GAINS, "evidence"]))
    one = people[name]
    if field == "evidence":
        raised = replace(one, evidence=better(one.evidence))
    else:
        raised = replace(one, **{field: max(0, getattr(one, field) + data.draw(GAINS[field]))})
    before, after = ranked(people, limits)[name], ranked({**people, name: raised}, limits)[name]
    assert (ORDER[after.tier], after.rank) <= (ORDER[before.tier], before.rank)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(PEOPLE, LIMITS, st.integers(1, 10**9), st.data())
def test_attempts_and_retries_never_raise_a_place(people: dict[str, Person], limits: Tiers, more: int, data: st.DataObject) -> None:  # fmt: skip  # noqa: E501
    name = data.draw(st.sampled_from(sorted(people)))
    louder = replace(people[name], attempts=people[name].attempts + more, loop=True)
    before, after = ranked(people, limits), ranked({**people, name: louder}, limits)
    assert [(one.integrator, one.tier, one.rank, one.score) for one in before.values()] == [
        (one.integrator, one.tier, one.rank, one.score) for one in after.values()
    ]


def outdoes(one: Person, other: Person) -> bool:
    """At least as good in everything that an order of contact rests on, and better in something."""
    pairs = [
        (-DOUBT[one.evidence], -DOUBT[other.evidence]), (one.revenue, other.revenue), (one.successes, other.successes),
        (one.days, other.days), (one.depth, other.depth), (min(one.broken, one.depth), min(other.broken, other.depth)),
        (-one.ago, -other.ago), ([*Effort].index(one.effort), [*Effort].index(other.effort)),
    ]  # fmt: skip
    return all(mine >= theirs for mine, theirs in pairs) and any(mine > theirs for mine, theirs in pairs)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(PEOPLE, LIMITS, st.booleans())
def test_no_tier_holds_an_account_while_a_better_one_is_in_a_lower(people: dict[str, Person], limits: Tiers, trials: bool) -> None:  # fmt: skip  # noqa: E501
    people = {name: replace(one, pinned=False, plan="trial" if trials else "pro") for name, one in people.items()}
    found = ranked(people, limits)
    wrong = [
        (better, worse)
        for better in people
        for worse in people
        if outdoes(people[better], people[worse]) and ORDER[found[better].tier] > ORDER[found[worse].tier]
    ]
    assert wrong == []


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(PEOPLE, LIMITS)
def test_the_calls_hold_their_share_or_are_used_up(people: dict[str, Person], limits: Tiers) -> None:
    found = ranked(people, limits).values()
    open_ = [one for one in found if one.tier in (Tier.CALL, Tier.PERSONAL_EMAIL, Tier.EMAIL)]
    calls = [one for one in open_ if one.tier is Tier.CALL]
    unpinned = [one for one in calls if one.called_because != "pinned"]
    worth = sum(one.revenue or 0 for one in open_)
    assume(worth and limits.call)
    assert len(unpinned) <= limits.call
    if sum(one.revenue or 0 for one in calls) < limits.call_share * worth:
        left = [one.revenue or 0 for one in open_ if one.tier is not Tier.CALL]
        assert len(unpinned) == limits.call
        assert max(left, default=0) <= min(one.revenue or 0 for one in unpinned)
