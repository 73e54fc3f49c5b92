"""`apidiff approve`: lets a break pass, as it is now, with a reason, an owner and an end."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Config, Today, or_today, parse_day
from apidiff.cli.output import write_result
from apidiff.words.changes import Waiver


@app.command(cls=Command)
def approve(
    changes: Annotated[list[str], typer.Argument(metavar="CHANGE...", help="The ids of changes, which reports print.")],
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it may pass.")],
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Who answers for it.")],
    expires: Annotated[
        date, typer.Option("--expires", parser=parse_day, metavar="DATE", help="The last day on which it holds.")
    ],
    base: Annotated[str, typer.Option("--base", metavar="SPEC", help="The older spec, with --revision.")] = "",
    revision: Annotated[str, typer.Option("--revision", metavar="SPEC", help="The newer spec, with --base.")] = "",
    plan: Annotated[
        Path, typer.Option("--plan", metavar="DIR", help="The plan folder that has the changes, without --base.")
    ] = Path("plan"),
    config: Config = None,
    today: Today = None,
) -> None:
    """Let a break pass, with the values that it has now.

    Examples:
      apidiff approve 37dae28860d4 --reason "nobody asks for more" --owner ana --expires 2027-03-31 --plan plan
      apidiff approve 37dae28860d4 --base v1.yaml --revision v2.yaml --reason ... --owner ana --expires 2027-03-31

    It writes a waiver into apidiff.yaml and leaves the rest of the file alone. It holds for that edit with those values
    before and after: a maximum approved from 500 to 100 does not cover 10.
    """
    from apidiff.config import load_config
    from apidiff.config.find import NAMES, is_at_revision
    from apidiff.jobs import approve as job
    from apidiff.words.escape import clip

    day = or_today(today)
    if config and is_at_revision(config):
        raise typer.BadParameter("--config names a git revision, into which nothing can be written.")
    if not reason.strip() or not owner.strip():
        raise typer.BadParameter("--reason and --owner say something: both are in every report.")
    if expires < day:
        raise typer.BadParameter(f"--expires {expires} is past.")
    if bool(base) != bool(revision):
        raise typer.BadParameter("--base and --revision go together.")
    settings = load_config(config, cwd=Path.cwd())
    known = job.changes_of_specs(base, revision, settings, today=day) if base else job.changes_of_plan(plan)
    waiver = Waiver(reason.strip(), owner.strip(), expires.isoformat())
    file = config or settings.source or Path(NAMES[0])
    text, found = job.approve(known, changes, waiver=waiver, file=file)
    write_result(text, file)
    lines = [f"{change.id}  approved until {expires}: {clip(change.title, 200)}\n" for change in found]
    write_result("".join(lines), None)
