"""The three streams of a process as commands can rely on: closed ones, full disks and readers that have left.

A result that cannot be written is an error with a sentence; a message that cannot be written is lost, and changes no
exit code.
"""

import io
import os
import sys
from typing import Any

from apidiff.cli.app import ReaderLeft
from apidiff.words.errors import ApidiffError

_OUT, _ERR = 1, 2


def open_streams() -> None:
    """Makes standard input, output and error usable for this process, whatever they were when it started."""
    if os.name != "posix":
        return
    for number in (0, _OUT, _ERR):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file that is opened would be taken for the stream. Writing a result here fails.
            os.open(os.devnull, os.O_WRONLY if number == _ERR else os.O_RDONLY)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays
    sys.stdout = _text(io.BufferedWriter(_Results(_OUT, "w", closefd=False)), line_buffering=os.isatty(_OUT))
    sys.stderr = _text(io.BufferedWriter(_Messages(_ERR, "w", closefd=False)), line_buffering=True)


def _text(stream: io.BufferedWriter, *, line_buffering: bool) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding="utf-8", errors="replace", line_buffering=line_buffering)


class _Results(io.FileIO):
    """Standard output: what the system refuses to take is an error for users, told once."""

    _has_failed = False

    def write(self, data: Any, /) -> int:
        """Write, or raise `ReaderLeft`, or ApidiffError `output-unwritable`."""
        if self._has_failed:
            return len(data)
        try:
            return super().write(data)
        except BrokenPipeError as error:
            # As it is typer would answer it with 1, our "found something".
            raise ReaderLeft from error
        except OSError as error:
            self._has_failed = True
            raise ApidiffError(
                f"cannot be written: {(error.strerror or 'unknown reason').lower()}",
                code="output-unwritable",
                at="standard output",
                hint="make room, open it, or name a file with --output where the command has that option",
            ) from error


class _Messages(io.FileIO):
    """Standard error: what nobody takes is nobody's loss."""

    def write(self, data: Any, /) -> int:
        """Write, or do as if."""
        try:
            return super().write(data)
        except OSError:
            return len(data)
