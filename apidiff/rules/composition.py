"""Rules on schemas that are put together from others in other ways than by unions: allOf, not, if, discriminators.

Keywords that apply a schema to some of an object's properties stand here too.
"""

from typing import NamedTuple

from apidiff.rules.rule import Example, Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    EDITORIAL,
    LOOSENED,
    REMOVED,
    REPLACED,
    TIGHTENED,
    accept_both,
    add_beside,
    keep_limit,
    keep_value,
    received,
    sent,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Subject


class Keyword(NamedTuple):
    """A keyword that demands something; in words, what it means that it does or no longer does; and its fragments."""

    facet: str
    kebab: str
    tighter: str
    looser: str
    loose: str
    tight: str
    near: Example


KEYWORDS = (
    Keyword(
        "not",
        "not",
        "is now refused where it matches a schema (`not`): {after}",
        "is no longer refused where it matches a schema (`not`): {before}",
        "{type: string}",
        "{type: string, not: {const: a}}",
        sent("{type: string, not: {const: a}}", "{type: string, not: {enum: [a]}}"),
    ),
    Keyword(
        "propertyNames",
        "property-names",
        "allows fewer names for its properties",
        "allows more names for its properties",
        "{type: object}",
        "{type: object, propertyNames: {pattern: '^[a-z]+$'}}",
        sent("{type: object, propertyNames: {}}", "{type: object}"),
    ),
    Keyword(
        "patternProperties",
        "pattern-properties",
        "asks more of properties by the pattern of their names",
        "asks less of properties by the pattern of their names",
        "{type: object}",
        "{type: object, patternProperties: {'^x': {type: string}}}",
        sent("{type: object, patternProperties: {'^x': {}}}", "{type: object}"),
    ),
    Keyword(
        "dependentRequired",
        "dependent-required",
        "asks for another property where one is present: {item}",
        "no longer asks for another property where one is present: {item}",
        "{type: object}",
        "{type: object, dependentRequired: {card: [address]}}",
        sent("{type: object, dependentRequired: {card: []}}", "{type: object}"),
    ),
    Keyword(
        "dependentSchemas",
        "dependent-schemas",
        "asks more of an object in which one property is present",
        "asks less of an object in which one property is present",
        "{type: object}",
        "{type: object, dependentSchemas: {card: {required: [address]}}}",
        sent("{type: object, dependentSchemas: {card: {}}}", "{type: object}"),
    ),
    Keyword(
        "if",
        "condition",
        "must now meet a condition that depends on its other parts",
        "need no longer meet a condition that depends on its other parts",
        "{type: object}",
        "{type: object, if: {required: [card]}, then: {required: [address]}}",
        sent("{type: object, if: {required: [card]}}", "{type: object}"),
    ),
)


