"""Finds, for a break in a schema, a small value that worked and fails; a JSON Schema validator checks it on both sides.

It is the check on the rule itself: where a rule says "breaking" and no value can show it, the change says so.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from apidiff.changes import Witness
from apidiff.facets import type_of
from apidiff.facts import ABSENT, Action, Direction, Fact, Subject
from apidiff.graph import REQUEST, RESPONSE
from apidiff.jsonschema import Translator
from apidiff.resolve import Side
from apidiff.schema import Place, Reader, View

NO_VALUE: Final = "no single value shows it: the break is in what callers rely on, not in the set of values"
NOT_FOUND: Final = "no small value was found that shows it"
DEEPEST: Final = 6
STRINGS: Final = (
    "",
    "a",
    "A",
    "0",
    "1",
    "abc",
    "a-b",
    "~",
    "x" * 40,
    "a@b.example",
    "https://a.example/",
    "2024-02-29",
)
SAMPLES: Final = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@b.example",
    "idn-email": "a@b.example",
    "hostname": "a.example",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://a.example/",
    "uri-reference": "/a",
    "iri": "https://a.example/",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "json-pointer": "/a",
    "regex": "a",
    "byte": "YQ==",
}
BY_TYPE: Final[dict[str, Any]] = {
    "null": None,
    "boolean": True,
    "integer": 1,
    "number": 0.5,
    "string": "a",
    "array": [],
    "object": {},
}
EXTRA: Final = "undeclared"


class Sampler:
    """Makes small values that one side's schemas allow, as far as it can."""

    def __init__(self, side: Side, reader: Reader, direction: int) -> None:
        self.side = side
        self.reader = reader
        self.hidden = "read_only" if direction == REQUEST else "write_only"

    def sample(self, place: Place, depth: int = 0) -> Any:
        """One small value of a schema; not surely valid, the validator decides."""
        node, pointer = self.side.deref(*place) if isinstance(place[0], dict) and len(place[0]) == 1 else place
        return self.value(self.reader.view(node, pointer), depth)

    def value(self, view: View, depth: int = 0) -> Any:
        """One small value of a view."""
        if view.enum:
            return next(iter(view.enum.values()))[0]
        if view.groups and (view.types is None or "object" in view.types):
            branch = self.sample(view.groups[0].branches[0], depth + 1)
            if not isinstance(branch, dict):
                return branch
            return {**self.object(view, depth), **branch}
        kind = self._kind(view)
        if kind == "object":
            return self.object(view, depth)
        if kind == "array":
            return self._array(view, depth)
        if kind == "string":
            return self._string(view)
        if kind in ("integer", "number"):
            return self._number(view, whole=kind == "integer")
        return BY_TYPE[kind]

    def _kind(self, view: View) -> str:
        if view.types is None:
            if view.properties or view.required:
                return "object"
            return "array" if "items" in view.subschemas else "string"
        order = ("object", "array", "string", "integer", "number", "boolean")
        return next((kind for kind in order if kind in view.types), "null")

    def object(self, view: View, depth: int = 0) -> dict[str, Any]:
        """One small object of a view: what it requires."""
        made: dict[str, Any] = {}
        if depth > DEEPEST:
            return made
        for name in view.required:
            places = view.properties.get(name)
            if places is None:
                made[name] = "a"
                continue
            place = self.reader.both(places)
            if getattr(self.reader.view(*self.side.deref(*place)), self.hidden) is None:
                made[name] = self.sample(place, depth + 1)
        return made

    def _array(self, view: View, depth: int) -> list[Any]:
        least = view.values.get("minItems", (0,))[0]
        items = view.subschemas.get("items")
        if depth > DEEPEST or not least:
            return []
        one = self.sample(self.reader.both(items), depth + 1) if items else 1
        return [one] * min(int(least), 50)

    def _string(self, view: View) -> str:
        text = SAMPLES.get(view.values.get("format", ("",))[0], "a")
        least = view.values.get("minLength", (0,))[0]
        return text if len(text) >= least else text + "a" * (min(int(least), 10_000) - len(text))

    def _number(self, view: View, *, whole: bool) -> Any:
        low, high = view.values.get("minimum"), view.values.get("maximum")
        number: Any = 1
        if low is not None and number <= low[0][0]:
            number = low[0][0] + 1 if low[0][1] else low[0][0]
        if high is not None and number > high[0][0]:
            number = high[0][0] - 1 if high[0][1] else high[0][0]
        step = view.values.get("multipleOf")
        if step is not None and number % step[0]:
            number = (number // step[0] + 1) * step[0]
        return number if whole or number != 1 else 0.5 if low is None and high is None and step is None else number


class Finder:
    """Finds witnesses for the breaks of one comparison; validators are made once for each pair of places."""

    def __init__(self, sides: tuple[Side, Side], readers: tuple[Reader, Reader]) -> None:
        self.sides = sides
        self.readers = readers
        self._translators = {
            (side, bit): Translator(sides[side], bit) for side in (0, 1) for bit in (REQUEST, RESPONSE)
        }
        self._validators: dict[tuple[int, int, int], Any] = {}
        self._compiled: dict[bytes, Any] = {}

    def find(self, fact: Fact, direction: Direction, ends: tuple[Place, Place]) -> Witness:
        """The witness of a fact found between two places.

        In a request the value is one that the base accepts and the revision rejects; in a response one that the
        revision allows and the base never sent.
        """
        bit = REQUEST if direction is Direction.REQUEST else RESPONSE
        giver, taker = (0, 1) if bit == REQUEST else (1, 0)
        gives, takes = (
            (Sampler(self.sides[side], self.readers[side], bit), self.readers[side].view(*ends[side]))
            for side in (giver, taker)
        )
        is_beyond_values = _is_beyond_values(fact, direction, takes[1])
        if is_beyond_values and fact.facet not in ACCESS:
            return Witness(None, NO_VALUE)  # what a search would find is another edit of the same object
        rejects = self._validator(taker, ends[taker], bit)
        for value in _candidates(fact, gives, takes) if rejects is not None else ():
            try:
                if rejects.is_valid(value):
                    continue
                # only now: a validator costs more than all that it is asked
                accepts = self._validator(giver, ends[giver], bit)
                if accepts is None:
                    break
                if accepts.is_valid(value):
                    return Witness(value, _note(direction))
            except ValueError:
                continue
        return Witness(None, NO_VALUE if is_beyond_values else NOT_FOUND)

    def _validator(self, side: int, place: Place, bit: int) -> Any:
        key = (side, id(place[0]), bit)
        if key not in self._validators:
            schema = self._translators[(side, bit)].schema(place)
            try:
                written = orjson.dumps(schema)
            except TypeError:  # numbers past 64 bits
                self._validators[key] = _compile(schema)
            else:
                if written not in self._compiled:  # many places say no more than `type: string`
                    self._compiled[written] = _compile(schema)
                self._validators[key] = self._compiled[written]
        return self._validators[key]


def _compile(schema: Any) -> Any:
    """A validator, None where a pattern or a reference is one that it refuses."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return None


ACCESS: Final = ("readOnly", "writeOnly")


def _is_beyond_values(fact: Fact, direction: Direction, taker: View) -> bool:
    """Whether no value can show an edit: nobody refuses a property or its lack, and a discriminator refuses nothing."""
    if fact.facet in ("discriminator", "discriminator-mapping"):
        return True
    if fact.subject is not Subject.PROPERTY or fact.facet not in ("presence", *ACCESS):
        return False
    heirs = fact.after if isinstance(fact.after, list) else [fact.after]
    is_missed = taker.required.keys() & {fact.own_name, *(heirs if fact.action is Action.RENAMED else ())}
    where = Direction.RESPONSE if fact.action is Action.ADDED else Direction.REQUEST
    is_refused = fact.flags.get("closed") and direction is where
    return not (is_missed or is_refused)


def _note(direction: Direction) -> str:
    if direction is Direction.REQUEST:
        return "the base accepts this value, the revision rejects it"
    return "the revision may send this value, the base never did"


def _candidates(fact: Fact, gives: tuple[Sampler, View], takes: tuple[Sampler, View]) -> Iterator[Any]:
    """Values worth a try, likeliest first: those that the fact itself names, then what each side's limits suggest."""
    (sampler, giver), (other, taker) = gives, takes
    if fact.subject is Subject.PROPERTY:
        whole = sampler.value(giver)
        whole = whole if isinstance(whole, dict) else sampler.object(giver)
        # what both sides ask for, so that nothing else is amiss
        both = {**other.object(taker), **whole}
        yield {key: value for key, value in both.items() if key != fact.own_name}
        yield from _objects(fact, sampler, giver, taker, whole)
        return
    if fact.facet in ("enum", "enum-set", "const", "extensible-enum"):
        for listed in (fact.before, fact.after):
            yield from listed if isinstance(listed, list) else [] if listed is ABSENT else [listed]
    if fact.facet == "enum-set" and taker.enum:
        numbers = [value for value, _ in taker.enum.values() if type_of(value) in ("integer", "number")]
        yield from (max(numbers) + 1, min(numbers) - 1) if numbers else ()
    if fact.facet == "nullable":
        yield None
    whole = sampler.value(giver)
    if isinstance(whole, dict):
        yield from _objects(fact, sampler, giver, taker, whole)
    yield from _by_limits(giver, taker, whole, sampler)
    for group in giver.groups:
        yield from (sampler.sample(branch) for branch in group.branches)
    yield whole
    yield from BY_TYPE.values()
    if type_of(whole) == "string":
        yield from STRINGS
        yield from SAMPLES.values()


def _objects(fact: Fact, sampler: Sampler, giver: View, taker: View, whole: dict[str, Any]) -> Iterator[Any]:
    name = fact.item if fact.facet == "patternProperties" else fact.own_name
    yield {key: value for key, value in whole.items() if key != name}
    if name in giver.properties:
        one = sampler.sample(sampler.reader.both(giver.properties[name]))
        yield {**whole, name: one}
        yield {name: one}
    if name in taker.properties and fact.facet != "presence":
        yield {**whole, name: None}
        yield {**whole, name: []}
    yield {**whole, EXTRA: 1}
    yield {**whole, EXTRA: "a"}
    for bound in (giver, taker):
        for keyword in ("minProperties", "maxProperties"):
            if keyword in bound.values:
                count = int(bound.values[keyword][0])
                for size in (count - 1, count, count + 1):
                    extra = {f"{EXTRA}{index}": 1 for index in range(min(size, 200) - len(whole))}
                    yield {**whole, **extra}


def _by_limits(giver: View, taker: View, whole: Any, sampler: Sampler) -> Iterator[Any]:
    """Values just inside and just outside each bound of either side."""
    for view in (taker, giver):
        for keyword in ("minLength", "maxLength", "minItems", "maxItems"):
            if keyword in view.values:
                count = int(view.values[keyword][0])
                for size in (count - 1, count + 1, count):
                    if 0 <= size <= 100_000:
                        yield "a" * size if keyword.endswith("Length") else _items(giver, sampler, size)
        for keyword in ("minimum", "maximum"):
            if keyword in view.values:
                bound = view.values[keyword][0][0]
                yield from (bound, bound - 1, bound + 1, bound + 0.5, bound - 0.5)
        if "multipleOf" in view.values:
            step = view.values["multipleOf"][0]
            yield from (step, step * 2, step * 3, step + 1)
    if "uniqueItems" in taker.values:
        yield _items(giver, sampler, 1) * 2
    if isinstance(whole, list):
        yield from ([value] for value in BY_TYPE.values())


def _items(view: View, sampler: Sampler, size: int) -> list[Any]:
    items = view.subschemas.get("items")
    one = sampler.sample(sampler.reader.both(items)) if items else 1
    if "uniqueItems" in view.values:
        return [index if isinstance(one, int) else f"{one}{index}" for index in range(size)]
    return [one] * size
