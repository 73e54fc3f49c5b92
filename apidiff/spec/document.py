"""Reads one side's document into its parts, once."""

from dataclasses import replace
from functools import cached_property
from typing import Any, Final

from apidiff.load.resolve import Dialect, Form, Sequence, Side, find_or_none
from apidiff.load.values import Node
from apidiff.schema import KNOWN, Place
from apidiff.spec.counts import Counts
from apidiff.spec.media import media_key, media_keys
from apidiff.spec.parts import METHODS, WITHOUT_BODY, Body, Media, Operation, Parameter, Response
from apidiff.spec.serialization import serialization
from apidiff.spec.servers import addresses_of, servers_of
from apidiff.spec.text import mapping_of, server_url, text_of, url_path
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer

PARAMETER_SCHEMA_KEYS: Final = frozenset(KNOWN - {"required", "description", "deprecated", "readOnly", "example"})
FIELD_KEYS: Final = frozenset({"name", "in", "required", "collectionFormat", "allowEmptyValue"})
"""Keys of a form's field that say nothing of its values."""
IGNORED: Final = ("accept", "authorization", "content-type")
"""Header parameters that "SHALL be ignored" (OpenAPI 3.1, 4.8.12.2): other parts of an operation say them."""


class Spec:
    """One side's operations and components, read once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.is_swagger = side.dialect is Dialect.SWAGGER_2
        self.operations: dict[OperationId, Operation] = {}
        self.webhooks: dict[OperationId, Operation] = {}
        self.passed_over: list[Pointer] = []
        """Parameters of Swagger 2.0 beside a body, which must be the only one."""
        self.server_places = self._servers(side.root, Pointer())
        self._bodies: dict[int, dict[str, Media]] = {}
        self._held: dict[int, tuple[Node, dict[str, Place], dict[str, Place]]] = {}
        self._counts = Counts(side)
        self._read: dict[tuple[int, int, bool], Operation] = {}
        self._called: dict[int, dict[OperationId, Operation]] = {}
        self._prefixes: dict[int, tuple[tuple[Place, ...], tuple[str, ...]]] = {}
        for operation in self._read_paths("paths"):
            self.operations[operation.id] = operation
        for operation in self._read_paths("webhooks"):
            self.webhooks[OperationId.webhook(operation.method, operation.path)] = operation

    @property
    def everything(self) -> dict[OperationId, Operation]:
        """The operations and the webhooks."""
        return self.operations | self.webhooks

    def _read_paths(self, section: str) -> list[Operation]:
        found: list[Operation] = []
        at = Pointer("", (section,))
        for path, item in mapping_of(self.side.root, section).items():
            self._counts.check_path(path, at)
            if isinstance(item, dict) and not path.startswith("x-"):
                found.extend(self.path_item(path, item, at.child(path)))
        return found

    def path_item(self, path: str, item: Node, pointer: Pointer) -> list[Operation]:
        """The operations of one path item."""
        siblings = item
        item, pointer = self.side.deref(item, pointer)
        if not isinstance(item, dict):
            return []
        shared = self._parameters(item, pointer)
        servers = self._servers(item, pointer) or self.server_places
        operations: list[Operation] = []
        methods = [(method, item, pointer) for method in METHODS if method in item]
        extra = mapping_of(item, "additionalOperations")
        methods += [(method, extra, pointer.child("additionalOperations")) for method in extra]
        if siblings is not item and "$ref" in siblings:
            methods += [(m, siblings, pointer) for m in METHODS if m in siblings and m not in item]
        for method, holder, where in methods:
            node, at = self.side.deref(holder[method], where.child(method))
            if not isinstance(node, dict):
                continue
            key = (id(node), id(item), method.upper() == "HEAD")
            read = self._read.get(key)
            if read is None:
                read = self._read[key] = self._operation(path, method.upper(), (node, at), shared, servers)
            elif (read.method, read.path) != (method.upper(), path):
                read = replace(read, id=OperationId.of(method, path), method=method.upper(), path=path)
            operations.append(read)
            self._counts.add("operations", 1, pointer)
            self._counts.add("parameters", len(read.parameters), pointer)
        return operations

    def _operation(
        self,
        path: str,
        method: str,
        place: Place,
        shared: dict[tuple[str, str], Parameter],
        servers: tuple[Place, ...],
    ) -> Operation:
        node, pointer = place
        parameters = {**shared, **self._parameters(node, pointer)}
        form = [parameter for parameter in parameters.values() if parameter.location in ("body", "formData")]
        ignored = {} if self.is_swagger else {name: parameters.pop(("header", name)) for name in IGNORED if ("header", name) in parameters}  # fmt: skip  # noqa: E501
        wire = {key: value for key, value in parameters.items() if value.location not in ("body", "formData")}
        own = self._servers(node, pointer) or servers
        return Operation(
            id=OperationId.of(method, path),
            method=method,
            path=path,
            place=place,
            node=node,
            parameters=wire,
            body=self._swagger_body(node, pointer, form) if self.is_swagger else self._body(node, pointer),
            responses=self._responses(node, pointer, is_head=method == "HEAD"),
            security=self._security(node, pointer) if "security" in node else self.root_security,
            callbacks={
                name: (entry, pointer.child("callbacks", name)) for name, entry in mapping_of(node, "callbacks").items()
            },
            prefixes=self.prefixes(own),
            servers=own,
            ignored=ignored,
        )

    # parameters -------------------------------------------------------------------------------------------------------

    def _parameters(self, holder: dict[str, Any], pointer: Pointer) -> dict[tuple[str, str], Parameter]:
        found: dict[tuple[str, str], Parameter] = {}
        nodes = holder.get("parameters")
        for index, entry in enumerate(nodes if isinstance(nodes, list) else ()):
            site = pointer.child("parameters", index)
            node, at = self.side.deref(entry, site)
            if isinstance(node, dict) and isinstance(node.get("name"), str) and isinstance(node.get("in"), str):
                parameter = self.parameter(node, at, site=site)
                name = parameter.name.lower() if parameter.location == "header" else parameter.name
                found[(parameter.location, name)] = parameter
        return found

    def parameter(self, node: Node, pointer: Pointer, *, site: Pointer | None = None) -> Parameter:
        """One parameter object, whatever its dialect; what is half-written reads as far as it goes."""
        node = node if isinstance(node, dict) else {}
        location = text_of(node, "in")
        content = node.get("content")
        entry = media = None
        if isinstance(content, dict) and content:
            name = next(iter(content))
            media = self.media_type(name, (content[name], pointer.child("content", name)))
            entry = (name, media.place)
        schema = (node["schema"], pointer.child("schema")) if "schema" in node else None
        if self.is_swagger and location != "body":
            schema = self._inline_schema(node, pointer)
        elif media is not None:
            schema = media.schema or schema
        return Parameter(
            name=text_of(node, "name"),
            location=location,
            place=(node, pointer),
            is_required=node.get("required") is True or location == "path",
            schema=schema,
            content=entry,
            serialization=serialization(node, location, self.side.dialect),
            site=site or pointer,
        )

    def _inline_schema(self, node: dict[str, Any], pointer: Pointer) -> Place:
        """The schema that a Swagger 2.0 parameter or header is: its own keywords, less those of the parameter.

        A form's field is a property, and all that is said of it belongs to its schema.
        """
        is_field = node.get("in") == "formData"
        schema = {
            key: value
            for key, value in node.items()
            if (key not in FIELD_KEYS if is_field else key in PARAMETER_SCHEMA_KEYS and key != "$ref")
        }
        return self.side.make(("inline", id(node)), schema, [(schema, pointer)]), pointer

    # bodies -----------------------------------------------------------------------------------------------------------

    def _body(self, node: dict[str, Any], pointer: Pointer) -> Body | None:
        if not isinstance(node.get("requestBody"), dict):
            return None
        site = pointer.child("requestBody")
        body, at = self.side.deref(node["requestBody"], site)
        if not isinstance(body, dict):
            return None
        return Body((body, at), body.get("required") is True, self.media(body, at), site)

    def media(self, holder: dict[str, Any], pointer: Pointer) -> dict[str, Media]:
        """The media types of a body or response, by their key for comparing."""
        known = self._bodies.get(id(holder))
        if known is not None:
            return known
        found: dict[str, Media] = {}
        content = mapping_of(holder, "content")
        keys = media_keys(content) if len(content) > 1 else {name: media_key(name) for name in content}
        for name, entry in content.items():
            found[keys[name]] = self.media_type(name, (entry, pointer.child("content", name)))
        self._bodies[id(holder)] = found
        return found

    def media_type(self, name: str, place: Place) -> Media:
        """One media type object, or a reference to one."""
        node, at = self.side.deref(*place)
        schema, example = (
            (node[key], at.child(key)) if isinstance(node, dict) and key in node else None
            for key in ("schema", "example")
        )
        if self.side.dialect is Dialect.OPENAPI_32 and isinstance(node, dict) and "itemSchema" in node:
            schema = self._items(node, at, schema)
        return Media(name, (node, at), schema, example)

    def _items(self, node: dict[str, Any], at: Pointer, schema: Place | None) -> Place:
        """The array that a sequence of items is (OpenAPI 3.2, 4.14.1), with what is said of it as a whole."""
        where = at.child("itemSchema")
        items = self.side.make(("items", id(node)), Sequence(node["itemSchema"], where), [])
        if schema is None:
            return items, where
        both = {"allOf": [schema[0], items]}
        places = [(one, place) for one, place in (schema, (items, where)) if isinstance(one, dict)]
        return self.side.make(("whole", id(node)), both, [(both, schema[1]), *places]), schema[1]

    def _swagger_body(self, node: dict[str, Any], pointer: Pointer, form: list[Parameter]) -> Body | None:
        if not form:
            return None
        consumes, at = self._media_types("consumes", node, pointer)
        whole = next((parameter for parameter in form if parameter.location == "body"), None)
        if whole is not None:
            self.passed_over += [parameter.site for parameter in form if parameter is not whole]
            names = consumes or ["application/json"]
            schema = whole.schema
            media = {media_key(n): Media(n, ({}, at), schema) for n in names}
            return Body(whole.place, whole.is_required, media, whole.site)
        properties = {parameter.name: parameter.schema[0] for parameter in form if parameter.schema}
        fields = {parameter.name: parameter for parameter in form}
        schema_node = Form({"type": "object", "properties": properties}, fields)
        if required := [parameter.name for parameter in form if parameter.is_required]:
            schema_node["required"] = required
        places = [(p.schema[0], p.place[1]) for p in form if p.schema]
        where = pointer.child("parameters")
        kept = self.side.make(("form", id(node)), schema_node, [(schema_node, where), *places])
        has_file = any(isinstance(p.place[0], dict) and p.place[0].get("type") == "file" for p in form)
        names = [name for name in consumes if "form" in name] or (
            ["multipart/form-data"] if has_file else ["application/x-www-form-urlencoded"]
        )
        media = {media_key(n): Media(n, ({}, at), (kept, where)) for n in names}
        return Body((kept, where), bool(required), media, where)

    def _media_types(self, key: str, node: dict[str, Any], pointer: Pointer) -> tuple[list[str], Pointer]:
        for holder, at in ((node, pointer), (self.side.root, Pointer())):
            if isinstance(names := holder.get(key), list):
                self._counts.add("media types", len(names), at)
                return [name for name in names if isinstance(name, str)], at.child(key)
        return [], pointer.child(key)

    # responses --------------------------------------------------------------------------------------------------------

    def _responses(self, node: dict[str, Any], pointer: Pointer, *, is_head: bool) -> dict[str, Response]:
        found: dict[str, Response] = {}
        responses = node.get("responses")
        for status, entry in responses.items() if isinstance(responses, dict) else ():
            if not status or status.startswith("x-"):
                continue
            site = pointer.child("responses", status)
            response, at = self.side.deref(entry, site)
            if isinstance(response, dict):
                name = status.upper() if status[1:].upper() == "XX" else status
                found[name] = self._response(name, (response, at), (node, pointer), site, is_head=is_head)
        return found

    def response(self, place: Place) -> Response:
        """A response component, apart from any operation."""
        node = place[0] if isinstance(place[0], dict) else {}
        return self._response("component", (node, place[1]), ({}, place[1]), place[1])

    def _response(
        self, status: str, place: Place, operation: Place, site: Pointer, *, is_head: bool = False
    ) -> Response:
        node, at = place
        examples: Any = node.get("examples")
        body = "schema" if self.is_swagger else "content"
        unsent = None
        if is_head or WITHOUT_BODY.fullmatch(status):
            media: dict[str, Media] = {}
            unsent = (node[body], at.child(body)) if body in node else None
        elif self.is_swagger:
            media = self._swagger_media(place, operation)
            examples = {n: one for n, one in mapping_of(node, "examples").items() if media_key(n) not in media} or None
        else:
            media = self.media(node, at)
        if id(node) not in self._held:  # once, however many operations answer with it
            headers, links = (
                {name: (entry, at.child(key, name)) for name, entry in mapping_of(node, key).items()}
                for key in ("headers", "links")
            )
            self._held[id(node)] = node, headers, links
        _, headers, links = self._held[id(node)]
        beside = None if examples is None else (examples, at.child("examples"))
        return Response(status, place, media, headers, links, site, beside, unsent)

    def _swagger_media(self, place: Place, operation: Place) -> dict[str, Media]:
        """What a response holds in each media type that its operation produces."""
        node, at = place
        if "schema" not in node:
            return {}
        names, produced = self._media_types("produces", *operation)
        schema = (node["schema"], at.child("schema"))
        examples = {
            media_key(name): (one, at.child("examples", name)) for name, one in mapping_of(node, "examples").items()
        }
        return {
            key: Media(name, ({}, produced), schema, examples.get(key))
            for name in names or ["application/json"]
            if (key := media_key(name))
        }

    def header(self, place: Place) -> Parameter:
        """A response header as a parameter of location `header`."""
        node, at = self.side.deref(*place)
        node = node if isinstance(node, dict) else {}
        return replace(self._header(node, at), name=place[1].last, site=place[1])

    def _header(self, node: dict[str, Any], at: Pointer) -> Parameter:
        made = self.side.make(("header", id(node)), {**node, "in": "header", "name": at.last}, [])
        parameter = self.parameter(made, at)
        return replace(parameter, place=(node, at))

    def called(self, place: Place) -> dict[OperationId, Operation]:
        """The operations of a callback, already dereferenced: read when asked for, as they may lead back to it."""
        callback, at = place
        known = self._called.get(id(callback))
        if known is None:
            known = self._called[id(callback)] = {}
            for expression, item in callback.items() if isinstance(callback, dict) else ():
                if isinstance(item, dict) and not expression.startswith("x-"):
                    for operation in self.path_item(expression, item, at.child(expression)):
                        # what the API asks of its callers it does not ask of itself
                        is_asked = "security" in operation.node
                        known[operation.id] = operation if is_asked else replace(operation, security=[])
        return known

    # security and servers ---------------------------------------------------------------------------------------------

    @cached_property
    def root_security(self) -> list[tuple[dict[str, list[str]], Pointer]]:
        """The alternatives of all operations that ask for none of their own."""
        return self._security(self.side.root, Pointer())

    def _security(self, holder: dict[str, Any], at: Pointer) -> list[tuple[dict[str, list[str]], Pointer]]:
        found = []
        alternatives = holder.get("security")
        for index, entry in enumerate(alternatives if isinstance(alternatives, list) else ()):
            if isinstance(entry, dict):
                scopes = {
                    self._scheme_name(name, at): [str(scope) for scope in value] if isinstance(value, list) else []
                    for name, value in entry.items()
                }
                found.append((scopes, at.child("security", index)))
        return found

    def _scheme_name(self, name: str, pointer: Pointer) -> str:
        """A scheme's name in the components, where a requirement names it by its URI (OpenAPI 3.2, 4.30)."""
        if name in self.schemes or not ("#" in name or "/" in name):
            return name
        own = self.side.root.get("$self")
        reference = name.removeprefix(own) if isinstance(own, str) and name.startswith(f"{own}#") else name
        found = find_or_none(self.side, reference, pointer.file)
        if found is None or not isinstance(found[0], dict):
            return name
        known = next((key for key, place in self.schemes.items() if place[0] is found[0]), str(found[1]))
        self.schemes.setdefault(known, found)
        return known

    @cached_property
    def schemes(self) -> dict[str, Place]:
        """The security schemes by name; those that stand elsewhere by their place, as soon as one is asked for."""
        if self.is_swagger:
            at = Pointer("", ("securityDefinitions",))
            return {
                name: (node, at.child(name))
                for name, node in mapping_of(self.side.root, "securityDefinitions").items()
                if isinstance(node, dict)
            }
        at = Pointer("", ("components", "securitySchemes"))
        schemes = mapping_of(mapping_of(self.side.root, "components"), "securitySchemes")
        places = {name: self.side.deref(node, at.child(name)) for name, node in schemes.items()}
        return {name: place for name, place in places.items() if isinstance(place[0], dict)}

    def _servers(self, holder: dict[str, Any], pointer: Pointer) -> tuple[Place, ...]:
        if self.is_swagger:
            return addresses_of(self.side, holder, pointer)
        servers = holder.get("servers")
        if not isinstance(servers, list):
            return ()
        return tuple(
            (server, pointer.child("servers", index))
            for index, server in enumerate(servers)
            if isinstance(server, dict) and isinstance(server.get("url"), str)
        )

    def prefixes(self, servers: tuple[Place, ...]) -> tuple[str, ...]:
        """The path prefixes of servers: those with variables at their defaults, then every other that they can have.

        A variable of which no values are listed stays one (`/{tenant}`); `("",)` where there are no servers.
        """
        known = self._prefixes.get(id(servers))  # by the list, which many operations share, and not by what is in it
        if known is None:
            plain = {url_path(server_url(node)) for node, _ in servers}
            others = {path for server in servers_of(servers) for path in server.paths} if servers else set()
            parts = [sorted(paths, key=lambda path: (len(path), path)) for paths in (plain, others - plain)]
            found = tuple(path for paths in parts for path in paths) or ("",)
            known = self._prefixes[id(servers)] = servers, found
        return known[1]

    @cached_property
    def led_to(self) -> dict[str | Pointer, Operation]:
        """The operations by what a link names one with: its operationId, or where it stands; of two the first."""
        found: dict[str | Pointer, Operation] = {}
        for operation in self.operations.values():
            for name in (operation.operation_id, operation.place[1]):
                if name is not None:
                    found.setdefault(name, operation)
        return found

    @cached_property
    def components(self) -> dict[tuple[str, str], Place]:
        """Named components by (section, name), in document order."""
        sections: list[tuple[str, dict[str, Any], Pointer]] = []
        root = self.side.root
        if self.is_swagger:
            for key, section in (("definitions", "schemas"), ("parameters", "parameters"), ("responses", "responses")):
                sections.append((section, mapping_of(root, key), Pointer("", (key,))))
        else:
            for key, value in mapping_of(root, "components").items():
                if isinstance(value, dict) and not key.startswith("x-"):
                    sections.append((key, value, Pointer("", ("components", key))))
        return {
            (section, name): (node, at.child(name))
            for section, nodes, at in sections
            for name, node in nodes.items()
            if section != "securitySchemes"
        }
