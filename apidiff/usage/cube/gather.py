"""SHELL: runs the plan over the logs batch by batch and adds up, so that memory does not grow with the logs.

Inside the engine keys, versions and user agents get numbers as they turn up; the tables that stay hold numbers only,
beside one small table for each kind of text.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from apidiff.usage.cube import relations
from apidiff.usage.cube.pieces import Piece, Pieces, without
from apidiff.usage.cube.same import SAMPLED, every
from apidiff.usage.cube.value import NEVER, NOTHING
from apidiff.usage.read.canonical import SWALLOWED
from apidiff.usage.read.files import LogFile
from apidiff.usage.read.logs import TEXT_MEMORY, Log, unreadable
from apidiff.usage.read.mend import can_mend, is_worth_it
from apidiff.usage.read.raw import Reading
from apidiff.usage.read.values import literal, parquet_files
from apidiff.usage.route import Routes
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

Report = Callable[[float], None]

_BATCH_BYTES = {"parquet": 60 << 20, "packed": 100 << 20, "text": 500 << 20}
_TABLES = f"""
CREATE TEMP TABLE key_numbers (key VARCHAR, number INTEGER);
CREATE TEMP TABLE version_numbers (version VARCHAR, number INTEGER);
CREATE TEMP TABLE agent_numbers (agent VARCHAR, number INTEGER);
CREATE TEMP TABLE cube (
    key INTEGER, route INTEGER, version INTEGER, agent INTEGER, day INTEGER, attempts BIGINT, successes BIGINT,
    "first" BIGINT, "last" BIGINT, first_success BIGINT, part INTEGER
);
CREATE TEMP TABLE failures (key INTEGER, route INTEGER, spot BIGINT, moment TIMESTAMP, status INTEGER, part INTEGER);
CREATE TEMP TABLE aside (route INTEGER, detail VARCHAR, key INTEGER, attempts BIGINT, part INTEGER);
CREATE TEMP TABLE counts (queries BIGINT, eased BIGINT, slashed BIGINT, zoned BIGINT, part INTEGER);
CREATE TEMP TABLE asked (
    key INTEGER, route INTEGER, spot BIGINT, moment TIMESTAMP, wait BIGINT, delay BIGINT, part INTEGER
);
{SAMPLED};
CREATE TEMP MACRO clean(value) AS CASE WHEN lower(value) IN {NOTHING} THEN '' ELSE coalesce(value, '') END;
CREATE TEMP MACRO spot_of(path) AS (hash(path) >> 1)::BIGINT;
CREATE TEMP MACRO stamped(value) AS coalesce(epoch_us(value), {NEVER});
"""
_GROWING = ("cube", "failures")
_FIGURES = ("attempts", "successes", "first", "last", "first_success")
_NUMBER = """
INSERT INTO {name}_numbers
SELECT {name}, (SELECT count(*) FROM {name}_numbers) + row_number() OVER () - 1
FROM (SELECT DISTINCT clean({column}) AS {name} FROM batch WHERE {where}) ANTI JOIN {name}_numbers USING ({name})
"""
_KEEP = """
INSERT INTO cube
SELECT k.number, route, v.number, a.number, (day - DATE '1970-01-01')::INTEGER, attempts, successes,
       stamped("first"), stamped("last"), stamped(first_success), {part}
FROM batch JOIN key_numbers k ON clean(batch.key) = k.key
     JOIN version_numbers v ON clean(CASE WHEN route > 0 THEN detail END) = v.version
     JOIN agent_numbers a ON clean(batch.agent) = a.agent
