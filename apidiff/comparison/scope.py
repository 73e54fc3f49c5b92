"""Narrows a comparison to some operations, by path, tag or id, and lets changes of unstable operations pass.

Invariant: a change keeps every operation in scope that it reaches, and goes when none is left.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any, Final

from apidiff.config.settings import Selection
from apidiff.words.changes import Change, Comparison, OperationEntry, Waiver
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.escape import clip
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


def check_selection(operations: Iterable[OperationEntry], selection: Selection, *, option: str) -> None:
    """Refuses a selection with a word that names no operation of either spec: nothing would be looked at, or all.

    Errors: `selection-unmatched`, with the nearest name.
    """
    known = tuple(operations)
    for word in selection.words:
        one = Selection.of([word])
        if not any(selects(one, operation) for operation in known):
            raise _unmatched(word, _names(word, known), option)


def check_prefixes(operations: Iterable[OperationEntry], map_prefix: Mapping[str, str]) -> None:
    """Refuses a prefix that no path of the base begins with. Errors: `selection-unmatched`."""
    paths = [operation.path for operation in operations if operation.present != "revision"]
    for prefix in map_prefix:
        start = prefix.rstrip("/")
        if not any(path == prefix or path.startswith(f"{start}/") for path in paths):
            starts = {"/".join(path.split("/")[:size]) for path in paths for size in range(2, path.count("/") + 2)}
            raise _unmatched(prefix, starts, "--map-prefix")


def _names(word: str, operations: Iterable[OperationEntry]) -> set[str]:
    """What a word of a selection could have meant, written as it is."""
    if word.startswith("tag:"):
        return {f"tag:{tag}" for operation in operations for tag in operation.tags}
    return {operation.path if word.startswith("/") else OperationId(operation.id).plain for operation in operations}


def _unmatched(word: str, names: Iterable[str], option: str) -> ApidiffError:
    from difflib import get_close_matches

    known = sorted(names)
    near = get_close_matches(word, known, n=1, cutoff=0.4) or get_close_matches(
        word.rstrip("*/"), known, n=1, cutoff=0.3
    )
    return ApidiffError(
        f"`{clip(word, 120)}` names nothing in either spec",
        code="selection-unmatched",
        at=option,
        hint=f"Did you mean `{clip(near[0], 120)}`?" if near else "`apidiff diff --format json` lists the operations.",
        status=Exit.USAGE,
    )


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


def exempt_marked(comparison: Comparison) -> Comparison:
    """The comparison with the breaks of operations waived that carry an extension which promises nothing."""
    marks = {operation.id: operation.exempt for operation in comparison.operations if operation.exempt}

    def passed(change: Change) -> Change:
        reached = set(change.operations)
        if not (change.endangers and reached and change.waiver is None and marks.keys() >= reached):
            return change
        said = ", ".join(sorted({marks[name] for name in reached}))
        return replace(change, waiver=Waiver(f"every operation that it reaches has {said} in the base", "exempt"))

    return replace(comparison, changes=tuple(map(passed, comparison.changes)))


def mark_of(extensions: Iterable[Mapping[str, Any]], exempt: Mapping[str, Sequence[str]]) -> str:
    """The first extension that the configuration exempts, as `NAME: VALUE`, "" for none; a list has each of its items.

    What stands first counts: that of an operation before that of its path.
    """
    for name, values in exempt.items():
        node = next((node for node in extensions if name in node), {})
        said = node.get(name)
        for one in said if isinstance(said, list) else [said]:
            if _plain(one) in values:
                return f"{name}: {_plain(one)}"
    return ""


def _plain(value: Any) -> str:
    """A value as YAML writes it; a text's letter case says nothing."""
    return str(value).lower() if isinstance(value, bool | str | int | float) else ""


def _exempted(change: Change, unstable: Iterable[str]) -> Change:
    if change.endangers and change.operations and set(change.operations) <= set(unstable):
        return replace(change, waiver=EXEMPT)
    return change
