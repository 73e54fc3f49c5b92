"""plan.json: the whole plan as data, for `track`, `gate` and other programs (contract, "The plan folder")."""

import io
import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import lru_cache, partial
from itertools import chain
from typing import Any, Final

from apidiff.plan.value import COLUMNS, Plan, PlannedChange, PlannedIntegrator, PlannedOperation
from apidiff.usage.evidence import Coverage, Evidence, Impact, by_change
from apidiff.words.changes import OperationEntry
from apidiff.words.escape import visible_json

LISTED: Final = "apidiff-plan/1"
"""Every account with its changes in full, as the contract has it."""
REFERRING: Final = "apidiff-plan/2"
"""The same of a plan in which many accounts are met by many changes: these are in `change_sets`, each list once."""

_MOST_LISTED: Final = 500_000
"""With more pairs of an account and a change than that a plan refers: it would be a gigabyte."""
_INDENTED: Final = 20_000
"""With more impacts than that the file is on one line: half of it would be spaces."""


def plan_json(plan: Plan) -> bytes:
    """The plan as JSON, keys in the contract's order."""
    import orjson

    large = _pairs(plan) > _INDENTED
    try:
        if large:
            return visible_json(_by_item(plan))
        return visible_json(
            orjson.dumps(plan_data(plan), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z | orjson.OPT_INDENT_2)
        )
    except TypeError:
        # Integers past 64 bits and lone surrogates, which real specs hold and orjson refuses.
        text = json.dumps(plan_data(plan), indent=None if large else 2, default=_plain)
        return visible_json(f"{text}\n".encode())


def _by_item(plan: Plan) -> bytes:
    """The JSON on one line, its long lists item by item: as fields, all of them take more than the text."""
    import orjson

    def written(value: Any) -> bytes:
        return orjson.dumps(value, option=orjson.OPT_UTC_Z)

    out = io.BytesIO()
    for place, (name, value) in enumerate(_fields(plan).items()):
        out.write(b"%b%b:" % (b"," if place else b"{", written(name)))
        if isinstance(value, map):
            out.write(b"[")
            for index, item in enumerate(value):
                out.write(b"," if index else b"")
                out.write(written(item))
            out.write(b"]")
        else:
            out.write(written(value))
    out.write(b"}\n")
    return out.getvalue()


def plan_data(plan: Plan) -> dict[str, Any]:
    """The contract's fields, then what the documents show besides; enums, dates and tuples are left to the writer."""
    return {name: list(value) if isinstance(value, map) else value for name, value in _fields(plan).items()}


def _pairs(plan: Plan) -> int:
    """How many pairs there are of an account and a change that meets it."""
    return sum(len(impact.changes) for one in plan.integrators for impact in one.impacts)


class Sets:
    """Lists of changes by their place in `change_sets`: those that many accounts have are in the file once."""

    def __init__(self, plan: Plan) -> None:
        found = ((*(impact.changes for impact in _together(one.impacts)), one.changes) for one in plan.integrators)
        self._places = {ids: place for place, ids in enumerate(dict.fromkeys(chain.from_iterable(found)))}

    def __call__(self, changes: tuple[str, ...]) -> int:
        """The place of a list."""
        return self._places[changes]

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._places)


def sets_of(plan: Plan) -> Sets | None:
    """The lists of changes that a large plan refers to; None where each account has its changes in full."""
    return Sets(plan) if refers(plan) else None


def refers(plan: Plan) -> bool:
    """Whether the plan is so large that it has each list of changes once."""
    return _pairs(plan) > _MOST_LISTED


def _together(impacts: tuple[Impact, ...]) -> list[Impact]:
    """The impacts, one in the place of several that say the same in the file, as a listing plan is read back."""
    found: dict[tuple[Any, ...], list[Impact]] = {}
    for impact in impacts:
        found.setdefault(tuple(_figures(impact).values()), []).append(impact)
    return [
        alike[0] if len(alike) == 1 else alike[0]._replace(changes=_union(tuple(one.changes for one in alike)))
        for alike in found.values()
    ]


