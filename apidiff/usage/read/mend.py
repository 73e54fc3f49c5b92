"""SHELL: a second way to read text that the engine refuses: line by line, a broken one made an unreadable row.

Line numbers stay what they were, so that the broken lines are counted and named like any other unreadable row.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from apidiff.usage.read.raw import Reading
from apidiff.usage.read.sources import LogFile, Workspace, open_log

_BALANCED = re.compile(r'(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*')
_BALANCED_TABLE = re.compile(r'(?:[^"]|"[^"]*")*')
_LONGEST = {"json": 8 << 20, "otlp": 64 << 20}
_LONGEST_ELSE = 1 << 20
_BROKEN = b"-\n"


def can_mend(found: Sequence[Reading]) -> bool:
    """Whether there is another way: lines of text, and not one JSON array."""
    return not any(reading.layout.types or reading.layout.array for reading in found)


def mended(found: Sequence[Reading], workspace: Workspace) -> tuple[Reading, ...]:
    """The readings over copies without broken lines: too long, in no UTF-8, or with a quote that is never closed."""
    return tuple(
        replace(reading, files=tuple(_copy(file, reading, workspace) for file in reading.files)) for reading in found
    )


def _copy(file: LogFile, reading: Reading, workspace: Workspace) -> LogFile:
    pattern = _BALANCED_TABLE if reading.layout.format.kind == "table" else _BALANCED
    unquoted = reading.layout.format.kind in ("json", "otlp", "w3c", "pattern")
    longest = _LONGEST.get(reading.layout.format.kind, _LONGEST_ELSE)
    target = workspace.folder / f"mended-{len(list(workspace.folder.iterdir()))}.log"
    with open_log(file) as source, target.open("wb") as copy, suppress(EOFError):  # what a cut archive still gives
        while line := source.readline(longest):
            if len(line) == longest and not line.endswith(b"\n"):
                while (rest := source.readline(longest)) and not rest.endswith(b"\n"):
                    continue
                copy.write(_BROKEN)
                continue
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            whole = "\ufffd" not in text and "\0" not in text and (unquoted or bool(pattern.fullmatch(text)))
            copy.write(text.encode() + b"\n" if whole or not text.strip() else _BROKEN)
    return replace(file, path=str(target), size=target.stat().st_size)
