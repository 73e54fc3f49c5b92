"""Values that showed the breaks, put to a validator of the expanded spec: what worked works, what never came can't.

It is a second opinion, from a library that knows nothing of rules; where it differs, the break is not called undone.
"""

from collections.abc import Callable, Iterable

from apidiff.diff import Differences
from apidiff.expand.tree import Trees, at
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema.validators import Validators
from apidiff.words.changes import Change
from apidiff.words.direction import REQUEST, RESPONSE, Direction
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer


class Witnesses:
    """The witnesses of one comparison, and where in the revision the schema of each is."""

    def __init__(self, found: Differences) -> None:
        walk = found.walk
        self._places: dict[tuple[str | None, str | None], Pointer] = {}
        for pair, fact, _ in found.graph.facts:
            # what is written as text is not the value that a validator takes
            if pair in walk.ends and pair not in walk.wires:
                key = tuple(None if place is None else str(place) for place in (fact.base, fact.revision))
                self._places.setdefault((key[0], key[1]), walk.ends[pair][1][1])

    def refused(
        self,
        changes: Iterable[Change],
        expanded: Document,
        trees: Trees,
        asked: Callable[[Change, Pointer], Pointer],
    ) -> list[Change]:
        """Those of some changes whose witness still shows a break; `asked` says where the schema is that has to say."""
        side = Side(expanded, name="revision")
        judges = Validators((side, side))
        return [change for change in changes if self._shows(change, judges, trees, asked)]

    def seen(self, change: Change) -> Pointer | None:
        """Where the schema of a change's witness is, None where it has none that a validator takes."""
        if change.witness is None or change.witness.value is None or change.direction is None:
            return None
        return self._places.get((change.base, change.revision))

    def _shows(
        self, change: Change, judges: Validators, trees: Trees, asked: Callable[[Change, Pointer], Pointer]
    ) -> bool:
        place = self.seen(change)
        if place is None or change.witness is None:
            return False
        is_sent = change.direction is Direction.REQUEST
        place = asked(change, place)
        node = at(trees, place)
        judge = None if node is ABSENT else judges.of(1, (node, place), REQUEST if is_sent else RESPONSE)
        if judge is None:
            return False
        return bool(judge.is_valid(change.witness.value)) is not is_sent
