"""Expand says nothing that the comparison does not show: over the grammar's edits, one and up to four at once."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apidiff.expand.make import Expansion
from apidiff.words.errors import ApidiffError
from tests.expand.proving import check, expanded
from tests.laws.grammar import Grammar, is_sound
from tests.laws.test_direction import EXAMPLES

SOME = settings(
    max_examples=max(EXAMPLES // 2, 10), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


def made(base: Any, revision: Any) -> Expansion:
    """An expansion; a spec that an edit left without what a reference names is none."""
    try:
        return expanded(base, revision)
    except ApidiffError as problem:
        assume(problem.code not in ("reference-unresolved", "reference-circular"))
        raise


@pytest.mark.slow
@SOME
@given(seed=st.integers(0, 2**32), version=st.sampled_from(["3.0.3", "3.1.0"]))
def test_what_is_called_undone_is_no_break_and_nothing_new_is(seed: int, version: str, cases: Counter[str]) -> None:
    grammar = Grammar(random.Random(seed), version)
    base = grammar.document()
    for edits in (1, 2, 4):
        revision = grammar.edited(base, edits)
        if not (is_sound(base) and is_sound(revision)):
            continue
        for ends in ((base, revision), (revision, base)):
            found = made(*ends)
            check(*ends, found)
            cases["breaks that expand was given"] += len(found.undone) + len(found.left)
            cases["breaks that expand was given: undone"] += len(found.undone)
