"""One layout's files as a SELECT of raw columns, `r_time`, `r_path` and so on: as the log has them, else null."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from apidiff.usage.read.detect import FieldPath, Layout
from apidiff.usage.read.otlp import EXPORT, SPAN_FIELDS, spans_sql
from apidiff.usage.read.sources import LogFile

IN_THE_FUTURE = "a time in the future"
"""Why a row of a day that is still ahead can't be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Files that one SELECT reads: they share a layout."""

    layout: Layout
    files: tuple[LogFile, ...]
    version_from: str = ""
    until: str = ""
    """The day (ISO) from which on rows are in the future, "" where nobody said what day it is."""

    @property
    def is_quoted(self) -> bool:
        """Whether a quote that is never closed swallows the lines after it: in a table as text."""
        return self.layout.format.kind == "table" and not self.layout.types

    def has(self, name: str) -> bool:
        """Whether the layout has a canonical field."""
        return name in self.layout.named


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def raw_sql(reading: Reading) -> str:
    """The SELECT of the raw columns of a reading."""
    layout = reading.layout
    if layout.types:
        return _select(reading, f"read_parquet({_files(reading)}, union_by_name = true)", _parquet_column)
    if layout.format.kind == "json":
        return _select(reading, _read_json(reading, _tree(reading)), _json_value)
    if layout.format.kind == "otlp":
        return _select(reading, spans_sql(_read_json(reading, {"resourceSpans": EXPORT})), _span_value)
    if layout.format.kind == "pattern":
        names = ", ".join(literal(name) for name in layout.columns)
        lines = f"read_csv({_files(reading)}, columns = {{'line': 'VARCHAR'}}, {_UNQUOTED})"
        pattern = literal(layout.format.pattern)
        return _select(
            reading, f"(SELECT regexp_extract(line, {pattern}, [{names}]) AS found FROM {lines})", _found_value
        )
    return _select(reading, _read_table(reading), _column_value)


_UNQUOTED = "auto_detect = false, header = false, delim = '\\x01', quote = '', escape = ''"


def _select(reading: Reading, source: str, value: Callable[[Reading, FieldPath], str]) -> str:
    columns = []
    for name, paths in reading.layout.fields:
        values = [value(reading, path) for path in paths]
        expression = (
            values[0] if len(values) == 1 else "coalesce(" + ", ".join(f"nullif({item}, '')" for item in values) + ")"
        )
        columns.append(f"{expression} AS r_{name}")
    if reading.layout.format.name == "combined":
        columns.append('"zone" AS r_zone')
    if reading.is_quoted:
        every = ", ".join(quoted(name) for name in reading.layout.columns)
        columns.append(f"contains(concat({every}), chr(10)) AS r_swallowed")
    # the header lines of W3C logs come again wherever the server was started again
    comments = (
        f" WHERE NOT starts_with({quoted(reading.layout.columns[0])}, '#')"
        if reading.layout.format.kind == "w3c"
        else ""
    )
    return f"SELECT {', '.join(columns)} FROM {source}{comments}"


def _files(reading: Reading) -> str:
    return "[" + ", ".join(literal(file.path) for file in reading.files) + "]"


def _parquet_column(reading: Reading, path: FieldPath) -> str:
    kind = dict(reading.layout.types)[path[0]]
    name = quoted(path[0])
    typed = any(field in ("time", "status", "count") and paths == (path,) for field, paths in reading.layout.fields)
    return name if kind == "VARCHAR" or typed else f"CAST({name} AS VARCHAR)"


def _json_value(_: Reading, path: FieldPath) -> str:
    value = ".".join(quoted(name) for name in path)
    if len(path) > 1:
        # headers come as lists in some formats: the first of several
        return f"CASE WHEN starts_with({value}, '[') THEN json_extract_string({value}, '$[0]') ELSE {value} END"
    return value


def _span_value(_: Reading, path: FieldPath) -> str:
    (name,) = path
    return f"span.{quoted(name)}" if name in SPAN_FIELDS else f"texts[list_position(names, {literal(name)})]"


def _found_value(_: Reading, path: FieldPath) -> str:
    return f"nullif(found.{quoted(path[0])}, '')"


def _column_value(_: Reading, path: FieldPath) -> str:
    if path == ("date+time",):
        return '"date" || \' \' || "time"'
    return quoted(path[0])


def _tree(reading: Reading) -> dict[str, object]:
    """The fields that are read, as the objects that hold them."""
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
    return tree


def _read_json(reading: Reading, tree: Mapping[str, object]) -> str:
    columns = ", ".join(f"{literal(name)}: {literal(_struct(kind))}" for name, kind in tree.items())
    shape = "array" if reading.layout.array else "newline_delimited"
    lenient = "false" if reading.layout.array else "true"
    return f"read_json({_files(reading)}, format = '{shape}', columns = {{{columns}}}, ignore_errors = {lenient})"


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
