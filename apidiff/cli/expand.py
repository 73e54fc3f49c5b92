"""`apidiff expand`: writes the revision with every avoidable break undone, and proves it."""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import (
    AllowRef,
    Base,
    Config,
    MapPrefix,
    Profile,
    Revision,
    StrictRefs,
    Today,
    check_output,
    check_stdin,
    or_today,
    parse_day,
    parse_prefixes,
)
from apidiff.cli.output import check_writable, write_result
from apidiff.words.errors import Exit

if TYPE_CHECKING:
    from apidiff.jobs.expand import Expanded

_WHICH = "ids, rules, component:NAME or tag:NAME"


@app.command(cls=Command)
def expand(
    base: Base,
    revision: Revision,
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="The expanded spec; a folder for a spec of several files."),
    ] = None,
    overlay: Annotated[
        Path | None, typer.Option("--overlay", metavar="FILE", help="The same as an OpenAPI Overlay of the revision.")
    ] = None,
    rollback: Annotated[
        Path | None,
        typer.Option("--rollback", metavar="FILE", help="The overlay that takes it out again, for the sunset."),
    ] = None,
    shim: Annotated[
        Path | None,
        typer.Option("--shim", metavar="FOLDER", help="Middleware (ASGI, Express) that serves old callers."),
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="WHAT...", help=f"Undo these breaks only: {_WHICH}.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--except", metavar="WHAT...", help="Let these breaks go ahead.")
    ] = None,
    sunset: Annotated[
        date | None,
        typer.Option("--sunset", parser=parse_day, metavar="DATE", help="Until when what is kept works (x-sunset)."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List all breaks.")] = False,
    map_prefix: MapPrefix = None,
    profile: Profile = None,
    config: Config = None,
    allow_ref: AllowRef = False,
    strict_refs: StrictRefs = False,
    today: Today = None,
) -> int:
    """Undo every break that can be undone by keeping the old beside the new, and prove it.

    Examples:
      apidiff expand old.yaml new.yaml --output expanded.yaml --sunset 2027-06-01
      apidiff expand old.yaml new.yaml --overlay keep.yaml --rollback contract.yaml
      apidiff expand old.yaml new.yaml --shim shim
      apidiff expand old.yaml new.yaml --only property-removed component:Customer

    The differ itself is the proof, on every run: nothing that is called undone breaks callers of the base, nothing
    new does, and no caller of the revision breaks. What can't be undone is listed with the reason, and the exit code
    is 1 then. Breaks that apidiff.yaml lets proceed are left as they are. The shim serves what of it lies in names,
    values, addresses and pages, in front of a server that knows the revision alone; its README lists the rest.
    """
    from apidiff.config import load_config
    from apidiff.jobs import expand as job
    from apidiff.jobs.plan import judgement_of
    from apidiff.render.expand import expanded_text

    check_stdin(base, revision)
    named = [path for path in (output, overlay, rollback) if path is not None]
    if len({os.path.abspath(path) for path in named}) < len(named):  # noqa: PTH100 - nothing has to be there
        raise typer.BadParameter("--output, --overlay and --rollback write one file each; two of them name the same.")
    for path in named:
        check_output(path, base)
    settings = load_config(config, cwd=Path.cwd())
    request = job.Request(
        base=base,
        revision=revision,
        how=judgement_of(
            settings,
            today=or_today(today),
            profile=profile,
            map_prefix=parse_prefixes(map_prefix),
            strict_refs=strict_refs,
        ),
        decisions=settings.decisions,
        sunset=sunset,
        only=tuple(only or ()),
        without=tuple(without or ()),
        allow_ref=allow_ref,
    )
    made = job.expand(request)
    for warning in made.warnings:
        typer.echo(f"warning: {warning}", err=True)
    written = _write(made, output, overlay, rollback, shim)
    write_result(expanded_text(base, made.expansion, written, spec=output, whole=everything), None)
    return Exit.FOUND if made.expansion.left else Exit.OK


def _write(
    made: "Expanded", output: Path | None, overlay: Path | None, rollback: Path | None, shim: Path | None
) -> tuple[Path, ...]:
    """Write what was asked for, and say what that is; whatever is refused is refused before anything is written."""
    from apidiff.jobs.expand import overlays
    from apidiff.render.overlay import encoded

    contents: dict[Path, bytes] = {}
    if overlay or rollback:
        for path, one in zip((overlay, rollback), overlays(made), strict=True):
            if path is not None:
                contents[path] = encoded(one, as_json=path.suffix == ".json")
    files = made.files if output else {}
    if output and len(files) == 1:
        contents = {output: files[""], **contents}
    folders = [path for path in (output, shim) if path is not None and path not in contents]
    check_writable(files=contents, folders=folders)
    if output and len(files) != 1:
        from apidiff.folder.whole import write_folder
        from apidiff.jobs.expand import folder_name

        write_folder({folder_name(name, made.revision.entry).as_posix(): content for name, content in files.items()}, output, owned=())  # fmt: skip  # noqa: E501
    for path, content in contents.items():
        write_result(content, path)
    if shim:
        from apidiff.folder.whole import write_folder

        write_folder(made.shim, shim, owned=())
    return (*([output] if output and output not in contents else []), *contents, *([shim] if shim else []))
