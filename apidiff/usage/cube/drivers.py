"""Engines that hold logs, each asked in its own way: Spark, ClickHouse, and all that Ibis connects to."""

import re
import weakref
from collections.abc import Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from apidiff.usage.cube.statement import DIALECTS

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

Found = tuple[tuple[str, ...], Mapping[str, str]]
"""A table: the parts of its name as the engine has them, and its columns with their types as Ibis names them."""

_PART = re.compile(r'"((?:[^"]|"")*)"|`([^`]*)`|([^.]+)')
_SETTINGS = " SETTINGS join_use_nulls = 1, session_timezone = 'UTC'"
"""Without join_use_nulls a row that found nothing would look like one that found zero."""
_IN_UTC = {
    "duckdb": "SET TimeZone = 'UTC'",
    "postgres": "SET TIME ZONE 'UTC'",
    "snowflake": "ALTER SESSION SET TIMEZONE = 'UTC'",
}
_FOLDED = {"postgres": str.lower, "snowflake": str.upper}
"""What an engine makes of a name that nobody quotes."""


class Engine(Protocol):
    """What an engine must do: find a table, and run a statement."""

    dialect: str

    def find(self, table: str) -> Found:
        """A table by its name; without columns where there is none."""

    def fetch(self, statement: str, schema: "ibis.Schema") -> "pa.Table":
        """The rows of a statement, as columns of a schema."""

    def explain(self, statement: str) -> str:
        """What the engine says that it would do for a statement, which it does not run."""


def parts_of(table: str) -> tuple[str, ...]:
    """A name in its parts: `catalog.schema.table`, of which any may be quoted."""
    return tuple(quoted.replace('""', '"') or ticked or plain for quoted, ticked, plain in _PART.findall(table))


class Spark:
    """PySpark in this process (`local[2]`), a cluster's master, or with nothing after it the running session."""

    dialect = "databricks"

    def __init__(self, where: str) -> None:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("apidiff").config("spark.sql.session.timeZone", "UTC")
        builder = builder.config("spark.ui.enabled", "false")
        if where.startswith("local"):
            builder = builder.master(where).config("spark.driver.host", "127.0.0.1")
            builder = builder.config("spark.sql.shuffle.partitions", "8")
        elif where:
            builder = builder.master(f"spark://{where}")
        self.session = builder.getOrCreate()

    def find(self, table: str) -> Found:
        """A table or view; `parquet./folder` is a folder of Parquet."""
        from ibis.backends.pyspark.datatypes import PySparkType

        kind, _, folder = table.partition(".")
        parts = (kind, folder) if kind in ("parquet", "orc", "delta") and "/" in folder else parts_of(table)
        name = ".".join(f"`{part}`" for part in parts)
        frame = self.session.sql(f"SELECT * FROM {name} LIMIT 0")
        return parts, {field.name: _plain(PySparkType.to_ibis(field.dataType)) for field in frame.schema.fields}

    def fetch(self, statement: str, schema: "ibis.Schema") -> "pa.Table":
        """The rows of a statement."""
        return columns_of(self.session.sql(statement).toArrow(), schema)

    def explain(self, statement: str) -> str:
        """The plan, with the sizes that Spark reckons with."""
        return str(self.session.sql(f"EXPLAIN COST {statement}").collect()[0][0])


class Chdb:
    """ClickHouse in this process; `chdb://` is in memory, `chdb:///folder` a database on disk."""

    dialect = "clickhouse"

    def __init__(self, where: str) -> None:
        from chdb import session

        make: Any = session.Session
        self.session = make(where) if where else make()

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        import csv
        import io

        text = str(self.session.query(statement, "CSV"))
        return [tuple(row) for row in csv.reader(io.StringIO(text))]

    def find(self, table: str) -> Found:
        """A table or view."""
        from ibis.backends.sql.datatypes import ClickHouseType

        parts = parts_of(table)
        name = ".".join("`" + part.replace("`", "\\`") + "`" for part in parts)
        rows = self._rows(f"DESCRIBE TABLE {name}")
        return parts, {column: _plain(ClickHouseType.from_string(kind)) for column, kind, *_ in rows}

    def fetch(self, statement: str, schema: "ibis.Schema") -> "pa.Table":
        """The rows of a statement."""
        import pyarrow as pa

        found: Any = self.session.query(statement + _SETTINGS, "ArrowStream")
        content = found.bytes()
        table = pa.ipc.open_stream(content).read_all() if content else schema.to_pyarrow().empty_table()
        return columns_of(table, schema)

    def explain(self, statement: str) -> str:
        """The plan."""
        return "\n".join(row[0] for row in self._rows(f"EXPLAIN {statement}{_SETTINGS}"))


def _plain(kind: Any) -> str:
    """A type as text, without its "never null": views say so of columns that are null."""
    return str(kind.copy(nullable=True))


