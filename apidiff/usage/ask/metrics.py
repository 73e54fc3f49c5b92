"""The developer-experience figures: how well calls go, how soon, in which languages, and how deep integrations are."""

from collections.abc import Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.rollup import Owners, depths_of
from apidiff.usage.cube.value import NEVER, Usage
from apidiff.usage.evidence import Depth
from apidiff.usage.keys import digest

_HOUR = 3_600_000_000


def metrics_of(usage: Usage, owners: Owners, integrators: Integrators) -> Mapping[str, Any]:
    """The developer-experience figures (contract, `usage --format json`, `metrics`).

    `success_rate` is logical successes over logical calls, `retry_share` the attempts that repeat another over all
    attempts, both over matched traffic; revenue by language is split by an integrator's logical successes in it.
    """
    cube = usage.cube[usage.cube["route"] > 0]
    attempts, successes = int(cube["attempts"].sum()), int(cube["successes"].sum())
    retries = int(usage.retries["retries"].sum()) if len(usage.retries) else 0
    calls = attempts - retries
    return {
        "success_rate": round(successes / calls, 4) if calls else 0.0,
        "retry_share": round(retries / attempts, 4) if attempts else 0.0,
        "time_to_first_call_median_hours": _time_to_first_call(usage, integrators),
        "depth": _depths(usage, owners),
        "languages": _languages(usage, owners),
    }


def _depths(usage: Usage, owners: Owners) -> dict[str, int]:
    """How many integrations are how deep; rows without a key are nobody's."""
    named = {owners.of_key[index] for index, key in enumerate(usage.keys) if key.digest}
    counts = {depth.value: 0 for depth in Depth}
    for owner, depth in depths_of(usage, owners).items():
        if owner in named:
            counts[Depth.of(depth).value] += 1
    return counts


def _languages(usage: Usage, owners: Owners) -> list[dict[str, Any]]:
    by_owner: dict[int, dict[str, int]] = {}
    for key, _, language, _, _, successes in usage.clients.itertuples(index=False):
        mine = by_owner.setdefault(owners.of_key[key], {})
        mine[language or "unknown"] = mine.get(language or "unknown", 0) + successes
    successes_of: dict[str, int] = {}
    revenue_of: dict[str, float] = {}
    for owner, mine in by_owner.items():
        total = sum(mine.values())
        revenue = owners.accounts[owner].revenue or 0.0
        for language, count in mine.items():
            successes_of[language] = successes_of.get(language, 0) + count
            revenue_of[language] = revenue_of.get(language, 0.0) + (revenue * count / total if total else 0.0)
    ordered = sorted(
        successes_of, key=lambda language: (-round(revenue_of[language], 2), -successes_of[language], language)
    )
    return [
        {"language": language, "logical_successes": successes_of[language], "revenue": round(revenue_of[language], 2)}
        for language in ordered
    ]


def _time_to_first_call(usage: Usage, integrators: Integrators) -> float | None:
    """The median of hours from a key's making to its first success, over keys made within the log's time."""
    coverage = usage.coverage
    if not integrators.created or coverage.first is None:
        return None
    made = {digest(key, usage.salt): _utc(moment) for key, moment in integrators.created.items()}
    first = usage.cube[usage.cube["first_success"] != NEVER].groupby("key")["first_success"].min()
    hours = []
    for key, moment in first.items():
        start = made.get(usage.keys[int(str(key))].digest)
        if start is not None and start >= coverage.first.replace(hour=0, minute=0, second=0, microsecond=0):
            hours.append(max(0.0, (int(moment) - start.timestamp() * 1e6) / _HOUR))
    return round(median(hours), 2) if hours else None


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
