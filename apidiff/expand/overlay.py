"""An expansion as an OpenAPI Overlay (1.0.0), and the one that takes it out again at the sunset.

Every action names one place, which is there when its turn comes. A value is put where there was none, so that nothing
depends on how a tool merges; what is to be another value is taken away first.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from apidiff.expand.steps import Step, Way, steps
from apidiff.expand.tree import Segments, changed, read
from apidiff.load.values import Node, same
from apidiff.words.facts import ABSENT

VERSION: Final = "1.0.0"
Action = dict[str, Any]


def overlay(
    was: Node, now: Node, *, title: str, version: str, about: Callable[[Segments], str] = lambda _place: ""
) -> dict[str, Any]:
    """The overlay that makes one document of another; `about` says what an action at a place is for."""
    return {
        "overlay": VERSION,
        "info": {"title": title, "version": version},
        "actions": list(_actions(was, now, about)),
    }


def _actions(was: Node, now: Node, about: Callable[[Segments], str]) -> Iterator[Action]:
    tree = was
    for step in _whole_lists(steps(was, now), now):
        said = {"description": text} if (text := about(step.segments)) else {}
        for action, after in _of(step, tree):
            yield {"target": action.pop("target"), **said, **action}
            tree = after
    if not same(tree, now):
        raise AssertionError("an overlay does not make the document that it is for")


def _whole_lists(made: Iterable[Step], now: Node) -> Iterator[Step]:
    """The steps, with lists of plain values put anew as wholes: tools disagree on how to add and remove such items."""
    done: set[Segments] = set()
    for step in made:
        place = step.segments[:-1]
        held = read(now, place)
        if not isinstance(held, list) or any(isinstance(item, dict) for item in held):
            yield step
        elif place not in done:
            done.add(place)
            yield Step(Way.REPLACE, place, held)


def _of(step: Step, tree: Node) -> Iterator[tuple[Action, Node]]:
    """The actions of one step, each with the document behind it."""
    holder, last = step.segments[:-1], step.segments[-1]
    if read(tree, holder) is ABSENT:
        raise AssertionError("an action of an overlay names what is not there")
    if step.way is Way.APPEND:
        items = read(tree, holder)
        yield (
            {"target": json_path(tree, holder), "update": step.value},
            changed(tree, holder, lambda _: [*items, step.value]),
        )
        return
    held = read(tree, step.segments)
    if step.way is Way.REMOVE or (step.way is Way.REPLACE and isinstance(held, (dict, list))):
        path = json_path(tree, step.segments)
        tree = changed(tree, step.segments, lambda _: ABSENT)
        yield {"target": path, "remove": True}, tree
    if step.way is not Way.REMOVE:
        yield (
            {"target": json_path(tree, holder), "update": {last: step.value}},
            changed(tree, step.segments, lambda _: step.value),
        )


def json_path(tree: Node, segments: Segments) -> str:
    """A place as a JSONPath (RFC 9535): names in brackets, and indexes for the items of lists."""
    parts = ["$"]
    node = tree
    for segment in segments:
        if isinstance(node, list):
            parts.append(f"[{segment}]")
            node = node[int(segment)]
        else:
            parts.append(f"[{quoted(segment)}]")
            node = node[segment]
    return "".join(parts)


def quoted(name: str) -> str:
    """A name as a single-quoted string of RFC 9535, section 2.3.1."""
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(one if one >= " " else f"\\u{ord(one):04x}" for one in escaped) + "'"
