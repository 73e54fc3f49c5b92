"""Which branch of a composition is which in the revision."""

from apidiff.diff.match import branches
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.schema import Reader
from apidiff.words.pointer import Pointer


def test_branches_match_by_reference_equality_constants_and_types():
    sides = []
    for nodes in (
        [{"$ref": "#/components/schemas/A"}, {"type": "string", "maxLength": 5}, {"type": "array"}],
        [{"type": "array", "maxItems": 1}, {"type": "string", "maxLength": 9}, {"$ref": "#/components/schemas/A"}],
    ):
        root = {"openapi": "3.1.0", "info": {}, "components": {"schemas": {"A": {"type": "object"}}}}
        side = Side(Document.parsed(root), name="base")
        sides.append(([(node, Pointer("", ("x", str(index)))) for index, node in enumerate(nodes)], Reader(side)))
    (base, one), (revision, two) = sides
    assert branches(base, revision, readers=(one, two)) == [(0, 2), (1, 1), (2, 0)]
