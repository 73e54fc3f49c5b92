"""How logs were read, for people: which format, and which of the log's own fields is which."""

from collections.abc import Iterator, Sequence

from apidiff.usage.read.layout import FieldPath
from apidiff.usage.read.raw import Reading
from apidiff.words.amount import first_of

_TOLD = ("time", "method", "path", "route", "request", "operation_id", "api_key", "status", "version")
_FILES = 3


def read_as(found: Sequence[Reading]) -> tuple[str, ...]:
    """A line for each layout: its format, and the fields that decide what a row says."""
    return tuple(dict.fromkeys(_line(reading) for reading in found))


def _line(reading: Reading) -> str:
    named = reading.layout.named
    fields = ", ".join(f"{name} `{_names(named[name])}`" for name in _TOLD if name in named)
    return f"{reading.layout.format.name}: {fields}"


def _names(paths: Sequence[FieldPath]) -> str:
    return "` or `".join(".".join(path) for path in paths)


def how(found: Sequence[Reading], left_out: Sequence[tuple[str, str]]) -> Iterator[str]:
    """All of it: each layout with its files and every field, and what was found and not read."""
    for reading in found:
        yield first_of([file.shown for file in reading.files], _FILES)
        yield f"  format    {reading.layout.format.name} ({reading.layout.format.title})"
        packed = sorted({file.packed or "plain" for file in reading.files})
        yield f"  packed    {', '.join(packed)}"
        for name, paths in reading.layout.fields:
            yield f"  {name:<9} {' or '.join('.'.join(path) for path in paths)}"
        for note in reading.layout.notes:
            yield f"  note      {note}"
    for name, reason in left_out:
        yield f"not read: {name} ({reason})"
