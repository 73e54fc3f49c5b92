"""Dates never run backwards, whoever asks for what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apidiff.config.settings import Freeze, Peak
from apidiff.plan.policy import Brownout, Policy, presets, read
from apidiff.plan.schedule import Wish, call_days, schedule
from apidiff.plan.workdays import Calendar, add_months
from apidiff.words.errors import ApidiffError, Exit

TODAY = date(2026, 11, 16)
FREEZES = (Freeze(date(2026, 12, 15), date(2027, 1, 5)), Freeze(date(2027, 12, 15), date(2028, 1, 5)))
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
ALLOWED = [name for name, policy in presets().items() if not policy.refuses]


PEAKS = st.lists(DAYS.flatmap(lambda day: st.tuples(st.just(day), st.just(day + timedelta(days=20)))), max_size=3)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    freezes = [
        Freeze(first, first + timedelta(days=draw(st.integers(0, 40)))) for first in draw(st.lists(DAYS, max_size=4))
    ]
    peaks = [Peak((first.month, first.day), (last.month, last.day)) for first, last in draw(PEAKS)]
    return Calendar(tuple(draw(st.lists(DAYS, max_size=6))), tuple(freezes), tuple(peaks), draw(st.booleans()))


def test_a_policy_gives_the_dates_that_a_person_would() -> None:
    policy = Policy(
        "ours", window_months=12, reminders=(180, 90, 30, 7, 1), block_new_keys_days=31, lead_days=21,
        brownouts=(Brownout(30, 1), Brownout(14, 3), Brownout(7, 12)),
    )  # fmt: skip
    dates, steps = schedule(policy, Wish(), today=TODAY, calendar=Calendar((), FREEZES), calls=20)
    assert (dates.announce, dates.deprecation, dates.sunset) == (
        date(2026, 12, 7),
        date(2026, 12, 7),
        date(2027, 12, 7),
    )
    assert [(step.kind, step.date.isoformat()) for step in steps] == [
        ("review", "2026-11-16"),
        ("evidence", "2026-11-17"),
        ("call", "2026-12-04"),
        ("changelog", "2026-12-07"),
        ("block-new-keys", "2027-01-07"),
        ("reminder", "2027-06-10"),
        ("reminder", "2027-09-08"),
        ("check-in", "2027-10-08"),
        ("reminder", "2027-11-05"),
        ("brownout", "2027-11-05"),
        ("brownout", "2027-11-23"),
        ("reminder", "2027-11-30"),
        ("brownout", "2027-11-30"),
        ("go-no-go", "2027-12-03"),
        ("reminder", "2027-12-06"),
        ("sunset", "2027-12-07"),
        ("retrospective", "2028-01-06"),
    ]


@given(
    name=st.sampled_from(ALLOWED),
    today=DAYS,
    calendar=calendars(),
    wait=st.integers(1, 90),
    calls=st.integers(0, 25),
    is_open=st.booleans(),
)
def test_any_policy_on_any_day_keeps_its_promises(
    name: str, today: date, calendar: Calendar, wait: int, calls: int, is_open: bool
) -> None:
    policy = read(name)
    wish = Wish(announce=today + timedelta(days=wait))
    if calls and not calendar.working_days(today, calendar.after(wish.announce) - timedelta(days=1)):
        with pytest.raises(ApidiffError, match="no working day is left"):
            schedule(policy, wish, today=today, calendar=calendar, calls=calls)
        return
    dates, steps = schedule(policy, wish, today=today, calendar=calendar, calls=calls, is_open=is_open)
    assert dates.announce
    assert dates.sunset
    by_kind = {step.kind: step.date for step in steps}
    by_default, _ = schedule(policy, Wish(), today=today, calendar=calendar, calls=0)
    assert by_default.announce
    assert by_default.sunset
    assert (calendar.busy(by_default.announce), calendar.busy(by_default.sunset)) == ("", "")
    assert calendar.busy(dates.sunset) == ""
    rehearsals = [step.date for step in steps if step.kind == "brownout"]
    assert rehearsals == sorted(rehearsals)
    assert all(not calendar.busy(step.date) or step.moved for step in steps if step.kind == "brownout")
    assert [step.date for step in steps] == sorted(step.date for step in steps)
    assert sum(step.kind == "reminder" for step in steps) >= 2
    assert all(step.date > dates.announce for step in steps if step.kind == "reminder")
    assert calls == 0 or by_kind["call"] < by_kind["changelog"]
    assert dates.sunset >= add_months(dates.announce, policy.window_months)
    assert dates.sunset.weekday() in policy.sunset_weekdays
    assert all(calendar.is_working(step.date) for step in steps)
    assert all(today <= step.date <= dates.sunset for step in steps if step.kind != "retrospective")
    days = call_days(today, dates.announce, calls, calendar, is_open=is_open)
    assert all(today <= day < dates.announce for day in days)
    free = calendar.working_days(today, dates.announce - timedelta(days=1))
    assert all(by_kind["review"] < day <= by_kind["call"] for day in days) or len(free) < 2


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish(announce=date(2026, 11, 15)), "announce-past"),
        (Wish(announce=TODAY), "announce-too-soon"),
        (Wish(announce=date(2027, 1, 11), sunset=date(2027, 5, 1)), "sunset-too-soon"),
    ],
)
def test_a_wish_that_breaks_a_promise_is_refused(wish: Wish, code: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        schedule(read(None), wish, today=TODAY, calendar=Calendar(), calls=1)
    assert (caught.value.code, caught.value.status) == (code, Exit.USAGE)


def test_an_emergency_may_be_sooner_and_still_reminds_twice() -> None:
    wish = Wish(announce=date(2026, 11, 17), sunset=date(2026, 12, 1), emergency="a leaked signing key")
    dates, steps = schedule(read(None), wish, today=TODAY, calendar=Calendar(), calls=3)
    assert dates.sunset == date(2026, 12, 1)
    assert sum(step.kind == "reminder" for step in steps) >= 2


def test_open_decisions_come_first_and_calls_after_them() -> None:
    calendar = Calendar()
    dates, steps = schedule(read(None), Wish(), today=TODAY, calendar=calendar, calls=3, is_open=True)
    assert dates.announce
    first = {step.kind: (step.date, step.detail) for step in reversed(steps)}
    assert first["review"] == (
        date(2026, 11, 20),
        "Answer for each break: expand, or proceed with a reason. Calls start when each has one.",
    )
    assert first["evidence"][0] == date(2026, 11, 23)
    assert call_days(TODAY, dates.announce, 3, calendar, is_open=True)[0] == date(2026, 11, 23)
    assert schedule(read(None), Wish(), today=TODAY, calendar=calendar, calls=3)[1][0].date == TODAY


def test_a_policy_that_allows_no_break_says_so() -> None:
    with pytest.raises(ApidiffError, match="pin each account") as caught:
        schedule(Policy("none", refuses="pin each account"), Wish(), today=TODAY, calendar=Calendar(), calls=1)
    assert caught.value.code == "policy-refuses"


@pytest.mark.parametrize(
    ("months", "rounding", "sunset"),
    [
        (12, "", date(2027, 12, 7)),
        (12, "quarter", date(2028, 1, 4)),
        (6, "mid-quarter", date(2027, 7, 15)),
        (8, "mid-quarter", date(2027, 10, 19)),
    ],
)
def test_the_sunset_waits_for_the_quarter_where_the_policy_says_so(months: int, rounding: str, sunset: date) -> None:
    policy = Policy("ours", window_months=months, rounding=rounding)
    dates, _ = schedule(policy, Wish(), today=TODAY, calendar=Calendar(), calls=0)
    assert dates.sunset == sunset


def test_where_nothing_goes_away_no_gateway_refuses_anything() -> None:
    def told(*, removes: bool) -> list[str]:
        made = schedule(read(None), Wish(), today=TODAY, calendar=Calendar(), calls=0, removes=removes)[1]
        return [step.detail for step in made if step.kind in ("brownout", "sunset")][-2:]

    assert told(removes=True) == [
        "For 12 hours from 14:00 UTC what goes away answers 410; the application may refuse what gets stricter.",
        "From 00:00 UTC only the new version holds: what was removed answers 410.",
    ]
    assert told(removes=False) == [
        (
            "For 12 hours from 14:00 UTC the application may refuse what gets stricter; no gateway can, for no "
            "operation goes away."
        ),
        "From 00:00 UTC only the new version holds.",
    ]


def test_what_callers_notice_stays_clear_of_the_weeks_around_the_year_end_and_says_so() -> None:
    calendar = Calendar((), FREEZES, (Peak((5, 1), (5, 8), "the holiday sale"),), year_end=True)
    dates, steps = schedule(read(None), Wish(), today=TODAY, calendar=calendar, calls=2)
    assert (dates.announce, dates.sunset) == (date(2027, 1, 7), date(2028, 1, 11))
    assert [(step.id, step.date.isoformat(), step.moved) for step in steps if step.moved] == [
        ("changelog", "2027-01-07", "not 2026-12-07: late November to early January"),
        ("block-new-keys", "2027-02-05", "not 2027-02-07: a Sunday"),
        (
            "brownout-1",
            "2027-11-05",
            "not 2027-12-12: late November to early January",
        ),
        (
            "brownout-2",
            "2027-11-12",
            "not 2027-12-28: a freeze until 2028-01-05 and late November to early January",
        ),
        (
            "brownout-3",
            "2027-11-19",
            "not 2028-01-04: a freeze until 2028-01-05 and late November to early January",
        ),
        ("reminder-3", "2027-12-10", "not 2027-12-12: a Sunday"),
        ("reminder-4", "2027-12-14", "not 2028-01-04: a freeze until 2028-01-05"),
        ("go-no-go", "2028-01-07", "not 2028-01-08: a Saturday"),
        ("sunset", "2028-01-11", "not 2028-01-07: a Friday"),
    ]
    early = schedule(read("house-min"), Wish(), today=date(2026, 10, 12), calendar=calendar, calls=2)
    assert (early[0].announce, early[0].sunset) == (date(2026, 11, 2), date(2027, 5, 11))
    assert early[1][-2].moved == "not 2027-05-02: the holiday sale"


def test_a_day_that_somebody_asked_for_is_kept_where_people_work_and_says_what_it_is_in() -> None:
    calendar = Calendar(year_end=True)
    wish = Wish(announce=date(2026, 12, 6), sunset=date(2027, 11, 30))
    dates, steps = schedule(read(None), wish, today=TODAY, calendar=calendar, calls=2)
    assert (dates.announce, dates.sunset) == (date(2026, 12, 7), date(2027, 11, 30))
    assert {step.kind: step.moved for step in steps if step.kind in ("changelog", "sunset")} == {
        "changelog": "not 2026-12-06: a Sunday",
        "sunset": "as asked for, in spite of late November to early January",
    }


def test_what_was_announced_is_not_moved_by_a_calendar() -> None:
    calendar = Calendar((date(2026, 12, 7),), year_end=True)
    wish = Wish(announce=date(2026, 12, 7), sunset=date(2027, 12, 7), is_announced=True)
    dates, steps = schedule(read(None), wish, today=TODAY, calendar=calendar, calls=0)
    assert (dates.announce, dates.sunset) == (date(2026, 12, 7), date(2027, 12, 7))
    assert steps[-2].moved == "as announced, in spite of late November to early January"
