"""Each use of a generic schema sees its own `$dynamicAnchor`; an edit of the generic one is still one change."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import spec

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
NOTHING = {"$dynamicAnchor": "item", "not": {}}


def part(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def bound(name: str, lead: dict[str, Any]) -> dict[str, Any]:
    """A schema that binds the items of a page to a component, and leads to the page."""
    return {"$defs": {"item": {"$dynamicAnchor": "item", **part(name)}}, **lead}


LEADS = {
    "by $ref": part("Page"),
    "by allOf": {"allOf": [part("Page")]},
    "in a property": {"properties": {"page": part("Page")}},
    "by a chain": part("Alias"),
}


def pages(lead: dict[str, Any], *, users: str = "User", most: int = 10, **schemas: Any) -> dict[str, Any]:
    """Two operations, of which one answers with a page of users and the other with a page of pets."""
    items = {"type": "array", "maxItems": most, "items": {"$dynamicRef": "#item"}}
    paths = {
        f"/{name}": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": part(schema)}}}}},
        }
        for name, schema in (("users", "UserPage"), ("pets", "PetPage"))
    }
    kept = {
        "User": {"type": "object", "properties": {"name": TEXT}, "required": ["name"]},
        "Pet": {"type": "object", "properties": {"kind": TEXT}, "required": ["kind"]},
        "Page": {"type": "object", "properties": {"items": items}, "$defs": {"item": NOTHING}},
        "Alias": part("Page"),
        "UserPage": bound(users, lead),
        "PetPage": bound("Pet", lead),
        **schemas,
    }
    return spec(paths, components={"schemas": kept})


def reached(base: Any, revision: Any) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((change.rule, change.operations) for change in compare(base, revision).changes)


@pytest.mark.parametrize("lead", LEADS.values(), ids=LEADS)
def test_what_is_bound_is_part_of_its_own_page_alone(lead: dict[str, Any]) -> None:
    base = pages(lead)
    user = {"type": "object", "properties": {"name": NUMBER}, "required": ["name"]}
    assert reached(base, pages(lead, User=user)) == [("type-changed", ("GET /users",))]
    assert reached(base, pages(lead, Pet={"type": "object"})) == [("required-property-removed", ("GET /pets",))]
    assert reached(base, pages(lead, most=11)) == [("max-items-increased", ("GET /pets", "GET /users"))]


def test_a_page_that_is_bound_to_something_else() -> None:
    changes = reached(pages(part("Page")), pages(part("Page"), users="Pet"))
    assert changes == [("property-added", ("GET /users",)), ("required-property-removed", ("GET /users",))]


def test_of_a_tree_that_binds_itself_the_outermost_counts() -> None:
    def trees(strict: dict[str, Any]) -> dict[str, Any]:
        kids = {"type": "array", "items": {"$dynamicRef": "#node"}}
        schemas = {
            "Tree": {
                "$id": "https://d.example/tree",
                "$dynamicAnchor": "node",
                "type": "object",
                "properties": {"value": TEXT, "kids": kids},
            },
            "Strict": {"$id": "https://d.example/strict", "$dynamicAnchor": "node", "$ref": "tree", **strict},
        }
        return pages(part("Tree"), UserPage=part("Tree"), PetPage=part("Strict"), **schemas)

    required = trees({"required": ["value"]})
    assert reached(required, trees({})) == [("property-became-optional", ("GET /pets",))]
