"""The gate names each thing that stands in the way, what clears it and from when on, and passes nothing unknown."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from apidiff.config import Consent
from apidiff.config.settings import Answer
from apidiff.folder.history import History, Run
from apidiff.follow.gate import Verdict, judge
from apidiff.follow.gate.used import _few
from apidiff.follow.track import track
from apidiff.plan.value import Dates, Decision, Plan
from apidiff.usage.ask.movement import Movement
from apidiff.words.changes import Change, Comparison, SpecHead, Waiver
from tests.follow.following import CARD, CURRENCY, LENGTH, NAME, REFUND, SORT, TODAY, plan, seen, written
from tests.render.plan.sample import CHANGES, change, entry, operations

ROUTES = tuple(one.operation for one in operations())
MOVED = (
    Movement("acme", CARD, new=1),
    Movement("monthend", CURRENCY, new=1),
    Movement("bolt", SORT, new=1),
    Movement("trial", REFUND, new=1),
    Movement("key-9f3a", REFUND, new=1),
)
"""What the logs show when everybody has moved whose move they can show."""


def agreed_plan(**more: Any) -> Plan:
    """The sample, every break decided, and both callers of customers asked in person."""
    made = plan(routes=ROUTES, **more)
    for name in ("acme", "loop"):
        made = written(made, name, confirmed_migrated_at="2028-01-03")
    return made


def comparison(*changes: Change, base: str = "Payments", routes: tuple[Any, ...] = ROUTES) -> Comparison:
    head = SpecHead("old.yaml", base, "1.4.0", "openapi 3.0.3", 41)
    return Comparison(head, replace(head, version="2.0.0"), routes, changes)


RELEASE = comparison(*CHANGES)


def verdict(
    made: Plan | None,
    *moved: Movement,
    release: Comparison = RELEASE,
    today: date = TODAY,
    consents: tuple[Consent, ...] = (),
    runs: tuple[Run, ...] = (),
    **window: Any,
) -> Verdict:
    tracking = None
    if made is not None and moved:
        tracking = track(made, seen(*moved, today=today, **window), history=History(), written={}, today=today)
    return judge(release, made, tracking, consents=consents, today=today, runs=runs)


def kinds(found: Verdict) -> list[tuple[str, str]]:
    return [(one.kind, one.integrator) for one in found.obstacles]


def consent(integrator: str, change: str = "") -> Consent:
    return Consent(integrator, "agreed by mail", "Ana", date(2028, 1, 1), change)


def test_it_opens_when_everybody_has_moved() -> None:
    found = verdict(agreed_plan(), *MOVED)
    assert (found.passes, found.obstacles, found.earliest) == (True, (), None)
    assert [(one.change, one.how) for one in found.cleared] == [
        ("aaaa00000008", "waived"), *((name, "retired") for name in (NAME, CARD, CURRENCY, SORT, LENGTH, REFUND)),
    ]  # fmt: skip
    assert found.cleared[0].detail == "nobody reads it (ana@example.com, until 2028-01-01)"
    assert found.cleared[1].detail == "sunset on 2028-01-11, 30 days without a success that matters"


def test_where_nothing_breaks_nothing_is_asked() -> None:
    found = verdict(None, release=comparison(CHANGES[8]))
    assert (found.passes, found.cleared, found.notes) == (True, (), ())


def test_without_a_plan_each_break_stands_in_the_way_but_those_waived() -> None:
    found = verdict(None)
    assert kinds(found) == [("unplanned", "")] * 6
    assert found.obstacles[1].message == f"{CHANGES[1].title}: no plan was given"
    waived = tuple(replace(one, waiver=Waiver("agreed", "Ana")) for one in CHANGES)
    assert verdict(None, release=comparison(*waived)).passes


def test_a_draft_does_not_pass() -> None:
    found = verdict(replace(agreed_plan(), draft="1 of 6 breaking changes is undecided"), *MOVED)
    assert kinds(found) == [("draft", "")]
    assert not [one for one in found.cleared if one.how == "retired"]


def test_a_removal_that_nobody_planned() -> None:
    more = change("bbbb00000001", "operation-removed", "operation `GET /v1/x` was removed", "GET /v1/x")
    found = verdict(agreed_plan(), *MOVED, release=comparison(*CHANGES, more))
    assert [(one.kind, one.message, one.changes) for one in found.obstacles] == [
        ("unplanned", "operation `GET /v1/x` was removed: nobody planned it", ("bbbb00000001",))
    ]
    assert sum(one.how == "retired" for one in found.cleared) == 6


def test_what_was_decided_to_be_expanded_must_not_break() -> None:
    made = agreed_plan()
    made = replace(made, changes=(replace(made.changes[0], decision=Decision(NAME, Answer.EXPAND)), *made.changes[1:]))
    assert kinds(verdict(made, *MOVED)) == [("not-expanded", "")]
    found = verdict(made, *MOVED, release=comparison(*CHANGES[1:]))
    assert (found.passes, found.cleared[1].how, found.cleared[1].change) == (True, "expanded", NAME)


@pytest.mark.parametrize(
    ("release", "says"),
    [
        (comparison(*CHANGES, base="Shipping"), "its title is 'Payments', theirs 'Shipping'"),
        (comparison(*CHANGES, routes=(entry("GET /v1/ships"),)), "0 of its 6 operations are here"),
    ],
)
def test_the_plan_of_another_spec_is_refused(release: Comparison, says: str) -> None:
    made = agreed_plan()
    if "title" in says:
        release = replace(release, revision=replace(release.revision, title="Shipping"))
    found = verdict(made, *MOVED, release=release)
    assert [(one.kind, one.message) for one in found.obstacles] == [
        ("other-spec", f"the plan is of another spec: {says}")
    ]


def test_a_sunset_that_is_ahead_says_when() -> None:
    found = verdict(agreed_plan(), *MOVED, today=date(2028, 1, 10))
    assert [(one.kind, one.message) for one in found.obstacles] == [
        ("sunset-ahead", "the sunset is on 2028-01-11, 1 day from today")
    ]
    assert found.earliest == date(2028, 1, 11)
    assert verdict(agreed_plan(), *MOVED, today=date(2028, 1, 11)).passes


def test_a_plan_without_dates_does_not_pass() -> None:
    assert kinds(verdict(agreed_plan(dates=Dates()), *MOVED)) == [("no-sunset", "")]


def test_a_sunset_only_ever_moves_later() -> None:
    day = date(2028, 3, 1)
    run = Run(date(2027, 2, 1), date(2027, 1, 2), date(2027, 1, 31), {}, 0, 0.0, day)
    found = verdict(agreed_plan(), *MOVED, runs=(run,))
    assert [(one.kind, one.message, one.earliest) for one in found.obstacles] == [
        ("sunset-earlier", "the sunset moved earlier, from 2028-03-01 to 2028-01-11", day)
    ]
    announced = tuple(replace(one, sunset="2028-03-01") if one.present == "base" else one for one in ROUTES)
    found = verdict(agreed_plan(), *MOVED, release=comparison(*CHANGES, routes=announced))
    assert [(one.kind, one.message) for one in found.obstacles] == [
        ("sunset-earlier", f"the spec announces 2028-03-01 for {one.id}, the plan 2028-01-11")
        for one in announced
        if one.sunset
    ]
    moved = change("bbbb00000002", "sunset-moved-earlier", "the sunset date moved earlier", before="2028-03-01")
    assert kinds(verdict(agreed_plan(), *MOVED, release=comparison(*CHANGES, moved))) == [("sunset-earlier", "")]
    later = replace(run, sunset=date(2028, 1, 11))
    assert verdict(agreed_plan(), *MOVED, runs=(later,)).passes


def test_without_logs_nobody_knows() -> None:
    found = verdict(agreed_plan())
    assert kinds(found) == [("no-usage", "")]
    assert found.obstacles[0].remedy == "Give --usage with the logs of the last 30 days."


@pytest.mark.parametrize(("covered", "opens"), [(30, True), (29, True), (28, False), (0, False)])
def test_the_logs_must_cover_the_days(covered: int, *, opens: bool) -> None:
    found = verdict(agreed_plan(), *MOVED, covered=covered)
    assert kinds(found) == ([] if opens else [("coverage", "")])


def test_who_still_uses_it_is_named_with_what_clears_it() -> None:
    used = Movement("bolt", SORT, old=4, new=2, last_old=date(2028, 1, 9))
    found = verdict(agreed_plan(), *MOVED[:2], used, *MOVED[3:])
    (one,) = found.obstacles
    assert (one.kind, one.integrator, one.changes, one.earliest) == ("in-use", "bolt", (SORT,), date(2028, 2, 9))
    assert one.message == (
        "Bolt Inc (personal-email) still uses what ends: value `amount` of query parameter `sort` was removed "
        "(4 calls of the old, 2 of the new)"
    )
    assert one.remedy.startswith("Ana Ruiz asks them to move, or for a consent in writing")
    assert found.earliest == date(2028, 2, 9)


@pytest.mark.parametrize("given", [consent("bolt"), consent("bolt", SORT)])
def test_a_consent_in_writing_lets_it_pass(given: Consent) -> None:
    used = Movement("bolt", SORT, old=4)
    assert verdict(agreed_plan(), *MOVED[:2], used, *MOVED[3:], consents=(given,)).passes
    others = (consent("acme"), consent("bolt", CARD))
    assert kinds(verdict(agreed_plan(), *MOVED[:2], used, *MOVED[3:], consents=others)) == [("in-use", "bolt")]


def test_what_the_logs_cannot_show_takes_a_persons_word() -> None:
    hidden = Movement("loop", NAME, old=9, is_shown=False)
    made = written(agreed_plan(), "loop", confirmed_migrated_at="on Tuesday")
    assert kinds(verdict(made, *MOVED, hidden)) == [("unverifiable", "loop")]
    assert verdict(agreed_plan(), *MOVED, hidden).passes


def test_a_month_end_job_has_to_rest_longer() -> None:
    made = plan(gap=31, routes=ROUTES)
    for name in ("acme", "loop", "bolt"):
        made = written(made, name, confirmed_migrated_at="2028-01-03")
    rested = Movement("monthend", CURRENCY, new=1, last_old=TODAY - timedelta(days=47))
    found = verdict(made, MOVED[0], rested, *MOVED[2:])
    assert (kinds(found), found.earliest) == ([("too-early", "monthend")], TODAY + timedelta(days=1))
    assert verdict(made, MOVED[0], rested, *MOVED[2:], today=TODAY + timedelta(days=1)).passes


def test_who_was_only_to_be_noticed_and_calls_again_stands_in_the_way() -> None:
    back = Movement("trial", REFUND, old=3)
    assert kinds(verdict(agreed_plan(), *MOVED[:3], back)) == [("in-use", "trial")]


def test_an_account_that_is_not_in_the_plan_must_be_told() -> None:
    found = verdict(agreed_plan(), *MOVED, Movement("late", CARD, old=9))
    (one,) = found.obstacles
    assert (one.kind, one.integrator) == ("not-in-plan", "late")
    assert one.message == (
        "Late is not in the plan and uses: operation `DELETE /v1/customers/{id}/cards/{card}` was removed (9 calls)"
    )
    assert verdict(agreed_plan(), *MOVED, Movement("late", CARD, old=9), consents=(consent("late"),)).passes


@pytest.mark.parametrize(("calls", "opens"), [(99, True), (100, False)])
def test_keys_that_nobody_claims_count_by_their_share(calls: int, *, opens: bool) -> None:
    lost = Movement("unknown-1", CARD, old=calls - 40)
    listed = Movement("key-9f3a", REFUND, old=40)
    found = verdict(agreed_plan(), *MOVED[:4], listed, lost, unknown=["unknown-1"])
    assert kinds(found) == ([] if opens else [("unknown-keys", "")])
    if not opens:
        assert found.obstacles[0].message.startswith("1.0% of all successful calls")
        assert found.obstacles[0].changes == (CARD, REFUND)
        agreed = consent("unknown-1")
        assert verdict(agreed_plan(), *MOVED[:4], listed, lost, unknown=["unknown-1"], consents=(agreed,)).passes


def test_a_policy_may_ask_for_everybodys_consent() -> None:
    made = agreed_plan(policy={"name": "zalando", "requires_consent": True})
    assert kinds(verdict(made, *MOVED)) == [("consent", "monthend"), ("consent", "bolt")]
    given = (consent("monthend"), consent("bolt"))
    assert verdict(made, *MOVED, consents=given).passes


def test_silence_is_said() -> None:
    found = verdict(agreed_plan(), *MOVED[:1], *MOVED[2:])
    assert (found.passes, found.notes) == (True, ("silent, so gone or not: Month End Ltd",))


def test_of_many_changes_three_are_named_and_the_others_counted() -> None:
    assert _few(["a", "b", "c"]) == "a; b; c"
    assert _few(["a", "b", "c", "d", "e"]) == "a; b; c; and 2 more"
