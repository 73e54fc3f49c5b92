"""A whole value is bounded, whatever its schema asks for."""

from collections.abc import Iterator
from typing import Any

import pytest

from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema import Reader
from apidiff.schema.wholes import DEEPEST, MOST_STEPS, Wholes
from apidiff.words.direction import REQUEST
from apidiff.words.pointer import Pointer
from tests.fuzz import bombs


def _made(spec: Any, path: str = "", *, dense: bool = False) -> Any:
    side = Side(Document.parsed(spec), name="base")
    wholes = Wholes(side, Reader(side), REQUEST)
    wholes.dense = dense
    return wholes.whole((bombs.ref("C0"), Pointer()), path)


def _below(value: Any, depth: int = 0) -> Iterator[int]:
    yield depth
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _below(one, depth + 1)


CIRCLE = {"type": "array", "items": bombs.ref("C0")}
MAP = {"type": "object", "additionalProperties": bombs.ref("C0")}


@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("path", ["", "[].zz", "zz.a"])
@pytest.mark.parametrize(
    "spec",
    [
        bombs.KINDS["reference-web-of-required"](100)[0],  # each of ten components requires all ten
        bombs.KINDS["one-of-lattice"](200)[0],
        bombs.KINDS["one-of-crossed"](100)[0],
        bombs.spec({"C0": {**CIRCLE, "minItems": 1}}),  # which no finite value meets
        bombs.spec({"C0": {**CIRCLE, "minItems": 50}}),
        bombs.spec({"C0": {"type": "array", "prefixItems": [bombs.ref("C0")] * 9}}),
        bombs.spec({"C0": {"type": "object", "required": ["a"], "properties": {"a": MAP}}}),
    ],
)
def test_a_value_has_so_many_fields_and_levels(spec: Any, path: str, dense: bool) -> None:
    depths = list(_below(_made(spec, path, dense=dense)))
    assert len(depths) <= 2 * MOST_STEPS
    assert max(depths) <= 2 * DEEPEST + 4
