"""SHELL: a log inside another: rows in a list of a document, lines in a field of what a collector wrote around them.

Tried only where a file can't be read as it stands, or where a user says what lies where. What comes out is a copy with
a row on each line.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from apidiff.usage.options import Options
from apidiff.usage.read.documents import documents_of
from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.opening import LONGEST_LINE, first_text, lines_of, text_blocks
from apidiff.usage.read.recognise import Head, delimiter_of, recognised

_LISTS = (
    "records", "Records", "logEvents", "logs", "hits", "resourceLogs", "scopeLogs", "logRecords", "resourceSpans",
    "entries", "events", "items", "results", "result", "rows", "value", "values", "data", "log_entries", "messages",
    "tables", "spans", "streams", "list", "requests", "documents", "Items",
)  # fmt: skip
"""What documents call the list in which the rows are, or what holds it."""
_TEXTS = (
    "log", "line", "MESSAGE", "message", "msg", "@message", "_raw", "textPayload", "body", "original", "stringValue",
    "raw", "text", "content", "record", "logmessage", "log_line", "Message", "LogEntry", "rawLog", "data", "value",
    "event",
)  # fmt: skip
"""What collectors call the field that holds a line as it was written."""
_ABOVE = ("event", "log", "jsonPayload", "_source", "fields", "body", "attributes", "result", "properties")
"""Objects in which such a field may lie."""
_TEXT_KINDS = ("spaced", "pattern", "pairs")
_LOOKED_AT = 50
_DEEPEST = 5
_ENOUGH = 0.5


def unwrapped(file: LogFile, workspace: Workspace, options: Options) -> LogFile | None:
    """A copy with what lies inside the rows or documents of a file; None where nothing does."""
    is_json = first_text(file).lstrip()[:1] in (b"{", b"[")
    if not (rows := list(islice(_rows(file, options, is_json=is_json), _LOOKED_AT))):
        return None
    place = tuple(options.inside.split(".")) if options.inside else _text_place(rows, file, options)
    if not place and not is_json and not any(isinstance(row, dict) and _holds_objects(row) for row in rows):
        return None
    are_cut = any(_text(row, place).endswith("\n") for row in rows)
    target = workspace.fresh("inside")
    with target.open("wb") as copy:
        found = _rows(file, options, is_json=is_json)
        copy.writelines(_lines(found, place, are_cut=are_cut) if place else map(_as_line, found))
    return replace(file, path=str(target), size=target.stat().st_size, packed="", encoding="", is_unwrapped=True)


def _rows(file: LogFile, options: Options, *, is_json: bool) -> Iterator[Mapping[str, Any]]:
    if not is_json:
        yield from _table(file)
        return
    for document in documents_of(text_blocks(file)):
        yield from _at(document, options.rows.split(".")) if options.rows else rows_of(document)


def _at(document: Any, place: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    """The objects at a place that a user names; a list on the way to it stands for each of its members."""
    if isinstance(document, list):
        for item in document:
            yield from _at(item, place)
    elif isinstance(document, dict):
        if place:
            yield from _at(document.get(place[0]), place[1:])
        else:
            yield document


def _holds_objects(row: Mapping[str, Any]) -> bool:
    """Whether a cell of a table is an object."""
    return any(isinstance(cell, str) and cell.startswith("{") and cell.endswith("}") for cell in row.values())


def rows_of(document: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The rows in a document: itself, or the objects of the lists in it that are named as such lists are."""
    if isinstance(document, list):
        for item in document:
            yield from rows_of(item, depth + 1)
    elif isinstance(document, dict):
        inner = _inside(document, depth)
        if inner is None:
            yield document
        else:
            yield from inner


