"""The plan: no date without evidence, no sunset for what will be expanded, and what people wrote stays."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from apidiff.config.settings import Answer, DecisionEntry
from apidiff.plan.make import Brief, make_plan
from apidiff.plan.policy import read
from apidiff.plan.schedule import Wish
from apidiff.plan.value import Announced, Dates, Decision, Plan, Tier
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact, OperationUse
from apidiff.words.changes import Alternative, Change, Comparison, Level, OperationEntry, SpecHead, Waiver
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId

TODAY = date(2026, 11, 16)
LAST = datetime(2026, 11, 15, 12, tzinfo=UTC)
GET, POST, OLD = "GET /v1/users", "POST /v1/users", "GET /v1/old"
GUIDE = "https://developer.example.com/migrate"


def entry(name: str, present: str = "both", moved_to: str | None = None) -> OperationEntry:
    method, _, path = name.partition(" ")
    heir = OperationId(moved_to) if moved_to else None
    return OperationEntry(OperationId(name), method, path, None, present, moved_to=heir)


def change(identity: str, *operations: str, level: Level = Level.BREAKING, waiver: Waiver | None = None) -> Change:
    return Change(
        id=identity, rule="property-removed", level=level, direction=None, base="#/a", revision=None, before=ABSENT,
        after=ABSENT, title=f"change {identity}", why="",
        operations=tuple(map(OperationId, operations)), places=(), waiver=waiver,
        alternative=Alternative("keep-and-deprecate", "keep it"),
    )  # fmt: skip


def comparison(*changes: Change) -> Comparison:
    head = SpecHead("a.yaml", "Users", "1", "openapi 3.1.0", 3)
    operations = (entry(OLD, "base", "GET /v2/new"), entry(GET), entry(POST), entry("GET /v2/new", "revision"))
    return Comparison(head, head, operations, changes)


def exposures(*hits: tuple[str, str, tuple[str, ...]]) -> Exposures:
    first = LAST - timedelta(days=89)
    people = {name: operations for name, _, operations in hits}
    return Exposures(
        Coverage(rows=9, matched=9, first=first, last=LAST, days_with_data=90, span_days=90, keys=2),
        tuple(
            Activity(
                Account(name, name.title(), f"dev@{name}.example", "Ana", 1000.0, "pro"), ("sk_live_…abcd",),
                operations, 50, 60, 20, first, LAST, 3,
            )
            for name, operations in people.items()
        ),
        tuple(Impact(name, (what,), Evidence.CONFIRMED, ops, 50, 60, 20, first, LAST) for name, what, ops in hits),
        (OperationUse(OLD, 60, 50, 1, 1, first, LAST),),
        language_share=(("python", 1.0),),
    )  # fmt: skip


def plan(*changes: Change, hits: Exposures | None, **more: Any) -> Plan:
    return make_plan(comparison(*changes), hits, Brief(today=TODAY, policy=read(None), guide_url=GUIDE, **more))


REMOVED, SPLIT = change("c1", OLD), change("c2", GET, POST)
PROCEED, EXPAND = DecisionEntry("c1", Answer.PROCEED, "it leaks", "Ana"), DecisionEntry("c2", Answer.EXPAND)


def test_every_operation_that_ends_gets_its_dates_and_headers() -> None:
    made = plan(REMOVED, SPLIT, hits=exposures(("acme", "c1", (OLD,)), ("bolt", "c2", (GET,))))
    assert made.dates == Dates(date(2026, 12, 7), date(2026, 12, 7), date(2027, 12, 7))
    assert [(one.operation.id, one.changes, one.removed, one.successor) for one in made.operations] == [
        (OLD, ("c1",), True, "GET /v2/new"),
        (GET, ("c2",), False, None),
        (POST, ("c2",), False, None),
    ]
    assert made.operations[0].use == OperationUse(OLD, 60, 50, 1, 1, LAST - timedelta(days=89), LAST)
    assert made.operations[0].headers["Sunset"] == "Tue, 07 Dec 2027 00:00:00 GMT"
    assert '</v2/new>; rel="successor-version"' in made.operations[0].headers["Link"]
    assert ["Sunset" in one.headers for one in made.operations] == [True, False, False]
    assert made.draft == "2 of 2 breaking changes are undecided"
    assert [(one.integrator, one.tier, one.due) for one in made.integrators] == [
        ("acme", Tier.CALL, date(2026, 11, 23)),
        ("bolt", Tier.CALL, date(2026, 11, 30)),
    ]


def test_what_is_decided_to_be_expanded_ends_nothing() -> None:
    made = plan(
        REMOVED, SPLIT, hits=exposures(("acme", "c1", (OLD,)), ("bolt", "c2", (GET,))),
        decisions={"c1": PROCEED, "c2": EXPAND},
    )  # fmt: skip
    assert [one.operation.id for one in made.operations] == [OLD]
    assert [(one.integrator, one.tier) for one in made.integrators] == [("acme", Tier.CALL), ("bolt", Tier.NOTICE)]
    assert [one.decision for one in made.changes] == [
        Decision("c1", Answer.PROCEED, "it leaks", "Ana"),
        Decision("c2", Answer.EXPAND),
    ]
    assert made.draft == ""
    assert made.summary["decided_to_expand"] == made.summary["decided_to_proceed"] == 1


def test_there_is_no_date_before_the_evidence() -> None:
    made = plan(REMOVED, hits=None)
    assert (made.dates, made.timeline, made.operations[0].headers) == (Dates(), (), {})
    assert made.stamp == "no usage evidence: no log was given, so there are no dates"


def test_a_reason_sets_dates_without_evidence_and_every_page_says_so() -> None:
    made = plan(REMOVED, hits=None, no_usage="the log is lost")
    assert made.dates.sunset == date(2027, 12, 7)
    assert made.stamp == "no usage evidence: the log is lost"


def test_an_emergency_is_stamped() -> None:
    wish = Wish(announce=date(2026, 11, 18), sunset=date(2026, 12, 1), emergency="a leaked key")
    made = plan(REMOVED, hits=exposures(("acme", "c1", (OLD,))), wish=wish)
    assert (made.dates.sunset, made.stamp) == (date(2026, 12, 1), "emergency: a leaked key")


def test_where_nothing_breaks_there_is_nothing_to_plan() -> None:
    waived = change("c3", GET, waiver=Waiver("nobody", "Ana"))
    made = plan(change("c4", GET, level=Level.ADDITIVE), waived, hits=exposures(("acme", "c4", (GET,))))
    assert (made.dates, made.timeline, made.operations, made.draft) == (Dates(), (), (), "")


def test_what_people_wrote_survives_a_new_run() -> None:
    written = {"status": "agreed", "promised_date": "2027-03-01", "notes": "call again", "confirmed_migrated_at": ""}
    one = plan(REMOVED, hits=exposures(("acme", "c1", (OLD,))), previous={"acme": written}).integrators[0]
    assert (one.status, one.promised_date, one.confirmed_migrated_at, one.notes) == (
        "agreed",
        "2027-03-01",
        "",
        "call again",
    )


def test_another_policy_moves_every_date() -> None:
    made = make_plan(
        comparison(REMOVED), exposures(("acme", "c1", (OLD,))), Brief(today=TODAY, policy=read({"window_months": 24}))
    )
    assert made.dates.sunset == date(2028, 12, 7)
    assert made.timeline[-2].date == date(2028, 12, 7)
    assert made.operations[0].headers["Sunset"] == "Thu, 07 Dec 2028 00:00:00 GMT"


@pytest.mark.parametrize("level", [Level.DANGEROUS, Level.ADDITIVE])
def test_who_meets_only_what_does_not_break_is_not_called(level: Level) -> None:
    hits = exposures(("acme", "c1", (OLD,)), ("bolt", "c5", (GET,)))
    made = plan(REMOVED, change("c5", GET, level=level), hits=hits)
    assert [(one.integrator, one.tier) for one in made.integrators] == [("acme", Tier.CALL), ("bolt", Tier.NOTICE)]


def announced(**more: Any) -> Announced:
    """The plan that `plan` makes, seen half a year later."""
    days = Dates(date(2026, 12, 7), date(2026, 12, 7), date(2027, 12, 7))
    return Announced(**{"dates": days, "planned_on": TODAY, "integrators": frozenset({"acme"})} | more)


def later(hits: Exposures, *, policy: str | None = None, **more: Any) -> Plan:
    brief = Brief(today=date(2027, 6, 1), policy=read(policy), decisions={"c1": PROCEED}, **more)
    return make_plan(comparison(REMOVED), hits, brief)


def test_what_was_announced_stays_when_the_plan_is_made_again() -> None:
    hits = exposures(("acme", "c1", (OLD,)))
    first, again = plan(REMOVED, hits=hits, decisions={"c1": PROCEED}), later(hits, announced=announced())
    assert (again.dates, again.timeline, again.planned_on) == (first.dates, first.timeline, TODAY)
    assert [one.due for one in again.integrators] == [one.due for one in first.integrators]
    assert later(hits, stale_logs="they are all there are").dates.announce == date(2027, 6, 22)


def test_old_logs_set_no_date_without_a_reason() -> None:
    hits = exposures(("acme", "c1", (OLD,)))
    made = later(hits)
    assert (made.dates, made.timeline) == (Dates(), ())
    assert made.stamp == "the logs ended 198 days before this plan: so there are no dates"
    assert later(hits, stale_logs="a summer's break").stamp == (
        "the logs ended 198 days before this plan: a summer's break"
    )
    assert later(hits, announced=announced()).stamp == (
        "the logs ended 198 days before this plan: the announced dates stay"
    )
    assert plan(REMOVED, hits=hits).stamp == ""


def test_who_comes_after_the_announcement_is_due_at_once() -> None:
    hits = exposures(("acme", "c1", (OLD,)), ("late", "c1", (OLD,)))
    due = {one.integrator: one.due for one in later(hits, announced=announced()).integrators}
    assert due["late"] == date(2027, 6, 2)
    assert due["acme"] < date(2026, 12, 7)


def test_an_announced_sunset_only_moves_later() -> None:
    hits = exposures(("acme", "c1", (OLD,)))
    promised = announced(dates=Dates(date(2026, 12, 7), date(2026, 12, 7), date(2028, 4, 4)))
    assert later(hits, announced=promised).dates.sunset == date(2028, 4, 4)
    assert later(hits, announced=promised, wish=Wish(sunset=date(2028, 5, 2))).dates.sunset == date(2028, 5, 2)
    with pytest.raises(ApidiffError, match=r"announced for 2028-04-04, and 2028-04-03 is earlier \[sunset-earlier\]"):
        later(hits, announced=promised, wish=Wish(sunset=date(2028, 4, 3)))
    with pytest.raises(ApidiffError, match=r"was announced on 2026-12-07 \[announce-moved\]"):
        later(hits, announced=promised, wish=Wish(announce=date(2027, 7, 1)))


def test_whom_only_kept_changes_meet_is_spared_and_no_part_of_what_is_affected() -> None:
    hits = exposures(("acme", "c1", (OLD,)), ("bolt", "c2", (GET,)), ("cove", "c2", (GET,)))
    made = plan(REMOVED, SPLIT, hits=hits, decisions={"c1": PROCEED, "c2": EXPAND})
    counted = ("integrators_affected", "integrators_spared", "revenue_affected")
    assert {name: made.summary[name] for name in counted} == {
        "integrators_affected": 1, "integrators_spared": 2, "revenue_affected": 1000.0,
    }  # fmt: skip
    assert made.summary["evidence"] == {"confirmed": 1, "probable": 0, "possible": 0}
    held = {tier: (part["integrators"], part["share_of_revenue"]) for tier, part in made.summary["by_tier"].items()}
    assert (held["call"], held["notice"]) == ((1, 1.0), (2, 0.0))
    assert made.summary["doubts"]["impacts"] == 1
    assert made.coverage_of_revenue[0].startswith("The 1 account of tier call is 100% of the revenue affected")
    undecided = plan(REMOVED, SPLIT, hits=hits)
    assert [undecided.summary[name] for name in counted] == [3, 0, 3000.0]
