"""Engines that hold logs, each asked in its own way: Spark, ClickHouse, and all that Ibis connects to."""

import re
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from apidiff.usage.cube.statement import DIALECTS

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

    def fetch(self, statement: str, kinds: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a statement, whose columns are of the `kinds` that Ibis names."""


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

    def fetch(self, statement: str, kinds: Sequence[str]) -> list[tuple[Any, ...]]:  # noqa: ARG002
        """The rows of a statement."""
        import pyarrow as pa

        # a hundred thousand rows take seconds one by one, and no time as columns
        table = self.session.sql(statement).toArrow()
        columns = [
            column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
            for column in table.itercolumns()
        ]
        return list(zip(*(column.to_pylist() for column in columns), strict=True))


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

    def fetch(self, statement: str, kinds: Sequence[str]) -> list[tuple[Any, ...]]:
        """The rows of a statement."""
        rows = self._rows(statement + _SETTINGS)
        return [tuple(_value(cell, kind) for cell, kind in zip(row, kinds, strict=True)) for row in rows]


def _value(cell: str, kind: str) -> Any:
    from datetime import date, datetime

    if cell == "\\N":
        return None
    plain = kind.removeprefix("!")
    if plain.startswith(("int", "uint")):
        return int(cell)
    if plain.startswith("timestamp"):
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    if plain == "boolean":
        return cell == "true"
    return date.fromisoformat(cell) if plain == "date" else cell


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

    def fetch(self, statement: str, kinds: Sequence[str]) -> list[tuple[Any, ...]]:  # noqa: ARG002
        """The rows of a statement."""
        cursor: Any = self.connection.raw_sql(statement + (_SETTINGS if self.dialect == "clickhouse" else ""))
        # ClickHouse's client gives them as they are, that of BigQuery one after the other
        rows = cursor.fetchall() if hasattr(cursor, "fetchall") else getattr(cursor, "result_rows", cursor)
        return [tuple(row) for row in rows]
