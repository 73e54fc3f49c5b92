"""SHELL: the same plan where the logs lie: Spark, ClickHouse, and every engine that Ibis connects to.

Only aggregates leave the engine: the cube, the retries by key and operation, and the shapes of unmatched paths. Nothing
is written there: whoever may read the log may ask.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube import attempts, relations
from apidiff.usage.cube.asides import Asked, bits_of, sights_in
from apidiff.usage.cube.drivers import Chdb, Engine, Found, Ibis, Spark, parts_of, rows_of
from apidiff.usage.cube.engines import engine_called
from apidiff.usage.cube.failed import failed
from apidiff.usage.cube.reach import since_of
from apidiff.usage.cube.same import step_of
from apidiff.usage.cube.statement import Small, statement
from apidiff.usage.cube.table import table_of
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa


def _install(scheme: str, missing: str | None) -> str:
    entry = engine_called(scheme)
    return (
        f"{entry.install} (docs/engines/{entry.name}.md)"
        if entry and entry.extra
        else f"pip install {missing or scheme}"
    )


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
            hint=_install(scheme, error.name),
            status=Exit.OUTSIDE,
        ) from error
    except ApidiffError:
        raise
    except Exception as error:
        raise failed(error, url) from error


@dataclass
class _Known:
    """What is found out of a table while it is asked, for all routes that it is asked for.

    From the day `since` it is read; `bits` are the questions that the cube answers, and `cube` is what it answered.
    """

    since: date | None = None
    bits: dict[Asked, int] = field(default_factory=dict)
    cube: "pa.Table | None" = None


class Remote:
    """The logs of one table in an engine, as plans over canonical events."""

    def __init__(self, engine: Engine, options: Options) -> None:
        self._engine, self._options = engine, options
        self.routes = Routes((), {}, {})
        self._name, columns = self._found(engine, options)
        if not columns:
            raise ApidiffError(
                f"the engine has no table `{options.table}`",
                code="engine-table-missing",
                at="--table",
                hint="Name it as the engine does, with its schema or database.",
                status=Exit.OUTSIDE,
            )
        self._log = table_of(columns, options)
        self.fields, self.columns = frozenset(self._log.fields), columns
        self.begin: date | None = None
        self.end: date | None = None
        day = options.today if options.is_bounded else None
        self._known = _Known(since_of(day, options.look_back_days) if day else None)

    def _found(self, engine: Engine, options: Options) -> Found:
        try:
            return engine.find(options.table)
        except ApidiffError:
            raise
        except Exception as error:
            raise failed(error, options.engine, set(parts_of(options.table))) from error

    def along(self, routes: Routes) -> "Remote":
        """The same table, asked for the calls of these routes."""
        made = copy(self)
        made.routes = routes
        return made

    def between(self, begin: date, end: date | None = None) -> "Remote":
        """The same table from a day on, with the rows that have no time, or without these up to another day."""
        made = copy(self)
        made.begin, made.end = begin, end
        return made

    @property
    def since(self) -> date:
        """The first day that is read."""
        return self._known.since or date.min

    @property
    def bits(self) -> dict[Asked, int]:
        """The questions that the cube answers."""
        return self._known.bits

    def expect(self, questions: Iterable[Asked]) -> None:
        """Has the next cube answer questions that will be asked, so that nothing is read for them again."""
        self._known.bits = bits_of(questions)

    def _try(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except ApidiffError:
            raise
        except Exception as error:
            raise failed(error, self._options.engine, {*self._name, *self._log.columns}) from error

    @property
    def _keys(self) -> "ir.Table":
        import ibis

        return ibis.table(ROUTE_KEYS, name="route_keys")

    @property
    def _ids(self) -> "ir.Table | None":
        import ibis

        return ibis.table(ROUTE_IDS, name="route_ids") if "operation_id" in self.fields else None

    @property
    def _events(self) -> "ir.Table":
        since = self.begin or self._known.since
        return self._log.events(ignores_slashes=self.routes.ignores_slashes, since=since, until=self.end)

    def cube(self, read: "Callable[[], pa.Table] | None" = None) -> "pa.Table":
        """The cube (columns: those of `relations.cube_of` with `queries`, `eased`, `zoned` and `bits`).

        It is what `read` gives, which is asked again where the log has to be read from an earlier day.
        A log that ended before the look-back could begin with today is read from where its own begins.
        """
        import pyarrow.compute as pc

        read = read or self.counts
        found = read()
        known, today = self._known, self._options.today
        if known.since and today:
            # a row of a future day can't be read, and is no end of the log
            readable = found.filter(pc.greater(found["route"], relations.UNREADABLE))
            last = pc.max(readable["last"]).as_py()
            since = since_of(last.date(), self._options.look_back_days) if last else None
            if since is None or since < known.since - timedelta(days=1):
                known.since = since
                found = read()
        known.cube = found
        return found

    def counts(self) -> "pa.Table":
        """The cube of the days that are read."""
        return self._fetch(self._cube_of())

    def _cube_of(self) -> "ir.Table":
        return relations.cube_of(
            self._events,
            self.routes,
            keys=self._keys,
            ids=self._ids,
            failing=False,
            counted="count" in self.fields,
            queries=True,
            eased=True,
            zoned=True,
            bits=self._known.bits,
        )

    def step(self, rows: int) -> int:
        """Of how many moments of a log with about so many rows one is looked at, 0 for none."""
        return 0 if "count" in self.fields else step_of(rows)

    def attempts(self, every: int, *, daily: bool = False) -> "pa.Table":
        """What `attempts.attempts_of` says."""
        return self._fetch(self._attempts_of(every, daily=daily))

    def _attempts_of(self, every: int, *, daily: bool = False) -> "ir.Table":
        import ibis

        return attempts.attempts_of(
            self._events,
            self.routes,
            keys=self._keys,
            ids=self._ids,
            shifts=ibis.table(attempts.SHIFTS, name="time_shifts"),
            gap_seconds=self._options.retry_gap_seconds,
            every=every,
            daily=daily,
        )

    def sights(self, questions: Sequence[Asked], since: datetime) -> list[tuple[Any, ...]]:
        """The rows of `relations.sights_of`: from the cube where that has answered, else from the log."""
        known = self._known
        if known.cube is not None and all(question in known.bits for question in questions):
            return sights_in(known.cube, known.bits, questions, since)
        return rows_of(self._fetch(self._sights_of(questions, since)))

    def _sights_of(self, questions: Sequence[Asked], since: datetime) -> "ir.Table":
        return relations.sights_of(self._events, self.routes, questions, keys=self._keys, ids=self._ids, since=since)

    def shapes(self, **asked: Any) -> list[tuple[Any, ...]]:
        """The rows of `relations.shapes_of`, asked as that is."""
        expression = relations.shapes_of(self._events, self.routes, keys=self._keys, ids=self._ids, **asked)
        return rows_of(self._fetch(expression))

    def told(self) -> Iterator[tuple[str, str, str]]:
        """What a plan would send: the name of each statement, the statement, and what the engine says of it."""
        for name, expression in (("cube", self._cube_of()), ("attempts", self._attempts_of(self.step(_MANY)))):
            text = self._try(partial(self.statement, expression))
            yield name, text, self._try(partial(self._engine.explain, text))

    def statement(self, expression: "ir.Table") -> str:
        """A plan in the engine's SQL."""
        small: Small = {
            "route_keys": (ROUTE_KEYS, self.routes.rows()),
            "route_ids": (ROUTE_IDS, list(self.routes.operation_ids.items())),
            "time_shifts": (attempts.SHIFTS, [(0,), (1,)]),
        }
        return statement(expression, self._engine.dialect, self._name, small)

    def _fetch(self, expression: "ir.Table") -> "pa.Table":
        text = self._try(lambda: self.statement(expression))
        return self._try(lambda: self._engine.fetch(text, expression.schema()))


_MANY = 1_000_000_000
"""Rows of a log of which the number is not known: what is looked at for doubles is a sample."""
