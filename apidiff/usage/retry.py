"""Which attempts are retries of each other, and which keys are caught in a loop.

Only failed attempts are looked at, and of the successes only those soon after one.
"""

from typing import TYPE_CHECKING

from apidiff.usage import plan
from apidiff.usage.canonical import events_sql
from apidiff.usage.raw import Reading
from apidiff.usage.read import Log, store
from apidiff.usage.route import Routes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import pandas as pd

_FAILURES = {"key": "int32", "route": "int32", "spot": "int64", "moment": "timestamp", "status": "int32"}
_WATCH = {
    "number": "int64",
    "key": "string",
    "method": "string",
    "spot": "int64",
    "moment": "timestamp",
    "until": "timestamp",
    "bucket": "int64",
}


def retries_of(
    connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes, *, gap_seconds: int
) -> "pd.DataFrame":
    """Retries and loops by key and route (columns: `key`, `route`, `retries`, `loop`), from the table `failures`.

    An attempt is a retry where the one before it on the same key, operation and path failed in a way that asks for one,
    at most `gap_seconds` earlier. A loop is a row of at least five failures with no success between them whose median
    distance is within the gap, or twenty failures in ten minutes with fewer than a tenth as many successes.
    """
    import ibis
    import pandas as pd

    if log.is_remote:
        return _remote(connection, log, routes)
    gap = max(gap_seconds, 1)
    runs = plan.runs_of(ibis.table(_FAILURES, name="failures"), gap_seconds)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE runs AS {plan.sql(runs)}")
    figures = {
        "gap": gap_seconds,
        "bucket": gap,
        "span": plan.SPAN_SECONDS,
        "run": plan.LOOP_FAILURES,
        "many": plan.SPAN_FAILURES,
    }
    methods = pd.DataFrame(
        {"route": [route.number for route in routes.routes], "method": [route.method for route in routes.routes]}
    )
    store(connection, "route_methods", methods.astype(object))
    connection.execute(_STRETCHES.format(**figures))
    connection.execute("DROP TABLE failures; DROP TABLE runs")
    _follow(connection, log.readings(connection), log, gap)
    rows = connection.execute(_RESULT.format(**figures)).fetchall()
    for table in ("attempts", "watch", "followed"):
        connection.execute(f"DROP TABLE {table}")
    return pd.DataFrame(rows, columns=["key", "route", "retries", "loop"])


def _remote(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes) -> "pd.DataFrame":
    """What the engine that holds the logs says of retries; it gives no single attempt away."""
    import pandas as pd

    places = dict(connection.execute("SELECT key, place FROM key_numbers JOIN key_places USING (number)").fetchall())
    rows = [
        (places["" if key in (None, "-") else key], int(route), int(retries), int(loop))
        for key, route, retries, loop in log.remote(routes).retries()
    ]
    return pd.DataFrame(sorted(rows), columns=["key", "route", "retries", "loop"])


def _follow(connection: "duckdb.DuckDBPyConnection", found: "Sequence[Reading]", log: Log, gap: int) -> None:
    """The table `followed`: the numbers of the failures that a success came after."""
    import ibis

    connection.execute("CREATE OR REPLACE TEMP TABLE followed (number BIGINT, delay BIGINT)")
    if connection.execute("SELECT 1 FROM watch LIMIT 1").fetchone() is None:
        return
    connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_sql(found)}")
    events, _, _ = log.tables()
    statement = plan.sql(plan.followed_of(events, ibis.table(_WATCH, name="watch"), gap))
    connection.execute(f"INSERT INTO followed {statement}")


_STRETCHES = """
CREATE OR REPLACE TEMP TABLE attempts AS
SELECT *, row_number() OVER () AS number,
       sum(CASE WHEN gap IS NULL OR gap > {span} THEN 1 ELSE 0 END)
           OVER (PARTITION BY key, route, spot ORDER BY moment, status) AS stretch
FROM runs;
CREATE OR REPLACE TEMP TABLE watch AS
SELECT watched.number, k.key, method, spot, moment, until, unnest(generate_series(
           epoch_ms(moment) // 1000 // {bucket}, epoch_ms(until) // 1000 // {bucket})) AS bucket
FROM (
    SELECT *, moment + to_seconds(least(coalesce(again, {gap}), {span})::BIGINT) AS until
    FROM attempts WHERE open = 1 OR number IN (
        SELECT unnest(numbers) FROM (
            SELECT list(number) AS numbers FROM attempts GROUP BY key, route, spot, stretch HAVING count(*) >= {run}))
) AS watched JOIN key_numbers k ON watched.key = k.number JOIN route_methods USING (route);
"""
_RESULT = """
WITH marked AS (
    SELECT attempts.*, followed.number IS NOT NULL AS ended, coalesce(delay <= {gap}, false) AS soon
    FROM attempts LEFT JOIN followed USING (number)
), pieces AS (
    SELECT *, coalesce(sum(ended::INTEGER) OVER (
        PARTITION BY key, route, spot ORDER BY moment, status ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ), 0) AS piece
    FROM marked
), stretches AS (
    SELECT key, route, count(*) AS failures, count(*) FILTER (gap <= {gap}) AS near,
           sum(retry) + count(*) FILTER (soon AND open = 1) AS retries
    FROM pieces GROUP BY key, route, spot, stretch, piece
), spans AS (
    SELECT DISTINCT key, route FROM (
        SELECT key, route FROM marked GROUP BY key, route, spot, epoch_ms(moment) // 1000 // {span}
        HAVING count(*) >= {many} AND count(*) FILTER (ended) * 10 < count(*))
)
SELECT p.place, s.route, sum(retries)::BIGINT,
       max(CASE WHEN failures >= {run} AND near * 2 >= failures - 1 OR spans.key IS NOT NULL THEN 1 ELSE 0 END)
FROM stretches s JOIN key_places p ON s.key = p.number LEFT JOIN spans USING (key, route)
GROUP BY ALL ORDER BY ALL
"""
