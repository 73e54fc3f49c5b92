"""The calendar as an independent library reads it back."""

from dataclasses import replace
from datetime import date, timedelta

from icalendar import Calendar

from apidiff.plan.value import Step
from apidiff.render.plan.calendar import sunset_ics
from apidiff.render.plan.view import view
from tests.render.plan.sample import TIMELINE, sample


def events(data: bytes) -> list[dict[str, object]]:
    calendar = Calendar.from_ical(data)
    assert calendar["METHOD"] == "PUBLISH"
    return [
        {
            "title": str(event["SUMMARY"]), "start": event["DTSTART"].dt, "end": event["DTEND"].dt,
            "uid": str(event["UID"]), "sequence": event["SEQUENCE"], "detail": str(event["DESCRIPTION"]),
        }
        for event in calendar.walk("VEVENT")
    ]  # fmt: skip


def test_every_step_is_an_all_day_event() -> None:
    read = events(sunset_ics(view(sample())))
    name = "(Payments 1.4.0 → 2.0.0)"
    assert [(one["title"], one["start"], one["end"]) for one in read] == [
        (f"{step.title} {name}", step.date, step.date + timedelta(days=1)) for step in TIMELINE
    ]


def test_a_moved_date_updates_its_event() -> None:
    first = events(sunset_ics(view(sample())))
    moved = tuple(replace(step, date=step.date + timedelta(days=7), title="Later") for step in TIMELINE)
    second = events(sunset_ics(view(sample(timeline=moved, today=date(2026, 12, 1)))))
    assert [one["uid"] for one in first] == [one["uid"] for one in second]
    assert len({one["uid"] for one in first}) == len(TIMELINE)
    assert all(later["sequence"] > earlier["sequence"] for earlier, later in zip(first, second, strict=True))


def test_lines_are_folded_by_octets_and_hostile_text_stays_text() -> None:
    title = "Ärger, “quoted”; back\\slash 日本語 " * 8 + "\r\nEND:VCALENDAR\r\nBEGIN:VEVENT"
    step = Step("x", "call", date(2027, 1, 4), title, "one\ntwo, three; four\\n", "nobody")
    data = sunset_ics(view(sample(timeline=(step,))))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.replace(b"\r\n", b"").count(b"\n") == 0
    (read,) = events(data)
    assert (
        read["title"]
        == f"{title.replace(' ' + chr(13) + chr(10), ' ').replace(chr(13) + chr(10), ' ')} (Payments 1.4.0 → 2.0.0)"
    )
    assert "one two, three; four\\n\nWho: nobody" in str(read["detail"])


def test_no_dates_no_events() -> None:
    assert events(sunset_ics(view(sample(timeline=())))) == []
