"""Runs of failed attempts, written once in Ibis for every engine: which attempts are retries, and what is a loop.

One key, route and path make a run. Only failures are put in order, and of the successes only those are looked up that
may have come soon after one: a window over all rows takes ten times as long.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apidiff.usage.cube.instants import TO_MICROS

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


def has_succeeded(status: "ir.IntegerValue") -> "ir.BooleanValue":
    """Whether a status is a success, or leads to one."""
    return (status >= 200) & (status < 400)


def runs_of(failures: "ir.Table", gap_seconds: int, run: Sequence[str] = RUN, kept: Sequence[str] = ()) -> "ir.Table":
    """Failed attempts with their place in their run.

    Columns: those of `run`, those to be `kept`, `moment`, `number` (from 0), `gap` (seconds since the failure before,
    null for the first), `again` (seconds until the next one, null for the last), `retry` (1 where it repeats the one
    before), `open` (1 where a success soon after would be its retry), `stretch` (counts pauses of more than
    `SPAN_SECONDS`) and `size` (failures in its stretch).
    """
    import ibis

    window = ibis.window(group_by=[failures[name] for name in run], order_by=[failures.moment, failures.status])
    runs = failures.mutate(
        number=ibis.row_number().over(window).cast("int64"),
        before=failures.moment.lag().over(window),
        after=failures.moment.lead().over(window),
        earlier=failures.status.lag().over(window),
    )
    # where a window ends ClickHouse has 1970 and others have null
    runs = runs.mutate(
        gap=ibis.cases((runs.number > 0, seconds(runs.before, runs.moment))),
        again=ibis.cases((runs.after >= runs.moment, seconds(runs.moment, runs.after))),
    )
    retry = (runs.gap <= gap_seconds) & runs.earlier.isin(RETRYABLE)
    is_open = runs.status.isin(RETRYABLE) & (runs.again.isnull() | (runs.again > gap_seconds))
    start = runs.gap.isnull() | (runs.gap > SPAN_SECONDS)
    runs = runs.mutate(retry=flag(retry), open=flag(is_open), start=flag(start))
    runs = runs.mutate(stretch=_so_far(runs, runs.start, run))
    stretch = ibis.window(group_by=[runs[name] for name in (*run, "stretch")])
    runs = runs.mutate(size=runs.count().over(stretch))
    return runs.select(*run, *kept, "moment", "number", "gap", "again", "retry", "open", "stretch", "size")


def longest_wait(gap_seconds: int) -> int:
    """The most seconds that a failure waits for a success, and that failures which belong together are apart."""
    return max(gap_seconds, SPAN_SECONDS)


def waiting_of(runs: "ir.Table", gap_seconds: int) -> "ir.Table":
    """The failures after which a success would tell something: those of `RUN`, `number`, `moment`, `wait` (seconds).

    The last failure before a long pause waits as the very last one does, so that nothing far away changes it.
    """
    waiting = runs.filter(does_wait(runs))
    return waiting.select(*RUN, "number", "moment", wait=wait_of(waiting, gap_seconds))


def does_wait(runs: "ir.Table") -> "ir.BooleanValue":
    """Whether a success soon after a failure would tell something."""
    return (runs.open == 1) | (runs.size >= LOOP_FAILURES)


def wait_of(runs: "ir.Table", gap_seconds: int) -> "ir.IntegerValue":
    """How many seconds a failure waits for a success."""
    import ibis

    far = runs.again.isnull() | (runs.again > longest_wait(gap_seconds))
    return ibis.cases((far, gap_seconds), else_=runs.again).cast("int64")


def followed_by_path(events: "ir.Table", watch: "ir.Table", bucket_seconds: int) -> "ir.Table":
    """The same from events that are not routed, which is cheaper: `owner`, `route`, `spot`, `number`, `delay`.

    `watch` has the waiting with `owner` (the key's number), `method` (that of the route) and a row for each `bucket` of
    `bucket_seconds` that they wait in, so that few successes of a busy path meet; its `key` is the key itself and its
    `spot` the path's hash. Unreadable rows have no path or no time, and so join with nothing.
    """
    answers = events.filter(has_succeeded(events.status))
    answers = answers.select(
        key_=key_of(answers),
        method_=answers.method,
        spot_=spot_of(answers.path),
        moment_=answers.moment,
        bucket_=bucket(answers.moment, bucket_seconds),
    )
    # the log on the left: the table to look up in is made of the right side
    joined = answers.inner_join(watch, [answers[f"{name}_"] == watch[name] for name in ("key", "spot", "bucket")])
    called = joined.method_.upper()
    same = (called == joined.method) | ((joined.method == "GET") & (called == "HEAD"))
    return _delays(joined, same & (joined.moment_ > joined.moment), ("owner", "route", "spot", "number"))


def _delays(joined: "ir.Table", found: "ir.BooleanValue", names: Sequence[str]) -> "ir.Table":
    delay = seconds(joined.moment, joined.moment_)
    joined = joined.mutate(delay=delay).filter(found & (delay <= joined.wait))
    return joined.group_by(list(names)).agg(delay=joined.delay.min())


def loops_of(runs: "ir.Table", followed: "ir.Table", gap_seconds: int) -> "ir.Table":
    """Retries and loops by key and route: `key`, `route`, `retries`, `loop` (0 or 1).

    `followed` says which failures a success came after: the columns of `RUN`, `number`, `delay` (seconds to the first).
    """
    names = (*RUN, "number")
    others = followed.rename({f"{name}_": name for name in names})
    joined = runs.left_join(others, [runs[name] == others[f"{name}_"] for name in names])
    pieces = pieces_of(joined, gap_seconds)
    return pieces.group_by(["key", "route"]).agg(
        retries=pieces.retries.sum().cast("int64"), loop=pieces.loop.max().cast("int64")
    )


def pieces_of(
    delayed: "ir.Table", gap_seconds: int, run: Sequence[str] = RUN, summed: Sequence[str] = ()
) -> "ir.Table":
    """Runs cut where a success came: those of `run`, `failures`, `retries`, `loop` (0 or 1), and the sums of `summed`.

    `delayed` are runs with `delay`, the seconds until a success came, null where none did. A loop is a row of at least
    `LOOP_FAILURES` failures with no success between them, most of them within the gap of the one before, or
    `SPAN_FAILURES` failures in `SPAN_SECONDS` with fewer than a tenth as many successes.
    """
    import ibis

    ended = delayed.delay.notnull()
    soon = ended & (delayed.delay <= gap_seconds) & (delayed.open == 1)
    marked = delayed.mutate(ended=flag(ended), soon=flag(soon), span=bucket(delayed.moment, SPAN_SECONDS))
    span = ibis.window(group_by=[marked[name] for name in (*run, "span")])
    marked = marked.mutate(
        piece=_so_far(marked, marked.ended, run) - marked.ended,
        in_span=marked.count().over(span),
        ended_in_span=marked.ended.sum().over(span),
    )
    is_many = (marked.in_span >= SPAN_FAILURES) & (marked.ended_in_span * 10 < marked.in_span)
    marked = marked.mutate(many=flag(is_many))
    pieces = marked.group_by([*run, "stretch", "piece"]).agg(
        failures=marked.count(),
        near=marked.count(where=marked.gap <= gap_seconds),
        retries=(marked.retry.sum() + marked.soon.sum()).cast("int64"),
        many=marked.many.max(),
        **{name: marked[name].sum().cast("int64") for name in summed},
    )
    is_loop = (pieces.failures >= LOOP_FAILURES) & (pieces.near * 2 >= pieces.failures - 1)
    return pieces.select(*run, *summed, "failures", "retries", loop=flag(is_loop | (pieces.many == 1)))


def key_of(events: "ir.Table") -> "ir.StringValue":
    """The key of a row, "" where it has none."""
    import ibis

    return ibis.cases((events.key == "-", ibis.literal("")), else_=ibis.coalesce(events.key, ""))


def flag(condition: "ir.BooleanValue") -> "ir.IntegerValue":
    """1 where a condition holds, else 0."""
    import ibis

    return ibis.cases((condition, 1), else_=0).cast("int64")


def _so_far(runs: "ir.Table", flags: "ir.IntegerColumn", run: Sequence[str]) -> "ir.IntegerColumn":
    """How many flags a run has had up to each of its failures, that one included."""
    import ibis

    window = ibis.cumulative_window(group_by=[runs[name] for name in run], order_by=runs.number)
    return flags.sum().over(window).cast("int64")


def bucket(moment: "ir.TimestampValue", width: int) -> "ir.IntegerValue":
    """The number of the stretch of `width` seconds that a time is in."""
    return (microseconds(moment) // (width * 1_000_000)).cast("int64")


def microseconds(moment: "ir.TimestampValue") -> "ir.IntegerValue":
    """The microseconds since 1970, by DuckDB's function: for other engines `statement` writes their own."""
    import ibis

    epoch_us = ibis.udf.scalar.builtin(lambda _: 0, name=TO_MICROS, signature=(("timestamp",), "int64"))
    found: ir.IntegerValue = epoch_us(moment)
    return found


def spot_of(path: "ir.StringValue") -> "ir.IntegerValue":
    """The hash of a path as a whole number: the macro `spot_of` of `gather`, in DuckDB alone."""
    import ibis

    hashed = ibis.udf.scalar.builtin(lambda _: 0, name="spot_of", signature=(("string",), "int64"))
    found: ir.IntegerValue = hashed(path)
    return found


def seconds(start: "ir.TimestampValue", end: "ir.TimestampValue") -> "ir.NumericValue":
    """Whole seconds between two times, from whole seconds: engines round the rest each in its own way."""
    return bucket(end, 1) - bucket(start, 1)
