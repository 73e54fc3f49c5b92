"""Rules on what the items of an array must be, and on whether one may come twice."""

from apidiff.changes import Effort, Exposed, Level
from apidiff.facts import Subject
from apidiff.rules.rule import Example, Rule
from apidiff.rules.terms import (
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    LOOSENED,
    TIGHTENED,
    accept_both,
    keep_limit,
    received,
    sent,
)


def _pair(
    facet: str,
    kebab: str,
    words: str,
    *,
    loosened: Level,
    loose: str,
    tight: str,
    near: Example,
) -> tuple[Rule, Rule]:
    """The two rules of one keyword: `tight` allows less than `loose`."""
    strict = BREAKING if loosened is DANGEROUS else None
    return (
        Rule(
            id=f"{kebab}-tightened",
            subject=Subject.SCHEMA,
            facets=(facet,),
            actions=TIGHTENED,
            request=BREAKING,
            response=ADDITIVE,
            title=f"{{direction}} `{{name}}` of {{owner}} allows less in {words}",
            why=f"What was sent in {words}, and worked, may be refused.",
            instead=keep_limit("Go on accepting what was accepted there."),
            exposed_by=Exposed.SENT_FIELD,
            example=sent(loose, tight),
            near_miss=near,
        ),
        Rule(
            id=f"{kebab}-loosened",
            subject=Subject.SCHEMA,
            facets=(facet,),
            actions=LOOSENED,
            request=ADDITIVE,
            response=loosened,
            strict=strict,
            title=f"{{direction}} `{{name}}` of {{owner}} allows more in {words}",
            why=f"Clients may get something in {words} that they were promised would not come.",
            instead=keep_limit("Go on sending only what was allowed there."),
            exposed_by=Exposed.RECEIVED_RESPONSE,
            example=received(tight, loose),
            near_miss=Example("schema", near.before, near.after),
        ),
    )


RULES = (
    *_pair(
        "items",
        "items",
        "its items",
        loosened=BREAKING,
        loose="{type: array}",
        tight="{type: array, items: {type: string}}",
        near=sent("{type: array, items: {}}", "{type: array}"),
    ),
    *_pair(
        "prefixItems",
        "prefix-items",
        "its first items",
        loosened=BREAKING,
        loose="{type: array}",
        tight="{type: array, prefixItems: [{type: string}]}",
        near=sent("{type: array}", "{type: array, prefixItems: [{}]}"),
    ),
    *_pair(
        "contains",
        "contains",
        "the items that it must contain",
        loosened=DANGEROUS,
        loose="{type: array}",
        tight="{type: array, contains: {const: a}}",
        near=sent("{type: array}", "{type: array, contains: {const: a}, minContains: 0}"),
    ),
    *_pair(
        "unevaluatedItems",
        "unevaluated-items",
        "items that it does not describe",
        loosened=DANGEROUS,
        loose="{type: array, prefixItems: [{type: string}]}",
        tight="{type: array, prefixItems: [{type: string}], unevaluatedItems: false}",
        near=sent("{type: array, unevaluatedItems: {}}", "{type: array}"),
    ),
    Rule(
        id="items-became-unique",
        subject=Subject.SCHEMA,
        facets=("uniqueItems",),
        actions=TIGHTENED,
        request=BREAKING,
        response=ADDITIVE,
        title="the items of {direction} `{name}` of {owner} must now differ",
        why="Lists in which an item comes twice worked and are refused.",
        instead=accept_both("Go on accepting repeated items, and drop the repetitions."),
        exposed_by=Exposed.SENT_FIELD,
        example=sent("{type: array}", "{type: array, uniqueItems: true}"),
        near_miss=sent("{type: array}", "{type: array, uniqueItems: false}"),
    ),
    Rule(
        id="items-became-repeatable",
        subject=Subject.SCHEMA,
        facets=("uniqueItems",),
        actions=LOOSENED,
        request=ADDITIVE,
        response=DANGEROUS,
        strict=BREAKING,
        title="the items of {direction} `{name}` of {owner} may now repeat",
        why="Clients that keep them in a set, or use them as keys, lose items or fail.",
        instead=keep_limit("Go on sending each item once."),
        effort=Effort.CODE,
        exposed_by=Exposed.RECEIVED_RESPONSE,
        example=received("{type: array, uniqueItems: true}", "{type: array}"),
        near_miss=received("{type: array, uniqueItems: false}", "{type: array}"),
    ),
)
