"""Format strings as they stand in servers' configurations, and the lines that they write taken apart."""

import re

import pytest

from apidiff.usage.read.form import Format
from apidiff.usage.read.strings import format_of, is_format_string
from apidiff.usage.read.texts import TEXTS
from apidiff.words.errors import ApidiffError

_COMBINED = r'%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"'
_LINE = '192.0.2.1 - key_1 [14/Mar/2026:08:26:53 +0000] "GET /v1/pets?a=1 HTTP/1.1" 200 512 "-" "okhttp/4 (x \\"y\\")"'
_STAMP = "14/Mar/2026:08:26:53 +0000"
_REQUEST = "GET /v1/pets?a=1 HTTP/1.1"


def read(chosen: Format, line: str) -> dict[str, str]:
    """The canonical fields of a line that have a value, by the first column that has one."""
    match = re.match(chosen.pattern, line)
    assert match is not None, chosen.pattern
    columns = match.groupdict()
    found = {
        name: next((columns[column] for column in names if columns.get(column) not in (None, "", "-")), "")
        for name, names in chosen.fields.items()
    }
    return {name: value for name, value in found.items() if value}


APACHE_ALL = {"time": f"[{_STAMP}]", "request": _REQUEST, "status": "200", "user_agent": 'okhttp/4 (x \\"y\\")'}
NGINX_ALL = {"time": _STAMP, "request": _REQUEST, "status": "200", "user_agent": 'okhttp/4 (x \\"y\\")'}


@pytest.mark.parametrize(
    ("text", "line", "fields"),
    [
        # nginx: the string alone, and as the directive stands in nginx.conf
        (
            (
                '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
                '"$http_user_agent"'
            ),
            _LINE,
            NGINX_ALL,
        ),
        (
            (
                "log_format main '$remote_addr - $remote_user [$time_local] \"$request\" '\n"
                "                '$status $body_bytes_sent \"$http_referer\" \"$http_user_agent\"';"
            ),
            _LINE,
            NGINX_ALL,
        ),
        (
            "${msec}|$request_method|$request_uri|$status|$http_x_api_key",
            "1773476813.500|GET|/v1/pets?a=1|200|key_1",
            {"time": "1773476813.500", "method": "GET", "path": "/v1/pets?a=1", "status": "200"},
        ),
        (
            '$remote_addr [$time_iso8601] $host "$request" $status "$http_x_forwarded_for"',
            f'192.0.2.1 [2026-03-14T08:26:53+00:00] a.example "{_REQUEST}" 200 "198.51.100.1, 192.0.2.9"',
            {"time": "2026-03-14T08:26:53+00:00", "request": _REQUEST, "status": "200", "host": "a.example"},
        ),
        # Apache: the string, and two directives
        (_COMBINED, _LINE, APACHE_ALL),
        ('LogFormat "' + _COMBINED.replace('"', '\\"') + '" combined', _LINE, APACHE_ALL),
        (
            'LogFormat "%v:%p %h %l %u %t \\"%r\\" %>s %O" vhost_common',
            f'a.example:443 192.0.2.1 - - [{_STAMP}] "{_REQUEST}" 304 0',
            {"time": f"[{_STAMP}]", "request": _REQUEST, "status": "304", "host": "a.example"},
        ),
        (
            '%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t %m %U%q %s %{X-Api-Key}i %^FB',
            "2026-03-14T08:26:53.500 GET /v1/pets?a=1 200 key_1 77",
            {"time": "2026-03-14T08:26:53.500", "method": "GET", "path": "/v1/pets", "query": "?a=1", "status": "200"},
        ),
        (
            "%m %{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t %U %s",
            "GET 2026-03-14T08:26:53.500 /v1/pets 200",
            {"time": "2026-03-14T08:26:53.500", "method": "GET", "path": "/v1/pets", "status": "200"},
        ),
        (
            "%{sec}t %m %U %>s %!200{X-No}i 100%%",
            "1773476813 GET /v1/pets 200 - 100%",
            {"time": "1773476813", "method": "GET", "path": "/v1/pets", "status": "200"},
        ),
        (
            "%{begin:msec}t -> %{end:msec}t %m %U %s",
            "1773476813500 -> 1773476813900 GET /v1/pets 200",
            {"time": "1773476813500", "method": "GET", "path": "/v1/pets", "status": "200"},
        ),
        # HAProxy: its documented httplog, and one of a user's own with samples
        (
            (
                'log-format "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc '
                '%sq/%bq %hr %hs %{+Q}r"'
            ),
            f'192.0.2.1:3 [14/Mar/2026:08:26:53.1] fe~ be/s 0/0/0/1/1 200 9 - - ---- 1/1/0/0/0 0/0 "{_REQUEST}"',
            {"time": "14/Mar/2026:08:26:53.1", "request": _REQUEST, "status": "200"},
        ),
        (
            "%Ts %HM %HU %ST %[capture.req.hdr(0)] %{+Q}[req.fhdr(user-agent)]",
            '1773476813 GET /v1/pets?a=1 200 key_1 "okhttp/4"',
            {"time": "1773476813", "method": "GET", "path": "/v1/pets?a=1", "status": "200", "user_agent": "okhttp/4"},
        ),
        # Envoy, API Gateway, gunicorn, morgan
        (
            (
                '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% '
                '"%REQ(X-CONSUMER-ID)%" "%REQ(:AUTHORITY)%"'
            ),
            '[2026-03-14T08:26:53.500Z] "GET /v1/pets?a=1 HTTP/2" 200 "key_1" "a.example"',
            {
                "time": "2026-03-14T08:26:53.500Z", "method": "GET", "path": "/v1/pets?a=1", "status": "200",
                "host": "a.example",
            },
        ),
        (
            (
                '$context.identity.apiKeyId [$context.requestTime] "$context.httpMethod $context.resourcePath" '
                "$context.status"
            ),
            f'key_1 [{_STAMP}] "GET /v1/pets" 200',
            {"time": _STAMP, "method": "GET", "route": "/v1/pets", "status": "200", "api_key": "key_1"},
        ),
        (
            '%(h)s %(l)s %({x-consumer-id}i)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"',
            _LINE,
            APACHE_ALL,
        ),
        (
            ":date[iso] :method :url :status :req[x-consumer-id] :response-time ms",
            "2026-03-14T08:26:53.500Z GET /v1/pets?a=1 200 key_1 1.2 ms",
            {"time": "2026-03-14T08:26:53.500Z", "method": "GET", "path": "/v1/pets?a=1", "status": "200"},
        ),
        (
            "$CLIENT_IP [$DATE_NCSA] $HTTP_METHOD $HTTP_URI $HTTP_STATCODE ${X-Api-Key} ${Host} ${HTTP_VERSION}",
            f"192.0.2.1 [{_STAMP}] GET /v1/pets?a=1 200 key_1 a.example HTTP/1.1",
            {"time": _STAMP, "method": "GET", "path": "/v1/pets?a=1", "status": "200", "host": "a.example"},
        ),
        (
            '$DATE_HTTP "$HTTP_REQUEST" $HTTP_STATCODE "${User-Agent}"',
            f'Sat, 14 Mar 2026 08:26:53 GMT "{_REQUEST}" 200 "okhttp/4"',
            {"time": "Sat, 14 Mar 2026 08:26:53 GMT", "request": _REQUEST, "status": "200", "user_agent": "okhttp/4"},
        ),
        # a pattern of one's own
        (
            r"^(?<time>\S+) (?P<method>[A-Z]+) (?P<path>\S+) -> (?P<status>\d+) by (?P<api_key>\S+)",
            "2026-03-14T08:26:53Z GET /v1/pets -> 200 by key_1",
            {
                "time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/v1/pets", "status": "200",
                "api_key": "key_1",
            },
        ),
    ],
)  # fmt: skip
def test_lines_are_taken_apart_as_they_were_put_together(text: str, line: str, fields: dict[str, str]) -> None:
    assert is_format_string(text)
    assert read(format_of(text), line) == fields


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("$status $http_x_api_key $request [$time_local]", "http_x_api_key"),
        ("%s %{X-Api-Key}i %r %t", "X_Api_Key"),
        ("%ST %[capture.req.hdr(0),lower] %r [%tr]", "capture_req_hdr_0"),
        ("%ST %[var(txn.client_id)] %r [%tr]", "client_id"),
        ("%RESPONSE_CODE% %DYNAMIC_METADATA(envoy.filters.http.jwt_authn:payload:azp)%", "azp"),
        (":status :req[x-api-key]", "x_api_key"),
    ],
)
def test_what_a_variable_is_called_is_the_name_of_its_column(text: str, column: str) -> None:
    assert column in re.compile(format_of(text).pattern).groupindex


