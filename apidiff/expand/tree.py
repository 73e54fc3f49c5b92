"""The files of a spec as values that edits make anew: what an edit does not touch is shared with the spec as it was.

A document's values belong to everybody who reads it, so that an edit copies the way from the root to its place, and
nothing else; what two trees share by identity is known to be the same without a look.
"""

import posixpath
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from apidiff.load.document import Document, file_named
from apidiff.load.values import Node, references, same
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer, escape, unescape

BEFORE: Final = "Before"
"""What is added to the name of a thing as it was, where it is another by now."""
SENT: Final = "Request"
"""What is added to the name of a schema as requests have it, where responses can't have it so."""
_SUFFIXES: Final = (BEFORE, SENT)
_MOST_HOPS: Final = 20
"""So many references are followed one behind the other."""
_KEPT: Final = "/!$&'()*+,;=:@{}"
"""What stays as it is in the path of a reference: what RFC 3986 allows there, and the braces that people write."""


@dataclass(frozen=True, slots=True)
class Trees(Mapping[str, Node]):
    """The root of each file of a spec by its name, "" for the entry file, which the others call by its own name."""

    files: Mapping[str, Node]
    entry: str = ""

    @classmethod
    def of(cls, document: Document) -> "Trees":
        """Those of a document that is loaded, without what nothing in it refers to."""
        whole = cls(document.trees(), document.entry)
        used, waiting = {""}, [""]
        while waiting:
            file = waiting.pop()
            for reference in references(whole[file]):
                place = whole.target(reference, file)
                if place is not None and place.file in whole and place.file not in used:
                    used.add(place.file)
                    waiting.append(place.file)
        return cls({name: tree for name, tree in whole.items() if name in used}, document.entry)

    def __getitem__(self, name: str) -> Node:
        return self.files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def changed(self, place: Pointer, make: Callable[[Any], Any]) -> "Trees":
        """These files with what `make` gives for what stood at a place; a file that was not there is made."""
        tree = changed(self.files.get(place.file, ABSENT), place.segments, make)
        return Trees({**self.files, place.file: tree}, self.entry)

    def target(self, reference: str, file: str) -> Pointer | None:
        """The place that a `$ref` in a file names; None for an anchor."""
        path, _, fragment = reference.partition("#")
        if fragment and not fragment.startswith("/"):
            return None
        inside = file_named(path, seen_from=file, entry=self.entry)
        return Pointer(inside, tuple(unescape(unquote(part)) for part in fragment.split("/")[1:]))

    def reference(self, place: Pointer, file: str, like: str = "") -> str:
        """How a file refers to a place, with a dot before it where another reference, `like`, has one."""
        fragment = "".join(f"/{escape(segment)}" for segment in place.segments).replace("%", "%25")
        if place.file == file:
            return f"#{fragment}"
        name = place.file or self.entry
        if "://" not in name:
            name = quote(posixpath.relpath(name, posixpath.dirname(file) or "."), safe=_KEPT)
            name = f"./{name}" if like.startswith("./") and not name.startswith(".") else name
        return f"{name}#{fragment}" if fragment else name

    def route(self, place: Pointer) -> list[Pointer]:
        """A place, and where the `$ref` there leads, and so on to what is no reference; that may be ABSENT."""
        found = [place]
        while len(found) < _MOST_HOPS:
            node = at(self, found[-1])
            reference = node.get("$ref") if isinstance(node, dict) else None
            following = self.target(reference, found[-1].file) if isinstance(reference, str) else None
            if following is None or following in found:
                break
            found.append(following)
        return found

    def free(self, place: Pointer, suffix: str) -> Pointer:
        """A place of a like name that nothing has; of a file that is one thing another file."""
        while at(self, place) is not ABSENT:
            if place.segments:
                place = Pointer(place.file, (*place.segments[:-1], place.last + suffix))
            else:
                stem, kind = posixpath.splitext(place.file)
                place = Pointer(f"{stem}{suffix}{kind}")
        return place


Segments = tuple[str, ...]
END: Final = "-"
"""The place behind the last item of a list (RFC 6901, section 4)."""


def read(node: Node, segments: Segments) -> Any:
    """What stands at a place, ABSENT where nothing does."""
    for segment in segments:
        if isinstance(node, dict) and segment in node:
            node = node[segment]
        elif isinstance(node, list) and segment.isdecimal() and int(segment) < len(node):
            node = node[int(segment)]
        else:
            return ABSENT
    return node


