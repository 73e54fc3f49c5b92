"""A spec, accounts and logs of a stranger who knows what each reader takes for a directive: every file of a plan, read
by its own reader, holds what an honest one holds."""

import ast
import csv
import io
import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import yaml
from icalendar import Calendar

from tests.cli import scenario
from tests.conftest import Run

pytestmark = pytest.mark.slow

TEXTS = (
    "coding: utf-7 +AAo-import os",
    "x\nimport os; os.abort()\n# vim: set ft=sh:",
    "*/ process.exit(1) /* </script><script>alert(1)</script>",
    "${process.exit(1)} `id` $(touch pwned) %{HOST}e %s \\",
    "'; touch pwned; echo '",
    '"; return 200 "x"; } server { listen 81; } #',
    "</LocationMatch>\nInclude /etc/passwd",
    "--- !!python/object/apply:os.abort []\n- &a *a",
    "x\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nATTACH:file:///etc/passwd",
    "]]></failure><!ENTITY x SYSTEM 'file:///etc/passwd'> &x;",
    "=HYPERLINK(\"http://evil.example\")",
    "-2+3+cmd|' /C calc'!A1",
    "---\ntitle: x\n---\n{{ 7*7 }} {% include '/etc/passwd' %}",
    "::error file=x::gone\n::set-output name=a::b\n##[error]x",
    "[a](javascript:alert(1)) ![](http://evil.example/x.png) <img src=x onerror=alert(1)>",
    "\n```\n$ touch pwned\n~~~",
    "a\n\tall: ; touch pwned\n$(shell touch pwned)",
    "@import 'x'; {$PATH} {http.vars.x} import /etc/passwd",
    "$VAR \"$(id)\" \u2028 \u202e \x1b[31m",
    "constructor", "__proto__", "null", "on", "1e3", "~", "<<",
)  # fmt: skip
"""What some reader takes for a line of its own, an end of a comment or a string, or for another type."""
ROUNDS = 6


def hostile(spec: dict[str, Any], take: Any, *, is_base: bool) -> dict[str, Any]:
    """The scenario's spec with a text wherever a spec has one."""
    spec = json.loads(json.dumps(spec))
    spec["openapi"] = "3.2.0"
    spec["info"] |= {"title": take("title"), "description": take("description")}
    spec["tags"] = [{"name": take("tag"), "description": take("tag-text")}]
    schemes = {take("scheme"): {"type": "apiKey", "in": "header", "name": "X-Key", "description": take("scheme-text")}}
    spec["components"]["securitySchemes"] = schemes
    pet = spec["components"]["schemas"]["Pet"]["properties"]
    pet[take("kept")] = {"type": "string", "enum": [take("value"), "y"][not is_base :], "description": take("text")}
    if is_base:
        pet[take("gone")] = {"type": "string", "example": take("example")}
    path = "/odd/" + take("path").replace("/", "-").replace("{", "(").replace("}", ")") + "/{id}"
    mixed = "/mixed/a" + take("mixed").replace("/", "-").replace("{", "(").replace("}", ")") + "{id}.json"
    for name in (path, mixed):
        parameters = [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": take("query"), "in": "query", "required": not is_base, "schema": {"enum": ["y", take("value")]}},
        ]
        body = {"type": "object", "properties": {take("field"): {"type": "string", "default": take("default")}}}
        post = {
            "operationId": take("operation") + name, "summary": take("summary"), "tags": [take("tag")],
            "security": [{name: [] for name in schemes}], "parameters": parameters,
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"200": {"description": take("answer")}},
        }  # fmt: skip
        if not is_base:
            body["required"] = [take("field")]
            post.pop("deprecated", None)
        spec["paths"][name] = {"post": post} if is_base else {"post": post, "get": post | {"operationId": f"get{name}"}}
        if is_base:
            gone = {"responses": {"204": {"description": "Gone."}}}
            spec["paths"][name] |= {"delete": gone, "additionalOperations": {take("method"): gone}}
    return spec


