"""Compares how two schemas are written in XML (OpenAPI 3.2, 4.26): as which node, under which name.

What is on the wire decides. A default that is spelled out, `nodeType` in place of `attribute` and `wrapped`, and
`cdata` in place of `text` are the same to whoever reads the document, and so is the prefix of a namespace.
"""

from dataclasses import dataclass
from typing import Any, Final

from apidiff.diff.walk import Walk, other_key
from apidiff.load.resolve import Dialect
from apidiff.schema import Place, View
from apidiff.words.facts import Subject
from apidiff.words.pointer import Pointer

KEYS: Final = frozenset({"name", "namespace", "prefix", "attribute", "wrapped", "nodeType"})
LIST: Final = frozenset({"array"})
NAMED: Final = frozenset({"element", "attribute"})
"""The nodes that have a name; of the others it is ignored."""
SCHEMAS: Final = (("components", "schemas"), ("definitions",))
"""Where the name of a component is that of its element."""
Said = tuple[Any, Pointer] | None


@dataclass(frozen=True, slots=True)
class Form:
    """How a schema is written. Where it says no name it has one of `inferred`, or nobody can tell which."""

    node: str
    name: str = ""
    inferred: frozenset[str] = frozenset()
    namespace: str = ""
    prefix: str = ""
    idle: tuple[tuple[str, str], ...] = ()
    """What is said beside and has no effect."""

    @property
    def names(self) -> frozenset[str]:
        """The names that it may have."""
        return frozenset({self.name}) if self.name else self.inferred

    def is_alike(self, other: "Form") -> bool:
        """Whether both are the same kind of node in one namespace: of that the prefix is free."""
        prefixes = (self.prefix, other.prefix) if not self.namespace else ("", "")
        return (self.node, self.namespace, prefixes[0]) == (other.node, other.namespace, prefixes[1])


def compare_markup(walk: Walk, pair: int, base: tuple[View, Said], revision: tuple[View, Said]) -> None:
    """What two schemas say of their XML."""
    ends = (base[1], revision[1])
    forms = [_form(said, view.pointer, is_list=view.types == LIST) for view, said in (base, revision)]
    _compare(walk, pair, ends, (forms[0], forms[1]))


def compare_markup_beside(walk: Walk, pair: int, places: tuple[Place, Place], mask: int) -> None:
    """The same of what stands beside a `$ref`: before OpenAPI 3.1 it does not count, since 3.2 no node comes of it."""
    ends: list[Said] = []
    forms = []
    for place, side in zip(places, (walk.base, walk.revision), strict=True):
        said = (place[0]["xml"], place[1].child("xml")) if "xml" in place[0] else None
        ends.append(said)
        counts = said if side.dialect.is_json_schema else None
        forms.append(_form(counts, place[1], is_list=side.dialect is Dialect.OPENAPI_32))
    if forms[0] == forms[1]:
        walk.values(pair, Subject.SCHEMA, "xml", ends[0], ends[1], same=True, mask=mask)
    else:
        _compare(walk, pair, (ends[0], ends[1]), (forms[0], forms[1]), mask=mask)


def compare_root(walk: Walk, pair: int, base: Place, revision: Place) -> None:
    """The name of a whole document, where that is the name of a component."""
    ends: list[Said] = []
    for place, side, reader in zip((base, revision), (walk.base, walk.revision), walk.readers, strict=True):
        node, at = side.deref(*place)
        said = reader.view(node, at).values.get("xml", ({}, at))[0]
        name = _component(at)
        if not name or (isinstance(said, dict) and said.get("name")):
            return
        ends.append(({"name": name}, place[1].child("$ref")))
    walk.values(pair, Subject.SCHEMA, "xml", ends[0], ends[1], item="root")


def _compare(walk: Walk, pair: int, ends: tuple[Said, Said], forms: tuple[Form, Form], **how: Any) -> None:
    """State how the form moved; what is not part of it, beside."""
    was, now = forms
    nodes = [end[0] if end and isinstance(end[0], dict) else {} for end in ends]
    for key in sorted({*nodes[0], *nodes[1]} - KEYS):
        inner = [
            (node[key], end[1].child(key)) if end and key in node else None
            for node, end in zip(nodes, ends, strict=True)
        ]
        walk.values(pair, Subject.SCHEMA, other_key(key), inner[0], inner[1], item=key, **how)
    is_named_alike = was.name == now.name or not was.names.isdisjoint(now.names)
    is_same = was.is_alike(now) and is_named_alike
    if is_same and (was.prefix, was.idle) == (now.prefix, now.idle):
        return
    is_unnamed = was.is_alike(now) and not is_named_alike and not (was.names and now.names)
    walk.values(pair, Subject.SCHEMA, "xml", ends[0], ends[1], same=is_same, unnamed=is_unnamed, **how)


def _form(said: Said, pointer: Pointer, *, is_list: bool) -> Form:
    """What an XML object says, its defaults spelled out (OpenAPI 3.2, 4.26.1)."""
    node = said[0] if said and isinstance(said[0], dict) else {}
    kind = node.get("nodeType")
    is_said = isinstance(kind, str)
    if not is_said:
        is_element = not is_list or node.get("wrapped") is True
        kind = "attribute" if node.get("attribute") is True else "element" if is_element else "none"
    words = {key: str(node.get(key) or "") for key in ("name", "namespace", "prefix")}
    if kind not in NAMED:
        return Form("text" if kind == "cdata" else str(kind), idle=tuple(item for item in words.items() if item[1]))
    idle = () if is_list or is_said or not node.get("wrapped") else (("wrapped", "true"),)
    return Form(str(kind), **words, inferred=_inferred(pointer), idle=idle)


def _inferred(pointer: Pointer) -> frozenset[str]:
    """The name that a schema has by where it is (OpenAPI 3.2, 4.26.2): that of its component, or of its property."""
    segments = pointer.segments
    while segments[-1:] == ("items",) and len(segments) > 2:
        segments = segments[:-1]
    if segments[-2:-1] == ("properties",):
        return frozenset({segments[-1]})
    component = _component(pointer)
    return frozenset({component}) if component else frozenset()


def _component(pointer: Pointer) -> str:
    return pointer.last if pointer.segments[:-1] in SCHEMAS and not pointer.file else ""
