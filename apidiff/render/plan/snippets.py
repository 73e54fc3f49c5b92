"""HTTP requests, and the reading of one field of the answer, written in the languages that integrators use.

Every name and value goes through the language's own string literal, so that a hostile one stays a string.
"""

import json
import keyword
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from apidiff.facts import ABSENT


@dataclass(frozen=True, slots=True)
class Request:
    """A request to show. `url` has no query; `body` is a JSON value, ABSENT where there is none."""

    method: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT

    @property
    def full_url(self) -> str:
        """The URL with its query."""
        return f"{self.url}?{urlencode(self.query, errors='replace')}" if self.query else self.url


Path = tuple[str | int, ...]
"""Where a field is in a JSON value: names, and indexes of arrays."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its title, its name in Markdown, how it sends a request, parses the answer and reads a field."""

    title: str
    fence: str
    send: Callable[[Request], str]
    parse: str
    read: Callable[[Path], str]

    def reads(self, paths: tuple[Path, ...]) -> str:
        """The lines that read these fields of an answer."""
        return "\n".join(filter(None, (self.parse, *map(self.read, paths))))


@dataclass(frozen=True, slots=True)
class _Style:
    """How a language writes JSON-like literals."""

    true: str
    false: str
    null: str
    open: str
    close: str
    colon: str
    string: Callable[[str], str]


def quoted(text: str) -> str:
    """A double-quoted literal with JSON's escapes: JavaScript, Python, Go, Java and C# read it alike."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _single(text: str) -> str:
    """A single-quoted literal of Ruby and PHP, which interpolate nothing in it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_PYTHON: Final = _Style("True", "False", "None", "{", "}", ": ", quoted)
_JSON: Final = _Style("true", "false", "null", "{", "}", ": ", quoted)
_RUBY: Final = _Style("true", "false", "nil", "{", "}", " => ", _single)
_PHP: Final = _Style("true", "false", "null", "[", "]", " => ", _single)


def _literal(value: Any, style: _Style, indent: int = 0) -> str:
    """A JSON value as a literal; what fits stays on one line."""
    if value is None or isinstance(value, bool):
        return {None: style.null, True: style.true, False: style.false}[value]
    if isinstance(value, str):
        return style.string(value)
    if isinstance(value, dict):
        parts = [
            f"{style.string(str(key))}{style.colon}{_literal(one, style, indent + 4)}" for key, one in value.items()
        ]
        brackets = style.open, style.close
    elif isinstance(value, list | tuple):
        parts = [_literal(one, style, indent + 4) for one in value]
        brackets = "[", "]"
    else:
        return json.dumps(value)
    flat = f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
    if len(flat) + indent <= 88 and "\n" not in flat:
        return flat
    inner = " " * (indent + 4)
    return f"{brackets[0]}\n{inner}" + f",\n{inner}".join(parts) + f",\n{' ' * indent}{brackets[1]}"