def original(name: str, known: Container[str], *, is_file: bool = False) -> str:
    """The name of the thing, or of the file, that one is a copy of, if it has what `free` adds; else the same."""
    stem, kind = posixpath.splitext(name) if is_file else (name, "")
    while f"{stem}{kind}" not in known and (longer := next((one for one in _SUFFIXES if stem.endswith(one)), "")):
        stem = stem.removesuffix(longer)
    return f"{stem}{kind}"


def at(trees: Mapping[str, Node], place: Pointer) -> Any:
    """What stands at a place of a spec, ABSENT where nothing does."""
    return read(trees.get(place.file, ABSENT), place.segments)


def changed(node: Node, segments: Segments, make: Callable[[Any], Any]) -> Node:
    """The tree with what `make` gives for what stood at a place; ABSENT takes it away.

    What is missing on the way there is made, as mappings; where a list has no such item nothing is done.
    """
    if not segments:
        return make(node)
    first, rest = segments[0], segments[1:]
    if isinstance(node, list):
        if not first.isdecimal() or int(first) >= len(node):
            return node
        index = int(first)
        made = changed(node[index], rest, make)
        return [*node[:index], *([] if made is ABSENT else [made]), *node[index + 1 :]]
    held: dict[str, Any] = node if isinstance(node, dict) else {}
    made = changed(held.get(first, ABSENT), rest, make)
    if made is ABSENT:
        return {key: value for key, value in held.items() if key != first}
    return {**held, first: made}


@dataclass(frozen=True, slots=True)
class Edit:
    """One thing done at a place. `make` is given what stands there, or ABSENT, and gives what is to stand there."""

    place: Pointer
    make: Callable[[Any], Any]
    about: Pointer | None = None
    """What it changes, where that is less than `place`."""

    @property
    def touched(self) -> Pointer:
        """What it changes."""
        return self.place if self.about is None else self.about

    def moved(self, move: Callable[[Pointer], Pointer]) -> "Edit":
        """The same edit where `move` says that its place is."""
        return Edit(move(self.place), self.make, None if self.about is None else move(self.about))

    def done(self, trees: Trees) -> Trees:
        """The spec with this edit."""
        return trees.changed(self.place, self.make)


Edits = tuple[Edit, ...]
"""One way to undo a break."""


def put(place: Pointer, value: Any) -> Edit:
    """A value at a place, whatever stood there."""
    return Edit(place, lambda _: value)


def kept(place: Pointer, value: Any) -> Edit:
    """A value at a place where nothing stood."""
    return Edit(place, lambda held: value if held is ABSENT else held)


def over(place: Pointer, make: Callable[[Any], Any]) -> Edit:
    """What is made of the value at a place; where another edit took that away, nothing is."""
    return Edit(place, lambda held: held if held is ABSENT else make(held))


def taken(place: Pointer) -> Edit:
    """Nothing at a place."""
    return Edit(place, lambda _: ABSENT)


def listed(place: Pointer, *items: Any) -> Edit:
    """These items in a list, behind those that it has; each once. What is there and no list stays."""

    def make(held: Any) -> Any:
        if held is not ABSENT and not isinstance(held, list):
            return held
        found = list(held) if isinstance(held, list) else []
        for item in items:
            if not any(same(item, other) for other in found):
                found.append(item)
        return found

    return Edit(place, make)


def unlisted(place: Pointer, *items: Any) -> Edit:
    """A list without these items; without any it goes, for an empty `required` is no list of OpenAPI 3.0."""

    def make(held: Any) -> Any:
        if not isinstance(held, list):
            return held
        return [one for one in held if not any(same(one, item) for item in items)] or ABSENT

    return Edit(place, make)


def beside(place: Pointer, value: Any, *, order: Mapping[str, Any]) -> Edit:
    """A new entry of a mapping, behind the one that it follows in `order`; a whole file. What is no mapping stays."""
    if not place.segments:
        return put(place, value)

    def make(held: Any) -> Any:
        if held is not ABSENT and not isinstance(held, dict):
            return held
        entries: dict[str, Any] = held if isinstance(held, dict) else {}
        keys = list(order)
        before = keys[: keys.index(place.last)] if place.last in keys else keys
        last = next((key for key in reversed(before) if key in entries), None)
        if place.last in entries or (last is None and before):
            return {**entries, place.last: value}
        made = {} if last is not None else {place.last: value}
        for key, held_value in entries.items():
            made[key] = held_value
            if key == last:
                made[place.last] = value
        return made

    return Edit(above(place), make, place)


def above(place: Pointer, steps: int = 1) -> Pointer:
    """The place that holds this one."""
    return Pointer(place.file, place.segments[:-steps])
