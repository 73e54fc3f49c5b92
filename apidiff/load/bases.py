"""Base URIs of OpenAPI 3.1 and later: what `$id`, `$self` and `$anchor` name, said as plain JSON Pointers.

A reference is resolved against the base URI around it (JSON Schema 2020-12, core 8.2; OpenAPI 3.2, 4.1.2.2) before
anything is looked for outside. What the document holds under that URI is referred to by its pointer from then on, so
that no later stage needs to know a base; what it does not hold stays as it was written, a path beside the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, unquote, urldefrag, urljoin

from apidiff.load.dynamic import Dynamic, Nowhere, follow_dynamic, node_at
from apidiff.words.pointer import Pointer, unescape

VALUES: Final = frozenset({"example", "examples", "default", "enum", "const", "mapping"})
"""Keys whose value is data, in which `$ref` is no reference."""
MAPS: Final = frozenset({"properties", "patternProperties", "$defs", "definitions", "schemas", "parameters", "headers"})
"""Keys whose value maps names to things, so that `$ref` or `default` may be such a name."""

_FOLDER: Final = "file:///"
"""Stands for the folder of the entry file, which nothing outside this module sees."""
_MARKS: Final = (b"$id", b"$self", b"nchor", b"$dynamicRef")
_Segments = tuple[str, ...]


def may_name_bases(raw: bytes) -> bool:
    """Whether a text may hold one of the keywords at all: most documents do not, and are left alone."""
    return any(mark in raw for mark in _MARKS)


def follow_bases(tree: Any, name: str) -> list[Dynamic]:
    """Rewrite each `$ref` of a file that names something in this very file by a URI or an anchor; in place.

    Gives what names one of several things by the way that leads to it. `name` is the file's path beside the entry
    file, "" for the entry file itself.
    """
    names = _Names()
    found = list(_objects(tree, urljoin(_FOLDER, quote(name)), names))
    for node, _, base in found:
        reference = node.get("$ref")
        if isinstance(reference, str) and (here := names.pointer(tree, reference, base)) is not None:
            node["$ref"] = here
    made = []
    for node, at, base in found:
        reference = node.get("$dynamicRef")
        if isinstance(reference, str) and "$ref" not in node:
            here = names.pointer(tree, reference, base) or reference
            anchors = names.dynamic.get(unquote(_parted(reference)[1]), ())
            made.append(follow_dynamic(tree, node, (at, here), anchors))
    return [one for one in made if one is not None]


@dataclass(slots=True)
class _Names:
    """What a file's URIs and anchors name: the segments of each; the first of two equal names counts."""

    resources: dict[str, _Segments] = field(default_factory=dict)
    anchors: dict[tuple[str, str], _Segments] = field(default_factory=dict)
    dynamic: dict[str, list[_Segments]] = field(default_factory=dict)

    def pointer(self, tree: Any, reference: str, base: str) -> str | None:
        """A reference as `#/…`; None where it says so already, or names nothing in the file."""
        uri, fragment = _parted(_joined(base, reference))
        start = self.resources.get(uri)
        if start is None:
            return None
        if fragment and not fragment.startswith("/"):
            segments = self.anchors.get((uri, unquote(fragment)))
            return None if segments is None else _written(segments)
        inner = tuple(unescape(unquote(part)) for part in fragment.split("/")[1:])
        if (reference.startswith("#") and not start) or not _holds(tree, (*start, *inner)):
            # a pointer that does not fit the embedded schema counts from the document, as many write it
            return None
        return _written((*start, *inner))


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:  # a host that is none
        return reference


def _parted(reference: str) -> tuple[str, str]:
    """A reference without its fragment, and the fragment."""
    try:
        uri, fragment = urldefrag(reference)
    except ValueError:
        uri, _, fragment = reference.partition("#")
    return uri, fragment


def _written(segments: _Segments) -> str:
    return str(Pointer("", segments)).replace("%", "%25")


def _holds(tree: Any, segments: _Segments) -> bool:
    return not isinstance(node_at(tree, segments), Nowhere)


def _objects(tree: Any, base: str, names: _Names) -> Iterator[tuple[dict[str, Any], _Segments, str]]:
    """Every object that may hold a `$ref`, its place, and the base URI around it; names are noted on the way."""
    stack: list[tuple[Any, _Segments, str, bool]] = [(tree, (), base, False)]
    names.resources[base] = ()
    seen: set[int] = set()
    while stack:
        node, at, base, is_map = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, list):
            stack.extend((item, (*at, str(index)), base, False) for index, item in _nodes(enumerate(node)))
            continue
        if not is_map:
            base = _base_of(node, at, base, names)
            yield node, at, base
        stack.extend(
            (value, (*at, key), base, not is_map and key in MAPS)
            for key, value in _nodes(node.items())
            if is_map or not (key in VALUES or key.startswith("x-"))
        )


def _base_of(node: dict[str, Any], at: _Segments, base: str, names: _Names) -> str:
    """The base URI inside an object; its URI and its anchors are noted."""
    own = node.get("$id") if at else node.get("$self", node.get("$id"))
    if isinstance(own, str) and not own.startswith("#"):
        base = _parted(_joined(base, own))[0]
        names.resources.setdefault(base, at)
    for anchor in (node.get("$anchor"), node.get("$dynamicAnchor")):
        if isinstance(anchor, str):
            names.anchors.setdefault((base, anchor), at)
    if isinstance(anchor, str):
        names.dynamic.setdefault(anchor, []).append(at)
    return base


def _nodes(items: Any) -> Iterator[tuple[Any, Any]]:
    return ((key, value) for key, value in items if isinstance(value, (dict, list)))
