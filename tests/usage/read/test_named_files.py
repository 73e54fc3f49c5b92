"""The file that was named is the file that is read: names are no patterns, folders no columns, and one file is one."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.options import Options
from apidiff.usage.read.logs import Log
from apidiff.usage.route import routes_of
from apidiff.words.errors import ApidiffError

pytestmark = pytest.mark.slow

Write = Callable[[str, Any], str]

JSON, CSV, COMBINED, PARQUET = "jsonl", "csv", "log", "parquet"


def content(kind: str, *keys: str) -> bytes:
    """A log with a row for each key."""
    rows = [
        {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/v1/charges", "status": 200, "api_key": key}
        for key in keys
    ]
    if kind == JSON:
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if kind == CSV:
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        return ("\n".join(lines) + "\n").encode()
    line = '203.0.113.9 - {} [14/Mar/2026:08:26:53 +0000] "GET /v1/charges HTTP/1.1" 200 5 "-" "a"\n'
    return "".join(line.format(key) for key in keys).encode()


def put(path: Path, kind: str, *keys: str) -> None:
    import duckdb

    path.parent.mkdir(parents=True, exist_ok=True)
    if kind != PARQUET:
        path.write_bytes(content(kind, *keys))
        return
    values = ", ".join(f"('2026-03-14T08:26:53Z', 'GET', '/v1/charges', 200, '{key}')" for key in keys)
    made = path.with_name("made.parquet")
    columns = "time, method, path, status, api_key"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS v({columns})) TO '{made}' (FORMAT parquet)")
    made.rename(path)


def read(*sources: object) -> list[tuple[str, str, int, str]]:
    """Method, path, status and key of each row that can be read, in the order of the keys."""
    log = Log([str(source) for source in sources], Options())
    with log.opened(routes_of([])) as connection:
        asked = "SELECT method, path, status, key FROM events WHERE reason = '' ORDER BY key"
        return connection.execute(asked).fetchall()


def keys(*sources: object) -> list[str]:
    """The keys of the rows that can be read, in order."""
    return [key for _, _, _, key in read(*sources)]


@pytest.mark.parametrize("kind", [JSON, CSV, COMBINED, PARQUET])
@pytest.mark.parametrize("name", ["log[1]", "a*", "a?", "**", "[ab]", "a{1,2}", "o'b", 'q"', "b\\c", "%", "~", "a\nb"])
def test_a_name_is_taken_literally(tmp_path: Path, name: str, kind: str) -> None:
    for other in ("log1", "ab", "a1", "b", "a2", "bc"):
        put(tmp_path / f"{other}.{kind}", kind, "other-1", "other-2")
    put(tmp_path / f"{name}.{kind}", kind, "mine")
    assert keys(tmp_path / f"{name}.{kind}") == ["mine"]


@pytest.mark.parametrize("kind", [JSON, CSV, COMBINED, PARQUET])
def test_a_folder_counts_each_file_once_whatever_their_names(tmp_path: Path, kind: str) -> None:
    for number, name in enumerate(("a*", "ab", "a[b]", "?b", "c")):
        put(tmp_path / f"{name}.{kind}", kind, f"key-{number}")
    assert keys(tmp_path) == [f"key-{number}" for number in range(5)]


@pytest.mark.parametrize("kind", [JSON, CSV, COMBINED, PARQUET])
@pytest.mark.parametrize(
    "folder", ["status=500", "method=POST", "path=x", "time=1", "api_key=k", "r_status=1", "c3=500"]
)
def test_the_name_of_a_folder_is_no_column(tmp_path: Path, folder: str, kind: str) -> None:
    put(tmp_path / folder / f"log.{kind}", kind, "mine")
    assert read(tmp_path) == [("GET", "/v1/charges", 200, "mine")]


def test_one_file_by_several_ways_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "logs" / "a.jsonl", JSON, "mine")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "logs" / "a.jsonl")
    (tmp_path / "hard.jsonl").hardlink_to(tmp_path / "logs" / "a.jsonl")
    (tmp_path / "folder").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "back").symlink_to(tmp_path / "logs")
    monkeypatch.chdir(tmp_path)
    ways = ("logs/a.jsonl", "./logs/../logs/a.jsonl", tmp_path / "logs" / "a.jsonl", "logs", "folder", "logs/*.jsonl")
    assert keys(*ways, "link.jsonl", "hard.jsonl", "**/*.jsonl") == ["mine"]


@pytest.mark.parametrize("kind", [JSON, CSV, COMBINED, PARQUET])
def test_a_name_that_is_no_text(tmp_path: Path, kind: str) -> None:
    put(tmp_path / "made", kind, "mine")
    name = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9." + kind.encode())
    (tmp_path / "made").rename(name)
    (tmp_path / "made.jsonl").write_bytes(content(JSON, "x") + b"broken\n")
    assert keys(name) == ["mine"]
    assert keys(tmp_path) == ["mine", "x"]
    Path(name).write_bytes(b"\n")
    with pytest.raises(ApidiffError) as caught:
        read(name)
    assert str(caught.value.at).endswith(f"caf\\xe9.{kind}")


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
@pytest.mark.parametrize(
    "name", ["depot-firehose-2026-03-01-10-00", "log", "log.jsonl", "log.gz", "log.jsonl.gz", "log.zst"]
)
def test_what_a_file_is_is_said_by_its_bytes(write: Write, name: str, pack: Callable[[bytes], bytes]) -> None:
    assert keys(write(name, pack(content(JSON, "mine")))) == ["mine"]


def test_names_of_controls_are_written_out(write: Write) -> None:
    with pytest.raises(ApidiffError) as caught:
        read(write("a\u202e\x1b[31m.jsonl", "no log\n"))
    assert str(caught.value.at).endswith("a\\u202e\\x1b[31m.jsonl")
