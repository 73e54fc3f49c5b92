"""Where two long values differ: each place with its path, in one order, whatever the values are made of."""

import subprocess
import sys
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apidiff.judge.apart import MAX_CHARACTERS, MAX_LEVELS, Place, places
from apidiff.load.values import same
from apidiff.words.facts import ABSENT
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"a": {"b": [1, 2]}, "c": 0}, {"a": {"b": [1, 3]}, "c": 0}, [("a.b[1]", 2, 3)]),
        ({"a": 1}, {"a": 1, "b": None}, [("b", ABSENT, None)]),
        ([1, 2, 3], [2, 3], [("[0]", 1, ABSENT)]),
        ([{"k": 1}, {"k": 3}], [{"k": 1}, {"k": 2}, {"k": 3}], [("[1]", ABSENT, {"k": 2})]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 2, "d": 3}}, [("a.b", 1, 2), ("a.c", 2, ABSENT), ("a.d", ABSENT, 3)]),
        ({"a": 1, "b": True}, {"a": 1.0, "b": 1}, [("b", True, 1)]),
        ({"__typename": "A", "x": 1}, {"__typename": "B", "x": 2}, [("__typename", "A", "B"), ("x", 1, 2)]),
        ([1, 2, 3, 4], [5, 2, 3, 6], [("[0]", 1, 5), ("[3]", 4, 6)]),
        ({"a": 1}, [1], [("", {"a": 1}, [1])]),
        ("a", "b", [("", "a", "b")]),
        ({}, {}, [("", {}, {})]),
    ],
)  # fmt: skip
def test_the_places(before: Any, after: Any, told: list[tuple[str, Any, Any]]) -> None:
    assert [(place.path, place.before, place.after) for place in places(before, after)] == told


def test_beyond_the_bounds_the_place_is_told_that_holds_them_all() -> None:
    long = [{"a": {"b": side * MAX_CHARACTERS, "c": side}} for side in "xy"]
    assert places(*long) == [Place(("a",), long[0]["a"], long[1]["a"])]
    deep: list[Any] = [1, 2]
    for _ in range(MAX_LEVELS + 2):
        deep = [[side, inner] for side, inner in zip((1, 2), deep, strict=True)]
    assert places(*deep) == [Place((), *deep)]
    assert len(places(deep[0][1][1], deep[1][1][1])) == MAX_LEVELS + 1


KEYS = ("a", "__b", "c.d[0]", "e'\"]\n", "")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "__b", "c.d"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(VALUES, VALUES)
def test_the_places_of_mappings_make_one_of_the_other(before: Any, after: Any) -> None:
    """Put in the base what stands at each place of the revision, and it is the revision; within lists, indices move."""
    found = places(before, after)
    assert found == sorted(found, key=lambda one: [(isinstance(step, str), step) for step in one.steps])
    if not same(before, after) and all(isinstance(step, str) for one in found for step in one.steps):
        made = [deepcopy(before)]
        for one in found:
            holder: Any = made
            for step in (0, *one.steps)[:-1]:
                holder = holder[step]
            last: Any = (0, *one.steps)[-1]
            if one.after is ABSENT:
                del holder[last]
            else:
                holder[last] = one.after
        assert same(made[0], after)


PROGRAM = """
import sys
from apidiff.judge.apart import places
places({"a": {"b": 1, "c": [1, 2]}}, {"a": {"b": 1, "c": [1, 3]}})
assert "deepdiff" not in sys.modules
places({"a": 1, "b": 2}, {"a": 2, "b": 3})
assert "deepdiff" in sys.modules
assert not {"numpy", "pandas"} & set(sys.modules)
import numpy, pandas
"""


@pytest.mark.slow
def test_the_library_is_loaded_for_several_places_only_and_loads_no_other_for_good() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
