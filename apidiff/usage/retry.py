"""Which attempts are retries of each other, and which keys are caught in a loop. Only failed attempts are looked at."""

from typing import TYPE_CHECKING

from apidiff.usage import plan

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_COLUMNS = {"key": "int32", "route": "int32", "spot": "int64", "moment": "timestamp", "status": "int32"}


def retries_of(connection: "duckdb.DuckDBPyConnection", gap_seconds: int) -> "pd.DataFrame":
    """Retries and loops by key and route (columns: `key`, `route`, `retries`, `loop`), from the table `failures`.

    A loop is a row of at least five failures of one path whose median distance is within the gap, or twenty in ten minutes.
    """
    import ibis
    import pandas as pd

    runs = plan.runs_of(ibis.table(_COLUMNS, name="failures"), gap_seconds)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE runs AS {plan.sql(runs)}")
    statement = _LOOPS.format(gap=gap_seconds, span=plan.SPAN_SECONDS, run=plan.LOOP_FAILURES, many=plan.SPAN_FAILURES)
    return pd.DataFrame(connection.execute(statement).fetchall(), columns=["key", "route", "retries", "loop"])


_LOOPS = """
WITH marked AS (
    SELECT *, sum(CASE WHEN gap IS NULL OR gap > {span} THEN 1 ELSE 0 END)
                  OVER (PARTITION BY key, route, spot ORDER BY moment) AS stretch
    FROM runs
), stretches AS (
    SELECT key, route, count(*) AS failures, count(*) FILTER (gap <= {gap}) AS near, sum(retry) AS retries
    FROM marked GROUP BY key, route, spot, stretch
), spans AS (
    SELECT DISTINCT key, route FROM (
        SELECT key, route FROM failures GROUP BY key, route, spot, epoch(moment)::BIGINT // {span} HAVING count(*) >= {many})
)
SELECT p.place, s.route, sum(retries)::BIGINT,
       max(CASE WHEN failures >= {run} AND near * 2 >= failures - 1 OR spans.key IS NOT NULL THEN 1 ELSE 0 END)
FROM stretches s JOIN key_places p ON s.key = p.number LEFT JOIN spans USING (key, route)
GROUP BY ALL ORDER BY ALL
"""
