"""Cubes kept between runs, so that a second question over the same logs needs no second reading.

A cube is found again by its files (path, size, time of change, both ends), the routes and the options that shape it.
The day of the run shapes it only through rows of later days, so a log without any has the same cube tomorrow. It holds
keys as digests and masks only; a damaged or strange entry is read as no entry.
"""

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from apidiff.usage.cube.value import KeyUse, Usage
from apidiff.usage.evidence import Coverage
from apidiff.usage.options import Options
from apidiff.usage.read.logs import Log, first_day_ahead
from apidiff.usage.read.raw import IN_THE_FUTURE
from apidiff.usage.read.values import parquet_files
from apidiff.usage.route import Routes

if TYPE_CHECKING:
    import pandas as pd

_FORMAT = 4
_PART = ".part-"
"""What the folders begin with in which something is being written."""
_LEFT_SECONDS = 24 * 60 * 60
_ENDS = 1 << 16
_OF_KEY = tuple(field.name for field in fields(KeyUse))
_FRAMES = ("cube", "clients", "retries")
_ELSEWHERE = frozenset(
    {"exclude_keys", "exclude_integrators", "exclude_operations", "min_calls", "min_share", "look_back_days",
     "recent_days", "late_days", "key_hash", "key_secret", "revision_version", "cache", "salt", "threads", "today"}
)  # fmt: skip
"""Options that shape the join and not the cube; of `today` see `_holds_on`."""


class Cache:
    """The entry of one set of logs under one set of routes; without a folder it holds nothing."""

    def __init__(self, log: Log, routes: Routes, salt: bytes) -> None:
        folder = log.options.cache
        self._folder: Path | None = None
        if folder is not None and "-" not in log.sources and not log.is_remote:
            self._folder = folder / _fingerprint(log, routes, salt)
        self._log, self._routes, self._salt = log, routes, salt

    def usage(self) -> Usage | None:
        """The usage that was kept, or None."""
        if self._folder is None:
            return None
        try:
            meta = json.loads((self._folder / "usage.json").read_text())
            coverage = _coverage(meta["coverage"])
            if not _holds_on(coverage, made_on=meta["today"], today=self._log.options.today):
                return None
            frames = {name: _frame(self._folder / f"{name}.parquet") for name in _FRAMES}
            return Usage(
                coverage=coverage,
                keys=tuple(KeyUse(**key) for key in meta["keys"]),
                versions=tuple(meta["versions"]),
                routes=replace(self._routes, ignores_slashes=meta["ignores_slashes"]),
                logged=frozenset(meta["logged"]),
                log=self._log,
                salt=self._salt,
                **frames,
            )
        except Exception:  # noqa: BLE001 - whatever is wrong with an entry, it is built anew
            return None

    def keep(self, usage: Usage) -> None:
        """Keeps a usage; a folder that can't be written keeps nothing."""
        if self._folder is None:
            return
        meta = {
            "coverage": asdict(usage.coverage),
            "keys": [{name: getattr(key, name) for name in _OF_KEY} for key in usage.keys],
            "versions": usage.versions,
            "logged": sorted(usage.logged),
            "today": self._log.options.today,
            "ignores_slashes": usage.routes.ignores_slashes,
        }
        import duckdb

        # the answers of the one before are about the cube that goes, and go with it
        with suppress(OSError, duckdb.Error), new_entry(self._folder) as entry:
            for name in _FRAMES:
                write_frame(entry / f"{name}.parquet", getattr(usage, name))
            write(entry / "usage.json", json.dumps(meta, default=_text).encode())

    def answer(self, question: str) -> list[list[int]] | None:
        """What was answered to a question before: rows of numbers."""
        if self._folder is None:
            return None
        try:
            rows: list[list[int]] = json.loads((self._folder / f"answer-{self._name(question)}.json").read_text())
        except (OSError, ValueError):
            return None
        return rows

    def keep_answer(self, question: str, rows: list[list[int]]) -> None:
        """Keeps an answer under a name that shows neither the names nor the values asked about."""
        if self._folder is None or not self._folder.is_dir():
            return
        with suppress(OSError), TemporaryDirectory(prefix=_PART, dir=self._folder.parent) as part:
            fresh = Path(part, "answer")
            write(fresh, json.dumps(rows).encode())
            fresh.replace(self._folder / f"answer-{self._name(question)}.json")

    def _name(self, question: str) -> str:
        return hashlib.blake2b(question.encode(), key=self._salt, digest_size=12).hexdigest()


