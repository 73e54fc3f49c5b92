"""Compares the links of responses: where they lead, and what they take along.

An operation is the same by its id and by a reference to it, and a parameter by its name alone and with its location
(OpenAPI 3.1, 4.8.20).
"""

from typing import Any, Final

from apidiff.diff.graph import Edge
from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.spec import Operation, Response, Spec
from apidiff.words.facts import Action, Subject
from apidiff.words.pointer import parse

LINK_TEXTS: Final = frozenset({"description", "summary"})


def compare_links(walk: Walk, parent: int, was: Response, now: Response) -> None:
    """The links of two responses that are each other's."""
    for name in sorted({*was.links, *now.links}):
        left, right = was.links.get(name), now.links.get(name)
        if left and right:
            compare_link(walk, parent, left, right)
        elif only := left or right:
            side = walk.base if left else walk.revision
            walk.fact(
                parent,
                Subject.LINK,
                "presence",
                Action.REMOVED if left else Action.ADDED,
                left and left[1],
                right and right[1],
                **{"before" if left else "after": side.deref(*only)[0]},
                name=name,
                item=name,
            )


def compare_link(walk: Walk, parent: int, was: Place, now: Place) -> None:
    """Two links that are each other's: what they lead to, and what is said of them."""
    left, right = walk.base.deref(*was), walk.revision.deref(*now)
    if walk.is_unchanged(left, right) or not (isinstance(left[0], dict) and isinstance(right[0], dict)):
        return  # of what is no link the net says that it differs
    pair, is_new = walk.node("link", left[0], right[0])
    walk.graph.connect(parent, Edge(pair, f"link {was[1].last}"))
    if not is_new:
        return
    bare = [{key: value for key, value in end[0].items() if key not in LINK_TEXTS} for end in (left, right)]
    meant = [_meant(walk.specs[side], link) for side, link in enumerate(bare)]
    if meant[0] != meant[1]:
        walk.fact(
            pair, Subject.LINK, "definition", Action.REPLACED, left[1], right[1],
            before=bare[0], after=bare[1], name=was[1].last,
        )  # fmt: skip
    else:
        walk.claim(left[1].child("parameters"), right[1].child("parameters"))
    walk.rest(pair, Subject.LINK, left, right, known=frozenset({*bare[0], *bare[1]}), name=was[1].last)


def _meant(spec: Spec, link: dict[str, Any]) -> dict[str, Any]:
    """What a link says, its operation and its parameters named in full where the spec has them."""
    operation = _operation(spec, link)
    if operation is None:
        return link
    said = {key: value for key, value in link.items() if key not in ("operationId", "operationRef")}
    given = link.get("parameters")
    if isinstance(given, dict):
        locations: dict[str, list[str]] = {}
        for location, name in operation.parameters:
            locations.setdefault(name, []).append(location)
        said["parameters"] = {
            f"{locations[name][0]}.{name}" if len(locations.get(name, ())) == 1 else name: value
            for name, value in given.items()
        }
    return {**said, "operation": str(operation.id)}


def _operation(spec: Spec, link: dict[str, Any]) -> Operation | None:
    """The operation that a link leads to, where it is one of the same document, and is named in one way alone."""
    reference, name = link.get("operationRef"), link.get("operationId")
    if reference is None and isinstance(name, str):
        return spec.led_to.get(name)
    if name is None and isinstance(reference, str) and reference.startswith("#/"):
        return spec.led_to.get(parse(reference))
    return None
