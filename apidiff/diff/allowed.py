"""How far one comparison looks for what no name tells: past these bounds things are left apart, and the changes say so.

Each of these searches takes every pair of two lists; without a bound the work would be that of their product. No real
pair of specs comes near.
"""

from dataclasses import dataclass, field
from typing import Final

MOST_LIKENED: Final = 100_000
"""Pairs of names, and of branches of unions, that are looked into for a likeness."""
MOST_ASKED: Final = 10_000
"""Pairs of schemas that are compared on the side, to tell whether one allows all that another one does."""
MOST_SHARED: Final = 20_000
"""Values that are tried for the branches that they meet."""
MOST_AGAIN: Final = 5_000
"""Pairs of things that were both compared before, with others."""

MOST_INHERITED: Final = 60_000
"""Parameters that operations have from their paths, or that stand in lists which several share."""
MOST_REPEATED: Final = 50_000
"""Branches of unions that are compared once more, for another schema that has the same union."""


@dataclass(slots=True)
class Allowance:
    """So much work of one kind; `is_short` says whether the last that was asked for had to be left undone."""

    left: int
    is_short: bool = False

    def takes(self, count: int) -> bool:
        """Whether there is still room for so much, which is taken then."""
        self.is_short = count > self.left
        if not self.is_short:
            self.left -= count
        return not self.is_short


@dataclass(frozen=True, slots=True)
class Allowed:
    """The allowances of one comparison, for all its walks together."""

    likened: Allowance = field(default_factory=lambda: Allowance(MOST_LIKENED))
    asked: Allowance = field(default_factory=lambda: Allowance(MOST_ASKED))
    shared: Allowance = field(default_factory=lambda: Allowance(MOST_SHARED))
    again: Allowance = field(default_factory=lambda: Allowance(MOST_AGAIN))
    inherited: Allowance = field(default_factory=lambda: Allowance(MOST_INHERITED))
    repeated: Allowance = field(default_factory=lambda: Allowance(MOST_REPEATED))
    said: set[str] = field(default_factory=set)
    """What was left undone and said so: once is enough."""
