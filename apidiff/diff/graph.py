"""The graph of pairs: which two nodes were compared, how each is reached, and so which operations an edit reaches.

Every pair is in it once, however often it is reached; the sets of operations are spread over it as bitsets, so the
cost is that of the two documents, never of their expansion.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from apidiff.words.direction import BOTH, FLIPPED
from apidiff.words.facts import Fact
from apidiff.words.within import NOWHERE, Surroundings

MOST_PLACES: Final = 10
MOST_STEPS: Final = 60
"""So many steps of a way are said: of a longer one the first half and the last."""
LEFT_OUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one pair to another, and the words for it.

    `turns` changes the direction (from an operation to its responses), `mask` has the directions that it lets through,
    `flips` swaps tighter and looser (`not`), `within` says what it leads into.
    """

    child: int
    label: str
    turns: bool = False
    mask: int = BOTH
    flips: bool = False
    within: Surroundings = NOWHERE

    def leads(self, state: int) -> int:
        """The state of the child, 0 where the edge lets this one not through."""
        if not self.mask & state:
            return 0
        return (state ^ BOTH if self.turns else state) ^ (FLIPPED if self.flips else 0)


@dataclass(slots=True)
class PairGraph:
    """Pairs by index, their edges, the operations that enter at each, and the facts found at each.

    A fact's mask says in which directions it counts (a readOnly property is not in requests).
    """

    edges: list[dict[Edge, None]] = field(default_factory=list)
    seeds: dict[tuple[int, int], dict[int, str]] = field(default_factory=dict)
    facts: list[tuple[int, Fact, int]] = field(default_factory=list)

    def add(self) -> int:
        """A new pair."""
        self.edges.append({})
        return len(self.edges) - 1

    def connect(self, parent: int, edge: Edge) -> None:
        """A way from one pair to another, once."""
        self.edges[parent][edge] = None

    def seed(self, pair: int, direction: int, operation: int, label: str) -> None:
        """An operation that uses a pair directly."""
        self.seeds.setdefault((pair, direction), {}).setdefault(operation, label)

    def state(self, fact: Fact, pair: int, mask: int = BOTH) -> None:
        """A fact found at a pair."""
        self.facts.append((pair, fact, mask))

    def reach(self) -> dict[tuple[int, int], int]:
        """(pair, state) → bitset of the operations that reach it."""
        reached: dict[tuple[int, int], int] = {}
        queue: deque[tuple[int, int]] = deque()
        for state, operations in self.seeds.items():
            bits = 0
            for operation in operations:
                bits |= 1 << operation
            reached[state] = bits
            queue.append(state)
        waiting = set(queue)
        while queue:
            state = queue.popleft()
            waiting.discard(state)
            bits = reached[state]
            for child in self._next(state):
                before = reached.get(child, 0)
                after = before | bits
                if after != before:
                    reached[child] = after
                    if child not in waiting:
                        waiting.add(child)
                        queue.append(child)
        return reached

    def surroundings(self) -> dict[tuple[int, int], set[Surroundings]]:
        """(pair, state) → what the ways from operations to it lead through, each way's on its own."""
        found = {state: {NOWHERE} for state in self.seeds}
        waiting = [(state, NOWHERE) for state in self.seeds]
        while waiting:
            (pair, way), passed = waiting.pop()
            for edge in self.edges[pair]:
                if below := edge.leads(way):
                    child, here = (edge.child, below), passed | edge.within
                    known = found.setdefault(child, set())
                    if here not in known:
                        known.add(here)
                        waiting.append((child, here))
        return found

    def _next(self, state: tuple[int, int]) -> Iterator[tuple[int, int]]:
        pair, way = state
        for edge in self.edges[pair]:
            if below := edge.leads(way):
                yield edge.child, below


Way = tuple[int, tuple[str, ...]]
"""An operation, and the labels of the edges that lead from it to a pair."""


