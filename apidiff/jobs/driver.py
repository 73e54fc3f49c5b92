"""What git asks of a program that shows the diff of one file: the two versions of it as specs, or nothing to say.

Git hands over both versions as files of their own, away from those beside them: references are followed from the
file's place in the working tree.
"""

import os
from pathlib import Path

from apidiff.load.document import Document
from apidiff.load.limits import read_at_most
from apidiff.load.stores import FolderStore
from apidiff.words.changes import Comparison
from apidiff.words.errors import ApidiffError


def compared(path: str, old: Path, new: Path) -> Comparison | None:
    """The comparison of the two versions of one file, None where either is no spec or can't be read as one."""
    from apidiff.comparison.compare import compare

    try:
        base, revision = _spec(path, old), _spec(path, new)
        nothing = os.devnull
        return compare(base or nothing, revision or nothing, lines=True)
    except ApidiffError:
        return None


def _spec(path: str, file: Path) -> Document | None:
    """One version, None for what is not there."""
    if str(file) == os.devnull:
        return None
    where = Path(path)
    return Document(path, read_at_most(file), FolderStore(where.parent, where.name))
