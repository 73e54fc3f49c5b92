"""One run over two specs: the pair graph, the queue of pairs, what was seen, and how facts are stated.

What does not change while it runs is in `sides`; everything else is made fresh with each `Walk`.
"""

from collections import deque
from collections.abc import Callable
from typing import Any

from apidiff.diff.allowed import Allowed
from apidiff.diff.graph import Edge, PairGraph
from apidiff.diff.owners import held
from apidiff.diff.scopes import Scope
from apidiff.diff.sides import Sides
from apidiff.diff.written import Wire
from apidiff.load.resolve import Broken, find_or_none
from apidiff.load.values import references, same
from apidiff.schema import Place
from apidiff.words.direction import BOTH
from apidiff.words.facts import ABSENT, Action, Fact, Subject
from apidiff.words.pointer import Pointer

Comparer = Callable[["Walk", int, Place, Place], None]


class Walk:
    """One comparison under way. Pairs are compared once each, from a queue, so recursion needs no stack.

    `compare_schema` is how whoever holds a schema enters it: the comparers of schemas need those of what holds them.
    `depth` counts how deep this is a question on the side (`aside.py`), 0 for the comparison itself.
    """

    def __init__(self, sides: Sides, compare_schema: Comparer, *, depth: int = 0) -> None:
        self.sides = sides
        self.compare_schema = compare_schema
        self.depth = depth
        # every comparer asks for these at every step
        self.base, self.revision = sides.both
        self.readers, self.specs, self.unchanged = sides.readers, sides.specs, sides.unchanged
        self.allowed = Allowed()
        self.graph = PairGraph()
        self.visited: tuple[set[int], set[int]] = (set(), set())
        self.claims: tuple[set[Pointer], set[Pointer]] = (set(), set())
        self.partners: dict[int, set[int]] = {}
        self.ends: dict[int, tuple[Place, Place]] = {}
        self.wires: dict[int, Wire] = {}
        """How a pair is written, where that is not as JSON."""
        self.scopes: dict[int, tuple[Scope, Scope]] = {}
        """By which way a pair was reached, where a `$dynamicRef` below it depends on that."""
        self.unions: dict[tuple[int, int], Any] = {}
        """The unions that were compared with each other, and these themselves so that no other gets their ids."""
        self.flat: dict[tuple[int, int], Any] = {}
        """By the ids of two unions, both of them as they are compared."""
        self.definitions: list[tuple[int, Place, Place]] = []
        """Pairs of schemas that keep others for themselves."""
        self.scheme_names: dict[str, str] = {}
        """The names in the base of security schemes that the revision calls otherwise."""
        self._pairs: dict[tuple[int, int, str], int] = {}
        self._met: set[int] = set()
        """What of the revision was paired with something."""
        self._queue: deque[tuple[Comparer, int, Place, Place]] = deque()
        self._alive: list[Any] = []
        self._referring: list[tuple[int, tuple[Subject, str, str, str | None, int], Place, Place]] = []

    def aside(self) -> "Walk":
        """A walk of its own over the same sides, one question deeper."""
        made = Walk(self.sides, self.compare_schema, depth=self.depth + 1)
        made.allowed = self.allowed
        return made

    def pair(
        self,
        comparer: Comparer,
        base: Place,
        revision: Place,
        *,
        parent: int | None = None,
        edge: tuple[str, bool, int] = ("", False, BOTH),
        kind: str = "schema",
    ) -> int | None:
        """The pair of two places, connected to its parent; None where both are the same with all that they refer to."""
        if self.is_unchanged(base, revision):
            return None
        left, right = self.base.deref(*base), self.revision.deref(*revision)
        if self.is_unchanged(left, right):
            return None
        if isinstance(left[0], Broken) or isinstance(right[0], Broken):
            self.seen(left, right)
            return None
        key = (id(left[0]), id(right[0]), kind)
        index = self._pairs.get(key)
        if index is None:
            if not self._may_meet(key[0], key[1]):
                self.cut("pairs", parent, left, right)
                self.seen(left, right)
                return None
            index = self._pairs[key] = self.graph.add()
            self._alive += (left, right)
            self.ends[index] = (left, right)
            self._queue.append((comparer, index, left, right))
        if parent is not None:
            label, flips, mask = edge
            self.graph.connect(parent, Edge(index, label, mask=mask, flips=flips))
        return index

    def claim(self, base: Pointer | None, revision: Pointer | None) -> None:
        """Take what stands at two places as told, or as no difference: nothing is left over there."""
        if base is not None:
            self.claims[0].add(base)
        if revision is not None:
            self.claims[1].add(revision)

    def is_same(self, base: Place, revision: Place) -> bool:
        """Whether two places hold the same, with all that it refers to."""
        return base[1].file == revision[1].file and self.unchanged.pair(base[0], revision[0], file=base[1].file)

    def is_unchanged(self, base: Place, revision: Place) -> bool:
        """The same of two places that are each other's: what was only said elsewhere is claimed."""
        if not self.is_same(base, revision):
            return False
        if base[1] != revision[1]:  # the same, said elsewhere: into or out of an allOf, or a component by another name
            self.claim(base[1], revision[1])
            self.partners.setdefault(id(base[0]), set()).add(id(revision[0]))
        return True

    def keep(self, *things: Any) -> None:
        """Hold on to things made on the way, whose identity names a pair."""
        self._alive.extend(things)

    def node(self, kind: str, base: Any, revision: Any, *context: int) -> tuple[int, bool]:
        """The pair of two things that are no schemas, and whether it is new and still has to be compared."""
        key = (id(base), id(revision), kind + "".join(f"/{part}" for part in context))
        index = self._pairs.get(key)
        if index is not None:
            return index, False
        index = self._pairs[key] = self.graph.add()
        if not self._may_meet(key[0], key[1]):
            return index, False
        self.visited[0].add(id(base))
        self.visited[1].add(id(revision))
        return index, True

    def _may_meet(self, base: int, revision: int) -> bool:
        """Whether two things are still to be compared; those that both were, with others, only so often."""
        if base in self.partners and revision in self._met and not self.allowed.again.takes(1):
            return False
        self.partners.setdefault(base, set()).add(revision)
        self._met.add(revision)
        return True

    def later(self, comparer: Comparer, pair: int, base: Place, revision: Place) -> None:
        """Have the two things of a pair compared when their turn comes."""
        self._queue.append((comparer, pair, base, revision))

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)

    def known(self, base: Place, revision: Place, *, kind: str = "schema") -> bool:
        """Whether two places, already dereferenced, were paired."""
        return (id(base[0]), id(revision[0]), kind) in self._pairs

    def run(self, *, most_pairs: int | None = None, until: Callable[[Fact], bool] | None = None) -> bool:
        """Compare until nothing waits; False where it meets `most_pairs` first, or states a fact `until`."""
        seen = 0
        while self._queue:
            if most_pairs is not None and len(self._pairs) > most_pairs:
                return False
            comparer, index, base, revision = self._queue.popleft()
            self.visited[0].add(id(base[0]))
            self.visited[1].add(id(revision[0]))
            comparer(self, index, base, revision)
            if until is not None:
                if any(until(fact) for _, fact, _ in self.graph.facts[seen:]):
                    return False
                seen = len(self.graph.facts)
        return True

    def fact(  # noqa: PLR0917 - what a fact is about reads best in a row
        self,
        pair: int,
        subject: Subject,
        facet: str,
        action: Action,
        base: Pointer | None,
        revision: Pointer | None,
        *,
        before: Any = ABSENT,
        after: Any = ABSENT,
        item: str = "",
        name: str | None = None,
        mask: int = BOTH,
        **flags: Any,
    ) -> None:
        """State a fact at a pair; its name and owner are read off its pointers unless given."""
        ends = self.ends.get(pair)
        owner, name = held(self.sides, ends, about=(subject, facet, item), at=(base, revision), name=name)
        self.claim(base, revision)
        self.graph.state(
            Fact(
                subject,
                facet,
                action,
                base,
                revision,
                before=before,
                after=after,
                name=name,
                owner=owner,
                flags={key: value for key, value in flags.items() if value},
                item=item,
            ),
            pair,
            mask,
        )

    def cut(self, what: str, pair: int | None, base: Place, revision: Place) -> None:
        """Say, once, that a bound leaves something uncompared, where that is met first."""
        if pair is not None and what not in self.allowed.said:
            if not self.depth:
                self.allowed.said.add(what)
            name = base[1].last or "document"
            self.fact(
                pair,
                Subject.SCHEMA,
                "unclassified",
                Action.REPLACED,
                base[1],
                revision[1],
                name=name,
                item=what,
                cut=what,
            )

    def values(
        self,
        pair: int,
        subject: Subject,
        facet: str,
        before: tuple[Any, Pointer] | None,
        after: tuple[Any, Pointer] | None,
        *,
        item: str = "",
        name: str | None = None,
        mask: int = BOTH,
        **flags: Any,
    ) -> None:
        """State a free-form value that was added, removed or replaced; nothing where it is the same.

        What it refers to in other files (examples, code samples) is compared where it stands, by `settle`.
        """
        if before is None and after is None:
            return
        if before is not None and after is not None:
            if self.unchanged.value(before[0], after[0], file=before[1].file):
                return
            self._referring.append((pair, (subject, facet, item, name, mask), before, after))
            if same(before[0], after[0]):
                return
        action = Action.ADDED if before is None else Action.REMOVED if after is None else Action.REPLACED
        self.fact(
            pair,
            subject,
            facet,
            action,
            before and before[1],
            after and after[1],
            before=before[0] if before else ABSENT,
            after=after[0] if after else ABSENT,
            item=item,
            name=name,
            mask=mask,
            **flags,
        )

    def seen(self, base: Place, revision: Place) -> None:
        """Two objects were compared key by key; what they hold is for others."""
        self.visited[0].add(id(base[0]))
        self.visited[1].add(id(revision[0]))

    def settle(self) -> None:
        """Compare what free-form values refer to (examples, code samples) where it stands, for all that refer to it.

        What was compared as something else is left alone, and so are components that are no examples.
        """
        done: set[tuple[int, Pointer, Pointer]] = set()
        settled: list[tuple[Place, Place]] = []
        while self._referring:
            pair, about, before, after = self._referring.pop()
            subject, facet, item, name, mask = about
            for reference in sorted({*references(before[0])} & {*references(after[0])}):
                left = find_or_none(self.base, reference, before[1].file)
                right = find_or_none(self.revision, reference, after[1].file)
                if left is None or right is None or (pair, left[1], right[1]) in done:
                    continue
                done.add((pair, left[1], right[1]))
                if id(left[0]) in self.partners:
                    continue
                if all(end[1].segments[:2] == ("components", "examples") for end in (left, right)):
                    self.values(pair, Subject.COMPONENT, "example", left, right, item="examples")
                elif left[1].file and right[1].file:
                    self.values(pair, subject, facet, left, right, item=item, name=name, mask=mask)
                else:
                    continue
                settled.append((left, right))
        for left, right in settled:
            self.partners.setdefault(id(left[0]), set()).add(id(right[0]))

    def rest(
        self,
        pair: int,
        subject: Subject,
        base: Place,
        revision: Place,
        *,
        known: frozenset[str],
        name: str | None = None,
    ) -> None:
        """Compare every key that the specification does not know here: extensions, and whatever else was written."""
        left, right = _said(base[0]), _said(revision[0])
        for key in [*left, *(key for key in right if key not in left)]:
            if key in known or key == OWN_EXTENSION:
                continue
            self.values(
                pair,
                subject,
                EDITORIAL.get(key) or other_key(key),
                (left[key], base[1].child(key)) if key in left else None,
                (right[key], revision[1].child(key)) if key in right else None,
                item="" if key in EDITORIAL else key,
                name=name,
            )

    def extensions(self, pair: int, subject: Subject, base: Place, revision: Place) -> None:
        """Compare the extensions of two mappings of names to things."""
        self.seen(base, revision)
        names = frozenset(key for side in (base[0], revision[0]) for key in side if not key.startswith("x-"))
        self.rest(pair, subject, base, revision, known=names)


def _said(node: Any) -> dict[str, Any]:
    """What an object says; that it is not deprecated goes without saying."""
    if not isinstance(node, dict):
        return {}
    return {key: value for key, value in node.items() if key != "deprecated" or value}


def other_key(key: str) -> str:
    """The facet of a key that the specification does not define: an extension, or one that nobody knows."""
    return "extension" if key.startswith("x-") else "unknown-key"


OWN_EXTENSION = "x-apidiff-waivers"
"""What lets changes pass is no part of the API."""

EDITORIAL = {
    key: key for key in ("title", "description", "summary", "example", "examples", "externalDocs", "xml", "deprecated")
}
"""Keys that any object may have, whose facet has their name."""
