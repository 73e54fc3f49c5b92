"""Cases that other differs get wrong, each with the verdict that callers would agree with.

The expected words are `level direction rule` for every change that is not editorial; none means the same contract.
"""

from typing import NamedTuple

import pytest

from apidiff import compare
from apidiff.rules.example import documents
from apidiff.rules.rule import Example
from apidiff.rules.terms import (
    document,
    operation,
    parameter,
    parameters,
    paths,
    received,
    request,
    response,
    responses,
    sent,
)
from apidiff.words.changes import Level


class Case(NamedTuple):
    """What it is about, two fragments, and every change that is not editorial."""

    about: str
    example: Example
    expected: tuple[str, ...] = ()


def verdicts(example: Example) -> list[str]:
    """The changes between two fragments as `level direction rule`."""
    return sorted(
        f"{change.level.value} {change.direction.value if change.direction else 'neither'} {change.rule}"
        for change in compare(*documents(example)).changes
        if change.level is not Level.EDITORIAL
    )


def _body(schema: str, media_type: str = "application/json") -> str:
    return f"{{content: {{'{media_type}': {{schema: {schema}}}}}}}"


def _bound(keyword: str, low: str, *, kind: str) -> tuple[str, str]:
    return f"{{type: {kind}}}", f"{{type: {kind}, {keyword}: {low}}}"


def _header(before: str, after: str) -> Example:
    return response(f"{{headers: {{X-A: {{schema: {before}}}}}}}", f"{{headers: {{X-A: {{schema: {after}}}}}}}")


def _deep(before: str, after: str) -> Example:
    head = "{name: filter, in: query, style: deepObject, schema: "
    return parameter(f"{head}{before}}}", f"{head}{after}}}")


def _shared(before: str, after: str, *, inside: str = "") -> Example:
    """Path-level parameters before and after, with what the operation itself says."""
    form = "{/a: {parameters: [%s], get: {%sresponses: {'200': {description: OK}}}}}"
    return paths(form % (before, inside), form % (after, inside))


def _webhook(before: str, after: str) -> Example:
    form = (
        "{webhooks: {paid: {post: {requestBody: {required: true, content: {application/json: {schema: %s}}}, "
        "responses: {'204': {description: Seen}}}}}}"
    )
    return document(form % before, form % after)


def _callback(before: str, after: str) -> Example:
    form = (
        "{callbacks: {done: {'{$request.query.url}': {post: {requestBody: {required: true, "
        "content: {application/json: {schema: %s}}}, responses: {'204': {description: Seen}}}}}}}"
    )
    return operation(form % before, form % after)


def _named(name: str, keyword: str) -> str:
    """A document whose answer is put together from the component of that name and another one."""
    parts = f"{keyword}: [{{$ref: '#/components/schemas/{name}'}}, {{$ref: '#/components/schemas/Other'}}]"
    content = f"content: {{application/json: {{schema: {{{parts}}}}}}}"
    return (
        f"{{paths: {{/a: {{get: {{responses: {{'200': {{description: OK, {content}}}}}}}}}}}, "
        f"components: {{schemas: {{{name}: {{type: object, required: [a], properties: {{a: {{type: string}}}}}}, "
        "Other: {type: object, required: [b], properties: {b: {type: integer}}}}}}"
    )


SCHEMES = (
    "components: {securitySchemes: {key: {type: apiKey, in: header, name: X-Key}, token: {type: http, scheme: bearer}, "
    "login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t.example', scopes: {read: R, write: W}}}}}}"
)


def _secured(own: str, root: str = "") -> str:
    inside = f"security: {own}, " if own else ""
    top = f"security: {root}, " if root else ""
    return f"{{{top}paths: {{/a: {{get: {{{inside}responses: {{'200': {{description: OK}}}}}}}}}}, {SCHEMES}}}"


def _scheme(definition: str) -> str:
    return (
        "{paths: {/a: {get: {security: [{auth: []}], responses: {'200': {description: OK}}}}}, "
        f"components: {{securitySchemes: {{auth: {{{definition}}}}}}}}}"
    )


