"""The figures of `apidiff usage` in each format."""

import json
from typing import Any

import pytest

from apidiff.render.usage import render_usage
from apidiff.words.errors import ApidiffError


def operation(path: str, successes: int, last: str) -> dict[str, Any]:
    return {
        "method": "GET", "path": path, "operation_id": None, "attempts": successes, "logical_successes": successes,
        "keys": 2, "integrators": 1, "first_seen": last, "last_seen": last,
    }  # fmt: skip


REPORT: dict[str, Any] = {
    "format": "apidiff-usage/1",
    "coverage": {
        "rows": 1200, "matched": 1190, "unmatched": 9, "malformed": 1, "first": "2026-03-01T00:00:00Z",
        "last": "2026-03-07T12:00:00Z", "days_with_data": 7,
    },
    "operations": [
        operation("/pets", 90, "2026-03-07T12:00:00Z"),
        operation("/pets/{id}", 1100, "2026-03-06T12:00:00Z"),
        operation("/<script>", 0, ""),
    ],
    "unmatched": [{"shape": "/v2/*", "attempts": 9}],
    "metrics": {
        "success_rate": 0.98, "retry_share": 0.001, "time_to_first_call_median_hours": 30.25,
        "depth": {"experiment": 1, "growing": 2, "dependency": 3},
        "languages": [{"language": "python", "logical_successes": 1190, "revenue": 120000.0}],
    },
    "doubts": ["half of the successful rows have no key"],
    "read_as": ["kong: time `started_at`", "combined: time `at`"],
}  # fmt: skip

TEXT = """\
! half of the successful rows have no key

logged        1,200 rows, 2026-03-01 to 2026-03-07, 7 days with data
read as       kong: time `started_at`; combined: time `at`
matched       1,190 rows; 9 match no operation, 1 can't be read
operations    2 of 3 are called
success rate  98% of the logical calls
retry share   under 1% of the attempts
first call    30.2 hours after the account was created (median)

Depth of integration
  dependency  3  three operations and more
  growing     2  two operations
  experiment  1  one operation

Languages, by the revenue of who uses them
          calls  revenue
  python  1,190  120,000

Operations, by successful logical calls
                  calls  integrators  last
  GET /pets/{id}  1,100            1  2026-03-06
  GET /pets          90            1  2026-03-07

Never called: 1
  GET /<script>

Paths that match no operation (a wrong base path shows here: --mount PREFIX)
  9  /v2/*
"""


def test_text() -> None:
    assert render_usage(REPORT) == TEXT


def test_json_is_the_report() -> None:
    assert json.loads(render_usage(REPORT, "json")) == REPORT


def test_the_page_escapes_what_specs_say() -> None:
    page = render_usage(REPORT, "html")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert page.count("<tr><td><code>") == 4


def test_an_unknown_format_names_the_nearest() -> None:
    with pytest.raises(ApidiffError, match="did you mean html"):
        render_usage(REPORT, "htm")
