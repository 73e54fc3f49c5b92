"""`apidiff decide`: answers "is this break necessary?" for one change or many, and writes it into apidiff.yaml."""

from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Config
from apidiff.cli.output import write_result

_ANSWERS = ("expand", "proceed")


@app.command(cls=Command)
def decide(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[CHANGE|RULE]… [expand|proceed]", help="Ids or rules, then the answer; neither lists."),
    ] = None,
    *,
    component: Annotated[
        str, typer.Option("--component", metavar="NAME", help="Only breaks made in this shared component.")
    ] = "",
    path: Annotated[
        str, typer.Option("--path", metavar="PATTERN", help="Only breaks whose operations all match (/v1/payouts/*).")
    ] = "",
    tag: Annotated[
        str, typer.Option("--tag", metavar="TAG", help="Only breaks whose operations all have this tag.")
    ] = "",
    direction: Annotated[
        str, typer.Option("--direction", metavar="request|response", help="Only breaks of what callers send, or get.")
    ] = "",
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; `proceed` needs it.")] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="NAME", help="Who answers for it; `proceed` needs it.")] = "",
    plan: Annotated[
        Path, typer.Option("--plan", metavar="DIR", help="The plan folder whose breaks are decided.")
    ] = Path("plan"),
    everything: Annotated[bool, typer.Option("--all", help="List all of the open ones.")] = False,
    config: Config = None,
) -> None:
    """Decide which breaks are kept beside the new form, and which go ahead.

    Examples:
      apidiff decide
      apidiff decide expand --component Customer
      apidiff decide property-removed expand --path "/v1/payouts/*" --direction response
      apidiff decide 9f3a1c0b7d21 proceed --reason "PCI DSS 4.0" --owner "Ines Okafor"

    Without an answer it lists the open ones, by component, the most revenue first. A decision by rule, component, path,
    tag or direction answers every break that it matches, unless a narrower one does; comments in the file stay.
    """
    from apidiff.config import load_config
    from apidiff.config.find import NAMES, is_at_revision
    from apidiff.jobs import decide as job
    from apidiff.render.decide import decided_text, open_text

    if config and is_at_revision(config):
        raise typer.BadParameter("--config names a git revision, into which nothing can be written.")
    settings = load_config(config, cwd=Path.cwd())
    narrowed = {"component": component, "path": path, "tag": tag, "direction": direction}
    if not what:
        if any(narrowed.values()) or reason or owner:
            raise typer.BadParameter("the answer is missing: expand or proceed.")
        write_result(open_text(job.open_decisions(plan, settings), whole=everything), None)
        return
    *names, answer = what
    _check(names, answer, narrowed, reason=reason, owner=owner)
    entries = job.entries_of(names, answer, narrowed=narrowed, reason=reason.strip(), owner=owner.strip())
    file = config or settings.source or Path(NAMES[0])
    made = job.decide(plan, settings, file=file, decisions=entries)
    write_result(made.text, file)
    write_result(decided_text(file.as_posix(), made.lines, still_open=made.still_open), None)


def _check(names: list[str], answer: str, narrowed: dict[str, str], *, reason: str, owner: str) -> None:
    """Refuse a call that decides nothing, or goes ahead without a reason and an owner."""
    if answer not in _ANSWERS:
        raise typer.BadParameter("the last word is the answer: expand or proceed.")
    if not names and not any(narrowed.values()):
        raise typer.BadParameter("say what is decided: ids, rules, or --component, --path, --tag, --direction.")
    if narrowed["direction"] not in ("", "request", "response"):
        raise typer.BadParameter("--direction is request or response.")
    if answer == "proceed" and not (reason.strip() and owner.strip()):
        raise typer.BadParameter("proceed needs --reason TEXT and --owner NAME: both are on the pages.")
