"""Rules on the addresses at which an API answers."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    DANGEROUS,
    REMOVED,
    REPLACED,
    document,
    keep_and_deprecate,
    keep_value,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Subject

PATHS = "paths: {/a: {get: {responses: {'200': {description: OK}}}}}"


def _region(variable: str) -> str:
    """A document whose server has a variable `region`."""
    return f"{{servers: [{{url: 'https://{{region}}.example', variables: {{region: {{{variable}}}}}}}], {PATHS}}}"


RULES = (
    Rule(
        id="server-added",
        subject=Subject.SERVER,
        facets=("url",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="server {after} was added",
        why="The other addresses work as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(
            f"{{servers: [{{url: 'https://a.example'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://a.example'}}, {{url: 'https://b.example'}}], {PATHS}}}",
        ),
        near_miss=document(
            f"{{servers: [{{url: 'https://a.example'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://a.example', description: The one}}], {PATHS}}}",
        ),
    ),
    Rule(
        id="server-removed",
        subject=Subject.SERVER,
        facets=("url",),
        actions=REMOVED,
        neutral=BREAKING,
        title="server {before} was removed",
        why="Clients that are configured with this address reach nobody.",
        instead=keep_and_deprecate("Keep {before} answering, and announce until when."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED,
        example=document(
            f"{{servers: [{{url: 'https://a.example'}}, {{url: 'https://b.example'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://a.example'}}], {PATHS}}}",
        ),
        near_miss=document(
            f"{{servers: [{{url: 'https://a.example'}}, {{url: 'https://b.example'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://b.example'}}, {{url: 'https://a.example'}}], {PATHS}}}",
        ),
    ),
    Rule(
        id="server-changed",
        subject=Subject.SERVER,
        facets=("url",),
        actions=REPLACED,
        neutral=BREAKING,
        title="server {before} became {after}",
        why="Clients that are configured with the old address reach nobody.",
        instead=keep_and_deprecate("Keep {before} answering beside {after}, and announce until when."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED,
        example=document(
            f"{{servers: [{{url: 'https://a.example/v1'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://b.example/api'}}], {PATHS}}}",
        ),
        near_miss=document(
            f"{{servers: [{{url: 'https://a.example'}}], {PATHS}}}",
            f"{{servers: [{{url: 'https://a.example', description: The one}}], {PATHS}}}",
        ),
    ),
    Rule(
        id="server-variables-changed",
        subject=Subject.SERVER,
        facets=("variables",),
        actions=(*ADDED, *REMOVED, *REPLACED),
        neutral=DANGEROUS,
        title="the variables of server `{name}` changed",
        why="Clients that fill them in by the old values, or leave them at the old default, may reach another address.",
        instead=keep_value("Keep the old values and the old default."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED,
        example=document(
            _region("default: eu, enum: [eu, us]"),
            _region("default: eu, enum: [eu]"),
        ),
        near_miss=document(_region("default: eu"), _region("default: eu, description: Where")),
    ),
)
