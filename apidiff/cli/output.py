"""Writes results: on standard output, or into a file that is there whole or not at all."""

import os
import shutil
import sys
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
        raise ApidiffError(
            f"cannot be written: {error.strerror or type(error).__name__}",
            code="output-unwritable",
            at=str(output),
            hint="name a file in a folder that exists and that you may write to",
        ) from error


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
