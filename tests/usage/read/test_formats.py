"""Every format: its sample lines, read to the right fields."""

from pathlib import Path

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME, FORMATS
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of

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
}  # fmt: skip


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


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_sample_lines(name: str) -> None:
    columns = {"api_key": "trace"} if name == "aws-alb.log" else {}
    assert events(str(LOGS / name), Options(columns=columns)) == SAMPLES[name]


def test_every_format_has_sample_lines() -> None:
    assert {name for name, _ in SAMPLES.values()} == {log_format.name for log_format in FORMATS}
    assert {path.name for path in LOGS.iterdir()} == set(SAMPLES)
    assert set(ALIASES_OF_FORMATS.values()) <= set(BY_NAME)


def test_a_header_of_a_span_can_be_the_version_or_the_key() -> None:
    options = Options(version_from="header:Stripe-Version", columns={"api_key": "http.request.header.stripe-version"})
    _, rows = events(str(LOGS / "otlp.jsonl"), options)
    assert [(row[5], row[7]) for row in rows] == [("2020-08-27", "2020-08-27"), ("", ""), ("", "")]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"aws-alb.log"}))
def test_naming_the_format_reads_the_same(name: str) -> None:
    assert events(str(LOGS / name), Options(log_format=SAMPLES[name][0])) == SAMPLES[name]
