"""Engines: odd rows give the same plan.json as the same rows in a file, whatever the type of their times."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff.comparison.compare import Judgement
from apidiff.config import Config
from apidiff.jobs.plan import Job, make_plan_folder
from apidiff.usage.cube.engine import Remote
from apidiff.usage.keys import salt_from
from apidiff.usage.options import Options
from tests.cli.scenario import KEYS

pytestmark = [pytest.mark.corpus, pytest.mark.xdist_group("engines")]
TABLE = "access_log"
TODAY = date(2026, 4, 10)
SALT = salt_from(bytes(32))
FIRST, SECOND = KEYS
WRONG = "/when"
"""The path of a row whose time is no time, where times are texts."""


def rows() -> list[tuple[Any, ...]]:
    """A fortnight of two accounts, a part of it shipped twice, and every row that files say something about."""
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
        *((f"2026-03-18 10:01:{second:02d}", "GET", "/pets", 200, None, "curl/8.5", "") for second in range(30)),
        ("2026-03-18 10:00:05", "GET", "/pets", 777, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:06", "GET", "-", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:07", None, "/pets", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:08", "GET", "/pets/1/", 200, FIRST, "Mozilla/5.0 (X11)", ""),
        ("2026-03-18 10:00:09", "GET", "/pets/a%3Ab", 200, "new-key-of-nobody", "", ""),
        (None, "GET", "/pets", 200, FIRST, "curl/8.5", ""),
        ("1969-12-31 23:59:59", "GET", "/pets", 200, FIRST, "curl/8.5", ""),
        ("2026-03-18 10:00:10", "GET", WRONG, 404, FIRST, "curl/8.5", ""),
    ]
    return [*fine, *fine[:60], *failing, *odd]


def plan_of(
    inputs: Path, out: Path, options: Options, *, usage: tuple[str, ...] = (), today: date = TODAY
) -> dict[str, Any]:
    """The plan.json of the pets and the warnings of its making, without what only files have: the places of rows."""
    out.mkdir()
    (out / ".salt").write_bytes(SALT)
    job = Job(
        base=str(inputs / "base.json"),
        revision=str(inputs / "revision.json"),
        out=out,
        today=today,
        settings=Config(),
        judgement=Judgement(today=today),
        options=options,
        usage=usage,
        integrators=(str(inputs / "integrators.csv"),),
        no_usage="",
    )
    made = make_plan_folder(job)
    found: dict[str, Any] = json.loads((out / "plan.json").read_text())
    reasons = sorted(sample.pop("reason").removesuffix(": 1 row") for sample in found["usage"]["malformed_samples"])
    found["usage"] |= {"malformed_samples": reasons}
    shown = options.table or str(usage[0])
    found["caveats"] = [text.replace(shown, "LOG") for text in made.plan.caveats]
    warnings = [text.partition(" can't be read: ")[0].replace(shown, "LOG") for text in made.warnings]
    found["usage"]["warnings"] = [text.replace(shown, "LOG") for text in found["usage"]["warnings"]]
    return found | {"warnings of the run": warnings}


_WITH_Z = "strftime(ts, '%Y-%m-%dT%H:%M:%S.%fZ')"
_EAST = "strftime(ts + INTERVAL 5 HOUR, '%Y-%m-%dT%H:%M:%S.%f') || '+05:00'"
_BARE = "strftime(ts, '%Y-%m-%d %H:%M:%S.%f')"
KINDS = {
    "naive": ("TIMESTAMP", ("ts",)),
    "zoned": ("TIMESTAMPTZ", ("ts AT TIME ZONE 'UTC'",)),
    "texts": ("VARCHAR", (_WITH_Z, _EAST, _BARE)),
    "texts_without_offset": ("VARCHAR", (_BARE,)),
    "integers": ("BIGINT", ("epoch(ts)::BIGINT", "epoch_ms(ts)", "epoch_us(ts)")),
    "doubles": ("DOUBLE", ("epoch(ts)", "epoch_us(ts) / 1000.0", "epoch_us(ts)::DOUBLE")),
}
"""Columns of times: their type, and how rows have a timestamp in it, by turns; each stands beside the others."""
EVERY_KIND = "APIDIFF_EVERY_KIND" in os.environ
"""Whether an engine that takes its time for a plan makes one for each kind too (CONTRIBUTING.md)."""
REST = {
    "method": "VARCHAR",
    "path": "VARCHAR",
    "status": "INTEGER",
    "api_key": "VARCHAR",
    "user_agent": "VARCHAR",
    "api_version": "VARCHAR",
}
COLUMNS = {kind: of for kind, (of, _) in KINDS.items()} | REST


def options_of(kind: str) -> Options:
    return Options(version_from="query:api-version", today=TODAY, columns={"time": kind})


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rows as Parquet, with their times in a column of each kind."""
    import duckdb

    path = tmp_path_factory.mktemp("odd rows") / "log.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TABLE made (ts TIMESTAMP, {', '.join(f'{n} {t}' for n, t in REST.items())})")
        connection.executemany("INSERT INTO made VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
        times = []
        for kind, (of, ways) in KINDS.items():
            turns = " ".join(f"WHEN rowid % {len(ways)} = {turn} THEN {way}" for turn, way in enumerate(ways))
            wrong = f"WHEN path = '{WRONG}' THEN 'yesterday'" if of == "VARCHAR" else ""
            times.append(f"(CASE {wrong} {turns} END)::{of} AS {kind}")
        connection.execute(
            f"COPY (SELECT {', '.join(times)}, {', '.join(REST)} FROM made) TO '{path}' (FORMAT parquet)"
        )
    return path


@pytest.fixture(scope="session")
def by_file(inputs: Path, log: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, dict[str, Any]]:
    """The plan of the rows as a file, for each kind of times."""
    folder = tmp_path_factory.mktemp("by file")
    plans = {kind: plan_of(inputs, folder / kind, options_of(kind), usage=(str(log),)) for kind in KINDS}
    said = json.dumps(plans["texts_without_offset"])
    assert all(
        text in said
        for text in (
            "times have no offset",
            "rows are the same as another",
            "have no key",
            "the logs end on",
            "a time in the future",
            "a time that can't be read",
        )
    )
    return plans


Check = Callable[..., None]
READS = 4
"""How often a plan reads the log: for failures and the successes after them, and for the cube and what changes ask; a
second time for that where the log ended so early that its own look-back begins before that of today, as here."""


@pytest.fixture
def check(
    inputs: Path, by_file: Mapping[str, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Check:
    """Checks that a table gives the plans that the file gave, in few reads of it: `scan` is one, as EXPLAIN has it."""
    explained: list[str] = []
    fetch = Remote._fetch

    def told(self: Remote, expression: Any) -> Any:
        explained.append(self._engine.explain(self.statement(expression)))
        return fetch(self, expression)

    def all_kinds(engine: str, table: str, scan: str, kinds: Iterable[str] = KINDS) -> None:
        for kind in kinds:
            explained.clear()
            monkeypatch.setattr(Remote, "_fetch", told if kind == "naive" else fetch)
            found = plan_of(inputs, tmp_path / kind, replace(options_of(kind), engine=engine, table=table))
            assert found == by_file[kind], kind
            reads = sum(len(re.findall(scan, text)) for text in explained)
            assert not explained or 0 < reads <= READS, explained

    return all_kinds


def test_duckdb(log: Path, check: Check, tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute(f"CREATE SCHEMA raw; CREATE TABLE raw.{TABLE} AS SELECT * FROM '{log}'")
    check(f"duckdb://{tmp_path}/x.duckdb", f"raw.{TABLE}", "SEQ_SCAN")


def test_postgresql_where_one_may_only_read(log: Path, check: Check, postgresql: Path, tmp_path: Path) -> None:
    """The role may look at one table: it can make none, not even one that is gone with its session."""
    import duckdb
    import psycopg

    kinds = {"DOUBLE": "double precision", "TIMESTAMPTZ": "timestamptz"}
    columns = ", ".join(f"{name} {kinds.get(of, of)}" for name, of in COLUMNS.items())
    with duckdb.connect() as writer:
        writer.execute(
            f"SET TimeZone = 'UTC'; COPY (FROM '{log}') TO '{tmp_path}/rows.csv' (HEADER false, NULLSTR '~')"
        )
    with psycopg.connect(f"host={postgresql} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE odd")
    with psycopg.connect(f"host={postgresql} user=postgres dbname=odd", autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA raw; CREATE TABLE raw.{TABLE} ({columns})")
        with connection.cursor().copy(f"COPY raw.{TABLE} FROM STDIN (FORMAT csv, NULL '~')") as copy:
            copy.write((tmp_path / "rows.csv").read_bytes())
        connection.execute(
            "CREATE ROLE reader LOGIN; REVOKE ALL ON DATABASE odd FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC;"
            "GRANT CONNECT ON DATABASE odd TO reader; GRANT USAGE ON SCHEMA raw TO reader;"
            f"GRANT SELECT ON raw.{TABLE} TO reader"
        )
    with psycopg.connect(f"host={postgresql} user=reader dbname=odd", autocommit=True) as connection:
        for forbidden in ("CREATE TEMP TABLE mine (x int)", "CREATE TABLE raw.mine (x int)", "CREATE SCHEMA mine"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden)
    check(f"postgres://reader@/odd?host={postgresql}", f"raw.{TABLE}", f"Scan on {TABLE}")


def test_clickhouse(log: Path, check: Check, tmp_path: Path) -> None:
    session = pytest.importorskip("chdb.session", reason="needs chdb: pip install apidiff[clickhouse]")
    writer = session.Session(str(tmp_path / "clickhouse"))
    writer.query("CREATE DATABASE raw")
    writer.query(
        f"CREATE TABLE raw.{TABLE} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{log}', 'Parquet') "
        "SETTINGS session_timezone = 'UTC'"
    )
    writer.close()
    check(f"chdb://{tmp_path}/clickhouse", f"raw.{TABLE}", "ReadFromMergeTree")


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_spark_with_two_executors(log: Path, check: Check, spark: Any) -> None:
    assert spark.sparkContext.master.startswith("local-cluster[2,")
    check("spark://", f"parquet.{log.parent}", "FileScan parquet", KINDS if EVERY_KIND else ("naive", "texts"))


def test_trino(log: Path, check: Check, trino: str) -> None:
    """On a server that is started for it: set APIDIFF_TRINO_HOME (CONTRIBUTING.md)."""
    import duckdb
    from trino.dbapi import connect

    host, port = trino.split(":")
    kinds = {"TIMESTAMP": "timestamp(6)", "TIMESTAMPTZ": "timestamp(6) with time zone"}
    with duckdb.connect() as reader:
        reader.execute("SET TimeZone = 'UTC'")
        cells = ", ".join(f"{name}::VARCHAR" for name in COLUMNS)
        found = reader.execute(f"SELECT {cells} FROM '{log}'").fetchall()

    def cell(value: str | None, of: str) -> str:
        text = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
        return f"CAST({text} AS {kinds.get(of, of)})"

    values = ", ".join(
        "(" + ", ".join(cell(value, of) for value, of in zip(row, COLUMNS.values(), strict=True)) + ")" for row in found
    )
    with connect(host=host, port=int(port), user="test", catalog="memory") as connection:
        cursor = connection.cursor()
        columns = ", ".join(f"{name} {kinds.get(of, of)}" for name, of in COLUMNS.items())
        for statement in (
            "CREATE SCHEMA memory.raw",
            f"CREATE TABLE memory.raw.{TABLE} ({columns})",
            f"INSERT INTO memory.raw.{TABLE} VALUES {values}",
        ):
            cursor.execute(statement).fetchall()
    check(f"trino://test@{trino}/memory", f"memory.raw.{TABLE}", r"table = memory:")
