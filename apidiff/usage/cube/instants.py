"""A time of an engine's column, of whatever type, as the same UTC timestamp on every engine.

Texts and numbers become microseconds by arithmetic alone: each engine reads texts in its own way, and of an offset one
makes nothing and the next an error. `statement` writes the functions by which microseconds and times with a zone
become timestamps, and these microseconds, as each engine does that.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

FROM_MICROS, FROM_ZONED, TO_MICROS = "apidiff_from_micros", "apidiff_from_zoned", "epoch_us"
"""Functions that no engine has, and one that DuckDB alone has: `statement` puts the engine's own in their place."""
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.,][0-9]+)?"
_DAYS = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_ISO = rf"^[0-9]{{4}}-{_DAYS}(?:{_CLOCK} ?(?:Z|z|UTC|GMT|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?$"
"""RFC 3339, 5.6, and what is written instead of it: a space, no offset, no clock."""
_NO_OFFSET = rf"^[0-9]{{4}}-{_DAYS}(?:{_CLOCK})?$"
_EPOCH = r"^[0-9]{9,19}(?:[.][0-9]+)?$"
_MIDNIGHT = "T00:00:00"
_ZERO = f"1970-01-01{_MIDNIGHT}"
_SECOND = 1_000_000


def timed(rows: "ir.Table", value: Callable[["ir.Table"], "ir.Value"], name: str) -> "tuple[ir.Table, ir.Value]":
    """Rows with what a time is worked out from, in columns that begin with `name`; and the UTC timestamp.

    The timestamp is null where the value, of any type, is no time. A time without an offset is in UTC; a number's size
    says whether it is seconds, or thousandths of them. What is named several times is a column of its own: an
    expression would be written out each time.
    """
    import ibis

    kind = value(rows).type()
    if kind.is_timestamp():
        return rows, _called(FROM_ZONED, "timestamp('UTC')", value(rows)) if kind.timezone else value(rows)
    if kind.is_date():
        return rows, value(rows).cast("timestamp")
    if kind.is_numeric():
        return rows, _of_micros(_micros_of_number(value(rows)))
    if not kind.is_string():
        return rows, ibis.null("timestamp")
    text, safe, digits, parts = (f"{name}_{part}" for part in ("text", "safe", "digits", "parts"))
    rows = rows.mutate(**{text: value(rows).strip()})
    rows = rows.mutate(**{f"{name}_iso": rows[text].re_search(_ISO)})
    rows = rows.mutate(**{safe: _safe(rows[text], rows[f"{name}_iso"]), digits: _digits(rows[text])})
    rows = rows.mutate(**{f"{parts}_{part}": number for part, number in _parts_of(rows[safe]).items()})
    rows = rows.mutate(**{f"{parts}_whole": _part(rows[digits], "^([0-9]+)", "0").cast("int64")})
    numbers = {part: rows[f"{parts}_{part}"] for part in _PARTS}
    iso = _micros_of_iso(rows[f"{name}_iso"], numbers)
    whole = rows[f"{parts}_whole"]
    epoch = _micros_of_number(whole) + ibis.cases((whole < 10**11, _fraction(rows[digits])), else_=0)
    return rows, _of_micros(ibis.coalesce(iso, epoch))


def has_no_offset(text: "ir.StringValue") -> "ir.BooleanValue":
    """Whether a text is a time that says neither its offset nor its zone."""
    return text.strip().re_search(_NO_OFFSET)


def _of_micros(micros: "ir.IntegerValue") -> "ir.TimestampValue":
    return _called(FROM_MICROS, "int64", micros)


def _called(name: str, kind: str, value: "ir.Value") -> "ir.TimestampValue":
    import ibis

    function = ibis.udf.scalar.builtin(lambda _: 0, name=name, signature=((kind,), "timestamp"))
    found: ir.TimestampValue = function(value)
    return found


