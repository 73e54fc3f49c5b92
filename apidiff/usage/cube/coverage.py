"""How much of the logs was understood: rows by fate, the time they span, and unmatched traffic by shape.

No path is shown as it was: of a shape only what cannot be somebody's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from apidiff.usage.cube import relations
from apidiff.usage.cube.same import same_rows
from apidiff.usage.cube.value import instant
from apidiff.usage.cube.way_back import way_back
from apidiff.usage.evidence import Coverage
from apidiff.usage.read.canonical import ANOTHER_HOST
from apidiff.usage.read.files import empty_log
from apidiff.usage.read.how import read_as
from apidiff.usage.read.logs import Log
from apidiff.usage.read.malformed import SHOWN, located
from apidiff.usage.read.raw import Reading
from apidiff.usage.route import Routes
from apidiff.words.amount import counted
from apidiff.words.errors import ApidiffError
from apidiff.words.escape import clip

if TYPE_CHECKING:
    import duckdb

_TOTALS = """
SELECT coalesce((SELECT sum(attempts) FROM cube), 0),
       coalesce((SELECT sum(attempts) FROM aside WHERE route = ?), 0),
       coalesce((SELECT sum(attempts) FROM aside WHERE route = 0), 0),
       coalesce((SELECT sum(attempts) FROM cube JOIN key_numbers k ON cube.key = k.number WHERE k.key = ''), 0),
       coalesce((SELECT sum(queries) FROM counts), 0),
       (SELECT count(*) FROM key_numbers WHERE key <> ''),
       coalesce((SELECT sum(eased) FROM counts), 0),
       coalesce((SELECT sum(slashed) FROM counts), 0),
       coalesce((SELECT sum(successes) FROM cube WHERE route > 0), 0),
       coalesce((SELECT sum(successes) FROM cube JOIN key_numbers k ON cube.key = k.number
                 WHERE route > 0 AND k.key = ''), 0),
       coalesce((SELECT sum(zoned) FROM counts), 0)
