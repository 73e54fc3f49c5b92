"""Which operations reach a place of a spec: told from the raw documents alone, in the plainest way that is right.

Nothing here knows how the differ walks. A spec is cut into *units*: the parts of operations (each parameter, the
request body, the responses), and whatever a `$ref` names. A unit lists the `$ref`s in its own tree, so who reaches a
unit spreads along them as a set of operations, one for each direction. `Spec` does that for one side: who can be
reached at most. `Both` does it for two sides at once, along the keys that both have: who is reached at least.
"""

import posixpath
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from apidiff.load import Document
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer, parse

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
PARTS = ("parameters", "requestBody", "responses", "callbacks")
MAPS = (
    "responses",
    "content",
    "headers",
    "links",
    "examples",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
)
"""Keys whose value maps names to things, so that `default` or `example` may be such a name."""
DATA = ("example", "value", "default", "enum", "const", "mapping")
UNIONS = ("allOf", "oneOf", "anyOf")
OF_ROOT = {key: key for key in ("servers", "security", "consumes", "produces")} | dict.fromkeys(
    ("host", "basePath", "schemes"), "servers"
)
"""Keys of the root that operations inherit, by the key that an operation says instead."""
REQUEST, RESPONSE, BOTH = 1, 2, 3
Place = tuple[Any, Pointer]
Step = tuple[Hashable, int]
"""Where to go on, and the directions that lead there."""


class Operation:
    """One operation as it is written: its own node, that of its path, and the bit that stands for it."""

    def __init__(self, item: Place, place: Place, bit: int, *, turned: bool) -> None:
        self.item, self.place, self.bit = item, place, bit
        self.sends, self.answers = (RESPONSE, REQUEST) if turned else (REQUEST, RESPONSE)


