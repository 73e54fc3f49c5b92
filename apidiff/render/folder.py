"""Writes a plan folder whole or not at all: into a sibling folder first, then renamed into place.

What the folder holds that we do not own stays, and files with names and contacts can be read by their owner alone.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from apidiff.errors import ApidiffError

OWNED: Final = ("headers", "messages", "integrators")
"""Folders that are ours as a whole: what an earlier run left in them goes."""

_PUBLIC: Final = ("migration-guide.md", "migration-guide.html", "llms.txt", "overlay.yaml", "expanded.yaml", "headers/")
"""Documents without personal data; everything else gets mode 0600."""


def write_folder(files: Mapping[str, bytes], out: Path) -> None:
    """Makes `out` hold `files` (relative name to content), whole or not at all; foreign files in it stay.

    Errors: `output-unwritable` where the folder or its parent cannot be written.
    """
    parent = out.resolve().parent
    try:
        if out.exists() and not out.is_dir():
            raise NotADirectoryError(20, "there is a file of that name")
        parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.resolve().name}-", dir=parent))
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        if out.is_dir():
            _keep_foreign(out, fresh, files)
        for name, content in files.items():
            _write(fresh, name, content)
        _swap(fresh, out.resolve())
    except OSError as error:
        raise _unwritable(out, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    assert path.resolve().is_relative_to(folder.resolve()), name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = 0o644 if name.startswith(_PUBLIC) else 0o600
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(content)


def _keep_foreign(out: Path, fresh: Path, files: Mapping[str, bytes]) -> None:
    """Copies what others put into the folder, so that the swap does not lose it."""
    replaced = {name.partition("/")[0] for name in files} | set(OWNED)
    for item in sorted(out.iterdir()):
        if item.name in replaced:
            continue
        if item.is_dir() and not item.is_symlink():
            shutil.copytree(item, fresh / item.name, symlinks=True)
        else:
            shutil.copy2(item, fresh / item.name, follow_symlinks=False)


def _swap(fresh: Path, out: Path) -> None:
    """Two renames; when the second fails, the first is undone."""
    if not out.exists():
        fresh.rename(out)
        return
    aside = out.with_name(f".{out.name}-{fresh.name.rpartition('-')[2]}-before")
    out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        aside.rename(out)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _unwritable(out: Path, error: OSError) -> ApidiffError:
    return ApidiffError(
        f"the folder cannot be written: {(error.strerror or 'unknown reason').lower()}",
        code="output-unwritable",
        at=str(out),
        hint="choose another folder with --out, or make this one and its parent writable",
    )
