"""The value of one field as SQL: a column, a member of an object, or what lies inside a text, a list or a map."""

import os
import re
from collections.abc import Iterable, Sequence

from apidiff.usage.read.braces import pattern_of
from apidiff.usage.read.layout import FieldPath, Inside, Layout, Opened

_TYPED = ("stringValue", "intValue", "doubleValue", "boolValue")


def literal(text: str) -> str:
    """A string as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def files_sql(paths: Iterable[str]) -> str:
    """Files as a list of SQL, their names taken literally: what would be a pattern stands in brackets."""
    whole = (os.path.abspath(path) for path in paths)  # noqa: PTH100 - links stay links
    return "[" + ", ".join(literal(re.sub(r"([*?\[])", r"[\1]", path)) for path in whole) + "]"


def parquet_files(*paths: str) -> str:
    """Parquet files as SQL reads them; what their folders are called is no column."""
    return f"read_parquet({files_sql(paths)}, union_by_name = true, hive_partitioning = false)"


def column(path: FieldPath) -> str:
    """A column, or a member of the objects in it."""
    return ".".join(map(quoted, path))


def value_sql(layout: Layout, path: FieldPath, *, place: str = "") -> str:
    """A value as the log has it, text wherever something was opened on the way; `place` is its column if it has one."""
    opened = layout.opening(path)
    if opened is None:
        return place or column(path)
    return _inside(layout, place or column(opened.path), opened, path)


def member_sql(layout: Layout, path: FieldPath) -> str:
    """The same of an object that is one column as a whole, called `json`."""
    return _json(layout, "json", path, 0)


def _inside(layout: Layout, holder: str, opened: Opened, path: FieldPath) -> str:
    """The value at a path inside a field that is opened."""
    size = len(opened.path)
    if opened.kind is Inside.BRACES:
        value = f"regexp_extract({holder}, {literal(pattern_of(path[size:]))}, 1)"
        return f"nullif({value}, 'null')"
    if opened.kind is Inside.TEXT:
        return _json(layout, f"CASE WHEN json_valid({holder}) THEN {holder} END", path, size)
    name = literal(path[size].lower())
    if opened.kind is Inside.MAP:
        member = f"list_filter(map_entries({holder}), lambda e: lower(e.key) = {name})[1].value"
        if len(path) == size + 1:
            return f"CAST({member} AS VARCHAR)"
        return _json(layout, f"to_json({member})", path, size + 1)
    items = f"TRY_CAST({holder if _is_text(layout, opened) else f'to_json({holder})'} AS JSON[])"
    named = f"lower(json_extract_string(i, {_pointer((opened.name,))})) = {name}"
    value = f"json_extract(list_filter({items}, lambda i: {named})[1], {_pointer((opened.value,))})"
    if len(path) > size + 1:
        return _json(layout, value, path, size + 1)
    typed = ", ".join(f"json_extract_string({value}, '$.{kind}')" for kind in _TYPED)
    return f"coalesce({typed}, json_extract_string({value}, '$'))"


def _json(layout: Layout, text: str, path: FieldPath, size: int) -> str:
    """The value at the rest of a path, after `size` names of it, in a text that is JSON."""
    inner = [
        opened
        for opened in layout.opened
        if size < len(opened.path) < len(path) and path[: len(opened.path)] == opened.path
    ]
    if not inner:
        return f"json_extract_string({text}, {_pointer(path[size:])})"
    opened = min(inner, key=lambda one: len(one.path))
    holder = f"json_extract_string({text}, {_pointer(opened.path[size:])})"
    return _inside(layout, holder, opened, path)


def _is_text(layout: Layout, opened: Opened) -> bool:
    """Whether a list is JSON as text, and no column of Parquet's own kind."""
    return dict(layout.types).get(opened.path, "VARCHAR") == "VARCHAR"


def _pointer(names: Sequence[str]) -> str:
    """A path of names as DuckDB's JSON functions take it."""
    return literal("$" + "".join('."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names))
