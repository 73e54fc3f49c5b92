"""`apidiff rules` and `apidiff explain`: the rule catalogue, and one rule of it."""

from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.options import Output
from apidiff.cli.output import write_result

Format = Annotated[str, typer.Option("--format", "-f", metavar="NAME", help="text, json or markdown.")]


@app.command(cls=Command)
def rules(*, format_name: Format = "text", output: Output = None) -> None:
    """List every distinction that the differ makes.

    Examples:
      apidiff rules
      apidiff rules --format json
    """
    from apidiff.render.catalogue import render_rules

    write_result(render_rules(format_name), output)


@app.command(cls=Command)
def explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The id of a rule, or the code of an error message.")],
    *,
    format_name: Format = "text",
    output: Output = None,
) -> None:
    """Explain one rule: why it has its level, an example, what to do instead, and how a log shows who is exposed.

    Examples:
      apidiff explain property-removed
      apidiff explain spec-not-recognised
    """
    from apidiff.render.catalogue import render_rule
    from apidiff.rules import find

    write_result(render_rule(find(rule), format_name), output)
