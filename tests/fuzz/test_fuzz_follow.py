"""A short run of the fuzzer on the plan of the tests' scenario; the long one is a program of its own."""

import importlib.util
import os
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CASES = int(os.environ.get("APIDIFF_FUZZ_CASES", "40"))


@pytest.mark.slow
def test_broken_plan_folders_give_an_answer_or_an_error_for_users() -> None:
    spec = importlib.util.spec_from_file_location("fuzz_follow", HERE / "fuzz_follow.py")
    assert spec is not None
    assert spec.loader is not None
    fuzz_follow = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz_follow)
    found = fuzz_follow.run(seed=7, cases=CASES)
    assert found.failures == {}
    assert found.outcomes.total() == CASES