def _holds_on(coverage: Coverage, *, made_on: str | None, today: date | None) -> bool:
    """Whether a cube made on one day (ISO, None for no day) is that of another: no row was or is in the future."""
    if made_on == (today.isoformat() if today else None):
        return True
    all_known = coverage.malformed <= len(coverage.malformed_samples)
    if not all_known or any(reason == IN_THE_FUTURE for _, reason in coverage.malformed_samples):
        return False
    return today is None or coverage.last is None or coverage.last.date() < first_day_ahead(today)


def fingerprint_of_shape(options: Options, routes: Routes, salt: bytes, *more: object) -> str:
    """What decides what a log comes to, beside its files: the options that shape the cube, the routes, and more."""
    shaping = {item.name: getattr(options, item.name) for item in fields(options) if item.name not in _ELSEWHERE}
    told = json.dumps([_FORMAT, *more, shaping, routes.rows(), sorted(routes.operation_ids.items())], default=_text)
    return hashlib.blake2b(told.encode(), key=salt, digest_size=16).hexdigest()


def fingerprint_of_file(path: str, salt: bytes) -> str:
    """What a file is, told from a part of it: where it lies, its size, its time of change, and both of its ends."""
    found = Path(path).stat()
    state = hashlib.blake2b(key=salt, digest_size=16)
    state.update(json.dumps([os.path.abspath(path), found.st_size, found.st_mtime_ns]).encode())  # noqa: PTH100
    with Path(path).open("rb") as stream:
        state.update(stream.read(_ENDS))
        stream.seek(-min(_ENDS, found.st_size), os.SEEK_END)
        state.update(stream.read(_ENDS))
    return state.hexdigest()


def _fingerprint(log: Log, routes: Routes, salt: bytes) -> str:
    files = [fingerprint_of_file(file.path, salt) for file in log.files]
    return fingerprint_of_shape(log.options, routes, salt, *files)


def _text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _coverage(stored: dict[str, Any]) -> Coverage:
    for name in ("first", "last"):
        stored[name] = datetime.fromisoformat(stored[name]) if stored[name] else None
    for name in ("unmatched_shapes", "malformed_samples", "left_out"):
        stored[name] = tuple((pair[0], pair[1]) for pair in stored[name])
    return Coverage(**(stored | {name: tuple(stored[name]) for name in ("warnings", "read_as")}))


def _frame(path: Path) -> "pd.DataFrame":
    import duckdb
    import pandas as pd

    result = duckdb.connect().execute(f"SELECT * FROM {parquet_files(str(path))}")
    names = [column[0] for column in result.description or ()]
    if path.stem == "cube":
        return pd.DataFrame(result.fetchnumpy())
    return pd.DataFrame(result.fetchall(), columns=names)


def write_frame(path: Path, frame: "pd.DataFrame") -> None:
    """Writes a new file of Parquet that is its owner's alone."""
    import duckdb

    with closing(duckdb.connect()) as connection:
        connection.register("frame_", frame)
        target = str(path).replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM frame_) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    path.chmod(0o600)


def write(path: Path, content: bytes) -> None:
    """Writes a new file that is its owner's alone."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


@contextmanager
def new_entry(target: Path) -> Iterator[Path]:
    """A folder of its owner's alone that takes the place of an entry of the cache once all is in it.

    What runs that were killed have left beside it is removed, unless they may still be at work.
    """
    home = target.parent
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for part in home.glob(f"{_PART}*"):
        if time.time() - part.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(part, ignore_errors=True)
    with TemporaryDirectory(prefix=_PART, dir=home) as folder:
        entry = Path(folder, "entry")
        entry.mkdir(mode=0o700)
        yield entry
        if target.exists():
            target.rename(Path(folder, "stale"))
        entry.rename(target)
