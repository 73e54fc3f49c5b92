"""The shim before a server of the demo's revision, under requests made up from the base spec; and what it costs.

`python -m tests.bench.bench_shim serve PORT [bare]` serves the revision on uvicorn, behind the shim or bare, for
`schemathesis run fixtures/demo/base.yaml --url http://127.0.0.1:PORT --mode positive --exclude-path /v1/tokens`: what
the shim can't serve is left out. `python -m tests.bench.bench_shim cost` prints what a call costs with and without it.
"""

import asyncio
import json
import sys
import time
from typing import Any

import yaml

from tests.conftest import DEMO
from tests.expand.shim.served import Request, Server, Spec
from tests.expand.shim.test_shim import FILL, made_of, module

CALLS = 2_000
SPLIT = "daa2112d9572"


def parts(whole: str) -> dict[str, str]:
    """What somebody who knows the API does with a name of any kind: the new fields are shorter than the old one."""
    first, _, last = whole.partition(" ")
    return {"first_name": first[:60], "last_name": last[:60]}


def shimmed(app: Any) -> Any:
    """An application behind the shim of the demo."""
    _, files = made_of(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))
    return module(files["apidiff_shim_asgi.py"]).ApidiffShim(app, fill=FILL | {SPLIT: parts})


def serve(port: int, *, is_bare: bool) -> None:
    """Serve the revision until stopped."""
    import uvicorn

    server = Server(Spec(yaml.safe_load((DEMO / "revision.yaml").read_text())), is_closed=False)
    uvicorn.run(server if is_bare else shimmed(server), port=port, log_level="error")


def cost() -> None:
    """Print microseconds of processor time a call: nothing to do, an answer and a request to rewrite."""
    body = json.dumps(
        {"id": "a", "first_name": "Ada", "last_name": "Byron", "email": "a@b.example", "pad": ["x" * 20] * 50}
    )

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body.encode()})

    told = (("content-type", "application/json"), ("authorization", "Bearer x"))
    sent = json.dumps({"name": "Ada Byron", "email": "a@b.example", "metadata": {"a": "x" * 1000}}).encode()
    for what, request in (
        ("nothing to do", Request("GET", "/v1/balance", "", told)),
        ("an answer of 1.3 kB", Request("GET", "/v1/customers/1", "", told)),
        ("a request of 1 kB and an answer", Request("POST", "/v1/customers", "", told, sent)),
    ):
        bare, behind = (_microseconds(one, request) for one in (app, shimmed(app)))
        print(f"{what}: {bare:.0f} without, {behind:.0f} with the shim (microseconds a call)")


def _microseconds(app: Any, request: Request) -> float:
    async def all_of_them() -> None:
        for _ in range(CALLS):
            await _once(app, request)

    started = time.process_time()
    asyncio.run(all_of_them())
    return (time.process_time() - started) / CALLS * 1e6


async def _once(app: Any, request: Request) -> None:
    async def receive() -> dict:
        return {"type": "http.request", "body": request.body, "more_body": False}

    async def send(_message: dict) -> None:
        pass

    headers = [(name.encode(), value.encode()) for name, value in request.headers]
    scope = {
        "type": "http", "method": request.method, "path": request.path, "raw_path": request.path.encode(),
        "query_string": b"", "headers": [*headers, (b"content-length", str(len(request.body)).encode())],
    }  # fmt: skip
    await app(scope, receive, send)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(int(sys.argv[2]), is_bare="bare" in sys.argv)
    else:
        cost()
