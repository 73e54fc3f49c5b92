"""The steps between two trees: few, in order, and together the whole way."""

from typing import Any

import pytest

from apidiff.expand.steps import Step, Way, steps

SET, REPLACE, REMOVE, APPEND = Way


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 1, "b": 2}, [Step(SET, ("b",), 2, "a")]),
        ({"a": 1}, {"b": 2, "a": 1}, [Step(SET, ("b",), 2, None)]),
        ({"a": 1, "b": {"c": 1}}, {"b": {"c": 2}}, [Step(REMOVE, ("a",)), Step(REPLACE, ("b", "c"), 2)]),
        ({"a": [1]}, {"a": [1, 2, 3]}, [Step(APPEND, ("a", "-"), 2), Step(APPEND, ("a", "-"), 3)]),
        ({"a": [1, 2, 3]}, {"a": [1]}, [Step(REMOVE, ("a", "2")), Step(REMOVE, ("a", "1"))]),
        ({"a": [1, 2]}, {"a": [2]}, [Step(REPLACE, ("a",), [2])]),
        ({"a": []}, {"a": [1]}, [Step(REPLACE, ("a",), [1])]),
        ({"a": [{"n": 1, "x": 1}]}, {"a": [{"n": 1, "x": 2}]}, [Step(REPLACE, ("a", "0", "x"), 2)]),
        ({"a": [{"n": 1}]}, {"a": [{"m": 1}]}, [Step(REPLACE, ("a",), [{"m": 1}])]),
        ({"a": 1}, {"a": True}, [Step(REPLACE, ("a",), True)]),
    ],
)
def test_the_steps_are_few(was: Any, now: Any, expected: list[Step]) -> None:
    assert list(steps(was, now)) == expected
