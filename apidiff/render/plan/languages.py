"""HTTP requests, and the reading of fields of the answer, written in the languages that integrators use."""

import keyword
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from apidiff.render.plan.snippets import JSON, PHP, PYTHON, RUBY, Path, Request, literal, quoted, single


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
    method = "" if request.method == "GET" and not request.text else f"-X {request.method} "
    lines = [f"curl {method}{shlex.quote(request.full_url)}"]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in request.headers]
    if request.form:
        lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in request.fields]
    elif request.text:
        lines.append(f"-H 'Content-Type: application/json' -d {shlex.quote(request.text)}")
    return " \\\n  ".join(lines)


def _jq(path: Path) -> str:
    steps = "".join(f"[{part}]" if isinstance(part, int) else f"[{quoted(part)}]" for part in path)
    plain = all(isinstance(part, int) or re.fullmatch(r"[A-Za-z_]\w*", part, re.ASCII) for part in path)
    if plain:
        steps = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"curl … | jq {shlex.quote(steps if steps.startswith('.') else f'.{steps}')}"


def _python(request: Request) -> str:
    arguments = [quoted(request.url)]
    arguments += [f"params={literal(_pairs(request.query), PYTHON, 4)}"] if request.query else []
    arguments += [f"headers={literal(_pairs(request.headers), PYTHON, 4)}"] if request.headers else []
    if request.text:
        held = f"data={literal(dict(request.fields), PYTHON, 4)}"
        arguments.append(held if request.form else f"json={literal(request.body, PYTHON, 4)}")
    inner = "".join(f"    {one},\n" for one in arguments)
    return f"import requests\n\nresponse = requests.{request.method.lower()}(\n{inner})"


def _node(request: Request) -> str:
    options = [] if request.method == "GET" else [f"method: {quoted(request.method)}"]
    headers = _pairs(request.headers) | (
        {"Content-Type": "application/json"} if request.text and not request.form else {}
    )
    options += [f"headers: {literal(headers, JSON, 2)}"] if headers else []
    if request.text:
        held = f"new URLSearchParams({literal(dict(request.fields), JSON, 2)})"
        options.append(f"body: {held if request.form else f'JSON.stringify({literal(request.body, JSON, 2)})'}")
    inner = "".join(f"  {one},\n" for one in options)
    return f"const response = await fetch({quoted(request.full_url)}" + (f", {{\n{inner}}});" if options else ");")


def _dotted(path: Path) -> str:
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch(r"[A-Za-z_$][\w$]*", part, re.ASCII)
        else f"[{quoted(part)}]"
        for part in path
    )  # fmt: skip


def _ruby(request: Request) -> str:
    lines = ["require 'net/http'", "require 'json'", "", f"uri = URI({single(request.full_url)})"]
    lines.append(f"request = Net::HTTP::{request.method.capitalize()}.new(uri)")
    lines += [f"request[{single(name)}] = {single(value)}" for name, value in request.headers]
    if request.form:
        lines.append(f"request.set_form_data({literal(dict(request.fields), RUBY)})")
    elif request.text:
        lines.append("request['Content-Type'] = 'application/json'")
        lines.append(f"request.body = {literal(request.body, RUBY)}.to_json")
    lines.append("response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: true) { |http| http.request(request) }")
    return "\n".join(lines)


def _php(request: Request) -> str:
    options = ([f"'query' => {literal(_pairs(request.query), PHP, 4)}"] if request.query else []) + (
        [f"'headers' => {literal(_pairs(request.headers), PHP, 4)}"] if request.headers else []
    )
    if request.text:
        held = f"'form_params' => {literal(dict(request.fields), PHP, 4)}"
        options.append(held if request.form else f"'json' => {literal(request.body, PHP, 4)}")
    inner = "".join(f"    {one},\n" for one in options)
    call = f"$response = $client->request({single(request.method)}, {single(request.url)}"
    return "$client = new GuzzleHttp\\Client();\n" + call + (f", [\n{inner}]);" if options else ");")


def _java(request: Request) -> str:
    body = "HttpRequest.BodyPublishers.noBody()"
    headers = list(request.headers)
    if request.text:
        headers.append(("Content-Type", request.media))
        body = f"HttpRequest.BodyPublishers.ofString({quoted(request.text)})"
    lines = [f"HttpRequest request = HttpRequest.newBuilder(URI.create({quoted(request.full_url)}))"]
    lines += [f"    .header({quoted(name)}, {quoted(value)})" for name, value in headers]
    lines.append(f"    .method({quoted(request.method)}, {body})\n    .build();")
    return "\n".join(lines) + "\nHttpResponse<String> response = client.send(request, BodyHandlers.ofString());"


def _jackson(path: Path) -> str:
    steps = "".join(f".path({part if isinstance(part, int) else quoted(part)})" for part in path)
    return f"JsonNode {_variable(path)} = answer{steps};"


def _go(request: Request) -> str:
    text = request.text
    body = "nil" if not text else f"strings.NewReader({quoted(text) if '`' in text else f'`{text}`'})"
    lines = [f"req, err := http.NewRequest({quoted(request.method)}, {quoted(request.full_url)}, {body})"]
    lines += [f"req.Header.Set({quoted(name)}, {quoted(value)})" for name, value in request.headers]
    lines += [f'req.Header.Set("Content-Type", "{request.media}")'] if text else []
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
    if request.text:
        lines.append(f'request.Content = new StringContent({quoted(request.text)}, Encoding.UTF8, "{request.media}");')
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
        lambda path: f"{_variable(path)} = answer{_subscripts(path, single)}",
    ),
    "php": Language(
        "PHP", "php", _php, "$answer = json_decode($response->getBody(), true);",
        lambda path: f"${_variable(path)} = $answer{_subscripts(path, single)};",
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
