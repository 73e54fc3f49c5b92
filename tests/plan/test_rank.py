"""The order of contact rests on what was seen, never on the number of calls."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apidiff.config.settings import Tiers, Weights
from apidiff.plan.rank import explain, rank
from apidiff.plan.tiers import coverage_sentences, shares
from apidiff.plan.value import PlannedChange, PlannedIntegrator, Tier
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact
from apidiff.words.changes import Change, Effort, Level
from apidiff.words.facts import ABSENT

LAST = datetime(2026, 11, 15, 23, tzinfo=UTC)
TODAY = date(2026, 11, 16)
OPERATIONS = ("GET /v1/users/{id}", "POST /v1/users", "GET /v1/orders", "GET /v1/orders/{id}")


def change(identity: str = "c1", *operations: str, effort: Effort = Effort.CODE) -> PlannedChange:
    broken = Change(
        id=identity, rule="property-removed", level=Level.BREAKING, direction=None, base="#/a", revision=None,
        before=ABSENT, after=ABSENT, title="t", why="", operations=operations or OPERATIONS, places=(), effort=effort,
    )  # fmt: skip
    return PlannedChange(broken, {})


def activity(
    name: str, *, revenue: float | None, successes: int, days: int, depth: int, ago: int = 0, attempts: int = 0,
    **more: Any,
) -> Activity:  # fmt: skip
    account = Account(name, name.title(), f"dev@{name}.example", "Owner", revenue, str(more.pop("plan", "pro")))
    last = LAST - timedelta(days=ago)
    return Activity(
        replace(account, pinned=bool(more.pop("pinned", False)), excluded=str(more.pop("excluded", ""))),
        ("sk_live_…abcd",), OPERATIONS[: min(depth, 4)], successes, attempts or successes, days,
        LAST - timedelta(days=89), last, depth, **more,
    )  # fmt: skip


def exposures(*cases: tuple[Activity, Evidence]) -> Exposures:
    impacts = tuple(
        Impact(
            a.account.integrator,
            ("c1",),
            evidence,
            a.affected_operations,
            a.logical_successes,
            a.attempts,
            a.active_days,
            a.first_seen,
            a.last_seen,
        )
        for a, evidence in cases
    )
    return Exposures(
        Coverage(rows=1, matched=1, first=LAST - timedelta(days=89), last=LAST, days_with_data=90, span_days=90),
        tuple(a for a, _ in cases),
        impacts,
    )


def ranked(*cases: tuple[Activity, Evidence], limits: Tiers | None = None) -> tuple[PlannedIntegrator, ...]:
    return rank(exposures(*cases), [change()], weights=Weights(), limits=limits or Tiers(), today=TODAY)


ENTERPRISE = activity("enterprise", revenue=240_000, successes=1_989, days=90, depth=5)
MONTH_END = activity("monthend", revenue=120_000, successes=12, days=3, depth=3, ago=16)
LOOP = activity("loop", revenue=100, successes=3, days=2, depth=1, attempts=200_003, retry_loop=True, agent_share=0.9)
TRIAL = activity("trial", revenue=0, successes=300, days=60, depth=1, plan="free")


def test_a_retry_loop_is_last_and_a_month_end_job_is_not() -> None:
    cases = [(one, Evidence.CONFIRMED) for one in (ENTERPRISE, MONTH_END, LOOP, TRIAL)]
    by_calls = sorted((a for a, _ in cases), key=lambda a: -a.attempts)
    assert [a.account.integrator for a in by_calls] == ["loop", "enterprise", "trial", "monthend"]
    people = ranked(*cases)
    assert [(one.integrator, one.tier, one.called_because) for one in people] == [
        ("enterprise", Tier.CALL, "among the accounts that hold the most of the revenue affected"),
        ("monthend", Tier.CALL, "among the accounts that hold the most of the revenue affected"),
        ("loop", Tier.CALL, "among the highest scores of the others"),
        ("trial", Tier.EMAIL, ""),
    ]
    by_score = sorted(people, key=lambda one: -one.score)
    assert [one.integrator for one in by_score] == ["enterprise", "monthend", "trial", "loop"]


def test_recency_is_measured_by_the_rhythm_of_a_job() -> None:
    hits = exposures((MONTH_END, Evidence.CONFIRMED))
    monthly = replace(hits, impacts=tuple(one._replace(active_days=3, longest_gap_days=31) for one in hits.impacts))
    daily, rested = (
        rank(case, [change()], weights=Weights(), limits=Tiers(), today=TODAY)[0].score_parts["recency"]
        for case in (hits, monthly)
    )
    assert (daily, rested) == (round(15 * 0.5 ** (16 / 14), 2), round(15 * 0.5 ** (16 / 31), 2))


def test_the_parts_of_a_score_add_up_by_hand() -> None:
    for one in ranked((ENTERPRISE, Evidence.CONFIRMED), (MONTH_END, Evidence.PROBABLE), (LOOP, Evidence.POSSIBLE)):
        parts = dict(one.score_parts)
        factor = parts.pop("evidence_factor")
        assert set(parts) == {"value", "usage", "depth", "recency", "effort"}
        assert one.score == pytest.approx(sum(parts.values()) * factor, abs=0.1)


def test_a_missing_revenue_and_an_unknown_plan_are_left_out_and_said() -> None:
    one = ranked((activity("who", revenue=None, successes=1_000, days=30, depth=3, plan=""), Evidence.CONFIRMED))[0]
    assert "value" not in one.score_parts
    assert one.score == pytest.approx(sum(v for k, v in one.score_parts.items() if k != "evidence_factor"), abs=0.1)
    assert "not known and left out, the other weights scaled up: value" in explain(one, Weights())


def test_evidence_is_never_raised_by_volume() -> None:
    loud = activity("loud", revenue=1_000, successes=900_000, days=90, depth=9)
    people = ranked((loud, Evidence.POSSIBLE), (activity("quiet", revenue=1_000, successes=5, days=4, depth=1), Evidence.CONFIRMED))  # fmt: skip  # noqa: E501
    assert [(one.integrator, one.tier) for one in people] == [("quiet", Tier.CALL), ("loud", Tier.NOTICE)]
    assert next(one for one in people if one.integrator == "loud").score_parts["evidence_factor"] == 0.3


@pytest.mark.parametrize(
    ("one", "evidence", "tier"),
    [
        (activity("a", revenue=9, successes=0, days=0, depth=3), Evidence.POSSIBLE, Tier.NOTICE),
        (activity("b", revenue=9, successes=9, days=9, depth=3, ago=61), Evidence.CONFIRMED, Tier.NOTICE),
        (activity("c", revenue=0, successes=9, days=9, depth=1, plan="trial"), Evidence.CONFIRMED, Tier.PERSONAL_EMAIL),
        (activity("c", revenue=9, successes=9, days=9, depth=1, plan="trial"), Evidence.CONFIRMED, Tier.CALL),
        (
            activity("d", revenue=9, successes=9, days=9, depth=1, plan="trial", pinned=True),
            Evidence.POSSIBLE,
            Tier.CALL,
        ),
        (
            activity("e", revenue=9, successes=9, days=9, depth=9, excluded="internal"),
            Evidence.CONFIRMED,
            Tier.EXCLUDED,
        ),
        (activity("f", revenue=None, successes=9, days=9, depth=9, unknown=True), Evidence.CONFIRMED, Tier.UNKNOWN),
    ],
)
def test_exceptions_are_explicit(one: Activity, evidence: Evidence, tier: Tier) -> None:
    assert ranked((one, evidence))[0].tier is tier


def test_the_first_twenty_are_called_and_the_next_are_written_to_until_the_revenue_is_covered() -> None:
    many = [
        (activity(f"a{n:02}", revenue=1000.0 - n, successes=500, days=40, depth=3), Evidence.PROBABLE)
        for n in range(60)
    ]
    people = ranked(*many)
    assert [one.tier for one in people] == [Tier.CALL] * 20 + [Tier.PERSONAL_EMAIL] * 37 + [Tier.EMAIL] * 3
    assert [one.rank for one in people] == list(range(1, 61))
    assert coverage_sentences(people, Tiers()) == (
        "The 20 accounts of tier call are 34% of the revenue affected; 57 are needed for 95%",
        (
            "Of the calls, 20 are among the largest that hold 80% of the revenue affected; "
            "20 are made at most, the pinned ones aside"
        ),
        (
            "With 37 personal e-mails it is 95%; "
            "what is left gets an e-mail with its own evidence, the changelog, or has no contact"
        ),
    )


def test_where_few_hold_the_revenue_the_other_calls_go_by_score() -> None:
    """Three hold 80 % of the revenue; the seats that are left are for who uses most, not for the next by revenue."""
    rich = [activity(f"rich{n}", revenue=90_000.0, successes=10, days=2, depth=1) for n in range(3)]
    busy = [activity(f"busy{n}", revenue=100.0 + n, successes=9_000, days=80, depth=5) for n in range(3)]
    idle = [activity(f"idle{n}", revenue=6_000.0, successes=5, days=1, depth=1) for n in range(9)]
    cases = [(one, Evidence.CONFIRMED) for one in (*rich, *busy, *idle)]
    people = ranked(*cases, limits=Tiers(call=5))
    tiers = {tier: [one.integrator for one in people if one.tier is tier] for tier in Tier}
    assert tiers[Tier.CALL] == ["rich0", "rich1", "rich2", "busy2", "busy1"]
    assert tiers[Tier.PERSONAL_EMAIL] == [f"idle{n}" for n in range(7)]
    assert tiers[Tier.EMAIL] == ["idle7", "idle8", "busy0"]
    held = shares(people)
    assert held["call"] == {
        "integrators": 5,
        "share_of_integrators": 0.3333,
        "revenue": 270_203.0,
        "share_of_revenue": 0.8332,
        "evidence": {"confirmed": 5, "probable": 0, "possible": 0},
    }
    assert sum(one["integrators"] for one in held.values()) == 15


def test_the_value_of_a_score_follows_the_share_of_revenue_and_not_the_place() -> None:
    worth = {348_000: 30.0, 87_000: 15.0, 12_000: 5.57, 0: 0.0}
    people = ranked(
        *((activity(f"r{r}", revenue=float(r), successes=9, days=9, depth=2), Evidence.CONFIRMED) for r in worth)
    )
    assert {one.revenue: one.score_parts["value"] for one in people} == worth


def test_the_order_is_the_same_whatever_order_the_log_gave() -> None:
    cases = [(activity(f"a{n}", revenue=5.0, successes=10, days=5, depth=2), Evidence.PROBABLE) for n in range(9)]
    assert [one.integrator for one in ranked(*cases)] == [one.integrator for one in ranked(*reversed(cases))]


def test_the_place_is_explained_by_hand() -> None:
    one = ranked((ENTERPRISE, Evidence.PROBABLE))[0]
    lines = explain(one, Weights()).splitlines()
    parts = [line.split(maxsplit=2)[:2] for line in lines[3:9]]
    assert parts == [
        ["value", "30.00"], ["usage", "22.81"], ["depth", "20.00"], ["recency", "15.00"], ["effort", "6.00"],
        ["sum", "93.81"],
    ]  # fmt: skip
    assert lines[3].endswith(
        "weight 30: √ (its revenue ÷ the largest affected); without revenue, what its plan is worth"
    )
    assert lines[9:11] == [
        "  × 0.7 for evidence that is probable = 65.7",
        "  called: among the accounts that hold the most of the revenue affected",
    ]
