"""`apidiff plan` and `apidiff demo`: the main job, on the user's inputs and on the scenario that ships."""

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Base,
    Cache,
    Config,
    Engine,
    Integrators,
    KeyHash,
    LogFormat,
    Mount,
    NoCache,
    PrintSql,
    Profile,
    Revision,
    StrictRefs,
    Table,
    TemplateDir,
    Today,
    Usage,
    check_print_sql,
    check_stdin,
    logged_as,
    or_today,
    parse_day,
)
from apidiff.cli.output import mend, write_result
from apidiff.cli.progress import progress_bar
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.jobs.plan import Job
    from apidiff.plan.value import Plan
    from apidiff.render.plan.publish import Hindrance


@app.command(cls=Command)
def plan(
    base: Base,
    revision: Revision,
    *,
    usage: Usage = None,
    integrators: Integrators = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The plan folder, written whole or not at all.")],
    policy: Annotated[
        str,
        typer.Option("--policy", metavar="NAME|FILE", help="The deprecation policy: a preset or a YAML file."),
    ] = "",
    announce: Annotated[
        date | None,
        typer.Option("--announce", parser=parse_day, metavar="DATE", help="The day of the public changelog."),
    ] = None,
    sunset: Annotated[
        date | None, typer.Option("--sunset", parser=parse_day, metavar="DATE", help="The day on which the old ends.")
    ] = None,
    no_usage: Annotated[
        bool, typer.Option("--no-usage", help="Set dates without evidence from logs; needs --reason.")
    ] = False,
    stale_logs: Annotated[
        bool, typer.Option("--stale-logs", help="Set dates by logs that ended over 60 days ago; needs --reason.")
    ] = False,
    emergency: Annotated[
        bool, typer.Option("--emergency", help="Allow less than six months or two reminders; needs --reason.")
    ] = False,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is printed on every page.")] = "",
    publish: Annotated[
        bool,
        typer.Option("--publish", help="Exit with 1 unless the guide is complete and names no customer and no key."),
    ] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar="INTEGRATOR", help="Print why this integrator has its place, instead.")
    ] = "",
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    engine: Engine = "",
    table: Table = "",
    print_sql: PrintSql = False,
    cache: Cache = None,
    no_cache: NoCache = False,
    template_dir: TemplateDir = None,
    profile: Profile = None,
    config: Config = None,
    allow_ref: AllowRef = False,
    strict_refs: StrictRefs = False,
    today: Today = None,
) -> Exit:
    """Plan the deprecation: whom to contact, in what order and by when.

    Examples:
      apidiff plan old.yaml new.yaml --usage logs/*.jsonl.gz --integrators accounts.csv --out plan
      apidiff plan v1:api.yaml api.yaml --usage logs --integrators accounts.csv --announce 2027-01-12 --out plan
      apidiff plan old.yaml new.yaml --usage logs --integrators accounts.csv --out plan --publish

    It prints the answer and writes the whole plan folder. Without --usage there are no dates, nor from logs that ended
    more than 60 days ago, unless --no-usage or --stale-logs --reason says why there may be.
    """
    from apidiff.config import load_config
    from apidiff.jobs.plan import Job, judgement_of

    check_print_sql(print_sql=print_sql, engine=engine)
    check_stdin(base, revision, *(usage or ()))
    asked = {"--no-usage": no_usage, "--stale-logs": stale_logs, "--emergency": emergency}
    _check_reason(asked, reason=reason, has_usage=bool(usage or engine))
    settings = load_config(config, cwd=Path.cwd())
    day = or_today(today)
    job = Job(
        base=base,
        revision=revision,
        out=out,
        today=day,
        settings=settings,
        judgement=judgement_of(settings, today=day, profile=profile, strict_refs=strict_refs),
        options=logged_as(
            settings,
            log_format=log_format,
            mount=mount,
            key_hash=key_hash,
            engine=engine,
            table=table,
            cache=cache,
            no_cache=no_cache,
        ),
        usage=usage or (),
        integrators=integrators or (),
        policy=policy,
        announce=announce,
        sunset=sunset,
        emergency=reason if emergency else "",
        no_usage=reason if no_usage else "",
        stale_logs=reason if stale_logs else "",
        allow_ref=allow_ref,
        template_dir=template_dir,
        publish=publish,
    )
    if print_sql:
        from apidiff.jobs.statements import statements_of_plan

        write_result(statements_of_plan(job), None)
        return Exit.OK
    return _run(job, explain=explain)


