"""The page's table of people: accounts as rows that can be filtered, sorted and opened.

Rows are written by hand, for there are thousands; each value goes through the escape of HTML.
"""

import json
from collections.abc import Mapping
from functools import cache, partial
from typing import Final

from apidiff.plan.value import PlannedIntegrator, Tier
from apidiff.render.plan.plain import in_words
from apidiff.render.plan.view import TIER_TITLES, View, money, score_terms, size_of
from apidiff.render.templates import day, number
from apidiff.usage.evidence import Evidence
from apidiff.words.escape import clip, html, html_prose

COLUMNS: Final = (
    ("#", "n"), ("account", ""), ("tier", ""), ("score", "n"), ("evidence", ""), ("revenue", "n"), ("calls", "n"),
    ("last seen", "n"), ("due", "n"), ("why", "no"),
)  # fmt: skip
"""The table's columns: the heading, and how it sorts (`n` as a number, "" as a text, `no` not at all)."""
SHOWN: Final = 5_000
"""So many rows, in the order of contact, are as many as a browser sorts at once; outreach.csv has all."""
_HITS: Final = 60
_LETTER: Final = {"confirmed": "c", "probable": "p", "possible": "o"}


def rows(view: View) -> str:
    """The rows of the table, in the order of contact, as HTML."""
    places = {planned.change.id: place for place, planned in enumerate(view.plan.changes)}
    hits = cache(partial(_hits, places))
    return "".join(
        _row(one, hits(tuple((impact.changes, impact.evidence) for impact in one.impacts)))
        for one in view.plan.integrators[:SHOWN]
    )


def unlisted(view: View) -> int:
    """How many accounts have no row."""
    return max(0, len(view.plan.integrators) - SHOWN)


def _hits(places: Mapping[str, int], met: tuple[tuple[tuple[str, ...], Evidence], ...]) -> str:
    """The changes by their place and evidence; thousands of accounts have the same."""
    letters = {change: _LETTER[evidence.value] for changes, evidence in met for change in changes}
    return ",".join(f"{places[change]}{letters[change]}" for change in sorted(letters)[:_HITS] if change in places)


def _row(one: PlannedIntegrator, hits: str) -> str:
    """One account; `data-h` are its changes by their place and evidence, `data-s` the parts of its score."""
    who = html(clip(one.name or ", ".join(one.keys) or one.integrator, 80))
    beside = " · ".join(html(clip(text, 40)) for text in (one.owner or "no owner", one.plan) if text)
    parts = html("; ".join(f"{name} {points:.1f}" for name, points in score_terms(one)))
    seen = one.last_seen
    return (
        f'<tr data-t="{one.tier.value}" data-e="{one.evidence.value}" data-h="{hits}" data-s="{parts}" '
        f'data-k="{html(", ".join(one.keys[:6]))}" data-l="{html(", ".join(one.languages[:4]))}" '
        f'data-w="{html(size_of(one.effort))}" data-c="{html(clip(one.contact, 120))}">'
        f'<td class="n" data-v="{one.rank}">{one.rank}</td>'
        f'<th scope="row" class="who">{who}<br><small>{beside}</small></th>'
        f'<td data-label="tier">{TIER_TITLES[one.tier]}</td>'
        f'<td class="n" data-label="score" data-v="{one.score:.2f}">{one.score:.1f}</td>'
        f'<td data-label="evidence"><span class="pill {one.evidence.value}">{one.evidence.value}</span></td>'
        f'<td class="n" data-label="revenue" data-v="{one.revenue or 0:.0f}">{money(one.revenue)}</td>'
        f'<td class="n" data-label="calls" data-v="{one.logical_successes}">{number(one.logical_successes)}</td>'
        f'<td class="d" data-label="last seen" data-v="{_days(seen)}">{day(seen)}</td>'
        f'<td class="d" data-label="due" data-v="{one.due.toordinal() if one.due else 0}">{day(one.due)}</td>'
        f'<td class="why">{html_prose(one.why)}</td></tr>\n'
    )


def _days(text: str) -> str:
    return text[:10].replace("-", "") or "0"


def titles(view: View) -> str:
    """The changes in words, in the order of the plan, as JSON that may stand in an element of HTML."""
    said = [in_words(planned).replace("`", "") if planned.change.endangers else "" for planned in view.plan.changes]
    text = json.dumps([clip(one, 300) for one in said], ensure_ascii=True)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def tiers(view: View) -> tuple[tuple[str, str, int], ...]:
    """The tiers that hold somebody: value, title and how many."""
    return tuple((tier.value, TIER_TITLES[tier], len(view.tiers[tier])) for tier in Tier if view.tiers[tier])
