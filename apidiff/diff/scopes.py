"""The dynamic scope of a pair: which schemas that bind a `$dynamicAnchor` led to it (JSON Schema 2020-12 Core, 7.1).

A generic schema is one pair for each way in that binds its name to something else, so that each use sees its own; only
as far as its `$dynamicRef`, for what comes after is the same by whatever way.
"""

from typing import Final

from apidiff.load.dynamic import Dynamic, node_at
from apidiff.load.resolve import Side
from apidiff.schema import Place
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

Scope = tuple[Pointer, ...]
"""The places of the schemas that bind a name, the outermost first."""
MOST_STEPS: Final = 100
"""References that one leads to, one after another."""


class Scopes:
    """The schemas of one side that bind names, and the way from them to what they bind."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._binders: dict[int, Pointer] = {}
        self._on_the_way: set[int] = set()
        for file, found in side.document.dynamic.items():
            tree = side.document.trees()[file]
            for one in found:
                self._on_the_way.update(id(node_at(tree, one.at[:end])) for end in range(1, len(one.at) + 1))
                for binder in one.bound:
                    self._binders[id(node_at(tree, binder))] = Pointer(file, binder)

    def __bool__(self) -> bool:
        return bool(self._binders)

    def enter(self, place: Place, scope: Scope) -> tuple[Place, Scope]:
        """A place as it is seen by a way to it, and the scope of what is below."""
        first = place
        is_bound = False
        for _ in range(MOST_STEPS):
            node, at = place
            if (binder := self._binders.get(id(node))) is not None and binder not in scope:
                scope = (*scope, binder)
            if isinstance(node, Dynamic):
                bound = next((node.bound[one.segments] for one in scope if one.segments in node.bound), None)
                if bound is None:
                    return place, ()
                is_bound = True
                made = {"$ref": bound}
                place = self.side.make(("dynamic", id(node), bound), made, [(made, at)]), at
            elif isinstance(node, dict) and len(node) == 1 and isinstance(node.get("$ref"), str):
                try:
                    place = self.side.target(node["$ref"], at)
                except ApidiffError:
                    break  # who follows it says so
            else:
                is_needed = id(node) in self._on_the_way or id(node) in self._binders
                return (place if is_bound or is_needed else first), scope if is_needed else ()
        return first, ()
