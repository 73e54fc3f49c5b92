"""`apidiff import oasdiff`: another differ's ignore files, levels and configuration as ours."""

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Config, parse_day
from apidiff.cli.output import write_result


class Tool(StrEnum):
    """Whose files are read."""

    OASDIFF = "oasdiff"


@app.command("import", cls=Command)
def import_(
    tool: Annotated[Tool, typer.Argument(metavar="oasdiff", help="Whose files they are.")],
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Ignore files, severity levels, or its configuration (.oasdiff.yaml)."),
    ],
    *,
    owner: Annotated[
        str, typer.Option("--owner", metavar="NAME", help="Who answers for the waivers.")
    ] = "imported from oasdiff",
    expires: Annotated[
        date | None,
        typer.Option("--expires", parser=parse_day, metavar="DATE", help="The last day on which the waivers hold."),
    ] = None,
    config: Config = None,
) -> None:
    """Write another differ's settings into apidiff.yaml.

    Examples:
      apidiff import oasdiff .oasdiff.yaml
      apidiff import oasdiff err-ignore.txt severity-levels.txt --owner ana --expires 2027-06-30

    Ignored lines become waivers by rule and operation, levels those of our rules. What is there already stays, and what
    has no counterpart is named with the reason.
    """
    from apidiff.config import load_config
    from apidiff.config.find import NAMES, is_at_revision
    from apidiff.jobs.oasdiff.write import imported
    from apidiff.words.amount import counted
    from apidiff.words.escape import clip

    if config and is_at_revision(config):
        raise typer.BadParameter("--config names a git revision, into which nothing can be written.")
    if not owner.strip():
        raise typer.BadParameter("--owner says something: it is in every report.")
    settings = load_config(config if config and config.exists() else None, cwd=Path.cwd())
    into = config or settings.source or Path(NAMES[0])
    text, found = imported(
        files, settings, into=into, owner=owner.strip(), expires=expires.isoformat() if expires else None
    )
    if found.levels or found.waivers:
        write_result(text, into)
    counts = f"{counted(len(found.levels), 'level')} and {counted(len(found.waivers), 'waiver')}"
    lines = [f"{into.as_posix()}: {counts} from {tool}"]
    for rule, level in sorted(found.levels.items()):
        lines.append(f"  {rule}: {level.value}  ({', '.join(found.ids[rule])})")
    lines += [f"  {one.rule} of {clip(one.operation, 200)} passes" for one in found.waivers]
    if found.notes:
        lines += ["Not taken over:", *(f"  {clip(note, 400)}" for note in found.notes)]
    write_result("".join(f"{line}\n" for line in lines), None)
