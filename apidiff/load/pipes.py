"""Reads what comes through a named pipe, or from another program (`<(zcat log.gz)`), without waiting for nobody."""

import errno
import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import Final

MOST_SECONDS: Final = 10.0
"""So long somebody has to have opened a pipe for writing; who did may take any time."""
_BLOCK: Final = 1 << 20


def blocks(pipe: Path) -> Iterator[bytes]:
    """What is written into a pipe until its last writer closes it.

    Raises TimeoutError where nobody opens it for writing.
    """
    # opened at once: else the system waits for a writer, for ever
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
        is_ready = bool(select.select([file], [], [], MOST_SECONDS)[0])
        block = file.read(_BLOCK)  # None where somebody holds it open, and has not written yet
        if block == b"" and not is_ready:
            raise TimeoutError(errno.ETIMEDOUT, "nobody writes into this pipe")
        os.set_blocking(file.fileno(), True)
        while block != b"":
            if block:
                yield block
            block = file.read(_BLOCK)


def first(pipe: Path, size: int) -> bytes:
    """So many bytes of what is written into a pipe, or all where it is less. Raises TimeoutError as `blocks` does."""
    found = bytearray()
    for block in blocks(pipe):
        found += block
        if len(found) >= size:
            break
    return bytes(found[:size])
