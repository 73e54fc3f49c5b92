"""Paths that are written otherwise and mean the same, through the whole reading."""

from collections.abc import Callable
from typing import Any

import pytest

from apidiff.usage.accounts.integrators import Integrators
from apidiff.usage.ask.report import usage_report
from apidiff.usage.cube.measure import measure
from apidiff.usage.evidence import Coverage
from apidiff.usage.options import Options
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

PETS = [
    an_operation(name)
    for name in ("GET /", "GET /pets", "GET /pets/{id}", "PUT /pets/{id}/toys/{toy}", "POST /jobs/{id}:cancel")
]


def row(method: str, path: str, status: int = 404) -> dict[str, Any]:
    return {"time": "2026-03-14T08:26:53Z", "method": method, "path": path, "status": status, "api_key": "k"}


def called(path: str, **options: Any) -> list[str]:
    """The operations that a log's rows call."""
    usage = measure([path], PETS, options=Options(**options))
    report = usage_report(usage, Integrators({}, {}), PETS)
    return [f"{entry['method']} {entry['path']}" for entry in report["operations"] if entry["attempts"]]


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/pets#top", "GET /pets"),
        ("GET", "/pets?x=1#top", "GET /pets"),
        ("GET", "/%70ets", "GET /pets"),
        ("GET", "/pets/a%2Fb", "GET /pets/{id}"),
        ("POST", "/jobs/42%3Acancel", "POST /jobs/{id}:cancel"),
        ("POST", "/jobs/42%3acancel?now=1", "POST /jobs/{id}:cancel"),
        ("GET", "api.pets.example/pets", "GET /pets"),
        ("GET", "api.pets.example:8080/pets/7?x=http://a/b", "GET /pets/{id}"),
        ("GET", "localhost/pets", "GET /pets"),
        ("GET", "10.0.0.1:80/pets", "GET /pets"),
        ("GET", "https://api.pets.example", "GET /"),
        ("GET", "pets", "GET /pets"),
        ("GET", "/pets(.:format)", "GET /pets"),
        ("GET", "/pets/:id(.:format)", "GET /pets/{id}"),
        ("GET", "^pets/(?P<pk>[^/]+)/$", "GET /pets/{id}"),
        ("GET", "/pets/(?P<pk>[^/.]+)", "GET /pets/{id}"),
        ("PUT", "^pets/(?P<pk>\\d+)/toys/(?P<toy>[-a-z_]{1,9})/?$", "PUT /pets/{id}/toys/{toy}"),
        ("GET", "/pets/{id:[a-z/]+}", "GET /pets/{id}"),
        ("GET", "/pets/{id?}", "GET /pets/{id}"),
        ("GET", "pets/{id:int?}", "GET /pets/{id}"),
        ("GET", "/Pets", ""),
        ("GET", "/pets/", ""),
    ],
)
def test_what_is_always_the_same_path(write: Callable[..., str], method: str, path: str, expected: str) -> None:
    # the second row is there so that slashes are not the rule
    found = called(write("log.jsonl", [row(method, path), row("GET", "/", 200)]))
    assert set(found) == {"GET /", *([expected] if expected else [])}


SLASHED = [row("GET", path, 200) for path in ("/pets/", "//pets//7/", "//")] + [row("GET", "/pets/", 404)]


def coverage(path: str, operations: Any = PETS, **options: Any) -> Coverage:
    return measure([path], operations, options=Options(**options)).coverage


def test_slashes_are_left_out_where_that_explains_more(write: Callable[..., str]) -> None:
    path = write("log.jsonl", SLASHED)
    found = coverage(path)
    assert (found.matched, found.unmatched) == (3, 1)
    assert found.warnings == (
        "3 calls succeeded at a path with a slash twice or at its end, and count as if it had none",
    )


def test_slashes_are_left_alone_where_calls_fit_without_that(write: Callable[..., str]) -> None:
    path = write("log.jsonl", SLASHED + [row("GET", "/pets", 200)] * 3)
    found = coverage(path)
    assert (found.matched, found.unmatched) == (3, 4)
    (warning,) = found.warnings
    assert warning == (
        "3 calls succeeded at a path with a slash twice or at its end, and call nothing as it stands; if the server "
        "takes it for the path without, put `slashes: ignore` into apidiff.yaml"
    )
    assert coverage(path, ignore_slashes=True).matched == 6


def test_a_spec_with_slashes_at_the_end_tells_them_apart(write: Callable[..., str]) -> None:
    path = write("log.jsonl", [row("GET", "/pets/", 200)])
    assert coverage(path, [an_operation("GET /pets"), an_operation("GET /toys/")]).matched == 0


def test_a_kept_cube_knows_how_slashes_were_taken(write: Callable[..., str], tmp_path: Any) -> None:
    path = write("log.jsonl", SLASHED)
    first = measure([path], PETS, options=Options(cache=tmp_path / "cache"))
    again = measure([path], PETS, options=Options(cache=tmp_path / "cache"))
    assert first.routes.ignores_slashes
    assert again.routes == first.routes
    assert again.coverage == first.coverage
