"""Refuses a name that a user misspelt, with the nearest one that there is."""

import difflib
from collections.abc import Collection

from apidiff.words.errors import ApidiffError, Exit


def check_name(name: str, known: Collection[str], *, kind: str, code: str) -> None:
    """Refuses a name that is none of the known ones; `kind` says what it names (`format`)."""
    if name not in known:
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise ApidiffError(
            f"there is no {kind} {name!r}",
            code=code,
            hint=f"did you mean {nearest[0]}? There are {', '.join(known)}",
            status=Exit.USAGE,
        )