def pretty(value: Any) -> str:
    """A JSON value for a reader."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def _pairs(pairs: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return dict(pairs)


def _variable(path: Path) -> str:
    """The name of the variable that a field is read into."""
    names = [part for part in path if isinstance(part, str)]
    name = re.sub(r"\W+", "_", names[-1] if names else "", flags=re.ASCII).strip("_").lower()
    return name if re.match(r"[a-z]", name) and len(name) <= 40 and not keyword.iskeyword(name) else "value"


def _subscripts(path: Path, string: Callable[[str], str] = quoted) -> str:
    return "".join(f"[{part if isinstance(part, int) else string(part)}]" for part in path)


def _curl(request: Request) -> str:
    method = "" if request.method == "GET" and request.body is ABSENT else f"-X {request.method} "
    lines = [f"curl {method}{shlex.quote(request.full_url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    if request.body is not ABSENT:
        lines.append(
            f"-H 'Content-Type: application/json' -d {shlex.quote(json.dumps(request.body, ensure_ascii=False))}"
        )
    return " \\\n  ".join(lines)


def _jq(path: Path) -> str:
    steps = "".join(f"[{part}]" if isinstance(part, int) else f"[{quoted(part)}]" for part in path)
    plain = all(isinstance(part, int) or re.fullmatch(r"[A-Za-z_]\w*", part, re.ASCII) for part in path)
    if plain:
        steps = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"curl … | jq {shlex.quote(steps if steps.startswith('.') else f'.{steps}')}"


def _python(request: Request) -> str:
    arguments = [quoted(request.url)]
    arguments += [f"params={_literal(_pairs(request.query), _PYTHON, 4)}"] if request.query else []
    arguments += [f"headers={_literal(_pairs(request.headers), _PYTHON, 4)}"] if request.headers else []
    arguments += [f"json={_literal(request.body, _PYTHON, 4)}"] if request.body is not ABSENT else []
    inner = "".join(f"    {one},\n" for one in arguments)
    return f"import requests\n\nresponse = requests.{request.method.lower()}(\n{inner})"


def _node(request: Request) -> str:
    options = [] if request.method == "GET" else [f"method: {quoted(request.method)}"]
    headers = _pairs(request.headers) | ({"Content-Type": "application/json"} if request.body is not ABSENT else {})
    options += [f"headers: {_literal(headers, _JSON, 2)}"] if headers else []
    options += [f"body: JSON.stringify({_literal(request.body, _JSON, 2)})"] if request.body is not ABSENT else []
    inner = "".join(f"  {one},\n" for one in options)
    return f"const response = await fetch({quoted(request.full_url)}" + (f", {{\n{inner}}});" if options else ");")


def _dotted(path: Path) -> str:
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch(r"[A-Za-z_$][\w$]*", part, re.ASCII)
        else f"[{quoted(part)}]"
        for part in path
    )  # fmt: skip


def _ruby(request: Request) -> str:
    lines = ["require 'net/http'", "require 'json'", "", f"uri = URI({_single(request.full_url)})"]
    lines.append(f"request = Net::HTTP::{request.method.capitalize()}.new(uri)")
    lines += [f"request[{_single(name)}] = {_single(value)}" for name, value in request.headers]
    if request.body is not ABSENT:
        lines += [
            "request['Content-Type'] = 'application/json'",
            f"request.body = {_literal(request.body, _RUBY)}.to_json",
        ]
    lines.append("response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: true) { |http| http.request(request) }")
    return "\n".join(lines)


def _php(request: Request) -> str:
    options = ([f"'query' => {_literal(_pairs(request.query), _PHP, 4)}"] if request.query else []) + (
        [f"'headers' => {_literal(_pairs(request.headers), _PHP, 4)}"] if request.headers else []
    )
    options += [f"'json' => {_literal(request.body, _PHP, 4)}"] if request.body is not ABSENT else []
    inner = "".join(f"    {one},\n" for one in options)
    call = f"$response = $client->request({_single(request.method)}, {_single(request.url)}"
    return "$client = new GuzzleHttp\\Client();\n" + call + (f", [\n{inner}]);" if options else ");")


def _java(request: Request) -> str:
    body = "HttpRequest.BodyPublishers.noBody()"
    headers = list(request.headers)
    if request.body is not ABSENT:
        headers.append(("Content-Type", "application/json"))
        body = f"HttpRequest.BodyPublishers.ofString({quoted(json.dumps(request.body, ensure_ascii=False))})"
    lines = [f"HttpRequest request = HttpRequest.newBuilder(URI.create({quoted(request.full_url)}))"]
    lines += [f"    .header({quoted(name)}, {quoted(value)})" for name, value in headers]
    lines.append(f"    .method({quoted(request.method)}, {body})\n    .build();")
    return "\n".join(lines) + "\nHttpResponse<String> response = client.send(request, BodyHandlers.ofString());"


def _jackson(path: Path) -> str:
    steps = "".join(f".path({part if isinstance(part, int) else quoted(part)})" for part in path)
    return f"JsonNode {_variable(path)} = answer{steps};"


def _go(request: Request) -> str:
    text = json.dumps(request.body, ensure_ascii=False) if request.body is not ABSENT else ""
    body = "nil" if not text else f"strings.NewReader({quoted(text) if '`' in text else f'`{text}`'})"
    lines = [f"req, err := http.NewRequest({quoted(request.method)}, {quoted(request.full_url)}, {body})"]
    lines += [f"req.Header.Set({quoted(name)}, {quoted(value)})" for name, value in request.headers]
    lines += ['req.Header.Set("Content-Type", "application/json")'] if text else []
    return "\n".join([*lines, "res, err := http.DefaultClient.Do(req)"])


def _go_struct(path: Path) -> str:
    """Go reads JSON into structs: the field is the tag."""
    names = [part for part in path if isinstance(part, str)]
    tag = "".join(char for char in (names[-1] if names else "") if char not in '`"\\\n')
    field = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", tag)) or "Value"
    return f'{field if field[0].isalpha() else "F" + field} string `json:"{tag}"`'


def _csharp(request: Request) -> str:
    lines = [
        f"var request = new HttpRequestMessage(new HttpMethod({quoted(request.method)}), {quoted(request.full_url)});"
    ]
    lines += [f"request.Headers.Add({quoted(name)}, {quoted(value)});" for name, value in request.headers]
    if request.body is not ABSENT:
        text = quoted(json.dumps(request.body, ensure_ascii=False))
        lines.append(f'request.Content = new StringContent({text}, Encoding.UTF8, "application/json");')
    return "\n".join([*lines, "var response = await client.SendAsync(request);"])


def _json_document(path: Path) -> str:
    steps = "".join(f"[{part}]" if isinstance(part, int) else f".GetProperty({quoted(part)})" for part in path)
    return f"var {_variable(path)} = answer{steps};"


CURL: Final = Language("curl", "sh", _curl, "", _jq)
LANGUAGES: Final[Mapping[str, Language]] = {
    "python": Language(
        "Python", "python", _python, "answer = response.json()",
        lambda path: f"{_variable(path)} = answer{_subscripts(path)}",
    ),
    "node": Language(
        "Node.js", "js", _node, "const answer = await response.json();",
        lambda path: f"const {_variable(path)} = answer{_dotted(path)};",
    ),
    "ruby": Language(
        "Ruby", "ruby", _ruby, "answer = JSON.parse(response.body)",
        lambda path: f"{_variable(path)} = answer{_subscripts(path, _single)}",
    ),
    "php": Language(
        "PHP", "php", _php, "$answer = json_decode($response->getBody(), true);",
        lambda path: f"${_variable(path)} = $answer{_subscripts(path, _single)};",
    ),
    "java": Language(
        "Java", "java", _java, "JsonNode answer = new ObjectMapper().readTree(response.body());", _jackson,
    ),
    "go": Language("Go", "go", _go, "// in the struct that the answer is decoded into", _go_struct),
    "csharp": Language("C#", "csharp", _csharp, "var answer = JsonDocument.Parse(text).RootElement;", _json_document),
}  # fmt: skip
_ALIASES: Final = {
    "javascript": "node", "typescript": "node", "js": "node", "nodejs": "node", "node.js": "node", "axios": "node",
    "golang": "go", "kotlin": "java", "scala": "java", "okhttp": "java", "jvm": "java", "guzzle": "php",
    ".net": "csharp", "dotnet": "csharp", "c#": "csharp", "net": "csharp",
}  # fmt: skip


def languages(names: tuple[str, ...], *, most: int = 3) -> tuple[Language, ...]:
    """The languages of the logs that we can write, in the logs' order; Python and Node.js where the logs name none."""
    known = dict.fromkeys(_ALIASES.get(name.lower(), name.lower()) for name in names)
    found = [LANGUAGES[name] for name in known if name in LANGUAGES]
    return tuple(found[:most]) or (LANGUAGES["python"], LANGUAGES["node"])
