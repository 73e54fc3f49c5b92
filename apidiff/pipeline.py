"""The main job from end to end: load, compare, measure, join, plan, render, write.

It only calls the stages in their order and hands each what the last one gave; what they do is theirs to know.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from glob import glob
from hashlib import sha256
from itertools import islice
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from apidiff.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.changes import Comparison, OperationEntry
    from apidiff.comparison import Judgement
    from apidiff.config import Config, Selection
    from apidiff.plan import Plan
    from apidiff.policy import Policy
    from apidiff.usage.evidence import Exposures
    from apidiff.usage.options import Options

SALT: Final = ".salt"
"""The file of the plan folder that keeps the names of keys without an account the same from run to run."""
_SALTING: Final = 1 << 20
_SALTING_FILES: Final = 8
"""How much of how many inputs the salt is made from."""
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
    from apidiff.usage.options import Options

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
    with _cached(options, _salt((*integrators, *sources))) as cached:
        usage = measure(sources, operations, options=cached, progress=_share_of("reading the logs", progress))
        return usage_report(usage, accounts, operations)


def operations_of(spec: str, *, allow_ref: bool = False) -> "tuple[OperationEntry, ...]":
    """The operations of one spec: those of its comparison with itself."""
    from apidiff.comparison import compare
    from apidiff.load import load

    document = load(spec, allow_ref=allow_ref)
    return compare(document, document).operations


def _share_of(stage: str, progress: Progress | None) -> Callable[[float], None] | None:
    return None if progress is None else lambda share: progress(stage, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a plan is made of and where it goes.

    `policy` is the name of a preset or a file, "" for that of the configuration; `announce` and `sunset` are the dates
    that the user asks for; `emergency` and `no_usage` the reasons for a short window and for dates without evidence.
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
    allow_ref: bool = False
    template_dir: Path | None = None


def make_plan_folder(job: Job, *, progress: Progress | None = None) -> "tuple[Plan, tuple[str, ...]]":
    """The main job: the plan, its folder written whole or not at all, and the warnings of the way there.

    Errors: those of each stage; nothing is written then.
    """
    from apidiff.comparison import compare
    from apidiff.planning import Brief, make_plan
    from apidiff.render.folder import write_folder
    from apidiff.render.plan import read_previous, render_plan
    from apidiff.schedule import Wish
    from apidiff.workdays import Calendar

    tell = progress or _silent
    policy = _policy(job)
    tell("comparing the specs", 0.0)
    comparison = compare(job.base, job.revision, judgement=job.judgement, allow_ref=job.allow_ref)
    salt = _plan_salt(job)
    exposures = _exposures(job, comparison, tell, salt=salt) if job.usage or job.options.engine else None
    tell("planning", 0.0)
    settings = job.settings
    brief = Brief(
        today=job.today,
        policy=policy,
        wish=Wish(announce=job.announce, sunset=job.sunset, emergency=job.emergency),
        decisions=settings.decisions,
        weights=settings.weights,
        limits=settings.tiers,
        calendar=Calendar(settings.holidays, settings.freezes),
        guide_url=settings.guide_url,
        previous=read_previous(job.out) if job.out.is_dir() else {},
        no_usage=job.no_usage,
    )
    plan = make_plan(comparison, exposures, brief)
    tell("writing the folder", 0.5)
    files = render_plan(plan, template_dir=job.template_dir)
    write_folder(files | {SALT: salt} if exposures else files, job.out)
    tell("writing the folder", 1.0)
    return plan, _warnings(comparison, exposures)


def _silent(_stage: str, _share: float) -> None:
    """What is told of the progress where nobody listens."""


def _exposures(job: Job, comparison: "Comparison", tell: Progress, *, salt: bytes) -> "Exposures":
    from apidiff.usage import Integrators, join, measure, read_integrators

    columns = job.settings.integrator_columns
    accounts = read_integrators(job.integrators, columns=columns) if job.integrators else Integrators({}, {})
    asked = replace(job.options, today=job.today)
    if asked.version_from:
        # who pins an older version than the one that changes is not on the list
        asked = replace(asked, revision_version=comparison.revision.version)
    with _cached(asked, salt) as options:
        reading = _share_of("reading the logs", tell)
        usage = measure(job.usage, comparison.operations, options=options, progress=reading)
        tell("joining changes and integrators", 0.0)
        return join(usage, comparison.changes, accounts, operations=comparison.operations, options=options)


def _salt(sources: Sequence[str]) -> bytes:
    """A salt made from the inputs: the same on every run, and known to nobody who does not have the raw keys.

    Where the inputs are no files (standard input, an engine), it is made up for this run.
    """
    salt, is_secret = sha256(b"apidiff"), False
    for path in (path for source in sources for path in _files(source)):
        with path.open("rb") as file:
            salt.update(file.read(_SALTING))
        is_secret = True
    return salt.digest() if is_secret else token_bytes(32)


def _files(source: str) -> Iterator[Path]:
    """The first files that a source of logs or accounts names: itself, those of a folder, or those of a glob."""
    path = Path(source)
    if path.is_file():
        found: Iterable[Path] = [path]
    elif path.is_dir():
        found = path.rglob("*")
    else:
        found = map(Path, glob(source, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    yield from islice(sorted(one for one in found if one.is_file()), _SALTING_FILES)


def _plan_salt(job: Job) -> bytes:
    """The salt of the folder's last plan, so that a key without an account keeps its name; else one from the inputs."""
    kept = job.out / SALT
    return kept.read_bytes() if kept.is_file() else _salt((*job.integrators, *job.usage))


@contextmanager
def _cached(options: "Options", salt: bytes) -> "Iterator[Options]":
    """The options with a folder for the cube that is this salt's alone: in the user's cache, or for this run only."""
    with TemporaryDirectory(prefix="apidiff-") as passing:
        folder = (options.cache or Path(passing)) / sha256(salt).hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _keep(folder / "salt", salt)
        except OSError as error:
            raise ApidiffError(
                f"the cache folder can't be used: {error.strerror}",
                code="usage-cache-unusable",
                at=str(options.cache),
                hint="Name another folder with --cache, or turn the cache off with --no-cache.",
            ) from error
        yield replace(options, cache=folder)


def _keep(path: Path, salt: bytes) -> None:
    """Write the salt for its owner alone, in one step: another run may read it at the same time."""
    if path.is_file():
        return
    fresh = path.with_name(f"salt.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(salt)
    fresh.replace(path)


def _warnings(comparison: "Comparison", exposures: "Exposures | None") -> tuple[str, ...]:
    """What was odd on the way: in the specs, in the logs, and how many rows are in no figure of the plan."""
    if exposures is None:
        return comparison.warnings
    coverage = exposures.coverage
    said = [*comparison.warnings, *coverage.warnings]
    if coverage.malformed:
        places = ", ".join(f"{place} ({reason})" for place, reason in coverage.malformed_samples[:3])
        said.append(f"{coverage.malformed:,} of {coverage.rows:,} rows can't be read: {places}")
    if coverage.unmatched:
        shapes = ", ".join(f"{shape} ({attempts:,})" for shape, attempts in coverage.unmatched_shapes[:3])
        said.append(f"{coverage.unmatched:,} of {coverage.rows:,} rows match no operation: {shapes}")
    return tuple(said)


def _policy(job: Job) -> "Policy":
    """The policy that the call or the configuration names; a name that is a file's is read."""
    from apidiff import policy
    from apidiff.load.parse import parse

    path = Path(job.policy)
    if not job.policy or not path.is_file():
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
