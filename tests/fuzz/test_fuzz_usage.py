"""A short run of the fuzzer on the logs of every format; the long one is a program of its own."""

import os
from pathlib import Path

import pytest

from tests.fuzz import fuzz_usage

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
CASES = int(os.environ.get("APIDIFF_FUZZ_CASES", "40"))


def test_broken_logs_give_figures_or_an_error_for_users():
    logs = sorted((HERE.parents[1] / "fixtures" / "logs").iterdir())
    found = fuzz_usage.run(logs, seed=7, cases=CASES)
    assert {signature: (failure.trace, failure.case) for signature, failure in found.failures.items()} == {}
    assert found.outcomes["read"] > CASES / 5
