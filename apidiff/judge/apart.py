"""Where two values differ that are too long to be shown whole: in one place, as most edits are, or in several.

The one place is found on the way down. Several are told by DeepDiff, which takes longer to load than most specs to
compare: it is asked last, and only here.
"""

import sys
from dataclasses import dataclass
from typing import Any, Final

from apidiff.load.values import same
from apidiff.words.facts import ABSENT

MAX_CHARACTERS: Final = 2_000
"""Of values with more than that in entries that differ, the one place is told that holds all the differences."""

MAX_LEVELS: Final = 20
"""Likewise of values that are nested deeper: what DeepDiff takes grows with the square of the depth."""

_UNNEEDED: Final = ("numpy", "pandas", "polars", "pydantic")
"""What DeepDiff loads where it is installed, and needs for no JSON: 0.5 of its 0.6 seconds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Keys and indices that lead to a difference, and what stands there; ABSENT where nothing does."""

    steps: tuple[str | int, ...]
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """The way there as people write it: `data[2].name`, "" for the whole value."""
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.steps).removeprefix(".")


def places(before: Any, after: Any) -> list[Place]:
    """The places in which two values differ, in order: at least one, for they do."""
    place = _narrowed(before, after)
    return (_several(place) if _are_alike(place) else []) or [place]


def _are_alike(place: Place) -> bool:
    """Whether both are mappings or both lists, so that there is something to tell inside of them."""
    return any(isinstance(place.before, kind) and isinstance(place.after, kind) for kind in (dict, list))


def _narrowed(before: Any, after: Any) -> Place:
    """The innermost place that holds all in which two values differ."""
    place = Place((), before, after)
    while _are_alike(place):
        is_list = isinstance(place.before, list)
        inner = _only_item(place.before, place.after) if is_list else _only_entry(place.before, place.after)
        if inner is None:
            break
        step, one, two = inner
        place = Place((*place.steps, step), one, two)
    return place


def _only_entry(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, Any, Any] | None:
    """The one entry in which two mappings differ."""
    keys = _differing(before, after)
    return (keys[0], before.get(keys[0], ABSENT), after.get(keys[0], ABSENT)) if len(keys) == 1 else None


def _differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The keys of the entries in which two mappings differ."""
    keys = dict.fromkeys((*before, *after))
    return [key for key in keys if not same(before.get(key, ABSENT), after.get(key, ABSENT))]


def _only_item(before: list[Any], after: list[Any]) -> tuple[int, Any, Any] | None:
    """The one item that was changed, put in or taken out."""
    shorter = min(len(before), len(after))
    start = next((i for i in range(shorter) if not same(before[i], after[i])), shorter)
    left = shorter - start
    end = next((i for i in range(left) if not same(before[-1 - i], after[-1 - i])), left)
    one, two = before[start : len(before) - end], after[start : len(after) - end]
    if len(one) > 1 or len(two) > 1:
        return None
    return start, one[0] if one else ABSENT, two[0] if two else ABSENT


def _several(place: Place) -> list[Place]:
    """The places inside of one; none where they lie in more, or deeper, than is worth the time."""
    before, after = place.before, place.after
    if isinstance(before, dict):
        keys = _differing(before, after)
        before, after = ({key: side[key] for key in keys if key in side} for side in (before, after))
    is_long = len(repr(before)) + len(repr(after)) > MAX_CHARACTERS
    if is_long or _is_deeper(before, MAX_LEVELS) or _is_deeper(after, MAX_LEVELS):
        return []
    # Keys that begin with two underscores are keys, and mappings that share few of them are compared all the same.
    options = {"view": "tree", "ignore_private_variables": False, "threshold_to_diff_deeper": 0}
    inner = [
        Place((*place.steps, *level.path(output_format="list")), *_ends(kind, level))
        for kind, levels in _deep_diff()(before, after, **options).items()
        for level in levels
    ]
    told = [one for one in inner if not same(one.before, one.after)]
    return sorted(told, key=lambda one: [(isinstance(step, str), step) for step in one.steps])


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether a value is nested more than that many levels deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_is_deeper(one, levels - 1) for one in inner)


def _ends(kind: str, level: Any) -> tuple[Any, Any]:
    """What stands at a place of DeepDiff's report, by the kind of its finding (`dictionary_item_added`)."""
    return (ABSENT if kind.endswith("added") else level.t1), (ABSENT if kind.endswith("removed") else level.t2)


def _deep_diff() -> Any:
    """The class, loaded as in an environment that has it alone."""
    absent = [name for name in _UNNEEDED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type] # None: an import of it fails
    try:
        from deepdiff import DeepDiff
    finally:
        for name in absent:
            del sys.modules[name]
    return DeepDiff
