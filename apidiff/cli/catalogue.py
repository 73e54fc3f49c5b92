"""`apidiff rules` and `apidiff explain`: the rule catalogue, and one rule of it or one error."""

from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Output, Profile
from apidiff.cli.output import write_result

Format = Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="text, json or markdown.")]


@app.command(cls=Command)
def rules(*, format_name: Format = "text", profile: Profile = None, output: Output = None) -> None:
    """List every distinction that the differ makes, with its levels.

    Examples:
      apidiff rules
      apidiff rules --profile strict --format json
    """
    from apidiff.render.rules import render_rules
    from apidiff.rules import catalogue

    write_result(render_rules(catalogue(), format_name, profile=profile or "standard"), output)


@app.command(cls=Command)
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule, or the code of an error message.")],
    *,
    format_name: Format = "text",
    output: Output = None,
) -> None:
    """Explain one rule or one error: its reason, an example, and what to do instead.

    Examples:
      apidiff explain property-removed
      apidiff explain spec-not-recognised
    """
    from apidiff.render.rules import explain as explained

    write_result(explained(rule, format_name), output)
