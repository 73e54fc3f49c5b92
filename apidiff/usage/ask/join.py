"""Changes × usage × integrators: who is hit by what, and what the log shows of it.

Evidence rests on what each change asks of the log (`Change.exposure`), never on volume; a use that the log proves
unaffected is no impact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.question import Question, Sight, asked, by_owner, column_of, questions_of
from apidiff.usage.ask.report import metrics_of
from apidiff.usage.ask.rollup import Owners, Use, owners_of, together, uses_of, window_of
from apidiff.usage.cube.value import EPOCH, MICROSECONDS_A_DAY, NEVER, Usage, instant
from apidiff.usage.evidence import Account, Activity, Coverage, Evidence, Exposures, Impact, OperationUse
from apidiff.usage.options import Options
from apidiff.usage.route import Routes
from apidiff.usage.version import past
from apidiff.words.changes import Change, Exposed, OperationEntry

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_LOGGING = {
    "query": "log query strings",
    "request_fields": "log the names of the request's fields (`request_fields`)",
    "response_fields": "log the names of the fields that were sent back (`response_fields`)",
}
_SHARED_FAMILIES = 3


def join(
    usage: Usage,
    changes: Sequence[Change],
    integrators: Integrators,
    *,
    operations: Sequence[OperationEntry],
    options: Options,
) -> Exposures:
    """Every integrator and unknown key that a breaking or dangerous change meets, with the evidence.

    Waived changes meet nobody. Errors: those of reading the logs again where changes ask about parameters.
    """
    owners = owners_of(usage, integrators, options)
    coverage = replace(
        usage.coverage,
        unknown_keys=owners.unknown_keys,
        warnings=(*usage.coverage.warnings, *integrators.warnings, *_gaps(usage.coverage, options)),
    )
    known: dict[frozenset[str], frozenset[str]] = {}
    asking = [_Asking(change, usage, options, known) for change in changes if _matters(change)]
    asking = [item for item in asking if item.routes]
    first_day, _ = window_of(usage, options.look_back_days)
    answers = asked(
        (question for item in asking for question in item.questions if item.is_logged),
        usage,
        first_day=first_day,
        revision=options.revision_version,
    )
    sights = by_owner(answers, owners)
    found = _Uses(usage, owners, options)
    impacts: list[Impact] = []
    activities: list[Activity] = []
    for owner in sorted(found.by_owner):
        mine, affected = _impacts_of(owner, found, asking, sights, owners)
        if mine:
            impacts.extend(mine)
            account = owners.accounts[owner]
            activities.append(found.activity(owner, account, affected, owners))
    shares: dict[str, float] = {}
    for activity in activities:
        for language, share in activity.languages:
            shares[language] = shares.get(language, 0.0) + share * activity.logical_successes
    return Exposures(
        coverage=coverage,
        activities=tuple(activities),
        impacts=tuple(sorted(impacts, key=lambda impact: (impact.integrator, impact.change))),
        operations=operation_uses(usage, operations, integrators),
        metrics=metrics_of(usage, owners, integrators),
        language_share=_shares(shares),
    )


def _matters(change: Change) -> bool:
    return change.endangers and change.exposure.kind is not Exposed.NOBODY and bool(change.operations)


def _gaps(coverage: Coverage, options: Options) -> Iterable[str]:
    if coverage.days_with_data < coverage.span_days:
        missing = coverage.span_days - coverage.days_with_data
        yield f"{missing} of {coverage.span_days} days have no rows: who calls only then is unknown, not safe"
    if coverage.span_days < options.look_back_days:
        covered = f"{coverage.span_days} of {options.look_back_days} days"
        yield f"the logs cover {covered}: a monthly or quarterly job may be missing"


class _Asking:
    """A change with the routes that it reaches and what it asks of the log."""

    def __init__(
        self, change: Change, usage: Usage, options: Options, known: dict[frozenset[str], frozenset[str]]
    ) -> None:
        self.change = change
        wanted = frozenset(change.operations) - frozenset(options.exclude_operations)
        self.wanted = wanted = known.setdefault(wanted, wanted)
        self.routes = frozenset(route.number for route in usage.routes.routes if wanted.intersection(route.operations))
        self.names = {
            number: tuple(name for name in usage.routes.by_number[number] if name in wanted) for number in self.routes
        }
        self.column = column_of(change)
        self.is_logged = self.column in usage.logged
        self.questions = questions_of(change, usage.routes) if self.column else ()
        self.hint = "" if self.is_logged else _LOGGING.get(self.column, "")
        self.hidden = _hidden(change)
        self.is_sure = change.exposure.kind is Exposed.CALLED or _is_always_sent(change)

    @property
    def asks_what_was_left_out(self) -> bool:
        return self.change.exposure.kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD)


class _Uses:
    """What every owner does on every route in the look-back window, and who stands behind its keys."""

    def __init__(self, usage: Usage, owners: Owners, options: Options) -> None:
        import numpy as np

        self.usage = usage
        self.options = options
        first_day, self.last_day = window_of(usage, options.look_back_days)
        cube = usage.cube
        owner = (
            np.asarray(owners.of_key, dtype=np.int64)[cube["key"].to_numpy()] if len(cube) else np.zeros(0, np.int64)
        )
        moved = past(usage.versions, options.revision_version)
        reached = ~np.isin(cube["version"].to_numpy(), sorted(moved)) & (cube["route"].to_numpy() > 0)
        self.by_owner: dict[int, dict[int, Use]] = {}
        groups = [owner[reached], cube["route"].to_numpy()[reached]]
        for (number, route), use in uses_of(cube[reached], groups, first_day=first_day, last_day=self.last_day):
            self.by_owner.setdefault(number, {})[route] = use
        self.depths = _depths(cube, owner, usage.routes)
        self.keys: dict[int, list[int]] = {}
        for key, number in enumerate(owners.of_key):
            self.keys.setdefault(number, []).append(key)
        self.totals: dict[int, int] = {}
        for uses in self.by_owner.values():
            for route, use in uses.items():
                self.totals[route] = self.totals.get(route, 0) + use.successes
        self.loops = {(key, route) for key, route, _, loop in usage.retries.itertuples(index=False) if loop}
        self.clients: dict[int, list[tuple[str, str, str, int]]] = {}
        for key, family, language, kind, attempts, _ in usage.clients.itertuples(index=False):
            self.clients.setdefault(key, []).append((family, language, kind, attempts))
        self.recent_from = self.last_day - options.recent_days + 1

    def activity(self, owner: int, account: Account, affected: set[int], owners: Owners) -> Activity:
        """The activity of one owner over the affected routes."""
        mine, keys = self.by_owner[owner], self.keys[owner]
        use = together(mine[route] for route in sorted(affected))
        languages, agents, total = Counter[str](), 0, 0
        shared = False
        for key in keys:
            clients = self.clients.get(key, [])
            shared = shared or len({family for family, *_ in clients if family}) >= _SHARED_FAMILIES
            for _, language, kind, attempts in clients:
                total += attempts
                agents += attempts if kind == "agent" else 0
                if language:
                    languages[language] += attempts
        names = sorted({name for route in affected for name in self.usage.routes.by_number[route]})
        return Activity(
            account=account,
            keys=tuple(sorted({self.usage.keys[key].masked for key in keys if self.usage.keys[key].masked})),
            affected_operations=tuple(names),
            logical_successes=use.successes,
            attempts=use.attempts,
            active_days=use.active_days,
            first_seen=instant(use.first),
            last_seen=instant(use.last),
            depth=self.depths.get(owner, 0),
            retry_loop=any((key, route) in self.loops for key in keys for route in affected),
            languages=_shares(languages, total),
            agent_share=round(agents / total, 4) if total else 0.0,
            shared_key=shared,
            unknown=owners.unknown[owner],
            recent_successes=use.week,
            key_ids=owners.key_ids[owner],
        )


def _depths(
    cube: "pd.DataFrame", owner: "np.ndarray[tuple[int], np.dtype[np.int64]]", routes: Routes
) -> dict[int, int]:
    """How many operations of the whole API each owner succeeds on, whatever version it pins."""
    import numpy as np

    used = (cube["successes"].to_numpy() > 0) & (cube["route"].to_numpy() > 0)
    pairs = np.unique(np.stack([owner[used], cube["route"].to_numpy()[used]]), axis=1)
    names: dict[int, set[str]] = {}
    for number, route in pairs.T.tolist():
        names.setdefault(number, set()).update(routes.by_number[route][:1])
    return {number: len(found) for number, found in names.items()}


def _impacts_of(
    owner: int,
    found: _Uses,
    asking: Sequence[_Asking],
    sights: Mapping[Question, Mapping[tuple[int, int], Sight]],
    owners: Owners,
) -> tuple[list[Impact], set[int]]:
    """The impacts of one owner, and the routes of theirs that it calls."""
    mine = found.by_owner[owner]
    integrator = owners.accounts[owner].integrator
    # hundreds of changes of shared components reach the same operations: what an owner does there is added up once
    reaches: dict[int, _Reach | None] = {}
    affected: set[int] = set()
    impacts = []
    for item in asking:
        group = id(item.wanted)  # equal sets are one and the same
        if group not in reaches:
            reaches[group] = _reach(item, mine, found)
        reach = reaches[group]
        if reach is None:
            continue
        verdict = _judged(item, reach, _seen(item, owner, reach.routes, sights), found)
        if verdict is not None:
            impacts.append(_impact(integrator, item, reach, verdict))
            affected.update(reach.routes)
    return impacts, affected


@dataclass(frozen=True, slots=True)
class _Reach:
    """What one owner does on the routes that a set of operations has."""

    routes: tuple[int, ...]
    use: Use
    operations: tuple[str, ...]
    first_seen: datetime | None
    last_seen: datetime | None
    what: str
    last_day: str
    longest_gap: int


def _reach(item: _Asking, mine: Mapping[int, Use], found: _Uses) -> _Reach | None:
    """None where the owner never called any of the operations, or too seldom for the thresholds."""
    routes = tuple(sorted(item.routes & mine.keys()))
    if not routes:
        return None
    use = together(mine[route] for route in routes)
    if _is_below(use, found, routes):
        return None
    operations = tuple(sorted({name for route in routes for name in item.names[route]}))
    last_day = _day(use.last_success_day) if use.successes else ""
    gap = use.longest_gap(found.options.look_back_days)
    return _Reach(routes, use, operations, instant(use.first), instant(use.last), _what(use), last_day, gap)


def _impact(integrator: str, item: _Asking, reach: _Reach, verdict: tuple[Evidence, str, str]) -> Impact:
    use, (evidence, seen, hint) = reach.use, verdict
    return Impact(
        integrator=integrator,
        change=item.change.id,
        evidence=evidence,
        operations=reach.operations,
        logical_successes=use.successes,
        attempts=use.attempts,
        active_days=use.active_days,
        first_seen=reach.first_seen,
        last_seen=reach.last_seen,
        seen=seen,
        raise_with=hint,
        longest_gap_days=reach.longest_gap,
    )


def _is_below(use: Use, found: _Uses, routes: Sequence[int]) -> bool:
    """Whether a use is under the thresholds that the user set; without any, nothing is."""
    options = found.options
    if options.min_calls > 1 and use.successes < options.min_calls:
        return True
    if options.min_share > 0:
        total = sum(found.totals[route] for route in routes)
        return total == 0 or use.successes / total < options.min_share
    return False


@dataclass(frozen=True, slots=True)
class _Seen:
    """How many successes showed the thing that breaks, and the last of them."""

    hits: int
    last: int


def _seen(
    item: _Asking, owner: int, routes: Sequence[int], sights: Mapping[Question, Mapping[tuple[int, int], Sight]]
) -> _Seen | None:
    """What the log's own column shows, None where it has none; of several names left out the one most often."""
    if not item.is_logged or not item.questions:
        return None
    best = _Seen(0, NEVER)
    for question in item.questions:
        total = sum((sights[question].get((owner, route), Sight()) for route in routes), Sight())
        hit = (
            _Seen(total.without, total.last_without)
            if item.asks_what_was_left_out
            else _Seen(total.with_it, total.last_with)
        )
        best = max(best, hit, key=lambda seen: (seen.hits, seen.last))
    return best


