"""SHELL: log files as one DuckDB view of canonical events, whatever their formats.

Every row of every file becomes one row of `events`: a request that could be understood, or a reason why not. Nothing is
dropped on the way, and no value that a format writes oddly (a CLF date, an absolute URL) reaches the plan.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from apidiff.errors import ApidiffError
from apidiff.usage.detect import FieldPath, Layout, layout_of, merged
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.usage.sources import LogFile, Workspace, expand
from apidiff.usage.version import version_sql

if TYPE_CHECKING:
    import duckdb
    import ibis.expr.types as ir
    import pandas as pd

EVENT_COLUMNS = {
    "moment": "timestamp",
    "method": "string",
    "path": "string",
    "query": "string",
    "status": "int32",
    "key": "string",
    "agent": "string",
    "version": "string",
    "operation_id": "string",
    "request_fields": "string",
    "response_fields": "string",
    "amount": "int64",
    "reason": "string",
}
"""The columns of `events`: `moment` in UTC, `path` without its query, `amount` requests a row, `reason` why a row is unreadable or ""."""

NOT_A_ROW = "not a row of this format"
_ROW_LIMIT = 64 << 20


@dataclass(frozen=True, slots=True)
class Reading:
    """Files that one SELECT reads: they share a layout."""

    layout: Layout
    files: tuple[LogFile, ...]
    version_from: str = ""
    until: str = ""
    """The day (ISO) from which on rows are in the future, "" where nobody said what day it is."""

    def has(self, name: str) -> bool:
        """Whether the layout has a canonical field."""
        return name in self.layout.named


class Log:
    """Logs that can be opened again: the files, and the folder that holds what came by standard input."""

    def __init__(self, sources: Sequence[str], options: Options) -> None:
        self.options = options
        self.sources = tuple(sources)
        self._workspace = Workspace()
        self._files = expand(sources, self._workspace)
        self._readings: tuple[Reading, ...] = ()

    @property
    def files(self) -> tuple[LogFile, ...]:
        """The files, in order."""
        return tuple(self._files)

    def readings(self, connection: "duckdb.DuckDBPyConnection") -> tuple[Reading, ...]:
        """The files grouped by layout; looked at once."""
        if not self._readings:
            self._readings = readings(self._files, self.options, connection=connection)
        return self._readings

    def mend(self, found: "Sequence[Reading]") -> "tuple[Reading, ...]":
        """Readings of copies whose broken lines are unreadable rows; the log reads the copies from now on."""
        from apidiff.usage.mend import mended

        copies = mended(found, self._workspace)
        files = {old: new for before, after in zip(found, copies, strict=True) for old, new in zip(before.files, after.files, strict=True)}
        self._readings = tuple(
            replace(reading, files=tuple(files.get(file, file) for file in reading.files)) for reading in self._readings
        )
        return copies

    @contextmanager
    def opened(self, routes: Routes) -> "Iterator[duckdb.DuckDBPyConnection]":
        """A connection with the view `events` and the tables `route_keys` and `route_ids`, closed at the end."""
        connection = connect(self.options, self._workspace)
        try:
            load_routes(connection, routes)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW events AS {events_sql(self.readings(connection))}")
            yield connection
        finally:
            connection.close()

    def tables(self) -> "tuple[ir.Table, ir.Table, ir.Table | None]":
        """The tables that plans are written over: events, the routes' keys, and operation ids where the log has them."""
        import ibis

        has_ids = any(reading.has("operation_id") for reading in self._readings)
        events = ibis.table(EVENT_COLUMNS, name="events")
        keys = ibis.table({"method": "string", "key": "string", "route": "int32"}, name="route_keys")
        return events, keys, ibis.table({"operation_id": "string", "route": "int32"}, name="route_ids") if has_ids else None


