"""One set of dates in every document: another policy moves all of them, and leaves none of the old behind."""

from dataclasses import replace
from datetime import date, timedelta

from apidiff.plan.headers import headers
from apidiff.plan.value import Dates, Plan
from apidiff.render.plan import render_plan
from tests.render.plan.sample import GUIDE, sample

LATER = Dates(date(2027, 3, 1), date(2027, 3, 1), date(2028, 5, 9))
SILENT = {
    "headers/nginx/apidiff-server.conf", "messages/README.md", "outreach.csv",
    "outreach.xlsx",
}  # fmt: skip
"""They say no sunset: the list has each task's own date, nginx reads the dates from its maps."""


def spellings(day: date) -> tuple[str, ...]:
    """Every way in which a document writes a day."""
    made = headers(day, day)
    short = f"{day:%a} {day.day} {day:%b} {day.year}"
    return (day.isoformat(), f"{day:%Y%m%d}", short, made["Deprecation"], made["Sunset"])


def moved(plan: Plan) -> Plan:
    """The plan as another policy would have dated it: every step and task later by the same days."""
    assert plan.dates.sunset is not None
    assert LATER.sunset is not None
    shift = LATER.sunset - plan.dates.sunset
    by_wire = headers(LATER.deprecation or date.max, LATER.sunset, guide_url=GUIDE)
    return replace(
        plan,
        dates=LATER,
        timeline=tuple(replace(step, date=step.date + shift) for step in plan.timeline),
        integrators=tuple(replace(one, due=one.due and one.due + timedelta(days=60)) for one in plan.integrators),
        operations=tuple(replace(one, headers=by_wire) for one in plan.operations),
    )


def test_every_document_says_the_new_sunset_and_none_the_old() -> None:
    old, new = render_plan(sample()), render_plan(moved(sample()))
    assert list(old) == list(new)
    assert sample().dates.sunset is not None
    gone, now = spellings(sample().dates.sunset), spellings(LATER.sunset or date.max)
    for name in old:
        if name in SILENT or name.startswith("guide/"):
            continue
        before, after = (" ".join(files[name].decode().split()) for files in (old, new))
        assert any(text in before for text in gone), name
        assert any(text in after for text in now), name
        assert not [text for text in gone if text in after], name
