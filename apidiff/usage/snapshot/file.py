"""A snapshot as bytes and back: one line that says what it is, a seal, and one packed frame.

What is read comes from anywhere: it is bounded before it is unpacked, sealed, and every number is checked before it is
used as a place. Nothing in it is ever run.
"""

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from apidiff.load.git import GitStore, is_revision
from apidiff.load.stores import is_glob
from apidiff.usage.cube.value import EPOCH, NEVER
from apidiff.usage.evidence import Coverage
from apidiff.usage.snapshot.value import Holder, Snapshot, Token
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.usage.snapshot.value import Column

MAGIC: Final = b"apidiff usage snapshot "
FORMAT: Final = 1
CONFIDENTIAL: Final = b" CONFIDENTIAL: names of accounts"
_LEVEL: Final = 19
_SEAL: Final = 32
LARGEST_FILE: Final = 64 << 20
LARGEST: Final = 512 << 20
_LARGEST_HEAD: Final = 64 << 20
_WINDOW: Final = 1 << 27
_MOST_ROWS: Final = 20_000_000
_MOST_DAYS: Final = 3_660
_LATEST: Final = 100_000
_USES: Final = ("account", "route", "version", "attempts", "successes", "week", "first", "last", "last_success")
_SIGHTS: Final = ("account", "route", "version", "shape", "successes", "failures", "last_success")
_OF_HOLDER: Final[Mapping[str, type]] = {
    one.name: list if one.name == "revenue" else bool if one.name.startswith("is_") else str for one in fields(Holder)
}
"""What each part of a holder is written as, where it is."""
_DIGESTS: Final = ("names", "values", "listed", "numbers", "fields")
_FIGURES: Final = tuple(one.name for one in fields(Coverage) if one.type in (int, bool, "int", "bool"))
_WIDTHS: Final = (1, 2, 4, 8)
_TEXT: Final = 400


def is_snapshot(path: str) -> bool:
    """Whether a file says in its first bytes that it is a snapshot, or is one of a git revision (`REV:PATH`).

    Nothing else is read from revisions; a glob with a colon in it stands for logs.
    """
    if is_revision(path) and not is_glob(path):
        return True
    try:
        with Path(path).open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):
        return False


def encoded(snapshot: Snapshot) -> bytes:
    """The bytes of a snapshot: the same for the same snapshot."""
    import orjson
    import zstandard

    coverage = snapshot.coverage
    head = {
        "title": snapshot.title,
        "look_back_days": snapshot.look_back_days,
        "last_day": snapshot.last_day,
        "coverage": {name: getattr(coverage, name) for name in _FIGURES}
        | {"first": _written(coverage.first), "last": _written(coverage.last), "left_out": len(coverage.left_out)},
        "logged": sorted(snapshot.logged),
        "holders": [_plain(holder) for holder in snapshot.holders],
        "routes": snapshot.routes,
        "versions": snapshot.versions,
        "tokens": [list(token) for token in snapshot.tokens],
        "shapes": snapshot.shapes,
        "bounds": snapshot.bounds,
        **{name: sorted(getattr(snapshot, name)) for name in _DIGESTS},
        "uses": len(snapshot.uses["account"]),
        "sights": len(snapshot.sights["account"]),
    }
    written = orjson.dumps(head, option=orjson.OPT_SORT_KEYS)
    parts = [struct.pack("<Q", len(written)), written]
    for column in (*snapshot.uses.values(), *snapshot.sights.values()):
        parts += _packed(column)
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_content_size=True).compress(b"".join(parts))
    line = MAGIC + str(FORMAT).encode() + (CONFIDENTIAL if snapshot.is_confidential else b"") + b"\n"
    return line + hashlib.sha256(line + frame).digest() + frame


def _plain(holder: Holder) -> dict[str, Any]:
    return {name: value for name, value in asdict(holder).items() if value not in ("", False, None)}


def _written(moment: datetime | None) -> int:
    """A day since 1970, -1 for none: the hour of a single call is nobody's business."""
    return (moment - EPOCH).days if moment else NEVER


def _packed(column: "Column") -> list[bytes]:
    """A column as the width of its numbers, and these byte by byte: the high ones first, which are mostly zero."""
    import numpy as np

    low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    width = next(one for one in _WIDTHS if -(1 << (8 * one - 1)) <= low and high < 1 << (8 * one - 1))
    numbers = column.astype(f"<i{width}")
    planes = numbers.view(np.uint8).reshape(len(column), width).T[::-1]
    return [bytes([width]), planes.tobytes()]