WHERE route >= 0;
INSERT INTO aside
SELECT route, detail, coalesce(k.number, -1), sum(attempts), {part}
FROM batch LEFT JOIN key_numbers k ON clean(batch.key) = k.key
WHERE route <= 0 GROUP BY ALL;
INSERT INTO failures
SELECT k.number, route, spot, moment, status, {part} FROM failed JOIN key_numbers k ON clean(failed.key) = k.key;
DROP TABLE batch;
DROP VIEW failed;
DROP TABLE attempted;
"""
_SLASHES = """
INSERT INTO counts (eased, slashed, part)
SELECT sum(eased) FILTER (route > 0), sum(eased) FILTER (route = 0), {part} FROM batch
"""
_BROKEN = f"SELECT count_if(detail = {literal(SWALLOWED)}), count(*) FROM batch WHERE route = {relations.UNREADABLE}"
_UNPACK = """
CREATE OR REPLACE TEMP TABLE attempted AS
SELECT key, route, attempt.spot AS spot, attempt.moment AS moment, attempt.status AS status
FROM (SELECT key, route, unnest(attempted) AS attempt FROM batch WHERE len(attempted) > 0);
CREATE OR REPLACE TEMP VIEW failed AS SELECT * FROM attempted WHERE route > 0 AND (status >= 400 OR status < 200)
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One batch of the logs: its readings, and the times of its first and last readable row; None where it has none.

    Its rows in the tables are those of its `number`. `sources` are its files before any was copied, and `every` is that
    of its sample. It may be a `piece` that was kept, which is not read.
    """

    readings: tuple[Reading, ...]
    first: datetime | None
    last: datetime | None
    number: int = 0
    sources: tuple[LogFile, ...] = ()
    every: int = 0
    piece: Piece | None = None

    @property
    def files(self) -> tuple[LogFile, ...]:
        """The files that are read."""
        return tuple(file for reading in self.readings for file in reading.files)

    @property
    def is_mended(self) -> bool:
        """Whether copies are read."""
        return self.piece.is_mended if self.piece else self.files != self.sources


_SAMPLE = """
INSERT INTO sampled
SELECT k.number, spot, moment, status, {every}, {part}
FROM attempted JOIN key_numbers k ON clean(attempted.key) = k.key WHERE epoch_us(moment) % {every} = 0
"""


def gather(
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    routes: Routes,
    *,
    report: Report,
    pieces: Pieces | None = None,
    kept: Sequence[Piece] = (),
) -> tuple[Part, ...]:
    """Fills the tables `cube`, `failures`, `aside` (what is unmatched or unreadable) and the three `…_numbers`.

    Gives the batches that it read, and those that are `kept`, whose files are left alone. Where there are several, the
    two tables that grow with them lie on the disk.

    Errors: `usage-unreadable`.
    """
    connection.execute(_TABLES)
    found = log.readings(connection)
    batches, step = list(_batches(tuple(without(found, kept)))), every(found)
    has_several = len(batches) + len(kept) > 1
    total = sum(file.size for batch in batches for reading in batch for file in reading.files) or 1
    parts, done = list[Part](), 0
    for batch in batches:
        size = sum(file.size for reading in batch for file in reading.files)

        def inner(share: float, done: int = done, size: int = size) -> None:
            report((done + share * size) / total)

        counted = any(reading.has("count") for reading in batch)
        queries = not all(reading.has("query") for reading in batch)
        plan = _Plan(counted, queries, 0 if counted else step)
        parts.append(_one(connection, log, batch, routes=routes, plan=plan, number=len(parts) + 1, report=inner))
        if has_several:
            _put_away(connection, log.folder, len(parts))
        done += size
        report(done / total)
    for piece in kept:
        number, files = len(parts) + 1, piece.reading.files
        assert pieces is not None
        pieces.load(connection, piece, part=number, every=step)
        parts.append(Part((piece.reading,), piece.first, piece.last, number, files, piece.every, piece))
        if has_several:
            _put_away(connection, log.folder, number)
    if has_several:
        _look_through(connection, log.folder, len(parts))
    return tuple(parts)


def are_slashes_the_rule(connection: "duckdb.DuckDBPyConnection") -> bool:
    """Whether more calls would be told by leaving slashes out of their paths than are told as they stand."""
    found = connection.execute(
        "SELECT (SELECT sum(slashed) FROM counts) > coalesce((SELECT sum(successes) FROM cube WHERE route > 0), 0)"
    ).fetchone()
    return bool(found and found[0])


def _put_away(connection: "duckdb.DuckDBPyConnection", folder: Path, number: int) -> None:
    """Empties the growing tables into files."""
    for name in _GROWING:
        connection.execute(f"COPY {name} TO {literal(_file(folder, name, number))} (FORMAT parquet)")
        connection.execute(f"TRUNCATE {name}")


def _look_through(connection: "duckdb.DuckDBPyConnection", folder: Path, count: int) -> None:
    """Puts views of the files in the place of the growing tables."""
    for name in _GROWING:
        connection.execute(f"DROP TABLE {name}")
        files = (_file(folder, name, number) for number in range(1, count + 1))
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {parquet_files(*files)}")


def _file(folder: Path, name: str, number: int) -> str:
    return str(folder / f"{name}-{number}.parquet")


def _batches(found: Sequence[Reading]) -> Iterator[list[Reading]]:
    """The readings cut into parts of some hundred megabytes; a file is never cut."""
    for reading in found:
        kind = "parquet" if reading.layout.types else "packed" if reading.files[0].packed else "text"
        part: list[LogFile] = []
        size = 0
        for file in reading.files:
            if part and size + file.size > _BATCH_BYTES[kind]:
                yield [replace(reading, files=tuple(part))]
                part, size = [], 0
            part.append(file)
            size += file.size
        yield [replace(reading, files=tuple(part))]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is asked of a batch: rows that stand for several, the number of queries, and a sample of moments."""

    counted: bool
    queries: bool
    every: int


def _statement(log: Log, routes: Routes, plan: _Plan) -> str:
    """The SQL that makes the table `batch` from the view `events`; kept, since it takes longer than a small log."""
    events, keys, ids = log.tables()
    shape = (repr(routes.patterns), ids is not None, plan)
    if shape not in _COMPILED:
        expression = relations.cube_of(
            events,
            routes,
            keys=keys,
            ids=ids,
            failing=True,
            counted=plan.counted,
            queries=plan.queries,
            eased=True,
            every=plan.every,
        )
        _COMPILED[shape] = relations.sql(expression)
    return f"CREATE OR REPLACE TEMP TABLE batch AS {_COMPILED[shape]}"


