"""Usage at the pull request: logs to a snapshot, and a snapshot or logs to the answer for each change.

Like the main job it only calls the stages in their order; what they do is theirs to know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from apidiff.jobs.plan import Progress, accounts_of, measured, odd_rows
from apidiff.words.affected import Affected, Answer
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.config import Config
    from apidiff.usage.accounts.integrators import Integrators
    from apidiff.usage.options import Options
    from apidiff.usage.snapshot.value import Snapshot
    from apidiff.words.affected import Seen
    from apidiff.words.changes import Change, Comparison, OperationEntry

_GRAVEST: Final = {answer: place for place, answer in enumerate(Answer)}


def make_snapshot(
    sources: Sequence[str],
    specs: Sequence[str],
    *,
    integrators: Sequence[str],
    settings: "Config",
    options: "Options",
    today: date,
    names: bool = False,
    allow_ref: bool = False,
    progress: Progress | None = None,
) -> "tuple[Snapshot, tuple[str, ...]]":
    """The snapshot of logs, and what was odd in them.

    Errors: those of reading the specs, the logs and the accounts; `usage-without-match`, `usage-without-keys`.
    """
    from apidiff.comparison.compare import Judgement, compared
    from apidiff.folder.salt import made_of, salted
    from apidiff.load import load
    from apidiff.usage.snapshot.kept import kept_of
    from apidiff.usage.snapshot.make import snapshot_of

    documents = [load(spec, allow_ref=allow_ref) for spec in specs]
    found = [compared(document, document, judgement=Judgement()) for document in documents]
    operations = [operation for comparison, _ in found for operation in comparison.operations]
    accounts = accounts_of(integrators, settings)
    asked = salted(replace(options, today=today), made_of((*integrators, *sources)))
    usage = measured(sources, operations, options=asked, progress=progress)
    if progress:
        progress("looking at the calls", 0.0)
    kept = kept_of(part for _, parts in found for part in parts)
    title = " + ".join(dict.fromkeys(comparison.base.title for comparison, _ in found))[:200]
    snapshot = snapshot_of(usage, accounts, kept, options=asked, title=title, names=names)
    return snapshot, (*accounts.warnings, *odd_rows(usage.coverage))


def with_usage(
    comparison: "Comparison",
    sources: Sequence[str],
    *,
    called: "Sequence[OperationEntry]",
    integrators: Sequence[str] = (),
    settings: "Config",
    options: "Options",
    today: date,
    progress: Progress | None = None,
) -> "tuple[Comparison, tuple[str, ...]]":
    """The comparison with the answer for each change, the used ones first in each level, and what was odd.

    `sources` are logs, or one snapshot; `called` are the operations that calls are told by.

    Errors: those of reading the sources; `usage-without-match`, `usage-without-keys`, `snapshot-of-another-spec`,
    `snapshot-among-logs`.
    """
    from apidiff.folder.salt import made_of
    from apidiff.usage.snapshot.file import is_snapshot

    asked = replace(options, today=today)
    if asked.version_from:
        asked = replace(asked, revision_version=comparison.revision.version)
    snapshots = [source for source in sources if is_snapshot(source)]
    if not snapshots:
        answers, seen, warnings = _by_logs(
            comparison,
            sources,
            called=called,
            accounts=accounts_of(integrators, settings),
            options=asked,
            salt=made_of((*integrators, *sources)),
            progress=progress,
        )
    elif len(sources) == 1 and not integrators:
        answers, seen = _by_snapshot(comparison, sources[0], called, asked)
        warnings = ()
    else:
        raise ApidiffError(
            "a snapshot answers alone: it has its accounts in it, and can't be added to logs or to another one",
            code="snapshot-among-logs",
            at=snapshots[0],
            hint="Give the one snapshot, or the logs and --integrators.",
            status=Exit.USAGE,
        )
    return _answered(comparison, answers, seen), warnings


def _by_logs(
    comparison: "Comparison",
    sources: Sequence[str],
    *,
    called: "Sequence[OperationEntry]",
    accounts: "Integrators",
    options: "Options",
    salt: bytes,
    progress: Progress | None,
) -> "tuple[Mapping[str, Affected], Seen, tuple[str, ...]]":
    from apidiff.folder.salt import salted
    from apidiff.usage.ask.answered import answers_of, seen_of, told_of
    from apidiff.usage.ask.join import join

    asked = salted(options, salt)
    usage = measured(sources, called, options=asked, progress=progress)
    if progress:
        progress("joining changes and integrators", 0.0)
    exposures = join(usage, comparison.changes, accounts, operations=called, options=asked)
    told = told_of(exposures)
    seen = seen_of(exposures.coverage, told, kind="logs", look_back_days=asked.look_back_days, today=asked.today)
    return answers_of(comparison.changes, told, seen), seen, odd_rows(exposures.coverage)


def _by_snapshot(
    comparison: "Comparison", source: str, called: "Sequence[OperationEntry]", options: "Options"
) -> "tuple[Mapping[str, Affected], Seen]":
    from apidiff.usage.ask.answered import answers_of, seen_of
    from apidiff.usage.ask.fieldset import parameters_of
    from apidiff.usage.route import routes_of
    from apidiff.usage.snapshot.answer import told_by
    from apidiff.usage.snapshot.file import read_snapshot

    snapshot = read_snapshot(source)
    routes = routes_of(called, options.mounts, options.base_path)
    told = told_by(snapshot, comparison.changes, routes, options=options, parameters=parameters_of(called), at=source)
    days, today = snapshot.look_back_days, options.today
    seen = seen_of(snapshot.coverage, told, kind="snapshot", look_back_days=days, today=today)
    return answers_of(comparison.changes, told, seen), seen


def _answered(comparison: "Comparison", answers: "Mapping[str, Affected]", seen: "Seen") -> "Comparison":
    """The comparison with its answers; in each level what is used comes first, the most worth before all."""
    level = {change.id: place for place, change in enumerate(comparison.changes)}
    order = {name: place for place, name in enumerate(dict.fromkeys(change.level for change in comparison.changes))}

    def place(change: "Change") -> tuple[int, ...]:
        found = change.affected
        if found is None:
            return order[change.level], len(_GRAVEST), level[change.id]
        weight = (-found.revenue[1], -found.accounts)
        return order[change.level], _GRAVEST[found.answer], *weight, level[change.id]

    changes = (replace(change, affected=answers.get(change.id)) for change in comparison.changes)
    return replace(comparison, changes=tuple(sorted(changes, key=place)), usage=seen)


def for_everybody(comparison: "Comparison") -> "Comparison":
    """The comparison with bands in the place of counts, so that it tells of no account."""
    changes = (
        replace(change, affected=change.affected and change.affected.for_everybody()) for change in comparison.changes
    )
    return replace(comparison, changes=tuple(changes), usage=comparison.usage and comparison.usage.for_everybody())
