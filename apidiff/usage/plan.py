"""The relational plan, written once in Ibis for every engine: events to the cube, and failures to retries.

Each function takes and gives table expressions; `sql` compiles one. Only aggregates leave the engine.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from apidiff.usage.route import UNMATCHED, Routes, route_events

if TYPE_CHECKING:
    import ibis.expr.types as ir

RETRYABLE = (0, 408, 409, 425, 429, 499, 500, 502, 503, 504)
"""Statuses after which a client tries again; 0 is an attempt without an answer."""

UNREADABLE = -1
"""The route of a row that can't be read."""

LOOP_FAILURES = 5
SPAN_SECONDS = 600
SPAN_FAILURES = 20

_NOISE = r"/[^/]*([0-9][0-9]|[^A-Za-z0-9/_.-]|[^/]{33,})[^/]*"
"""A path segment that is no word: it has digits in a row, odd characters, or is long."""


def sql(expression: "ir.Table", dialect: str = "duckdb") -> str:
    """The expression in an engine's SQL."""
    import ibis

    return str(ibis.to_sql(expression, dialect=dialect))


def cube_of(
    events: "ir.Table",
    routes: Routes,
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    failing: bool,
    counted: bool = False,
    queries: bool = False,
) -> "ir.Table":
    """Key × route × version × client × day, from events as `read.EVENT_COLUMNS` has them.

    Columns: `key`, `route` (`UNREADABLE` for rows that can't be read), `detail` (the version of a routed row, the shape
    of an unmatched path, the reason of an unreadable row), `agent`, `day` (date), `attempts`, `successes`, `first`,
    `last`, `first_success`; keys, versions and agents as the log has them, null where it has none; with `queries` the
    number of rows with a query string; with `failing` the failed attempts themselves (`spot`, `moment`, `status`),
    since they are few and looked at again. `counted` says that rows stand for several requests.
    """
    import ibis

    routed = route_events(events, routes, keys, ids)
    unreadable = routed.reason != ""
    detail = ibis.cases(
        (unreadable, routed.reason),
        (routed.route != UNMATCHED, routed.version),
        (routed.method == "OPTIONS", ibis.literal("OPTIONS")),
        else_=routed.path.re_replace(_NOISE, "/*"),
    )
    number = ibis.cases((unreadable, UNREADABLE), else_=routed.route).cast("int32")
    routed = routed.mutate(detail=detail, day=routed.moment.date(), route=number)
    succeeded = (routed.status >= 200) & (routed.status < 400)
    columns: dict[str, ir.Value] = {
        "attempts": _count(routed, counted),
        "successes": _count(routed, counted, succeeded),
        "first": routed.moment.min(),
        "last": routed.moment.max(),
        "first_success": _of(routed.moment, succeeded).min(),
    }
    if queries:
        columns["queries"] = routed.count(where=routed["query"] != "")
    if failing:
        attempt = ibis.struct({"spot": routed.path.hash(), "moment": routed.moment, "status": routed.status})
        # a struct made only where it is wanted, which is cheaper than one for each row and a filter
        columns["failures"] = ibis.cases(((routed.route > UNMATCHED) & _failed(routed.status), attempt)).collect()
    return routed.group_by(["key", "route", "detail", "agent", "day"]).agg(**columns)


def _of(moment: "ir.TimestampValue", where: "ir.BooleanValue") -> "ir.TimestampValue":
    """A time where a condition holds, else null: what is aggregated with a filter instead is 1970 in ClickHouse."""
    import ibis

    return ibis.cases((where, moment))


def _count(events: "ir.Table", counted: bool, where: "ir.BooleanValue | None" = None) -> "ir.IntegerValue":
    """Requests: a row each, or as many as a pre-aggregated row says."""
    import ibis

    return ibis.coalesce(events.amount.sum(where=where), 0).cast("int64") if counted else events.count(where=where)


