"""A server that does what a spec says and refuses all else, and a client that knows another spec: neither is ours.

Both read a spec by its plain JSON, with a validator for schemas: nothing of the reader that the shim is made with.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

Headers = list[tuple[bytes, bytes]]
App = Callable[[dict, Callable, Callable], Awaitable[None]]
_FORMATS = {
    "date-time": "2026-11-20T12:00:00Z",
    "date": "2026-11-20",
    "email": "a@b.example",
    "uri": "https://a.example",
}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def ask(app: App, request: Request) -> Answer:
    """One call of an ASGI application."""
    sent: list[dict] = []

    async def receive() -> dict:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in request.headers]
    if request.body:
        headers.append((b"content-length", str(len(request.body)).encode()))
    scope = {
        "type": "http", "method": request.method, "path": unquote(request.path), "raw_path": request.path.encode(),
        "query_string": request.query.encode(), "headers": headers,
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    told = tuple((name.decode(), value.decode()) for name, value in sent[0]["headers"])
    return Answer(sent[0]["status"], told, b"".join(one.get("body", b"") for one in sent[1:]))


@dataclass
class Spec:
    """A spec by its plain JSON."""

    root: dict[str, Any]
    closed: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.closed = shut(self.root.get("components", {}))

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any], list[dict[str, Any]]]]:
        for path, item in self.root["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    both = [*item.get("parameters", ()), *operation.get("parameters", ())]
                    yield method.upper(), path, operation, [self.found(one) for one in both]

    def found(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            reference, node = node["$ref"], self.root
            for part in reference[2:].split("/"):
                node = node[part]
        return node

    def is_valid(self, schema: Any, value: Any, *, closed: bool = False) -> bool:
        import jsonschema_rs

        components = self.closed if closed else self.root.get("components", {})
        whole = {**(shut(schema) if closed else schema), "components": components}
        return jsonschema_rs.Draft202012Validator(whole).is_valid(value)

    def sample(self, schema: Any, depth: int = 0, *, is_sent: bool = False) -> Any:
        """One value of a schema, with every property."""
        schema = self.found(schema)
        for branch in schema.get("allOf", ()):
            schema = {**schema, **self.found(branch)}
        if "examples" in schema:
            return schema["examples"][0]
        for key in ("example", "const"):
            if key in schema:
                return schema[key]
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type", "object" if "properties" in schema else "string")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object":
            return {
                name: self.sample(one, depth + 1, is_sent=is_sent)
                for name, one in schema.get("properties", {}).items()
                if not (is_sent and self.found(one).get("readOnly"))
                and (depth < 4 or name in schema.get("required", ()))
            }
        if kind == "array":
            return [self.sample(schema["items"], depth + 1, is_sent=is_sent)] if depth < 4 else []
        if kind in ("integer", "number"):
            return schema.get("minimum", 1)
        if kind == "boolean":
            return True
        return _FORMATS.get(schema.get("format", ""), "a" * max(schema.get("minLength", 1), 1))


def shut(node: Any) -> Any:
    """A schema whose objects allow no property that they do not name."""
    if isinstance(node, list):
        return [shut(one) for one in node]
    if not isinstance(node, dict):
        return node
    made = {key: shut(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "allOf" not in node:
        made.setdefault("additionalProperties", False)
    return made


@dataclass
class Server:
    """An ASGI application that answers as a spec says, 400 to what it does not allow, and keeps what it was asked."""

    spec: Spec
    pages: int = 250
    """How many items each list has."""
    is_closed: bool = True
    """Whether properties that the spec does not name are refused."""
    met: list[tuple[Request, Answer]] = field(default_factory=list)

    async def __call__(self, scope: dict, receive: Callable, send: Callable) -> None:
        message = await receive()
        body = message["body"]
        while message.get("more_body"):
            message = await receive()
            body += message["body"]
        headers = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        request = Request(scope["method"], scope["raw_path"].decode(), scope["query_string"].decode(), headers, body)
        status, said = self._answer(request)
        made = b"" if said is None else json.dumps(said, indent=1, ensure_ascii=False).encode()
        told = (("content-type", "application/json"), ("content-length", str(len(made))))
        self.met.append((request, Answer(status, told, made)))
        await send(
            {"type": "http.response.start", "status": status, "headers": [(a.encode(), b.encode()) for a, b in told]}
        )
        await send({"type": "http.response.body", "body": made})

    def _answer(self, request: Request) -> tuple[int, Any]:
        for method, path, operation, parameters in self.spec.operations():
            values = fitting(path, request.path)
            if method == request.method and values is not None:
                if problem := self._problem(request, operation, parameters, values):
                    return 400, {"type": "about:blank", "title": problem, "status": 400, "detail": problem}
                status = next(iter(operation["responses"]))
                content = self.spec.found(operation["responses"][status]).get("content")
                return int(status), None if content is None else self._page(
                    request, content["application/json"]["schema"]
                )
        return 404, {"type": "about:blank", "title": "nothing is here", "status": 404, "detail": request.path}

    def _page(self, request: Request, schema: Any) -> Any:
        """An answer; of a list as many items as were asked for, from where it was asked."""
        whole = self.spec.sample(schema)
        sent = dict(parse_qsl(request.query))
        if not isinstance(whole, dict) or not isinstance(whole.get("data"), list) or "limit" not in sent:
            return whole
        said = sent.get("cursor") or sent.get("offset") or sent.get("starting_after", "")
        begun = int(said) if said.isdigit() else 0
        count = max(0, min(int(sent["limit"]), self.pages - begun))
        whole["data"] = [
            {**one, "id": str(begun + at + 1)} if isinstance(one := whole["data"][0], dict) else one
            for at in range(count)
        ]
        is_over = begun + count >= self.pages
        whole |= {"next_cursor": None if is_over else str(begun + count)} if "next_cursor" in whole else {}
        return whole | ({"has_more": not is_over} if "has_more" in whole else {})

    def _problem(self, request: Request, operation: Any, parameters: list[Any], values: dict[str, str]) -> str:
        sent = {("query", name): value for name, value in parse_qsl(request.query, keep_blank_values=True)}
        sent |= {("path", name): value for name, value in values.items()}
        known = {(one["in"], one["name"].lower() if one["in"] == "header" else one["name"]): one for one in parameters}
        sent |= {key: value for name, value in request.headers if (key := ("header", name.lower())) in known}
        if strange := sent.keys() - known.keys():
            return f"nobody knows {sorted(strange)}"
        for key, one in known.items():
            if key in sent and not any(self.spec.is_valid(one["schema"], value) for value in readings(sent[key])):
                return f"{one['name']} may not be {sent[key]}"
            if one.get("required") and key not in sent:
                return f"{one['name']} is missing"
        asked = self.spec.found(operation.get("requestBody", {}))
        content = asked.get("content")
        if not content or not (request.body or asked.get("required")):
            return ""
        try:
            value = json.loads(request.body)
        except ValueError:
            return "the body is no JSON"
        is_right = self.spec.is_valid(self.sent(content["application/json"]["schema"]), value, closed=self.is_closed)
        return "" if is_right else "the body is wrong"

    def sent(self, schema: Any) -> Any:
        """A schema as it is for requests: what only the server writes is not demanded."""
        whole = self.spec.found(schema)
        own = {name for name, one in whole.get("properties", {}).items() if self.spec.found(one).get("readOnly")}
        return {**whole, "required": [name for name in whole.get("required", ()) if name not in own]}


def readings(text: str) -> list[Any]:
    """What a text of a query may be."""
    try:
        return [text, json.loads(text)]
    except ValueError:
        return [text]


def fitting(template: str, path: str) -> dict[str, str] | None:
    """The parameters of a path, where it is one of the template's."""
    wanted, given = template.split("/"), path.split("/")
    if len(wanted) != len(given):
        return None
    values = {}
    for one, text in zip(wanted, given, strict=True):
        if one.startswith("{"):
            values[one[1:-1]] = unquote(text)
        elif one != unquote(text):
            return None
    return values


