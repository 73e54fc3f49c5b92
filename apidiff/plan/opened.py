"""The open decisions in the order in which to answer them: grouped by component, the most revenue first."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    people = _people(plan)
    together: dict[str, list[PlannedChange]] = {}
    for one in open_:
        together.setdefault(component_of(one.change), []).append(one)
    groups = []
    for component, changes in together.items():
        met = {name: worth for one in changes for name, worth in people.get(one.change.id, {}).items()}
        ordered = sorted(changes, key=lambda one: (-sum(people.get(one.change.id, {}).values()), one.change.id))
        groups.append(Group(component, tuple(ordered), sum(met.values()), len(met)))
    return tuple(sorted(groups, key=lambda one: (-one.revenue, -one.integrators, -len(one.changes), one.component)))


def _people(plan: Plan) -> dict[str, Mapping[str, float]]:
    """For each change whom it meets, with what they are worth."""
    found: dict[str, dict[str, float]] = {}
    for one in plan.integrators:
        if one.tier is not Tier.EXCLUDED:
            for impact in one.impacts:
                found.setdefault(impact.change, {})[one.integrator] = one.revenue or 0.0
    return dict(found)