def _micros_of_number(value: "ir.NumericValue") -> "ir.IntegerValue":
    """Seconds, or thousandths of them; numbers of 14 and 17 digits are dates without punctuation, and are none."""
    import ibis

    whole = value.cast("int64")
    seconds = whole * _SECOND if value.type().is_integer() else (value.cast("float64") * _SECOND).round().cast("int64")
    return ibis.cases(
        (value.between(10**8, 10**11 - 1), seconds),
        (value.between(10**11, 10**13 - 1), whole * 1000),
        (value.between(10**14, 10**16), whole),
        (value > 10**17, (whole - whole % 1000) / 1000),
    ).cast("int64")


def _digits(text: "ir.StringValue") -> "ir.StringValue":
    import ibis

    found: ir.StringValue = ibis.cases((text.re_search(_EPOCH), text), else_="0")
    return found


def _safe(text: "ir.StringValue", is_iso: "ir.BooleanValue") -> "ir.StringValue":
    """A text that suits what follows, whatever the text is: some engines work out what no case asks for."""
    import ibis

    is_day = is_iso & (text.length() == len("1970-01-01"))
    found: ir.StringValue = ibis.cases((is_day, text + _MIDNIGHT), (is_iso, text), else_=_ZERO)
    return found


_PARTS = ("year", "month", "day", "hour", "minute", "second", "east", "fraction")


def _parts_of(safe: "ir.StringValue") -> "dict[str, ir.IntegerValue]":
    """What a time says, each part as a number."""
    starts = ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))
    numbers = [_number(safe, start, size) for start, size in starts]
    return dict(zip(_PARTS, [*numbers, _minutes_east(safe), _fraction(safe)], strict=True))


def _micros_of_iso(is_iso: "ir.BooleanValue", parts: "dict[str, ir.IntegerValue]") -> "ir.IntegerValue":
    import ibis

    year, month, day, hour, minute, second, east, fraction = (parts[name] for name in _PARTS)
    # a leap second is the last of its minute
    clock = hour * 3600 + minute * 60 + ibis.cases((second == 60, 59), else_=second)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_day = is_iso & ((month != 2) | (day < 29) | is_leap)
    seconds = _days(year, month, day) * 86400 + clock - east * 60
    return ibis.cases((is_day, seconds * _SECOND + fraction)).cast("int64")


def _number(text: "ir.StringValue", start: int, size: int) -> "ir.IntegerValue":
    return text.substr(start, size).cast("int64")


def _part(text: "ir.StringValue", pattern: str, otherwise: str) -> "ir.StringValue":
    """What the group of a pattern finds; engines give a null or an empty text where it finds nothing."""
    return text.re_extract(pattern, 1).nullif("").fill_null(otherwise)


def _fraction(text: "ir.StringValue") -> "ir.IntegerValue":
    """The microseconds behind a point, cut off after six digits."""
    return (_part(text, "[.,]([0-9]+)", "0") + "000000").substr(0, 6).cast("int64")


def _minutes_east(text: "ir.StringValue") -> "ir.IntegerValue":
    import ibis

    hours = _part(text, "[T ].*[+-]([0-9]{2}):?[0-9]*$", "0").cast("int64")
    minutes = _part(text, "[T ].*[+-][0-9]{2}:?([0-9]{2})$", "0").cast("int64")
    away = hours * 60 + minutes
    return ibis.cases((text.re_search("[T ].*-[0-9:]+$"), -away), else_=away)


def _days(year: "ir.IntegerValue", month: "ir.IntegerValue", day: "ir.IntegerValue") -> "ir.IntegerValue":
    """Days since 1970 in the Gregorian calendar (Richards, "Mapping Time", chapter 25).

    The year is taken to begin in March, so that it ends with its odd day.
    """
    import ibis

    since_march = (month + 9) % 12
    year = ibis.cases((month <= 2, year - 1), else_=year)
    leaps = _whole(year, 4) - _whole(year, 100) + _whole(year, 400)
    return year * 365 + leaps + _whole(since_march * 153 + 2, 5) + day - 719_469


def _whole(number: "ir.IntegerValue", divisor: int) -> "ir.IntegerValue":
    """A number that is not negative divided without a rest."""
    return ((number - number % divisor) / divisor).cast("int64")
