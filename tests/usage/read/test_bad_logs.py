"""Logs that are wrong: each is counted by line and reason, or refused with a message that says what to do."""

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import zstandard

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation("GET /v1/charges"), an_operation("GET /v1/charges/{id}")]
SECRET = "sk_live_0123456789abcdef"
Write = Callable[[str, Any], str]


def row(second: int = 0, **more: object) -> dict[str, object]:
    return {
        "time": f"2026-03-14T08:26:{second:02d}Z", "method": "GET", "path": "/v1/charges", "status": 200,
        "api_key": SECRET,
    } | more  # fmt: skip


GOOD = "".join(json.dumps(row(second)) + "\n" for second in range(5))


def counts(path: str, **options: Any) -> tuple[int, int, int, int]:
    coverage = measure([path], OPERATIONS, options=Options(**options)).coverage
    return coverage.rows, coverage.matched, coverage.unmatched, coverage.malformed


def places(path: str, **options: Any) -> list[tuple[str, str]]:
    samples = measure([path], OPERATIONS, options=Options(**options)).coverage.malformed_samples
    return [(place.rpartition("/")[2], reason) for place, reason in samples]


def refused(*sources: str, **options: Any) -> tuple[str, str, str]:
    with pytest.raises(ApidiffError) as caught:
        measure(list(sources), OPERATIONS, options=Options(**options))
    assert SECRET not in str(caught.value)
    assert caught.value.hint
    return caught.value.code, (caught.value.at or "").rpartition("/")[2], caught.value.message


def test_lines_that_are_no_rows_keep_their_numbers(write: Write) -> None:
    path = write("log.jsonl", GOOD + 'not json\n\n[1,2]\n"x"\n\0\0\n' + GOOD + json.dumps(row())[:40])
    assert counts(path) == (15, 10, 0, 5)
    reason = "not a row of this format"
    assert places(path) == [(f"log.jsonl:{line}", reason) for line in (6, 8, 9, 10, 16)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"time": None}, "no time"),
        ({"time": "yesterday"}, "a time that can't be read"),
        ({"time": "2026-03-14T08:26:00 Nowhere/City"}, "a time that can't be read"),
        ({"method": "-"}, "no method"),
        ({"path": ""}, "no path"),
        ({"status": "-"}, "a status that is none"),
        ({"status": 99}, "a status that is none"),
        ({"status": 7000}, "a status that is none"),
    ],
)
def test_rows_with_a_field_that_is_wrong(write: Write, change: dict[str, object], reason: str) -> None:
    path = write("log.jsonl", [row(), row(**change), row()])
    assert counts(path) == (3, 2, 0, 1)
    assert places(path) == [("log.jsonl:2", reason)]


def test_a_row_of_tomorrow_is_refused_where_today_is_known(write: Write) -> None:
    path = write("log.jsonl", [row(), row(time="2099-01-01T00:00:00Z")])
    assert counts(path) == (2, 2, 0, 0)
    assert counts(path, today=date(2026, 3, 14)) == (2, 1, 0, 1)
    assert places(path, today=date(2026, 3, 14)) == [("log.jsonl:2", "a time in the future")]


def test_offsets_are_honoured_and_their_lack_is_said(write: Write) -> None:
    zoned = measure([write("a.jsonl", [row(time="2026-03-14T01:00:00+02:00")])], OPERATIONS, options=Options()).coverage
    assert (str(zoned.first), zoned.warnings) == ("2026-03-13 23:00:00+00:00", ())
    naive = measure([write("b.jsonl", [row(time="2026-03-14 01:00:00")])], OPERATIONS, options=Options()).coverage
    assert str(naive.first) == "2026-03-14 01:00:00+00:00"
    assert [warning.partition(":")[0] for warning in naive.warnings] == ["times have no offset and are taken as UTC"]


