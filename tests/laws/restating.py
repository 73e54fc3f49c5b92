"""Says a whole spec again in a later version of the specification: the same contract in other words.

Written from the specifications and not from the engine: Swagger 2.0, OpenAPI 3.0 and 3.1, JSON Schema 2020-12. Where a
dialect leaves room, the reading is said.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

Node = dict[str, Any]
LISTS = ("allOf", "oneOf", "anyOf")
MAPS = ("properties", "patternProperties")
SINGLE = ("items", "additionalProperties", "not")
DATA = ("example", "examples", "default", "enum", "mapping")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
STYLES = {
    "csv": (None, False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "pipes": ("pipeDelimited", False),
}


def in_31(document: Node) -> Node:
    """OpenAPI 3.0 as 3.1."""
    return {**_with_schemas(deepcopy(document), _schema_31), "openapi": "3.1.0"}


def in_32(document: Node) -> Node:
    """OpenAPI 3.1 as 3.2, which takes every 3.1 document as it is."""
    return {**deepcopy(document), "openapi": "3.2.0"}


def _with_schemas(node: Any, change: Callable[[Node], Node], *, names: bool = False) -> Any:
    """A document with each of its schemas changed; `names` where the keys are names and no keywords."""
    if isinstance(node, list):
        return [_with_schemas(item, change) for item in node]
    if not isinstance(node, dict):
        return node
    made = {}
    for key, value in node.items():
        if not names and (key in DATA or key.startswith("x-")):
            made[key] = value
        elif not names and key == "schema":
            made[key] = _below(value, change)
        elif not names and key == "schemas":
            made[key] = {name: _below(schema, change) for name, schema in value.items()}
        else:
            holds_names = not names and key in ("responses", "parameters", "headers", "content", "links", "callbacks")
            made[key] = _with_schemas(value, change, names=holds_names or key in ("paths", "requestBodies"))
    return made


def _below(schema: Any, change: Callable[[Node], Node]) -> Any:
    """A schema changed from within; a reference stays one."""
    if not isinstance(schema, dict) or "$ref" in schema:
        return schema
    made = dict(schema)
    for key in LISTS:
        if isinstance(made.get(key), list):
            made[key] = [_below(branch, change) for branch in made[key]]
    for key in MAPS:
        if isinstance(made.get(key), dict):
            made[key] = {name: _below(child, change) for name, child in made[key].items()}
    for key in SINGLE:
        if key in made:
            made[key] = _below(made[key], change)
    return change(made)


def _schema_31(schema: Node) -> Node:
    """One schema of 3.0 in the words of 3.1.

    `nullable` beside a `type` is null among the types, and in the enum, if there is one; beside a composition without a
    type, where 3.0.3 gives it no meaning, it is read as it is meant; alone it says nothing, for any type goes.
    """
    made = {key: value for key, value in schema.items() if key != "nullable"}
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(flag := made.pop(strict, None), bool) and flag and bound in made:
            made[strict] = made.pop(bound)
    if "example" in made:
        made["examples"] = [made.pop("example")]
    is_nullable = schema.get("nullable") is True
    if is_nullable and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made and None not in made["enum"]:
            made["enum"] = [*made["enum"], None]
    elif is_nullable and "anyOf" in made:
        made["anyOf"] = [*made["anyOf"], {"type": "null"}]
    elif is_nullable and (keyword := next((key for key in ("allOf", "oneOf") if key in made), None)):
        made["anyOf"] = [{keyword: made.pop(keyword)}, {"type": "null"}]
    if len(made.get("enum", ())) == 1:
        made["const"] = made.pop("enum")[0]
    return made


def from_swagger(document: Node) -> Node:
    """Swagger 2.0 as OpenAPI 3.0."""
    old = deepcopy(document)
    made: Node = {"openapi": "3.0.3", "info": old["info"]}
    for key in ("tags", "externalDocs", "security"):
        if key in old:
            made[key] = old[key]
    if "host" in old or "basePath" in old:
        host, path = old.get("host", ""), old.get("basePath", "")
        schemes = [f"{scheme}:" for scheme in old.get("schemes") or ()] or [""]
        made["servers"] = [{"url": f"{scheme}//{host}{path}" if host else path} for scheme in schemes]
    converter = _Swagger(old)
    made["paths"] = {path: converter.path_item(item) for path, item in old["paths"].items()}
    components: Node = {}
    if "definitions" in old:
        components["schemas"] = {name: converter.schema(node) for name, node in old["definitions"].items()}
    if "securityDefinitions" in old:
        components["securitySchemes"] = {
            name: converter.scheme(node) for name, node in old["securityDefinitions"].items()
        }
    if components:
        made["components"] = components
    return made | {key: value for key, value in old.items() if key.startswith("x-")}


class _Swagger:
    """Converts the parts of one Swagger 2.0 document."""

    def __init__(self, root: Node) -> None:
        self.root = root

    def path_item(self, item: Node) -> Node:
        made = {key: value for key, value in item.items() if key not in (*METHODS, "parameters")}
        shared = [self._resolved(parameter) for parameter in item.get("parameters", ())]
        for method in METHODS:
            if method in item:
                made[method] = self._operation(item[method], shared)
        return made

    def _operation(self, node: Node, shared: list[Node]) -> Node:
        made = {
            key: value for key, value in node.items() if key not in ("parameters", "responses", "consumes", "produces")
        }
        own = [self._resolved(parameter) for parameter in node.get("parameters", ())]
        known = {(parameter["name"], parameter["in"]) for parameter in own}
        parameters = [*(p for p in shared if (p["name"], p["in"]) not in known), *own]
        wire = [self._parameter(p) for p in parameters if p["in"] not in ("body", "formData")]
        if wire:
            made["parameters"] = wire
        consumes = node.get("consumes", self.root.get("consumes", []))
        form = [parameter for parameter in parameters if parameter["in"] == "formData"]
        body = next((parameter for parameter in parameters if parameter["in"] == "body"), None)
        if body is not None:
            media = {name: {"schema": self.schema(body["schema"])} for name in consumes or ["application/json"]}
            made["requestBody"] = {"content": media, "required": body.get("required", False)}
            if "description" in body:
                made["requestBody"]["description"] = body["description"]
        elif form:
            made["requestBody"] = self._form(form, consumes)
        produces = node.get("produces", self.root.get("produces", [])) or ["application/json"]
        made["responses"] = {
            status: self._response(self._resolved(response), produces)
            for status, response in node.get("responses", {}).items()
        }
        return made

    def _form(self, fields: list[Node], consumes: list[str]) -> Node:
        has_file = any(field.get("type") == "file" for field in fields)
        names = [name for name in consumes if "form" in name] or [
            "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
        ]
        properties = {field["name"]: self._inline(field) for field in fields}
        required = [field["name"] for field in fields if field.get("required")]
        schema = {"type": "object", "properties": properties} | ({"required": required} if required else {})
        lists = {
            field["name"]: STYLES[field.get("collectionFormat", "csv")]
            for field in fields
            if field.get("type") == "array"
        }
        encoding = {
            name: {"style": style or "form", "explode": False}
            for name, (style, explode) in lists.items()
            if not explode
        }
        media = {"schema": schema} | ({"encoding": encoding} if encoding else {})
        return {"content": {name: deepcopy(media) for name in names}, "required": bool(required)}

    def _inline(self, parameter: Node) -> Node:
        """The schema that a field of a form is, with all that is said of it."""
        wire = ("name", "in", "required", "collectionFormat", "allowEmptyValue")
        return self.schema({key: value for key, value in parameter.items() if key not in wire})

    def _parameter(self, parameter: Node) -> Node:
        kept = {key: value for key, value in parameter.items() if key in ("name", "in", "description", "required")}
        kept |= {key: value for key, value in parameter.items() if key.startswith("x-") or key == "allowEmptyValue"}
        said = {key: value for key, value in parameter.items() if key not in (*kept, "collectionFormat")}
        kept["schema"] = self.schema(said)
        if parameter.get("type") == "array":
            style, explode = STYLES[parameter.get("collectionFormat", "csv")]
            kept["explode"] = explode
            if style:
                kept["style"] = style
        return kept

    def _response(self, node: Node, produces: list[str]) -> Node:
        made = {key: value for key, value in node.items() if key not in ("schema", "headers", "examples")}
        if "schema" in node:
            made["content"] = {name: {"schema": self.schema(deepcopy(node["schema"]))} for name in produces}
            for name, example in node.get("examples", {}).items():
                made["content"].setdefault(name, {})["example"] = example
        if "headers" in node:
            made["headers"] = {
                name: {
                    **({"description": header["description"]} if "description" in header else {}),
                    "schema": self.schema({key: value for key, value in header.items() if key != "description"}),
                }
                for name, header in node["headers"].items()
            }
        return made

    def scheme(self, node: Node) -> Node:
        if node["type"] == "basic":
            return {**{key: value for key, value in node.items() if key != "type"}, "type": "http", "scheme": "basic"}
        if node["type"] != "oauth2":
            return node
        flow = {"application": "clientCredentials", "accessCode": "authorizationCode"}.get(node["flow"], node["flow"])
        parts = {key: value for key, value in node.items() if key in ("authorizationUrl", "tokenUrl", "scopes")}
        rest = {key: value for key, value in node.items() if key not in (*parts, "flow")}
        return rest | {"flows": {flow: parts}}

    def schema(self, node: Any) -> Any:
        """A schema with its references turned to components and what is Swagger's own said in OpenAPI 3.0."""
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return {"$ref": node["$ref"].replace("#/definitions/", "#/components/schemas/")}
        return _below(_with_references(node), _schema_30)

    def _resolved(self, node: Node) -> Node:
        """A parameter or response, whose reference is followed: what it becomes depends on where it is used."""
        if "$ref" not in node:
            return node
        target: Any = self.root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        found: Node = target
        return found


def _with_references(node: Any) -> Any:
    """A schema whose references name components; examples are left as they are."""
    if isinstance(node, list):
        return [_with_references(item) for item in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": node["$ref"].replace("#/definitions/", "#/components/schemas/")}
    return {key: value if key in DATA else _with_references(value) for key, value in node.items()}


def _schema_30(schema: Node) -> Node:
    made = {key: value for key, value in schema.items() if key != "x-nullable"}
    if schema.get("x-nullable") is True:
        made["nullable"] = True
    if made.get("type") == "file":
        made |= {"type": "string", "format": "binary"}
    if isinstance(made.get("discriminator"), str):
        made["discriminator"] = {"propertyName": made["discriminator"]}
    return made
