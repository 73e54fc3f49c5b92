"""What is said of rows that call nothing."""

from collections.abc import Callable

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
