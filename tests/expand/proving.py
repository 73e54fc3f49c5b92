"""What is asked of every expansion, by the public comparison alone and an overlay reader of the tests' own."""

import copy
import re
from datetime import date
from typing import Any

from apidiff import compare
from apidiff.comparison.compare import Judgement
from apidiff.expand.make import Expansion, expand
from apidiff.expand.marks import Marks
from apidiff.expand.overlay import overlay
from apidiff.load import Document
from apidiff.load.resolve import dialect_of
from apidiff.words.changes import Level

TODAY = date(2026, 11, 20)


def expanded(base: Any, revision: Any, sunset: date | None = date(2028, 1, 10)) -> Expansion:
    ends = [one if isinstance(one, Document) else Document.parsed(one) for one in (base, revision)]
    return expand(*ends, how=Judgement(today=TODAY), marks=Marks(dialect_of(ends[1].root), sunset))


def breaks(base: Any, revision: Any) -> list[str]:
    found = compare(base, revision, today=TODAY).changes
    return sorted(change.title for change in found if change.level is Level.BREAKING)


def check(base: Any, revision: Any, made: Expansion) -> None:
    """Everything that an expansion says of itself."""
    left = [one.change.title for one in made.left]
    assert breaks(base, revision) == sorted([*left, *(one.title for one in made.undone)])
    assert breaks(base, made.trees[""]) == sorted(left)
    assert breaks(revision, made.trees[""]) == []
    assert all(one.why for one in made.left)
    there, back = (
        overlay(was, now, title="A", version="1")
        for was, now in ((made.revision[""], made.trees[""]), (made.trees[""], made.revision[""]))
    )
    assert applied(there, made.revision[""]) == made.trees[""]
    assert applied(back, made.trees[""]) == made.revision[""]


def applied(document: dict[str, Any], tree: Any) -> Any:
    """An overlay applied, with a reader of JSONPath of our own; an action whose place is not there fails."""
    result = copy.deepcopy(tree)
    for action in document["actions"]:
        holder, node, last = None, result, None
        for name, index in re.findall(r"\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]", action["target"]):
            last = int(index) if index else re.sub(r"\\(.)", r"\1", name)
            holder, node = node, node[last]
        if action.get("remove"):
            del holder[last]
        elif isinstance(node, list):
            node.append(copy.deepcopy(action["update"]))
        else:
            merge(node, copy.deepcopy(action["update"]))
    return result


def merge(node: Any, update: Any) -> None:
    """As section 4.4.3 of Overlay 1.0.0 has it: objects are merged, lists joined, all else is replaced."""
    for key, value in update.items():
        if isinstance(value, dict) and isinstance(node.get(key), dict):
            merge(node[key], value)
        elif isinstance(value, list) and isinstance(node.get(key), list):
            node[key] += value
        else:
            node[key] = value
