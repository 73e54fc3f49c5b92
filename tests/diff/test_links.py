"""Links: where they lead, and what they take along, in whichever words."""

from typing import Any

from tests.diff.saying import said, spec

AT = "#/paths/~1a/get/responses/200/links/next"
GIVEN = {"id": "$response.body#/id"}


def leading(**link: Any) -> dict[str, Any]:
    """A spec with a link from one operation."""
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    thing = {"operationId": "getB", "parameters": [parameter], "responses": {"200": {"description": ""}}}
    answer = {"200": {"description": "", "links": {"next": link}}}
    return spec({"/a": {"get": {"responses": answer}}, "/b/{id}": {"get": thing}})


def test_an_operation_by_its_id_and_by_a_reference():
    by_id = leading(operationId="getB", parameters=GIVEN)
    assert said(by_id, leading(operationRef="#/paths/~1b~1{id}/get", parameters=GIVEN)) == []
    assert said(by_id, leading(operationRef="#/paths/~1a/get", parameters=GIVEN)) == [
        f"dangerous link-changed: {AT} -> {AT}"
    ]


def test_a_parameter_with_its_location():
    bare = leading(operationId="getB", parameters=GIVEN)
    assert said(bare, leading(operationId="getB", parameters={"path.id": GIVEN["id"]})) == []
    assert said(bare, leading(operationId="getB", parameters={"query.id": GIVEN["id"]})) == [
        f"dangerous link-changed: {AT} -> {AT}"
    ]
