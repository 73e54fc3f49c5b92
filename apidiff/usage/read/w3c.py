"""SHELL: a W3C log whose columns change on the way, as when a server was told to log more: one list for all its rows.

What `#Fields:` says holds for the rows below it. In the copy every row has the columns of all lists, in one order and
on the line on which it was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.opening import LONGEST_LINE, first_lines, lines_of, text_blocks

_HEADING = b"#Fields:"
_HEADINGS = re.compile(rb"^#Fields:.*", re.MULTILINE)
_FIRST = 10
_NOTHING = b"-"


def with_one_heading(file: LogFile, workspace: Workspace) -> LogFile:
    """A copy in which all rows of a W3C log have the same columns; the file itself where they have."""
    if not any(line.startswith(_HEADING.decode()) for line in first_lines(file)[:_FIRST]):
        return file
    lists = _lists(text_blocks(file))
    if len(lists) < 2:
        return file
    columns = tuple(dict.fromkeys(name for names in lists for name in names))
    target = workspace.fresh("columns")
    with target.open("wb") as copy:
        copy.writelines(_lined_up(lines_of(text_blocks(file)), columns))
    return replace(file, path=str(target), size=target.stat().st_size, packed="", encoding="")


def _lists(blocks: Iterable[bytes]) -> list[tuple[bytes, ...]]:
    """The lists of columns in a text, each once."""
    found, held = dict[tuple[bytes, ...], None](), b""
    for block in blocks:
        held += block
        end = held.rfind(b"\n") + 1
        found |= dict.fromkeys(_names(line) for line in _HEADINGS.findall(held[:end]))
        held = held[end:][-LONGEST_LINE:]
    return list(found)


def _names(heading: bytes) -> tuple[bytes, ...]:
    return tuple(heading.split()[1:])


def _lined_up(lines: Iterable[bytes], columns: Sequence[bytes]) -> Iterator[bytes]:
    """The lines, each row with all columns: of a cell that it lacks a dash says so."""
    names: tuple[bytes, ...] = ()
    for line in lines:
        if line.startswith(_HEADING):
            yield b" ".join((_HEADING, *columns)) + b"\n"
            names = _names(line)
        elif line.startswith(b"#") or not line.strip():
            yield line
        else:
            parted = b"\t" if b"\t" in line else b" "
            cells = dict(zip(names, line.rstrip(b"\r\n").split(parted), strict=False))
            yield parted.join(cells.get(name, _NOTHING) for name in columns) + b"\n"
