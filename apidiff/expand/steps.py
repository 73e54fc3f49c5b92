"""What tells two trees apart, as few steps from the one to the other: what is written into the file, or overlaid.

Recipes make trees, and never text or overlays: both are read off here, so that they can't disagree with the spec.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from apidiff.expand.tree import END, Segments
from apidiff.load.values import Node, same


class Way(StrEnum):
    """What a step does."""

    SET = "set"
    """A key that was not there, in a mapping that was."""
    REPLACE = "replace"
    REMOVE = "remove"
    APPEND = "append"
    """One more item of a list."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `after` is the key that a new one follows, None for one that comes first."""

    way: Way
    segments: Segments
    value: Any = None
    after: str | None = None


def steps(was: Node, now: Node, at: Segments = ()) -> Iterator[Step]:
    """The steps from one tree to another, in the order of the tree."""
    if was is now or same(was, now):
        return
    if isinstance(was, dict) and isinstance(now, dict):
        yield from _in_mapping(was, now, at)
    elif isinstance(was, list) and isinstance(now, list) and _goes_on(was, now):
        for index, (one, two) in enumerate(zip(was, now, strict=False)):
            yield from steps(one, two, (*at, str(index)))
        for item in now[len(was) :]:
            yield Step(Way.APPEND, (*at, END), item)
    elif isinstance(was, list) and isinstance(now, list) and _goes_on(now, was):
        for index, (one, two) in enumerate(zip(was, now, strict=False)):
            yield from steps(one, two, (*at, str(index)))
        for index in range(len(was) - 1, len(now) - 1, -1):
            yield Step(Way.REMOVE, (*at, str(index)))
    else:
        yield Step(Way.REPLACE, at, now)


def _in_mapping(was: dict[str, Any], now: dict[str, Any], at: Segments) -> Iterator[Step]:
    after: str | None = None
    for key in was:
        if key not in now:
            yield Step(Way.REMOVE, (*at, key))
    for key, value in now.items():
        if key in was:
            yield from steps(was[key], value, (*at, key))
        else:
            yield Step(Way.SET, (*at, key), value, after)
        after = key


def _goes_on(was: list[Any], now: list[Any]) -> bool:
    """Whether a list has the items of another one in their places, as they are or edited, and perhaps more behind."""
    return (
        bool(was)
        and len(now) >= len(was)
        and all(
            one is two or same(one, two) or (isinstance(one, dict) and isinstance(two, dict) and _is_alike(one, two))
            for one, two in zip(was, now, strict=False)
        )
    )


def _is_alike(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Whether two items are one that was edited: more of their keys are in both than are not."""
    both = len(one.keys() & two.keys())
    return both * 2 >= len(one.keys() | two.keys())
