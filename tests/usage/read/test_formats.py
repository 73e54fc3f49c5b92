"""Every format: its sample lines, read to the right fields."""

from pathlib import Path

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME, FORMATS
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of
from apidiff.words.errors import ApidiffError

LOGS = Path(__file__).resolve().parents[3] / "fixtures" / "logs"
FIELDS = (
    "strftime(moment, '%m-%d %H:%M:%S.%f')[:14], method, path, query, status, key, agent, version, operation_id, "
    "amount, reason"
)

_AT = "03-14 08:26:53"
_NEXT = "03-14 08:26:54"


def event(
    moment: str | None, call: str, query: str, status: int | str, key: str, agent: str, **more: object
) -> tuple[object, ...]:
    method, _, path = call.partition(" ")
    values = {"version": "", "operation_id": "", "amount": 1, "reason": ""} | more
    return (moment, method, path, query, status, key, agent, *values.values())


SAMPLES: dict[str, tuple[str, list[tuple[object, ...]]]] = {
    "nginx-combined.log": (
        "combined",
        [
            event(
                _AT, "GET /v1/charges/ch_1", "limit=3&expand%5B%5D=customer", 200, "key_7f3a", "python-requests/2.31.0"
            ),
            event(_NEXT, "HEAD /v1/charges", "", 401, "", "curl/8.4.0"),
            event("03-14 08:26:55", "POST /v1/charges", "", 499, "key_7f3a", 'weird "quoted" agent'),
        ],
    ),
    "apache-common.log": (
        "combined",
        [
            event("12-26 14:16:29", "GET /v1/charges", "", 404, "key_7f3a", ""),
            event("12-26 14:16:48", "", "", 408, "key_7f3a", "", reason="no method"),
            event("12-26 14:16:49", "", "", 400, "", "", reason="no method"),
        ],
    ),
    "nginx-json.jsonl": (
        "nginx-json",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "k-7f3a", "axios/1.6.2"),
            event(_NEXT, "POST /v1/charges", "", 502, "", ""),
        ],
    ),
    "aws-api-gateway.jsonl": (
        "aws-api-gateway",
        [
            event(_AT, "GET /v1/charges/{id}", "", 200, "ab12cd34ef", ""),
            event(_NEXT, "POST /v1/charges", "", 201, "client-9", ""),
            event("03-14 08:26:55", "GET /v1/charges", "", 403, "", ""),
        ],
    ),
    "aws-api-gateway-clf.log": (
        "aws-api-gateway-clf",
        [
            event(_AT, "GET /v1/charges/{id}", "", 200, "ab12cd34ef", ""),
            event(_NEXT, "POST /v1/charges", "", 400, "", ""),
        ],
    ),
    "aws-alb.log": (
        "aws-alb",
        [
            event(_AT, "GET /v1/charges/ch_1", "limit=3", 200, "Root=1-5", "curl/8.4.0"),
            event(_NEXT, "GET /shell", "cd+/tmp;rm+ x", 301, "Root=1-6", "Hello, world"),
        ],
    ),
    "cloudfront.tsv": (
        "cloudfront",
        [
            event(_AT, "POST /v1/charges", "source=global", 200, "client-9", "Mozilla/5.0 (Windows NT 10.0)"),
            event(_NEXT, "GET /v1/charges", "", 0, "", "curl/8.4.0"),
        ],
    ),
    "iis.log": (
        "iis",
        [
            event(_AT, "POST /v1/charges", "", 200, "client-9", "Mozilla/4.0 (compatible; MSIE 7.0)"),
            event(_NEXT, "GET /v1/charges", "limit=3", 500, "", "curl/8.4.0"),
        ],
    ),
    "kong.jsonl": (
        "kong",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "ae974d6c", "HTTPie/2.4.0", version="2020-08-27"),
            event(_NEXT, "GET /v1/charges", "", 401, "", "a"),
        ],
    ),
    "envoy.jsonl": (
        "envoy",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "okhttp/4.12.0"),
            event(_NEXT, "-", "", 0, "", "", reason="no method"),
        ],
    ),
    "traefik.jsonl": ("traefik", [event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "Go-http-client/2.0")]),
    "caddy.jsonl": ("caddy", [event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "curl/8.4.0")]),
    "tyk.jsonl": (
        "tyk",
        [event(_AT, "GET /v1/charges/{id}", "", 200, "5fd3a1", "python-httpx/0.27", version="2020-08-27")],
    ),
    "apigee.csv": (
        "apigee",
        [
            event("03-14 08:00:00", "GET /v1/charges", "", 200, "client-9", "curl/8.4.0", amount=42),
            event("03-14 09:00:00", "POST /v1/charges", "", 503, "client-9", "curl/8.4.0", amount=3),
        ],
    ),
    "azure-api-management.jsonl": (
        "azure-api-management",
        [event(_AT, "GET /pay/charges", "limit=3", 200, "client-9", "", version="1", operation_id="listCharges")],
    ),
    "google-cloud-endpoints.jsonl": (
        "google-cloud-endpoints",
        [
            event(
                _AT, "GET /v1/charges", "limit=3", 200, "AIzaSyA0123456789abcdefghij", "",
                version="1.0.0", operation_id="listCharges",
            )
        ],
    ),
    "google-load-balancer.jsonl": (
        "google-load-balancer",
        [event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "curl/8.4.0")],
    ),
    "cloudflare.jsonl": (
        "cloudflare",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "got (https://github.com/sindresorhus/got)"),
            event(_NEXT, "GET /v1/charges", "", 429, "", ""),
        ],
    ),
    "opentelemetry.jsonl": ("opentelemetry", [event(_AT, "GET /v1/charges/:id", "limit=3", 200, "client-9", "undici")]),
    "opentelemetry-old.jsonl": ("opentelemetry", [event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "undici")]),
    "otlp.jsonl": (
        "otlp",
        [
            event(_AT, "GET /v1/charges/:id", "limit=3", 200, "client-9", "undici"),
            event(_NEXT, "POST /v1/charges", "expand=customer", 402, "", "Java-http-client/17.0.9"),
            event(None, "", "", "", "", "", reason="not a row of this format"),
        ],
    ),
    "application.jsonl": ("json", [event(_AT, "GET /v1/charges/:id", "", 200, "1337", "Ruby")]),
    "plain.csv": (
        "table",
        [
            event(_AT, "GET /v1/charges/ch_1", "limit=3", 200, "sk_live_0123456789", 'Faraday v2; "beta"'),
            event(_NEXT, "post /v1/charges", "", 201, "sk_live_0123456789", ""),
        ],
    ),
    "haproxy.log": (
        "haproxy",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "key_7f3a", ""),
            event(_NEXT, "POST /v1/charges", "", 503, "", ""),
            event("03-14 08:26:55", "", "", 400, "", "", reason="no method"),
        ],
    ),
    "envoy-text.log": (
        "envoy-text",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "6a2b7c1e", "okhttp/4.12.0"),
            event(_NEXT, "-", "", 400, "", "", reason="no method"),
        ],
    ),
    "istio-text.log": (
        "istio-text",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "6a2b7c1e", "okhttp/4.12.0"),
            event(_NEXT, "POST /v1/charges", "", 503, "6a2b7c1f", "curl/8.4.0"),
        ],
    ),
    "gin.log": (
        "gin",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "192.0.2.1", ""),
            event(_NEXT, "POST /v1/charges", "", 404, "192.0.2.2", ""),
        ],
    ),
    "django.log": (
        "django",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "200", ""),
            event(_NEXT, "POST /v1/charges", "", 500, "500", ""),
        ],
    ),
    "werkzeug.log": (
        "django",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "192.0.2.1", ""),
            event(_NEXT, "POST /v1/charges", "", 500, "192.0.2.1", ""),
        ],
    ),
    "uwsgi.log": (
        "uwsgi",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "key_7f3a", ""),
            event(_NEXT, "POST /v1/charges", "", 401, "", ""),
        ],
    ),
    "go-chi.log": (
        "go-chi",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "192.0.2.1:51234", ""),
            event(_NEXT, "POST /v1/charges", "", 500, "192.0.2.1:51234", ""),
        ],
    ),
    "squid.log": (
        "squid",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "key_7f3a", ""),
            event(_NEXT, "POST /v1/charges", "", 407, "", ""),
        ],
    ),
    "aws-elb.log": (
        "aws-elb",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "192.0.2.1:2817", "curl/8.4.0"),
            event(_NEXT, "POST /v1/charges", "", 503, "192.0.2.1:2818", "curl/8.4.0"),
        ],
    ),
    "s3.log": (
        "s3",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "arn:aws:iam::123456789012:user/key_7f3a", ""),
            event(_NEXT, "PUT /v1/charges", "", 403, "", ""),
        ],
    ),
    "heroku-router.log": (
        "heroku-router",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "6a2b7c1e", ""),
            event(_NEXT, "POST /v1/charges", "", 503, "6a2b7c1f", ""),
        ],
    ),
    "lograge.log": (
        "lograge",
        [
            event(_AT, "GET /v1/charges", "", 200, "key_7f3a", ""),
            event(_NEXT, "POST /v1/charges", "", 422, "", ""),
        ],
    ),
    "logfmt.log": (
        "logfmt",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "key_7f3a", 'okhttp/4.12.0 (a=b "c")'),
            event(_NEXT, "POST /v1/charges", "", 401, "", "curl/8.4.0"),
        ],
    ),
    "apisix.jsonl": (
        "apisix",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "client-9", "okhttp/4.12.0"),
            event(_NEXT, "POST /v1/charges", "", 401, "", "curl/8.4.0"),
        ],
    ),
    "azure-front-door.jsonl": (
        "azure-front-door",
        [
            event(
                _AT, "GET /v1/charges", "limit=3", 200, "0abc", "okhttp/4.12.0",
                operation_id="Microsoft.Cdn/Profiles/AccessLog/Write",
            )
        ],
    ),
    "azure-application-gateway.jsonl": (
        "azure-application-gateway",
        [
            event(
                _AT, "GET /v1/charges", "limit=3", 200, "7f3a", "okhttp/4.12.0", operation_id="ApplicationGatewayAccess"
            )
        ],
    ),
    "cloudfront-json.jsonl": (
        "cloudfront-json",
        [event(_AT, "GET /v1/charges", "limit=3", 200, "hrsH", "okhttp/4.12.0")],
    ),
    "vercel.jsonl": (
        "vercel",
        [event(_AT, "GET /v1/charges", "limit=3", 200, "r1", "okhttp/4.12.0")],
    ),
    "ltsv.log": (
        "ltsv",
        [
            event(_AT, "GET /v1/charges", "limit=3", 200, "key_7f3a", "curl/8.4.0"),
            event(_NEXT, "POST /v1/charges", "", 401, "", "curl/8.4.0"),
        ],
    ),
}  # fmt: skip
KEYLESS = {
    "aws-alb.log": "trace",
    "aws-elb.log": "address",
    "azure-application-gateway.jsonl": "properties.transactionId",
    "azure-front-door.jsonl": "properties.trackingReference",
    "cloudfront-json.jsonl": "x-edge-request-id",
    "django.log": "status",
    "envoy-text.log": "x_request_id",
    "gin.log": "address",
    "go-chi.log": "address",
    "heroku-router.log": "request_id",
    "istio-text.log": "x_request_id",
    "vercel.jsonl": "requestId",
    "werkzeug.log": "address",
}
"""The logs that name no caller, and what is called the key so that they are read."""
UNREADABLE = {
    "aws-waf.jsonl": "the log is of AWS WAF: a web ACL knows no status, and no key",
    "morgan-tiny.log": "the log is of morgan's tiny, dev and short: its lines have no time",
    "rails.log": "the log is of Rails, two lines a request: its status and its path are in different lines",
    "uvicorn.log": "the log is of Uvicorn: its lines have no time",
}
"""The logs that can't be read whatever is mapped, and the refusal."""


