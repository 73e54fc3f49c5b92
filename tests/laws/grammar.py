"""The objects of OpenAPI 3.0 and 3.1 as a grammar: what each may hold, for making small whole specs and editing them.

One table serves both: an edit of a spec is any step that the grammar allows at any object in it.
"""

import copy
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Node = Any


@dataclass(frozen=True)
class Values:
    """One of some plain values."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class One:
    """An object of a kind."""

    kind: str


@dataclass(frozen=True)
class Map:
    """Objects of a kind under some of these names."""

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Items:
    """A list of objects of a kind."""

    kind: str
    most: int = 3


@dataclass(frozen=True)
class Some:
    """A list of some of these plain values, each once."""

    values: tuple[Any, ...]


Part = Values | One | Map | Items | Some
PROPERTIES: Final = ("id", "name", "email", "size", "kind", "zip")
COMPONENTS: Final = ("Account", "Box", "Cart", "Door")
SCHEMAS: Final = tuple(f"#/components/schemas/{name}" for name in COMPONENTS)
TEXTS: Final = Values(("One.", "Another.", "A third."))
FLAG: Final = Values((True, False))
EXTENSION: Final = Values((1, "a", {"deep": [1]}, None))
DOCS: Final = Values(({"url": "https://a.example"}, {"url": "https://b.example", "description": "More."}))
MEDIA: Final = (
    *("application/json", "application/xml", "multipart/form-data", "text/*", "Application/JSON; charset=utf-8"),
    *('text/csv; Header="present"; charset=UTF8', "text/csv;charset=latin1;header=present"),
)

ANY_TYPE: Final[Mapping[str, Part]] = {
    "title": TEXTS,
    "description": TEXTS,
    "default": Values((1, "a", None)),
    "deprecated": FLAG,
    "readOnly": FLAG,
    "writeOnly": FLAG,
    "example": Values((1, "a")),
    "externalDocs": DOCS,
    "xml": Values(({"name": "a"}, {"attribute": True})),
    "allOf": Items("schema", 2),
    "oneOf": Items("schema"),
    "anyOf": Items("schema"),
    "not": One("leaf"),
    "discriminator": One("discriminator"),
    "x-note": EXTENSION,
    "x-extensible-enum": Some(("a", "b", "c")),
}
BY_TYPE: Final[Mapping[str, Mapping[str, Part]]] = {
    "string": {
        "minLength": Values((0, 1, 2, 3)),
        "maxLength": Values((4, 5, 9)),
        "pattern": Values(("^a", "^ab", "b$", "^[a-z]+$")),
        "format": Values(("date", "date-time", "uuid", "email", "password")),
    },
    "number": {
        "minimum": Values((0, 1, 2.5)),
        "maximum": Values((6, 8, 10.5)),
        "multipleOf": Values((1, 2, 3, 0.5)),
        "format": Values(("int32", "int64", "float")),
    },
    "array": {
        "items": One("schema"),
        "minItems": Values((0, 1, 2)),
        "maxItems": Values((3, 4)),
        "uniqueItems": FLAG,
    },
    "object": {
        "properties": Map("schema", PROPERTIES),
        "required": Some(PROPERTIES[:4]),
        "additionalProperties": One("rest"),
        "minProperties": Values((0, 1)),
        "maxProperties": Values((4, 5)),
    },
    "boolean": {},
}
MODERN: Final[Mapping[str, Mapping[str, Part]]] = {
    "": {
        "examples": Some(("a", 1, "b")),
        "$comment": TEXTS,
        "if": One("leaf"),
        "then": One("leaf"),
        "else": One("leaf"),
    },
    "string": {
        "contentEncoding": Values(("base64", "base16")),
        "contentMediaType": Values(("image/png", "text/html")),
        "contentSchema": One("leaf"),
    },
    "number": {"exclusiveMinimum": Values((0, 1)), "exclusiveMaximum": Values((9, 10))},
    "array": {
        "prefixItems": Items("leaf", 2),
        "contains": One("leaf"),
        "minContains": Values((0, 1, 2)),
        "maxContains": Values((3, 4)),
        "unevaluatedItems": One("rest"),
    },
    "object": {
        "patternProperties": Map("leaf", ("^x-", "_at$")),
        "propertyNames": One("leaf"),
        "dependentRequired": Values(({"id": ["name"]}, {"id": ["name", "zip"]}, {"zip": ["id"]})),
        "dependentSchemas": Map("leaf", ("id", "zip")),
        "unevaluatedProperties": One("rest"),
    },
    "boolean": {},
}
OLD: Final[Mapping[str, Mapping[str, Part]]] = {
    "": {"nullable": FLAG},
    "number": {"exclusiveMinimum": FLAG, "exclusiveMaximum": FLAG},
}
OBJECTS: Final[Mapping[str, Mapping[str, Part]]] = {
    "document": {
        "info": One("info"),
        "paths": Map("path", ("/a", "/b/{id}", "/c/{id}/d")),
        "components": One("components"),
        "servers": Items("server", 2),
        "security": Items("requirement", 2),
        "tags": Items("tag", 2),
        "externalDocs": DOCS,
        "x-note": EXTENSION,
    },
    "info": {
        "title": TEXTS,
        "version": Values(("1.0.0", "1.1.0", "2.0.0")),
        "description": TEXTS,
        "termsOfService": Values(("https://a.example/terms", "https://b.example/terms")),
        "contact": Values(({"name": "A"}, {"email": "a@b.example"})),
        "license": Values(({"name": "MIT"}, {"name": "Apache 2.0"})),
        "x-note": EXTENSION,
    },
    "tag": {"name": Values(("red", "blue", "green")), "description": TEXTS},
    "server": {
        "url": Values(
            (
                *(
                    "https://a.example/v1",
                    "https://b.example",
                    "https://{env}.example/v1",
                    "https://{stage}.example/v1",
                ),
                *("HTTPS://A.example:443/v1/", "/", "/v1", "https://{env}.example/{stage}", "https://a.example:8443"),
            )
        ),
        "description": TEXTS,
        "variables": Values(
            (
                {"env": {"default": "a"}},
                {"env": {"default": "b", "enum": ["b"], "description": "Env."}},
                {"env": {"default": "a", "enum": ["a", "b"]}},
                {"env": {"default": "b", "enum": ["b", "c", "a"]}},
                {"stage": {"default": "a", "enum": ["a", "b"]}, "env": {"default": "c"}},
            )
        ),
        "x-note": EXTENSION,
    },
    "requirement": {"key": Values(([],)), "login": Some(("read", "write"))},
    "path": {
        "get": One("operation"),
        "post": One("operation"),
        "delete": One("operation"),
        "summary": TEXTS,
        "description": TEXTS,
        "parameters": Items("parameter", 2),
        "servers": Items("server", 1),
        "x-note": EXTENSION,
    },
    "operation": {
        "responses": Map("response", ("200", "201", "404", "2XX", "4XX", "default")),
        "operationId": Values(tuple(f"operation{n}" for n in range(40))),
        "summary": TEXTS,
        "description": TEXTS,
        "tags": Some(("red", "blue", "green")),
        "parameters": Items("parameter", 4),
        "requestBody": One("body"),
        "security": Items("requirement", 2),
        "servers": Items("server", 1),
        "deprecated": FLAG,
        "callbacks": Map("callback", ("done", "failed")),
        "externalDocs": DOCS,
        "x-note": EXTENSION,
        "x-sunset": Values(("2027-01-01", "2028-01-01")),
        "x-sunset-at": Values(("2027-01-01", "2029-01-01")),
        "x-stability": Values(("beta", "preview", "ga")),
        "x-stability-level": Values(("alpha", "beta", "stable", "draft", "experimental")),
    },
    "parameter": {
        "name": Values(("id", "limit", "X-Page", "sort")),
        "in": Values(("query", "header", "cookie", "path")),
        "schema": One("schema"),
        "content": Map("media", MEDIA[:1]),
        "required": FLAG,
        "description": TEXTS,
        "deprecated": FLAG,
        "allowEmptyValue": FLAG,
        "style": Values(("form", "simple", "spaceDelimited", "deepObject")),
        "explode": FLAG,
        "allowReserved": FLAG,
        "example": Values((1, "a")),
        "x-note": EXTENSION,
    },
    "header": {
        "schema": One("schema"),
        "required": FLAG,
        "description": TEXTS,
        "deprecated": FLAG,
        "explode": FLAG,
        "x-note": EXTENSION,
    },
    "body": {"content": Map("media", MEDIA), "required": FLAG, "description": TEXTS, "x-note": EXTENSION},
    "media": {
        "schema": One("schema"),
        "example": Values((1, "a")),
        "examples": Values(({"one": {"value": 1}}, {"one": {"$ref": "#/components/examples/one"}})),
        "encoding": Values(
            ({"id": {"contentType": "text/plain"}}, {"id": {"style": "form"}, "zip": {"explode": True}})
        ),
        "x-note": EXTENSION,
    },
    "response": {
        "description": TEXTS,
        "content": Map("media", MEDIA),
        "headers": Map("header", ("X-Rate", "X-Next")),
        "links": Map("link", ("next", "self")),
        "x-note": EXTENSION,
    },
    "link": {
        "operationId": Values(("operation1", "operation2")),
        "parameters": Values(({"id": "$response.body#/id"}, {"id": "$request.path.id"})),
        "description": TEXTS,
    },
    "callback": {"{$request.query.url}": One("path"), "x-note": EXTENSION},
    "components": {
        "schemas": Map("schema", COMPONENTS),
        "parameters": Map("parameter", ("page",)),
        "responses": Map("response", ("gone",)),
        "headers": Map("header", ("rate",)),
        "requestBodies": Map("body", ("pet",)),
        "securitySchemes": Map("scheme", ("key", "login")),
        "examples": Map("example", ("one",)),
        "links": Map("link", ("next",)),
        "x-note": EXTENSION,
    },
    "example": {"value": Values((1, 2, {"a": 1})), "summary": TEXTS},
    "scheme": {
        "type": Values(("apiKey", "http", "oauth2", "openIdConnect")),
        "name": Values(("X-Key", "Token")),
        "in": Values(("header", "query")),
        "scheme": Values(("bearer", "basic")),
        "bearerFormat": Values(("JWT", "opaque")),
        "openIdConnectUrl": Values(("https://a.example", "https://b.example")),
        "flows": Map("flow", ("implicit", "clientCredentials")),
        "description": TEXTS,
        "x-note": EXTENSION,
    },
    "flow": {
        "authorizationUrl": Values(("https://a.example/auth", "https://b.example/auth")),
        "tokenUrl": Values(("https://a.example/token", "https://b.example/token")),
        "refreshUrl": Values(("https://a.example/new", "https://b.example/new")),
        "scopes": Values(({"read": "Read."}, {"read": "Read it.", "write": "Write."})),
        "x-note": EXTENSION,
    },
    "discriminator": {
        "propertyName": Values(("kind", "id")),
        "mapping": Values(({"a": SCHEMAS[0]}, {"a": SCHEMAS[1], "b": SCHEMAS[0]})),
        "x-note": EXTENSION,
    },
}
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "document": ("info", "paths", "components"),
    "info": ("title", "version"),
    "tag": ("name",),
    "server": ("url",),
    "operation": ("responses",),
    "parameter": ("name", "in"),
    "response": ("description",),
    "components": ("schemas",),
    "scheme": ("type",),
    "flow": ("scopes",),
    "discriminator": ("propertyName",),
    "example": ("value",),
    "callback": ("{$request.query.url}",),
}
"""What an object can't do without."""
REFERENCES: Final = {
    "schema": SCHEMAS,
    "parameter": ("#/components/parameters/page",),
    "response": ("#/components/responses/gone",),
    "header": ("#/components/headers/rate",),
    "body": ("#/components/requestBodies/pet",),
    "link": ("#/components/links/next",),
}
LISTED: Final = {"string": ("a", "abc", "abcd"), "number": (1, 2, 6.5), "integer": (1, 2, 6), "null": (None,)}
"""Values to list, by type."""
KEYED: Final = {"parameter": ("name", "in"), "tag": ("name",), "server": ("url",)}
"""What tells the objects of a list apart: no two may share it."""


