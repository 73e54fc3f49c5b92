"""What is said of rows that call nothing, and which days a log covers."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow


def test_rows_with_an_unknown_operation_id_and_no_path_are_unmatched(write: Callable[..., str]) -> None:
    row = {"time": "2026-03-14T08:26:53Z", "status": 200, "api_key": "k"}
    path = write("log.jsonl", [row | {"operation_id": name} for name in ("listPets", "nope", "nope")])
    coverage = measure([path], [an_operation("GET /pets", "listPets")], options=Options()).coverage
    assert (coverage.matched, coverage.unmatched_shapes) == (
        1,
        (("no path, and an operation id that the spec has not", 2),),
    )


def test_the_days_that_a_log_spans_and_those_with_rows_in_them(write: Callable[..., str]) -> None:
    row = {"method": "GET", "path": "/pets", "status": 200, "api_key": "k"}
    times = ("2026-03-14T08:26:53Z", "2026-03-14T23:59:59.999Z", "2026-03-20T00:00:00Z", "2026-03-17T12:00:00+14:00")
    coverage = measure([write("log.jsonl", [row | {"time": time} for time in times])], [], options=Options()).coverage
    assert (coverage.first, coverage.last, coverage.days_with_data, coverage.span_days) == (
        datetime(2026, 3, 14, 8, 26, 53, tzinfo=UTC),
        datetime(2026, 3, 20, tzinfo=UTC),
        3,
        7,
    )


def test_a_path_without_an_end_is_shown_by_its_beginning(write: Callable[..., str]) -> None:
    row = {"time": "2026-03-14T08:26:53Z", "method": "GET", "path": "/a" * 100_000, "status": 200, "api_key": "k"}
    coverage = measure([write("log.jsonl", [row])], [an_operation("GET /pets")], options=Options()).coverage
    assert coverage.unmatched_shapes == (("/*" * 99 + "/…", 1),)
