"""curl, Python, Node.js, Ruby and PHP."""

import re
import shlex
from typing import Any, Final

from apidiff.calls.value import Call, Exchange, Read
from apidiff.render.plan.languages.language import (
    Language,
    is_basic,
    keys,
    missing,
    named,
    plain_headers,
    secrets,
    subscripts,
)
from apidiff.render.plan.snippets import JSON, STRICT, Style, literal, quoted, single
from apidiff.render.plan.snippets import PHP as PHP_STYLE
from apidiff.render.plan.snippets import PYTHON as PYTHON_STYLE
from apidiff.render.plan.snippets import RUBY as RUBY_STYLE
from apidiff.schema.wholes import Path


def _curl(exchange: Exchange) -> str:
    call = exchange.call
    method = "" if call.method == "GET" and not call.text else f" -X {shlex.quote(call.method)}"
    target = shlex.quote(call.target)
    asked = "".join(f'{shlex.quote(start)}"${variable}"' for start, variable in keys(call))
    globs = " -g" if re.search(r"[][{}]", call.target) else ""
    lines = [f'curl --fail-with-body -sS{globs}{method} "${{API_URL:-{call.server}}}"{target}{asked}']
    lines += ['-u "$API_USER:$API_PASSWORD"'] if is_basic(call) else []
    lines += [f'-H {shlex.quote(f"{one.name}: {one.prefix}")}"${one.variable}"' for one in secrets(call, "header")]
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in plain_headers(call)]
    if call.is_multipart:
        lines += [_part(call, name, value) for name, value in call.fields]
    elif call.is_form:
        lines += [f"--data-urlencode {shlex.quote(f'{name}={value}')}" for name, value in call.fields]
    elif call.text:
        text = literal(call.body, STRICT) if call.is_json else call.text
        lines.append(f"--data-raw {shlex.quote(text)}")
    return " \\\n  ".join(lines)


def _part(call: Call, name: str, value: str) -> str:
    """A field as curl sends it: as it is, or as a file of that content, in whose text curl reads quotes alone."""
    if name not in call.files:
        return f"--form-string {shlex.quote(f'{name}={value}')}"
    content, named = (text.replace("\\", "\\\\").replace('"', '\\"') for text in (value, name))
    return "-F " + shlex.quote(f'{name}="{content}";filename="{named}"')


def _headers(call: Call, style: Style, secret: str) -> list[str]:
    """The entries of a map of headers: those from the environment, then the plain ones. `secret` makes the value."""
    made = []
    for one in secrets(call, "header"):
        prefix = f"{style.string(one.prefix)}{' . ' if style is PHP_STYLE else ' + '}" if one.prefix else ""
        made.append(f"{style.string(one.name)}{style.colon}{prefix}{secret.format(one.variable)}")
    return made + [f"{style.string(name)}{style.colon}{style.string(value)}" for name, value in plain_headers(call)]


def _keys(call: Call, string: Any, secret: str, plus: str) -> str:
    """What puts the keys of a query behind the address."""
    return "".join(f"{plus}{string(start)}{plus}{secret.format(name)}" for start, name in keys(call))


def _python(exchange: Exchange) -> str:
    call = exchange.call
    secret = 'os.environ["{}"]'
    url = f'os.environ.get("API_URL", {quoted(call.server)}) + {quoted(call.target)}'
    arguments = [url + _keys(call, quoted, secret, " + ")]
    arguments += [f"method={quoted(call.method)}"] if call.method != "GET" or call.text else []
    headers = _headers(call, PYTHON_STYLE, secret)
    if is_basic(call):
        headers.insert(0, '"Authorization": "Basic " + base64.b64encode(user.encode()).decode()')
    if headers:
        arguments.append("headers={" + ", ".join(headers) + "}" if len(", ".join(headers)) < 90
                         else "headers={\n        " + ",\n        ".join(headers) + ",\n    }")  # fmt: skip
    if call.is_form:
        arguments.append(f"data=urllib.parse.urlencode({_pairs(call, PYTHON_STYLE)}).encode()")
    elif call.text:
        held = f"json.dumps({literal(call.body, PYTHON_STYLE, 4)})" if call.is_json else quoted(call.text)
        arguments.append(f"data={held}.encode()")
    modules = {"os", "urllib.request", *(["base64"] if is_basic(call) else [])}
    modules |= {"json"} if exchange.reads or call.is_json else set()
    modules |= {"urllib.parse"} if call.is_form else set()
    lines = [*(f"import {name}" for name in sorted(modules)), ""]
    lines += ['user = os.environ["API_USER"] + ":" + os.environ["API_PASSWORD"]'] if is_basic(call) else []
    lines += ["request = urllib.request.Request(", *(f"    {one}," for one in arguments), ")"]
    lines.append("with urllib.request.urlopen(request) as response:")
    if not exchange.reads:
        return "\n".join([*lines, "    print(response.status, response.read().decode())"])
    lines.append("    answer = json.load(response)")
    for read in exchange.reads:
        name = named(read.path)
        lines.append(f"{name} = answer{subscripts(read.path)}")
        if read.kind:
            lines += [f"if not isinstance({name}, {_PYTHON_TYPES[read.kind]}):",
                      f"    raise TypeError({quoted(f'{name} is no {read.kind}')})"]  # fmt: skip
        lines.append(f"print({name})")
    return "\n".join(lines)


