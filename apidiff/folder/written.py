"""What people wrote into the list of an earlier plan: it survives a new run, whichever of the two files they used.

outreach.csv and outreach.xlsx are compared with plan.json, which has what both said when they were written: the
side that changed since then wins, and two different changes of one cell are refused.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from apidiff.folder.plan_file import Former, read_former
from apidiff.plan.value import KEPT, Announced, Plan
from apidiff.words.errors import ApidiffError
from apidiff.words.escape import clip, csv_cell, csv_text

Cells = dict[str, dict[str, str]]
"""For each integrator the text of each column of `KEPT`."""


FORMER: Final = "outreach-former.csv"
"""What was written of those who are not in the plan any more: they may come back."""


@dataclass(frozen=True, slots=True)
class Previous:
    """What the last plan of a folder leaves to the next: what people wrote, and what is public by now.

    `written` has for each integrator the columns of `KEPT` that people filled in.
    """

    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    announced: Announced | None = None
    warnings: tuple[str, ...] = ()


def read_previous(out: Path, *, today: date | None = None) -> Previous:
    """What an earlier plan in the folder leaves; nothing where there is none. Without a day nothing counts as public.

    Errors: `outreach-unreadable`, `outreach-conflict`: nobody's notes are overwritten because they can't be read.
    """
    if not out.is_dir():
        return Previous()
    last, warnings = _last_plan(out)
    former = {name: _filled(cells) for name, cells in (_read_csv(out / FORMER) or {}).items()}
    written = {**former, **_written(out, last.written if last else {})}
    return Previous(written, _announced(last, today) if last and today else None, warnings)


def former_csv(previous: Previous, plan: Plan, out: Path) -> dict[str, bytes]:
    """The file `FORMER` with what people wrote of integrators whom the new plan does not name, where there are any."""
    here = {one.integrator for one in plan.integrators}
    gone = {name: cells for name, cells in previous.written.items() if name not in here and any(cells.values())}
    if not gone and not (out / FORMER).is_file():
        return {}
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("integrator", *KEPT))
    for name, cells in sorted(gone.items()):
        writer.writerow(map(csv_cell, (name, *(cells.get(column, "") for column in KEPT))))
    return {FORMER: text.getvalue().encode("utf-8", "backslashreplace")}


def _last_plan(out: Path) -> tuple[Former | None, tuple[str, ...]]:
    """What the plan that was written last leaves; of a broken one a warning, for it takes nobody's notes with it.

    Errors: `plan-unreadable` where the file is there and can't be opened.
    """
    try:
        return read_former(out), ()
    except ApidiffError as error:
        if error.code == "plan-not-found":
            return None, ()
        if isinstance(error.__cause__, OSError):
            raise
        lost = "so what it announced is not known: restore it and plan again, or name the dates"
        return None, (f"{error.at}: {error.message}, {lost}",)


def _announced(last: Former, today: date) -> Announced | None:
    """The dates of a plan that was no draft and whose announcement is not ahead."""
    if last.draft or last.dates.announce is None or last.dates.announce > today:
        return None
    return Announced(last.dates, last.planned_on or last.today, frozenset(last.written))


def _written(out: Path, said: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    """What people wrote into either copy of the list since both said what `said` has."""
    from_csv, from_book = _read_csv(out / "outreach.csv"), _read_book(out / "outreach.xlsx")
    sides = [side for side in (from_csv, from_book) if side is not None]
    kept: dict[str, Mapping[str, str]] = {}
    for integrator in dict.fromkeys(name for side in sides for name in side):
        cells = {
            column: _merged(
                [side[integrator][column] for side in sides if integrator in side], said, integrator, column
            )
            for column in KEPT
        }
        if any(cells.values()):
            kept[integrator] = _filled(cells)
    return kept


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {column: text for column, text in cells.items() if text}


def _merged(texts: Sequence[str], last: Mapping[str, Mapping[str, str]], integrator: str, column: str) -> str:
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
