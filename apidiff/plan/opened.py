"""The open decisions in the order in which to answer them: grouped by component, the most revenue first."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import fsum

from apidiff.plan.decide import component_of
from apidiff.plan.value import Plan, PlannedChange, Tier


@dataclass(frozen=True, slots=True)
class Group:
    """Open decisions that can be answered together: those of a component, or of the operations' own parts ("").

    `revenue` and `integrators` are of the accounts that any of them meets.
    """

    component: str
    changes: tuple[PlannedChange, ...]
    revenue: float
    integrators: int


def open_groups(plan: Plan) -> tuple[Group, ...]:
    """The breaks that nobody decided, by component; the heaviest first, and in each the heaviest first too."""
    open_ = [one for one in plan.changes if one.change.breaks and one.decision is None]
    if not open_:
        return ()
    people = _People(plan)
    together: dict[str, list[PlannedChange]] = {}
    for one in open_:
        together.setdefault(component_of(one.change), []).append(one)
    groups = []
    for component, changes in together.items():
        count, revenue = people.met_by(one.change.id for one in changes)
        ordered = sorted(changes, key=lambda one: (-people.met_by([one.change.id])[1], one.change.id))
        groups.append(Group(component, tuple(ordered), revenue, count))
    return tuple(sorted(groups, key=lambda one: (-one.revenue, -one.integrators, -len(one.changes), one.component)))


class _People:
    """Whom changes meet, with what they are worth; those that many changes meet alike are held once."""

    def __init__(self, plan: Plan) -> None:
        found: dict[tuple[str, ...], dict[str, float]] = {}
        for one in plan.integrators:
            if one.tier is not Tier.EXCLUDED:
                for impact in one.impacts:
                    found.setdefault(impact.changes, {})[one.integrator] = one.revenue or 0.0
        self._met = tuple(found.values())
        self._sets: dict[str, list[int]] = {}
        for number, changes in enumerate(found):
            for change in changes:
                self._sets.setdefault(change, []).append(number)
        self._together = cache(self._added)

    def met_by(self, changes: Iterable[str]) -> tuple[int, float]:
        """How many accounts any of the changes meets, and their revenue together."""
        return self._together(frozenset(number for change in changes for number in self._sets.get(change, ())))

    def _added(self, numbers: frozenset[int]) -> tuple[int, float]:
        met = {name: worth for number in numbers for name, worth in self._met[number].items()}
        return len(met), fsum(met.values())
