"""Real gateways, each with its default log and with formats of its users: what is read is what a client sent.

nginx has a file of its own, which asks more.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from apidiff.usage.cube.measure import measure
from apidiff.usage.keys import digest
from apidiff.usage.options import Options
from apidiff.usage.trust import check
from apidiff.words.errors import ApidiffError
from tests.render.plan.servers import Upstream, free_port, need, running
from tests.usage.conftest import an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [
    an_operation(name) for name in ("GET /v1/pets", "GET /v1/pets/{id}", "POST /v1/pets", "DELETE /v1/pets/{id}")
]
Call = tuple[str, str, str, int]
"""Method, target, key and the status that the upstream is asked for."""
CALLS: list[Call] = [
    *[("GET", f"/v1/pets/{number}?verbose=1&q=a%22b", "key_snake", 200) for number in range(120)],
    *[("POST", "/v1/pets", "key_curly", 201) for _ in range(60)],
    *[("GET", "/v1/pets?limit=2", "key_curly", 200) for _ in range(40)],
    *[("GET", "/v1/pets/caf%C3%A9%20%22x%22", "key_hexagon", 200) for _ in range(20)],
    *[("DELETE", "/v1/pets/7", "key_hexagon", status) for status in (204, 404, 500, 503, 429)],
    ("GET", "/elsewhere/person@example.com", "key_hexagon", 404),
]
AGENTS = {"key_snake": "python-requests/2.31.0", "key_curly": "curl/8.5.0", "key_hexagon": 'axios/1.6.2 "odd" \\ agent'}
SENT = Counter(
    (key, "DELETE /v1/pets/{id}" if method == "DELETE" else f"{method} /v1/pets{'/{id}' if 'pets/' in target else ''}")
    for method, target, key, _ in CALLS
    if "pets" in target
)
SUCCEEDED = SENT - Counter({("key_hexagon", "DELETE /v1/pets/{id}"): 4})


@dataclass(frozen=True)
class Way:
    """How a gateway is started, where it logs, and how that is read; without `has_key` nobody is named in it."""

    name: str
    start: Callable[[Path, int, int], list[str]]
    log: str = "out"
    options: Options = field(default_factory=Options)
    has_key: bool = True


COMMON = r'%h %l %u %t "%r" %>s %b'
COMBINED = rf'{COMMON} "%{{Referer}}i" "%{{User-Agent}}i"'


def apache(layout: str) -> Callable[[Path, int, int], list[str]]:
    """Apache with a format string."""

    def start(folder: Path, upstream: int, port: int) -> list[str]:
        program, modules = need("apache2"), Path("/usr/lib/apache2/modules")
        if not (modules / "mod_proxy_http.so").exists():
            pytest.skip("Apache's modules are elsewhere")
        names = ("mpm_event", "authz_core", "proxy", "proxy_http")
        loaded = "".join(f"LoadModule {name}_module {modules}/mod_{name}.so\n" for name in names)
        quoted = layout.replace("\\", "\\\\").replace('"', '\\"')
        (folder / "apache.conf").write_text(
            f"ServerRoot {folder}\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error\n{loaded}"
            f'Listen 127.0.0.1:{port}\nUser www-data\nGroup www-data\nCustomLog {folder}/access "{quoted}"\n'
            f"AllowEncodedSlashes NoDecode\nProxyPass / http://127.0.0.1:{upstream}/ nocanon\n"
        )
        return [program, "-X", "-f", str(folder / "apache.conf")]

    return start


def haproxy(*lines: str, to: str = "format raw") -> Callable[[Path, int, int], list[str]]:
    """HAProxy with these lines in its frontend."""

    def start(folder: Path, upstream: int, port: int) -> list[str]:
        told = "".join(f" {line}\n" for line in lines)
        (folder / "haproxy.cfg").write_text(
            f"global\n log stdout {to} daemon\ndefaults\n mode http\n log global\n timeout connect 5s\n"
            f" timeout client 5s\n timeout server 5s\nfrontend f\n bind 127.0.0.1:{port}\n default_backend b\n{told}"
            f"backend b\n server s 127.0.0.1:{upstream}\n"
        )
        return [need("haproxy"), "-db", "-f", str(folder / "haproxy.cfg")]

    return start


def caddy(*lines: str) -> Callable[[Path, int, int], list[str]]:
    """Caddy with these lines in its site."""

    def start(folder: Path, upstream: int, port: int) -> list[str]:
        told = "".join(f" {line}\n" for line in lines)
        (folder / "Caddyfile").write_text(
            f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n"
            f" log {{\n output file {folder}/access\n }}\n{told} reverse_proxy 127.0.0.1:{upstream}\n}}\n"
        )
        config = str(folder / "Caddyfile")
        return ["env", f"HOME={folder}", need("caddy"), "run", "--config", config, "--adapter", "caddyfile"]

    return start


def envoy(layout: dict[str, object] | None) -> Callable[[Path, int, int], list[str]]:
    """Envoy with a log format; None is its default."""

    def start(folder: Path, upstream: int, port: int) -> list[str]:
        kinds = "type.googleapis.com/envoy.extensions"

        def at(number: int) -> dict[str, object]:
            return {"socket_address": {"address": "127.0.0.1", "port_value": number}}

        log = {
            "@type": f"{kinds}.access_loggers.file.v3.FileAccessLog",
            "path": f"{folder}/access",
            **({} if layout is None else {"log_format": layout}),
        }
        manager = {
            "@type": f"{kinds}.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "in",
            "access_log": [{"name": "log", "typed_config": log}],
            "route_config": {
                "virtual_hosts": [
                    {
                        "name": "all",
                        "domains": ["*"],
                        "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "up"}}],
                    }
                ]
            },
            "http_filters": [
                {
                    "name": "envoy.filters.http.router",
                    "typed_config": {"@type": f"{kinds}.filters.http.router.v3.Router"},
                }
            ],
        }
        filters = [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]
        endpoint = {"lb_endpoints": [{"endpoint": {"address": at(upstream)}}]}
        cluster = {
            "name": "up",
            "type": "STATIC",
            "load_assignment": {"cluster_name": "up", "endpoints": [endpoint]},
        }
        listener = {"address": at(port), "filter_chains": [{"filters": filters}]}
        (folder / "envoy.json").write_text(
            json.dumps({"static_resources": {"listeners": [listener], "clusters": [cluster]}})
        )
        more = [
            "--use-dynamic-base-id",
            "--concurrency",
            "1",
            "--log-level",
            "error",
            "--file-flush-interval-msec",
            "100",
        ]
        return [need("envoy"), *more, "-c", str(folder / "envoy.json")]

    return start


KEY_AFTER = f'{COMBINED} "%{{X-Api-Key}}i"'
CONFIGURED = 'LogFormat "{}" keyed'.format(KEY_AFTER.replace('"', '\\"'))
KEYED_APACHE = r'%v:%p %a %{X-Api-Key}i %t "%r" %>s %O %D "%{User-Agent}i"'
KEYED_HAPROXY = '%ci [%trl] %ST "%HM %HU %HV" %[capture.req.hdr(0)] "%[capture.req.hdr(1)]"'
KEYED_ENVOY = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(:PATH)% %PROTOCOL%" %RESPONSE_CODE% "%REQ(X-API-KEY)%" "%REQ(USER-AGENT)%"\n'
)
CAPTURED = ("http-request capture req.hdr(X-Api-Key) len 64", "http-request capture req.hdr(User-Agent) len 128")
CAPTURED_OWN = Options(log_format=KEYED_HAPROXY, columns={"api_key": "capture_req_hdr_0"})
BY_NAME = {
    "time": "%START_TIME%", "method": "%REQ(:METHOD)%", "path": "%REQ(:PATH)%", "status": "%RESPONSE_CODE%",
    "api_key": "%REQ(X-API-KEY)%", "user_agent": "%REQ(USER-AGENT)%",
}  # fmt: skip
OWN_NAMES = {"start": BY_NAME["time"], "verb": BY_NAME["method"], "target": BY_NAME["path"], "code": BY_NAME["status"]}
MAPPED = {"time": "start", "method": "verb", "path": "target", "status": "code", "api_key": "who.key"}
WAYS = (
    Way("apache-common", apache(COMMON), "access", has_key=False),
    Way("apache-combined", apache(COMBINED), "access", has_key=False),
    Way("apache-vhost", apache(f"%v:%p {COMBINED}"), "access", has_key=False),
    Way("apache-key-after-all", apache(KEY_AFTER), "access", has_key=False),
    Way("apache-key-told", apache(KEY_AFTER), "access", Options(log_format=CONFIGURED)),
    Way("apache-own", apache(KEYED_APACHE), "access", Options(log_format=KEYED_APACHE)),
    Way(
        "apache-iso-time",
        apache(r'%{%Y-%m-%dT%H:%M:%S%z}t %m %U%q %>s %{X-Api-Key}i'),
        "access",
        Options(log_format=r'%{%Y-%m-%dT%H:%M:%S%z}t %m %U%q %>s %{X-Api-Key}i'),
    ),
    Way("haproxy-httplog", haproxy("option httplog"), has_key=False),
    Way("haproxy-captured", haproxy("option httplog", CAPTURED[0])),
    Way("haproxy-syslog", haproxy("option httplog", CAPTURED[0], to="format rfc3164")),
    Way("haproxy-own", haproxy(*CAPTURED, f"log-format '{KEYED_HAPROXY}'"), options=CAPTURED_OWN),
    Way("caddy-default", caddy(), "access", Options(columns={"api_key": "request.headers.X-Api-Key"})),
    Way("envoy-default", envoy(None), "access", has_key=False),
    Way("envoy-json", envoy({"json_format": BY_NAME}), "access"),
    Way(
        "envoy-own-json",
        envoy({"json_format": {**OWN_NAMES, "who": {"key": BY_NAME["api_key"]}}}),
        "access",
        Options(columns=MAPPED),
    ),
    Way(
        "envoy-own",
        envoy({"text_format_source": {"inline_string": KEYED_ENVOY}}),
        "access",
        Options(log_format=KEYED_ENVOY.strip()),
    ),
)  # fmt: skip


@contextmanager
def served() -> Iterator[int]:
    """An upstream that answers with the status that it is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def send(port: int) -> None:
    """Every call of `CALLS`, on one connection as long as it holds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    for method, target, key, status in CALLS:
        headers = {"X-Want": str(status), "X-Api-Key": key, "User-Agent": AGENTS[key], "Content-Length": "0"}
        connection.request(method, target, headers=headers)
        connection.getresponse().read()
    connection.close()


def wait_for(log: Path) -> None:
    """Until every call is in the log: some gateways write it a moment later."""
    for _ in range(200):
        if log.exists() and log.read_bytes().count(b"/v1/pets") >= len(CALLS) - 1:
            return
        time.sleep(0.05)
    pytest.fail(f"{log.name} is short of calls: {log.read_text()[-2000:] if log.exists() else 'none'}")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_what_is_read_is_what_was_sent(way: Way, tmp_path: Path) -> None:
    port = free_port()
    with served() as upstream, running(way.start(tmp_path, upstream, port), port, tmp_path / "out"):
        send(port)
        wait_for(tmp_path / way.log)
    log = str(tmp_path / way.log)
    if not way.has_key:
        with pytest.raises(ApidiffError) as caught:
            check(measure([log], OPERATIONS, options=way.options).coverage)
        assert caught.value.code in ("usage-column-missing", "usage-without-keys")
        assert caught.value.hint
        return
    usage = measure([log], OPERATIONS, options=way.options)
    keys = {digest(key, usage.salt): key for key in AGENTS}
    sent: Counter[tuple[str, str]] = Counter()
    succeeded: Counter[tuple[str, str]] = Counter()
    for row in usage.cube[usage.cube["route"] > 0].itertuples():
        (operation,) = usage.routes.by_number[row.route]
        who = keys[usage.keys[row.key].digest], str(operation)
        sent[who] += row.attempts
        succeeded[who] += row.successes
    assert (sent, succeeded) == (SENT, SUCCEEDED)
    # beside what was sent, HAProxy notes the probe that only connects
    assert ("/*/*", 1) in usage.coverage.unmatched_shapes