"""
_SLASHED = "a path with a slash twice or at its end"
_NO_PATH = "no path, and an operation id that the spec has not"
_SHAPES_SHOWN = 50
_LONGEST_SHAPE = 200
_MIN_KEYS_FOR_A_WORD = 3
_VERSION_SEGMENT = re.compile(r"v\d{1,3}(\.\d{1,3})?")
_WORD = re.compile(r"[A-Za-z][A-Za-z_.-]{0,31}")


def coverage_of(
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    routes: Routes,
    *,
    cut_off: Sequence[str],
    warnings: Sequence[str],
    seen: dict[str, tuple[tuple[str, str], ...]],
) -> Coverage:
    """The coverage, from the tables that `gather` filled; `cut_off` names the archives that end too early.

    `seen` has the unreadable rows of files, where they are known, by path.

    Errors: `usage-log-empty`, `usage-no-readable-row`.
    """
    found, names = log.readings(connection), log.fields(connection)
    totals = connection.execute(_TOTALS, [relations.UNREADABLE]).fetchone()
    assert totals is not None
    readable, malformed, unmatched, anonymous, queries, keys, *more = (int(value) for value in totals)
    eased, slashed, successes, keyless, zoned = more
    if not readable + malformed:
        raise empty_log(", ".join(file.shown for file in log.files) or log.options.table)
    samples = (_reasons(connection, log) if log.is_remote else located(connection, found, seen)) if malformed else ()
    naive = [log.options.table] if log.is_remote and readable and not zoned else _naive(found)
    warnings = [*warnings, *_doubts(found, cut_off, naive), *_slashes(eased if routes.ignores_slashes else 0, slashed)]
    if not readable:
        raise ApidiffError(
            f"none of {malformed} rows can be read: {samples[0][1] if samples else 'unknown reason'}",
            code="usage-no-readable-row",
            at=samples[0][0] if samples else None,
            hint="Name the format (`--log-format`) or map the fields (`columns:` in apidiff.yaml).",
        )
    span = connection.execute(
        'SELECT min("first"), max("last"), count(DISTINCT day), max(day) - min(day) + 1 FROM cube'
    ).fetchone()
    assert span is not None
    shapes = _shapes(connection)
    return Coverage(
        rows=readable + malformed,
        matched=readable - unmatched,
        unmatched=unmatched,
        malformed=malformed,
        first=instant(span[0]),
        last=instant(span[1]),
        days_with_data=span[2],
        span_days=span[3],
        keys=keys,
        anonymous=anonymous,
        unmatched_shapes=_shown(shapes, routes),
        malformed_samples=samples,
        has_query=queries > 0 or "query" in names,
        has_fields=bool({"request_fields", "response_fields"} & names),
        has_version="version" in names,
        warnings=tuple(warnings),
        successes=successes,
        keyless=keyless,
        key_hint=" ".join(dict.fromkeys(reading.layout.format.key_hint for reading in found)).strip(),
        way_back=_way_back(shapes, routes),
        same=same_rows(connection, is_remote=log.is_remote),
        left_out=log.left_out,
        read_as=read_as(found),
    )


def _reasons(connection: "duckdb.DuckDBPyConnection", log: Log) -> tuple[tuple[str, str], ...]:
    """Why rows of an engine's table can't be read, the most frequent reason first; the rows have no place."""
    rows = connection.execute(
        "SELECT detail, sum(attempts)::BIGINT FROM aside WHERE route = ? GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT ?",
        [relations.UNREADABLE, SHOWN],
    ).fetchall()
    return tuple((log.options.table, f"{reason}: {counted(count, 'row')}") for reason, count in rows)


def _naive(found: Sequence[Reading]) -> list[str]:
    """The files whose times have no offset."""
    return [file.shown for reading in found if reading.layout.naive for file in reading.files]


def _doubts(found: Sequence[Reading], cut_off: Sequence[str], naive: Sequence[str]) -> Iterator[str]:
    """What makes a log less than it seems: an archive cut off, times without an offset, lines with more before them."""
    for name in cut_off:
        yield f"{name} is cut off: what came after its end is missing, and nobody is safe because of it"
    if naive:
        yield f"times have no offset and are taken as UTC: {', '.join(naive[:3])}"
    yield from dict.fromkeys(note for reading in found for note in reading.layout.notes)
    for reading in found:
        for file in reading.files:
            if file.prefixes:
                yield f"{file.shown}: what a log daemon wrote before {file.prefixes:,} lines was taken off"


def _slashes(eased: int, slashed: int) -> Iterator[str]:
    """What became of paths with a slash too many: they count without it, or call nothing."""
    if eased:
        yield f"{eased:,} calls succeeded at {_SLASHED}, and count as if it had none"
    elif slashed:
        yield (
            f"{slashed:,} calls succeeded at {_SLASHED}, and call nothing as it stands; "
            "if the server takes it for the path without, put `slashes: ignore` into apidiff.yaml"
        )


def _shapes(connection: "duckdb.DuckDBPyConnection") -> list[tuple[str, int, int]]:
    """Unmatched traffic: the shape of its path, the number of its key, and how often."""
    return connection.execute(
        "SELECT coalesce(detail, ?), key, sum(attempts)::BIGINT FROM aside WHERE route = 0 GROUP BY ALL", [_NO_PATH]
    ).fetchall()


def _way_back(rows: Sequence[tuple[str, int, int]], routes: Routes) -> str:
    shapes: Counter[str] = Counter()
    for shape, _, attempts in rows:
        shapes[shape] += attempts
    return way_back(shapes, routes)


def _shown(rows: Sequence[tuple[str, int, int]], routes: Routes) -> tuple[tuple[str, int], ...]:
    """Unmatched paths by shape; a segment is shown where it is the spec's, a version, or a word of several keys."""
    users: dict[str, set[int]] = {}
    for shape, key, _ in rows:
        for segment in shape.split("/"):
            seen = users.setdefault(segment, set())
            if len(seen) < _MIN_KEYS_FOR_A_WORD:
                seen.add(key)

    def is_shown(segment: str) -> bool:
        if segment in routes.words or segment == "" or _VERSION_SEGMENT.fullmatch(segment):
            return True
        return bool(_WORD.fullmatch(segment)) and len(users[segment]) >= _MIN_KEYS_FOR_A_WORD

    shapes: Counter[str] = Counter()
    for shape, _, attempts in rows:
        text = (
            shape
            if shape in ("OPTIONS", ANOTHER_HOST, _NO_PATH)
            else "/".join(part if is_shown(part) else "*" for part in shape.split("/"))
        )
        shapes[clip(text, _LONGEST_SHAPE)] += int(attempts)
    return tuple(sorted(shapes.items(), key=lambda item: (-item[1], item[0]))[:_SHAPES_SHOWN])
