"""sunset.ics: every dated step as an all-day event (RFC 5545) that a later run moves instead of doubling."""

import hashlib
from datetime import date, timedelta
from typing import Final

from apidiff.plan.value import Plan, Step
from apidiff.render.plan.view import View
from apidiff.words.escape import http_url, plain_prose, visible

_ALARMED: Final = frozenset({"call", "changelog", "brownout", "go-no-go", "sunset"})
"""The kinds that get an alarm a week before."""

_EPOCH: Final = date(2020, 1, 1)


def sunset_ics(view: View) -> bytes:
    """The calendar: an event's UID is that of its step, its SEQUENCE grows with the day on which the plan is made."""
    plan = view.plan
    name = f"{plan.base.title or 'API'} {plan.base.version} → {plan.revision.version}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//apidiff//plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(f'Sunset of {name}')}",
    ]
    for step in plan.timeline:
        lines += _event(step, plan, name)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(step: Step, plan: Plan, name: str) -> list[str]:
    stamps = [plain_prose(stamp) for stamp in (plan.draft and f"DRAFT: {plan.draft}", plan.stamp) if stamp]
    description = "\n".join(
        [
            *stamps,
            plain_prose(step.detail),
            *([plain_prose(step.moved)] if step.moved else []),
            f"Who: {visible(step.who)}",
        ]
    )
    title = plain_prose(step.title)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid(step, plan)}",
        f"DTSTAMP:{plan.today:%Y%m%d}T000000Z",
        f"SEQUENCE:{max((plan.today - _EPOCH).days, 0)}",
        f"DTSTART;VALUE=DATE:{step.date:%Y%m%d}",
        f"DTEND;VALUE=DATE:{step.date + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{title} ({name})')}",
        f"DESCRIPTION:{_text(description)}",
        f"CATEGORIES:{_text(step.kind)}",
        f"STATUS:{'TENTATIVE' if plan.draft else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
    ]
    if http_url(plan.guide_url):
        lines.append(f"URL:{http_url(plan.guide_url)}")
    if step.kind in _ALARMED:
        lines += ["BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{_text(title)}", "TRIGGER:-P7D", "END:VALARM"]
    return [*lines, "END:VEVENT"]


def uid(step: Step, plan: Plan) -> str:
    """The same for the same step of the same migration, whatever its date and title become."""
    parts = (plan.base.title, plan.base.version, plan.revision.version, step.id)
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"{digest}@apidiff"


def _text(value: str) -> str:
    r"""A TEXT value (RFC 5545, 3.3.11): the backslash first, then what it escapes; line ends as `\n`."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(visible(line) for line in escaped.split("\n"))


def _folded(line: str) -> str:
    """The line in parts of at most 75 octets, none of which cuts a character (RFC 5545, 3.1)."""
    parts: list[str] = []
    current, octets = "", 0
    for char in line:
        size = len(char.encode())
        # The space that opens a continuation counts as well.
        if octets + size > 75:
            parts.append(current)
            current, octets = "", 1
        current += char
        octets += size
    return "\r\n ".join([*parts, current])
