"""The comparison as workflow commands of GitHub's runner, which become annotations of the pull request's files."""

from typing import Final

from apidiff.render.diff import places, usage, view
from apidiff.words.amount import counted
from apidiff.words.changes import Change, Comparison, Level
from apidiff.words.escape import clip, visible

LIMIT: Final = 10
"""Annotations of one level that GitHub shows of a step; further ones it drops in silence."""
_COMMANDS: Final = {Level.BREAKING: "error", Level.DANGEROUS: "warning"}
_MESSAGE: Final = 1_000


def render(comparison: Comparison, *, limit: int | None = LIMIT, passes_unused: bool = False) -> str:
    """One annotation a breaking or dangerous change; the last one of a level counts those left out, within `limit`.

    The closing line, which is no annotation, has the counts. With `passes_unused` a break that nobody was seen to use
    is a warning.
    """
    lines: list[str] = []
    for section in view.sections(comparison, levels=tuple(_COMMANDS), fold=False):
        shown = section if limit is None or section.total <= limit else view.cut(section, max(limit - 1, 0))
        command = _COMMANDS[section.level]
        lines += [
            _change("warning" if passes_unused and change.is_unused else command, comparison, change)
            for change in shown.shown
        ]
        if shown.more:
            more = f"{counted(shown.more, f'more {section.level.value} change')}: see the log of apidiff diff"
            lines.append(annotation(command, more, title="apidiff"))
    # The runner reads commands from any line, so the last line must not look like one either.
    used = f"; {usage.counts(comparison)}" if comparison.usage else ""
    lines.append(f"apidiff: {view.headline(comparison)}; {view.broken(comparison)}{used}")
    return "\n".join(lines) + "\n"


def _change(command: str, comparison: Comparison, change: Change) -> str:
    found = places.anchor(comparison, change)
    file = places.artifact(comparison, found)
    where = {"file": visible(file)} if file else {}
    if file and found.line:
        where["line"] = str(found.line)
    return annotation(
        command, f"{view.message(change, usage.said(change, comparison))} [{change.id}]", **where, title=change.rule
    )


def annotation(command: str, message: str, **properties: str) -> str:
    """One workflow command (`error`, `warning`, `notice`): its message cut where it is long, on one line."""
    where = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {where}::{_data(clip(message, _MESSAGE))}"


def _data(text: str) -> str:
    """A message, with the escapes that the runner undoes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property's value, where colon and comma end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
