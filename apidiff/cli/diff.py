"""`apidiff diff`: compares two specs, shows the changes, and says by its exit code whether something is to stop for."""

import os
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Base,
    Cache,
    Config,
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
    TemplateDir,
    Today,
    check_output,
    check_stdin,
    logged_as,
    or_today,
    parse_prefixes,
    parse_selection,
)
from apidiff.cli.output import write_result
from apidiff.words.errors import Exit
from apidiff.words.escape import clip

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from apidiff.comparison.compare import Judgement
    from apidiff.config import Config as ApidiffYaml
    from apidiff.usage.options import Options
    from apidiff.words.changes import Comparison

FORMATS = ("text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab")
WITHOUT_LINES = ("json",)
"""The formats that name no file and line, and are spared a second reading of the specs' text."""


class FailOn(StrEnum):
    """What makes `diff` exit with 1; each stops for breaking changes, too."""

    BREAKING = "breaking"
    BREAKING_USED = "breaking-used"
    DANGEROUS = "dangerous"
    UNCLASSIFIED = "unclassified"
    NEVER = "never"


class Audience(StrEnum):
    """Who reads the report."""

    INTERNAL = "internal"
    PUBLIC = "public"


@app.command(cls=Command)
def diff(
    base: Base,
    revision: Revision,
    *,
    format_name: Annotated[
        str, typer.Option("--format", "-f", metavar="NAME", help=f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}.")
    ] = "text",
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 when a change that is not waived is that bad, or breaking.")
    ] = FailOn.NEVER,
    major_passes: Annotated[
        bool, typer.Option("--major-passes", help="Let breaks pass where the revision's version announces them.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show additive and editorial changes one by one.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=0, metavar="N", help="Show at most N changes of each level; 0: all.")
    ] = None,
    next_version: Annotated[
        bool, typer.Option("--next-version", help="Print only the version that these changes ask for.")
    ] = False,
    usage: Annotated[
        list[str] | None,
        typer.Option(
            "--usage",
            metavar="SNAPSHOT|LOG...",
            help="Say whom each break hits: one snapshot (or REV:PATH), or logs.",
        ),
    ] = None,
    audience: Annotated[
        Audience, typer.Option("--audience", help="public: bands instead of counts, no revenue, no names.")
    ] = Audience.INTERNAL,
    integrators: Integrators = None,
    log_format: LogFormat = None,
    mount: Mount = None,
    key_hash: KeyHash = None,
    cache: Cache = None,
    no_cache: NoCache = False,
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
    from apidiff.config import Selection, load_config
    from apidiff.jobs.plan import judgement_of
    from apidiff.render.diff import encode_diff

    check_stdin(base, revision, *(usage or ()))
    check_output(output, base, revision, *(usage or ()))
    if fail_on is FailOn.BREAKING_USED and not usage:
        raise typer.BadParameter("--fail-on breaking-used needs --usage: a snapshot, or logs.")
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
    if judgement.proposed is not None:
        # what the pull request lets pass itself waits for somebody who is not its author
        judgement = replace(judgement, proposed=load_config(None, cwd=Path.cwd()).waivers)
    # what calls an operation out of scope is no row of another API
    asked = replace(judgement, only=Selection(), ignore=Selection(), asked=frozenset()) if usage else judgement
    comparison = compare(base, revision, judgement=asked, allow_ref=allow_ref, lines=format_name not in WITHOUT_LINES)
    for warning in comparison.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if usage:
        comparison = _asked(
            comparison,
            judgement,
            usage,
            integrators or (),
            settings=settings,
            today=day,
            audience=audience,
            options=logged_as(
                settings, log_format=log_format, mount=mount, key_hash=key_hash, cache=cache, no_cache=no_cache
            ),
        )
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
            passes_unused=fail_on is FailOn.BREAKING_USED,
            colour=format_name == "text" and output is None and _wants_colour(),
            width=_width() if output is None else None,
            template_dir=template_dir,
        )
    write_result(report, output)
    if fail_on is FailOn.BREAKING_USED:
        typer.echo(_reason(comparison), err=True)
    if is_found(comparison, fail_on) and not (major_passes and _is_announced(comparison)):
        return Exit.FOUND
    return Exit.OK


def _is_announced(comparison: "Comparison") -> bool:
    """Whether the version of the revision says that it breaks; says so."""
    from apidiff.comparison.semver import is_announced

    found = is_announced(comparison)
    if found:
        base, revision = comparison.base.version, comparison.revision.version
        typer.echo(f"passed: {clip(base, 40)} -> {clip(revision, 40)} announces breaking changes", err=True)
    return found


def _asked(
    whole: "Comparison",
    judgement: "Judgement",
    usage: "Sequence[str]",
    integrators: "Sequence[str]",
    *,
    settings: "ApidiffYaml",
    options: "Options",
    today: "date",
    audience: Audience,
) -> "Comparison":
    """The comparison in scope with whom each change meets; what was odd in the logs goes to standard error."""
    from apidiff.cli.progress import progress_bar
    from apidiff.comparison.compare import narrowed
    from apidiff.jobs.usage import for_everybody, with_usage

    with progress_bar() as progress:
        found, warnings = with_usage(
            narrowed(whole, judgement),
            usage,
            called=whole.operations,
            integrators=integrators,
            settings=settings,
            options=options,
            today=today,
            progress=progress,
        )
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    return for_everybody(found) if audience is Audience.PUBLIC else found


def _reason(comparison: "Comparison") -> str:
    """Why `--fail-on breaking-used` stops, or lets pass."""
    from apidiff.render.diff.usage import counts

    return f"{'stopped' if is_found(comparison, FailOn.BREAKING_USED) else 'passed'}: {counts(comparison)}"


def is_found(comparison: "Comparison", fail_on: FailOn) -> bool:
    """Whether the comparison holds what the user wants to stop for; waived changes do not count."""
    summary = comparison.summary
    bad = {
        FailOn.BREAKING_USED: sum(change.breaks and not change.is_unused for change in comparison.changes),
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