def sights_of(
    events: "ir.Table",
    routes: Routes,
    questions: Sequence[tuple[str, str, tuple[int, ...]]],
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    since: datetime,
) -> "ir.Table":
    """Logical successes since a time with each (column, pattern, routes) question's answer.

    Columns: `key`, `route`, `version`, `successes`, and for question n `seen{n}` (successes that match), `with{n}` and
    `without{n}` (the last success that does and does not).
    """
    import ibis

    succeeded = (events.reason == "") & (events.status >= 200) & (events.status < 400)
    succeeded &= events.moment >= ibis.literal(since.replace(tzinfo=None))
    routed = route_events(events.filter(succeeded), routes, keys, ids)
    routed = routed.filter(routed.route.isin(sorted({number for _, _, numbers in questions for number in numbers})))
    hits = {
        f"hit{index}": ibis.cases((routed.route.isin(numbers), routed[column].re_search(pattern)), else_=False)
        for index, (column, pattern, numbers) in enumerate(questions)
    }
    routed = routed.mutate(**hits)
    columns = {"successes": routed.amount.sum()}
    for index in range(len(questions)):
        hit = routed[f"hit{index}"]
        columns[f"seen{index}"] = ibis.coalesce(routed.amount.sum(where=hit), 0)
        columns[f"with{index}"] = _of(routed.moment, hit).max()
        columns[f"without{index}"] = _of(routed.moment, ~hit).max()
    return routed.group_by(["key", "route", "version"]).agg(**columns)


def failures_of(
    events: "ir.Table", routes: Routes, *, keys: "ir.Table", ids: "ir.Table | None", hashed: bool = True
) -> "ir.Table":
    """The failed attempts: `key`, `route`, `spot` (the path or its hash), `moment`, `status`."""
    routed = route_events(events.filter((events.reason == "") & _failed(events.status)), routes, keys, ids)
    routed = routed.filter(routed.route != UNMATCHED)
    spot = routed.path.hash() if hashed else routed.path
    return routed.select("key", "route", "moment", "status", spot=spot)


def _failed(status: "ir.IntegerValue") -> "ir.BooleanValue":
    return (status >= 400) | (status < 200)


def runs_of(failures: "ir.Table", gap_seconds: int) -> "ir.Table":
    """Failed attempts with what came before and after them on the same key, route and path.

    Adds `gap` (seconds since the failure before, null for the first), `again` (seconds until the next one, null for the
    last), `retry` (1 where it repeats the one before) and `open` (1 where a success soon after would be its retry).
    """
    import ibis

    window = ibis.window(
        group_by=[failures.key, failures.route, failures.spot], order_by=[failures.moment, failures.status]
    )
    before = failures.moment.lag().over(window)
    after = failures.moment.lead().over(window)
    # ClickHouse has 1970 where a window ends and others have null
    again = ibis.cases((after >= failures.moment, _seconds(failures.moment, after)))
    status = failures.status.lag().over(window)
    runs = failures.mutate(gap=_seconds(before, failures.moment), again=again, earlier=status)
    retry = (runs.gap <= gap_seconds) & runs.earlier.isin(RETRYABLE)
    waiting = runs.status.isin(RETRYABLE) & (runs.again.isnull() | (runs.again > gap_seconds))
    return runs.mutate(
        retry=ibis.cases((retry, 1), else_=0).cast("int32"), open=ibis.cases((waiting, 1), else_=0).cast("int32")
    ).drop("earlier")


