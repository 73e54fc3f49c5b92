"""What a log file looks like, from its first lines: its format, and which of its fields is which canonical field."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from apidiff.usage.options import Options
from apidiff.usage.read.aliases import ALIASES, plain
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME, CANONICAL, FORMATS, Format
from apidiff.usage.read.otlp import server_spans
from apidiff.usage.read.sources import LogFile, empty_log, first_lines
from apidiff.words.errors import ApidiffError, Exit

FieldPath = tuple[str, ...]
"""The names that lead to a value in a JSON object; one name for a column."""

_SPACED_LINE = re.compile(r'^\S+ \S+ .*\[\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "')
_ALB_LINE = re.compile(r"^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+:\d+ ")
_DATA = re.compile(r"\d[\d.,:TZ/ +-]*|/.*|https?://.*|.*[\[\]{}\"].*")
"""What a heading never looks like: a number, a time, an address, a path, or a piece of JSON."""
_EXTRA_COLUMNS = 8
_HEADERS = ("http", "request", "httprequestheader")
"""What logs write before a header's name."""
_OFTEN_ADDED = ("api_key", "version", "idempotency_key", "request_fields", "response_fields", "query")
"""What operators add to a gateway's own fields, under names of their choice."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one or more files are read.

    `fields` maps canonical names to the fields that hold them, the first with a value wins. `columns` are all columns
    in order for a table without a header of its own; `types` those of a Parquet file; `skip` counts header lines.
    `time_kinds` are those of `iso`, `clf` and `epoch` that the first rows have; `naive` says that they have no offset;
    `array` is set for one JSON array.
    """

    format: Format
    fields: tuple[tuple[str, tuple[FieldPath, ...]], ...]
    columns: tuple[str, ...] = ()
    types: tuple[tuple[str, str], ...] = ()
    delimiter: str = ","
    skip: int = 0
    time_kinds: tuple[str, ...] = ("iso",)
    array: bool = False
    naive: bool = False

    @property
    def has_rows_for_lines(self) -> bool:
        """Whether a row is not a line: Parquet, one JSON array, several spans a line."""
        return bool(self.types) or self.array or self.format.kind == "otlp"

    @property
    def named(self) -> Mapping[str, tuple[FieldPath, ...]]:
        """The fields as a mapping."""
        return dict(self.fields)


def layout_of(file: LogFile, options: Options, *, parquet_columns: Sequence[tuple[str, str]] = ()) -> Layout:
    """The layout of one file.

    Errors: `usage-format-unknown`, `usage-log-empty`, `usage-column-missing`, `usage-column-unknown`.
    """
    _check_mapping(options)
    named = _named_format(options)
    if parquet_columns:
        names = [name for name, _ in parquet_columns]
        chosen = named or _by_marks(("table",), {(name,) for name in names}) or BY_NAME["table"]
        fields = _fields(chosen, {(name,): None for name in names}, options, file)
        return Layout(chosen, fields, tuple(names), tuple(parquet_columns))
    lines = [line for line in first_lines(file) if line.strip()]
    if not lines:
        raise empty_log(file.shown)
    if named is None:
        named = _recognised(lines)
    if named is None:
        raise ApidiffError(
            "the first lines are in no known format",
            code="usage-format-unknown",
            at=file.shown,
            hint=f"Known formats: {', '.join(sorted(BY_NAME))}. Name one (`--log-format`), or convert to JSON Lines.",
        )
    return _BUILDERS[named.kind](named, lines, options, file)


def column_names(names: Sequence[str], options: Options, *, shown: str) -> dict[str, str]:
    """Which column of an engine's table is which canonical field; `shown` names the table in messages.

    Errors: `usage-column-missing`, `usage-column-unknown`.
    """
    _check_mapping(options)
    chosen = _by_marks(("table",), {(name,) for name in names}) or BY_NAME["table"]
    fields = _fields(chosen, {(name,): None for name in names}, options, LogFile("", shown, 0))
    return {name: paths[0][0] for name, paths in fields}


