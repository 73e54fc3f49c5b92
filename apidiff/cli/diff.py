"""`apidiff diff`: compares two specs, shows the changes, and says by its exit code whether something is to stop for."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Base,
    Config,
    ExemptUnstable,
    Ignore,
    MapPrefix,
    Only,
    Output,
    Profile,
    Revision,
    StrictRefs,
    TemplateDir,
    Today,
    check_stdin,
    or_today,
    parse_prefixes,
    parse_selection,
)
from apidiff.cli.output import write_result
from apidiff.words.errors import Exit

if TYPE_CHECKING:
    from apidiff.words.changes import Comparison

WITH_LINES = ("text", "markdown", "html", "sarif", "junit", "github")
"""The formats that name file and line, which costs a second reading of the specs' text."""


class FailOn(StrEnum):
    """What makes `diff` exit with 1; each stops for breaking changes, too."""

    BREAKING = "breaking"
    DANGEROUS = "dangerous"
    UNCLASSIFIED = "unclassified"
    NEVER = "never"


@app.command(cls=Command)
def diff(
    base: Base,
    revision: Revision,
    *,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help="text, json, markdown, html, sarif, junit or github.")
    ] = "text",
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 when a change that is not waived is that bad, or breaking.")
    ] = FailOn.NEVER,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show additive and editorial changes one by one.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help="Show at most N changes of each level; 0: all.")
    ] = None,
    next_version: Annotated[
        bool, typer.Option("--next-version", help="Print only the version that these changes ask for.")
    ] = False,
    template_dir: TemplateDir = None,
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
    """Classify every change between two versions of a spec.

    Examples:
      apidiff diff old.yaml new.yaml
      apidiff diff main:openapi.yaml openapi.yaml --fail-on breaking
      apidiff diff old.json new.json --format markdown --output comment.md

    A change is said once, at the place in the spec where it was made, with every operation that it reaches.
    """
    from apidiff import compare
    from apidiff.config import load_config
    from apidiff.jobs.plan import judgement_of
    from apidiff.render.diff import encode_diff

    check_stdin(base, revision)
    settings = load_config(config, cwd=Path.cwd())
    day = or_today(today)
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
    comparison = compare(base, revision, judgement=judgement, allow_ref=allow_ref, lines=format_name in WITH_LINES)
    for warning in comparison.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if next_version:
        from apidiff.comparison.semver import next_version as ask
        from apidiff.comparison.semver import printable

        version = printable(ask(comparison.base.version, comparison.summary, today=day))
        report = f"{version}\n".encode() if version else b""
    else:
        report = encode_diff(
            comparison,
            format_name,
            verbose=verbose,
            limit=limit,
            colour=output is None and _wants_colour(),
            width=_width() if output is None else None,
            template_dir=template_dir,
        )
    write_result(report, output)
    return Exit.FOUND if is_found(comparison, fail_on) else Exit.OK


def is_found(comparison: "Comparison", fail_on: FailOn) -> bool:
    """Whether the comparison holds what the user wants to stop for; waived changes do not count."""
    summary = comparison.summary
    bad = {
        FailOn.BREAKING: summary["breaking"],
        FailOn.DANGEROUS: summary["breaking"] + summary["dangerous"],
        FailOn.UNCLASSIFIED: summary["breaking"] + summary["unclassified"],
        FailOn.NEVER: 0,
    }
    return bad[fail_on] > 0


def _width() -> int | None:
    """The columns of the terminal, None where there is none."""
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


def _wants_colour() -> bool:
    from apidiff.render.diff.text import wants_colour

    return wants_colour(sys.stdout, os.environ)