def _inside(document: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]] | None:
    """What is in the list of an object, None where it has none."""
    if depth > _DEEPEST:
        return None
    if (cells := _cells(document)) is not None:
        return cells
    for name in _LISTS:
        held = document.get(name)
        if isinstance(held, dict) and (found := _inside(held, depth + 1)) is not None:
            return found
        if isinstance(held, list) and held:
            if all(isinstance(item, dict) for item in held):
                return rows_of(held, depth)
            if all(isinstance(item, list) and len(item) == 2 for item in held):  # a stream of Loki's
                return iter([{"timestamp": time, "line": line} for time, line in held])
    if depth == 0:
        lists = [held for held in document.values() if isinstance(held, list) and held and isinstance(held[0], dict)]
        if len(lists) == 1 and not any(isinstance(held, (str, int)) for held in document.values()):
            return rows_of(lists[0], depth)
    return None


def _cells(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]] | None:
    """The rows of a table whose columns are named once (Log Analytics, Splunk, ClickHouse, query engines)."""
    names = next((document[name] for name in ("columns", "fields", "schema", "meta") if name in document), None)
    rows = next((held for name in ("rows", "data", "values") if isinstance(held := document.get(name), list)), None)
    if not (isinstance(names, list) and rows and isinstance(rows[0], list)):
        return None
    columns = [str(name.get("name", "")) if isinstance(name, dict) else str(name) for name in names]
    return (dict(zip(columns, row, strict=False)) for row in rows if isinstance(row, list))


def _table(file: LogFile) -> Iterator[Mapping[str, Any]]:
    """The rows of a table with a heading."""
    lines = (line.decode("utf-8", "replace") for line in lines_of(text_blocks(file)))
    heading = next((line for line in lines if line.strip()), "")
    delimiter = delimiter_of(heading)
    if not delimiter:
        return
    try:
        names = next(csv.reader([heading], delimiter=delimiter))
        for row in csv.reader(lines, delimiter=delimiter):
            yield dict(zip(names, row, strict=False))
    except csv.Error:
        return


def _text_place(rows: Sequence[Mapping[str, Any]], file: LogFile, options: Options) -> tuple[str, ...]:
    """The field of some rows that holds lines of text which are a log by themselves, () where none does."""
    for place in (*((name,) for name in _TEXTS), *((above, name) for above in _ABOVE for name in _TEXTS)):
        lines = [text for row in rows if (text := _text(row, place).strip())]
        if len(lines) >= len(rows) * _ENOUGH and not lines[0].startswith("{"):
            found = recognised(Head(lines, file.shown, options))
            if found is not None and found.kind in _TEXT_KINDS:
                return place
    return ()


def _text(row: Mapping[str, Any], place: tuple[str, ...]) -> str:
    value: Any = row
    for name in place:
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, list) and value and all(isinstance(byte, int) and 0 <= byte < 256 for byte in value):
        return bytes(value).decode("utf-8", "replace")  # journald's way to write what is no UTF-8
    return value if isinstance(value, str) else ""


def _lines(rows: Iterable[Mapping[str, Any]], place: tuple[str, ...], *, are_cut: bool) -> Iterator[bytes]:
    """The lines in a field; a piece of a line that Docker cut goes before the next.

    `are_cut` says that whole lines end with a line feed, as Docker has them, so that what ends without one is a piece;
    a container's runtime says it of each line (`logtag`).
    """
    held = ""
    for row in rows:
        text = _text(row, place)
        is_piece = are_cut and place == ("log",) and "stream" in row and text and not text.endswith("\n")
        if (is_piece or row.get("logtag") == "P") and len(held) < LONGEST_LINE:
            held += text
            continue
        yield " ".join(f"{held}{text}".split("\n")).strip().encode("utf-8", "replace") + b"\n"
        held = ""
    if held:
        yield held.encode("utf-8", "replace") + b"\n"


def _as_line(row: Mapping[str, Any]) -> bytes:
    import orjson

    try:
        return orjson.dumps(row) + b"\n"
    except TypeError:  # a number beyond 64 bits
        return json.dumps(row).encode() + b"\n"
