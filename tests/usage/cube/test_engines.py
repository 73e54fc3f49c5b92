"""Engines: the same plan on the same rows gives the same cube, row by row, and the same impacts."""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlglot

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.drivers import Found, parts_of
from apidiff.usage.cube.measure import measure
from apidiff.usage.cube.value import Usage
from apidiff.usage.keys import digest
from apidiff.usage.options import Options
from apidiff.words.changes import Exposed, Exposure
from apidiff.words.errors import ApidiffError, Exit
from tests.usage.conftest import Generated, a_change, an_operation, generate

pytestmark = [pytest.mark.corpus, pytest.mark.xdist_group("engines")]
TABLE = "access_log"
ROWS = int(os.environ.get("APIDIFF_ENGINE_ROWS", "50000"))
"""Rows of the log that each engine holds; a million are asked for at a desk."""


def rows_of(usage: Usage) -> list[tuple[Any, ...]]:
    """The cube with texts for numbers, so that it can be compared whatever the salt."""
    names = ["route", "version", "day", "attempts", "successes", "first", "last", "first_success"]
    masks = [key.masked for key in usage.keys]
    return sorted(
        (masks[row.key], *(usage.versions[row.version] if name == "version" else getattr(row, name) for name in names))
        for row in usage.cube.itertuples(index=False)
    )


def retries_of(usage: Usage) -> list[tuple[Any, ...]]:
    """Retries and loops with texts for keys."""
    rows = usage.retries.itertuples(index=False)
    return sorted((usage.keys[row.key].masked, row.route, row.retries, row.loop) for row in rows)


