"""A time of an engine's column, of whatever type, as the same UTC timestamp on every engine.

Texts and numbers become microseconds by arithmetic alone: each engine reads texts in its own way, and of an offset one
makes nothing and the next an error. `statement` writes the two functions by which microseconds and times with a zone
become timestamps, as each engine does that.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

FROM_MICROS, FROM_ZONED = "apidiff_from_micros", "apidiff_from_zoned"
"""Functions that no engine has: `statement` puts the engine's own in their place."""
_CLOCK = r"[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:[.,][0-9]+)?"
_DAYS = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_ISO = rf"^[0-9]{{4}}-{_DAYS}(?:{_CLOCK} ?(?:Z|z|UTC|GMT|[+-][0-9]{{2}}(?::?[0-9]{{2}})?)?)?$"
"""RFC 3339, 5.6, and what is written instead of it: a space, no offset, no clock."""
_EPOCH = r"^[0-9]{9,19}(?:[.][0-9]+)?$"
_MIDNIGHT = "T00:00:00"
_ZERO = f"1970-01-01{_MIDNIGHT}"
_SECOND = 1_000_000


def moment_of(value: "ir.Value") -> "ir.TimestampValue":
    """A UTC timestamp from a column of any type, null where it is none.

    A time without an offset is in UTC; a number's size says whether it is seconds, or thousandths of them.
    """
    import ibis

    kind = value.type()
    if kind.is_timestamp():
        return _called(FROM_ZONED, "timestamp('UTC')", value) if kind.timezone else value
    if kind.is_date():
        return value.cast("timestamp")
    if kind.is_numeric():
        return _of_micros(_micros_of_number(value))
    if not kind.is_string():
        return ibis.null("timestamp")
    text = value.strip()
    return _of_micros(ibis.coalesce(_micros_of_iso(text), _micros_of_digits(text)))


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


def _micros_of_digits(text: "ir.StringValue") -> "ir.IntegerValue":
    import ibis

    digits = ibis.cases((text.re_search(_EPOCH), text), else_="0")
    whole = _part(digits, "^([0-9]+)", "0").cast("int64")
    return _micros_of_number(whole) + ibis.cases((whole < 10**11, _fraction(digits)), else_=0)


def _micros_of_iso(text: "ir.StringValue") -> "ir.IntegerValue":
    import ibis

    is_iso = text.re_search(_ISO)
    # what follows is worked out for a text that it suits, since some engines work out what no case asks for
    safe = ibis.cases((is_iso & (text.length() == len("1970-01-01")), text + _MIDNIGHT), (is_iso, text), else_=_ZERO)
    year, month, day = (_number(safe, start, size) for start, size in ((0, 4), (5, 2), (8, 2)))
    hour, minute, second = (_number(safe, start, 2) for start in (11, 14, 17))
    # a leap second is the last of its minute
    clock = hour * 3600 + minute * 60 + ibis.cases((second == 60, 59), else_=second)
    is_leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    is_day = is_iso & ((month != 2) | (day < 29) | is_leap)
    seconds = _days(year, month, day) * 86400 + clock - _minutes_east(safe) * 60
    return ibis.cases((is_day, seconds * _SECOND + _fraction(safe))).cast("int64")


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
