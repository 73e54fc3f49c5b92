"""The mount or base path that would have made operations of what matched none."""

import pytest

from apidiff.usage.cube.way_back import way_back
from apidiff.usage.route import routes_of
from tests.usage.conftest import an_operation

PETS = routes_of(
    [an_operation("GET /v1/pets"), an_operation("GET /v1/pets/{id}"), an_operation("POST /v1/jobs/{id}:run")]
)


@pytest.mark.parametrize(
    ("shapes", "lines"),
    [
        ({"/api/v1/pets": 2, "/api/v1/pets/*": 3}, "In apidiff.yaml: `mount: [/api]`."),
        ({"/api/gw/v1/pets": 2, "/api/gw/v1/pets/*": 3}, "In apidiff.yaml: `mount: [/api/gw]`."),
        ({"/pets": 2, "/pets/*": 3}, "In apidiff.yaml: `base_path: {add: /v1}`."),
        ({"/gw/pets": 2, "/gw/pets/*": 3}, "In apidiff.yaml: `base_path: {strip: /gw, add: /v1}`."),
        ({"/api/v1/jobs/7:run": 1, "/api/v1/pets": 1}, "In apidiff.yaml: `mount: [/api]`."),
        # a word that only one operation has below it may be somebody's name
        ({"/acme/v1/pets": 9}, ""),
        ({"/v1/v1/pets": 9}, "In apidiff.yaml: `mount: [/v1]`."),
        ({"/*/v1/pets": 5, "/*/v1/pets/*": 5}, ""),
        # less than half is mended
        ({"/api/v1/pets": 2, "/api/v1/pets/*": 3, "/else": 6}, ""),
        # of the right path, whose methods are wrong, nothing mends what is taken off and put on again
        ({"/v1/pets": 2, "/v1/pets/*": 3}, ""),
        ({"/else": 3}, ""),
        ({"OPTIONS": 3}, ""),
        ({}, ""),
    ],
)
def test_the_way_back(shapes: dict[str, int], lines: str) -> None:
    assert way_back(shapes, PETS) == lines
