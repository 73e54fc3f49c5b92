"""Retries, loops and rows that are another's double, of a log in an engine: one plan that reads the log twice.

An engine that does not share what a statement names twice reads the log as often as it is named. So nothing is joined
with itself here: failures are read once, with the rows that are looked at for doubles, and successes once.
"""

from typing import TYPE_CHECKING

from apidiff.usage.cube import runs
from apidiff.usage.route import UNMATCHED, Routes, route_events

if TYPE_CHECKING:
    import ibis.expr.types as ir

SHIFTS = {"shift": "int32"}
"""The columns of a table with the rows 0 and 1: a failure waits in its own stretch of time and in the next."""
_RUN = (*runs.RUN, "failed")
_KEPT = ("double", "sampled", "odd_seconds", "odd_minutes")
_DAYS = ("begin", "over")
_SECOND, _MINUTE, _DAY = 1_000_000, 60_000_000, 86_400_000_000


def attempts_of(
    events: "ir.Table",
    routes: Routes,
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    shifts: "ir.Table",
    gap_seconds: int,
    every: int,
    daily: bool = False,
) -> "ir.Table":
    """What is odd of attempts by key and route, with `daily` also by `begin` and `over`, days since 1970.

    A row of failures goes on from `begin`, and from `over` on nothing changes it any more.

    Columns: `key`, `route`, `failures`, `retries`, `loop` (0 or 1, see `runs.pieces_of`); of the readable rows of one
    moment in `every` (0: of none) `sampled`, `doubles` (those that are another's), `odd_seconds` and `odd_minutes`
    (those whose times are no whole ones).
    """
    looked_at = _looked_at(events, routes, keys=keys, ids=ids, every=every)
    run = (*_RUN, "section") if daily else _RUN
    found = runs.runs_of(looked_at, gap_seconds, run, _KEPT)
    waits = (found.failed == 1) & runs.does_wait(found)
    found = found.mutate(waits=runs.flag(waits), wait=runs.wait_of(found, gap_seconds))
    width = runs.longest_wait(gap_seconds)
    names = ["key", "route"]
    if daily:
        found, run, names = _dated(found, run, width), (*run, *_DAYS), [*names, *_DAYS]
    delayed = _delayed(found, events, routes, run, keys=keys, ids=ids, shifts=shifts, width=width)
    pieces = runs.pieces_of(delayed, gap_seconds, run, _KEPT)
    has_failed = pieces.failed == 1
    return pieces.group_by(names).agg(
        failures=_sum(pieces.failures, has_failed),
        retries=_sum(pieces.retries, has_failed),
        loop=_sum(pieces.loop, has_failed),
        sampled=_sum(pieces.sampled),
        doubles=_sum(pieces.double),
        odd_seconds=_sum(pieces.odd_seconds),
        odd_minutes=_sum(pieces.odd_minutes),
    )


def _dated(found: "ir.Table", run: tuple[str, ...], width: int) -> "ir.Table":
    """Runs with the days from which on their stretch goes on, and from which on it is over.

    Of a failure that means that neither another one nor a success can belong to it any more.
    """
    import ibis

    stretch = ibis.window(group_by=[found[name] for name in (*run, "stretch")])
    micros = runs.microseconds(found.moment)
    wait = ibis.cases((found.failed == 1, width * _SECOND), else_=0)
    return found.mutate(begin=(micros // _DAY).min().over(stretch), over=((micros + wait) // _DAY).max().over(stretch))


def _sum(value: "ir.IntegerValue", where: "ir.BooleanValue | None" = None) -> "ir.IntegerValue":
    import ibis

    return ibis.coalesce(value.sum(where=where), 0).cast("int64")


def _looked_at(
    events: "ir.Table", routes: Routes, *, keys: "ir.Table", ids: "ir.Table | None", every: int
) -> "ir.Table":
    """The failures of routes and the sample, with flags of what each row is."""
    import ibis

    is_failed_or_sampled = runs.has_failed(events.status) | _is_sampled(events, every)
    routed = route_events(events.filter((events.reason == "") & is_failed_or_sampled), routes, keys, ids)
    micros, is_sampled = runs.microseconds(routed.moment), _is_sampled(routed, every)
    has_failed = runs.has_failed(routed.status) & (routed.route != UNMATCHED)
    rows = routed.select(
        "route",
        "moment",
        "status",
        key=runs.key_of(routed),
        spot=routed.path,
        failed=runs.flag(has_failed),
        section=ibis.cases((has_failed, 0), else_=micros // _DAY),
        sampled=runs.flag(is_sampled),
        millisecond=micros // 1000,
        odd_seconds=runs.flag(is_sampled & (micros % _SECOND != 0)),
        odd_minutes=runs.flag(is_sampled & (micros % _MINUTE != 0)),
    )
    alike = ibis.window(
        group_by=[rows[name] for name in ("key", "spot", "millisecond", "status", "sampled")], order_by=rows.moment
    )
    rows = rows.mutate(place=ibis.row_number().over(alike))
    return rows.mutate(double=runs.flag((rows.place > 0) & (rows.sampled == 1)))


def _is_sampled(rows: "ir.Table", every: int) -> "ir.BooleanValue":
    import ibis

    return (runs.microseconds(rows.moment) % every == 0) if every else ibis.literal(value=False)


def _delayed(
    found: "ir.Table",
    events: "ir.Table",
    routes: Routes,
    run: tuple[str, ...],
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    shifts: "ir.Table",
    width: int,
) -> "ir.Table":
    """Runs with `delay`: the seconds until the first success that came soon enough, null where none did."""
    import ibis

    spread = found.cross_join(shifts).filter(ibis._.shift <= ibis._.waits)
    watch = spread.mutate(bucket=ibis.cases((spread.waits == 1, runs.bucket(spread.moment, width) + spread.shift)))
    succeeded = events.filter((events.reason == "") & runs.has_succeeded(events.status))
    routed = route_events(succeeded, routes, keys, ids)
    answers = routed.select(
        key_=runs.key_of(routed),
        route_="route",
        spot_="path",
        moment_="moment",
        bucket_=runs.bucket(routed.moment, width),
    )
    joined = watch.left_join(answers, [watch[name] == answers[f"{name}_"] for name in (*runs.RUN, "bucket")])
    delay = runs.seconds(joined.moment, joined.moment_)
    came = (joined.moment_ > joined.moment) & (delay <= joined.wait)
    names = (*run, "number")
    rest = [name for name in found.columns if name not in (*names, "waits", "wait", "again")]
    return joined.group_by(list(names)).agg(
        delay=ibis.cases((came, delay)).min(), **{name: joined[name].max() for name in rest}
    )
