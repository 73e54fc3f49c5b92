"""What a log lacks, what is inside another quote, and which of two layouts lines are in."""

from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.read.formats import BY_NAME
from apidiff.usage.read.missing import MissingFieldsError, check_fields
from apidiff.usage.read.recognise import Head, objects_of, recognised
from apidiff.usage.read.sample import sample_of_objects
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

Write = Callable[[str, Any], str]
PETS = [an_operation("GET /pets")]
CALLED = "2026-03-14T08:26:53Z,GET,/pets,200,k\n"


@pytest.mark.parametrize(
    ("fields", "hosts", "missing"),
    [
        (("time", "status", "api_key", "operation_id"), ("api.pets.example",), ("host",)),
        (("time", "status", "api_key", "operation_id", "host"), ("api.pets.example",), ()),
        (("time", "status", "api_key", "operation_id"), (), ()),
        (("time", "status", "api_key", "method", "path"), ("api.pets.example",), ()),
        (("time", "status", "api_key", "request"), ("api.pets.example",), ()),
        (("time", "status", "method", "path"), (), ("api_key",)),
        (("status",), ("api.pets.example",), ("time", "method", "path", "api_key", "host")),
    ],
)
def test_what_a_log_lacks(fields: tuple[str, ...], hosts: tuple[str, ...], missing: tuple[str, ...]) -> None:
    sample = sample_of_objects([dict.fromkeys(fields, "x")])
    paths = {name: ((name,),) for name in fields}

    def lacking() -> tuple[str, ...]:
        try:
            check_fields(paths, sample, BY_NAME["json"], shown="a.log", options=Options(hosts=hosts))
        except MissingFieldsError as error:
            return error.names
        return ()

    assert lacking() == missing


def test_the_columns_of_a_table_without_a_heading_may_be_counted(write: Write) -> None:
    rows = "".join(f"2026-03-14T08:26:5{n}Z,GET,/pets,200,192.0.2.{n},k-{n % 2},eu-{n},x y\n" for n in range(6))
    with pytest.raises(ApidiffError) as caught:
        measure([write("all.csv", rows)], PETS, options=Options())
    assert (caught.value.code, str(caught.value.hint).splitlines()[:3]) == (
        "usage-column-missing",
        [
            "In apidiff.yaml, with the log's own names:",
            "    columns:",
            "      api_key: column6  # who called; guessed",
        ],
    )
    assert measure([write("all.csv", rows)], PETS, options=Options(columns={"api_key": "column6"})).coverage.keys == 2
    with pytest.raises(ApidiffError) as caught:
        measure([write("some.csv", rows.replace(",GET", "").replace("200", "2.5"))], PETS, options=Options())
    assert (caught.value.code, (caught.value.at or "").rpartition("/")[2]) == ("usage-heading-missing", "some.csv:1")
    assert caught.value.hint == (
        "Add a first line with the columns' names: time,method,path,status,api_key. Or say in apidiff.yaml which they "
        "are, from 1 to 7: `columns: {method: columnN, status: columnN, api_key: columnN}`; the others are found by "
        "what they hold."
    )


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("behind", [2, 5])
def test_a_quote_that_is_never_closed_breaks_its_own_row_in_whatever_column(
    write: Write, place: int, behind: int
) -> None:
    def in_place(cell: str, heading: str = CALLED) -> str:
        cells = heading.rstrip("\n").split(",")
        cells.insert((0, 3, 5)[place], cell)
        return ",".join(cells) + "\n"

    text = in_place("note", "time,method,path,status,api_key\n")
    path = write("log.csv", text + in_place("a") * 3 + in_place('"open') + in_place("b") * behind)
    coverage = measure([path], PETS, options=Options()).coverage
    assert (coverage.rows, coverage.matched, coverage.malformed) == (4 + behind, 3 + behind, 1)
    assert [place.rpartition(":")[2] for place, _ in coverage.malformed_samples] == ["5"]


def test_rows_behind_a_cell_of_several_lines_keep_their_numbers(write: Write) -> None:
    rows = ["a", '"one\ntwo\n\nthree"', "b", '"open', "c"]
    text = "".join(f"{CALLED[:-1]},{cell}\n" for cell in rows)
    path = write("log.csv", "time,method,path,status,api_key,note\n" + text)
    coverage = measure([path], PETS, options=Options()).coverage
    assert (coverage.rows, coverage.matched, coverage.malformed) == (5, 4, 1)
    assert [place.rpartition(":")[2] for place, _ in coverage.malformed_samples] == ["8"]


def named(*lines: str) -> str:
    found = recognised(Head(list(lines), "a.log", Options(), objects_of(lines)))
    return found.name if found else ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('192.0.2.1 - k [14/Mar/2026:08:26:53 +0000]"GET /pets HTTP/1.1" 200 5 id-1', "aws-api-gateway-clf"),
        ('192.0.2.1 - k [14/Mar/2026:08:26:53 +0000] "GET /pets HTTP/1.1" 200 5 "-" "curl/8"', "combined"),
        ('192.0.2.1 - k [14/Mar/2026:08:26:53 +0000] "GET /pets HTTP/1.1" 200 5', "combined"),
        (
            '192.0.2.1:5000 [14/Mar/2026:08:26:53.001] https~ a/w 0/0/1/2/3 200 5 - - ---- 1/1/0/0/0 0/0 "GET / HTTP"',
            "haproxy",
        ),
        ('{"time": "2026-03-14T08:26:53Z"}', "json"),
        ("time=2026-03-14T08:26:53Z method=GET path=/pets status=200", "logfmt"),
        ("time:2026-03-14T08:26:53Z\tmethod:GET\tpath:/pets\tstatus:200", "ltsv"),
        ("one two three", ""),
    ],
)
def test_which_layout_lines_are_in(line: str, name: str) -> None:
    assert named(line, line, line) == name
    assert named(line) == name
