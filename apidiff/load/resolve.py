"""Follows `$ref`s and knows the dialect of one side of a comparison; schemas stay a graph and are never inlined.

Invariant: a node is named by where it physically stands, so that an edit of a shared component has one pointer
however it is reached.
"""

import posixpath
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

import orjson

from apidiff.load import Document
from apidiff.load.bases import MAPS, VALUES
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer, unescape

Node = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""


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
        self._targets: dict[tuple[str, str], tuple[Node, Pointer] | None] = {}
        self.broken: dict[str, Broken] = {}
        """References that lead nowhere, by what they name (`key`); `check` fills it."""
        self.lent: dict[str, tuple[Node, Pointer]] = {}
        """What stands in for some of them: the other side's."""

    @cached_property
    def references(self) -> list[str]:
        """Every `$ref` of the entry file once."""
        return references(self.root)

    def place(self, node: Node, otherwise: Pointer) -> Pointer:
        """Where a node stands: its own place for a node made up from several, else where it was found."""
        return self._places.get(id(node), otherwise)

    def make(self, key: Any, node: Node, places: list[tuple[Node, Pointer]]) -> Node:
        """Keep a node made up while reading (a Swagger 2.0 form as a schema), once per `key`, with its places."""
        kept = self.synthetic.setdefault(key, node)
        if kept is node:
            for part, pointer in places:
                self._places[id(part)] = pointer
            self.synthetic[(key, "parts")] = places
        return kept

    def deref(self, node: Node, pointer: Pointer) -> tuple[Node, Pointer]:
        """The node behind any chain of `$ref`, and where it stands; siblings of `$ref` are the caller's business."""
        seen: list[Pointer] = []
        while isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
            if pointer in seen:
                raise ApidiffError(
                    f"`$ref` leads back to itself in the {self.name}: {reference}",
                    code="reference-circular",
                    at=self.where(pointer),
                    hint="Point one of the references of the circle at a schema.",
                )
            seen.append(pointer)
            node, pointer = self.target(reference, pointer)
        return node, pointer

    def target(self, reference: str, pointer: Pointer) -> tuple[Node, Pointer]:
        """What one `$ref` names, seen from a place (RFC 3986 relative to the file, then RFC 6901 in it).

        Raises ApidiffError (`reference-unresolved`, and what loading another file raises).
        """
        found = self.find(reference, pointer)
        if found is not None:
            return found
        key = self.key(reference, pointer.file)
        if key in self.broken:
            return self.lent.get(key, (self.broken[key], pointer))
        raise self._unresolved(reference, pointer)

    def _unresolved(self, reference: str, place: Pointer) -> ApidiffError:
        return ApidiffError(
            f"`$ref` points nowhere in the {self.name}: {reference[:200]}",
            code="reference-unresolved",
            at=self.where(place),
            hint="Add what it names, or correct the reference.",
        )

    def find(self, reference: str, pointer: Pointer) -> tuple[Node, Pointer] | None:
        """What one `$ref` names, None where it points nowhere."""
        key = (pointer.file, reference)
        if key not in self._targets:
            self._targets[key] = None  # what is asked for on the way to itself is nowhere
            self._targets[key] = self._find(reference, pointer)
        return self._targets[key]

    def key(self, reference: str, file: str) -> str:
        """A name for what a `$ref` in a file names, the same for every way to write it."""
        path, _, fragment = reference.partition("#")
        return f"{self._file(path, file)}#{fragment}"

    def _file(self, path: str, current: str) -> str:
        if not path:
            return current
        return self.document.normalise(
            path if "://" in path else posixpath.join(posixpath.dirname(current), unquote(path))
        )

    def _find(self, reference: str, pointer: Pointer) -> tuple[Node, Pointer] | None:
        path, _, fragment = reference.partition("#")
        file = self._file(path, pointer.file)
        node: Node = self.document.file(file, at=pointer)
        here = Pointer(file)
        if fragment and not fragment.startswith("/"):
            return self._anchor(unquote(fragment), node, here)
        for part in fragment.split("/")[1:]:
            segment = unescape(unquote(part))
            if isinstance(node, dict) and segment not in node:
                node, here = self.deref(node, here)
            if isinstance(node, dict) and segment in node:
                node = node[segment]
            elif isinstance(node, list) and segment.isdigit() and int(segment) < len(node):
                node = node[int(segment)]
            else:
                return None
            here = here.child(segment)
        return node, here

    @staticmethod
    def _anchor(name: str, root: Node, at: Pointer) -> tuple[Node, Pointer] | None:
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
        if all(one.startswith("#") and self.find(one, Pointer()) for one in self.references):
            return
        seen: set[str] = set()
        stack: list[tuple[Node, str, bool]] = [(self.root, "", False)]
        while stack:
            node, file, is_map = stack.pop()
            if isinstance(node, list):
                stack.extend((value, file, False) for value in node if isinstance(value, (dict, list)))
                continue
            if not is_map and isinstance(reference := node.get("$ref"), str):
                key = self.key(reference, file)
                if key not in seen:
                    seen.add(key)
                    found = self._followed(reference, node, file, strict=strict)
                    if found is not None and found[1].file != file and isinstance(found[0], (dict, list)):
                        stack.append((found[0], found[1].file, False))
            for name, value in node.items():
                if isinstance(value, (dict, list)) and (is_map or not (name in VALUES or name.startswith("x-"))):
                    stack.append((value, file, not is_map and name in MAPS))

    def _followed(self, reference: str, node: Node, file: str, *, strict: bool) -> tuple[Node, Pointer] | None:
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
        stack: list[tuple[Node, Pointer]] = [(self.document.file(file, at=Pointer(file)), Pointer(file))]
        while stack:
            node, pointer = stack.pop()
            if node is wanted:
                return pointer
            entries = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
            stack.extend((value, pointer.child(name)) for name, value in entries if isinstance(value, (dict, list)))
        return Pointer(file)


