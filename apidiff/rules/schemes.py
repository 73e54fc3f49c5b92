"""Rules on security schemes: how credentials are fetched and sent."""

from apidiff.rules.rule import Rule
from apidiff.rules.security import BEARER, KEY, secured
from apidiff.rules.terms import (
    ADDED,
    ADDITIVE,
    BREAKING,
    EDITORIAL,
    REMOVED,
    RENAMED,
    REPLACED,
    accept_both,
    document,
    keep_and_deprecate,
    keep_value,
)
from apidiff.words.changes import Effort, Exposed
from apidiff.words.facts import Subject

DEPRECATED_KEY = KEY.replace("}", ", deprecated: true}")
TWO_FLOWS = (
    "password: {tokenUrl: 'https://t.example', scopes: {}}, "
    "clientCredentials: {tokenUrl: 'https://t.example', scopes: {}}"
)


def _scheme(before: str, after: str) -> tuple[str, str]:
    """Two documents whose one operation asks for the scheme `auth`, defined in two ways."""
    return secured("[{auth: []}]", f"auth: {{{before}}}"), secured("[{auth: []}]", f"auth: {{{after}}}")


_OAUTH_URLS = "type: oauth2, flows: {authorizationCode: {authorizationUrl: '%s', tokenUrl: '%s'%s, scopes: {}}}"


def _flow(authorization: str = "https://a.example", token: str = "https://t.example", refresh: str = "") -> str:
    """An OAuth scheme with these addresses."""
    return _OAUTH_URLS % (authorization, token, f", refreshUrl: '{refresh}'" if refresh else "")


def _device(url: str) -> str:
    """An OAuth scheme for devices without a keyboard (OpenAPI 3.2) with this address."""
    urls = f"deviceAuthorizationUrl: '{url}', tokenUrl: 'https://t.example'"
    return f"type: oauth2, flows: {{deviceAuthorization: {{{urls}, scopes: {{}}}}}}"


