"""SHELL: what the bytes of a file are, whatever it is called: packed how, in which encoding, or no log at all."""

import bz2
import codecs
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from apidiff.usage.read.files import LogFile
from apidiff.words.errors import ApidiffError

STREAMS = ("gz", "zst", "bz2", "xz")
"""How one stream of bytes may be packed."""
_STEP = 1 << 14
MARKED = "utf-8-sig"
"""UTF-8 behind a byte order mark."""
_TAR_MARK = 257
_HEAD = 1 << 12
_PACKED = (
    (b"\x1f\x8b", "gz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, MARKED),
)
_NO_LOG = (
    (b"%PDF", "a PDF", "Export the log as text."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first: 7z x FILE."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
    (b"\x04\x22\x4d\x18", "packed with lz4", "Unpack it first: lz4 -d FILE."),
    (b"\xff\x06\x00\x00sNaPpY", "packed with Snappy", "Unpack it first, or ship the log with gzip."),
    (b"\x1f\x9d", "packed with compress", "Unpack it first: uncompress FILE."),
    (b"\x89LZO", "packed with lzop", "Unpack it first: lzop -d FILE."),
    (b"Obj\x01", "Avro", "Convert it to Parquet or JSON Lines: `avro cat FILE > log.jsonl`."),
    (b"ORC", "ORC", "Convert it to Parquet or JSON Lines."),
    (b"ARROW1", "an Arrow file", "Write it as Parquet."),
    (b"SQLite format 3\0", "a SQLite database", "Export the table: `sqlite3 -csv -header FILE 'SELECT …' > log.csv`."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Outlook file", "Save the sheet as CSV."),
    (b"ElfFile\0", "a Windows event log", "Export the requests as CSV."),
    (b"LPKSHHRH", "a systemd journal", "Export it: `journalctl --file FILE -o json > log.jsonl`."),
    (b"\xd4\xc3\xb2\xa1", "a packet capture", "Log at the gateway, where requests are whole."),
    (b"\n\r\r\n", "a packet capture", "Log at the gateway, where requests are whole."),
    (b"Salted__", "encrypted", "Decrypt it first."),
    (b"age-encryption.org", "encrypted", "Decrypt it first: age -d FILE."),
    (b"-----BEGIN", "armoured text of a key or a message", "Decrypt it first."),
    (b"version https://git-lfs", "a pointer of Git LFS", "Fetch what it points to: `git lfs pull`."),
    (b"\x89PNG", "an image", "Export the log as text."),
    (b"\x7fELF", "a program", "Name the log in its place."),
)
"""What other files begin with, what they are, and the remedy."""
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<error")


def kind_of(head: bytes) -> str:
    """How what begins like this is packed: `gz`, `zst`, `bz2`, `xz`, `zip`, `tar`, `parquet`, or "" for plain bytes."""
    if head[_TAR_MARK : _TAR_MARK + 5] == b"ustar":
        return "tar"
    return next((kind for mark, kind in _PACKED if head.startswith(mark)), "")


def encoding_of(head: bytes) -> str:
    """The encoding of text that begins like this: "" for UTF-8 and its subsets, else what Python calls it."""
    for mark, encoding in _ENCODINGS:
        if head.startswith(mark):
            return encoding
    # without a mark: most of every other byte is 0 then
    size = len(head) // 2
    if size >= 8:
        high, low = head[: 2 * size : 2].count(0), head[1 : 2 * size : 2].count(0)
        if high * 2 > size and low * 20 < size:
            return "utf-16-be"
        if low * 2 > size and high * 20 < size:
            return "utf-16-le"
    return ""


def refused(head: bytes, shown: str) -> ApidiffError | None:
    """The error for what is certainly no log, by its first bytes; None for what may be one."""
    for mark, what, remedy in _NO_LOG:
        if head.startswith(mark):
            return no_log(shown, what, remedy)
    start = head.lstrip(codecs.BOM_UTF8 + b" \r\n\t").lower()
    if start.startswith(_MARKUP):
        return no_log(shown, "HTML or XML", "It may be an error page that came in the log's place: fetch it again.")
    if b"\0" in head and not encoding_of(head) and sum(byte < 9 or 13 < byte < 32 for byte in head) * 10 > len(head):
        return no_log(shown, "binary", "Convert it to JSON Lines, CSV or Parquet.")
    return None


def no_log(shown: str, what: str, remedy: str) -> ApidiffError:
    """The error for a file that is something else."""
    return ApidiffError(f"this is {what}, and no log", code="usage-not-a-log", at=shown, hint=remedy)


def unreadable(shown: str, error: Exception) -> ApidiffError:
    """The error for a file that is damaged, or that can't be opened."""
    reason = getattr(error, "strerror", None) or "it is damaged or cut off"
    return ApidiffError(
        f"the usage log can't be read: {reason}",
        code="usage-unreadable",
        at=shown,
        hint="Check the file and its permissions; fetch a damaged archive again.",
    )


DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)
"""What is raised for archives that are damaged or cut off."""


class _Zstd(io.RawIOBase):
    """What a zstd stream holds, its errors those of other archives."""

    def __init__(self, stream: BinaryIO) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
        self._damage = zstandard.ZstdError

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return self._inner.readinto(buffer)
        except self._damage as error:
            raise EOFError("the zstd stream is damaged") from error


def unpacked(stream: BinaryIO, kind: str, shown: str) -> io.BufferedIOBase:
    """The bytes of a stream that is packed in one of the ways of `kind_of`; archives of several files excepted.

    Errors: `usage-unreadable` where zstandard is missing.
    """
    if kind == "gz":
        return gzip.GzipFile(fileobj=stream)
    if kind == "bz2":
        return bz2.BZ2File(stream)
    if kind == "xz":
        return lzma.LZMAFile(stream)
    if kind == "zst":
        try:
            return io.BufferedReader(_Zstd(stream))
        except ImportError as error:
            raise ApidiffError(
                "zstd archives can't be unpacked here",
                code="usage-unreadable",
                at=shown,
                hint="pip install zstandard, or unpack the archive first.",
            ) from error
    return stream  # type: ignore[return-value]


def blocks(stream: Any, size: int = _STEP) -> Iterator[bytes]:
    """The blocks of a stream, as far as it can be read: what a damaged archive still gives, then its error."""
    # by `read1`, since `read` loses what it has where the archive is cut off
    while block := stream.read1(size):
        yield block


def head_of(path: Path, packed: str, shown: str) -> bytes:
    """The first bytes of what is packed in a file.

    Errors: `usage-unreadable`.
    """
    head = b""
    try:
        with path.open("rb") as stream:
            for block in blocks(unpacked(stream, packed, shown)):
                head += block
                if len(head) >= _HEAD:
                    break
    except DAMAGE as error:
        if not head:
            raise unreadable(shown, error) from error
    return head[:_HEAD]


def recoded(text: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Blocks of text as blocks of UTF-8, whatever they were; what is no character becomes U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for block in text:
        yield decoder.decode(block).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def is_cut_off(file: LogFile) -> bool:
    """Whether an archive ends before its own end mark, even where the last line that it gives is whole."""
    if file.packed not in STREAMS:
        return False
    start, damaged, step = _unpacker(file.packed)
    member, has_whole_one = None, False
    with Path(file.path).open("rb") as stream:
        while block := stream.read(step):
            while block:
                if has_whole_one and member is None and not block.strip(b"\0"):
                    break  # padding
                member = member or start()
                try:
                    member.decompress(block)
                except damaged:
                    return not has_whole_one  # behind a whole archive may be anything
                block = member.unused_data if member.eof else b""
                if member.eof:
                    member, has_whole_one = None, True
    return member is not None


def _unpacker(packed: str) -> tuple[Callable[[], Any], tuple[type[Exception], ...], int]:
    """What unpacks an archive piece by piece, its errors, and how many bytes at once keep what comes out small."""
    if packed == "gz":
        return (lambda: zlib.decompressobj(wbits=31)), (zlib.error,), _STEP
    if packed == "bz2":
        return bz2.BZ2Decompressor, (OSError,), _STEP >> 4
    if packed == "xz":
        return lzma.LZMADecompressor, (lzma.LZMAError,), _STEP >> 4
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj, (zstandard.ZstdError,), _STEP >> 4
