"""Where each value of a JSON text stands, by one pass over its tokens; also finds keys that are written twice."""

import re
from dataclasses import dataclass, field
from typing import Final

import orjson

Lines = tuple[int, dict[str, "Lines"]]
"""The line of a value (that of its key, inside a mapping) and of what it holds; list items go by their index."""

_TOKEN: Final = re.compile(r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|[{}\[\]:\n]|[^\s{}\[\],:"]+')


@dataclass(slots=True)
class _Open:
    """An object or array that is being read; `key` waits for its value."""

    line: int
    is_object: bool
    inside: dict[str, Lines] = field(default_factory=dict)
    key: str | None = None
    key_line: int = 0


def json_lines(text: str) -> tuple[Lines, tuple[tuple[str, int], ...]]:
    """The lines of a valid JSON text, and the (key, line) of each key that repeats another of its object."""
    line = 1
    whole = _Open(1, is_object=False)
    stack = [whole]
    duplicates: list[tuple[str, int]] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        top = stack[-1]
        if token == "\n":
            line += 1
        elif token in "{[":
            stack.append(_Open(line, token == "{"))
        elif token in "}]":
            stack.pop()
            _place(stack[-1], top.line, top.inside)
        elif token == ":":
            pass
        elif top.is_object and top.key is None:
            top.key, top.key_line = str(orjson.loads(token)), line
            if top.key in top.inside:
                duplicates.append((top.key, line))
        else:
            _place(top, line, {})
    return whole.inside.get("0", (1, {})), tuple(duplicates)


def _place(holder: _Open, line: int, inside: dict[str, Lines]) -> None:
    if holder.key is not None:
        holder.inside[holder.key] = (holder.key_line, inside)
        holder.key = None
    else:
        holder.inside[str(len(holder.inside))] = (line, inside)


def find_line(lines: Lines, segments: tuple[str, ...]) -> int:
    """The line of the place, or of the innermost place around it that the text has."""
    line, inside = lines
    for segment in segments:
        if segment not in inside:
            break
        line, inside = inside[segment]
    return line
