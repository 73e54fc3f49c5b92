"""One layout's files as a SELECT of raw columns, `r_time`, `r_path` and so on: as the log has them, else null."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from apidiff.usage.read.files import LogFile
from apidiff.usage.read.layout import FieldPath, Layout
from apidiff.usage.read.otlp import EXPORT, SPAN_FIELDS, spans_sql
from apidiff.usage.read.pairs import pair_sql
from apidiff.usage.read.values import files_sql, literal, member_sql, parquet_files, quoted, value_sql

IN_THE_FUTURE = "a time in the future"
"""Why a row of a day that is still ahead can't be read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Files that one SELECT reads: they share a layout, and how they are packed."""

    layout: Layout
    files: tuple[LogFile, ...]
    version_from: str = ""
    until: str = ""
    """The day (ISO) from which on rows are in the future, "" where nobody said what day it is."""
    is_mended: bool = False
    """Whether the files are copies without the lines that the engine refuses."""

    @property
    def is_quoted(self) -> bool:
        """Whether a quote that is never closed swallows the lines after it: in a table as text."""
        return self.layout.format.kind == "table" and not self.layout.types

    def has(self, name: str) -> bool:
        """Whether the layout has a canonical field."""
        return name in self.layout.named


def raw_sql(reading: Reading) -> str:
    """The SELECT of the raw columns of a reading."""
    layout = reading.layout
    if layout.types:
        return _select(reading, parquet_files(*(file.path for file in reading.files)), _parquet_column)
    if layout.format.kind == "json":
        tree = _tree(reading)
        if _differs_by_case_only(tree):
            return _select(reading, _read_objects(reading), _member)
        return _select(reading, _read_json(reading, tree), _json_value)
    if layout.format.kind == "otlp":
        return _select(reading, spans_sql(_read_json(reading, {"resourceSpans": EXPORT})), _span_value)
    if layout.format.kind == "pattern":
        names = ", ".join(literal(name) for name in layout.columns)
        lines = f"read_csv({_files(reading)}, columns = {{'line': 'VARCHAR'}}, {_UNQUOTED}, {_how(reading)})"
        pattern = literal(layout.format.pattern)
        return _select(
            reading, f"(SELECT regexp_extract(line, {pattern}, [{names}]) AS found FROM {lines})", _found_value
        )
    if layout.format.kind == "pairs":
        lines = f"read_csv({_files(reading)}, columns = {{'line': 'VARCHAR'}}, {_UNQUOTED}, {_how(reading)})"
        return _select(reading, lines, lambda _, path: pair_sql(path[0], is_labelled=layout.is_labelled))
    return _select(reading, _read_table(reading), _column_value)


_UNQUOTED = "auto_detect = false, header = false, delim = '\\x01', quote = '', escape = ''"


def _select(reading: Reading, source: str, value: Callable[[Reading, FieldPath], str]) -> str:
    columns = []
    for name, paths in reading.layout.fields:
        values = [value(reading, path) for path in paths]
        columns.append(f"{_one(values, is_joined=name in reading.layout.joined)} AS r_{name}")
    if reading.layout.format.name == "combined":
        columns.append(f"{_column_value(reading, ('zone',))} AS r_zone")
    if reading.is_quoted:
        every = ", ".join(_places(reading))
        columns.append(f"contains(concat({every}), chr(10)) AS r_swallowed")
    # the header lines of W3C logs come again wherever the server was started again
    comments = f" WHERE NOT starts_with({_places(reading)[0]}, '#')" if reading.layout.format.kind == "w3c" else ""
    return f"SELECT {', '.join(columns)} FROM {source}{comments}"


def _one(values: Sequence[str], *, is_joined: bool) -> str:
    """One value of several: their first that is none of the ways to say nothing, or all of them with spaces between."""
    if is_joined:
        return f"concat_ws(' ', {', '.join(values)})"
    if len(values) == 1:
        return values[0]
    return "coalesce(" + ", ".join(f"nullif(nullif({value}, ''), '-')" for value in values) + ")"