def _scheme_rule(
    rule_id: str, facet: str, *, words: str, before: str, after: str, near: tuple[str, str] | None = None
) -> Rule:
    """The rule of one field of a security scheme: `words` name the field, `before` and `after` define the scheme."""
    return Rule(
        id=rule_id,
        subject=Subject.SECURITY_SCHEME,
        facets=(facet,),
        actions=(*ADDED, *REMOVED, *REPLACED),
        neutral=BREAKING,
        title=f"{words} of {{flow}}security scheme `{{name}}` changed from {{before}} to {{after}}",
        why="Credentials that are sent or fetched as before no longer let callers in.",
        instead=accept_both("Add the new form as a scheme of its own beside `{name}`, and accept either."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(*_scheme(before, after)),
        near_miss=document(*_scheme(*(near or (before, f"{before}, description: How to get in")))),
    )


RULES = (
    Rule(
        id="security-scheme-renamed",
        subject=Subject.SECURITY_SCHEME,
        facets=("presence",),
        actions=RENAMED,
        neutral=EDITORIAL,
        sdk=BREAKING,
        title="security scheme `{name}` is now called {after}",
        why="The name is in the document alone: callers bring the same credentials in the same way. "
        "Generated clients may name an option after it.",
        instead=keep_value("Go on calling it `{name}`."),
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]", KEY), secured("[{secret: []}]", KEY.replace("key:", "secret:"))),
        near_miss=document(secured("[{key: []}]", KEY), secured("[{key: []}]", f"{KEY}, {BEARER}")),
    ),
    Rule(
        id="security-scheme-added",
        subject=Subject.SECURITY_SCHEME,
        facets=("presence",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="security scheme `{name}` was added",
        why="Nobody has to use it unless an operation asks for it, and then that operation says so.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]", KEY), secured("[{key: []}]", f"{KEY}, {BEARER}")),
        near_miss=document(secured("[{key: []}]", f"{KEY}, {BEARER}"), secured("[{key: []}]", KEY)),
    ),
    Rule(
        id="security-scheme-removed",
        subject=Subject.SECURITY_SCHEME,
        facets=("presence",),
        actions=REMOVED,
        neutral=ADDITIVE,
        title="security scheme `{name}` was removed",
        why="No operation asks for it any more; each one that did says what it asks for now.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]", f"{KEY}, {BEARER}"), secured("[{key: []}]", KEY)),
        near_miss=document(secured("[{key: []}]", KEY), secured("[{key: []}]", f"{KEY}, {BEARER}")),
    ),
    Rule(
        id="security-scheme-deprecated",
        subject=Subject.SECURITY_SCHEME,
        facets=("deprecated",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="security scheme `{name}` was deprecated",
        why="It lets callers in as before. Who comes with it has time to change.",
        effort=Effort.CONFIG,
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(secured("[{key: []}]", KEY), secured("[{key: []}]", DEPRECATED_KEY)),
        near_miss=document(secured("[{key: []}]", DEPRECATED_KEY), secured("[{key: []}]", KEY)),
    ),
    Rule(
        id="security-scheme-reactivated",
        subject=Subject.SECURITY_SCHEME,
        facets=("deprecated",),
        actions=REMOVED,
        neutral=ADDITIVE,
        title="security scheme `{name}` is no longer deprecated",
        why="Who still comes with it need not change.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(secured("[{key: []}]", DEPRECATED_KEY), secured("[{key: []}]", KEY)),
        near_miss=document(secured("[{key: []}]", KEY), secured("[{key: []}]", DEPRECATED_KEY)),
    ),
    _scheme_rule(
        "security-scheme-type-changed",
        "type",
        words="the type",
        before="type: oauth2, flows: {}",
        after="type: mutualTLS",
    ),
    _scheme_rule(
        "security-scheme-location-changed",
        "in",
        words="the place",
        before="type: apiKey, in: header, name: key",
        after="type: apiKey, in: query, name: key",
    ),
    _scheme_rule(
        "security-scheme-name-changed",
        "name",
        words="the name on the wire",
        before="type: apiKey, in: header, name: X-Key",
        after="type: apiKey, in: header, name: X-Api-Key",
    ),
    _scheme_rule(
        "security-scheme-http-scheme-changed",
        "scheme",
        words="the HTTP scheme",
        before="type: http, scheme: basic",
        after="type: http, scheme: bearer",
        near=("type: http, scheme: bearer", "type: http, scheme: Bearer"),
    ),
    _scheme_rule(
        "security-scheme-bearer-format-changed",
        "bearerFormat",
        words="the bearer format",
        before="type: http, scheme: bearer, bearerFormat: opaque",
        after="type: http, scheme: bearer, bearerFormat: JWT",
    ),
    _scheme_rule(
        "security-scheme-metadata-url-changed",
        "oauth2MetadataUrl",
        words="the address of the OAuth metadata",
        before="type: oauth2, oauth2MetadataUrl: 'https://a.example/m', flows: {}",
        after="type: oauth2, oauth2MetadataUrl: 'https://b.example/m', flows: {}",
    ),
    _scheme_rule(
        "security-scheme-discovery-changed",
        "openIdConnectUrl",
        words="the OpenID Connect address",
        before="type: openIdConnect, openIdConnectUrl: 'https://a.example/.well-known/openid-configuration'",
        after="type: openIdConnect, openIdConnectUrl: 'https://b.example/.well-known/openid-configuration'",
    ),
    _scheme_rule(
        "security-scheme-authorization-url-changed",
        "authorizationUrl",
        words="the authorisation address",
        before=_flow(),
        after=_flow(authorization="https://b.example"),
    ),
    _scheme_rule(
        "security-scheme-token-url-changed",
        "tokenUrl",
        words="the token address",
        before=_flow(),
        after=_flow(token="https://b.example"),
    ),
    _scheme_rule(
        "security-scheme-device-url-changed",
        "deviceAuthorizationUrl",
        words="the device authorisation address",
        before=_device("https://d.example"),
        after=_device("https://b.example"),
    ),
    Rule(
        id="security-scheme-refresh-url-added",
        subject=Subject.SECURITY_SCHEME,
        facets=("refreshUrl",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="{flow}security scheme `{name}` got the refresh address {after}",
        why="Tokens are fetched as before, and may now be refreshed.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        mirror=("security-scheme-refresh-url-changed", "tokens can't be refreshed any more"),
        example=document(*_scheme(_flow(), _flow(refresh="https://r.example"))),
        near_miss=document(*_scheme(_flow(refresh="https://r.example"), _flow())),
    ),
    _scheme_rule(
        "security-scheme-refresh-url-changed",
        "refreshUrl",
        words="the refresh address",
        before=_flow(refresh="https://r.example"),
        after=_flow(refresh="https://b.example"),
        near=(_flow(), _flow(refresh="https://r.example")),
    ),
    Rule(
        id="security-scheme-flow-added",
        subject=Subject.SECURITY_SCHEME,
        facets=("flow",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="security scheme `{name}` got the flow `{item}`",
        why="The other flows work as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        example=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
                f"type: oauth2, flows: {{{TWO_FLOWS}}}",
            )
        ),
        near_miss=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}",
            )
        ),
    ),
    Rule(
        id="security-scheme-flow-removed",
        subject=Subject.SECURITY_SCHEME,
        facets=("flow",),
        actions=(*REMOVED, *REPLACED),
        neutral=BREAKING,
        title="security scheme `{name}` no longer offers the flow `{item}`",
        why="Callers who get their tokens by it get none.",
        instead=keep_and_deprecate("Go on offering the flow `{item}`, and announce until when."),
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(
            *_scheme(
                f"type: oauth2, flows: {{{TWO_FLOWS}}}",
                "type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t.example', scopes: {}}}",
            )
        ),
        near_miss=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
                f"type: oauth2, flows: {{{TWO_FLOWS}}}",
            )
        ),
    ),
    Rule(
        id="security-scheme-scope-added",
        subject=Subject.SECURITY_SCHEME,
        facets=("scope",),
        actions=ADDED,
        neutral=ADDITIVE,
        title="{flow}security scheme `{name}` offers the scope `{item}`",
        why="Tokens without it work as before.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        mirror=("security-scheme-unused-scope-removed", "no operation asks for it"),
        example=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}",
            )
        ),
        near_miss=document(secured("[{login: [read]}]"), secured("[{login: [read, write]}]")),
    ),
    Rule(
        id="security-scheme-scope-removed",
        subject=Subject.SECURITY_SCHEME,
        facets=("scope",),
        actions=REMOVED,
        where={"used": True},
        neutral=BREAKING,
        title="{flow}security scheme `{name}` no longer offers the scope `{item}`, which operations ask for",
        why="Nobody can get a token that lets them in.",
        instead=keep_value("Keep the scope `{item}` for as long as an operation asks for it."),
        effort=Effort.CONFIG,
        exposed_by=Exposed.SENT_CREDENTIALS,
        example=document(
            secured(
                "[{auth: [read]}]",
                "auth: {type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}}",
            ),
            secured(
                "[{auth: [read]}]",
                "auth: {type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}}",
            ),
        ),
        near_miss=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}",
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
            )
        ),
    ),
    Rule(
        id="security-scheme-unused-scope-removed",
        subject=Subject.SECURITY_SCHEME,
        facets=("scope",),
        actions=REMOVED,
        neutral=ADDITIVE,
        title="{flow}security scheme `{name}` no longer offers the scope `{item}`, which no operation asks for",
        why="No operation asks for it.",
        effort=Effort.NONE,
        exposed_by=Exposed.NOBODY,
        mirror=("security-scheme-scope-added", "a new scope is never in use"),
        example=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}",
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
            )
        ),
        near_miss=document(
            *_scheme(
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {}}}",
                "type: oauth2, flows: {password: {tokenUrl: 'https://t.example', scopes: {read: Read}}}",
            )
        ),
    ),
)
