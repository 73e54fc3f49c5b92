"""Engines that hold logs, each asked in its own way: Spark, ClickHouse, and all that Ibis connects to."""

import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from apidiff.usage.cube import relations
from apidiff.usage.read.values import literal

if TYPE_CHECKING:
    import ibis.expr.types as ir

_INSERTED = 500


class Engine(Protocol):
    """What an engine must do: say what a table holds, take a small table, and run an expression."""

    def schema(self, table: str) -> Mapping[str, str]:
        """The columns of a table and their types, as Ibis names them."""

    def load(self, name: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Makes a small temporary table."""

    def fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        """The rows of an expression."""


class Spark:
    """PySpark in this process (`local[2]`), a cluster's master, or with nothing after it the running session."""

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

    def schema(self, table: str) -> Mapping[str, str]:
        """The columns of a table and their types."""
        types = {
            "int": "int32",
            "bigint": "int64",
            "smallint": "int16",
            "tinyint": "int8",
            "double": "float64",
            "float": "float32",
        }
        found = {}
        for name, kind in self.session.table(table).dtypes:
            found[name] = types.get(
                kind, "timestamp" if kind.startswith("timestamp") else kind if kind in ("boolean", "date") else "string"
            )
        return found

    def load(self, name: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        """A small temporary table."""
        types = ", ".join(f"{column} {'int' if kind == 'int32' else kind}" for column, kind in columns.items())
        self.session.createDataFrame(list(rows), types).createOrReplaceTempView(name)

    def fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        """The rows of an expression."""
        import pyarrow as pa

        # a hundred thousand rows take seconds one by one, and no time as columns
        table = self.session.sql(relations.sql(expression, "databricks")).toArrow()
        columns = [
            column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
            for column in table.itercolumns()
        ]
        return list(zip(*(column.to_pylist() for column in columns), strict=True))


class Chdb:
    """ClickHouse in this process; `chdb://` is in memory, `chdb:///folder` a database on disk."""

    def __init__(self, where: str) -> None:
        from chdb import session

        make: Any = session.Session
        self.session = make(where) if where else make()

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        import csv
        import io

        text = str(self.session.query(statement, "CSV"))
        return [tuple(row) for row in csv.reader(io.StringIO(text))]

    def schema(self, table: str) -> Mapping[str, str]:
        """The columns of a table and their types."""
        found = {}
        for name, kind, *_ in self._rows(f"DESCRIBE TABLE {table}"):
            plain = kind.removeprefix("LowCardinality(").removeprefix("Nullable(").rstrip(")").partition("(")[0]
            number = plain.lower() if plain.startswith(("Int", "UInt", "Float")) else ""
            found[name] = number or (
                "timestamp" if plain.startswith("DateTime") else "date" if plain.startswith("Date") else "string"
            )
        return found

    def load(self, name: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        """A small temporary table."""
        types = ", ".join(f"`{column}` {'Int32' if kind == 'int32' else 'String'}" for column, kind in columns.items())
        self.session.query(f"CREATE OR REPLACE TABLE {name} ({types}) ENGINE = Memory")
        values = ", ".join("(" + ", ".join(_clickhouse(value) for value in row) + ")" for row in rows)
        if values:
            self.session.query(f"INSERT INTO {name} VALUES {values}")

    def fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        """The rows of an expression."""
        # without join_use_nulls a row that found nothing would look like one that found zero
        statement = f"{relations.sql(expression, 'clickhouse')} SETTINGS join_use_nulls = 1, session_timezone = 'UTC'"
        kinds = [str(kind) for kind in expression.schema().types]
        return [
            tuple(_value(cell, kind) for cell, kind in zip(row, kinds, strict=True)) for row in self._rows(statement)
        ]


def _clickhouse(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _value(cell: str, kind: str) -> Any:
    from datetime import date, datetime

    if cell == "\\N":
        return None
    plain = kind.removeprefix("!")
    if plain.startswith(("int", "uint")):
        return int(cell)
    if plain.startswith("timestamp"):
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    return date.fromisoformat(cell) if plain == "date" else cell


class Ibis:
    """Any engine that Ibis has a backend for, among them PostgreSQL, Trino, BigQuery, Snowflake and Databricks."""

    def __init__(self, url: str) -> None:
        import ibis

        self.connection = ibis.connect(url)
        weakref.finalize(self, self.connection.disconnect)
        if self.connection.name == "postgres":
            # it takes what a window gives for a row or two, and would then look through all of them for each call
            self.connection.raw_sql("SET enable_nestloop = off")

    def schema(self, table: str) -> Mapping[str, str]:
        """The columns of a table and their types."""
        from ibis.common.exceptions import TableNotFound

        try:
            columns = self.connection.table(table).schema()
        except TableNotFound:
            return {}
        return {name: str(kind).removeprefix("!") for name, kind in columns.items()}

    def load(self, name: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
        """A small temporary table."""
        import ibis

        self.connection.create_table(name, schema=ibis.schema(dict(columns)), temp=True)
        for start in range(0, len(rows), _INSERTED):
            values = ", ".join(
                "(" + ", ".join(str(cell) if isinstance(cell, int) else literal(cell) for cell in row) + ")"
                for row in rows[start : start + _INSERTED]
            )
            self.connection.raw_sql(f"INSERT INTO {name} VALUES {values}")

    def fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        """The rows of an expression."""
        statement = relations.sql(expression, self.connection.name)
        cursor = self.connection.raw_sql(_fenced(statement) if self.connection.name == "postgres" else statement)
        return [tuple(row) for row in cursor.fetchall()]


def _fenced(statement: str) -> str:
    """A statement for PostgreSQL in which each subquery is worked out as it stands.

    It would put what a subquery makes wherever a query above names it, and again above that: a path that is read step
    by step is then read dozens of times for each row. `OFFSET 0` is its own word for "leave this as it is".
    """
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(statement, dialect="postgres")
    for query in tree.find_all(exp.Select):
        if isinstance(query.parent, exp.Subquery) and not query.args.get("limit") and not query.args.get("offset"):
            query.offset(0, copy=False)
    return tree.sql(dialect="postgres")
