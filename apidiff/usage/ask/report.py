"""`apidiff usage`: what the logs hold, as the contract's JSON."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.metrics import metrics_of
from apidiff.usage.ask.operations import operation_uses
from apidiff.usage.ask.rollup import owners_of
from apidiff.usage.cube.value import Usage
from apidiff.usage.evidence import OperationUse
from apidiff.usage.trust import caveats, strange_keys
from apidiff.words.changes import OperationEntry


def usage_report(
    usage: Usage, integrators: Integrators, operations: Sequence[OperationEntry], *, today: date | None = None
) -> dict[str, Any]:
    """The JSON of `usage --format json` (contract), with what is in doubt `today`, and how the logs were read."""
    ordered = sorted(operations, key=lambda operation: (operation.path, operation.method))
    owners = owners_of(usage, integrators, usage.log.options)
    uses = operation_uses(usage, ordered, owners)
    coverage = usage.coverage
    seen = replace(coverage, unknown_keys=owners.unknown_keys)
    return {
        "format": "apidiff-usage/1",
        "coverage": {
            "rows": coverage.rows,
            "matched": coverage.matched,
            "unmatched": coverage.unmatched,
            "malformed": coverage.malformed,
            "first": stamp(coverage.first),
            "last": stamp(coverage.last),
            "days_with_data": coverage.days_with_data,
        },
        "operations": [_operation(entry, use) for entry, use in zip(ordered, uses, strict=True)],
        "unmatched": [{"shape": shape, "attempts": attempts} for shape, attempts in coverage.unmatched_shapes],
        "metrics": metrics_of(usage, owners, integrators),
        "doubts": [*(strange_keys(seen) if integrators.accounts else ()), *caveats(coverage, today)],
        "read_as": list(coverage.read_as),
    }


def stamp(moment: datetime | None) -> str:
    """A UTC time as the outputs write it, "" for none."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _operation(entry: OperationEntry, use: OperationUse) -> dict[str, Any]:
    return {
        "method": entry.method.upper(),
        "path": entry.path,
        "operation_id": entry.operation_id,
        "attempts": use.attempts,
        "logical_successes": use.logical_successes,
        "keys": use.keys,
        "integrators": use.integrators,
        "first_seen": stamp(use.first_seen),
        "last_seen": stamp(use.last_seen),
    }
