"""A short run of the fuzzer of `plan` and `usage --spec` on the demo's specs; the long one is a program of its own."""

import os

import pytest

from tests.fuzz import fuzz_plan

CASES = int(os.environ.get("APIDIFF_FUZZ_CASES", "6"))


@pytest.mark.slow
def test_broken_specs_give_a_plan_or_an_error_for_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APIDIFF_TRACEBACK", "1")
    found = fuzz_plan.run(fuzz_plan.own_specs(), seed=7, cases=CASES)
    assert found.failures == {}
    assert found.outcomes.total() == CASES
