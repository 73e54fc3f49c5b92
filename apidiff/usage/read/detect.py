"""What a log file looks like, from its first lines: its format, and where each canonical field stands."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from apidiff.usage.ease import PATTERN_MARKS
from apidiff.usage.options import Options
from apidiff.usage.read.fields import Fields, find_fields
from apidiff.usage.read.files import LogFile, empty_log
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME, CANONICAL, FORMATS, Format
from apidiff.usage.read.layout import FieldPath, Layout
from apidiff.usage.read.opening import first_lines
from apidiff.usage.read.otlp import server_spans
from apidiff.usage.read.parquet import Parquet
from apidiff.usage.read.sample import Sample, names_below, sample_of_columns, sample_of_objects
from apidiff.usage.read.times import SLASHED, has_no_offset, order_of, ways_of
from apidiff.words.errors import ApidiffError, Exit

_SPACED_LINE = re.compile(
    r'^\S+ \S+ (?:"(?:[^"\\]|\\.)*"|[^\s"]+) \[\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "'
)
_ALB_LINE = re.compile(r"^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+:\d+ ")
_DATA = re.compile(r"\d[\d.,:TZ/ +-]*|/.*|https?://.*|.*[\[\]{}\"].*")
"""What a heading never looks like: a number, a time, an address, a path, or a piece of JSON."""
_EXTRA_COLUMNS = 8
_DEEPEST_FORMAT = 3


@dataclass(frozen=True, slots=True)
class _Head:
    """The first rows of a log: its lines, and the objects that they are where it is JSON."""

    lines: list[str]
    file: LogFile
    options: Options
    objects: list[dict[str, Any]] = field(default_factory=list)


def layout_of(file: LogFile, options: Options, *, parquet: Parquet | None = None) -> Layout:
    """The layout of one file.

    Errors: `usage-format-unknown`, `usage-log-empty`, `usage-column-missing`, `usage-column-unknown`,
    `usage-time-ambiguous`.
    """
    _check_mapping(options)
    named = _named_format(options)
    if parquet is not None:
        return _parquet(named, parquet, options, file)
    lines = [line for line in first_lines(file) if line.strip()]
    if not lines:
        raise empty_log(file.shown)
    head = _Head(lines, file, options, _objects(lines))
    chosen = named or _recognised(head)
    if chosen is None:
        raise ApidiffError(
            "the first lines are in no known format",
            code="usage-format-unknown",
            at=file.shown,
            hint=f"Known formats: {', '.join(sorted(BY_NAME))}. Name one (`--log-format`), or convert to JSON Lines.",
        )
    return _BUILDERS[chosen.kind](chosen, head)


def column_names(names: Sequence[str], options: Options, *, shown: str) -> dict[str, str]:
    """Which column of an engine's table is which canonical field; `shown` names the table in messages.

    Errors: `usage-column-missing`, `usage-column-unknown`.
    """
    _check_mapping(options)
    sample = sample_of_columns(names, ())
    chosen, above = _by_marks(("table",), sample) or (BY_NAME["table"], ())
    fields = find_fields(chosen, sample, options, shown=shown, above=above)
    return {name: paths[0][0] for name, paths in fields.paths.items()}


def merged(layouts: Iterable[Layout]) -> Layout:
    """One layout for several JSON files of a format: every field that any of them has."""
    found = list(layouts)
    fields: dict[str, dict[FieldPath, None]] = {}
    for layout in found:
        for name, paths in layout.fields:
            fields.setdefault(name, {}).update(dict.fromkeys(paths))
    return replace(
        found[0],
        fields=tuple((name, tuple(paths)) for name, paths in fields.items()),
        opened=tuple(dict.fromkeys(opened for layout in found for opened in layout.opened)),
        notes=tuple(dict.fromkeys(note for layout in found for note in layout.notes)),
        naive=any(layout.naive for layout in found),
    )


def _check_mapping(options: Options) -> None:
    for name in options.columns:
        if name not in (*CANONICAL, "request"):
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


def _recognised(head: _Head) -> Format | None:
    lines = head.lines
    if head.objects and (_is_json(lines[0]) or len(head.objects) * 2 >= len(lines)):
        found = _by_marks(("otlp", "json"), sample_of_objects(head.objects))
        return found[0] if found else BY_NAME["json"]
    if any(line.startswith("#Fields:") for line in lines[:10]):
        header = next(line for line in lines if line.startswith("#Fields:"))
        found = _by_marks(("w3c",), sample_of_columns(header.split()[1:], ()))
        return found[0] if found else None
    sample = lines[:50]
    for test, name in (
        (lambda line: re.match(BY_NAME["aws-api-gateway-clf"].pattern, line) and ']"' in line, "aws-api-gateway-clf"),
        (_ALB_LINE.match, "aws-alb"),
        (_SPACED_LINE.match, "combined"),
    ):
        if sum(bool(test(line)) for line in sample) * 2 >= len(sample):
            return BY_NAME[name]
    delimiter = _delimiter(lines[0])
    if delimiter:
        found = _by_marks(("table",), sample_of_columns(next(csv.reader([lines[0]], delimiter=delimiter)), ()))
        return found[0] if found else BY_NAME["table"]
    return None


def _is_json(line: str) -> bool:
    """Whether a line begins as JSON does, and not as a time in brackets."""
    head = line.lstrip()
    return head.startswith(("{", "[")) and not head.startswith('["')


def _by_marks(kinds: tuple[str, ...], sample: Sample) -> tuple[Format, FieldPath] | None:
    """The first format whose marks are all there, and the object in which they are: the row, or one inside it."""
    within = [(), *(path for path in (*sample.objects, *sample.opened) if len(path) <= _DEEPEST_FORMAT)]
    for above in sorted(within, key=len):
        names = set(names_below(sample, above))
        for candidate in FORMATS:
            if candidate.kind in kinds and candidate.marks and _has_marks(candidate, names):
                return candidate, above
    return None


def _has_marks(candidate: Format, names: set[str]) -> bool:
    return all(any(option in names for option in mark.split("|")) for mark in candidate.marks)


def _objects(lines: list[str]) -> list[dict[str, Any]]:
    """The objects that lines are: one a line, or those of one array."""
    found = _objects_by_line(lines)
    return found or (_objects_by_line([" ", "".join(lines)]) if lines[0].lstrip().startswith("[") else [])


def _objects_by_line(lines: list[str]) -> list[dict[str, Any]]:
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


def _delimiter(line: str) -> str:
    counts = {delimiter: line.count(delimiter) for delimiter in ",;\t|"}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ""


# ---------------------------------------------------------------- one builder a kind


def _json(chosen: Format, head: _Head) -> Layout:
    sample = sample_of_objects(head.objects)
    marked = _by_marks((chosen.kind,), sample)
    above = marked[1] if marked and marked[0] is chosen else ()
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown, above=above, is_open=True)
    return _laid_out(chosen, fields, sample, head, array=head.lines[0].lstrip().startswith("["))


def _otlp(chosen: Format, head: _Head) -> Layout:
    sample = sample_of_objects(server_spans(head.objects))
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown)
    return _laid_out(chosen, fields, sample, head)


def _parquet(named: Format | None, parquet: Parquet, options: Options, file: LogFile) -> Layout:
    sample = parquet.sample
    marked = _by_marks(("table", "json"), sample) if named is None else (named, ())
    chosen, above = marked or (BY_NAME["table"], ())
    if named is not None and (found := _by_marks((named.kind,), sample)) and found[0] is named:
        above = found[1]
    fields = find_fields(chosen, sample, options, shown=file.shown, above=above)
    head = _Head([], file, options)
    return _laid_out(chosen, fields, sample, head, columns=parquet.columns, types=parquet.types)


def _table(chosen: Format, head: _Head) -> Layout:
    delimiter = _delimiter(head.lines[0]) or ","
    columns = [name.strip() for name in next(csv.reader([head.lines[0]], delimiter=delimiter))]
    if any(_DATA.fullmatch(name) for name in columns):
        raise ApidiffError(
            "the first line is data and no heading",
            code="usage-heading-missing",
            at=f"{head.file.shown}:1",
            hint="Add a first line with the columns' names: time,method,path,status,api_key.",
        )
    unique = [
        f"{name or 'column'}:{index}" if name in columns[:index] or not name else name
        for index, name in enumerate(columns)
    ]
    sample = sample_of_columns(unique, csv.reader(head.lines[1:200], delimiter=delimiter))
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown)
    return _laid_out(chosen, fields, sample, head, columns=tuple(unique), delimiter=delimiter, skip=1)


def _spaced(chosen: Format, head: _Head) -> Layout:
    columns = (*chosen.columns, *(f"more{index}" for index in range(_EXTRA_COLUMNS)))
    sample = sample_of_columns(columns, csv.reader(head.lines[:200], delimiter=" ", escapechar="\\"))
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown)
    return _laid_out(chosen, fields, sample, head, columns=columns, delimiter=" ")


def _w3c(chosen: Format, head: _Head) -> Layout:
    header = next((line for line in head.lines if line.startswith("#Fields:")), None)
    if header is None:
        raise ApidiffError(
            "there is no #Fields: line",
            code="usage-format-unknown",
            at=head.file.shown,
            hint="Keep the log's own header lines.",
        )
    columns = tuple(header.split()[1:])
    data = [line for line in head.lines if not line.startswith("#")]
    delimiter = "\t" if data and "\t" in data[0] else " "
    sample = sample_of_columns((*columns, "date+time"), (line.split(delimiter) for line in data[:200]))
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown)
    skip = next(index for index, line in enumerate(head.lines) if line.startswith("#Fields:")) + 1
    return _laid_out(chosen, fields, sample, head, columns=columns, delimiter=delimiter, skip=skip)


def _pattern(chosen: Format, head: _Head) -> Layout:
    pattern = re.compile(chosen.pattern)
    names = tuple(pattern.groupindex)
    found = (match.groupdict() for line in head.lines[:200] if (match := pattern.match(line)))
    sample = sample_of_columns(names, ([item[name] or "" for name in names] for item in found))
    fields = find_fields(chosen, sample, head.options, shown=head.file.shown)
    return _laid_out(chosen, fields, sample, head, columns=names)


_BUILDERS: Mapping[str, Callable[[Format, _Head], Layout]] = {
    "json": _json,
    "otlp": _otlp,
    "table": _table,
    "spaced": _spaced,
    "w3c": _w3c,
    "pattern": _pattern,
}


def _laid_out(chosen: Format, fields: Fields, sample: Sample, head: _Head, **more: Any) -> Layout:
    """A layout of named fields, with the ways in which its times are written."""
    paths = fields.paths["time"]
    if "time" in fields.joined:
        columns = [sample.values.get(path, []) for path in paths]
        times = [" ".join(map(str, parts)) for parts in zip(*columns, strict=False)]
    else:
        times = [value for path in paths for value in sample.values.get(path, [])]
    ways = ways_of(times)
    options = head.options
    order = options.date_order or order_of(times)
    if SLASHED.name in ways and not order and not options.time_format:
        raise _ambiguous(head.file.shown)
    kinds = dict(more.get("types", ()))
    # a column of timestamps is what its engine keeps it as, and no text that lacks an offset
    is_text = not any(kinds.get(path, "").startswith("TIMESTAMP") for path in paths)
    return Layout(
        chosen,
        tuple(fields.paths.items()),
        time_kinds=ways,
        naive=bool(times) and is_text and all(map(has_no_offset, times)) and not options.time_zone,
        opened=fields.opened(sample),
        joined=tuple(fields.joined),
        notes=tuple(fields.notes),
        order=order,
        key=fields.key,
        hosts=options.hosts,
        has_patterns=_have_patterns(fields, sample),
        zone=options.time_zone,
        time_format=options.time_format,
        **more,
    )


def _have_patterns(fields: Fields, sample: Sample) -> bool:
    """Whether a path of the first rows is a pattern of a framework, or has a fragment."""
    paths = [path for name in ("path", "route", "request") for path in fields.paths.get(name, ())]
    return any(mark in text for path in paths for text in sample.texts(path) for mark in PATTERN_MARKS)


def _ambiguous(shown: str) -> ApidiffError:
    return ApidiffError(
        "the times do not tell whether the day or the month comes first",
        code="usage-time-ambiguous",
        at=shown,
        hint="Say it in apidiff.yaml: `time: {order: month-first}` (3/14/2026) or `time: {order: day-first}`.",
    )
