"""What the whole log holds of every operation of the spec."""

from collections.abc import Sequence

from apidiff.usage.ask.rollup import Owners, Use, together, uses_of
from apidiff.usage.cube.value import Usage, instant
from apidiff.usage.evidence import OperationUse
from apidiff.words.changes import OperationEntry


def operation_uses(usage: Usage, operations: Sequence[OperationEntry], owners: Owners) -> tuple[OperationUse, ...]:
    """What the whole log holds of every operation, in the order given; zeros for one that nobody called."""
    import numpy as np

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