_PYTHON_TYPES: Final = {
    "string": "str", "integer": "int", "number": "int | float", "boolean": "bool", "array": "list", "object": "dict",
    "null": "type(None)",
}  # fmt: skip


def _pairs(call: Call, style: Style) -> str:
    """The fields of a form as a list of pairs: a name may come twice."""
    opened, closed = ("(", ")") if style is PYTHON_STYLE else ("[", "]")
    pairs = [f"{opened}{style.string(name)}, {style.string(value)}{closed}" for name, value in call.fields]
    flat = f"[{', '.join(pairs)}]"
    return flat if len(flat) < 70 else "[\n        " + ",\n        ".join(pairs) + ",\n    ]"


def _node(exchange: Exchange) -> str:
    call = exchange.call
    secret = "process.env.{}"
    url = f"(process.env.API_URL ?? {quoted(call.server)}) + {quoted(call.target)}"
    url += _keys(call, quoted, secret, " + ")
    options = [] if call.method == "GET" else [f"method: {quoted(call.method)}"]
    headers = _headers(call, JSON, secret)
    if is_basic(call):
        headers.insert(0, '"Authorization": "Basic " + btoa(process.env.API_USER + ":" + process.env.API_PASSWORD)')
    if headers:
        joined = ", ".join(headers)
        options.append(f"headers: {{ {joined} }}" if len(joined) < 80
                       else "headers: {\n    " + ",\n    ".join(headers) + ",\n  }")  # fmt: skip
    lines = []
    if call.is_multipart:
        lines = ["const form = new FormData();"]
        lines += [
            f"form.append({quoted(name)}, new Blob([{quoted(value)}]), {quoted(name)});"
            if name in call.files
            else f"form.append({quoted(name)}, {quoted(value)});"
            for name, value in call.fields
        ]
        options.append("body: form")
    elif call.is_form:
        options.append(f"body: new URLSearchParams({_pairs(call, JSON)})")
    elif call.text:
        options.append(f"body: JSON.stringify({literal(call.body, JSON, 2)})" if call.is_json
                       else f"body: {quoted(call.text)}")  # fmt: skip
    inner = "".join(f"  {one},\n" for one in options)
    lines += [f"const url = {url};", "const response = await fetch(url" + (f", {{\n{inner}}});" if options else ");")]
    lines.append("if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);")
    if not exchange.reads:
        return "\n".join([*lines, "console.log(response.status, await response.text());"])
    lines.append("const answer = await response.json();")
    for read in exchange.reads:
        name = named(read.path)
        lines.append(f"const {name} = answer{_dotted(read.path)};")
        lines.append(f"if ({_node_check(name, read)}) throw new Error({quoted(missing(read.path))});")
        lines.append(f"console.log({name});")
    return "\n".join(lines)


def _node_check(name: str, read: Read) -> str:
    kind = {"integer": "number"}.get(read.kind, read.kind)
    if kind in ("string", "number", "boolean"):
        return f'typeof {name} !== "{kind}"'
    return {"array": f"!Array.isArray({name})", "object": f'typeof {name} !== "object" || {name} === null',
            "null": f"{name} !== null"}.get(kind, f"{name} === undefined")  # fmt: skip


def _dotted(path: Path) -> str:
    return "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" if re.fullmatch(r"[A-Za-z_$][\w$]*", part, re.ASCII)
        else f"[{quoted(part)}]"
        for part in path
    )  # fmt: skip