@pytest.fixture(scope="module", params=range(ROUNDS))
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    places: dict[str, int] = {}

    def take(place: str) -> str:
        """The same text for a place on both sides, another in each round."""
        return TEXTS[(places.setdefault(place, len(places)) + request.param * 5) % len(TEXTS)]

    folder = tmp_path_factory.mktemp("hostile")
    made = scenario.write(folder)
    made["base"].write_text(json.dumps(hostile(scenario.BASE, take, is_base=True)))
    made["revision"].write_text(json.dumps(hostile(scenario.REVISION, take, is_base=False)))
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["api_key", "integrator", "name", "contact", "owner", "revenue", "note"])
    for number, (key, name) in enumerate(scenario.KEYS.items()):
        texts = [take(f"account{number}{column}") for column in ("name", "contact", "owner")]
        writer.writerow([key, f"{name}{take('integrator')}", *texts, 100_000, take("note")])
    made["integrators"].write_text(rows.getvalue(), newline="")
    return made


@pytest.fixture(scope="module")
def written(files: dict[str, Path]) -> dict[str, bytes]:
    """Every file of the plan, by name."""
    from apidiff.cli import main

    out = files["base"].parent / "plan"
    assert main([str(one) for one in scenario.plan_arguments(files, out)]) == 0
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}


def test_data_has_the_shape_of_data(written: dict[str, bytes]) -> None:
    for name in (name for name in written if name.endswith(".json")):
        json.loads(written[name])
    made = {name: yaml.safe_load(written[name]) for name in written if name.endswith(".yaml")}
    overlay = made["overlay.yaml"]
    assert (set(overlay), {frozenset(one) - {"description"} for one in overlay["actions"]}) == (
        {"overlay", "info", "actions"},
        {frozenset({"target", "update"})},
    )
    assert set(made["headers/envoy.yaml"]) == {"routes"}
    assert set(made["headers/traefik.yaml"]) == {"http"}
    assert set(made["headers/kong.yaml"]) == {"_format_version", "services"}
    assert all(re.fullmatch(r"apidiff-\d+", name) for name in made["headers/traefik.yaml"]["http"]["routers"])


def test_tables_have_cells_and_no_formulas(written: dict[str, bytes]) -> None:
    for name in ("outreach.csv", "messages/merge.csv"):
        rows = list(csv.reader(io.StringIO(written[name].decode(), newline="")))
        assert len({len(row) for row in rows}) == 1, name
        assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "|", "%", "\t", "\r"))]


def test_the_calendar_and_the_mails_have_our_parts_alone(written: dict[str, bytes]) -> None:
    calendar = Calendar.from_ical(written["sunset.ics"])
    kinds = {part.name for part in calendar.walk()}
    assert kinds == {"VCALENDAR", "VEVENT", "VALARM"}
    assert {(str(alarm["ACTION"]), "ATTACH" in alarm) for alarm in calendar.walk("VALARM")} == {("DISPLAY", False)}
    for name in (name for name in written if name.endswith(".eml")):
        mail = message_from_bytes(written[name], policy=policy.default)
        assert not mail.defects, name
        assert set(mail.keys()) <= {
            "Subject", "To", "X-Unsent", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
        }, name  # fmt: skip
        parts = [(part.get_content_type(), part.get_filename()) for part in mail.walk() if not part.is_multipart()]
        assert parts in ([("text/plain", None)], [("text/plain", None), ("text/markdown", "your-migration.md")]), name


