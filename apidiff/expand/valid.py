"""Whether a document is one of its version, by the JSON Schemas that the OpenAPI Initiative publishes (Apache 2.0).

`official/` has them as they are published, without their blanks.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from apidiff.load.resolve import Dialect
from apidiff.load.values import Node

_VERSIONS = {
    Dialect.SWAGGER_2: "2.0",
    Dialect.OPENAPI_30: "3.0",
    Dialect.OPENAPI_31: "3.1",
    Dialect.OPENAPI_32: "3.2",
}


_STATUS = 3
"""So many digits are a status, which is no place in a list."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What makes a document no document of its version, and where."""

    segments: tuple[str, ...]
    message: str

    @property
    def place(self) -> tuple[str, ...]:
        """Where it is, whichever item of a list that is."""
        return tuple("*" if segment.isdecimal() and len(segment) < _STATUS else segment for segment in self.segments)


def flaws(root: Node, dialect: Dialect) -> frozenset[Flaw]:
    """Everything that the official JSON Schema of the version says against a document."""
    return frozenset(
        Flaw(tuple(map(str, error.instance_path)), str(error.message))
        for error in _validator(dialect).iter_errors(root)
    )


@cache
def _validator(dialect: Dialect) -> Any:
    import jsonschema_rs

    schema = files("apidiff.expand").joinpath("official", f"{_VERSIONS[dialect]}.json").read_bytes()
    return jsonschema_rs.validator_for(orjson.loads(schema))
