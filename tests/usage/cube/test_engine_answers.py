"""Engines: odd rows give the same plan.json as the same rows in a file."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from apidiff.comparison.compare import Judgement
from apidiff.config import Config
from apidiff.jobs.plan import Job, make_plan_folder
from apidiff.usage.keys import salt_from
from apidiff.usage.options import Options
from tests.cli.scenario import BASE, INTEGRATORS, KEYS, REVISION

TABLE = "access_log"
TODAY = date(2026, 3, 20)
SALT = salt_from(bytes(32))
FIRST, SECOND = KEYS
COLUMNS = ("ts", "method", "path", "status", "api_key", "user_agent", "api_version")


def rows() -> list[tuple[Any, ...]]:
    """A fortnight of two accounts, and every row that files say something about."""
    fine = [
        (
            f"2026-03-{day:02d} 12:{minute:02d}:00.25",
            "GET",
            f"/pets/{day}?api-version={version}",
            200,
            key,
            "curl/8.5",
            "",
        )
        for day in range(5, 19)
        for minute in range(6)
        for key, version in ((FIRST, "1.0.0"), (SECOND, "2.0.0"))
    ]
    failing = [
        (f"2026-03-07 09:00:{second:02d}", "GET", "/pets", 503, FIRST, "curl/8.5", "") for second in range(0, 60, 5)
    ]
    odd = [
        ("2031-01-01 00:00:00", "GET", "/pets", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:00", "GET", "/pets?limit=3", 200, SECOND, "curl/8.5", ""),
        ("2026-03-18 10:00:01", "GET", "https://api.example.com/pets", 200, SECOND, "curl/8.5", ""),
        ("2026-03-18 10:00:02", "GET", "/nowhere/12345", 404, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:03", "GET", "/pets", 200, "", "curl/8.5", ""),
        ("2026-03-18 10:00:04", "GET", "/pets", 200, None, "curl/8.5", ""),
        ("2026-03-18 10:00:05", "GET", "/pets", 777, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:06", "GET", "-", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:07", None, "/pets", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:08", "GET", "/pets/1/", 200, FIRST, "Mozilla/5.0 (X11)", ""),
        ("2026-03-18 10:00:09", "GET", "/pets/a%3Ab", 200, "new-key-of-nobody", "", ""),
        (None, "GET", "/pets", 200, FIRST, "curl/8.5", ""),
        ("1969-12-31 23:59:59", "GET", "/pets", 200, FIRST, "curl/8.5", ""),
    ]
    return fine + failing + odd


def plan_of(
    tmp_path: Path, name: str, options: Options, *, usage: tuple[str, ...] = (), today: date = TODAY
) -> dict[str, Any]:
    """The plan.json of the pets and the warnings of its making, without what only files have: the places of rows."""
    for side, spec in (("base", BASE), ("revision", REVISION)):
        (tmp_path / f"{side}.json").write_text(json.dumps(spec))
    (tmp_path / "integrators.csv").write_text(INTEGRATORS)
    out = tmp_path / name
    out.mkdir()
    (out / ".salt").write_bytes(SALT)
    job = Job(
        base=str(tmp_path / "base.json"),
        revision=str(tmp_path / "revision.json"),
        out=out,
        today=today,
        settings=Config(),
        judgement=Judgement(today=today),
        options=options,
        usage=usage,
        integrators=(str(tmp_path / "integrators.csv"),),
        no_usage="",
    )
    made = make_plan_folder(job)
    found: dict[str, Any] = json.loads((out / "plan.json").read_text())
    reasons = sorted(sample.pop("reason").removesuffix(": 1 row") for sample in found["usage"]["malformed_samples"])
    found["usage"] |= {"malformed_samples": reasons, "read_as": []}
    warnings = [text.partition(" can't be read: ")[0] for text in made.warnings]
    return found | {"warnings of the run": warnings}


KINDS = {
    "naive": ("TIMESTAMP", "ts"),
    "zoned": ("TIMESTAMPTZ", "ts AT TIME ZONE 'UTC'"),
    "text with Z": ("VARCHAR", "strftime(ts, '%Y-%m-%dT%H:%M:%S.%fZ')"),
    "text with an offset": ("VARCHAR", "strftime(ts + INTERVAL 5 HOUR, '%Y-%m-%dT%H:%M:%S.%f') || '+05:00'"),
    "seconds": ("BIGINT", "epoch(ts)::BIGINT"),
    "milliseconds": ("BIGINT", "epoch_ms(ts)"),
    "microseconds": ("BIGINT", "epoch_us(ts)"),
}
"""Types of a column of times, and how one is made of a timestamp."""


def write_log(path: Path, kind: str) -> None:
    """The rows as Parquet, with times of a kind."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE TABLE made (ts TIMESTAMP, method VARCHAR, path VARCHAR, status INTEGER, api_key VARCHAR, "
            "user_agent VARCHAR, api_version VARCHAR)"
        )
        connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
        made = f"({KINDS[kind][1]})::{KINDS[kind][0]}"
        connection.execute(f"COPY (SELECT * REPLACE ({made} AS ts) FROM made) TO '{path}' (FORMAT parquet)")


def test_duckdb(tmp_path: Path) -> None:
    import duckdb

    for number, kind in enumerate(KINDS):
        log = tmp_path / f"{number}.parquet"
        write_log(log, kind)
        with duckdb.connect(str(tmp_path / f"{number}.duckdb")) as connection:
            connection.execute(f"CREATE SCHEMA raw; CREATE TABLE raw.{TABLE} AS SELECT * FROM '{log}'")
        said = Options(version_from="query:api-version", today=TODAY)
        by_file = plan_of(tmp_path, f"file {number}", said, usage=(str(log),))
        there = replace(said, engine=f"duckdb://{tmp_path}/{number}.duckdb", table=f"raw.{TABLE}")
        assert plan_of(tmp_path, f"engine {number}", there) == by_file
