"""Java, Go and C#."""

from typing import Final

from apidiff.calls.value import Call, Exchange
from apidiff.render.plan.languages.language import Language, is_basic, keys, named, plain_headers, secrets
from apidiff.render.plan.snippets import quoted
from apidiff.schema.wholes import Path


def _keys(call: Call, secret: str) -> str:
    return "".join(f" + {quoted(start)} + {secret.format(name)}" for start, name in keys(call))


def _secret_headers(call: Call, secret: str) -> list[tuple[str, str]]:
    """The headers that come from the environment: a name, and what makes the value."""
    return [
        (one.name, f"{quoted(one.prefix) + ' + ' if one.prefix else ''}{secret.format(one.variable)}")
        for one in secrets(call, "header")
    ]


def _java(exchange: Exchange) -> str:
    call = exchange.call
    secret = 'System.getenv("{}")'
    body = (
        f"HttpRequest.BodyPublishers.ofString({quoted(call.text)})"
        if call.text
        else "HttpRequest.BodyPublishers.noBody()"
    )
    headers = _secret_headers(call, secret)
    if is_basic(call):
        headers.insert(0, ("Authorization", '"Basic " + Base64.getEncoder().encodeToString(user.getBytes())'))
    headers += [(name, quoted(value)) for name, value in plain_headers(call)]
    imports = ["java.net.URI", "java.net.http.HttpClient", "java.net.http.HttpRequest", "java.net.http.HttpResponse"]
    imports += ["java.util.Base64"] if is_basic(call) else []
    imports += ["com.fasterxml.jackson.databind.JsonNode", "com.fasterxml.jackson.databind.ObjectMapper"] if (
        exchange.reads) else []  # fmt: skip
    lines = [f"import {one};" for one in sorted(imports)]
    lines = (["// needs com.fasterxml.jackson.core:jackson-databind"] if exchange.reads else []) + lines
    lines += ["", "public class Sample {", "    public static void main(String[] args) throws Exception {"]
    inner = [f'String server = System.getenv().getOrDefault("API_URL", {quoted(call.server)});']
    inner += (
        ['String user = System.getenv("API_USER") + ":" + System.getenv("API_PASSWORD");'] if is_basic(call) else []
    )
    inner.append(
        f"HttpRequest request = HttpRequest.newBuilder(URI.create(server + {quoted(call.target)}{_keys(call, secret)}))"
    )
    inner += [f"    .header({quoted(name)}, {value})" for name, value in headers]
    inner += [f"    .method({quoted(call.method)}, {body})", "    .build();"]
    inner.append("HttpResponse<String> response =")
    inner.append("    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());")
    inner.append("if (response.statusCode() >= 400) {")
    inner += ['    throw new RuntimeException(response.statusCode() + " " + response.body());', "}"]
    if exchange.reads:
        inner.append("JsonNode answer = new ObjectMapper().readTree(response.body());")
        for read in exchange.reads:
            steps = "".join(f".required({part if isinstance(part, int) else quoted(part)})" for part in read.path)
            inner += [f"JsonNode {named(read.path)} = answer{steps};", f"System.out.println({named(read.path)});"]
    else:
        inner.append('System.out.println(response.statusCode() + " " + response.body());')
    return "\n".join([*lines, *(f"        {line}" for line in inner), "    }", "}"])


_GO_TYPES: Final = {
    "string": "string", "integer": "float64", "number": "float64", "boolean": "bool", "array": "[]any",
    "object": "map[string]any",
}  # fmt: skip


