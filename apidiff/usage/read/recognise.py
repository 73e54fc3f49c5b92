"""Which format the first lines of a log are in: the one that is named as long as they are, else the likeliest."""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import Any

from apidiff.usage.options import Options
from apidiff.usage.read import linear
from apidiff.usage.read.aliases import ALIASES, plain
from apidiff.usage.read.documents import value_of
from apidiff.usage.read.form import Format
from apidiff.usage.read.formats import ALIASES_OF_FORMATS, BY_NAME, FORMATS
from apidiff.usage.read.layout import FieldPath
from apidiff.usage.read.lines import HINT, layout_of_lines
from apidiff.usage.read.pairs import LOGFMT, LTSV, pairs_of
from apidiff.usage.read.sample import Sample, names_below, sample_of_columns, sample_of_objects
from apidiff.usage.read.strings import format_of, is_format_string
from apidiff.usage.read.texts import TEXTS
from apidiff.words.errors import ApidiffError, Exit

_SPACED_LINE = re.compile(
    r'^\S+ \S+ (?:"(?:[^"\\]|\\.)*"|[^\s"]+) \[\d{2}/[A-Za-z]{3}/\d{4}:\d{2}:\d{2}:\d{2} [+-]\d{4}\] "(?!"\S)'
)
_ALB_LINE = re.compile(r"^(?:https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ \S+:\d+ ")
_DEEPEST_FORMAT = 3
_LOOKED_AT = 50
_USUAL = frozenset(alias for aliases in ALIASES.values() for alias in aliases)
_HEADED = 3
"""A first line with as many usual names of fields is a heading, whatever follows."""
_TITLES = 15
"""How many lines may stand above a heading."""
_PARTED = re.compile(r"(?i)sep=.?$")
"""What tells spreadsheets what parts the cells."""
_NAMED_KEYS = frozenset(ALIASES["api_key"])


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of a log: its lines, and the objects that they are where it is JSON."""

    lines: list[str]
    shown: str
    options: Options
    objects: list[dict[str, Any]] = field(default_factory=list)
    numbers: tuple[int, ...] = ()
    """The number of each line: blank ones are left out."""

    @property
    def heading(self) -> int:
        """The index of a table's first line that names its columns: above it may be titles, and what parts cells."""
        for index, line in enumerate(self.lines[:_TITLES]):
            delimiter = delimiter_of(line)
            names = next(csv.reader([line], delimiter=delimiter)) if delimiter else []
            if sum(plain(name) in _USUAL for name in names) >= _HEADED:
                return index
        return 1 if _PARTED.match(self.lines[0]) and len(self.lines) > 1 else 0


def named_format(options: Options) -> Format | None:
    """The format that a user names or writes out, None where it is left to the lines.

    Errors: `usage-format-unknown`, `usage-format-string`.
    """
    if not options.log_format:
        return None
    name = ALIASES_OF_FORMATS.get(options.log_format, options.log_format)
    if name in BY_NAME:
        return BY_NAME[name]
    if is_format_string(options.log_format):
        return _written(options.log_format)
    near = get_close_matches(name, BY_NAME, 1)
    raise ApidiffError(
        f"`{options.log_format}` is no known log format",
        code="usage-format-unknown",
        at="--log-format",
        hint=(f"Did you mean `{near[0]}`? " if near else "") + f"Known formats: {', '.join(sorted(BY_NAME))}.",
        status=Exit.USAGE,
    )


@cache
def _written(text: str) -> Format:
    """One format for each string, so that files of it are read together."""
    return format_of(text)


def chosen_format(head: Head, named: Format | None) -> tuple[Format, tuple[str, ...]]:
    """The format of the first lines, and what a user has to know of the choice.

    Errors: `usage-format-unknown`.
    """
    if named is not None and _TESTS[named.kind](named, head):
        return named, ()
    found = recognised(head)
    if found is None:
        raise _unknown(head, named)
    if named is None:
        return found, ()
    if named.name == "log_format":
        raise _unknown(head, named)
    return found, (f"{head.shown} is {found.title}, and is read as that and not as `{named.name}`",)


def recognised(head: Head) -> Format | None:
    """The format that the lines are in by their looks, None where they are in none."""
    lines = head.lines
    if are_spread(lines):
        return None
    if head.objects and (_is_json(lines[0]) or len(head.objects) * 2 >= len(lines)):
        found = by_marks(("otlp", "json"), sample_of_objects(head.objects))
        return found[0] if found else BY_NAME["json"]
    if any(line.startswith("#Fields:") for line in lines[:10]):
        header = next(line for line in lines if line.startswith("#Fields:"))
        found = by_marks(("w3c",), sample_of_columns(header.split()[1:], ()))
        return found[0] if found else None
    return _text(head) or _table(head)


def _text(head: Head) -> Format | None:
    sample = head.lines[:_LOOKED_AT]
    for name in ("aws-api-gateway-clf", "aws-alb"):
        if _TESTS[BY_NAME[name].kind](BY_NAME[name], head):
            return BY_NAME[name]
    own = layout_of_lines(sample)
    if _TESTS["spaced"](BY_NAME["combined"], head) and not (own and _names_a_key(own)):
        return BY_NAME["combined"]
    known = max(TEXTS, key=lambda text: linear.share(text.pattern, sample))
    if linear.share(known.pattern, sample) >= 0.5:
        return known
    if own:
        return own
    pairs = pairs_of(sample)
    return None if pairs is None else LTSV if pairs.is_labelled else LOGFMT


