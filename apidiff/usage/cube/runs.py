"""Runs of failed attempts, written once in Ibis for every engine: which attempts are retries, and what is a loop.

One key, route and path make a run. Only failures are put in order, and of the successes only those are looked up that
may have come soon after one: a window over all rows takes ten times as long.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apidiff.usage.route import UNMATCHED, Routes, route_events

if TYPE_CHECKING:
    import ibis.expr.types as ir

RETRYABLE = (0, 408, 409, 425, 429, 499, 500, 502, 503, 504)
"""Statuses after which a client tries again; 0 is an attempt without an answer."""

LOOP_FAILURES = 5
SPAN_SECONDS = 600
SPAN_FAILURES = 20

RUN = ("key", "route", "spot")


def has_failed(status: "ir.IntegerValue") -> "ir.BooleanValue":
    """Whether a status is no success: an error, or an attempt without an answer."""
    return (status >= 400) | (status < 200)


def _has_succeeded(status: "ir.IntegerValue") -> "ir.BooleanValue":
    return (status >= 200) & (status < 400)


def failures_of(events: "ir.Table", routes: Routes, *, keys: "ir.Table", ids: "ir.Table | None" = None) -> "ir.Table":
    """The failed attempts: `key` ("" for none), `route`, `spot` (the path), `moment`, `status`."""
    routed = route_events(events.filter((events.reason == "") & has_failed(events.status)), routes, keys, ids)
    routed = routed.filter(routed.route != UNMATCHED)
    return routed.select("route", "moment", "status", key=_key(routed), spot=routed.path)


def runs_of(failures: "ir.Table", gap_seconds: int) -> "ir.Table":
    """Failed attempts with their place in their run.

    Columns: those of `RUN`, `moment`, `number` (from 0), `gap` (seconds since the failure before, null for the first),
    `again` (seconds until the next one, null for the last), `retry` (1 where it repeats the one before), `open` (1
    where a success soon after would be its retry), `stretch` (counts pauses of more than `SPAN_SECONDS`) and `size`
    (failures in its stretch).
    """
    import ibis

    window = ibis.window(group_by=[failures[name] for name in RUN], order_by=[failures.moment, failures.status])
    runs = failures.mutate(
        number=ibis.row_number().over(window).cast("int64"),
        before=failures.moment.lag().over(window),
        after=failures.moment.lead().over(window),
        earlier=failures.status.lag().over(window),
    )
    # where a window ends ClickHouse has 1970 and others have null
    runs = runs.mutate(
        gap=ibis.cases((runs.number > 0, _seconds(runs.before, runs.moment))),
        again=ibis.cases((runs.after >= runs.moment, _seconds(runs.moment, runs.after))),
    )
    retry = (runs.gap <= gap_seconds) & runs.earlier.isin(RETRYABLE)
    is_open = runs.status.isin(RETRYABLE) & (runs.again.isnull() | (runs.again > gap_seconds))
    start = runs.gap.isnull() | (runs.gap > SPAN_SECONDS)
    runs = runs.mutate(retry=_flag(retry), open=_flag(is_open), start=_flag(start))
    runs = runs.mutate(stretch=_so_far(runs, runs.start))
    stretch = ibis.window(group_by=[runs[name] for name in (*RUN, "stretch")])
    runs = runs.mutate(size=runs.count().over(stretch))
    return runs.select(*RUN, "moment", "number", "gap", "again", "retry", "open", "stretch", "size")


def longest_wait(gap_seconds: int) -> int:
    """The most seconds that a failure waits for a success, and that failures which belong together are apart."""
    return max(gap_seconds, SPAN_SECONDS)


def waiting_of(runs: "ir.Table", gap_seconds: int) -> "ir.Table":
    """The failures after which a success would tell something: those of `RUN`, `number`, `moment`, `wait` (seconds).

    The last failure before a long pause waits as the very last one does, so that nothing far away changes it.
    """
    import ibis

    longest = longest_wait(gap_seconds)
    waiting = runs.filter((runs.open == 1) | (runs.size >= LOOP_FAILURES))
    wait = ibis.cases((waiting.again.isnull() | (waiting.again > longest), gap_seconds), else_=waiting.again).cast(
        "int64"
    )
    return waiting.select(*RUN, "number", "moment", wait=wait)


def followed_of(
    events: "ir.Table",
    waiting: "ir.Table",
    routes: Routes,
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    gap_seconds: int,
) -> "ir.Table":
    """Which of the `waiting` a success came after: the columns of `RUN`, `number`, `delay` (seconds to the first)."""
    import ibis

    width = longest_wait(gap_seconds)
    waiting = waiting.mutate(bucket=_bucket(waiting.moment, width))
    watch = ibis.union(waiting, waiting.mutate(bucket=waiting.bucket + 1))
    succeeded = events.filter((events.reason == "") & _has_succeeded(events.status))
    routed = route_events(succeeded, routes, keys, ids)
    answers = routed.select(
        key_=_key(routed), route_="route", spot_="path", moment_="moment", bucket_=_bucket(routed.moment, width)
    )
    joined = answers.inner_join(watch, [answers[f"{name}_"] == watch[name] for name in (*RUN, "bucket")])
    return _delays(joined, joined.moment_ > joined.moment, (*RUN, "number"))


def followed_by_path(events: "ir.Table", watch: "ir.Table", bucket_seconds: int) -> "ir.Table":
    """The same from events that are not routed, which is cheaper: `owner`, `route`, `spot`, `number`, `delay`.

    `watch` has the waiting with `owner` (the key's number), `method` (that of the route) and a row for each `bucket` of
    `bucket_seconds` that they wait in, so that few successes of a busy path meet; its `key` is the key itself and its
    `spot` the path's hash. Unreadable rows have no path or no time, and so join with nothing.
    """
    answers = events.filter(_has_succeeded(events.status))
    answers = answers.select(
        key_=_key(answers),
        method_=answers.method,
        spot_=spot_of(answers.path),
        moment_=answers.moment,
        bucket_=(microseconds(answers.moment) // (bucket_seconds * 1_000_000)).cast("int64"),
    )
    # the log on the left: the table to look up in is made of the right side
    joined = answers.inner_join(watch, [answers[f"{name}_"] == watch[name] for name in ("key", "spot", "bucket")])
    called = joined.method_.upper()
    same = (called == joined.method) | ((joined.method == "GET") & (called == "HEAD"))
    return _delays(joined, same & (joined.moment_ > joined.moment), ("owner", "route", "spot", "number"))


def _delays(joined: "ir.Table", found: "ir.BooleanValue", names: Sequence[str]) -> "ir.Table":
    delay = _seconds(joined.moment, joined.moment_)
    joined = joined.mutate(delay=delay).filter(found & (delay <= joined.wait))
    return joined.group_by(list(names)).agg(delay=joined.delay.min())


def loops_of(runs: "ir.Table", followed: "ir.Table", gap_seconds: int) -> "ir.Table":
    """Retries and loops by key and route: `key`, `route`, `retries`, `loop` (0 or 1).

    A loop is a row of at least `LOOP_FAILURES` failures with no success between them, most of them within the gap of
    the one before, or `SPAN_FAILURES` failures in `SPAN_SECONDS` with fewer than a tenth as many successes.
    """
    import ibis

    names = (*RUN, "number")
    others = followed.rename({f"{name}_": name for name in names})
    joined = runs.left_join(others, [runs[name] == others[f"{name}_"] for name in names])
    ended = joined.delay.notnull()
    marked = joined.mutate(ended=_flag(ended), soon=_flag(ended & (joined.delay <= gap_seconds) & (joined.open == 1)))
    marked = marked.mutate(piece=_so_far(marked, marked.ended) - marked.ended)
    stretches = marked.group_by([*RUN, "stretch", "piece"]).agg(
        failures=marked.count(),
        near=marked.count(where=marked.gap <= gap_seconds),
        retries=marked.retry.sum() + marked.soon.sum(),
    )
    is_loop = (stretches.failures >= LOOP_FAILURES) & (stretches.near * 2 >= stretches.failures - 1)
    found = stretches.select("key", "route", retries=stretches.retries.cast("int64"), loop=_flag(is_loop))
    spans = marked.mutate(span=_bucket(marked.moment, SPAN_SECONDS)).group_by([*RUN, "span"])
    spans = spans.agg(failures=ibis._.count(), ended=ibis._.ended.sum())
    is_many = (spans.failures >= SPAN_FAILURES) & (spans.ended * 10 < spans.failures)
    many = spans.select("key", "route", retries=ibis.literal(0, "int64"), loop=_flag(is_many))
    both = ibis.union(found, many)
    return both.group_by(["key", "route"]).agg(
        retries=both.retries.sum().cast("int64"), loop=both.loop.max().cast("int64")
    )


def _key(events: "ir.Table") -> "ir.StringValue":
    """The key of a row, "" where it has none."""
    import ibis

    return ibis.cases((events.key == "-", ibis.literal("")), else_=ibis.coalesce(events.key, ""))


def _flag(condition: "ir.BooleanValue") -> "ir.IntegerValue":
    import ibis

    return ibis.cases((condition, 1), else_=0).cast("int64")


def _so_far(runs: "ir.Table", flag: "ir.IntegerColumn") -> "ir.IntegerColumn":
    """How many flags a run has had up to each of its failures, that one included."""
    import ibis

    window = ibis.cumulative_window(group_by=[runs[name] for name in RUN], order_by=runs.number)
    return flag.sum().over(window).cast("int64")


def _bucket(moment: "ir.TimestampValue", width: int) -> "ir.IntegerValue":
    return (moment.truncate("s").epoch_seconds() / width).floor().cast("int64")


def microseconds(moment: "ir.TimestampValue") -> "ir.IntegerValue":
    """The microseconds since 1970, as DuckDB alone gives them."""
    import ibis

    epoch_us = ibis.udf.scalar.builtin(lambda _: 0, name="epoch_us", signature=(("timestamp",), "int64"))
    found: ir.IntegerValue = epoch_us(moment)
    return found


def spot_of(path: "ir.StringValue") -> "ir.IntegerValue":
    """The hash of a path as a whole number: the macro `spot_of` of `gather`, in DuckDB alone."""
    import ibis

    hashed = ibis.udf.scalar.builtin(lambda _: 0, name="spot_of", signature=(("string",), "int64"))
    found: ir.IntegerValue = hashed(path)
    return found


def _seconds(start: "ir.TimestampValue", end: "ir.TimestampValue") -> "ir.NumericValue":
    """Whole seconds between two times, from whole seconds: engines round the rest each in its own way."""
    return end.truncate("s").epoch_seconds() - start.truncate("s").epoch_seconds()
