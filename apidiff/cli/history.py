"""`apidiff history`: what each version of a spec broke, over its git history."""

from datetime import date
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import AllowRef, Output, TemplateDir, check_output, parse_day
from apidiff.cli.output import write_result


@app.command(cls=Command)
def history(
    source: Annotated[
        str, typer.Argument(metavar="[REV:]PATH", help="The spec in this repository, at HEAD or at a revision.")
    ],
    *,
    since: Annotated[
        date | None,
        typer.Option("--since", parser=parse_day, metavar="DATE", help="Only the versions from this day on."),
    ] = None,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="text, json, html or markdown (a public changelog).")
    ] = "text",
    output: Output = None,
    template_dir: TemplateDir = None,
    allow_ref: AllowRef = False,
) -> None:
    """Show what each version broke, and how long what went had been deprecated.

    Examples:
      apidiff history openapi.yaml
      apidiff history main:api/openapi.yaml --since 2026-01-01 --format html --output history.html
      apidiff history openapi.yaml --format markdown --output CHANGELOG-API.md

    Each version on the main line is compared with the one before it; renames of the file are followed.
    """
    from apidiff.jobs.history import history as made
    from apidiff.render.history import render_history
    from apidiff.render.templates import check_template_dir

    check_output(output, source)
    if template_dir is not None:
        check_template_dir(template_dir)
    found = made(source, since=since.isoformat() if since else "", allow_ref=allow_ref)
    write_result(render_history(found, format_name, template_dir=template_dir), output)
