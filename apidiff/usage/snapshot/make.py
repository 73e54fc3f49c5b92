"""Logs to a snapshot: the cube by account instead of key, and the shapes of its calls."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.question import any_of
from apidiff.usage.ask.rollup import ANONYMOUS, Owners, owner_of_rows, owners_of, uses_of, window_of
from apidiff.usage.cube import relations
from apidiff.usage.cube.gather import read_through
from apidiff.usage.cube.pieces import name_of
from apidiff.usage.cube.value import EPOCH, MICROSECONDS_A_DAY, NEVER, Usage
from apidiff.usage.evidence import Account, Coverage
from apidiff.usage.money import band
from apidiff.usage.options import Options
from apidiff.usage.snapshot.kept import Kept
from apidiff.usage.snapshot.numbers import bounds_of
from apidiff.usage.snapshot.shapes import Look, Shapes, known, strangers
from apidiff.usage.snapshot.value import FIELD, NAME, Holder, Snapshot, Token, digest_of, route_digest
from apidiff.usage.version import comparable

if TYPE_CHECKING:
    from apidiff.usage.snapshot.value import Column

_SEVERAL: Final = 3
"""So many accounts make a name, or a plan's, nobody's own."""
_WORD: Final = 64
_FETCHED: Final = 20_000
_PLACES: Final = "account", "route", "version"
_SHAPES: Final = (*_PLACES, "shape")
_FIGURES: Final = ("attempts", "successes", "week", "first", "last", "last_success")


def snapshot_of(
    usage: Usage, accounts: Integrators, kept: Kept, *, options: Options, title: str, names: bool = False
) -> Snapshot:
    """The snapshot of what was measured. With `names` it is confidential.

    Errors: those of reading the logs again.
    """
    owners = owners_of(usage, accounts, options)
    first_day, last_day = window_of(usage, options.look_back_days)
    places = _Places(usage)
    bounds = bounds_of(kept.bounds)
    shapes = Shapes(kept, bounds)
    rows = _looks(usage, kept, since=EPOCH + timedelta(days=first_day)) if usage.logged - {"version"} else ()
    counted = _Counted(rows, usage, owners, places, shapes)
    tokens, numbered, told = counted.tokens()
    return Snapshot(
        title=title,
        look_back_days=options.look_back_days,
        last_day=last_day,
        coverage=_bare(replace(usage.coverage, unknown_keys=owners.unknown_keys)),
        logged=usage.logged,
        holders=_holders(owners, usage.salt, names=names),
        routes=places.routes,
        versions=places.versions,
        tokens=tokens,
        shapes=numbered,
        names=frozenset(digest_of("name", name) for name in kept.names) | told[NAME],
        values=frozenset(digest_of("value", name, value) for name, values in kept.values.items() for value in values),
        listed=frozenset(digest_of("name", name) for name in kept.values),
        numbers=frozenset(digest_of("name", name) for name in kept.numbers),
        fields=told[FIELD],
        bounds=bounds,
        uses=_uses(usage, owners, places, first_day=first_day, last_day=last_day),
        sights=counted.sights(),
    )


class _Places:
    """Where a route's number and a version stand in a snapshot: routes by digest, versions that can be compared."""

    def __init__(self, usage: Usage) -> None:
        digests = {route.number: route_digest(route) for route in usage.routes.routes}
        self.routes = tuple(sorted(set(digests.values())))
        by_digest = {one: place for place, one in enumerate(self.routes)}
        self.of_route = {number: by_digest[one] for number, one in digests.items()}
        kept = [version if comparable(version) else "" for version in usage.versions]
        self.versions = tuple(sorted({"", *kept}))
        self._of_text = {version: place for place, version in enumerate(self.versions)}
        self.of_version = [self._of_text[version] for version in kept]

    def of_text(self, version: str | None) -> int:
        """The place of a version as a log has it."""
        return self._of_text.get(version or "", self._of_text[""])


def _looks(usage: Usage, kept: Kept, *, since: datetime) -> Iterator[tuple[Any, ...]]:
    """The rows of `relations.shapes_of`, from where the logs lie."""
    asked: dict[str, Any] = {
        "since": since,
        "logged": usage.logged,
        "listed": any_of(kept.values) if kept.values else "",
        "numbers": any_of(kept.numbers) if kept.numbers else "",
    }
    if usage.log.is_remote:
        yield from usage.log.remote(usage.routes, usage.salt).shapes(**asked)
        return
    with usage.log.opened(usage.routes) as connection:
        found = usage.log.readings(connection)
        events, keys, ids = usage.log.tables()
        expression = relations.shapes_of(events, usage.routes, keys=keys, ids=ids, **asked)
        statement = f"CREATE TEMP TABLE looks AS {relations.sql(expression)}"
        read_through(connection, usage.log, found, statement=statement, report=lambda _: None)
        result = connection.execute("SELECT * FROM looks")
        while rows := result.fetchmany(_FETCHED):
            yield from rows


