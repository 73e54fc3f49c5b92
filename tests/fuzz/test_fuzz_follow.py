"""A short run of the fuzzer on the plan of the tests' scenario; the long one is a program of its own."""

import os
from pathlib import Path

import pytest

from tests.fuzz import fuzz_follow

HERE = Path(__file__).resolve().parent
CASES = int(os.environ.get("APIDIFF_FUZZ_CASES", "40"))


@pytest.mark.slow
def test_broken_plan_folders_give_an_answer_or_an_error_for_users() -> None:
    found = fuzz_follow.run(seed=7, cases=CASES)
    assert found.failures == {}
    assert found.outcomes.total() == CASES
