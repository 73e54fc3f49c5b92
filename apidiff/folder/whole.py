"""Writes a plan folder whole or not at all: into a hidden folder first, then renamed into place.

What the folder holds that we do not own is never touched, and files with names and contacts can be read by their owner
alone. A run that is killed half way is mended by the next one (`exchange.recover`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from apidiff.folder.exchange import busy, exchange, is_over, recover
from apidiff.folder.workplace import (
    PATIENCE_SECONDS,
    clear,
    locked,
    sync,
    sync_tree,
    undisturbed,
    workplace,
    write_under,
)
from apidiff.words.errors import ApidiffError

OWNED: Final = ("headers", "messages", "integrators", "shim")
"""Folders that are ours as a whole: what an earlier run left in them goes."""


def write_folder(files: Mapping[str, bytes], out: Path, *, owned: Sequence[str] = OWNED) -> None:
    """Makes `out` hold `files` (relative name to content), whole or not at all; foreign files in it are not touched.

    `owned` are the folders that are replaced even where no file goes into them.
    Errors: `output-unwritable` where the folder or its parent cannot be written; those of `recover`.
    """
    recover(out)
    is_new = not out.exists()
    try:
        if not is_new and not out.is_dir():
            raise NotADirectoryError(20, "there is a file of that name")
        home = out.resolve().parent if is_new else out
        home.mkdir(parents=True, exist_ok=True)
        with workplace(home) as work:
            try:
                _fill(work, files)
                if is_new:
                    (work / "new").rename(out)
                    sync(home)
                else:
                    _replace(work, out, {name.partition("/")[0] for name in files} | set(owned))
            finally:
                # What could not be put back is the only copy of what people wrote: it is not deleted.
                if is_over(work):
                    clear(work)
    except OSError as error:
        raise _unwritable(out, error) from error


def write_private(path: Path, content: bytes) -> None:
    """Writes one file that its owner alone may read, whole or not at all.

    Errors: `output-unwritable`.
    """
    try:
        with workplace(path.parent) as work:
            try:
                _fill(work, {path.name: content})
                (work / "new" / path.name).replace(path)
                sync(path.parent)
            finally:
                clear(work)
    except OSError as error:
        raise _unwritable(path, error) from error


def _fill(work: Path, files: Mapping[str, bytes]) -> None:
    (work / "new").mkdir(mode=0o700)
    for name, content in files.items():
        write_under(work / "new", name, content)
    sync_tree(work / "new")


def _replace(work: Path, out: Path, names: set[str]) -> None:
    with locked(out, seconds=PATIENCE_SECONDS) as mine:
        if not mine:
            raise busy(out)
        with undisturbed():
            exchange(work, out, names)
            clear(work)


def _unwritable(out: Path, error: OSError) -> ApidiffError:
    return ApidiffError(
        f"the folder cannot be written: {(error.strerror or 'unknown reason').lower()}",
        code="output-unwritable",
        at=str(out),
        hint="choose another folder with --out, or make this one and its parent writable",
    )