def test_a_hundred_megabytes_in_one_line(write: Write) -> None:
    path = write("log.jsonl", GOOD + json.dumps(row(body="x" * 100_000_000)) + "\n" + GOOD)
    assert counts(path) == (11, 10, 0, 1)
    assert places(path) == [("log.jsonl:6", "not a row of this format")]


def test_bytes_that_are_no_text(write: Write) -> None:
    broken = json.dumps(row(path="/v1/charges/@@")).encode().replace(b"@@", b"\xff\xfe")
    path = write("log.jsonl", GOOD.encode() + broken + b"\n" + GOOD.encode())
    assert counts(path) == (11, 10, 0, 1)


COMBINED = '203.0.113.9 - k [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a"\n'


def test_combined_lines_that_are_cut_shifted_or_hostile(write: Write) -> None:
    lines = [
        COMBINED,
        COMBINED.replace('"a"\n', '"never closed\n'),
        COMBINED,
        "vhost.example " + COMBINED,
        COMBINED[:60] + "\n",
        COMBINED.replace("/v1/charges", '/v1/charges?x=\\"; DROP TABLE cube; --'),
        COMBINED.replace("GET /v1/charges HTTP/1.1", "\\x16\\x03\\x01"),
    ]
    path = write("access.log", "".join(lines))
    assert counts(path) == (7, 3, 0, 4)
    assert [place for place, _ in places(path)] == [f"access.log:{line}" for line in (2, 4, 5, 7)]


def test_a_table_row_that_is_cut(write: Write) -> None:
    path = write(
        "log.csv",
        "time,method,path,status,api_key\n2026-03-14T08:26:53Z,GET,/v1/charges,200,k\n2026-03-14T08:26:53Z,GET,/v1/ch",
    )
    assert counts(path) == (2, 1, 0, 1)
    assert places(path) == [("log.csv:3", "a status that is none")]


def test_an_archive_that_is_cut_off(write: Write) -> None:
    path = write("log.jsonl.gz", gzip.compress((GOOD * 2000).encode())[:-30])
    coverage = measure([path], OPERATIONS, options=Options()).coverage
    assert coverage.matched > 9000
    assert [reason for _, reason in coverage.malformed_samples] == ["not a row of this format"]
    assert coverage.warnings == (_is_cut_off(path),)


def _is_cut_off(path: str) -> str:
    return f"{path} is cut off: what came after its end is missing, and nobody is safe because of it"


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_an_archive_that_is_cut_off_behind_a_line(write: Write, ending: str) -> None:
    if ending == "gz":
        packing: Any = zlib.compressobj(wbits=31)
        whole, cut = gzip.compress(GOOD.encode()), packing.compress(GOOD.encode()) + packing.flush(zlib.Z_FULL_FLUSH)
    else:
        packing = zstandard.ZstdCompressor().compressobj()
        flushed = packing.compress(GOOD.encode()) + packing.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        whole, cut = zstandard.compress(GOOD.encode()), flushed
    for name, content, warnings in (
        ("whole", whole, False),
        ("two", whole + whole, False),
        ("padded", gzip.compress(GOOD.encode()) + bytes(600) if ending == "gz" else whole, False),
        ("cut", cut, True),
        ("second", whole + cut, True),
    ):
        path = write(f"{name}.jsonl.{ending}", content)
        coverage = measure([path], OPERATIONS, options=Options()).coverage
        assert (coverage.matched, coverage.malformed) == (10 if name in ("two", "second") else 5, 0)
        assert coverage.warnings == ((_is_cut_off(path),) if warnings else ())


CSV = "time,method,path,status,api_key,user_agent\n"
PLAIN, QUOTED, OPEN = (f"2026-03-14T08:26:53Z,GET,/v1/charges,200,k,{agent}\n" for agent in ("a", '"a, b"', '"a'))


