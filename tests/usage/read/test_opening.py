"""The bytes, the lines and the first lines of a file, and where its unreadable rows are."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.usage.read.files import LogFile
from apidiff.usage.read.opening import first_lines, first_text, lines_of
from apidiff.usage.read.packing import refused
from tests.usage.conftest import an_operation

Write = Callable[[str, Any], str]
MEGABYTE = 1 << 20


def a_file(path: str, packed: str = "") -> LogFile:
    return LogFile(path, Path(path).name, Path(path).stat().st_size, packed)


@pytest.mark.parametrize("ends", [b"\n", b""], ids=["ended", "open"])
@pytest.mark.parametrize("lines", [1, 2, 400, 1100])
def test_the_first_lines_are_whole_lines(write: Write, lines: int, ends: bytes) -> None:
    content = b"\n".join(b"%05d " % number + b"x" * 900 for number in range(lines)) + ends
    found = first_lines(a_file(write("a.log", content)))
    assert [line[:5] for line in found if line] == [f"{number:05d}" for number in range(min(lines, 1000))]
    assert {len(line) for line in found} - {0} == {906}


@pytest.mark.parametrize("size", [MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 3 * MEGABYTE])
def test_a_line_that_the_first_megabyte_cuts_is_no_sample(write: Write, size: int) -> None:
    row = b'{"path": "' + b"x" * 3000 + b'"}\n'
    path = write("a.log", (row * (size // len(row) + 1))[:size])
    whole = first_lines(a_file(path))
    assert len(first_text(a_file(path))) == min(size, MEGABYTE)
    assert {line for line in whole[:-1] if line} == {row.decode().strip()}
    # of a file that ends there, its last line is what it is
    assert (whole[-1] == row.decode().strip()) is (size >= MEGABYTE)


def test_one_line_longer_than_the_first_megabyte_is_looked_at_as_far_as_it_goes(write: Write) -> None:
    assert [len(line) for line in first_lines(a_file(write("a.log", b"x" * (2 * MEGABYTE))))] == [MEGABYTE]


def test_the_first_lines_of_an_archive(write: Write) -> None:
    path = write("a.log.gz", gzip.compress(b"\xef\xbb\xbfone\r\ntwo\rthree\r\n"))
    assert first_lines(a_file(path, "gz")) == ["one", "two three", ""]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([b"ab", b"c\nd", b"ef\n"], [b"abc\n", b"def\n"]),
        ([b"abc\nabcd\nabcde\n"], [b"abc\n", b"abcd", b"abcd"]),
        ([b"ab", b"cd", b"ef\nx"], [b"abcd", b"x"]),
        ([b"abc", b"\n", b"\n"], [b"abc\n", b"\n"]),
        ([], []),
    ],
)
def test_lines_of_blocks_and_of_those_that_are_too_long_what_shows_it(
    blocks: list[bytes], expected: list[bytes]
) -> None:
    assert list(lines_of(blocks, 3)) == expected


@pytest.mark.parametrize(
    ("head", "is_binary"),
    [
        (b'192.0.2.1 - k [14/Mar/2026:08:26:53 +0000] "GET / HTTP/1.1" 200 5 "-" "a b c d\0"\n', False),
        (b"a b c d e f g h\0\n", False),
        (b"a\tb\tc\td\te\tf\tg\th\0\n", False),
        (b"a\r\nb\r\nc\r\nd\r\ne\0\r\n", False),
        (b"abcdefgh\0\1", True),
        (b"abcdefghij\0", False),
        (b"abcdefg\0\x0e\x1f", True),
        (b"abcdefg\1\2\3", False),
    ],
)
def test_what_has_many_control_characters_is_binary(head: bytes, is_binary: bool) -> None:
    error = refused(head, "a.log")
    assert (error is not None and "binary" in error.message) is is_binary


def test_twenty_unreadable_rows_are_shown_in_the_order_of_the_files(write: Write) -> None:
    row = {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/pets", "status": 200, "api_key": "k"}
    text = json.dumps(row) + "\n"
    first = write("a.jsonl", text + (text + "no row\n") * 15)
    second = write("b.jsonl", text + "no row\n" * 15)
    coverage = measure([first, second], [an_operation("GET /pets")], options=Options()).coverage
    assert (coverage.rows, coverage.malformed) == (47, 30)
    shown = [place.rpartition("/")[2] for place, _ in coverage.malformed_samples]
    assert shown == [f"a.jsonl:{2 * number + 3}" for number in range(15)] + [
        f"b.jsonl:{number + 2}" for number in range(5)
    ]