def merged(layouts: Iterable[Layout]) -> Layout:
    """One layout for several JSON files of a format: every field that any of them has."""
    found = list(layouts)
    fields: dict[str, dict[FieldPath, None]] = {}
    for layout in found:
        for name, paths in layout.fields:
            fields.setdefault(name, {}).update(dict.fromkeys(paths))
    return replace(found[0], fields=tuple((name, tuple(paths)) for name, paths in fields.items()))


def _check_mapping(options: Options) -> None:
    for name in options.columns:
        if name not in CANONICAL:
            near = get_close_matches(name, CANONICAL, 1)
            raise ApidiffError(
                f"`{name}` is no field of a usage log",
                code="usage-column-unknown",
                at="columns",
                hint=f"Did you mean `{near[0]}`?" if near else f"The fields are {', '.join(CANONICAL)}.",
                status=Exit.USAGE,
            )


def _named_format(options: Options) -> Format | None:
    if not options.log_format:
        return None
    name = ALIASES_OF_FORMATS.get(options.log_format, options.log_format)
    if name not in BY_NAME:
        near = get_close_matches(name, BY_NAME, 1)
        raise ApidiffError(
            f"`{options.log_format}` is no known log format",
            code="usage-format-unknown",
            at="--log-format",
            hint=(f"Did you mean `{near[0]}`? " if near else "") + f"Known formats: {', '.join(sorted(BY_NAME))}.",
            status=Exit.USAGE,
        )
    return BY_NAME[name]


def _recognised(lines: list[str]) -> Format | None:
    head = lines[0].lstrip()
    if head.startswith(("{", "[")) and not head.startswith('["'):
        objects = _objects(lines) or _objects([" ", "".join(lines)])
        if objects:
            return _by_marks(("json", "otlp"), {path for item in objects for path in _paths(item)}) or BY_NAME["json"]
    if any(line.startswith("#Fields:") for line in lines[:10]):
        header = next(line for line in lines if line.startswith("#Fields:"))
        return _by_marks(("w3c",), {(name,) for name in header.split()[1:]})
    sample = lines[:50]
    for test, name in (
        (lambda line: re.match(BY_NAME["aws-api-gateway-clf"].pattern, line) and ']"' in line, "aws-api-gateway-clf"),
        (_ALB_LINE.match, "aws-alb"),
        (_SPACED_LINE.match, "combined"),
    ):
        if sum(bool(test(line)) for line in sample) * 2 >= len(sample):
            return BY_NAME[name]
    objects = _objects(lines)
    if len(objects) * 2 >= len(lines):
        return _by_marks(("json", "otlp"), {path for item in objects for path in _paths(item)}) or BY_NAME["json"]
    delimiter = _delimiter(lines[0])
    if delimiter:
        header_names: set[FieldPath] = {(name,) for name in next(csv.reader([lines[0]], delimiter=delimiter))}
        return _by_marks(("table",), header_names) or BY_NAME["table"]
    return None


def _by_marks(kinds: tuple[str, ...], names: set[FieldPath]) -> Format | None:
    dotted = {".".join(name) for name in names}
    for candidate in FORMATS:
        is_kind = candidate.kind in kinds and bool(candidate.marks)
        if is_kind and all(any(option in dotted for option in mark.split("|")) for mark in candidate.marks):
            return candidate
    return None


def _objects(lines: list[str]) -> list[dict[str, Any]]:
    import orjson

    found = []
    is_array = lines[0].lstrip().startswith("[")
    for line in lines:
        # of an array the lines are the items, with the brackets around all of them
        text = line.strip().lstrip("[").rstrip(",]") if is_array else line.strip()
        try:
            value = orjson.loads(text)
        except orjson.JSONDecodeError:
            continue
        if isinstance(value, dict):
            found.append(value)
        elif isinstance(value, list):
            found.extend(item for item in value[:1000] if isinstance(item, dict))
    return found


def _paths(item: Mapping[str, Any], above: FieldPath = ()) -> Iterable[FieldPath]:
    for name, value in item.items():
        path = (*above, name)
        if isinstance(value, dict) and len(path) < 4:
            yield from _paths(value, path)
        yield path


