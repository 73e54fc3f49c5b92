"""Rules on schemas that are put together from others: oneOf, anyOf, allOf, not, if, discriminators.

Keywords that apply a schema to some of an object's properties stand here too.
"""

from typing import NamedTuple

from apidiff.changes import Effort, Exposed
from apidiff.facts import Action, Subject
from apidiff.rules.rule import Example, Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    LOOSENED,
    REMOVED,
    REPLACED,
    TIGHTENED,
    accept_both,
    add_beside,
    keep_and_deprecate,
    keep_limit,
    keep_value,
    received,
    sent,
)

CAT = "{type: object, required: [meow], properties: {meow: {type: boolean}}}"
DOG = "{type: object, required: [bark], properties: {bark: {type: boolean}}}"
BIRD = "{type: object, required: [sing], properties: {sing: {type: boolean}}}"
ONE_OF = ("oneOf", "anyOf")

BRANCHES = (
    Rule(
        id="composition-set",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=TIGHTENED,
        where={"set": True},
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} must now match one of {after}",
        why="Values that match none of them worked and are refused.",
        instead=accept_both("Go on accepting what was accepted."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent("{type: object}", f"{{type: object, oneOf: [{CAT}, {DOG}]}}"),
        near_miss=sent("{type: string}", "{oneOf: [{type: string}]}"),
    ),
    Rule(
        id="composition-unset",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=LOOSENED,
        where={"unset": True},
        request=ADDITIVE,
        response=BREAKING,
        title="{direction} `{name}` of {owner} need no longer match one of {before}",
        why="Clients that tell the forms apart get something that is none of them.",
        instead=keep_limit("Go on sending only the forms that there were."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received(f"{{type: object, oneOf: [{CAT}, {DOG}]}}", "{type: object}"),
        near_miss=received("{oneOf: [{type: string}]}", "{type: string}"),
    ),
    Rule(
        id="value-became-one-of",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=LOOSENED,
        where={"set": True},
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        title="{direction} `{name}` of {owner} may now have other forms beside the one it had: {after}",
        why="Clients that know only the old form fail on, or skip, the new ones.",
        instead=add_beside("Send the new forms only to callers who ask for them."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received("{type: string}", "{oneOf: [{type: string}, {type: integer}]}"),
        near_miss=received("{type: string}", "{oneOf: [{type: string}]}"),
    ),
    Rule(
        id="one-of-became-value",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=TIGHTENED,
        where={"unset": True},
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} must have one form, where it could have one of {before}",
        why="The other forms worked and are refused.",
        instead=accept_both("Go on accepting the other forms."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent("{oneOf: [{type: string}, {type: integer}]}", "{type: string}"),
        near_miss=sent("{oneOf: [{type: string}]}", "{type: string}"),
    ),
    Rule(
        id="branch-removed",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=(*TIGHTENED, *REMOVED),
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} may no longer be `{item}`",
        why="Values of that form worked and are refused.",
        instead=keep_and_deprecate("Go on accepting `{item}`, and mark it deprecated."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent(f"{{oneOf: [{CAT}, {DOG}, {BIRD}]}}", f"{{oneOf: [{CAT}, {DOG}]}}"),
        near_miss=sent(f"{{oneOf: [{CAT}, {DOG}]}}", f"{{oneOf: [{DOG}, {CAT}]}}"),
    ),
    Rule(
        id="branch-added",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=(*LOOSENED, *ADDED),
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        title="{direction} `{name}` of {owner} may now also be `{item}`",
        why="Clients that know only the old forms fail on, or skip, the new one.",
        instead=add_beside("Send `{item}` only to callers who ask for it."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received(f"{{oneOf: [{CAT}, {DOG}]}}", f"{{oneOf: [{CAT}, {DOG}, {BIRD}]}}"),
        near_miss=received(f"{{oneOf: [{CAT}, {DOG}]}}", f"{{oneOf: [{DOG}, {CAT}]}}"),
    ),
    Rule(
        id="branches-replaced",
        subject=Subject.SCHEMA,
        facets=ONE_OF,
        actions=REPLACED,
        request=BREAKING,
        response=BREAKING,
        title="the forms that {direction} `{name}` of {owner} may have changed: {before} became {after}",
        why="Some forms that worked are refused, and some that nobody knows may come.",
        instead=accept_both("Allow the old forms beside the new ones."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent("{anyOf: [{type: string}, {type: integer}]}", "{anyOf: [{type: boolean}, {type: array}]}"),
        near_miss=sent("{oneOf: [{type: string}, {type: integer}]}", "{anyOf: [{type: integer}, {type: string}]}"),
    ),
)


class Keyword(NamedTuple):
    """A keyword that demands something, in words; schemas without it, with it, and with another demand."""

    facet: str
    kebab: str
    words: str
    loose: str
    tight: str
    other: str
    near: Example


KEYWORDS = (
    Keyword(
        "allOf",
        "all-of",
        "the schemas that it must match all together",
        "{type: string}",
        "{allOf: [{type: string, pattern: '^a'}, {pattern: 'b$'}]}",
        "{allOf: [{type: string, pattern: '^b'}, {pattern: 'a$'}]}",
        sent("{type: string}", "{allOf: [{type: string}]}"),
    ),
    Keyword(
        "not",
        "not",
        "the schema that it must not match",
        "{type: string}",
        "{type: string, not: {const: a}}",
        "{type: string, not: {const: b}}",
        sent("{type: string, not: {const: a}}", "{type: string, not: {enum: [a]}}"),
    ),
    Keyword(
        "propertyNames",
        "property-names",
        "the names of its properties",
        "{type: object}",
        "{type: object, propertyNames: {pattern: '^[a-z]+$'}}",
        "{type: object, propertyNames: {pattern: '^[0-9]+$'}}",
        sent("{type: object, propertyNames: {}}", "{type: object}"),
    ),
    Keyword(
        "patternProperties",
        "pattern-properties",
        "the properties that match a pattern",
        "{type: object}",
        "{type: object, patternProperties: {'^x': {type: string}}}",
        "{type: object, patternProperties: {'^y': {type: string}}}",
        sent("{type: object, patternProperties: {'^x': {}}}", "{type: object}"),
    ),
    Keyword(
        "dependentRequired",
        "dependent-required",
        "the properties that one property asks for",
        "{type: object}",
        "{type: object, dependentRequired: {card: [address]}}",
        "{type: object, dependentRequired: {card: [phone]}}",
        sent("{type: object, dependentRequired: {card: []}}", "{type: object}"),
    ),
    Keyword(
        "dependentSchemas",
        "dependent-schemas",
        "what one property asks of the others",
        "{type: object}",
        "{type: object, dependentSchemas: {card: {required: [address]}}}",
        "{type: object, dependentSchemas: {card: {required: [phone]}}}",
        sent("{type: object, dependentSchemas: {card: {}}}", "{type: object}"),
    ),
    Keyword(
        "if",
        "condition",
        "what it must be under a condition",
        "{type: object}",
        "{type: object, if: {required: [card]}, then: {required: [address]}}",
        "{type: object, if: {required: [card]}, then: {required: [phone]}}",
        sent("{type: object, if: {required: [card]}}", "{type: object}"),
    ),
)


def _keyword(row: Keyword, action: Action) -> Rule:
    """The rule of one keyword that demands more, less, or something else."""
    tightens, loosens = action is Action.TIGHTENED, action is Action.LOOSENED
    verb = "tightened" if tightens else "loosened" if loosens else "changed"
    said = {
        Action.TIGHTENED: "What was sent, and worked, may be refused.",
        Action.LOOSENED: "Clients that check responses against the old spec may refuse what now comes.",
        Action.REPLACED: "Some of what was sent is refused, and something that nobody expects may come.",
    }
    fragments = {
        Action.TIGHTENED: sent(row.loose, row.tight),
        Action.LOOSENED: received(row.tight, row.loose),
        Action.REPLACED: sent(row.tight, row.other),
    }
    return Rule(
        id=f"{row.kebab}-{verb}",
        subject=Subject.SCHEMA,
        facets=(row.facet,),
        actions=(action,),
        request=ADDITIVE if loosens else BREAKING,
        response=ADDITIVE if tightens else DANGEROUS,
        strict=None if tightens else BREAKING,
        title=f"{row.words} ({{direction}} `{{name}}` of {{owner}}): {verb}",
        why=said[action],
        instead=accept_both("Go on accepting and sending what was allowed before."),
        effort=Effort.CODE,
        exposed_by=Exposed.RECEIVED_RESPONSE if loosens else Exposed.SENT_FIELD,
        example=fragments[action],
        near_miss=row.near,
    )


PET = "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]%s}"


def _pets(discriminator: str) -> str:
    """A document whose one answer is a cat or a dog, told apart by this discriminator ("" for none)."""
    said = f", discriminator: {{{discriminator}}}" if discriminator else ""
    kinds = "required: [kind, type], properties: {kind: {type: string}, type: {type: string}, %s: {type: boolean}}"
    return (
        "{components: {schemas: {"
        f"Pet: {PET % said}, "
        f"Cat: {{type: object, {kinds % 'meow'}}}, "
        f"Dog: {{type: object, {kinds % 'bark'}}}}}}}}}"
    )


def _components(before: str, after: str) -> Example:
    """Two documents whose one answer is the component `Pet`."""
    document = "{paths: {/pet: {get: {responses: {'200': {description: OK, content: {application/json: "
    document += "{schema: {$ref: '#/components/schemas/Pet'}}}}}}}}, "
    return Example("document", document + before.removeprefix("{"), document + after.removeprefix("{"))


KIND = "propertyName: kind"
CATS = "propertyName: kind, mapping: {cat: '#/components/schemas/Cat'}"
CATS_DOGS = "propertyName: kind, mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}"
SWAPPED = "propertyName: kind, mapping: {cat: '#/components/schemas/Dog'}"

DISCRIMINATORS = (
    Rule(
        id="discriminator-property-changed",
        subject=Subject.SCHEMA,
        facets=("discriminator",),
        actions=REPLACED,
        request=BREAKING,
        response=BREAKING,
        title="the forms of {direction} `{name}` of {owner} are told apart by {after}, no longer by {before}",
        why="Typed clients pick the class by that property. They pick none, or the wrong one.",
        instead=keep_value("Keep {before} in every form, and go on telling them apart by it."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(KIND), _pets("propertyName: type")),
        near_miss=_components(_pets(""), _pets(KIND)),
    ),
    Rule(
        id="discriminator-added",
        subject=Subject.SCHEMA,
        facets=("discriminator",),
        actions=ADDED,
        request=DANGEROUS,
        response=DANGEROUS,
        title="the forms of {direction} `{name}` of {owner} are now told apart by {after}",
        why="The values may stay the same. Generated clients pick the class by that property from now on, "
        "and fail where it is missing.",
        instead=keep_value("Send {after} in every form before saying that it tells them apart."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(""), _pets(KIND)),
        near_miss=_components(_pets(KIND), _pets(CATS)),
    ),
    Rule(
        id="discriminator-removed",
        subject=Subject.SCHEMA,
        facets=("discriminator",),
        actions=REMOVED,
        request=DANGEROUS,
        response=DANGEROUS,
        title="the forms of {direction} `{name}` of {owner} are no longer told apart by {before}",
        why="The values may stay the same. Generated clients can no longer pick the class.",
        instead=keep_value("Keep the discriminator {before}."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(KIND), _pets("")),
        near_miss=_components(_pets(CATS), _pets(KIND)),
    ),
    Rule(
        id="discriminator-value-added",
        subject=Subject.SCHEMA,
        facets=("discriminator-mapping",),
        actions=ADDED,
        request=ADDITIVE,
        response=DANGEROUS,
        title="the value `{item}` now stands for a form of {direction} `{name}` of {owner}",
        why="Typed clients that do not know the value can't pick a class for it.",
        instead=add_beside("Send `{item}` only to callers who ask for it."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(CATS), _pets(CATS_DOGS)),
        near_miss=_components(_pets(CATS_DOGS), _pets(CATS)),
    ),
    Rule(
        id="discriminator-value-removed",
        subject=Subject.SCHEMA,
        facets=("discriminator-mapping",),
        actions=REMOVED,
        request=BREAKING,
        response=BREAKING,
        title="the value `{item}` no longer stands for a form of {direction} `{name}` of {owner}",
        why="Typed clients pick the class by that value. What callers send with it is taken for nothing or refused.",
        instead=keep_value("Go on accepting `{item}`."),
        exposed_by=Exposed.SENT_VALUE,
        example=_components(_pets(CATS_DOGS), _pets(CATS)),
        near_miss=_components(_pets(CATS), _pets(CATS_DOGS)),
    ),
    Rule(
        id="discriminator-value-changed",
        subject=Subject.SCHEMA,
        facets=("discriminator-mapping",),
        actions=REPLACED,
        request=BREAKING,
        response=BREAKING,
        title="the value `{item}` stands for another form of {direction} `{name}` of {owner}: {before} became {after}",
        why="Typed clients pick the class by that value, and now pick the wrong one.",
        instead=add_beside("Leave `{item}` as it is, and give the other form a value of its own."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(CATS), _pets(SWAPPED)),
        near_miss=_components(_pets(CATS), _pets(CATS_DOGS)),
    ),
)

RULES = (
    *BRANCHES,
    *(_keyword(row, action) for row in KEYWORDS for action in (Action.TIGHTENED, Action.LOOSENED, Action.REPLACED)),
    *DISCRIMINATORS,
)
