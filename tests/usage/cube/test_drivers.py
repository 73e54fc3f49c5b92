"""What clients give is read whichever way they give it, and has the types of the plan."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apidiff.usage.cube.drivers import Ibis, _batches, _of_rows, columns_of

ROWS = [("a", Decimal(3), date(2026, 3, 1)), (None, None, None)]


class Fetched:
    """A cursor of the DB API, which gives some rows at a time."""

    def __init__(self) -> None:
        self._left = list(ROWS)

    def fetchmany(self, most: int) -> list[Any]:
        """The next rows."""
        taken, self._left = self._left[:1], self._left[1:]
        assert most > 1
        return taken


class Answered:
    """The result of ClickHouse's client, which has its rows."""

    result_rows = ROWS


@pytest.mark.parametrize("cursor", [Fetched(), Answered(), iter(ROWS)], ids=["fetchmany", "result_rows", "an iterator"])
def test_rows(cursor: Any) -> None:
    """`fetchall` is missing from some clients."""
    assert [row for rows in _batches(cursor) for row in rows] == ROWS


def test_a_client_that_has_nothing_where_there_are_no_rows() -> None:
    """Snowflake's, asked for columns."""
    import ibis

    class Client:
        def raw_sql(self, _statement: str) -> "Client":
            return self

        def fetch_arrow_all(self) -> None:
            return None

    engine = object.__new__(Ibis)
    engine.connection, engine.dialect = Client(), "snowflake"
    assert engine.fetch("SELECT 1", ibis.schema({"key": "string"})).to_pydict() == {"key": []}


def test_rows_become_columns() -> None:
    import ibis

    schema = ibis.schema({"key": "string", "attempts": "int64", "day": "date"})
    expected = {"key": ["a", None], "attempts": [3, None], "day": [date(2026, 3, 1), None]}
    assert _of_rows(list(ROWS), schema).to_pydict() == expected


def test_columns_have_the_types_of_the_plan() -> None:
    """ClickHouse counts days, Spark has moments, DuckDB sums in 128 bits."""
    import ibis
    import pyarrow as pa

    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    given = pa.table(
        [
            pa.array([20513], pa.uint16()),
            pa.array([moment], pa.timestamp("us", "UTC")),
            pa.array([Decimal(7)], pa.decimal128(38, 0)),
        ],
        names=["a", "b", "c"],
    )
    schema = ibis.schema({"day": "date", "first": "timestamp", "attempts": "int64"})
    found = columns_of(given, schema)
    assert found.to_pydict() == {"day": [date(2026, 3, 1)], "first": [moment.replace(tzinfo=None)], "attempts": [7]}
