"""The hidden folder in which new content is made beside what it will replace, and what it takes to write it safely.

A run holds a lock on its workplace while it lives, so whoever comes later can tell what a killed run has left.
"""

import contextlib
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # where folders have no locks one run at a time has to do
    fcntl = None  # type: ignore[assignment]

_PREFIX: Final = ".apidiff-"
_NAME: Final = re.compile(r"\.apidiff-[a-z0-9_]{8}")
PATIENCE_SECONDS: Final = 60
"""So long a run waits for another one that is exchanging files in the same folder."""
_AT_ONCE: Final = 16
_PUBLIC: Final = (
    "migration-guide.md", "migration-guide.html", "llms.txt", "migration.json", "skill/", "overlay.yaml",
    "expanded.yaml", "expand.overlay.yaml", "contract.overlay.yaml", "headers/", "shim/",
)  # fmt: skip
"""Documents without personal data; everything else gets mode 0600."""


@contextmanager
def workplace(home: Path) -> Iterator[Path]:
    """A new hidden folder in `home`, this run's alone; whoever is done with it calls `clear`."""
    while True:
        work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=home))
        with locked(work):
            # Between its making and its lock it looked like one that a killed run has left.
            if work.is_dir():
                yield work
                return


def left_in(home: Path) -> list[Path]:
    """The workplaces in a folder, those of runs that live among them."""
    try:
        found = [Path(entry.path) for entry in os.scandir(home) if _NAME.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(path for path in found if path.is_dir() and not path.is_symlink())


def clear(work: Path) -> None:
    """Removes a workplace, what it moved out of the way first: without it nothing is there to be put back."""
    for name in ("old", "new", ""):
        shutil.rmtree(work / name, ignore_errors=True)


@contextmanager
def locked(folder: Path, *, seconds: float = 0) -> Iterator[bool]:
    """Whether this run alone has the folder now, after waiting up to so many seconds for the others.

    Where there are no locks (some network drives) nobody is kept out.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        yield True
        return
    try:
        yield _has_lock(handle, seconds)
    finally:
        os.close(handle)


def _has_lock(handle: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        except OSError:
            return True
        else:
            return True
    return True


def write_under(folder: Path, name: str, content: bytes) -> None:
    """Writes a file below a folder, for its owner alone where it holds personal data."""
    path = folder / name
    assert path.resolve().is_relative_to(folder.resolve()), name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = 0o644 if name.startswith(_PUBLIC) else 0o600
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)


def sync_tree(folder: Path) -> None:
    """Hands everything below a folder to the disk, for a power failure after a rename must not find empty files.

    Many at once: a disk takes them together in a tenth of the time.
    """
    paths = [path for home, _, names in os.walk(folder) for path in (*(Path(home, name) for name in names), Path(home))]
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in pool.map(sync, paths):
                pass
    except RuntimeError:  # no more threads are to be had: one after the other, then
        for path in paths:
            sync(path)


def sync(path: Path) -> None:
    """Hands a file, or the names in a folder, to the disk, where the system lets folders be handed over."""
    with contextlib.suppress(PermissionError) if path.is_dir() else contextlib.nullcontext():
        handle = os.open(path, os.O_RDONLY)
        try:
            # Some file systems know no such thing for a folder.
            with contextlib.suppress(OSError) if path.is_dir() else contextlib.nullcontext():
                os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def undisturbed() -> Iterator[None]:
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
