"""How a log file is laid out: its format, where its fields stand, and how what lies inside a field is opened."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from apidiff.usage.options import KeySource
from apidiff.usage.read.form import Format

FieldPath = tuple[str, ...]
"""The names that lead to a value: one for a column, several into an object, a map, or a list of names and values."""


class Inside(StrEnum):
    """What a field holds that has names of its own, other than an object: those are known by the field's path."""

    TEXT = "text"
    """JSON, written as a text."""
    PAIRS = "pairs"
    """A list of objects that hold a name and a value each, as headers and attributes come."""
    MAP = "map"
    """A map of Parquet."""
    BRACES = "braces"
    """An object as engines write theirs into a table of text: `{a=1, b={c=2}}`."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A field whose inside has names; `name` and `value` are what the members of a list call theirs."""

    path: FieldPath
    kind: Inside
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one or more files are read.

    `fields` maps canonical names to the fields that hold them, the first with a value wins; those of `joined` are one
    value in several parts. `columns` are all columns in order for a table without a header of its own; `types` those of
    a Parquet file and of the members of its objects; `skip` counts header lines. `opened` are the fields whose inside
    is read. `time_kinds` are those that the first rows have; `naive` says that they have no offset; `order` says what
    comes first in dates with slashes, `zone` what times without an offset are in ("" is UTC), `time_format` how a user
    says that times are written; `key` is where a key stands if it is no field by itself; rows of other `hosts` are not
    the API's; `has_patterns` says that paths may be a framework's patterns of routes, `is_labelled` that
    names stand before colons (LTSV). `array` is set for one JSON
    array. `notes` is what a user has to know of how the fields were found.
    """

    format: Format
    fields: tuple[tuple[str, tuple[FieldPath, ...]], ...]
    columns: tuple[str, ...] = ()
    types: tuple[tuple[FieldPath, str], ...] = ()
    delimiter: str = ","
    skip: int = 0
    time_kinds: tuple[str, ...] = ("iso",)
    array: bool = False
    naive: bool = False
    opened: tuple[Opened, ...] = ()
    joined: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    order: str = ""
    key: KeySource | None = None
    hosts: tuple[str, ...] = ()
    has_patterns: bool = False
    is_labelled: bool = False
    zone: str = ""
    time_format: str = ""

    @property
    def has_rows_for_lines(self) -> bool:
        """Whether a row is not a line: Parquet, one JSON array, several spans a line."""
        return bool(self.types) or self.array or self.format.kind == "otlp"

    @property
    def named(self) -> Mapping[str, tuple[FieldPath, ...]]:
        """The fields as a mapping."""
        return dict(self.fields)

    def opening(self, path: FieldPath) -> Opened | None:
        """What is opened on the way to a value, the outermost of several; None for a value in plain sight."""
        inside = [opened for opened in self.opened if opened.path == path[: len(opened.path)] != path]
        return min(inside, key=lambda opened: len(opened.path), default=None)
