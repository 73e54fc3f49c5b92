"""SHELL: the same plan where the logs lie: Spark, ClickHouse, and every engine that Ibis connects to.

Only aggregates leave the engine: the cube, the retries by key and operation, and the shapes of unmatched paths. Nothing
is written there: whoever may read the log may ask.
"""

from collections.abc import Callable, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube import attempts, relations
from apidiff.usage.cube.drivers import Chdb, Engine, Ibis, Spark
from apidiff.usage.cube.same import step_of
from apidiff.usage.cube.statement import Small, statement
from apidiff.usage.cube.table import table_of
from apidiff.usage.options import Options
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

    def __init__(self, engine: Engine, options: Options) -> None:
        self._engine, self._options = engine, options
        self.routes = Routes((), {}, {})
        self._name, columns = self._try(lambda: engine.find(options.table))
        if not columns:
            raise ApidiffError(
                f"the engine has no table `{options.table}`",
                code="engine-table-missing",
                at="--table",
                hint="Name it as the engine does, with its schema or database.",
                status=Exit.OUTSIDE,
            )
        self._log = table_of(columns, options)
        self.fields = frozenset(self._log.fields)

    def along(self, routes: Routes) -> "Remote":
        """The same table, asked for the calls of these routes."""
        made = copy(self)
        made.routes = routes
        return made

    def _try(self, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except ApidiffError:
            raise
        except Exception as error:
            raise _failed(error) from error

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
        return self._log.events(ignores_slashes=self.routes.ignores_slashes)

    def cube(self) -> list[tuple[Any, ...]]:
        """The cube's rows (columns: those of `relations.cube_of` with `queries`, `eased` and `zoned`)."""
        expression = relations.cube_of(
            self._events,
            self.routes,
            keys=self._keys,
            ids=self._ids,
            failing=False,
            counted="count" in self.fields,
            queries=True,
            eased=True,
            zoned=True,
        )
        return self._fetch(expression)

    def attempts(self, rows: int) -> list[tuple[Any, ...]]:
        """The rows of `attempts.attempts_of`, of a log with about so many rows."""
        import ibis

        expression = attempts.attempts_of(
            self._events,
            self.routes,
            keys=self._keys,
            ids=self._ids,
            shifts=ibis.table(attempts.SHIFTS, name="time_shifts"),
            gap_seconds=self._options.retry_gap_seconds,
            every=0 if "count" in self.fields else step_of(rows),
        )
        return self._fetch(expression)

    def sights(self, questions: Sequence[tuple[str, str, tuple[int, ...]]], since: Any) -> list[tuple[Any, ...]]:
        """The rows of `relations.sights_of`."""
        return self._fetch(
            relations.sights_of(self._events, self.routes, questions, keys=self._keys, ids=self._ids, since=since)
        )

    def shapes(self, **asked: Any) -> list[tuple[Any, ...]]:
        """The rows of `relations.shapes_of`, asked as that is."""
        return self._fetch(relations.shapes_of(self._events, self.routes, keys=self._keys, ids=self._ids, **asked))

    def statement(self, expression: "ir.Table") -> str:
        """A plan in the engine's SQL."""
        small: Small = {
            "route_keys": (ROUTE_KEYS, self.routes.rows()),
            "route_ids": (ROUTE_IDS, list(self.routes.operation_ids.items())),
            "time_shifts": (attempts.SHIFTS, [(0,), (1,)]),
        }
        return statement(expression, self._engine.dialect, self._name, small)

    def _fetch(self, expression: "ir.Table") -> list[tuple[Any, ...]]:
        text = self._try(lambda: self.statement(expression))
        kinds = [str(kind) for kind in expression.schema().types]
        rows: list[tuple[Any, ...]] = self._try(lambda: self._engine.fetch(text, kinds))
        return rows
