"""What "tighter" means for each keyword that takes a plain value: the whole knowledge is in two tables.

`moved` answers with an action; judging it by direction is the rules' business.
"""

from fractions import Fraction
from typing import Any, Final

from apidiff.facts import ABSENT, Action
from apidiff.schema import BOUNDS

RELEVANT: Final = {
    "minimum": frozenset({"number", "integer"}),
    "maximum": frozenset({"number", "integer"}),
    "multipleOf": frozenset({"number", "integer"}),
    "minLength": frozenset({"string"}),
    "maxLength": frozenset({"string"}),
    "pattern": frozenset({"string"}),
    "format": frozenset({"string", "number", "integer"}),
    "minItems": frozenset({"array"}),
    "maxItems": frozenset({"array"}),
    "uniqueItems": frozenset({"array"}),
    "minContains": frozenset({"array"}),
    "maxContains": frozenset({"array"}),
    "minProperties": frozenset({"object"}),
    "maxProperties": frozenset({"object"}),
}
"""The types that each assertion speaks about (JSON Schema 2020-12 Validation, 6)."""

CHECKABLE: Final = frozenset(
    {
        "date",
        "date-time",
        "time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "idn-hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uuid",
        "json-pointer",
        "relative-json-pointer",
        "uri-template",
        "regex",
        "byte",
        "int32",
    }
)
"""Formats that name a set of values which a program can check; any other is a hint."""

SUBSETS: Final = frozenset(
    {
        ("email", "idn-email"),
        ("hostname", "idn-hostname"),
        ("ipv4", "hostname"),
        ("uri", "uri-reference"),
        ("uri", "iri"),
        ("iri", "iri-reference"),
        ("uri", "iri-reference"),
        ("uri-reference", "iri-reference"),
        ("int32", "int64"),
    }
)
"""(narrower, wider) pairs of formats."""


def moved(keyword: str, before: Any, after: Any) -> Action | None:
    """How the set of allowed values moves when a keyword goes from `before` to `after` (ABSENT: not there)."""
    if before == after and isinstance(before, bool) == isinstance(after, bool):
        return None
    if before is ABSENT:
        return Action.TIGHTENED
    if after is ABSENT:
        return Action.LOOSENED
    if keyword in ("minimum", "maximum"):
        sign = 1 if keyword == "minimum" else -1
        return _by_order((sign * after[0], after[1]) > (sign * before[0], before[1]))
    if keyword in BOUNDS:
        return _by_order((after > before) == (BOUNDS[keyword] == "lower"))
    if keyword == "multipleOf":
        one, two = Fraction(str(before)), Fraction(str(after))
        if (one / two).denominator == 1:
            return Action.LOOSENED
        return Action.TIGHTENED if (two / one).denominator == 1 else Action.REPLACED
    return Action.REPLACED


def _by_order(is_tighter: bool) -> Action:
    return Action.TIGHTENED if is_tighter else Action.LOOSENED


def moved_format(before: Any, after: Any) -> tuple[str, Action] | None:
    """The facet (`format`, or `format-hint` where no checkable set is named) and how it moves."""
    if before == after:
        return None
    was, now = before in CHECKABLE, after in CHECKABLE
    if (before, after) in SUBSETS:
        return "format", Action.LOOSENED
    if (after, before) in SUBSETS:
        return "format", Action.TIGHTENED
    if was and now:
        return "format", Action.REPLACED
    if now:
        return "format", Action.TIGHTENED
    if was:
        return "format", Action.LOOSENED
    if before is ABSENT:
        return "format-hint", Action.ADDED
    return "format-hint", Action.REMOVED if after is ABSENT else Action.REPLACED


def moved_types(before: frozenset[str] | None, after: frozenset[str] | None) -> Action | None:
    """How the set of types moves; None stands for every type, `number` holds `integer`."""
    if before == after:
        return None
    if before is None:
        return Action.TIGHTENED
    if after is None:
        return Action.LOOSENED
    grows, shrinks = _within(before, after), _within(after, before)
    if grows and not shrinks:
        return Action.LOOSENED
    if shrinks and not grows:
        return Action.TIGHTENED
    return None if grows else Action.REPLACED


def _within(inner: frozenset[str], outer: frozenset[str]) -> bool:
    return all(kind in outer or (kind == "integer" and "number" in outer) for kind in inner)


def overlap(before: frozenset[str] | None, after: frozenset[str] | None) -> bool:
    """Whether some value can have a type of both."""
    if before is None or after is None:
        return True
    widened = [kinds | {"integer"} if "number" in kinds else kinds for kinds in (before, after)]
    return bool(widened[0] & widened[1])


def type_of(value: Any) -> str:
    """The JSON Schema type of a value; a whole number is an integer (JSON Schema 2020-12 Core, 4.2.1)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if value == int(value) else "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def meets(keyword: str, limit: Any, value: Any) -> bool:
    """Whether an enum value meets an assertion; True where it can't be told."""
    if keyword in ("minimum", "maximum") and isinstance(value, (int, float)) and not isinstance(value, bool):
        bound, strict = limit
        if value == bound:
            return not strict
        return bool((value > bound) == (keyword == "minimum"))
    if keyword in ("minLength", "maxLength") and isinstance(value, str):
        return bool(len(value) >= limit if keyword == "minLength" else len(value) <= limit)
    return True
