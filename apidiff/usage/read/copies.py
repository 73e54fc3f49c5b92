"""SHELL: files with the same content, as they are where a log lies plain and packed, or was shipped twice.

Only what begins the same way is read through.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from apidiff.usage.read.files import LogFile
from apidiff.usage.read.opening import text_blocks

_HEAD = 1 << 16
_BLOCK = 1 << 20


def without_copies(files: Sequence[LogFile]) -> tuple[list[LogFile], list[tuple[str, str]]]:
    """The files without those that hold what an earlier one holds, and those, each with the reason."""
    alike: dict[tuple[object, ...], list[LogFile]] = {}
    for file in files:
        alike.setdefault(_start(file), []).append(file)
    first: dict[tuple[object, ...], LogFile] = {}
    copies: dict[str, str] = {}
    for start, group in alike.items():
        for file in group if len(group) > 1 else ():
            known = first.setdefault((*start, _digest(file)), file)
            if known is not file:
                copies[file.path] = known.shown
    kept = [file for file in files if file.path not in copies]
    reasons = [(file.shown, f"the same as {copies[file.path]}") for file in files if file.path in copies]
    return kept, reasons


def _start(file: LogFile) -> tuple[object, ...]:
    """What copies have in common at least: the beginning of what is in them, and of Parquet the size."""
    if file.is_parquet:
        with Path(file.path).open("rb") as stream:
            return file.size, hashlib.sha256(stream.read(_HEAD)).digest()
    held = b""
    for block in text_blocks(file):
        held += block
        if len(held) >= _HEAD:
            break
    return (hashlib.sha256(held[:_HEAD]).digest(),)


def _digest(file: LogFile) -> bytes:
    state = hashlib.sha256()
    for block in _raw_blocks(file) if file.is_parquet else text_blocks(file):
        state.update(block)
    return state.digest()


def _raw_blocks(file: LogFile) -> Iterator[bytes]:
    with Path(file.path).open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block
