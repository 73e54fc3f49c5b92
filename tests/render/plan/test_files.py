"""Mails, workbook and examples, read back by the programs that they are for."""

import email
import io
import json
import shutil
import subprocess
from email.policy import default
from pathlib import Path

import pytest

from apidiff.plan.value import COLUMNS
from apidiff.render.plan import render_plan
from apidiff.render.plan.languages import CURL, LANGUAGES, languages
from apidiff.render.plan.snippets import Request
from tests.render.plan.sample import sample


def test_each_contacted_integrator_gets_every_message(folder: dict[str, bytes]) -> None:
    kinds = ["announcement", "brownout-1", "extension", "last-call", "reminder-1", "reminder-2", "thank-you"]
    assert [name for name in folder if name.startswith("messages/") and name.endswith(".eml")] == [
        f"messages/{one}/{kind}.eml" for one in ("acme", "bolt", "loop", "monthend") for kind in kinds
    ]


def test_a_mail_is_a_draft_with_its_own_evidence(folder: dict[str, bytes]) -> None:
    mail = email.message_from_bytes(folder["messages/acme/reminder-2.eml"], policy=default)
    assert dict(mail.items()) == {
        "Subject": "Reminder 2 of 2: Payments changes on Tue 11 Jan 2028", "To": "dev@acme.example", "X-Unsent": "1",
        "Content-Type": 'text/plain; charset="utf-8"', "Content-Transfer-Encoding": "8bit", "MIME-Version": "1.0",
    }  # fmt: skip
    text = " ".join(mail.get_content().split())
    assert "32 days are left" in text
    assert "with key sk_live_…acme" in text
    assert "called the removed operation 118 times." in text.lower()
    assert not [other for other in ("bolt", "Bolt", "monthend", "Month End", "Loop") if other in text]


def test_an_integrators_guide_holds_its_changes_alone(folder: dict[str, bytes]) -> None:
    text = folder["integrators/bolt.md"].decode()
    assert "sort=ANOTHER_VALUE" in text
    assert not [other for other in ("currency", "acme", "Acme", "refunds", "first_name") if other in text]


def test_the_workbook_has_the_list(folder: dict[str, bytes]) -> None:
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(folder["outreach.xlsx"])).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "DRAFT: 5 of 6 breaking changes are undecided"
    assert rows[1] == COLUMNS
    places = [COLUMNS.index(column) for column in ("rank", "tier", "score", "integrator", "revenue")]
    assert [tuple(row[place] for place in places) for row in rows[2:]] == [
        (1, "call", 93.0, "acme", 240_000), (2, "call", 86.0, "monthend", 240_000),
        (3, "personal-email", 79.0, "bolt", 240_000), (4, "email", 72.0, "loop", None),
        (5, "notice", 65.0, "trial", 240_000), (6, "unknown", 58.0, "key-9f3a", None),
        (7, "excluded", 51.0, "monitor", 240_000),
    ]  # fmt: skip


def test_the_workbook_has_the_same_bytes_every_time(folder: dict[str, bytes]) -> None:
    assert render_plan(sample())["outreach.xlsx"] == folder["outreach.xlsx"]


NASTY = "a'b\"c`d$e\\f\n#{x}${y}%z;é\u202e"
REQUESTS = (
    Request("GET", "https://api.example.com/v1/x", (("sort", "a b"),), (("Authorization", "Bearer X"),)),
    Request("POST", "https://api.example.com/v1/x", body={"name": "Ada", "tags": [1, None, True], "in": {"a": 2.5}}),
    Request("PATCH", "https://api.example.com/v1/x", ((NASTY, NASTY),), (("X-A", NASTY),), {NASTY: [NASTY]}),
)
PATHS = (("name",), ("data", 0, "first-name"), (NASTY,), ())


def run(command: list[str], source: str) -> None:
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{source}\n{done.stderr}"