@lru_cache(maxsize=4096)
def _union(lists: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The changes of several lists in the order of their ids; thousands of accounts have the same."""
    return tuple(sorted(set(chain.from_iterable(lists))))


def _fields(plan: Plan) -> dict[str, Any]:
    """The fields in their order; a long list is made when it is asked for."""
    sets = sets_of(plan)
    return {
        "format": LISTED if sets is None else REFERRING,
        "base": plan.base.to_dict(),
        "revision": plan.revision.to_dict(),
        "summary": _plain(plan.summary),
        "policy": _plain(plan.policy),
        "dates": {name: _plain(getattr(plan.dates, name)) for name in ("announce", "deprecation", "sunset")},
        "usage": None if plan.usage is None else _usage(plan.usage),
        "operations": map(_operation, plan.operations),
        "changes": map(_change, plan.changes),
        "integrators": map(partial(_integrator, sets), plan.integrators),
        "timeline": [
            {
                "id": step.id, "kind": step.kind, "date": step.date.isoformat(), "title": step.title,
                "detail": step.detail, "who": step.who, "number": step.number, "moved": step.moved,
            }
            for step in plan.timeline
        ],
        "today": plan.today.isoformat(),
        "planned_on": (plan.planned_on or plan.today).isoformat(),
        "draft": plan.draft,
        "stamp": plan.stamp,
        "guide_url": plan.guide_url,
        "languages": [{"language": name, "share": share} for name, share in plan.languages],
        "coverage_of_revenue": list(plan.coverage_of_revenue),
        "cost": _plain(plan.cost),
        "routes": map(_route, plan.routes),
    } | ({} if sets is None else {"change_sets": map(list, sets)})  # fmt: skip


def _usage(usage: Coverage) -> dict[str, Any]:
    contract = ("rows", "matched", "unmatched", "malformed", "first", "last", "days_with_data", "keys", "unknown_keys")
    more = ("span_days", "anonymous", "has_query", "has_fields", "has_version", "warnings")
    return {name: _plain(getattr(usage, name)) for name in contract + more} | {
        "unmatched_shapes": [{"shape": shape, "attempts": attempts} for shape, attempts in usage.unmatched_shapes],
        "malformed_samples": [{"at": place, "reason": reason} for place, reason in usage.malformed_samples],
    }


def _route(operation: OperationEntry) -> dict[str, Any]:
    """What it takes to find the operation in a log, and what takes its place."""
    return operation.to_dict() | {"prefixes": list(operation.prefixes), "moved_to": operation.moved_to}


def _operation(planned: PlannedOperation) -> dict[str, Any]:
    use = planned.use
    return planned.operation.to_dict() | {
        "changes": list(planned.changes),
        "removed": planned.removed,
        "successor": planned.successor,
        "headers": dict(planned.headers),
        "use": None
        if use is None
        else {
            "attempts": use.attempts, "logical_successes": use.logical_successes, "keys": use.keys,
            "integrators": use.integrators, "first_seen": _plain(use.first_seen), "last_seen": _plain(use.last_seen),
        },
    }  # fmt: skip


def _change(planned: PlannedChange) -> dict[str, Any]:
    decision, exposure = planned.decision, planned.change.exposure
    change = planned.change.to_dict()
    del change["group"]  # It is for whoever reads a diff, and made of what a plan does not hold.
    return change | {
        "affected": {evidence.value: planned.affected.get(evidence, 0) for evidence in Evidence},
        "decision": decision and {"answer": decision.answer, "reason": decision.reason, "owner": decision.owner},
        "effort": planned.change.effort.value,
        "exposure": {
            "kind": exposure.kind.value,
            "location": exposure.location,
            "names": list(exposure.names),
            "values": list(exposure.values),
            "beyond": exposure.beyond,
        },
    }


def _integrator(sets: Sets | None, one: PlannedIntegrator) -> dict[str, Any]:
    # Enums, dates and tuples stay what they are: of 100,000 integrators only the writer touches each value.
    data = {column: getattr(one, column) for column in COLUMNS} | {
        "impacts": [{"change": change} | _figures(impact) for change, impact in by_change(one.impacts).items()]
        if sets is None
        else [{"changes": sets(impact.changes)} | _figures(impact) for impact in _together(one.impacts)],
        "score_parts": {name: round(points, 2) for name, points in one.score_parts.items()},
        "called_because": one.called_because,
        "flags": one.flags,
        "depth_operations": one.depth_operations,
        "key_ids": one.key_ids,
    }
    return data if sets is None else data | {"changes": sets(one.changes)}


def _figures(impact: Impact) -> dict[str, Any]:
    """What was counted; what was seen in words is in the documents, for each change has its own."""
    return {
        "evidence": impact.evidence,
        "logical_successes": impact.logical_successes,
        "attempts": impact.attempts,
        "first_seen": impact.first_seen,
        "last_seen": impact.last_seen,
        "active_days": impact.active_days,
        "longest_gap_days": impact.longest_gap_days,
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it: dates as ISO 8601, enums as their values, tuples as lists."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value
