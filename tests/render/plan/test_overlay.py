"""The overlay applied to a base: every action finds its place, and marks it and nothing else."""

import copy
import re
from dataclasses import replace
from typing import Any

import yaml

from apidiff.plan.value import PlannedChange
from apidiff.render.plan.overlay import json_path, overlay_yaml
from apidiff.render.plan.view import view
from tests.render.plan.sample import CARD, CHANGES, change, sample

MARK = {
    "deprecated": True, "x-deprecated-at": "2027-01-11", "x-sunset": "2028-01-11",
    "x-apidiff-migration-guide": "https://developer.example.com/migrate/v2",
}  # fmt: skip
BASE: dict[str, Any] = {
    "paths": {
        "/v1/customers/{id}/cards/{card}": {"delete": {"responses": {}}, "get": {}},
        "/v1/refunds/{id}": {"get": {"responses": {}}},
        "/v1/it's": {"get": {"parameters": [{"name": "a", "in": "query"}, {"name": "b", "in": "query"}]}},
    },
    "components": {"schemas": {"Customer": {"properties": {"name": {"type": "string"}, "email": {"type": "string"}}}}},
}


def apply(overlay: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The overlay applied, with a reader of JSONPath of the test's own; an action that finds nothing fails."""
    result = copy.deepcopy(document)
    for action in overlay["actions"]:
        node: Any = result
        assert action["target"].startswith("$")
        for name, index in re.findall(r"\['((?:[^'\\]|\\.)*)'\]|\[(\d+)\]", action["target"]):
            node = node[int(index)] if index else node[re.sub(r"\\(.)", r"\1", name)]
        node |= action["update"]
    return result


def planned(*more: PlannedChange) -> Any:
    parameter = change(
        "bbbb", "parameter-removed", "query parameter `b` was removed", "GET /v1/it's",
        base="#/paths/~1v1~1it's/get/parameters/1", subject="parameter", name="b",
    )  # fmt: skip
    return sample(changes=(*sample().changes, PlannedChange(parameter, {}), *more))


def test_each_action_marks_what_ends() -> None:
    overlay = yaml.safe_load(overlay_yaml(view(planned())))
    assert (overlay["overlay"], overlay["info"]["version"]) == ("1.0.0", "2026-11-20")
    expected = copy.deepcopy(BASE)
    expected["paths"][CARD.partition(" ")[2]]["delete"] |= MARK
    expected["paths"]["/v1/refunds/{id}"]["get"] |= MARK | {"x-apidiff-replacement": "GET /v2/refunds/{id}"}
    expected["paths"]["/v1/it's"]["get"]["parameters"][1] |= MARK
    expected["components"]["schemas"]["Customer"]["properties"]["name"] |= MARK | {
        "x-apidiff-replacement": "first_name, last_name"
    }
    assert apply(overlay, BASE) == expected
    assert apply(overlay, apply(overlay, BASE)) == expected


def test_another_file_is_named_and_not_marked() -> None:
    elsewhere = replace(CHANGES[0], id="cccc", base="schemas/a.yaml#/properties/x", rule="property-removed")
    text = overlay_yaml(view(planned(PlannedChange(elsewhere, {}))))
    assert "# Not in the entry file, mark it by hand: schemas/a.yaml#/properties/x\n" in text
    assert len(yaml.safe_load(text)["actions"]) == 4


def test_swagger_has_no_deprecated_properties() -> None:
    text = overlay_yaml(view(sample(base=replace(sample().base, spec="swagger 2.0"))))
    marks = {action["target"]: action["update"] for action in yaml.safe_load(text)["actions"]}
    update = marks["$['components']['schemas']['Customer']['properties']['name']"]
    assert ("deprecated" in update, update["x-deprecated"]) == (False, True)


def test_names_are_quoted() -> None:
    assert (
        json_path(("paths", "/a'b\\c", "get", "parameters", "3")) == r"$['paths']['/a\'b\\c']['get']['parameters'][3]"
    )
    assert json_path(("components", "schemas", "x", "properties", "3")).endswith("['properties']['3']")
