"""Who still uses what ends, and who uses what takes its place: the logs of a window, integrator by integrator.

The same cube and the same questions as the join's; only the log's last days count, and pinned versions count as moved.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.question import LEFT_OUT, Question, Sight, column_of, questions_of
from apidiff.usage.ask.rollup import Owners, Use, owners_of, together, uses_of
from apidiff.usage.ask.sights import asked, by_owner
from apidiff.usage.cube.value import EPOCH, MICROSECONDS_A_DAY, NEVER, Usage
from apidiff.usage.evidence import Account, Coverage
from apidiff.usage.options import Options
from apidiff.usage.version import past
from apidiff.words.changes import Change, Exposed, OperationEntry
from apidiff.words.operation import OperationId

if TYPE_CHECKING:
    import numpy as np

_SENT: Final = (Exposed.SENT_PARAMETER, Exposed.SENT_FIELD, Exposed.SENT_BODY)
_NOTHING: Final[Mapping[int, Use]] = {}


@dataclass(frozen=True, slots=True)
class Movement:
    """What one integrator did with one change in the window.

    `old` are logical successes with what ends, `new` with what takes its place, `failures` attempts that did not
    succeed on the change's operations. `is_shown` says whether the log can tell old from new; where it can't, `old`
    counts what may be either. `is_replaced` is unset where nothing in particular takes its place: `new` is then any
    success elsewhere. `last_old` is the last day of the whole log with an old success.
    """

    integrator: str
    change: str
    old: int = 0
    new: int = 0
    failures: int = 0
    last_old: date | None = None
    is_shown: bool = True
    is_replaced: bool = True


@dataclass(frozen=True, slots=True)
class Movements:
    """The window and what everybody did in it.

    `first` and `last` are its days, both included; `days_with_data` those of them with rows, `covered` the days with
    rows among as many days before today. `calls` are all logical successes of the window, whoever made them.
    `accounts` are those of everybody named in `movements`, `unknown` the ids among them that no account claims.
    """

    coverage: Coverage
    first: date
    last: date
    days_with_data: int
    covered: int
    calls: int
    movements: tuple[Movement, ...]
    accounts: Mapping[str, Account]
    unknown: frozenset[str]


def movements(
    usage: Usage,
    changes: Sequence[Change],
    integrators: Integrators,
    *,
    operations: Sequence[OperationEntry],
    tracked: Mapping[str, Collection[str]],
    options: Options,
    days: int,
) -> Movements:
    """What happened in the log's last `days` to the changes that `tracked` names for each integrator.

    Somebody else who uses what ends is in the answer, too. `operations` are those of both specs.

    Errors: those of reading the logs again where changes ask about parameters.
    """
    window = _Window(usage, owners_of(usage, integrators, options), options, days)
    entries = {operation.id: operation for operation in operations}
    asking = [_Ending(change, usage, entries, options) for change in changes]
    answers = asked(
        (question for item in asking for question in item.questions),
        usage,
        first_day=window.first_day,
        revision=options.revision_version,
    )
    sights = by_owner(answers, window.owners)
    position = {account.integrator: number for number, account in enumerate(window.owners.accounts)}
    by_change: dict[str, set[str]] = {item.change.id: set() for item in asking}
    for name, ids in tracked.items():
        for change in ids:
            if change in by_change:
                by_change[change].add(name)
    found = []
    for item in asking:
        wanted = by_change[item.change.id]
        others = (window.owners.accounts[number].integrator for number in window.callers(item.old_routes))
        for name in sorted(wanted.union(others)):
            moved = window.movement(item, name, position.get(name), sights)
            if name in wanted or moved.old:
                found.append(moved)
    named = {moved.integrator for moved in found}
    return Movements(
        coverage=replace(usage.coverage, unknown_keys=window.owners.unknown_keys),
        first=_day(window.first_day),
        last=_day(window.last_day),
        days_with_data=window.days_with_data(window.first_day, window.last_day),
        covered=window.covered(days, options.today),
        calls=window.calls,
        movements=tuple(sorted(found, key=lambda moved: (moved.integrator, moved.change))),
        accounts={one.integrator: one for one in window.owners.accounts if one.integrator in named},
        unknown=frozenset(
            one.integrator
            for one, unknown in zip(window.owners.accounts, window.owners.unknown, strict=True)
            if unknown and one.integrator in named
        ),
    )


class _Ending:
    """A change with the routes of what ends and of what takes its place, and what it asks of the log."""

    def __init__(
        self, change: Change, usage: Usage, entries: Mapping[OperationId, OperationEntry], options: Options
    ) -> None:
        self.change = change
        wanted = frozenset(change.operations).difference(options.exclude_operations)
        routes = usage.routes.routes
        self.old_routes = frozenset(route.number for route in routes if wanted.intersection(route.operations))
        known = [entries[name] for name in sorted(wanted) if name in entries]
        successors = {one.moved_to for one in known} | {change.renamed_to}
        heirs = {name for name in successors if name in entries}
        self.new_routes = frozenset(route.number for route in routes if heirs.intersection(route.operations))
        column = column_of(change, usage.logged)
        self.questions = questions_of(change, self.old_routes, column) if column in usage.logged else ()
        self.is_replaced = bool(self.questions or self.new_routes)
        self.is_pinned = bool(options.version_from and options.revision_version)
        gone = {name for route in routes if route.number in self.old_routes for name in route.operations}
        self.is_gone = all(name in entries and entries[name].present == "base" for name in gone)

    def is_new(self, route: int) -> bool:
        """Whether a call of the route, which no question is about, shows that its caller has moved."""
        if route in self.old_routes:
            return False
        return route in self.new_routes if self.new_routes else self.is_gone

    @property
    def is_shown(self) -> bool:
        """Whether the log tells old from new by the operation alone, or by the version that calls pin."""
        is_apart = self.change.exposure.kind is Exposed.CALLED and self.is_gone
        return self.is_pinned or (is_apart and not self.old_routes & self.new_routes)


class _Window:
    """The last days of the log, by owner and route, with the pinned calls apart."""

    def __init__(self, usage: Usage, owners: Owners, options: Options, days: int) -> None:
        import numpy as np

        cube = usage.cube
        self.owners = owners
        self.days = cube["day"].to_numpy()
        self.last_day = int(self.days.max()) if len(cube) else 0
        self.first_day = self.last_day - days + 1
        owner = np.asarray(owners.of_key, dtype=np.int64)[cube["key"].to_numpy()] if len(cube) else self.days
        route = cube["route"].to_numpy()
        pinned = np.isin(cube["version"].to_numpy(), sorted(past(usage.versions, options.revision_version)))
        inside = self.days >= self.first_day
        self.calls = int(cube["successes"].to_numpy()[inside & (route > 0)].sum())
        self.plain = self._uses(usage, owner, route, inside & ~pinned & (route > 0))
        self.pinned = self._uses(usage, owner, route, inside & pinned & (route > 0))
        self._known: dict[tuple[frozenset[int], int], tuple[Use, int]] = {}
        self._by_route: dict[int, set[int]] = {}
        for who, uses in self.plain.items():
            if not owners.accounts[who].excluded:
                for where, use in uses.items():
                    if use.successes:
                        self._by_route.setdefault(where, set()).add(who)
        self.last_success = self._last_success(usage, owner, route, ~pinned & (route > 0))

    def _uses(
        self,
        usage: Usage,
        owner: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        route: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        keep: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    ) -> dict[int, dict[int, Use]]:
        found: dict[int, dict[int, Use]] = {}
        groups = [owner[keep], route[keep]]
        for (who, where), use in uses_of(usage.cube[keep], groups, first_day=self.first_day, last_day=self.last_day):
            found.setdefault(who, {})[where] = use
        return found

    def _last_success(
        self,
        usage: Usage,
        owner: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        route: "np.ndarray[tuple[int], np.dtype[np.int64]]",
        keep: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    ) -> dict[int, dict[int, int]]:
        """The last day of the whole log on which an owner succeeded on a route, by owner and route."""
        keep = keep & (usage.cube["successes"].to_numpy() > 0)
        last: dict[int, dict[int, int]] = {}
        for who, where, day in zip(owner[keep].tolist(), route[keep].tolist(), self.days[keep].tolist(), strict=True):
            mine = last.setdefault(who, {})
            mine[where] = max(mine.get(where, NEVER), day)
        return last

    def callers(self, routes: Collection[int]) -> set[int]:
        """The owners, but those excluded, who succeed on any of the routes without pinning the new version."""
        return set[int]().union(*(self._by_route.get(route, ()) for route in routes))

    def days_with_data(self, first: int, last: int) -> int:
        """How many of the days, both included, have rows."""
        import numpy as np

        return int(np.unique(self.days[(self.days >= first) & (self.days <= last)]).size)

    def covered(self, days: int, today: date | None) -> int:
        """How many of the days before today have rows; of the window's where no day is given."""
        if today is None:
            return self.days_with_data(self.first_day, self.last_day)
        yesterday = (today - EPOCH.date()).days - 1
        return self.days_with_data(yesterday - days + 1, yesterday)

    def movement(
        self,
        item: _Ending,
        name: str,
        owner: int | None,
        sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
    ) -> Movement:
        """What one owner did with one change; nothing where the log never saw any of its keys."""
        moved = Movement(name, item.change.id, is_shown=item.is_shown, is_replaced=item.is_replaced or item.is_pinned)
        if owner is None:
            return replace(moved, is_shown=item.is_shown or bool(item.questions))
        plain, pinned = self.plain.get(owner, _NOTHING), self.pinned.get(owner, _NOTHING)
        use, last = self._on(item.old_routes, owner)
        newer = sum(one.successes for route, one in pinned.items() if route in item.old_routes)
        moved = replace(moved, failures=use.attempts - use.successes)
        if item.questions:
            return _by_sight(item, moved, [self._sight(item, owner, sights[one]) for one in item.questions], newer)
        for route, one in (*plain.items(), *pinned.items()):
            newer += one.successes if item.is_new(route) else 0
        return replace(moved, old=use.successes, new=newer, last_old=None if last == NEVER else _day(last))

    def _on(self, routes: frozenset[int], owner: int) -> tuple[Use, int]:
        """What an owner did on the routes in the window, and its last success there: hundreds of changes share them."""
        found = self._known.get((routes, owner))
        if found is None:
            plain, last = self.plain.get(owner, _NOTHING), self.last_success.get(owner, {})
            use = together(one for route, one in plain.items() if route in routes)
            found = use, max((day for route, day in last.items() if route in routes), default=NEVER)
            self._known[routes, owner] = found
        return found

    @staticmethod
    def _sight(item: _Ending, owner: int, seen: Mapping[tuple[int, int], Sight]) -> Sight:
        return sum((seen.get((owner, route), Sight()) for route in sorted(item.old_routes)), Sight())


def _by_sight(item: _Ending, moved: Movement, sights: Sequence[Sight], newer: int) -> Movement:
    """The movement that query strings or field lists show; of several names the one that says most of the old."""
    kind = item.change.exposure.kind
    pairs = [
        (sight.without, sight.with_it, sight.last_without)
        if kind in LEFT_OUT
        else (sight.with_it, sight.without, sight.last_with)
        for sight in sights
    ]
    old, new, last = max(pairs, key=lambda pair: (pair[0], pair[2]))
    # who sends a parameter that stays may send what is still allowed: only its absence shows something
    stays = kind in _SENT and item.change.revision is not None and item.change.renamed_to is None
    is_open = stays or item.change.exposure.is_vague
    return replace(
        moved,
        old=old,
        new=newer + new,
        last_old=None if last == NEVER else _day(last // MICROSECONDS_A_DAY),
        is_shown=item.is_pinned or (kind is not Exposed.RECEIVED_FIELD and not (is_open and old)),
    )


def _day(number: int) -> date:
    return (EPOCH + timedelta(days=number)).date()
