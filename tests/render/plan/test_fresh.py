"""The mails of `track`: each with what the logs show now, and thanks for who has moved."""

import email
from dataclasses import replace
from datetime import date, timedelta
from email.message import Message
from email.policy import default

import pytest

from apidiff.folder.history import History
from apidiff.follow.track import Tracking, track
from apidiff.plan.value import Dates
from apidiff.render.plan import fresh_messages
from apidiff.usage.ask.movement import Movement
from tests.follow.following import CARD, CURRENCY, NAME, SORT, plan, seen

DAY = date(2027, 7, 10)


def follow(today: date = DAY) -> Tracking:
    moved = (
        Movement("acme", CARD, new=1), Movement("acme", NAME, old=9, is_shown=False),
        Movement("monthend", CURRENCY, old=1, new=2, last_old=today), Movement("bolt", SORT, new=4),
        Movement("loop", NAME, failures=3),
    )  # fmt: skip
    return track(plan(), seen(*moved, today=today), history=History(), written={}, today=today)


@pytest.fixture(scope="module")
def mails() -> dict[str, bytes]:
    return fresh_messages(follow())


def read(content: bytes) -> tuple[str, Message]:
    mail = email.message_from_bytes(content, policy=default)
    return " ".join(str(mail.get_content()).split()), mail


def test_everybody_gets_the_one_that_is_due(mails: dict[str, bytes]) -> None:
    assert sorted(mails) == [
        "acme/reminder-1.eml", "bolt/thank-you.eml", "loop/reminder-1.eml", "monthend/reminder-1.eml",
    ]  # fmt: skip
    _, mail = read(mails["monthend/reminder-1.eml"])
    assert (mail["Subject"], mail["To"]) == (
        "Reminder 1 of 2: Payments changes on Tue 11 Jan 2028",
        "dev@monthend.example",
    )


def test_a_mail_has_the_counts_of_its_own_integrator_and_of_now(mails: dict[str, bytes]) -> None:
    acme, _ = read(mails["acme/reminder-1.eml"])
    assert "185 days are left" in acme
    assert "9 successful calls in the 30 days to Fri 9 Jul 2027; we can't see in them whether you have moved" in acme
    assert "cards" not in acme.partition("What we see")[2].partition("Please answer")[0]
    loop, _ = read(mails["loop/reminder-1.eml"])
    assert "3 attempts in the 30 days to Fri 9 Jul 2027, none of them successful" in loop
    month_end, _ = read(mails["monthend/reminder-1.eml"])
    assert "1 successful call in the 30 days to Fri 9 Jul 2027, the last on Sat 10 Jul 2027" in month_end
    assert "Acme" not in month_end


@pytest.mark.parametrize(
    ("today", "name"),
    [
        (date(2027, 7, 8), "reminder-1"),
        (date(2027, 12, 9), "reminder-1"),
        (date(2027, 12, 10), "reminder-2"),
        (date(2028, 1, 9), "reminder-2"),
    ],
)
def test_the_last_that_is_due_else_the_next(today: date, name: str) -> None:
    assert f"monthend/{name}.eml" in fresh_messages(follow(today))


def test_after_the_last_reminder_comes_the_last_call() -> None:
    first = follow(date(2027, 12, 20))
    later = replace(first, today=first.today + timedelta(days=9), due=())
    assert "monthend/last-call.eml" in fresh_messages(later)


def test_without_a_sunset_there_is_nothing_to_write() -> None:
    undated = replace(follow(), plan=plan(dates=Dates()))
    assert fresh_messages(undated) == {}