def _json(chosen: Format, lines: list[str], options: Options, file: LogFile) -> Layout:
    objects = _objects(lines)
    if not objects and lines[0].lstrip().startswith("["):
        objects = _objects([" ", "".join(lines)])
    values: dict[FieldPath, Any] = {}
    for item in objects:
        for path in _paths(item):
            values.setdefault(path, _at(item, path))
    fields = _fields(chosen, values, options, file)
    times = [_at(item, path) for item in objects for path in dict(fields)["time"]]
    array = lines[0].lstrip().startswith("[")
    return Layout(chosen, fields, time_kinds=_time_kinds(times), array=array, naive=_are_naive(times))


def _otlp(chosen: Format, lines: list[str], options: Options, file: LogFile) -> Layout:
    values: dict[FieldPath, Any] = {}
    for span in server_spans(_objects(lines)):
        for name, value in span.items():
            values.setdefault((name,), value)
    return Layout(chosen, _fields(chosen, values, options, file), time_kinds=("epoch",))


def _at(item: Any, path: FieldPath) -> Any:
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _delimiter(line: str) -> str:
    counts = {delimiter: line.count(delimiter) for delimiter in ",;\t|"}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ""


def _table(chosen: Format, lines: list[str], options: Options, file: LogFile) -> Layout:
    delimiter = _delimiter(lines[0]) or ","
    columns = [name.strip() for name in next(csv.reader([lines[0]], delimiter=delimiter))]
    if any(_DATA.fullmatch(name) for name in columns):
        raise ApidiffError(
            "the first line is data and no heading",
            code="usage-heading-missing",
            at=f"{file.shown}:1",
            hint="Add a first line with the columns' names: time,method,path,status,api_key.",
        )
    unique = [
        f"{name or 'column'}:{index}" if name in columns[:index] or not name else name
        for index, name in enumerate(columns)
    ]
    rows = list(csv.reader(lines[1:200], delimiter=delimiter))
    fields = _fields(chosen, {(name,): None for name in unique}, options, file)
    index = unique.index(dict(fields)["time"][0][0])
    times = [row[index] for row in rows if len(row) > index]
    return Layout(
        chosen,
        fields,
        tuple(unique),
        delimiter=delimiter,
        skip=1,
        time_kinds=_time_kinds(times),
        naive=_are_naive(times),
    )


def _spaced(chosen: Format, _: list[str], options: Options, file: LogFile) -> Layout:
    columns = (*chosen.columns, *(f"more{index}" for index in range(_EXTRA_COLUMNS)))
    fields = _fields(chosen, {(name,): None for name in columns}, options, file)
    return Layout(chosen, fields, columns, delimiter=" ", time_kinds=("clf" if chosen.name == "combined" else "iso",))


def _w3c(chosen: Format, lines: list[str], options: Options, file: LogFile) -> Layout:
    header = next((line for line in lines if line.startswith("#Fields:")), None)
    if header is None:
        raise ApidiffError(
            "there is no #Fields: line",
            code="usage-format-unknown",
            at=file.shown,
            hint="Keep the log's own header lines.",
        )
    columns = tuple(header.split()[1:])
    data = next((line for line in lines if not line.startswith("#")), "")
    fields = _fields(chosen, {(name,): None for name in (*columns, "date+time")}, options, file)
    skip = next(index for index, line in enumerate(lines) if line.startswith("#Fields:")) + 1
    return Layout(chosen, fields, columns, delimiter="\t" if "\t" in data else " ", skip=skip)


def _pattern(chosen: Format, _: list[str], options: Options, file: LogFile) -> Layout:
    names = tuple(re.compile(chosen.pattern).groupindex)
    fields = _fields(chosen, {(name,): None for name in names}, options, file)
    return Layout(chosen, fields, names, time_kinds=("clf",))


_BUILDERS: Mapping[str, Callable[[Format, list[str], Options, LogFile], Layout]] = {
    "json": _json,
    "otlp": _otlp,
    "table": _table,
    "spaced": _spaced,
    "w3c": _w3c,
    "pattern": _pattern,
}


