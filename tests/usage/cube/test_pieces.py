"""Logs that grow: what was read of a file is kept by file, and the answer is that of a reading of everything."""

import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.cube.value import Usage
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation(name) for name in ("GET /jobs", "GET /jobs/{id}", "POST /jobs")]
START = datetime(2026, 3, 14, tzinfo=UTC)
SALT = b"a salt of some length for the keys of this test"
Write = Callable[[str, Any], str]


def a_row(chance: random.Random, second: float) -> dict[str, Any]:
    """A call of few keys and paths, so that failures meet successes and each other, also in other files."""
    key = chance.choice(["sk_live_0123456789abcdef", "k_2", "k_3", ""])
    return {
        "time": (START + timedelta(seconds=second)).isoformat(),
        "method": chance.choice(["GET", "GET", "POST"]),
        "path": chance.choice(["/jobs", "/jobs/1", "/jobs/2?a=1", "/other/thing", "/jobs/"]),
        "status": chance.choice([200, 200, 404, 500, 503, 503]) if second % 3000 > 200 else 503,
        "api_key": key,
        "user_agent": chance.choice(["axios/1.6", "python-requests/2.31", "monitor/1", ""]),
        "version": chance.choice(["2020-01-01", "2021-01-01", ""]),
    }


def facts(usage: Usage) -> dict[str, Any]:
    """All of a usage that is told to anybody, in an order that is not the engine's."""
    digests = [key.digest for key in usage.keys]
    cube = usage.cube.assign(
        key=[digests[key] for key in usage.cube["key"]],
        version=[usage.versions[place] for place in usage.cube["version"]],
    )
    return {
        "coverage": usage.coverage,
        "keys": usage.keys,
        "cube": sorted(cube.itertuples(index=False, name=None)),
        "clients": sorted(usage.clients.itertuples(index=False, name=None)),
        "retries": [row for row in usage.retries.itertuples(index=False, name=None) if row[2] or row[3]],
        "logged": usage.logged,
    }


HOUR = 3600.0
SPANS: dict[str, list[tuple[float, float]]] = {
    "one after the other": [(0, HOUR), (HOUR, 2 * HOUR), (2 * HOUR, 3 * HOUR)],
    "with a pause": [(0, HOUR), (5 * HOUR, 6 * HOUR), (9 * HOUR, 10 * HOUR)],
    "an earlier one": [(2 * HOUR, 3 * HOUR), (HOUR, 2 * HOUR), (0, HOUR)],
    "beside each other": [(0, HOUR), (0, HOUR), (0, HOUR)],
    "a little over": [(0, HOUR), (HOUR - 30, 2 * HOUR), (2 * HOUR - 30, 3 * HOUR)],
}
"""The first and the last second of each file."""


def a_file(write: Write, chance: random.Random, name: str, *, span: tuple[float, float], rows: int = 150) -> str:
    """A file of rows in their order, with one that can't be read."""
    found = [a_row(chance, chance.uniform(*span)) for _ in range(rows)]
    lines = [json.dumps(row) for row in sorted(found, key=lambda row: str(row["time"]))]
    lines.insert(chance.randrange(len(lines)), "no row")
    return write(name, "\n".join(lines))


@pytest.mark.parametrize("kind", SPANS)
def test_a_log_that_grew_is_what_it_is_when_read_at_once(write: Write, tmp_path: Path, kind: str) -> None:
    chance, sources = random.Random(kind), list[str]()
    options = Options(salt=SALT, exclude_user_agents=("monitor*",))
    for number, span in enumerate(SPANS[kind]):
        sources.append(a_file(write, chance, f"{number}.jsonl", span=span))
        grown = measure(sources, OPERATIONS, options=replace(options, cache=tmp_path / "cache"))
    assert facts(grown) == facts(measure(sources, OPERATIONS, options=options))


