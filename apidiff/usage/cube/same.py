"""Rows that are the same as another, as they are where a part of the logs was shipped twice: an estimate from a sample.

The sample is taken by the time, so that whatever happened at one moment is in it together or not at all.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apidiff.usage.read.raw import Reading

if TYPE_CHECKING:
    import duckdb

SAMPLED = """
CREATE TEMP TABLE sampled (
    key INTEGER, spot BIGINT, moment TIMESTAMP, status INTEGER, every BIGINT, part INTEGER
)"""
"""The table of the rows that were looked at; each stands for `every` others."""
COUNTED = """
CREATE OR REPLACE TEMP TABLE same_elsewhere AS
SELECT {step} * sum(doubles) AS doubles, {step} * sum(sampled) AS rows, sum(odd_seconds) = 0 AS whole_seconds,
       sum(odd_minutes) = 0 AS whole_minutes
FROM there
"""
"""The table with the same figures of rows that an engine has counted."""
_WANTED = 50_000
_BYTES_A_ROW = {"parquet": 20, "gz": 15, "zst": 15}
_BYTES_ELSE = 150
_SECONDS = 0.2
"""The share from which on it is odd where times are whole seconds: a busy client calls twice in one."""
_FOUND = """
SELECT sum(every * (times - 1)) FILTER (times > 1), sum(every * times),
       bool_and(epoch_us(moment) % 1000000 = 0), bool_and(epoch_us(moment) % 60000000 = 0)
FROM (SELECT key, spot, date_trunc('millisecond', moment) AS moment, status, min(every) AS every, count(*) AS times
      FROM sampled GROUP BY ALL)
"""
_FOUND_ELSEWHERE = "SELECT * FROM same_elsewhere"


def every(found: Sequence[Reading]) -> int:
    """Of how many moments one is looked at; no divisor of a second, so that whole seconds are among them.

    It is a power of three: of a sample of fewer rows that of more is a part.
    """
    return step_of(
        sum(file.size // _BYTES_A_ROW.get(file.packed, _BYTES_ELSE) for reading in found for file in reading.files)
    )


def step_of(rows: int) -> int:
    """The same, of a log with about so many rows."""
    step = 1
    while step * 2 * _WANTED < rows:
        step *= 3
    return step


def same_rows(connection: "duckdb.DuckDBPyConnection", *, is_remote: bool = False) -> int:
    """About how many rows are another's double; 0 where times are too coarse to tell, or no more than is usual."""
    asked = _FOUND_ELSEWHERE if is_remote else _FOUND
    doubles, rows, whole_seconds, whole_minutes = connection.execute(asked).fetchone() or (0, 0, True, True)
    if not doubles or whole_minutes or (whole_seconds and doubles < rows * _SECONDS):
        return 0
    return int(doubles)
