"""Which attempts are retries of each other, and which keys are caught in a loop.

Only failed attempts are looked at, and of the successes only those soon after one.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from apidiff.usage.cube import relations, runs
from apidiff.usage.cube.gather import Part
from apidiff.usage.read.canonical import EVENT_COLUMNS, events_sql
from apidiff.usage.read.logs import Log, store
from apidiff.usage.route import Routes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import pandas as pd

_FAILURES = {"key": "int32", "route": "int32", "spot": "int64", "moment": "timestamp", "status": "int32"}
_ATTEMPTS = {
    "key": "int32",
    "route": "int32",
    "spot": "int64",
    "moment": "timestamp",
    "number": "int64",
    "gap": "int64",
    "again": "int64",
    "retry": "int64",
    "open": "int64",
    "stretch": "int64",
    "size": "int64",
}
_WATCH = {
    "owner": "int32",
    "key": "string",
    "route": "int32",
    "method": "string",
    "spot": "int64",
    "number": "int64",
    "moment": "timestamp",
    "wait": "int64",
    "bucket": "int64",
}
_FOLLOWED = {"key": "int32", "route": "int32", "spot": "int64", "number": "int64", "delay": "int64"}


def retries_of(
    connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes, *, parts: "Sequence[Part]", gap_seconds: int
) -> "pd.DataFrame":
    """Retries and loops by key and route (columns: `key`, `route`, `retries`, `loop`), from the table `failures`.

    The `parts` of the logs are read once more, for the successes. An attempt is a retry where the one before it on the
    same key, operation and path failed in a way that asks for one, at most `gap_seconds` earlier. What a loop is says
    `runs.loops_of`.
    """
    import pandas as pd

    if log.is_remote:
        return _remote(connection, log, routes)
    (failures,) = connection.execute("SELECT count(*) FROM failures").fetchone() or (0,)
    if not failures:
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in ("key", "route", "retries", "loop")})
    methods = pd.DataFrame(
        {"route": [route.number for route in routes.routes], "method": [route.method for route in routes.routes]}
    )
    store(connection, "route_methods", methods.astype(object))
    connection.execute(_TABLES)
    shares, plans = failures // _SHARE + 1, _plans(gap_seconds)
    for share in range(shares):
        connection.execute(_SOME.format(shares=shares, share=share))
        connection.execute(f"INSERT INTO attempts BY NAME {plans.in_order}")
        connection.execute(f"INSERT INTO waiting BY NAME {plans.waiting}")
    _follow(connection, parts, plans.delays, gap_seconds)
    found = []
    for share in range(shares):
        connection.execute(_SOME.format(shares=shares, share=share))
        found.append(connection.execute(_RESULT.format(plans.loops)).df())
    for table in ("attempts", "waiting", "delays"):
        connection.execute(f"DROP TABLE {table}")
    return pd.concat(found).sort_values(["key", "route"], ignore_index=True)


@dataclass(frozen=True, slots=True)
class _Plans:
    """The plans of `runs` as SQL."""

    in_order: str
    waiting: str
    delays: str
    loops: str


@cache
def _plans(gap_seconds: int) -> _Plans:
    import ibis

    failing, attempts = ibis.table(_FAILURES, name="failing"), ibis.table(_ATTEMPTS, name="some_attempts")
    events, watch = ibis.table(EVENT_COLUMNS, name="events"), ibis.table(_WATCH, name="watch")
    followed = ibis.table(_FOLLOWED, name="followed")
    return _Plans(
        in_order=relations.sql(runs.runs_of(failing, gap_seconds)),
        waiting=relations.sql(runs.waiting_of(attempts, gap_seconds)),
        delays=relations.sql(runs.followed_by_path(events, watch, _bucket_seconds(gap_seconds))),
        loops=relations.sql(runs.loops_of(attempts, followed, gap_seconds)),
    )


def _bucket_seconds(gap_seconds: int) -> int:
    return max(gap_seconds, _BUCKET_SECONDS)


def _remote(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes) -> "pd.DataFrame":
    """What the engine that holds the logs says of retries; it gives no single attempt away."""
    import pandas as pd

    places = dict(connection.execute("SELECT key, place FROM key_numbers JOIN key_places USING (number)").fetchall())
    rows = [
        (places["" if key in (None, "-") else key], int(route), int(retries), int(loop))
        for key, route, retries, loop in log.remote(routes).retries()
    ]
    return pd.DataFrame(sorted(rows), columns=["key", "route", "retries", "loop"])


def _follow(connection: "duckdb.DuckDBPyConnection", parts: "Sequence[Part]", plan: str, gap_seconds: int) -> None:
    """Fills the table `delays`: how long after a failure the first success came, in each part that has one."""
    for part in parts:
        watch = _WATCH_IN_PART.format(bucket=_bucket_seconds(gap_seconds))
        connection.execute(watch, [part.first, part.last])
        if connection.execute("SELECT 1 FROM watch LIMIT 1").fetchone() is not None:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_sql(part.readings)}")
            connection.execute(f"INSERT INTO delays BY NAME {plan}")
        connection.execute("DROP TABLE watch")


_BUCKET_SECONDS = 60
_SHARE = 250_000
"""How many failures are put in order at once, for the sake of memory; each share has all failures of some keys."""
_TABLES = """
CREATE OR REPLACE TEMP TABLE attempts (
    key INTEGER, route INTEGER, spot BIGINT, moment TIMESTAMP, number BIGINT, gap BIGINT, again BIGINT, retry TINYINT,
    open TINYINT, stretch INTEGER, size INTEGER
);
CREATE OR REPLACE TEMP TABLE waiting (
    key INTEGER, route INTEGER, spot BIGINT, number BIGINT, moment TIMESTAMP, wait BIGINT
);
CREATE OR REPLACE TEMP TABLE delays (owner INTEGER, route INTEGER, spot BIGINT, number BIGINT, delay BIGINT);
"""
_SOME = """
CREATE OR REPLACE TEMP VIEW failing AS SELECT * FROM failures WHERE key % {shares} = {share};
CREATE OR REPLACE TEMP VIEW some_attempts AS SELECT * FROM attempts WHERE key % {shares} = {share};
CREATE OR REPLACE TEMP VIEW followed AS
SELECT owner AS key, route, spot, number, min(delay) AS delay FROM delays WHERE owner % {shares} = {share} GROUP BY ALL;
"""
_WATCH_IN_PART = """
CREATE OR REPLACE TEMP TABLE watch AS
SELECT k.number AS owner, k.key, route, method, spot, waiting.number, moment, wait, unnest(generate_series(
           epoch_ms(moment) // 1000 // {bucket}, (epoch_ms(moment) // 1000 + wait) // {bucket})) AS bucket
FROM waiting JOIN key_numbers k ON waiting.key = k.number JOIN route_methods USING (route)
WHERE moment + to_seconds(wait + 1) >= ?::TIMESTAMP AND moment <= ?::TIMESTAMP
"""
_RESULT = """
SELECT p.place::BIGINT AS key, route::BIGINT AS route, retries::BIGINT AS retries, loop::BIGINT AS loop
FROM ({}) AS found JOIN key_places p ON found.key = p.number
"""
