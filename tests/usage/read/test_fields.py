"""Which field of a log is which: by its name and by what it holds; and what is said where one is missing."""

from typing import Any

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.fields import find_fields, taken_for
from apidiff.usage.read.formats import BY_NAME
from apidiff.usage.read.sample import sample_of_columns, sample_of_objects
from apidiff.words.errors import ApidiffError

AT, CALL = "2026-03-14T08:26:53Z", {"method": "GET", "path": "/v1/charges", "status": 200}


def found(*rows: dict[str, Any], **columns: Any) -> dict[str, str]:
    sample = sample_of_objects(rows)
    fields = find_fields(BY_NAME["json"], sample, Options(columns=columns), shown="a.jsonl")
    return dict(taken_for(fields.paths.items()))


SHAPES: list[tuple[dict[str, Any], dict[str, str]]] = [
    (
        {"time": AT, **CALL, "key": "cache:/v1/charges", "client_id": "k"},
        {"time": "time", "method": "method", "path": "path", "status": "status", "api_key": "client_id"},
    ),
    (
        {"@timestamp": AT, "verb": "GET", "request": "/v1/charges", "response": "200", "auth": "k",
         "path": "/var/log/nginx/access.log"},
        {"time": "@timestamp", "method": "verb", "path": "request", "status": "response", "api_key": "auth"},
    ),
    (
        {"ts": 1773476813.25, "request": "GET /v1/charges HTTP/1.1", "status": "200", "apiKey": "k"},
        {"time": "ts", "status": "status", "api_key": "apiKey", "request": "request"},
    ),
    (
        {"a": {"b": {"c": {"d": {"e": {"time": AT, **CALL, "consumer": {"username": "k"}}}}}}},
        {
            "time": "a.b.c.d.e.time", "method": "a.b.c.d.e.method", "path": "a.b.c.d.e.path",
            "status": "a.b.c.d.e.status", "api_key": "a.b.c.d.e.consumer.username",
        },
    ),
    (
        {"upstream": {"status": 502}, "res": {"statusCode": 200}, "time": 1773476813250,
         "req": {"method": "GET", "url": "/v1/charges", "headers": {"X-API-Key": "k", "User-Agent": "curl"}}},
        {
            "time": "time", "method": "req.method", "path": "req.url", "status": "res.statusCode",
            "api_key": "req.headers.X-API-Key", "user_agent": "req.headers.User-Agent",
        },
    ),
    (
        {"timestamp": AT, "line": '{"method": "GET", "path": "/v1/charges", "status": 200, "api_key": "k"}'},
        {"time": "timestamp", "method": "line.method", "path": "line.path", "status": "line.status",
         "api_key": "line.api_key"},
    ),
    (
        {"time": AT, **CALL, "headers": [{"name": "X-Api-Key", "value": "k"}, {"name": "Accept", "value": "*"}]},
        {"time": "time", "method": "method", "path": "path", "status": "status", "api_key": "headers.X-Api-Key"},
    ),
    (
        {"requestId": "a", "requestTime": "14/Mar/2026:08:26:53 +0000", "httpMethod": "GET",
         "routeKey": "GET /v1/charges", "status": "200", "apiKeyId": "k"},
        {"time": "requestTime", "method": "httpMethod", "status": "status", "api_key": "apiKeyId", "route": "routeKey"},
    ),
    (
        {"DownstreamStatus": 200, "RequestMethod": "GET", "RequestPath": "/v1/charges", "StartUTC": AT,
         "request_X-Api-Key": "k"},
        {"time": "StartUTC", "method": "RequestMethod", "path": "RequestPath", "status": "DownstreamStatus",
         "api_key": "request_X-Api-Key"},
    ),
    (
        {"_source.at": AT, "_source.method": "GET", "_source.path": "/v1/charges", "_source.status": "200",
         "_source.api_key": "k", "upstream.status": "502"},
        {"time": "_source.at", "method": "_source.method", "path": "_source.path", "status": "_source.status",
         "api_key": "_source.api_key"},
    ),
    (
        {"when_it_was": AT, "how": "GET", "the_url": "/v1/charges", "http_status_returned": "200", "api_key": "k"},
        {"time": "when_it_was", "method": "how", "path": "the_url", "status": "http_status_returned",
         "api_key": "api_key"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), SHAPES)
def test_fields_are_found_by_name_and_by_what_they_hold(row: dict[str, Any], expected: dict[str, str]) -> None:
    assert found(row) == expected


def test_what_a_user_maps_is_taken_as_it_is() -> None:
    row = {"day": "2026-03-14", "at": "08:26:53", **CALL, "client": {"ip": "192.0.2.1"}, "X-Key": "k"}
    mapped = found(row, time=("day", "at"), api_key="client.IP")
    assert (mapped["time"], mapped["api_key"]) == ("day or at", "client.ip")


def test_a_number_of_requests_is_never_guessed() -> None:
    rows = [{"time": AT, **CALL, "api_key": "k", "requests": 7}]
    fields = find_fields(BY_NAME["json"], sample_of_objects(rows), Options(), shown="a.jsonl")
    assert "count" not in fields.paths
    (note,) = fields.notes
    assert note == (
        "each row counts as one request; if `requests` says how many a row stands for, put "
        "`columns: {count: requests}` into apidiff.yaml"
    )
    assert found(*rows, count="requests")["count"] == "requests"


def test_all_that_is_missing_is_said_at_once_with_the_lines_that_map_it() -> None:
    row = {"@on": AT, "also": AT, "call.kind": "-", "Response-Code": "200", "code": "200", "caller org": "k"}
    with pytest.raises(ApidiffError) as caught:
        found(row | {"status": {"code": 7}})
    assert (caught.value.code, caught.value.at, caught.value.message) == (
        "usage-column-missing",
        "a.jsonl",
        "the log has no field for `time`, `method`, `path` and `api_key`",
    )
    assert str(caught.value.hint).splitlines() == [
        "In apidiff.yaml, with the log's own names:",
        "    columns:",
        '      time: "@on"  # when a request came; guessed, or `also`',
        "      method: FIELD  # the verb of a request; nothing in the log looks like it",
        "      path: FIELD  # which operation a request called; nothing in the log looks like it",
        '      api_key: "caller org"  # who called; guessed',
        "  The log has @on, Response-Code, also, call.kind, caller org, code, status.code.",
    ]


def test_a_gateway_that_logs_no_key_says_how_it_would() -> None:
    sample = sample_of_columns(("start_time", "method", "path", "response_code"), [[AT, "GET", "/", "200"]])
    with pytest.raises(ApidiffError) as caught:
        find_fields(BY_NAME["envoy"], sample, Options(), shown="envoy.jsonl")
    assert str(caught.value.hint).startswith(BY_NAME["envoy"].key_hint)
