"""`apidiff confirm`: integrators have moved, says somebody, where no log can show it."""

from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Today, or_today
from apidiff.cli.output import write_result


@app.command(cls=Command)
def confirm(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="The plan folder, or the plan.json in it.")],
    integrators: Annotated[
        list[str] | None, typer.Argument(metavar="[INTEGRATOR]…", help="Whom, by id or name.")
    ] = None,
    *,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so; on every page beside the day.")],
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="All accounts of this owner.")] = "",
    tier: Annotated[str, typer.Option("--tier", metavar="TIER", help="All accounts of this tier.")] = "",
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Those of a CSV, in its column integrator.")
    ] = None,
    change: Annotated[
        list[str] | None, typer.Option("--change", metavar="ID", help="Of this change alone; may be repeated.")
    ] = None,
    today: Today = None,
) -> None:
    """Write down that integrators have moved off what ends, where logs can't show it.

    Examples:
      apidiff confirm plan parcelfox --by "Maya Lindqvist"
      apidiff confirm plan --owner "Ana Ruiz" --change 53f875956bea --by "Ana Ruiz"
      apidiff confirm plan --from answers.csv --by "Maya Lindqvist" --today 2027-10-04

    It is kept in confirmed.csv of the plan folder, with who and when. `track` and `gate` take it where the logs show
    neither old nor new; calls of the old that they do show weigh more.
    """
    from apidiff.folder.confirmed import NAME
    from apidiff.jobs.confirm import Confirming, confirm
    from apidiff.plan.value import Tier
    from apidiff.render.plan.view import counted
    from apidiff.words.escape import visible

    if not (integrators or owner or tier or file):
        raise typer.BadParameter("say whom: ids or names, --owner, --tier or --from.")
    if tier and tier not in [*Tier]:
        raise typer.BadParameter(f"--tier is one of {', '.join(Tier)}.")
    if not by.strip():
        raise typer.BadParameter("--by needs a name: it stands beside every confirmation.")
    job = Confirming(
        plan=plan,
        names=integrators or (),
        owner=owner,
        tier=tier,
        file=file,
        changes=change or (),
        by=by.strip(),
        day=or_today(today),
    )
    made = confirm(job)
    write_result(f"{counted(len(made), 'integrator')} confirmed on {job.day} by {visible(job.by)}, in {NAME}.\n", None)
