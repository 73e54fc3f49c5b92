"""Rules on the addresses at which an API answers."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    ANY_EDIT,
    BREAKING,
    DANGEROUS,
    EDITORIAL,
    LOOSENED,
    REMOVED,
    REPLACED,
    TIGHTENED,
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
        exposed_by=Exposed.CALLED_SERVER,
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
        exposed_by=Exposed.CALLED_SERVER,
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
        id="server-variable-value-removed",
        subject=Subject.SERVER,
        facets=("variable",),
        actions=REMOVED,
        neutral=BREAKING,
        title="server `{name}` no longer offers {before} for its variable `{item}`",
        why="Clients that are configured with such an address reach nobody.",
        instead=keep_and_deprecate("Keep the addresses with {before} answering, and announce until when."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED_SERVER,
        example=document(_region("default: eu, enum: [eu, us]"), _region("default: eu, enum: [eu]")),
        near_miss=document(_region("default: eu, enum: [eu, us]"), _region("default: us, enum: [us, eu]")),
    ),
    Rule(
        id="server-variable-value-added",
        subject=Subject.SERVER,
        facets=("variable",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="server `{name}` now also offers {after} for its variable `{item}`",
        why="The other addresses work as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(_region("default: eu, enum: [eu]"), _region("default: eu, enum: [eu, us]")),
        near_miss=document(_region("default: eu, enum: [eu, us]"), _region("default: eu, enum: [us, eu]")),
    ),
    Rule(
        id="server-variable-closed",
        subject=Subject.SERVER,
        facets=("variable",),
        actions=TIGHTENED,
        neutral=BREAKING,
        title="server `{name}` took anything for its variable `{item}`, and now only {after}",
        why="Clients that fill in anything else reach nobody.",
        instead=keep_value("Leave `{item}` free, or list every value that clients use."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED_SERVER,
        example=document(_region("default: eu"), _region("default: eu, enum: [eu, us]")),
        near_miss=document(_region("default: eu"), _region("default: eu, description: Where")),
    ),
    Rule(
        id="server-variable-opened",
        subject=Subject.SERVER,
        facets=("variable",),
        actions=LOOSENED,
        neutral=ADDITIVE,
        title="server `{name}` now takes anything for its variable `{item}`, where it only took {before}",
        why="The addresses that clients are configured with work as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(_region("default: eu, enum: [eu, us]"), _region("default: eu")),
        near_miss=document(_region("default: eu, description: Where"), _region("default: eu")),
    ),
    Rule(
        id="server-variables-changed",
        subject=Subject.SERVER,
        facets=("variables",),
        actions=ANY_EDIT,
        neutral=DANGEROUS,
        title="the default of the variable `{item}` of server `{name}` changed from {before} to {after}",
        why="Clients that leave it at its default reach another address; the old one is still offered.",
        instead=keep_value("Keep {before} as the default."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.CALLED_SERVER,
        example=document(_region("default: eu, enum: [eu, us]"), _region("default: us, enum: [eu, us]")),
        near_miss=document(_region("default: eu"), _region("default: eu, description: Where")),
    ),
    Rule(
        id="server-renamed",
        subject=Subject.SERVER,
        facets=("name",),
        actions=ANY_EDIT,
        neutral=EDITORIAL,
        title="the name of server `{name}` changed from {before} to {after}",
        why="OpenAPI 3.2 lets a server have a name, by which tools and people speak of it. Its address is the same.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(
            f"{{openapi: 3.2.0, servers: [{{url: 'https://a.example', name: one}}], {PATHS}}}",
            f"{{openapi: 3.2.0, servers: [{{url: 'https://a.example', name: main}}], {PATHS}}}",
        ),
        near_miss=document(
            f"{{openapi: 3.2.0, servers: [{{url: 'https://a.example', name: one}}], {PATHS}}}",
            f"{{openapi: 3.2.0, servers: [{{url: 'https://a.example', name: one, description: It}}], {PATHS}}}",
        ),
    ),
)
