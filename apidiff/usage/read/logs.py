"""SHELL: log files as one DuckDB view of canonical events, whatever their formats.

Every row of every file becomes one row of `events`: a request that could be understood, or a reason why not. Nothing is
dropped on the way, and no value that a format writes oddly (a CLF date, an absolute URL) reaches the plan.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.usage.ease import slashes_sql
from apidiff.usage.options import Options
from apidiff.usage.read.canonical import EVENT_COLUMNS, events_sql
from apidiff.usage.read.files import Found, LogFile, Workspace
from apidiff.usage.read.group import readings_of
from apidiff.usage.read.mend import can_mend, mended
from apidiff.usage.read.raw import Reading
from apidiff.usage.read.sources import expand
from apidiff.usage.read.values import literal, quoted
from apidiff.usage.route import Routes
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pandas as pd

    from apidiff.usage.cube.days import Days
    from apidiff.usage.cube.engine import Remote


_MEMORY = "160MB"
TEXT_MEMORY = "640MB"
"""What the engine may hold in memory: readers of text need more than those of Parquet, whatever the size of the log."""


class Log:
    """Logs that can be opened again: the files, and the folder that holds what came by standard input."""

    def __init__(self, sources: Sequence[str], options: Options) -> None:
        self.options = options
        self.sources = tuple(sources)
        self._workspace = Workspace()
        self._found = Found() if options.engine else expand(sources, self._workspace)
        self._readings: tuple[Reading, ...] = ()
        self._is_mended = False
        self._remote: Remote | None = None

    @property
    def is_remote(self) -> bool:
        """Whether the logs lie in an engine's table."""
        return bool(self.options.engine)

    def remote(self, routes: Routes, salt: bytes) -> "Days":
        """The table in its engine, connected once, with its days that are kept under a salt.

        Errors: `engine-not-installed`, `engine-failed`, `engine-table-missing`, `engine-option-unknown`.
        """
        from apidiff.usage.cube.days import Days

        return Days(self._table().along(routes), self.options, salt)

    def _table(self) -> "Remote":
        from apidiff.usage.cube.engine import Remote, engine_of

        if self._remote is None:
            self._remote = Remote(engine_of(self.options.engine), self.options)
        return self._remote

    def fields(self, connection: "duckdb.DuckDBPyConnection") -> frozenset[str]:
        """The canonical fields that the logs have, or some of them."""
        if self.is_remote:
            return self._table().fields
        return frozenset(name for reading in self.readings(connection) for name in reading.layout.named)

    @property
    def files(self) -> tuple[LogFile, ...]:
        """The files, in order."""
        return tuple(self._found.files)

    @property
    def left_out(self) -> tuple[tuple[str, str], ...]:
        """The files that were found and not read, and why."""
        return tuple(dict(self._found.left_out).items())

    @property
    def folder(self) -> Path:
        """A private folder for what must lie on the disk while the log is read."""
        return self._workspace.folder

    def readings(self, connection: "duckdb.DuckDBPyConnection") -> tuple[Reading, ...]:
        """The files grouped by layout; looked at once."""
        if not self._readings:
            today = self.options.today
            until = first_day_ahead(today).isoformat() if today else ""
            self._readings = readings_of(self._found, self.options, self._workspace, until=until, connection=connection)
        return self._readings

    def mend(self, found: "Sequence[Reading]") -> "tuple[Reading, ...]":
        """Readings of copies whose broken lines are unreadable rows; the log reads the copies from now on."""
        copies = mended(found, self._workspace)
        files = {
            old: new
            for before, after in zip(found, copies, strict=True)
            for old, new in zip(before.files, after.files, strict=True)
        }
        self._readings = tuple(
            replace(
                reading,
                files=tuple(files.get(file, file) for file in reading.files),
                is_mended=all(file in files for file in reading.files),
            )
            for reading in self._readings
        )
        return copies

    def mend_all(self) -> bool:
        """Mends every file of text, once; whether there was one."""
        has_text = not self._is_mended and any(not reading.layout.types for reading in self._readings)
        if has_text:
            self._is_mended = True
            self.mend(self._readings)
        return has_text

    def show(self, connection: "duckdb.DuckDBPyConnection", found: "Sequence[Reading]") -> "Sequence[Reading]":
        """Makes the view `events` of readings, or of copies where the engine can't open the files; gives those.

        Errors: `usage-unreadable`.
        """
        import duckdb

        try:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_sql(found)}")
        except duckdb.Error as error:
            if not can_mend(found):
                raise unreadable(error) from error
            return self.show(connection, self.mend(found))
        return found

    @contextmanager
    def opened(self, routes: Routes) -> "Iterator[duckdb.DuckDBPyConnection]":
        """A connection with the view `events` and the tables `route_keys` and `route_ids`, closed at the end."""
        connection = connect(self.options, self._workspace)
        try:
            load_routes(connection, routes)
            if not self.is_remote:
                if any(not reading.layout.types for reading in self.readings(connection)):
                    connection.execute(f"SET memory_limit = '{TEXT_MEMORY}'")
                self.show(connection, self.readings(connection))
            yield connection
        finally:
            connection.close()

    def tables(self) -> "tuple[ir.Table, ir.Table, ir.Table | None]":
        """The tables that plans are written over: events, the routes' keys, and operation ids where logs have them."""
        import ibis

        has_ids = any(reading.has("operation_id") for reading in self._readings)
        events = ibis.table(EVENT_COLUMNS, name="events")
        keys = ibis.table({"method": "string", "key": "string", "route": "int32"}, name="route_keys")
        return (
            events,
            keys,
            ibis.table({"operation_id": "string", "route": "int32"}, name="route_ids") if has_ids else None,
        )


