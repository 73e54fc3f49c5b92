"""What apidiff.yaml says about usage logs: their layout, their fields and their times."""

from collections.abc import Mapping

from apidiff.config.value import Value


def columns(value: Value) -> Mapping[str, str | tuple[str, ...]]:
    """`columns`: each canonical field's own name, or the names of its parts."""
    from apidiff.usage.read.formats import CANONICAL

    known = value.keys((*CANONICAL, "request")).mapping()
    return {
        name: tuple(column.texts()) if isinstance(column.raw, list) else column.text() for name, column in known.items()
    }


def log_format(value: Value) -> str:
    """`log_format`: a known name."""
    from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME

    return value.one_of((*BY_NAME, *ALIASES_OF_FORMATS))


def times(value: Value) -> Mapping[str, str]:
    """`time`: the zone of times without an offset, the order of dates with slashes, or the whole format."""
    from apidiff.usage.read.times import ORDERS

    value.keys(("zone", "order", "format"))
    zone, order, form = value.get("zone"), value.get("order"), value.get("format")
    found = {}
    if not zone.is_missing:
        found["time_zone"] = _zone(zone)
    if not order.is_missing:
        found["date_order"] = order.one_of(ORDERS)
    if not form.is_missing:
        found["time_format"] = _form(form)
    return found


def _zone(value: Value) -> str:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    text = value.text()
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise value.error("no time zone", "Write its name in the IANA list, such as `Europe/London`.") from None
    return text


def _form(value: Value) -> str:
    text = value.text()
    if "%" not in text:
        raise value.error("no format of a time", "Write it with strftime's codes, such as `%d.%m.%Y %H:%M:%S`.")
    return text
