"""SHELL: the same plan where the logs lie: Spark, ClickHouse, and every engine that Ibis connects to.

Only aggregates leave the engine: the cube, the retries by key and operation, and the shapes of unmatched paths.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube import relations, runs
from apidiff.usage.cube.drivers import Chdb, Engine, Ibis, Spark
from apidiff.usage.ease import eased
from apidiff.usage.options import Options
from apidiff.usage.read.canonical import EVENT_COLUMNS
from apidiff.usage.read.detect import column_names
from apidiff.usage.route import Routes
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROUTE_KEYS = {"method": "string", "key": "string", "route": "int32"}
ROUTE_IDS = {"operation_id": "string", "route": "int32"}


def engine_of(url: str) -> Engine:
    """The engine that a URL names: `spark://local[2]`, `chdb:///folder`, or any that Ibis connects to.

    Errors: `engine-not-installed`, `engine-unreachable`.
    """
    scheme, _, where = url.partition("://")
    try:
        if scheme == "spark":
            return Spark(where)
        if scheme == "chdb":
            return Chdb(where)
        return Ibis(url)
    except ImportError as error:
        raise ApidiffError(
            f"the driver of `{scheme}` is not installed",
            code="engine-not-installed",
            at="--engine",
            hint=f"pip install {error.name or scheme} (apidiff has the extras spark, clickhouse and postgres).",
            status=Exit.OUTSIDE,
        ) from error
    except ApidiffError:
        raise
    except Exception as error:
        raise _failed(error) from error


def _failed(error: Exception) -> ApidiffError:
    return ApidiffError(
        f"the engine failed ({type(error).__name__})",
        code="engine-failed",
        at="--engine",
        hint="Check the URL, the table's name and what you may read; run it in the engine's own console.",
        status=Exit.OUTSIDE,
    )


class Remote:
    """The logs of one table in an engine, as plans over canonical events."""

    def __init__(self, engine: Engine, routes: Routes, options: Options) -> None:
        import ibis

        self._engine, self._routes, self._options = engine, routes, options
        self._columns = self._try(lambda: dict(engine.schema(options.table)))
        if not self._columns:
            raise ApidiffError(
                f"the engine has no table `{options.table}`",
                code="engine-table-missing",
                at="--table",
                hint="Name it as the engine does, with its schema or database.",
                status=Exit.OUTSIDE,
            )
        self.fields = column_names(tuple(self._columns), options, shown=options.table)
        self._try(lambda: engine.load("route_keys", ROUTE_KEYS, routes.rows()))
        self._keys = ibis.table(ROUTE_KEYS, name="route_keys")
        self._ids = None
        if "operation_id" in self.fields:
            self._try(lambda: engine.load("route_ids", ROUTE_IDS, list(routes.operation_ids.items())))
            self._ids = ibis.table(ROUTE_IDS, name="route_ids")

    def _try(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except ApidiffError:
            raise
        except Exception as error:
            raise _failed(error) from error

    def cube(self) -> list[tuple[Any, ...]]:
        """The cube's rows (columns: those of `relations.cube_of` with `queries`)."""
        expression = relations.cube_of(
            self.events(),
            self._routes,
            keys=self._keys,
            ids=self._ids,
            failing=False,
            counted="count" in self.fields,
            queries=True,
        )
        return self._fetch(expression)

    def retries(self) -> list[tuple[Any, ...]]:
        """Retries and loops: `key`, `route`, `retries`, `loop`."""
        events, gap = self.events(), self._options.retry_gap_seconds
        failing = runs.runs_of(runs.failures_of(events, self._routes, keys=self._keys, ids=self._ids), gap)
        followed = runs.followed_of(
            events, runs.waiting_of(failing, gap), self._routes, keys=self._keys, ids=self._ids, gap_seconds=gap
        )
        return self._fetch(runs.loops_of(failing, followed, gap))

    def sights(self, questions: Sequence[tuple[str, str, tuple[int, ...]]], since: Any) -> list[tuple[Any, ...]]:
        """The rows of `relations.sights_of`."""
        events = self.events()
        return self._fetch(
            relations.sights_of(events, self._routes, questions, keys=self._keys, ids=self._ids, since=since)
        )

    def shapes(self, **asked: Any) -> list[tuple[Any, ...]]:
        """The rows of `relations.shapes_of`, asked as that is."""
        return self._fetch(relations.shapes_of(self.events(), self._routes, keys=self._keys, ids=self._ids, **asked))

    def _fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._try(lambda: self._engine.fetch(expression))
        return rows

    def events(self) -> "ir.Table":
        """The table's rows as events (columns: `EVENT_COLUMNS`)."""
        import ibis

        table = ibis.table(self._columns, name=self._options.table)
        text = {name: _text(table, column) for name, column in self.fields.items()}
        none = ibis.literal("")
        target = text.get("route", text.get("path", none))
        if {"route", "path"} <= text.keys():
            target = ibis.cases((text["route"].isin(["", "-"]), text["path"]), else_=text["route"])
        mark = target.find("?")
        own = text.get("query", none)
        has_query = mark >= 0
        moment = _moment(table[self.fields["time"]])
        status = _status(table[self.fields["status"]])
        path = ibis.cases((has_query, target.left(mark)), else_=target)
        succeeded = (status >= 200) & (status < 300)
        path = eased(path, succeeded, are_slashes_ignored=self._routes.ignores_slashes)
        columns = {
            "moment": moment,
            "method": text.get("method", none),
            "path": path,
            "eased": ibis.literal(value=False),
            "query": ibis.cases((has_query, target.substr(mark + 1)), else_=own),
            "status": status,
            "key": text["api_key"],
            "agent": text.get("user_agent", none),
            "version": text.get("version", none),
            "operation_id": text.get("operation_id", none),
            "request_fields": text.get("request_fields", none),
            "request_body_length": text.get("request_body_length", none),
            "response_fields": text.get("response_fields", none),
            "amount": table[self.fields["count"]].cast("int64") if "count" in self.fields else ibis.literal(1, "int64"),
            "reason": _reason(moment, text, target, status),
        }
        return table.select(**{name: columns[name] for name in EVENT_COLUMNS})