def load_routes(connection: "duckdb.DuckDBPyConnection", routes: Routes) -> None:
    """The routes as the tables `route_keys` and `route_ids`, and the macro `without_slashes`."""
    import pandas as pd

    frames = {
        "route_keys": pd.DataFrame(routes.rows(), columns=["method", "key", "route"]),
        "route_ids": pd.DataFrame(list(routes.operation_ids.items()), columns=["operation_id", "route"]),
    }
    for name, frame in frames.items():
        store(connection, name, frame)
    connection.execute(slashes_sql(are_ignored=routes.ignores_slashes))


def store(connection: "duckdb.DuckDBPyConnection", name: str, frame: "pd.DataFrame") -> None:
    """A small frame as a temporary table: `route`, `number` and `place` as integers, everything else as text."""
    connection.register("frame_", frame)
    columns = ", ".join(
        f"{quoted(column)}::{'INTEGER' if column in ('route', 'number', 'place') else 'VARCHAR'} AS {quoted(column)}"
        for column in frame.columns
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {columns} FROM frame_")
    connection.unregister("frame_")


def connect(options: Options, workspace: Workspace) -> "duckdb.DuckDBPyConnection":
    """A DuckDB of its own: bounded in memory, in UTC, without network access, keeping no order that nobody asked for.

    The hash tables must be built on the routes and never on the log, whose size DuckDB can't guess for text files.
    """
    import duckdb

    connection = duckdb.connect()
    settings = {
        "memory_limit": f"'{_MEMORY}'",
        "temp_directory": literal(str(workspace.folder / "spill")),
        "preserve_insertion_order": "false",
        "TimeZone": "'UTC'",
        "autoinstall_known_extensions": "false",
        "disabled_optimizers": "'build_side_probe_side'",
        "enable_progress_bar": "false",
    }
    if options.threads:
        settings["threads"] = str(options.threads)
    for name, value in settings.items():
        connection.execute(f"SET {name} = {value}")
    return connection


def first_day_ahead(today: date) -> date:
    """The day from which on a row is in the future: clocks and time zones may be a day ahead of ours."""
    return today + timedelta(days=2)


def unreadable(error: Exception) -> ApidiffError:
    """The error for what the engine can't read; of its own message only the line's number is safe to say."""
    line = re.search(r"[Ll]ine:? (\d+)", str(error))
    if type(error).__name__ == "OutOfMemoryException":
        return ApidiffError(
            "the logs need more memory than there is",
            code="usage-too-large",
            hint="Read them in parts, as Parquet, or where they lie (`--engine`).",
        )
    return ApidiffError(
        "the usage log can't be read through",
        code="usage-unreadable",
        at=f"line {line[1]}" if line else None,
        hint="The file is damaged, cut off or in another format than its first lines; check it there.",
    )


def lines_only(found: Sequence[Reading], file: LogFile) -> Reading:
    """The reading of one file alone."""
    for reading in found:
        if file in reading.files:
            return replace(reading, files=(file,))
    raise LookupError(file.shown)