def _ruby(exchange: Exchange) -> str:
    call = exchange.call
    secret = "ENV.fetch('{}')"
    address = f"ENV.fetch('API_URL', {single(call.server)}) + {single(call.target)}"
    lines = ["require 'json'", "require 'net/http'", ""]
    lines.append(f"uri = URI({address}{_keys(call, single, secret, ' + ')})")
    lines.append(f"request = Net::HTTP::{re.sub(r'[^A-Za-z]', '', call.method).capitalize()}.new(uri)")
    if is_basic(call):
        lines.append("request.basic_auth(ENV.fetch('API_USER'), ENV.fetch('API_PASSWORD'))")
    for one in secrets(call, "header"):
        prefix = f"{single(one.prefix)} + " if one.prefix else ""
        lines.append(f"request[{single(one.name)}] = {prefix}{secret.format(one.variable)}")
    lines += [f"request[{single(name)}] = {single(value)}" for name, value in plain_headers(call)]
    if call.is_form:
        lines.append(f"request.body = URI.encode_www_form({_pairs(call, RUBY_STYLE)})")
    elif call.text:
        lines.append(f"request.body = {literal(call.body, RUBY_STYLE)}.to_json" if call.is_json
                     else f"request.body = {single(call.text)}")  # fmt: skip
    lines.append("response = Net::HTTP.start(uri.hostname, uri.port, use_ssl: uri.scheme == 'https') do |http|")
    lines += ["  http.request(request)", "end"]
    lines.append('raise "#{response.code} #{response.body}" unless response.is_a?(Net::HTTPSuccess)')
    if not exchange.reads:
        return "\n".join([*lines, "puts response.code, response.body"])
    lines.append("answer = JSON.parse(response.body)")
    for read in exchange.reads:
        steps = "".join(f".fetch({part if isinstance(part, int) else single(part)})" for part in read.path)
        lines.append(f"{named(read.path)} = answer{steps}")
        lines += [f"raise {single(missing(read.path))} unless {named(read.path)}.is_a?({_RUBY_TYPES[read.kind]})"
                  ] if read.kind in _RUBY_TYPES else []  # fmt: skip
        lines.append(f"p {named(read.path)}")
    return "\n".join(lines)


_RUBY_TYPES: Final = {
    "string": "String", "integer": "Integer", "number": "Numeric", "array": "Array", "object": "Hash",
}  # fmt: skip


def _php(exchange: Exchange) -> str:
    call = exchange.call
    secret = "getenv('{}')"
    address = f"(getenv('API_URL') ?: {single(call.server)}) . {single(call.target)}"
    lines = ["<?php", "", f"$curl = curl_init({address}{_keys(call, single, secret, ' . ')});"]
    options = ["CURLOPT_RETURNTRANSFER => true", f"CURLOPT_CUSTOMREQUEST => {single(call.method)}"]
    headers = [
        f"{single(f'{one.name}: {one.prefix}')} . {secret.format(one.variable)}" for one in secrets(call, "header")
    ]
    headers += [single(f"{name}: {value}") for name, value in plain_headers(call)]
    options += ["CURLOPT_USERPWD => getenv('API_USER') . ':' . getenv('API_PASSWORD')"] if is_basic(call) else []
    if headers:
        options.append("CURLOPT_HTTPHEADER => [\n        " + ",\n        ".join(headers) + ",\n    ]")
    if call.is_multipart:
        sent = [
            f"{single(name)} => "
            + (f"new CURLStringFile({single(value)}, {single(name)})" if name in call.files else single(value))
            for name, value in call.fields
        ]
        options.append("CURLOPT_POSTFIELDS => [\n        " + ",\n        ".join(sent) + ",\n    ]")
    elif call.is_form:
        options.append(f"CURLOPT_POSTFIELDS => {single(call.text)}")
    elif call.text:
        options.append(f"CURLOPT_POSTFIELDS => json_encode({_php_value(call.body)})" if call.is_json
                       else f"CURLOPT_POSTFIELDS => {single(call.text)}")  # fmt: skip
    lines += ["curl_setopt_array($curl, [", *(f"    {one}," for one in options), "]);", "$body = curl_exec($curl);"]
    lines.append("$status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);")
    lines.append('if ($status < 200 || $status >= 300) throw new RuntimeException("$status $body");')
    if not exchange.reads:
        return "\n".join([*lines, "echo $status, ' ', $body, PHP_EOL;"])
    lines.append("$answer = json_decode($body, true, flags: JSON_THROW_ON_ERROR);")
    for read in exchange.reads:
        steps = "".join(f"[{part if isinstance(part, int) else single(part)}]" for part in read.path)
        lines.append(
            f"${named(read.path)} = $answer{steps} ?? throw new RuntimeException({single(missing(read.path))});"
        )
        lines.append(f"var_dump(${named(read.path)});")
    return "\n".join(lines)


def _php_value(value: Any) -> str:
    """A JSON value for `json_encode`, to which an empty array is a list."""
    return "new stdClass()" if value == {} else literal(value, PHP_STYLE, 4)


CURL: Final = Language("curl", "sh", "sample.sh", _curl, writes_parts=True)
PYTHON: Final = Language("Python", "python", "sample.py", _python)
NODE: Final = Language("Node.js", "js", "sample.mjs", _node, writes_parts=True)
RUBY: Final = Language("Ruby", "ruby", "sample.rb", _ruby)
PHP: Final = Language("PHP", "php", "sample.php", _php, writes_parts=True)
