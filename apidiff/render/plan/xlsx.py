"""outreach.xlsx: the list for people who work in a spreadsheet; the same bytes for the same plan."""

import io
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from apidiff.plan.value import COLUMNS, KEPT
from apidiff.render.plan.outreach import row
from apidiff.render.plan.view import View
from apidiff.words.escape import visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_WIDTHS: Final = {
    "integrator": 18, "name": 26, "owner": 18, "contact": 28, "keys": 24, "operations": 44, "changes": 28, "why": 60,
    "next_action": 28, "notes": 44, "tier": 15, "status": 16, "languages": 16, "promised_date": 15,
    "confirmed_migrated_at": 22,
}  # fmt: skip
_STATUSES: Final = ["to do", "reached", "promised", "migrating", "migrated", "extended", "no answer"]
_LONGEST: Final = 32_000
"""Excel takes 32,767 characters in a cell."""

_ROWS: Final = 1_000
"""So many rows, in the order of contact, are as many as people work through by hand; outreach.csv has all."""


def outreach_xlsx(view: View) -> bytes:
    """The columns of outreach.csv and its first rows; text is marked as text, so that none is a formula."""
    from xlsxwriter import Workbook

    data = io.BytesIO()
    with Workbook(data, {"in_memory": True}) as book:
        made = datetime.combine(view.plan.today, time())
        book.set_properties({"author": "apidiff", "created": made})
        sheet = book.add_worksheet("Outreach")
        text = book.add_format({"quote_prefix": True})
        warning = book.add_format({"quote_prefix": True, "bold": True, "font_color": "#C0392B"})
        stamps = [f"DRAFT: {view.plan.draft}" if view.plan.draft else "", view.plan.stamp]
        head = 0
        for stamp in filter(None, stamps):
            sheet.write_string(head, 0, _text(stamp), warning)
            head += 1
        _heading(book, sheet, head)
        people = view.plan.integrators[:_ROWS]
        for line, one in enumerate(people, head + 1):
            for place, value in enumerate(row(one)):
                if isinstance(value, str):
                    if value:
                        sheet.write_string(line, place, _text(value), text)
                else:
                    sheet.write_number(line, place, value)
        last = head + len(people)
        sheet.autofilter(head, 0, last, len(COLUMNS) - 1)
        sheet.freeze_panes(head + 1, COLUMNS.index("name"))
        # a list of statuses to choose from; another text may be written as well
        status = COLUMNS.index("status")
        sheet.data_validation(
            head + 1,
            status,
            max(last, head + 1),
            status,
            {"validate": "list", "source": _STATUSES, "show_error": False},
        )
    return data.getvalue()


def _heading(book: "Workbook", sheet: "Worksheet", line: int) -> None:
    """The names of the columns, those that people fill in by another colour."""
    ours = book.add_format({"bold": True, "bg_color": "#E8EDF5"})
    theirs = book.add_format({"bold": True, "bg_color": "#FFF3C4"})
    for place, column in enumerate(COLUMNS):
        sheet.write_string(line, place, column, theirs if column in KEPT else ours)
        sheet.set_column(place, place, _WIDTHS.get(column, 12))


def _text(value: str) -> str:
    return "\n".join(visible(line) for line in value.split("\n"))[:_LONGEST]
