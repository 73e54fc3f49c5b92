"""Where the unreadable rows of a log are: the line of each, and the reason, never its text."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from apidiff.usage.read.canonical import events_sql
from apidiff.usage.read.files import LogFile
from apidiff.usage.read.logs import lines_only
from apidiff.usage.read.opening import lines_of, text_blocks
from apidiff.usage.read.raw import Reading

if TYPE_CHECKING:
    import duckdb

SHOWN = 20
_LOOKED_AT = 1 << 10
"""How much of a line is looked at: whether there is anything in it."""
_CUT_OFF = " at the end, where the archive is cut off"


def located(
    connection: "duckdb.DuckDBPyConnection", found: Sequence[Reading], seen: dict[str, tuple[tuple[str, str], ...]]
) -> tuple[tuple[str, str], ...]:
    """Up to twenty (place, reason) pairs in the order of the files: `file:17`, or `file row 17` for Parquet.

    The files are read again in their own order, and the rows counted: lines that a reader skips (blank ones, comments)
    are counted here, so that the numbers are those of an editor. What is `seen` of a file, by its path and as places in
    it, is not looked for again, and what is found is there from now on.
    """
    places: list[tuple[str, str]] = []
    connection.execute("SET preserve_insertion_order = true")
    try:
        for reading in found:
            for file in reading.files:
                if len(places) >= SHOWN:
                    return tuple(places[:SHOWN])
                if file.path not in seen:
                    seen[file.path] = tuple(_in_file(connection, lines_only(found, file), file))
                places.extend((f"{file.shown}{place}", reason) for place, reason in seen[file.path])
    finally:
        connection.execute("SET preserve_insertion_order = false")
    return tuple(places[:SHOWN])


def _in_file(connection: "duckdb.DuckDBPyConnection", reading: Reading, file: LogFile) -> Iterable[tuple[str, str]]:
    rows = connection.execute(
        f"SELECT number, reason FROM (SELECT row_number() OVER () AS number, reason FROM ({events_sql([reading])})) "
        f"WHERE reason <> '' ORDER BY number LIMIT {SHOWN}"
    ).fetchall()
    if reading.layout.has_rows_for_lines or file.is_unwrapped:
        return [(f" row {number}", reason) for number, reason in rows]
    comment = b"#" if reading.layout.format.kind == "w3c" else None
    places = _lines(file, [number for number, _ in rows], skip=reading.layout.skip, comment=comment)
    return [(place, reason) for place, (_, reason) in zip(places, rows, strict=True)]


def _lines(file: LogFile, rows: Sequence[int], *, skip: int, comment: bytes | None) -> list[str]:
    """The line numbers (`:17`) of rows, which count from 1 without blank lines, comments and `skip` header lines.

    Rows behind the point where an archive is cut off have none.
    """
    wanted, found, row = set(rows), list[str](), 0
    for number, line in enumerate(lines_of(text_blocks(file), _LOOKED_AT), start=1):
        if number <= skip or not line.strip() or (comment and line.startswith(comment)):
            continue
        row += 1
        if row in wanted:
            found.append(f":{number}")
            if len(found) == len(wanted):
                break
    return found + [_CUT_OFF] * (len(rows) - len(found))