@app.command(cls=Command)
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the plan folder goes.")] = Path("apidiff-demo"),
    *,
    no_cache: NoCache = False,
    today: Annotated[
        date | None,
        typer.Option("--today", parser=parse_day, metavar="DATE", help="Default: the day after the scenario's last."),
    ] = None,
) -> None:
    """Run the main job on the scenario that ships with apidiff.

    Examples:
      apidiff demo
      apidiff demo somewhere/else

    A payments API in two versions, 90 days of its logs, and 113 integrators.
    """
    from apidiff.config import load_config
    from apidiff.jobs.demo import DAY, demo_folder
    from apidiff.jobs.plan import Job, judgement_of

    scenario = demo_folder()
    settings = load_config(scenario / "apidiff.yaml", cwd=scenario)
    day = today or DAY
    job = Job(
        base=str(scenario / "base.yaml"),
        revision=str(scenario / "revision.yaml"),
        out=folder,
        today=day,
        settings=settings,
        judgement=judgement_of(settings, today=day),
        options=logged_as(settings, no_cache=no_cache),
        usage=[str(scenario / "usage.jsonl.gz")],
        integrators=[str(scenario / "integrators.csv")],
    )
    _run(job)


def _check_reason(asked: Mapping[str, bool], *, reason: str, has_usage: bool) -> None:
    """Refuse what needs a reason without one, and logs together with the claim that there are none."""
    for option, is_set in asked.items():
        if is_set and not reason.strip():
            raise typer.BadParameter(f"{option} needs --reason TEXT: it is printed on every page.")
    if asked["--no-usage"] and has_usage:
        raise typer.BadParameter("--no-usage contradicts --usage.")
    if asked["--stale-logs"] and not has_usage:
        raise typer.BadParameter("--stale-logs says something of --usage; without logs it is --no-usage.")


def _run(job: "Job", *, explain: str = "") -> Exit:
    """Make the folder and print the answer, or one integrator's place; warnings go to standard error."""
    from rich.console import Console

    from apidiff.jobs.plan import make_plan_folder
    from apidiff.render.plan import render_answer

    if Path.cwd().is_relative_to(job.out.resolve()):
        raise typer.BadParameter(f"{job.out} is the working directory or holds it; the plan needs a folder of its own.")
    mend(job.out)
    with progress_bar() as progress:
        plan, warnings, hindrances, proof = make_plan_folder(job, progress=progress)
    for line in plan.usage.read_as if plan.usage else ():
        typer.echo(f"read as {line}", err=True)
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    if explain:
        write_result(_explained(plan, explain, job), None)
    else:
        render_answer(plan, Console(file=sys.stdout), folder=job.out, proof=proof)
    return _tell_published(job.out, hindrances) if job.publish else Exit.OK


def _tell_published(out: Path, hindrances: "Sequence[Hindrance]") -> Exit:
    """Say which documents may be published, or what keeps them from it."""
    from apidiff.render.plan.publish import PUBLISHED

    for one in hindrances:
        typer.echo(str(one), err=True)
    if hindrances:
        keep = "1 thing keeps" if len(hindrances) == 1 else f"{len(hindrances)} things keep"
        typer.echo(f"{keep} the guide from being published", err=True)
        return Exit.FOUND
    typer.echo(f"ready to be published, in {out}: {', '.join(PUBLISHED)}", err=True)
    return Exit.OK


def _explained(plan: "Plan", name: str, job: "Job") -> str:
    """Why an integrator, named by its id or its name, has its place. Errors: `integrator-unknown`."""
    from difflib import get_close_matches

    from apidiff.plan.rank import explain

    known = {key: one for one in plan.integrators for key in (one.name, one.integrator) if key}
    if name in known:
        return explain(known[name], job.settings.weights)
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    raise ApidiffError(
        f"no integrator {name!r} is in the plan",
        code="integrator-unknown",
        hint=f"Did you mean {near[0]!r}?" if near else "outreach.csv lists all of them; nobody else is hit.",
        status=Exit.USAGE,
    )
