"""Changes × usage × integrators: who is hit by what, and what the log shows of it.

Evidence rests on what each change asks of the log (`Change.exposure`), never on volume; a use that the log proves
unaffected is no impact.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.asking import Asking, Reached, asking_of
from apidiff.usage.ask.fieldset import MOST, Parameters, any_of, parameters_of
from apidiff.usage.ask.metrics import metrics_of
from apidiff.usage.ask.operations import operation_uses
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Owners, Use, owners_of, window_of
from apidiff.usage.ask.sights import Answers, asked, by_owner
from apidiff.usage.ask.uses import Uses, shares_of
from apidiff.usage.ask.verdict import Reach, Window, impact_of, reach_of
from apidiff.usage.cube.value import Usage
from apidiff.usage.evidence import Activity, Coverage, Evidence, Exposures, Impact
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.words.changes import Change, OperationEntry


def join(
    usage: Usage,
    changes: Sequence[Change],
    integrators: Integrators,
    *,
    operations: Sequence[OperationEntry],
    options: Options,
) -> Exposures:
    """Every integrator and unknown key that a breaking or dangerous change meets, with the evidence.

    Waived changes meet nobody. Errors: those of reading the logs again where changes ask about parameters.
    """
    owners = owners_of(usage, integrators, options)
    coverage = replace(
        usage.coverage,
        unknown_keys=owners.unknown_keys,
        warnings=(*usage.coverage.warnings, *integrators.warnings, *_gaps(usage.coverage, options)),
    )
    parameters = parameters_of(operations)
    asking = [item for item in asking_of(changes, usage, options, parameters) if item.reached.routes]
    first_day, _ = window_of(usage, options.look_back_days)
    ask = partial(asked, usage=usage, first_day=first_day, revision=options.revision_version)
    sights = by_owner(_answers(asking, parameters, ask), owners)
    found = Uses(usage, owners, options)
    asked_of = Asked(asking)
    impacts: list[Impact] = []
    activities: list[Activity] = []
    for owner in sorted(found.by_owner):  # in the order of `accounts`, which is that of their ids
        mine, affected = _impacts_of(owner, found, asked_of, sights, owners)
        if mine:
            impacts.extend(mine)
            account = owners.accounts[owner]
            activities.append(found.activity(owner, account, affected, owners))
    shares: dict[str, float] = {}
    for activity in activities:
        for language, share in activity.languages:
            shares[language] = shares.get(language, 0.0) + share * activity.logical_successes
    return Exposures(
        coverage=coverage,
        activities=tuple(activities),
        impacts=tuple(impacts),
        operations=operation_uses(usage, operations, owners),
        metrics=metrics_of(usage, owners, integrators),
        language_share=shares_of(shares),
    )


@dataclass(frozen=True, slots=True)
class _Expected:
    """What logs will have, as far as it is known before they are read."""

    routes: Routes
    logged: frozenset[str]


def foreseen(
    changes: Sequence[Change],
    operations: Sequence[OperationEntry],
    options: Options,
    routes: Routes,
    logged: frozenset[str],
) -> list[tuple[str, str, tuple[int, ...]]]:
    """What `join` will ask of logs with the columns `logged`: (column, pattern, routes).

    What is only asked where somebody names fields is not among it.
    """
    parameters = parameters_of(operations)
    asking = [
        item for item in asking_of(changes, _Expected(routes, logged), options, parameters) if item.reached.routes
    ]
    presence = any_of((item.fieldset for item in asking if item.fieldset), parameters)
    questions = {question for item in asking for question in item.questions} | ({presence} if presence else set())
    return [(question.column, question.pattern, question.routes) for question in sorted(questions)]


def _answers(asking: Sequence[Asking], parameters: Parameters, ask: Callable[[Iterable[Question]], Answers]) -> Answers:
    """The answers to all questions.

    Of fields it is asked only where somebody names any: most logs have none, and each question goes through their rows.
    """
    presence = any_of((item.fieldset for item in asking if item.fieldset), parameters)
    first = ask([*(question for item in asking for question in item.questions), *([presence] if presence else [])])
    numbers = {route for (_, route), sight in first[presence].items() if sight.with_it} if presence else set()
    left = MOST
    for item in asking:
        if item.fieldset:
            item.fieldset = item.fieldset.within(numbers)
            left -= len(item.fieldset.questions) if item.fieldset else 0
            if left < 0:
                item.fieldset = None
    fields = [question for item in asking if item.fieldset for question in item.fieldset.questions]
    return {**first, **ask(fields)} if fields else first


def _gaps(coverage: Coverage, options: Options) -> Iterable[str]:
    if coverage.days_with_data < coverage.span_days:
        missing = coverage.span_days - coverage.days_with_data
        yield f"{missing} of {coverage.span_days} days have no rows: who calls only then is unknown, not safe"
    if coverage.span_days < options.look_back_days:
        covered = f"{coverage.span_days} of {options.look_back_days} days"
        yield f"the logs cover {covered}: a monthly or quarterly job may be missing"


@dataclass(frozen=True, slots=True)
class Alike:
    """Changes of which the log says the same of every owner: ids in their order, with what it can't show of each.

    `item` asks for all of them; `place` is that of the first among all changes.
    """

    place: int
    item: Asking
    changes: tuple[str, ...]
    hidden: Mapping[str, str]


def _alike(items: Sequence[tuple[int, Asking]]) -> list[Alike]:
    """Changes that reach the same operations, together where they ask nothing more."""
    together: dict[object, list[tuple[int, Asking]]] = {}
    for place, item in items:
        asks_more = item.questions or item.fieldset
        together.setdefault(place if asks_more else (item.is_sure, item.hint), []).append((place, item))
    return [
        Alike(
            place=group[0][0],
            item=group[0][1],
            changes=tuple(item.change.id for _, item in group),
            hidden={item.change.id: item.hidden for _, item in group},
        )
        for group in together.values()
    ]


class Asked:
    """What all changes ask, found by the routes that an owner calls.

    Hundreds of changes of shared components reach the same operations: what an owner does there is added up once.
    """

    def __init__(self, asking: Sequence[Asking]) -> None:
        together: dict[Reached, list[tuple[int, Asking]]] = {}
        for place, item in enumerate(asking):
            together.setdefault(item.reached, []).append((place, item))
        self._groups = [(reached, _alike(items)) for reached, items in together.items()]
        self._of_route: dict[int, list[int]] = {}
        for number, (reached, _) in enumerate(self._groups):
            for route in reached.routes:
                self._of_route.setdefault(route, []).append(number)

    def of(self, mine: Mapping[int, Use], found: Window) -> list[tuple[Alike, Reach]]:
        """The changes that reach what an owner calls, in the order of the first of each, with what it does there."""
        met = []
        for number in {number for route in mine for number in self._of_route.get(route, ())}:
            reached, alike = self._groups[number]
            reach = reach_of(reached, mine, found)
            met += [(one, reach) for one in alike] if reach else []
        met.sort(key=lambda one: one[0].place)
        return met


def _impacts_of(
    owner: int,
    found: Uses,
    asked_of: Asked,
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
    owners: Owners,
) -> tuple[list[Impact], set[int]]:
    """The impacts of one owner, and the routes of theirs that it calls."""
    integrator = owners.accounts[owner].integrator
    reaches: set[tuple[int, ...]] = set()
    impacts = []
    for alike, reach in asked_of.of(found.by_owner[owner], found):
        impact = impact_of(alike.item, reach, owner=owner, integrator=integrator, found=found, sights=sights)
        if impact is not None:
            hidden = alike.hidden if impact.evidence is Evidence.PROBABLE else {}
            impacts.append(impact._replace(changes=alike.changes, hidden=hidden))
            reaches.add(reach.routes)
    return impacts, set().union(*reaches)
