"""The comparison as workflow commands of GitHub's runner, which become annotations of the pull request's files."""

from typing import Final

from apidiff.changes import Change, Comparison, Level
from apidiff.render.diff import view
from apidiff.render.escape import clip, visible

LIMIT: Final = 10
"""Annotations of one level that GitHub shows of a step; further ones it drops in silence."""
_COMMANDS: Final = {Level.BREAKING: "error", Level.DANGEROUS: "warning"}
_MESSAGE: Final = 1_000


def render(comparison: Comparison, *, limit: int | None = LIMIT) -> str:
    """One annotation a breaking or dangerous change; the last one of a level counts those left out, within `limit`.

    The closing line, which is no annotation, has the counts.
    """
    lines: list[str] = []
    for section in view.sections(comparison, levels=tuple(_COMMANDS)):
        shown = section if limit is None or section.total <= limit else view.cut(section, max(limit - 1, 0))
        command = _COMMANDS[section.level]
        lines += [_annotation(command, comparison, change) for change in shown.shown]
        if shown.more:
            more = f"{view.counted(shown.more, f'more {section.level.value} change')}: see the log of apidiff diff"
            lines.append(f"::{command} title={_property('apidiff')}::{_data(more)}")
    # The runner reads commands from any line, so the last line must not look like one either.
    lines.append(f"apidiff: {view.headline(comparison)}; {view.broken(comparison)}")
    return "\n".join(lines) + "\n"


def _annotation(command: str, comparison: Comparison, change: Change) -> str:
    found = view.anchor(comparison, change)
    file = view.artifact(comparison, found)
    where = [f"file={_property(visible(file))}"] if file else []
    if file and found.line:
        where.append(f"line={found.line}")
    where.append(f"title={_property(change.rule)}")
    message = f"{clip(view.message(change), _MESSAGE)} [{change.id}]"
    return f"::{command} {','.join(where)}::{_data(message)}"


def _data(text: str) -> str:
    """A message, with the escapes that the runner undoes."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property's value, where colon and comma end it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