def test_code_is_ours(written: dict[str, bytes], tmp_path: Path) -> None:
    module = ast.parse(written["headers/apidiff_headers_asgi.py"])
    kinds = [type(part).__name__ for part in module.body]
    assert kinds == ["Expr", "Import", "Assign", "Assign", "ClassDef", "FunctionDef"]
    if (node := shutil.which("node")) is None:
        pytest.skip("node is not installed")
    script = tmp_path / "express.js"
    script.write_bytes(written["headers/apidiff-headers-express.js"])
    asked = (
        f"const add = require({json.dumps(str(script))}); console.log(typeof add, Object.keys(require.cache).length)"
    )
    done = subprocess.run([node, "-e", asked], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "function 1\n"


def blocks(written: dict[str, bytes], *languages: str) -> list[tuple[str, str]]:
    """The code blocks of the documents by language: the file and the code."""
    from markdown_it import MarkdownIt

    return [
        (name, token.content)
        for name in written
        if name.endswith(".md")
        for token in MarkdownIt("commonmark").parse(written[name].decode())
        if token.type == "fence" and token.info.strip() in languages
    ]


def test_calls_of_the_shell_are_one_program(written: dict[str, bytes], tmp_path: Path) -> None:
    """Each sample runs with a `curl` and a `grep` that do nothing, and no other program: what it starts is missed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("curl", "grep"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    found = dict.fromkeys(code for _, code in blocks(written, "sh", "bash", "shell"))
    assert found
    for code in found:
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-c", code], cwd=tmp_path, env={"PATH": str(programs)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), code
    assert os.listdir(tmp_path) == ["bin"]  # noqa: PTH208 - the names are all that is asked


def test_samples_of_code_parse(written: dict[str, bytes], tmp_path: Path) -> None:
    found = blocks(written, "python")
    assert found
    for name, code in dict.fromkeys(found):
        compile(code, name, "exec")
    if (node := shutil.which("node")) is None:
        pytest.skip("node is not installed")
    for place, (_, code) in enumerate(dict.fromkeys(blocks(written, "javascript", "js"))):
        script = tmp_path / f"{place}.mjs"
        script.write_text(code)
        subprocess.run([node, "--check", str(script)], check=True, capture_output=True)


@pytest.mark.parametrize("program", ["nginx", "haproxy", "caddy"])
def test_a_gateway_takes_its_file(program: str, written: dict[str, bytes], tmp_path: Path) -> None:
    found = shutil.which(program) or shutil.which(f"/usr/sbin/{program}")
    if found is None:
        pytest.skip(f"{program} is not installed")
    for name, content in written.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    at, headers = tmp_path / "conf", tmp_path / "headers"
    at.write_text(
        {
            "nginx": f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{"
            f" include {headers}/nginx/apidiff-http.conf; server {{ include {headers}/nginx/apidiff-server.conf;"
            f" include {headers}/gone/nginx.conf; }} }}",
            "haproxy": "defaults\n mode http\n timeout client 1s\nfrontend f\n bind 127.0.0.1:65432\n"
            + written["headers/haproxy.cfg"].decode()
            + written.get("headers/gone/haproxy.cfg", b"").decode(),
            "caddy": f"http://127.0.0.1:65432 {{\n import {headers}/caddy/apidiff.caddyfile\n"
            f" import {headers}/gone/apidiff-gone.caddyfile\n}}\n",
        }[program]
    )
    command = {
        "nginx": ["-t", "-c", str(at), "-p", str(tmp_path)],
        "haproxy": ["-c", "-f", str(at)],
        "caddy": ["adapt", "--config", str(at), "--adapter", "caddyfile"],
    }[program]
    environment = os.environ | {"HOME": str(tmp_path)}
    done = subprocess.run([found, *command], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]


def test_reports_of_a_comparison_are_read_as_they_are_meant(files: dict[str, Path], run: Run) -> None:
    def made(name: str) -> str:
        return run("diff", files["base"], files["revision"], "--format", name).out

    report = json.loads(made("json"))
    suites = ET.fromstring(made("junit"))
    assert {part.tag for part in suites.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "properties", "property", "system-out",
    }  # fmt: skip
    json.loads(made("sarif"))
    commands = made("github").splitlines()
    assert all(re.match(r"::(error|warning|notice|debug) ", line) or "::" not in line[:2] for line in commands)
    levels = [one["level"] for one in report["changes"]]
    assert sum(line.startswith("::error ") for line in commands) <= levels.count("breaking")
    assert not [line for line in commands if line.startswith(("##[", "::set-output", "::error file=x"))]
