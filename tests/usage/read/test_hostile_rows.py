"""One row never stops or hangs a run: it is unreadable, by its number, and the others are counted."""

import gzip
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Coverage
from apidiff.usage.options import Options
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation("GET /v1/charges"), an_operation("GET /v1/charges/{id}"), an_operation("GET /v1/{a}.json")]
Write = Callable[[str, Any], str]
HEADING = "time,method,path,status,api_key,user_agent"
NOT_A_ROW = "not a row of this format"


def row(**more: object) -> dict[str, object]:
    return {
        "time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/v1/charges", "status": 200, "api_key": "k",
        "user_agent": "a",
    } | more  # fmt: skip


def as_csv(*rows: dict[str, object]) -> str:
    return "".join(f"{line}\n" for line in (HEADING, *(",".join(str(cell) for cell in one.values()) for one in rows)))


def coverage_of(path: str) -> Coverage:
    """The coverage of a log, in a few seconds whatever is in it."""
    start = time.monotonic()
    coverage = measure([path], OPERATIONS, options=Options()).coverage
    assert time.monotonic() - start < 20
    assert coverage.rows == coverage.matched + coverage.unmatched + coverage.malformed
    return coverage


def counts(path: str) -> tuple[int, int]:
    coverage = coverage_of(path)
    return coverage.matched, coverage.malformed


def places(path: str) -> list[tuple[str, str]]:
    return [(place.rpartition(":")[2], reason) for place, reason in coverage_of(path).malformed_samples]


OUT_OF_RANGE = ("290000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00Z")
UNREAD = ("infinity", "-infinity", "inf", "NaN", "1e308", "-1e308", "9" * 400, "-1", "0", "1e-400", "99999-12-31")


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_times_that_no_log_has_are_unreadable_rows(write: Write, kind: str) -> None:
    times = (*OUT_OF_RANGE, *UNREAD)
    rows = [row(), *(row(time=text) for text in times), row()]
    path = write(f"log.{kind}", rows if kind == "jsonl" else as_csv(*rows))
    first = 2 + (kind == "csv")
    found = places(path)
    assert counts(path) == (2, len(times))
    assert [place for place, _ in found] == [str(first + index) for index in range(len(times))]
    assert {reason for _, reason in found} <= {"a time outside 1970 to 2200", "a time that can't be read"}


@pytest.mark.parametrize("value", ["TIMESTAMP 'infinity'", "TIMESTAMPTZ '-infinity'", "TIMESTAMP '290000-01-01'"])
def test_times_that_no_log_has_in_parquet(tmp_path: Any, value: str) -> None:
    import duckdb

    rows = f"SELECT {value} AS time, 'a' AS api_key UNION ALL SELECT TIMESTAMP '2026-03-14', 'b'"
    path = f"{tmp_path}/log.parquet"
    duckdb.execute(
        f"COPY (SELECT *, 'GET' AS method, '/v1/charges' AS path, 200 AS status FROM ({rows})) TO '{path}' "
        "(FORMAT parquet)"
    )
    assert counts(path) == (1, 1)


def test_the_first_and_last_time_that_a_log_may_have(write: Write) -> None:
    times = ("1970-01-01T00:00:00Z", "2199-12-31T23:59:59Z")
    assert counts(write("log.jsonl", [row(time=text) for text in times])) == (2, 0)


@pytest.mark.parametrize("ends", ["\r", "\r\n", "\n\r", "\r\r\n"])
@pytest.mark.parametrize("kind", ["jsonl", "csv", "log"])
def test_line_ends_of_every_system(write: Write, kind: str, ends: str) -> None:
    combined = '203.0.113.9 - k [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a"\n'
    content = {
        "jsonl": "".join(json.dumps(row()) + "\n" for _ in range(3)),
        "csv": as_csv(*[row()] * 3),
        "log": combined * 3,
    }[kind]
    assert counts(write(f"log.{kind}", content.replace("\n", ends).encode())) == (3, 0)


