"""Which schemas are forms of another one that a discriminator tells apart, and by which value (OpenAPI 3.1, 4.8.25).

A schema with a discriminator and no union stands for all that inherit from it by `allOf`, though nothing refers to them
there. A form's value is what a mapping gives it, else its own name.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, NamedTuple

from apidiff.load.resolve import Dialect, Side, find_or_none
from apidiff.load.values import Node
from apidiff.schema.closure import entries
from apidiff.schema.view import Place
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

VALUE_KEYS: Final = ("x-ms-discriminator-value", "x-discriminator-value")
"""Extensions that give a form its value where no mapping can (Swagger 2.0)."""
BESIDE: Final = frozenset({"allOf", "nullable", "x-nullable", "title", "description", "readOnly", "writeOnly"})
"""What a use of a schema says around it that makes no other schema of it."""

OF_SCHEMAS: Final = frozenset({"type", "properties", "allOf", "discriminator"})
"""What a file says at its top that is one schema."""
HOLDERS: Final = (("components", "schemas"), ("definitions",), ("$defs",), ())
"""Where a file keeps schemas; at its top it may be nothing but a map of them."""


class Form(NamedTuple):
    """One form: where it stands, and whether a mapping gives it its value."""

    place: Place
    is_mapped: bool


class Forms:
    """The forms of one side's schemas, found when somebody asks."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._mapped: dict[int, tuple[dict[str, Any], frozenset[int]]] = {}

    def of(self, node: Node, pointer: Pointer) -> dict[str, Form]:
        """The forms that a schema stands for beside itself, by their value; none where it has no discriminator.

        A schema that is no component has none of its own: nothing inherits from it.
        """
        if not isinstance(node, dict) or "oneOf" in node or "anyOf" in node:
            return {}
        if id(node) in self._names:
            return self._own(node, pointer)
        if "allOf" not in node or not node.keys() <= BESIDE:
            return {}
        found: dict[str, Form] = {}
        for parent in self._parents(node, pointer):
            found |= self.of(*parent)
        return found

    def implied(self) -> Iterator[tuple[str, str]]:
        """What is a form of which component, as the keys of references that would say it (`Side.key`)."""
        for name, place in self._components.items():
            here = self._keys[id(place[0])]
            for parent in self._above[id(place[0])]:
                if self._is_told_apart(parent):
                    said = name if "#" in name else f"#/{'/'.join(self._at.segments)}/{name}"
                    yield said, self._keys.get(parent, "")
            discriminator, at = self._discriminator(*place)
            mapping = discriminator.get("mapping") if discriminator else None
            for mapped in mapping.values() if isinstance(mapping, dict) else ():
                if isinstance(mapped, str) and mapped not in self._schemas:
                    yield self.side.key(mapped, at.file), here

    def own_value(self, node: Node) -> str | None:
        """The value of a schema that is itself a form of another one; None for any other."""
        name = self._names.get(id(node))
        if name is None or not any(map(self._is_told_apart, self._above.get(id(node), ()))):
            return None
        return self.value_of(name)

    def value_of(self, name: str) -> str:
        """The value of a component that no mapping names."""
        node = self._schemas.get(name)
        if node is None and name in self._components:  # in another file
            node, name = self._components[name][0], name.rpartition("/")[2].partition("#")[0]
        given = (node.get(key) for key in VALUE_KEYS) if isinstance(node, dict) else iter(())
        return next((value for value in given if isinstance(value, str)), name)

    def target(self, mapped: Any, file: str) -> Place | None:
        """The schema that a mapping names: a component, or whatever its reference leads to."""
        if not isinstance(mapped, str):
            return None
        if mapped in self._schemas:
            return self._end(self._schemas[mapped], self._at.child(mapped))
        found = find_or_none(self.side, mapped, file)
        return self._end(*found) if found else None

    def mapped(self, discriminator: dict[str, Any], file: str) -> frozenset[int]:
        """The schemas, by their ids, that a discriminator's mapping gives a value to."""
        known = self._mapped.get(id(discriminator))
        if known is None:
            mapping = discriminator.get("mapping")
            ends = [self.target(one, file) for one in (mapping.values() if isinstance(mapping, dict) else ())]
            found = frozenset(id(end[0]) for end in ends if end is not None)
            known = self._mapped[id(discriminator)] = discriminator, found
        return known[1]

    def _own(self, node: dict[str, Any], pointer: Pointer) -> dict[str, Form]:
        children = self._children.get(id(node), {})
        discriminator, at = self._discriminator(node, pointer)
        found: dict[str, Form] = {}
        if discriminator is not None:
            mapping = discriminator.get("mapping")
            for value, mapped in mapping.items() if isinstance(mapping, dict) else ():
                if (target := self.target(mapped, at.file)) is not None and target[0] is not node:
                    found[value] = Form(target, is_mapped=True)
        elif not self._is_told_apart(id(node)):
            return {}
        mapped_to = {id(form.place[0]) for form in found.values()}
        for name, place in children.items():
            if id(place[0]) not in mapped_to:
                found.setdefault(self.value_of(name), Form(place, is_mapped=False))
        return found

    @staticmethod
    def _discriminator(node: dict[str, Any], pointer: Pointer) -> tuple[dict[str, Any] | None, Pointer]:
        """The discriminator that a schema has itself, or in a part of it that is no reference."""
        for one in (node, *entries(node)):
            said = one.get("discriminator") if isinstance(one, dict) else None
            if isinstance(said, str):  # Swagger 2.0
                return {"propertyName": said}, pointer
            if isinstance(said, dict):
                return said, pointer
        return None, pointer

    def _parents(self, node: dict[str, Any], pointer: Pointer) -> list[Place]:
        """What a schema inherits from by reference."""
        places = [
            self.side.find(part["$ref"], pointer)
            for part in entries(node)
            if isinstance(part, dict) and isinstance(part.get("$ref"), str)
        ]
        return [end for place in places if place is not None and (end := self._end(*place)) is not None]

    def _end(self, node: Node, pointer: Pointer) -> Place | None:
        """What stands behind a chain of references, None where it leads nowhere: who uses it says so."""
        if not isinstance(node, dict) or "$ref" not in node:
            return node, pointer
        try:
            return self.side.deref(node, pointer)
        except ApidiffError:
            return None

    def _is_told_apart(self, parent: int) -> bool:
        """Whether a schema has a discriminator, of its own or by what it inherits from."""
        seen: set[int] = set()
        waiting = [parent]
        while waiting:
            one = waiting.pop()
            if one in self._discriminated:
                return True
            if one not in seen:
                seen.add(one)
                waiting += self._above.get(one, ())
        return False

    @cached_property
    def _at(self) -> Pointer:
        is_swagger = self.side.dialect is Dialect.SWAGGER_2
        return Pointer("", ("definitions",) if is_swagger else ("components", "schemas"))

    @cached_property
    def _schemas(self) -> dict[str, Node]:
        node: Node = self.side.root
        for key in self._at.segments:
            node = node.get(key) if isinstance(node, dict) else None
        return node if isinstance(node, dict) else {}

    @cached_property
    def _components(self) -> dict[str, Place]:
        """The components that are told apart, or may inherit from one that is; none where no schema is told apart."""
        places = {
            name: place
            for name, node in self._schemas.items()
            if isinstance(node, dict) and (place := self._end(node, self._at.child(name))) is not None
        }
        if self.side.document.files:
            places |= self._in_files({id(place[0]) for place in places.values()})
        if not any(self._discriminator(*place)[0] for place in places.values() if isinstance(place[0], dict)):
            return {}
        return {name: place for name, place in places.items() if isinstance(place[0], dict)}

    def _in_files(self, known: set[int]) -> dict[str, Place]:
        """The schemas of the other files that were read or that a mapping names, by their keys (`Side.key`)."""
        found: dict[str, Place] = {}
        waiting = [
            (node, Pointer(file, segments))
            for file, tree in self.side.document.trees().items()
            if file
            for segments, node in _schemas_of(tree)
        ]
        while waiting:
            node, at = waiting.pop()
            if id(node) in known:
                continue
            known.add(id(node))
            found[_key(at)] = node, at
            mapping = (self._discriminator(node, at)[0] or {}).get("mapping")
            targets = [self.target(one, at.file) for one in (mapping.values() if isinstance(mapping, dict) else ())]
            waiting += [(end[0], end[1]) for end in targets if end is not None and isinstance(end[0], dict)]
        return found

    @cached_property
    def _names(self) -> dict[int, str]:
        return {id(place[0]): name for name, place in self._components.items()}

    @cached_property
    def _keys(self) -> dict[int, str]:
        return {id(place[0]): _key(place[1]) for place in self._components.values()}

    @cached_property
    def _discriminated(self) -> frozenset[int]:
        return frozenset(
            id(place[0]) for place in self._components.values() if self._discriminator(*place)[0] is not None
        )

    @cached_property
    def _above(self) -> dict[int, list[int]]:
        return {
            id(place[0]): [id(parent[0]) for parent in self._parents(*place)] for place in self._components.values()
        }

    @cached_property
    def _children(self) -> dict[int, dict[str, Place]]:
        """The components that inherit from each, by name."""
        found: dict[int, dict[str, Place]] = {}
        for name, place in self._components.items():
            for parent in self._above[id(place[0])]:
                if parent != id(place[0]):
                    found.setdefault(parent, {})[name] = place
        return found


def _key(pointer: Pointer) -> str:
    """How a reference names a place (`Side.key`)."""
    return f"{pointer.file}#{''.join(f'/{segment}' for segment in pointer.segments)}"


def _schemas_of(tree: Any) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """The schemas of a file beside the entry file: itself, those that it keeps for others, or a map of them."""
    if not isinstance(tree, dict):
        return
    if not tree.keys().isdisjoint(OF_SCHEMAS):
        yield (), tree
    for holder in HOLDERS:
        held: Any = tree
        for key in holder:
            held = held.get(key) if isinstance(held, dict) else None
        if isinstance(held, dict):
            yield from (((*holder, name), node) for name, node in held.items() if isinstance(node, dict))
