"""How the set of strings moves when a pattern is replaced."""

from typing import Any

import pytest

from apidiff.schema.patterns import matches, moved_pattern, refuses
from apidiff.words.facts import ABSENT, Action


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        ("^a", "^a", None),
        (ABSENT, "^a", Action.TIGHTENED),
        ("^a", ABSENT, Action.LOOSENED),
        ("^ab", "^a", Action.LOOSENED),
        ("^[a-z]+$", "^[a-z]{2}$", Action.TIGHTENED),
        ("^[a-f]$", "^[a-z]$", Action.LOOSENED),
        ("^CF[0-9]{2}$", "^CA[0-9]{2}$", Action.REPLACED),
        ("^(unclosed", "^a", Action.REPLACED),
    ],
)
def test_a_pattern_moves_the_set_of_strings(before: Any, after: Any, action: Action | None):
    assert moved_pattern(before, after) is action


ODD = (
    "[[a]", "[[:alpha:]]", "[[=a=]]", "[a--b]", "[a&&b]", "[a||b]", "[a~~b]", "[^\\w\\d--]", "[\\p{L}--[a]]", "[]a]",
    "[^]a]", "a(?i)b", "(?i)a", "(?i-i:a)", "(?L)a", "(?x) a # c", "\\8", "\\400", "[\\400]", "\\x", "\\N{DASH}", "\\Q",
    "(?P<1>a)", "(?P<n>a)(?P=n)", "(?P<é>a)", "(a)(?(001)b|c)", "(?(+1)a)", "a++", "a{,5}", "[z-a]", "[\\w-z]", "(((a",
    "\x00", "\ud800",
)  # fmt: skip
"""Patterns of other dialects, and what Python warns of: warnings are errors in these tests."""


@pytest.mark.parametrize("pattern", ODD)
def test_no_pattern_makes_python_warn(pattern: str):
    for other in ("^a", "[[b]"):
        for pair in ((pattern, other), (other, pattern)):
            assert moved_pattern(*pair) in Action
        assert matches(pattern, other) in {True, False}


def test_what_cannot_be_read_refuses_nothing():
    assert (matches("b", "abc"), matches("^b", "abc"), matches("^(unclosed", "abc")) == (True, False, True)
    assert (refuses("^a", "^b"), refuses("^ab", "^a"), refuses("^(unclosed", "^b")) == (True, False, False)


@pytest.mark.parametrize(("count", "is_refused"), [(4, True), (6_000, False)])
def test_a_pattern_longer_than_any_real_one_stays_undecided(count: int, is_refused: bool):
    assert refuses("^" + "[ab]?" * count + "x$", "^" + "[ab]?" * count + "y$") is is_refused
