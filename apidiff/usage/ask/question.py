"""What changes ask of query strings and field lists: who sent a parameter or a value, and who left one out.

Names and values are looked for where a change names them, in memory, and only counts come out.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from apidiff.usage.cube.value import NEVER
from apidiff.words.changes import Change, Exposed, Exposure

_SENT = (Exposed.SENT_PARAMETER, Exposed.SENT_VALUE)
_FIELDS = {
    Exposed.SENT_FIELD: "request_fields",
    Exposed.LEFT_OUT_FIELD: "request_fields",
    Exposed.RECEIVED_FIELD: "response_fields",
}


_BODIES = (Exposed.SENT_BODY, Exposed.LEFT_OUT_BODY)
_BODY_COLUMNS = ("request_body_length", "request_fields")
"""The columns that show whether there was a body, the surer first."""
_ANY = {"request_body_length": "[1-9]", "request_fields": r"\w"}
BETWEEN = r"(?:,|%2[Cc]|\||%7[Cc]|\+|%20)"
"""What stands between the values of a list in a query string."""
LEFT_OUT = (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD, Exposed.LEFT_OUT_BODY)
"""What is hit is who does not send the thing."""


@dataclass(frozen=True, slots=True, order=True)
class Question:
    """One thing to look for: the column that holds it, the pattern that finds it, and the routes where it matters.

    The pattern stands for any of the `names`, with one of the `values` or with a number `beyond` a bound where these
    are given.
    """

    column: str
    pattern: str
    routes: tuple[int, ...]
    names: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    beyond: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """Successes with and without the thing, the last of each (microseconds; `NEVER`), and failures with and without."""

    with_it: int = 0
    without: int = 0
    last_with: int = NEVER
    last_without: int = NEVER
    failed_with: int = 0
    failed_without: int = 0

    def __add__(self, other: "Sight") -> "Sight":
        return Sight(
            self.with_it + other.with_it,
            self.without + other.without,
            max(self.last_with, other.last_with),
            max(self.last_without, other.last_without),
            self.failed_with + other.failed_with,
            self.failed_without + other.failed_without,
        )


def column_of(change: Change, logged: Collection[str]) -> str:
    """The column of the events that shows what a change asks, "" where none does; one that is logged where there is."""
    kind = change.exposure.kind
    if kind in _BODIES:
        return next((column for column in _BODY_COLUMNS if column in logged), _BODY_COLUMNS[0])
    if kind in _FIELDS:
        return _FIELDS[kind]
    if kind in (*_SENT, Exposed.LEFT_OUT_PARAMETER) and change.exposure.location == "query":
        return "query"
    return ""


def has_question(change: Change) -> bool:
    """Whether a change names what could be looked for."""
    return bool(change.exposure.names) or change.exposure.kind in _BODIES


def questions_of(change: Change, routes: Iterable[int], column: str) -> tuple[Question, ...]:
    """What a change asks of a column where it is called: one question, or one for each name that may be left out."""
    exposure = change.exposure
    if not column or not has_question(change):
        return ()
    numbers = tuple(sorted(routes))
    if exposure.kind in _BODIES:
        return (Question(column, _ANY[column], numbers),)
    find = parameter_pattern if column == "query" else _listed
    if exposure.kind in LEFT_OUT:
        return tuple(Question(column, find([name]), numbers, (name,)) for name in exposure.names)
    value = _value(exposure) if exposure.kind is Exposed.SENT_VALUE else ""
    if not value:
        return (Question(column, find(exposure.names), numbers, exposure.names),)
    pattern = parameter_pattern(exposure.names, value)
    return (Question(column, pattern, numbers, exposure.names, exposure.values, exposure.beyond),)


def _value(exposure: Exposure) -> str:
    """A pattern for the values that stop working, "" where nobody knows which they are."""
    if exposure.beyond:
        side, _, bound = exposure.beyond.partition(" ")
        return _above(bound) if side == "above" else _below(bound)
    return any_value(*exposure.values) if exposure.values else ""


def any_value(*values: str) -> str:
    """A pattern for one of some values, however it is written in a query string."""
    forms = sorted({form for value in values for form in forms_of_value(value)})
    return "(?:" + "|".join(map(_escaped, forms)) + ")"


def forms_of_value(value: str) -> tuple[str, ...]:
    """How a value may be written in a query string."""
    return value, quote(value, safe=""), quote_plus(value)


def forms_of_name(name: str) -> tuple[str, ...]:
    """How the name of a parameter may be written in a query string."""
    return name, quote(name, safe=""), quote(name, safe="[]"), quote(name, safe="").lower()


def any_of(names: Iterable[str]) -> str:
    """A pattern for one of the names of parameters, however it is written."""
    written = sorted({form for name in names for form in forms_of_name(name)})
    return "(?:" + "|".join(map(_escaped, written)) + ")"


def _above(bound: str) -> str:
    """A pattern for the numbers above a whole number, as decimals."""
    larger = [
        f"{bound[:place]}[{int(digit) + 1}-9]" + r"\d" * (len(bound) - place - 1)
        for place, digit in enumerate(bound)
        if digit != "9"
    ]
    whole = "|".join([rf"[1-9]\d{{{len(bound)},}}", *larger])
    return rf"0*(?:(?:{whole})(?:\.\d*)?|{bound}\.\d*[1-9]\d*)"


def _below(bound: str) -> str:
    """A pattern for the numbers below a whole number that is not negative."""
    negative = r"-[\d.]*[1-9][\d.]*"
    smaller = [
        f"{bound[:place]}[0-{int(digit) - 1}]" + r"\d" * (len(bound) - place - 1)
        for place, digit in enumerate(bound)
        if digit != "0"
    ]
    if len(bound) > 1:
        smaller.append(rf"\d{{1,{len(bound) - 1}}}")
    return rf"(?:{negative}|0*(?:{'|'.join(smaller)})(?:\.\d*)?)" if smaller else negative


def parameter_pattern(names: Iterable[str], value: str = "") -> str:
    """A pattern (RE2) for a parameter in a query string, with its deep-object forms and percent-encodings.

    `value` is the pattern of the values that are looked for, alone or in a list, "" for any.
    """
    name = any_of(names)
    if not value:
        return rf"(?:^|&){name}(?:=|&|\[|%5[Bb]|$)"
    return rf"(?:^|&){name}(?:\[\]|%5[Bb]%5[Dd])?=(?:[^&]*{BETWEEN})?{value}(?:{BETWEEN}|&|$)"


def _listed(names: Iterable[str]) -> str:
    """A pattern for a dotted field in a list of fields, however the list is written."""
    name = "(?:" + "|".join(_escaped(name) for name in sorted(set(names))) + ")"
    return rf"(?:^|[\s,;|\[\"']){name}(?:$|[\s,;|\]\"'.])"


def _escaped(text: str) -> str:
    return re.sub(r"([^\w])", r"\\\1", text, flags=re.ASCII)