def test_a_carriage_return_inside_a_row(write: Write) -> None:
    rows = [row(), row(user_agent="a\rb"), row(user_agent='"a\rb"'), row()]
    assert counts(write("log.csv", as_csv(*rows).encode())) == (4, 0)
    line = '203.0.113.9 - k [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a\rb"\n'
    assert counts(write("access.log", line.replace("\r", " ").encode() + line.encode() * 2)) == (3, 0)


@pytest.mark.parametrize("name", ["Time", "tiME", "Api_Key", "Path", "x"])
def test_columns_that_differ_by_case_only(write: Write, name: str) -> None:
    twice = [row() | {name: "odd", name.swapcase(): "odder"}, row()]
    assert counts(write("log.jsonl", twice)) == (2, 0)
    table = (
        as_csv(row(), row()).replace(HEADING, f"{HEADING},{name},{name.swapcase()}").replace(",a\n", ",a,odd,odder\n")
    )
    assert counts(write("log.csv", table.replace(",a\n", ",a,odd,odder\n"))) == (2, 0)
    nested = [{"request": row() | {name: "odd", "REQUEST": 1}, "Request": "odd", "api_key": "k"}]
    path = write("nested.jsonl", nested)
    columns = {field: f"request.{field}" for field in ("time", "method", "path", "status")}
    assert measure([path], OPERATIONS, options=Options(columns=columns)).coverage.matched == 1


def test_two_files_that_name_their_fields_in_two_cases(write: Write) -> None:
    lower = write("a.jsonl", [row(api_key="a")])
    upper = write("b.jsonl", [{name.upper(): value for name, value in row(api_key="b").items()}])
    coverage = measure([lower, upper], OPERATIONS, options=Options()).coverage
    assert (coverage.matched, coverage.malformed, coverage.keys) == (2, 0, 2)


@pytest.mark.parametrize("path", ["/v1/charges/\0", "/v1/\0.json", "\0", "/v1/charges?a=\0"])
def test_a_nul_in_a_path(write: Write, path: str) -> None:
    assert coverage_of(write("log.jsonl", [row(), row(path=path), row()])).rows == 3


@pytest.mark.parametrize("content", ["\r|\n", '"a\rb"|c\nd\re|f\n', f"{'x' * 200_000}|a\nb|c\n"])
def test_a_heading_that_no_table_has(write: Write, content: str) -> None:
    with pytest.raises(ApidiffError, match="the first lines are in no known format"):
        coverage_of(write("log.csv", content))


def test_more_columns_than_a_log_has_are_refused(write: Write) -> None:
    wide = ",".join((HEADING, *(f"c{number}" for number in range(100_000))))
    with pytest.raises(ApidiffError, match="a table of 100,006 columns") as caught:
        coverage_of(write("log.csv", f"{wide}\n" + ",".join("1" * 100_006)))
    assert (caught.value.code, str(caught.value.at).rpartition("/")[2]) == ("usage-too-wide", "log.csv:1")
    line = ",".join(str(cell) for cell in row().values())
    broad = ",".join((HEADING, *(f"c{number % 300}" for number in range(600))))
    assert counts(write("log.csv", f"{broad}\n{line}{',x' * 600}\n")) == (1, 0)


def test_a_line_of_a_w3c_log_that_hardly_ends(write: Write) -> None:
    heading = "#Fields: date time cs-method cs-uri-stem sc-status cs-username"
    calls = "2026-03-14 08:26:53 GET /v1/charges 200 k\n"
    log = f"{heading}\n{calls}{'a' * (80 << 20)}\n{heading} c-ip\n{calls}"
    assert counts(write("log.log", log)) == (2, 1)


