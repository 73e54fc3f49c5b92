"""The cube's cache: the same answer without the log, and nothing in it that a thief could use."""

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.changes import Exposed, Exposure
from tests.usage.conftest import a_change, an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation("GET /v1/charges"), an_operation("GET /v1/charges/{id}")]
KEY, MAIL = "sk_live_0123456789abcdef", "ann@acme.example"
ROWS = [
    {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": f"/v1/charges?email={MAIL}", "status": 200,
     "api_key": KEY, "client_ip": "203.0.113.9", "user_agent": "axios/1.6", "version": "2020-01-01"},
    {"time": "2026-03-14T08:26:54Z", "method": "GET", "path": f"/v1/mail/{MAIL}/x", "status": 200, "api_key": KEY},
    {"time": "2026-03-14T08:26:55Z", "method": "GET", "path": "/v1/charges/ch_77", "status": 500, "api_key": KEY},
]  # fmt: skip
CHANGES = [
    a_change("sent", ["GET /v1/charges"], Exposure(Exposed.SENT_VALUE, "query", ("email",), (MAIL,))),
    a_change("called", ["GET /v1/charges/{id}"], Exposure(Exposed.CALLED)),
]
Write = Callable[[str, Any], str]


def test_a_second_run_reads_no_log(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, accounts = write("log.jsonl", ROWS), write("a.csv", f"api_key,integrator\n{KEY},acme\n")
    options = Options(cache=tmp_path / "cache")

    def answer() -> Any:
        usage = measure([log], OPERATIONS, options=options)
        return join(usage, CHANGES, read_integrators(accounts), operations=OPERATIONS, options=options)

    first = answer()
    assert [impact.evidence.value for impact in first.impacts] == ["possible", "confirmed"]
    monkeypatch.setattr("apidiff.usage.read.logs.connect", lambda *_: pytest.fail("the log was read again"))
    assert answer() == first


def test_another_file_route_or_option_is_another_entry(write: Write, tmp_path: Path) -> None:
    log, options = write("log.jsonl", ROWS), Options(cache=tmp_path / "cache")
    whole = measure([log], OPERATIONS, options=options).coverage
    assert measure([log], OPERATIONS[:1], options=options).coverage.matched == whole.matched - 1
    assert measure([log], OPERATIONS, options=replace(options, mounts=("/v1/mail",))).coverage.rows == whole.rows
    write("log.jsonl", ROWS[:1])
    assert measure([log], OPERATIONS, options=options).coverage.rows == 1
    entries = [item for item in (tmp_path / "cache").iterdir() if item.is_dir() and "pieces" not in item.name]
    assert len(entries) == 4


def test_the_next_day_asks_the_same_cube_unless_a_row_was_or_is_ahead(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write("log.jsonl", [*ROWS, ROWS[0] | {"time": "2026-04-01T00:00:00Z"}])
    options = Options(cache=tmp_path / "cache")

    def rows(today: date | None) -> tuple[int, int]:
        coverage = measure([log], OPERATIONS, options=replace(options, today=today)).coverage
        return coverage.rows, coverage.malformed

    assert rows(date(2026, 3, 20)) == (4, 1)
    assert rows(date(2026, 3, 31)) == (4, 0)
    with monkeypatch.context() as patch:
        patch.setattr("apidiff.usage.read.logs.connect", lambda *_: pytest.fail("the log was read again"))
        assert [rows(day) for day in (date(2026, 3, 31), date(2027, 1, 1), None)] == [(4, 0)] * 3
    assert rows(date(2026, 3, 29)) == (4, 1)


def test_answers_go_with_the_cube_that_they_are_about(write: Write, tmp_path: Path) -> None:
    log = write("log.jsonl", [*ROWS, ROWS[0] | {"time": "2026-04-01T00:00:00Z"}])
    accounts = read_integrators(write("a.csv", f"api_key,integrator\n{KEY},acme\n"))

    def sent(today: date) -> str:
        options = Options(cache=tmp_path / "cache", today=today)
        usage = measure([log], OPERATIONS, options=options)
        impact = join(usage, CHANGES[:1], accounts, operations=OPERATIONS, options=options).impacts[0]
        return impact.told(CHANGES[0].id)

    assert "in 1 of" in sent(date(2026, 3, 20))
    assert "in 2 of" in sent(date(2026, 3, 31))


def test_a_damaged_entry_is_built_anew(write: Write, tmp_path: Path) -> None:
    log, options = write("log.jsonl", ROWS), Options(cache=tmp_path / "cache")
    first = measure([log], OPERATIONS, options=options)
    for path in (tmp_path / "cache").glob("*/**/*.*"):
        path.write_bytes(b"damaged")
    assert measure([log], OPERATIONS, options=options).coverage == first.coverage


def test_nothing_private_is_kept(write: Write, tmp_path: Path) -> None:
    log, options = write("log.jsonl", ROWS), Options(cache=tmp_path / "cache")
    usage = measure([log], OPERATIONS, options=options)
    join(
        usage,
        CHANGES,
        read_integrators(write("a.csv", f"api_key,integrator\n{KEY},acme\n")),
        operations=OPERATIONS,
        options=options,
    )
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert sorted({path.suffix for path in files}) == ["", ".json", ".parquet"]
    kept = b"".join(path.read_bytes() for path in files)
    for private in (KEY, KEY[8:-4], MAIL, "203.0.113.9", "ch_77", "ann@", "axios/1.6"):
        assert private.encode() not in kept
    assert usage.coverage.unmatched_shapes == (("/v1/*/*/*", 1),)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [path for path in (tmp_path / "cache").rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache", *folders)} == {0o700}


def test_a_cache_on_a_full_disk_keeps_nothing(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, options = write("log.jsonl", ROWS), Options(cache=tmp_path / "cache")
    for module in ("cache", "pieces"):
        monkeypatch.setattr(f"apidiff.usage.cube.{module}.write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    assert measure([log], OPERATIONS, options=options).coverage.rows == len(ROWS)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["salt"]
