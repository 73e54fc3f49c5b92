"""Rules on the bounds of numbers, strings, arrays and objects: one row of a table makes one rule.

A request may only allow more and a response may only allow less, whichever bound moves; a bound that comes or goes
moves from or to no limit.
"""

from typing import NamedTuple

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    keep_limit,
    received,
    sent,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Action, Subject


class Bound(NamedTuple):
    """A keyword, what it bounds in words, the schema around it, and a lower and a higher value of it."""

    facet: str
    kebab: str
    words: str
    schema: str
    low: str
    high: str
    is_upper: bool


BOUNDS = (
    Bound("minimum", "minimum", "the minimum", "type: number", "1", "10", is_upper=False),
    Bound("maximum", "maximum", "the maximum", "type: number", "1", "10", is_upper=True),
    Bound("minLength", "min-length", "the minimum length", "type: string", "1", "10", is_upper=False),
    Bound("maxLength", "max-length", "the maximum length", "type: string", "1", "10", is_upper=True),
    Bound("minItems", "min-items", "the minimum number of items", "type: array", "1", "10", is_upper=False),
    Bound("maxItems", "max-items", "the maximum number of items", "type: array", "1", "10", is_upper=True),
    Bound(
        "minProperties", "min-properties", "the minimum number of properties", "type: object", "1", "5", is_upper=False
    ),
    Bound(
        "maxProperties", "max-properties", "the maximum number of properties", "type: object", "1", "5", is_upper=True
    ),
    Bound(
        "minContains",
        "min-contains",
        "the minimum number of matching items",
        "type: array, contains: {const: a}",
        "1",
        "3",
        is_upper=False,
    ),
    Bound(
        "maxContains",
        "max-contains",
        "the maximum number of matching items",
        "type: array, contains: {const: a}",
        "1",
        "3",
        is_upper=True,
    ),
)


def _with(bound: Bound, value: str) -> str:
    """The bound's schema with this value, or without the keyword where it is empty."""
    return f"{{{bound.schema}, {bound.facet}: {value}}}" if value else f"{{{bound.schema}}}"


def _rule(bound: Bound, action: Action) -> Rule:
    """The rule of one bound that moves one way."""
    tightens = action is Action.TIGHTENED
    falls = tightens is bound.is_upper
    strict, loose = (bound.low, bound.high) if bound.is_upper else (bound.high, bound.low)
    before, after = (loose, strict) if tightens else (strict, loose)
    make = sent if tightens else received
    moved = "decreased" if falls else "increased"
    refused = "What was sent beyond the new limit, and worked, is refused."
    beyond = "Clients that check responses, or size their storage by the old limit, fail on what is beyond it."
    return Rule(
        id=f"{bound.kebab}-{moved}",
        subject=Subject.SCHEMA,
        facets=(bound.facet,),
        actions=(action,),
        request=BREAKING if tightens else ADDITIVE,
        response=ADDITIVE if tightens else DANGEROUS,
        strict=None if tightens else BREAKING,
        title=f"{{direction}} `{{name}}` of {{owner}}: {bound.words} {{moved}}",
        why=refused if tightens else beyond,
        instead=keep_limit("Leave the limit as it was."),
        effort=Effort.CODE,
        exposed_by=Exposed.SENT_VALUE if tightens else Exposed.RECEIVED_RESPONSE,
        example=make(_with(bound, before), _with(bound, after)),
        near_miss=make(_with(bound, after), _with(bound, before)),
    )


MULTIPLES = (
    Rule(
        id="multiple-of-tightened",
        subject=Subject.SCHEMA,
        facets=("multipleOf",),
        actions=(Action.TIGHTENED,),
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} must be a multiple of {after}: {before} before",
        why="Numbers between the multiples worked and are refused.",
        instead=keep_limit("Leave the step as it was."),
        exposed_by=Exposed.SENT_VALUE,
        example=sent("{type: integer, multipleOf: 5}", "{type: integer, multipleOf: 10}"),
        near_miss=sent("{type: integer}", "{type: integer, multipleOf: 1}"),
    ),
    Rule(
        id="multiple-of-loosened",
        subject=Subject.SCHEMA,
        facets=("multipleOf",),
        actions=(Action.LOOSENED,),
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        title="{direction} `{name}` of {owner} need no longer be a multiple of {before}: {after} now",
        why="Clients that count in the old steps get numbers between them.",
        instead=keep_limit("Leave the step as it was."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received("{type: integer, multipleOf: 10}", "{type: integer, multipleOf: 5}"),
        near_miss=received("{type: integer, multipleOf: 5}", "{type: integer, multipleOf: 10}"),
    ),
    Rule(
        id="multiple-of-replaced",
        subject=Subject.SCHEMA,
        facets=("multipleOf",),
        actions=(Action.REPLACED,),
        request=BREAKING,
        response=DANGEROUS,
        strict=BREAKING,
        title="{direction} `{name}` of {owner} must be a multiple of {after}, no longer of {before}",
        to_callers="Numbers in the old steps worked and are refused.",
        to_readers="Numbers in the new steps come, which nobody expects.",
        instead=keep_limit("Leave the step as it was."),
        exposed_by=Exposed.SENT_VALUE,
        example=sent("{type: integer, multipleOf: 4}", "{type: integer, multipleOf: 6}"),
        near_miss=sent("{type: integer, multipleOf: 4}", "{type: integer, multipleOf: 2}"),
    ),
)

RULES = (
    *(_rule(bound, action) for bound in BOUNDS for action in (Action.TIGHTENED, Action.LOOSENED)),
    *MULTIPLES,
)