def events(path: str, options: Options) -> tuple[str, list[tuple[object, ...]]]:
    """The format found, and the events; what a log leaves out or writes as a dash is the empty text."""
    log = Log([path], options)
    with log.opened(routes_of([])) as connection:
        rows = connection.execute(f"SELECT {FIELDS} FROM events").fetchall()
        (reading,) = log.readings(connection)
    return reading.layout.format.name, [
        (moment, method or "", *("" if value in (None, "-") else value for value in rest))
        for moment, method, *rest in rows
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_sample_lines(name: str) -> None:
    assert events(str(LOGS / name), Options(columns=_columns(name))) == SAMPLES[name]


def _columns(name: str) -> dict[str, str | tuple[str, ...]]:
    return {"api_key": KEYLESS[name]} if name in KEYLESS else {}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(KEYLESS) - {"django.log", "werkzeug.log"}))
def test_a_log_without_a_caller_is_refused_with_the_way_to_log_one(name: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        events(str(LOGS / name), Options())
    assert (caught.value.code, caught.value.message) == (
        "usage-column-missing",
        "the log has no field for `api_key`: who called",
    )
    hint = BY_NAME[SAMPLES[name][0]].key_hint
    assert hint
    assert (caught.value.hint or "").startswith(f"{hint}\n")


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_lines_that_lack_what_no_mapping_gives_are_refused_by_their_name(name: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        events(str(LOGS / name), Options())
    assert (caught.value.code, caught.value.message) == ("usage-column-missing", UNREADABLE[name])
    assert caught.value.hint


def test_every_format_has_sample_lines() -> None:
    readable = {log_format.name for log_format in FORMATS if not log_format.lacks}
    assert {name for name, _ in SAMPLES.values()} == readable
    assert {name.partition(".")[0] for name in UNREADABLE} == {form.name for form in FORMATS if form.lacks}
    assert {path.name for path in LOGS.iterdir()} == {*SAMPLES, *UNREADABLE}
    assert set(ALIASES_OF_FORMATS.values()) <= set(BY_NAME)


def test_a_header_of_a_span_can_be_the_version_or_the_key() -> None:
    options = Options(version_from="header:Stripe-Version", columns={"api_key": "http.request.header.stripe-version"})
    _, rows = events(str(LOGS / "otlp.jsonl"), options)
    assert [(row[5], row[7]) for row in rows] == [("2020-08-27", "2020-08-27"), ("", ""), ("", "")]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_naming_the_format_reads_the_same(name: str) -> None:
    options = Options(log_format=SAMPLES[name][0], columns=_columns(name))
    assert events(str(LOGS / name), options) == SAMPLES[name]
