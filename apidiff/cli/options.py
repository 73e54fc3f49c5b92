"""The arguments and options that several commands share, each documented once."""

import os
from contextlib import suppress
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apidiff.words.escape import clip, visible

if TYPE_CHECKING:
    from apidiff.config import Config as ApidiffYaml
    from apidiff.config import Selection
    from apidiff.usage.options import Options as UsageOptions


def parse_day(text: str) -> date:
    """The date that YYYY-MM-DD writes; typer turns the error into one of usage."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as YYYY-MM-DD.") from None


def parse_profile(name: str) -> str:
    """The name of a profile of levels; typer turns the error into one of usage."""
    from apidiff.rules.profiles import Profile as Known

    names = [known.value for known in Known]
    if name not in names:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(names)}.")
    return name


def parse_selection(words: list[str] | None) -> "Selection | None":
    """The operations that `--only` and `--ignore` name, None where they are not given."""
    if not words:
        return None
    from apidiff.config import Selection

    return Selection.of(words)


def parse_prefixes(words: list[str] | None) -> dict[str, str]:
    """The prefixes that `--map-prefix OLD=NEW` maps."""
    pairs = [word.partition("=") for word in words or ()]
    if wrong := [old for old, sign, _ in pairs if not sign]:
        raise typer.BadParameter(f"--map-prefix {wrong[0]}: write it as OLD=NEW.")
    return {old: new for old, _, new in pairs}


class Hash(StrEnum):
    """How a gateway hashes the keys that it logs."""

    SHA256 = "sha256"
    HMAC = "hmac"


_SPEC = "a path, a URL, - for standard input, or REV:PATH for a git revision"

Base = Annotated[str, typer.Argument(metavar="BASE", help=f"The older spec: {_SPEC}.")]
Revision = Annotated[str, typer.Argument(metavar="REVISION", help="The newer spec, named in the same ways.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write the result to FILE, whole or not at all."),
]
Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="The configuration, or REV:PATH; default: apidiff.yaml in this folder.",
    ),
]
AllowRef = Annotated[
    bool, typer.Option("--allow-ref", help="Follow $ref to URLs and to files outside the spec's own folder.")
]
StrictRefs = Annotated[
    bool, typer.Option("--strict-refs", help="Refuse a spec with a $ref that leads nowhere; else that is a warning.")
]
_WHICH = "paths (/v1/*), tag:NAME or operations ('GET /v1/users')"
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="WHAT...", help=f"Look at these operations only: {_WHICH}.")
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", metavar="WHAT...", help="Leave out these operations.")]
MapPrefix = Annotated[
    list[str] | None,
    typer.Option("--map-prefix", metavar="OLD=NEW...", help="A path prefix of the base, and its name in the revision."),
]
ExemptUnstable = Annotated[
    bool, typer.Option("--exempt-unstable", help="Let the breaks of operations marked alpha or beta pass.")
]
Usage = Annotated[
    list[str] | None,
    typer.Option("--usage", metavar="LOG...", help="Usage logs: files, folders, globs (also .gz, .zst), or -."),
]
Integrators = Annotated[
    list[str] | None,
    typer.Option(
        "--integrators",
        metavar="FILE...",
        help="The accounts behind the keys: CSV, JSON Lines or Parquet, one file or keys and accounts apart.",
    ),
]
LogFormat = Annotated[
    str | None,
    typer.Option("--log-format", metavar="NAME", help="The logs' format, where looking at them does not tell."),
]
Mount = Annotated[
    list[str] | None,
    typer.Option("--mount", metavar="PREFIX...", help="Path prefixes of the logs that the spec's servers do not name."),
]


KeyHash = Annotated[
    Hash | None,
    typer.Option(
        "--key-hash", help="How the logs hash keys; the secret of hmac is read from the variable APIDIFF_KEY_SECRET."
    ),
]


Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        parser=parse_profile,
        metavar="NAME",
        help="Levels for standard, strict or tolerant callers, or for generated ones: sdk.",
    ),
]


Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="URL",
        help="Count where the logs lie: spark://…, chdb://…, duckdb://…; with --table.",
    ),
]
Table = Annotated[str, typer.Option("--table", metavar="NAME", help="The engine's table that holds the log.")]
PrintSql = Annotated[
    bool,
    typer.Option(
        "--print-sql", help="Print what would be sent to the --engine, and what that says of the cost; run nothing."
    ),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache", metavar="DIR", help="Where counts of logs are kept for the next run; default: the user's cache."
    ),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Read the logs anew, and keep nothing.")]
TemplateDir = Annotated[
    Path | None, typer.Option("--template-dir", metavar="DIR", help="Templates that replace ours of the same name.")
]


Today = Annotated[
    date | None,
    typer.Option("--today", parser=parse_day, metavar="DATE", help="The date to count from; default: today, in UTC."),
]


def check_stdin(*sources: str) -> None:
    """Refuse to read standard input twice: the second time there is nothing left."""
    if sources.count("-") > 1:
        raise typer.BadParameter("standard input (-) can be read once only; name a file for the others.")


def check_print_sql(*, print_sql: bool, engine: str) -> None:
    """Refuses to say what an engine would be asked where none is."""
    if print_sql and not engine:
        raise typer.BadParameter("--print-sql says what an --engine is asked.")


def check_output(output: Path | None, *inputs: str | Path) -> None:
    """Refuse to write a report over a file that the call reads: what is in it would be lost."""
    if output is None:
        return
    for one in inputs:
        with suppress(OSError, ValueError):  # a name that is none, or too long, is no file that is read
            if output.is_file() and output.samefile(one):
                raise typer.BadParameter(f"--output {visible(output)} is a file that is read, and would be lost.")


def or_today(today: date | None) -> date:
    """The date given, or the clock's: the only place where it is read."""
    return today or datetime.now(UTC).date()


def logged_as(
    settings: "ApidiffYaml",
    *,
    log_format: str | None = None,
    mount: list[str] | None = None,
    key_hash: Hash | None = None,
    engine: str = "",
    table: str = "",
    cache: Path | None = None,
    no_cache: bool = False,
) -> "UsageOptions":
    """How logs are read: as apidiff.yaml says, and over it as the call says."""
    from apidiff.jobs.plan import usage_options

    secret = os.environ.get("APIDIFF_KEY_SECRET", "")
    options = usage_options(
        settings,
        log_format=log_format,
        mounts=tuple(mount or ()),
        key_hash=key_hash,
        key_secret=secret,
        engine=engine,
        table=table,
        cache=None if no_cache else _usable(cache) if cache else _user_cache(),
    )
    if bool(engine) != bool(table):
        raise typer.BadParameter("--engine and --table go together.")
    if options.key_hash == Hash.HMAC and not secret:
        raise typer.BadParameter("keys hashed by hmac need its secret in the variable APIDIFF_KEY_SECRET.")
    return options


def _usable(cache: Path) -> Path | None:
    """The folder that was named, or None with a word on standard error: what is kept only saves time."""
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        refusal = "" if os.access(cache, os.W_OK) else "permission denied"
    except OSError as error:
        refusal = (error.strerror or "unknown reason").lower()
    if not refusal:
        return cache
    typer.echo(f"warning: {clip(str(cache), 200)}: the cache can't be used, and nothing is kept: {refusal}", err=True)
    return None


def _user_cache() -> Path | None:
    """The user's own folder for what can be made again (XDG Base Directory), None where there is none to write to."""
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        folder = home / "apidiff"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None
    return folder if os.access(folder, os.W_OK) else None
