"""The rows of an integrators file, in CSV of any delimiter, JSON or Parquet; each knows where it stands."""

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from apidiff.usage.read.values import parquet_files
from apidiff.words.errors import ApidiffError

Row = tuple[str, dict[str, str]]
"""Where a row stands (`file:line`) and its cells by heading."""


def rows_of(path: str) -> Iterable[Row]:
    """The rows of a file. Errors: `integrators-not-found`, `integrators-unreadable`."""
    file = Path(path)
    if not file.is_file():
        raise ApidiffError(
            "no such file", code="integrators-not-found", at=path, hint="Name a CSV, JSON Lines or Parquet file."
        )
    if file.suffix.lower() in (".parquet", ".pq"):
        return _parquet_rows(path)
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise _unreadable(path, error.strerror or "it can't be opened") from error
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise _unreadable(f"{path}:{line}", "it is not UTF-8") from error
    if text.lstrip().startswith(("{", "[")):
        return _json_rows(path, text)
    return _csv_rows(path, text)


def _unreadable(at: str, why: str) -> ApidiffError:
    return ApidiffError(
        f"the integrators file can't be read: {why}",
        code="integrators-unreadable",
        at=at,
        hint="Save it as CSV in UTF-8, JSON Lines or Parquet.",
    )


def _csv_rows(path: str, text: str) -> Iterable[Row]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] | None = None
    try:
        end = 0
        for cells in reader:
            line, end = end + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = [cell.strip() for cell in cells]
                continue
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                raise _unreadable(f"{path}:{line}", f"the row has {len(cells)} cells, the heading {len(names)}")
            yield f"{path}:{line}", dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise _unreadable(f"{path}:{reader.line_num}", str(error)) from error


def _json_rows(path: str, text: str) -> Iterable[Row]:
    for at, item in _json_items(path, text) if text.lstrip().startswith("[") else _json_lines(path, text):
        if not isinstance(item, dict):
            raise _unreadable(at, "the row is no object")
        yield at, {str(name): _text(value) for name, value in item.items()}


def _json_items(path: str, text: str) -> Iterable[tuple[str, Any]]:
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise _unreadable(f"{path}:{error.lineno}", "it is not JSON") from error
    yield from ((f"{path} item {number}", item) for number, item in enumerate(items, start=1))


def _json_lines(path: str, text: str) -> Iterable[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield f"{path}:{number}", json.loads(line)
            except json.JSONDecodeError as error:
                raise _unreadable(f"{path}:{number}", "it is not JSON") from error


def _parquet_rows(path: str) -> Iterable[Row]:
    import duckdb

    try:
        result = duckdb.connect().execute(f"SELECT COLUMNS(*)::VARCHAR FROM {parquet_files(path)}")
        names = [column[0] for column in result.description or ()]
        for number, cells in enumerate(result.fetchall(), start=1):
            yield f"{path} row {number}", {name: cell or "" for name, cell in zip(names, cells, strict=True)}
    except duckdb.Error as error:
        raise _unreadable(path, "it is no whole Parquet file") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)
