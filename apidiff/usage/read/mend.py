"""SHELL: a second way to read text that the engine refuses: line by line, a broken one made an unreadable row.

Line numbers stay what they were, so that the broken lines are counted and named like any other unreadable row.
"""

import codecs
import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from apidiff.usage.read.documents import with_proper_escapes
from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.layout import Layout
from apidiff.usage.read.opening import lines_of, text_blocks
from apidiff.usage.read.raw import Reading

_BALANCED = re.compile(r'(?:[^"\\]++|\\.|"(?:[^"\\]++|\\.)*+")*+')
_LONGEST = {"json": 8 << 20, "otlp": 64 << 20}
_LONGEST_ELSE = 1 << 20
_BROKEN = "-"
_ODD = re.compile(rb"\r(?!\n)|\\x[0-9A-Fa-f]{2}|" + codecs.BOM_UTF8)
_CELL_LINES = 50
"""How many lines one cell of a table may have."""


def can_mend(found: Sequence[Reading]) -> bool:
    """Whether there is another way for some of the readings: lines of text that were not mended yet."""
    return any(_is_mendable(reading) for reading in found)


def _is_mendable(reading: Reading) -> bool:
    return not (reading.layout.types or reading.layout.array or reading.is_mended)


def is_worth_it(found: Sequence[Reading]) -> bool:
    r"""Whether unreadable rows may be mended: a byte order mark inside, a carriage return alone, `\x22` in JSON."""
    files = (file for reading in found if _is_mendable(reading) for file in reading.files)
    return any(_ODD.search(block, 0, len(block) - 1) for file in files for block in text_blocks(file))


def mended(found: Sequence[Reading], workspace: Workspace) -> tuple[Reading, ...]:
    """The readings over copies without broken lines: too long, in no UTF-8, or with a quote that is never closed."""
    return tuple(_mended(reading, workspace) if _is_mendable(reading) else reading for reading in found)


def _mended(reading: Reading, workspace: Workspace) -> Reading:
    copies = tuple(_copy(file, reading.layout, workspace) for file in reading.files)
    return replace(reading, files=copies, is_mended=True)


def _copy(file: LogFile, layout: Layout, workspace: Workspace) -> LogFile:
    target = workspace.fresh("mended")
    lines = _texts(file, _LONGEST.get(layout.format.kind, _LONGEST_ELSE))
    if layout.format.kind == "table":
        lines = _rows(lines, layout)
    elif layout.format.kind == "spaced":
        lines = (line if _BALANCED.fullmatch(line) else _BROKEN for line in lines)
    texts = (line.encode() + b"\n" for line in lines)
    with target.open("wb") as copy:
        copy.writelines(map(with_proper_escapes, texts) if layout.format.kind in ("json", "otlp") else texts)
    return replace(file, path=str(target), size=target.stat().st_size, packed="")


def _texts(file: LogFile, longest: int) -> Iterator[str]:
    """The lines as text without their ends; what is none is broken."""
    for line in lines_of(text_blocks(file), longest):
        text = line.decode("utf-8", "replace").strip("\r\n").removeprefix("\ufeff").replace("\r", " ")
        is_whole = len(line) <= longest or line.endswith(b"\n")
        yield text if is_whole and "\ufffd" not in text and "\0" not in text else _BROKEN


def _rows(lines: Iterable[str], layout: Layout) -> Iterator[str]:
    """The rows of a table, each on one line: line ends inside quotes (RFC 4180, 2.6) become spaces.

    Blank lines keep the numbers of the rows behind. A quote that is never closed breaks its own line and no other.
    """
    unread, again = iter(lines), deque[str]()
    while (line := again.popleft() if again else next(unread, None)) is not None:
        if line.count('"') % 2 == 0:
            yield line
            continue
        row = [line]
        while len(row) < _CELL_LINES and (more := again.popleft() if again else next(unread, None)) is not None:
            row.append(more)
            if _is_row([more], layout) or "".join(row).count('"') % 2 == 0:
                break
        if _is_row(row, layout):
            yield " ".join(row)
            yield from [""] * (len(row) - 1)
        else:
            yield _BROKEN
            again.extendleft(reversed(row[1:]))


def _is_row(lines: Sequence[str], layout: Layout) -> bool:
    """Whether lines are one row with all its columns."""
    try:
        rows = list(csv.reader([f"{line}\n" for line in lines], delimiter=layout.delimiter, strict=True))
    except csv.Error:
        return False
    return len(rows) == 1 and len(rows[0]) == len(layout.columns)
