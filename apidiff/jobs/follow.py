"""The work after the plan from end to end: read it back, read the later logs, say who has moved, and judge a release.

Like the pipeline it only calls the stages in their order; what they do is theirs to know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.folder.salt import SALT, of_folder, salted
from apidiff.jobs.plan import Progress, odd_rows, share_of, silent
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.comparison.compare import Judgement
    from apidiff.config import Config
    from apidiff.folder.history import History
    from apidiff.follow.gate import Verdict
    from apidiff.follow.track import Tracking
    from apidiff.plan.value import Plan
    from apidiff.usage.accounts.integrators import Integrators
    from apidiff.usage.ask.movement import Movements
    from apidiff.usage.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A plan that is followed: the plan folder or its plan.json, and the logs and accounts of today.

    Without `integrators` the plan's own keys tell who is who, by their digests.
    """

    plan: Path
    today: date
    settings: "Config"
    options: "Options"
    usage: Sequence[str] = ()
    integrators: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        """The plan folder."""
        return self.plan if self.plan.is_dir() else self.plan.parent

    @property
    def has_usage(self) -> bool:
        """Whether there are logs to read."""
        return bool(self.usage or self.options.engine)


def make_tracking(job: Follow, *, mailed: bool = False, progress: Progress | None = None) -> "Tracking":
    """Who has moved, and the history of the plan folder with this run in it, its mails among it where `mailed`.

    Errors: those of reading the plan, the history, the list, the logs and the accounts; nothing is written then.
    """
    from apidiff.folder.history import NAME, history_json, read_history
    from apidiff.folder.plan_file import read_plan
    from apidiff.folder.whole import write_private
    from apidiff.follow.track import remembered

    plan = read_plan(job.plan)
    history = read_history(job.folder)
    tracking = _tracking(job, plan, history, progress or silent)
    write_private(job.folder / NAME, history_json(remembered(history, tracking, mailed=mailed)))
    return tracking


def _tracking(job: Follow, plan: "Plan", history: "History", tell: Progress) -> "Tracking":
    from apidiff.folder.confirmed import read_confirmed
    from apidiff.folder.written import read_previous
    from apidiff.follow.track import track

    seen = _movements(job, plan, tell)
    tracking = track(
        plan,
        seen,
        history=history,
        written=read_previous(job.folder).written,
        today=job.today,
        confirmations=read_confirmed(job.folder),
    )
    return replace(tracking, warnings=(*tracking.warnings, *odd_rows(seen.coverage)))


def _movements(job: Follow, plan: "Plan", tell: Progress) -> "Movements":
    from apidiff.follow.track import tracked, window_days
    from apidiff.usage.ask.movement import movements
    from apidiff.usage.cube.measure import measure

    accounts = _accounts(job, plan)
    asked = replace(job.options, today=job.today)
    if asked.version_from:
        # who pins the new version has moved
        asked = replace(asked, revision_version=plan.revision.version)
    options = salted(asked, of_folder(job.folder, (*job.integrators, *job.usage)))
    usage = measure(job.usage, plan.routes, options=options, progress=share_of("reading the logs", tell))
    tell("following each integrator", 0.0)
    found = movements(
        usage,
        plan.ending,
        accounts,
        operations=plan.routes,
        tracked=tracked(plan),
        options=options,
        days=window_days(plan),
    )
    tell("following each integrator", 1.0)
    return found


def _accounts(job: Follow, plan: "Plan") -> "Integrators":
    """The plan's accounts by the digests of their keys, and over them what the integrators file says today.

    Errors: those of `read_integrators`; `plan-without-usage` where nothing tells whose key is whose.
    """
    from apidiff.plan.value import Tier
    from apidiff.usage.accounts.integrators import Integrators, read_integrators
    from apidiff.usage.evidence import Account

    if not job.integrators and not (job.folder / SALT).is_file():
        raise ApidiffError(
            f"the plan rests on no usage, or its {SALT} is gone: nothing tells whose key is whose",
            code="plan-without-usage",
            at=str(job.folder),
            hint="Give --integrators, or plan again with --usage and --integrators.",
        )
    given = read_integrators(job.integrators, columns=job.settings.integrator_columns) if job.integrators else None
    mine = {
        one.integrator: Account(
            one.integrator,
            one.name,
            one.contact,
            one.owner,
            one.revenue,
            one.plan,
            excluded=one.why if one.tier is Tier.EXCLUDED else "",
        )
        for one in plan.integrators
    }
    key_ids = {key_id: one.integrator for one in plan.integrators for key_id in one.key_ids}
    if given is None:
        return Integrators(mine, {}, key_ids=key_ids)
    return replace(given, accounts={**mine, **given.accounts}, key_ids=key_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release to judge: the two specs, how they are compared, and the plan that is followed, if there is one."""

    base: str
    revision: str
    today: date
    settings: "Config"
    judgement: "Judgement"
    follow: Follow | None = None
    allow_ref: bool = False


def make_verdict(job: Release, *, progress: Progress | None = None) -> "Verdict":
    """Whether the release may go. Nothing is written.

    Errors: those of each stage.
    """
    from apidiff.comparison.compare import compare
    from apidiff.folder.history import read_history
    from apidiff.folder.plan_file import read_plan
    from apidiff.follow.gate import judge

    tell = progress or silent
    tell("comparing the specs", 0.0)
    comparison = compare(job.base, job.revision, judgement=job.judgement, allow_ref=job.allow_ref)
    consents = job.settings.consents
    if job.follow is None:
        return judge(comparison, None, None, consents=consents, today=job.today)
    plan, history = read_plan(job.follow.plan), read_history(job.follow.folder)
    tracking = _tracking(job.follow, plan, history, tell) if job.follow.has_usage else None
    return judge(comparison, plan, tracking, consents=consents, today=job.today, runs=history.runs)
