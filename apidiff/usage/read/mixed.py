"""SHELL: a file in which lines of text and objects are mixed, as when a server was told to log otherwise.

Each part is a copy with blank lines in the places of the other's, so that line numbers stay what they were.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from apidiff.usage.read.files import LogFile, Workspace
from apidiff.usage.read.opening import first_lines, lines_of, text_blocks

_LEAST = 0.02


def mixed_parts(file: LogFile, workspace: Workspace) -> tuple[LogFile, ...]:
    """Copies with the objects and with the text of a file; none where its first lines are of one kind."""
    lines = [line for line in first_lines(file) if line.strip()]
    objects = sum(map(_is_object, lines))
    if not len(lines) * _LEAST < objects < len(lines) * (1 - _LEAST):
        return ()
    targets = (workspace.fresh("objects"), workspace.fresh("text"))
    with ExitStack() as stack:
        copies = [stack.enter_context(target.open("wb")) for target in targets]
        for line in _lines(file):
            is_text = not _is_object(line)
            copies[is_text].write(line)
            copies[not is_text].write(b"\n")
    return tuple(
        replace(file, path=str(target), size=target.stat().st_size, packed="", encoding="") for target in targets
    )


def _lines(file: LogFile) -> Iterator[bytes]:
    for line in lines_of(text_blocks(file)):
        yield line if line.endswith(b"\n") else line + b"\n"


def _is_object(line: str | bytes) -> bool:
    text = line.decode("utf-8", "replace").strip() if isinstance(line, bytes) else line.strip()
    return text.startswith('{"') and text.endswith("}")
