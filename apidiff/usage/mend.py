"""SHELL: a second way to read a text log that the engine refuses: line by line, each broken line made an unreadable row.

Line numbers stay what they were, so that the broken lines are counted and named like any other unreadable row.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from apidiff.usage.read import Reading
from apidiff.usage.sources import LogFile, Workspace, open_log

_BALANCED = re.compile(r'(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*')
_BALANCED_TABLE = re.compile(r'(?:[^"]|"[^"]*")*')
_LONGEST = 1 << 20
_BROKEN = b"-\n"


def can_mend(found: Sequence[Reading]) -> bool:
    """Whether there is another way: text in columns, not yet mended."""
    return all(reading.layout.format.kind in ("spaced", "w3c", "table", "pattern") and not reading.layout.types for reading in found)


def mended(found: Sequence[Reading], workspace: Workspace) -> tuple[Reading, ...]:
    """The readings over copies without broken lines: too long, in no UTF-8, or with a quote that is never closed."""
    return tuple(
        replace(reading, files=tuple(_copy(file, reading, workspace) for file in reading.files)) for reading in found
    )


def _copy(file: LogFile, reading: Reading, workspace: Workspace) -> LogFile:
    pattern = _BALANCED_TABLE if reading.layout.format.kind == "table" else _BALANCED
    unquoted = reading.layout.format.kind in ("w3c", "pattern")
    target = workspace.folder / f"mended-{len(list(workspace.folder.iterdir()))}.log"
    with open_log(file) as source, target.open("wb") as copy:
        while line := source.readline(_LONGEST):
            if not line.endswith(b"\n") and len(line) == _LONGEST:
                while (rest := source.readline(_LONGEST)) and not rest.endswith(b"\n"):
                    continue
                copy.write(_BROKEN)
                continue
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            whole = "\ufffd" not in text and "\0" not in text and (unquoted or bool(pattern.fullmatch(text)))
            copy.write(text.encode() + b"\n" if whole or not text.strip() else _BROKEN)
    return LogFile(str(target), file.shown, target.stat().st_size)
