"""Specs from the web, served by real servers on this machine."""

import contextlib
import http.server
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from apidiff.load import load, web
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.pointer import Pointer

SPEC = b'{"openapi": "3.0.0", "info": {"title": "Shop"}}'
AT = Pointer()

Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@pytest.fixture
def serve() -> Iterator[Callable[[Answer], str]]:
    """Starts a server with one answer, and gives its address."""
    with contextlib.ExitStack() as stack:

        def start(answer: Answer) -> str:
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    with contextlib.suppress(ConnectionError):
                        answer(self)

                def log_message(self, *arguments: object) -> None:
                    pass

            server = stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield start


def respond(handler: http.server.BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def refusal(source: str, *, allow_ref: bool = False) -> ApidiffError:
    with pytest.raises(ApidiffError) as caught:
        load(source, allow_ref=allow_ref)
    assert caught.value.hint
    return caught.value


def test_a_url_is_read_with_the_files_beside_it(serve):
    files = {"/v1/api.json": SPEC, "/v1/models/user.yaml": b"title: User", "/other.yaml": b"a: 1"}
    base = serve(lambda handler: respond(handler, files[handler.path]))
    document = load(f"{base}/v1/api.json")
    assert (document.source, document.entry) == (f"{base}/v1/api.json", "api.json")
    assert document.root["info"]["title"] == "Shop"
    assert document.file("models/user.yaml", at=AT) == {"title": "User"}
    for name in ("../other.yaml", "/other.yaml", f"{base}/other.yaml"):
        with pytest.raises(ApidiffError) as caught:
            document.file(name, at=AT)
        assert (caught.value.code, caught.value.status) == ("reference-outside", Exit.INPUT)


def test_login_and_query_are_sent_and_never_shown(serve):
    seen: list[tuple[str, str | None]] = []

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        seen.append((handler.path, handler.headers["Authorization"]))
        respond(handler, SPEC)

    base = serve(answer)
    document = load(f"{base.replace('//', '//me:s3cret@')}/api.json?token=t0ken")
    assert seen == [("/api.json?token=t0ken", "Basic bWU6czNjcmV0")]
    assert document.source == f"{base}/api.json?…"
    assert document.where(AT) == f"{base}/api.json?…:1"


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusing_server(serve, status):
    base = serve(lambda handler: respond(handler, b"no", status))
    problem = refusal(f"{base}/api.json?key=s3cret")
    assert (problem.code, problem.status, problem.at) == ("url-failed", Exit.OUTSIDE, f"{base}/api.json?…")
    assert problem.message == f"the server answered {status}"


def test_a_redirect_is_followed_without_the_login(serve):
    logins: dict[str, str | None] = {}

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        logins[handler.path] = handler.headers["Authorization"]
        if handler.path == "/x":
            respond(handler, b"", 302, Location="/api.json")
        else:
            respond(handler, SPEC)

    assert load(f"{serve(answer).replace('//', '//me:s3cret@')}/x").root["openapi"] == "3.0.0"
    assert logins == {"/x": "Basic bWU6czNjcmV0", "/api.json": None}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "LOCALHOST", "me:s3cret@127.0.0.1"])
def test_a_redirect_to_another_port_of_a_private_host_is_refused(serve, host):
    asked: list[str] = []
    target = serve(lambda handler: asked.append(handler.path) or respond(handler, SPEC))
    location = f"{target.replace('127.0.0.1', host)}/api.json"
    base = serve(lambda handler: respond(handler, b"", 302, Location=location))
    problem = refusal(f"{base}/api.json")
    assert (problem.code, problem.status, asked) == ("url-refused", Exit.OUTSIDE, [])
    assert "s3cret" not in f"{problem} {problem.at}"


@pytest.mark.parametrize(
    ("named", "location", "same"),
    [
        ("http://a/x", "http://a:80/y", True),
        ("http://a/x", "https://A/y", True),
        ("http://a/x", "https://a:443/y", True),
        ("https://a/x", "http://a/y", False),
        ("http://a:8080/x", "https://a/y", False),
        ("http://a/x", "https://a:8443/y", False),
        ("http://a/x", "http://b/y", False),
    ],
)
def test_one_port_of_one_host_is_one_server(named, location, same):
    assert web._is_same_server(urlsplit(named), urlsplit(location)) is same


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://localhost:1/x", "url-refused"),
        ("http://169.254.169.254/latest/meta-data", "url-refused"),
        ("http://[::1]:1/x", "url-refused"),
        ("http://10.0.0.1/x", "url-refused"),
        ("file:///etc/passwd", "url-failed"),
        ("ftp://example.com/x", "url-refused"),
        ("http://a:b:c/x", "url-failed"),
    ],
)
def test_a_redirect_into_a_private_network_is_refused(serve, location, code):
    base = serve(lambda handler: respond(handler, b"", 302, Location=location))
    problem = refusal(f"{base}/api.json")
    assert (problem.code, problem.status) == (code, Exit.OUTSIDE)


def test_a_circle_of_redirects_ends(serve):
    base = serve(lambda handler: respond(handler, b"", 302, Location="/again"))
    assert refusal(f"{base}/api.json").message == "the server answered 302"


def test_an_allowed_reference_may_not_lead_into_a_private_network(serve, tmp_path):
    base = serve(lambda handler: respond(handler, b"a: 1"))
    (tmp_path / "api.yaml").write_text("openapi: 3.0.0")
    with pytest.raises(ApidiffError) as caught:
        load(str(tmp_path / "api.yaml"), allow_ref=True).file(f"{base}/a.yaml", at=AT)
    assert caught.value.code == "url-refused"


def test_an_endless_answer_is_cut_at_the_limit(serve):
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with contextlib.suppress(OSError):
            while True:
                handler.wfile.write(b" " * 5_000_000)

    problem = refusal(f"{serve(answer)}/api.json")
    assert problem.code == "spec-too-large"


def test_a_slow_answer_is_given_up(serve, monkeypatch):
    monkeypatch.setattr(web, "URL_SECONDS", 0.2)
    done = threading.Event()

    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.02):
            handler.wfile.write(b" ")

    base = serve(answer)
    problem = refusal(f"{base}/api.json")
    done.set()
    assert (problem.code, problem.status) == ("url-failed", Exit.OUTSIDE)
    assert problem.message == "not read within 0 seconds"


def test_an_answer_cut_off_is_no_spec(serve):
    base = serve(lambda handler: respond(handler, SPEC, Content_Length=str(len(SPEC) + 10)))
    assert "cut off" in refusal(f"{base}/api.json").message


def test_nobody_there():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        problem = refusal(f"http://127.0.0.1:{held.getsockname()[1]}/api.json")
    assert (problem.message, problem.status) == ("nothing listens there", Exit.OUTSIDE)


@pytest.mark.parametrize("url", ["http://", "http://a:99999999/x", "http://[x/", "https:///a", "http://a b/"])
def test_what_is_no_address(url):
    assert refusal(url).code in {"url-failed", "url-refused"}


def test_a_page_instead_of_the_spec(serve):
    base = serve(lambda handler: respond(handler, b"<!DOCTYPE html><html>Sign in</html>"))
    problem = refusal(f"{base}/blob/main/openapi.yaml")
    assert (problem.code, problem.hint) == ("spec-not-recognised", "Give the address of the spec file itself.")


@pytest.mark.parametrize(
    ("host", "private"), [("127.0.0.1", True), ("localhost", True), ("8.8.8.8", False), ("::1", True)]
)
def test_private_hosts(host, private):
    assert web.is_private(host) is private
