"""What apidiff.yaml says about usage logs: their layout, their fields, their times, and where a key stands."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from apidiff.config.value import Value
from apidiff.usage.options import KeySource
from apidiff.words.errors import ApidiffError

_KEY_PLACES = ("from", "query", "host", "path")
_KEY_PIECES = ("claim", "pattern", "part")
_KEY_NAMES = {"from": "field"}
PARTS = ("user", "cn", "o", "ou", "uid", "serialnumber")
"""Pieces of an authorization or of a subject that may be a key."""


def columns(value: Value) -> Mapping[str, str | tuple[str, ...]]:
    """`columns`: each canonical field's own name, or the names of its parts."""
    from apidiff.usage.read.formats import CANONICAL

    known = value.keys((*CANONICAL, "request")).mapping()
    return {
        name: tuple(column.texts()) if isinstance(column.raw, list) else column.text()
        for name, column in known.items()
        if not isinstance(column.raw, dict) or name != "api_key"
    }


def key_source(value: Value) -> KeySource:
    """`api_key`: one place, and at most one piece of what stands there."""
    value.keys((*_KEY_PLACES, *_KEY_PIECES))
    places = [name for name in _KEY_PLACES if not value.get(name).is_missing]
    pieces = [name for name in _KEY_PIECES if not value.get(name).is_missing]
    if len(places) > 1 or len(pieces) > 1 or not (places or pieces):
        raise value.error(
            "it names no single key",
            "Write where it stands (`from: FIELD`, `query: NAME`, `host: 1` or `path: 1`), and for a piece of that one "
            "of `claim: azp`, `part: cn` or `pattern: ^(.+)$`.",
        )
    given: dict[str, Any] = {}
    for name in (*places, *pieces):
        inner = value.get(name)
        if name in ("host", "path"):
            given[name] = inner.integer(1, 20)
        elif name == "part":
            given[name] = inner.one_of(PARTS)
        else:
            given[_KEY_NAMES.get(name, name)] = _pattern(inner) if name == "pattern" else inner.text()
    return replace(KeySource(), **given)


def _pattern(value: Value) -> str:
    text = value.text()
    try:
        groups = re.compile(text).groups
    except re.error:
        groups = -1
    if groups != 1:
        raise value.error("no pattern with one group", "Put brackets around what is the key: `^Key ([^ ]+)`.")
    return text


def log_format(value: Value) -> str:
    """`log_format`: a known name, or the format string of a server's configuration."""
    from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME
    from apidiff.usage.read.strings import format_of, is_format_string

    text = value.text()
    if is_format_string(text):
        try:
            format_of(text)
        except ApidiffError as problem:
            raise value.error(problem.message, problem.hint or "", code=problem.code) from None
        return text
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


def hosts(value: Value) -> tuple[str, ...]:
    """`hosts`: the hosts that are ours, in lower case."""
    return value.items(_host)


def _host(value: Value) -> str:
    text = value.text().lower()
    if not re.fullmatch(r"(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::\d{1,5})?", text):
        raise value.error("no host", "Write a name such as `api.example.com`, or `*.example.com` for all below it.")
    return text


def base_path(value: Value) -> tuple[str, str]:
    """`base_path`: what is taken off the start of a logged path, and what is put there instead."""
    value.keys(("strip", "add"))
    strip, add = _prefix(value.get("strip")), _prefix(value.get("add"))
    if not (strip or add):
        raise value.error("it says neither `strip` nor `add`", "Write `{strip: /gateway, add: /v2}`, or one of them.")
    return strip, add


def ignores_slashes(value: Value) -> bool:
    """`slashes`: `ignore` where the server takes `/a//b/` for `/a/b`, `keep` where it does not."""
    return value.one_of(("ignore", "keep")) == "ignore"


def _prefix(value: Value) -> str:
    text = value.text("")
    if text and not text.startswith("/"):
        raise value.error("a path prefix starts with a slash", "Write it as in `/api/v2`.")
    return text.rstrip("/")


def key_among_columns(value: Value) -> KeySource | None:
    """The key's source where it is written as `columns: {api_key: {from: …}}`."""
    inner = value.get("api_key")
    return key_source(inner) if isinstance(inner.raw, dict) else None
