"""A server made from a spec, to run samples against: what it takes is judged by jsonschema-rs on the spec itself.

Nothing of the generator under test is in it: it reads the document as plain JSON, and makes answers of its own.
"""

import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from werkzeug.formparser import parse_form_data

METHODS = ("get", "put", "post", "delete", "patch")


class SpecServer:
    """Answers as the spec says: `full` has every property, else as little as is allowed, and null where it may be."""

    def __init__(self, document: dict[str, Any], *, full: bool) -> None:
        self.document = _as_json_schema(document)
        self.full = full
        self.validators: dict[int, Any] = {}
        self.unknown: list[str] = []
        self.offered: Any = None
        """The body that a sample says comes back: it is sent, once the spec's own schema has allowed it."""
        paths = {path: item for path, item in self.document["paths"].items() if path.startswith("/")}
        order = sorted(paths, key=lambda path: (path.count("{"), path))
        self.routes = [(re.compile(re.sub(r"\\\{[^{}]*\\\}", "[^/]+", re.escape(path))), paths[path]) for path in order]

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """The status and the body of the answer."""
        path, query = urlsplit(target).path, parse_qsl(urlsplit(target).query, keep_blank_values=True)
        items = [item for route, item in self.routes if route.fullmatch(path)]
        item = next((one for one in items if method.lower() in one), None)
        if item is None:
            return (405 if items else 404), {"title": "no such operation"}
        operation = item[method.lower()]
        if not self._is_known(operation, headers, dict(query)):
            return 401, {"title": "who are you"}
        wrong = self._parameters([*item.get("parameters", []), *operation.get("parameters", [])], query, headers)
        wrong = wrong or self._body(operation, headers, body)
        if wrong:
            return 422, {"title": wrong}
        return self._success(operation)

    # what comes in ----------------------------------------------------------------------------------------------------

    def _is_known(self, operation: dict[str, Any], headers: dict[str, str], query: dict[str, str]) -> bool:
        ways = operation.get("security", self.document.get("security", []))
        schemes = self.document.get("components", {}).get("securitySchemes") or self.document.get(
            "securityDefinitions", {}
        )

        def has(name: str) -> bool:
            scheme = self._deref(schemes.get(name, {}))
            if scheme.get("type") == "apiKey":
                held = {"header": headers, "query": query}.get(scheme["in"], headers)
                key = scheme["name"].lower() if scheme["in"] == "header" else scheme["name"]
                return "the-secret" in held.get(key, held.get("cookie", ""))
            said = headers.get("authorization", "")
            is_basic = scheme.get("type") == "basic" or scheme.get("scheme", "").lower() == "basic"
            return said == ("Basic dXNlcjp0aGUtc2VjcmV0" if is_basic else "Bearer the-secret")

        return not ways or any(all(map(has, way)) for way in ways)

    def _parameters(self, entries: list[Any], query: list[tuple[str, str]], headers: dict[str, str]) -> str:
        known = {(one["in"], one["name"]): one for one in map(self._deref, entries)}
        said = dict(query)
        for (place, name), one in known.items():
            if place not in ("query", "header"):
                continue
            texts = [v for k, v in query if k == name] if place == "query" else [
                headers[name.lower()]] if name.lower() in headers else []  # fmt: skip
            deep = [key for key in said if key.startswith(f"{name}[")]
            if not texts and not deep:
                if one.get("required"):
                    return f"{name} is missing"
                continue
            if texts and not self._takes(one.get("schema", one if "type" in one else True), texts):
                return f"{name} is wrong"
        names = {name for place, name in known if place == "query"}
        self.unknown = [key for key in said if key.partition("[")[0] not in names]
        return ""

    def _takes(self, schema: Any, texts: list[str]) -> bool:
        readings: list[Any] = [*texts, texts, [one for text in texts for one in text.split(",")]]
        for text in texts:
            try:
                readings.append(json.loads(text))
            except ValueError:
                continue
        lists = [one for one in readings if isinstance(one, list)]
        for one in lists:
            try:
                readings.append([json.loads(text) for text in one])
            except (ValueError, TypeError):
                continue
        return any(self._validator(schema).is_valid(one) for one in readings)

    def _body(self, operation: dict[str, Any], headers: dict[str, str], body: bytes) -> str:
        holder = self._deref(operation.get("requestBody"))
        if not holder:
            return ""
        if not body:
            return "a body is missing" if holder.get("required") else ""
        kind = headers.get("content-type", "").partition(";")[0].strip()
        entries = {name.partition(";")[0].strip(): entry for name, entry in holder["content"].items()}
        entry = entries.get(kind) or next((entries[one] for one in entries if "*" in one), None)
        if entry is None:
            return f"media type {kind}"
        if "json" not in kind:
            fields, files = parts(headers["content-type"], body)
            value: Any = _unflat([*fields, *((name, text) for name, _, text in files)])
            value = self._typed(value, entry.get("schema", {}))
        else:
            value = json.loads(body)
        return "" if self._validator(entry.get("schema", True)).is_valid(value) else "the body is wrong"

    def _typed(self, value: Any, schema: Any) -> Any:
        """The fields of a form as the schema's types."""
        schema = self._deref(schema)
        if isinstance(value, dict):
            kinds = [schema, *schema.get("anyOf", []), *schema.get("allOf", [])]
            properties = {k: v for one in kinds for k, v in self._deref(one).get("properties", {}).items()}
            return {key: self._typed(one, properties.get(key, {})) for key, one in value.items()}
        if isinstance(value, list):
            return [self._typed(one, schema.get("items", {})) for one in value]
        if schema.get("type") == "array":
            return [self._typed(value, schema.get("items", {}))]
        kinds = [schema.get("type"), *(self._deref(one).get("type") for one in schema.get("anyOf", []))]
        if any(kind in ("integer", "number", "boolean") for kind in kinds):
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value

    def _validator(self, schema: Any) -> Any:
        key = id(schema)
        if key not in self.validators:
            import jsonschema_rs

            named = {key: self.document[key] for key in ("components", "definitions") if key in self.document}
            rooted = {"$ref": "#/x-root", "x-root": schema, **named}
            self.validators[key] = (jsonschema_rs.Draft202012Validator(rooted, validate_formats=True), schema)
        return self.validators[key][0]

    # what goes out ----------------------------------------------------------------------------------------------------

    def _success(self, operation: dict[str, Any]) -> tuple[int, Any]:
        good = [status for status in operation["responses"] if status[0] in "2d"]
        status = next((one for one in sorted(good)), "200")
        response = self._deref(operation["responses"].get(status, {}))
        content = response.get("content", {"application/json": response} if "schema" in response else {})
        entry = next((one for name, one in content.items() if "json" in name or "*" in name), {})
        if self.offered is not None and "schema" in entry:
            if not self._validator(entry["schema"]).is_valid(self.offered):
                return 500, {"title": "the spec does not allow the answer of the sample"}
            return int(status) if status.isdecimal() else 200, self.offered
        body = self.value(entry["schema"]) if "schema" in entry else None
        return int(status) if status.isdecimal() else 200, body

    def value(self, schema: Any, depth: int = 0) -> Any:
        """A value of a schema; `full` as much as there is, else as little."""
        schema = self._deref(schema)
        if schema is True or not schema or depth > 7:
            return {}
        for part in schema.get("allOf", []):
            inner = self._deref(part)
            merged = {**inner, **{k: v for k, v in schema.items() if k != "allOf"}}
            merged["properties"] = {**inner.get("properties", {}), **schema.get("properties", {})}
            merged["required"] = [*inner.get("required", []), *schema.get("required", [])]
            schema = merged
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if "null" in kinds and not self.full:
            return None
        if "const" in schema or "enum" in schema:
            listed = schema.get("enum", [schema.get("const")])
            return listed[0] if self.full else listed[-1]
        for word in ("oneOf", "anyOf"):
            if ends := schema.get(word):
                null = [one for one in ends if self._deref(one).get("type") == "null"]
                return None if null and not self.full else self.value(ends[0], depth + 1)
        if "properties" in schema or "object" in kinds:
            asked = set(schema.get("required", []))
            return {name: self.value(one, depth + 1) for name, one in schema.get("properties", {}).items()
                    if (self.full or name in asked) and not self._deref(one).get("writeOnly")}  # fmt: skip
        kind = next((one for one in kinds if one != "null"), "string")
        if kind == "array":
            return [self.value(schema.get("items", {}), depth + 1)]
        return {"string": "text", "integer": 7, "number": 7.5, "boolean": True}.get(kind)

    def _deref(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self.document
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[unquote(step).replace("~1", "/").replace("~0", "~")]
            node = found
        return {} if node is None or node is True else node


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's own words in those of JSON Schema 2020-12."""
    if isinstance(node, list):
        return [_as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: _as_json_schema(one) for key, one in node.items()}
    if isinstance(made.get("$ref"), str):
        made["$ref"] = quote(made["$ref"], safe="#/~%:@!$&'()*+,;=?-._")
    for bound, strict in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(made.get(strict), bool) and made.pop(strict) and bound in made:
            made[strict] = made.pop(bound)
    if made.get("nullable") is True:
        if isinstance(made.get("type"), str):
            made["type"] = [made["type"], "null"]
            if isinstance(made.get("enum"), list) and None not in made["enum"]:
                made["enum"] = [*made["enum"], None]
        elif "anyOf" in made or "allOf" in made or "$ref" in made:
            held = {key: one for key, one in made.items() if key != "nullable"}
            return {"anyOf": [held, {"type": "null"}]}
    hidden = [name for name, one in node.get("properties", {}).items() if isinstance(one, dict) and (
        one.get("readOnly") or one.get("writeOnly"))] if isinstance(node.get("properties"), dict) else []  # fmt: skip
    if hidden and isinstance(made.get("required"), list):
        made["required"] = [name for name in made["required"] if name not in hidden]
    if made.get("type") == "file":
        made["type"] = "string"
    return made


def _unflat(pairs: list[tuple[str, str]]) -> Any:
    """`a[b][0]=c` as nested values."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        first, *steps = re.findall(r"[^\[\]]+", name)
        if not steps:
            root[first] = value if first not in root else [
                *(root[first] if isinstance(root[first], list) else [root[first]]), value]  # fmt: skip
            continue
        held = root.setdefault(first, {})
        for step in steps[:-1]:
            held = held.setdefault(step, {})
        held[steps[-1]] = value
    return _listed(root)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return [_listed(value[key]) for key in sorted(value, key=int)]
    return {key: _listed(one) for key, one in value.items()}


@contextmanager
def served(server: SpecServer) -> Iterator[str]:
    """The address at which it listens."""

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            sent = self.rfile.read(length)
            try:
                status, body = server.answer(self.command, self.path, headers, sent)
            except Exception as error:  # noqa: BLE001 - the server's own fault must not look like a refusal
                status, body = 599, {"title": repr(error)}
            text = b"" if body is None or status == 204 else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}"
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


def parts(kind: str, body: bytes) -> tuple[list[tuple[str, str]], list[tuple[str, str | None, str]]]:
    """The fields of a form, and its files with their names and texts, as werkzeug reads them."""
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(len(body))}
    _, fields, files = parse_form_data(environ)
    sent = [(name, file.filename, file.read().decode(errors="replace")) for name, file in files.items(multi=True)]
    for several in files.listvalues():
        for file in several:
            file.close()
    return [*fields.items(multi=True)], sent
