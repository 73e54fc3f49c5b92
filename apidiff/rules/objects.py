"""Rules on the properties of objects: which there are, which must be there, and whether there may be others."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    LOOSENED,
    REMOVED,
    RENAMED,
    TIGHTENED,
    accept_both,
    add_beside,
    keep_and_deprecate,
    keep_limit,
    keep_value,
    make_optional,
    received,
    sent,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Subject

EMPTY = "{type: object}"
NAME = "{type: object, properties: {name: {type: string}}}"
NAME_REQUIRED = "{type: object, required: [name], properties: {name: {type: string}}}"
NAME_READ_ONLY = "{type: object, properties: {name: {type: string, readOnly: true}}}"
NAME_WRITE_ONLY = "{type: object, properties: {name: {type: string, writeOnly: true}}}"
ID = "{type: object, properties: {id: {type: string}}}"
ID_NAME = "{type: object, properties: {id: {type: string}, name: {type: string}}}"
ID_CLOSED = "{type: object, additionalProperties: false, properties: {id: {type: string}}}"
ID_NAME_CLOSED = "{type: object, additionalProperties: false, properties: {id: {type: string}, name: {type: string}}}"

PRESENCE = (
    Rule(
        id="write-only-property-added",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=ADDED,
        where={"write_only": True},
        response=ADDITIVE,
        title="write-only property `{name}` was added to {owner}",
        why="It never comes in a response.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=received(EMPTY, NAME_WRITE_ONLY),
        near_miss=received(EMPTY, NAME),
    ),
    Rule(
        id="read-only-property-added",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=ADDED,
        where={"read_only": True},
        request=ADDITIVE,
        title="read-only property `{name}` was added to {owner}",
        why="Nobody has to send it, required or not: it only comes in responses.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=sent(EMPTY, "{type: object, required: [id], properties: {id: {type: string, readOnly: true}}}"),
        near_miss=sent(EMPTY, "{type: object, required: [id], properties: {id: {type: string}}}"),
    ),
    Rule(
        id="required-property-added",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=ADDED,
        where={"required": True},
        request=BREAKING,
        title="required {direction} property `{name}` was added to {owner}",
        why="Requests written before do not send it and are refused. A default does not help: "
        "who checks the request against the spec still misses it.",
        instead=make_optional("Make `{name}` optional, with the behaviour of today where it is left out."),
        exposed_by=Exposed.LEFT_OUT_FIELD,
        example=sent(ID, "{type: object, required: [name], properties: {id: {type: string}, name: {type: string}}}"),
        near_miss=sent(ID, ID_NAME),
    ),
    Rule(
        id="property-added-to-closed-object",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=ADDED,
        where={"closed": True},
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        tolerant=ADDITIVE,
        title="{direction} property `{name}` was added to {owner}, which allowed no others",
        why="The object was declared complete: a client that checks responses by the old spec refuses the new one.",
        instead=add_beside("Send `{name}` only to callers who ask for it, or in a new version."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received(ID_CLOSED, ID_NAME_CLOSED),
        near_miss=received(ID, ID_NAME),
    ),
    Rule(
        id="property-added",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=ADDED,
        request=ADDITIVE,
        response=ADDITIVE,
        title="{direction} property `{name}` was added to {owner}",
        why="Who does not know it leaves it out of requests and skips it in responses.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=received(ID, ID_NAME),
        near_miss=received(ID_CLOSED, ID_NAME_CLOSED),
    ),
    Rule(
        id="property-no-longer-accepted",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=REMOVED,
        where={"closed": True},
        request=BREAKING,
        title="{direction} property `{name}` was removed from {owner}, which allows no others",
        why="Requests that send it are refused.",
        instead=keep_and_deprecate("Go on accepting `{name}`, and mark it deprecated."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent(ID_NAME_CLOSED, ID_CLOSED),
        near_miss=sent(ID_NAME, ID),
    ),
    Rule(
        id="required-property-removed",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=REMOVED,
        where={"required": True},
        response=BREAKING,
        title="{direction} property `{name}`, which always came, was removed from {owner}",
        why="Clients were promised that it always comes. Those that read it fail.",
        instead=keep_and_deprecate("Go on sending `{name}`, and mark it deprecated with a sunset date."),
        exposed_by=Exposed.RECEIVED_FIELD,
        example=received(NAME_REQUIRED, EMPTY),
        near_miss=received(NAME_REQUIRED, NAME),
    ),
    Rule(
        id="property-removed",
        subject=Subject.PROPERTY,
        facets=("presence",),
        actions=REMOVED,
        request=DANGEROUS,
        response=BREAKING,
        tolerant=DANGEROUS,
        title="{direction} property `{name}` was removed from {owner}",
        to_callers="What callers send under that name is ignored in silence: they do not get what they asked for.",
        to_readers="Clients that read it no longer find it.",
        instead=keep_and_deprecate("Keep `{name}` working, and mark it deprecated with a sunset date."),
        exposed_by=Exposed.RECEIVED_FIELD,
        example=received(ID_NAME, ID),
        near_miss=received(
            "{type: object, properties: {id: {type: string}, name: {type: string}}}",
            "{allOf: [{type: object, properties: {id: {type: string}}}, "
            "{type: object, properties: {name: {type: string}}}]}",
        ),
    ),
    Rule(
        id="property-split",
        subject=Subject.PROPERTY,
        facets=("presence", "name"),
        actions=RENAMED,
        where={"split": True},
        request=BREAKING,
        response=BREAKING,
        title="{direction} property `{name}` of {owner} was split into {after}",
        to_callers="What callers write under the old name is lost or refused.",
        to_readers="Clients that read the old name no longer find it.",
        instead=add_beside(
            "Keep {before} beside {after}, filled from them, and mark it deprecated with a sunset date."
        ),
        exposed_by=Exposed.RECEIVED_FIELD,
        example=received(
            "{type: object, properties: {name: {type: string}}}",
            "{type: object, properties: {first_name: {type: string}, last_name: {type: string}}}",
        ),
        near_miss=received(
            "{type: object, properties: {name: {type: string}}}",
            "{type: object, properties: {name: {type: string}, first_name: {type: string}, last_name: {type: string}}}",
        ),
    ),
    Rule(
        id="property-renamed",
        subject=Subject.PROPERTY,
        facets=("presence", "name"),
        actions=RENAMED,
        request=BREAKING,
        response=BREAKING,
        title="{direction} property `{name}` of {owner} was renamed to {after}",
        to_callers="What callers write under the old name is lost or refused.",
        to_readers="Clients that read the old name no longer find it.",
        instead=accept_both("Keep {before} beside {after}, and mark it deprecated with a sunset date."),
        exposed_by=Exposed.RECEIVED_FIELD,
        example=received(
            "{type: object, properties: {createdAt: {type: string, format: date-time}}}",
            "{type: object, properties: {created_at: {type: string, format: date-time}}}",
        ),
        near_miss=received(
            "{type: object, properties: {createdAt: {type: string, format: date-time}}}",
            "{type: object, properties: {createdAt: {type: string, format: date-time}, "
            "created_at: {type: string, format: date-time}}}",
        ),
    ),
)

REQUIREDNESS = (
    Rule(
        id="undeclared-property-became-required",
        subject=Subject.PROPERTY,
        facets=("required",),
        actions=TIGHTENED,
        where={"undeclared": True},
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} property `{name}`, which {owner} does not describe, became required",
        why="Requests that leave it out are refused, and the spec does not even say what it is.",
        instead=make_optional("Describe `{name}`, and leave it optional."),
        exposed_by=Exposed.LEFT_OUT_FIELD,
        example=sent(EMPTY, "{type: object, required: [name]}"),
        near_miss=sent(NAME, NAME_REQUIRED),
    ),
    Rule(
        id="property-became-required",
        subject=Subject.PROPERTY,
        facets=("required",),
        actions=TIGHTENED,
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} property `{name}` of {owner} became required",
        why="Requests that leave it out are refused.",
        instead=make_optional("Leave `{name}` optional, with the behaviour of today where it is left out."),
        exposed_by=Exposed.LEFT_OUT_FIELD,
        example=sent(NAME, NAME_REQUIRED),
        near_miss=sent(
            "{type: object, required: [name, id], properties: {id: {type: string}, name: {type: string}}}",
            "{type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}}}",
        ),
    ),
    Rule(
        id="property-became-optional",
        subject=Subject.PROPERTY,
        facets=("required",),
        actions=LOOSENED,
        request=ADDITIVE,
        response=BREAKING,
        title="{direction} property `{name}` of {owner} became optional",
        why="Clients were promised that it always comes. Those that read it without a check fail when it is missing.",
        instead=keep_value("Go on sending `{name}` with every answer."),
        exposed_by=Exposed.RECEIVED_FIELD,
        example=received(NAME_REQUIRED, NAME),
        near_miss=received(NAME, NAME_REQUIRED),
    ),
)


MAP = "{type: object, additionalProperties: {type: string}}"
MAP_SHORT = "{type: object, additionalProperties: {type: string, maxLength: 9}}"
CLOSED = "{type: object, additionalProperties: false}"

OPENNESS = (
    Rule(
        id="object-closed",
        subject=Subject.SCHEMA,
        facets=("additionalProperties", "unevaluatedProperties"),
        actions=TIGHTENED,
        where={"closed": True},
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} no longer allows properties that it does not describe",
        why="Requests that send any other property, as was allowed, are refused.",
        instead=accept_both("Go on ignoring properties that are not described."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent(ID, ID_CLOSED),
        near_miss=sent(ID, "{type: object, additionalProperties: {}, properties: {id: {type: string}}}"),
    ),
    Rule(
        id="additional-properties-tightened",
        subject=Subject.SCHEMA,
        facets=("additionalProperties", "unevaluatedProperties"),
        actions=TIGHTENED,
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} `{name}` of {owner} allows less in properties that it does not describe: "
        "{before} before, {after} now",
        why="Requests that send other properties, as was allowed, may be refused.",
        instead=keep_limit("Go on accepting what was accepted in properties that are not described."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent(EMPTY, MAP),
        near_miss=sent("{type: object, additionalProperties: true}", "{type: object, additionalProperties: {}}"),
    ),
    Rule(
        id="additional-properties-loosened",
        subject=Subject.SCHEMA,
        facets=("additionalProperties", "unevaluatedProperties"),
        actions=LOOSENED,
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        tolerant=ADDITIVE,
        title="{direction} `{name}` of {owner} allows more in properties that it does not describe: "
        "{before} before, {after} now",
        why="Clients that check responses against the old spec refuse what they may now hold.",
        instead=add_beside("Describe the new properties by name instead of opening the object."),
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received(CLOSED, "{type: object}"),
        near_miss=received("{type: object, additionalProperties: {}}", "{type: object}"),
    ),
)

RULES = (*PRESENCE, *REQUIREDNESS, *OPENNESS)
