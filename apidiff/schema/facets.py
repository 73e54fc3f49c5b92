"""What "tighter" means for each keyword that takes a plain value: the whole knowledge is in two tables.

`moved` answers with an action; judging it by direction is the rules' business.
"""

import re
from typing import Any, Final

from apidiff.schema import BOTH_FORMATS, BOUNDS, View
from apidiff.schema.patterns import matches
from apidiff.words.facts import ABSENT, Action
from apidiff.words.pointer import Pointer

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
        if is_multiple(before, after):
            return Action.LOOSENED
        return Action.TIGHTENED if is_multiple(after, before) else Action.REPLACED
    return Action.REPLACED


def is_multiple(number: float, step: float) -> bool:
    """Whether a number is a whole multiple of another; exact, since `multipleOf: 0.01` is common."""
    from fractions import Fraction

    return (Fraction(str(number)) / Fraction(str(step))).denominator == 1


def _by_order(is_tighter: bool) -> Action:
    return Action.TIGHTENED if is_tighter else Action.LOOSENED


def moved_format(before: Any, after: Any) -> tuple[str, Action] | None:
    """The facet (`format`, or `format-hint` where no checkable set is named) and how it moves."""
    if before == after:
        return None
    if BOTH_FORMATS in f"{before}{after}":
        return "format", _moved_formats(
            *(set() if side is ABSENT else set(side.split(BOTH_FORMATS)) for side in (before, after))
        )
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


def _moved_formats(before: set[str], after: set[str]) -> Action:
    """How the set of strings moves where an `allOf` asks for several formats at once."""
    if before < after:
        return Action.TIGHTENED
    return Action.LOOSENED if after < before else Action.REPLACED


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
    """Whether a value meets an assertion; True where it can't be told, or where the keyword is about another type."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if keyword in ("minimum", "maximum") and is_number:
        bound, strict = limit
        return not strict if value == bound else bool((value > bound) == (keyword == "minimum"))
    if keyword == "multipleOf" and is_number:
        return is_multiple(value, limit)
    if keyword in ("minLength", "maxLength") and isinstance(value, str):
        return bool(len(value) >= limit if keyword == "minLength" else len(value) <= limit)
    if keyword == "pattern" and isinstance(value, str):
        return matches(limit, value)
    if keyword == "format":
        return all(_is_in(name, value) for name in limit.split(BOTH_FORMATS))
    return True


def _is_in(name: str, value: Any) -> bool:
    """Whether a value is in a format; True for another type, and for a format that is not looked into here."""
    if name == "int32" and type_of(value) == "integer":
        return bool(-(2**31) <= value < 2**31)
    check = FORMATS.get(name)
    return check is None or not isinstance(value, str) or check.fullmatch(value) is not None


FORMATS: Final = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
    "time": re.compile(r"\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"),
    "uuid": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "ipv4": re.compile(r"\d{1,3}(\.\d{1,3}){3}"),
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.*", re.DOTALL),
}
"""What a listed value must look like to be in a format: a rough check, which no value in the format fails."""


def allows(view: View, value: Any) -> bool:
    """Whether the types and assertions of a view allow a value, its own list of values aside."""
    kind = type_of(value)
    is_of_type = view.types is None or kind in view.types or (kind == "integer" and "number" in view.types)
    return is_of_type and _meets_all(view, value)


def _meets_all(view: View, value: Any) -> bool:
    return all(meets(keyword, limit, value) for keyword, (limit, _) in view.values.items() if keyword in RELEVANT)


def listed(view: View) -> dict[str, tuple[Any, Pointer]] | None:
    """The listed values that the view's other assertions allow; None where it lists none.

    Types are left out of it: specs list numbers under `type: string`, and mean them.
    """
    if view.enum is None or not view.has_assertions:
        return view.enum
    return {text: entry for text, entry in view.enum.items() if _meets_all(view, entry[0])}


def effective_types(view: View) -> frozenset[str] | None:
    """The types that values can have, those of the enum where there is one."""
    if view.enum is None:
        return view.types
    kinds = frozenset(type_of(value) for value, _ in (listed(view) or view.enum).values())
    if view.types is None:
        return kinds - {"integer"} if "number" in kinds else kinds
    return frozenset(kind for kind in view.types if kind in kinds or (kind == "number" and "integer" in kinds))


def type_words(view: View) -> Any:
    """The types of a view as a spec writes them: one name, or a list; ABSENT where any type goes."""
    if view.types is None:
        return ABSENT
    names = sorted(view.types)
    return names[0] if len(names) == 1 else names
