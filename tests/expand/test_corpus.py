"""Real pairs expanded, in both directions: what is called undone is, and how much that is, by rule (`pytest -s`)."""

from collections import Counter
from pathlib import Path

import pytest

from apidiff.load import load_all
from tests.expand.proving import check, expanded

PAIRS = {
    "adyen": ("adyen/adyen-management-v1.json", "adyen/adyen-management-v3.json", 29, 0),
    "adyen-back": ("adyen/adyen-management-v3.json", "adyen/adyen-management-v1.json", 87, 0),
}
"""What is undone, and what is left; the pairs that take longer are in tests/bench/bench_expand.py."""


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_real_pair_is_expanded(pair: tuple[str, str, int, int], shared: Path) -> None:
    *names, undone, left = pair
    base, revision = (load_all(str(shared / "specs" / name))[0] for name in names)
    made = expanded(base, revision)
    check(base, revision, made)
    kept, lost = Counter(one.rule for one in made.undone), Counter(one.change.rule for one in made.left)
    for rule in sorted(kept.keys() | lost.keys()):
        print(f"{rule:<40} {kept[rule]:>4} of {kept[rule] + lost[rule]}")
    assert (len(made.undone), len(made.left)) == (undone, left)