def _go(exchange: Exchange) -> str:
    call = exchange.call
    secret = 'os.Getenv("{}")'
    text = call.text
    imports = [
        "fmt",
        "io",
        "net/http",
        "os",
        *(["encoding/json"] if exchange.reads else []),
        *(["strings"] if text else []),
    ]
    lines = ["package main", "", "import (", *(f'\t"{one}"' for one in sorted(imports)), ")", "", "func main() {"]
    body = "nil" if not text else f"strings.NewReader({quoted(text) if '`' in text else f'`{text}`'})"
    inner = ['server := os.Getenv("API_URL")', 'if server == "" {', f"\tserver = {quoted(call.server)}", "}"]
    address = f"server+{quoted(call.target)}{_keys(call, secret).replace(' + ', '+')}"
    inner += [f"request, err := http.NewRequest({quoted(call.method)}, {address}, {body})", *_GO_FAILS]
    inner += ['request.SetBasicAuth(os.Getenv("API_USER"), os.Getenv("API_PASSWORD"))'] if is_basic(call) else []
    inner += [
        f"request.Header.Set({quoted(name)}, {value.replace(' + ', '+')})"
        for name, value in _secret_headers(call, secret)
    ]
    inner += [f"request.Header.Set({quoted(name)}, {quoted(value)})" for name, value in plain_headers(call)]
    inner += ["response, err := http.DefaultClient.Do(request)", *_GO_FAILS, "defer response.Body.Close()"]
    inner += ["body, err := io.ReadAll(response.Body)", *_GO_FAILS]
    inner += ["if response.StatusCode >= 400 {", '\tpanic(response.Status + " " + string(body))', "}"]
    if exchange.reads:
        inner += ["var answer any", "if err := json.Unmarshal(body, &answer); err != nil {", "\tpanic(err)", "}"]
        for read in exchange.reads:
            name = named(read.path)
            end = _GO_TYPES.get(read.kind, "")
            inner += _go_read(name, read.path, end)
            inner.append(f"fmt.Println({name})")
    else:
        inner.append("fmt.Println(response.Status, string(body))")
    return "\n".join([*lines, *(f"\t{line}" for line in inner), "}"])


_GO_FAILS: Final = ("if err != nil {", "\tpanic(err)", "}")


def _go_read(name: str, path: Path, kind: str) -> list[str]:
    """The lines that read a field; where it is missing, or another type, the program ends."""
    held = "answer"
    for part in path[:-1]:
        held += f".([]any)[{part}]" if isinstance(part, int) else f".(map[string]any)[{quoted(part)}]"
    last = path[-1]
    if isinstance(last, int):
        return [f"{name} := {held}.([]any)[{last}]{f'.({kind})' if kind else ''}"]
    lines = [
        f"{name}, found := {held}.(map[string]any)[{quoted(last)}]",
        "if !found {",
        f"\tpanic({quoted(f'{last} is missing')})",
        "}",
    ]
    if not kind:
        return lines
    return [f"{name} := {held}.(map[string]any)[{quoted(last)}].({kind})"]


def _csharp(exchange: Exchange) -> str:
    call = exchange.call
    secret = 'Environment.GetEnvironmentVariable("{}")'
    uses = ["System", "System.Net.Http", "System.Text"]
    uses += ["System.Text.Json.Nodes"] if exchange.reads else []
    lines = [f"using {one};" for one in uses]
    lines += ["", f'var server = Environment.GetEnvironmentVariable("API_URL") ?? {quoted(call.server)};']
    lines.append(f"var url = server + {quoted(call.target)}{_keys(call, secret)};")
    lines.append(f"var request = new HttpRequestMessage(new HttpMethod({quoted(call.method)}), url);")
    if is_basic(call):
        lines.append(f'var user = {secret.format("API_USER")} + ":" + {secret.format("API_PASSWORD")};')
        lines.append(
            'request.Headers.Add("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));'
        )
    lines += [
        f"request.Headers.TryAddWithoutValidation({quoted(name)}, {value});"
        for name, value in _secret_headers(call, secret)
    ]
    lines += [f"request.Headers.TryAddWithoutValidation({quoted(name)}, {quoted(value)});"
              for name, value in plain_headers(call) if name != "Content-Type"]  # fmt: skip
    if call.text:
        lines.append(
            f"request.Content = new StringContent({quoted(call.text)}, Encoding.UTF8, {quoted(call.content_type)});"
        )
    lines += ["using var client = new HttpClient();", "var response = await client.SendAsync(request);"]
    lines.append("var body = await response.Content.ReadAsStringAsync();")
    lines.append('if (!response.IsSuccessStatusCode) throw new Exception((int)response.StatusCode + " " + body);')
    if not exchange.reads:
        return "\n".join([*lines, 'Console.WriteLine((int)response.StatusCode + " " + body);'])
    lines.append("var answer = JsonNode.Parse(body);")
    for read in exchange.reads:
        steps = "".join(f"[{part if isinstance(part, int) else quoted(part)}]!" for part in read.path)
        lines += [f"var {named(read.path)} = answer!{steps};", f"Console.WriteLine({named(read.path)}.ToJsonString());"]
    return "\n".join(lines)


JAVA: Final = Language("Java", "java", "Sample.java", _java)
GO: Final = Language("Go", "go", "sample.go", _go)
CSHARP: Final = Language("C#", "csharp", "Program.cs", _csharp)