def same(base: Node, revision: Node) -> bool:
    """Whether two JSON values are the same; unlike Python, `1` is not `true` and key order never counts."""
    if base is revision:
        return True
    if base != revision:
        return False
    if not isinstance(base, (dict, list)):
        return isinstance(base, bool) == isinstance(revision, bool)
    # keys seldom change their order, and to sort them costs more than to write them
    return _bytes(base) == _bytes(revision) != b"" or _same_reordered(base, revision)


def _bytes(node: Node, options: int = 0) -> bytes:
    try:
        return orjson.dumps(node, option=options)
    except TypeError:  # integers past 64 bits, nesting past orjson's limit
        return b""


def _same_reordered(base: Node, revision: Node) -> bool:
    """For values that are equal, whatever the order of their keys."""
    sort = orjson.OPT_SORT_KEYS
    return _bytes(base, sort) == _bytes(revision, sort) != b"" or _same_slowly(base, revision)


def _same_slowly(base: Node, revision: Node) -> bool:
    """For values that are equal but written differently (`1`, `1.0`), told apart from `1` and `true`."""
    stack = [(base, revision)]
    while stack:
        left, right = stack.pop()
        if isinstance(left, dict):
            stack.extend((value, right[key]) for key, value in left.items())
        elif isinstance(left, list):
            stack.extend(zip(left, right, strict=True))
        elif isinstance(left, bool) != isinstance(right, bool):
            return False
    return True


_REFERENCE: Final = re.compile(rb'"\$ref":("[^"\\]*(?:\\.[^"\\]*)*")')


def references(node: Node) -> list[str]:
    """Every `$ref` below a node once, those in examples included (harmless: they only stop a short cut)."""
    # read off the node as JSON, which is ten times as fast as a look at each value
    if written := _bytes(node):
        return _read_references(written)
    found: list[str] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            for key, value in here.items():
                if isinstance(value, (dict, list)):
                    stack.append(value)
                elif key == "$ref" and isinstance(value, str):
                    found.append(value)
        elif isinstance(here, list):
            stack.extend(value for value in here if isinstance(value, (dict, list)))
    return found


