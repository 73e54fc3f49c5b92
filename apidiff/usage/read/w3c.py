"""SHELL: a W3C log as it can be read: one list of columns for all its rows, and cells without quotes.

What `#Fields:` says holds for the rows below it, and changes when a server is told to log more. In the copy every row
has the columns of all lists, in one order and on the line on which it was.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.opening import first_lines, lines_of, text_blocks

_HEADING = b"#Fields:"
_HEADINGS = re.compile(rb"^#Fields:.*", re.MULTILINE)
_FIRST = 10
_LONGEST = 1 << 20
"""No list of columns is longer: of a longer line nothing is looked at."""
_REST = b" "
"""What stands for the beginning of such a line, which is no heading."""
_NOTHING = b"-"


def with_one_heading(file: LogFile, workspace: Workspace) -> LogFile:
    """A copy in which all rows of a W3C log have the same columns, and no quotes; the file itself where it is so."""
    lines = first_lines(file)
    if not any(line.startswith(_HEADING.decode()) for line in lines[:_FIRST]):
        return file
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    is_quoted = bool(rows) and all(line.startswith('"') for line in rows)
    lists = _lists(text_blocks(file))
    if len(lists) < 2 and not is_quoted:
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
        held = held[end:]
        if len(held) > _LONGEST:
            held = _REST
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
            parted, cells = _cells(line.rstrip(b"\r\n"))
            found = dict(zip(names, cells, strict=False))
            yield parted.join(found.get(name) or _NOTHING for name in columns) + b"\n"


def _cells(line: bytes) -> tuple[bytes, list[bytes]]:
    """The cells of a row, and what parts them in the copy: tabs where a cell may hold spaces."""
    parted = b"\t" if b"\t" in line else b" "
    if not line.startswith(b'"'):
        return parted, line.split(parted)
    text = line.decode("latin-1").replace("\0", "")
    (cells,) = csv.reader([text], delimiter=parted.decode())
    return b"\t", [cell.replace("\t", " ").encode("latin-1") for cell in cells]
