"""Completeness as a law for generated specs: whatever edits lie between two, their facts are all there is between them.

Specs are made and edited by one grammar (`grammar.py`), which holds every object and keyword of OpenAPI 3.0 and 3.1;
the books are kept by the same oracle as for the real pairs.
"""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apidiff.diff import Differences, differences
from apidiff.judge.classify import classify
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.words.errors import ApidiffError
from tests.laws.grammar import Grammar, Node, is_sound
from tests.laws.oracle.account import account
from tests.laws.test_direction import EXAMPLES

VERSIONS = ("3.0.3", "3.1.0")
MANY = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


def compared(base: Node, revision: Node) -> Differences:
    """The facts of two specs; a spec that an edit left without what a reference names is none."""
    try:
        sides = [Side(Document.parsed(one), name=name) for one, name in ((base, "base"), (revision, "revision"))]
        return differences(sides[0], sides[1])
    except ApidiffError as problem:
        assume(problem.code not in ("reference-unresolved", "reference-circular"))
        raise


def prove(base: Node, revision: Node, cases: Counter[str]) -> None:
    """Even books both ways; no change is unclassified, and none is there twice."""
    assume(is_sound(base) and is_sound(revision))
    for one, two in ((base, revision), (revision, base)):
        found = compared(one, two)
        books = account(found)
        assert books.faults() == []
        changes = classify(found, witnesses=False)
        assert [change.title for change in changes if change.is_unclassified] == []
        assert len({change.id for change in changes}) == len(changes)
        cases["pairs of generated specs whose books are even"] += 1
        cases["pairs of generated specs: raw differences explained"] += len(books.differences)


@pytest.mark.slow
@MANY
@given(seed=st.integers(0, 2**32), version=st.sampled_from(VERSIONS), count=st.integers(1, 12))
def test_some_edits(seed: int, version: str, count: int, cases: Counter[str]) -> None:
    grammar = Grammar(random.Random(seed), version)
    base = grammar.document()
    for _ in range(4):
        prove(base, grammar.edited(base, count), cases)


@MANY
@given(seed=st.integers(0, 2**32), version=st.sampled_from(VERSIONS))
def test_the_same_spec_again(seed: int, version: str, cases: Counter[str]) -> None:
    base = Grammar(random.Random(seed), version).document()
    assert compared(base, base).graph.facts == []
    cases["generated specs against themselves"] += 1
