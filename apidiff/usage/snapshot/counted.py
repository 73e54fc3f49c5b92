"""What a snapshot has counted on the operations of a comparison, as the join sees it: by columns, for they are long."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from apidiff.usage.ask.asking import Reached
from apidiff.usage.ask.question import Question, Sight
from apidiff.usage.ask.rollup import Use, days_of, starts_of
from apidiff.usage.ask.verdict import Reach, reach_by
from apidiff.usage.cube.value import MICROSECONDS_A_DAY, NEVER
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.usage.snapshot.shown import shows
from apidiff.usage.snapshot.value import Snapshot, Token, route_digest
from apidiff.usage.version import past
from apidiff.words.changes import Change
from apidiff.words.errors import ApidiffError

if TYPE_CHECKING:
    from apidiff.usage.snapshot.value import Column

Sights = Mapping[Question, Mapping[tuple[int, int], Sight]]
"""For each question the sight of each (account, route)."""
_LATER: Final = 1 << 62
"""A day after all others."""


class Counted:
    """What a snapshot holds of the routes of a comparison, as the join sees it."""

    def __init__(self, snapshot: Snapshot, routes: Routes, options: Options, at: str) -> None:
        import numpy as np

        self.snapshot, self.routes, self.options = snapshot, routes, options
        self.logged = snapshot.logged
        self.last_day = snapshot.last_day
        self.recent_from = self.last_day - options.recent_days + 1
        place = {digest: index for index, digest in enumerate(snapshot.routes)}
        numbers = [0] * len(snapshot.routes)
        for route in routes.routes:
            if (index := place.get(route_digest(route))) is not None:
                numbers[index] = route.number
        if not any(numbers):
            raise ApidiffError(
                f"the snapshot is of another API ({snapshot.title or 'without a title'}): no operation is in both",
                code="snapshot-of-another-spec",
                at=at,
                hint="Make one with `apidiff snapshot --spec` and the spec that is compared here.",
            )
        self._counted = frozenset(numbers) - {0}
        self._numbers = np.asarray(numbers)
        self._moved = sorted(past(snapshot.versions, options.revision_version))
        self._uses = self._rows(snapshot.uses)
        successes = np.bincount(self._uses["route"], self._uses["successes"])
        self.totals = dict(enumerate(successes.astype(np.int64).tolist()))

    def _rows(self, columns: "Mapping[str, Column]") -> "dict[str, Column]":
        """The rows that count, with the numbers of our own routes, by route and then by account."""
        import numpy as np

        routes = self._numbers[columns["route"]]
        counts = (routes > 0) & ~np.isin(columns["version"], self._moved)
        order = np.lexsort([columns["account"], routes])
        place = order[counts[order]]
        return {name: column[place] for name, column in ({**columns, "route": routes}).items()}

    def knows(self, change: Change, reached: Reached) -> bool:
        """Whether calls of every operation that a change reaches were counted."""
        known = {name for number in reached.routes & self._counted for name in self.routes.by_number[number]}
        left_out = set(self.options.exclude_operations)
        return all(name in known or name in left_out for name in change.operations if not name.is_webhook)

    def reaches(self, reached: Reached) -> Iterator[tuple[int, Reach]]:
        """The accounts that call any of the operations and count, each with what it does there."""
        import numpy as np

        rows = _of_routes(self._uses, reached.routes)
        order = np.argsort(rows["account"], kind="stable")
        rows = {name: column[order] for name, column in rows.items()}
        starts = starts_of(rows["account"])
        ends = [*starts[1:].tolist(), len(order)][: len(starts)]
        for start, end, use in zip(starts.tolist(), ends, _uses_of(rows, starts), strict=True):
            owner = int(rows["account"][start])
            if not self.snapshot.holders[owner].is_excluded:
                routes = tuple(sorted(set(rows["route"][start:end].tolist())))
                if reach := reach_by(reached, routes, use, self):
                    yield owner, reach

    def sights(self, questions: set[Question]) -> tuple[Sights, Sights]:
        """The sights of each question by (account, route), where what is not shown counts as neither, and as both."""
        if not questions:
            return {}, {}
        rows = self._rows(self.snapshot.sights)
        shapes = self._shapes()
        least: dict[Question, Mapping[tuple[int, int], Sight]] = {}
        most: dict[Question, Mapping[tuple[int, int], Sight]] = {}
        for question in questions:
            shown = [shows(question, shape, self.snapshot) for shape in shapes]
            least[question] = _sights_of(question, rows, [(has is True, has is False) for has in shown])
            most[question] = _sights_of(question, rows, [(has is not False, has is not True) for has in shown])
        return least, most

    def _shapes(self) -> list[frozenset[Token]]:
        tokens = self.snapshot.tokens
        return [frozenset(tokens[place] for place in shape) for shape in self.snapshot.shapes]


def _of_routes(rows: "Mapping[str, Column]", routes: Collection[int]) -> "dict[str, Column]":
    """Those of rows, which are in the order of their routes, that are of some routes."""
    import numpy as np

    wanted = np.asarray(sorted(routes))
    ends = zip(*(np.searchsorted(rows["route"], wanted, side).tolist() for side in ("left", "right")), strict=True)
    place = np.concatenate([np.arange(start, end) for start, end in ends] or [wanted])
    return {name: column[place] for name, column in rows.items()}


def _uses_of(rows: "Mapping[str, Column]", starts: "Column") -> Iterator[Use]:
    """What the rows from each start to the next one are together."""
    import numpy as np

    if not len(starts):
        return
    sums = [np.add.reduceat(rows[name], starts) for name in ("attempts", "successes", "week")]
    # a day that never was is the lowest number, and is no first one
    first = np.minimum.reduceat(np.where(rows["first"] == NEVER, _LATER, rows["first"]), starts)
    edges = [first, *(np.maximum.reduceat(rows[name], starts) for name in ("last", "last_success"))]
    words = (column.view(np.uint64) for name, column in rows.items() if name.startswith("days"))
    figures = (column.tolist() for column in (*sums, *edges))
    for attempts, successes, week, first, last, last_success, days in zip(
        *figures, days_of(words, starts), strict=True
    ):
        yield Use(attempts, successes, week, _moment(first), _moment(last), last_success, days)


def _sights_of(
    question: Question, rows: "Mapping[str, Column]", shown: Sequence[tuple[bool, bool]]
) -> Mapping[tuple[int, int], Sight]:
    """The sights of a question; each shape is `shown` as one with the thing, and as one without it."""
    import numpy as np

    mine = _of_routes(rows, question.routes)
    starts = starts_of(mine["route"], mine["account"])
    if not len(starts):
        return {}
    sides = [np.asarray(side, dtype=bool)[mine["shape"]] for side in zip(*shown, strict=True)]
    days = np.where(mine["last_success"] == NEVER, NEVER, mine["last_success"] * MICROSECONDS_A_DAY)
    figures = [
        *(np.add.reduceat(np.where(side, mine["successes"], 0), starts) for side in sides),
        *(np.maximum.reduceat(np.where(side, days, NEVER), starts) for side in sides),
        *(np.add.reduceat(np.where(side, mine["failures"], 0), starts) for side in sides),
    ]
    places = zip(mine["account"][starts].tolist(), mine["route"][starts].tolist(), strict=True)
    return {place: Sight(*seen) for place, *seen in zip(places, *(one.tolist() for one in figures), strict=True)}


def _moment(day: int) -> int:
    return NEVER if day in (NEVER, _LATER) else day * MICROSECONDS_A_DAY
