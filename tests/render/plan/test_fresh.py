"""The mails of `track`: each with what the logs show now, and thanks for who has moved."""

import email
from datetime import date
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


def test_without_a_sunset_there_is_nothing_to_write() -> None:
    undated = track(plan(dates=Dates()), seen(today=DAY), history=History(), written={}, today=DAY)
    assert fresh_messages(undated) == {}


def test_the_last_call_says_that_it_is_the_last() -> None:
    text, mail = read(fresh_messages(follow(date(2028, 1, 10)))["monthend/last-call.eml"])
    assert mail["Subject"] == "Last call: Payments changes on Tue 11 Jan 2028"
    assert "this is the last message before Tue 11 Jan 2028" in text
