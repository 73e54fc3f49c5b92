"""The main job from end to end: load, compare, measure, join, plan, render, write.

It only calls the stages in their order and hands each what the last one gave; what they do is theirs to know.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.comparison.compare import Judgement
    from apidiff.config import Config, Selection
    from apidiff.folder.written import Previous
    from apidiff.plan.make import Brief
    from apidiff.plan.policy import Policy
    from apidiff.plan.value import Plan, Proof
    from apidiff.render.plan.publish import Block, Hindrance, Secret
    from apidiff.usage.accounts.integrators import Integrators
    from apidiff.usage.cube.measure import Foresee
    from apidiff.usage.cube.value import Usage
    from apidiff.usage.evidence import Coverage, Exposures
    from apidiff.usage.options import Options
    from apidiff.words.changes import Comparison, OperationEntry

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
    strict_refs: bool = False,
) -> "Judgement":
    """How facts become changes: as the configuration says, and where the call says something else, as that says."""
    from apidiff.comparison.compare import Judgement
    from apidiff.config.find import is_at_revision

    is_of_base = settings.source is not None and is_at_revision(settings.source)
    return Judgement(
        today=today,
        profile=profile or settings.profile,
        levels=settings.levels,
        waivers=settings.waivers,
        only=only or settings.only,
        ignore=ignore or settings.ignore,
        map_prefix=map_prefix or settings.map_prefix,
        renames=settings.renames,
        exempt_unstable=exempt_unstable,
        exempt=settings.exempt,
        owners=settings.owners,
        strict_refs=strict_refs,
        proposed=() if is_of_base else None,
        asked=frozenset(_said({"only": only, "ignore": ignore, "map_prefix": map_prefix})),
    )


def usage_options(settings: "Config", **given: Any) -> "Options":
    """How logs are read: what the configuration says, over it what `given` says (None and "" say nothing)."""
    from apidiff.usage.options import Options

    said = {
        "columns": settings.columns,
        "key_source": settings.key_source,
        "hosts": settings.hosts,
        "base_path": settings.base_path,
        "ignore_slashes": settings.ignore_slashes,
        "rows": settings.rows,
        "inside": settings.inside,
        "time_zone": settings.time_zone,
        "date_order": settings.date_order,
        "time_format": settings.time_format,
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
        "partition": settings.partition,
        "late_days": settings.late_days,
        "key_hash": settings.key_hash,
        "version_from": settings.version_from,
    }
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
    today: date,
    allow_ref: bool = False,
    progress: Progress | None = None,
) -> "tuple[dict[str, Any], tuple[str, ...]]":
    """What the logs hold of the operations of the specs (contract, `usage --format json`), and what else was odd.

    Errors: those of reading the specs, the logs and the integrators; `usage-without-match`, `usage-without-keys`.
    """
    from apidiff.folder.salt import made_of, salted
    from apidiff.usage.ask.report import usage_report

    operations = [operation for spec in specs for operation in operations_of(spec, allow_ref=allow_ref)]
    accounts = accounts_of(integrators, settings)
    asked = salted(replace(options, today=today), made_of((*integrators, *sources)))
    usage = measured(sources, operations, options=asked, progress=progress)
    return usage_report(usage, accounts, operations, today=today), odd_rows(usage.coverage)


def measured(
    sources: Sequence[str],
    operations: "Sequence[OperationEntry]",
    *,
    options: "Options",
    progress: Progress | None,
    foresee: "Foresee | None" = None,
) -> "Usage":
    """What logs hold of the operations.

    Errors: those of reading the logs; `usage-without-match`, `usage-without-keys` where they can answer for nobody.
    """
    from apidiff.usage.cube.measure import measure
    from apidiff.usage.trust import check

    told = share_of("reading the logs", progress)
    usage = measure(sources, operations, options=options, progress=told, foresee=foresee)
    check(usage.coverage)
    return usage


def how_logs_are_read(sources: Sequence[str], *, options: "Options") -> str:
    """Which field of the logs is which, file by file, and what is not read.

    Errors: those of reading the logs.
    """
    from apidiff.usage.cube.measure import how_read

    return how_read(sources, options)


def operations_of(spec: str, *, allow_ref: bool = False) -> "tuple[OperationEntry, ...]":
    """The operations of one spec: those of its comparison with itself."""
    from apidiff.comparison.compare import compare
    from apidiff.load import load

    document = load(spec, allow_ref=allow_ref)
    return compare(document, document).operations


def share_of(stage: str, progress: Progress | None) -> Callable[[float], None] | None:
    """What a stage tells its own share to, under its name."""
    return None if progress is None else lambda share: progress(stage, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a plan is made of and where it goes.

    `policy` is the name of a preset or a file, "" for that of the configuration; `announce` and `sunset` are the dates
    that the user asks for; `emergency`, `no_usage` and `stale_logs` are the reasons for a short window, and for dates
    without evidence or by old logs. `publish` asks whether the documents for everybody may be published.
    """

    base: str
    revision: str
    out: Path
    today: date
    settings: "Config"
    judgement: "Judgement"
    options: "Options"
    usage: Sequence[str] = ()
    integrators: Sequence[str] = ()
    policy: str = ""
    announce: date | None = None
    sunset: date | None = None
    emergency: str = ""
    no_usage: str = ""
    stale_logs: str = ""
    allow_ref: bool = False
    template_dir: Path | None = None
    publish: bool = False


