"""Rules on who may write a property (readOnly) and who may read it (writeOnly)."""

from apidiff.rules.rule import Example, Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    REMOVED,
    add_beside,
    received,
    sent,
)
from apidiff.words.changes import Effort, Exposed, Level
from apidiff.words.facts import Subject

NAME = "{type: object, properties: {name: {type: string}}}"
NAME_REQUIRED = "{type: object, required: [name], properties: {name: {type: string}}}"
NAME_READ_ONLY = "{type: object, properties: {name: {type: string, readOnly: true}}}"
NAME_WRITE_ONLY = "{type: object, properties: {name: {type: string, writeOnly: true}}}"


def _access(
    rule_id: str,
    facet: str,
    *,
    added: bool,
    request: Level,
    response: Level,
    title: str,
    why: str,
    mirror: tuple[str, str],
    example: Example,
    near_miss: Example,
    required: bool = False,
) -> Rule:
    """A rule on who may write a property (readOnly) or read it (writeOnly)."""
    harmless = Level.BREAKING not in (request, response)
    exposed = Exposed.SENT_FIELD if request is BREAKING else Exposed.RECEIVED_FIELD
    kept = "Leave `{name}` as it is, and add a property for the new use."
    return Rule(
        id=rule_id,
        subject=Subject.PROPERTY,
        also=(Subject.SCHEMA,),
        facets=(facet,),
        actions=ADDED if added else REMOVED,
        where={"required": True} if required else {},
        request=request,
        response=response,
        title=title,
        why=why,
        instead=None if harmless else add_beside(kept),
        effort=Effort.NONE if harmless else Effort.CODE,
        exposed_by=Exposed.NOBODY if harmless else exposed,
        mirror=mirror,
        example=example,
        near_miss=near_miss,
    )


RULES = (
    _access(
        "property-became-read-only",
        "readOnly",
        added=True,
        request=BREAKING,
        response=ADDITIVE,
        title="{direction} property `{name}` of {owner} became read-only",
        why="What callers send in it is ignored or refused.",
        mirror=("property-became-writable", "read-only, then writable"),
        example=sent(NAME, NAME_READ_ONLY),
        near_miss=sent(NAME, "{type: object, properties: {name: {type: string, readOnly: false}}}"),
    ),
    _access(
        "required-property-became-writable",
        "readOnly",
        added=False,
        required=True,
        request=BREAKING,
        response=ADDITIVE,
        title="required {direction} property `{name}` of {owner} is no longer read-only",
        why="It did not count in requests before. Now it has to be sent, and requests without it are refused.",
        mirror=("property-became-read-only", "writable, then read-only"),
        example=sent(
            "{type: object, required: [name], properties: {name: {type: string, readOnly: true}}}", NAME_REQUIRED
        ),
        near_miss=sent(NAME_READ_ONLY, NAME),
    ),
    _access(
        "property-became-writable",
        "readOnly",
        added=False,
        request=ADDITIVE,
        response=ADDITIVE,
        title="{direction} property `{name}` of {owner} is no longer read-only",
        why="It comes as before, and may now be sent.",
        mirror=("property-became-read-only", "writable, then read-only"),
        example=sent(NAME_READ_ONLY, NAME),
        near_miss=sent(NAME, NAME_READ_ONLY),
    ),
    _access(
        "property-became-write-only",
        "writeOnly",
        added=True,
        request=ADDITIVE,
        response=BREAKING,
        title="{direction} property `{name}` of {owner} became write-only",
        why="It no longer comes in responses, and clients that read it fail.",
        mirror=("property-became-readable", "write-only, then readable"),
        example=received(NAME, NAME_WRITE_ONLY),
        near_miss=received(NAME, "{type: object, properties: {name: {type: string, writeOnly: false}}}"),
    ),
    _access(
        "property-became-readable",
        "writeOnly",
        added=False,
        request=ADDITIVE,
        response=ADDITIVE,
        title="{direction} property `{name}` of {owner} is no longer write-only",
        why="It may be sent as before, and now also comes in responses.",
        mirror=("property-became-write-only", "readable, then write-only"),
        example=received(NAME_WRITE_ONLY, NAME),
        near_miss=received(NAME, NAME_WRITE_ONLY),
    ),
)
