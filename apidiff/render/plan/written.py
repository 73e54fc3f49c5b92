"""What people wrote into the list of an earlier plan: it survives a new run, whichever of the two files they used.

outreach.csv and outreach.xlsx are compared with plan.json, which has what both said when they were written: the
side that changed since then wins, and two different changes of one cell are refused.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from apidiff.errors import ApidiffError
from apidiff.plan import KEPT
from apidiff.render.escape import clip, csv_text

Cells = dict[str, dict[str, str]]
"""For each integrator the text of each column of `KEPT`."""


def read_previous(out: Path) -> Mapping[str, Mapping[str, str]]:
    """For each integrator the columns of `KEPT` that people filled in; nothing where there is no earlier plan.

    Errors: `outreach-unreadable`, `outreach-conflict`: nobody's notes are overwritten because they can't be read.
    """
    from_csv, from_book = _read_csv(out / "outreach.csv"), _read_book(out / "outreach.xlsx")
    sides = [side for side in (from_csv, from_book) if side is not None]
    if not sides:
        return {}
    last = _last_written(out / "plan.json")
    kept: dict[str, Mapping[str, str]] = {}
    for integrator in dict.fromkeys(name for side in sides for name in side):
        cells = {
            column: _merged(
                [side[integrator][column] for side in sides if integrator in side], last, integrator, column
            )
            for column in KEPT
        }
        if any(cells.values()):
            kept[integrator] = {column: text for column, text in cells.items() if text}
    return kept


def _merged(texts: Sequence[str], last: Cells, integrator: str, column: str) -> str:
    """One cell out of its two copies and of what both said in the last run."""
    said = last.get(integrator, {}).get(column, "")
    changed = list(dict.fromkeys(text for text in texts if text != said))
    if len(changed) > 1:
        raise ApidiffError(
            f"outreach.csv and outreach.xlsx have two different texts in column {column} of {clip(integrator, 60)}",
            code="outreach-conflict",
            hint="make both say the same, or move one of them out of the plan folder",
        )
    return changed[0] if changed else said


def _read_csv(path: Path) -> Cells | None:
    """The CSV as spreadsheets save it: with a byte-order mark, as UTF-16 or Windows-1252, split by `;` or tabs."""
    data = _bytes(path)
    text = _decoded(data) if data else ""
    if not text.strip():
        return None
    header = text.splitlines()[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _unreadable(path, f"it is no CSV: {error}") from error
    return _cells(path, ([csv_text(cell) for cell in row] for row in rows))


def _read_book(path: Path) -> Cells | None:
    """The workbook; a cell that a spreadsheet made a date of becomes the ISO date again."""
    data = _bytes(path)
    if not data:
        return None
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [[_plain(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
        book.close()
    except Exception as error:
        # openpyxl lets through whatever a broken file makes of zip and XML.
        raise _unreadable(path, "it is no workbook that can be read") from error
    return _cells(path, rows)


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def _cells(path: Path, rows: Iterable[list[str]]) -> Cells:
    """The columns of `KEPT` below the row that names them; stamps may stand above it."""
    places: dict[str, int] = {}
    cells: Cells = {}
    for row in rows:
        if not places:
            if "integrator" in row:
                places = {column: row.index(column) for column in ("integrator", *KEPT) if column in row}
            continue
        padded = [*row, *[""] * (max(places.values()) + 1 - len(row))]
        if padded[places["integrator"]]:
            cells[padded[places["integrator"]]] = {
                column: padded[places[column]].strip() if column in places else "" for column in KEPT
            }
    if not places:
        raise _unreadable(path, "it has no column `integrator`")
    return cells


def _last_written(path: Path) -> Cells:
    """What both files said when they were written; nothing where plan.json is gone or broken."""
    try:
        people = json.loads(_bytes(path) or b"{}").get("integrators", [])
        return {str(one["integrator"]): {column: str(one.get(column, "")) for column in KEPT} for one in people}
    except (ValueError, AttributeError, KeyError, TypeError):
        return {}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise _unreadable(path, f"the file cannot be read: {(error.strerror or 'unknown reason').lower()}") from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _unreadable(path: Path, message: str) -> ApidiffError:
    return ApidiffError(
        message,
        code="outreach-unreadable",
        at=str(path),
        hint="statuses and notes of the last run are kept from this file: mend it, or move it out of the plan folder",
    )