def _flow(kind: str, **urls: str) -> str:
    said = ", ".join(f"{key}: '{value}'" for key, value in urls.items())
    return f"type: oauth2, flows: {{{kind}: {{{said}, scopes: {{}}}}}}"


OBJECT = "{type: object, properties: {a: {type: string}}}"
CLOSED = "{type: object, additionalProperties: false, properties: {a: {type: string}}}"
CAT = "{type: object, required: [kind], properties: {kind: {const: cat}}}"
DOG = "{type: object, required: [kind], properties: {kind: {const: dog}}}"
ONE_OF = f"{{oneOf: [{CAT}, {DOG}]}}"
SERVED = "paths: {/a: {get: {responses: {'200': {description: OK}}}}}"

ENUMS = (
    Case("1 enum dropped", sent("{enum: [a, b]}", "{}"), ("additive request enum-dropped",)),
    Case("1 enum dropped", received("{enum: [a, b]}", "{}"), ("dangerous response enum-dropped",)),
    Case(
        "2 free string becomes enum",
        received("{type: string}", "{type: string, enum: [a, b]}"),
        ("additive response value-became-enum",),
    ),
    Case(
        "2 free string becomes enum",
        sent("{type: string}", "{type: string, enum: [a, b]}"),
        ("breaking request value-became-enum",),
    ),
    Case("13 enum of one said as const", sent("{type: string, enum: [a]}", "{type: string, const: a}")),
    Case("13 const said as enum of one", received("{type: string, const: a}", "{type: string, enum: [a]}")),
    Case("enum value added", received("{enum: [a]}", "{enum: [a, b]}"), ("dangerous response enum-value-added",)),
    Case("enum value removed", sent("{enum: [a, b]}", "{enum: [a]}"), ("breaking request enum-value-removed",)),
    Case("enum value removed", received("{enum: [a, b]}", "{enum: [a]}"), ("additive response enum-value-removed",)),
    Case("enum reordered", received("{enum: [a, b]}", "{enum: [b, a]}")),
)

OBJECTS = (
    Case("3 closed", sent(OBJECT, CLOSED), ("breaking request object-closed",)),
    Case("3 opened", received(CLOSED, OBJECT), ("dangerous response additional-properties-loosened",)),
    Case(
        "3 map schema added",
        sent("{type: object}", "{type: object, additionalProperties: {type: string}}"),
        ("breaking request additional-properties-tightened",),
    ),
    Case(
        "3 map schema removed",
        received("{type: object, additionalProperties: {type: string}}", "{type: object}"),
        ("dangerous response additional-properties-loosened",),
    ),
    Case(
        "additionalProperties absent, true, {}",
        sent("{type: object, additionalProperties: true}", "{type: object, additionalProperties: {}}"),
    ),
    Case("additionalProperties true unsaid", sent("{type: object, additionalProperties: true}", "{type: object}")),
    Case(
        "15 undeclared required",
        sent("{type: object}", "{type: object, required: [zz]}"),
        ("breaking request undeclared-property-became-required",),
    ),
    Case(
        "16 unevaluatedProperties false",
        sent(OBJECT, "{type: object, unevaluatedProperties: false, properties: {a: {type: string}}}"),
        ("breaking request object-closed",),
    ),
    Case(
        "30 read-only narrowing",
        sent(
            "{type: object, properties: {a: {type: string, readOnly: true}}}",
            "{type: object, properties: {a: {type: string, readOnly: true, maxLength: 9}}}",
        ),
        ("additive neither max-length-decreased",),
    ),
    Case(
        "30 required read-only property added",
        sent("{type: object}", "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}"),
        ("additive neither read-only-property-added",),
    ),
    Case("optional property added, open", sent("{type: object}", OBJECT), ("additive request property-added",)),
    Case(
        "optional property added, closed",
        sent("{type: object, additionalProperties: false}", CLOSED),
        ("additive request property-added-to-closed-object",),
    ),
    Case("property added", received("{type: object}", OBJECT), ("additive response property-added",)),
    Case(
        "property added, closed",
        received("{type: object, additionalProperties: false}", CLOSED),
        ("dangerous response property-added-to-closed-object",),
    ),
    Case("optional property removed, open", sent(OBJECT, "{type: object}"), ("dangerous request property-removed",)),
    Case(
        "optional property removed, closed",
        sent(CLOSED, "{type: object, additionalProperties: false}"),
        ("breaking request property-no-longer-accepted",),
    ),
    Case("optional property removed", received(OBJECT, "{type: object}"), ("breaking response property-removed",)),
    Case(
        "required property with default added",
        sent("{type: object}", "{type: object, required: [a], properties: {a: {type: string, default: x}}}"),
        ("breaking request required-property-added",),
    ),
    Case(
        "became optional",
        received("{type: object, required: [a], properties: {a: {type: string}}}", OBJECT),
        ("breaking response property-became-optional",),
    ),
    Case(
        "became required",
        received(OBJECT, "{type: object, required: [a], properties: {a: {type: string}}}"),
        ("additive response property-became-required",),
    ),
    Case(
        "became read-only",
        sent(OBJECT, "{type: object, properties: {a: {type: string, readOnly: true}}}"),
        ("breaking request property-became-read-only",),
    ),
    Case(
        "became write-only",
        received(OBJECT, "{type: object, properties: {a: {type: string, writeOnly: true}}}"),
        ("breaking response property-became-write-only",),
    ),
)

