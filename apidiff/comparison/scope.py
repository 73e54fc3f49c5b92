"""Narrows a comparison to some operations, by path, tag or id, and lets changes of unstable operations pass.

Invariant: a change keeps every operation in scope that it reaches, and goes when none is left.
"""

from collections.abc import Container, Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from apidiff.config.settings import Selection
from apidiff.words.changes import Change, Comparison, OperationEntry, Waiver
from apidiff.words.operation import OperationId

UNSTABLE: Final = frozenset({"draft", "experimental", "alpha", "beta", "preview"})
EXEMPT: Final = Waiver("every operation that it reaches is marked unstable in the base", "x-stability-level")


def restrict(comparison: Comparison, *, only: Selection, ignore: Selection) -> Comparison:
    """The comparison as far as the operations in scope go.

    What no operation uses stays, unless `only` asks for some operations.
    """
    if not only and not ignore:
        return comparison
    kept = tuple(
        operation
        for operation in comparison.operations
        if (not only or selects(only, operation)) and not (ignore and selects(ignore, operation))
    )
    ids = {operation.id for operation in kept}
    changes = [_narrowed(change, ids) for change in comparison.changes if change.operations or not only]
    return replace(comparison, operations=kept, changes=tuple(change for change in changes if change is not None))


def selects(selection: Selection, operation: OperationEntry) -> bool:
    """Whether a selection names an operation; without a file it names those of all specs."""
    plain = OperationId(operation.id).plain
    return (
        any(fnmatchcase(operation.path, pattern) for pattern in selection.paths)
        or any(tag in selection.tags for tag in operation.tags)
        or any(fnmatchcase(name, pattern) for pattern in selection.operations for name in (operation.id, plain))
    )


def _narrowed(change: Change, ids: Container[str]) -> Change | None:
    if not change.operations:
        return change
    operations = tuple(operation for operation in change.operations if operation in ids)
    if len(operations) == len(change.operations):
        return change
    places = tuple(place for place in change.places if place.partition(": ")[0] in ids)
    return replace(change, operations=operations, places=places) if operations else None


def exempt_unstable(comparison: Comparison) -> Comparison:
    """The comparison with the breaks of unstable operations waived: alpha and beta promise nothing."""
    unstable = {operation.id for operation in comparison.operations if operation.stability.lower() in UNSTABLE}
    return replace(comparison, changes=tuple(_exempted(change, unstable) for change in comparison.changes))


def _exempted(change: Change, unstable: Iterable[str]) -> Change:
    if change.endangers and change.operations and set(change.operations) <= set(unstable):
        return replace(change, waiver=EXEMPT)
    return change
