"""One side of a comparison beside its schemas, with what operations inherit."""

import codecs
import re
from collections import Counter
from email.message import Message
from typing import Any, Final

from apidiff.load.resolve import Dialect, Side
from apidiff.words.pointer import Pointer
from tests.laws.oracle.schemas import READ, Meaning, Place, listed, mapping

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
EDITORIAL: Final = frozenset(
    {"title", "description", "summary", "example", "examples", "externalDocs", "xml", "deprecated"}
)
OWN: Final = "x-apidiff-waivers"
STYLES: Final = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
SWAGGER_STYLES: Final = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "tsv": "tabDelimited"}
FLOWS: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
STABILITIES: Final = ("x-stability-level", "x-stability")
SUNSETS: Final = ("x-sunset", "x-sunset-at", "x-remove-on")
FIELD: Final = frozenset({"name", "in", "required", "collectionFormat", "allowEmptyValue"})
"""Keys of a form's field that say nothing of its values."""
INLINE: Final = READ - {"required", "description", "deprecated", "readOnly", "example"} | {"$comment"}
"""Keys of a Swagger 2.0 parameter that are its schema."""


def template(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path)


class Reading:
    """One side: its operations with what they inherit."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.root = side.root
        self.swagger = side.dialect is Dialect.SWAGGER_2
        self.servers = self.server_list(side.root, Pointer())
        self.operations = self.section("paths")
        self.webhooks = self.section("webhooks")

    def end(self, node: Any, at: Pointer) -> Place:
        return self.side.deref(node, at)

    def section(self, name: str) -> dict[str, dict[str, Any]]:
        found = {}
        for path, item in mapping(self.root.get(name)).items():
            if isinstance(item, dict) and not path.startswith("x-"):
                found |= self.path_item(path, item, Pointer("", (name, path)))
        return found

    def path_item(self, path: str, item: Any, at: Pointer) -> dict[str, dict[str, Any]]:
        item, at = self.end(item, at)
        item = mapping(item)
        servers = self.server_list(item, at) or self.servers
        extra = mapping(item.get("additionalOperations"))
        found = {}
        for holder, where, methods in ((item, at, METHODS), (extra, at.child("additionalOperations"), extra)):
            for method in methods:
                if isinstance(holder.get(method), dict):
                    node, here = self.end(holder[method], where.child(method))
                    own = self.server_list(node, here)
                    found[f"{method.upper()} {path}"] = {
                        "path": path,
                        "node": node,
                        "at": here,
                        "servers": own or servers,
                        "parameters": self.parameters(item, at) | self.parameters(node, here),
                        "method": method.upper(),
                    }
        return found

    def server_list(self, holder: dict[str, Any], at: Pointer) -> list[Place]:
        if self.swagger:
            return self._swagger_servers(holder, at)
        return [
            (node, at.child("servers", i))
            for i, node in enumerate(listed(holder.get("servers")))
            if isinstance(node, dict) and "url" in node
        ]

    def _swagger_servers(self, holder: dict[str, Any], at: Pointer) -> list[Place]:
        if "schemes" not in holder and not (holder is self.root and ("host" in holder or "basePath" in holder)):
            return []
        host, path = self.root.get("host", ""), self.root.get("basePath", "")
        schemes = listed(holder.get("schemes"))
        where = Pointer("", ("basePath" if "basePath" in self.root else "host",))
        if not host:
            return [({"url": path}, where)] if path and holder is self.root else []
        if len(schemes) < 2:
            return [({"url": f"{schemes[0] + ':' if schemes else ''}//{host}{path}"}, where)]
        return [({"url": f"{one}://{host}{path}"}, at.child("schemes", i)) for i, one in enumerate(schemes)]

    def parameters(self, holder: dict[str, Any], at: Pointer) -> dict[tuple[str, str], dict[str, Any]]:
        found = {}
        for index, entry in enumerate(listed(holder.get("parameters"))):
            site = at.child("parameters", index)
            node, where = self.end(entry, site)
            if isinstance(node, dict) and "name" in node and "in" in node:
                name = node["name"].lower() if node["in"] == "header" else node["name"]
                found[(node["in"], name)] = {
                    "node": node,
                    "at": where,
                    "site": site,
                    "in": node["in"],
                    "name": node["name"],
                }
        return found

    def body(self, operation: dict[str, Any]) -> dict[str, Any] | None:
        """The request body: its node, places, whether it is required, media types with their schema."""
        node, at = operation["node"], operation["at"]
        if not self.swagger:
            if "requestBody" not in node:
                return None
            site = at.child("requestBody")
            body, where = self.end(node["requestBody"], site)
            return {
                "node": body,
                "at": [where],
                "site": site,
                "required": body.get("required") is True,
                "media": self.media(body, where),
            }
        form = [p for p in operation["parameters"].values() if p["in"] in ("body", "formData")]
        if not form:
            return None
        consumes, listed_at = self.media_types("consumes", node, at)
        whole = next((p for p in form if p["in"] == "body"), None)
        if whole is not None:
            schema = [(whole["node"]["schema"], whole["at"].child("schema"))] if "schema" in whole["node"] else []
            media = {media_key(n): (n, {}, listed_at, schema, None) for n in consumes or ["application/json"]}
            return {
                "node": whole["node"],
                "at": [whole["at"]],
                "site": whole["site"],
                "required": whole["node"].get("required") is True,
                "media": media,
            }
        has_file = any(p["node"].get("type") == "file" for p in form)
        names = [n for n in consumes if "form" in n] or (
            ["multipart/form-data"] if has_file else ["application/x-www-form-urlencoded"]
        )
        required = {p["name"] for p in form if p["node"].get("required") is True}
        where = at.child("parameters")
        meaning = Meaning(
            at=[where, *(p["at"] for p in form)], types=frozenset({"object"}), null=False, required=required
        )
        meaning.properties = {p["name"]: [(self.inline(p), p["at"])] for p in form}
        return {
            "node": {},
            "at": [where],
            "site": where,
            "required": bool(required),
            "form": form,
            "media": {media_key(n): (n, {}, listed_at, meaning, None) for n in names},
        }

    def inline(self, parameter: dict[str, Any]) -> dict[str, Any]:
        key = ("oracle", id(parameter["node"]))
        is_field = parameter["in"] == "formData"
        made = {
            k: v for k, v in parameter["node"].items() if (k not in FIELD if is_field else k in INLINE and k != "$ref")
        }
        return self.side.synthetic.setdefault(key, made)

    def media_types(self, key: str, node: dict[str, Any], at: Pointer) -> tuple[list[str], Pointer]:
        for holder, where in ((node, at), (self.root, Pointer())):
            if isinstance(holder.get(key), list):
                return holder[key], where.child(key)
        return [], at.child(key)

    def media(self, holder: Any, at: Pointer) -> dict[str, Any]:
        found = {}
        content = mapping(mapping(holder).get("content"))
        keys = media_keys(list(content))
        for name, entry in content.items():
            node, where = self.end(entry, at.child("content", name))
            schema = [(node["schema"], where.child("schema"))] if "schema" in mapping(node) else []
            example = (node["example"], where.child("example")) if "example" in mapping(node) else None
            found[keys[name]] = (name, node, where, schema, example)
        return found

    def responses(self, operation: dict[str, Any]) -> dict[str, dict[str, Any]]:
        found = {}
        for status, entry in mapping(operation["node"].get("responses")).items():
            if not status.startswith("x-"):
                site = operation["at"].child("responses", status)
                node, at = self.end(entry, site)
                found[status.upper() if status[1:].upper() == "XX" else status] = self.response(
                    node, at, site, operation
                )
        return found

    def response(self, node: Any, at: Pointer, site: Pointer, operation: dict[str, Any]) -> dict[str, Any]:
        media = self.media(node, at)
        examples: Any = node.get("examples")
        if self.swagger:
            media = {}
            said = {media_key(name): (one, at.child("examples", name)) for name, one in mapping(examples).items()}
            if "schema" in node:
                names, listed_at = self.media_types("produces", operation["node"], operation["at"])
                media = {
                    media_key(n): (n, {}, listed_at, [(node["schema"], at.child("schema"))], said.get(media_key(n)))
                    for n in names or ["application/json"]
                }
            examples = {n: one for n, one in mapping(examples).items() if media_key(n) not in media} or None
        body = "schema" if self.swagger else "content"
        is_bare = re.fullmatch(r"1\d\d|1XX|204|205|304", site.last.upper()) is not None
        is_bare = is_bare or operation.get("method") == "HEAD"
        unsent = (node[body], at.child(body)) if is_bare and body in node else None
        media = {} if is_bare else media
        headers = {
            name.lower(): (entry, at.child("headers", name))
            for name, entry in mapping(node.get("headers")).items()
            if name.lower() != "content-type"
        }
        links = {name: (entry, at.child("links", name)) for name, entry in mapping(node.get("links")).items()}
        return {
            "unsent": unsent,
            "node": node,
            "at": at,
            "site": site,
            "media": media,
            "headers": headers,
            "links": links,
            "examples": None if examples is None else (examples, at.child("examples")),
        }

    def callbacks(self, operation: dict[str, Any]) -> dict[str, Place]:
        return {
            name: self.end(entry, operation["at"].child("callbacks", name))
            for name, entry in mapping(operation["node"].get("callbacks")).items()
        }

    def security(self, operation: dict[str, Any]) -> list[tuple[dict[str, list[str]], Pointer]]:
        own = "security" in operation["node"] or operation.get("is_callback")
        holder, at = (operation["node"], operation["at"]) if own else (self.root, Pointer())
        return [(entry, at.child("security", i)) for i, entry in enumerate(listed(holder.get("security")))]

    def components(self) -> dict[tuple[str, str], Place]:
        if self.swagger:
            sections = {"definitions": "schemas", "parameters": "parameters", "responses": "responses"}
            return {
                (name, key): (node, Pointer("", (section, key)))
                for section, name in sections.items()
                for key, node in mapping(self.root.get(section)).items()
            }
        return {
            (section, key): (node, Pointer("", ("components", section, key)))
            for section, nodes in mapping(self.root.get("components")).items()
            if not section.startswith("x-") and section != "securitySchemes"
            for key, node in mapping(nodes).items()
        }

    def schemes(self) -> dict[str, Place]:
        if self.swagger:
            return {
                name: (node, Pointer("", ("securityDefinitions", name)))
                for name, node in mapping(self.root.get("securityDefinitions")).items()
            }
        nodes = mapping(mapping(self.root.get("components")).get("securitySchemes"))
        return {
            name: self.end(node, Pointer("", ("components", "securitySchemes", name))) for name, node in nodes.items()
        }


def media_key(name: str, *, exact: bool = False) -> str:
    """A media type as the library for mail reads it: names ignore case, values may be quoted; texts have a charset."""
    message = Message()
    message["Content-Type"] = re.sub(r"\s*=\s*", "=", name)
    said = {key.lower(): str(value) for key, value in message.get_params([], header="Content-Type")[1:]}
    kind = "".join(name.partition(";")[0].lower().split())
    if charset := said.pop("charset", ""):
        charset = codecs.lookup(charset).name
        is_text = kind.startswith("text/") or "xml" in kind or "yaml" in kind or "script" in kind
        if exact or (is_text and charset != "utf-8"):
            said["charset"] = charset
    return ";".join([kind, *(f"{key}={value}" for key, value in sorted(said.items()))])


def media_keys(names: list[str]) -> dict[str, str]:
    """Each name with its key; two with one key are told apart by all that they say, then by how they are written."""
    keys = {name: media_key(name) for name in names}
    for other in (lambda name: media_key(name, exact=True), str):
        count = Counter(keys.values())
        keys = {name: key if count[key] == 1 else other(name) for name, key in keys.items()}
    return keys


def server_url(server: dict[str, Any]) -> str:
    url = str(server["url"])
    for name, variable in mapping(server.get("variables")).items():
        url = url.replace(f"{{{name}}}", str(mapping(variable).get("default", "")))
    return url.rstrip("/")


def prefix_of(operation: dict[str, Any]) -> str:
    """The shortest path of an operation's servers, which stands before its own."""
    urls = [server_url(server) for server, _ in operation["servers"]] or [""]
    paths = [re.sub(r"^[a-z]+://[^/]*", "", url) for url in urls]
    return min(paths, key=lambda prefix: (len(prefix), prefix))
