"""A log in an engine is read no further back than the look-back, and the rest of it stays as it is."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.errors import ApidiffError, Exit
from tests.usage.conftest import an_operation

TODAY = date(2026, 3, 20)
KINDS = {
    "stamp": ("TIMESTAMP", "ts"),
    "zoned": ("TIMESTAMPTZ", "ts AT TIME ZONE 'UTC'"),
    "iso": ("VARCHAR", "strftime(ts, '%Y-%m-%dT%H:%M:%SZ')"),
    "seconds": ("BIGINT", "epoch(ts)::BIGINT"),
    "milliseconds": ("BIGINT", "epoch_ms(ts)"),
    "microseconds": ("DOUBLE", "epoch_us(ts)"),
}
PARTITIONS = {"dt": "ts::DATE", "dt_text": "strftime(ts, '%Y-%m-%d')", "dt_number": "strftime(ts, '%Y%m%d')::INTEGER"}


def make(path: Path, *, last: date = TODAY) -> str:
    """A database with a call a day for a year, also as Parquet by day, and one row without a time."""
    import duckdb

    with duckdb.connect(str(path / "x.duckdb")) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        times = ", ".join(f"({made})::{of} AS {name}" for name, (of, made) in KINDS.items())
        parts = ", ".join(f"{made} AS {name}" for name, made in PARTITIONS.items())
        connection.execute(
            f"CREATE TABLE log AS SELECT {times}, {parts}, 'GET' AS method, '/a' AS path, 200 AS status, 'k' AS api_key"
            f" FROM (SELECT unnest(generate_series(TIMESTAMP '{last - timedelta(days=364)} 12:00:00', "
            f"TIMESTAMP '{last} 12:00:00', INTERVAL 1 DAY)) AS ts)"
        )
        connection.execute(
            f"INSERT INTO log (method, path, status, api_key, dt) VALUES ('GET', '/a', 200, 'k', '{last}')"
        )
        connection.execute(f"COPY log TO '{path}/hive' (FORMAT parquet, PARTITION_BY (dt_text))")
        connection.execute(
            f"CREATE VIEW hive AS FROM read_parquet('{path}/hive/*/*.parquet', hive_types_autocast = false)"
        )
    return f"duckdb://{path}/x.duckdb"


def measured(url: str, column: str, **more: Any) -> tuple[date, int, int]:
    """The day of the first row, and the rows that were read and that can't be."""
    found = measure(
        [], [an_operation("GET /a")], options=Options(engine=url, table="log", columns={"time": column}, **more)
    ).coverage
    assert found.first is not None
    return found.first.date(), found.rows, found.malformed


@pytest.mark.parametrize("column", KINDS)
def test_the_look_back_and_a_day(tmp_path: Path, column: str) -> None:
    url = make(tmp_path)
    bounded = {"today": TODAY, "is_bounded": True, "look_back_days": 90}
    first = TODAY - timedelta(days=90)
    assert measured(url, column, **bounded) == (first, 92, 1)
    assert measured(url, column, today=TODAY) == (TODAY - timedelta(days=364), 366, 1)


def test_logs_that_ended_earlier_are_read_from_where_their_own_look_back_begins(tmp_path: Path) -> None:
    """A row of a future day is no end of them."""
    import duckdb

    last = TODAY - timedelta(days=40)
    url = make(tmp_path, last=last)
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute("INSERT INTO log (stamp, method, path, status) VALUES ('2031-01-01', 'GET', '/a', 200)")
    found = measured(url, "stamp", today=TODAY, is_bounded=True, look_back_days=90)
    assert found == (last - timedelta(days=90), 93, 2)


@pytest.mark.parametrize("partition", PARTITIONS)
def test_a_column_of_partitions(tmp_path: Path, partition: str) -> None:
    """Rows of partitions that are too old are not there at all; that of no time has one only as a date."""
    url = make(tmp_path)
    found = measured(url, "stamp", today=TODAY, is_bounded=True, look_back_days=90, partition=partition)
    is_there = partition == "dt"
    assert found == (TODAY - timedelta(days=90), 91 + is_there, int(is_there))


def test_files_of_older_partitions_are_not_opened(tmp_path: Path) -> None:
    import duckdb

    from apidiff.usage.cube.engine import Remote, engine_of

    url = make(tmp_path)
    said = Options(
        engine=url, table="hive", columns={"time": "stamp"}, today=TODAY, is_bounded=True, partition="dt_text"
    )
    table = Remote(engine_of(url), said)
    text = table.statement(table._cube_of())
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        plan = connection.execute(f"EXPLAIN ANALYZE {text}").fetchall()[0][1]
    assert "Total Files Read: 92" in plan


def test_a_partition_that_is_no_column(tmp_path: Path) -> None:
    with pytest.raises(ApidiffError) as caught:
        measured(make(tmp_path), "stamp", partition="day")
    assert (caught.value.code, caught.value.status) == ("usage-column-unknown", Exit.USAGE)


def test_questions_are_answered_with_the_cube(tmp_path: Path) -> None:
    """What was foreseen is not asked of the log again, and its answer is the one that the log gives."""
    import duckdb

    from apidiff.usage.cube.engine import Remote, engine_of
    from apidiff.usage.route import routes_of

    path = tmp_path / "x.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE log (ts TIMESTAMP, method VARCHAR, path VARCHAR, status INT, api_key VARCHAR)")
        connection.executemany(
            "INSERT INTO log VALUES (?, 'GET', ?, ?, ?)",
            [
                (f"2026-03-{day:02d} 0{hour}:00:00", f"/a?{query}", status, key)
                for day in (1, 9, 10)
                for hour, (query, status, key) in enumerate(
                    [("x=1", 200, "k"), ("y=1", 200, "k"), ("x=1&y=1", 404, "k"), ("x=1", 500, "l"), ("", 204, "l")]
                )
            ],
        )
    questions = [("query", "(?:^|&)x=", (1,)), ("query", "(?:^|&)y=", (1,)), ("query", "(?:^|&)x=", (2,))]
    engine = engine_of(f"duckdb://{path}")
    table = Remote(engine, Options(table="log")).along(routes_of([an_operation("GET /a"), an_operation("GET /b")]))
    since = datetime(2026, 3, 9, tzinfo=UTC)
    asked = sorted(table.sights(questions, since))
    table.expect(questions)
    table.cube()
    engine.fetch = None  # type: ignore[method-assign, assignment]
    assert sorted(table.sights(questions, since)) == asked
    assert len(asked) == 2