class _Counted:
    """The looks of calls added up by account, route, version and shape."""

    def __init__(
        self, rows: Iterable[tuple[Any, ...]], usage: Usage, owners: Owners, places: _Places, shapes: Shapes
    ) -> None:
        position = {key.digest: index for index, key in enumerate(usage.keys)}
        numbers: dict[str, int] = {}
        looks: dict[Look, int] = {}
        self._looks: list[tuple[frozenset[Token], frozenset[tuple[int, str]]]] = []
        self._users: dict[tuple[int, str], set[int]] = {}
        self._rows: dict[tuple[int, int, int, int], list[int]] = {}
        for key, route, version, shape, sized, sent, received, successes, failures, last in rows:
            if key not in numbers:
                numbers[key] = position.get(name_of(key, usage.salt), -1)
            if numbers[key] < 0:
                continue
            owner = owners.of_key[numbers[key]]
            look = (shape or "", bool(sized), sent or "", received or "")
            if look not in looks:
                looks[look] = len(self._looks)
                self._looks.append(shapes.tokens(look))
            self._note(looks[look], owner)
            place = (owner, places.of_route[route], places.of_text(version), looks[look])
            sums = self._rows.setdefault(place, [0, 0, NEVER])
            sums[0] += int(successes)
            sums[1] += int(failures)
            sums[2] = max(sums[2], NEVER if last is None else (last - EPOCH.replace(tzinfo=None)).days)

    def _note(self, look: int, owner: int) -> None:
        for strange in self._looks[look][1]:
            users = self._users.setdefault(strange, set())
            if len(users) < _SEVERAL:
                users.add(owner)

    def tokens(self) -> tuple[tuple[Token, ...], tuple[tuple[int, ...], ...], dict[int, frozenset[int]]]:
        """All tokens, the shapes as places among them, and the digests of the strange names and fields in use."""
        several = {strange for strange, users in self._users.items() if len(users) >= _SEVERAL}
        whole = [
            tokens | {known(*one) for one in strange & several} | strangers(strange - several)
            for tokens, strange in self._looks
        ]
        ordered = tuple(sorted(set().union(*whole)))
        place = {token: number for number, token in enumerate(ordered)}
        found = [tuple(sorted(place[token] for token in tokens)) for tokens in whole]
        shapes = tuple(sorted(set(found)))
        number = {shape: index for index, shape in enumerate(shapes)}
        self._numbers = [number[shape] for shape in found]
        told = {kind: frozenset(token.digest for token in ordered if token.kind == kind) for kind in (NAME, FIELD)}
        return ordered, shapes, told

    def sights(self) -> "dict[str, Column]":
        """The rows, in order; after `tokens`."""
        sums: dict[tuple[int, ...], list[int]] = {}
        for (owner, route, version, look), (successes, failures, last) in self._rows.items():
            one = sums.setdefault((owner, route, version, self._numbers[look]), [0, 0, NEVER])
            one[:] = one[0] + successes, one[1] + failures, max(one[2], last)
        return _columns((*_SHAPES, "successes", "failures", "last_success"), sums.items())


def _uses(usage: Usage, owners: Owners, places: _Places, *, first_day: int, last_day: int) -> "dict[str, Column]":
    import numpy as np

    cube = usage.cube[usage.cube["route"] > 0]
    route = np.zeros(max(places.of_route, default=0) + 1, np.int64)
    for number, place in places.of_route.items():
        route[number] = place
    version = np.asarray(places.of_version or [0], np.int64)
    groups = [owner_of_rows(cube, owners), route[cube["route"].to_numpy()], version[cube["version"].to_numpy()]]
    words = (last_day - first_day) // _WORD + 1
    mask = (1 << _WORD) - 1
    rows = (
        (
            place,
            (
                *(use.attempts, use.successes, use.week, _day(use.first), _day(use.last), use.last_success_day),
                *(_signed(use.days >> (_WORD * word) & mask) for word in range(words)),
            ),
        )
        for place, use in uses_of(cube, groups, first_day=first_day, last_day=last_day)
    )
    return _columns((*_PLACES, *_FIGURES, *(f"days{word}" for word in range(words))), rows)


def _columns(names: Sequence[str], rows: Iterable[tuple[tuple[int, ...], Sequence[int]]]) -> "dict[str, Column]":
    import numpy as np

    found = sorted((*place, *figures) for place, figures in rows)
    table = np.array(found, np.int64).reshape(len(found), len(names))
    return {name: np.ascontiguousarray(table[:, index]) for index, name in enumerate(names)}


def _day(moment: int) -> int:
    return NEVER if moment == NEVER else moment // MICROSECONDS_A_DAY


def _signed(word: int) -> int:
    return word - (1 << _WORD) if word >> (_WORD - 1) else word


def _holders(owners: Owners, salt: bytes, *, names: bool) -> tuple[Holder, ...]:
    plans: dict[str, int] = {}
    for account in owners.accounts:
        plans[account.plan] = plans.get(account.plan, 0) + 1
    return tuple(
        Holder(
            pseudonym=ANONYMOUS if account.integrator == ANONYMOUS else _pseudonym(account, salt, is_unknown),
            revenue=band(account.revenue),
            plan=account.plan if plans[account.plan] >= _SEVERAL else "",
            is_unknown=is_unknown,
            is_out_of_reach=is_unknown or account.is_out_of_reach,
            is_excluded=bool(account.excluded),
            is_pinned=account.pinned,
            name=(account.name or account.integrator) if names and not is_unknown else "",
        )
        for account, is_unknown in zip(owners.accounts, owners.unknown, strict=True)
    )


def _pseudonym(account: Account, salt: bytes, is_unknown: bool) -> str:
    made = hmac.new(salt, b"account\0" + account.integrator.encode(), sha256).hexdigest()[:12]
    return f"{'unknown' if is_unknown else 'account'}-{made}"


def _bare(coverage: Coverage) -> Coverage:
    """The figures of a coverage, without texts: these name files, lines and shapes of paths."""
    return replace(
        coverage,
        unmatched_shapes=(),
        malformed_samples=(),
        warnings=(),
        key_hint="",
        way_back="",
        left_out=tuple(("", "") for _ in coverage.left_out),
        read_as=(),
    )