def _judged(item: _Asking, reach: _Reach, seen: _Seen | None, found: _Uses) -> tuple[Evidence, str, str] | None:
    """The evidence, a sentence on what was seen, and what would raise it; None where the log shows no exposure."""
    use, what, last, sure = reach.use, reach.what, reach.use.last_success_day, item.is_sure
    if use.successes == 0:
        return Evidence.POSSIBLE, what, item.hint
    if seen is not None:
        if seen.hits == 0:
            return None
        last, sure = seen.last // MICROSECONDS_A_DAY, not item.change.exposure.is_vague
        what = f"{_thing(item.change)} in {seen.hits:,} of {what}"
    sentence = f"{what}, last on {reach.last_day if last == use.last_success_day else _day(last)}"
    if last < found.recent_from:
        return Evidence.POSSIBLE, f"{sentence}: before the last {found.options.recent_days} days of the log", item.hint
    if sure:
        return Evidence.CONFIRMED, sentence, ""
    return Evidence.PROBABLE, f"{sentence}; the log can't show {item.hidden}", item.hint


def _what(use: Use) -> str:
    """What an owner did, as the beginning of a sentence; all of it where nothing succeeded."""
    if use.successes == 0:
        calls = f"{use.attempts:,} {_plural('attempt', use.attempts)}"
        return f"{calls}, none successful, last on {_day(use.last // MICROSECONDS_A_DAY)}"
    days = _plural("day", use.active_days)
    return f"{use.successes:,} successful {_plural('call', use.successes)} on {use.active_days} {days}"


