"""SHELL: which files a usage argument names, and the first lines of each; `-` is kept in a private file meanwhile."""

import glob
import gzip
import io
import shutil
import sys
import tempfile
import weakref
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apidiff.words.errors import ApidiffError

_SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".log", ".txt", ".parquet", ".pq")
_PACKED = (".gz", ".zst")
_SAMPLE_LINES = 1000
_SAMPLE_BYTES = 1 << 20
_BLOCK = 1 << 20
_STEP = 1 << 14


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of a log.

    `shown` is what messages call it; `packed` is `gz`, `zst` or ""; `prefixes` counts the lines of a copy from which
    was taken what a log daemon had written before them.
    """

    path: str
    shown: str
    size: int
    prefixes: int = 0

    @property
    def packed(self) -> str:
        """How the file is compressed."""
        return next((suffix[1:] for suffix in _PACKED if self.path.lower().endswith(suffix)), "")

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet, by its name or its first bytes."""
        return self.path.lower().endswith((".parquet", ".pq")) or _starts_with(self.path, b"PAR1")


class Workspace:
    """A private folder for what must lie in a file while logs are read; gone when the process is."""

    def __init__(self) -> None:
        self._folder = ""

    @property
    def folder(self) -> Path:
        """The folder, made on first use with mode 0700."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="apidiff-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return Path(self._folder)


def expand(sources: Sequence[str], workspace: Workspace) -> list[LogFile]:
    """The files that paths, folders, globs and `-` name, in order and each once.

    Errors: `usage-not-found`, `usage-log-empty`, `usage-unreadable`.
    """
    if not sources:
        raise ApidiffError("no usage log was given", code="usage-not-found", hint="Name a file, a folder or a glob.")
    found: dict[str, LogFile] = {}
    for source in sources:
        for path, shown in _paths(source, workspace):
            try:
                found.setdefault(path, LogFile(path, shown, Path(path).stat().st_size))
            except OSError as error:
                raise _unreadable(shown, error) from error
    files = [file for file in found.values() if file.size]
    if not files:
        raise empty_log(", ".join(file.shown for file in found.values()) or ", ".join(sources))
    return files


def empty_log(at: str) -> ApidiffError:
    """The error for a log without a row."""
    return ApidiffError(
        "the usage log is empty",
        code="usage-log-empty",
        at=at,
        hint="Give a log with at least one row, or plan with `--no-usage --reason TEXT`.",
    )


def _paths(source: str, workspace: Workspace) -> Iterator[tuple[str, str]]:
    if source == "-":
        yield str(_spool(workspace)), "standard input"
        return
    path = Path(source)
    if path.is_dir():
        names = sorted(str(item) for item in path.rglob("*") if item.is_file() and _is_log(item))
        if not names:
            raise ApidiffError(
                "the folder holds no log file",
                code="usage-not-found",
                at=source,
                hint=f"Files are found by their ending: {', '.join(_SUFFIXES)}, also with .gz or .zst.",
            )
        yield from ((name, name) for name in names)
        return
    if path.exists():
        yield source, source
        return
    found = glob.glob(source, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
    names = sorted(name for name in found if Path(name).is_file())
    if not names:
        raise ApidiffError("no such file", code="usage-not-found", at=source, hint="Check the path, or quote the glob.")
    yield from ((name, name) for name in names)


def _is_log(path: Path) -> bool:
    name = path.name.lower()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    parts = path.parts
    return name.endswith(_SUFFIXES) and not any(part.startswith((".", "_")) and part != ".." for part in parts[-1:])


def _spool(workspace: Workspace) -> Path:
    target = workspace.folder / "standard-input.log"
    head = sys.stdin.buffer.read(4)
    if head[:2] == b"\x1f\x8b":
        target = target.with_suffix(".log.gz")
    elif head == b"\x28\xb5\x2f\xfd":
        target = target.with_suffix(".log.zst")
    elif head == b"PAR1":
        target = target.with_suffix(".parquet")
    with target.open("wb") as file:
        file.write(head)
        while block := sys.stdin.buffer.read(_BLOCK):
            file.write(block)
    return target


def open_log(file: LogFile) -> io.BufferedIOBase:
    """The bytes of a log file, unpacked."""
    try:
        if file.packed == "gz":
            return gzip.GzipFile(file.path)
        if file.packed == "zst":
            import zstandard

            return io.BufferedReader(
                zstandard.ZstdDecompressor().stream_reader(Path(file.path).open("rb"), read_across_frames=True)
            )
        return Path(file.path).open("rb")
    except ImportError as error:
        raise ApidiffError(
            "zstd archives can't be unpacked here",
            code="usage-unreadable",
            at=file.shown,
            hint="pip install zstandard, or unpack the archive first.",
        ) from error
    except OSError as error:
        raise _unreadable(file.shown, error) from error


def is_cut_off(file: LogFile) -> bool:
    """Whether an archive ends before its own end mark, even where the last line that it gives is whole."""
    if not file.packed:
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


def _unpacker(packed: str) -> tuple[Callable[[], Any], type[Exception], int]:
    """What unpacks an archive piece by piece, its error, and how many bytes at once keep what comes out small."""
    if packed == "gz":
        return (lambda: zlib.decompressobj(wbits=31)), zlib.error, _STEP
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj, zstandard.ZstdError, _STEP >> 4


def first_lines(file: LogFile) -> list[str]:
    """Up to a thousand of the first lines, within the first megabyte; what a cut archive still gives."""
    held = b""
    try:
        with open_log(file) as stream:
            # by `read1`, since `read` loses what it has where the archive is cut off
            while len(held) < _SAMPLE_BYTES and (block := stream.read1(_STEP)):
                held += block
    except (EOFError, gzip.BadGzipFile, OSError) as error:
        if not held:
            raise _unreadable(file.shown, error) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "zstandard":
            raise
        if not held:
            raise _unreadable(file.shown, error) from error
    lines = held.split(b"\n")
    if len(held) >= _SAMPLE_BYTES and len(lines) > 1:
        lines.pop()
    text = [line.decode("utf-8", "replace").rstrip("\r") for line in lines[:_SAMPLE_LINES]]
    if text and text[0].startswith("\ufeff"):
        text[0] = text[0][1:]
    return text


def _starts_with(path: str, magic: bytes) -> bool:
    try:
        with Path(path).open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError:
        return False


def _unreadable(shown: str, error: Exception) -> ApidiffError:
    reason = getattr(error, "strerror", None) or "it is damaged or cut off"
    return ApidiffError(
        f"the usage log can't be read: {reason}",
        code="usage-unreadable",
        at=shown,
        hint="Check the file and its permissions; fetch a damaged archive again.",
    )
