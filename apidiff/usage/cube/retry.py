"""Which attempts are retries of each other, and which keys are caught in a loop.

Only failed attempts are looked at, and of the successes only those soon after one.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from apidiff.usage.cube import relations, runs
from apidiff.usage.cube.gather import Part
from apidiff.usage.cube.pieces import Pieces
from apidiff.usage.cube.same import COUNTED, step_of
from apidiff.usage.read.canonical import EVENT_COLUMNS
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
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    routes: Routes,
    *,
    parts: "Sequence[Part]",
    gap_seconds: int,
    pieces: Pieces | None = None,
) -> "pd.DataFrame":
    """Retries and loops by key and route (columns: `key`, `route`, `retries`, `loop`), from the table `failures`.

    The `parts` of the logs are read once more, for the successes; of those that are pieces only what is not known yet.
    Where `pieces` are kept, the table `asked` has what was asked of each part and may be asked again. An attempt is a
    retry where the one before it on the same key, operation and path failed in a way that asks for one, at most
    `gap_seconds` earlier. What a loop is says `runs.loops_of`.
    """
    import pandas as pd

    if log.is_remote:
        return _remote(connection, log, routes, b"" if pieces is None else pieces.salt)
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
    _follow(connection, log, parts, plan=plans.delays, gap_seconds=gap_seconds, pieces=pieces)
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


def _remote(connection: "duckdb.DuckDBPyConnection", log: Log, routes: Routes, salt: bytes) -> "pd.DataFrame":
    """What the engine that holds the logs says of retries, and of rows that came twice; it gives no attempt away."""
    (readable,) = connection.execute("SELECT coalesce(sum(attempts), 0)::BIGINT FROM cube").fetchone() or (0,)
    connection.register("there", log.remote(routes, salt).attempts(readable))
    connection.execute(COUNTED.format(step=step_of(readable)))
    found: pd.DataFrame = connection.execute(_THERE).df()
    connection.unregister("there")
    return found


def _follow(
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    parts: "Sequence[Part]",
    *,
    plan: str,
    gap_seconds: int,
    pieces: Pieces | None,
) -> None:
    """Fills the table `delays`: how long after a failure the first success came, in each part that has one."""
    longest = runs.longest_wait(gap_seconds)
    for part in parts:
        connection.execute(_WANTED, [part.first, part.last])
        if part.piece is not None:
            connection.execute(_KNOWN.format(part=part.number))
        elif pieces:
            values = {"part": part.number, "longest": longest, "near": longest * _NEAR}
            connection.execute(_EDGES.format(**values), [part.first, part.last])
        is_asked = connection.execute("SELECT 1 FROM wanted LIMIT 1").fetchone() is not None
        if is_asked:
            log.show(connection, log.mend(part.readings) if part.piece and part.is_mended else part.readings)
            if part.piece is not None and pieces:
                pieces.reveal(connection)
        connection.execute(_WATCH_IN_PART.format(bucket=_bucket_seconds(gap_seconds)))
        if is_asked:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE found AS {plan}")
            connection.execute(_FOUND)
        else:
            connection.execute(_NOTHING)
        if pieces:
            connection.execute(_ASKED.format(part=part.number))


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
_NEAR = 4
"""How many times the longest wait is near: so far a row of fewer failures than make a loop may reach."""
_WANTED = """
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT key, route, spot, number, moment, wait FROM waiting
WHERE moment + to_seconds(wait + 1) >= ?::TIMESTAMP AND moment <= ?::TIMESTAMP
"""
_EDGES = """
INSERT INTO wanted
SELECT key, route, spot, -row_number() OVER () AS number, moment, {longest} FROM failures
WHERE part = {part} AND (moment <= ?::TIMESTAMP + to_seconds({near}) OR moment >= ?::TIMESTAMP - to_seconds({near}))
"""
"""What may be asked when other files come: of it only `asked` has the answer."""
_SAME = "a.part = {part} AND a.key = w.key AND a.route = w.route AND a.spot = w.spot AND a.moment = w.moment"
_KNOWN = f"""
INSERT INTO delays SELECT w.key, w.route, w.spot, w.number, a.delay FROM wanted w JOIN asked a ON {_SAME}
WHERE a.delay <= w.wait;
CREATE OR REPLACE TEMP TABLE wanted AS
SELECT * FROM wanted w
WHERE NOT EXISTS (SELECT 1 FROM asked a WHERE {_SAME} AND (a.wait >= w.wait OR a.delay IS NOT NULL))
      AND EXISTS (SELECT 1 FROM cube c WHERE c.part = {{part}} AND c.key = w.key AND c.successes > 0
                  AND c."last" >= epoch_us(w.moment) AND c."first" <= epoch_us(w.moment) + (w.wait + 1) * 1000000)
"""
_WATCH_IN_PART = """
CREATE OR REPLACE TEMP TABLE watch AS
SELECT k.number AS owner, k.key, route, method, spot, w.number, moment, wait, unnest(generate_series(
           epoch_ms(moment) // 1000 // {bucket}, (epoch_ms(moment) // 1000 + wait) // {bucket})) AS bucket
FROM wanted w JOIN key_numbers k ON w.key = k.number JOIN route_methods USING (route)
"""
_FOUND = "INSERT INTO delays SELECT owner, route, spot, number, delay FROM found WHERE number >= 0"
_NOTHING = (
    "CREATE OR REPLACE TEMP TABLE found AS SELECT owner, route, spot, number, 0::BIGINT AS delay FROM watch LIMIT 0"
)
_ASKED = """
INSERT INTO asked
SELECT w.key, w.route, w.spot, w.moment, w.wait, f.delay, {part} FROM wanted w
LEFT JOIN found f ON w.key = f.owner AND w.route = f.route AND w.spot = f.spot AND w.number = f.number
"""
_THERE = """
SELECT p.place::BIGINT AS key, route::BIGINT AS route, sum(retries)::BIGINT AS retries,
       max((loop > 0)::INTEGER)::BIGINT AS loop
FROM there JOIN key_numbers k ON clean(there.key) = k.key JOIN key_places p USING (number)
WHERE failures > 0 GROUP BY ALL ORDER BY ALL
"""
_RESULT = """
SELECT p.place::BIGINT AS key, route::BIGINT AS route, retries::BIGINT AS retries, loop::BIGINT AS loop
FROM ({}) AS found JOIN key_places p ON found.key = p.number
"""
