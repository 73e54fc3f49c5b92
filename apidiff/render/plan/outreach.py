"""The list of whom to contact: outreach.csv for the CRM, outreach.md for people.

The columns and their order are the contract's; the last four belong to the person who works the list.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from apidiff.folder.plan_data import Sets, sets_of
from apidiff.plan.value import COLUMNS, PlannedIntegrator, Tier
from apidiff.render.plan.cells import csv_table
from apidiff.render.plan.plain import by_edit, in_words, trace
from apidiff.render.plan.view import TIER_ACTIONS, TIER_TITLES, Hit, View, held, money, necessity, score_terms, size_of
from apidiff.render.templates import fill
from apidiff.words.escape import csv_cell

_SAID: Final = 5
"""So many changes fit into a call, and onto the screen of who makes it."""

_NAMED: Final = 6
"""So many changes of an account are named in outreach.csv of a plan that has each list of changes once."""

_LISTED: Final = 200
"""A table in outreach.md shows so many rows and then names outreach.csv, which has all."""


def outreach_csv(view: View) -> bytes:
    """One row an integrator in the order of contact (RFC 4180, UTF-8), safe against formulas."""
    people, sets = view.plan.integrators, sets_of(view.plan)
    return csv_table(
        COLUMNS, ([csv_cell(value) if isinstance(value, str) else value for value in row(one, sets)] for one in people)
    )


def row(one: PlannedIntegrator, sets: Sets | None = None) -> Iterator[str | int | float]:
    """The cells of one integrator, before any escape: numbers as numbers, lists joined by `; `, dates as ISO 8601.

    Of a list of changes that is among `sets` the first ones are named, and its place for the rest.
    """
    for column in COLUMNS:
        value = getattr(one, column)
        if column == "changes" and sets is not None and len(value) > _NAMED:
            value = (*value[:_NAMED], f"and {len(value) - _NAMED} more: change_sets/{sets(value)} of plan.json")
        yield _ROUNDED.get(column, _number)(value) if _is_number(value) else _text(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: float) -> int | float:
    """A count as it is, an amount to the cent and without empty decimals."""
    return int(value) if float(value).is_integer() else round(value, 2)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return _joined(value)
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=4096)
def _joined(values: tuple[object, ...]) -> str:
    """A list as one cell; thousands of integrators have the same changes."""
    return "; ".join(map(str, values))


_ROUNDED: Final[Mapping[str, Callable[[float], float]]] = {
    "score": lambda value: round(value, 1),
    "agent_share": lambda value: round(value, 3),
}
"""Columns with other decimals than those of an amount."""


def outreach_md(view: View, *, template_dir: Path | None = None) -> str:
    """The tiers in the order of contact, what they cover, and a one-page brief for each call."""
    return fill(
        "outreach.md.j2",
        template_dir=template_dir,
        view=view,
        plan=view.plan,
        tiers=[(tier, TIER_TITLES[tier], TIER_ACTIONS[tier], view.tiers[tier]) for tier in Tier],
        listed=_LISTED,
        briefs=[_brief(one, view) for one in view.tiers[Tier.CALL]],
        held=lambda tier: held(view, tier),
        money=money,
        necessity=necessity,
        score_terms=score_terms,
        size_of=size_of,
    )


def _brief(one: PlannedIntegrator, view: View) -> tuple[PlannedIntegrator, list[tuple[str, str, Hit]], int]:
    """What to say to one integrator, each thing once, as much of it as fits on a screen."""
    edits = by_edit(view.hits[one.integrator])
    items = [(in_words(hit.planned, at), trace(hit), hit) for hit, at in edits[:_SAID]]
    return one, items, max(0, len(edits) - _SAID)