def _names_a_key(own: Format) -> bool:
    """Whether lines say of a column that it is a key, beside the user that every server logs."""
    return any(plain(name) in _NAMED_KEYS for name in linear.names_of(own.pattern) if name not in ("user", "ident"))


def _table(head: Head) -> Format | None:
    heading = head.lines[head.heading]
    delimiter = delimiter_of(heading)
    if not delimiter or not _TESTS["table"](BY_NAME["table"], head):
        return None
    found = by_marks(("table",), sample_of_columns(next(csv.reader([heading], delimiter=delimiter)), ()))
    return found[0] if found else BY_NAME["table"]


def _is_spaced(chosen: Format, head: Head) -> bool:
    test = _ALB_LINE if chosen.name == "aws-alb" else _SPACED_LINE
    sample = head.lines[:_LOOKED_AT]
    return sum(bool(test.match(line)) for line in sample) * 2 >= len(sample)


def _is_pattern(chosen: Format, head: Head) -> bool:
    # the default of an AWS gateway has no space before the request, by which it is told from others
    is_close = chosen.name != "aws-api-gateway-clf" or all(']"' in line for line in head.lines[:3])
    return is_close and linear.share(chosen.pattern, head.lines[:_LOOKED_AT]) >= 0.5


def _is_table(_: Format, head: Head) -> bool:
    """Whether lines are cells between the same delimiters: at least two of them, and as many as the heading has."""
    lines = head.lines[head.heading :][:_LOOKED_AT]
    delimiter = delimiter_of(lines[0])
    if not delimiter:
        return False
    rows = list(csv.reader(lines, delimiter=delimiter))
    sizes = [len(row) for row in rows]
    is_even = sizes[0] > 2 and sum(size == sizes[0] for size in sizes[1:]) * 2 >= len(sizes) - 1
    return is_even or sum(plain(name) in _USUAL for name in rows[0]) >= _HEADED


_TESTS: Mapping[str, Callable[[Format, Head], bool]] = {
    "json": lambda _, head: bool(head.objects) and not (pairs_are_likelier(head) or are_spread(head.lines)),
    "otlp": lambda _, head: bool(head.objects) and not are_spread(head.lines),
    "table": _is_table,
    "spaced": _is_spaced,
    "w3c": lambda _, head: any(line.startswith("#") for line in head.lines[:10]),
    "pattern": _is_pattern,
    "pairs": lambda _, head: pairs_of(head.lines[:_LOOKED_AT]) is not None,
}
"""Whether the first lines can be in a format that a user names."""


def pairs_are_likelier(head: Head) -> bool:
    """Whether but a few lines are objects."""
    return len(head.objects) * 10 < len(head.lines)


def are_spread(lines: list[str]) -> bool:
    """Whether objects begin on lines and end on others, or several stand on one."""
    if lines[0].lstrip().startswith("["):
        return False
    begun = [line for line in lines[:_LOOKED_AT] if line.lstrip().startswith("{")]
    whole = sum(value_of(line.encode("utf-8", "replace")) is not None for line in begun)
    return whole * 2 < len(begun)


def _unknown(head: Head, named: Format | None) -> ApidiffError:
    what = "are not as `log_format` says" if named is not None else "are in no known format"
    return ApidiffError(
        f"the first lines {what}",
        code="usage-format-unknown",
        at=head.shown,
        hint=f"{HINT}\n  Else name one (`--log-format`) of {', '.join(sorted(BY_NAME))}, or write JSON Lines.",
    )


def by_marks(kinds: tuple[str, ...], sample: Sample) -> tuple[Format, FieldPath] | None:
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


def _is_json(line: str) -> bool:
    """Whether a line begins as JSON does, and not as a time in brackets."""
    head = line.lstrip()
    return head.startswith(("{", "[")) and not head.startswith('["')


def objects_of(lines: list[str]) -> list[dict[str, Any]]:
    """The objects that lines are: one a line, or those of one array."""
    found = _objects_by_line(lines)
    return found or (_objects_by_line([" ", "".join(lines)]) if lines[0].lstrip().startswith("[") else [])


def _objects_by_line(lines: list[str]) -> list[dict[str, Any]]:
    found = []
    is_array = lines[0].lstrip().startswith("[")
    for line in lines:
        # of an array the lines are the items, with the brackets around all of them
        text = line.strip().lstrip("[").rstrip(",]") if is_array else line.strip()
        value = value_of(text.encode("utf-8", "replace"))
        if isinstance(value, dict):
            found.append(value)
        elif isinstance(value, list):
            found.extend(item for item in value[:1000] if isinstance(item, dict))
    return found


def delimiter_of(line: str) -> str:
    """What parts the cells of a line, "" for nothing that could."""
    counts = {delimiter: line.count(delimiter) for delimiter in ",;\t|"}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ""