class Spec:
    """One raw document, and the operations that reach each of its places; `bits` gives each operation's set."""

    def __init__(self, document: Document, bits: dict[str, int]) -> None:
        self.document = document
        self.root: Any = document.root
        self.operations: dict[str, list[Operation]] = {}
        self.heads: dict[Pointer, int] = {}
        self.inherits: dict[str, int] = dict.fromkeys(OF_ROOT.values(), 0)
        self.schemes: dict[str, int] = {}
        for section in ("paths", "webhooks"):
            for path, item in (self.root.get(section) or {}).items():
                if not path.startswith("x-") and isinstance(item, dict):
                    self._read_item(section, path, bits)
        self.reach = spread(self._entries(), self._steps)

    def _read_item(self, section: str, path: str, bits: dict[str, int]) -> None:
        at = Pointer("", (section, path))
        item = self.resolve(self.root[section][path], at)
        for method in METHODS:
            if method in item[0]:
                name = f"{'webhook ' if section == 'webhooks' else ''}{method.upper()} {path}"
                bit = bits.get(name, 0)
                self.heads[at] = self.heads.get(at, 0) | bit
                turned = section == "webhooks"
                self.operations[name] = list(self._read_operation(item, method, bit=bit, turned=turned))

    def _read_operation(self, item: Place, method: str, *, bit: int, turned: bool) -> Iterator[Operation]:
        """An operation and those of its callbacks, which are turned round."""
        node, at = self.resolve(item[0][method], item[1].child(method))
        for place in (item[1], at):
            self.heads[place] = self.heads.get(place, 0) | bit
        for key in self.inherits:
            if key not in node and not (key == "servers" and key in item[0]):
                self.inherits[key] |= bit
        for alternative in node.get("security", self.root.get("security")) or ():
            for name in alternative:
                self.schemes[name] = self.schemes.get(name, 0) | bit
        yield Operation(item, (node, at), bit, turned=turned)
        for name, callback in node.get("callbacks", {}).items():
            expressions, where = self.resolve(callback, at.child("callbacks", name))
            for expression, inner in expressions.items():
                inner_item = self.resolve(inner, where.child(expression))
                for verb in METHODS:
                    if verb in inner_item[0]:
                        yield from self._read_operation(inner_item, verb, bit=bit, turned=not turned)

    def parts(self, operation: Operation) -> dict[Hashable, tuple[Place, int]]:
        """What an operation sends and answers by name, each with its direction; its own parameters go before shared."""
        found: dict[Hashable, tuple[Place, int]] = {}
        for node, at in (operation.item, operation.place):
            for index, entry in enumerate(node.get("parameters", ())):
                parameter, _ = self.resolve(entry, at)
                key = (parameter.get("in"), parameter.get("name"))
                found[key] = ((entry, at.child("parameters", index)), operation.sends)
        for key, direction in (("requestBody", operation.sends), ("responses", operation.answers)):
            if key in operation.place[0]:
                found[key] = ((operation.place[0][key], operation.place[1].child(key)), direction)
        return found

    def _entries(self) -> Iterator[tuple[Hashable, int, int]]:
        for operations in self.operations.values():
            for operation in operations:
                for (_, at), direction in self.parts(operation).values():
                    yield at, direction, operation.bit
                for key in operation.place[0].keys() - PARTS:  # samples of code in files
                    yield operation.place[1].child(key), operation.sends, operation.bit

    # `$ref` -----------------------------------------------------------------------------------------------------------

    def resolve(self, node: Any, at: Pointer) -> Place:
        """What stands behind `$ref`, and where."""
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            at = self.target(node["$ref"], at.file)
            node = self.at(at)
        return node, at

    @staticmethod
    def target(reference: str, file: str) -> Pointer:
        """The place that a `$ref` in a file names."""
        path, _, fragment = reference.partition("#")
        if path:
            file = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(path)))
        return parse(f"{file}#{unquote(fragment)}")

    def at(self, place: Pointer) -> Any:
        """The node at a place, None where there is none."""
        try:
            node: Any = self.document.file(place.file, at=place) if place.file else self.root
        except ApidiffError:  # a file that only the other side has
            return None
        for segment in place.segments:
            if isinstance(node, dict) and segment not in node:
                node, _ = self.resolve(node, place)
            node = below(node, segment)
        return node

    def _steps(self, unit: Any) -> Iterator[Step]:
        yield from self._references(self.at(unit), unit.file, key=unit.last)

    def _references(self, node: Any, file: str, *, key: str = "", mask: int = BOTH) -> Iterator[Step]:
        """Every `$ref` in a node's own tree, and the directions that lead to it; `key` is what holds the node."""
        for name, value in children(node, key):
            if name == "$ref":
                yield self.target(value, file), mask
            else:
                open_ = self.access(value, file) if key == "properties" else BOTH
                yield from self._references(value, file, key=inner(key, name), mask=mask & open_)

    def access(self, node: Any, file: str) -> int:
        """The directions in which a property counts."""
        reads, writes = (self._says(node, key, file, ()) for key in ("readOnly", "writeOnly"))
        return BOTH & ~(REQUEST if reads else 0) & ~(RESPONSE if writes else 0)

    def _says(self, node: Any, key: str, file: str, seen: tuple[int, ...]) -> bool:
        node, at = self.resolve(node, Pointer(file))
        if not isinstance(node, dict) or id(node) in seen:
            return False
        parts = node.get("allOf", ())
        return node.get(key) is True or any(self._says(part, key, at.file, (*seen, id(node))) for part in parts)

    # asking -----------------------------------------------------------------------------------------------------------

    def reached_by(self, place: Pointer, direction: int) -> int:
        """The operations that reach a place in a direction (or in one of both)."""
        found = self.owned_by(place)
        for unit, rest in prefixes(place):
            if unit in self.reach:
                found |= together(self.reach[unit], direction & self.mask(unit, rest))
        return found

    def owned_by(self, place: Pointer) -> int:
        """The operations whose own place it is, neither request nor response; who inherits it, or names the scheme."""
        found = self._of_root(place)
        for unit, rest in prefixes(place):
            if unit in self.heads and (not rest or rest[0] not in (*METHODS, *PARTS) or rest[1:] == ()):
                found |= self.heads[unit]
        return found

    def around(self, place: Pointer) -> int:
        """The operations and path items in whose own tree a place lies."""
        found = self._of_root(place)
        for unit, _ in prefixes(place):
            found |= self.heads.get(unit, 0)
        return found

    def mask(self, unit: Pointer, rest: tuple[str, ...]) -> int:
        """The directions that lead from a unit to a place in it; `readOnly` itself is no part of what it closes."""
        node, mask, key = self.at(unit), BOTH, unit.last
        for index, segment in enumerate(rest):
            node = below(node, segment)
            if key == "properties" and rest[index + 1 :] not in (("readOnly",), ("writeOnly",)):
                mask &= self.access(node, unit.file)
            key = inner(key, segment)
        return mask

    def _of_root(self, place: Pointer) -> int:
        """Who inherits from the root, or names a security scheme."""
        words = place.segments
        if place.file or not words:
            return 0
        if words[:2] == ("components", "securitySchemes") and len(words) > 2:
            return self.schemes.get(words[2], 0)
        if words[0] == "securityDefinitions" and len(words) > 1:
            return self.schemes.get(words[1], 0)
        return self.inherits[OF_ROOT[words[0]]] if words[0] in OF_ROOT else 0