def test_a_heading_of_anything(write: Write) -> None:
    odd = ("\0", "a'b", "", " ", "\\", "c0", "select", "x" * 3000, "é", "🙂", "c0")
    heading = ",".join([HEADING, *('"' + name.replace('"', '""') + '"' for name in odd)])
    line = ",".join(str(cell) for cell in row().values())
    assert counts(write("log.csv", f"{heading}\n{line}{',x' * len(odd)}\n")) == (1, 0)
    assert counts(write("log.jsonl", [row() | dict.fromkeys(odd, 1)])) == (1, 0)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_encodings_of_spreadsheets_and_shells(write: Write, kind: str, encoding: str) -> None:
    rows = [row(user_agent="é🙂"), row()]
    text = as_csv(*rows) if kind == "csv" else "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)
    path = write(f"log.{kind}", text.encode(encoding))
    assert counts(path) == (2, 0)
    broken = text + ("broken\n" if kind == "jsonl" else "2026-03-14T08:26:53Z,GET\n")
    line = str(broken.count("\n"))
    reason = NOT_A_ROW if kind == "jsonl" else "no path"
    assert places(write(f"broken.{kind}", broken.encode(encoding))) == [(line, reason)]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "log"])
def test_one_row_in_another_encoding(write: Write, kind: str) -> None:
    combined = '203.0.113.9 - k [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "{}"\n'
    content = {
        "jsonl": "".join(json.dumps(row(user_agent=agent), ensure_ascii=False) + "\n" for agent in "aéa"),
        "csv": as_csv(*(row(user_agent=agent) for agent in "aéa")),
        "log": "".join(combined.format(agent) for agent in "aéa"),
    }[kind]
    path = write(f"log.{kind}", content.encode("latin-1"))
    assert counts(path) == (2, 1)
    assert places(path) == [("3" if kind == "csv" else "2", NOT_A_ROW)]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "log"])
def test_a_byte_order_mark_where_files_were_joined(write: Write, kind: str) -> None:
    combined = '203.0.113.9 - k [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a"\n'
    one = {"jsonl": json.dumps(row()) + "\n", "csv": as_csv(row()).partition("\n")[2], "log": combined}[kind]
    start = HEADING + "\n" if kind == "csv" else ""
    assert counts(write(f"log.{kind}", f"\ufeff{start}{one}\ufeff{one}{one}\ufeff{one}")) == (4, 0)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_archive_is_read_as_far_as_it_goes_or_refused(write: Write, seed: int) -> None:
    rng = random.Random(seed)
    packed = bytearray(gzip.compress("".join(json.dumps(row(api_key=f"k{n}")) + "\n" for n in range(3000)).encode()))
    for _ in range(rng.choice((1, 3))):
        packed[rng.randrange(len(packed))] ^= 1 << rng.randrange(8)
    path = write("log.jsonl.gz", bytes(packed))
    with suppress(ApidiffError):
        coverage = coverage_of(path)
        assert coverage.warnings or coverage.malformed or coverage.matched == 3000


CELL = "2026-03-14T08:26:53Z,GET,/v1/charges,200,k,{}\n"


@pytest.mark.parametrize(
    ("agents", "expected", "lines"),
    [
        (("a", '"a\nb"', "c"), (3, 0), []),
        (("a", '"a\n\n""b""\n, c"', '"open'), (2, 1), [7]),
        (('"a\nb"',) * 3, (3, 0), []),
        (('"a\r\nb"', "c"), (2, 0), []),
        (("a", '"never closed', "c", '"d\ne"', "f"), (4, 1), [3]),
        (('"' + "x\n" * 60 + '"', "a"), (1, 61), list(range(2, 22))),
    ],
)
def test_line_ends_inside_quotes(
    write: Write, agents: tuple[str, ...], expected: tuple[int, int], lines: list[int]
) -> None:
    path = write("log.csv", HEADING + "\n" + "".join(CELL.format(agent) for agent in agents))
    assert counts(path) == expected
    assert [int(place) for place, _ in places(path)] == lines
