"""Where in the files a change was made, and where to point at it in the files as they are now."""

import re
from dataclasses import dataclass
from typing import Final

from apidiff.words import pointer
from apidiff.words.changes import Change, Comparison, SpecHead

_GIT_REVISION: Final = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*://)[^:\\]{2,}:(?=[^/])")
"""`REV:` of `REV:PATH`, neither a URL's scheme nor a drive; a file with a colon in its name is rarer than both."""
_LINE: Final = re.compile(r"(.+):(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change was made. `file` is "" and `line` None where nothing says them; `side` is `base` or `revision`."""

    pointer: str
    side: str
    file: str = ""
    line: int | None = None

    @property
    def file_line(self) -> str:
        """`file:line`, `line 47` where the pointer names the file already, or ""."""
        if self.line and self.file and self.pointer.startswith(f"{self.file}#"):
            return f"line {self.line}"
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


def place(comparison: Comparison, change: Change) -> Place:
    """Where the edit is: in the revision, else (what was removed) in the base; the line where the comparison has it."""
    candidates = [("revision", change.revision), ("base", change.base)]
    known = [(side, at) for side, at in candidates if at is not None] or [("revision", "#")]
    for side, at in known:
        if found := _LINE.fullmatch(comparison.lines.get(f"{side}:{at}", "")):
            return Place(at, side, found.group(1), int(found.group(2)))
    side, at = known[0]
    return Place(at, side)


def anchor(comparison: Comparison, change: Change) -> Place:
    """Where to point in the files as they are now: as `place`, but what was removed is shown at its nearest parent.

    That parent is the nearest whose line in the revision the comparison has; without any, it is the place in the base.
    """
    found = place(comparison, change)
    if found.side == "revision":
        return found
    parent = pointer.parse(found.pointer)
    while parent.segments:
        parent = pointer.Pointer(parent.file, parent.segments[:-1])
        if near := _LINE.fullmatch(comparison.lines.get(f"revision:{parent}", "")):
            return Place(str(parent), "revision", near.group(1), int(near.group(2)))
    return found


def artifact(comparison: Comparison, found: Place) -> str:
    """The file that a place is in, as a path or URL without a git revision; "" for what is no file."""
    specs = sources(comparison.base if found.side == "base" else comparison.revision)
    inner = pointer.parse(found.pointer).file
    if len(specs) == 1:
        file = _beside(specs[0], inner)
    else:
        file = next((source for source in specs if f"/{source}".endswith(f"/{inner}")), found.file)
    return "" if file == "-" or file.startswith("<") else file[_revision_end(file) :].removeprefix("./")


def sources(head: SpecHead) -> list[str]:
    """The specs of one side: several are compared as one when a folder or a glob is given."""
    return head.source.split(", ")


def _revision_end(source: str) -> int:
    found = _GIT_REVISION.match(source)
    return found.end() if found else 0


def _beside(source: str, file: str) -> str:
    """The path of a multi-file spec's other file, which is named from the entry file's folder."""
    folder, slash, _ = source.rpartition("/")
    return f"{folder}{slash}{file}" if file else source
