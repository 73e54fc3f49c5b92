"""The proof: what is left of the breaks between the base and the expanded spec, and what the expansion itself breaks.

It is the differ's own word on three documents, asked anew for every expansion; nothing is taken over from a recipe.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from apidiff.comparison.compare import Judgement, compared
from apidiff.config.settings import Selection
from apidiff.diff import Differences
from apidiff.expand.tree import Trees
from apidiff.expand.valid import Flaw, flaws
from apidiff.load import Document
from apidiff.load.resolve import Side, dialect_of
from apidiff.words.changes import Change, Level
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT

Key = tuple[Any, ...]
"""What tells a break from all others, however the spec around it is written."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The breaks between two specs by their keys, and the comparison that found them."""

    breaks: dict[Key, Change]
    found: Differences


@dataclass(frozen=True, slots=True)
class Proof:
    """What breaks callers of the base, and what breaks callers of the revision, in an expanded spec."""

    of_base: Seen
    of_revision: Seen


class Prover:
    """Compares expanded specs with both that they come from."""

    def __init__(self, base: Document, revision: Document, how: Judgement) -> None:
        self._ends = base, revision
        # whatever may pass, and whoever is not looked at: an expansion breaks nothing
        self._how = replace(
            how, waivers=(), only=Selection(), ignore=Selection(), exempt_unstable=False, witnesses=False
        )
        self._known: frozenset[Flaw] | None = None
        self._old: frozenset[tuple[str, ...]] = frozenset()

    def flaws(self, trees: Trees) -> frozenset[Flaw]:
        """What the official schema says against an expanded spec, and not against what it is made of.

        What is restored is as sound as it was: a flaw that the base has in the same place is not held against it.
        """
        dialect = dialect_of(self._ends[1].root)
        if self._known is None:
            self._known = flaws(self._ends[1].root, dialect)
            self._old = frozenset(flaw.place for flaw in flaws(self._ends[0].root, dialect_of(self._ends[0].root)))
        found = flaws(trees[""], dialect) - self._known | self._dangling(trees)
        return frozenset(flaw for flaw in found if flaw.place not in self._old)

    def _dangling(self, trees: Trees) -> frozenset[Flaw]:
        """The references that lead nowhere, and led somewhere, or were not there, in the revision."""
        sides = [Side(one, name="revision") for one in (self._ends[1], self.expanded(trees))]
        for side in sides:
            side.check()
        return frozenset(
            Flaw(one.place.segments, f"`$ref` leads nowhere: {one.reference[:200]}")
            for key, one in sides[1].broken.items()
            if key not in sides[0].broken
        )

    def between(self) -> Seen:
        """The breaks between the base and the revision."""
        return self._seen(*self._ends, replace(self._how, witnesses=True))

    def expanded(self, trees: Trees) -> Document:
        """The revision with these files."""
        return self._ends[1].altered(trees)

    def proof(self, trees: Trees, told: Callable[[str], str] = str) -> Proof:
        """What an expanded spec breaks. `told` gives a place of it as the place in the revision that it came from."""
        expanded = self._ends[1].altered(trees)
        bare = replace(self._how, renames=())
        return Proof(
            self._seen(self._ends[0], expanded, self._how, told), self._seen(self._ends[1], expanded, bare, told)
        )

    def breaks_revision(self, trees: Trees, which: AbstractSet[Key], told: Callable[[str], str] = str) -> bool:
        """Whether an expanded spec breaks callers of the revision in any of these ways."""
        bare = replace(self._how, renames=())
        return not which.isdisjoint(self._seen(self._ends[1], self._ends[1].altered(trees), bare, told).breaks)

    def _seen(self, one: Document, two: Document, how: Judgement, told: Callable[[str], str] = str) -> Seen:
        try:
            comparison, found = compared(one, two, judgement=how)
        except ApidiffError as error:
            if error.code != "rename-unknown" or not how.renames:
                raise
            # what was renamed is there beside its successor again
            comparison, found = compared(one, two, judgement=replace(how, renames=()))
        breaks = [change for change in comparison.changes if change.level is Level.BREAKING]
        return Seen({key_of(change, told): change for change in breaks}, found[0])


def key_of(change: Change, told: Callable[[str], str] = str) -> Key:
    """What tells a change from all others."""
    before, after = (None if value is ABSENT else repr(value) for value in (change.before, change.after))
    place = None if change.revision is None else told(change.revision)
    return change.rule, change.direction, change.base, place, change.name, before, after
