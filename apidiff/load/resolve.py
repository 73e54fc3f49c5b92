"""Follows `$ref`s and knows the dialect of one side of a comparison; schemas stay a graph and are never inlined.

Invariant: a node is named by where it physically stands, so that an edit of a shared component has one pointer
however it is reached.
"""

from collections.abc import Generator
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from apidiff.load import Document
from apidiff.load.bases import MAPS, VALUES
from apidiff.load.document import file_named
from apidiff.load.values import Node, references
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer, unescape


class Dialect(StrEnum):
    """The specification that a document follows."""

    SWAGGER_2 = "swagger 2.0"
    OPENAPI_30 = "openapi 3.0"
    OPENAPI_31 = "openapi 3.1"
    OPENAPI_32 = "openapi 3.2"

    @property
    def is_json_schema(self) -> bool:
        """Whether its schemas are JSON Schema 2020-12 (OpenAPI 3.1, 4.8.24)."""
        return self._value_ in _OF_JSON_SCHEMA


_LOOKED_INTO: Final = (2, 3)
"""How deep paths and components lie: one that refers to nothing odd is passed over whole."""
_PATH_ITEM: Final = 2
"""How deep a path item stands: what operations there are can't be left unknown."""
_OF_JSON_SCHEMA: Final = frozenset({"openapi 3.1", "openapi 3.2"})


def dialect_of(root: Node) -> Dialect:
    """The dialect that a root object declares; `load` has already refused what is no spec."""
    version = str(root.get("openapi", ""))
    if not version:
        return Dialect.SWAGGER_2
    for prefix, dialect in (("3.0", Dialect.OPENAPI_30), ("3.1", Dialect.OPENAPI_31)):
        if version.startswith(prefix):
            return dialect
    return Dialect.OPENAPI_32


class Form(dict[str, Any]):
    """The schema that a list of form parameters is (Swagger 2.0); `fields` are the parameters by name."""

    def __init__(self, schema: dict[str, Any], fields: dict[str, Any]) -> None:
        super().__init__(schema)
        self.fields = fields

    @property
    def required_at(self) -> dict[str, Pointer]:
        """Where each field says whether it is required."""
        return {name: field.place[1].child("required") for name, field in self.fields.items()}


class Moved(dict[str, Any]):
    """What a schema says of some properties, as one of its own; `required_at` is where it asks for them."""

    def __init__(self, properties: dict[str, Any], required_at: dict[str, Pointer]) -> None:
        super().__init__({"properties": properties, "required": list(required_at)})
        self.required_at = required_at


class Branches(dict[str, Any]):
    """A schema that is any of several, which the document says at `at` in another way."""

    def __init__(self, branches: list[Any], at: Pointer) -> None:
        super().__init__({"anyOf": branches})
        self.at = at


class Sequence(dict[str, Any]):
    """The schema that the items of a sequential media type are, as an array (OpenAPI 3.2); `at` is where they stand."""

    def __init__(self, items: Any, at: Pointer) -> None:
        super().__init__({"type": "array", "items": items})
        self.at = at


class Broken(dict[str, Any]):
    """What a `$ref` that leads nowhere stands for: unknown, and an empty object for who must read on.

    `place` is where the first such reference stands.
    """

    def __init__(self, reference: str, place: Pointer, problem: str) -> None:
        super().__init__()
        self.reference = reference
        self.place = place
        self.problem = problem


Found = tuple[Node, Pointer]
"""A node, and where it stands."""
_Reference = tuple[str, str]
"""The file that a `$ref` stands in, and what it says."""
_Search = Generator[tuple[str, Pointer], "Found | None", "Found | None"]
"""A search for what a `$ref` names, which asks for what others name on its way."""
_PASSED_OVER: Final = frozenset({"reference-outside", "reference-not-found"})
"""Problems with another file that leave a part of the spec unknown, and no more."""


