"""Free-form values: what they refer to is said once, where it stands."""

import json
from pathlib import Path
from typing import Any

from apidiff import compare
from tests.diff.saying import said, spec


def directions(base: Any, revision: Any) -> dict[str, str | None]:
    return {change.rule: change.direction for change in compare(base, revision).changes}


def test_a_component_that_values_refer_to_is_said_once():
    def telling(value: Any) -> Any:
        content = {"application/json": {"schema": {}, "examples": {"one": {"$ref": "#/components/examples/one"}}}}
        operation = {"responses": {"200": {"description": "OK", "content": content}}}
        return spec({"/a": {"get": operation}}, components={"examples": {"one": {"value": value}}})

    at = "#/components/examples/one"
    assert said(telling(1), telling(2)) == [f"editorial example-changed: {at} -> {at}"]
    assert directions(telling(1), telling(2)) == {"example-changed": "response"}
    later = telling(2) | {"openapi": "3.2.0"}
    assert directions(telling(1), later) == {"example-changed": "response", "dialect-changed": None}


def test_a_file_that_values_refer_to_is_said_where_it_is(tmp_path: Path):
    def telling(name: str, source: str) -> str:
        (tmp_path / name).mkdir()
        operation = {"x-code": [{"$ref": "curl.json"}, 1], "responses": {"200": {"description": "OK"}}}
        (tmp_path / name / "spec.json").write_text(json.dumps(spec({"/a": {"get": operation}})), encoding="utf-8")
        (tmp_path / name / "curl.json").write_text(json.dumps({"source": source}), encoding="utf-8")
        return str(tmp_path / name / "spec.json")

    assert said(telling("base", "curl a"), telling("revision", "curl b")) == [
        "editorial extension-changed: curl.json# -> curl.json#"
    ]