def _files(reading: Reading) -> str:
    return files_sql(file.path for file in reading.files)


_PACKED = {"": "uncompressed", "gz": "gzip", "zst": "zstd"}


def _how(reading: Reading) -> str:
    """What holds for all text: how it is packed, and that no folder's name is a column."""
    return f"compression = '{_PACKED[reading.files[0].packed]}', hive_partitioning = false"


def _parquet_column(reading: Reading, path: FieldPath) -> str:
    layout = reading.layout
    value = value_sql(layout, path)
    if layout.opening(path) is not None:
        return value
    typed = any(field in ("time", "status", "count") and paths == (path,) for field, paths in layout.fields)
    return value if dict(layout.types)[path] == "VARCHAR" or typed else f"CAST({value} AS VARCHAR)"


def _json_value(reading: Reading, path: FieldPath) -> str:
    value = value_sql(reading.layout, path)
    if len(path) > 1 and reading.layout.opening(path) is None:
        # headers come as lists in some formats: the first of several
        return f"CASE WHEN starts_with({value}, '[') THEN json_extract_string({value}, '$[0]') ELSE {value} END"
    return value


def _member(reading: Reading, path: FieldPath) -> str:
    """A value of an object that stays whole."""
    value = member_sql(reading.layout, path)
    return f"CASE WHEN starts_with({value}, '[') THEN json_extract_string({value}, '$[0]') ELSE {value} END"


def _span_value(_: Reading, path: FieldPath) -> str:
    (name,) = path
    return f"span.{quoted(name)}" if name in SPAN_FIELDS else f"texts[list_position(names, {literal(name)})]"


def _found_value(_: Reading, path: FieldPath) -> str:
    return f"nullif(found.{quoted(path[0])}, '')"


def _column_value(reading: Reading, path: FieldPath) -> str:
    if path == ("date+time",):
        return f"{_column_value(reading, ('date',))} || ' ' || {_column_value(reading, ('time',))}"
    place = _places(reading)[reading.layout.columns.index(path[0])]
    # between bars cells are lined up by spaces
    is_lined_up = reading.layout.format.kind == "table" and reading.layout.delimiter == "|"
    return value_sql(reading.layout, path, place=f"trim({place})" if is_lined_up else place)


def _places(reading: Reading) -> list[str]:
    """The columns of a table by their places: their names may be anything, and differ by case only."""
    return [f"c{index}" for index in range(len(reading.layout.columns))]


def _tree(reading: Reading) -> dict[str, object]:
    """The fields that are read, as the objects that hold them."""
    tree: dict[str, object] = {}
    for _, paths in reading.layout.fields:
        for whole in paths:
            opened = reading.layout.opening(whole)
            path = whole if opened is None else opened.path
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
    return (
        f"read_json({_files(reading)}, format = '{shape}', columns = {{{columns}}}, records = 'true', "
        f"ignore_errors = {lenient}, {_how(reading)})"
    )


def _read_objects(reading: Reading) -> str:
    shape = "array" if reading.layout.array else "newline_delimited"
    lenient = "false" if reading.layout.array else "true"
    return f"read_json_objects({_files(reading)}, format = '{shape}', ignore_errors = {lenient}, {_how(reading)})"


def _differs_by_case_only(tree: Mapping[str, object]) -> bool:
    """Whether two names of one object are one to the engine, for which case is nothing."""
    if len({name.lower() for name in tree}) < len(tree):
        return True
    return any(_differs_by_case_only(inner) for inner in tree.values() if isinstance(inner, dict))


def _struct(kind: object) -> str:
    if not isinstance(kind, dict):
        return str(kind)
    return "STRUCT(" + ", ".join(f"{quoted(name)} {_struct(inner)}" for name, inner in kind.items()) + ")"


def _read_table(reading: Reading) -> str:
    layout = reading.layout
    columns = ", ".join(f"{literal(place)}: 'VARCHAR'" for place in _places(reading))
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
        _how(reading),
    ]
    return f"read_csv({', '.join(parts)})"
