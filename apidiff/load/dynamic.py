"""What a `$dynamicRef` names (JSON Schema 2020-12, core 8.2.3.2), said as a plain `$ref`, or as one of several.

It names the outermost anchor of its name on the way that led to it. With one anchor that is a `$ref`. Where schemas
bind the name to something of their own and lead here (`UserPage` of a generic `Page`), it is what they bind it to; the
schema that only stands there for lack of any is left out. With several of them it is any of these, and by which way it
is which one (`Dynamic`).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from apidiff.words.pointer import Pointer, parse

_IDLE: Final = frozenset({"$dynamicAnchor", "$comment", "title", "description"})
"""Keywords of an anchor that say nothing of values."""
_Segments = tuple[str, ...]


MOST_STEPS: Final = 20_000
"""Values that are looked into for the references of schemas that bind a name."""


class Dynamic(dict[str, Any]):
    """What a `$dynamicRef` with several bindings may name, as a union; `bound` has the one of each binding schema.

    Its keys are the places of these schemas in the file, and `at` is that of the reference itself.
    """

    def __init__(self, said: dict[str, Any], at: tuple[str, ...], bound: dict[tuple[str, ...], str]) -> None:
        super().__init__(said)
        self.at = at
        self.bound = bound


class Nowhere:
    """What stands where nothing is."""


def node_at(tree: Any, segments: Iterable[str]) -> Any:
    """The node at a place of a tree; `Nowhere` where there is none."""
    node = tree
    for segment in segments:
        if isinstance(node, dict) and segment in node:
            node = node[segment]
        elif isinstance(node, list) and segment.isdecimal() and int(segment) < len(node):
            node = node[int(segment)]
        else:
            return Nowhere()
    return node


def follow_dynamic(
    tree: Any, node: dict[str, Any], place: tuple[_Segments, str], anchors: Sequence[_Segments]
) -> Dynamic | None:
    """Rewrite the `$dynamicRef` of an object in place; what takes its place in the tree where it has several bindings.

    `place` is where the object stands, and what the reference names at first; `anchors` are the places of all dynamic
    anchors of its name.
    """
    at, first = place
    start = _segments(first)
    if start is None:
        return None
    bound = {
        _binder(anchor): _bound(tree, anchor)
        for anchor in anchors
        if anchor != start and _leads(tree, _binder(anchor), at)
    }
    binding = list(bound.values())
    own = node_at(tree, start)
    if start in anchors and binding and isinstance(own, dict) and _is_fallback(own):
        targets = binding
    elif start in anchors:
        targets = [first, *binding]
        bound.setdefault(_binder(start), first)
    else:  # no dynamic anchor there: it is a `$ref` by another name
        targets = [first]
    targets = list(dict.fromkeys(targets))
    if len(targets) > 1 and "anyOf" in node:
        return None
    del node["$dynamicRef"]
    if len(targets) == 1:
        node["$ref"] = targets[0]
        return None
    node["anyOf"] = [{"$ref": target} for target in targets]
    if len(node) > 1 or not at:
        return None  # what stands beside it is of the schema too
    made = Dynamic(node, at, bound)
    holder = node_at(tree, at[:-1])
    if isinstance(holder, list):
        holder[int(at[-1])] = made
    elif isinstance(holder, dict):
        holder[at[-1]] = made
    return made


def _is_fallback(node: dict[str, Any]) -> bool:
    said = node.keys() - _IDLE
    return not said or (said == {"not"} and node["not"] in ({}, True))


def _binder(anchor: _Segments) -> _Segments:
    """The schema in whose scope an anchor stands: what holds it in `$defs`, or itself."""
    return anchor[:-2] if anchor[-2:-1] in (("$defs",), ("definitions",)) else anchor


def _bound(tree: Any, anchor: _Segments) -> str:
    """What an anchor stands for: what it refers to, where it does nothing else."""
    node = node_at(tree, anchor)
    if isinstance(node, dict) and node.keys() - _IDLE == {"$ref"}:
        return str(node["$ref"])
    return str(Pointer("", anchor)).replace("%", "%25")


def _leads(tree: Any, binder: _Segments, at: _Segments) -> bool:
    """Whether a schema refers, by way of others or not, to one that holds a place."""
    seen: set[_Segments] = set()
    waiting = [binder]
    left = MOST_STEPS
    while waiting and left > 0:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        for reference in _uses(node_at(tree, here)):
            left -= 1
            target = _segments(reference)
            if target is None:
                continue
            if at[: len(target)] == target:
                return True
            waiting.append(target)
    return False


def _uses(node: Any) -> Iterator[str]:
    """What a schema refers to, anywhere in it."""
    waiting = [node]
    for _ in range(MOST_STEPS):
        if not waiting:
            return
        one = waiting.pop()
        reference = one.get("$ref") if isinstance(one, dict) else None
        if isinstance(reference, str):
            yield reference
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()


def _segments(reference: str) -> _Segments | None:
    """The segments of a reference into the file itself; None for any other."""
    if reference == "#":
        return ()
    return parse(reference.replace("%25", "%")).segments if reference.startswith("#/") else None
