"""Where in the later spec the place of a thing is that only the earlier one has: what became of the thing around it."""

from collections.abc import Iterator
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.expand.tree import Trees, at
from apidiff.spec.parts import Operation
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer

_IN_OPERATION: Final = 3
"""So many segments lead to an operation: `paths`, the path and the method."""
_MOST_STEPS: Final = 20
"""So many references and branches are followed."""


class Places:
    """The places of one comparison."""

    def __init__(self, found: Differences, *, base: Trees, later: Trees) -> None:
        self._base = base
        self._later = later
        self._heirs: dict[Pointer, list[Pointer]] = {}
        for left, right in found.walk.ends.values():
            self._add(left[1], right[1])
        sides = found.base.everything, found.revision.everything
        self.operations: dict[OperationId, tuple[Operation, Operation]] = {
            one: (sides[0][one], sides[1][two]) for one, two in found.pairs
        }
        """The operations that both specs have, by their ids in the base."""
        self.ids = frozenset(operation.operation_id for operation in sides[1].values())
        """Every operationId of the later spec."""
        for one, two in found.pairs:
            left_operation, right_operation = sides[0][one], sides[1][two]
            self._add(left_operation.place[1], right_operation.place[1])
            for key, parameter in left_operation.parameters.items():
                if key in right_operation.parameters:
                    self._add(parameter.place[1], right_operation.parameters[key].place[1])
                    self._add(parameter.site, right_operation.parameters[key].site)
            for status, response in left_operation.responses.items():
                if status in right_operation.responses:
                    self._add(response.place[1], right_operation.responses[status].place[1])
                    self._add(response.site, right_operation.responses[status].site)
            if left_operation.body and right_operation.body:
                self._add(left_operation.body.place[1], right_operation.body.place[1])

        self._met: dict[Pointer, list[Pointer]] = {}
        for pair, fact, _ in found.graph.facts:
            if fact.base is not None and fact.revision is None and pair in found.walk.ends:
                self._met.setdefault(fact.base, []).append(found.walk.ends[pair][1][1])

    def _add(self, one: Pointer, two: Pointer) -> None:
        heirs = self._heirs.setdefault(one, [])
        if two not in heirs:
            heirs.append(two)

    def heirs(self, place: Pointer) -> Iterator[Pointer]:
        """Where a place of the base is in the later spec, the likeliest first; the end of it need not be there yet."""
        yield from dict.fromkeys((*self._by_place(place), *self._by_meeting(place)))

    def _by_meeting(self, place: Pointer) -> Iterator[Pointer]:
        """An object that is put together: what it was compared with is told by what was found missing there."""
        steps = 2 if place.segments[-2:-1] == ("properties",) else 1
        for one in dict.fromkeys(self._met.get(place, ())):
            if (inside := self._object(one)) is not None:
                yield Pointer(inside.file, inside.segments + place.segments[-steps:])

    def _object(self, place: Pointer) -> Pointer | None:
        """The schema that a place stands for: behind references, and in the one branch that is not null."""
        for _ in range(_MOST_STEPS):
            node = at(self._later, place)
            if not isinstance(node, dict):
                return None
            if isinstance(reference := node.get("$ref"), str):
                found = self._later.target(reference, place.file)
                if found is None:
                    return None
                place = found
                continue
            if "properties" in node:
                return place
            branches = [
                place.child(keyword, index)
                for keyword in ("anyOf", "oneOf", "allOf")
                for index, branch in enumerate(node.get(keyword, ()))
                if isinstance(branch, dict) and branch.get("type") != "null"
            ]
            if len(branches) != 1:
                return place
            place = branches[0]
        return None

    def _by_place(self, place: Pointer) -> Iterator[Pointer]:
        seen: set[Pointer] = set()
        for depth in range(len(place.segments), 0, -1):
            around, rest = Pointer(place.file, place.segments[:depth]), place.segments[depth:]
            for heir in self._heirs.get(around, ()):
                found = Pointer(heir.file, heir.segments + rest)
                if found not in seen and not _passes_reference(self._later, heir, rest):
                    seen.add(found)
                    yield found
            if seen:
                return
        if place.segments[:1] == ("paths",) and len(place.segments) > _IN_OPERATION and not self.is_there(place, 3):
            return
        if place.file in self._later:
            yield place

    def is_there(self, place: Pointer, depth: int) -> bool:
        """Whether the later spec has what the first segments of a place name."""
        return at(self._later, Pointer(place.file, place.segments[:depth])) is not ABSENT

    def of_base(self, place: Pointer) -> Any:
        """What the base has at a place."""
        return at(self._base, place)


def _passes_reference(later: Trees, heir: Pointer, rest: tuple[str, ...]) -> bool:
    """Whether a way to a place leads through a `$ref`, beside which nothing may be written."""
    node = at(later, heir)
    for segment in rest:
        if isinstance(node, dict) and "$ref" in node:
            return True
        node = node.get(segment, ABSENT) if isinstance(node, dict) else ABSENT
    return False