@dataclass
class Grammar:
    """Makes and edits specs of one version, by the choices of `draw`."""

    draw: random.Random
    version: str

    @property
    def is_modern(self) -> bool:
        """Whether schemas are JSON Schema 2020-12."""
        return self.version.startswith("3.1")

    # making -----------------------------------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """A whole spec, small, whose references all lead somewhere."""
        made = self.make("document", 0)
        components = made["components"]
        components["schemas"] = {name: self.make("schema", 2, refer=False) for name in COMPONENTS}
        for name in COMPONENTS[:2]:
            components["schemas"][name]["type"] = "object"
        for section, kind in (("parameters", "parameter"), ("responses", "response"), ("headers", "header")):
            (name,) = OBJECTS["components"][section].names  # type: ignore[union-attr]
            components.setdefault(section, {})[name] = self.make(kind, 2, refer=False)
        components.setdefault("requestBodies", {})["pet"] = self.make("body", 2, refer=False)
        components.setdefault("links", {})["next"] = self.make("link", 2, refer=False)
        components.setdefault("examples", {})["one"] = {"value": 1}
        return {"openapi": self.version, **made}

    def parts(self, kind: str, node: Node = None) -> Mapping[str, Part]:
        """What an object of a kind may hold; for a schema, what its types make of it."""
        if kind == "document" and self.is_modern:
            return {**OBJECTS[kind], "webhooks": Map("path", ("created", "gone"))}
        if kind not in ("schema", "leaf", "rest"):
            return OBJECTS[kind]
        declared = node.get("type", "") if isinstance(node, dict) else ""
        types = [declared] if isinstance(declared, str) else declared
        values = [value for name in types or LISTED for value in LISTED.get(name, ())]
        types = ["number" if name == "integer" else name for name in types if name not in ("", "null")]
        extra = MODERN if self.is_modern else OLD
        found = {**ANY_TYPE, **extra[""], **({"enum": Some(tuple(values))} if values else {})}
        if self.is_modern and values:
            found["const"] = Values(tuple(values))
        for name in types or list(BY_TYPE):
            found |= {**BY_TYPE[name], **extra.get(name, {})}
        return found

    def make(self, kind: str, depth: int, *, refer: bool = True) -> Node:
        """An object of a kind, or a reference to one."""
        chance = self.draw.random
        if refer and kind in REFERENCES and depth > 1 and chance() < 0.3:
            return {"$ref": self.draw.choice(REFERENCES[kind])}
        if kind == "rest" and chance() < 0.5:
            return self.draw.choice((True, False))
        if kind in ("schema", "leaf", "rest"):
            return self._schema(depth if kind == "schema" else 9)
        made = {}
        for keyword, part in self.parts(kind).items():
            needed = keyword in NEEDED.get(kind, ())
            if needed or chance() < (0.35 if depth < 4 else 0.1):
                value = self.value(part, depth + 1)
                if value not in ({}, []) or needed:
                    made[keyword] = value
        if kind == "requirement":
            made = made or {"key": []}
        if kind == "parameter" and "schema" in made:
            made.pop("content", None)
        if kind == "media" and "example" in made:
            made.pop("examples", None)
        return made

    def _schema(self, depth: int) -> Node:
        draw, made = self.draw, {}
        kind = draw.choice(("string", "number", "integer", "array", "object", "object", "boolean", ""))
        if kind and (self.is_modern and draw.random() < 0.2):
            made["type"] = sorted({kind, draw.choice(("null", "string", "boolean"))})
        elif kind:
            made["type"] = kind
        own = BY_TYPE.get("number" if kind == "integer" else kind, {})
        for keyword, part in self.parts("schema", made).items():
            nested = isinstance(part, (One, Map, Items))
            if depth > 4 and nested:
                continue
            if draw.random() < (0.5 if keyword in own else 0.04):
                value = self._branches(made) if keyword == "allOf" else self.value(part, depth + 1)
                if value not in ({}, []):
                    made[keyword] = value
        return made

    def _branches(self, schema: Node) -> list[Node]:
        """Schemas for an `allOf`, that leave values to those of a schema's type."""
        kind = schema.get("type", "")
        made = []
        for _ in range(self.draw.randint(1, 2)):
            branch = {"type": kind} if kind and self.draw.random() < 0.5 else {}
            parts = (
                BY_TYPE.get("number" if kind == "integer" else kind, ANY_TYPE) if isinstance(kind, str) else ANY_TYPE
            )
            for keyword, part in parts.items():
                if not isinstance(part, (One, Map, Items)) and self.draw.random() < 0.3:
                    branch[keyword] = self.value(part, 9)
            made.append(branch)
        if kind == "object" and self.draw.random() < 0.5:
            made.append({"$ref": self.draw.choice(SCHEMAS[:2])})
        return made

    def value(self, part: Part, depth: int) -> Node:
        """A value for a keyword."""
        draw = self.draw
        if isinstance(part, Values):
            return copy.deepcopy(draw.choice(part.values))
        if isinstance(part, One):
            return self.make(part.kind, depth)
        if isinstance(part, Some):
            return draw.sample(part.values, draw.randint(1, len(part.values)))
        if isinstance(part, Map):
            names = draw.sample(part.names, draw.randint(1, min(3, len(part.names))))
            return {name: self.make(part.kind, depth) for name in names}
        made = [self.make(part.kind, depth) for _ in range(draw.randint(1, part.most))]
        return self.apart(part.kind, made)

    @staticmethod
    def apart(kind: str, made: list[Node]) -> list[Node]:
        """The objects of a list without those that share what tells them apart."""
        found: dict[str, Node] = {}
        for index, node in enumerate(made):
            keys = KEYED.get(kind)
            name = (
                str([node.get(key) for key in keys])
                if keys and "$ref" not in node
                else str(node)
                if keys
                else str(index)
            )
            found.setdefault(name, node)
        return list(found.values())

    # editing ----------------------------------------------------------------------------------------------------------

    def edited(self, document: dict[str, Any], count: int) -> dict[str, Any]:
        """The spec after some edits, each at an object of its own choice."""
        tree = copy.deepcopy(document)
        for _ in range(count):
            objects = list(self.objects("document", tree))
            weights = [0.3 if kind in ("schema", "leaf", "rest") else 1.0 for kind, _ in objects]
            kind, node = self.draw.choices(objects, weights)[0]
            self._edit(kind, node)
        return tree

    def objects(self, kind: str, node: Node) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every object of a spec with its kind."""
        if not isinstance(node, dict) or "$ref" in node:
            return
        yield kind, node
        for keyword, part in self.parts(kind, node).items():
            held = node.get(keyword)
            if isinstance(part, One):
                yield from self.objects(part.kind, held)
            elif isinstance(part, (Map, Items)):
                values = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
                for child in values:
                    yield from self.objects(part.kind, child)

    def _edit(self, kind: str, node: dict[str, Any]) -> None:
        draw = self.draw
        parts = dict(self.parts(kind, node))
        if kind in ("schema", "leaf", "rest"):
            types = ("string", "number", "integer", "array", "object", "boolean")
            parts["type"] = Values((*types, *([["string", "null"], ["integer", "string"]] if self.is_modern else ())))
        if kind == "parameter":
            parts.pop("schema" if "content" in node else "content", None)
        present = [keyword for keyword in parts if keyword in node]
        keyword = draw.choice(present if present and draw.random() < 0.7 else list(parts))
        part = parts[keyword]
        if keyword == "allOf":
            node[keyword] = self._branches(node)
        elif keyword not in node:
            node[keyword] = self.value(part, 4)
        elif isinstance(part, Map) and draw.random() < 0.8:
            self._edit_map(part, node[keyword])
        elif isinstance(part, Items) and draw.random() < 0.8:
            self._edit_list(part, node[keyword])
        elif keyword not in NEEDED.get(kind, ()) and draw.random() < 0.5:
            del node[keyword]
        elif not isinstance(part, Map):
            node[keyword] = self.value(part, 4)

    def _edit_map(self, part: Map, held: dict[str, Any]) -> None:
        draw, free = self.draw, [name for name in part.names if name not in held]
        fixed = set(held) if part.names in (COMPONENTS, ("page",), ("gone",), ("rate",), ("pet",), ("one",)) else set()
        if part.kind == "link" and part.names == ("next",):
            fixed = set(held)
        names = sorted(set(held) - fixed)
        way = draw.choice(("add", "remove", "rename", "replace"))
        if way == "add" and free:
            held[draw.choice(free)] = self.make(part.kind, 4)
        elif way == "remove" and names:
            del held[draw.choice(names)]
        elif way == "rename" and names and free:
            held[draw.choice(free)] = held.pop(draw.choice(names))
        elif held:
            name = draw.choice(sorted(held))
            held[name] = self.make(part.kind, 4, refer=name not in fixed)

    def _edit_list(self, part: Items, held: list[Any]) -> None:
        draw = self.draw
        way = draw.choice(("add", "remove", "replace", "reverse"))
        if way == "remove" and len(held) > 1:
            del held[draw.randrange(len(held))]
        elif way == "replace" and held:
            held[draw.randrange(len(held))] = self.make(part.kind, 4)
        elif way == "reverse":
            held.reverse()
        else:
            held.append(self.make(part.kind, 4))
        held[:] = self.apart(part.kind, held)


def is_sound(document: dict[str, Any]) -> bool:
    """Whether no schema is put together from itself alone, which would say nothing at all."""
    schemas = document["components"]["schemas"]
    ways = {name: set(_parts_of(schema)) for name, schema in schemas.items()}
    for name in ways:
        reached, waiting = set(), [name]
        while waiting:
            for other in ways.get(waiting.pop(), set()) - reached:
                reached.add(other)
                waiting.append(other)
        if name in reached:
            return False
    return True


def _parts_of(schema: Node) -> Iterator[str]:
    """The components that a schema is put together from."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rsplit("/", 1)[-1]
        for keyword in ("allOf", "oneOf", "anyOf"):
            for branch in schema.get(keyword, ()):
                yield from _parts_of(branch)