def _further(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    """A way with one more step; a chain of references may be as long as a document."""
    if not label:
        return labels
    if len(labels) < MOST_STEPS:
        return (*labels, label)
    half = MOST_STEPS // 2
    return (*labels[:half], LEFT_OUT, *labels[half + 2 :], label)


@dataclass(slots=True)
class Ways:
    """The shortest ways from operations to pairs, in words."""

    graph: PairGraph
    names: Sequence[str]
    _first: dict[tuple[int, int], Way] = field(default_factory=dict)
    _nearer: dict[tuple[int, int], list[tuple[tuple[int, int], str]]] = field(default_factory=dict)
    _others: dict[tuple[int, int], list[tuple[tuple[int, int], str]]] = field(default_factory=dict)
    _found: dict[tuple[int, int], list[Way]] = field(default_factory=dict)

    def prepare(self) -> None:
        """One breadth-first walk from every operation at once."""
        queue: deque[tuple[int, int]] = deque()
        depths: dict[tuple[int, int], int] = {}
        for state in sorted(self.graph.seeds):
            operation, label = min(
                self.graph.seeds[state].items(), key=lambda item: (len(item[1]), self.names[item[0]])
            )
            self._first[state] = (operation, (label,) if label else ())
            depths[state] = 0
            queue.append(state)
        while queue:
            pair, way = state = queue.popleft()
            operation, labels = self._first[state]
            depth = depths[state] + 1
            for edge in self.graph.edges[pair]:
                below = edge.leads(way)
                if not below:
                    continue
                child = (edge.child, below)
                if child not in self._first:
                    is_short = depth < MOST_STEPS  # and so is the way, without a call to say so
                    longer = (*labels, edge.label) if is_short else _further(labels, edge.label)
                    self._first[child] = (operation, longer if edge.label else labels)
                    depths[child] = depth
                    queue.append(child)
                parents = self._nearer if depths[child] == depth else self._others
                parents.setdefault(child, []).append((state, edge.label))

    def to(self, pair: int, direction: int) -> list[Way]:
        """At most ten ways, shortest first: those of its own operations, and those through each pair that leads to it.

        Of pairs as far off as it is itself only the shortest way counts, so that no way leads round a circle for ever.
        """
        wanted = (pair, direction)
        waiting = [wanted]
        while waiting:  # no recursion: a chain of references may be long
            state = waiting[-1]
            missing = [p for p, _ in self._nearer.get(state, ())[:MOST_PLACES] if p not in self._found]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if state not in self._found:
                self._found[state] = self._ways(state)
        return self._found[wanted]

    def _ways(self, state: tuple[int, int]) -> list[Way]:
        """The ways to a pair, where those to the nearer ones are known: one through each, then more through each."""
        seeds, nearer = self.graph.seeds.get(state, {}), self._nearer.get(state, ())
        if len(nearer) == 1 and not seeds and state not in self._others:  # mostly; one more step changes no order
            ((parent, label),) = nearer
            if not label:
                return self._found[parent]
            return [
                (operation, _further(labels, label) if labels[MOST_STEPS - 1 :] else (*labels, label))
                for operation, labels in self._found[parent]
            ]
        found: dict[Way, None] = {}
        for operation in sorted(seeds, key=self.names.__getitem__)[:MOST_PLACES] if seeds else ():
            found[operation, (seeds[operation],) if seeds[operation] else ()] = None
        parents = [(self._found[parent], label) for parent, label in nearer[:MOST_PLACES]]
        others = [*nearer[MOST_PLACES:], *self._others.get(state, ())][: 3 * MOST_PLACES]
        parents += [([self._first[parent]], label) for parent, label in others]
        for rank in range(MOST_PLACES):
            if len(found) >= MOST_PLACES:
                break
            for ways, label in parents:
                if rank < len(ways):
                    operation, labels = ways[rank]
                    found[operation, _further(labels, label)] = None
        return self.ranked(found)

    def ranked(self, ways: Iterable[Way]) -> list[Way]:
        """At most ten of several ways, shortest first."""
        found = list(ways)
        if len(found) > 1:
            found.sort(key=lambda way: (len(way[1]), sum(map(len, way[1])), self.names[way[0]], way[1]))
        return found[:MOST_PLACES]
