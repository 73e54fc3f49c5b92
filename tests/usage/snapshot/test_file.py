"""A snapshot's file: the same bytes for the same value, read back whole, and refused whatever else it holds."""

import hashlib
import struct
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from apidiff.usage.evidence import Coverage
from apidiff.usage.snapshot import file
from apidiff.usage.snapshot.file import MAGIC, decoded, encoded, is_snapshot, read_snapshot
from apidiff.usage.snapshot.value import NAME, NUMBER, Holder, Snapshot, Token
from apidiff.words.errors import ApidiffError

USES = (
    "account",
    "route",
    "version",
    "attempts",
    "successes",
    "week",
    "first",
    "last",
    "last_success",
    "days0",
    "days1",
)
SIGHTS = ("account", "route", "version", "shape", "successes", "failures", "last_success")


def columns(names: tuple[str, ...], *rows: tuple[int, ...]) -> dict[str, Any]:
    import numpy as np

    table = np.array(rows, np.int64)
    return {name: np.ascontiguousarray(table[:, place]) for place, name in enumerate(names)}


SNAPSHOT = Snapshot(
    title="Orders",
    look_back_days=90,
    last_day=20_544,
    coverage=Coverage(
        rows=9,
        matched=8,
        unmatched=1,
        first=datetime(2026, 1, 2, tzinfo=UTC),
        last=datetime(2026, 4, 1, tzinfo=UTC),
        days_with_data=90,
        span_days=90,
        keys=2,
        has_query=True,
        left_out=(("", ""),),
    ),
    logged=frozenset({"query"}),
    holders=(Holder("account-1", (0, 1_000), "free"), Holder("unknown-2", is_unknown=True)),
    routes=(5, 9),
    versions=("", "2026-01-01"),
    tokens=(Token(NAME, 77), Token(NUMBER, 77, 3, 4)),
    shapes=((), (0, 1)),
    names=frozenset({77}),
    values=frozenset(),
    listed=frozenset(),
    numbers=frozenset({77}),
    fields=frozenset(),
    bounds=(0, 10, 2**61),
    uses=columns(
        USES, (0, 0, 0, 900, 800, 3, 20_500, 20_544, 20_544, 7, -1), (1, 1, 1, 1, 0, 0, 20_544, 20_544, -1, 0, 0)
    ),
    sights=columns(SIGHTS, (0, 0, 0, 1, 800, 100, 20_544)),
)
BYTES = encoded(SNAPSHOT)


def as_plain(snapshot: Snapshot) -> dict[str, Any]:
    found = {one.name: getattr(snapshot, one.name) for one in fields(Snapshot)}
    return found | {name: {key: column.tolist() for key, column in found[name].items()} for name in ("uses", "sights")}


def test_it_comes_back_as_it_was_and_has_the_same_bytes() -> None:
    assert as_plain(decoded(BYTES, "x")) == as_plain(SNAPSHOT)
    assert encoded(decoded(BYTES, "x")) == BYTES == encoded(SNAPSHOT)


def test_it_says_what_it_is_and_whether_it_names_accounts(tmp_path: Path) -> None:
    assert BYTES.startswith(b"apidiff usage snapshot 1\n")
    named = replace(SNAPSHOT, holders=(replace(SNAPSHOT.holders[0], name="Amber Ltd"), SNAPSHOT.holders[1]))
    assert encoded(named).startswith(b"apidiff usage snapshot 1 CONFIDENTIAL: names of accounts\n")
    assert as_plain(decoded(encoded(named), "x")) == as_plain(named)
    (tmp_path / "a").write_bytes(BYTES)
    (tmp_path / "b").write_bytes(b"{}")
    assert [is_snapshot(str(tmp_path / name)) for name in ("a", "b", "c", "")] == [True, False, False, False]


def sealed(frame: bytes) -> bytes:
    line = MAGIC + b"1\n"
    return line + hashlib.sha256(line + frame).digest() + frame


def packed(head: bytes, rest: bytes, size: int | None = None) -> bytes:
    content = struct.pack("<Q", len(head) if size is None else size) + head + rest
    return sealed(zstandard.ZstdCompressor().compress(content))


def taken_apart() -> tuple[dict[str, Any], bytes]:
    content = zstandard.ZstdDecompressor().decompress(BYTES[len(MAGIC) + 2 + 32 :])
    (size,) = struct.unpack_from("<Q", content)
    return orjson.loads(content[8 : 8 + size]), content[8 + size :]


