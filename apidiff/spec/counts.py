"""How much all operations of a spec may have together: what they inherit, or refer to, counts for each of them."""

from collections import Counter
from typing import Final

from apidiff.load.resolve import Side
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

MOST: Final = {"operations": 200_000, "parameters": 300_000, "media types": 100_000}
"""Of all paths and callbacks; no real API comes near."""

LONGEST_PATH: Final = 8_000
"""Characters of one path: each change of an operation says its path. Servers take so many (RFC 9110, section 4.1)."""


class Counts:
    """What was read of one side so far."""

    def __init__(self, side: Side) -> None:
        self._side = side
        self._found = Counter[str]()

    def add(self, what: str, count: int, pointer: Pointer) -> None:
        """So much more of one kind. Errors: `spec-too-large`."""
        self._found[what] += count
        if self._found[what] > MOST[what]:
            raise ApidiffError(
                f"the {self._side.name} has more than {MOST[what]:,} {what}",
                code="spec-too-large",
                at=self._side.where(pointer),
                hint="What many operations inherit, or refer to, counts for each of them: leave some out.",
            )

    def check_path(self, path: str, section: Pointer) -> None:
        """Refuse a path that no server takes. Errors: `spec-too-large`."""
        if len(path) > LONGEST_PATH:
            raise ApidiffError(
                f"the {self._side.name} has a path of {len(path):,} characters, more than {LONGEST_PATH:,}",
                code="spec-too-large",
                at=self._side.where(section),
                hint="Leave it out: no server takes a path of that length.",
            )