_COMPILED: dict[tuple[str, bool, _Plan], str] = {}


def _one(
    connection: "duckdb.DuckDBPyConnection",
    log: Log,
    batch: Sequence[Reading],
    *,
    routes: Routes,
    plan: _Plan,
    number: int,
    report: Report,
) -> Part:
    statement, sources = _statement(log, routes, plan), tuple(file for reading in batch for file in reading.files)
    batch = read_through(connection, log, batch, statement=statement, report=report)
    if can_mend(batch) and _has_mendable(connection, batch):
        batch = read_through(connection, log, log.mend(batch), statement=statement, report=report)
    span = connection.execute('SELECT min("first"), max("last") FROM batch WHERE route >= 0').fetchone()
    connection.execute(_UNPACK)
    _number(connection)
    if plan.queries:
        connection.execute(f"INSERT INTO counts (queries, part) SELECT sum(queries), {number} FROM batch")
    connection.execute(_SLASHES.format(part=number))
    if plan.every:
        connection.execute(_SAMPLE.format(every=plan.every, part=number))
    connection.execute(_KEEP.format(part=number))
    first, last = span or (None, None)
    return Part(tuple(batch), first, last, number, sources, plan.every)


def read_through(
    connection: "duckdb.DuckDBPyConnection", log: Log, batch: Sequence[Reading], *, statement: str, report: Report
) -> Sequence[Reading]:
    """Runs a statement over the view `events` of readings, or of copies where they can't be read; gives those.

    Errors: `usage-unreadable`, `usage-too-large`.
    """
    batch = log.show(connection, batch)
    try:
        run(connection, statement, report=report)
    except ApidiffError as error:
        if error.code != "usage-unreadable" or not can_mend(batch):
            raise
        batch = log.show(connection, log.mend(batch))
        run(connection, statement, report=report)
    return batch


def _has_mendable(connection: "duckdb.DuckDBPyConnection", batch: Sequence[Reading]) -> bool:
    """Whether some unreadable rows may be readable after all, or lines were swallowed."""
    (swallowed, unreadable) = connection.execute(_BROKEN).fetchone() or (0, 0)
    return bool(swallowed) or (bool(unreadable) and is_worth_it(batch))


def _number(connection: "duckdb.DuckDBPyConnection") -> None:
    for name, column in (("key", "key"), ("version", "CASE WHEN route > 0 THEN detail END"), ("agent", "agent")):
        connection.execute(_NUMBER.format(name=name, column=column, where="route >= 0"))


def gather_rows(connection: "duckdb.DuckDBPyConnection", rows: "pa.Table") -> None:
    """Fills the same tables from another engine's cube, whose columns are those of `Remote.cube`."""
    connection.execute(_TABLES)
    connection.register("frame_", rows)
    moments = ", ".join(f'"{name}"::TIMESTAMP AS "{name}"' for name in ("first", "last", "first_success"))
    connection.execute(
        "CREATE TEMP TABLE batch AS SELECT key::VARCHAR AS key, route::INTEGER AS route, detail::VARCHAR AS detail, "
        "agent::VARCHAR AS agent, day::DATE AS day, attempts::BIGINT AS attempts, successes::BIGINT AS successes, "
        f"{moments}, eased::BIGINT AS eased, queries::BIGINT AS queries, zoned::BIGINT AS zoned FROM frame_"
    )
    connection.unregister("frame_")
    connection.execute(
        "CREATE TEMP TABLE attempted AS SELECT key, route, NULL::BIGINT AS spot, NULL::TIMESTAMP AS moment, "
        "NULL::INTEGER AS status FROM batch LIMIT 0; CREATE TEMP VIEW failed AS SELECT * FROM attempted"
    )
    _number(connection)
    connection.execute("INSERT INTO counts (queries, zoned) SELECT sum(queries), sum(zoned) FROM batch")
    connection.execute(_SLASHES.format(part=0))
    connection.execute(_KEEP.format(part=0))


def run(connection: "duckdb.DuckDBPyConnection", statement: str, *, report: Report) -> None:
    """Runs a statement on the logs, tells how far it is, and gives it more memory where it needs more.

    Errors: `usage-unreadable` for what the engine can't read.
    """
    import duckdb

    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            share = connection.query_progress()
            if share > 0:
                report(min(share / 100, 0.99))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        _patiently(connection, statement)
    except duckdb.Error as error:
        raise unreadable(error) from error
    finally:
        done.set()
        watcher.join()


def _patiently(connection: "duckdb.DuckDBPyConnection", statement: str) -> None:
    import duckdb

    for limit in (TEXT_MEMORY, "2GB", "8GB", ""):
        try:
            connection.execute(statement)
        except duckdb.OutOfMemoryException:
            if not limit:
                raise
            connection.execute(f"SET memory_limit = '{limit}'")
        else:
            return
