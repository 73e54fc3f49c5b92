"""Logs inside logs: rows in documents, lines in fields, and both kinds in one file."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Coverage
from apidiff.usage.options import Options
from apidiff.usage.read.documents import documents_of
from apidiff.usage.read.unwrap import _text as text_of
from apidiff.usage.read.unwrap import rows_of
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

Write = Callable[..., str]
PETS = [an_operation("GET /pets")]
ROWS = [
    {
        "time": f"2026-03-14T08:26:5{number}.500Z",
        "method": "GET",
        "path": "/pets?a={1}",
        "status": 200,
        "api_key": f"k_{number}",
    }
    for number in range(4)
]
LINES = [
    f'192.0.2.1 - k_{number} [14/Mar/2026:08:26:5{number} +0000] "GET /pets HTTP/1.1" 200 5 "-" "curl/8"'
    for number in range(4)
]


def coverage(path: str, **options: Any) -> Coverage:
    return measure([path], PETS, options=Options(**options)).coverage


def facts(found: Coverage) -> tuple[int, int, int, int]:
    return found.rows, found.matched, found.malformed, found.keys


WHOLE = (4, 4, 0, 4)


def jsonl(rows: Iterable[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        jsonl([{"records": ROWS[:2]}, {"records": ROWS[2:]}]),
        json.dumps({"logs": ROWS}),
        json.dumps({"logs": ROWS}, indent=2),
        json.dumps({"took": 3, "hits": {"total": {"value": 4}, "hits": [{"_source": row} for row in ROWS]}}, indent=1),
        json.dumps([{"_source": row} for row in ROWS], indent=4),
        "".join(json.dumps(row) for row in ROWS),
        "".join(json.dumps(row, indent=2) + "\n" for row in ROWS),
        ",\n".join(json.dumps(row) for row in ROWS),
        "\x1e".join(["", *(json.dumps(row) + "\n" for row in ROWS)]),
        jsonl(
            [{"messageType": "DATA_MESSAGE", "logEvents": [{"id": "1", "message": json.dumps(row)} for row in ROWS]}]
        ),
        json.dumps({"events": [{"timestamp": 1, "message": json.dumps(row), "ingestionTime": 2} for row in ROWS]}),
        json.dumps(
            {
                "status": "success",
                "data": {
                    "resultType": "streams",
                    "result": [
                        {"stream": {"app": "gw"}, "values": [["1773476813500000000", json.dumps(row)] for row in ROWS]}
                    ],
                },
            }
        ),
        json.dumps(
            {
                "tables": [
                    {
                        "name": "P",
                        "columns": [{"name": name, "type": "s"} for name in ROWS[0]],
                        "rows": [list(row.values()) for row in ROWS],
                    }
                ]
            }
        ),
        json.dumps({"fields": list(ROWS[0]), "rows": [list(row.values()) for row in ROWS]}),
        json.dumps({"anything": ROWS}),
        jsonl(
            [
                {
                    "resourceLogs": [
                        {
                            "scopeLogs": [
                                {
                                    "logRecords": [
                                        {
                                            "timeUnixNano": "1773476813500000000",
                                            "body": {"stringValue": "request"},
                                            "attributes": [
                                                {"key": "http.request.method", "value": {"stringValue": row["method"]}},
                                                {"key": "url.path", "value": {"stringValue": row["path"]}},
                                                {"key": "http.response.status_code", "value": {"intValue": "200"}},
                                                {"key": "enduser.id", "value": {"stringValue": row["api_key"]}},
                                            ],
                                        }
                                        for row in ROWS
                                    ]
                                }
                            ]
                        }
                    ]
                }
            ]
        ),
        json.dumps(
            {
                "data": [
                    {
                        "traceID": "a",
                        "spans": [
                            {
                                "operationName": "GET",
                                "startTime": 1773476813500000,
                                "tags": [
                                    {"key": "http.method", "type": "string", "value": row["method"]},
                                    {"key": "http.target", "type": "string", "value": row["path"]},
                                    {"key": "http.status_code", "type": "int64", "value": 200},
                                    {"key": "enduser.id", "type": "string", "value": row["api_key"]},
                                ],
                            }
                        ],
                    }
                    for row in ROWS
                ]
            }
        ),
    ],
)
def test_rows_inside_documents(write: Write, text: str) -> None:
    assert facts(coverage(write("log.json", text))) == WHOLE


@pytest.mark.parametrize(
    "rows",
    [
        [{"log": f"{line}\n", "stream": "stdout", "time": "2026-03-14T08:26:53Z"} for line in LINES],
        [{"labels": {"app": "gw"}, "line": line, "timestamp": "2026-03-14T08:26:53Z"} for line in LINES],
        [{"__REALTIME_TIMESTAMP": "1773476813500000", "MESSAGE": line} for line in LINES],
        [{"__REALTIME_TIMESTAMP": "1773476813500000", "MESSAGE": list(line.encode())} for line in LINES],
        [{"@timestamp": "2026-03-14T08:26:53Z", "message": line, "host": {"name": "a"}} for line in LINES],
        [{"@timestamp": "2026-03-14T08:26:53Z", "event": {"original": line}} for line in LINES],
        [{"timestamp": "2026-03-14T08:26:53Z", "textPayload": line} for line in LINES],
        [{"preview": False, "result": {"_raw": line, "_time": "2026-03-14T08:26:53Z"}} for line in LINES],
        [{"logEvents": [{"message": line} for line in LINES]}],
        [{"hits": {"hits": [{"_source": {"message": line}} for line in LINES]}}],
        [{"log": f"time=2026-03-14T08:26:53Z method=GET path=/pets status=200 api_key={key}"} for key in "abcd"],
    ],
)  # fmt: skip
def test_lines_inside_fields(write: Write, rows: list[dict[str, Any]]) -> None:
    assert facts(coverage(write("log.jsonl", rows))) == WHOLE


@pytest.mark.parametrize("odd", [[], ["a", "b"], [256], [-1], {"a": 1}, 7, None])
def test_a_message_that_is_neither_text_nor_bytes_has_no_line(odd: Any) -> None:
    row = {"MESSAGE": odd, "event": {"original": "a line"}}
    assert (text_of(row, ("MESSAGE",)), text_of(row, ("event", "original"))) == ("", "a line")
    assert (text_of({"MESSAGE": [0xC3, 0xA9, 0, 255]}, ("MESSAGE",)), text_of(row, ("event", "original", "x"))) == (
        "é\0\ufffd",
        "",
    )


def test_a_line_that_docker_cut_is_put_together(write: Write) -> None:
    pieces = [LINES[0] + "\n", LINES[1][:40], LINES[1][40:70], LINES[1][70:] + "\n", LINES[2] + "\n", LINES[3]]
    path = write("log.jsonl", [{"log": piece, "stream": "stdout"} for piece in pieces])
    assert facts(coverage(path)) == WHOLE


def test_whole_lines_are_told_from_pieces_by_what_the_collector_says(write: Write) -> None:
    bare = [{"date": 1773476813.5, "log": line, "stream": "stdout"} for line in LINES]
    assert facts(coverage(write("bare.jsonl", bare))) == WHOLE
    pieces = [("F", LINES[0]), ("P", LINES[1][:40]), ("F", LINES[1][40:]), ("F", LINES[2]), ("F", LINES[3])]
    told = [{"log": piece, "stream": "stdout", "logtag": tag} for tag, piece in pieces]
    assert facts(coverage(write("told.jsonl", told))) == WHOLE


@pytest.mark.parametrize("texts", [LINES, [json.dumps(row) for row in ROWS]], ids=["lines", "objects"])
def test_a_log_in_a_column_of_a_table(write: Write, texts: list[str]) -> None:
    cells = "".join('"{}",web\n'.format(text.replace('"', '""')) for text in texts)
    assert facts(coverage(write("log.csv", f"_raw,host\n{cells}"))) == WHOLE


def test_the_time_of_a_text_goes_before_that_of_the_collector(write: Write) -> None:
    rows = [{"log": json.dumps(row) + "\n", "stream": "stdout", "time": "2026-03-20T00:00:00Z"} for row in ROWS]
    without_time = json.dumps({name: ROWS[0][name] for name in ROWS[0] if name != "time"})
    found = coverage(
        write("log.jsonl", [*rows, {"log": without_time, "stream": "stdout", "time": "2026-03-15T00:00:00Z"}])
    )
    assert (str(found.first), str(found.last)) == ("2026-03-14 08:26:50.500000+00:00", "2026-03-15 00:00:00+00:00")


def test_a_user_says_what_lies_where(write: Write) -> None:
    texts = [{"kept": {"as": line}} for line in LINES]
    path = write("log.json", json.dumps({"a": [{"b": texts[:2]}, {"b": texts[2:]}], "c": [{"other": 1}]}))
    assert facts(coverage(path, rows="a.b", inside="kept.as")) == WHOLE
    assert facts(coverage(write("log.jsonl", texts), inside="kept.as")) == WHOLE
    assert facts(coverage(write("rows.json", json.dumps({"x": {"y": ROWS}, "z": ROWS[:1]})), rows="x.y")) == WHOLE
    with pytest.raises(ApidiffError) as caught:
        coverage(path, rows="a.c")
    assert caught.value.code == "usage-column-missing"


@pytest.mark.parametrize(
    "prefix",
    [
        "gw-7d9f gw ", "[gw-7d9f gw] ", "[pod/gw-7d9f/gw] ", "gw-1  | ", "08:26:53 web.1  | ",
        "2026-03-14T08:26:53.500Z ", "2026-03-14T08:26:53.500Z stdout F ",
        "<134>1 2026-03-14T08:26:53.5Z h nginx 7 access - ",
    ],
)  # fmt: skip
def test_what_stands_before_lines(write: Write, prefix: str) -> None:
    for lines in (LINES, map(json.dumps, ROWS)):
        assert facts(coverage(write("a.log", "".join(f"{prefix}{line}\n" for line in lines)))) == WHOLE


def test_what_a_users_own_format_holds_is_no_prefix(write: Write) -> None:
    lines = [f"2026-03-14T08:26:5{key}.5Z INFO api: k_{key} did GET /pets: 200 in 3 ms" for key in range(4)]
    pattern = r"^(?P<time>\S+) INFO api: (?P<api_key>\S+) did (?P<method>\S+) (?P<path>\S+): (?P<status>\d+)"
    assert facts(coverage(write("a.log", "\n".join(lines)), log_format=pattern)) == WHOLE


def test_a_time_before_an_object_is_its_time_where_it_has_none(write: Write) -> None:
    bare = [{name: row[name] for name in row if name != "time"} for row in ROWS]
    path = write("a.log", "".join(f"2026-03-14T08:26:53.500Z {json.dumps(row)}\n" for row in bare))
    found = coverage(path)
    assert facts(found) == WHOLE
    assert str(found.first) == "2026-03-14 08:26:53.500000+00:00"


def test_a_line_that_a_containers_runtime_cut_is_put_together(write: Write) -> None:
    text = json.dumps(ROWS[1])
    cut = [("F", json.dumps(ROWS[0])), ("P", text[:20]), ("P", text[20:30]), ("F", text[30:]), ("F", "{")]
    path = write("a.log", "".join(f"2026-03-14T08:26:53Z stdout {tag} {line}\n" for tag, line in cut))
    found = coverage(path)
    assert facts(found) == (3, 2, 1, 2)
    assert [place.rpartition(":")[2] for place, _ in found.malformed_samples] == ["5"]


def test_objects_and_text_in_one_file(write: Write) -> None:
    found = coverage(write("a.log", "\n".join([*LINES[:2], "no line of either", *map(json.dumps, ROWS[2:])])))
    assert facts(found) == (5, 4, 1, 4)
    assert [place.rpartition(":")[2] for place, _ in found.malformed_samples] == ["3"]


def test_escapes_that_json_has_not(write: Write) -> None:
    lines = [json.dumps(row).replace("a={1}", r"a=\x22\xC3") for row in ROWS]
    assert facts(coverage(write("all.jsonl", "\n".join(lines)))) == WHOLE
    assert facts(coverage(write("one.jsonl", "\n".join([*map(json.dumps, ROWS[:3]), lines[3]])))) == WHOLE


def test_titles_above_a_heading(write: Write) -> None:
    cells = "".join(",".join(map(str, row.values())) + "\n" for row in ROWS)
    heading = ",".join(ROWS[0])
    for title in ("", "Report\n\n", "Report: a, b\nMade on 2026-03-15\n\n", "sep=,\n"):
        found = coverage(write("log.csv", f"{title}{heading}\n{cells}oops,GET,/pets,200,k\n"))
        assert facts(found) == (5, 4, 1, 4)
        line = title.count("\n") + 6
        assert [place.rpartition(":")[2] for place, _ in found.malformed_samples] == [str(line)]


def test_what_holds_no_log_is_refused_as_it_stands(write: Write) -> None:
    with pytest.raises(ApidiffError) as caught:
        coverage(write("a.json", json.dumps({"records": [{"a": 1}]})))
    assert caught.value.code == "usage-column-missing"
    assert caught.value.message == "the log has no field for `time`, `method`, `path`, `status` and `api_key`"


def test_a_key_that_is_missing_inside_is_what_is_said(write: Write) -> None:
    rows = [{name: row[name] for name in row if name != "api_key"} for row in ROWS]
    with pytest.raises(ApidiffError) as caught:
        coverage(write("a.json", json.dumps({"records": rows})))
    assert caught.value.message == "the log has no field for `api_key`: who called"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_documents_are_the_same_however_their_bytes_come(size: int) -> None:
    text = b' [{"a": "}]{\\"["}, {"b": [1, {"c": 2}]},\n{"d": "\xc3\xa9"}] {"e": 1}{"f": "\\\\"} oops {"g"'
    blocks = [text[at : at + size] for at in range(0, len(text), size)]
    expected = [{"a": '}]{"['}, {"b": [1, {"c": 2}]}, {"d": "\u00e9"}, {"e": 1}, {"f": "\\"}]
    assert list(documents_of(blocks)) == expected


def test_lists_of_a_row_are_no_rows() -> None:
    row = {"method": "GET", "headers": [{"name": "a", "value": "b"}], "other": [{"x": 1}]}
    assert list(rows_of(row)) == [row]
    assert list(rows_of({"records": [row, row]})) == [row, row]
