"""A mail is written on its day, never before it, and once."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from apidiff.folder.history import History, history_json, read_history
from apidiff.follow.track import Tracking, remembered, track
from apidiff.plan.tiers import ACTIONS, after_changelog
from apidiff.plan.value import Tier
from apidiff.usage.ask.movement import Movement
from tests.follow.following import CARD, CURRENCY, NAME, SORT, plan, seen

FIRST, SECOND, GO, SUNSET = (date(2027, 7, 9), date(2027, 12, 10), date(2028, 1, 10), date(2028, 1, 11))
"""The sample's reminders, the day after which nothing but the last call is left, and its sunset."""


NOTHING = History()


def on(today: date, history: History = NOTHING, *, back: bool = False) -> Tracking:
    moved = (
        Movement("acme", CARD, new=1), Movement("acme", NAME, old=9, is_shown=False),
        Movement("monthend", CURRENCY, old=1, new=2, last_old=today), Movement("bolt", SORT, old=3 * back, new=4),
        Movement("loop", NAME, failures=3),
    )  # fmt: skip
    return track(plan(), seen(*moved, today=today), history=history, written={}, today=today)


def names(found: Tracking) -> dict[str, str]:
    return {mail.integrator: mail.name for mail in found.mails}


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (FIRST - timedelta(days=1), None),
        (FIRST, "reminder-1"),
        (SECOND - timedelta(days=1), "reminder-1"),
        (SECOND, "reminder-2"),
        (GO, "last-call"),
        (SUNSET, None),
    ],
)
def test_a_reminder_is_written_from_its_day_on(today: date, name: str | None) -> None:
    assert names(on(today)).get("monthend") == name


def test_each_is_written_once_and_a_second_run_of_the_day_gives_it_again() -> None:
    first = on(FIRST)
    assert names(first) == {"acme": "reminder-1", "monthend": "reminder-1", "bolt": "thank-you", "loop": "reminder-1"}
    history = remembered(History(), first, mailed=True)
    assert on(FIRST, history).mails == first.mails
    assert on(FIRST + timedelta(days=1), history).mails == ()
    assert names(on(SECOND, history)) == dict.fromkeys(("acme", "monthend", "loop"), "reminder-2")


def test_a_run_that_writes_no_mails_takes_none_away() -> None:
    history = remembered(History(), on(FIRST))
    assert names(on(FIRST + timedelta(days=1), history))["bolt"] == "thank-you"


def test_nobody_is_thanked_twice() -> None:
    history = remembered(History(), on(FIRST), mailed=True)
    days = [FIRST + timedelta(days=n) for n in (0, 1, 30, 60)]
    history = remembered(History(), on(days[0]), mailed=True)
    back = on(days[1], history, back=True)
    assert names(back) == {"bolt": "reminder-1"}
    history = remembered(history, back, mailed=True)
    assert [names(on(day, history)).get("bolt") for day in days[2:]] == [None, None]


def test_the_history_keeps_what_was_written(tmp_path: Path) -> None:
    history = remembered(History(), on(FIRST), mailed=True)
    (tmp_path / "track-history.json").write_bytes(history_json(history))
    assert read_history(tmp_path).mails == {
        ("acme", "reminder-1"): FIRST,
        ("bolt", "thank-you"): FIRST,
        ("loop", "reminder-1"): FIRST,
        ("monthend", "reminder-1"): FIRST,
    }


def test_once_the_changelog_is_out_nobody_is_called_before_it() -> None:
    acme = replace(plan().integrators[0], next_action=ACTIONS[Tier.CALL][0])
    announced = date(2027, 1, 11)
    said = [after_changelog(acme, announced, announced + timedelta(days=n)).next_action for n in (-1, 0, 1)]
    assert said == ["call before the changelog", *["call now: the changelog is out"] * 2]
