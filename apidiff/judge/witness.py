"""Finds, for a break in a schema, a small value that worked and fails; a JSON Schema validator checks it on both sides.

It is the check on the rule itself: where a rule says "breaking" and no value can show it, the change says so.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.schema import Place, Reader, View
from apidiff.schema.facets import type_of
from apidiff.schema.samples import BY_TYPE, EXTRA, SAMPLES, STRINGS, Sampler, by_limits, fitted
from apidiff.schema.texts import readings, text_of
from apidiff.schema.validators import Validators
from apidiff.words.changes import Witness
from apidiff.words.direction import REQUEST, RESPONSE, Direction
from apidiff.words.facts import ABSENT, Action, Fact, Subject

NO_VALUE: Final = "no single value shows it: the break is in what callers rely on, not in the set of values"
NOT_FOUND: Final = "no small value was found that shows it"
NOT_SOUGHT: Final = "no value was looked for that shows it: there are too many such changes, of too large values"
MOST_EFFORT: Final = 250_000
"""Fields of values that are made or tried for all changes of a comparison."""
MOST_ERRORS: Final = 1_000
"""Of a schema that may refuse a value for more reasons nobody asks for all of them, each of which holds the schema."""
MOST_BRANCHES: Final = 64
"""So many branches of a union are tried for a value."""


class Finder:
    """Finds witnesses for the breaks of one comparison."""

    def __init__(self, sides: tuple[Side, Side], readers: tuple[Reader, Reader], validators: Validators) -> None:
        self.sides = sides
        self.readers = readers
        self.validators = validators
        self._samplers = {
            (side, bit): Sampler(sides[side], readers[side], bit) for side in (0, 1) for bit in (REQUEST, RESPONSE)
        }
        self._tried = 0

    def find(self, fact: Fact, direction: Direction, ends: tuple[Place, Place], *, is_text: bool = False) -> Witness:
        """The witness of a fact found between two places.

        In a request the value is one that the base accepts and the revision rejects; in a response one that the
        revision allows and the base never sent. With `is_text` it is written as text, and is whatever it reads as.
        """
        bit = REQUEST if direction is Direction.REQUEST else RESPONSE
        giver, taker = (0, 1) if bit == REQUEST else (1, 0)
        gives, takes = ((self._samplers[side, bit], self.readers[side].view(*ends[side])) for side in (giver, taker))
        is_beyond_values = _is_beyond_values(fact, direction, takes[1])
        if is_beyond_values and fact.facet not in ACCESS:
            return Witness(None, NO_VALUE)  # what a search would find is another edit of the same object
        if self._effort > MOST_EFFORT:
            return Witness(None, NO_VALUE if is_beyond_values else NOT_SOUGHT)
        rejects = self.validators.of(taker, ends[taker], bit)
        spare: Any = ABSENT
        keywords = KEYWORDS.get(fact.facet) if len(takes[1].required) <= MOST_ERRORS else None
        for value in self._shown(_candidates(fact, gives, takes), (giver, ends[giver]), rejects, bit, is_text=is_text):
            if _is_refused_for(keywords, rejects, value, is_text=is_text):
                return Witness(value, _note(direction))
            if spare is ABSENT:
                spare = value
        if spare is not ABSENT:  # what another edit of the same place refuses as well
            return Witness(spare, _note(direction))
        return Witness(None, NO_VALUE if is_beyond_values else NOT_FOUND)

    @property
    def _effort(self) -> int:
        """What all the searches took, in fields of values that were made or tried."""
        return self._tried + sum(sampler.made for sampler in self._samplers.values())

    def _shown(
        self, values: Iterator[Any], giver: tuple[int, Place], rejects: Any, bit: int, *, is_text: bool
    ) -> Iterator[Any]:
        """The values that the one side refuses and the other one accepts."""
        allows = _allows_text if is_text else _allows
        for value in values if rejects is not None else ():
            self._tried += len(value) if isinstance(value, (dict, list)) else 1
            try:
                if allows(rejects, value):
                    continue
                # only now: a validator costs more than all that it is asked
                accepts = self.validators.of(*giver, bit)
                if accepts is None:
                    return
                if allows(accepts, value):
                    yield value
            except ValueError:
                continue


KEYWORDS: Final = {
    **{f"{end}imum": frozenset({f"{end}imum", f"exclusive{end.capitalize()}imum"}) for end in ("min", "max")},
    **dict.fromkeys(("enum", "enum-set", "const"), frozenset({"enum", "const"})),
    **{
        f"{end}{what}": frozenset({f"{end}{what}"})
        for end in ("min", "max")
        for what in ("Length", "Items", "Properties", "Contains")
    },
    **{word: frozenset({word}) for word in ("multipleOf", "uniqueItems", "pattern", "format", "type", "required")},
    "contains": frozenset({"contains", "minContains"}),
    "dependentRequired": frozenset({"dependentRequired"}),
    **dict.fromkeys(
        ("additionalProperties", "unevaluatedProperties"), frozenset({"additionalProperties", "unevaluatedProperties"})
    ),
}
"""By which keywords a schema refuses what an edit of a facet forbids; of other facets none is known."""


def _is_refused_for(keywords: frozenset[str] | None, validator: Any, value: Any, *, is_text: bool) -> bool:
    """Whether a value is refused for the one edit alone, and for no other of the same place."""
    if keywords is None:
        return True
    for one in _readings(value) if is_text else (value,):
        errors = list(islice(validator.iter_errors(one), 2))
        if len(errors) == 1 and errors[0].schema_path and errors[0].schema_path[-1] in keywords:
            return True
    return False


def _allows(validator: Any, value: Any) -> bool:
    return bool(validator.is_valid(value))


def _allows_text(validator: Any, value: Any) -> bool:
    """Whether a value is allowed as text, as what that looks like, or as the one item of a list."""
    return any(_allows(validator, one) for one in _readings(value))


def _readings(value: Any) -> Iterator[Any]:
    """What a value may be read as that was written as text."""
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, (str, int, float)) for item in items):
        yield value
        return
    ways = [readings(text_of(item)) for item in items]
    for few in ([few[0] for few in ways], [few[-1] for few in ways]):
        yield few
        yield from few if len(few) == 1 else ()


ACCESS: Final = ("readOnly", "writeOnly")


def _is_beyond_values(fact: Fact, direction: Direction, taker: View) -> bool:
    """Whether no value can show an edit: nobody refuses a property or its lack, and a discriminator refuses nothing."""
    if fact.facet.startswith("discriminator"):
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
        whole = sampler.once(giver)
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
    if fact.facet == "overlap":
        yield from fact.flags["shown"]
    if fact.facet == "nullable":
        yield None
    whole = sampler.once(giver)
    if isinstance(whole, dict):
        yield from _objects(fact, sampler, giver, taker, whole)
    yield from by_limits(giver, taker, whole, sampler)
    for group in giver.groups:
        yield from (sampler.sample(branch) for branch in group.branches[:MOST_BRANCHES])
    yield whole
    yield from BY_TYPE.values()
    if type_of(whole) == "string":
        yield from STRINGS
        yield from SAMPLES.values()
        yield from (fitted(text, taker) for text in STRINGS)


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