@pytest.mark.parametrize(
    ("rows", "expected", "lines"),
    [
        (PLAIN * 3 + OPEN + PLAIN * 3, (7, 6, 0, 1), [5]),
        (PLAIN * 3 + OPEN + PLAIN * 2 + QUOTED * 2, (8, 7, 0, 1), [5]),
        (QUOTED * 3 + OPEN + QUOTED * 3, (7, 6, 0, 1), [5]),
        (PLAIN + OPEN + PLAIN * 2 + OPEN + PLAIN, (6, 4, 0, 2), [3, 6]),
        (PLAIN + OPEN + PLAIN + PLAIN.replace(",a", ',"') + PLAIN, (5, 3, 0, 2), [3, 5]),
    ],
)
def test_a_quote_that_is_never_closed_swallows_no_line(
    write: Write, rows: str, expected: tuple[int, int, int, int], lines: list[int]
) -> None:
    path = write("log.csv", CSV + rows)
    assert counts(path) == expected
    assert places(path) == [(f"log.csv:{line}", "not a row of this format") for line in lines]


PREFIXES = [
    "Mar 14 08:26:53 web-1 caddy[772]: ",
    "<134>Mar  4 08:26:53 web-1 nginx: ",
    "2026-03-14T08:26:53.512345+00:00 web-1 envoy: ",
    "2026-03-14T08:26:53+0000 web-1 haproxy@a[9]: ",
    '<134>1 2026-03-14T08:26:53.5Z web-1 nginx 772 access [origin ip="10.0.0.1"][x y="]"] ',
    "<134>1 2026-03-14T08:26:53.5Z web-1 nginx - - - ",
    "2026-03-14T08:26:53.123456789Z stdout F ",
]


@pytest.mark.parametrize("line", [json.dumps(row()) + "\n", COMBINED.replace(" k ", f" {SECRET} ")])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_what_a_log_daemon_writes_before_a_line_is_taken_off(write: Write, prefix: str, line: str) -> None:
    path = write("access.log", (prefix + line) * 3 + prefix + "Started the gateway.\n" + "-- boot --\n" + prefix + line)
    coverage = measure([path], OPERATIONS, options=Options()).coverage
    assert (coverage.rows, coverage.matched, coverage.malformed, coverage.keys) == (6, 4, 2, 1)
    assert places(path) == [(f"access.log:{number}", "not a row of this format") for number in (4, 5)]
    assert coverage.warnings == (f"{path}: what a log daemon wrote before 5 lines was taken off",)


def test_no_readable_row(write: Write) -> None:
    path = write("log.jsonl", [row(time="x")] * 3)
    assert refused(path) == (
        "usage-no-readable-row",
        "log.jsonl:1",
        "none of 3 rows can be read: a time that can't be read",
    )


def test_logs_that_are_not_there(write: Write, tmp_path: Any) -> None:
    (tmp_path / "folder").mkdir()
    assert refused(str(tmp_path / "none.jsonl"))[:2] == ("usage-not-found", "none.jsonl")
    assert refused(str(tmp_path / "*.jsonl"))[:2] == ("usage-not-found", "*.jsonl")
    assert refused(str(tmp_path / "folder"))[:2] == ("usage-not-found", "folder")
    assert refused()[:2] == ("usage-not-found", "")
    assert refused(write("empty.jsonl", ""))[:2] == ("usage-log-empty", "empty.jsonl")
    assert refused(write("blank.jsonl", "\n\n"))[:2] == ("usage-log-empty", "blank.jsonl")


def test_formats_that_are_unknown(write: Write) -> None:
    assert refused(write("a.log", "hello world\nfoo bar\n"))[0] == "usage-format-unknown"
    assert refused(write("b.jsonl", GOOD), log_format="ngnix")[:2] == ("usage-format-unknown", "--log-format")
    assert refused(write("c.csv", f"2026-03-14T08:26:53Z,/v1/charges,200,{SECRET}\n"))[0] == "usage-heading-missing"
    assert refused(write("d.parquet", b"PAR1 and nothing else"))[0] == "usage-unreadable"
    assert refused(write("e.jsonl.gz", b"no archive" * 9))[0] == "usage-format-unknown"


