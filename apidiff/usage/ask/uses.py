"""What every owner does on every route in the look-back window, and who stands behind its keys."""

from collections import Counter
from collections.abc import Mapping

from apidiff.usage.ask.rollup import Owners, Use, depths_of, owner_of_rows, together, uses_of, window_of
from apidiff.usage.cube.value import Usage, instant
from apidiff.usage.evidence import Account, Activity
from apidiff.usage.options import Options
from apidiff.usage.version import past

_SHARED_FAMILIES = 3


class Uses:
    """What every owner does on every route in the look-back window, and who stands behind its keys."""

    def __init__(self, usage: Usage, owners: Owners, options: Options) -> None:
        import numpy as np

        self.usage = usage
        self.options = options
        first_day, self.last_day = window_of(usage, options.look_back_days)
        cube = usage.cube
        owner = owner_of_rows(cube, owners)
        moved = past(usage.versions, options.revision_version)
        reached = ~np.isin(cube["version"].to_numpy(), sorted(moved)) & (cube["route"].to_numpy() > 0)
        self.by_owner: dict[int, dict[int, Use]] = {}
        groups = [owner[reached], cube["route"].to_numpy()[reached]]
        for (number, route), use in uses_of(cube[reached], groups, first_day=first_day, last_day=self.last_day):
            self.by_owner.setdefault(number, {})[route] = use
        self.depths = depths_of(usage, owners)
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
            languages=shares_of(languages, total),
            agent_share=round(agents / total, 4) if total else 0.0,
            shared_key=shared,
            unknown=owners.unknown[owner],
            recent_successes=use.week,
            key_ids=owners.key_ids[owner],
        )


def shares_of(counts: Mapping[str, float], total: float | None = None) -> tuple[tuple[str, float], ...]:
    """Counts by name as shares of their whole, largest first."""
    whole = sum(counts.values()) if total is None else total
    if not whole:
        return ()
    return tuple(
        (name, round(count / whole, 4)) for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
