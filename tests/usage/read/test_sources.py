"""Where logs come from: files, folders, globs, archives and standard input, in any mixture of formats."""

import gzip
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apidiff.load import pipes
from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.errors import ApidiffError
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation("GET /v1/charges")]
Write = Callable[[str, Any], str]


def lines(*keys: str) -> str:
    row = {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/v1/charges", "status": 200}
    return "".join(json.dumps(row | {"api_key": key}) + "\n" for key in keys)


def keys_of(*sources: str, **options: Any) -> int:
    return measure(list(sources), OPERATIONS, options=Options(**options)).coverage.keys


def test_files_folders_and_globs_count_once(write: Write, tmp_path: Path) -> None:
    one, two = write("logs/a.jsonl", lines("a")), write("logs/sub/b.log", lines("b"))
    write("logs/.hidden.jsonl", lines("c"))
    write("logs/notes.md", "no log")
    folder = str(tmp_path / "logs")
    assert keys_of(folder) == 2
    assert keys_of(one, two) == 2
    assert keys_of(f"{folder}/**/*.log") == 1
    assert measure([one, f"{folder}/*.jsonl"], OPERATIONS, options=Options()).coverage.rows == 1


def test_archives(write: Write) -> None:
    zstandard = pytest.importorskip("zstandard")
    packed = [
        write("a.jsonl.gz", gzip.compress(lines("a", "b").encode())),
        write("b.jsonl.zst", zstandard.ZstdCompressor().compress(lines("c").encode())),
    ]
    assert keys_of(*packed) == 3


def test_formats_mix(write: Write) -> None:
    table = "time,method,path,status,api_key\n2026-03-14T08:26:53Z,GET,/v1/charges,200,b\n"
    combined = '203.0.113.9 - c [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a"\n'
    array = "[" + ",\n".join(lines("d", "e").splitlines()) + "]"
    sources = [write("a.jsonl", lines("a")), write("b.csv", table), write("c.log", combined), write("d.json", array)]
    assert keys_of(*sources) == 5


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]) -> None:
    content = pack((lines("a") + "cut off").encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    coverage = measure(["-"], OPERATIONS, options=Options()).coverage
    assert (coverage.keys, coverage.malformed_samples) == (1, (("standard input:2", "not a row of this format"),))


def test_a_path_with_a_quote_in_it(write: Write) -> None:
    assert keys_of(write("o'brien's log.jsonl", lines("a"))) == 1


def test_an_array_over_many_lines(write: Write) -> None:
    rows = [json.loads(line) for line in lines("a", "b").splitlines()]
    assert keys_of(write("a.json", json.dumps(rows, indent=2))) == 2
    assert keys_of(write("b.json", json.dumps(rows))) == 2


def test_a_log_may_come_through_a_pipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()  # `<(zcat log.gz)`
    os.write(writing, gzip.compress(lines("a", "b").encode()))
    os.close(writing)
    assert keys_of(f"/dev/fd/{reading}") == 2
    os.close(reading)
    monkeypatch.setattr(pipes, "MOST_SECONDS", 0.02)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ApidiffError, match="nobody writes into this pipe") as raised:
        keys_of(str(tmp_path / "pipe"))
    assert (raised.value.code, raised.value.at) == ("usage-unreadable", str(tmp_path / "pipe"))
