"""Writes a plan folder whole or not at all: into a hidden folder first, then renamed into place.

What the folder holds that we do not own is never touched, and files with names and contacts can be read by their owner
alone.
"""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from apidiff.words.errors import ApidiffError

OWNED: Final = ("headers", "messages", "integrators")
"""Folders that are ours as a whole: what an earlier run left in them goes."""

_PUBLIC: Final = ("migration-guide.md", "migration-guide.html", "llms.txt", "overlay.yaml", "expanded.yaml", "headers/")
"""Documents without personal data; everything else gets mode 0600."""


def write_folder(files: Mapping[str, bytes], out: Path, *, owned: Sequence[str] = OWNED) -> None:
    """Makes `out` hold `files` (relative name to content), whole or not at all; foreign files in it are not touched.

    `owned` are the folders that are replaced even where no file goes into them.
    Errors: `output-unwritable` where the folder or its parent cannot be written.
    """
    is_new = not out.exists()
    try:
        if not is_new and not out.is_dir():
            raise NotADirectoryError(20, "there is a file of that name")
        home = out.resolve().parent if is_new else out
        home.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".apidiff-", dir=home))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        (work / "new").mkdir(mode=0o700)
        for name, content in files.items():
            _write(work / "new", name, content)
        if is_new:
            (work / "new").rename(out)
        else:
            with _undisturbed():
                _exchange(work, out, sorted({name.partition("/")[0] for name in files} | set(owned)))
                shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        # What could not be put back is the only copy of what people wrote: it is not deleted.
        if not _has_entries(work / "old"):
            shutil.rmtree(work, ignore_errors=True)


def write_private(path: Path, content: bytes) -> None:
    """Writes one file that its owner alone may read, whole or not at all.

    Errors: `output-unwritable`.
    """
    work = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        work.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        work.unlink(missing_ok=True)


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    assert path.resolve().is_relative_to(folder.resolve()), name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = 0o644 if name.startswith(_PUBLIC) else 0o600
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)


def _exchange(work: Path, out: Path, names: Sequence[str]) -> None:
    """Puts each item of ours into the place of the old one; whatever stops it, all are put back."""
    new, old = work / "new", work / "old"
    old.mkdir()
    done: list[tuple[Path, Path]] = []
    try:
        for name in names:
            for source, target in ((out / name, old / name), (new / name, out / name)):
                if os.path.lexists(source):
                    source.rename(target)
                    done.append((source, target))
    except BaseException:
        for source, target in reversed(done):
            target.rename(source)
        raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Lets signals that end a run wait until the block is done; only the main thread may set that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    waiting: list[int] = []
    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    # None is a handler that Python did not set and could not put back.
    before = {one: signal.getsignal(one) for one in wanted if signal.getsignal(one) not in (None, signal.SIG_IGN)}
    try:
        for one in before:
            signal.signal(one, lambda number, _: waiting.append(number))
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
        for number in waiting:
            signal.raise_signal(number)


def _has_entries(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())


def _unwritable(out: Path, error: OSError) -> ApidiffError:
    return ApidiffError(
        f"the folder cannot be written: {(error.strerror or 'unknown reason').lower()}",
        code="output-unwritable",
        at=str(out),
        hint="choose another folder with --out, or make this one and its parent writable",
    )
