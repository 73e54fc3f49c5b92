"""The completeness net: whatever differs belongs to a fact, or to something that was compared and found equal.

It is a plain equality walk that knows nothing of OpenAPI but which keys hold plain values. What neither a fact nor a
comparison covers becomes an `unclassified` fact, so that nothing is dropped in silence.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from apidiff.diff.walk import Walk
from apidiff.load.values import same
from apidiff.words.errors import ApidiffError
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

VALUE_KEYS: Final = frozenset(
    {
        *("example", "examples", "default", "enum", "const", "required", "tags", "security", "if", "then", "else"),
        *("discriminator", "externalDocs", "contact", "license", "xml", "encoding", "scopes", "variables"),
        *("consumes", "produces", "schemes", "$defs", "definitions", "dependentRequired", "dependencies"),
    }
)
"""Keys whose value is compared as one value (or as a set of names) by whoever compares the object that holds them."""

MAPPINGS: Final = frozenset(
    {
        *("paths", "webhooks", "components", "schemas", "responses", "content", "headers", "links", "callbacks"),
        *(
            "properties",
            "patternProperties",
            "dependentSchemas",
            "requestBodies",
            "securitySchemes",
            "pathItems",
            "mediaTypes",
        ),
    }
)
"""Keys whose value is a mapping of names to things."""

Difference = tuple[Any, Any, Pointer, Pointer]
Pending = tuple[Any, Any, Pointer, Pointer, bool]


def cast(walk: Walk, pair: int) -> None:
    """State an `unclassified` fact for each difference that the walk did not cover.

    Other files are entered by the references that lead to them: what nothing refers to is no part of the spec.
    """
    for difference in _Net(walk).uncovered(walk.base.root, walk.revision.root, Pointer()):
        _state(walk, pair, difference)


class _Net:
    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.sides = (walk.base, walk.revision)
        self.done: set[tuple[int, int]] = set()

    def uncovered(self, left: Any, right: Any, at: Pointer) -> Iterator[Difference]:
        """Differences that nothing covers, outermost first."""
        stack: list[Pending] = [(left, right, at, at, False)]
        while stack:
            before, after, base, revision, held = stack.pop()
            if base in self.walk.claims[0] or revision in self.walk.claims[1] or same(before, after):
                continue
            if self._is_reference(before) or self._is_reference(after):
                stack.extend(self._follow(before, after, base, revision, held=held))
            elif isinstance(before, dict) and isinstance(after, dict):
                if (id(before), id(after)) not in self.done:
                    self.done.add((id(before), id(after)))
                    stack.extend(self._entries(before, after, base, revision))
            elif isinstance(before, list) and isinstance(after, list):
                stack.extend(self._items(before, after, base, revision, held=held))
            elif not held and not self._is_visited(before, 0) and not self._is_visited(after, 1):
                if self._is_section(before, 0, base) or self._is_section(after, 1, revision):
                    stack.extend(self._entries(_dict(before), _dict(after), base, revision))
                else:
                    yield before, after, base, revision

    def _is_visited(self, node: Any, side: int) -> bool:
        return id(node) in self.walk.visited[side]

    def _is_section(self, node: Any, side: int, pointer: Pointer) -> bool:
        """Whether a mapping that the other side lacks holds things that were looked at one by one."""
        return isinstance(node, dict) and any(
            pointer.child(key) in self.walk.claims[side] or self._is_visited(value, side) for key, value in node.items()
        )

    @staticmethod
    def _is_reference(node: Any) -> bool:
        return isinstance(node, dict) and isinstance(node.get("$ref"), str)

    def _follow(self, before: Any, after: Any, base: Pointer, revision: Pointer, *, held: bool) -> Iterator[Pending]:
        """What stands behind references, once; what beside them is compared where they are paired."""
        ends = []
        for side, node, pointer in ((0, before, base), (1, after, revision)):
            try:
                ends.append(self.sides[side].deref(node, pointer) if self._is_reference(node) else (node, pointer))
            except ApidiffError:
                ends.append((node, pointer))
        (left, left_at), (right, right_at) = ends
        if (id(left), id(right)) not in self.done and not (self._is_reference(left) or self._is_reference(right)):
            yield left, right, left_at, right_at, held

    def _entries(
        self, before: dict[str, Any], after: dict[str, Any], base: Pointer, revision: Pointer
    ) -> Iterator[Pending]:
        seen = self._is_visited(before, 0) or self._is_visited(after, 1)
        for key in [*before, *(key for key in after if key not in before)]:
            if seen and (key in VALUE_KEYS or key.startswith("x-")):
                continue
            was, now = before.get(key, ABSENT), after.get(key, ABSENT)
            if same(was, now):
                continue
            # whoever compared an object knows all its plain values; the objects in it must have been compared too
            held = seen and not (isinstance(was, dict) and isinstance(now, dict)) and not _is_misplaced(key, was, now)
            here = base.child(key)
            yield was, now, here, here if revision is base else revision.child(key), held

    def _items(
        self, before: list[Any], after: list[Any], base: Pointer, revision: Pointer, *, held: bool
    ) -> Iterator[Pending]:
        """Items by what they were paired with, or by equality: where they stand in a list means nothing here."""
        rest = dict.fromkeys(range(len(after)))
        written: dict[bytes, list[int]] | None = None
        nodes = {id(self._target(item, 1)): index for index, item in enumerate(after)}
        lonely = []
        for index, item in enumerate(before):
            partners = self.walk.partners.get(id(self._target(item, 0)), set())
            heir = next((nodes[partner] for partner in partners if partner in nodes and nodes[partner] in rest), None)
            if heir is None:  # mostly they were paired, and need not be written
                written = _written(after) if written is None else written
                same_text = written.get(_text(item), [])
                while heir is None and same_text:
                    heir = other if (other := same_text.pop()) in rest else None
            if heir is None:
                lonely.append(index)
                continue
            rest.pop(heir)
            yield item, after[heir], base.child(index), revision.child(heir), held
        for index in lonely:
            yield (
                before[index],
                ABSENT,
                base.child(index),
                revision.child(f"-{index}"),
                held or self._is_known(before[index], 0),
            )
        for index in rest:
            yield (
                ABSENT,
                after[index],
                base.child(f"-{index}"),
                revision.child(index),
                held or self._is_known(after[index], 1),
            )

    def _target(self, item: Any, side: int) -> Any:
        if not self._is_reference(item):
            return item
        try:
            return self.sides[side].deref(item, Pointer())[0]
        except ApidiffError:
            return item

    def _is_known(self, item: Any, side: int) -> bool:
        """Whether an item without a partner in this list was compared, or claimed by a fact, elsewhere."""
        target = self._target(item, side)
        return id(target) in self.walk.visited[side] or id(target) in self.walk.partners


def _is_misplaced(key: str, was: Any, now: Any) -> bool:
    """Whether something stands where the specification wants a mapping, so that no comparer could read it."""
    return key in MAPPINGS and not all(side is ABSENT or isinstance(side, dict) for side in (was, now))


def _dict(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _written(items: list[Any]) -> dict[bytes, list[int]]:
    """The numbers of the items by what they say, the last first."""
    found: dict[bytes, list[int]] = {}
    for index in range(len(items) - 1, -1, -1):
        found.setdefault(_text(items[index]), []).append(index)
    return found


def _text(item: Any) -> bytes:
    try:
        return orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        return repr(item).encode()


def _state(walk: Walk, pair: int, difference: Difference) -> None:
    before, after, base, revision = difference
    walk.fact(
        pair,
        Subject.DOCUMENT,
        "unclassified",
        Action.REPLACED,
        None if before is ABSENT else base,
        None if after is ABSENT else revision,
        before=before,
        after=after,
        name=str(base if before is not ABSENT else revision),
    )
