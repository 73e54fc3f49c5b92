"""A relational plan as one statement of an engine: SELECT alone, which asks for nothing but the right to read the log.

The routes are literals in it, so that no table has to be made; the log is named as the engine names it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube.instants import FROM_MICROS, FROM_ZONED, TO_MICROS

if TYPE_CHECKING:
    import ibis.expr.types as ir

LOG = "apidiff_log"
"""What plans call the log, until the statement is written."""

Small = Mapping[str, tuple[Mapping[str, str], Sequence[tuple[Any, ...]]]]
"""Small tables by name: their columns with types (`string` or `int32`), and their rows."""

_FROM_MICROS = {
    "duckdb": "MAKE_TIMESTAMP({})",
    "postgres": "(TIMESTAMP '1970-01-01 00:00:00' + {} * INTERVAL '1 microsecond')",
    "clickhouse": "fromUnixTimestamp64Micro({}, 'UTC')",
    "databricks": "TIMESTAMP_MICROS({})",
    "trino": "CAST(FROM_UNIXTIME_NANOS({} * 1000) AT TIME ZONE 'UTC' AS TIMESTAMP(6))",
    "athena": "CAST(FROM_UNIXTIME_NANOS({} * 1000) AT TIME ZONE 'UTC' AS TIMESTAMP(6))",
    "bigquery": "DATETIME(TIMESTAMP_MICROS({}), 'UTC')",
    "snowflake": "TO_TIMESTAMP_NTZ({}, 6)",
}
_FROM_ZONED = {
    "duckdb": "({} AT TIME ZONE 'UTC')",
    "postgres": "({} AT TIME ZONE 'UTC')",
    "clickhouse": "toTimeZone({}, 'UTC')",
    "databricks": "{}",
    "trino": "CAST({} AT TIME ZONE 'UTC' AS TIMESTAMP(6))",
    "athena": "CAST({} AT TIME ZONE 'UTC' AS TIMESTAMP(6))",
    "bigquery": "DATETIME({}, 'UTC')",
    "snowflake": "CAST(CONVERT_TIMEZONE('UTC', {}) AS TIMESTAMP_NTZ)",
}
"""How each engine makes a timestamp without a zone, in UTC, of microseconds and of a time that has a zone.

Where one is missing, the engine is no engine of ours; Spark's own timestamps are moments, and its session is in UTC.
"""
_TO_MICROS = {
    "duckdb": "EPOCH_US({})",
    "postgres": "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
    "clickhouse": "toUnixTimestamp64Micro(toDateTime64({}, 6, 'UTC'))",
    "databricks": "UNIX_MICROS(CAST({} AS TIMESTAMP))",
    "trino": "CAST(ROUND(TO_UNIXTIME(WITH_TIMEZONE({}, 'UTC')) * 1000000) AS BIGINT)",
    "athena": "CAST(ROUND(TO_UNIXTIME(WITH_TIMEZONE({}, 'UTC')) * 1000000) AS BIGINT)",
    "bigquery": "UNIX_MICROS(TIMESTAMP({}, 'UTC'))",
    "snowflake": "DATE_PART(EPOCH_MICROSECOND, {})",
}
"""How each engine makes microseconds of a timestamp without a zone."""
_OURS = {FROM_MICROS: _FROM_MICROS, FROM_ZONED: _FROM_ZONED, TO_MICROS: _TO_MICROS}
DIALECTS = tuple(_FROM_MICROS)


def statement(expression: "ir.Table", dialect: str, table: Sequence[str], small: Small) -> str:
    """The expression over `LOG` and the `small` tables in an engine's SQL; `table` is the log's name, in its parts."""
    from ibis.backends.sql import compilers
    from sqlglot import exp

    compiler = getattr(compilers, dialect).compiler
    with _unfused():
        tree: exp.Expression = compiler.to_sqlglot(expression.unbind())
    for node in list(tree.find_all(exp.Table)):
        if node.name == LOG:
            parts = [exp.to_identifier(part, quoted=True) for part in reversed(table)]
            for place, part in zip(("this", "db", "catalog"), parts, strict=False):
                node.set(place, part)
    write: Any = compiler.dialect
    tree = tree.transform(lambda node: _own_function(node, dialect, write))
    if dialect == "postgres":
        _fence(tree)
    return _with_rows(tree.sql(dialect=write), dialect, small)


@contextmanager
def _unfused() -> Iterator[None]:
    """Leaves a value that is named several times a column of its own, and writes it out but once."""
    import ibis

    options: Any = ibis.options.sql
    before, options.fuse_selects = options.fuse_selects, False
    try:
        yield
    finally:
        options.fuse_selects = before


def _own_function(node: Any, dialect: str, write: Any) -> Any:
    """The engine's own function in the place of one of ours."""
    from sqlglot import exp

    # the first of one value is that value: Trino takes no other
    if isinstance(node, exp.Coalesce) and not node.expressions:
        return node.this.transform(lambda child: _own_function(child, dialect, write))
    templates = _OURS.get(node.name.lower()) if _is_call(node) else None
    if templates is None:
        return node
    (argument,) = node.expressions
    parse: Any = exp.maybe_parse
    found: exp.Expression = parse(templates[dialect].format("apidiff_argument"), dialect=write)
    inner = argument.transform(lambda child: _own_function(child, dialect, write))
    return found.transform(
        lambda child: inner if isinstance(child, exp.Column) and child.name == "apidiff_argument" else child
    )


