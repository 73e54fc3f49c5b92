"""The secret under which keys are told apart without being kept: where it comes from, and the cache that is its own."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from glob import glob
from hashlib import sha256
from itertools import islice
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Final

from apidiff.usage.keys import salt_from
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.usage.options import Options

SALT: Final = ".salt"
"""The file of the plan folder that keeps the names of keys without an account the same from run to run."""
_SALTING: Final = 1 << 20
_SALTING_FILES: Final = 8
"""How much of how many inputs the salt is made from."""
_LENGTHS: Final = (32, len(salt_from(bytes(32))))
"""Of salts of the first releases, and of those that make keys that can be guessed slow to try."""


def made_of(sources: Sequence[str]) -> bytes:
    """A salt made from the inputs: the same on every run, and known to nobody who does not have the raw keys.

    Where the inputs are no files (standard input, an engine), it is made up for this run.
    """
    salt, is_secret = sha256(b"apidiff"), False
    for path in (path for source in sources for path in _files(source)):
        with path.open("rb") as file:
            salt.update(file.read(_SALTING))
        is_secret = True
    return salt_from(salt.digest() if is_secret else token_bytes(32))


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
    """The salt of a plan folder, so that a key without an account keeps its name; else one made of the inputs.

    Errors: `usage-salt-damaged`: with another salt every integrator would look new.
    """
    kept = folder / SALT
    if not os.path.lexists(kept):
        return made_of(sources)
    try:
        salt = kept.read_bytes()
    except OSError as error:
        raise _damaged(kept, f"the salt can't be read: {(error.strerror or 'unknown reason').lower()}") from error
    if len(salt) not in _LENGTHS:
        raise _damaged(kept, "the salt is not of the length that it was written in")
    return salt


def salted(options: "Options", salt: bytes) -> "Options":
    """The options under a salt, and with a folder of the cache that is this salt's alone."""
    cache = options.cache and options.cache / sha256(salt).hexdigest()[:16]
    return replace(options, salt=salt, cache=cache)


def _damaged(path: Path, message: str) -> ApidiffError:
    return ApidiffError(
        message,
        code="usage-salt-damaged",
        at=str(path),
        hint="restore it, for with another one every integrator would look new; without any, plan into a new folder",
    )
