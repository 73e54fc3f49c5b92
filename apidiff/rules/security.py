"""Rules on security requirements: whether a caller still gets in."""

from apidiff.rules.rule import Rule
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    LOOSENED,
    REMOVED,
    REPLACED,
    TIGHTENED,
    accept_both,
    document,
    keep_and_deprecate,
    keep_value,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Subject

KEY = "key: {type: apiKey, in: header, name: X-Key}"
BEARER = "token: {type: http, scheme: bearer}"
OAUTH = (
    "login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com/token', "
    "scopes: {read: Read, write: Write}}}}"
)
HEADER = "parameters: [{name: Authorization, in: header, required: true, schema: {type: string}}]"
GET = "responses: {'200': {description: OK}}"


def secured(requirement: str, schemes: str = f"{KEY}, {BEARER}, {OAUTH}") -> str:
    """A document whose one operation has this security requirement ("" for none)."""
    security = f"security: {requirement}, " if requirement else ""
    return f"{{paths: {{/a: {{get: {{{security}{GET}}}}}}}, components: {{securitySchemes: {{{schemes}}}}}}}"


RULES = (
    Rule(
        id="security-declared",
        subject=Subject.SECURITY,
        facets=("requirement",),
        actions=TIGHTENED,
        where={"declared": True},
        neutral=ADDITIVE,
        title="{owner} asks for credentials, which its required header `Authorization` asked for before",
        why="Callers had to send the header all along; now it is said where OpenAPI wants it.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("").replace("responses", f"{HEADER}, responses"), secured("[{token: []}]")),
        near_miss=document(secured(""), secured("[{token: []}]")),
    ),
    Rule(
        id="security-became-required",
        subject=Subject.SECURITY,
        facets=("requirement",),
        actions=(*TIGHTENED, *REPLACED),
        neutral=BREAKING,
        title="{owner} now asks for credentials",
        why="Callers that came without credentials get 401.",
        instead=accept_both("Let anonymous calls in as before, and give more to those with credentials."),
        effort=Effort.CODE,
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(secured(""), secured("[{key: []}]")),
        near_miss=document(secured("[{key: []}]"), secured("[{token: []}]")),
    ),
    Rule(
        id="security-loosened",
        subject=Subject.SECURITY,
        facets=("requirement",),
        actions=LOOSENED,
        neutral=ADDITIVE,
        title="{owner} now also lets callers in without credentials",
        why="Nobody who got in before is kept out. Check that it is meant: more may get in.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]"), secured("[{key: []}, {}]")),
        near_miss=document(secured("[{key: []}, {}]"), secured("[{}, {key: []}]")),
    ),
    Rule(
        id="security-scheme-also-required",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=TIGHTENED,
        neutral=BREAKING,
        title="{owner} now asks for `{item}` beside `{name}`",
        why="Callers that bring the first alone get 401.",
        instead=accept_both("Go on letting in who brings the first alone, and give more to those who bring both."),
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(secured("[{key: []}]"), secured("[{key: [], token: []}]")),
        near_miss=document(secured("[{key: []}]"), secured("[{key: []}, {key: [], token: []}]")),
    ),
    Rule(
        id="security-scheme-no-longer-required",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=LOOSENED,
        neutral=ADDITIVE,
        title="{owner} no longer asks for `{item}` where callers come with `{name}`",
        why="Who brings more than is asked for gets in as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: [], token: []}]"), secured("[{key: []}]")),
        near_miss=document(secured("[{key: [], token: []}]"), secured("[{token: [], key: []}]")),
    ),
    Rule(
        id="covered-security-alternative-added",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=ADDED,
        where={"covered": True},
        neutral=ADDITIVE,
        title="{owner} now lists `{item}`, and let in who came with it before",
        why="Nobody is let in or kept out who was not before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{}]"), secured("[{key: []}, {}]")),
        near_miss=document(secured("[{key: []}]"), secured("[{key: []}, {token: []}]")),
    ),
    Rule(
        id="covered-security-alternative-removed",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=REMOVED,
        where={"covered": True},
        neutral=ADDITIVE,
        title="{owner} no longer lists `{item}`, and lets in all the same who comes with it",
        why="Nobody is let in or kept out who was not before: another alternative asks for less.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}, {}]"), secured("[{}]")),
        near_miss=document(secured("[{key: []}, {token: []}]"), secured("[{token: []}]")),
    ),
    Rule(
        id="security-alternative-added",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="{owner} now also accepts `{item}`",
        why="Who gets in with something else goes on as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]"), secured("[{key: []}, {token: []}]")),
        near_miss=document(secured("[{key: []}, {token: []}]"), secured("[{key: []}]")),
    ),
    Rule(
        id="security-alternative-removed",
        subject=Subject.SECURITY,
        facets=("alternative",),
        actions=(*REMOVED, *REPLACED),
        neutral=BREAKING,
        title="{owner} no longer accepts `{item}`",
        why="Callers that come with it get 401.",
        instead=keep_and_deprecate("Go on accepting `{item}`, and announce until when."),
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(secured("[{key: []}, {token: []}]"), secured("[{key: []}]")),
        near_miss=document(secured("[{key: []}, {token: []}]"), secured("[{token: []}, {key: []}]")),
    ),
    Rule(
        id="security-scope-added",
        subject=Subject.SECURITY,
        facets=("scope",),
        actions=(*ADDED, *TIGHTENED),
        neutral=BREAKING,
        title="{owner} now asks for the scope `{item}` of `{name}`",
        why="Callers whose tokens lack the scope get 403.",
        instead=keep_value("Ask for the scope `{item}` only in new operations, or grant it to every token there is."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(secured("[{login: [read]}]"), secured("[{login: [read, write]}]")),
        near_miss=document(secured("[{login: [read, write]}]"), secured("[{login: [write, read]}]")),
    ),
    Rule(
        id="security-scope-removed",
        subject=Subject.SECURITY,
        facets=("scope",),
        actions=(*REMOVED, *LOOSENED),
        neutral=ADDITIVE,
        title="{owner} no longer asks for the scope `{item}` of `{name}`",
        why="Every token that was enough before is enough now.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{login: [read, write]}]"), secured("[{login: [read]}]")),
        near_miss=document(secured("[{login: [read]}]"), secured("[{login: [read, write]}]")),
    ),
)
