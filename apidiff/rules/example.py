"""Whole specs around the fragments of a rule's example, so that the differ itself can prove the rule."""

from typing import Any

from apidiff.rules.rule import Example
from apidiff.words.direction import Direction

_ANSWER: dict[str, Any] = {"200": {"description": "OK"}}


def documents(example: Example) -> tuple[dict[str, Any], dict[str, Any]]:
    """The smallest whole specs around the two fragments of an example, base first.

    They are OpenAPI 3.1, and 3.0 where a fragment says `nullable`.
    """
    return _document(example, example.before), _document(example, example.after)


def _document(example: Example, fragment: str) -> dict[str, Any]:
    """The whole spec around one fragment."""
    from ryaml import loads  # type: ignore[attr-defined]

    value: Any = loads(fragment)
    head: dict[str, Any] = {
        "openapi": "3.0.3" if "nullable" in fragment else "3.1.0",
        # without a version, for one that stays is a change of its own beside any break
        "info": {"title": "Example"},
    }
    if example.at == "document":
        return {**head, "paths": {}, **value}
    if example.at == "components":
        return head | {"paths": {"/things": {"get": {"responses": _answer(_reference(value))}}}, "components": value}
    return head | {"paths": _paths(example, value)}


def _paths(example: Example, value: Any) -> dict[str, Any]:
    """The path items around one fragment that is smaller than a document."""
    match example.at:
        case "paths":
            return dict(value)
        case "operation":
            return {"/things": {"get": {"responses": _ANSWER} | value}}
        case "responses":
            return {"/things": {"get": {"responses": value}}}
        case "response":
            return {"/things": {"get": {"responses": {"200": {"description": "OK"} | value}}}}
        case "request":
            return {"/things": {"post": {"requestBody": value, "responses": _ANSWER}}}
        case "parameter" | "parameters":
            given = value if isinstance(value, list) else [value]
            return {_path(given): {"get": {"parameters": [_whole(item) for item in given], "responses": _ANSWER}}}
        case "schema" if example.direction is Direction.REQUEST:
            body = {"required": True, "content": {"application/json": {"schema": value}}}
            return {"/things": {"post": {"requestBody": body, "responses": _ANSWER}}}
        case "schema":
            return {"/things": {"get": {"responses": _answer(value)}}}
    raise ValueError(f"an example can't stand at {example.at!r}")


def _answer(schema: Any) -> dict[str, Any]:
    """The one answer 200, with a JSON body of this schema."""
    return {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}


def _reference(components: dict[str, Any]) -> dict[str, Any]:
    """A reference to the first schema of some components, or a schema that allows everything."""
    name = next(iter(components.get("schemas", {})), None)
    return {"$ref": f"#/components/schemas/{name}"} if name else {}


def _path(given: list[dict[str, Any]]) -> str:
    """The path template that names every path parameter given."""
    return "/things" + "".join(f"/{{{item['name']}}}" for item in given if item.get("in") == "path")


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    """A parameter with what it may not lack."""
    return item if "schema" in item or "content" in item else item | {"schema": {"type": "string"}}
