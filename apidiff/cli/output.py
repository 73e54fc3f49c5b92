"""Writes results: on standard output, or into a file that is there whole or not at all."""

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

import typer

from apidiff.words.errors import ApidiffError


def write_result(content: str | bytes, output: Path | None) -> None:
    """Write to `output` by way of a temporary file beside it, or to standard output where it is None.

    Raises ApidiffError `output-unwritable`; nothing is left behind then.
    """
    data = content.encode() if isinstance(content, str) else content
    if output is None:
        sys.stdout.flush()
        rest = memoryview(data)
        while rest:
            # Unbuffered (PYTHONUNBUFFERED), one write to a pipe may take only a part.
            rest = rest[sys.stdout.buffer.write(rest) :]
        return
    try:
        _write_whole(output, data)
    except OSError as error:
        raise _unwritable(output, error) from error


def _unwritable(output: Path, error: OSError) -> ApidiffError:
    return ApidiffError(
        f"cannot be written: {error.strerror or type(error).__name__}",
        code="output-unwritable",
        at=str(output),
        hint="name a file in a folder that exists and that you may write to",
    )


def check_writable(*, files: Iterable[Path] = (), folders: Iterable[Path] = ()) -> None:
    """Refuse what can't be written while nothing is written yet, where a command writes several things.

    Errors: `output-unwritable`.
    """
    for path, is_folder in (*((path, False) for path in files), *((path, True) for path in folders)):
        if (number := _hindrance(path, is_folder=is_folder)) is not None:
            raise _unwritable(path, OSError(number, os.strerror(number)))


def _hindrance(path: Path, *, is_folder: bool) -> int | None:
    """Why nothing can be written at a place, as the number of the system's error."""
    if path.exists():
        if path.is_dir() is not is_folder:
            return errno.ENOTDIR if is_folder else errno.EISDIR
        home = path.resolve() if is_folder else path.resolve().parent
        return None if os.access(home, os.W_OK) or not (is_folder or path.is_file()) else errno.EACCES
    home = path.absolute().parent
    while is_folder and not home.exists():  # the folders above it are made
        home = home.parent
    if not home.is_dir():
        return errno.ENOTDIR if home.exists() else errno.ENOENT
    return None if os.access(home, os.W_OK) else errno.EACCES


def mend(folder: Path) -> None:
    """Finish or undo what a killed run left half done in a plan folder, and say so on standard error.

    Errors: those of `recover`.
    """
    from apidiff.folder.exchange import recover

    for said in recover(folder):
        typer.echo(f"warning: {said}", err=True)


def _write_whole(output: Path, data: bytes) -> None:
    if output.exists() and not output.is_file():
        # A pipe or a device cannot be replaced; a folder is refused here.
        output.write_bytes(data)
        return
    target = output.resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        temporary.write_bytes(data)
        if target.exists():  # who may read it is for its owner to say
            shutil.copymode(target, temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