LIMITS = tuple(
    case
    for number, keyword, low, kind, tighter, looser in (
        ("4", "maxItems", "3", "array", "max-items-decreased", "max-items-increased"),
        ("4", "minItems", "3", "array", "min-items-increased", "min-items-decreased"),
        ("4", "uniqueItems", "true", "array", "items-became-unique", "items-became-repeatable"),
        ("4", "multipleOf", "3", "integer", "multiple-of-tightened", "multiple-of-loosened"),
        ("4", "minProperties", "3", "object", "min-properties-increased", "min-properties-decreased"),
        ("4", "maxProperties", "3", "object", "max-properties-decreased", "max-properties-increased"),
        ("5", "minimum", "3", "number", "minimum-increased", "minimum-decreased"),
        ("5", "maximum", "3", "number", "maximum-decreased", "maximum-increased"),
        ("5", "exclusiveMinimum", "3", "number", "minimum-increased", "minimum-decreased"),
        ("5", "exclusiveMaximum", "3", "number", "maximum-decreased", "maximum-increased"),
        ("5", "minLength", "3", "string", "min-length-increased", "min-length-decreased"),
        ("5", "maxLength", "3", "string", "max-length-decreased", "max-length-increased"),
        ("31", "minContains", "2", "array, contains: {const: a}", "min-contains-increased", "min-contains-decreased"),
        ("31", "maxContains", "2", "array, contains: {const: a}", "max-contains-decreased", "max-contains-increased"),
    )
    for free, bound in (_bound(keyword, low, kind=kind),)
    for case in (
        Case(f"{number} {keyword} set", sent(free, bound), (f"breaking request {tighter}",)),
        Case(f"{number} {keyword} set", received(free, bound), (f"additive response {tighter}",)),
        Case(f"{number} {keyword} unset", sent(bound, free), (f"additive request {looser}",)),
        Case(f"{number} {keyword} unset", received(bound, free), (f"dangerous response {looser}",)),
    )
)