def _is_always_sent(change: Change) -> bool:
    """A path parameter is part of every call."""
    return change.exposure.kind is Exposed.SENT_PARAMETER and change.exposure.location == "path"


def _thing(change: Change) -> str:
    names = ", ".join(f"`{name}`" for name in change.exposure.names)
    match change.exposure.kind:
        case Exposed.LEFT_OUT_PARAMETER | Exposed.LEFT_OUT_FIELD:
            return f"left out {names}"
        case Exposed.SENT_VALUE if change.exposure.beyond:
            return f"sent {names} {change.exposure.beyond}"
        case Exposed.SENT_VALUE if change.exposure.values:
            return f"sent a value of {names} that stops working"
        case Exposed.RECEIVED_FIELD:
            return f"received {names}"
        case _:
            return f"sent {names}"


def _hidden(change: Change) -> str:
    kind = change.exposure.kind
    names = ", ".join(f"`{name}`" for name in change.exposure.names[:3])
    if change.exposure.is_vague and change.exposure.location == "query":
        return f"whether that value of {names} still works"
    if kind is Exposed.RECEIVED_RESPONSE:
        return "what the client reads of the response"
    if kind is Exposed.RECEIVED_FIELD:
        return f"whether it reads {names}" if names else "which fields it reads"
    if kind in (Exposed.LEFT_OUT_PARAMETER, Exposed.LEFT_OUT_FIELD):
        return f"whether it leaves out {names}" if names else "what it leaves out"
    return f"whether it sends {names}" if names else "what it sends"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _day(day: int) -> str:
    return (EPOCH + timedelta(days=day)).date().isoformat()


