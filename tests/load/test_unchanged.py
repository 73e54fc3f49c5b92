"""Which parts of two specs are the same with all that they refer to."""

from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.load.unchanged import Unchanged

PETS = {
    "Owner": {"properties": {"pet": {"$ref": "#/components/schemas/Pet"}}},
    "Pet": {"$ref": "#/components/schemas/Animal"},
    "Animal": {"type": "object"},
}


def side(schemas: dict[str, object] = PETS) -> Side:
    return Side(Document.parsed({"openapi": "3.1.0", "info": {}, "components": {"schemas": schemas}}), name="base")


def test_what_refers_to_a_change_is_no_longer_unchanged():
    edited = {**PETS, "Animal": {"type": "object", "title": "T"}}
    unchanged = Unchanged(side(), side(edited))
    user, other = {"$ref": "#/components/schemas/Pet"}, {"type": "string"}
    assert not unchanged.pair(user, dict(user), file="")
    assert unchanged.pair(other, dict(other), file="")
