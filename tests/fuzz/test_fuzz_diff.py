"""A short run of the fuzzer on the demo's specs; the long one is a program of its own."""

import os
from pathlib import Path

from apidiff.load import load
from tests.fuzz import fuzz_diff

HERE = Path(__file__).resolve().parent
CASES = int(os.environ.get("APIDIFF_FUZZ_CASES", "200"))


def test_broken_specs_give_a_comparison_or_an_error_for_users():
    demo = HERE.parents[1] / "fixtures" / "demo"
    specs = [load(str(demo / name)).root for name in ("base.yaml", "revision.yaml")]
    outcomes, failures = fuzz_diff.run(specs, seed=7, cases=CASES)
    assert {signature: (failure.trace, failure.trees) for signature, failure in failures.items()} == {}
    assert outcomes["compared"] > CASES / 2