SCHEMAS = (
    Case("6 not added", sent("{type: string}", "{type: string, not: {const: a}}"), ("breaking request not-tightened",)),
    Case(
        "6 not removed",
        received("{type: string, not: {const: a}}", "{type: string}"),
        ("dangerous response not-loosened",),
    ),
    Case(
        "6 not removed", sent("{type: string, not: {const: a}}", "{type: string}"), ("additive request not-loosened",)
    ),
    Case(
        "7 date to date-time",
        sent("{type: string, format: date}", "{type: string, format: date-time}"),
        ("breaking request format-changed",),
    ),
    Case(
        "7 date-time to date",
        received("{type: string, format: date-time}", "{type: string, format: date}"),
        ("breaking response format-changed",),
    ),
    Case(
        "8 password",
        sent("{type: string}", "{type: string, format: password}"),
        ("additive request format-hint-added",),
    ),
    Case(
        "8 password",
        received("{type: string}", "{type: string, format: password}"),
        ("additive response format-hint-added",),
    ),
    Case(
        "8 int64 on an integer",
        received("{type: integer}", "{type: integer, format: int64}"),
        ("additive response format-hint-added",),
    ),
    Case(
        "int32 to int64",
        received("{type: integer, format: int32}", "{type: integer, format: int64}"),
        ("dangerous response integer-widened",),
    ),
    Case("10 oneOf to anyOf, disjoint", sent(f"{{oneOf: [{CAT}, {DOG}]}}", f"{{anyOf: [{CAT}, {DOG}]}}")),
    Case("10 anyOf to oneOf, disjoint", received(f"{{anyOf: [{CAT}, {DOG}]}}", f"{{oneOf: [{CAT}, {DOG}]}}")),
    Case("11 wrapped in allOf of one", sent(OBJECT, f"{{allOf: [{OBJECT}]}}")),
    Case("11 wrapped in allOf of one", received(OBJECT, f"{{allOf: [{OBJECT}]}}")),
    Case(
        "11 allOf branch merged into the parent",
        sent(
            "{type: object, properties: {a: {}}, allOf: [{properties: {b: {type: integer}}, required: [b]}]}",
            "{type: object, required: [b], properties: {a: {}, b: {type: integer}}}",
        ),
    ),
    *(
        Case(f"12 component renamed under {keyword}", document(_named("Thing", keyword), _named("Item", keyword)))
        for keyword in ("oneOf", "anyOf", "allOf")
    ),
    Case(
        "14 null in anyOf said as a type",
        received("{anyOf: [{type: string}, {type: 'null'}]}", "{type: [string, 'null']}"),
    ),
    Case(
        "14 null in oneOf said as a type", sent("{oneOf: [{type: string}, {type: 'null'}]}", "{type: [string, 'null']}")
    ),
    Case("17 nullable of 3.0 said in 3.1", sent("{type: string, nullable: true}", "{type: [string, 'null']}")),
    Case("17 nullable of 3.0 said in 3.1", received("{type: string, nullable: true}", "{type: [string, 'null']}")),
    Case(
        "28 prefixItems added",
        sent("{type: array}", "{type: array, prefixItems: [{type: string}]}"),
        ("breaking request prefix-items-tightened",),
    ),
    Case(
        "28 prefixItems added",
        received("{type: array}", "{type: array, prefixItems: [{type: string}]}"),
        ("additive response prefix-items-tightened",),
    ),
    Case(
        "29 contentMediaType",
        sent("{type: string, contentMediaType: text/csv}", "{type: string, contentMediaType: text/html}"),
        ("dangerous request content-encoding-changed",),
    ),
    Case(
        "29 contentEncoding",
        received("{type: string}", "{type: string, contentEncoding: base64}"),
        ("additive response content-encoding-set",),
    ),
    Case(
        "wrapped in a oneOf that holds it",
        sent("{type: integer}", "{oneOf: [{type: integer}, {type: string}]}"),
        ("additive request type-became-union",),
    ),
    Case(
        "wrapped in a oneOf that holds it",
        received("{type: integer}", "{oneOf: [{type: integer}, {type: string}]}"),
        ("dangerous response type-became-union",),
    ),
    Case("object wrapped in a oneOf that holds it", received(CAT, ONE_OF), ("dangerous response branch-added",)),
    Case("object wrapped in a oneOf that holds it", sent(CAT, ONE_OF), ("additive request branch-added",)),
    Case("oneOf branch lost", sent(ONE_OF, CAT), ("breaking request branch-removed",)),
    Case(
        "anyOf branch added",
        received(
            "{anyOf: [{type: integer}, {type: boolean}]}", "{anyOf: [{type: integer}, {type: boolean}, {type: string}]}"
        ),
        ("dangerous response type-became-union",),
    ),
    Case(
        "pattern provably wider",
        sent("{type: string, pattern: '^ab'}", "{type: string, pattern: '^a'}"),
        ("additive request pattern-loosened",),
    ),
    Case(
        "pattern removed",
        received("{type: string, pattern: '^a'}", "{type: string}"),
        ("dangerous response pattern-loosened",),
    ),
    Case(
        "integer to number", received("{type: integer}", "{type: number}"), ("breaking response integer-became-number",)
    ),
    Case(
        "number to integer", received("{type: number}", "{type: integer}"), ("additive response number-became-integer",)
    ),
    Case(
        "null newly possible",
        received("{type: string}", "{type: [string, 'null']}"),
        ("breaking response null-newly-allowed",),
    ),
    Case(
        "default changed",
        sent(
            "{type: object, properties: {a: {type: string, default: x}}}",
            "{type: object, properties: {a: {type: string, default: y}}}",
        ),
        ("dangerous request default-changed",),
    ),
    Case("default of a response changed", received("{type: string, default: x}", "{type: string, default: y}")),
)

