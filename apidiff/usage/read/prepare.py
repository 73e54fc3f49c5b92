"""SHELL: a log file as the engine can read it: itself where that is possible, else a copy.

A copy has the same lines in the same places, so that line numbers stay what they were.
"""

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import IO

from apidiff.usage.options import Options
from apidiff.usage.read import linear
from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.opening import first_text, lines_of, text_blocks
from apidiff.usage.read.pairs import AT_THE_START
from apidiff.usage.read.prefix import NOTHING_MORE, PARTIAL, PREFIX, TIMED, have_prefixes
from apidiff.usage.read.recognise import named_format

_NATIVE = ("", "gz", "zst", "parquet")
_ENOUGH = 0.5


def prepared(file: LogFile, workspace: Workspace, options: Options) -> LogFile:
    """The file, or a copy: unpacked, in UTF-8, with line feeds, and without what a log daemon writes before a line.

    Errors: `usage-format-unknown`, `usage-format-string`.
    """
    if file.is_parquet:
        return file
    start = first_text(file)
    is_of_old_macs = b"\r" in start and b"\n" not in start
    if is_of_old_macs:
        start = start.replace(b"\r", b"\n")
    lines = start.decode("utf-8", "replace").split("\n")
    takes_off = have_prefixes(lines) and not _are_written(lines, options)
    if not (takes_off or is_of_old_macs or file.encoding) and file.packed in _NATIVE:
        return file
    text = text_blocks(file)
    if is_of_old_macs:
        text = (block.replace(b"\r", b"\n") for block in text)
    target, taken_off = workspace.fresh("copy"), Counter[str]()
    with closing(_writer(target, packed=bool(file.packed))) as copy:
        copy.writelines(_without_prefixes(lines_of(text), taken_off) if takes_off else text)
    packed = "gz" if file.packed else ""
    size = target.stat().st_size
    return replace(file, path=str(target), size=size, packed=packed, encoding="", prefixes=taken_off["prefixes"])


def _are_written(lines: Sequence[str], options: Options) -> bool:
    """Whether lines are as a user's own format says, so that nothing stands before them."""
    named = named_format(options)
    some = [line for line in lines if line.strip()]
    return named is not None and named.kind == "pattern" and linear.share(named.pattern, some) >= _ENOUGH


def _without_prefixes(lines: Iterable[bytes], taken_off: Counter[str]) -> Iterator[bytes]:
    held: dict[bytes, bytes] = {}
    for line in lines:
        end = PREFIX.match(line)
        taken_off["prefixes"] += end is not None
        rest = line[end.end() :] if end else line
        if part := PARTIAL.match(line):
            if part[2] == b"P":
                held[part[1]] = held.get(part[1], b"") + rest.rstrip(b"\r\n")
                yield b"\n"  # so that the lines after it keep their numbers
                continue
            rest = held.pop(part[1], b"") + rest
        yield _with_time(end[0], NOTHING_MORE.sub(b"", rest)) if end and rest.startswith(b"{") else rest


def _with_time(prefix: bytes, line: bytes) -> bytes:
    """An object with the time before it as a member, which is its time where it has none of its own."""
    found = TIMED.match(prefix)
    return b'{"%b":"%b",%b' % (AT_THE_START.encode(), found[1], line[1:]) if found and line[1:2] == b'"' else line


def _writer(target: Path, *, packed: bool) -> IO[bytes]:
    """A new file; what comes out of an archive is packed again, quickly, since it may be large."""
    return gzip.open(target, "wb", compresslevel=1) if packed else target.open("wb")  # type: ignore[return-value]
