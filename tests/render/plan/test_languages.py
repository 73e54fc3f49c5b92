"""Every language says what its sample says, however odd: the programs are run, or read by their own compiler."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apidiff.calls.value import FORM, MULTIPART, Call, Credential, Exchange, Read
from apidiff.render.plan.languages import CURL, LANGUAGES, Language, languages
from tests.calls.server import parts

NASTY = "a'b\"c`d$e\\f\n#{x}${y}%z;é\u202e{{7}}"
SERVER = "https://api.example.com"
BEARER, BASIC = Credential("bearer"), Credential("basic")
KEYS = (Credential("header", "X-Api-Key"), Credential("query", "key"), Credential("cookie", "session"))
CALLS = {
    "get": Call("GET", "/v1/x", SERVER, (("sort", "a b"),), (("X-A", "b"),), credentials=(BEARER,)),
    "post": Call("POST", "/v1/x", SERVER, credentials=(BASIC,), media="application/json",
                 body={"name": "Ada", "tags": [1, None, True], "in": {"a": 2.5}}),
    "keys": Call("DELETE", "/v1/x", SERVER, (("a", "1"),), cookies=(("b", "2"),), credentials=KEYS),
    "form": Call("POST", "/v1/x", SERVER, media=FORM, brackets=frozenset({"b"}),
                 body={"a": [1, 2], "b": [1, 2], "c": {"d": NASTY}}),
    "text": Call("PUT", "/v1/x", SERVER, media="text/plain", body=NASTY),
    "nasty": Call("PATCH", "/v1/x", SERVER, ((NASTY, NASTY),), (("X-A", "a'b\"c`d$e"), ("bad name", "x")),
                  media="application/json", body={NASTY: [NASTY]}),
}  # fmt: skip
READS = (Read(("data", 0, "first-name"), "string"), Read((NASTY,)), Read(("class",), "integer"))
ANSWER: dict[str, Any] = {"data": [{"first-name": "Ada"}], NASTY: "x", "class": 7}
RUN = {"curl": ["sh"], "Python": [sys.executable, "-I"], "Node.js": ["node"], "Ruby": ["ruby"], "PHP": ["php"]}


class Echo:
    """A server that keeps what it was sent."""

    url = ""
    answer: Any = ANSWER

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, dict[str, str], bytes]] = []


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    kept = Echo()

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.seen.append((self.command, self.path, headers, body))
            text = json.dumps(kept.answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def run(language: Language, exchange: Exchange, echo: Echo, folder: Path) -> subprocess.CompletedProcess[str]:
    program = RUN[language.title]
    if shutil.which(program[0]) is None:
        pytest.skip(f"{language.title} is not installed")
    path = folder / language.file
    path.write_text(language.program(exchange) + "\n", encoding="utf-8")
    secrets = {"API_TOKEN": "t", "API_USER": "u", "API_PASSWORD": "p", "X_API_KEY": "k", "KEY": "q", "SESSION": "s"}
    environment = {**os.environ, **secrets, "API_URL": echo.url, "no_proxy": "*"}
    return subprocess.run([*program, str(path)], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("language", [CURL, *LANGUAGES.values()], ids=lambda one: one.title)
@pytest.mark.parametrize("name", CALLS)
def test_the_server_gets_what_the_sample_says(language: Language, name: str, echo: Echo, tmp_path: Path) -> None:
    if language.title not in RUN:
        pytest.skip("compiled: read by its compiler below")
    call = CALLS[name]
    echo.seen.clear()
    done = run(language, Exchange(call), echo, tmp_path)
    assert done.returncode == 0, done.stderr
    ((method, target, headers, body),) = echo.seen
    keys = (("key", "q"),) if name == "keys" else ()
    assert (method, urlsplit(target).path) == (call.method, "/v1/x")
    assert tuple(parse_qsl(urlsplit(target).query)) == (*call.query, *keys)
    said = {"get": "Bearer t", "post": "Basic dTpw"}.get(name)
    assert headers.get("authorization") == said
    if name == "keys":
        assert (headers["x-api-key"], headers["cookie"]) == ("k", "b=2; session=s")
    if call.is_form:
        assert tuple(parse_qsl(body.decode())) == call.fields
    elif call.is_json:
        assert (json.loads(body), headers["content-type"]) == (call.body, "application/json")
    else:
        assert body.decode() == call.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "language", [LANGUAGES[name] for name in ("python", "node", "ruby", "php")], ids=lambda one: one.title
)
def test_a_field_that_is_missing_or_of_another_type_ends_the_program(
    language: Language, echo: Echo, tmp_path: Path
) -> None:
    exchange = Exchange(CALLS["get"], reads=READS)
    assert run(language, exchange, echo, tmp_path).returncode == 0
    try:
        for wrong in ({**ANSWER, "data": [{"first-name": None}]}, {"data": [{}], "class": 7}):
            echo.answer = wrong
            assert run(language, exchange, echo, tmp_path).returncode != 0
    finally:
        echo.answer = ANSWER


@pytest.mark.slow
def test_a_form_in_parts_is_for_those_who_write_it_themselves(echo: Echo, tmp_path: Path) -> None:
    nasty = NASTY.replace("\n", "")
    body = {"a": "1", "b": nasty, "c": "@/etc/hostname", "photo": nasty}
    call = Call("POST", "/v1/x", SERVER, media=MULTIPART, body=body, files=frozenset({"photo"}))
    assert [one.title for one in (CURL, *LANGUAGES.values()) if one.can_write(call)] == ["curl", "Node.js", "PHP"]
    for language in (CURL, LANGUAGES["node"]):
        echo.seen.clear()
        assert run(language, Exchange(call), echo, tmp_path).returncode == 0
        _, _, headers, sent = echo.seen[0]
        fields, files = parts(headers["content-type"], sent)
        assert fields == [("a", "1"), ("b", nasty), ("c", "@/etc/hostname")]
        assert files == [("photo", "photo", nasty)]  # with a name, or a server takes it for a field


@pytest.mark.parametrize(
    ("name", "command"), [("ruby", ["ruby", "-c", "-"]), ("php", ["php", "-l"]), ("go", ["gofmt", "-e"])]
)
def test_other_languages_parse(name: str, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    for exchange in (*map(Exchange, CALLS.values()), Exchange(CALLS["get"], reads=READS)):
        source = LANGUAGES[name].program(exchange) + "\n"
        done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{source}\n{done.stderr}"
        assert name != "go" or done.stdout == source


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javac") is None, reason="javac is not installed")
def test_java_compiles(tmp_path: Path) -> None:
    """All but the reading, which needs a library."""
    files = []
    for number, call in enumerate(CALLS.values()):
        (tmp_path / str(number)).mkdir()
        files.append(tmp_path / str(number) / "Sample.java")
        source = LANGUAGES["java"].program(Exchange(call))
        files[-1].write_text(f"package p{number};\n{source}\n", encoding="utf-8")
    command = ["javac", "-encoding", "UTF-8", "-d", str(tmp_path / "out"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_languages_are_known_by_their_other_names() -> None:
    assert [one.title for one in languages(("axios", "cobol", "okhttp", "python"))] == ["Node.js", "Java", "Python"]
    assert [one.title for one in languages(())] == ["Python", "Node.js"]
