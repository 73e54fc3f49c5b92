"""Patterns over the first lines of a log, in time that grows with the line alone.

Python's own engine tries every way to part a line: a hostile one keeps it busy for hours. DuckDB's (RE2) does not, and
it reads the rows afterwards: what is recognised is what is read.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def names_of(pattern: str) -> tuple[str, ...]:
    """The names of a pattern's groups, in their order."""
    return tuple(re.compile(pattern).groupindex)


def matched(pattern: str, lines: Sequence[str]) -> list[dict[str, str]]:
    """The groups of each line in which the pattern is found, "" for one that took no part; none of a wrong pattern."""
    names = names_of(pattern)
    groups = f"regexp_extract(line, $pattern, {list(names)!r})" if names else "{'': ''}"
    found = _asked(f"SELECT {groups} FROM lines WHERE regexp_matches(line, $pattern)", pattern, lines)
    return [{name: row[name] for name in names} for (row,) in found]


def share(pattern: str, lines: Sequence[str]) -> float:
    """How many of some lines a pattern is found in, 0 to 1."""
    found = _asked("SELECT count(*) FROM lines WHERE regexp_matches(line, $pattern)", pattern, lines)
    return found[0][0] / len(lines) if found and lines else 0.0


def _asked(question: str, pattern: str, lines: Sequence[str]) -> list[Any]:
    import duckdb

    whole = [line.encode("utf-8", "replace").decode() for line in lines]
    try:
        asked = f"WITH lines AS (SELECT unnest($lines) AS line) {question}"
        return _engine().cursor().execute(asked, {"lines": whole, "pattern": pattern}).fetchall()
    except duckdb.Error:
        return []


@cache
def _engine() -> "DuckDBPyConnection":
    """A connection for these questions alone: to make one takes longer than to ask."""
    import duckdb

    return duckdb.connect(config={"threads": 1})
