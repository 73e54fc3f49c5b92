"""The shim in front of real applications of Starlette, FastAPI and Django, where these are installed."""

import asyncio
import json
import sys
import types
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apidiff.render.shim import ASGI
from tests.conftest import DEMO, Run
from tests.expand.shim.test_shim import FILL, made_of, module

ADA = b'{"id":"cus_1","first_name":"Ada","last_name":"Lovelace","email":"a@example.com","odd":1.50}'
ROWS = [b"1,a\n", b"2,b\n"]
KEY = "sk_live_0123456789"


async def rows() -> AsyncIterator[bytes]:
    for row in ROWS:
        yield row


def starlette(got: list[Any]) -> Any:
    from starlette.applications import Starlette
    from starlette.responses import Response, StreamingResponse
    from starlette.routing import Route

    async def read(_: Any) -> Any:
        return Response(ADA, media_type="application/json")

    async def write(request: Any) -> Any:
        got.append(await request.json())
        return Response(ADA, 201, media_type="application/json")

    async def export(_: Any) -> Any:
        return StreamingResponse(rows(), media_type="text/csv")

    return Starlette(
        routes=[
            Route("/v1/customers/{id}", read),
            Route("/v1/customers", write, methods=["POST"]),
            Route("/export", export),
        ]
    )


def fastapi(got: list[Any]) -> Any:
    from fastapi import Body, FastAPI
    from fastapi.responses import Response, StreamingResponse

    app = FastAPI()

    def write(body: dict[str, Any]) -> Any:
        got.append(body)
        return Response(ADA, 201, media_type="application/json")

    write.__annotations__["body"] = dict[str, Any]
    write.__defaults__ = (Body(),)
    app.get("/v1/customers/{id}")(lambda: Response(ADA, media_type="application/json"))
    app.post("/v1/customers")(write)
    app.get("/export")(lambda: StreamingResponse(rows(), media_type="text/csv"))
    return app