class Made(NamedTuple):
    """What the main job gives: the plan, the warnings of the way there, and what keeps it from being published."""

    plan: "Plan"
    warnings: tuple[str, ...]
    hindrances: "tuple[Hindrance, ...]" = ()
    proof: "Proof | None" = None


def make_plan_folder(job: Job, *, progress: Progress | None = None) -> Made:
    """The main job: the plan, and its folder written whole or not at all.

    Errors: those of each stage; nothing is written then.
    """
    from apidiff.calls.samples import Samples
    from apidiff.comparison.compare import compared
    from apidiff.folder.guide import read_guide
    from apidiff.folder.salt import SALT, of_folder
    from apidiff.folder.whole import write_folder
    from apidiff.folder.written import former_csv, read_previous
    from apidiff.jobs.expand import Ends, kept
    from apidiff.plan.make import make_plan
    from apidiff.render.plan import render_plan
    from apidiff.render.plan.publish import hindrances, misfits

    tell = progress or silent
    policy = _policy(job)
    previous = read_previous(job.out, today=job.today)
    written = read_guide(job.out)
    tell("comparing the specs", 0.0)
    comparison, found = compared(job.base, job.revision, judgement=job.judgement, allow_ref=job.allow_ref)
    samples = Samples(found)
    specs = tuple(Ends(one.base.side.document, one.revision.side.document) for one in found)
    del found  # all facts in their graph: the samples need the specs alone, and the logs will need the room
    salt = of_folder(job.out, (*job.integrators, *job.usage))
    has_usage = bool(job.usage or job.options.engine)
    accounts = accounts_of(job.integrators if has_usage or job.publish else (), job.settings)
    exposures = _exposures(job, comparison, accounts, tell, salt=salt) if has_usage else None
    tell("planning", 0.0)
    brief = _brief(job, policy, previous)
    plan = make_plan(comparison, exposures, brief)
    expansion = kept(plan, specs, how=job.judgement)
    refused = expansion.warnings
    if expansion.proof and expansion.proof.left:
        # whoever it meets has to hear of it: what can't be kept is as open as if nobody had decided it
        plan = make_plan(comparison, exposures, replace(brief, unkept=frozenset(expansion.proof.left)))
        expansion = kept(plan, specs, how=job.judgement)
    tell("writing the folder", 0.5)
    said = {name: text for name, text in job.settings.guide.items() if text}
    files = render_plan(
        plan, samples=samples, written=written, said=said, template_dir=job.template_dir, proof=expansion.proof
    )
    files |= dict(expansion.files) | former_csv(previous, plan, job.out)
    write_folder(files | {SALT: salt} if exposures else files, job.out)
    tell("writing the folder", 1.0)
    blocks = _blocks(job, written)
    unfit = [f"{one.at}: {one.what}. {one.mend}" for one in misfits(plan, blocks)]
    warnings = (*previous.warnings, *_warnings(comparison, exposures), *refused, *unfit)
    hindered = hindrances(plan, files, blocks, secret=_secret(accounts)) if job.publish else ()
    return Made(plan, warnings, hindered, expansion.proof)


def _blocks(job: Job, written: Mapping[str, bytes]) -> "dict[str, Block]":
    """What people wrote for the guide, by name: in guide/, else in the configuration."""
    from apidiff.folder.guide import texts
    from apidiff.render.plan.publish import Block

    settings = job.settings
    said = {
        name: Block(settings.place("guide", name), text, is_file=False) for name, text in settings.guide.items() if text
    }
    return said | {Path(name).stem: Block(name, text) for name, text in texts(written).items()}


