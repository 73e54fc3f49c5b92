"""Where each value of a JSON text stands, by one pass over its tokens; also finds keys that are written twice."""

import re
from typing import Final

import orjson

Lines = tuple[int, dict[str, "Lines"]]
"""The line of a value (that of its key, inside a mapping) and of what it holds; list items go by their index."""

_STEP: Final = re.compile(r"[{}\[\]\n]|[^\s{}\[\],:]+")
_PLAIN: Final[dict[str, Lines]] = {}
"""What a value holds that is neither an object nor an array; shared, and never written to."""
_BACKSLASH: Final = "\0\0"
"""What stands for an escaped backslash while strings are told apart: no valid JSON has it."""
_QUOTE: Final = "\1\1"
"""The same for an escaped quotation mark."""


def json_lines(text: str) -> tuple[Lines, tuple[tuple[str, int], ...]]:
    """The lines of a valid JSON text, and the (key, line) of each key that repeats another of its object.

    Between two strings there is mostly one of a few texts, so that each of them is taken apart once.
    """
    pieces = text.replace("\\\\", _BACKSLASH).replace('\\"', _QUOTE).split('"')
    line, key_line = 1, 1
    key: str | None = None
    inside: dict[str, Lines] = {}
    around: list[dict[str, Lines]] = []
    duplicates: list[tuple[str, int]] = []
    known: dict[str, tuple[bool, tuple[tuple[str, int], ...], int]] = {}
    for string, between in zip([None, *pieces[1::2]], pieces[::2], strict=True):
        steps = known.get(between)
        if steps is None:
            steps = known[between] = _steps(between)
        after_key, values, lines = steps
        if after_key and string is not None:
            key, key_line = _read(string), line
            if key in inside:
                duplicates.append((key, line))
        elif string is not None:
            inside[str(len(inside)) if key is None else key] = (line if key is None else key_line, _PLAIN)
            key = None
        for token, down in values:
            if token in "}]":
                inside = around.pop()
                continue
            held = {} if token in "{[" else _PLAIN
            inside[str(len(inside)) if key is None else key] = (line + down if key is None else key_line, held)
            key = None
            if held is not _PLAIN:
                around.append(inside)
                inside = held
        line += lines
    return inside.get("0", (1, {})), tuple(duplicates)


def _steps(between: str) -> tuple[bool, tuple[tuple[str, int], ...], int]:
    """Whether a text follows a key; its brackets and values, each with the lines before it; and how many it has."""
    lines, found = 0, []
    for token in _STEP.findall(between):
        if token == "\n":
            lines += 1
        else:
            found.append((token, lines))
    return between.lstrip().startswith(":"), tuple(found), lines


def _read(string: str) -> str:
    """A key from between its quotation marks; most hold no escape."""
    if "\\" not in string and "\0" not in string and "\1" not in string:
        return string
    return str(orjson.loads('"' + string.replace(_QUOTE, '\\"').replace(_BACKSLASH, "\\\\") + '"'))


def find_line(lines: Lines, segments: tuple[str, ...]) -> int:
    """The line of the place, or of the innermost place around it that the text has."""
    line, inside = lines
    for segment in segments:
        if segment not in inside:
            break
        line, inside = inside[segment]
    return line
