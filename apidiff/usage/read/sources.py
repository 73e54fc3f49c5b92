"""SHELL: which files a usage argument names: literally, in a folder, by a glob, or `-`.

A file that is named is read, or refused by what it is. Of a folder or a glob what is no log is left out, and named.
"""

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from apidiff.load.pipes import blocks
from apidiff.usage.read import packing
from apidiff.usage.read.archives import Inspector, is_no_log_by_name, shown_as
from apidiff.usage.read.files import Found, Workspace, empty_log
from apidiff.words.errors import ApidiffError
from apidiff.words.escape import visible

_BLOCK = 1 << 20
_NAMED = 5


def expand(sources: Sequence[str], workspace: Workspace) -> Found:
    """The files that paths, folders, globs and `-` name, in order and each once, however often it is reached.

    Errors: `usage-not-found`, `usage-log-empty`, `usage-unreadable`, `usage-not-a-log`.
    """
    if not sources:
        raise ApidiffError("no usage log was given", code="usage-not-found", hint="Name a file, a folder or a glob.")
    found, reached, names = Found(), set[tuple[int, int]](), list[str]()
    inspector = Inspector(workspace, found)
    for source in sources:
        for path, shown, given in _paths(source, workspace, found):
            names.append(shown)
            try:
                status = path.stat()
                if (status.st_dev, status.st_ino) not in reached and status.st_size:
                    reached.add((status.st_dev, status.st_ino))
                    inspector.inspect(path, shown, given=given)
            except OSError as error:
                raise packing.unreadable(shown, error) from error
    if found.files:
        return found
    if found.left_out:
        raise _no_log(", ".join(map(visible, sources)), found.left_out)
    raise empty_log(", ".join(names[:_NAMED]) or ", ".join(map(visible, sources)))


def _no_log(source: str, left_out: Sequence[tuple[str, str]]) -> ApidiffError:
    some = ", ".join(f"{name} ({reason})" for name, reason in left_out[:_NAMED])
    return ApidiffError(
        "there is no log among the files",
        code="usage-not-found",
        at=source,
        hint=f"Left out: {some}. A file that is named by itself is read whatever its name." if some else "It is empty.",
    )


def _paths(source: str, workspace: Workspace, found: Found) -> Iterator[tuple[Path, str, bool]]:
    """The files of one argument, what they are called, and whether it named them."""
    path = Path(source)
    if source == "-":
        yield _spool(workspace, iter(lambda: sys.stdin.buffer.read(_BLOCK), b"")), "standard input", True
    elif path.is_dir():
        yield from _in_folder(path, found)
    elif path.is_fifo():
        yield _piped(path, workspace), shown_as(path), True
    elif path.exists():
        yield path, shown_as(path), True
    else:
        yield from _matching(source, found)


def _matching(pattern: str, found: Found) -> Iterator[tuple[Path, str, bool]]:
    names = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not names:
        raise ApidiffError(
            "no such file", code="usage-not-found", at=visible(pattern), hint="Check the path, or quote the glob."
        )
    for path in map(Path, names):
        if path.is_dir():
            yield from _files_below(path, found)
        elif reason := is_no_log_by_name(path.name):
            found.left_out.append((shown_as(path), reason))
        else:
            yield path, shown_as(path), False


def _in_folder(folder: Path, found: Found) -> Iterator[tuple[Path, str, bool]]:
    """The files of a folder that was named; there must be one.

    Errors: `usage-not-found`.
    """
    before, count = len(found.left_out), 0
    for count, file in enumerate(_files_below(folder, found), start=1):  # noqa: B007 - the count is wanted after it
        yield file
    if not count:
        raise _no_log(shown_as(folder), found.left_out[before:])


def _files_below(folder: Path, found: Found) -> Iterator[tuple[Path, str, bool]]:
    """The files of a folder and of those below it, in order; what by its name is no log is left out."""
    seen = set[tuple[int, int]]()
    for place, folders, names in os.walk(folder, followlinks=True):
        status = Path(place).stat()
        if (status.st_dev, status.st_ino) in seen:  # a link that leads back
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for path in (Path(place, name) for name in sorted(names)):
            if reason := is_no_log_by_name(path.name):
                found.left_out.append((shown_as(path), reason))
            elif path.is_file():
                yield path, shown_as(path), False


def _piped(path: Path, workspace: Workspace) -> Path:
    try:
        return _spool(workspace, blocks(path))
    except OSError as error:
        raise packing.unreadable(shown_as(path), error) from error


def _spool(workspace: Workspace, written: Iterable[bytes]) -> Path:
    target = workspace.fresh("standard-input")
    with target.open("wb") as file:
        file.writelines(written)
    return target
