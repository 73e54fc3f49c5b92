"""How far back a log in an engine is read: the look-back as a condition on its columns as they lie there.

The time's column is compared as it is, and so is a column of partitions, so that the engine skips what is older. Only
what is surely older is left out: a row whose time can't be read is counted as one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

_EPOCH = date(1970, 1, 1)
_UNITS = ((10**8, 10**11, 1), (10**11, 10**14, 10**3), (10**14, 10**17, 10**6), (10**17, None, 10**9))
"""From which number to which seconds are seconds, thousandths and so on, as `instants` reads them."""


def since_of(last: date, look_back_days: int) -> date:
    """The first day that evidence up to a day may need: a day more, for times of other zones."""
    return last - timedelta(days=look_back_days)


def within(times: "Sequence[ir.Value]", partition: "ir.Value | None", since: date) -> "list[ir.BooleanValue]":
    """The conditions on the columns of a log; times of several columns are no condition."""
    found = []
    if len(times) == 1 and (condition := _is_recent(times[0], since)) is not None:
        found.append(condition)
    if partition is not None and (condition := _is_of(partition, since - timedelta(days=1))) is not None:
        found.append(condition)
    return found


def _is_recent(value: "ir.Value", since: date) -> "ir.BooleanValue | None":
    """Whether a time is not surely older: null and what is no time are kept."""
    import ibis

    kind = value.type()
    if kind.is_timestamp():
        zone = UTC if kind.timezone else None
        start, zero = (
            ibis.literal(datetime(day.year, day.month, day.day, tzinfo=zone), type=kind) for day in (since, _EPOCH)
        )
        return value.isnull() | (value < zero) | (value >= start)
    if kind.is_date():
        return value.isnull() | (value < ibis.literal(_EPOCH)) | (value >= ibis.literal(since))
    if kind.is_numeric():
        seconds = (since - _EPOCH).days * 86_400
        kept = value.isnull() | (value < _UNITS[0][0])
        for start, end, scale in _UNITS:
            recent = value >= max(seconds * scale, start)
            kept = kept | (recent & (value < end) if end else recent)
        return kept
    if kind.is_string():
        # texts of epoch seconds come before the year, and so are kept
        return value.isnull() | (value < "1970") | (value >= (since - timedelta(days=1)).isoformat())
    return None


def _is_of(partition: "ir.Value", since: date) -> "ir.BooleanValue | None":
    """Whether a partition is not older: a day as a date, a text that begins with it, or a number (20260314)."""
    import ibis

    kind = partition.type()
    if kind.is_date():
        return partition >= ibis.literal(since)
    if kind.is_timestamp():
        start = datetime(since.year, since.month, since.day, tzinfo=UTC if kind.timezone else None)
        return partition >= ibis.literal(start, type=kind)
    if kind.is_integer():
        return partition >= int(since.strftime("%Y%m%d"))
    return partition >= since.isoformat() if kind.is_string() else None