def load_routes(connection: "duckdb.DuckDBPyConnection", routes: Routes) -> None:
    """The routes as the tables `route_keys` and `route_ids`."""
    import pandas as pd

    frames = {
        "route_keys": pd.DataFrame(routes.keys(), columns=["method", "key", "route"]),
        "route_ids": pd.DataFrame(list(routes.operation_ids.items()), columns=["operation_id", "route"]),
    }
    for name, frame in frames.items():
        store(connection, name, frame)


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
        "memory_limit": f"'{options.memory}'",
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


def readings(
    files: Sequence[LogFile], options: Options, *, connection: "duckdb.DuckDBPyConnection"
) -> tuple[Reading, ...]:
    """The files, grouped by layout.

    Errors: those of `layout_of`, and `usage-unreadable` for damaged Parquet.
    """
    groups: dict[Layout, list[LogFile]] = {}
    objects: dict[tuple[str, str, bool], list[tuple[Layout, LogFile]]] = {}
    for file in files:
        types = _parquet_types(connection, file) if file.is_parquet else ()
        layout = layout_of(file, options, parquet_columns=types)
        if layout.format.kind == "json":
            objects.setdefault((layout.format.name, layout.time_kind, layout.array), []).append((layout, file))
        else:
            groups.setdefault(layout, []).append(file)
    for found in objects.values():
        groups.setdefault(merged(layout for layout, _ in found), []).extend(file for _, file in found)
    until = (options.today + timedelta(days=2)).isoformat() if options.today else ""
    return tuple(Reading(layout, tuple(files), options.version_from, until) for layout, files in groups.items())


def _parquet_types(connection: "duckdb.DuckDBPyConnection", file: LogFile) -> tuple[tuple[str, str], ...]:
    import duckdb

    try:
        rows = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({literal(file.path)})").fetchall()
    except duckdb.Error as error:
        raise ApidiffError(
            "the Parquet file can't be read",
            code="usage-unreadable",
            at=file.shown,
            hint="It is damaged, cut off, or no Parquet; fetch it again.",
        ) from error
    return tuple((str(row[0]), str(row[1])) for row in rows)


def events_sql(found: Sequence[Reading]) -> str:
    """The SELECT of all events (columns: `EVENT_COLUMNS`)."""
    return "\nUNION ALL BY NAME\n".join(_versioned(reading) for reading in found)


def _versioned(reading: Reading) -> str:
    """The events of one layout, their version taken from where it stands."""
    found = version_sql(reading.version_from)
    return f"SELECT * REPLACE ({found} AS version) FROM ({_canonical(reading)})" if found else _canonical(reading)


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


# ---------------------------------------------------------------- one reading


def _canonical(reading: Reading) -> str:
    """Raw columns of one layout (`r_time`, `r_path`, …) into events."""
    raw = _raw(reading)
    has = reading.has
    target = "r_path" if has("path") else "NULL::VARCHAR"
    method = "r_method" if has("method") else "NULL::VARCHAR"
    if has("request"):
        words = "string_split(r_request, ' ')"
        target = (
            f"CASE WHEN len({words}) < 4 THEN {words}[2] ELSE array_to_string({words}[2:-2], ' ') END"
            if not has("path")
            else target
        )
        method = f"CASE WHEN len({words}) > 1 THEN {words}[1] END"
    if has("route"):
        route = "CASE WHEN r_route IN ('', '-') OR r_route LIKE '$%' THEN NULL ELSE r_route END"
        split = "CASE WHEN r_route LIKE '% /%' THEN string_split(r_route, ' ')[2] ELSE " + route + " END"
        target = f"coalesce({split}, {target})"
        method = f"coalesce({method}, CASE WHEN r_route LIKE '% /%' THEN string_split(r_route, ' ')[1] END)"
    whole = (
        f"SELECT *, {_time(reading)} AS c_moment, {method} AS c_method, {target} AS c_target, {_status(reading)} AS c_status "
        f"FROM ({raw})"
    )
    columns = {
        "moment": "c_moment",
        "method": "c_method",
        "path": f"CASE WHEN {_IS_PLAIN} THEN c_target ELSE {_local_path()} END",
        "query": _query(reading),
        "status": "c_status",
        "key": "r_api_key",
        "agent": _agent(reading),
        "version": "r_version" if has("version") else "NULL::VARCHAR",
        "operation_id": "r_operation_id" if has("operation_id") else "NULL::VARCHAR",
        "request_fields": "coalesce(r_request_fields, '')" if has("request_fields") else "''",
        "response_fields": "coalesce(r_response_fields, '')" if has("response_fields") else "''",
        "amount": "CASE WHEN r_count IS NULL THEN 1 ELSE greatest(coalesce(try_cast(r_count AS BIGINT), 0), 0) END" if has("count") else "1::BIGINT",
        "reason": _reason(reading),
    }
    return f"SELECT {', '.join(f'{value} AS {name}' for name, value in columns.items())} FROM ({whole})"


