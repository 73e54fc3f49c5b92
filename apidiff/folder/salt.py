"""The secret under which keys are told apart without being kept: where it comes from, and the cache that is its own."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from glob import glob
from hashlib import sha256
from itertools import islice
from pathlib import Path
from secrets import token_bytes
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.usage.options import Options

SALT: Final = ".salt"
"""The file of the plan folder that keeps the names of keys without an account the same from run to run."""
_SALTING: Final = 1 << 20
_SALTING_FILES: Final = 8
"""How much of how many inputs the salt is made from."""


def made_of(sources: Sequence[str]) -> bytes:
    """A salt made from the inputs: the same on every run, and known to nobody who does not have the raw keys.

    Where the inputs are no files (standard input, an engine), it is made up for this run.
    """
    salt, is_secret = sha256(b"apidiff"), False
    for path in (path for source in sources for path in _files(source)):
        with path.open("rb") as file:
            salt.update(file.read(_SALTING))
        is_secret = True
    return salt.digest() if is_secret else token_bytes(32)


def _files(source: str) -> Iterator[Path]:
    """The first files that a source of logs or accounts names: itself, those of a folder, or those of a glob."""
    path = Path(source)
    if path.is_file():
        found: Iterable[Path] = [path]
    elif path.is_dir():
        found = path.rglob("*")
    else:
        found = map(Path, glob(source, recursive=True))  # noqa: PTH207 - a pattern may be absolute
    yield from islice(sorted(one for one in found if one.is_file()), _SALTING_FILES)


def of_folder(folder: Path, sources: Sequence[str]) -> bytes:
    """The salt of a plan folder, so that a key without an account keeps its name; else one made of the inputs."""
    kept = folder / SALT
    return kept.read_bytes() if kept.is_file() else made_of(sources)


@contextmanager
def cached(options: "Options", salt: bytes) -> "Iterator[Options]":
    """The options with a folder for the cube that is this salt's alone: in the user's cache, or for this run only."""
    with TemporaryDirectory(prefix="apidiff-") as passing:
        folder = (options.cache or Path(passing)) / sha256(salt).hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _keep(folder / "salt", salt)
        except OSError as error:
            raise ApidiffError(
                f"the cache folder can't be used: {error.strerror}",
                code="usage-cache-unusable",
                at=str(options.cache),
                hint="Name another folder with --cache, or turn the cache off with --no-cache.",
            ) from error
        yield replace(options, cache=folder)


def _keep(path: Path, salt: bytes) -> None:
    """Write the salt for its owner alone, in one step: another run may read it at the same time."""
    if path.is_file():
        return
    fresh = path.with_name(f"salt.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(salt)
    fresh.replace(path)
