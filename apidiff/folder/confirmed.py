"""confirmed.csv, beside the plan: who said on which day that an integrator has moved, where logs can't show it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from apidiff.load.limits import read_at_most
from apidiff.words.errors import ApidiffError
from apidiff.words.escape import csv_cell, csv_text

NAME: Final = "confirmed.csv"
_COLUMNS: Final = ("integrator", "change", "date", "by")


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That an integrator has moved off a change (or, where "", off every one that ends), by a person's word."""

    integrator: str
    change: str
    day: date
    by: str


def read_confirmed(folder: Path) -> tuple[Confirmation, ...]:
    """The confirmations of a plan folder, in their order; none where there is no file.

    Errors: `confirmed-unreadable`.
    """
    path = folder / NAME
    try:
        text = read_at_most(path).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if text and not set(_COLUMNS) <= {*(rows.fieldnames or ())}:
            raise ValueError("other columns")
        return tuple(_confirmation(row) for row in rows)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise ApidiffError(
            f"the confirmations can't be read: they have the columns {', '.join(_COLUMNS)}, and dates as YYYY-MM-DD",
            code="confirmed-unreadable",
            at=str(path),
            hint="Mend or restore the file; `apidiff confirm` adds to it.",
        ) from error


def confirmed_csv(confirmations: Sequence[Confirmation]) -> bytes:
    """The file's content, safe against formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for one in confirmations:
        writer.writerow([csv_cell(one.integrator), one.change, one.day.isoformat(), csv_cell(one.by)])
    return text.getvalue().encode("utf-8", "backslashreplace")


def _confirmation(row: dict[str, str]) -> Confirmation:
    integrator, by = csv_text(row["integrator"]).strip(), csv_text(row["by"]).strip()
    if not integrator or not by:
        raise ValueError("nobody")
    return Confirmation(integrator, row["change"].strip(), date.fromisoformat(row["date"].strip()), by)