MEDIA = tuple(
    Case(
        f"9 integer to string in {media_type}",
        make(_body("{type: integer}", media_type), _body("{type: string}", media_type)),
        (f"breaking {direction} type-changed",),
    )
    for media_type in (
        "application/json; charset=utf-8",
        "text/json",
        "application/x-ndjson",
        "application/problem+json",
        "*/*",
    )
    for make, direction in ((request, "request"), (response, "response"))
)

SECURITY = (
    Case(
        "18 credentials asked for",
        document(_secured(""), _secured("[{key: []}]")),
        ("breaking neither security-became-required",),
    ),
    Case(
        "18 anonymous alternative removed",
        document(_secured("[{key: []}, {}]"), _secured("[{key: []}]")),
        ("breaking neither security-became-required",),
    ),
    Case(
        "18 [] to inherited",
        document(_secured("[]", "[{key: []}]"), _secured("", "[{key: []}]")),
        ("breaking neither security-became-required",),
    ),
    Case("18 inherited said at the operation", document(_secured("", "[{key: []}]"), _secured("[{key: []}]"))),
    Case(
        "18 alternative removed",
        document(_secured("[{key: []}, {token: []}]"), _secured("[{key: []}]")),
        ("breaking neither security-alternative-removed",),
    ),
    Case(
        "18 scope added",
        document(_secured("[{login: [read]}]"), _secured("[{login: [read, write]}]")),
        ("breaking neither security-scope-added",),
    ),
    Case(
        "18 made optional",
        document(_secured("[{key: []}]"), _secured("[{key: []}, {}]")),
        ("additive neither security-loosened",),
    ),
    Case(
        "19 apiKey moved",
        document(_scheme("type: apiKey, in: header, name: k"), _scheme("type: apiKey, in: query, name: k")),
        ("breaking neither security-scheme-location-changed",),
    ),
    Case(
        "19 apiKey renamed",
        document(_scheme("type: apiKey, in: header, name: k"), _scheme("type: apiKey, in: header, name: l")),
        ("breaking neither security-scheme-name-changed",),
    ),
    Case(
        "19 http scheme",
        document(_scheme("type: http, scheme: basic"), _scheme("type: http, scheme: bearer")),
        ("breaking neither security-scheme-http-scheme-changed",),
    ),
    Case(
        "19 scheme names ignore case",
        document(_scheme("type: http, scheme: Basic"), _scheme("type: http, scheme: basic")),
    ),
    Case(
        "19 OpenID Connect address",
        document(
            _scheme("type: openIdConnect, openIdConnectUrl: 'https://a.example'"),
            _scheme("type: openIdConnect, openIdConnectUrl: 'https://b.example'"),
        ),
        ("breaking neither security-scheme-discovery-changed",),
    ),
    Case(
        "19 token address of a flow",
        document(
            _scheme(_flow("clientCredentials", tokenUrl="https://a.example")),
            _scheme(_flow("clientCredentials", tokenUrl="https://b.example")),
        ),
        ("breaking neither security-scheme-token-url-changed",),
    ),
)