def _fields(
    chosen: Format, values: Mapping[FieldPath, Any], options: Options, file: LogFile
) -> tuple[tuple[str, tuple[FieldPath, ...]], ...]:
    """Canonical fields and where they stand: the user's mapping, then the format's own, then the aliases."""
    dotted = {".".join(path): path for path in values}
    spelled: dict[str, FieldPath] = {}
    for path, value in values.items():
        if not isinstance(value, dict):
            spelled.setdefault(plain(".".join(path)), path)
    fields: dict[str, tuple[FieldPath, ...]] = {}
    for name in (*CANONICAL, "request"):
        if name in options.columns:
            fields[name] = (_mapped(name, options.columns[name], dotted, file),)
            continue
        if name == "version" and options.version_from.startswith("header:"):
            header = plain(options.version_from.partition(":")[2])
            named = [path for path in values if plain(path[-1]) in (header, *(start + header for start in _HEADERS))]
            if named:
                fields[name] = (named[0],)
                continue
        own = chosen.fields.get(name, ())
        found = [dotted[field] for field in own if field in dotted]
        if chosen.kind == "json":
            found += [tuple(field.split(".")) for field in own if field not in dotted and "." not in field]
        if not found and (not chosen.fields or (name in _OFTEN_ADDED and chosen.kind not in ("spaced", "pattern"))):
            found = [spelled[alias] for alias in ALIASES.get(name, ()) if alias in spelled][:1]
        if found:
            fields[name] = tuple(dict.fromkeys(found))
    _check_fields(fields, dotted, chosen, file)
    return tuple(fields.items())


def _mapped(name: str, column: str, dotted: Mapping[str, FieldPath], file: LogFile) -> FieldPath:
    if column in dotted:
        return dotted[column]
    near = get_close_matches(column, list(dotted), 1)
    raise ApidiffError(
        f"the log has no field `{column}` for `{name}`",
        code="usage-column-missing",
        at=file.shown,
        hint=(f"Did you mean `{near[0]}`? " if near else "") + f"It has {_listed(dotted)}.",
    )


def _check_fields(
    fields: Mapping[str, tuple[FieldPath, ...]], dotted: Mapping[str, FieldPath], chosen: Format, file: LogFile
) -> None:
    called = {"method", "path"} <= fields.keys() or {"method", "route"} <= fields.keys()
    called = called or bool({"request", "operation_id", "route"} & fields.keys())
    for name, there, what in (
        ("time", "time" in fields, "when a request came"),
        ("path", called, "which operation a request called"),
        ("status", "status" in fields, "how a request ended"),
        ("api_key", "api_key" in fields, "who called"),
    ):
        if not there:
            how = chosen.key_hint if name == "api_key" and chosen.key_hint else ""
            mapping = f"Map one in apidiff.yaml: `columns: {{{name}: FIELD}}`; the log has {_listed(dotted)}."
            raise ApidiffError(
                f"the log has no field for `{name}`: {what}",
                code="usage-column-missing",
                at=file.shown,
                hint=f"{how} {mapping}".strip(),
            )


def _listed(dotted: Mapping[str, FieldPath]) -> str:
    names = sorted(dotted)
    return ", ".join(names[:30]) + (f" and {len(names) - 30} more" if len(names) > 30 else "")


def _time_kinds(values: Iterable[Any]) -> tuple[str, ...]:
    found = dict[str, None]()
    for value in values:
        text = "" if value is None else str(value)
        if re.match(r"\d{4}-\d\d-\d\d", text):
            found["iso"] = None
        elif re.match(r"\d{1,2}/[A-Za-z]{3}/\d{4}:", text):
            found["clf"] = None
        elif re.fullmatch(r"\d+(\.\d+)?(e\d+)?", text):
            found["epoch"] = None
    return tuple(found) or ("iso", "epoch", "clf")


def _are_naive(values: Iterable[Any]) -> bool:
    texts = [str(value) for value in values if value not in (None, "")]
    return bool(texts) and all(
        re.fullmatch(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?", text) for text in texts
    )