class Ibis:
    """Any engine that Ibis has a backend for, among them PostgreSQL, Trino, BigQuery, Snowflake and Databricks."""

    def __init__(self, url: str) -> None:
        import ibis

        self.connection = ibis.connect(url)
        weakref.finalize(self, self.connection.disconnect)
        name = self.connection.name
        self.dialect = "databricks" if name == "pyspark" else name
        if self.dialect not in DIALECTS:
            raise ValueError(name)
        if name in _IN_UTC:
            self.connection.raw_sql(_IN_UTC[name])
        if name == "postgres":
            # it takes what a window gives for a row or two, and would then look through all of them for each call
            self.connection.raw_sql("SET enable_nestloop = off")

    def find(self, table: str) -> Found:
        """A table or view: as it is written, else as the engine writes what nobody quotes."""
        from ibis.common.exceptions import TableNotFound

        for parts in self._spellings(table):
            *above, name = parts
            database = tuple(above) if len(above) > 1 else above[0] if above else None
            try:
                columns = self.connection.table(name, database=database).schema()
            except TableNotFound:
                continue
            return parts, {column: _plain(kind) for column, kind in columns.items()}
        return parts_of(table), {}

    def _spellings(self, table: str) -> Iterator[tuple[str, ...]]:
        parts = parts_of(table)
        yield parts
        fold = _FOLDED.get(self.dialect)
        if fold and '"' not in table and (folded := tuple(map(fold, parts))) != parts:
            yield folded

    def fetch(self, statement: str, schema: "ibis.Schema") -> "pa.Table":
        """The rows of a statement: as columns where the client has them, else some thousand at a time."""
        import pyarrow as pa

        cursor: Any = self.connection.raw_sql(statement + (_SETTINGS if self.dialect == "clickhouse" else ""))
        for name in _IN_COLUMNS:
            if hasattr(cursor, name):
                found = getattr(cursor, name)()
                # Snowflake's has nothing where there are no rows
                return schema.to_pyarrow().empty_table() if found is None else columns_of(found, schema)
        parts = [_of_rows(rows, schema) for rows in _batches(cursor)]
        return pa.concat_tables(parts) if parts else schema.to_pyarrow().empty_table()

    def explain(self, statement: str) -> str:
        """The plan; of BigQuery the bytes that it would read."""
        if self.dialect == "bigquery":
            return self._dry(statement)
        cursor: Any = self.connection.raw_sql(f"{_EXPLAIN.get(self.dialect, 'EXPLAIN')} {statement}")
        return "\n".join(str(row[-1]) for rows in _batches(cursor) for row in rows)

    def _dry(self, statement: str) -> str:
        client: Any = self.connection
        configured = import_module("google.cloud.bigquery").QueryJobConfig(dry_run=True, use_query_cache=False)
        job = client.client.query(statement, job_config=configured)
        return f"{job.total_bytes_processed:,} bytes would be read"


_IN_COLUMNS = ("to_arrow_table", "fetch_arrow_table", "fetch_arrow_all", "fetchall_arrow", "to_arrow")
"""How clients call a result as Arrow: DuckDB, Snowflake, Databricks and BigQuery have one of these."""
_EXPLAIN = {"snowflake": "EXPLAIN USING TEXT"}
_AT_ONCE = 50_000


def _batches(cursor: Any) -> Iterator[list[Any]]:
    """Rows, some at a time: ClickHouse's client gives them as they are, that of BigQuery one after the other."""
    if hasattr(cursor, "fetchmany"):
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows
        return
    rest = iter(getattr(cursor, "result_rows", cursor))
    while rows := list(islice(rest, _AT_ONCE)):
        yield rows


def _of_rows(rows: list[Any], schema: "ibis.Schema") -> "pa.Table":
    import pyarrow as pa

    names = list(schema.names)
    columns = [
        [None if cell is None else int(cell) for cell in cells] if kind.is_integer() else list(cells)
        for cells, kind in zip(zip(*map(tuple, rows), strict=True), schema.types, strict=True)
    ]
    return columns_of(pa.table(columns, names=names), schema)


def rows_of(table: "pa.Table") -> list[tuple[Any, ...]]:
    """The rows of a table."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def columns_of(table: "pa.Table", schema: "ibis.Schema") -> "pa.Table":
    """A table with the names and types of a schema: each engine has its own for a sum, a date or a time in UTC."""
    import pyarrow as pa

    columns = []
    for column, field in zip(table.columns, schema.to_pyarrow(), strict=True):
        kind = pa.timestamp("us") if pa.types.is_timestamp(field.type) else field.type
        if pa.types.is_date32(kind) and pa.types.is_uint16(column.type):
            column = column.cast(pa.int32())  # noqa: PLW2901 - ClickHouse's days
        columns.append(column.cast(kind, safe=False))
    return pa.table(columns, names=list(schema.names))
