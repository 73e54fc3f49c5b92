"""What a place is called."""

import pytest

from apidiff.diff.called import describe
from apidiff.words.pointer import parse


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("#/components/schemas/Pet/properties/tags/items/properties/id", ("Pet", "tags[].id")),
        ("#/components/schemas/Pet/prefixItems/1/properties/id", ("Pet", "[1].id")),
        ("#/definitions/Pet/additionalProperties/properties/id", ("Pet", "*.id")),
        ("#/paths/~1a/get/responses/200/content/x/schema/properties/id", ("", "id")),
        ("models/pet.yml#/properties/id", ("pet", "id")),
        ("models/pet.yml#", ("pet", "")),
        ("resources/get.yml#/responses/200/schema/properties/id", ("", "id")),
        ("parameters.yml#/limit/schema", ("", "")),
        ("#/components/schemas/Pet/$defs/Tag/properties/id", ("", "id")),
        ("#/components/schemas/Pet/definitions/Tag", ("", "")),
        ("#/components/schemas/Pet/properties/$defs/properties/id", ("Pet", "$defs.id")),
        ("models/pet.yml#/$defs/Tag/properties/id", ("", "id")),
    ],
)
def test_a_place_is_called_by_its_owner_and_its_path(pointer: str, expected: tuple[str, str]):
    assert describe(parse(pointer)) == expected
