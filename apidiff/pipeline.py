"""The main job from end to end: load, compare, measure, join, plan, render, write.

It only calls the stages in their order and hands each what the last one gave; what they do is theirs to know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from apidiff.changes import OperationEntry
    from apidiff.comparison import Judgement
    from apidiff.config import Config, Selection
    from apidiff.usage.options import Options

Progress = Callable[[str, float], None]
"""Told the name of a stage and the share of it that is done, 0 to 1."""


def judgement_of(
    settings: "Config",
    *,
    today: date,
    profile: str | None = None,
    only: "Selection | None" = None,
    ignore: "Selection | None" = None,
    map_prefix: Mapping[str, str] | None = None,
    exempt_unstable: bool = False,
) -> "Judgement":
    """How facts become changes: as the configuration says, and where the call says something else, as that says."""
    from apidiff.comparison import Judgement

    return Judgement(
        today=today,
        profile=profile or settings.profile,
        levels=settings.levels,
        waivers=settings.waivers,
        only=only or settings.only,
        ignore=ignore or settings.ignore,
        map_prefix=map_prefix or settings.map_prefix,
        exempt_unstable=exempt_unstable,
    )


def usage_options(settings: "Config", **given: Any) -> "Options":
    """How logs are read: what the configuration says, over it what `given` says (None and "" say nothing)."""
    said = {
        "columns": settings.columns,
        "log_format": settings.log_format,
        "mounts": settings.mount,
        "exclude_keys": settings.exclude.keys,
        "exclude_integrators": settings.exclude.integrators,
        "exclude_user_agents": settings.exclude.user_agents,
        "exclude_operations": settings.exclude.operations,
        "min_calls": settings.min_calls,
        "min_share": settings.min_share,
        "retry_gap_seconds": settings.retry_gap_seconds,
        "look_back_days": settings.look_back_days,
        "recent_days": settings.recent_days,
        "key_hash": settings.key_hash,
        "version_from": settings.version_from,
    }
    from apidiff.usage.options import Options

    known = {name: value for name, value in (said | _said(given)).items() if value is not None}
    return replace(Options(), **known)


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "", (), [])}


def make_usage_report(
    sources: Sequence[str],
    specs: Sequence[str],
    *,
    integrators: Sequence[str] = (),
    settings: "Config",
    options: "Options",
    allow_ref: bool = False,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What the logs hold of the operations of the specs (contract, `usage --format json`).

    Errors: those of reading the specs, the logs and the integrators.
    """
    from apidiff.usage import Integrators, measure, read_integrators, usage_report

    operations = [operation for spec in specs for operation in operations_of(spec, allow_ref=allow_ref)]
    columns = settings.integrator_columns
    accounts = read_integrators(integrators, columns=columns) if integrators else Integrators({}, {})
    usage = measure(sources, operations, options=options, progress=_share_of("reading logs", progress))
    return usage_report(usage, accounts, operations)


def operations_of(spec: str, *, allow_ref: bool = False) -> "tuple[OperationEntry, ...]":
    """The operations of one spec: those of its comparison with itself."""
    from apidiff.comparison import compare
    from apidiff.load import load

    document = load(spec, allow_ref=allow_ref)
    return compare(document, document).operations


def _share_of(stage: str, progress: Progress | None) -> Callable[[float], None] | None:
    return None if progress is None else lambda share: progress(stage, share)
