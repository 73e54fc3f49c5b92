"""The application that the commands register on, and the habits that all of them share.

An option that takes many values takes them in one go (`--usage logs/*.jsonl`), and help shows examples as written.
"""

from importlib import import_module
from typing import Annotated, Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from apidiff import __version__

COMMANDS: Final = {
    "demo": "plan",
    "diff": "diff",
    "plan": "plan",
    "decide": "decide",
    "approve": "approve",
    "expand": "expand",
    "track": "follow",
    "confirm": "confirm",
    "gate": "follow",
    "usage": "usage",
    "snapshot": "snapshot",
    "history": "history",
    "git-diff": "driver",
    "import": "imports",
    "rules": "catalogue",
    "explain": "catalogue",
}
"""Each command with the module that it registers itself in, in the order of the work."""
_AS_WRITTEN = "\b\n"
"""What typer's help formatter takes as the sign that a paragraph's lines are not to be filled."""


def _keep_lines(text: str | None) -> str | None:
    """A help text whose paragraphs with indented lines (the examples) are left as they are."""
    if text is None:
        return None
    return "\n\n".join((_AS_WRITTEN if "\n  " in part else "") + part for part in text.split("\n\n"))


class ReaderLeft(Exception):  # noqa: N818 - it is no error
    """Who reads standard output has gone (`| head`)."""


class Group(TyperGroup):
    """The root command; its help keeps the examples' lines and lists the commands in the order of the work."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.help = _keep_lines(self.help)

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands that are there, in the order of the work."""
        return sorted(super().list_commands(ctx), key=list(COMMANDS).index)


class Command(TyperCommand):
    """A command whose help keeps the examples' lines and whose repeatable options also take several values at once.

    That is how a shell's glob writes them. Arguments are filled first: `plan a.yaml b.yaml --usage x y` reads `x` and
    `y` as logs, `plan --usage x a.yaml b.yaml` only `x`.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.help = _keep_lines(self.help)

    # The context's type is vendored inside typer and has no public name.
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Write every further value behind its option, then parse as usual."""
        return super().parse_args(ctx, self._spread(args))

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a broken pipe becomes `ReaderLeft`, for typer would answer 1, our "found something"."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderLeft from error

    def _spread(self, args: list[str]) -> list[str]:
        options = {name: option for option in self.params for name in option.opts if name.startswith("-")}
        missing = sum(parameter.param_type_name == "argument" and parameter.required for parameter in self.params)
        spread: list[str] = []
        many, value_is_due = "", False
        for position, arg in enumerate(args):
            if arg == "--":
                return spread + args[position:]
            if value_is_due:
                value_is_due = False
            elif arg.startswith("-") and arg != "-":
                option = options.get(arg)
                value_is_due = option is not None and not getattr(option, "is_flag", False)
                many = arg if getattr(option, "multiple", False) else ""
            elif many and missing <= 0:
                spread.append(many)
            else:
                missing -= 1
            spread.append(arg)
        return spread


app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"apidiff {__version__}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Find what a new version of an HTTP API breaks, who is hit, whom to call first and when the old one may go.

    Examples:
      apidiff demo
      apidiff diff old.yaml new.yaml
      apidiff plan old.yaml new.yaml --usage logs/*.jsonl --integrators accounts.csv --out plan
    """


def register(command: str = "") -> None:
    """Let a command register itself, and without one all of them: to make them all takes a tenth of a small run."""
    for module in dict.fromkeys([COMMANDS[command]] if command else COMMANDS.values()):
        import_module(f"apidiff.cli.{module}")
