"""Versions that callers pin: where they stand in a log, and whether one is past a change already."""

import re
from collections.abc import Sequence

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_DOTTED = re.compile(r"[vV]?(\d{1,6})(?:\.(\d{1,6}))?(?:\.(\d{1,6}))?")
_SHOWN = re.compile(r"[\w.+-]{1,40}")


def is_past(pinned: str, revision: str) -> bool:
    """Whether a caller that pins a version lives with the revision already: no change up to it reaches the caller.

    Dates compare with dates and numbers with numbers; what can't be compared is never past, nor is a call without a
    version.
    """
    mine, theirs = _order(pinned), _order(revision)
    return mine is not None and theirs is not None and mine[0] == theirs[0] and mine[1] >= theirs[1]


def _order(version: str) -> tuple[str, tuple[int, ...]] | None:
    date = _DATE.match(version)
    if date:
        return "date", tuple(int(part) for part in date.groups())
    dotted = _DOTTED.fullmatch(version)
    if dotted:
        return "number", tuple(int(part or 0) for part in dotted.groups())
    return None


def shown(version: str) -> str:
    """A version as it may be kept: text that looks like one; anything else is `other`."""
    return version if not version or _SHOWN.fullmatch(version) else "other"


def kept_version(version: str) -> str:
    """A version as it may be kept so that `is_past` and `shown` say the same of it: as it is shown, or its date."""
    date = _DATE.match(version)
    return f"{date[0]} …" if date and shown(version) != version else shown(version)


def past(versions: Sequence[str], revision: str) -> frozenset[int]:
    """The positions of the versions that are past a revision; none where nobody says which one it is."""
    return frozenset(index for index, version in enumerate(versions) if revision and is_past(version, revision))


def version_pattern(version_from: str) -> tuple[str, str | int]:
    """Where a version stands that has no column of its own; twice "" for one that has.

    It is `query` and the pattern whose group it is, or `path` and the place of the segment behind a slash.
    `header:NAME` is found when the log's fields are looked at.
    """
    kind, _, where = version_from.partition(":")
    if kind == "query":
        name = re.sub(r"([^0-9A-Za-z_'-])", r"[\1]", where)
        return kind, f"(?:^|&){name}=([^&]*)"
    return (kind, int(where)) if kind == "path" else ("", "")


def version_sql(version_from: str) -> str:
    """The same as SQL of DuckDB over an event's columns; "" for its own column."""
    kind, where = version_pattern(version_from)
    if kind == "query":
        pattern = str(where).replace("'", "''")
        return f"regexp_extract(query, '{pattern}', 1)"
    return f"string_split(path, '/')[{int(where) + 1}]" if kind == "path" else ""


def comparable(version: str) -> bool:
    """Whether a version can come before or after another one: a date or a number."""
    return _order(version) is not None