@dataclass
class Client:
    """A client that was made from a spec: what it sends, and whether it can read an answer."""

    spec: Spec
    key: str = "sk_live_key"

    def requests(self) -> Iterator[tuple[str, Request]]:
        """For each operation a call with all that it may have, one with the least, and one for each value of a list."""
        for method, path, operation, parameters in self.spec.operations():
            content = self.spec.found(operation.get("requestBody", {})).get("content")
            body = self.spec.sample(content["application/json"]["schema"], is_sent=True) if content else None
            samples = {one["name"]: self._text(one) for one in parameters}
            least = [one for one in parameters if one.get("required")]
            calls = [(parameters, samples), (least, samples)]
            for one in parameters:
                schema = self.spec.found(one["schema"])
                values = [*schema.get("enum", ()), *([schema["maximum"]] if "maximum" in schema else [])]
                used = [*(two for two in least if two is not one), one]
                calls += [(used, samples | {one["name"]: str(value)}) for value in values]
            for used, texts in calls:
                yield f"{method} {path}", self._request(method, path, used, texts, body)

    def _text(self, parameter: Any) -> str:
        value = self.spec.sample(parameter["schema"])
        return value if isinstance(value, str) else json.dumps(value)

    def _request(self, method: str, path: str, used: list[Any], texts: dict[str, str], body: Any) -> Request:
        for one in used:
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(texts[one["name"]], safe=""))
        query = urlencode([(one["name"], texts[one["name"]]) for one in used if one["in"] == "query"])
        headers = [(one["name"].lower(), texts[one["name"]]) for one in used if one["in"] == "header"]
        headers.append(("authorization", f"Bearer {self.key}"))
        if body is None:
            return Request(method, path, query, tuple(headers))
        headers.append(("content-type", "application/json"))
        return Request(method, path, query, tuple(headers), json.dumps(body).encode())

    def is_content(self, operation: str, request: Request, answer: Answer) -> bool:
        """Whether an answer is the success that the spec promises."""
        method, path = operation.split(" ", 1)
        node = self.spec.root["paths"][path][method.lower()]
        if str(answer.status) not in node["responses"]:
            return False
        content = self.spec.found(node["responses"][str(answer.status)]).get("content")
        if content is None:
            return not answer.body
        wanted = dict(parse_qsl(request.query)).get("limit")
        said = json.loads(answer.body)
        if wanted and isinstance(said.get("data"), list) and len(said["data"]) != min(int(wanted), 250):
            return False
        return answer.header("content-length") == str(len(answer.body)) and self.spec.is_valid(
            content["application/json"]["schema"], said
        )


def failures(app: App, client: Client) -> dict[str, int]:
    """How many calls of each operation fail."""
    found: dict[str, int] = {}
    for operation, request in client.requests():
        if not client.is_content(operation, request, ask(app, request)):
            found[operation] = found.get(operation, 0) + 1
    return found
