"""Tells which parts of two specs are the same with everything that they refer to, so that no walk enters them."""

from collections.abc import Iterable

from apidiff.load.resolve import Side, find_or_none
from apidiff.load.values import Node, as_json, read_references, references, same, same_reordered


class Unchanged:
    """Tells which parts of two specs are the same with everything that they refer to, so that no walk enters them.

    `implied` are references that nobody writes: of what is a form of another schema, to that schema, by their keys.
    """

    def __init__(self, base: Side, revision: Side, *, implied: Iterable[tuple[str, str]] = ()) -> None:
        self._possible = base.dialect is revision.dialect
        self._dirty: set[str] = set()
        self._base = base
        self._known: dict[int, bool] = {}
        self._last: dict[int, tuple[Node, Node, bool]] = {}
        if self._possible:
            implied = list(implied)
            self._dirty = self._find_dirty(base, revision, implied)
            for user in {user for _, user in implied if user in self._dirty}:
                if found := find_or_none(base, user, ""):
                    self._known[id(found[0])] = False  # what differs is nowhere in it

    def pair(self, base: Node, revision: Node, *, file: str) -> bool:
        """Whether two nodes, both in `file`, mean the same without a look at what they refer to."""
        if not self._possible or not isinstance(base, (dict, list)):
            return self._possible and same(base, revision)
        key = id(base)
        last = self._last.get(key)
        if last is None or last[1] is not revision:
            # with the nodes themselves, so that no other one gets their ids
            last = self._last[key] = (base, revision, self._same_and_clean(base, revision, file))
        return last[2]

    def value(self, base: Node, revision: Node, *, file: str) -> bool:
        """Whether two plain values, both in `file`, are the same with whatever they refer to (examples in files)."""
        if self._possible:
            return self._same_and_clean(base, revision, file)
        return same(base, revision) and not references(base)

    def _same_and_clean(self, base: Node, revision: Node, file: str) -> bool:
        """Whether two values are the same, and refer to nothing that is not; as `same` tells it, and written once."""
        if not isinstance(base, (dict, list)):
            return same(base, revision)
        key = id(base)
        known = self._known.get(key)
        if known is False or base != revision:
            return False
        written = as_json(base)
        if not written or written != as_json(revision):
            return same_reordered(base, revision) and self._is_clean(key, references(base), file)
        return known or self._is_clean(key, read_references(written), file)

    def _is_clean(self, key: int, found: list[str], file: str) -> bool:
        """Whether all that a node of the base refers to is the same in the revision."""
        clean = self._known[key] = not any(self._base.key(reference, file) in self._dirty for reference in found)
        return clean

    @staticmethod
    def _find_dirty(base: Side, revision: Side, implied: Iterable[tuple[str, str]]) -> set[str]:
        """What differs of what is referred to, or refers to something that does."""
        users: dict[str, set[str]] = {}
        dirty: list[str] = []
        seen: set[str] = set()
        found: dict[int, list[str]] = {id(side.root): side.references for side in (base, revision)}
        equal: dict[tuple[int, int], bool] = {}
        queue = [("", "", base.root, revision.root)]
        for target, user in implied:
            users.setdefault(target, set()).add(user)
            if target not in seen:
                seen.add(target)
                queue.append(_both(target, target, "", base, revision))
        while queue:
            key, file, left, right = queue.pop()
            pair = (id(left), id(right))
            if key and pair not in equal:
                equal[pair] = same(left, right)
            if key and not equal[pair]:
                dirty.append(key)
            for side, node in ((base, left), (revision, right)):
                if not isinstance(node, (dict, list)):
                    continue
                if id(node) not in found:  # one node may be named in many ways
                    found[id(node)] = references(node)
                for reference in found[id(node)]:
                    target = side.key(reference, file)
                    users.setdefault(target, set()).add(key)
                    if target not in seen:
                        seen.add(target)
                        queue.append(_both(target, reference, file, base, revision))
        return _with_users(dirty, users)


def _with_users(dirty: list[str], users: dict[str, set[str]]) -> set[str]:
    """What is named, with all that leads to it."""
    found = set(dirty)
    while dirty:
        for user in users.get(dirty.pop(), ()):
            if user not in found:
                found.add(user)
                dirty.append(user)
    return found


def _both(target: str, reference: str, file: str, base: Side, revision: Side) -> tuple[str, str, Node, Node]:
    """What a `$ref` names on both sides; a side that lacks it makes the two differ, which is all that is asked."""
    ends = [find_or_none(side, reference, file) for side in (base, revision)]
    left, right = (end[0] if end else None for end in ends)
    return target, target.partition("#")[0], left, right