_IS_PLAIN = "starts_with(c_target, '/') AND NOT contains(c_target, '?')"
_LOCAL = (
    "CASE WHEN starts_with(c_target, '/') THEN c_target "
    "WHEN contains(c_target, '://') THEN coalesce(nullif(regexp_extract(c_target, '://[^/?#]*([/?].*)', 1), ''), '/') "
    "WHEN c_target IN ('', '-') THEN NULL ELSE '/' || c_target END"
)
"""A path and query from what a log calls one: those of an absolute URL, with a slash at the start."""


def _local_path() -> str:
    path = f"string_split({_LOCAL}, '?')[1]"
    return f"CASE WHEN {path} = '' THEN '/' ELSE {path} END"


def _query(reading: Reading) -> str:
    """The query string: after the path's question mark, else the log's own column."""
    own = "coalesce(ltrim(nullif(r_query, '-'), '?'), '')" if reading.has("query") else "''"
    inside = "CASE WHEN contains(c_target, '?') THEN substring(c_target, strpos(c_target, '?') + 1) END"
    return f"coalesce({inside}, {own})"


def _agent(reading: Reading) -> str:
    agent = "r_user_agent" if reading.has("user_agent") else "NULL::VARCHAR"
    if reading.layout.format.kind == "w3c":
        return f"replace(replace({agent}, '%20', ' '), '+', ' ')"
    return agent


def _reason(reading: Reading) -> str:
    """Why a row is unreadable, "" where it is not; the order is that of the questions that a reader would ask."""
    kind = reading.layout.format.kind
    fine = ["c_moment IS NOT NULL", "(c_status BETWEEN 100 AND 599 OR c_status = 0)"]
    called = "c_method NOT IN ('', '-') AND c_target IS NOT NULL AND c_target NOT IN ('', '-')"
    if kind in ("spaced", "pattern", "w3c"):
        called += " AND regexp_full_match(c_method, '[A-Za-z_-]{1,20}')"
    if reading.has("operation_id"):
        called = f"({called} OR coalesce(r_operation_id, '') NOT IN ('', '-'))"
    if reading.has("count"):
        fine.append("(r_count IS NULL OR coalesce(try_cast(r_count AS BIGINT), -1) >= 0)")
    asked = ("time", "request", "path", "route", "method", "status")
    nothing = " AND ".join(f"r_{name} IS NULL" for name in asked if reading.has(name))
    cases = [
        (nothing, NOT_A_ROW),
        ("c_moment IS NULL AND coalesce(r_time::VARCHAR, '') IN ('', '-')", "no time"),
        ("c_moment IS NULL", "a time that can't be read"),
        ("coalesce(c_method, '') IN ('', '-')", "no method"),
        ("coalesce(c_target, '') IN ('', '-')", "no path"),
        (f"NOT ({called})", "a method that is none"),
        ("c_status IS NULL OR NOT (c_status = 0 OR c_status BETWEEN 100 AND 599)", "a status that is none"),
    ]
    if reading.until:
        fine.append(f"c_moment < TIMESTAMP {literal(reading.until)}")
        cases.append((f"c_moment >= TIMESTAMP {literal(reading.until)}", "a time in the future"))
    if reading.has("operation_id"):
        cases[3:5] = [(f"NOT ({called})", "no path and no operation id")]
    tests = " ".join(f"WHEN {test} THEN {literal(reason)}" for test, reason in cases)
    return f"CASE WHEN {' AND '.join([called, *fine])} THEN '' {tests} ELSE 'a count that is none' END"


