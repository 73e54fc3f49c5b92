"""`apidiff snapshot`: what logs hold of everything that a later revision may ask, as one small file."""

from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Cache,
    Config,
    Engine,
    Integrators,
    KeyHash,
    LogFormat,
    Mount,
    NoCache,
    Table,
    Today,
    check_output,
    check_stdin,
    logged_as,
    or_today,
)
from apidiff.cli.output import write_result
from apidiff.cli.progress import progress_bar


@app.command(cls=Command)
def snapshot(
    logs: Annotated[
        list[str] | None, typer.Argument(metavar="LOG...", help="Files, folders, globs (also .gz, .zst), or -.")
    ] = None,
    *,
    spec: Annotated[
        list[str], typer.Option("--spec", metavar="SPEC...", help="The spec of the API; several count as one.")
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where the snapshot goes, whole or not at all.")
    ],
    integrators: Integrators = None,
    names: Annotated[
        bool, typer.Option("--names", help="Keep the names of accounts; the file then says CONFIDENTIAL.")
    ] = False,
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    engine: Engine = "",
    table: Table = "",
    cache: Cache = None,
    no_cache: NoCache = False,
    config: Config = None,
    allow_ref: AllowRef = False,
    today: Today = None,
) -> None:
    """Keep what the logs say in one small file, for diff --usage.

    Examples:
      apidiff snapshot logs/*.jsonl.gz --spec openapi.yaml --integrators accounts.csv --output usage.snapshot
      apidiff diff main:openapi.yaml openapi.yaml --usage usage.snapshot --fail-on breaking-used

    It holds no key, path, value or address: accounts are pseudonyms, revenue is in bands, numbers are in ranges.
    """
    from apidiff.config import load_config
    from apidiff.jobs.usage import make_snapshot
    from apidiff.render.snapshot import render_snapshot
    from apidiff.usage.snapshot.file import encoded

    if bool(logs) == bool(engine):
        raise typer.BadParameter("name the logs, or the --engine and the --table that hold them.")
    check_stdin(*(logs or ()), *spec)
    check_output(output, *(logs or ()), *spec, *(integrators or ()))
    settings = load_config(config, cwd=Path.cwd())
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
    day = or_today(today)
    with progress_bar() as progress:
        made, warnings = make_snapshot(
            logs or (),
            spec,
            integrators=integrators or (),
            settings=settings,
            options=options,
            today=day,
            names=names,
            allow_ref=allow_ref,
            progress=progress,
        )
        content = encoded(made)
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    write_result(content, output)
    write_result(render_snapshot(made, size=len(content), file=str(output), today=day), None)