class Both:
    """Two specs walked in step: from matched operations along keys, names and `$ref`s that both sides have."""

    def __init__(self, base: Spec, revision: Spec, pairs: Iterable[tuple[str, str]]) -> None:
        self.base, self.revision = base, revision
        self.pairs = [
            ends
            for one, two in pairs
            for ends in zip(base.operations[one], revision.operations[two], strict=False)
            if len(base.operations[one]) == len(revision.operations[two])
        ]
        self.reach = spread(self._entries(), self._steps)

    def _entries(self) -> Iterator[tuple[Hashable, int, int]]:
        for one, two in self.pairs:
            left, right = self.base.parts(one), self.revision.parts(two)
            for key in left.keys() & right.keys():
                yield (left[key][0][1], right[key][0][1]), left[key][1], one.bit & two.bit

    def _steps(self, pair: Any) -> Iterator[Step]:
        left, right = self.base.at(pair[0]), self.revision.at(pair[1])
        yield from self._in_step((left, pair[0]), (right, pair[1]), pair[0].last, BOTH)

    def _in_step(self, base: Place, revision: Place, key: str, mask: int) -> Iterator[Step]:
        left, right = self.base.resolve(*base), self.revision.resolve(*revision)
        if left[1] != base[1] or right[1] != revision[1]:
            yield (left[1], right[1]), mask
            return
        if isinstance(left[0], list) and isinstance(right[0], list) and key in UNIONS:
            yield from self._branches(left, right, mask)
        if not isinstance(left[0], dict) or not isinstance(right[0], dict):
            return
        others = dict(children(right[0], key))
        for name, value in children(left[0], key):
            if name not in others or (name in UNIONS and ("enum" in left[0] or "enum" in right[0])):
                continue  # the listed values beside a union are what is allowed, whatever its branches list
            open_ = BOTH
            if key == "properties":
                open_ = self.base.access(value, left[1].file) & self.revision.access(others[name], right[1].file)
            ends = (value, left[1].child(name)), (others[name], right[1].child(name))
            yield from self._in_step(*ends, inner(key, name), mask & open_)

    @staticmethod
    def _branches(base: Place, revision: Place, mask: int) -> Iterator[Step]:
        """The branches that both sides take from the same `$ref`."""
        sides = [
            {str(node["$ref"]): at.child(index) for index, node in enumerate(nodes) if node.keys() == {"$ref"}}
            for nodes, at in (base, revision)
        ]
        for reference in sides[0].keys() & sides[1].keys():
            yield (sides[0][reference], sides[1][reference]), mask

    def reached_by(self, base: Pointer, revision: Pointer, direction: int) -> int:
        """The operations that walk in step to two places: the same way below a pair of units."""
        found = 0
        for left, rest in prefixes(base):
            kept = len(revision.segments) - len(rest)
            right = Pointer(revision.file, revision.segments[: max(kept, 0)])
            is_same_way = kept >= 0 and rest == revision.segments[kept:] and not any(word.isdigit() for word in rest)
            if is_same_way and (left, right) in self.reach:
                open_ = direction & self.base.mask(left, rest) & self.revision.mask(right, rest)
                found |= together(self.reach[left, right], open_)
        return found


def spread(
    entries: Iterable[tuple[Hashable, int, int]], steps: Callable[[Any], Iterable[Step]]
) -> dict[Any, dict[int, int]]:
    """Unit → direction → the set of operations that reach it, from (unit, direction, set) entries along the steps."""
    reach: dict[Any, dict[int, int]] = {}
    for unit, direction, bits in entries:
        reach.setdefault(unit, {REQUEST: 0, RESPONSE: 0})[direction] |= bits
    known: dict[Any, list[Step]] = {}
    queue = list(reach)
    while queue:
        unit = queue.pop()
        if unit not in known:
            known[unit] = list(steps(unit))
        for target, mask in known[unit]:
            found = reach.setdefault(target, {REQUEST: 0, RESPONSE: 0})
            before = dict(found)
            for direction, bits in reach[unit].items():
                if direction & mask:
                    found[direction] |= bits
            if found != before or target not in known:
                queue.append(target)
    return reach


def prefixes(place: Pointer) -> Iterator[tuple[Pointer, tuple[str, ...]]]:
    """Every place above one, itself included, and the way on from there."""
    for length in range(len(place.segments) + 1):
        yield Pointer(place.file, place.segments[:length]), place.segments[length:]


def children(node: Any, key: str) -> Iterator[tuple[str, Any]]:
    """What lies directly below a node and is no data; `key` is what holds it."""
    if isinstance(node, list):
        yield from ((str(index), value) for index, value in enumerate(node))
    elif isinstance(node, dict):
        is_map = key == "properties" or key in MAPS
        for name, value in node.items():
            if is_map or not (name in DATA or name.startswith("x-") or (name == "$ref" and not isinstance(value, str))):
                yield name, value


def inner(key: str, name: str) -> str:
    """What holds the node below: the key, nothing where it is a name of the user's."""
    return "" if key == "properties" or key in MAPS else name


def below(node: Any, segment: str) -> Any:
    """One step down, None where there is nothing."""
    if isinstance(node, dict):
        return node.get(segment)
    return node[int(segment)] if isinstance(node, list) and segment.isdigit() and int(segment) < len(node) else None


def together(reached: dict[int, int], directions: int) -> int:
    """The operations of any of several directions."""
    return (reached[REQUEST] if directions & REQUEST else 0) | (reached[RESPONSE] if directions & RESPONSE else 0)