HEAD, REST = taken_apart()
HOSTILE: dict[str, Any] = {
    "a list for a head": (b"[]", REST),
    "no JSON": (b"{", REST),
    "deep JSON": (b"[" * 100_000, REST),
    "an empty head": (b"{}", REST),
    "rows too many": (orjson.dumps(HEAD | {"uses": 10**12}), REST),
    "rows less than none": (orjson.dumps(HEAD | {"uses": -1}), REST),
    "more rows than there are": (orjson.dumps(HEAD | {"sights": 2}), REST),
    "fewer rows than there are": (orjson.dumps(HEAD | {"sights": 0}), REST),
    "bytes behind its end": (orjson.dumps(HEAD), REST + b"x"),
    "columns cut off": (orjson.dumps(HEAD), REST[:-1]),
    "no account": (orjson.dumps(HEAD | {"holders": []}), REST),
    "no route": (orjson.dumps(HEAD | {"routes": []}), REST),
    "a shape of no token": (orjson.dumps(HEAD | {"shapes": [[], [0, 2]]}), REST),
    "a token of no kind": (orjson.dumps(HEAD | {"tokens": [[99, 1, 0, 0], [0, 1, 0, 0]]}), REST),
    "a token past the bounds": (orjson.dumps(HEAD | {"tokens": [[3, 1, 0, 99], [0, 1, 0, 0]]}), REST),
    "days for ever": (orjson.dumps(HEAD | {"look_back_days": 10**9}), REST),
    "no days": (orjson.dumps(HEAD | {"look_back_days": 0}), REST),
    "a number for a text": (orjson.dumps(HEAD | {"title": 5}), REST),
    "a text too long": (orjson.dumps(HEAD | {"title": "x" * 10_000}), REST),
    "a day that is none": (orjson.dumps(HEAD | {"coverage": HEAD["coverage"] | {"last": "2026-02-31"}}), REST),
    "a day past all time": (orjson.dumps(HEAD | {"coverage": HEAD["coverage"] | {"last": 10**9}}), REST),
    "an account of another kind": (orjson.dumps(HEAD | {"holders": [{"pseudonym": "a", "shell": "b"}] * 2}), REST),
    "an account with a number for a name": (orjson.dumps(HEAD | {"holders": [{"pseudonym": 7}] * 2}), REST),
    "an account that pays less than nothing": (
        orjson.dumps(HEAD | {"holders": [{"pseudonym": "a", "revenue": [-5, 5]}] * 2}),
        REST,
    ),
    "a coverage of nothing": (orjson.dumps(HEAD | {"coverage": {}}), REST),
    "a truth for a count": (orjson.dumps(HEAD | {"coverage": HEAD["coverage"] | {"rows": True}}), REST),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_no_snapshot_holds_is_refused(kind: str) -> None:
    with pytest.raises(ApidiffError) as refused:
        decoded(packed(*HOSTILE[kind]), "usage.snapshot")
    assert (refused.value.code, refused.value.at) == ("snapshot-damaged", "usage.snapshot")


@pytest.mark.parametrize(
    "data", [b"", MAGIC, MAGIC + b"1\n", BYTES[:40], BYTES[:-1], BYTES + b"\n", BYTES.replace(b"1\n", b"1\r\n", 1)]
)
def test_what_was_cut_off_or_grew_is_refused(data: bytes) -> None:
    with pytest.raises(ApidiffError) as refused:
        decoded(data, "x")
    assert refused.value.code in ("snapshot-damaged", "snapshot-unknown-format")


@pytest.mark.parametrize("data", [b"", MAGIC + b"1", b"no snapshot\n" + BYTES, MAGIC + b"1" * 400 + b"\n"])
def test_what_does_not_begin_like_one_is_told_from_what_is_damaged(data: bytes) -> None:
    with pytest.raises(ApidiffError) as refused:
        decoded(data, "x")
    assert refused.value.message == "the snapshot can't be used: it does not begin like one"


@given(st.integers(len(MAGIC), len(BYTES) - 1), st.integers(1, 255))
def test_any_byte_that_changed_is_noticed(place: int, by: int) -> None:
    altered = bytearray(BYTES)
    altered[place] ^= by
    with pytest.raises(ApidiffError) as refused:
        decoded(bytes(altered), "x")
    assert refused.value.code in ("snapshot-damaged", "snapshot-unknown-format")


def test_another_format_is_named_as_such() -> None:
    with pytest.raises(ApidiffError) as refused:
        decoded(BYTES.replace(b"snapshot 1\n", b"snapshot 2\n", 1), "x")
    assert refused.value.code == "snapshot-unknown-format"


def bomb(size: int, *, says_so: bool) -> bytes:
    compressor = zstandard.ZstdCompressor(level=1, write_content_size=says_so)
    if says_so:
        return compressor.compress(bytes(size))
    parts = compressor.compressobj()
    return parts.compress(bytes(size)) + parts.flush()


@pytest.mark.parametrize("says_so", [True, False])
def test_what_would_fill_the_memory_is_not_unpacked(says_so: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "LARGEST", 1 << 20)
    with pytest.raises(ApidiffError) as refused:
        decoded(sealed(bomb(64 << 20, says_so=says_so)), "x")
    assert refused.value.code == "snapshot-too-large"


def test_a_file_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ApidiffError) as refused:
        read_snapshot(str(tmp_path))
    assert refused.value.code == "snapshot-unreadable"
