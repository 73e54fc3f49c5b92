"""What files of a log came to, kept by file: a log with one more file is that file to read, and no other.

A piece is one batch of files: its rows of the cube, its failures and what followed them, what could not be told or
read. It is used again as long as each of its files is there and is what it was. Keys are in it as digests and masks,
user agents as what they claim to be, unmatched paths as shapes; a damaged or strange piece is read as no piece.

What happens in one file is seldom changed by another: a failure waits for a success no longer than `longest_wait`, so
only what is near the first and the last row of a file is asked for again when more files come.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube.agents import Client, client_of
from apidiff.usage.cube.cache import fingerprint_of_file, fingerprint_of_shape, new_entry, write
from apidiff.usage.keys import digest, is_test_key, looks_secret, masked
from apidiff.usage.read.files import LogFile
from apidiff.usage.read.logs import Log, first_day_ahead
from apidiff.usage.read.raw import IN_THE_FUTURE, Reading
from apidiff.usage.read.values import literal, parquet_files
from apidiff.usage.route import Routes

if TYPE_CHECKING:
    import duckdb

    from apidiff.usage.cube.gather import Part

Places = tuple[tuple[str, str], ...]

Facts = tuple[str, str, str]
"""What may be shown of a key: its mask, and "1" for a test key and for a secret, else ""."""
STOOD_FOR, LEFT_OUT = "\x01", "\x02"
"""What stands before the digest of a key, or the client, that a piece has in the place of a key or a user agent."""
_BETWEEN = "\x1f"
_SAVED = {
    "keys": "SELECT number, digest, masked, test, secret FROM key_places "
    "WHERE number IN (SELECT key FROM cube WHERE part = {part} UNION SELECT key FROM aside WHERE part = {part})",
    "cube": """
        SELECT key, route, s.version, c.family, c.language, c.kind, day, sum(attempts)::BIGINT AS attempts,
               sum(successes)::BIGINT AS successes, min("first") AS "first", max("last") AS "last",
               min(first_success) FILTER (first_success >= 0) AS first_success
        FROM cube JOIN version_places s ON cube.version = s.number LEFT JOIN clients c ON cube.agent = c.number
        WHERE part = {part} GROUP BY ALL
        """,
    "failures": "SELECT key, route, spot, moment, status FROM failures WHERE part = {part}",
    "aside": "SELECT route, detail, key, attempts FROM aside WHERE part = {part}",
    "counts": "SELECT queries, eased, slashed FROM counts WHERE part = {part}",
    "sampled": "SELECT key, spot, moment, status FROM sampled WHERE part = {part}",
    "asked": "SELECT key, route, spot, moment, wait, delay FROM asked WHERE part = {part}",
}
"""The tables of a piece; of clients that were left out the family is null."""
_CLIENT = (
    f"CASE WHEN family IS NULL THEN {literal(LEFT_OUT)} "
    f"ELSE concat({literal(STOOD_FOR)}, family, {literal(_BETWEEN)}, language, {literal(_BETWEEN)}, kind) END"
)
_PIECE_KEYS = (
    "CREATE OR REPLACE TEMP TABLE piece_keys AS SELECT key::INTEGER AS old, number::INTEGER AS number FROM frame_"
)
_REVEALED = "UPDATE key_numbers SET key = f.key::VARCHAR FROM frame_ f WHERE f.number = key_numbers.number"
_LOADED = (
    """
    INSERT INTO {name}_numbers
    SELECT {name}, (SELECT count(*) FROM {name}_numbers) + row_number() OVER () - 1
    FROM (SELECT DISTINCT {value} AS {name} FROM {cube}) ANTI JOIN {name}_numbers USING ({name})
    """,
    """
    INSERT INTO cube
    SELECT k.number, route, v.number, a.number, day, attempts, successes, "first", "last",
           coalesce(p.first_success, -1), {part}
    FROM {cube} p JOIN piece_keys k ON p.key = k.old JOIN version_numbers v ON p.version = v.version
         JOIN agent_numbers a ON {client} = a.agent
    """,
    """
    INSERT INTO failures SELECT k.number, route, spot, moment, status, {part}
    FROM {failures} p JOIN piece_keys k ON p.key = k.old
    """,
    """
    INSERT INTO aside SELECT route, detail, coalesce(k.number, -1), attempts, {part}
    FROM {aside} p LEFT JOIN piece_keys k ON p.key = k.old
    """,
    "INSERT INTO counts (queries, eased, slashed, part) SELECT queries, eased, slashed, {part} FROM {counts}",
    """
    INSERT INTO sampled SELECT k.number, spot, moment, status, {every}, {part}
    FROM {sampled} p JOIN piece_keys k ON p.key = k.old WHERE epoch_us(moment) % {every} = 0
    """,
    """
    INSERT INTO asked SELECT k.number, route, spot, moment, wait, delay, {part}
    FROM {asked} p JOIN piece_keys k ON p.key = k.old
    """,
)


class PieceDamagedError(Exception):
    """A piece can't be read: what it holds has to be read from its files."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One kept batch: the files as they are in this run, by what they are read, and what is known of them.

    `every` is that of its sample (0 for none); `located` has the unreadable rows of each file that was looked at, by
    the file's place in the piece, and `cut_off` the places of archives that end too early.
    """

    folder: Path
    reading: Reading
    first: datetime | None
    last: datetime | None
    every: int
    is_mended: bool = False
    cut_off: tuple[int, ...] = ()
    located: Mapping[int, Places] = field(default_factory=dict)

    @property
    def files(self) -> tuple[LogFile, ...]:
        """Its files."""
        return self.reading.files

    def table(self, name: str) -> str:
        """One of its tables, as SQL."""
        return parquet_files(str(self.folder / f"{name}.parquet"))


class Pieces:
    """The pieces of logs that are read in one way; without a folder there are none, and none are kept."""

    def __init__(self, log: Log, routes: Routes, salt: bytes) -> None:
        self._log, self.salt = log, salt
        self._home: Path | None = None
        if log.options.cache is not None and "-" not in log.sources and not log.is_remote:
            shape = fingerprint_of_shape(log.options, routes, salt, "pieces", routes.ignores_slashes)
            self._home = log.options.cache / f"pieces-{shape}"
        self._known: dict[str, int] | None = None
        self.facts: dict[str, Facts] = {}

    def __bool__(self) -> bool:
        return self._home is not None

    def known(self, found: Sequence[Reading], step: int) -> tuple[Piece, ...]:
        """The pieces of some readings' files; `step` is that of the sample. Those of files that changed are removed."""
        if self._home is None or not self._home.is_dir():
            return ()
        kept = list[Piece]()
        stored = [one for path in sorted(self._home.iterdir()) if (one := self._stored(path)) is not None]
        stored.sort(key=lambda one: -len(one[1]["files"]))
        for reading in found:
            left = {self._names[file.path]: file for file in reading.files if file.path in self._names}
            layout = _layout_of(reading)
            for path, meta in stored:
                if meta["layout"] != layout or not 0 <= meta["every"] <= step or not left.keys() >= set(meta["files"]):
                    continue
                files = tuple(left.pop(name) for name in meta["files"])
                kept.append(_piece(path, replace(reading, files=files), meta))
        return tuple(kept)

    @cached_property
    def _names(self) -> dict[str, str]:
        """What each file is that lies where the user has it; of a copy nobody knows whether it is the same again."""
        return {file.path: fingerprint_of_file(file.path, self.salt) for file in self._log.files}

    def _stored(self, path: Path) -> tuple[Path, dict[str, Any]] | None:
        try:
            meta = json.loads((path / "piece.json").read_text())
            now = {file: self._names.get(file) for file in meta["paths"]}
            if any(name and name not in meta["files"] for name in now.values()):
                shutil.rmtree(path, ignore_errors=True)
                return None
            today = self._log.options.today
            last = _moment(meta["last"])
            is_ahead = bool(today and last and last.date() >= first_day_ahead(today))
            if meta["today"] != _day(today) and (meta["future"] or is_ahead):
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return path, meta

    def load(self, connection: "duckdb.DuckDBPyConnection", piece: Piece, *, part: int, every: int) -> None:
        """Puts a piece into the tables of `gather`, as the rows of a part of its own.

        Raises `PieceDamagedError` where it can't be read; then all pieces are gone.
        """
        import duckdb

        try:
            self._load(connection, piece, part=part, every=every)
        except (duckdb.Error, ValueError) as error:
            shutil.rmtree(piece.folder.parent, ignore_errors=True)
            raise PieceDamagedError from error

    def _load(self, connection: "duckdb.DuckDBPyConnection", piece: Piece, *, part: int, every: int) -> None:
        numbers = self._numbers(connection)
        saved = connection.execute(f"SELECT number, digest, masked, test, secret FROM {piece.table('keys')}").fetchall()
        fresh = [row for row in saved if row[1] not in numbers]
        for _, name, *shown in fresh:
            numbers[name] = len(numbers)
            self.facts[name] = (shown[0], shown[1], shown[2])
        if fresh:
            rows = [(f"{STOOD_FOR}{name}" if name else "", numbers[name]) for _, name, *_ in fresh]
            _insert(connection, "INSERT INTO key_numbers SELECT key::VARCHAR, number::INTEGER FROM frame_", rows)
        rows = [(row[0], numbers[row[1]]) for row in saved]
        _insert(connection, _PIECE_KEYS, rows)
        tables = {name: piece.table(name) for name in _SAVED}
        values = {"version": "version", "agent": _CLIENT}
        for name, value in values.items():
            connection.execute(_LOADED[0].format(name=name, value=value, **tables))
        for statement in _LOADED[1:]:
            connection.execute(statement.format(part=part, every=every or 1, client=_CLIENT, **tables))

    def _numbers(self, connection: "duckdb.DuckDBPyConnection") -> dict[str, int]:
        """The number of each key by its digest."""
        if self._known is None:
            rows = connection.execute("SELECT key, number FROM key_numbers").fetchall()
            self._known = {digest(key, self.salt) if key else "": number for key, number in rows}
        return self._known

    def reveal(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Puts the keys themselves, from the view `events`, in the place of the digests that pieces have of them."""
        known = connection.execute(
            f"SELECT count(*) FROM wanted JOIN key_numbers k ON wanted.key = k.number "
            f"WHERE starts_with(k.key, {literal(STOOD_FOR)})"
        ).fetchone()
        if not known or not known[0]:
            return
        keys = connection.execute("SELECT DISTINCT clean(key) FROM events WHERE reason = ''").fetchall()
        numbers = self._numbers(connection)
        rows = [(key, numbers[name]) for (key,) in keys if key and (name := digest(key, self.salt)) in numbers]
        _insert(connection, _REVEALED, rows)

    def has_more_of(self, connection: "duckdb.DuckDBPyConnection", part: "Part") -> bool:
        """Whether more is known now of what was asked of a piece."""
        if part.piece is None:
            return False
        counted = (
            f"SELECT (SELECT count(*) FROM asked WHERE part = ?), (SELECT count(*) FROM {part.piece.table('asked')})"
        )
        now, before = connection.execute(counted, [part.number]).fetchone() or (0, 0)
        return bool(now > before)

    def keep(
        self,
        connection: "duckdb.DuckDBPyConnection",
        part: "Part",
        *,
        located: Mapping[int, Places],
        cut_off: Sequence[int],
    ) -> None:
        """Keeps what the tables hold of a part; one of copies is not kept, nor what can't be written."""
        import duckdb

        names = [self._names.get(file.path, "") for file in part.sources] if self._home else [""]
        if self._home is None or not all(names):
            return
        reasons = connection.execute("SELECT DISTINCT detail FROM aside WHERE part = ?", [part.number]).fetchall()
        layout = _layout_of(part.readings[0])
        meta = {
            "files": names,
            "paths": [file.path for file in part.sources],
            "layout": layout,
            "every": part.every,
            "first": part.first.isoformat() if part.first else None,
            "last": part.last.isoformat() if part.last else None,
            "today": _day(self._log.options.today),
            "future": (IN_THE_FUTURE,) in reasons,
            "is_mended": part.is_mended,
            "cut_off": list(cut_off),
            "located": {str(place): rows for place, rows in located.items()},
        }
        target = self._home / hashlib.blake2b(json.dumps([layout, names]).encode(), digest_size=12).hexdigest()
        with suppress(OSError, duckdb.Error), new_entry(target) as entry:
            for name, query in _SAVED.items():
                path = entry / f"{name}.parquet"
                select = query.format(part=part.number)
                connection.execute(f"COPY ({select}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
                path.chmod(0o600)
            write(entry / "piece.json", json.dumps(meta).encode())
        with suppress(OSError):
            self._home.rmdir()


def without(found: Sequence[Reading], kept: Sequence[Piece]) -> Iterator[Reading]:
    """Readings without the files of which there are pieces."""
    gone = {file.path for piece in kept for file in piece.files}
    for reading in found:
        if files := tuple(file for file in reading.files if file.path not in gone):
            yield replace(reading, files=files)


def name_of(key: str | None, salt: bytes) -> str:
    """The digest of a key, or the one that stands in its place; "" for none."""
    if key in (None, "", "-"):
        return ""
    return key.removeprefix(STOOD_FOR) if key.startswith(STOOD_FOR) else digest(key, salt)


def facts_of(key: str) -> Facts:
    """What may be shown of a key."""
    return masked(key), "1" * is_test_key(key), "1" * looks_secret(key)


def client_told(agent: str, excluded: Sequence[str]) -> Client | None:
    """What a user agent claims to be, or what a piece says that it claimed; None where it is left out."""
    if agent.startswith(LEFT_OUT):
        return None
    if agent.startswith(STOOD_FOR):
        family, language, kind = agent[len(STOOD_FOR) :].split(_BETWEEN)
        return Client(family, language, kind)
    return None if any(fnmatchcase(agent, pattern) for pattern in excluded) else client_of(agent)


def client_out(client: Client | None) -> str:
    """What stands for a user agent that claims to be a client, or that is left out."""
    return LEFT_OUT if client is None else STOOD_FOR + _BETWEEN.join((client.family, client.language, client.kind))


def _insert(connection: "duckdb.DuckDBPyConnection", statement: str, rows: Sequence[tuple[Any, int]]) -> None:
    import pandas as pd

    connection.register("frame_", pd.DataFrame(rows, columns=["key", "number"]).astype({"key": object}))
    connection.execute(statement)
    connection.unregister("frame_")


def _piece(folder: Path, reading: Reading, meta: Mapping[str, Any]) -> Piece:
    return Piece(
        folder,
        reading,
        _moment(meta["first"]),
        _moment(meta["last"]),
        meta["every"],
        meta["is_mended"],
        tuple(meta["cut_off"]),
        {int(place): tuple((row[0], row[1]) for row in rows) for place, rows in meta["located"].items()},
    )


def _layout_of(reading: Reading) -> str:
    """What a reading's rows depend on beside its files."""
    said = repr((replace(reading.layout, notes=()), reading.version_from, reading.files[0].packed))
    return hashlib.blake2b(said.encode(), digest_size=12).hexdigest()


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(today: date | None) -> str | None:
    return today.isoformat() if today else None
