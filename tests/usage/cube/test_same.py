"""Rows that were shipped twice, and those that only look like it."""

from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

PETS = [an_operation("GET /pets/{id}")]


def rows(stamps: list[str], **more: Any) -> list[dict[str, Any]]:
    return [
        {"time": stamp, "method": "GET", "path": "/pets/1", "status": 200, "api_key": "k"} | more for stamp in stamps
    ]


def fine(count: int) -> list[str]:
    return [f"2026-03-14T08:{number // 60:02}:{number % 60:02}.{number % 1000:03}1Z" for number in range(count)]


@pytest.mark.parametrize(
    ("name", "stamps", "same"),
    [
        ("once", fine(100), 0),
        ("twice", fine(100) + fine(100), 100),
        ("a part", fine(100) + fine(20), 20),
        ("three times", fine(50) * 3, 100),
        ("the same millisecond", ["2026-03-14T08:26:53.1234Z", "2026-03-14T08:26:53.1236Z"], 1),
        ("whole seconds, a few", [stamp[:19] + "Z" for stamp in fine(100) + fine(10)], 0),
        ("whole seconds, most", [stamp[:19] + "Z" for stamp in fine(100) + fine(100)], 100),
        ("whole minutes", ["2026-03-14T08:26:00Z"] * 100, 0),
    ],
)
def test_rows_that_are_anothers_double(write: Callable[..., str], name: str, stamps: list[str], same: int) -> None:
    path = write(f"{name}.jsonl", rows(stamps))
    assert measure([path], PETS, options=Options()).coverage.same == same


def test_rows_that_differ_in_anything_are_no_doubles(write: Callable[..., str]) -> None:
    first = rows(fine(50))
    for more in ({"api_key": "other"}, {"path": "/pets/2"}, {"status": 201}):
        path = write("log.jsonl", first + rows(fine(50), **more))
        assert measure([path], PETS, options=Options()).coverage.same == 0


def test_rows_that_stand_for_several_are_not_looked_at(write: Callable[..., str]) -> None:
    path = write("log.jsonl", rows(fine(50) * 2, calls=3))
    assert measure([path], PETS, options=Options(columns={"count": "calls"})).coverage.same == 0
