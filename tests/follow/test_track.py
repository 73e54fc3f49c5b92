"""The states of `track`, the rest that a use needs, what people wrote, the history and what is due."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apidiff.config.settings import Answer
from apidiff.folder.history import History, Past, State
from apidiff.follow.track import Tracking, remembered, track, tracked
from apidiff.plan.value import Decision, Plan
from apidiff.usage.ask.movement import Movement
from tests.follow.following import CARD, CURRENCY, LENGTH, NAME, REFUND, SORT, TODAY, plan, seen, written
from tests.render.plan.sample import CHANGES

LATE = TODAY - timedelta(days=200)


def follow(made: Plan, *moved: Movement, history: History | None = None, today: date = TODAY) -> Tracking:
    return track(made, seen(*moved, today=today), history=history or History(), written={}, today=today)


def states(tracking: Tracking) -> dict[tuple[str, str], str]:
    return {
        (one.planned.integrator, progress.change): progress.state.value
        for one in tracking.followed
        for progress in one.progress
    }


def test_what_ends_is_followed_and_nothing_else() -> None:
    assert [change.id for change in plan().ending] == [NAME, CARD, CURRENCY, SORT, LENGTH, REFUND]
    kept = plan()
    kept = replace(
        kept,
        changes=(replace(kept.changes[0], decision=Decision(NAME, Answer.EXPAND)), *kept.changes[1:]),
    )
    assert tracked(kept) == {
        "acme": (CARD,), "monthend": (CURRENCY,), "bolt": (SORT,), "trial": (REFUND,), "key-9f3a": (REFUND,),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("moved", "state", "note"),
    [
        (Movement("bolt", SORT, old=1, new=0), "not started", "1 call of the old, none of the new"),
        (Movement("bolt", SORT, old=2, is_replaced=False, new=9), "not started", "2 calls of the old"),
        (Movement("bolt", SORT, old=3, new=1_000), "partly", "3 calls of the old, 1,000 of the new"),
        (Movement("bolt", SORT, new=1), "migrated", "none of the old seen"),
        (Movement("bolt", SORT, failures=1), "failing", "1 attempt, none successful: ask what broke"),
        (Movement("bolt", SORT, failures=5, new=1), "migrated", "none of the old seen"),
        (Movement("bolt", SORT), "silent", "nothing seen; ask"),
        (
            Movement("bolt", SORT, old=5, new=1, is_shown=False), "unverifiable",
            "these logs can't tell the old from the new: ask, and `apidiff confirm` the answer",
        ),
        (Movement("bolt", SORT, is_shown=False), "silent", "nothing seen; ask"),
    ],
)  # fmt: skip
def test_states(moved: Movement, state: str, note: str) -> None:
    (one,) = [one for one in follow(plan(), moved).followed if one.planned.integrator == "bolt"]
    assert (one.state.value, one.progress[0].note) == (state, note)


def test_who_goes_back_has_regressed_until_gone_again() -> None:
    made, history = plan(), History()
    found = []
    for day, old in enumerate((1, 0, 0, 1, 1, 0)):
        today = date(2027, day + 1, 1)
        tracking = follow(made, Movement("bolt", SORT, old=old, new=1), history=history, today=today)
        found.append(states(tracking)["bolt", SORT])
        history = remembered(history, tracking)
    assert found == ["partly", "migrated", "migrated", "regressed", "regressed", "migrated"]
    assert history.past["bolt", SORT].migrated_on == date(2027, 2, 1)
    assert [run.day.month for run in history.runs] == [1, 2, 3, 4, 5, 6]


def test_a_second_run_of_a_day_takes_the_place_of_the_first() -> None:
    made, today = plan(), date(2027, 3, 1)
    first = follow(made, Movement("bolt", SORT, new=1), today=today)
    history = remembered(History(), first)
    again = follow(made, Movement("bolt", SORT, old=1), history=history, today=today)
    assert states(again)["bolt", SORT] == "not started"
    history = remembered(history, again)
    assert (len(history.runs), history.past["bolt", SORT]) == (1, Past(State.NOT_STARTED, None, date(2026, 11, 19)))


def test_a_run_for_an_earlier_day_changes_no_later_state() -> None:
    made = plan()
    history = remembered(History(), follow(made, Movement("bolt", SORT, new=1), today=date(2027, 3, 1)))
    early = follow(made, Movement("bolt", SORT, old=1), history=history, today=date(2027, 2, 1))
    assert states(early)["bolt", SORT] == "not started"
    later = remembered(history, early)
    assert [run.day.month for run in later.runs] == [2, 3]
    assert later.past["bolt", SORT] == history.past["bolt", SORT]


@pytest.mark.parametrize(("gap", "rest"), [(0, 30), (14, 30), (20, 30), (21, 32), (31, 47), (92, 138)])
def test_a_use_has_to_rest_longer_than_its_longest_pause(gap: int, rest: int) -> None:
    last = TODAY - timedelta(days=31)
    tracking = follow(plan(gap=gap), Movement("monthend", CURRENCY, new=3, last_old=last))
    progress = tracking.followed[1].progress[0]
    state = State.PARTLY if rest > 30 else State.MIGRATED
    assert (progress.state, progress.sure_from) == (state, last + timedelta(days=rest + 1))
    assert ("sure from" in progress.note) == (rest > 30)


def test_the_last_old_use_is_the_latest_that_anybody_saw() -> None:
    history = History((), {("bolt", SORT): Past(State.PARTLY, None, LATE)})
    assert follow(plan(), history=history).followed[2].progress[0].last_old == LATE
    assert follow(plan()).followed[2].progress[0].last_old == date(2026, 11, 19)
    # a trial whose calls all failed never used it
    assert follow(plan()).followed[4].progress[0].last_old is None


def test_a_persons_word_counts_where_the_logs_have_none() -> None:
    made = written(plan(), "acme", confirmed_migrated_at="2028-01-03")
    moved = (Movement("acme", NAME, old=9, is_shown=False), Movement("acme", CARD, old=1))
    assert [one.note for one in follow(made, *moved).followed[0].progress] == [
        "1 call of the old, none of the new", "confirmed on 2028-01-03; the logs show nothing of it",
    ]  # fmt: skip
    assert follow(made, moved[0]).followed[0].state is State.MIGRATED


def test_a_cell_that_is_no_date_is_said_and_does_not_count() -> None:
    made = written(plan(), "bolt", confirmed_migrated_at="last week", promised_date="soon")
    tracking = follow(made)
    assert tracking.followed[2].state is State.SILENT
    assert tracking.warnings == (
        "promised_date of bolt is no date and does not count: write it as YYYY-MM-DD",
        "confirmed_migrated_at of bolt is no date and does not count: write it as YYYY-MM-DD",
    )


def test_what_the_logs_do_not_cover_is_said() -> None:
    tracking = track(
        plan(), seen(today=TODAY - timedelta(days=9), days_with_data=25), history=History(), written={}, today=TODAY
    )
    assert tracking.warnings == (
        "5 of the window's 30 days have no rows: silence on them says nothing",
        "the logs end on 2028-01-02, 10 days before today",
    )


def test_who_promised_or_was_never_contacted_is_overdue() -> None:
    made = written(written(plan(), "acme", promised_date="2028-01-11"), "bolt", status="called")
    assert [one.planned.integrator for one in follow(made).overdue] == ["acme", "monthend", "loop"]
    kept = written(made, "acme", promised_date="2028-01-12")
    assert [one.planned.integrator for one in follow(kept).overdue] == ["monthend", "loop"]


def test_the_steps_since_the_last_run_are_due() -> None:
    made = plan()
    first = follow(made, today=date(2027, 1, 11))
    assert [step.id for step in first.due] == ["review", "evidence", "calls", "changelog"]
    assert [step.id for step in first.upcoming] == ["block", "reminder-1", "reminder-2"]
    later = follow(made, history=remembered(History(), first), today=date(2027, 7, 9))
    assert [step.id for step in later.due] == ["block", "reminder-1"]


def test_the_run_counts_who_is_left_and_their_revenue() -> None:
    run = follow(plan(), Movement("bolt", SORT, new=1)).runs[-1]
    assert (run.left, run.revenue_left, run.states[State.MIGRATED], run.states[State.SILENT]) == (5, 720_000.0, 1, 5)
    assert run.sunset == date(2028, 1, 11)


def test_newcomers_are_those_that_the_plan_does_not_name_for_the_change() -> None:
    moved = (Movement("bolt", SORT, old=1), Movement("bolt", REFUND, old=2), Movement("late", CARD, old=9))
    found = follow(plan(), *moved).newcomers
    assert [(one.account.integrator, one.change, one.old) for one in found] == [("late", CARD, 9), ("bolt", REFUND, 2)]
    assert {change.id for change in CHANGES} >= {one.change for one in found}
