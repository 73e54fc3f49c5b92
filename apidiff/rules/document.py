"""Rules on the document itself: its version, its headline texts, its dialect and the names of its components."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    ANY_EDIT,
    BREAKING,
    DANGEROUS,
    EDITORIAL,
    REMOVED,
    RENAMED,
    REPLACED,
    document,
    keep_value,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Action, Subject

USED = (
    "{paths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: "
    "{schema: {$ref: '#/components/schemas/%s'}}}}}}}}, components: {schemas: {%s: {type: object}}}}"
)

REFERRING = (
    "{paths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: "
    "{schema: {$ref: '#/components/schemas/Thing'}}}}}}}}, components: {schemas: {%s: {type: object}}}}"
)
"""A document that refers to `Thing`, whatever its component is called."""


def _example_rule(action: tuple[Action, ...], *, before: str, after: str) -> Rule:
    """The rule of an example under `components`: no class is made of it, and no client ever sees its name."""
    return Rule(
        id=f"example-{action[0].value}",
        subject=Subject.COMPONENT,
        facets=("presence",),
        actions=action,
        where={"example": True},
        neutral=EDITORIAL,
        request=EDITORIAL,
        response=EDITORIAL,
        title=f"example `{{name}}` was {action[0].value}",
        why="No program sees it, apart from mock servers.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(before, after),
        near_miss=document("{components: {schemas: {One: {type: object}}}}", "{}"),
    )


NO_EXAMPLE, ONE_EXAMPLE = "{components: {examples: {}}}", "{components: {examples: {One: {value: 1}}}}"

OWN_MEDIA = (
    "{swagger: '2.0', produces: [%s], paths: {/a: {get: {produces: [text/csv], responses: {'200': {description: OK, "
    "schema: {type: string}}}}}}}"
)
"""A document whose only operation says its own media types."""

RULES = (
    Rule(
        id="unused-media-types-changed",
        subject=Subject.DOCUMENT,
        facets=("unused-media-types",),
        actions=ANY_EDIT,
        neutral=EDITORIAL,
        title="`{item}` of the whole document changed from {before} to {after}, and no operation goes by it",
        why="Each operation that sends or receives a body says its own media types.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(OWN_MEDIA % "text/plain", OWN_MEDIA % "text/plain, text/html"),
        near_miss=document(OWN_MEDIA % "text/plain, text/html", OWN_MEDIA % "text/html, text/plain"),
    ),
    Rule(
        id="version-not-raised",
        subject=Subject.DOCUMENT,
        facets=("version",),
        actions=REPLACED,
        where={"stayed": True},
        neutral=ADDITIVE,
        strict=DANGEROUS,
        title="the version of the API is still {before}, although something breaks",
        why="Whoever goes by the version takes the two contracts for one: caches, clients, people who pin it.",
        instead=keep_value("Raise the version: `apidiff diff --next-version` says to which."),
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        beside=("operation-removed",),
        mirror=("operation-added", "nothing breaks, so the version may stay"),
        example=document(
            "{info: {title: A, version: 1.4.0}, paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}}}",
            "{info: {title: A, version: 1.4.0}, paths: {/a: {get: {responses: {}}}}}",
        ),
        near_miss=document(
            "{info: {title: A, version: 1.4.0}, paths: {/a: {get: {responses: {}}}, /b: {get: {responses: {}}}}}",
            "{info: {title: A, version: 2.0.0}, paths: {/a: {get: {responses: {}}}}}",
        ),
    ),
    Rule(
        id="version-lowered",
        subject=Subject.DOCUMENT,
        facets=("version",),
        actions=REPLACED,
        where={"lowered": True},
        neutral=ADDITIVE,
        strict=DANGEROUS,
        title="the version of the API was lowered from {before} to {after}",
        why="Whoever compares versions takes the newer contract for the older one.",
        instead=keep_value("Raise the version instead."),
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        mirror=("version-changed", "a raised version is as it should be"),
        example=document("{info: {title: A, version: 1.4.0}}", "{info: {title: A, version: 1.3.9}}"),
        near_miss=document("{info: {title: A, version: 1.9.0}}", "{info: {title: A, version: 1.10.0}}"),
    ),
    Rule(
        id="version-changed",
        subject=Subject.DOCUMENT,
        facets=("version",),
        actions=REPLACED,
        neutral=EDITORIAL,
        title="the version of the API changed from {before} to {after}",
        why="It says that something changed; what it is, the other changes say.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        mirror=("version-lowered", "lower than before"),
        example=document("{info: {title: A, version: 1.9.0}}", "{info: {title: A, version: 1.10.0}}"),
        near_miss=document("{info: {title: A, version: 1.4.0}}", "{info: {title: A, version: 1.3.9}}"),
    ),
    Rule(
        id="document-text-changed",
        subject=Subject.DOCUMENT,
        facets=("contact", "license", "termsOfService", "tags", "info", "jsonSchemaDialect"),
        actions=ANY_EDIT,
        neutral=EDITORIAL,
        title="{whole} of the document {edited}",
        why="No program sees it.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(
            "{info: {title: A, version: 1.0.0, contact: {name: Red}}}",
            "{info: {title: A, version: 1.0.0, contact: {name: Blue}}}",
        ),
        near_miss=document("{info: {title: A, version: 1.0.0}}", "{info: {title: B, version: 1.0.0}}"),
    ),
    Rule(
        id="dialect-changed",
        subject=Subject.DOCUMENT,
        facets=("dialect",),
        actions=REPLACED,
        neutral=EDITORIAL,
        title="the document is written in another version of the specification: {before} became {after}",
        why="The same contract can be said in either. Tools that read only the old version stop reading it.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document("{openapi: 3.0.3}", "{openapi: 3.1.0}"),
        near_miss=document("{openapi: 3.1.0}", "{openapi: 3.1.0, info: {title: Other, version: 1.0.0}}"),
    ),
    Rule(
        id="document-address-changed",
        subject=Subject.DOCUMENT,
        facets=("address",),
        actions=ANY_EDIT,
        neutral=EDITORIAL,
        title="the address that the document gives itself changed from {before} to {after}",
        why="References are resolved against it, and still lead to the same. No call goes there.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(
            "{openapi: 3.2.0, $self: 'https://a.example/api'}", "{openapi: 3.2.0, $self: 'https://b.example/api'}"
        ),
        near_miss=document(
            "{openapi: 3.2.0, $self: 'https://a.example/api'}",
            "{openapi: 3.2.0, $self: 'https://a.example/api', info: {title: Other, version: 1.0.0}}",
        ),
    ),
    _example_rule(ADDED, before=NO_EXAMPLE, after=ONE_EXAMPLE),
    _example_rule(REMOVED, before=ONE_EXAMPLE, after=NO_EXAMPLE),
    Rule(
        id="component-added",
        subject=Subject.COMPONENT,
        facets=("presence",),
        actions=ADDED,
        neutral=EDITORIAL,
        request=EDITORIAL,
        response=EDITORIAL,
        title="component `{name}` was added",
        why="Nothing that is sent changes by it. Generated clients may get one more class.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document("{}", "{components: {schemas: {Thing: {type: object}}}}"),
        near_miss=document("{components: {schemas: {Thing: {type: object}}}}", "{}"),
    ),
    Rule(
        id="component-removed",
        subject=Subject.COMPONENT,
        facets=("presence",),
        actions=REMOVED,
        neutral=EDITORIAL,
        request=EDITORIAL,
        response=EDITORIAL,
        sdk=BREAKING,
        title="component `{name}` was removed",
        why="Nothing that is sent changes by it. Generated clients lose the class of that name.",
        instead=keep_value("Keep the component `{name}`, even where nothing refers to it."),
        exposed_by=Exposed.NOBODY,
        example=document("{components: {schemas: {Thing: {type: object}}}}", "{}"),
        near_miss=document("{}", "{components: {schemas: {Thing: {type: object}}}}"),
    ),
    Rule(
        id="component-renamed",
        subject=Subject.COMPONENT,
        facets=("presence", "name"),
        actions=RENAMED,
        neutral=EDITORIAL,
        request=EDITORIAL,
        response=EDITORIAL,
        sdk=BREAKING,
        title="component {before} was renamed to {after}",
        why="Nothing that is sent changes by it. Generated clients rename the class.",
        instead=keep_value("Keep the name {before}."),
        exposed_by=Exposed.NOBODY,
        example=document(USED % ("Client", "Client"), USED % ("Customer", "Customer")),
        near_miss=document(USED % ("Client", "Client"), USED % ("Client", "Client")),
    ),
    Rule(
        id="reference-broken",
        subject=Subject.DOCUMENT,
        facets=("reference",),
        actions=REMOVED,
        neutral=DANGEROUS,
        title="the reference {before} leads nowhere any more",
        why="What it stands for is unknown: whether callers would notice can't be told from the revision. Nothing that "
        "hangs on it was compared.",
        instead=keep_value("Put back what {before} names."),
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(REFERRING % "Thing", REFERRING % "Other"),
        near_miss=document(REFERRING % "Other", REFERRING % "Other"),
        beside=("component-removed", "component-added"),
    ),
    Rule(
        id="reference-mended",
        subject=Subject.DOCUMENT,
        facets=("reference",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="the reference {after} leads somewhere again",
        why="What it stood for was unknown before. Nothing that hangs on it was compared.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(REFERRING % "Other", REFERRING % "Thing"),
        near_miss=document(REFERRING % "Other", REFERRING % "Other"),
        beside=("component-removed", "component-added"),
    ),
)