@pytest.fixture(scope="module")
def log(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Generated:
    return generate(shared, tmp_path_factory.mktemp("engines") / "log", rows=ROWS)


@pytest.fixture(scope="module")
def by_files(log: Generated) -> Usage:
    return measure([str(log.log)], log.operations, options=Options())


def in_engine(url: str, log: Generated) -> Usage:
    return measure([], log.operations, options=Options(engine=url, table=TABLE))


def check(found: Usage, expected: Usage, log: Generated) -> None:
    # how a file is laid out is of files alone; of rows that came twice each looks at a sample of its own
    assert found.coverage == replace(expected.coverage, same=found.coverage.same, read_as=())
    assert rows_of(found) == rows_of(expected)
    busiest = expected.routes.by_number[Counter(expected.cube["route"].tolist()).most_common(2)[1][0]]
    changes = [
        a_change("called", busiest, Exposure(Exposed.CALLED)),
        a_change("sent", busiest, Exposure(Exposed.SENT_PARAMETER, "query", ("starting_after",))),
        a_change("left", busiest, Exposure(Exposed.LEFT_OUT_PARAMETER, "query", ("limit",))),
    ]
    integrators = read_integrators([str(log.keys), str(log.accounts)])
    ours, theirs = (
        join(usage, changes, integrators, operations=log.operations, options=Options()) for usage in (found, expected)
    )
    assert ours.impacts == theirs.impacts
    assert len(ours.impacts) > 50
    assert retries_of(found) == retries_of(expected)


RUNS = {
    "five in a row": ([(second, 500) for second in range(0, 50, 10)], (4, 1)),
    "four, a success, four": ([(second, 200 if second == 40 else 500) for second in range(0, 90, 10)], (7, 0)),
    "a success of the other method": ([(second, 500) for second in range(0, 50, 10)] + [(25, 201)], (4, 1)),
    "two hundred seconds apart": ([(second, 404) for second in range(0, 1000, 200)], (0, 0)),
    "many, and one in twenty succeeds": ([(s, 200 if s % 440 == 220 else 404) for s in range(0, 590, 11)], (0, 1)),
    "many, and one in four succeeds": ([(s, 200 if s % 44 == 22 else 404) for s in range(0, 590, 11)], (0, 0)),
    "-": ([(second, 503) for second in range(0, 50, 10)], (4, 1)),
}
"""Attempts of a key as (second, status), and the retries and the loop that they are; 201 is a POST."""


def write_runs(path: Path) -> None:
    import duckdb

    rows = [
        (f"2024-05-01 08:{second // 60:02d}:{second % 60:02d}", "POST" if status == 201 else "GET", status, key)
        for key, (attempts, _) in RUNS.items()
        for second, status in attempts
    ]
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE runs (ts TIMESTAMP, method VARCHAR, status INTEGER, api_key VARCHAR)")
        connection.executemany("INSERT INTO runs VALUES (?, ?, ?, ?)", rows)
        connection.execute(f"COPY (SELECT *, '/jobs' AS path FROM runs) TO '{path}' (FORMAT parquet)")


def check_runs(sources: list[str], **options: str) -> None:
    usage = measure(sources, [an_operation("GET /jobs"), an_operation("POST /jobs")], options=Options(**options))
    names = {"" if key == "-" else digest(key, usage.salt): key for key in RUNS}
    found = {names[usage.keys[row.key].digest]: (row.retries, row.loop) for row in usage.retries.itertuples()}
    assert found == {key: expected for key, (_, expected) in RUNS.items()}


def test_runs_in_files_and_in_duckdb(tmp_path: Path) -> None:
    import duckdb

    write_runs(tmp_path / "runs.parquet")
    check_runs([str(tmp_path / "runs.parquet")])
    with duckdb.connect(str(tmp_path / "x.duckdb")) as connection:
        connection.execute(f"CREATE TABLE runs AS SELECT * FROM '{tmp_path}/runs.parquet'")
    check_runs([], engine=f"duckdb://{tmp_path}/x.duckdb", table="runs")


def test_duckdb(log: Generated, by_files: Usage, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "logs.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE {TABLE} AS SELECT * FROM '{log.log}/*.parquet'")
    check(in_engine(f"duckdb://{path}", log), by_files, log)


def test_clickhouse(log: Generated, by_files: Usage, tmp_path: Path) -> None:
    session = pytest.importorskip("chdb.session", reason="needs chdb: pip install apidiff[clickhouse]")
    folder = tmp_path / "clickhouse"
    writer = session.Session(str(folder))
    writer.query(
        f"CREATE TABLE {TABLE} ENGINE = MergeTree ORDER BY tuple() AS "
        f"SELECT * FROM file('{log.log}/*.parquet', 'Parquet') "
        "SETTINGS session_timezone = 'UTC', schema_inference_make_columns_nullable = 0"
    )
    write_runs(tmp_path / "runs.parquet")
    writer.query(
        f"CREATE TABLE runs ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM file('{tmp_path}/runs.parquet')"
        " SETTINGS session_timezone = 'UTC', schema_inference_make_columns_nullable = 0"
    )
    writer.close()
    check_runs([], engine=f"chdb://{folder}", table="runs")
    check(in_engine(f"chdb://{folder}", log), by_files, log)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_spark(log: Generated, by_files: Usage, tmp_path: Path, spark: Any) -> None:
    spark.read.parquet(str(log.log)).createOrReplaceTempView(TABLE)
    write_runs(tmp_path / "runs.parquet")
    spark.read.parquet(str(tmp_path / "runs.parquet")).createOrReplaceTempView("runs")
    check_runs([], engine="spark://", table="runs")
    check(in_engine("spark://", log), by_files, log)


def test_postgresql(log: Generated, by_files: Usage, postgresql: Path, tmp_path: Path) -> None:
    import duckdb
    import psycopg

    write_runs(tmp_path / "runs.parquet")
    columns = {"ts": "timestamp", "status": "int", "method": "text", "path": "text", "api_key": "text"}
    more = {"query": "text", "user_agent": "text", "api_version": "text"}
    with psycopg.connect(f"host={postgresql} user=postgres dbname=postgres") as connection:
        for table, source, names in (
            (TABLE, f"{log.log}/*.parquet", columns | more),
            ("runs", f"{tmp_path}/runs.parquet", columns),
        ):
            duckdb.execute(f"COPY (SELECT {', '.join(names)} FROM '{source}') TO '{tmp_path}/rows.csv' (HEADER false)")
            connection.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {kind}' for name, kind in names.items())})")
            with (
                (tmp_path / "rows.csv").open("rb") as rows,
                connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy,
            ):
                while block := rows.read(1 << 20):
                    copy.write(block)
    url = f"postgres://postgres@/postgres?host={postgresql}"
    check_runs([], engine=url, table="runs")
    check(in_engine(url, log), by_files, log)


@pytest.mark.parametrize(
    "dialect", ["trino", "bigquery", "snowflake", "databricks", "athena", "postgres", "clickhouse", "duckdb"]
)
def test_the_plan_compiles_for(dialect: str) -> None:
    from apidiff.usage.cube.engine import Remote
    from apidiff.usage.route import routes_of

    class Told:
        """An engine that is told statements, and gives no rows."""

        def __init__(self) -> None:
            self.dialect, self.told = dialect, list[str]()

        def find(self, table: str) -> Found:
            columns = {"ts": "timestamp('UTC')", "url": "string", "method": "string", "status": "string"}
            return parts_of(table), columns | {"api_key": "string", "operation_id": "string"}

        def fetch(self, statement: str, schema: Any) -> Any:
            self.told.append(statement)
            return schema.to_pyarrow().empty_table()

        def explain(self, statement: str) -> str:
            return statement

    operations = ["GET /v1/pets", "GET /v1/pets/{id}.json", "GET /v1/{id}/x"]
    engine = Told()
    log = Remote(engine, Options(table="lake.raw.Access_Log", today=date(2026, 3, 20)))
    log.along(routes_of([an_operation(operation) for operation in operations]))
    since = datetime(2026, 1, 1, tzinfo=UTC)
    log.cube()
    log.attempts(1_000_000_000)
    log.sights([("query", "(?:^|&)limit=", (1,))], since)
    log.shapes(since=since, logged={"query"}, listed="", numbers="")
    assert len(engine.told) == 4
    for text in engine.told:
        tree = sqlglot.parse_one(text, dialect=dialect)
        assert isinstance(tree, sqlglot.exp.Select)
        names = {node.alias_or_name for node in tree.find_all(sqlglot.exp.CTE)}
        tables = {
            ".".join(part.name for part in node.parts)
            for node in tree.find_all(sqlglot.exp.Table)
            if node.name and node.name not in names
        }
        assert tables == {"lake.raw.Access_Log"}
        assert "apidiff_" not in text.replace("apidiff_log", "")
        # of a DATETIME BigQuery gives no seconds, and of one value Trino takes no first
        assert "UNIX_SECONDS" not in text
        assert not [node for node in tree.find_all(sqlglot.exp.Coalesce) if not node.expressions]


@pytest.mark.parametrize(
    ("url", "code"),
    [("nosuchengine://x", "engine-failed"), ("duckdb:///no/such/folder/x.duckdb", "engine-failed")],
)
def test_engines_that_fail(url: str, code: str) -> None:
    with pytest.raises(ApidiffError) as caught:
        measure([], [an_operation("GET /a")], options=Options(engine=url, table=TABLE))
    assert (caught.value.code, caught.value.status) == (code, Exit.OUTSIDE)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "x.duckdb"
    duckdb.connect(str(path)).close()
    with pytest.raises(ApidiffError) as caught:
        measure([], [an_operation("GET /a")], options=Options(engine=f"duckdb://{path}", table=TABLE))
    assert (caught.value.code, caught.value.status) == ("engine-table-missing", Exit.OUTSIDE)


def test_texts_and_numbers_of_every_kind(tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "odd.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"CREATE TABLE {TABLE} (ts VARCHAR, verb VARCHAR, url VARCHAR, code VARCHAR, client_id BIGINT)"
        )
        connection.execute(
            f"INSERT INTO {TABLE} VALUES ('2026-03-14T08:26:53Z', 'GET', '/a?x=1', '200', 7), "
            "('yesterday', 'GET', '/a', '200', 7), ('2026-03-14 08:26:54', 'GET', '/a', 'OK', 7), "
            "('2026-03-14 08:26:55', 'GET', '/b', '404', NULL)"
        )
    options = Options(engine=f"duckdb://{path}", table=TABLE)
    coverage = measure([], [an_operation("GET /a")], options=options).coverage
    counts = (
        coverage.rows,
        coverage.matched,
        coverage.unmatched,
        coverage.malformed,
        coverage.keys,
        coverage.has_query,
    )
    assert counts == (4, 1, 1, 2, 1, True)
    assert coverage.unmatched_shapes == (("/*", 1),)
