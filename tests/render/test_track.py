"""The reports of `track`: the same data in every format, and nobody's text gets out of its place."""

import json
import re
from html.parser import HTMLParser

import pytest

from apidiff.folder.history import History
from apidiff.follow.track import Tracking, track
from apidiff.render.track import tracking_renderer
from apidiff.usage.ask.movement import Movement
from apidiff.words.errors import ApidiffError
from tests.follow.following import CARD, CURRENCY, NAME, SORT, TODAY, plan, seen, written


@pytest.fixture(scope="module")
def tracking() -> Tracking:
    """One of each: still there, half moved, unverifiable, moved, a newcomer, and what people wrote."""
    made = written(plan(), "acme", promised_date="2027-12-01", status="promised")
    moved = (
        Movement("acme", CARD, old=3, is_replaced=False, last_old=TODAY), Movement("acme", NAME, old=9, is_shown=False),
        Movement("monthend", CURRENCY, old=1, new=2, last_old=TODAY), Movement("bolt", SORT, new=1_234),
        Movement("late", CARD, old=7, last_old=TODAY),
    )  # fmt: skip
    return track(made, seen(*moved, days_with_data=29), history=History(), written={}, today=TODAY)


def test_text_is_what_a_person_reads_first(tracking: Tracking) -> None:
    assert tracking_renderer("text")(tracking).splitlines()[:6] == [
        "Payments 1.4.0 → 2.0.0",
        "logs of 2027-12-13 to 2028-01-11, 29 of 30 days with rows; sunset Tue 11 Jan 2028",
        "",
        "5 of 6 integrators have not migrated, worth 720 k a year.",
        "  not started 1 · partly 1 · silent 3 · migrated 1",
        "  warning: 1 of the window's 30 days has no rows: silence on them says nothing",
    ]
    text = tracking_renderer("text")(tracking)
    assert "  who is reminded: 2 of tier call, 1 of tier email\n" in text
    assert "  Acme GmbH      2027-12-01  promised for 2027-12-01  Ana Ruiz\n" in text
    month_end = next(line for line in text.splitlines() if line.startswith("  Month End Ltd  call"))
    assert re.split(r"  +", month_end.strip()) == [
        *("Month End Ltd", "call", "partly", "query parameter currency became required"),
        "1 call of the old, 2 of the new",
    ]  # fmt: skip
    assert "\nNot in the plan, and uses what ends\n  Late  operation DELETE" in text
    assert text.endswith(f"  2028-01-12      5     720 k  {'█' * 40}\n")


def test_json_has_everything(tracking: Tracking) -> None:
    data = json.loads(tracking_renderer("json")(tracking))
    assert (data["format"], data["today"], data["sunset"]) == ("apidiff-track/1", "2028-01-12", "2028-01-11")
    assert data["summary"] == {
        "integrators": 6, "left": 5, "revenue_left": 720_000.0, "to_contact": 3,
        "states": {
            "regressed": 0, "not started": 1, "partly": 1, "failing": 0, "silent": 3, "unverifiable": 0, "migrated": 1,
        },
    }  # fmt: skip
    assert data["integrators"][2] == {
        "integrator": "bolt", "name": "Bolt Inc", "tier": "personal-email", "owner": "Ana Ruiz",
        "contact": "dev@bolt.example", "revenue": 240_000.0, "state": "migrated", "status": "", "promised_date": "",
        "confirmed_migrated_at": "",
        "changes": [
            {
                "change": SORT, "title": "value `amount` of query parameter `sort` was removed", "state": "migrated",
                "old": 0, "new": 1_234, "failures": 0, "last_old": "2026-11-19", "sure_from": "2026-12-20",
                "note": "none of the old seen",
            }
        ],
    }  # fmt: skip
    assert data["not_in_plan"] == [
        {
            "integrator": "late", "name": "Late", "unknown": False, "change": CARD,
            "title": "operation `DELETE /v1/customers/{id}/cards/{card}` was removed", "old": 7,
            "last_old": "2028-01-12", "certain": True,
        }
    ]  # fmt: skip
    assert [one["integrator"] for one in data["overdue"]] == ["acme", "monthend", "loop"]
    assert data["runs"] == [
        {
            "day": "2028-01-12", "first": "2027-12-13", "last": "2028-01-11", "states": data["summary"]["states"],
            "left": 5, "revenue_left": 720_000.0, "sunset": "2028-01-11",
        }
    ]  # fmt: skip


def test_markdown_and_the_page_show_the_same_people(tracking: Tracking) -> None:
    markdown, page = (tracking_renderer(name)(tracking) for name in ("markdown", "html"))
    assert "| Bolt Inc | personal-email | value `amount` of query parameter `sort` was removed | migrated |" in markdown
    assert "| Wed 12 Jan 2028 | 5 | 720 k | 0 | 1 | 1 | 0 | 3 | 0 | 1 |" in markdown
    for name in ("Acme GmbH", "Month End Ltd", "Bolt Inc", "Loop Agent", "Late"):
        assert name in markdown
        assert name in page


class Tags(HTMLParser):
    """The elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)


HOSTILE = "<img src=x onerror=alert(1)>|`[x](javascript:1)\x1b[31m\u202e\n# Title"


def test_what_strangers_wrote_stays_text() -> None:
    made = written(plan(), "acme", status=HOSTILE, notes=HOSTILE, promised_date="2027-01-01")
    people = [made.integrators[0].with_written({}), *made.integrators[1:]]
    hostile = [type(one)(**{name: getattr(one, name) for name in one.__slots__} | {"name": HOSTILE}) for one in people]
    made = type(made)(**{name: getattr(made, name) for name in made.__slots__} | {"integrators": tuple(hostile)})
    shown = track(made, seen(Movement("acme", CARD, old=1)), history=History(), written={}, today=TODAY)
    text, markdown, page = (tracking_renderer(name)(shown) for name in ("text", "markdown", "html"))
    assert "img" not in Tags(page).names
    for output in (text, markdown, page):
        assert not [char for char in "\x1b\u202e" if char in output]
    assert "<img" not in markdown
    assert not [line for line in (*markdown.splitlines(), *text.splitlines()) if line.startswith("# Title")]


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(ApidiffError, match="did you mean markdown"):
        tracking_renderer("markdwon")