def read_snapshot(path: str) -> Snapshot:
    """A snapshot from a file, or from a git revision (`REV:PATH`).

    Errors: `snapshot-unreadable`, `snapshot-damaged`, `snapshot-unknown-format`, `snapshot-too-large`, and git's.
    """
    if is_revision(path):
        return decoded(GitStore(path).read_entry(), path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise ApidiffError(
            f"the snapshot can't be read: {(error.strerror or 'unknown reason').lower()}",
            code="snapshot-unreadable",
            at=path,
            hint="Check the file and its permissions.",
        ) from error
    return decoded(data, path)


def decoded(data: bytes, path: str) -> Snapshot:
    """A snapshot from its bytes; `path` is what errors name. Errors: those of `read_snapshot`."""
    line, newline, rest = data.partition(b"\n")
    version = line.removeprefix(MAGIC).removesuffix(CONFIDENTIAL)
    if not newline or not line.startswith(MAGIC) or len(line) > _TEXT:
        raise _damaged(path, "it does not begin like one")
    if version != str(FORMAT).encode():
        raise ApidiffError(
            "the snapshot is in a format that this version does not know",
            code="snapshot-unknown-format",
            at=path,
            hint="Make it with the version of apidiff that reads it, or read it with the one that made it.",
        )
    if len(data) > LARGEST_FILE:
        raise _too_large(path)
    seal, frame = rest[:_SEAL], rest[_SEAL:]
    if hashlib.sha256(line + newline + frame).digest() != seal:
        raise _damaged(path, "it was cut off or altered")
    try:
        return _Reader(_unpacked(frame, path), path).snapshot()
    except ApidiffError:
        raise
    except Exception as error:
        raise _damaged(path, "it holds what no snapshot holds") from error


def _unpacked(frame: bytes, path: str) -> bytes:
    import zstandard

    parameters = zstandard.get_frame_parameters(frame)
    if parameters.content_size > LARGEST or parameters.window_size > _WINDOW:
        raise _too_large(path)
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(frame)
    found = reader.read(LARGEST + 1)
    if len(found) > LARGEST:
        raise _too_large(path)
    if len(found) != parameters.content_size:
        raise _damaged(path, "it was cut off or altered")
    return found


def _damaged(path: str, why: str) -> ApidiffError:
    return ApidiffError(
        f"the snapshot can't be used: {why}",
        code="snapshot-damaged",
        at=path,
        hint="Make it anew with `apidiff snapshot`, and copy it as the binary file that it is.",
    )


def _too_large(path: str) -> ApidiffError:
    return ApidiffError(
        "the snapshot is larger than any that apidiff makes",
        code="snapshot-too-large",
        at=path,
        hint="Make it anew with `apidiff snapshot`; of very many accounts, one for each part of them.",
    )


class _Reader:
    """Takes a snapshot apart, and takes nothing for granted."""

    def __init__(self, data: bytes, path: str) -> None:
        import orjson

        self._data, self._path = data, path
        (size,) = struct.unpack_from("<Q", data)
        self._check(size <= min(len(data) - 8, _LARGEST_HEAD))
        self._at = 8 + size
        self._head: Mapping[str, Any] = orjson.loads(data[8 : 8 + size])
        self._check(isinstance(self._head, dict))

    def _check(self, holds: bool) -> None:
        if not holds:
            raise _damaged(self._path, "it holds what no snapshot holds")

    def snapshot(self) -> Snapshot:
        """The snapshot. Errors: `snapshot-damaged`."""
        days = self._number("look_back_days", 1, _MOST_DAYS)
        holders = tuple(self._holder(one) for one in self._list("holders"))
        routes, versions = tuple(self._digests("routes")), tuple(map(self._text, self._list("versions")))
        bounds = tuple(self._whole(one, -(2**63), 2**63) for one in self._list("bounds"))
        tokens = tuple(self._token(one, 2 * len(bounds) + 1) for one in self._list("tokens"))
        shapes = tuple(self._shape(one, len(tokens)) for one in self._list("shapes"))
        last_day = self._number("last_day", 0, _LATEST)
        most = {"account": len(holders), "route": len(routes), "version": len(versions), "shape": len(shapes)}
        words = tuple(f"days{word}" for word in range((days - 1) // 64 + 1))
        uses = self._columns((*_USES, *words), self._number("uses", 0, _MOST_ROWS), most, last_day)
        sights = self._columns(_SIGHTS, self._number("sights", 0, _MOST_ROWS), most, last_day)
        self._check(self._at == len(self._data))
        return Snapshot(
            title=self._text(self._head["title"]),
            look_back_days=days,
            last_day=last_day,
            coverage=self._coverage(),
            logged=frozenset(map(self._text, self._list("logged"))),
            holders=holders,
            routes=routes,
            versions=versions,
            tokens=tokens,
            shapes=shapes,
            bounds=bounds,
            uses=uses,
            sights=sights,
            **{name: frozenset(self._digests(name)) for name in _DIGESTS},
        )

    def _list(self, name: str) -> Sequence[Any]:
        found: list[Any] = self._head[name]
        self._check(isinstance(found, list))
        return found

    def _whole(self, value: Any, low: int, high: int) -> int:
        self._check(isinstance(value, int) and not isinstance(value, bool) and low <= value <= high)
        return int(value)

    def _number(self, name: str, low: int, high: int) -> int:
        return self._whole(self._head[name], low, high)

    def _digests(self, name: str) -> Iterable[int]:
        return [self._whole(one, 0, 2**63) for one in self._list(name)]

    def _text(self, value: Any) -> str:
        self._check(isinstance(value, str) and len(value) <= _TEXT)
        return str(value)

    def _token(self, value: Any, places: int) -> Token:
        self._check(isinstance(value, list) and len(value) == len(Token._fields))
        kind, digest, low, high = value
        return Token(
            self._whole(kind, 0, 7),
            self._whole(digest, 0, 2**63),
            self._whole(low, 0, places),
            self._whole(high, 0, places),
        )

    def _shape(self, value: Any, tokens: int) -> tuple[int, ...]:
        self._check(isinstance(value, list))
        return tuple(self._whole(one, 0, tokens - 1) for one in value)

    def _holder(self, value: Any) -> Holder:
        self._check(isinstance(value, dict))
        for name, found in value.items():
            self._check(isinstance(found, _OF_HOLDER[name]))
        revenue = value.get("revenue")
        if revenue is not None:
            low, high = revenue
            value["revenue"] = self._whole(low, 0, 2**53), self._whole(high, 0, 2**53)
        made = Holder(**value)
        self._text(made.pseudonym + made.name + made.plan)
        return made

    def _coverage(self) -> Coverage:
        found = self._head["coverage"]
        self._check(isinstance(found, dict))
        figures: dict[str, Any] = {}
        for name in _FIGURES:
            value = found[name]
            is_flag = isinstance(getattr(Coverage(), name), bool)
            self._check(isinstance(value, bool) if is_flag else self._whole(value, 0, 2**62) >= 0)
            figures[name] = value
        left_out = self._whole(found["left_out"], 0, 1_000_000)
        first, last = (self._moment(found[name]) for name in ("first", "last"))
        return Coverage(**figures, first=first, last=last, left_out=(("", ""),) * left_out)

    def _moment(self, day: Any) -> datetime | None:
        known = self._whole(day, NEVER, _LATEST)
        return None if known == NEVER else EPOCH + timedelta(days=known)

    def _columns(self, names: Sequence[str], rows: int, most: Mapping[str, int], last_day: int) -> "dict[str, Column]":
        import numpy as np

        made = {}
        for name in names:
            width = self._data[self._at]
            self._check(width in _WIDTHS)
            start, self._at = self._at + 1, self._at + 1 + rows * width
            self._check(self._at <= len(self._data))
            planes = np.frombuffer(self._data, np.uint8, rows * width, start).reshape(width, rows)[::-1]
            column = np.ascontiguousarray(planes.T).view(f"<i{width}").reshape(rows).astype(np.int64)
            if rows and not name.startswith("days"):
                high = most[name] - 1 if name in most else last_day if name in _DAYS else 2**53
                low = -1 if name in _DAYS else 0
                self._check(int(column.min()) >= low and int(column.max()) <= high)
            made[name] = column
        return made


_DAYS: Final = ("first", "last", "last_success")
