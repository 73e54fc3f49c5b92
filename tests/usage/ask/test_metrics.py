"""The figures of developer experience, of logs with and without failures, and of rows that stand for several calls."""

from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Account
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

OPERATIONS = [an_operation(name) for name in ("GET /jobs", "GET /jobs/{id}", "POST /jobs", "GET /tasks")]
Write = Callable[[str, Any], str]


def a_call(second: int, status: int = 200, **more: Any) -> dict[str, Any]:
    call = {
        "time": f"2026-03-14T08:00:{second:02}Z", "method": "GET", "path": "/jobs", "status": status, "api_key": "k_1",
        "user_agent": "python-requests/2.31.0",
    }  # fmt: skip
    return call | more


def metrics(path: str, **revenues: float) -> dict[str, Any]:
    accounts = {name: Account(name, name, revenue=revenue) for name, revenue in revenues.items()}
    integrators = Integrators(accounts, {f"k_{number}": name for number, name in enumerate(accounts, start=1)})
    usage = measure([path], OPERATIONS, options=Options())
    found: dict[str, Any] = usage_report(usage, integrators, OPERATIONS)["metrics"]
    return found


@pytest.mark.parametrize(
    ("statuses", "success_rate", "retry_share"),
    [
        ((200, 204, 304), 1.0, 0.0),
        ((404, 500), 0.0, 0.0),
        ((503, 503, 200), 1.0, 0.6667),
        ((404, 200, 200, 200), 0.75, 0.0),
    ],
)
def test_calls_that_repeat_others_count_once(
    write: Write, statuses: tuple[int, ...], success_rate: float, retry_share: float
) -> None:
    calls = [a_call(second, status) for second, status in enumerate(statuses)]
    found = metrics(write("log.jsonl", calls))
    assert (found["success_rate"], found["retry_share"]) == (success_rate, retry_share)


def test_all_figures_of_a_log(write: Write) -> None:
    calls = [
        a_call(1), a_call(2, path="/jobs/1"), a_call(3, path="/tasks"), a_call(4, user_agent="node-fetch/1.0"),
        a_call(5, api_key="k_2"), a_call(6, api_key="k_2", method="POST", user_agent=""),
        a_call(7, api_key=""), a_call(8, 404, path="/none"),
    ]  # fmt: skip
    assert metrics(write("log.jsonl", calls), acme=100.0, beta=10.0) == {
        "success_rate": 1.0,
        "retry_share": 0.0,
        "time_to_first_call_median_hours": None,
        "depth": {"experiment": 0, "growing": 1, "dependency": 1},
        "languages": [
            {"language": "python", "logical_successes": 5, "revenue": 80.0},
            {"language": "javascript", "logical_successes": 1, "revenue": 25.0},
            {"language": "unknown", "logical_successes": 1, "revenue": 5.0},
        ],
    }


def test_rows_that_stand_for_several_calls(write: Write) -> None:
    rows = [
        a_call(1, 500, count=7), a_call(2, 200, count=3, path="/jobs/1"), a_call(3, 404, count=5, path="/jobs/2"),
        a_call(4, 200, count=0, path="/tasks"),
    ]  # fmt: skip
    usage = measure([write("log.jsonl", rows)], OPERATIONS, options=Options(columns={"count": "count"}))
    report = usage_report(usage, Integrators({}, {}), OPERATIONS)
    by_call = {
        (one["method"], one["path"]): (one["attempts"], one["logical_successes"]) for one in report["operations"]
    }
    assert by_call == {
        ("GET", "/jobs"): (7, 0), ("POST", "/jobs"): (0, 0), ("GET", "/jobs/{id}"): (8, 3), ("GET", "/tasks"): (0, 0),
    }  # fmt: skip
