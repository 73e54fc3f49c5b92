"""Lines of a layout of their own: what stands behind the status is named by its own name."""

import re
from collections.abc import Sequence

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.captures import with_captures
from apidiff.usage.read.form import Format
from apidiff.usage.read.formats import BY_NAME
from apidiff.usage.read.lines import layout_of_lines
from apidiff.usage.read.pairs import pairs_of
from apidiff.usage.read.recognise import Head, chosen_format, objects_of, recognised

CORE = '[14/Mar/2026:08:26:53 +0000] "GET /pets HTTP/1.1" 200'


def lines(before: str, after: str) -> list[str]:
    return [f"{before} {CORE} {after}".replace("#", str(number)) for number in range(4)]


@pytest.mark.parametrize(
    ("after", "name", "value"),
    [
        ('5 client="acme books #"', "client", "acme books 2"),
        ("5 client=acme-#", "client", "acme-2"),
        ("5 rt:0.#", "rt", "0.2"),
        ('5 "-" "curl/#"', "agent", "curl/2"),
    ],
)
def test_what_stands_behind_the_status(after: str, name: str, value: str) -> None:
    some = lines("192.0.2.1 - -", after)
    own = layout_of_lines(some)
    assert own is not None
    found = re.match(own.pattern, some[2])
    assert found is not None
    assert found[name] == value


def named_by(own: Format | None) -> list[str]:
    return list(re.compile(own.pattern).groupindex) if own else []


def named(some: Sequence[str]) -> str:
    found = recognised(Head(list(some), "a.log", Options()))
    return found.name if found else ""


def test_lines_that_name_a_key_are_no_combined_ones() -> None:
    assert named(lines("192.0.2.1 - -", '5 "-" "curl" key_id="k_#"')) == "lines"
    assert named(lines("192.0.2.1 - k_#", '5 "-" "curl" rt="0.#"')) == "combined"
    assert named(lines("192.0.2.1 - k_#", '5 "-" "curl"')) == "combined"


def test_a_heading_below_what_tells_spreadsheets_the_delimiter() -> None:
    assert Head(["sep=;", "a;b;c", "1;2;3"], "a.csv", Options()).heading == 1
    assert Head(["sep=;"], "a.csv", Options()).heading == 0
    assert Head(["a;b;c", "1;2;3"], "a.csv", Options()).heading == 0


def test_two_cells_are_no_table_and_three_are_one() -> None:
    assert named(["one,two", "1,2", "3,4"]) == ""
    assert named(["one,two,three", "1,2,3", "4,5,6"]) == "table"
    assert named(["one,two,three", "1,2", "4,5"]) == ""


def test_the_captured_header_that_may_be_a_key_is_the_key() -> None:
    def captured(*headers: str) -> dict[str, tuple[str, ...]]:
        head = "192.0.2.1:5000 [14/Mar/2026:08:26:53.001] https~ api/web1 0/0/1/2/3 200 512 - - ---- 1/1/0/0/0 0/0"
        some = [head + " {" + "|".join(headers) + '} "GET /pets HTTP/1.1"']
        return dict(with_captures(BY_NAME["haproxy"], some).fields)

    assert captured("api.example.com", "k_1", "curl/8")["api_key"] == ("capture2",)
    assert captured("k_1", "api.example.com")["api_key"] == ("capture1",)
    assert "api_key" not in captured("k_1", "k_2")


def test_pairs_from_the_first_letter_on() -> None:
    found = pairs_of([f"m=GET path=/pets status=200 key=k_{number}" for number in range(4)])
    assert found is not None
    assert dict(found.rows[1]) == {"m": "GET", "path": "/pets", "status": "200", "key": "k_1"}


@pytest.mark.parametrize(("objects", "name"), [(1, "json"), (0, "combined")])
def test_a_log_that_is_called_json_is_read_so_while_a_tenth_of_its_lines_are(objects: int, name: str) -> None:
    some = ['{"time": 1}'] * objects + (lines("192.0.2.1 - k_#", '5 "-" "curl"') * 3)[: 10 - objects]
    found, notes = chosen_format(Head(some, "a.log", Options(), objects_of(some)), BY_NAME["json"])
    assert (found.name, bool(notes)) == (name, not objects)


def test_a_host_before_the_address_is_one_where_more_than_three_words_stand_before_the_time() -> None:
    found = [layout_of_lines(lines(before, "5")) for before in ("a.example 192.0.2.# k_#", "a.example 192.0.2.# - k_#")]
    assert [[name for name in named_by(own) if not name.startswith("after")] for own in found] == [
        ["before1", "before2", "user", "time", "request", "status"],
        ["vhost", "before2", "ident", "user", "time", "request", "status"],
    ]
