import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer

import pytest

from apidiff.render.plan import render_plan
from tests.render.plan.sample import Made, sample
from tests.render.plan.servers import Upstream


@pytest.fixture(scope="session")
def folder() -> dict[str, bytes]:
    """The sample plan's documents."""
    return render_plan(sample(), samples=Made())


@pytest.fixture(scope="session")
def upstream() -> Iterator[int]:
    """The port of what stands behind the gateways."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()
