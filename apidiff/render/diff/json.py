"""The comparison as the contract's JSON, whole and unfolded: the form that other programs read."""

import json
import math
from typing import Any, Final

import orjson

from apidiff.words.changes import Comparison
from apidiff.words.escape import visible, visible_json

_DEEPEST: Final = 200
"""What nests deeper is no honest spec; orjson gives up at 254."""


def render(comparison: Comparison) -> str:
    """`Comparison.to_dict` with an indent of two, keys in the contract's order."""
    return encoded(comparison).decode()


def encoded(comparison: Comparison) -> bytes:
    """The same as UTF-8, straight from the encoder: for a large spec it is tens of megabytes."""
    data, options = comparison.to_dict(), orjson.OPT_NON_STR_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    try:
        return visible_json(orjson.dumps(data, option=options, default=str))
    except TypeError:
        return f"{dumps(data, indent=True)}\n".encode()


def dumps(value: Any, *, indent: bool = False) -> str:
    """Any value that a spec can hold as JSON.

    Numbers past 64 bits keep their digits. What JSON has no form for is written as the nearest that it has: an infinite
    number as null, a half of a surrogate pair written out, a date as a string, nesting past 200 as `…`.
    """
    options = orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if indent else 0)
    try:
        written = orjson.dumps(value, option=options, default=str)
    except TypeError:
        separators = None if indent else (",", ":")
        plain = _plain(value, 0)
        text = json.dumps(plain, indent=2 if indent else None, separators=separators, ensure_ascii=False)
        written = text.encode()
    return visible_json(written).decode()


def _plain(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return "…"
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {_text(key): _plain(member, depth + 1) for key, member in value.items()}
        case list() | tuple():
            return [_plain(member, depth + 1) for member in value]
    return _text(value)


def _text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    text = str(value)
    is_whole = text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
    return text if is_whole else visible(text, lines=True)
