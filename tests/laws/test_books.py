"""The books of the law of completeness are worth something: a fact that is left out, moved or altered is noticed."""

from dataclasses import replace
from pathlib import Path

import pytest

from apidiff.diff import Differences, differences
from apidiff.load import load
from apidiff.load.resolve import Side
from apidiff.words.facts import ABSENT
from tests.laws.oracle.account import IN_WORDS, account

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


@pytest.fixture
def found() -> Differences:
    sides = [Side(load(str(DEMO / f"{name}.yaml")), name=name) for name in ("base", "revision")]
    return differences(sides[0], sides[1])


def test_the_books_of_the_demo_are_even(found: Differences) -> None:
    books = account(found)
    assert books.faults() == []
    assert len(books.differences) > 20


@pytest.mark.slow
def test_a_fact_left_out_is_missed_and_one_made_up_is_noticed(found: Differences) -> None:
    stated = list(found.graph.facts)
    for index, (pair, fact, mask) in enumerate(stated):
        found.graph.facts[:] = [*stated[:index], *stated[index + 1 :]]
        assert account(found).uncovered, fact
        elsewhere = replace(
            fact, base=fact.base and fact.base.child("a", "b", "c"), revision=fact.revision and fact.revision.child("a")
        )
        found.graph.facts[:] = [*stated, (pair, elsewhere, mask)]
        assert account(found).invented, fact
        if fact.before is not ABSENT and fact.facet not in IN_WORDS:
            found.graph.facts[:] = [
                *stated[:index],
                (pair, replace(fact, before="another"), mask),
                *stated[index + 1 :],
            ]
            books = account(found)
            assert not books.is_even, fact
