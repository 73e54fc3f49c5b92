"""How a parameter is written, with the defaults of its location and version."""

from typing import Any

import pytest

from apidiff.load.resolve import Dialect
from apidiff.spec.serialization import serialization


@pytest.mark.parametrize(
    ("node", "location", "dialect", "expected"),
    [
        ({}, "query", Dialect.OPENAPI_31, ("form", True, False)),
        ({}, "path", Dialect.OPENAPI_31, ("simple", False, False)),
        ({"allowReserved": True}, "path", Dialect.OPENAPI_31, ("simple", False, False)),
        ({"allowReserved": True}, "path", Dialect.OPENAPI_32, ("simple", False, True)),
        ({"style": "cookie", "allowReserved": True}, "cookie", Dialect.OPENAPI_32, ("cookie", True, False)),
        ({"type": "array"}, "query", Dialect.SWAGGER_2, ("form", False, False)),
        ({"type": "array", "collectionFormat": "pipes"}, "query", Dialect.SWAGGER_2, ("pipeDelimited", False, False)),
        ({"type": "array", "collectionFormat": "multi"}, "query", Dialect.SWAGGER_2, ("form", True, False)),
        ({"type": "array", "collectionFormat": ["a"]}, "query", Dialect.SWAGGER_2, ("form", False, False)),
    ],
)
def test_defaults_are_spelled_out(
    node: dict[str, Any], location: str, dialect: Dialect, expected: tuple[str, bool, bool]
) -> None:
    assert serialization(node, location, dialect) == expected
