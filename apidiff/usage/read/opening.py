"""SHELL: the bytes, the lines and the first lines of a log file, unpacked and in UTF-8."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from apidiff.usage.read import packing
from apidiff.usage.read.files import LogFile

LONGEST_LINE = 64 << 20
"""A line of more bytes is cut: no log has one, and memory is bounded."""
_SAMPLE_LINES = 1000
_SAMPLE_BYTES = 1 << 20
_BLOCK = 1 << 16
csv.field_size_limit(_SAMPLE_BYTES << 1)  # what is in a cell is its writer's business


@contextmanager
def open_log(file: LogFile) -> Iterator[io.BufferedIOBase]:
    """The bytes of a log file, unpacked.

    Errors: `usage-unreadable`.
    """
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(Path(file.path).open("rb"))
        except OSError as error:
            raise packing.unreadable(file.shown, error) from error
        yield stack.enter_context(closing(packing.unpacked(raw, file.packed, file.shown)))


def text_blocks(file: LogFile) -> Iterator[bytes]:
    """The text of a log file in blocks of UTF-8, as far as an archive that is damaged or cut off gives it."""
    with open_log(file) as stream:
        try:
            blocks = packing.blocks(stream, _BLOCK)
            if file.encoding == packing.MARKED:
                yield next(blocks, b"").removeprefix(codecs.BOM_UTF8)
            yield from packing.recoded(blocks, file.encoding) if file.is_recoded else blocks
        except packing.DAMAGE:
            return


def lines_of(blocks: Iterable[bytes], longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines in blocks of text, each with its end; of one that is longer than that, one byte more and no end."""
    parts, size = list[bytes](), 0
    for block in blocks:
        *lines, rest = block.split(b"\n")
        for line in lines:
            whole = b"".join((*parts, line))
            yield whole[: longest + 1] if len(whole) > longest else whole + b"\n"
            parts, size = [], 0
        if size <= longest:  # the end of a longer one is not kept
            parts.append(rest)
            size += len(rest)
    if size:
        yield b"".join(parts)[: longest + 1]


def first_lines(file: LogFile) -> list[str]:
    """Up to a thousand of the first lines, within the first megabyte; what a cut archive still gives."""
    lines = first_text(file).split(b"\n")
    if len(lines) > 1 and sum(map(len, lines)) + len(lines) > _SAMPLE_BYTES:
        lines.pop()
    texts = (line.decode("utf-8", "replace").strip("\r") for line in lines[:_SAMPLE_LINES])
    return [text.removeprefix("\ufeff").replace("\r", " ") for text in texts]


def first_text(file: LogFile) -> bytes:
    """The first megabyte of a log file's text, or a little more."""
    held = b""
    for block in text_blocks(file):
        held += block
        if len(held) >= _SAMPLE_BYTES:
            break
    return held
