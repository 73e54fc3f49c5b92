"""`apidiff git-diff`: what `git diff` and `git log -p` show of a spec, in the place of its lines."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from apidiff.cli.app import Command, app
from apidiff.cli.output import write_result
from apidiff.words.escape import clip


@app.command("git-diff", cls=Command)
def git_diff(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE", help="What git calls it with."
        ),
    ],
) -> None:
    """Show git's diff of a spec as what it breaks; git calls this itself.

    Examples:
      git config diff.apidiff.command "apidiff git-diff"
      echo "openapi.yaml diff=apidiff" >> .gitattributes
      git diff main -- openapi.yaml

    A file that is no spec is shown as git shows it. A spec's other files are read from the working tree.
    """
    from apidiff.jobs.driver import compared
    from apidiff.render.diff import encode_diff

    if len(arguments) not in (1, 7, 9):
        raise typer.BadParameter("git calls this with 7 arguments: git config diff.apidiff.command 'apidiff git-diff'.")
    path = arguments[7] if len(arguments) == 9 else arguments[0]
    if len(arguments) == 1:
        write_result(f"* Unmerged path {clip(path, 200)}\n", None)
        return
    old, new = arguments[1], arguments[4]
    comparison = compared(path, Path(old), Path(new))
    if comparison is None:
        sys.stdout.flush()
        subprocess.run(["git", "diff", "--no-index", "--no-ext-diff", "--", old, new], check=False)  # noqa: S603, S607
        return
    write_result(f"diff --apidiff {clip(path, 200)}\n", None)
    for warning in comparison.warnings:
        typer.echo(f"warning: {warning}", err=True)
    write_result(encode_diff(comparison, "text"), None)
