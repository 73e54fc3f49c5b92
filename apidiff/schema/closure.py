"""What a schema is made of: itself, and all that its `$ref` and `allOf` lead to, each node once.

A child that is `allOf` of its parent is one of the parent's `oneOf` by being itself: that union asks nothing of the
child, and to follow it from there would lead round in a circle.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.load.values import Node
from apidiff.schema.view import Place
from apidiff.words.pointer import Pointer

MOST_STEPS: Final = 50_000
"""Steps of looking for a child's way back to the union that it is a branch of; past them no union is idle."""
UNIONS: Final = ("oneOf", "anyOf")
Branches = dict[int, list[int]]
"""The numbers of a union's branches by what they lead to (the id of a node)."""


def made_of(side: Side, place: Place, *, most: int) -> Iterator[Place]:
    """A schema and what its `allOf` holds, so many of them, references followed and what stands beside one left out."""
    waiting, seen = [place], 0
    while waiting and seen < most:
        node, at = side.deref(*waiting.pop())
        at = side.place(node, at)
        seen += 1
        yield node, at
        waiting += [(part, at.child("allOf", index)) for index, part in enumerate(entries(node))]


def entries(node: Any) -> list[Any]:
    """The entries of a schema's own `allOf`."""
    parts = node.get("allOf") if isinstance(node, dict) else None
    return parts if isinstance(parts, list) else []


def answered(node: dict[str, Any]) -> bool | None:
    """What the condition of a schema comes to where that is known before any value is; None where it is not."""
    asked = node.get("if")
    return bool(asked is True or asked == {}) if isinstance(asked, bool) or asked == {} else None


def implied(node: dict[str, Any], pointer: Pointer) -> list[Place]:
    """What a schema asks for in other words than `allOf`: by a condition that always, or never, holds, or by two `not`.

    JSON Schema 2020-12 Core, 10.2.1.4 and 10.2.2.
    """
    found: list[Place] = []
    if (answer := answered(node)) is not None and (keyword := "then" if answer else "else") in node:
        found.append((node[keyword], pointer.child(keyword)))
    if (inner := denied_twice(node)) is not None:
        found.append((inner, pointer.child("not", "not")))
    return found


def denied_twice(node: dict[str, Any]) -> dict[str, Any] | None:
    """The schema that a schema asks for by `not: {not: …}`."""
    denied = node.get("not")
    inner = denied.get("not") if isinstance(denied, dict) and len(denied) == 1 else None
    return inner if isinstance(inner, dict) else None


@dataclass(frozen=True, slots=True)
class Closure:
    """The parts of a schema, its own first, and the branches of their unions that ask nothing of it.

    `left_out` names these by the part (its id), the keyword and their numbers; `is_whole` is false where there are
    more parts than were asked for.
    """

    parts: list[Place]
    is_whole: bool = True
    left_out: dict[tuple[int, str], frozenset[int]] = field(default_factory=dict)


class Closures:
    """Finds what the schemas of one side are made of."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._is_json_schema = side.dialect.is_json_schema
        self._targets: dict[tuple[int, str], Branches] = {}
        self._ends: dict[int, Place] = {}
        self._steps_of: dict[int, tuple[Place, list[Place]]] = {}
        self._leads: dict[tuple[int, int], bool] = {}
        self._all: dict[tuple[int, str], frozenset[int]] = {}
        self._steps = 0

    def of(self, place: Place, *, is_unit: Callable[[Node], bool], most: int | None = None) -> Closure:
        """The parts of a schema; a unit is one of them that is not looked into, nor is what comes after the `most`."""
        parts: list[Place] = []
        seen: set[int] = set()
        stack = [place]
        while stack and (most is None or len(parts) < most):
            here = stack.pop()
            node = here[0]
            if id(node) in seen:
                continue
            seen.add(id(node))
            parts.append(here)
            if isinstance(node, dict) and (node is place[0] or not is_unit(node)):
                stack += self._next(here)
        return Closure(parts, not stack, self._left_out(parts, seen))

    def _next(self, place: Place) -> list[Place]:
        """What `$ref` and `allOf` lead to, one step on, the last first."""
        known = self._steps_of.get(id(place[0]))
        if known is None or known[0][1] != place[1]:  # what YAML repeats stands in several places
            found = self._found(place)
            found.reverse()
            known = self._steps_of[id(place[0])] = (place, found)
        return known[1]

    def _found(self, place: Place) -> list[Place]:
        node, pointer = place
        found: list[Place] = []
        if isinstance(reference := node.get("$ref"), str):
            found.append(self.side.target(reference, pointer))
            if not self._is_json_schema:
                return found  # nothing beside a reference counts
        found += [
            (branch, self.side.place(branch, pointer.child("allOf", index)))
            for index, branch in enumerate(entries(node))
        ]
        return found + implied(node, pointer)

    def _left_out(self, parts: list[Place], seen: set[int]) -> dict[tuple[int, str], frozenset[int]]:
        found: dict[tuple[int, str], frozenset[int]] = {}
        for part in parts:
            node = part[0]
            for keyword in UNIONS if isinstance(node, dict) else ():
                if keyword in node and (idle := self._idle(part, keyword, seen)):
                    found[id(node), keyword] = idle
        return found

    def _idle(self, part: Place, keyword: str, seen: set[int]) -> frozenset[int]:
        """The branches of a part's union that ask nothing of a schema that is made of the parts `seen`."""
        targets = self._branches(part, keyword)
        few, many = (targets, seen) if len(targets) < len(seen) else (seen, targets)
        met = [one for one in few if one in many]
        holder = id(part[0])
        if any(one != holder and self._leads_to(one, holder) for one in met):
            if (holder, keyword) not in self._all:  # of a parent the same for each of its children
                self._all[holder, keyword] = frozenset(index for indices in targets.values() for index in indices)
            return self._all[holder, keyword]
        return frozenset(targets.get(holder, ()))  # to be itself is no condition

    def _branches(self, part: Place, keyword: str) -> Branches:
        node, pointer = part
        key = (id(node), keyword)
        if key not in self._targets:
            made: Branches = {}
            branches = node[keyword] if isinstance(node[keyword], list) else ()
            for index, branch in enumerate(branches):
                end = self.side.deref(branch, pointer.child(keyword, index))
                self._ends[id(end[0])] = end
                made.setdefault(id(end[0]), []).append(index)
            self._targets[key] = made
        return self._targets[key]

    def _leads_to(self, start: int, wanted: int) -> bool:
        """Whether a node is a part of what another one is made of."""
        key = (start, wanted)
        if key not in self._leads:
            seen: set[int] = set()
            stack = [self._ends[start]]
            while stack and wanted not in seen and self._steps < MOST_STEPS:
                here = stack.pop()
                self._steps += 1
                if id(here[0]) not in seen and isinstance(here[0], dict):
                    seen.add(id(here[0]))
                    stack.extend(reversed(self._next(here)))
            self._leads[key] = wanted in seen
        return self._leads[key]
