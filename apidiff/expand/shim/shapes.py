"""The shapes of bodies: which member leads to which steps, as a graph in which what refers to itself is a circle.

A value is known by all schemas that describe it, those of the base and those of the revision together, so that a step
is found whichever of the two it was read from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.expand.shim.value import Inside, Row
from apidiff.load.resolve import Side
from apidiff.words.pointer import Pointer

_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_LEADING: Final = frozenset({"rename", "copy"})
"""The steps behind which the value goes on, under either name."""

Known = tuple[bool, Pointer]
"""A schema: whether it is the base's, and where it stands."""
State = frozenset[Known]


@dataclass
class Shapes:
    """The shapes of one direction, numbered as they are met; what leads to no step is left out (`table`)."""

    sides: Mapping[bool, Side]
    steps: Mapping[Known, list[Row]]
    doubtful: dict[str, None] = field(default_factory=dict)
    """The ids of changes that are not served where a value may be one of several things."""
    _numbers: dict[State, int] = field(default_factory=dict)
    _made: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(cls, sides: Mapping[bool, Side], inside: Iterable[Inside]) -> "Shapes":
        """The shapes for steps in bodies."""
        steps: dict[Known, list[Row]] = defaultdict(list)
        for one in inside:
            steps[one.is_base, one.place].append(one.row)
        return cls(sides, steps)

    def number(self, places: Iterable[tuple[bool, Any, Pointer]]) -> int | None:
        """The number of the shape of a value that these schemas describe; None where they describe nothing."""
        found = dict(self._behind(places))
        if not found:
            return None
        state = frozenset(found)
        if state not in self._numbers:
            self._numbers[state] = len(self._made)
            self._made.append({})
            self._made[self._numbers[state]].update(self._shape(found))
        return self._numbers[state]

    def _shape(self, found: dict[Known, Any]) -> dict[str, Any]:
        rows = [row for known in found for row in self.steps.get(known, ()) if self._is_sure(row, found)]
        properties: dict[str, list[tuple[bool, Any, Pointer]]] = defaultdict(list)
        items, rest = [], []
        for (is_base, pointer), node in found.items():
            held = node.get("properties")
            for name, value in (held if isinstance(held, dict) else {}).items():
                properties[name].append((is_base, value, pointer.child("properties", name)))
            if isinstance(node.get("items"), dict):
                items.append((is_base, node["items"], pointer.child("items")))
            if isinstance(node.get("additionalProperties"), dict):
                rest.append((is_base, node["additionalProperties"], pointer.child("additionalProperties")))
        for row in rows:
            if row[0] in _LEADING:
                both = properties[row[2]] + properties[row[3]]
                properties[row[2]] = properties[row[3]] = both
        noted = {name for row in rows for name in _names(row)}
        made = {
            "p": {name: self.number(places) for name, places in properties.items()},
            "i": self.number(items),
            "v": self.number(rest),
            "s": once(rows),
            "n": sorted(noted),
        }
        return {key: value for key, value in made.items() if value not in (None, {}, [])}

    def _is_sure(self, row: Row, found: dict[Known, Any]) -> bool:
        """Whether no other schema of the value has a name of its own that the step would take for the old one."""
        if row[0] not in ("rename", "copy", "split", "join"):
            return True
        own = row[0] in ("rename", "split")
        for known, node in found.items():
            held = node.get("properties")
            if known[0] is own and isinstance(held, dict) and row[2] in held and row not in self.steps.get(known, ()):
                self.doubtful[row[1]] = None
                return False
        return True

    def _behind(self, places: Iterable[tuple[bool, Any, Pointer]]) -> Iterator[tuple[Known, Any]]:
        """Every schema that describes the value: behind references, and each branch."""
        waiting, seen = list(places), set()
        while waiting:
            is_base, node, pointer = waiting.pop(0)
            node, pointer = self.sides[is_base].deref(node, pointer)
            if not isinstance(node, dict) or (is_base, pointer) in seen:
                continue
            seen.add((is_base, pointer))
            yield (is_base, pointer), node
            for keyword in _BRANCHES:
                branches = node.get(keyword)
                for index, branch in enumerate(branches if isinstance(branches, list) else ()):
                    waiting.append((is_base, branch, pointer.child(keyword, index)))

    def table(self, first: int) -> tuple[list[dict[str, Any]], dict[int, int]]:
        """The shapes that lead to a step, counted from `first`, and their numbers by those given out."""
        useful = {number for number, shape in enumerate(self._made) if shape.get("s")}
        while True:
            more = {
                number
                for number, shape in enumerate(self._made)
                if number not in useful and not useful.isdisjoint(_ends(shape))
            }
            if not more:
                break
            useful |= more
        numbers = {number: first + place for place, number in enumerate(sorted(useful))}
        return [_renumbered(self._made[number], numbers) for number in sorted(useful)], numbers


def _ends(shape: Mapping[str, Any]) -> set[int]:
    return {*shape.get("p", {}).values(), shape.get("i"), shape.get("v")}


def _renumbered(shape: Mapping[str, Any], numbers: Mapping[int, int]) -> dict[str, Any]:
    made = dict(shape)
    made["p"] = {name: numbers[one] for name, one in shape.get("p", {}).items() if one in numbers}
    for key in ("i", "v"):
        if key in made:
            made[key] = numbers.get(made[key])
    return {key: value for key, value in made.items() if value not in (None, {}, [])}


def _names(row: Row) -> list[str]:
    """The names of members that a step in a request is about."""
    if row[0] == "rename":
        return [row[2], row[3]]
    if row[0] == "split":
        return [row[2], *row[3]]
    return [row[2]] if row[0] == "default" else []


def once(rows: list[Row]) -> list[Row]:
    """The rows without those that stand there already."""
    return [row for number, row in enumerate(rows) if row not in rows[:number]]
