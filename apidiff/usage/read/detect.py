"""What a log file looks like, from its first lines: its format, and where each canonical field stands."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from apidiff.usage.ease import PATTERN_MARKS
from apidiff.usage.options import Options
from apidiff.usage.read import linear
from apidiff.usage.read.captures import has_captures, with_captures
from apidiff.usage.read.fields import Fields, find_fields
from apidiff.usage.read.files import LogFile, empty_log
from apidiff.usage.read.form import CANONICAL, Format
from apidiff.usage.read.formats import BY_NAME
from apidiff.usage.read.layout import FieldPath, Layout
from apidiff.usage.read.missing import MissingFieldsError
from apidiff.usage.read.opening import first_lines
from apidiff.usage.read.otlp import server_spans
from apidiff.usage.read.pairs import pairs_of
from apidiff.usage.read.parquet import Parquet
from apidiff.usage.read.recognise import Head, by_marks, chosen_format, delimiter_of, named_format, objects_of
from apidiff.usage.read.sample import Sample, sample_of_columns, sample_of_objects
from apidiff.usage.read.times import SLASHED, has_no_offset, order_of, ways_of
from apidiff.words.errors import ApidiffError, Exit

_DATA = re.compile(r"\d[\d.,:TZ/ +-]*|/.*|https?://.*|.*[{}\"].*|\[.*")
"""What a heading never looks like: a number, a time, an address, a path, or a piece of JSON."""
_EXTRA_COLUMNS = 8
_MOST_COLUMNS = 10_000


def layout_of(file: LogFile, options: Options, *, parquet: Parquet | None = None) -> Layout:
    """The layout of one file.

    Errors: `usage-format-unknown`, `usage-log-empty`, `usage-column-missing`, `usage-column-unknown`,
    `usage-time-ambiguous`.
    """
    _check_mapping(options)
    named = named_format(options)
    if parquet is not None:
        return _parquet(named, parquet, options, file)
    numbered = [(number, line) for number, line in enumerate(first_lines(file), start=1) if line.strip()]
    if not numbered:
        raise empty_log(file.shown)
    lines = [line for _, line in numbered]
    head = Head(lines, file.shown, options, objects_of(lines), tuple(number for number, _ in numbered))
    chosen, notes = chosen_format(head, named)
    if chosen.lacks:
        raise ApidiffError(
            f"the log is of {chosen.title}: {chosen.lacks}",
            code="usage-column-missing",
            at=file.shown,
            hint=chosen.key_hint,
        )
    layout = _BUILDERS[chosen.kind](chosen, head)
    return replace(layout, notes=(*notes, *layout.notes)) if notes else layout


def column_names(names: Sequence[str], options: Options, *, shown: str) -> Fields:
    """Which column of an engine's table is which canonical field; `shown` names the table in messages.

    Errors: `usage-column-missing`, `usage-column-unknown`.
    """
    _check_mapping(options)
    sample = sample_of_columns(names, ())
    chosen, above = by_marks(("table",), sample) or (BY_NAME["table"], ())
    return find_fields(chosen, sample, options, shown=shown, above=above)


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


# ---------------------------------------------------------------- one builder a kind


def _json(chosen: Format, head: Head) -> Layout:
    sample = sample_of_objects(head.objects)
    marked = by_marks((chosen.kind,), sample)
    above = marked[1] if marked and marked[0] is chosen else ()
    fields = find_fields(chosen, sample, head.options, shown=head.shown, above=above, is_open=True)
    return _laid_out(chosen, fields, sample, head, array=head.lines[0].lstrip().startswith("["))


def _otlp(chosen: Format, head: Head) -> Layout:
    sample = sample_of_objects(server_spans(head.objects))
    fields = find_fields(chosen, sample, head.options, shown=head.shown)
    return _laid_out(chosen, fields, sample, head)


def _parquet(named: Format | None, parquet: Parquet, options: Options, file: LogFile) -> Layout:
    sample = parquet.sample
    marked = by_marks(("table", "json"), sample) if named is None else (named, ())
    chosen, above = marked or (BY_NAME["table"], ())
    if named is not None and (found := by_marks((named.kind,), sample)) and found[0] is named:
        above = found[1]
    fields = find_fields(chosen, sample, options, shown=file.shown, above=above)
    head = Head([], file.shown, options)
    return _laid_out(chosen, fields, sample, head, columns=parquet.columns, types=parquet.types)


def _table(chosen: Format, head: Head) -> Layout:
    at = head.heading
    delimiter = delimiter_of(head.lines[at]) or ","
    columns = [name.strip() for name in next(csv.reader([head.lines[at]], delimiter=delimiter))]
    if len(columns) > _MOST_COLUMNS:
        raise ApidiffError(
            f"a table of {len(columns):,} columns",
            code="usage-too-wide",
            at=f"{head.shown}:{head.numbers[at]}",
            hint=f"At most {_MOST_COLUMNS:,} are read. Export the time, method, path, status and key alone.",
        )
    if any(_DATA.fullmatch(name) for name in columns):
        return _headless(chosen, head, delimiter, len(columns))
    first = {name: index for index, name in reversed([*enumerate(columns)])}
    unique = [
        name if name and first[name] == index else f"{name or 'column'}:{index}" for index, name in enumerate(columns)
    ]
    sample = sample_of_columns(unique, csv.reader(head.lines[at + 1 : at + 200], delimiter=delimiter))
    fields = find_fields(chosen, sample, head.options, shown=head.shown)
    skip = head.numbers[at]
    return _laid_out(chosen, fields, sample, head, columns=tuple(unique), delimiter=delimiter, skip=skip)


def _headless(chosen: Format, head: Head, delimiter: str, count: int) -> Layout:
    """A table without a heading: its columns are counted, and what they hold says what they are.

    Errors: `usage-heading-missing` where it does not, `usage-column-missing` where it tells all but the key.
    """
    at = head.heading
    names = tuple(f"column{number}" for number in range(1, count + 1))
    sample = sample_of_columns(names, csv.reader(head.lines[at : at + 200], delimiter=delimiter))
    sample.is_numbered = True
    try:
        fields = find_fields(chosen, sample, head.options, shown=head.shown)
    except MissingFieldsError as error:
        if error.names == ("api_key",):
            raise
        counted = ", ".join(f"{name}: columnN" for name in error.names)
        raise ApidiffError(
            "the first line is data and no heading",
            code="usage-heading-missing",
            at=f"{head.shown}:{head.numbers[at]}",
            hint="Add a first line with the columns' names: time,method,path,status,api_key. Or say in apidiff.yaml "
            f"which they are, from 1 to {count}: `columns: {{{counted}}}`; the others are found by what they hold.",
        ) from error
    skip = head.numbers[at] - 1
    return _laid_out(chosen, fields, sample, head, columns=names, delimiter=delimiter, skip=skip)


def _spaced(chosen: Format, head: Head) -> Layout:
    columns = (*chosen.columns, *(f"more{index}" for index in range(_EXTRA_COLUMNS)))
    sample = sample_of_columns(columns, csv.reader(head.lines[:200], delimiter=" ", escapechar="\\"))
    fields = find_fields(chosen, sample, head.options, shown=head.shown)
    return _laid_out(chosen, fields, sample, head, columns=columns, delimiter=" ")


def _w3c(chosen: Format, head: Head) -> Layout:
    header = next((line for line in head.lines if line.startswith("#Fields:")), None)
    if header is None:
        raise ApidiffError(
            "there is no #Fields: line",
            code="usage-format-unknown",
            at=head.shown,
            hint="Keep the log's own header lines.",
        )
    columns = tuple(header.split()[1:])
    data = [line for line in head.lines if not line.startswith("#")]
    delimiter = "\t" if data and "\t" in data[0] else " "
    # without a column of days nobody knows when: `#Date:` is that of the server's start
    both = ("date+time",) if {"date", "time"} <= set(columns) else ()
    sample = sample_of_columns((*columns, *both), (line.split(delimiter) for line in data[:200]))
    fields = find_fields(chosen, sample, head.options, shown=head.shown)
    skip = next(index for index, line in enumerate(head.lines) if line.startswith("#Fields:")) + 1
    return _laid_out(chosen, fields, sample, head, columns=columns, delimiter=delimiter, skip=skip)


def _pattern(chosen: Format, head: Head) -> Layout:
    if has_captures(chosen):
        chosen = with_captures(chosen, head.lines[:200])
    names = linear.names_of(chosen.pattern)
    found = linear.matched(chosen.pattern, head.lines[:200])
    sample = sample_of_columns(names, ([item[name] for name in names] for item in found))
    fields = find_fields(chosen, sample, head.options, shown=head.shown)
    return _laid_out(chosen, fields, sample, head, columns=names)


def _pairs(chosen: Format, head: Head) -> Layout:
    found = pairs_of(head.lines)
    rows = found.rows if found else ()
    sample = sample_of_objects(rows)
    above = by_marks(("pairs",), sample)
    chosen = above[0] if above else chosen
    fields = find_fields(chosen, sample, head.options, shown=head.shown, is_open=True)
    return _laid_out(chosen, fields, sample, head, is_labelled=bool(found and found.is_labelled))


_BUILDERS: Mapping[str, Callable[[Format, Head], Layout]] = {
    "json": _json,
    "otlp": _otlp,
    "table": _table,
    "spaced": _spaced,
    "w3c": _w3c,
    "pattern": _pattern,
    "pairs": _pairs,
}


def _laid_out(chosen: Format, fields: Fields, sample: Sample, head: Head, **more: Any) -> Layout:
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
        raise _ambiguous(head.shown)
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
