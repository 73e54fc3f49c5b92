"""`apidiff track` and `apidiff gate`: what comes after the plan, up to the release that ends the old."""

from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Base,
    Cache,
    Config,
    Engine,
    ExemptUnstable,
    Ignore,
    Integrators,
    KeyHash,
    LogFormat,
    MapPrefix,
    Mount,
    NoCache,
    Only,
    Output,
    Profile,
    Revision,
    StrictRefs,
    Table,
    TemplateDir,
    Today,
    Usage,
    check_output,
    check_stdin,
    logged_as,
    or_today,
    parse_prefixes,
    parse_selection,
)
from apidiff.cli.output import check_writable, mend, write_result
from apidiff.cli.progress import progress_bar
from apidiff.words.errors import Exit


@app.command(cls=Command)
def track(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan folder, or the plan.json in it.")],
    *,
    usage: Usage = None,
    integrators: Integrators = None,
    require_migrated: Annotated[
        bool,
        typer.Option("--require-migrated", help="Exit with 1 while anybody who gets messages has not migrated."),
    ] = False,
    messages: Annotated[
        Path | None,
        typer.Option("--messages", metavar="DIR", help="Write the mails that are due, with today's counts, as drafts."),
    ] = None,
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    engine: Engine = "",
    table: Table = "",
    cache: Cache = None,
    no_cache: NoCache = False,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="text, json, markdown or html.")
    ] = "text",
    template_dir: TemplateDir = None,
    output: Output = None,
    config: Config = None,
    today: Today = None,
) -> int:
    """Say who has moved off what ends, who went back, whom to ask, and what is due.

    Examples:
      apidiff track plan --usage logs/2027-03*.jsonl.gz
      apidiff track plan --usage logs --integrators accounts.csv --format html --output progress.html
      apidiff track plan --usage logs --messages reminders
      apidiff track plan --usage logs --require-migrated

    Each run is kept in the plan folder, so that the next one can tell who went back. Without --integrators the keys
    that the plan knows tell who is who.
    """
    from apidiff.config import load_config
    from apidiff.folder.whole import write_folder
    from apidiff.jobs.follow import Follow, make_tracking
    from apidiff.render.plan import fresh_messages
    from apidiff.render.track import tracking_renderer

    if bool(usage) == bool(engine):
        raise typer.BadParameter("name the logs with --usage, or the --engine and the --table that hold them.")
    check_stdin(*(usage or ()))
    check_output(output, *(usage or ()), *(integrators or ()))
    check_writable(files=filter(None, [output]), folders=filter(None, [messages]))
    render = tracking_renderer(format_name)
    settings = load_config(config, cwd=Path.cwd())
    job = Follow(
        plan=plan,
        today=or_today(today),
        settings=settings,
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
    )
    mend(job.folder)
    with progress_bar() as progress:
        tracking = make_tracking(job, mailed=messages is not None, progress=progress)
    if messages is not None:
        write_folder(fresh_messages(tracking, template_dir=template_dir), messages, owned=())
    write_result(render(tracking), output)
    return Exit.FOUND if require_migrated and tracking.left else Exit.OK


@app.command(cls=Command)
def gate(
    base: Base,
    revision: Revision,
    *,
    plan: Annotated[
        Path | None, typer.Option("--plan", metavar="PLAN", help="The plan folder, or the plan.json in it.")
    ] = None,
    usage: Usage = None,
    integrators: Integrators = None,
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    engine: Engine = "",
    table: Table = "",
    cache: Cache = None,
    no_cache: NoCache = False,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="text, json, markdown or github.")
    ] = "text",
    everything: Annotated[
        bool, typer.Option("--all", help="Show all that stands in the way, not five of a kind.")
    ] = False,
    output: Output = None,
    only: Only = None,
    ignore: Ignore = None,
    map_prefix: MapPrefix = None,
    exempt_unstable: ExemptUnstable = False,
    profile: Profile = None,
    config: Config = None,
    allow_ref: AllowRef = False,
    strict_refs: StrictRefs = False,
    today: Today = None,
) -> int:
    """Let a release pass, or say what stands in its way and what would clear it.

    Examples:
      apidiff gate old.yaml new.yaml
      apidiff gate old.yaml new.yaml --plan plan --usage logs/2027-11*.jsonl.gz

    It passes when every breaking change is waived with a reason, or was expanded away, or is planned with its sunset
    past and no success by anybody who matters. Exit code 1 says that it does not.
    """
    from apidiff.config import load_config
    from apidiff.jobs.follow import Follow, Release, make_verdict
    from apidiff.jobs.plan import judgement_of
    from apidiff.render.gate import render_verdict

    if plan is None and (usage or engine):
        raise typer.BadParameter("--usage says who still uses what a plan ends: name it with --plan.")
    check_stdin(base, revision, *(usage or ()))
    check_output(output, base, revision, *(usage or ()))
    settings = load_config(config, cwd=Path.cwd())
    day = or_today(today)
    options = logged_as(
        settings,
        log_format=log_format,
        mount=mount,
        key_hash=key_hash,
        engine=engine,
        table=table,
        cache=cache,
        no_cache=no_cache,
    )
    judgement = judgement_of(
        settings,
        today=day,
        profile=profile,
        only=parse_selection(only),
        ignore=parse_selection(ignore),
        map_prefix=parse_prefixes(map_prefix),
        exempt_unstable=exempt_unstable,
        strict_refs=strict_refs,
    )
    follow = None
    if plan is not None:
        follow = Follow(
            plan=plan,
            today=day,
            settings=settings,
            options=options,
            usage=usage or (),
            integrators=integrators or (),
        )
        mend(follow.folder)
    release = Release(
        base=base,
        revision=revision,
        today=day,
        settings=settings,
        judgement=judgement,
        follow=follow,
        allow_ref=allow_ref,
    )
    with progress_bar() as progress:
        verdict = make_verdict(release, progress=progress)
    write_result(render_verdict(verdict, format_name, whole=everything), output)
    return Exit.OK if verdict.passes else Exit.FOUND
