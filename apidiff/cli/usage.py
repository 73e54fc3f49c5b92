"""`apidiff usage`: the developer-experience figures that the logs hold."""

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
    Output,
    PrintSql,
    Table,
    Today,
    check_output,
    check_print_sql,
    check_stdin,
    logged_as,
    or_today,
)
from apidiff.cli.output import write_result
from apidiff.cli.progress import progress_bar


@app.command(cls=Command)
def usage(
    logs: Annotated[
        list[str] | None, typer.Argument(metavar="LOG...", help="Files, folders, globs (also .gz, .zst), or -.")
    ] = None,
    *,
    spec: Annotated[
        list[str], typer.Option("--spec", metavar="SPEC...", help="The spec of the API; several count as one.")
    ],
    integrators: Integrators = None,
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    engine: Engine = "",
    table: Table = "",
    print_sql: PrintSql = False,
    cache: Cache = None,
    no_cache: NoCache = False,
    how: Annotated[
        bool, typer.Option("--how", help="Say which field of the logs is which, and what is not read; count nothing.")
    ] = False,
    format_name: Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="text, json or html.")] = "text",
    output: Output = None,
    config: Config = None,
    allow_ref: AllowRef = False,
    today: Today = None,
) -> None:
    """Say what the logs hold: operations, depth, success rate, retries, languages.

    Examples:
      apidiff usage logs/*.jsonl.gz --spec openapi.yaml
      apidiff usage logs --spec openapi.yaml --integrators accounts.csv --format json
      apidiff usage logs --spec openapi.yaml --how
    """
    from apidiff.config import load_config
    from apidiff.jobs.plan import how_logs_are_read, make_usage_report
    from apidiff.render.usage import render_usage

    if bool(logs) == bool(engine):
        raise typer.BadParameter("name the logs, or the --engine and the --table that hold them.")
    check_print_sql(print_sql=print_sql, engine=engine)
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
    if how:
        write_result(how_logs_are_read(logs or (), options=options), output)
        return
    if print_sql:
        from apidiff.jobs.statements import statements_of_usage

        told = statements_of_usage(spec, options=options, today=or_today(today), allow_ref=allow_ref)
        write_result(told, output)
        return
    with progress_bar() as progress:
        report, warnings = make_usage_report(
            logs or (),
            spec,
            integrators=integrators or (),
            settings=settings,
            options=options,
            today=or_today(today),
            allow_ref=allow_ref,
            progress=progress,
        )
    for warning in (*(() if format_name == "text" else report["doubts"]), *warnings):
        typer.echo(f"warning: {warning}", err=True)
    write_result(render_usage(report, format_name), output)