PARAMETERS = (
    Case(
        "20 explode",
        parameter(
            "{name: a, in: query, schema: {type: array}}", "{name: a, in: query, explode: false, schema: {type: array}}"
        ),
        ("breaking request parameter-serialization-changed",),
    ),
    Case(
        "20 style spelled out",
        parameter(
            "{name: a, in: query, schema: {type: array}}", "{name: a, in: query, style: form, schema: {type: array}}"
        ),
    ),
    Case(
        "20 explode of a scalar",
        parameter(
            "{name: a, in: query, schema: {type: string}}",
            "{name: a, in: query, explode: false, schema: {type: string}}",
        ),
    ),
    Case(
        "20 allowReserved",
        parameter("{name: a, in: query, allowReserved: true}", "{name: a, in: query}"),
        ("breaking request parameter-serialization-changed",),
    ),
    Case(
        "20 schema to content",
        parameter(
            "{name: a, in: query, schema: {type: object}}",
            "{name: a, in: query, content: {application/json: {schema: {type: object}}}}",
        ),
        ("breaking request parameter-content-changed",),
    ),
    Case(
        "20 inside content",
        parameter(
            "{name: a, in: query, content: {application/json: {schema: {type: integer}}}}",
            "{name: a, in: query, content: {application/json: {schema: {type: string}}}}",
        ),
        ("breaking request type-changed",),
    ),
    Case(
        "21 path-level type",
        _shared("{name: a, in: query, schema: {type: string}}", "{name: a, in: query, schema: {type: integer}}"),
        ("breaking request type-changed",),
    ),
    Case(
        "21 path-level type that is the same on the wire",
        _shared("{name: a, in: query, schema: {type: integer}}", "{name: a, in: query, schema: {type: string}}"),
        ("additive request parameter-type-widened",),
    ),
    Case(
        "21 path-level became required",
        _shared("{name: a, in: query}", "{name: a, in: query, required: true}"),
        ("breaking request parameter-became-required",),
    ),
    Case("21 path-level removed", _shared("{name: a, in: query}", ""), ("breaking request parameter-removed",)),
    Case(
        "21 moved to the operation",
        paths(
            "{/a: {parameters: [{name: a, in: query}], get: {responses: {'200': {description: OK}}}}}",
            "{/a: {get: {parameters: [{name: a, in: query}], responses: {'200': {description: OK}}}}}",
        ),
    ),
    Case(
        "22 deepObject: required property added",
        _deep("{type: object}", "{type: object, required: [a], properties: {a: {type: string}}}"),
        ("breaking request required-property-added",),
    ),
    Case("22 deepObject: property removed", _deep(OBJECT, "{type: object}"), ("dangerous request property-removed",)),
    Case(
        "22 items: maxLength",
        parameter(
            "{name: a, in: query, schema: {type: array, items: {type: string}}}",
            "{name: a, in: query, schema: {type: array, items: {type: string, maxLength: 3}}}",
        ),
        ("breaking request max-length-decreased",),
    ),
    Case(
        "22 items: maximum",
        parameter(
            "{name: a, in: query, schema: {type: array, items: {type: integer}}}",
            "{name: a, in: query, schema: {type: array, items: {type: integer, maximum: 3}}}",
        ),
        ("breaking request maximum-decreased",),
    ),
    Case(
        "22 items: pattern",
        parameter(
            "{name: a, in: query, schema: {type: array, items: {type: string}}}",
            "{name: a, in: query, schema: {type: array, items: {type: string, pattern: '^a'}}}",
        ),
        ("breaking request pattern-tightened",),
    ),
    Case(
        "default added",
        parameter(
            "{name: a, in: query, schema: {type: string}}", "{name: a, in: query, schema: {type: string, default: x}}"
        ),
        ("dangerous request default-added",),
    ),
    Case("removed", parameters("[{name: a, in: query}]", "[]"), ("breaking request parameter-removed",)),
    Case("header names differ in case", parameters("[{name: X-A, in: header}]", "[{name: x-a, in: header}]")),
)