@pytest.mark.parametrize("request_", REQUESTS, ids=["get", "post", "nasty"])
def test_python_examples_say_what_they_show(request_: Request) -> None:
    python = LANGUAGES["python"]
    calls: dict[str, object] = {}

    class Requests:
        def __getattr__(self, name: str):
            return lambda url, **more: calls.update(method=name.upper(), url=url, **more)

    exec(python.send(request_).replace("import requests", ""), {"requests": Requests()})
    assert calls.pop("method") == request_.method
    assert calls.pop("url") == request_.url
    assert calls.get("params", {}) == dict(request_.query)
    assert calls.get("headers", {}) == dict(request_.headers)
    assert calls.get("json") == (request_.body if "json" in calls else None)


@pytest.mark.parametrize("request_", REQUESTS, ids=["get", "post", "nasty"])
def test_curl_examples_are_one_command(request_: Request, tmp_path: Path) -> None:
    (tmp_path / "curl").write_text('#!/bin/sh\nprintf "%s\\0" "$@" > "$OUT"\n')
    (tmp_path / "curl").chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "OUT": str(tmp_path / "out")}
    subprocess.run(["sh", "-c", CURL.send(request_)], env=environment, check=True)
    arguments = (tmp_path / "out").read_text().split("\0")[:-1]
    assert request_.full_url in arguments
    assert all(f"{name}: {value}" in arguments for name, value in request_.headers)
    if "-d" in arguments:
        assert json.loads(arguments[arguments.index("-d") + 1]) == request_.body


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_node_examples_say_what_they_show() -> None:
    node = LANGUAGES["node"]
    lines = ["const seen = []; const fetch = async (url, more) => seen.push([url, more ?? {}]);", "(async () => {"]
    lines += [f"{{ {node.send(one)} }}" for one in REQUESTS]
    lines += [f"(() => {{ const answer = {{'data': [{{}}]}}; {node.read(path)} }})();" for path in PATHS]
    lines.append("console.log(JSON.stringify(seen)); })()")
    done = subprocess.run(["node", "-"], input="\n".join(lines), capture_output=True, text=True, check=True)
    seen = json.loads(done.stdout)
    assert [url for url, _ in seen] == [one.full_url for one in REQUESTS]
    assert [more.get("method", "GET") for _, more in seen] == [one.method for one in REQUESTS]
    assert json.loads(seen[2][1]["body"]) == REQUESTS[2].body


@pytest.mark.parametrize(
    ("name", "command", "opening"),
    [("ruby", ["ruby", "-c", "-"], ""), ("php", ["php", "-l"], "<?php\n"), ("go", ["gofmt"], "")],
)
def test_other_examples_parse(name: str, command: list[str], opening: str) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    language = LANGUAGES[name]
    for one in REQUESTS:
        source = language.send(one)
        run(command, f"package x\nfunc f() {{\n{source}\n}}\n" if name == "go" else f"{opening}{source}\n")
    for path in PATHS:
        source = language.read(path)
        run(command, f"package x\ntype T struct {{\n{source}\n}}\n" if name == "go" else f"{opening}{source}\n")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")
def test_java_examples_compile(tmp_path: Path) -> None:
    java = LANGUAGES["java"]
    calls = [f"{{\n{java.send(one)}\n}}" for one in REQUESTS] + [f"{{ {java.read(path)} }}" for path in PATHS]
    (tmp_path / "X.java").write_text(
        "import java.net.URI; import java.net.http.*; import java.net.http.HttpResponse.BodyHandlers;\n"
        "class X {\n interface JsonNode { JsonNode path(String name); JsonNode path(int place); }\n"
        f" static void all(HttpClient client, JsonNode answer) throws Exception {{\n{' '.join(calls)}\n }}\n}}\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["javac", "-encoding", "UTF-8", "-d", str(tmp_path), str(tmp_path / "X.java")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_languages_are_known_by_their_other_names() -> None:
    assert [one.title for one in languages(("axios", "cobol", "okhttp", "python"))] == ["Node.js", "Java", "Python"]
    assert [one.title for one in languages(())] == ["Python", "Node.js"]
