"""Expands a spec: undoes every break that can be, keeps what the proof lets stand, and says of the rest why not.

Each break has its ways (`recipes`). They are all taken at once and proved together; whoever is to blame for what the
proof shows takes the next way, until nothing is shown or no way is left.
"""

from collections.abc import Callable
from dataclasses import dataclass

from apidiff.comparison.compare import Judgement
from apidiff.diff import Differences
from apidiff.expand.marks import Marks
from apidiff.expand.prove import Prover
from apidiff.expand.search import Made, Search
from apidiff.expand.tree import Trees
from apidiff.load import Document
from apidiff.words.changes import Change

_NO_WAY = "no additive form of it is known"


@dataclass(frozen=True, slots=True)
class Left:
    """A break that stays, and why."""

    change: Change
    why: str


@dataclass(frozen=True, slots=True)
class Expansion:
    """An expanded spec with its proof: what it undoes of the breaks, and what it leaves.

    `trees` are the files of the expanded spec, `revision` those that they come from; `made` says what is touched for
    which break, `proofs` how many it took, `witnessed` of how many breaks a validator was asked as well; `found` is how
    the two specs differ.
    """

    undone: tuple[Change, ...]
    left: tuple[Left, ...]
    trees: Trees
    revision: Trees
    made: tuple[Made, ...]
    proofs: int
    witnessed: int
    found: Differences

    @property
    def changed(self) -> tuple[str, ...]:
        """The files that are not as they were; the entry file is ""."""
        return tuple(name for name, tree in self.trees.items() if tree is not self.revision.get(name))

    @property
    def elsewhere(self) -> str:
        """A file beside the entry file in which an edit is, "" where there is none."""
        return next(filter(None, self.changed), "")


def expand(
    base: Document,
    revision: Document,
    *,
    how: Judgement,
    marks: Marks,
    unwanted: Callable[[Change], str | None] = lambda _change: None,
) -> Expansion:
    """The revision with every break undone that can be, but for the `unwanted`, of which it says why not."""
    prover = Prover(base, revision, how)
    between = prover.between()
    refused = {key: why for key, change in between.breaks.items() if (why := unwanted(change)) is not None}
    later = Trees.of(revision)
    search = Search(prover, between, marks, ends=(Trees.of(base), later))
    wanted = {key: change for key, change in between.breaks.items() if key not in refused}
    found = search.run(wanted)
    left = between.breaks.keys() & found.left
    return Expansion(
        undone=tuple(change for key, change in between.breaks.items() if key not in left),
        left=tuple(
            Left(change, refused.get(key) or found.why.get(key) or _NO_WAY)
            for key, change in between.breaks.items()
            if key in left
        ),
        trees=found.trees,
        revision=later,
        made=found.made,
        proofs=found.proofs,
        witnessed=found.witnessed,
        found=between.found,
    )