RESPONSES = (
    Case(
        "23 default added",
        responses("{'200': {description: OK}}", "{'200': {description: OK}, default: {description: No}}"),
        ("additive response error-response-added",),
    ),
    Case(
        "23 default removed",
        responses("{'200': {description: OK}, default: {description: No}}", "{'200': {description: OK}}"),
        ("dangerous response error-response-removed",),
    ),
    Case(
        "23 200 to 2XX",
        responses("{'200': {description: OK}}", "{2XX: {description: OK}}"),
        ("additive response covered-response-removed", "dangerous response success-response-added"),
    ),
    Case(
        "200 to 201",
        responses("{'200': {description: OK}}", "{'201': {description: OK}}"),
        ("additive response successor-response-added", "breaking response success-response-replaced"),
    ),
    Case(
        "24 header: enum value added",
        _header("{type: string, enum: [a]}", "{type: string, enum: [a, b]}"),
        ("dangerous response enum-value-added",),
    ),
    Case(
        "24 header: maximum raised",
        _header("{type: integer, maximum: 3}", "{type: integer, maximum: 9}"),
        ("dangerous response maximum-increased",),
    ),
    Case(
        "24 header: items",
        _header("{type: array, items: {type: string}}", "{type: array, items: {type: integer}}"),
        ("breaking response type-changed",),
    ),
    Case("24 header: type removed", _header("{type: string}", "{}"), ("breaking response type-widened",)),
    Case(
        "24 header: string to object", _header("{type: string}", "{type: object}"), ("breaking response type-changed",)
    ),
    Case(
        "optional header removed",
        response("{headers: {X-A: {schema: {type: string}}}}", "{}"),
        ("breaking response header-removed",),
    ),
    Case(
        "json to problem+json",
        response(_body("{type: object}"), _body("{type: object}", "application/problem+json")),
        ("additive response media-type-added", "breaking response media-type-removed"),
    ),
)

EVENTS = (
    Case(
        "25 webhook: required property added",
        _webhook("{type: object}", "{type: object, required: [a], properties: {a: {type: string}}}"),
        ("additive response property-added",),
    ),
    Case(
        "25 webhook: enum value added",
        _webhook("{type: string, enum: [a]}", "{type: string, enum: [a, b]}"),
        ("dangerous response enum-value-added",),
    ),
    Case(
        "25 webhook: required property removed",
        _webhook("{type: object, required: [a], properties: {a: {type: string}}}", "{type: object}"),
        ("breaking response required-property-removed",),
    ),
    Case("26 callback payload", _callback("{type: integer}", "{type: string}"), ("breaking response type-changed",)),
    Case(
        "26 callback payload loses a property",
        _callback(OBJECT, "{type: object}"),
        ("breaking response property-removed",),
    ),
    Case("26 link removed", response("{links: {a: {operationId: b}}}", "{}"), ("dangerous response link-removed",)),
    Case(
        "26 server removed",
        document(
            f"{{servers: [{{url: 'https://a.example'}}, {{url: 'https://b.example'}}], {SERVED}}}",
            f"{{servers: [{{url: 'https://a.example'}}], {SERVED}}}",
        ),
        ("breaking neither server-removed",),
    ),
)

CASES = (*ENUMS, *OBJECTS, *LIMITS, *SCHEMAS, *MEDIA, *SECURITY, *PARAMETERS, *RESPONSES, *EVENTS)


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.about} ({case.example.at} {case.example.direction.value})"
)
def test_the_verdict(case: Case) -> None:
    assert verdicts(case.example) == sorted(case.expected)


def test_below_not_the_direction_turns_round() -> None:
    growing = sent("{type: string, not: {enum: [a]}}", "{type: string, not: {enum: [a, b]}}")
    assert [verdict.split()[:2] for verdict in verdicts(growing)] == [["breaking", "request"]]
    shrinking = sent("{type: string, not: {enum: [a, b]}}", "{type: string, not: {enum: [a]}}")
    assert [verdict.split()[0] for verdict in verdicts(shrinking)] == ["additive"]


def test_recursion_names_every_operation_on_every_run() -> None:
    """27: two components that refer to each other, an operation for each, and one edit."""
    form = (
        "{paths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: "
        "{schema: {$ref: '#/components/schemas/A'}}}}}}}, /b: {get: {responses: {'200': {description: OK, "
        "content: {application/json: {schema: {$ref: '#/components/schemas/B'}}}}}}}}, components: {schemas: "
        "{A: {type: object, properties: {n: {type: %s}, b: {$ref: '#/components/schemas/B'}}}, "
        "B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}}"
    )
    for _ in range(5):
        found = compare(*documents(document(form % "integer", form % "string"))).changes
        assert [(change.rule, change.operations) for change in found] == [("type-changed", ("GET /a", "GET /b"))]
