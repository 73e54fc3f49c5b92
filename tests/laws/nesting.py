"""Where a schema can stand in a spec, and how OpenAPI 3.0 writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
_REF = "#/components/schemas/"


@dataclass(frozen=True)
class Nesting:
    """A schema put somewhere: (root, components) around it, and the whole value around one of its values."""

    name: str
    wrap: Callable[[Schema], tuple[Schema, Mapping[str, Schema]]]
    embed: Callable[[Any], Any]


def _object(name: str, schema: Schema, *, required: bool = False) -> Schema:
    return {"type": "object", "properties": {name: schema}} | ({"required": [name]} if required else {})


def _node(schema: Schema) -> Schema:
    return {"type": "object", "properties": {"value": schema, "next": {"$ref": f"{_REF}Node"}}}


def _choice(schema: Schema) -> Schema:
    branches = [
        {"type": "object", "required": ["tag"], "properties": {"tag": {"enum": [tag]}, "p": inner}}
        for tag, inner in (("one", schema), ("two", {"type": "string"}))
    ]
    return {"oneOf": branches}


NESTINGS = (
    Nesting("body", lambda schema: (schema, {}), lambda value: value),
    Nesting("property", lambda schema: (_object("p", schema), {}), lambda value: {"p": value}),
    Nesting("required property", lambda schema: (_object("p", schema, required=True), {}), lambda value: {"p": value}),
    Nesting("items", lambda schema: ({"type": "array", "items": schema}, {}), lambda value: [value]),
    Nesting("map", lambda schema: ({"type": "object", "additionalProperties": schema}, {}), lambda value: {"k": value}),
    Nesting("$ref", lambda schema: ({"$ref": f"{_REF}Thing"}, {"Thing": schema}), lambda value: value),
    Nesting(
        "chain of $ref",
        lambda schema: (
            {"$ref": f"{_REF}One"},
            {"One": {"$ref": f"{_REF}Two"}, "Two": _object("p", {"$ref": f"{_REF}Three"}), "Three": schema},
        ),
        lambda value: {"p": value},
    ),
    Nesting(
        "recursion",
        lambda schema: ({"$ref": f"{_REF}Node"}, {"Node": _node(schema)}),
        lambda value: {"next": {"next": {"value": value}}},
    ),
    Nesting(
        "allOf",
        lambda schema: ({"allOf": [_object("p", schema), _object("q", {"type": "string"})]}, {}),
        lambda value: {"p": value},
    ),
    Nesting("oneOf", lambda schema: (_choice(schema), {}), lambda value: {"tag": "one", "p": value}),
)


def whole(root: Schema, components: Mapping[str, Schema]) -> Schema:
    """A schema that stands on its own, with the components that it refers to."""
    return {**root, "components": {"schemas": dict(components)}} if components else root


def spec(root: Schema, components: Mapping[str, Schema], version: str) -> dict[str, Any]:
    """A spec in which callers send and receive the schema."""
    content = {"application/json": {"schema": root}}
    post = {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "OK", "content": content}},
    }
    return {
        "openapi": version,
        "info": {"title": "Law", "version": "1.0.0"},
        "paths": {"/law": {"post": post}},
        "components": {"schemas": dict(components)},
    }


_UNKNOWN_TO_30 = {
    *("prefixItems", "contains", "propertyNames", "patternProperties", "dependentRequired", "dependentSchemas"),
    *("unevaluatedProperties", "if", "then", "else"),
}


def as_30(schema: Any) -> Any:
    """The same schema in the words of OpenAPI 3.0, None where it has none for it."""
    if isinstance(schema, bool):
        return None
    if _UNKNOWN_TO_30 & schema.keys() or schema.get("type") == "null":
        return None
    said: Schema = {}
    for keyword, value in schema.items():
        match keyword:
            case "const":
                said["enum"] = [value]
            case "exclusiveMinimum" | "exclusiveMaximum":
                said |= {keyword[9].lower() + keyword[10:]: value, keyword: True}
            case "type" if isinstance(value, list):
                kinds = [kind for kind in value if kind != "null"]
                if len(kinds) != 1:
                    return None
                said |= {"type": kinds[0]} | ({"nullable": True} if "null" in value else {})
            case "properties":
                said[keyword] = {name: as_30(inner) for name, inner in value.items()}
            case "additionalProperties" if isinstance(value, bool):
                said[keyword] = value
            case "items" | "additionalProperties" | "not":
                said[keyword] = as_30(value)
            case "allOf" | "anyOf" | "oneOf":
                said[keyword] = [as_30(inner) for inner in value]
            case _:
                said[keyword] = value
    held = [
        *said.get("properties", {}).values(),
        *(said[key] for key in ("items", "not", "additionalProperties") if key in said),
    ]
    held += [inner for keyword in ("allOf", "anyOf", "oneOf") for inner in said.get(keyword, ())]
    return None if any(inner is None for inner in held) else said