def _read_references(written: bytes) -> list[str]:
    """Every `$ref` of a value that is written as JSON, once, in order."""
    if b'"$ref"' not in written:
        return []
    return [orjson.loads(text) for text in dict.fromkeys(_REFERENCE.findall(written))]


class Unchanged:
    """Tells which parts of two specs are the same with everything that they refer to, so that no walk enters them.

    `implied` are references that nobody writes: of what is a form of another schema, to that schema, by their keys.
    """

    def __init__(self, base: Side, revision: Side, *, implied: Iterable[tuple[str, str]] = ()) -> None:
        self._possible = base.dialect is revision.dialect
        self._dirty: set[str] = set()
        self._base = base
        self._known: dict[int, bool] = {}
        if self._possible:
            implied = list(implied)
            self._dirty = self._find_dirty(base, revision, implied)
            for user in {user for _, user in implied if user in self._dirty}:
                if found := find_or_none(base, user, ""):
                    self._known[id(found[0])] = False  # what differs is nowhere in it

    def pair(self, base: Node, revision: Node, *, file: str) -> bool:
        """Whether two nodes, both in `file`, mean the same without a look at what they refer to."""
        return self._possible and self._same_and_clean(base, revision, file)

    def value(self, base: Node, revision: Node, *, file: str) -> bool:
        """Whether two plain values, both in `file`, are the same with whatever they refer to (examples in files)."""
        if self._possible:
            return self._same_and_clean(base, revision, file)
        return same(base, revision) and not references(base)

    def _same_and_clean(self, base: Node, revision: Node, file: str) -> bool:
        """Whether two values are the same, and refer to nothing that is not; as `same` tells it, and written once."""
        if not isinstance(base, (dict, list)):
            return same(base, revision)
        known = self._known.get(id(base))
        if known is False or base != revision:
            return False
        written = _bytes(base)
        if not written or written != _bytes(revision):
            return _same_reordered(base, revision) and self._is_clean(base, references(base), file)
        return known or self._is_clean(base, _read_references(written), file)

    def _is_clean(self, node: Node, found: list[str], file: str) -> bool:
        """Whether all that a node of the base refers to is the same in the revision."""
        clean = self._known[id(node)] = not any(self._base.key(reference, file) in self._dirty for reference in found)
        return clean

    @staticmethod
    def _find_dirty(base: Side, revision: Side, implied: Iterable[tuple[str, str]]) -> set[str]:
        users: dict[str, set[str]] = {}
        dirty: list[str] = []
        seen: set[str] = set()
        queue = [("", "", base.root, revision.root)]
        for target, user in implied:
            users.setdefault(target, set()).add(user)
            if target not in seen:
                seen.add(target)
                queue.append(_both(target, target, "", base, revision))
        while queue:
            key, file, left, right = queue.pop()
            if key and not same(left, right):
                dirty.append(key)
            for side, node in ((base, left), (revision, right)):
                if not isinstance(node, (dict, list)):
                    continue
                for reference in side.references if node is side.root else references(node):
                    target = side.key(reference, file)
                    users.setdefault(target, set()).add(key)
                    if target not in seen:
                        seen.add(target)
                        queue.append(_both(target, reference, file, base, revision))
        found = set(dirty)
        while dirty:
            for user in users.get(dirty.pop(), ()):
                if user not in found:
                    found.add(user)
                    dirty.append(user)
        return found


def _both(target: str, reference: str, file: str, base: Side, revision: Side) -> tuple[str, str, Node, Node]:
    """What a `$ref` names on both sides; a side that lacks it makes the two differ, which is all that is asked."""
    ends = [find_or_none(side, reference, file) for side in (base, revision)]
    left, right = (end[0] if end else None for end in ends)
    return target, target.partition("#")[0], left, right


def find_or_none(side: Side, reference: str, file: str) -> tuple[Node, Pointer] | None:
    """What a `$ref` of either side names on this one, None also where this side lacks the whole file."""
    try:
        return side.find(reference, Pointer(file))
    except ApidiffError:
        return None
