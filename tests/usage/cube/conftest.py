"""Engines that tests start for themselves, each skipped, visibly, where its program is not here."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.scenario import BASE, INTEGRATORS, REVISION

TRINO_HOME = os.environ.get("APIDIFF_TRINO_HOME", "")
"""The unpacked trino-server; JAVA_HOME of its own is APIDIFF_TRINO_JAVA_HOME (Trino 476 asks for Java 24)."""
_TRINO_PATIENCE = 180
_TRINO = {
    "etc/config.properties": """coordinator=true
node-scheduler.include-coordinator=true
http-server.http.port={port}
discovery.uri=http://127.0.0.1:{port}
query.max-memory=700MB
query.max-memory-per-node=700MB
memory.heap-headroom-per-node=200MB
catalog.management=static
""",
    "etc/jvm.config": """-Xmx1500M
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-Djdk.attach.allowAttachSelf=true
-Dnet.bytebuddy.experimental=true
""",
    "etc/node.properties": "node.environment=test\nnode.id=apidiff\nnode.data-dir={folder}/data\n",
    "etc/catalog/memory.properties": "connector.name=memory\nmemory.max-data-per-node=400MB\n",
}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """The folder with the socket of a PostgreSQL of the tests' own, which runs as its own user where we are root."""
    pytest.importorskip("psycopg", reason="needs psycopg: pip install apidiff[postgres]")
    places = [os.environ["PATH"], *map(str, Path("/usr/lib/postgresql").glob("*/bin"))]
    initdb = shutil.which("initdb", path=os.pathsep.join(places))
    if initdb is None:
        pytest.skip("needs PostgreSQL")
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(Path(initdb).with_name(program)), "-D", f"{folder}/data", *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)

    try:
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        run("pg_ctl", "-w", "-l", "log", "-o", f"-k {folder} -c listen_addresses= -c fsync=off", "start")
        yield folder
        run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A session of Spark with two executors, each a process of its own."""
    sql = pytest.importorskip("pyspark.sql", reason="needs pyspark: pip install apidiff[spark]")
    if shutil.which("java") is None:
        pytest.skip("needs java")
    # what runs once is not worth optimizing: half the time went to the second compiler
    options = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    before = os.environ.get("JAVA_TOOL_OPTIONS")
    os.environ["JAVA_TOOL_OPTIONS"] = options
    builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.sql.session.timeZone", "UTC")
    builder = builder.config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.executor.memory", "1g").config("spark.sql.shuffle.partitions", "4")
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
        os.environ.pop("JAVA_TOOL_OPTIONS")
        if before is not None:
            os.environ["JAVA_TOOL_OPTIONS"] = before


@pytest.fixture(scope="session")
def trino(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address (`host:port`) of a Trino with the catalog `memory`, from the server that APIDIFF_TRINO_HOME names."""
    pytest.importorskip("trino", reason="needs trino: pip install apidiff[trino]")
    if not TRINO_HOME:
        pytest.skip("needs Trino: APIDIFF_TRINO_HOME names an unpacked trino-server (Maven Central: io.trino)")
    home, folder = Path(TRINO_HOME).resolve(), tmp_path_factory.mktemp("trino")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    for name in ("bin", "lib", "secrets-plugin"):
        if (home / name).exists():
            (folder / name).symlink_to(home / name)
    (folder / "plugin").mkdir()
    (folder / "plugin/memory").symlink_to(home / "plugin/memory")
    for name, text in _TRINO.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text.format(port=port, folder=folder))
    java = os.environ.get("APIDIFF_TRINO_JAVA_HOME") or os.environ.get("JAVA_HOME", "")
    environment = os.environ | ({"JAVA_HOME": java, "PATH": f"{java}/bin:{os.environ['PATH']}"} if java else {})
    command = [str(folder / "bin/launcher"), "run", "--etc-dir", str(folder / "etc")]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
    try:
        _wait_for(f"http://127.0.0.1:{port}/v1/info", server)
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def _wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _TRINO_PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if b'"starting":false' in answer.read():
                    return
        except OSError:
            pass
        time.sleep(1)
    raise RuntimeError("Trino did not start")


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The specs and the accounts."""
    folder = tmp_path_factory.mktemp("inputs")
    for side, spec in (("base", BASE), ("revision", REVISION)):
        (folder / f"{side}.json").write_text(json.dumps(spec))
    (folder / "integrators.csv").write_text(INTEGRATORS)
    return folder
