"""How the set of strings moves when a pattern is replaced."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff.schema.languages import moved_language
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
        ("^a$", "a", Action.LOOSENED),
        ("^a|b$", "^(a|b)$", Action.TIGHTENED),
        ("^[a-z]+$", r"^\w+$", Action.LOOSENED),
        (r"^\s$", "^ $", Action.TIGHTENED),
        ("^.*$", ".*", Action.LOOSENED),  # a text of two lines
        ("^[a-z0-9-]{1,63}$", "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", Action.TIGHTENED),
        (r"^(a)\1$", r"^(b)\1$", Action.REPLACED),  # no finite automaton: tried
    ],
)
def test_a_pattern_moves_the_set_of_strings(before: Any, after: Any, action: Action | None):
    assert moved_pattern(before, after) is action


@pytest.mark.parametrize(
    "wordings",
    [
        ("^[0-9]+$", r"^\d+$", r"^[\d]{1,}$", "^[0-9][0-9]*$", "^(?:[0-9])+?$"),
        ("^[abc]$", "^[cab]$", "^[a-c]$", "^(a|b|c)$", "^(?:c|b|a)$", "^[a-cb]{1}$"),
        ("^a?$", "^a{0,1}$", "^(a|)$", "^$|^a$"),
        (r"^\-/a$", "^-\\/a$", "^[-]/a$", r"^\x2d/\u0061$"),
        ("^[A-Za-z0-9_]*$", r"^\w*$", r"^\w{0,}$", r"^[^\W]*$"),
        (r"^\D\S$", "^[^0-9][^\\s]$"),
        ("^aaa$", "^a{3}$", "^a{3,3}$", "^a(a(a))$"),
        ("a", ".*a", "a.*", "(?:.*)a", "a+"),
        ("", "^", "$", ".*", "(a|)", "x*", ABSENT),
    ],
)
def test_a_pattern_in_other_words_moves_nothing(wordings: tuple[Any, ...]):
    assert {moved_pattern(one, other) for one in wordings for other in wordings} == {None}


ATOMS = st.sampled_from(
    ("a", "b", "-", "[ab]", "[^a]", r"\d", r"\w", ".", "[a-c]", r"\s", "^", "$", "(a|b$)", "(?:b-|)")
)
PATTERNS = st.lists(st.tuples(ATOMS, st.sampled_from(("", "", "*", "+?", "?", "{2}", "{1,2}"))), max_size=4).map(
    lambda parts: "".join(atom if atom in "^$" else atom + often for atom, often in parts)
)
TEXTS = tuple("".join(units) for length in range(4) for units in product("ab0-\n", repeat=length))


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(PATTERNS, PATTERNS)
def test_no_text_contradicts_how_a_pattern_moved(before: str, after: str):
    """The other opinion is a validator's, on every short text."""
    moved = moved_language(before, after)
    found = {(matches(before, text), matches(after, text)) for text in TEXTS}
    assert moved is None or (((True, False) not in found or moved.lost) and ((False, True) not in found or moved.won))


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
