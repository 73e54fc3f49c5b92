"""Real gateways with a hundred hostile path templates, and with two thousand operations: each request is judged by
the operation that it calls, which a reference of the test's own tells."""

import asyncio
import http.client
import importlib.util
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from apidiff.plan.value import Plan
from apidiff.render.plan.gateways.rules import rules
from tests.render.plan.sample import HEADERS, entry, operations, sample
from tests.render.plan.servers import SERVERS, Server, ask_again, free_port, running, write

pytestmark = pytest.mark.slow

ALIKE = ("{", "[", "(", "*", "+", "|", "^", "$", ".", "\\", '"', "'", "`", "<", ">", ";", ",", ":", "=", "@", "!", "&")
"""Characters that mean something to a regex, a shell, or a reader of configuration."""
HOSTILE = (
    *(f"/v1/a{char}b/{{id}}" for char in ALIKE),
    *(f"/v1/{{id}}{char}" for char in ALIKE),
    *(f"/v2/{char}" for char in ALIKE),
    *(f"/siblings/s{number}" for number in range(1, 18)),
    "/siblings/{id}", "/siblings/user-{uid}", "/siblings/user-{uid}.json", "/siblings/{uid}-{gid}",
    "/left/{a}", "/{a}/right", "/{long}/a-very-long-literal-segment", "/left/{b}.json", "/{c}/{d}/{e}/{f}",
    "/a b/{id}", "/a%20c/{id}", "/a%2Dd", "/100%", "/100%25/{id}", "/%zz/{id}", "/straße/{id}", "/日本/{id}", "/שלום",
    "/e\u0301/{id}", "/\U0001f600", "/~user/{id}", "/a+b", "/x;v=1/{id}", "/m;{matrix}", "/v1/{name}:cancel",
    "/v1/{name}:cancel:now", "/{a}{b}", "/$metadata", "/${jndi:x}/{id}", "/%{HOST}e/{id}", "/{{x}}/{id}", "/{$PATH}",
    "/.env", "/a/..b/{id}", "/...", "/CON/{id}", "/" + "w" * 900, "/" + "é" * 150, "/W/{" + "w" * 900 + "}",
    "/trailing/", "/(:i)x/{id}", "/\\d+", "/[^/]+", "/#/{id}", "/a?b={c}", "/a\nb", "/a\u202eb", "/a//b", "/a/./b",
    "/a%2Fb",
)  # fmt: skip
UNTELLABLE = ("/v2/.", "/#/{id}", "/a?b={c}", "/a\nb", "/a\u202eb", "/a//b", "/a/./b", "/a%2Fb")
METHODS = ("GET", "POST", "PUT", "DELETE")
PARAMETER = re.compile(r"\{[^{}/]*\}")


@dataclass(frozen=True)
class Called:
    """A request, and whether the operation that it calls ends."""

    method: str
    path: str
    ends: bool


def hostile() -> Plan:
    """Each template with two methods: one ends, the other stays; which one alternates."""
    ends, stays = [], []
    for number, path in enumerate(HOSTILE):
        pair = ("GET", "DELETE") if number % 3 else ("DELETE", "GET")
        ends.append(replace(operations()[0], operation=entry(f"{pair[0]} {path}"), removed=number % 2 == 0))
        stays.append(entry(f"{pair[1]} {path}"))
    return sample(operations=tuple(ends), routes=tuple(stays))


