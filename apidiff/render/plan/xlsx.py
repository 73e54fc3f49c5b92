"""outreach.xlsx: the list for people who work in a spreadsheet; the same bytes for the same plan."""

import io
import re
import zipfile
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from apidiff.plan.value import COLUMNS, KEPT
from apidiff.render.plan.outreach import row
from apidiff.render.plan.view import View
from apidiff.words.escape import visible

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_WIDTHS: Final = {
    "integrator": 18, "name": 26, "owner": 18, "contact": 28, "keys": 24, "operations": 44, "changes": 28, "why": 60,
    "next_action": 28, "notes": 44, "tier": 15, "status": 16, "languages": 16, "promised_date": 15,
    "confirmed_migrated_at": 22,
}  # fmt: skip
_STATUSES: Final = "to do,reached,promised,migrating,migrated,extended,no answer"
_LONGEST: Final = 32_000
"""Excel takes 32,767 characters in a cell."""

_ROWS: Final = 1_000
"""So many rows, in the order of contact, are as many as people work through by hand; outreach.csv has all."""

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def outreach_xlsx(view: View) -> bytes:
    """The columns of outreach.csv and its first rows; text is marked as text, so that none is a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Outreach"
    stamps = [f"DRAFT: {view.plan.draft}" if view.plan.draft else "", view.plan.stamp]
    for stamp in filter(None, stamps):
        sheet.append([None])
        cell = sheet.cell(sheet.max_row, 1)
        _put(cell, stamp)
        cell.font = Font(bold=True, color="00C0392B")
    sheet.append(list(COLUMNS))
    head = sheet.max_row
    for place, column in enumerate(COLUMNS, 1):
        cell = sheet.cell(head, place)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="00FFF3C4" if column in KEPT else "00E8EDF5")
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 12)
    for line, one in enumerate(view.plan.integrators[:_ROWS], head + 1):
        for place, value in enumerate(row(one), 1):
            if value != "":
                _put(sheet.cell(line, place), value)
    last = f"{get_column_letter(len(COLUMNS))}{max(sheet.max_row, head)}"
    sheet.auto_filter.ref = f"A{head}:{last}"
    sheet.freeze_panes = f"{get_column_letter(COLUMNS.index('name') + 1)}{head + 1}"
    _choices(sheet, head)
    book.properties.creator = "apidiff"
    made = datetime.combine(view.plan.today, time(), UTC)
    book.properties.created = made.replace(tzinfo=None)
    data = io.BytesIO()
    book.save(data)
    return _settled(data.getvalue(), made)


def _put(cell: object, value: str | float) -> None:
    """A number as a number; a text as a text, whatever it starts with."""
    from openpyxl.cell import Cell

    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = "\n".join(visible(line) for line in value.split("\n"))[:_LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = True
    else:
        cell.value = value


def _choices(sheet: "Worksheet", head: int) -> None:
    """A list of statuses to choose from; another text may be written as well."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    choices = DataValidation(type="list", formula1=f'"{_STATUSES}"', allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(choices)
    letter = get_column_letter(COLUMNS.index("status") + 1)
    choices.add(f"{letter}{head + 1}:{letter}{max(sheet.max_row, head + 1)}")


def _settled(data: bytes, made: datetime) -> bytes:
    """The workbook without the moment at which it was written: openpyxl stamps the archive and its properties."""
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return out.getvalue()
