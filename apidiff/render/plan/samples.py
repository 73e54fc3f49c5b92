"""Values for examples: what fits a name, a type, a format or a bound, knowing no more than the change says."""

import re
from collections.abc import Mapping
from typing import Any, Final

from apidiff.words.changes import Change
from apidiff.words.escape import clip
from apidiff.words.facts import ABSENT

_BY_NAME: Final[Mapping[str, str]] = {
    "name": "Ada Lovelace", "full_name": "Ada Lovelace", "first_name": "Ada", "last_name": "Lovelace",
    "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.com", "receipt_email": "ada@example.com",
    "phone": "+1 555 0100", "city": "London", "country": "GB", "locale": "en-GB", "language": "en", "currency": "eur",
    "url": "https://example.com", "uri": "https://example.com/1", "description": "Order 1842", "date": "2026-01-31",
    "created": "2026-01-31T08:30:00Z", "created_at": "2026-01-31T08:30:00Z", "timestamp": "1769848200",
}  # fmt: skip
_BY_TYPE: Final[Mapping[str, Any]] = {
    "string": "text", "integer": 42, "number": 42.5, "boolean": True, "array": [], "object": {}, "null": None,
}  # fmt: skip
_BY_FORMAT: Final[Mapping[str, Any]] = {
    "date-time": "2026-01-31T08:30:00Z", "date": "2026-01-31", "time": "08:30:00Z", "email": "ada@example.com",
    "uri": "https://example.com", "uuid": "0b5e1f0c-2f8a-4c55-9a51-7c0f5c1d1a42", "int32": 2_147_483_647,
    "int64": 9_007_199_254_740_993, "ipv4": "192.0.2.1", "hostname": "example.com",
}  # fmt: skip
_BOUNDS: Final = (
    ("length", "A TEXT OF {} CHARACTERS"),
    ("items", "A LIST OF {}"),
    ("properties", "AN OBJECT OF {}"),
    ("pattern", "A TEXT LIKE {}"),
    ("multiple", "A MULTIPLE OF {}"),
)
_NULLS: Final = ("null-newly-allowed", "null-no-longer-allowed")
OTHER: Final = "ANOTHER_VALUE"


def placeholder(name: str) -> str:
    """A value that fits a well-known name, else a word in capitals that says what belongs there."""
    last = re.sub(r"\[\d*\]$", "", name).rpartition(".")[2]
    word = re.sub(r"\W+", "_", clip(last, 40), flags=re.ASCII).strip("_").upper()
    return _BY_NAME.get(last.lower()) or f"YOUR_{word or 'VALUE'}"


def before_and_after(change: Change, name: str) -> tuple[Any, Any]:
    """A value of the thing as it was and as it is now; ABSENT where it is not there on that side."""
    rule = change.rule
    if rule in _NULLS:
        return tuple(None if allowed else placeholder(name) for allowed in (change.before, change.after))  # type: ignore[return-value]
    if change.subject in ("property", "parameter") or "required" in rule or "optional" in rule:
        return _presence(change, name)
    if "format" in rule or "integer" in rule:
        return _of(_BY_FORMAT, change.before, name), _of(_BY_FORMAT, change.after, name)
    if "type" in rule:
        return _of(_BY_TYPE, change.before, name), _of(_BY_TYPE, change.after, name)
    for word, text in _BOUNDS:
        if word in rule:
            return _bounded(text, change.before, f"LONGER_{word.upper()}"), _bounded(text, change.after, OTHER)
    before = change.exposure.values[0] if change.exposure.values else _first(change.before, name)
    after = _first(change.after, name) if change.after is not ABSENT else OTHER
    return _typed_like(before, change.before), _typed_like(after, change.after)


def _presence(change: Change, name: str) -> tuple[Any, Any]:
    """For a thing that comes, goes, or may stay out."""
    value = schema_value(change.before if isinstance(change.before, Mapping) else change.after, name)
    if "removed" in change.rule or "no-longer" in change.rule or "optional" in change.rule:
        return value, ABSENT
    if "required" in change.rule or "added" in change.rule:
        return ABSENT, value
    return value, value


def schema_value(schema: Any, name: str) -> Any:
    """A value of a schema, from what it says first: an example, a constant, its enum, its format, its type."""
    if not isinstance(schema, Mapping):
        return placeholder(name)
    for key in ("example", "const", "default"):
        if key in schema and _is_small(schema[key]):
            return schema[key]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    if schema.get("format") in _BY_FORMAT and schema.get("type") == "string":
        return _BY_FORMAT[schema["format"]]
    kind = schema.get("type")
    kinds = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else []
    known = next((one for one in kinds if one in _BY_TYPE and one != "null"), None)
    return placeholder(name) if known in (None, "string") else _BY_TYPE[str(known)]


def _is_small(value: Any) -> bool:
    return len(repr(value)) <= 200


def _of(table: Mapping[str, Any], held: Any, name: str) -> Any:
    """The value of a type or format that the change names, alone or first of a list."""
    first = held[0] if isinstance(held, list | tuple) and held else held
    return table[first] if isinstance(first, str) and first in table else placeholder(name)


def _bounded(text: str, held: Any, otherwise: str) -> Any:
    return text.format(clip(held, 80)) if isinstance(held, int | float | str) else otherwise


def _first(held: Any, name: str) -> Any:
    """The value that the change holds: itself, or the first of a list."""
    if isinstance(held, list | tuple) and held:
        held = held[0]
    if isinstance(held, Mapping) and held.keys() <= {"exclusiveMinimum", "exclusiveMaximum"}:
        held = next(iter(held.values()), None)
    if isinstance(held, str | int | float) and held != "":
        return clip(held, 120) if isinstance(held, str) else held
    return placeholder(name)


def _typed_like(value: Any, held: Any) -> Any:
    """The text of a value as the number or truth that the change holds: logs and queries know texts alone."""
    first = held[0] if isinstance(held, list | tuple) and held else held
    return first if isinstance(value, str) and not isinstance(first, str) and str(first) == value else value
