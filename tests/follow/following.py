"""A plan that everybody agreed to, and what logs of a later window may show of it, for tests of `track` and `gate`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from apidiff.config.settings import Answer
from apidiff.plan.value import Decision, Plan
from apidiff.usage.ask.movement import Movement, Movements
from apidiff.usage.evidence import Account, Coverage
from tests.render.plan.sample import CHANGES, sample

TODAY = date(2028, 1, 12)
"""The day after the sample's sunset."""
NAME, CARD, CURRENCY, SORT, LENGTH, REFUND = (one.id for one in CHANGES[:6])


def plan(*, gap: int = 0, **more: Any) -> Plan:
    """The sample with `proceed` for each break; the calls of its integrators were up to `gap` days apart."""
    base = sample(draft="", **more)
    people = tuple(
        replace(one, impacts=tuple(impact._replace(longest_gap_days=gap) for impact in one.impacts))
        for one in base.integrators
    )
    changes = tuple(
        replace(one, decision=Decision(one.change.id, Answer.PROCEED, "a reason", "Ana")) for one in base.changes
    )
    return replace(base, integrators=people, changes=changes)


def written(one: Plan, integrator: str, **cells: str) -> Plan:
    """The plan with what people wrote of one integrator."""
    people = tuple(who.with_written(cells) if who.integrator == integrator else who for who in one.integrators)
    return replace(one, integrators=people)


def seen(
    *moved: Movement, today: date = TODAY, days_with_data: int = 30, covered: int = 30, unknown: Iterable[str] = ()
) -> Movements:
    """What the logs of the thirty days before a day show."""
    last = today - timedelta(days=1)
    return Movements(
        coverage=Coverage(),
        first=last - timedelta(days=29),
        last=last,
        days_with_data=days_with_data,
        covered=covered,
        calls=10_000,
        movements=moved,
        accounts={one.integrator: Account(one.integrator, one.integrator.title()) for one in moved},
        unknown=frozenset(unknown),
    )
