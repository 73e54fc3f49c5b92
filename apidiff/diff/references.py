"""References that lead nowhere: what hangs on one is unknown, which is said, and is no reason to refuse a whole spec.

A published base can't be corrected any more. Where only one side lost what a reference names, the other side's stands
in for it, so that nothing but the loss itself is reported.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from apidiff.diff.walk import Walk
from apidiff.load.resolve import Side, find_or_none
from apidiff.load.values import references
from apidiff.spec import Operation
from apidiff.words.direction import REQUEST
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer


def lend(base: Side, revision: Side) -> None:
    """Let what the other side has under a broken reference stand in for it."""
    for here, other in ((base, revision), (revision, base)):
        for key, broken in here.broken.items():
            found = None if key in other.broken else find_or_none(other, broken.reference, broken.place.file)
            if found is not None:
                here.lent[key] = found


def compare_references(
    walk: Walk, operations: tuple[Mapping[OperationId, Operation], ...], index: Mapping[OperationId, int]
) -> None:
    """State each reference that one side lost and the other has, with the operations that follow it."""
    base, revision = walk.base, walk.revision
    lost = [(key, one) for key, one in revision.broken.items() if key not in base.broken]
    mended = [(key, one) for key, one in base.broken.items() if key in base.lent]
    for side, found, action in ((1, lost, Action.REMOVED), (0, mended, Action.ADDED)):
        users = users_of((base, revision)[side], operations[side]) if found else {}
        for key, broken in found:
            pair = walk.graph.add()
            for name in users.get(key, ()):
                walk.graph.seed(pair, REQUEST, index[name], "")
            walk.fact(
                pair,
                Subject.DOCUMENT,
                "reference",
                action,
                None if side else broken.place,
                broken.place if side else None,
                before=broken.reference if side else ABSENT,
                after=ABSENT if side else broken.reference,
                name=broken.reference,
            )


def users_of(side: Side, operations: Mapping[OperationId, Operation]) -> dict[str, list[OperationId]]:
    """For each broken reference of a side the operations that lead to it, in their order."""
    users = _Users(side)
    for name, operation in operations.items():
        users.follow(f"operation {name}", _first(side, operation))
    above = {key: users.above(key) for key in side.broken}
    return {key: [name for name in operations if f"operation {name}" in found] for key, found in above.items()}


def warnings_of(side: Side, operations: Mapping[OperationId, Operation]) -> Iterator[str]:
    """A sentence for each broken reference: its place, what is wrong, and how many operations it leaves unknown."""
    users = users_of(side, operations) if side.broken else {}
    for key, broken in side.broken.items():
        count = len(users[key])
        reach = f"{count} operation{'' if count == 1 else 's'} lead{'s' if count == 1 else ''} to it"
        yield f"{side.where(broken.place)}: {broken.problem}; what it stands for is unknown, and {reach}"


def _first(side: Side, operation: Operation) -> Iterator[tuple[str, str]]:
    """The references in an operation itself, and in the parameters of its path."""
    node, at = operation.place
    yield from ((reference, at.file) for reference in references(node))
    paths = side.root.get("paths")
    item = paths.get(operation.path) if isinstance(paths, dict) else None
    if isinstance(item, dict):
        item, at = side.deref(item, Pointer("", ("paths", operation.path)))
        yield from ((reference, at.file) for reference in references(item.get("parameters")))


@dataclass(slots=True)
class _Users:
    """Who refers to what, by the key of what is referred to: operations, and other targets."""

    side: Side
    of: dict[str, set[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def follow(self, user: str, found: Iterable[tuple[str, str]]) -> None:
        """Note who uses what, through everything that references lead to."""
        stack = [(reference, file, user) for reference, file in found]
        while stack:
            reference, file, above = stack.pop()
            key = self.side.key(reference, file)
            self.of.setdefault(key, set()).add(above)
            if key in self.seen:
                continue
            self.seen.add(key)
            target = find_or_none(self.side, reference, file)
            if target is not None and isinstance(target[0], (dict, list)):
                stack.extend((inner, target[1].file, key) for inner in references(target[0]))

    def above(self, key: str) -> set[str]:
        """Everybody who leads to what a key names."""
        found: set[str] = set()
        stack = [key]
        while stack:
            for user in self.of.get(stack.pop(), ()):
                if user not in found:
                    found.add(user)
                    stack.append(user)
        return found
