"""Logical calls: what is a retry, what is a loop, and what is neither."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import measure
from apidiff.usage.cube.runs import RETRYABLE
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation(name) for name in ("GET /jobs", "GET /jobs/{id}", "POST /jobs")]
START = datetime(2026, 3, 14, 8, tzinfo=UTC)
Write = Callable[[str, Any], str]


def attempts(
    *steps: tuple[float, int], key: str = "k", path: str = "/jobs", method: str = "GET"
) -> list[dict[str, object]]:
    return [
        {
            "time": (START + timedelta(seconds=second)).isoformat(),
            "method": method,
            "path": path,
            "status": status,
            "api_key": key,
        }
        for second, status in steps
    ]


@pytest.fixture
def measured(write: Write) -> Callable[..., tuple[int, int, float, float]]:
    def measured(rows: list[dict[str, object]], **options: Any) -> tuple[int, int, float, float]:
        usage = measure([write("log.jsonl", rows)], OPERATIONS, options=Options(**options))
        metrics = usage_report(usage, Integrators({}, {}), OPERATIONS)["metrics"]
        retries, loops = usage.retries["retries"].sum(), usage.retries["loop"].sum()
        return int(retries), int(loops), metrics["success_rate"], metrics["retry_share"]

    return measured


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(0, 503), (5, 503), (15, 200)], (2, 0, 1.0, 0.6667)),
        ([(0, 503), (5, 503), (15, 503)], (2, 0, 0.0, 0.6667)),
        ([(0, 503), (61, 200)], (0, 0, 0.5, 0.0)),
        ([(0, 503), (60, 200)], (1, 0, 1.0, 0.5)),
        ([(0, 404), (5, 200)], (0, 0, 0.5, 0.0)),
        ([(0, 503), (200, 200), (300, 503)], (0, 0, 0.3333, 0.0)),
        ([(0, 404), (5, 404)], (0, 0, 0.0, 0.0)),
        ([(0, 429), (5, 404)], (1, 0, 0.0, 0.5)),
        ([(0, 0), (5, 200), (6, 200)], (1, 0, 1.0, 0.3333)),
        ([(0, 200), (5, 503), (6, 304)], (1, 0, 1.0, 0.3333)),
    ],
)
def test_retries(
    measured: Callable[..., Any], steps: list[tuple[float, int]], expected: tuple[int, int, float, float]
) -> None:
    assert measured(attempts(*steps)) == expected


def test_retries_are_of_one_key_path_and_method(measured: Callable[..., Any]) -> None:
    first = attempts((0, 503))
    for other in (
        attempts((5, 200), key="other"),
        attempts((5, 200), path="/jobs/1"),
        attempts((5, 200), method="POST"),
    ):
        assert measured(first + other) == (0, 0, 0.5, 0.0)
    assert measured(attempts((0, 503), path="/jobs/1") + attempts((5, 200), path="/jobs/2"))[0] == 0
    assert measured(first + attempts((5, 200), path="/jobs?page=2"))[0] == 1


def test_the_gap_can_be_set(measured: Callable[..., Any]) -> None:
    assert measured(attempts((0, 503), (100, 200)), retry_gap_seconds=120)[0] == 1
    assert measured(attempts((0, 503), (1, 200)), retry_gap_seconds=0)[0] == 0


@pytest.mark.parametrize(
    ("steps", "is_loop"),
    [
        ([(second, 404) for second in range(0, 50, 10)], True),
        ([(second, 404) for second in range(0, 40, 10)], False),
        ([(second, 404) for second in range(0, 500, 100)], False),
        ([(0, 500), (1, 500), (3, 500), (7, 500), (300, 500)], True),
        ([(second, 404 if second % 20 == 0 else 200) for second in range(0, 300, 10)], False),
        ([(second, 500) for second in range(0, 600, 25)], True),
    ],
)
def test_loops(measured: Callable[..., Any], steps: list[tuple[float, int]], is_loop: bool) -> None:
    assert measured(attempts(*steps))[1] == is_loop


def test_attempts_of_one_moment_are_put_in_one_order(measured: Callable[..., Any]) -> None:
    rows = attempts(*[(0, 503)] * 3, (1, 503), (1, 503), (2, 200), *[(3, 503)] * 3)
    assert {measured(rows) for _ in range(3)} == {(7, 1, 0.5, 0.7778)}


def test_what_asks_for_a_retry(measured: Callable[..., Any]) -> None:
    statuses = (0, 400, 401, 404, 408, 409, 410, 422, 425, 429, 499, 500, 501, 502, 503, 504, 505, 599)
    rows = [attempts((0, status), (5, 200), key=f"k{status}") for status in statuses]
    assert measured([row for pair in rows for row in pair])[0] == 10
    assert RETRYABLE == (0, 408, 409, 425, 429, 499, 500, 502, 503, 504)
