"""Any version of the specification against any other: a contract said again is no change, an edit stays the same edit.

`restating.py` says whole specs again in later versions. Each real pair, and generated ones, are compared plain, with
one side said again (both ways), and with both: the verdicts are the same ones, of the same operations.
"""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.load import load
from apidiff.words.changes import Change
from apidiff.words.errors import ApidiffError
from tests.laws.grammar import Grammar, is_sound
from tests.laws.restating import from_swagger, in_31, in_32
from tests.laws.test_direction import EXAMPLES

Restate = Callable[[dict[str, Any]], dict[str, Any]]
EQUAL = {
    "dialect-changed": "it says that the version of the specification is another, and nothing of the API",
    "ineffective-keyword-changed": "what has no effect is another keyword in another version, or none",
}
"""What comparing two versions of the specification says for itself, and why."""
AGAIN: dict[str, tuple[Restate, ...]] = {
    "adyen": (in_32,),
    "discord": (in_32,),
    "plaid": (in_31,),
    "slack": (from_swagger, lambda old: in_31(from_swagger(old))),
    "stripe": (in_31,),
    "twilio": (in_31, lambda old: in_32(in_31(old))),
}


def verdicts(changes: tuple[Change, ...]) -> Counter[tuple[Any, ...]]:
    """What is said, of whom, whatever the words and the places of a version are."""
    return Counter(
        (change.rule, change.level, change.direction, change.operations)
        for change in changes
        if change.rule not in EQUAL
    )


def prove(base: dict[str, Any], revision: dict[str, Any], restate: Restate) -> int:
    """That two specs are themselves, and their difference the same, when said again; gives the number of verdicts."""
    again = [restate(side) for side in (base, revision)]
    for side, other in zip((base, revision), again, strict=True):
        assert verdicts(compare(side, other).changes) == Counter()
        assert verdicts(compare(other, side).changes) == Counter()
    plain = verdicts(compare(base, revision).changes)
    for one, two in ((base, again[1]), (again[0], revision), (again[0], again[1])):
        found = verdicts(compare(one, two).changes)
        assert (found - plain, plain - found) == (Counter(), Counter())
    return plain.total()


@pytest.mark.corpus
@pytest.mark.parametrize(("pair", "number"), [(pair, i) for pair, ways in AGAIN.items() for i in range(len(ways))])
def test_real_specs_said_again(pair: str, number: int, shared: Path, cases: Counter[str]) -> None:
    base, revision = (load(str(path)).root for path in sorted((shared / "specs" / pair).iterdir()))
    cases["verdicts of real pairs that stay when a side is said in another version"] += 3 * prove(
        base, revision, AGAIN[pair][number]
    )


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32), count=st.integers(1, 12))
def test_generated_specs_said_again(seed: int, count: int, cases: Counter[str]) -> None:
    grammar = Grammar(random.Random(seed), "3.0.3")
    base = grammar.document()
    revision = grammar.edited(base, count)
    assume(is_sound(base) and is_sound(revision))
    try:
        prove(base, revision, in_31)
    except ApidiffError as problem:
        assume(problem.code not in ("reference-unresolved", "reference-circular"))
        raise
    cases["generated pairs that stay when a side is said in OpenAPI 3.1"] += 1
