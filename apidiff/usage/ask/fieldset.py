"""Response fields that callers name themselves: `fields=`, `$select=`, `expand[]=`, `include=`, where the spec has one.

Who asks for a field by name is hit by its change; who always asks for other fields alone is not. What expands an answer
only ever proves the first.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.cube.value import NEVER
from apidiff.usage.route import Routes
from apidiff.words.changes import Change, Exposed, OperationEntry
from apidiff.words.operation import OperationId

NARROWING: Final = frozenset({"fields", "field", "_fields", "fieldset", "fieldsets", "select", "$select"})
"""Query parameters that leave out every field that they do not name (JSON:API, OData, Google, Facebook)."""
WIDENING: Final = frozenset({"expand", "$expand", "include", "includes", "embed", "_embed"})
"""Those that bring what an answer has not without them (Stripe, OData, JSON:API)."""
ENVELOPE: Final = frozenset({"data", "items", "results", "result", "value", "values", "records", "list", "entries"})
"""What lists are wrapped in, which nobody writes when naming a field of theirs."""
_PLAIN: Final = r"(?:,|%2[Cc]|;|%3[Bb]|\||%7[Cc]|\+|%20)"
_ANY: Final = r"(?:,|%2[Cc]|;|%3[Bb]|\||%7[Cc]|\+|%20|[./():]|%2[8Ff9]|%3[Aa])"

MOST: Final = 96
"""So many questions about fields at most: each looks through the rows of its routes, and there may be hundreds."""

Parameters = Mapping[OperationId, frozenset[str]]
"""The query parameters of each operation by which callers name fields; operations without any are not there."""


@dataclass(frozen=True, slots=True)
class Fieldset:
    """The questions about a field: who names it, and where answers can be narrowed, who narrows them, and who to it."""

    named: Question
    narrowed: Question | None
    reached: Question | None

    @property
    def questions(self) -> tuple[Question, ...]:
        """All of them."""
        return tuple(one for one in (self.named, self.narrowed, self.reached) if one is not None)

    def within(self, numbers: Collection[int]) -> "Fieldset | None":
        """The same on some of the routes, None where it is about none of them."""

        def kept(question: Question | None) -> Question | None:
            routes = tuple(number for number in question.routes if number in numbers) if question else ()
            return replace(question, routes=routes) if question and routes else None

        named = kept(self.named)
        return Fieldset(named, kept(self.narrowed), kept(self.reached)) if named else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Successes that name the field, the last of them (microseconds), and those that name others alone."""

    hits: int = 0
    last: int = NEVER
    spared: int = 0


@dataclass(frozen=True, slots=True)
class Naming:
    """The parameters by which callers name fields: of each operation, and of each route in the order of their numbers.

    Operations and routes without any are not there.
    """

    of_operation: Parameters
    of_route: Mapping[int, frozenset[str]]


def parameters_of(operations: Iterable[OperationEntry]) -> Parameters:
    """The parameters by which callers of each operation name fields."""
    found = {
        one.id: frozenset(
            name for location, name in one.parameters if location == "query" and _stem(name) in NARROWING | WIDENING
        )
        for one in operations
    }
    return {name: parameters for name, parameters in found.items() if parameters}


def can_narrow(operations: Iterable[OperationId], known: Parameters) -> str:
    """The parameter by which callers of every one of these operations name the fields that they want, or ""."""
    found = set()
    for one in operations:
        names = NARROWING.intersection(map(_stem, known.get(one, ())))
        if not names:
            return ""
        found.add(min(names))
    return min(found, default="")


def naming_of(routes: Routes, known: Parameters) -> Naming:
    """By what the callers of the operations and of their routes name fields."""
    found = {
        number: frozenset[str]().union(*(known[one] for one in operations if one in known))
        for number, operations in sorted(routes.by_number.items())
    }
    return Naming(known, {number: names for number, names in found.items() if names})


def fieldset_of(change: Change, numbers: Collection[int], naming: Naming) -> Fieldset | None:
    """What is asked about the field of a change; None where no operation that it reaches lets callers name fields."""
    if change.exposure.kind is not Exposed.RECEIVED_FIELD or not change.exposure.names:
        return None
    by_route = {number: names for number, names in naming.of_route.items() if number in numbers}
    if not by_route:
        return None
    paths = [_segments(name) for name in change.exposure.names]
    every = sorted({_stem(name) for names in by_route.values() for name in names})
    named = Question("query", _sent(every, _own(paths)), tuple(by_route), tuple(every))
    narrow = sorted(NARROWING.intersection(every))
    narrowing = tuple(number for number, names in by_route.items() if NARROWING & {_stem(name) for name in names})
    if not narrowing:
        return Fieldset(named, None, None)
    segments = sorted({segment for path in paths for segment in path})
    reached = _sent(narrow, rf"(?:{'|'.join(map(_escaped, segments))}|\*|%2[Aa]|all)", around=_ANY)
    return Fieldset(named, Question("query", _sent(narrow, ""), narrowing), Question("query", reached, narrowing))


def any_of(fieldsets: Iterable[Fieldset], known: Parameters) -> Question | None:
    """Whether anybody names fields at all, which is asked before anything of a field; None without fieldsets."""
    numbers = sorted({number for one in fieldsets for number in one.named.routes})
    names = sorted({_stem(name) for parameters in known.values() for name in parameters})
    return Question("query", _sent(names, ""), tuple(numbers)) if numbers else None


def wanted_of(
    fieldset: Fieldset,
    owner: int,
    routes: Iterable[int],
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
) -> Wanted:
    """What an owner asks for on the routes."""

    def total(question: Question | None) -> Sight:
        seen = sights[question] if question else {}
        return sum((seen[owner, route] for route in routes if (owner, route) in seen), Sight())

    named = total(fieldset.named)
    spared = total(fieldset.narrowed).with_it - total(fieldset.reached).with_it
    return Wanted(named.with_it, named.last_with, spared)


def _stem(name: str) -> str:
    """The name of a parameter without its brackets: `expand[]`, `fields[articles]`."""
    return name.partition("[")[0].lower()


def _segments(path: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"\.|\[[^\]]*\]", path) if part)


def _own(paths: Iterable[tuple[str, ...]]) -> str:
    """A pattern for a field by its path, with or without what lists are wrapped in."""
    wanted = set()
    for path in paths:
        bare = path
        while len(bare) > 1 and bare[0] in ENVELOPE:
            bare = bare[1:]
        wanted |= {path, bare}
    return "(?:" + "|".join(r"(?:[./]|%2[Ff])".join(map(_escaped, path)) for path in sorted(wanted)) + ")"


def _sent(names: Iterable[str], value: str, *, around: str = _PLAIN) -> str:
    """A pattern (RE2) for a query string with one of the parameters, and in its list the value, "" for any."""
    forms = sorted({form for name in names for form in (name, quote(name, safe=""))})
    name = "(?:" + "|".join(map(_escaped, forms)) + ")"
    start = rf"(?:^|&){name}(?:\[[^\]&=]*\]|%5[Bb][^&=]*)*="
    after = rf"(?:{_ANY}|&|$)"
    return rf"{start}(?:[^&]*{around})?{value}{after}" if value else rf"{start}[^&]"


def _escaped(text: str) -> str:
    return re.sub(r"([^\w])", r"\\\1", text, flags=re.ASCII)