def test_a_log_of_iis_without_its_day_is_refused(write: Write) -> None:
    heading = "#Date: 2026-03-14 00:00:00\n#Fields: time cs-method cs-uri-stem cs-username sc-status\n"
    with pytest.raises(ApidiffError) as caught:
        measure([write("iis.log", f"{heading}08:26:53 GET /v1/charges k 200\n")], OPERATIONS, options=Options())
    assert caught.value.message == "the log has no field for `time`: when a request came"


def test_a_log_without_a_key_says_how_to_get_one(write: Write) -> None:
    path = write(
        "log.jsonl", [{"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/", "status": 200, "kundin": "x"}]
    )
    with pytest.raises(ApidiffError) as caught:
        measure([path], OPERATIONS, options=Options())
    assert caught.value.code == "usage-column-missing"
    assert str(caught.value.hint) == (
        "In apidiff.yaml, with the log's own names:\n"
        "    columns:\n"
        "      api_key: FIELD  # who called; nothing in the log looks like it\n"
        "  The log has kundin, method, path, status, time."
    )
    assert counts(path, columns={"api_key": "kundin"}) == (1, 0, 1, 0)
    assert refused(path, columns={"api_key": "kunde"})[0] == "usage-column-missing"
    assert refused(path, columns={"apikey": "kundin"})[0] == "usage-column-unknown"


def test_names_that_are_keys_are_not_repeated(write: Write) -> None:
    rows = [{"time": "2026-03-14T08:26:53Z", "path": "/", SECRET: {"ann@acme.example": 200}, "status": 200}]
    for columns in ({}, {"api_key": "kundin"}):
        with pytest.raises(ApidiffError) as caught:
            measure([write("log.jsonl", rows)], OPERATIONS, options=Options(columns=columns))
        assert caught.value.code == "usage-column-missing"
        assert [one for one in (SECRET, SECRET[8:], "ann@") if one in str(caught.value)] == []
        assert "path, status, time, and " in str(caught.value)
        assert "not repeated" in str(caught.value)


def test_a_key_column_that_holds_authorization_headers(write: Write) -> None:
    usage = measure([write("log.jsonl", [row(api_key="Bearer eyJhbGciOiJI.abc.def")])], OPERATIONS, options=Options())
    assert [key.masked for key in usage.keys] == ["Bearer …"]
    assert [warning.partition(":")[0] for warning in usage.coverage.warnings] == [
        "the key column holds Authorization headers or tokens"
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("'2026-03-14T08:26:53Z' AS time, '200' AS status, 42 AS api_key", (1, 1, 0, 0)),
        ("1773476813342::BIGINT AS time, 200.0::DOUBLE AS status, 'k'::BLOB AS api_key", (1, 1, 0, 0)),
        ("1773476813::INTEGER AS time, 200::UTINYINT AS status, uuid() AS api_key", (1, 1, 0, 0)),
        ("TIMESTAMPTZ '2026-03-14 08:26:53+02' AS time, 200::SMALLINT AS status, 'k' AS api_key", (1, 1, 0, 0)),
        ("DATE '2026-03-14' AS time, 200::BIGINT AS status, ['a'] AS api_key", (1, 1, 0, 0)),
        ("TIMESTAMP_NS '2026-03-14 08:26:53' AS time, NULL::INTEGER AS status, 'k' AS api_key", None),
        ("DATE '2026-03-14' AS time, 99999999999::HUGEINT AS status, 'k' AS api_key", None),
        ("TIME '08:00:00' AS time, 200 AS status, 'k' AS api_key", None),
    ],
)
def test_parquet_with_other_types(tmp_path: Any, columns: str, expected: tuple[int, ...] | None) -> None:
    import duckdb

    path = f"{tmp_path}/log.parquet"
    duckdb.execute(f"COPY (SELECT 'GET' AS method, '/v1/charges' AS path, {columns}) TO '{path}' (FORMAT parquet)")
    if expected is None:
        assert refused(path)[0] == "usage-no-readable-row"
    else:
        assert counts(path) == expected