def _shares(counts: Mapping[str, float], total: float | None = None) -> tuple[tuple[str, float], ...]:
    whole = sum(counts.values()) if total is None else total
    if not whole:
        return ()
    return tuple(
        (name, round(count / whole, 4)) for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def operation_uses(
    usage: Usage, operations: Sequence[OperationEntry], integrators: Integrators
) -> tuple[OperationUse, ...]:
    """What the whole log holds of every operation, in the order given; zeros for one that nobody called."""
    import numpy as np

    owners = owners_of(usage, integrators, usage.log.options)
    cube = usage.cube
    first_day = int(cube["day"].min()) if len(cube) else 0
    last_day = int(cube["day"].max()) if len(cube) else 0
    by_operation: dict[str, list[tuple[int, Use]]] = {}
    groups = [cube["route"].to_numpy(), cube["key"].to_numpy()]
    for (route, key), use in uses_of(cube, groups, first_day=first_day, last_day=last_day):
        for name in usage.routes.by_number.get(int(np.int64(route)), ()):
            by_operation.setdefault(name, []).append((key, use))
    uses = []
    for operation in operations:
        found = by_operation.get(operation.id, [])
        total = together(use for _, use in found)
        keys = {key for key, _ in found if usage.keys[key].digest}
        uses.append(
            OperationUse(
                operation=operation.id,
                attempts=total.attempts,
                logical_successes=total.successes,
                keys=len(keys),
                integrators=len({owners.of_key[key] for key in keys if not owners.unknown[owners.of_key[key]]}),
                first_seen=instant(total.first),
                last_seen=instant(total.last),
            )
        )
    return tuple(uses)