def _text(table: "ir.Table", column: str) -> "ir.StringValue":
    value = table[column]
    return (value if value.type().is_string() else value.cast("string")).fill_null("")


def _moment(value: "ir.Value") -> "ir.TimestampValue":
    """A UTC timestamp from a column of any type; a number's size says whether it is seconds, or thousandths of them."""
    import ibis

    if value.type().is_numeric():
        seconds = ibis.cases(
            (value < 10**11, value.cast("int64")),
            (value < 10**14, (value / 10**3).cast("int64")),
            (value < 10**17, (value / 10**6).cast("int64")),
            else_=(value / 10**9).cast("int64"),
        )
        return seconds.as_timestamp("s")
    return value.try_cast("timestamp") if value.type().is_string() else value.cast("timestamp")


def _status(value: "ir.Value") -> "ir.IntegerValue":
    """A status from a column of any type; null for a text that is none, where the engine can say so."""
    return value.cast("int32") if value.type().is_numeric() else value.try_cast("int32")


def _reason(
    moment: "ir.Value", text: Mapping[str, "ir.StringValue"], target: "ir.StringValue", status: "ir.Value"
) -> "ir.StringValue":
    import ibis

    called = ~target.isin(["", "-"])
    if "method" in text:
        called &= ~text["method"].isin(["", "-"])
    if "operation_id" in text:
        called |= ~text["operation_id"].isin(["", "-"])
    return ibis.cases(
        (moment.isnull(), ibis.literal("a time that can't be read")),
        (~called, ibis.literal("no path")),
        (status.isnull() | ~((status == 0) | status.between(100, 599)), ibis.literal("a status that is none")),
        else_=ibis.literal(""),
    )
