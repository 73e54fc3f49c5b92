"""Questions on the side: whether all values of one schema are values of another, told by comparing the two apart.

It closes the one circle among the comparers: schemas ask unions, unions ask here whether a branch of one side holds one
of the other, and the answer is a comparison of schemas again, entered by the walk's own `compare_schema`. So it is
bounded by its own words: how many questions deep, how many pairs for each, and how many for all of them (`Allowed`).
What is beyond them is left open.
"""

from typing import Final

from apidiff.diff.pairing import pair_schemas
from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.words.direction import FLIPPED, REQUEST
from apidiff.words.facts import Action, Fact, Subject

MOST_DEEP: Final = 1
"""A question within a question is left open."""
MOST_PAIRS: Final = 200
EDITORIAL: Final = frozenset(
    {
        *("title", "description", "example", "examples", "externalDocs"),
        *("xml", "extension", "unknown-key", "default", "deprecated", "sunset", "ineffective-keyword"),
    }
)
"""The facets that say nothing of the set of values."""


def is_within(walk: Walk, base: Place, revision: Place) -> bool:
    """Whether every value of a base schema is one of a revision schema; False where it can't be shown."""
    return _only(walk, base, revision, Action.LOOSENED)


def is_covered(walk: Walk, revision: Place, base: Place) -> bool:
    """Whether every value of a revision schema was one of a base schema; False where it can't be shown."""
    return _only(walk, base, revision, Action.TIGHTENED)


def is_same(walk: Walk, base: Place, revision: Place) -> bool:
    """Whether two schemas say the same, though one may be written in another version; False where it can't be shown."""
    aside = walk.aside()
    pair_schemas(aside, base, revision, parent=aside.graph.add())
    return aside.run(most_pairs=MOST_PAIRS, until=lambda _: True) and not aside.graph.facts


def _only(walk: Walk, base: Place, revision: Place, wanted: Action) -> bool:
    """Whether every fact between two schemas moves the set of values one way, looked into on the side."""
    if walk.depth >= MOST_DEEP or not walk.allowed.asked.takes(1):
        return False  # a question within a question, or one too many: leave it open
    aside = walk.aside()
    root = aside.graph.add()
    pair_schemas(aside, base, revision, parent=root)
    is_open = aside.run(most_pairs=MOST_PAIRS, until=_settles)
    walk.allowed.asked.left -= aside.size
    if not is_open:
        return False
    aside.graph.seed(root, REQUEST, 0, "")
    reach = aside.graph.reach()
    opposite = Action.TIGHTENED if wanted is Action.LOOSENED else Action.LOOSENED
    for index, fact, _ in aside.graph.facts:
        if _is_set_moving(fact):
            for state, needed in ((REQUEST, wanted), (REQUEST | FLIPPED, opposite)):
                if (index, state) in reach and fact.action is not needed:
                    return False
    return True


def _is_set_moving(fact: Fact) -> bool:
    """Whether a fact says something of the set of values."""
    return fact.facet not in EDITORIAL and not (fact.subject is Subject.PROPERTY and fact.facet == "presence")


def _settles(fact: Fact) -> bool:
    """Whether a fact alone says that neither set of values holds the other, whatever else is found."""
    if fact.subject is Subject.PROPERTY and fact.facet == "presence":
        # by convention an optional property may come and go in an open object
        return bool(fact.flags.get("required") or fact.flags.get("closed")) or fact.action is Action.RENAMED
    return _is_set_moving(fact) and fact.action not in (Action.LOOSENED, Action.TIGHTENED)