def loops_of(runs: "ir.Table", gap_seconds: int) -> "ir.Table":
    """Retries and loops by key and route from `runs_of`: `key`, `route`, `retries`, `loop` (0 or 1).

    Successes between the failures are not seen here, so that only aggregates leave the engine.
    """
    import ibis

    start = ibis.cases(((runs.gap.isnull() | (runs.gap > SPAN_SECONDS)), 1), else_=0).cast("int64")
    window = ibis.cumulative_window(group_by=[runs.key, runs.route, runs.spot], order_by=runs.moment)
    marked = runs.mutate(start=start)
    marked = marked.mutate(stretch=marked.start.sum().over(window))
    stretches = marked.group_by(["key", "route", "spot", "stretch"]).agg(
        failures=marked.count(), near=marked.count(where=marked.gap <= gap_seconds), retries=marked.retry.sum()
    )
    hammered = (stretches.failures >= LOOP_FAILURES) & (stretches.near * 2 >= stretches.failures - 1)
    stretches = stretches.mutate(hammered=ibis.cases((hammered, 1), else_=0).cast("int32"))
    return stretches.group_by(["key", "route"]).agg(
        retries=stretches.retries.sum().cast("int64"), loop=stretches.hammered.max()
    )


def ended_of(
    events: "ir.Table", runs: "ir.Table", routes: Routes, *, keys: "ir.Table", ids: "ir.Table | None", gap_seconds: int
) -> "ir.Table":
    """How many failures a success ended that was their retry: `key`, `route`, `ended`; `runs` are of plain paths."""
    import ibis

    width = max(gap_seconds, 1)
    waiting = runs.filter(runs.open == 1)
    waiting = waiting.select("key", "route", "spot", failed="moment", bucket=_bucket(waiting.moment, width))
    both = ibis.union(waiting, waiting.mutate(bucket=waiting.bucket + 1))
    succeeded = (events.reason == "") & (events.status >= 200) & (events.status < 400)
    routed = route_events(events.filter(succeeded), routes, keys, ids)
    answers = routed.select(
        key_="key", route_="route", spot_="path", moment_="moment", bucket_=_bucket(routed.moment, width)
    )
    joined = both.inner_join(
        answers,
        [
            both.key == answers.key_,
            both.route == answers.route_,
            both.spot == answers.spot_,
            both.bucket == answers.bucket_,
        ],
    )
    inside = (joined.moment_ > joined.failed) & (_seconds(joined.failed, joined.moment_) <= gap_seconds)
    ended = joined.filter(inside).select("key", "route", "spot", "failed").distinct()
    return ended.group_by(["key", "route"]).agg(ended=ended.count())


def _bucket(moment: "ir.TimestampValue", width: int) -> "ir.IntegerValue":
    return (moment.truncate("s").epoch_seconds() / width).floor().cast("int64")


def followed_of(events: "ir.Table", watch: "ir.Table", bucket_seconds: int) -> "ir.Table":
    """Which failures a success followed: `number` of each and `delay`, the seconds until the first one.

    `watch` has `number`, `key`, `method`, `spot`, `moment` (of the failure), `until` (when to stop looking) and a row
    for each `bucket` of `bucket_seconds` from the one to the other, so that the join is on equality and touches few
    rows.
    """
    import ibis

    # an unreadable row has no path or no time, and so joins with nothing
    answers = events.filter((events.status >= 200) & (events.status < 400)).select(
        key_=ibis.cases((events.key == "-", ibis.literal("")), else_=ibis.coalesce(events.key, "")),
        method_=events.method.upper(),
        spot_=events.path.hash(),
        moment_=events.moment,
        bucket_=_bucket(events.moment, bucket_seconds),
    )
    joined = answers.inner_join(
        watch, [answers.key_ == watch.key, answers.spot_ == watch.spot, answers.bucket_ == watch.bucket]
    )
    same = (joined.method_ == joined.method) | ((joined.method == "GET") & (joined.method_ == "HEAD"))
    inside = (joined.moment_ > joined.moment) & (_seconds(joined.until, joined.moment_) <= 0)
    found = joined.filter(same & inside)
    return found.group_by("number").agg(delay=_seconds(found.moment, found.moment_).min())


def _seconds(start: "ir.TimestampValue", end: "ir.TimestampValue") -> "ir.NumericValue":
    """Whole seconds between two times, from whole seconds: engines round the rest each in its own way."""
    return end.truncate("s").epoch_seconds() - start.truncate("s").epoch_seconds()
