"""Changes × usage × integrators: who is hit by what, and what the log shows of it.

Evidence rests on what each change asks of the log (`Change.exposure`), never on volume; a use that the log proves
unaffected is no impact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.asking import Asking, matters
from apidiff.usage.ask.metrics import metrics_of
from apidiff.usage.ask.operations import operation_uses
from apidiff.usage.ask.question import Question, Sight, asked, by_owner
from apidiff.usage.ask.rollup import Owners, owners_of, window_of
from apidiff.usage.ask.uses import Uses, shares_of
from apidiff.usage.ask.verdict import Reach, impact_of, reach_of
from apidiff.usage.cube.value import Usage
from apidiff.usage.evidence import Activity, Coverage, Exposures, Impact
from apidiff.usage.options import Options
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
    known: dict[frozenset[str], frozenset[str]] = {}
    asking = [Asking(change, usage, options, known) for change in changes if matters(change)]
    asking = [item for item in asking if item.routes]
    first_day, _ = window_of(usage, options.look_back_days)
    answers = asked(
        (question for item in asking for question in item.questions if item.is_logged),
        usage,
        first_day=first_day,
        revision=options.revision_version,
    )
    sights = by_owner(answers, owners)
    found = Uses(usage, owners, options)
    impacts: list[Impact] = []
    activities: list[Activity] = []
    for owner in sorted(found.by_owner):
        mine, affected = _impacts_of(owner, found, asking, sights, owners)
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
        impacts=tuple(sorted(impacts, key=lambda impact: (impact.integrator, impact.change))),
        operations=operation_uses(usage, operations, owners),
        metrics=metrics_of(usage, owners, integrators),
        language_share=shares_of(shares),
    )


def _gaps(coverage: Coverage, options: Options) -> Iterable[str]:
    if coverage.days_with_data < coverage.span_days:
        missing = coverage.span_days - coverage.days_with_data
        yield f"{missing} of {coverage.span_days} days have no rows: who calls only then is unknown, not safe"
    if coverage.span_days < options.look_back_days:
        covered = f"{coverage.span_days} of {options.look_back_days} days"
        yield f"the logs cover {covered}: a monthly or quarterly job may be missing"


def _impacts_of(
    owner: int,
    found: Uses,
    asking: Sequence[Asking],
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
    owners: Owners,
) -> tuple[list[Impact], set[int]]:
    """The impacts of one owner, and the routes of theirs that it calls."""
    mine = found.by_owner[owner]
    integrator = owners.accounts[owner].integrator
    # hundreds of changes of shared components reach the same operations: what an owner does there is added up once
    reaches: dict[int, Reach | None] = {}
    affected: set[int] = set()
    impacts = []
    for item in asking:
        group = id(item.wanted)  # equal sets are one and the same
        if group not in reaches:
            reaches[group] = reach_of(item, mine, found)
        reach = reaches[group]
        if reach is None:
            continue
        impact = impact_of(item, reach, owner=owner, integrator=integrator, found=found, sights=sights)
        if impact is not None:
            impacts.append(impact)
            affected.update(reach.routes)
    return impacts, affected