def django(got: list[Any]) -> Any:
    from django.conf import settings
    from django.core.asgi import get_asgi_application
    from django.http import HttpResponse, StreamingHttpResponse
    from django.urls import path

    def write(request: Any) -> Any:
        got.append(json.loads(request.body))
        return HttpResponse(ADA, status=201, content_type="application/json")

    async def export(_: Any) -> Any:
        return StreamingHttpResponse(rows(), content_type="text/csv")

    urls = types.ModuleType("urls_of_the_shim")
    urls.urlpatterns = [  # type: ignore[attr-defined]
        path("v1/customers/<str:name>", lambda _, name: HttpResponse(ADA, content_type="application/json")),
        path("v1/customers", write),
        path("export", export),
    ]
    sys.modules[urls.__name__] = urls
    settings.configure(SECRET_KEY="-", ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"])
    return get_asgi_application()


@pytest.mark.parametrize("framework", [starlette, fastapi, django], ids=lambda made: made.__name__)
def test_an_application_serves_callers_of_the_base(framework: Callable[[list[Any]], Any]) -> None:
    pytest.importorskip(framework.__name__, reason=f"{framework.__name__} is not installed")
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    got: list[Any] = []
    log: list[str] = []
    made, files = made_of(str(DEMO / "base.yaml"), str(DEMO / "revision.yaml"))
    shim = module(files[ASGI]).ApidiffShim(framework(got), fill=FILL, log=log.append, secret="a secret of the tests")

    async def call() -> list[tuple[int, bytes]]:
        headers = {"Authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(shim), base_url="http://a.example", headers=headers
        ) as client:
            answers = [
                await client.get("/v1/customers/cus_1"),
                await client.post("/v1/customers", json={"name": "Ada Lovelace", "odd": True}),
                await client.get("/export"),
            ]
        return [(answer.status_code, answer.content) for answer in answers]

    whole = ADA[:-1] + b',"name":"Ada Lovelace"}'
    assert asyncio.run(call()) == [(200, whole), (201, whole), (200, b"".join(ROWS))]
    assert got == [{"first_name": "Ada", "last_name": "Lovelace", "odd": True}]
    lines = [json.loads(line) for line in log]
    split = next(
        one.change.id for one in made.served if str(one.change.direction) == "request" and one.change.name == "name"
    )
    assert [(line["path"], line["uses"]) for line in lines] == [
        ("/v1/customers/{customer_id}", []),
        ("/v1/customers", [split]),
    ]
    assert KEY not in "".join(log)


def test_its_log_tells_who_has_moved(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan of the demo by what the edge saw; a quarter later one key calls what is new, the other what was."""
    pytest.importorskip("starlette", reason="starlette is not installed")
    httpx = pytest.importorskip("httpx", reason="httpx is not installed")
    from starlette.applications import Starlette
    from starlette.responses import Response
    from starlette.routing import Route

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APIDIFF_KEY_SECRET", "a secret of the tests")
    Path("accounts.csv").write_text("api_key,integrator\nkey_of_old_12345678,old\nkey_of_moved_1234567,moved\n")
    spec = [DEMO / "base.yaml", DEMO / "revision.yaml"]
    only = ("--only", "operation-moved", "--only", "property-split")
    assert run("expand", *spec, "--shim", "shim", *only).code == 1

    def answered(text: bytes, status: int = 200) -> Callable[[Any], Any]:
        async def answer(_: Any) -> Any:
            return Response(text, status, media_type="application/json")

        return answer

    log: list[str] = []
    app = module(Path("shim/apidiff_shim_asgi.py").read_bytes()).ApidiffShim(
        Starlette(
            routes=[
                Route("/v1/customers", answered(ADA, 201), methods=["POST"]),
                Route("/v1/balance/transactions", answered(b'{"data":[],"next_cursor":null}')),
            ]
        ),
        log=log.append,
        secret="a secret of the tests",
    )
    was = ("/v1/transactions", {"name": "Ada Lovelace", "email": "a@example.com"})
    now = ("/v1/balance/transactions", {"first_name": "Ada", "last_name": "Lovelace", "email": "a@example.com"})

    async def call(calls: dict[str, tuple[str, Any]]) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://a.example") as client:
            for key, (path, body) in calls.items():
                headers = {"Authorization": f"Bearer {key}"}
                statuses = [
                    (await client.get(path, headers=headers)).status_code,
                    (await client.post("/v1/customers", headers=headers, json=body)).status_code,
                ]
                assert statuses == [200, 201]

    def logged(first: datetime, calls: dict[str, tuple[str, Any]]) -> list[str]:
        """The log of thirty days, on each of which everybody makes the same calls."""
        log.clear()
        asyncio.run(call(calls))
        days = [(first + timedelta(days=day)).isoformat() for day in range(30)]
        Path("uses.jsonl").write_text("\n".join(json.dumps(json.loads(line) | {"time": day}) for day in days for line in log))  # fmt: skip  # noqa: E501
        return ["--usage", "uses.jsonl", "--key-hash", "hmac", "--integrators", "accounts.csv"]

    start = datetime(2026, 11, 1, tzinfo=UTC)
    old, moved = "key_of_old_12345678", "key_of_moved_1234567"
    before = logged(start, {old: was, moved: was})
    assert run("plan", *spec, *before, "--out", "plan", "--today", "2026-12-02").code == 0
    after = logged(start + timedelta(days=80), {old: was, moved: now})
    report = json.loads(run("track", "plan", *after, "--today", "2027-02-20", "--format", "json").out)
    path, read, sent = "1d8ba23a0cbc", "8ea3b99ddf50", "daa2112d9572"
    assert {
        one["integrator"]: {each["change"]: (each["state"], each["old"], each["new"]) for each in one["changes"]}
        for one in report["integrators"]
    } == {
        "old": {path: ("not started", 30, 0), read: ("unverifiable", 30, 0), sent: ("not started", 30, 0)},
        "moved": {path: ("migrated", 0, 30), read: ("unverifiable", 30, 0), sent: ("migrated", 0, 30)},
    }  # what somebody reads no log of calls can tell
