"""Shapes in which collectors, warehouses and their query tools hand logs on: each row as it was."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.read.aliases import readings
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of

Write = Callable[..., str]
ROWS = [
    (f"2026-03-14 08:26:5{number}", method, f"/pets/{number}", status, f"k_{number}")
    for number, (method, status) in enumerate([("GET", 200), ("POST", 201), ("DELETE", 404), ("GET", 500)])
]
EPOCH = 1_773_476_810
NAMES = ("event_time", "method", "path", "status", "api_key")


def events(path: str, **columns: str) -> list[tuple[Any, ...]]:
    log = Log([path], Options(columns=columns))
    with log.opened(routes_of(())) as connection:
        asked = "SELECT moment, method, path, status, key, reason FROM events ORDER BY moment"
        return connection.execute(asked).fetchall()


def whole(rows: Iterable[tuple[str, str, str, int, str]]) -> list[tuple[Any, ...]]:
    return [(datetime.fromisoformat(row[0]), *row[1:], "") for row in rows]


def lines(write: Callable[[str, str, str, int, str], str]) -> str:
    return "".join(write(*row) + "\n" for row in ROWS)


def objects(write: Callable[[str, str, str, int, str], Any]) -> str:
    return lines(lambda *row: json.dumps(write(*row)))


def table(heading: Sequence[str], write: Callable[[str, str, str, int, str], Sequence[Any]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([heading, *(write(*row) for row in ROWS)])
    return out.getvalue()


SHAPES = {
    "ArcSight's CEF": lines(
        lambda at, verb, path, status, key: f"CEF:0|F5|BIG-IP|1|100|access|3|rt={EPOCH + int(at[-1])}000 "
        f"src=192.0.2.1 requestMethod={verb} request={path} cn1={status} cn1Label=status suser={key}"
    ),
    "labels of CEF": lines(
        lambda at, verb, path, status, key: f"CEF:0|A|B|1|100|access|3|rt={EPOCH + int(at[-1])}000 "
        f"requestMethod={verb} request={path} cn1={status} cn1Label=statusCode cs1={key} cs1Label=apiKey"
    ),
    "QRadar's LEEF": lines(
        lambda at, verb, path, status, key: f"LEEF:1.0|Depot|GW|2.3|access|devTime={at.replace(' ', 'T')}Z\t"
        f"method={verb}\turl={path}\tstatus={status}\tusrName={key}"
    ),
    "pairs between bars": lines(
        lambda at, verb, path, status, key: f'time="{at}+00:00"|request="{verb} {path} HTTP/1.1"|'
        f"status={status}|key={key}"
    ),
    "Monolog": lines(
        lambda at, verb, path, status, key: f"[{at}] production.INFO: api.request "
        + json.dumps({"method": verb, "uri": path, "status": status, "api_key_id": key})
        + " []"
    ),
    "a time with a comma before an object": lines(
        lambda at, verb, path, status, key: f"{at},000 INFO access "
        + json.dumps({"method": verb, "uri": path, "status": status, "api_key_id": key})
    ),
    "ClickHouse's JSONCompact": json.dumps(
        {"meta": [{"name": name, "type": "String"} for name in NAMES], "data": ROWS, "rows": len(ROWS)}
    ),
    "DynamoDB": objects(
        lambda at, verb, path, status, key: {
            "Item": {
                "ts": {"N": str(EPOCH + int(at[-1]))},
                "method": {"S": verb},
                "path": {"S": path},
                "status": {"N": str(status)},
                "apiKeyId": {"S": key},
            }
        }
    ),
    "MongoDB, canonical": objects(
        lambda at, verb, path, status, key: {
            "createdAt": {"$date": at.replace(" ", "T") + "Z"},
            "method": verb,
            "route": path,
            "statusCode": {"$numberInt": str(status)},
            "clientKey": key,
        }
    ),
    "Azure Monitor": table(
        ["TimeGenerated [UTC]", "httpMethod_s", "requestUri_s", "httpStatusCode_d", "apiKeyId_s"],
        lambda at, verb, path, status, key: [at, verb, f"https://api.example.com:443{path}", f"{status}.0", key],
    ),
    "a header's name behind that of the request": objects(
        lambda at, verb, path, status, key: {
            "timestamp": at,
            "url": path,
            "request_method": verb,
            "response_status": status,
            "req_http_x_api_key": key,
        }
    ),
    "objects in the cells of a table": table(
        ["timestamp", "name", "resultCode", "url", "customDimensions"],
        lambda at, verb, path, status, key: [
            at, f"{verb} x", status, path, json.dumps({"Subscription Name": key, "HTTP Method": verb})
        ],
    ),
    "objects of Athena in the cells of a table": table(
        ["time", "request", "status", "identity"],
        lambda at, verb, path, status, key: [
            at, f"{{method={verb}, headers={{accept=*/*}}, path={path}}}", status, f"{{ip=null, apikeyid={key}}}"
        ],
    ),
    "Elasticsearch's SQL": json.dumps({"columns": [{"name": name} for name in NAMES], "values": ROWS}),
    "WSO2": objects(
        lambda at, verb, path, status, key: {
            "requestTimestamp": at,
            "apiMethod": verb,
            "apiResourceTemplate": path,
            "applicationId": key,
            "proxyResponseCode": status,
        }
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_each_row_is_read(name: str, write: Write) -> None:
    assert events(write("log", SHAPES[name])) == whole(ROWS)


HEADLESS = {
    "commas": lines(lambda at, verb, path, status, key: f'"{at}","{verb}","{path}","{status}","{key}","a, b"'),
    "tabs": lines(lambda at, verb, path, status, key: f"{at}\t{verb}\t{path}\t{status}\t{key}"),
    "bars, lined up": lines(
        lambda at, verb, path, status, key: f"{at} | {verb} {path} HTTP/1.1 | 7 | {status} | {key} "
    ),
}


@pytest.mark.parametrize("name", HEADLESS)
def test_a_table_without_a_heading_is_read_by_what_its_columns_hold(name: str, write: Write) -> None:
    assert events(write("log", HEADLESS[name]), api_key="column5") == whole(ROWS)


def test_the_columns_of_a_w3c_log_may_change_on_the_way(write: Write) -> None:
    first, second = ROWS[:2], ROWS[2:]
    text = (
        "#Version: 1.0\n#Fields: date time cs-method cs-uri-stem cs-username sc-status\n"
        + "".join(f"{at} {verb} {path} {key} {status}\n" for at, verb, path, status, key in first)
        + "\n#Fields: date time s-ip cs-username cs-uri-stem cs-method sc-status time-taken\n"
        + "".join(f"{at} 192.0.2.1 {key} {path} {verb} {status} 7\n" for at, verb, path, status, key in second)
        + "2026-03-14 08:27:00 192.0.2.1 k_9 /pets/9 GET\n"
    )
    path = write("iis.log", text)
    *read, cut = events(path)
    assert (read, cut[-1]) == (whole(ROWS), "a status that is none")
    coverage = measure([path], [], options=Options()).coverage
    assert [place.rpartition("/")[2] for place, _ in coverage.malformed_samples] == ["iis.log:9"]


def test_the_cells_of_a_w3c_log_may_be_quoted(write: Write) -> None:
    rows = lines(
        lambda at, verb, path, status, key: (
            '"' + '" "'.join([*at.split(" "), key, verb, path, "", str(status), "a b"]) + '"'
        )
    )
    path = write(
        "waf.log", f"#Fields: date time cs-user cs-method cs-uri cs-uri-query sc-status cs(User-Agent)\n{rows}"
    )
    assert events(path) == whole(ROWS)


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("req_http_x_api_key", ("reqhttpxapikey", "xapikey")),
        ("request_header_X-Api-Key", ("requestheaderxapikey", "xapikey")),
        ("http_headers.user-agent", ("httpheadersuseragent", "useragent")),
        ("apiKeyId_s", ("apikeyids", "apikeyid")),
        ("status_x", ("statusx",)),
        ("requests", ("requests",)),
        ("http_status", ("httpstatus",)),
        ("_s", ("s",)),
    ],
)
def test_what_a_name_may_be_spelled_as(name: str, spelled: tuple[str, ...]) -> None:
    assert readings(name) == spelled