def accounts_of(paths: Sequence[str], settings: "Config") -> "Integrators":
    """Who owns which key, as the integrators' files say; nobody where there are none."""
    from apidiff.usage.accounts.integrators import Integrators, read_integrators

    return read_integrators(paths, columns=settings.integrator_columns) if paths else Integrators({}, {})


def _secret(accounts: "Integrators") -> "Secret":
    """What no published document may hold: every key and every customer of the accounts."""
    from apidiff.render.plan.publish import Secret

    return Secret(tuple(accounts.owners), {one: (who.name, who.contact) for one, who in accounts.accounts.items()})


def _brief(job: Job, policy: "Policy", previous: "Previous") -> "Brief":
    """What a plan follows besides the comparison and the logs: the job, its settings, and what people wrote."""
    from apidiff.plan.make import Brief
    from apidiff.plan.public_holidays import public_holidays
    from apidiff.plan.schedule import Wish
    from apidiff.plan.workdays import Calendar

    settings = job.settings
    return Brief(
        today=job.today,
        policy=policy,
        wish=Wish(announce=job.announce, sunset=job.sunset, emergency=job.emergency),
        decisions=settings.decisions,
        weights=settings.weights,
        limits=settings.tiers,
        calendar=Calendar(
            settings.holidays,
            settings.freezes,
            settings.peaks,
            settings.year_end,
            named=public_holidays(settings.countries, at=settings.place("countries")),
        ),
        guide_url=settings.guide_url,
        previous=previous.written,
        announced=previous.announced,
        no_usage=job.no_usage,
        stale_logs=job.stale_logs,
    )


def silent(_stage: str, _share: float) -> None:
    """What is told of the progress where nobody listens."""


def _exposures(
    job: Job, comparison: "Comparison", accounts: "Integrators", tell: Progress, *, salt: bytes
) -> "Exposures":
    from apidiff.folder.salt import salted
    from apidiff.usage.ask.join import foreseen, join

    options = salted(asked_by(job, comparison), salt)
    foresee = partial(foreseen, comparison.changes, comparison.operations, options)
    usage = measured(job.usage, comparison.operations, options=options, progress=tell, foresee=foresee)
    tell("joining changes and integrators", 0.0)
    return join(usage, comparison.changes, accounts, operations=comparison.operations, options=options)


def asked_by(job: Job, comparison: "Comparison") -> "Options":
    """How the logs of a plan are read."""
    asked = replace(job.options, today=job.today, is_bounded=True)
    if not asked.version_from:
        return asked
    # who pins an older version than the one that changes is not on the list
    return replace(asked, revision_version=comparison.revision.version)


def _warnings(comparison: "Comparison", exposures: "Exposures | None") -> tuple[str, ...]:
    """What was odd on the way: in the specs, in the logs, and how many rows are in no figure of the plan."""
    return comparison.warnings if exposures is None else (*comparison.warnings, *odd_rows(exposures.coverage))


def odd_rows(coverage: "Coverage") -> tuple[str, ...]:
    """What a user has to know of the logs that were read: their own warnings, and the rows that no figure counts."""
    said = [*coverage.warnings]
    if coverage.malformed:
        places = ", ".join(f"{place} ({reason})" for place, reason in coverage.malformed_samples[:3])
        said.append(f"{coverage.malformed:,} of {coverage.rows:,} rows can't be read: {places}")
    if coverage.unmatched:
        shapes = ", ".join(f"{shape} ({attempts:,})" for shape, attempts in coverage.unmatched_shapes[:3])
        said.append(f"{coverage.unmatched:,} of {coverage.rows:,} rows match no operation: {shapes}")
    return tuple(said)


def _policy(job: Job) -> "Policy":
    """The policy that the call or the configuration names; a name that is a file's is read."""
    from apidiff.load.parse import parse
    from apidiff.plan import policy

    path = Path(job.policy)
    if not job.policy or not _is_file(path):
        place = "" if job.policy else job.settings.place("policy")
        return policy.read(job.policy or job.settings.policy, emergency=job.emergency, at=place)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ApidiffError(
            f"cannot read the policy: {error.strerror}",
            code="config-unreadable",
            at=job.policy,
            hint="Check the file and its permissions.",
        ) from error
    fields = parse(content, job.policy).tree
    return policy.read(fields if isinstance(fields, dict) else str(fields), emergency=job.emergency, at=job.policy)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # No file has so long a name, for one.
        return False