def _keyword(row: Keyword) -> tuple[Rule, Rule]:
    """The two rules of one keyword: it demands more, or less."""
    tightened = Rule(
        id=f"{row.kebab}-tightened",
        subject=Subject.SCHEMA,
        facets=(row.facet,),
        actions=TIGHTENED,
        request=BREAKING,
        response=ADDITIVE,
        title=f"{{direction}} `{{name}}` of {{owner}} {row.tighter}",
        why="What was sent, and worked, may be refused.",
        instead=accept_both("Go on accepting what was allowed before."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent(row.loose, row.tight),
        near_miss=row.near,
    )
    loosened = Rule(
        id=f"{row.kebab}-loosened",
        subject=Subject.SCHEMA,
        facets=(row.facet,),
        actions=LOOSENED,
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        title=f"{{direction}} `{{name}}` of {{owner}} {row.looser}",
        why="Clients that check responses against the old spec may refuse what now comes.",
        instead=keep_limit("Go on sending only what was allowed before."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received(row.tight, row.loose),
        near_miss=row.near,
    )
    return tightened, loosened


CONDITION_REWORDED = Rule(
    id="condition-reworded",
    subject=Subject.SCHEMA,
    facets=("if",),
    actions=REPLACED,
    where={"same": True},
    request=EDITORIAL,
    response=EDITORIAL,
    title="a condition on {direction} `{name}` of {owner} is written in other words",
    why="It allows what it allowed.",
    effort=Effort.NONE,
    exposed_by=Exposed.NOBODY,
    example=sent(
        "{type: object, if: {required: [card]}, then: {required: [address]}}",
        "{type: object, if: {required: [card]}, then: {required: [address], description: Where to.}}",
    ),
    near_miss=sent(
        "{type: object, if: {required: [card]}, then: {required: [address]}}",
        "{type: object, if: {required: [card]}, then: {required: [address, phone]}}",
    ),
)

CONDITION_CHANGED = Rule(
    id="condition-changed",
    subject=Subject.SCHEMA,
    facets=("if",),
    actions=REPLACED,
    request=BREAKING,
    response=DANGEROUS,
    strict=BREAKING,
    title="what {direction} `{name}` of {owner} must be under a condition changed",
    to_callers="Some of what was sent is refused.",
    to_readers="Something that nobody expects may come.",
    instead=accept_both("Go on accepting and sending what was allowed before."),
    exposed_by=Exposed.SENT_FIELD,
    example=sent(
        "{type: object, if: {required: [card]}, then: {required: [address]}}",
        "{type: object, if: {required: [card]}, then: {required: [phone]}}",
    ),
    near_miss=sent("{type: object}", "{type: object, if: {required: [card]}, then: {required: [address]}}"),
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
CATS_ELSE_DOG = f"{CATS}, defaultMapping: '#/components/schemas/Dog'"
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
        title="the forms of {direction} `{name}` of {owner} are now told apart by a property: {after}",
        why="The values may stay the same. Generated clients pick the class by that property from now on, "
        "and fail where it is missing.",
        instead=keep_value("Send that property in every form before saying that it tells them apart."),
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
        title="the forms of {direction} `{name}` of {owner} are no longer told apart by a property: {before}",
        why="The values may stay the same. Generated clients can no longer pick the class.",
        instead=keep_value("Keep the discriminator."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(KIND), _pets("")),
        near_miss=_components(_pets(CATS), _pets(KIND)),
    ),
    Rule(
        id="discriminator-value-added",
        subject=Subject.SCHEMA,
        facets=("discriminator-mapping", "discriminator-name"),
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
        facets=("discriminator-mapping", "discriminator-name"),
        actions=REMOVED,
        request=BREAKING,
        response=BREAKING,
        title="the value `{item}` no longer stands for a form of {direction} `{name}` of {owner}",
        why="Typed clients pick the class by that value.",
        to_callers="What callers send with it is taken for nothing or refused.",
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
    Rule(
        id="discriminator-value-renamed",
        subject=Subject.SCHEMA,
        facets=("discriminator-name",),
        actions=REPLACED,
        request=BREAKING,
        response=BREAKING,
        title="the value {before} of a form of {direction} `{name}` of {owner} became {after}",
        why="Without a mapping the name of a form is its value on the wire, so that a component that is renamed "
        "renames it.",
        to_callers="What callers send with it is taken for nothing or refused.",
        to_readers="Typed clients pick the class by that value, and find none.",
        instead=keep_value("Map the value that it had, {before}, to the form under its new name."),
        exposed_by=Exposed.SENT_VALUE,
        example=_components(_pets(KIND), _pets(KIND).replace("Cat", "Kitten")),
        near_miss=_components(_pets(CATS), _pets(CATS).replace("Cat", "Kitten")),
    ),
    Rule(
        id="discriminator-default-added",
        subject=Subject.SCHEMA,
        facets=("discriminator-default",),
        actions=ADDED,
        request=ADDITIVE,
        response=DANGEROUS,
        title="{direction} `{name}` of {owner} may now come without a value that says its form: it is then a {after}",
        why="Typed clients that know no default can't pick a class where the value is missing, or none that they know.",
        instead=add_beside("Send values of the mapping to whoever has not asked for others."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(CATS), _pets(CATS_ELSE_DOG)),
        near_miss=_components(_pets(CATS_ELSE_DOG), _pets(CATS)),
    ),
    Rule(
        id="discriminator-default-removed",
        subject=Subject.SCHEMA,
        facets=("discriminator-default",),
        actions=REMOVED,
        request=BREAKING,
        response=DANGEROUS,
        title="{direction} `{name}` of {owner} has no form any more for values that no mapping names: it was {before}",
        to_callers="What callers send without such a value is taken for nothing or refused.",
        to_readers="Clients that relied on the default find no class for what still comes without a value.",
        instead=keep_value("Keep the default, or map the values that callers send."),
        exposed_by=Exposed.SENT_FIELD,
        example=_components(_pets(CATS_ELSE_DOG), _pets(CATS)),
        near_miss=_components(_pets(CATS), _pets(CATS_ELSE_DOG)),
    ),
    Rule(
        id="discriminator-default-changed",
        subject=Subject.SCHEMA,
        facets=("discriminator-default",),
        actions=REPLACED,
        request=BREAKING,
        response=BREAKING,
        title="values of {direction} `{name}` of {owner} that no mapping names are of another form: "
        "{before} became {after}",
        why="The same values are read as something else from now on.",
        instead=keep_value("Keep the default, and map the values that are of another form."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=_components(_pets(CATS_ELSE_DOG), _pets(CATS_ELSE_DOG.replace("Dog", "Cat"))),
        near_miss=_components(_pets(CATS_ELSE_DOG), _pets(CATS_ELSE_DOG.replace("#/components/schemas/Dog", "Dog"))),
    ),
)

RULES = (
    *(rule for row in KEYWORDS for rule in _keyword(row)),
    CONDITION_REWORDED,
    CONDITION_CHANGED,
    *DISCRIMINATORS,
)