def large() -> Plan:
    """2,000 operations, half of which end: literal, templated and mixed paths that cross."""
    made = []
    for number in range(500):
        area = f"/r{number // 4}"
        shape = (f"{area}/search", f"{area}/{{id}}", f"{area}/x-{{id}}", f"{area}/{{id}}/x-{{tag}}.json")
        made.extend(entry(f"{method} {shape[number % 4]}") for method in METHODS)
    ends = [one for place, one in enumerate(made) if (place + place // 4) % 2]
    stays = tuple(one for place, one in enumerate(made) if not (place + place // 4) % 2)
    return sample(operations=tuple(replace(operations()[0], operation=one) for one in ends), routes=stays)


def kind(segment: str) -> int:
    return 2 if PARAMETER.fullmatch(segment) else 1 if PARAMETER.search(segment) else 0


def matcher(path: str) -> re.Pattern[str]:
    """What a framework makes of a template: literals decoded, each parameter a part of one segment."""
    return re.compile("[^/]+".join(re.escape(unquote(one)) for one in PARAMETER.split(path)), re.DOTALL)


def calls(plan: Plan) -> list[Called]:
    """For each template a request, and where templates cross one that several match."""
    told = set(rules(plan).left_out)
    everything = [
        (one.method, one.path, ends)
        for ends, entries in ((True, [one.operation for one in plan.operations]), (False, plan.unaffected))
        for one in entries
        if one.path not in UNTELLABLE
    ]
    assert told == {one.operation.id for one in plan.operations if one.operation.path in UNTELLABLE}
    order = sorted(
        (tuple(map(kind, path.split("/"))), path, matcher(path)) for path in {path for _, path, _ in everything}
    )
    ends_of = {(method, path): ends for method, path, ends in everything}
    words = ["zq7", "user-1", "user-1.json", "s3", "right", "left", "search", "a-very-long-literal-segment", "1-2"]
    found = []
    for place, (method, path, _) in enumerate(everything):
        for word in ("zq7", words[place % len(words)]):
            concrete = PARAMETER.sub(word, path)
            plain = unquote(concrete)
            rivals = [(rank, one) for rank, one, regex in order if (method, one) in ends_of and regex.fullmatch(plain)]
            if len(rivals) > 1 and rivals[0][0] == rivals[1][0]:
                continue  # the specification leaves open which of the two is called
            sent = quote(plain, safe="/-._~")
            found.append(Called(method, sent, bool(rivals) and ends_of[method, rivals[0][1]]))
    return list(dict.fromkeys(found))


def wrong(asked: list[Called], answer: Callable[[Called], dict[str, list[str]]]) -> list[tuple[Called, list[str]]]:
    """The requests that got other headers than those of their operation."""
    return [
        (one, headers.get("deprecation", []))
        for one in asked
        for headers in [answer(one)]
        if (headers.get("sunset") == [HEADERS["Sunset"]] and "deprecation" in headers) is not one.ends
    ]


@pytest.fixture(scope="module", params=["hostile", "large"])
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Called]]:
    plan = {"hostile": hostile, "large": large}[request.param]()
    asked = calls(plan)
    assert {one.ends for one in asked} == {True, False}
    return write(plan, tmp_path_factory.mktemp(request.param)), asked if request.param == "hostile" else asked[::12]


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.__name__)
def test_a_server_tells_every_operation(
    server: Server, loaded: tuple[Path, list[Called]], tmp_path: Path, upstream: int
) -> None:
    written, asked = loaded
    port = free_port()
    with running(server(written, tmp_path, upstream, port), port, tmp_path / "log"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

        def answer(one: Called) -> dict[str, list[str]]:
            return ask_again(connection, one.method, one.path)[1]

        assert wrong(asked, answer) == []
        connection.close()


def test_the_middleware_tells_every_operation(loaded: tuple[Path, list[Called]]) -> None:
    written, asked = loaded
    found = importlib.util.spec_from_file_location("apidiff_headers_asgi", written / "apidiff_headers_asgi.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    def answer(one: Called) -> dict[str, list[str]]:
        sent: list[dict] = []

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": one.method, "path": unquote(one.path)}
        asyncio.run(module.ApidiffHeaders(app)(scope, None, send))
        return {name.decode(): [value.decode()] for name, value in sent[0]["headers"]}

    assert wrong(asked, answer) == []


def test_there_are_a_hundred_templates() -> None:
    assert len(set(HOSTILE)) >= 100 + len(UNTELLABLE)
