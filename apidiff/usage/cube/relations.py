"""The relational plan, written once in Ibis for every engine: events to the cube.

Each function takes and gives table expressions; `sql` compiles one. Only aggregates leave the engine.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from apidiff.usage.cube.asides import Asked, hits_of
from apidiff.usage.cube.runs import has_failed, microseconds, spot_of
from apidiff.usage.route import UNMATCHED, Routes, route_events

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNREADABLE = -1
"""The route of a row that can't be read."""

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
    eased: bool = False,
    zoned: bool = False,
    every: int = 0,
    bits: "dict[Asked, int] | None" = None,
) -> "ir.Table":
    """Key × route × version × client × day, from events as `read.EVENT_COLUMNS` has them.

    Columns: `key`, `route` (`UNREADABLE` for rows that can't be read), `detail` (the version of a routed row, the shape
    of an unmatched path, the reason of an unreadable row), `agent`, `day` (date), `attempts`, `successes`, `first`,
    `last`, `first_success`; keys, versions and agents as the log has them, null where it has none; with `queries` the
    number of rows with a query string, with `eased` that of successes at a path with slashes too many, with `zoned`
    that of readable rows whose time is no text without an offset; with `failing` the attempts that are looked at again
    (`attempted`: `spot`, `moment`, `status`): those that failed, and the readable rows of one moment in `every`, where
    that is not 0. `counted` says that rows stand for several requests. With `bits` a row is also of one answer to
    questions (`hits`, see `asides`), with the `last_success`.
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
    if bits is not None:
        routed = routed.mutate(hits=hits_of(routed, bits))
    succeeded = (routed.status >= 200) & (routed.status < 400)
    columns: dict[str, ir.Value] = {
        "attempts": _count(routed, counted),
        "successes": _count(routed, counted, succeeded),
        "first": routed.moment.min(),
        "last": routed.moment.max(),
        "first_success": _of(routed.moment, succeeded).min(),
    }
    if eased:
        columns["eased"] = routed.count(where=routed.eased)
    if queries:
        columns["queries"] = routed.count(where=routed["query"] != "")
    if zoned:
        columns["zoned"] = routed.count(where=routed.zoned)
    if failing:
        wanted = (routed.route > UNMATCHED) & has_failed(routed.status)
        if every:
            wanted |= (routed.route >= UNMATCHED) & (microseconds(routed.moment) % every == 0)
        attempt = ibis.struct({"spot": spot_of(routed.path), "moment": routed.moment, "status": routed.status})
        columns["attempted"] = attempt.collect(where=wanted)
    names = ["key", "route", "detail", "agent", "day"]
    if bits is not None:
        columns["last_success"] = _of(routed.moment, succeeded).max()
        names.append("hits")
    return routed.group_by(names).agg(**columns)


def _of(moment: "ir.TimestampValue", where: "ir.BooleanValue") -> "ir.TimestampValue":
    """A time where a condition holds, else null: what is aggregated with a filter instead is 1970 in ClickHouse."""
    import ibis

    return ibis.cases((where, moment))


def _amount(events: "ir.Table", where: "ir.BooleanValue") -> "ir.IntegerValue":
    """Requests where a condition holds, 0 where there are none."""
    import ibis

    return ibis.coalesce(events.amount.sum(where=where), 0)


def _count(events: "ir.Table", counted: bool, where: "ir.BooleanValue | None" = None) -> "ir.IntegerValue":
    """Requests: a row each, or as many as a pre-aggregated row says."""
    import ibis

    return ibis.coalesce(events.amount.sum(where=where), 0).cast("int64") if counted else events.count(where=where)


LISTED_MARK, NUMBER_MARK = "\x01", "\x02"
"""What stands before the values that a shape keeps: those of a parameter that lists them, and numbers."""
_LONGEST_NUMBER = 20
_IN_PLACE = r"(?:\[\]|%5[Bb]%5[Dd])?"


def shapes_of(
    events: "ir.Table",
    routes: Routes,
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    since: datetime,
    logged: Collection[str],
    listed: str,
    numbers: str,
) -> "ir.Table":
    """Routed calls since a time by what they look like.

    Columns: `key`, `route`, `version`, `shape` (the query without its values, but for those of parameters that the
    patterns `listed` and `numbers` name, behind a mark; of long numbers the first digits), `sized` (whether the body
    had a length), `sent` and `received` (fields as they are logged), `successes`, `failures`, `last` (a success).
    """
    import ibis

    recent = (events.reason == "") & (events.moment >= ibis.literal(since.replace(tzinfo=None)))
    routed = route_events(events.filter(recent), routes, keys, ids)
    routed = routed.filter(routed.route != UNMATCHED)
    none, never = ibis.literal(""), ibis.literal(value=False)
    shape = ibis.cases((routed["query"] == "", none), else_=_shape(routed["query"], listed, numbers))
    well = (routed.status >= 200) & (routed.status < 400)
    routed = routed.mutate(
        shape=shape if "query" in logged else none,
        sized=routed.request_body_length.re_search("[1-9]") if "request_body_length" in logged else never,
        sent=routed.request_fields if "request_fields" in logged else none,
        received=routed.response_fields if "response_fields" in logged else none,
    )
    columns = {
        "successes": _amount(routed, well),
        "failures": _amount(routed, ~well),
        "last": _of(routed.moment, well).max(),
    }
    return routed.group_by(["key", "route", "version", "shape", "sized", "sent", "received"]).agg(**columns)


def _shape(query: "ir.StringValue", listed: str, numbers: str) -> "ir.StringValue":
    for mark, names in ((LISTED_MARK, listed), (NUMBER_MARK, numbers)):
        if names:
            query = query.re_replace(f"((?:^|&){names}{_IN_PLACE})=", rf"\1{mark}")
    query = query.re_replace(f"(^|&)([^=&{LISTED_MARK}{NUMBER_MARK}]*)=[^&]*", r"\1\2")
    if not numbers:
        return query
    short = query
    for digits in range(3, _LONGEST_NUMBER - 2):
        short = short.re_replace(rf"({NUMBER_MARK}-?[0-9]{{2}})[0-9]{{{digits}}}(?:\.[0-9]*)?(&|$)", rf"\1e{digits}\2")
    short = short.re_replace(rf"({NUMBER_MARK}-?[0-9]+)\.[0-9]*[1-9][0-9]*(&|$)", r"\1.5\2")
    return ibis_cases((query.re_search(rf"{NUMBER_MARK}-?(?:[0-9]{{5}}|[0-9]+\.)"), short), query)


def ibis_cases(branch: "tuple[ir.BooleanValue, ir.StringValue]", otherwise: "ir.StringValue") -> "ir.StringValue":
    """One value or another, whichever a condition says."""
    import ibis

    found: ir.StringValue = ibis.cases(branch, else_=otherwise)
    return found


def sights_of(
    events: "ir.Table",
    routes: Routes,
    questions: Sequence[tuple[str, str, tuple[int, ...]]],
    *,
    keys: "ir.Table",
    ids: "ir.Table | None",
    since: datetime,
) -> "ir.Table":
    """Calls since a time with each (column, pattern, routes) question's answer.

    Columns: `key`, `route`, `version`, `successes`, `failures`, and for question n `seen{n}` (successes that match),
    `with{n}` and `without{n}` (the last success that does and does not), `failed{n}` (failures that match).
    """
    import ibis

    recent = (events.reason == "") & (events.moment >= ibis.literal(since.replace(tzinfo=None)))
    routed = route_events(events.filter(recent), routes, keys, ids)
    routed = routed.filter(routed.route.isin(sorted({number for _, _, numbers in questions for number in numbers})))
    hits = {
        f"hit{index}": ibis.cases((routed.route.isin(numbers), routed[column].re_search(pattern)), else_=False)
        for index, (column, pattern, numbers) in enumerate(questions)
    }
    routed = routed.mutate(**hits)
    well = (routed.status >= 200) & (routed.status < 400)
    columns = {"successes": _amount(routed, well), "failures": _amount(routed, ~well)}
    for index in range(len(questions)):
        hit = routed[f"hit{index}"]
        columns[f"seen{index}"] = _amount(routed, well & hit)
        columns[f"with{index}"] = _of(routed.moment, well & hit).max()
        columns[f"without{index}"] = _of(routed.moment, well & ~hit).max()
        columns[f"failed{index}"] = _amount(routed, ~well & hit)
    return routed.group_by(["key", "route", "version"]).agg(**columns)
