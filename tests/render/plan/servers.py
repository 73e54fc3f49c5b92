"""Real gateways with the headers of a plan, each in front of one upstream, for the tests that ask them."""

import http.client
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml

from apidiff.plan.value import Plan
from apidiff.render.plan.gateways import headers_files
from apidiff.render.plan.view import view

Server = Callable[..., list[str]]
"""What starts a gateway: the folder headers/, a folder of its own, the upstream's port and its own, to a command.

Each takes the folder of a refusal (`gone`, `brownout-1`) as well.
"""


class Upstream(BaseHTTPRequestHandler):
    """Answers with the status that a header asks for, and with headers of its own that ours must replace or join."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(int(self.headers.get("X-Want") or 200))
        self.send_header("Sunset", "Mon, 01 Jan 2001 00:00:00 GMT")
        self.send_header("Link", '</next>; rel="next"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Quiet."""


def write(plan: Plan, folder: Path) -> Path:
    """The folder, with the plan's headers/ in it."""
    for name, content in headers_files(view(plan)).items():
        path = folder / name.removeprefix("headers/")
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return folder


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, log: Path) -> Iterator[int]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        for _ in range(1000):
            if process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
            except OSError:
                time.sleep(0.03)
            else:
                break
        assert process.poll() is None, log.read_text()[-4000:]
        yield port
    finally:
        process.terminate()
        process.wait(10)


Answer = tuple[int, dict[str, list[str]], bytes]


def ask(port: int, method: str, path: str, want: int = 200) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    answer = ask_again(connection, method, path, want)
    connection.close()
    return answer


def ask_again(connection: http.client.HTTPConnection, method: str, path: str, want: int = 200) -> Answer:
    """One more request on a connection: status, headers by name in lower case, body."""
    connection.request(method, path, headers={"X-Want": str(want)})
    answer = connection.getresponse()
    headers: dict[str, list[str]] = {}
    for name, value in answer.getheaders():
        headers.setdefault(name.lower(), []).append(value)
    return answer.status, headers, answer.read()


def need(program: str) -> str:
    beside = Path(sys.executable).with_name(program)  # where a package of the tests may bring it
    found = shutil.which(program) or shutil.which(f"/usr/sbin/{program}") or shutil.which(beside)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def nginx(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program = need("nginx")
    config = folder / "nginx.conf"
    extra = "".join(f"include {written}/{one}/nginx.conf;" for one in refused)
    config.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; "
        + "".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f" include {written}/nginx/apidiff-http.conf; server {{ listen 127.0.0.1:{port};"
        f" include {written}/nginx/apidiff-server.conf; {extra}"
        f" location / {{ proxy_pass http://127.0.0.1:{upstream}; }} }} }}"
    )
    return [program, "-c", str(config), "-p", str(folder)]


def haproxy(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program, config = need("haproxy"), folder / "haproxy.cfg"
    lines = "\n".join((written / one / "haproxy.cfg").read_text() for one in ("", *refused))
    config.write_text(
        "defaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\n"
        f"frontend f\n bind 127.0.0.1:{port}\n default_backend b\n{lines}\n"
        f"backend b\n server s 127.0.0.1:{upstream}\n"
    )
    return [program, "-db", "-f", str(config)]


def apache(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program, config = need("apache2"), folder / "apache.conf"
    modules = Path("/usr/lib/apache2/modules")
    if not (modules / "mod_proxy_http.so").exists():
        pytest.skip("Apache's modules are elsewhere")
    loaded = "".join(
        f"LoadModule {name}_module {modules}/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "headers", "alias", "proxy", "proxy_http")
    )
    lines = "\n".join((written / one / "apache.conf").read_text() for one in ("", *refused))
    config.write_text(
        f"ServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error\n{loaded}"
        f"Listen 127.0.0.1:{port}\nUser www-data\nGroup www-data\n"
        f"ProxyPass / http://127.0.0.1:{upstream}/\n{lines}"
    )
    return [program, "-X", "-f", str(config)]


def caddy(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program, config = need("caddy"), folder / "Caddyfile"
    more = "".join(f" import {written}/{one}/apidiff-gone.caddyfile\n" for one in refused)
    config.write_text(
        f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n"
        f" import {written}/caddy/apidiff.caddyfile\n{more} reverse_proxy 127.0.0.1:{upstream}\n}}\n"
    )
    return ["env", f"HOME={folder}", program, "run", "--config", str(config), "--adapter", "caddyfile"]


def envoy(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program, config = need("envoy"), folder / "envoy.json"
    texts = [(written / one / "envoy.yaml").read_text() for one in (*refused, "")]
    loaded = [yaml.safe_load(text.replace("COPY_FROM_EXISTING_ROUTE", "up"))["routes"] for text in texts]
    routes = [*(route for one in loaded for route in one), {"match": {"prefix": "/"}, "route": {"cluster": "up"}}]
    kinds = "type.googleapis.com/envoy.extensions.filters"
    manager = {
        "@type": f"{kinds}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "in",
        "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]},
        "http_filters": [
            {"name": "envoy.filters.http.router", "typed_config": {"@type": f"{kinds}.http.router.v3.Router"}}
        ],
    }

    def at(number: int) -> dict[str, object]:
        return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

    endpoint = {"lb_endpoints": [{"endpoint": {"address": at(upstream)}}]}
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
    listener = {"address": at(port), "filter_chains": [{"filters": filters}]}
    cluster = {"name": "up", "type": "STATIC", "load_assignment": {"cluster_name": "up", "endpoints": [endpoint]}}
    runtime = {"layers": [{"name": "long", "static_layer": {"re2.max_program_size.error_level": 20_000}}]}
    resources = {"listeners": [listener], "clusters": [cluster]}
    config.write_text(json.dumps({"static_resources": resources, "layered_runtime": runtime}))
    return [program, "--use-dynamic-base-id", "--concurrency", "1", "--log-level", "error", "-c", str(config)]


def express(written: Path, folder: Path, upstream: int, port: int, *refused: str) -> list[str]:
    program, script = need("node"), folder / "server.js"
    script.write_text(
        "const http = require('http'), [port, ...used] = process.argv.slice(2);\n"
        "const all = used.map((one) => require(one));\n"
        "const last = (req, res) => {\n"
        "  res.statusCode = Number(req.headers['x-want']); res.setHeader('Sunset', 'old');\n"
        "  res.setHeader('Link', '</next>; rel=\"next\"'); res.end();\n"
        "};\n"
        "const from = (at) => (req, res) => (at < all.length ? all[at](req, res, () => from(at + 1)(req, res)) : "
        "last(req, res));\n"
        "http.createServer(from(0)).listen(Number(port), '127.0.0.1');\n"
    )
    used = [written / "apidiff-headers-express.js", *(written / one / "apidiff-gone-express.js" for one in refused)]
    return [program, str(script), str(port), *map(str, used)]


SERVERS: tuple[Server, ...] = (nginx, haproxy, apache, caddy, envoy, express)