def _status(reading: Reading) -> str:
    if _type(reading, "status").startswith(("TINY", "SMALL", "INT", "BIG", "UTINY", "USMALL", "UINT", "UBIG", "HUGE")):
        return "r_status::INTEGER"
    return "try_cast(r_status AS INTEGER)"


# ---------------------------------------------------------------- times

_ISO = (
    "CASE WHEN {t} LIKE '%Z' THEN try_cast({t} AS TIMESTAMP) "
    "ELSE try_cast({t} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' END"
)
_CLF = "CASE WHEN {t} LIKE '%/%/%:%' THEN try_strptime(ltrim({t}, '['), '%d/%b/%Y:%H:%M:%S %z') AT TIME ZONE 'UTC' END"
_EPOCH = (
    "CASE WHEN try_cast({t} AS DOUBLE) BETWEEN 1e8 AND 1e20 THEN make_timestamp(CAST(CASE "
    "WHEN try_cast({t} AS DOUBLE) < 1e11 THEN round(try_cast({t} AS DOUBLE) * 1e6) "
    "WHEN try_cast({t} AS DOUBLE) < 1e14 THEN try_cast({t} AS DOUBLE) * 1e3 "
    "WHEN try_cast({t} AS DOUBLE) < 1e17 THEN try_cast({t} AS DOUBLE) "
    "ELSE try_cast({t} AS DOUBLE) / 1e3 END AS BIGINT)) END"
)


def _time(reading: Reading) -> str:
    """A UTC timestamp from what a log calls a time. An offset is honoured; a time without one is taken as UTC."""
    kind = _type(reading, "time")
    if kind.startswith("TIMESTAMP WITH"):
        return "r_time AT TIME ZONE 'UTC'"
    if kind.startswith(("TIMESTAMP", "DATE")):
        return "r_time::TIMESTAMP"
    if kind.startswith(("BIGINT", "INTEGER", "UBIGINT", "DOUBLE", "FLOAT", "DECIMAL", "UINTEGER", "HUGEINT")):
        return _EPOCH.format(t="r_time")
    if kind != "VARCHAR":
        return "NULL::TIMESTAMP"
    order = {"iso": (_ISO, _EPOCH, _CLF), "clf": (_CLF, _ISO, _EPOCH), "epoch": (_EPOCH, _ISO, _CLF)}
    return "coalesce(" + ", ".join(part.format(t="r_time") for part in order[reading.layout.time_kind]) + ")"


def _type(reading: Reading, name: str) -> str:
    """The type of the column that holds a canonical field: VARCHAR in all text formats."""
    types = dict(reading.layout.types)
    paths = reading.layout.named.get(name, ())
    return types.get(paths[0][0], "VARCHAR") if len(paths) == 1 and types else "VARCHAR"


# ---------------------------------------------------------------- raw columns


def _raw(reading: Reading) -> str:
    layout = reading.layout
    if layout.types:
        return _select(reading, f"read_parquet({_files(reading)}, union_by_name = true)", _parquet_column)
    if layout.format.kind == "json":
        return _select(reading, _read_json(reading), _json_value)
    if layout.format.kind == "pattern":
        names = ", ".join(literal(name) for name in layout.columns)
        lines = f"read_csv({_files(reading)}, columns = {{'line': 'VARCHAR'}}, {_UNQUOTED})"
        pattern = literal(_re2(layout.format.pattern))
        return _select(reading, f"(SELECT regexp_extract(line, {pattern}, [{names}]) AS found FROM {lines})", _found_value)
    return _select(reading, _read_table(reading), _column_value)


