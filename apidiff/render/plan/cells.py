"""The lists of the plan folder as CSV (RFC 4180, UTF-8): numbers bare, texts in quotes, as spreadsheets read them."""

import csv
import io
from collections.abc import Iterable, Sequence


def csv_table(head: Sequence[str], rows: Iterable[Iterable[str | int | float]]) -> bytes:
    """The heading and the rows; texts have been through `csv_cell`. Halves of surrogate pairs are written as escapes.

    It is encoded row by row: of 100,000 accounts the text beside its bytes would take as much as all the rest.
    """
    data = io.BytesIO()
    text = io.TextIOWrapper(data, encoding="utf-8", errors="backslashreplace", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    text.flush()
    return data.getvalue()