class Side:
    """One of the two specs: its document, its dialect, and the places of its nodes."""

    def __init__(self, document: Document, *, name: str) -> None:
        self.document = document
        self.name = name
        self.root: dict[str, Any] = document.root
        self.dialect = dialect_of(self.root)
        self.synthetic: dict[Any, Node] = {}
        self._places: dict[int, Pointer] = {}
        self._targets: dict[_Reference, Found | None] = {}
        self._behind: dict[_Reference, Found] = {}
        self.broken: dict[str, Broken] = {}
        """References that lead nowhere, by what they name (`key`); `check` fills it."""
        self.lent: dict[str, Found] = {}
        """What stands in for some of them: the other side's."""

    @cached_property
    def references(self) -> list[str]:
        """Every `$ref` of the entry file once."""
        return references(self.root)

    def place(self, node: Node, otherwise: Pointer) -> Pointer:
        """Where a node stands: its own place for a node made up from several, else where it was found."""
        return self._places.get(id(node), otherwise)

    def make(self, key: Any, node: Node, places: list[Found]) -> Node:
        """Keep a node made up while reading (a Swagger 2.0 form as a schema), once per `key`, with its places."""
        kept = self.synthetic.setdefault(key, node)
        if kept is node:
            for part, pointer in places:
                self._places[id(part)] = pointer
            self.synthetic[(key, "parts")] = places
        return kept

    def deref(self, node: Node, pointer: Pointer) -> Found:
        """The node behind any chain of `$ref`, and where it stands; siblings of `$ref` are the caller's business."""
        chain: dict[_Reference, None] = {}
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
            key = (pointer.file, reference)
            if (end := self._behind.get(key)) is not None:
                node, pointer = end
                break
            if key in chain:
                raise ApidiffError(
                    f"`$ref` leads back to itself in the {self.name}: {reference[:200]}",
                    code="reference-circular",
                    at=self.where(pointer),
                    hint="Point one of the references of the circle at a schema.",
                )
            chain[key] = None
            node, pointer = self.target(reference, pointer)
        for key in chain:
            self._behind[key] = (node, pointer)
        return node, pointer

    def target(self, reference: str, pointer: Pointer) -> Found:
        """What one `$ref` names, seen from a place (RFC 3986 relative to the file, then RFC 6901 in it).

        Raises ApidiffError (`reference-unresolved`, and what loading another file raises).
        """
        if self.broken and (key := self.key(reference, pointer.file)) in self.broken:
            return self.lent.get(key, (self.broken[key], pointer))
        found = self.find(reference, pointer)
        if found is not None:
            return found
        raise self._unresolved(reference, pointer)

    def _unresolved(self, reference: str, place: Pointer) -> ApidiffError:
        """The refusal of a reference that leads nowhere."""
        return ApidiffError(
            f"`$ref` points nowhere in the {self.name}: {reference[:200]}",
            code="reference-unresolved",
            at=self.where(place),
            hint="Add what it names, or correct the reference.",
        )

    def find(self, reference: str, pointer: Pointer) -> Found | None:
        """What one `$ref` names, None where it points nowhere."""
        wanted = (pointer.file, reference)
        if wanted not in self._targets:
            self._find_all(reference, pointer)
        return self._targets[wanted]

    def _find_all(self, reference: str, pointer: Pointer) -> None:
        """Note what a `$ref` names, and whatever the ones on its way name; no recursion, for these may be many."""
        self._targets[pointer.file, reference] = None  # what is asked for on the way to itself is nowhere
        searches = [((pointer.file, reference), self._search(reference, pointer))]
        answer: Found | None = None
        while searches:
            key, search = searches[-1]
            try:
                asked, place = search.send(answer)
            except StopIteration as done:
                searches.pop()
                answer = self._targets[key] = done.value
                continue
            inner = (place.file, asked)
            if inner in self._targets:
                answer = self._targets[inner]
            else:
                answer = self._targets[inner] = None
                searches.append((inner, self._search(asked, place)))

    def key(self, reference: str, file: str) -> str:
        """A name for what a `$ref` in a file names, the same for every way to write it."""
        path, _, fragment = reference.partition("#")
        return f"{self._file(path, file)}#{fragment}"

    def _file(self, path: str, current: str) -> str:
        return file_named(path, seen_from=current, entry=self.document.entry)

    def _search(self, reference: str, pointer: Pointer) -> _Search:
        """Look for what a `$ref` names; what stands behind another one on the way is asked for."""
        path, _, fragment = reference.partition("#")
        file = self._file(path, pointer.file)
        node: Node = self.document.file(file, at=pointer)
        here = Pointer(file)
        if fragment and not fragment.startswith("/"):
            return self._anchor(unquote(fragment), node, here)
        for part in fragment.split("/")[1:]:
            segment = unescape(unquote(part))
            seen: set[Pointer] = set()
            while isinstance(node, dict) and segment not in node and isinstance(inner := node.get("$ref"), str):
                found = None if here in seen else (yield inner, here)
                if found is None:
                    return None
                seen.add(here)
                node, here = found
            if isinstance(node, dict) and segment in node:
                node = node[segment]
            elif isinstance(node, list) and segment.isdigit() and int(segment) < len(node):
                node = node[int(segment)]
            else:
                return None
            here = here.child(segment)
        return node, here

    @staticmethod
    def _anchor(name: str, root: Node, at: Pointer) -> Found | None:
        """What an anchor of another file names (those of the file itself are pointers by now)."""
        stack = [(root, at)]
        while stack:
            node, here = stack.pop()
            if isinstance(node, dict) and name in (node.get("$anchor"), node.get("$dynamicAnchor")):
                return node, here
            entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            stack.extend((value, here.child(key)) for key, value in entries if isinstance(value, (dict, list)))
        return None

    def where(self, pointer: Pointer) -> str:
        """The file, the line and the pointer of a place, for a message."""
        return self.document.where(pointer)

    def check(self, *, strict: bool = False) -> None:
        """Follow every `$ref` of the spec once, so that one that points nowhere is known before any verdict is made.

        It is kept in `broken`, and what hangs on it is unknown. Raises ApidiffError (`reference-unresolved`,
        `reference-outside`, `reference-not-found`) where `strict`, where a `$ref` is written so that it can only be a
        slip, and what loading another file raises.
        """
        # most specs refer to themselves alone, and to what is there: that takes no look at every value
        targets = {one: self.find(one, Pointer()) if one.startswith("#") else None for one in self.references}
        if all(targets.values()):
            return
        odd = {one for one, found in targets.items() if found is None or found[1].file}
        seen: set[str] = set()
        stack: list[tuple[Node, str, bool, int]] = [(self.root, "", False, 0)]
        while stack:
            node, file, is_map, depth = stack.pop()
            if depth in _LOOKED_INTO and not file and odd.isdisjoint(references(node)):
                continue
            if isinstance(node, list):
                stack.extend((value, file, False, depth + 1) for value in node if isinstance(value, (dict, list)))
                continue
            if not is_map and isinstance(reference := node.get("$ref"), str):
                key = self.key(reference, file)
                if key not in seen:
                    seen.add(key)
                    found = self._followed(reference, node, file, strict=strict)
                    if found is not None and found[1].file != file and isinstance(found[0], (dict, list)):
                        stack.append((found[0], found[1].file, False, 0))
            for name, value in node.items():
                if isinstance(value, (dict, list)) and (is_map or not (name in VALUES or name.startswith("x-"))):
                    stack.append((value, file, not is_map and name in MAPS, depth + 1))

    def _followed(self, reference: str, node: Node, file: str, *, strict: bool) -> Found | None:
        """What a `$ref` names; None, and a note of it, where it leads nowhere and that may pass."""
        try:
            found = self.find(reference, Pointer(file))
            if found is not None:
                return found
            place = self._locate(node, file)
            problem = self._unresolved(reference, place)
        except ApidiffError as raised:
            if raised.code not in _PASSED_OVER:
                raise
            place, problem = self._locate(node, file), raised
            problem.at = self.where(place)
        if (meant := self._meant(reference, file)) is not None:
            problem.hint = f"Did you mean `{meant[:200]}`?"
            raise problem
        if strict or (place.segments[:1] == ("paths",) and len(place.segments) <= _PATH_ITEM):
            raise problem
        self.broken[self.key(reference, file)] = Broken(reference, place, problem.message)
        return None

    def _meant(self, reference: str, file: str) -> str | None:
        """How a reference would have to be written to name what is there, where only its writing is at fault."""
        path, mark, fragment = reference.partition("#")
        for written in (
            reference.replace("\\", "/"),
            f"#/{reference.lstrip('/')}",
            path if mark and fragment == "/" else "",
            f"{path}#/{fragment}" if fragment and not fragment.startswith("/") else "",
            f"{spelled}{mark}{fragment}" if path and (spelled := self.document.spelled(self._file(path, file))) else "",
        ):
            if written and written != reference and find_or_none(self, written, file) is not None:
                return written
        return None

    def _locate(self, wanted: Node, file: str) -> Pointer:
        """Where a node stands in its file: a slow search, for messages only."""
        stack: list[Found] = [(self.document.file(file, at=Pointer(file)), Pointer(file))]
        while stack:
            node, pointer = stack.pop()
            if node is wanted:
                return pointer
            entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            stack.extend((value, pointer.child(name)) for name, value in entries if isinstance(value, (dict, list)))
        return Pointer(file)


def standing(side: Side, place: Pointer) -> Found | None:
    """What this side has at a place of the other one, None where it has nothing there."""
    node = side.root
    for segment in () if place.file else place.segments:
        if "%" in segment:
            break
        if isinstance(node, dict) and segment in node:
            node = node[segment]
        elif isinstance(node, list) and segment.isdigit() and int(segment) < len(node):
            node = node[int(segment)]
        elif isinstance(node, dict) and "$ref" in node:
            break
        else:
            return None
    else:
        if not place.file:
            return node, place
    return find_or_none(side, str(place), "")  # past a reference, or in another file


def find_or_none(side: Side, reference: str, file: str) -> Found | None:
    """What a `$ref` of either side names on this one, None also where this side lacks the whole file."""
    try:
        return side.find(reference, Pointer(file))
    except ApidiffError:
        return None