_UNQUOTED = "auto_detect = false, header = false, delim = '\\x01', quote = '', escape = ''"


def _re2(pattern: str) -> str:
    return pattern


def _select(reading: Reading, source: str, value: "object") -> str:
    columns = []
    for name, paths in reading.layout.fields:
        values = [value(reading, path) for path in paths]  # type: ignore[operator]
        expression = values[0] if len(values) == 1 else "coalesce(" + ", ".join(f"nullif({item}, '')" for item in values) + ")"
        columns.append(f"{expression} AS r_{name}")
    return f"SELECT {', '.join(columns)} FROM {source}"


def _files(reading: Reading) -> str:
    return "[" + ", ".join(literal(file.path) for file in reading.files) + "]"


def _parquet_column(reading: Reading, path: FieldPath) -> str:
    kind = dict(reading.layout.types)[path[0]]
    name = quoted(path[0])
    typed = any(name_ in ("time", "status", "count") and path in paths for name_, paths in reading.layout.fields)
    return name if kind == "VARCHAR" or typed else f"CAST({name} AS VARCHAR)"


def _json_value(reading: Reading, path: FieldPath) -> str:
    value = ".".join(quoted(name) for name in path)
    if len(path) > 1:
        # headers come as lists in some formats: the first of several
        return f"CASE WHEN starts_with({value}, '[') THEN json_extract_string({value}, '$[0]') ELSE {value} END"
    return value


def _found_value(reading: Reading, path: FieldPath) -> str:
    return f"nullif(found.{quoted(path[0])}, '')"


def _column_value(reading: Reading, path: FieldPath) -> str:
    if path == ("date+time",):
        return "\"date\" || ' ' || \"time\""
    if path == ("at",) and reading.layout.format.name == "combined":
        return "\"at\" || ' ' || rtrim(\"zone\", ']')"
    return quoted(path[0])


def _read_json(reading: Reading) -> str:
    tree: dict[str, object] = {}
    for _, paths in reading.layout.fields:
        for path in paths:
            node = tree
            for name in path[:-1]:
                child = node.setdefault(name, {})
                if not isinstance(child, dict):
                    break
                node = child
            else:
                node.setdefault(path[-1], "VARCHAR")
    columns = ", ".join(f"{literal(name)}: {literal(_struct(kind))}" for name, kind in tree.items())
    shape = "array" if reading.layout.array else "newline_delimited"
    return (
        f"read_json({_files(reading)}, format = '{shape}', columns = {{{columns}}}, ignore_errors = {not reading.layout.array}, "
        f"maximum_object_size = {_ROW_LIMIT})".replace("True", "true").replace("False", "false")
    )


def _struct(kind: object) -> str:
    if not isinstance(kind, dict):
        return str(kind)
    return "STRUCT(" + ", ".join(f"{quoted(name)} {_struct(inner)}" for name, inner in kind.items()) + ")"


def _read_table(reading: Reading) -> str:
    layout = reading.layout
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layout.columns)
    escape = "\\" if layout.format.kind == "spaced" else '"'
    parts = [
        _files(reading),
        f"columns = {{{columns}}}",
        "auto_detect = false",
        "header = false",
        f"skip = {layout.skip}",
        f"delim = {literal(layout.delimiter)}",
        "quote = '\"'" if layout.format.kind != "w3c" else "quote = ''",
        f"escape = {literal(escape)}" if layout.format.kind != "w3c" else "escape = ''",
        "null_padding = true",
        "strict_mode = false",
    ]
    return f"read_csv({', '.join(parts)})"


def lines_only(found: Sequence[Reading], file: LogFile) -> Reading:
    """The reading of one file alone."""
    for reading in found:
        if file in reading.files:
            return replace(reading, files=(file,))
    raise LookupError(file.shown)
