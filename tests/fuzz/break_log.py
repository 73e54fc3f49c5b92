"""Breaks logs in the ways that crashes, editors, spreadsheets, shippers and attackers do: bytes, lines, fields."""

import bz2
import gzip
import json
import lzma
import random
import re
from collections.abc import Callable

FIELDS: tuple[str, ...] = (
    *("infinity", "-infinity", "epoch", "NaN", "nan", "inf", "-1", "0", "1e308", "-1e308", "1e-400", "9" * 40, "0x10"),
    *("290000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "2200-01-01"),
    *("2026-02-30T00:00:00Z", "24:00:00", "14/Mar/2026:08:26:60 +0000", "14/Mar/290000:08:26:53 +9999", "now", "today"),
    *("", "-", "null", "None", "true", "{}", "[]", "{", "}", '"', "'", "\\", "\\u0000", "\\ud800", "\0", "\r", "\t"),
    *("/v1/charges/\0", "/v1/charges/{}", "/v1/charges/%00", "/v1/charges/%", "//", "?", "/" * 5000, "*" * 50_000),
    *("/v1/charges/" + "x" * 100_000, "\u202e", "\ufeff", "é\u2028", "2" * 400, "200 OK", "200.0", "99999999999", "-0"),
    *("%s%n", "${jndi:x}", "'; DROP TABLE cube; --", "=1+1", "Time", "PATH", "Status", "time", "path", "status"),
)
"""What no field expects."""
_FIELD = re.compile(rb'[^\s,;|"\[\]{}:]+')
_JSON: tuple[object, ...] = (
    *(None, True, 0, -1, 2**70, 1e308, "", [], {}, [[]], [None], {"a": None}, "x" * 1000, "\0", "infinity"),
    *([["/v1/charges"]], {"time": {"time": {}}}, [{"name": "x-api-key", "value": 1}]),
)


def broken(name: str, content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """A log broken in a few ways, and the name that it has then."""
    lines = content.splitlines(keepends=True)
    if rng.random() < 0.5:
        content = b"".join(lines * rng.choice((1, 2, 30)))
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        content = rng.choice(BREAKS)(content, rng)
    if rng.random() < 0.2:
        ending, pack = rng.choice(PACKS)
        content, name = pack(content), name + ending
        if rng.random() < 0.5 and content:
            content = rng.choice((_cut, _flip))(content, rng)
    if rng.random() < 0.1:
        name = rng.choice(NAMES).format(name)
    return name, content


PACKS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    (".gz", gzip.compress),
    ("", gzip.compress),
    (".bz2", bz2.compress),
    (".xz", lzma.compress),
    (".gz", bytes),
    (".zst", bytes),
)
NAMES = ("log[1]-{}", "a*-{}", "status=500-{}", "{}.1", "{}-20260301", "o'{}", "{} ?", "{}.parquet", "{}.gz", "{}.json")


def _flip(content: bytes, rng: random.Random) -> bytes:
    place = rng.randrange(len(content) or 1)
    return content[:place] + bytes([rng.randrange(256)]) + content[place + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) or 1)]


def _cut_off_the_start(content: bytes, rng: random.Random) -> bytes:
    return content[rng.randrange(len(content) or 1) :]


def _insert(content: bytes, rng: random.Random) -> bytes:
    junk = rng.choice(
        (b"\0", b"\r", b"\n", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"\\", b"{", b"]", b"\xe9", b"#")
    )
    place = rng.randrange(len(content) + 1)
    return content[:place] + junk * rng.choice((1, 1, 2, 5000)) + content[place:]


def _field(content: bytes, rng: random.Random) -> bytes:
    places = [match.span() for match in _FIELD.finditer(content)]
    if not places:
        return content
    start, end = rng.choice(places[:400])
    return content[:start] + rng.choice(FIELDS).encode("utf-8", "surrogatepass") + content[end:]


def _swap_fields(content: bytes, rng: random.Random) -> bytes:
    places = [match.span() for match in _FIELD.finditer(content)][:400]
    if len(places) < 2:
        return content
    (start, end), (other, stop) = sorted(rng.sample(places, 2))
    return content[:start] + content[other:stop] + content[end:other] + content[start:end] + content[stop:]


def _lines(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    place = rng.randrange(len(lines))
    match rng.randrange(6):
        case 0:
            del lines[place]
        case 1:
            lines.insert(place, rng.choice(lines))
        case 2:
            rng.shuffle(lines)
        case 3:
            lines.insert(
                place, rng.choice((b"", b" ", b"Report of March", b"sep=;", b"# x", b"-- boot --", b"[", b"{}"))
            )
        case 4:
            lines[place] = lines[place][: rng.randrange(len(lines[place]) + 1)]
        case _:
            lines[place] = lines[place] * rng.choice((2, 200))
    return b"\n".join(lines)


def _line_ends(content: bytes, rng: random.Random) -> bytes:
    return content.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"", b",\n", b"\r\r\n", b"\x0b")))


def _encoding(content: bytes, rng: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    encoding = rng.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "latin-1"))
    return text.encode(encoding, "replace")


def _json(content: bytes, rng: random.Random) -> bytes:
    """A value of an object of some line replaced, renamed, or written twice."""
    lines = content.split(b"\n")
    place = rng.randrange(len(lines))
    try:
        row = json.loads(lines[place])
    except ValueError:
        return content
    if not isinstance(row, dict) or not row:
        return content
    holder, name = row, rng.choice(list(row))
    while isinstance(holder[name], dict) and holder[name] and rng.random() < 0.7:
        holder = holder[name]
        name = rng.choice(list(holder))
    match rng.randrange(4):
        case 0:
            holder[name] = rng.choice((*_JSON, *FIELDS))
        case 1:
            holder[rng.choice((name.upper(), name.title(), "", "a.b", f"{name} ", *FIELDS[-6:]))] = holder.pop(name)
        case 2:
            holder[name.upper()] = rng.choice(_JSON)
        case _:
            holder[name] = {name: holder[name]}
    lines[place] = json.dumps(row).encode()
    return b"\n".join(lines)


def _wrap(content: bytes, rng: random.Random) -> bytes:
    """A log inside a log, or one array of its lines."""
    lines = [line for line in content.decode("utf-8", "replace").split("\n") if line]
    match rng.randrange(4):
        case 0:
            return "".join(json.dumps({"log": line + "\n", "stream": "stdout"}) + "\n" for line in lines).encode()
        case 1:
            return ("[" + ",\n".join(lines) + "]").encode()
        case 2:
            return ('{"logs": [' + ",".join(lines) + "]}").encode()
        case _:
            return "".join(lines).encode()


BREAKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flip, _cut, _cut_off_the_start, _insert, _field, _field, _field, _swap_fields, _lines, _lines, _line_ends),
    *(_encoding, _json, _json, _json, _wrap),
)


def shrink(content: bytes, fails: Callable[[bytes], bool]) -> bytes:
    """The smallest bytes found for which `fails` still holds, by leaving out pieces."""
    size = len(content) // 2
    while size:
        start = 0
        while start < len(content):
            candidate = content[:start] + content[start + size :]
            if candidate and fails(candidate):
                content = candidate
            else:
                start += size
        size //= 2
    return content