def test_a_string_that_is_a_json_object_names_its_members() -> None:
    text = (
        "log_format api escape=json '{\"at\":\"$time_iso8601\",\"req\":{\"verb\":\"$request_method\","
        "\"target\":\"$request_uri\"},\"code\":$status,\"who\":\"$http_x_api_key\"}';"
    )  # fmt: skip
    found = format_of(text)
    assert (found.kind, dict(found.fields)) == (
        "json",
        {"time": ("at",), "method": ("req.verb",), "path": ("req.target",), "status": ("code",)},
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no variable [at all]", "it holds no variable of a server that is known"),
        ("(?P<time>[)", "its pattern is wrong (unterminated character set)"),
        ("(?P<one>.)(?P<two>.)", "none of its groups is called like a field"),
        ('{"a": $status', "it begins as a JSON object and is none"),
    ],
)
def test_what_is_no_format_is_refused(text: str, why: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        format_of(text)
    assert (caught.value.code, caught.value.status) == ("usage-format-string", 2)
    assert caught.value.message == f"the format string can't be read: {why}"


def test_names_of_formats_are_no_strings() -> None:
    assert not any(map(is_format_string, ["nginx", "aws-alb", "azure-api-management", "w3c"]))


@pytest.mark.parametrize("known", TEXTS, ids=lambda known: str(known.name))
def test_a_line_that_is_not_of_a_known_layout_ends_soon(known: Format) -> None:
    # patterns are for an engine that knows no way back; in the first lines they are tried by Python's, which does
    line = '192.0.2.1 - - [x] "' + 'a b\\" ' * 2000
    assert re.match(known.pattern, line) is None
