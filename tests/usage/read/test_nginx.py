"""A real nginx with a log format of ours, hit by real clients: what is read is what was sent."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from apidiff.usage.accounts.integrators import read_integrators
from apidiff.usage.ask.join import join
from apidiff.usage.cube.measure import measure
from apidiff.usage.options import Options
from apidiff.words.changes import Exposed, Exposure
from tests.impacts import each
from tests.usage.conftest import a_change, an_operation

pytestmark = pytest.mark.slow

OPERATIONS = [an_operation(name) for name in ("GET /v1/pets", "GET /v1/pets/{id}", "POST /v1/pets")]
CONFIG = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  map $http_x_api_key $key_id {{
    default ""; "secret-of-python" key_python; "secret-of-curl" key_curl; "secret-of-node" key_node;
  }}
  log_format plain '$remote_addr - $key_id [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent"';
  log_format lines escape=json '{{"remote_addr":"$remote_addr","msec":"$msec","request_method":"$request_method",'
    '"request_uri":"$request_uri","status":"$status","key_id":"$key_id","http_user_agent":"$http_user_agent"}}';
  access_log {folder}/plain.log plain; access_log {folder}/lines.log lines;
  server {{
    listen 127.0.0.1:{port};
    location = /v1/pets {{ return 200 "[]"; }}
    location = /v1/pets/gone {{ return 410 "gone"; }}
    location /v1/pets/ {{ return 200 "{{}}"; }}
    location / {{ return 404 "no"; }}
  }}
}}
"""
PYTHON = """
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
headers = {"X-Api-Key": "secret-of-python", "User-Agent": "python-requests/2.31.0"}
def call(method, path):
    connection.request(method, path, headers=headers)
    connection.getresponse().read()
for number in range(600):
    call("GET", f"/v1/pets/{number}?verbose=1&q=a%22b")
for number in range(200):
    call("POST", "/v1/pets")
call("GET", "/v1/pets/")
call("GET", "/elsewhere/person@example.com")
call("GET", "/v1/pets/gone")
call("HEAD", "/v1/pets")
"""
NODE = """
const http = require("http");
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
let left = 700;
function next() {
  if (left-- <= 0) return;
  const headers = { "X-Api-Key": "secret-of-node", "User-Agent": 'axios/1.6.2 "odd" \\\\ agent' };
  const options = { host: "127.0.0.1", port: +process.argv[1], path: "/v1/pets?limit=" + (left % 3), headers, agent };
  http.get(options, (response) => { response.resume(); response.on("end", next); });
}
for (let start = 0; start < 4; start++) next();
"""
Calls = dict[tuple[str, str], tuple[int, int]]
EXPECTED: Calls = {
    ("key_python", "GET /v1/pets/{id}"): (601, 600),
    ("key_python", "POST /v1/pets"): (200, 200),
    ("key_python", "GET /v1/pets"): (1, 1),
    ("key_curl", "GET /v1/pets/{id}"): (900, 900),
    ("key_node", "GET /v1/pets"): (700, 700),
}


@dataclass(frozen=True)
class Served:
    folder: Path
    port: int


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    programs = {name: shutil.which(name) for name in ("nginx", "curl", "node")}
    missing = [name for name, path in programs.items() if path is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder, port=port))
    command = [
        str(programs["nginx"]),
        "-p",
        str(folder),
        "-c",
        str(folder / "nginx.conf"),
        "-e",
        str(folder / "error.log"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as nginx:
        try:
            _wait(port)
            subprocess.run([sys.executable, "-c", PYTHON, str(port)], check=True)
            curl = [str(programs["curl"]), "-s", "-o", "/dev/null", "-H", "X-Api-Key: secret-of-curl"]
            subprocess.run([*curl, f"http://127.0.0.1:{port}/v1/pets/[1-900]"], check=True)
            subprocess.run([str(programs["node"]), "-e", NODE, str(port)], check=True)
            yield Served(folder, port)
        finally:
            nginx.terminate()


def _wait(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("nginx did not start")


@pytest.mark.parametrize("name", ["plain.log", "lines.log"])
def test_the_counts_are_those_that_were_sent(served: Served, name: str) -> None:
    table = "api_key,integrator\nkey_python,snake\nkey_curl,curly\nkey_node,hexagon\n"
    accounts = served.folder / "accounts.csv"
    accounts.write_text(table)
    usage = measure([str(served.folder / name)], OPERATIONS, options=Options())
    changes = [
        a_change("gone", ["GET /v1/pets"], Exposure(Exposed.CALLED)),
        a_change("verbose", ["GET /v1/pets/{id}"], Exposure(Exposed.SENT_PARAMETER, "query", ("verbose",))),
        a_change("two", ["GET /v1/pets"], Exposure(Exposed.SENT_VALUE, "query", ("limit",), ("2",))),
    ]
    exposures = join(usage, changes, read_integrators(str(accounts)), operations=OPERATIONS, options=Options())
    owners = {"snake": "key_python", "curly": "key_curl", "hexagon": "key_node"}
    found = {
        (change, owners[impact.integrator]): (impact.attempts, impact.logical_successes, impact.evidence.value)
        for change, impact in each(exposures.impacts)
    }
    # nginx writes all but the start-up probe, which sends no request
    assert usage.coverage.rows - usage.coverage.malformed == sum(attempts for attempts, _ in EXPECTED.values()) + 2
    assert dict(usage.coverage.unmatched_shapes) == {"/v1/pets/": 1, "/*/*": 1}
    assert found == {
        ("gone", "key_python"): (1, 1, "confirmed"),
        ("gone", "key_node"): (700, 700, "confirmed"),
        ("verbose", "key_python"): (601, 600, "confirmed"),
        ("two", "key_node"): (700, 700, "confirmed"),
    }
    seen = {impact.integrator: impact.told(change) for change, impact in each(exposures.impacts) if change == "two"}
    assert seen["hexagon"].startswith("sent a value of `limit` that stops working in 233 of 700 successful calls on ")
    uses = {use.operation: (use.attempts, use.logical_successes, use.keys) for use in exposures.operations}
    assert uses == {"GET /v1/pets": (701, 701, 2), "GET /v1/pets/{id}": (1501, 1500, 2), "POST /v1/pets": (200, 200, 1)}
    languages = {item.account.integrator: item.languages for item in exposures.activities}
    assert languages == {"snake": (("python", 1.0),), "hexagon": (("javascript", 1.0),)}