def _is_call(node: Any) -> bool:
    from sqlglot import exp

    return isinstance(node, exp.Anonymous)


def _fence(tree: Any) -> None:
    """Has PostgreSQL work out each subquery as it stands.

    It would put what a subquery makes wherever a query above names it, and again above that: a path that is read step
    by step is then read dozens of times for each row. `OFFSET 0` is its own word for "leave this as it is".
    """
    from sqlglot import exp

    for query in tree.find_all(exp.Select):
        if isinstance(query.parent, exp.Subquery) and not query.args.get("limit") and not query.args.get("offset"):
            query.offset(0, copy=False)


def _with_rows(text: str, dialect: str, small: Small) -> str:
    """The statement with its small tables before it, those that it names."""
    write: Callable[[str, Mapping[str, str], Sequence[tuple[Any, ...]]], str] = _ROWS.get(dialect, _values)
    parts = [f"{name} AS ({write(dialect, *table)})" for name, table in small.items() if name in text]
    if not parts:
        return text
    start, rest = ("WITH ", ", " + text[5:]) if text.startswith("WITH ") else ("WITH ", " " + text)
    return start + ", ".join(parts) + rest


def _cells(dialect: str, row: Sequence[Any]) -> str:
    return "(" + ", ".join(str(cell) if isinstance(cell, int) else text_of(cell, dialect) for cell in row) + ")"


def text_of(text: str, dialect: str) -> str:
    """A text as a literal of an engine."""
    from sqlglot import exp

    literal: Any = exp.Literal
    return str(literal.string(text).sql(dialect=dialect))


def _names(dialect: str, columns: Mapping[str, str]) -> list[str]:
    from sqlglot import exp

    return [exp.to_identifier(name, quoted=True).sql(dialect=dialect) for name in columns]


def _rows_or_none(columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """The rows, or one that nothing is equal to: no engine takes an empty list."""
    return rows or [tuple("\x01" if kind == "string" else 0 for kind in columns.values())]


def _values(dialect: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> str:
    cells = ", ".join(_cells(dialect, row) for row in _rows_or_none(columns, rows))
    return f"SELECT * FROM (VALUES {cells}) AS t({', '.join(_names(dialect, columns))})"


def _of_spark(dialect: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> str:
    cells = ", ".join(_cells(dialect, row) for row in _rows_or_none(columns, rows))
    return f"SELECT * FROM VALUES {cells} AS t({', '.join(_names(dialect, columns))})"


def _of_clickhouse(dialect: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> str:
    """Texts that are split: a thousand tuples take its analyzer minutes, and a table function asks for a right."""
    lists = zip(*_rows_or_none(columns, rows), strict=True)
    split = ", ".join(
        f"splitByChar({text_of(_BETWEEN, dialect)}, {text_of(_BETWEEN.join(map(str, cells)), dialect)})"
        for cells in lists
    )
    taken = ", ".join(
        f"{f'toInt32(r.{place})' if kind == 'int32' else f'r.{place}'} AS `{name}`"
        for place, (name, kind) in enumerate(columns.items(), start=1)
    )
    return f"SELECT {taken} FROM (SELECT arrayJoin(arrayZip({split})) AS r)"


def _of_bigquery(dialect: str, columns: Mapping[str, str], rows: Sequence[tuple[Any, ...]]) -> str:
    types = ", ".join(
        f"{name} {'INT64' if kind == 'int32' else 'STRING'}"
        for name, kind in zip(_names(dialect, columns), columns.values(), strict=True)
    )
    cells = ", ".join(_cells(dialect, row) for row in _rows_or_none(columns, rows))
    return f"SELECT * FROM UNNEST(ARRAY<STRUCT<{types}>>[{cells}])"


_BETWEEN = "\x1e"
_ROWS: Mapping[str, Callable[[str, Mapping[str, str], Sequence[tuple[Any, ...]]], str]] = {
    "databricks": _of_spark,
    "clickhouse": _of_clickhouse,
    "bigquery": _of_bigquery,
}
"""How an engine writes rows that stand in a statement; all others have `VALUES`."""
