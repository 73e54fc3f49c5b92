"""Completeness as a law: whatever differs between two specs is claimed by a fact, or is the same in other words.

`rest` takes out of both documents every place that a fact claims. What is left of both must be equal: lists as sets,
for their order means nothing, and containers that were emptied left out. So the facts, which hold both sides' values,
applied to the base give the revision.
"""

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apidiff.diff import Differences, differences
from apidiff.load import Document, load
from apidiff.load.resolve import Side
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer

ROOT = Path(__file__).resolve().parents[2]
GONE = object()
NAMED_ITEMS = ("required", "tags")
SKIPPED_KEYS = {"$ref", "name", "in", "openapi", "swagger", "operationId"}
"""Keys that the random edits leave alone: another value there is another thing, or no spec at all."""


def differ(base: Any, revision: Any) -> Differences:
    documents = Document.parsed(copy.deepcopy(base)), Document.parsed(copy.deepcopy(revision))
    return differences(Side(documents[0], name="base"), Side(documents[1], name="revision"))


def rest(tree: Any, found: Differences, side: int) -> Any:
    """What of one document no fact claims."""
    tree = copy.deepcopy(tree)
    items = {
        (pointer, fact.item)
        for _, fact, _ in found.graph.facts
        if (pointer := (fact.base, fact.revision)[side]) is not None and pointer.last in NAMED_ITEMS and fact.item
    }
    listed = {pointer for pointer, _ in items}
    for pointer, item in items:
        holder = at(tree, pointer)
        if isinstance(holder, list) and item in holder:
            holder.remove(item)
    for pointer in sorted(found.walk.claims[side] - listed, key=lambda one: -len(one.segments)):
        erase(tree, pointer)
    return pruned(tree)


def at(tree: Any, pointer: Pointer) -> Any:
    for segment in pointer.segments:
        if isinstance(tree, dict) and segment in tree:
            tree = tree[segment]
        elif isinstance(tree, list) and segment.isdigit() and int(segment) < len(tree):
            tree = tree[int(segment)]
        else:
            return GONE
    return tree


def erase(tree: Any, pointer: Pointer) -> None:
    holder = at(tree, Pointer("", pointer.segments[:-1]))
    if isinstance(holder, dict):
        holder.pop(pointer.last, None)
    elif isinstance(holder, list) and pointer.last.isdigit() and int(pointer.last) < len(holder):
        holder[int(pointer.last)] = GONE


def pruned(tree: Any) -> Any:
    """Without what was erased and the containers that were emptied by it; lists in an order of their own."""
    if isinstance(tree, dict):
        kept = {key: pruned(value) for key, value in tree.items()}
        return {key: value for key, value in kept.items() if value not in ({}, [])}
    if isinstance(tree, list):
        kept_items = [pruned(value) for value in tree if value is not GONE]
        return sorted(
            (item for item in kept_items if item not in ({}, [])), key=lambda one: json.dumps(one, sort_keys=True)
        )
    return tree


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of everything below mappings, except values of examples and names."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key not in SKIPPED_KEYS:
                yield (*path, key)
                yield from leaves(value, (*path, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from leaves(value, (*path, str(index)))


def edited(tree: Any, draw: random.Random, paths: list[tuple[str, ...]]) -> tuple[Any, tuple[str, ...]]:
    """The document with one leaf changed, taken away, or a key added; and where."""
    tree = copy.deepcopy(tree)
    path = draw.choice(paths)
    holder = at(tree, Pointer("", path[:-1]))
    value, key = holder[path[-1]], path[-1]
    way = draw.choice(("change", "remove", "add"))
    if way == "remove":
        del holder[key]
    elif way == "add":
        holder[f"x-{draw.randrange(10**6)}"] = draw.randrange(10**6)
    elif isinstance(value, bool):
        holder[key] = not value
    elif isinstance(value, (int, float)):
        holder[key] = value + 1
    elif isinstance(value, str):
        holder[key] = f"{value}x"
    else:
        del holder[key]
    return tree, path


def means_nothing(base: Any, revision: Any, words: tuple[str, ...]) -> bool:
    """Whether an edit only spells out a default, or the type of listed values."""
    holder = at(base, Pointer("", words[:-1]))
    if words[-1] == "type" and isinstance(holder, dict) and "enum" in holder:
        return True  # the listed values have their types
    values = [at(tree, Pointer("", words)) for tree in (base, revision)]
    defaults = ({GONE, False}, {GONE, 0})
    plain = {value for value in values if value is GONE or isinstance(value, (bool, int))}
    return len(plain) == 2 and any(plain <= default for default in defaults)


@pytest.fixture(scope="module")
def demo() -> Any:
    return load(str(ROOT / "fixtures" / "demo" / "base.yaml")).root


@pytest.mark.slow
def test_every_edit_is_a_change_and_the_rest_is_equal(demo: Any, capsys: pytest.CaptureFixture[str]) -> None:
    draw, paths, counts = random.Random(20261120), list(leaves(demo)), Counter[str]()
    for _ in range(250):
        revision, where = edited(demo, draw, paths)
        try:
            found = differ(demo, revision)
        except ApidiffError as error:
            counts[f"edits refused: {error.code}"] += 1
            continue
        if found.graph.facts:
            counts["edits with facts"] += 1
        else:
            assert means_nothing(demo, revision, where), where
            counts["edits that say the same"] += 1
            continue
        assert rest(demo, found, 0) == rest(revision, found, 1), where
    with capsys.disabled():
        print(*(f"\nlaw: {count:7,} {name}" for name, count in sorted(counts.items())), sep="")
    assert counts["edits with facts"] > 200


@pytest.mark.slow
def test_many_edits_at_once_leave_nothing_over(demo: Any) -> None:
    draw = random.Random(7)
    for _ in range(40):
        revision = demo
        for _ in range(3):
            attempt, where = edited(revision, draw, list(leaves(revision)))
            revision = revision if means_nothing(revision, attempt, where) else attempt
        try:
            found = differ(demo, revision)
        except ApidiffError:
            continue
        assert rest(demo, found, 0) == rest(revision, found, 1)