def test_a_file_that_is_added_is_read_and_no_other(write: Write, tmp_path: Path) -> None:
    chance, options = random.Random(7), Options(cache=tmp_path / "cache", salt=SALT)
    first = a_file(write, chance, "1.jsonl", span=(0, 24 * HOUR), rows=900)
    measure([first], OPERATIONS, options=options)
    second = a_file(write, chance, "2.jsonl", span=(24 * HOUR, 25 * HOUR))
    whole = facts(measure([first, second], OPERATIONS, options=replace(options, cache=None)))
    # its ends, its size and its time say that it is what it was: nothing else of it is looked at
    held, state = Path(first).read_bytes(), Path(first).stat()
    Path(first).write_bytes(held[: 1 << 16] + b"#" * (len(held) - (2 << 16)) + held[-(1 << 16) :])
    os.utime(first, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert facts(measure([first, second], OPERATIONS, options=options)) == whole


def test_a_file_that_changed_is_read_again(write: Write, tmp_path: Path) -> None:
    chance, options = random.Random(8), Options(cache=tmp_path / "cache", salt=SALT)
    files = [a_file(write, chance, f"{number}.jsonl", span=(number * HOUR, (number + 1) * HOUR)) for number in range(2)]
    measure(files[:1], OPERATIONS, options=options)
    measure(files, OPERATIONS, options=options)
    with Path(files[1]).open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps(a_row(chance, 2 * HOUR + 1)))
    assert facts(measure(files, OPERATIONS, options=options)) == facts(
        measure(files, OPERATIONS, options=replace(options, cache=None))
    )
    (home,) = (tmp_path / "cache").glob("pieces-*")
    assert len(list(home.iterdir())) == 2


@pytest.mark.parametrize("damaged", ["piece.json", "keys.parquet", "asked.parquet"])
def test_a_damaged_piece_is_no_piece(write: Write, tmp_path: Path, damaged: str) -> None:
    file, options = a_file(write, random.Random(9), "1.jsonl", span=(0, HOUR)), Options(cache=tmp_path / "cache")
    measure([file], OPERATIONS, options=options)
    for folder in (tmp_path / "cache").iterdir():
        if folder.is_dir() and not folder.name.startswith("pieces-"):
            shutil.rmtree(folder)
    for path in (tmp_path / "cache").rglob(damaged):
        path.write_bytes(b"damaged")
    assert measure([file], OPERATIONS, options=options).coverage.rows == 151


def test_a_damaged_piece_that_stays_is_read_no_second_time(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, options = a_file(write, random.Random(9), "1.jsonl", span=(0, HOUR)), Options(cache=tmp_path / "cache")
    measure([file], OPERATIONS, options=options)
    for folder in (tmp_path / "cache").iterdir():
        if folder.is_dir() and not folder.name.startswith("pieces-"):
            shutil.rmtree(folder)
    for path in (tmp_path / "cache").rglob("keys.parquet"):
        path.write_bytes(b"damaged")
    monkeypatch.setattr("apidiff.usage.cube.pieces.shutil.rmtree", lambda *_, **__: None)  # as in a cache of another
    assert measure([file], OPERATIONS, options=options).coverage.rows == 151


def test_a_success_in_one_file_after_a_failure_in_another_that_were_each_read_alone(
    write: Write, tmp_path: Path
) -> None:
    def a_call(second: float, status: int, key: str) -> dict[str, Any]:
        at = (START + timedelta(seconds=second)).isoformat()
        return {"time": at, "method": "GET", "path": "/jobs", "status": status, "api_key": key, "user_agent": "a/1"}

    options = Options(cache=tmp_path / "cache", salt=SALT)
    first = write("1.jsonl", [a_call(0, 200, "k_2"), a_call(HOUR, 503, "k_1"), a_call(HOUR, 503, "k_3")])
    second = write("2.jsonl", [a_call(HOUR + 20, 200, "k_1"), a_call(HOUR + 90, 200, "k_3"), a_call(HOUR + 5, 200, "")])
    for source in (first, second):
        measure([source], OPERATIONS, options=options)
    together = measure([first, second], OPERATIONS, options=options)
    assert facts(together) == facts(measure([first, second], OPERATIONS, options=replace(options, cache=None)))
    assert together.retries["retries"].sum() == 1
