"""Which attempts are retries of each other, and which keys are caught in a loop.

Only failed attempts are looked at, and of the successes only those soon after one.
"""

from typing import TYPE_CHECKING

from apidiff.usage import plan
from apidiff.usage.canonical import events_sql
from apidiff.usage.gather import Part
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
    connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes, *, parts: "Sequence[Part]", gap_seconds: int
) -> "pd.DataFrame":
    """Retries and loops by key and route (columns: `key`, `route`, `retries`, `loop`), from the table `failures`.

    The `parts` are read once more, for the successes.

    An attempt is a retry where the one before it on the same key, operation and path failed in a way that asks for one,
    at most `gap_seconds` earlier. A loop is a row of at least five failures with no success between them whose median
    distance is within the gap, or twenty failures in ten minutes with fewer than a tenth as many successes.
    """
    import ibis
    import pandas as pd

    if log.is_remote:
        return _remote(connection, log, routes)
    figures = {
        "gap": gap_seconds,
        "bucket": max(gap_seconds, 1),
        "span": plan.SPAN_SECONDS,
        "run": plan.LOOP_FAILURES,
        "many": plan.SPAN_FAILURES,
    }
    methods = pd.DataFrame(
        {"route": [route.number for route in routes.routes], "method": [route.method for route in routes.routes]}
    )
    store(connection, "route_methods", methods.astype(object))
    runs = plan.sql(plan.runs_of(ibis.table(_FAILURES, name="failing"), gap_seconds))
    connection.execute(_TABLES)
    (failures,) = connection.execute("SELECT count(*) FROM failures").fetchone() or (0,)
    shares = failures // _SHARE + 1
    for share in range(shares):
        connection.execute(_FAILING.format(shares=shares, share=share))
        connection.execute(_STRETCHES.format(runs=runs, **figures))
    for part in parts:
        _follow(connection, part, log, figures["bucket"])
    found = [connection.execute(_RESULT.format(shares=shares, share=share, **figures)).df() for share in range(shares)]
    for table in ("attempts", "watched", "followed"):
        connection.execute(f"DROP TABLE {table}")
    return pd.concat(found).sort_values(["key", "route"], ignore_index=True)


def _remote(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes) -> "pd.DataFrame":
    """What the engine that holds the logs says of retries; it gives no single attempt away."""
    import pandas as pd

    places = dict(connection.execute("SELECT key, place FROM key_numbers JOIN key_places USING (number)").fetchall())
    rows = [
        (places["" if key in (None, "-") else key], int(route), int(retries), int(loop))
        for key, route, retries, loop in log.remote(routes).retries()
    ]
    return pd.DataFrame(sorted(rows), columns=["key", "route", "retries", "loop"])


def _follow(connection: "duckdb.DuckDBPyConnection", part: Part, log: Log, gap: int) -> None:
    """Adds to the table `followed` the failures that a success of this part came after."""
    import ibis

    connection.execute(_WATCHED_IN_PART.format(bucket=gap), [part.first, part.last])
    if connection.execute("SELECT 1 FROM watch LIMIT 1").fetchone() is not None:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_sql(part.readings)}")
        events, _, _ = log.tables()
        statement = plan.sql(plan.followed_of(events, ibis.table(_WATCH, name="watch"), gap))
        connection.execute(f"INSERT INTO followed {statement}")
    connection.execute("DROP TABLE watch")


_SHARE = 250_000
"""How many failures are put in order at once, for the sake of memory; each share has all failures of some keys."""
_TABLES = """
CREATE OR REPLACE TEMP TABLE attempts (
    key INTEGER, route INTEGER, spot BIGINT, moment TIMESTAMP, status INTEGER, gap BIGINT, again BIGINT, retry INTEGER,
    open INTEGER, number BIGINT, stretch BIGINT
);
CREATE OR REPLACE TEMP TABLE watched (
    number BIGINT, key INTEGER, route INTEGER, spot BIGINT, moment TIMESTAMP, until TIMESTAMP
);
CREATE OR REPLACE TEMP TABLE followed (number BIGINT, delay BIGINT);
"""
_FAILING = "CREATE OR REPLACE TEMP VIEW failing AS SELECT * FROM failures WHERE key % {shares} = {share}"
_STRETCHES = """
CREATE OR REPLACE TEMP TABLE ordered AS
SELECT *, (SELECT count(*) FROM attempts) + row_number() OVER () AS number,
       sum(CASE WHEN gap IS NULL OR gap > {span} THEN 1 ELSE 0 END)
           OVER (PARTITION BY key, route, spot ORDER BY moment, status) AS stretch
FROM ({runs}) AS runs;
INSERT INTO attempts BY NAME FROM ordered;
INSERT INTO watched
SELECT number, key, route, spot, moment,
       moment + to_seconds(least(coalesce(again, {gap}), {span})::BIGINT) AS until
FROM ordered WHERE open = 1 OR number IN (
    SELECT unnest(numbers) FROM (
        SELECT list(number) AS numbers FROM ordered GROUP BY key, route, spot, stretch HAVING count(*) >= {run}));
DROP TABLE ordered;
"""
_WATCHED_IN_PART = """
CREATE OR REPLACE TEMP TABLE watch AS
SELECT watched.number, k.key, method, spot, moment, until, unnest(generate_series(
           epoch_ms(moment) // 1000 // {bucket}, epoch_ms(until) // 1000 // {bucket})) AS bucket
FROM watched JOIN key_numbers k ON watched.key = k.number JOIN route_methods USING (route)
WHERE until >= ?::TIMESTAMP - INTERVAL 1 SECOND AND moment <= ?::TIMESTAMP
"""
_RESULT = """
WITH marked AS (
    SELECT attempts.*, delay IS NOT NULL AS ended, coalesce(delay <= {gap}, false) AS soon
    FROM attempts LEFT JOIN (SELECT number, min(delay) AS delay FROM followed GROUP BY number) USING (number)
    WHERE key % {shares} = {share}
), pieces AS (
    SELECT *, coalesce(sum(ended::INTEGER) OVER (
        PARTITION BY key, route, spot ORDER BY moment, status, again NULLS LAST
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
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
SELECT p.place::BIGINT AS key, s.route::BIGINT AS route, sum(retries)::BIGINT AS retries,
       max(CASE WHEN failures >= {run} AND near * 2 >= failures - 1 OR spans.key IS NOT NULL THEN 1 ELSE 0 END)::BIGINT
           AS loop
FROM stretches s JOIN key_places p ON s.key = p.number LEFT JOIN spans USING (key, route)
GROUP BY ALL
"""
