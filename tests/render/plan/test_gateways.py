"""The same requests through real gateways: each affected operation gets its headers on every answer, no other does."""

import asyncio
import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.render.plan.gateways.paths import template
from apidiff.render.plan.gateways.rules import rules
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import CARD, HEADERS, REFUND, entry, operations, sample
from tests.render.plan.servers import SERVERS, Server, ask, free_port, nginx, running, write

SUNSET, DEPRECATION = HEADERS["Sunset"], HEADERS["Deprecation"]
GUIDE_LINK = 'rel="deprecation"'


def plan() -> Plan:
    """The sample with a concrete neighbour, a dot and a dollar in paths, and two server prefixes."""
    odd = replace(
        operations()[0], operation=entry("GET /v1/$count.csv", prefixes=("", "/eu")), removed=False, successor=None
    )
    return sample(operations=(*operations(), odd), routes=(entry("GET /v1/refunds/search"), entry("PUT /v1/charges")))


AFFECTED = [
    ("GET", "/v1/charges"), ("HEAD", "/v1/charges"), ("GET", "/v1/charges?sort=amount"), ("POST", "/v1/customers"),
    ("GET", "/v1/customers/42"), ("DELETE", "/v1/customers/42/cards/7"), ("GET", "/v1/refunds/r.1"),
    ("GET", "/v1/$count.csv"), ("GET", "/eu/v1/$count.csv"),
]  # fmt: skip
SPARED = [
    ("PUT", "/v1/charges"), ("GET", "/v1/refunds/search"), ("GET", "/v1/charges/1"), ("DELETE", "/v1/customers/42"),
    ("GET", "/x/v1/charges"), ("GET", "/v1/customers/42/cards"), ("GET", "/v1/$countXcsv"), ("GET", "/"),
]  # fmt: skip


def check(port: int, *, keeps_upstream_link: bool = True) -> None:
    for method, path in AFFECTED:
        for want in (200, 404, 500):
            status, headers, _ = ask(port, method, path, want)
            assert (status, headers.get("sunset"), headers.get("deprecation")) == (want, [SUNSET], [DEPRECATION]), path
            links = ", ".join(headers["link"])
            assert GUIDE_LINK in links, path
            assert ('rel="next"' in links) is keeps_upstream_link, path
    for method, path in SPARED:
        _, headers, _ = ask(port, method, path)
        assert "deprecation" not in headers, path
        assert SUNSET not in headers.get("sunset", []), path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(plan(), tmp_path_factory.mktemp("headers"))


@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.__name__)
def test_a_server(server: Server, written: Path, tmp_path: Path, upstream: int) -> None:
    port = free_port()
    with running(server(written, tmp_path, upstream, port), port, tmp_path / "log"):
        check(port)


def test_nginx_answers_410_after_the_sunset(written: Path, tmp_path: Path, upstream: int) -> None:
    port = free_port()
    with running(nginx(written, tmp_path, upstream, port, "apidiff-gone.conf"), port, tmp_path / "log"):
        status, headers, body = ask(port, "GET", "/v1/refunds/1")
        assert (status, headers["content-type"], headers["sunset"]) == (410, ["application/problem+json"], [SUNSET])
        assert "cache-control" not in headers
        assert json.loads(body) == json.loads((written / "problem-gone.json").read_text())[REFUND]
        assert ask(port, "GET", "/v1/charges")[0] == 200
        assert ask(port, "GET", "/v1/refunds/search")[0] == 200


def test_nginx_brownout(written: Path, tmp_path: Path, upstream: int) -> None:
    port = free_port()
    with running(nginx(written, tmp_path, upstream, port, "apidiff-brownout.conf"), port, tmp_path / "log"):
        status, headers, body = ask(port, "DELETE", "/v1/customers/1/cards/2")
        assert (status, headers["cache-control"], headers.get("retry-after")) == (410, ["no-store"], None)
        assert (headers["sunset"], headers["deprecation"]) == ([SUNSET], [DEPRECATION])
        assert json.loads(body) == json.loads((written / "problem-brownout.json").read_text())


def test_asgi(written: Path) -> None:
    found = importlib.util.spec_from_file_location("apidiff_headers_asgi", written / "apidiff_headers_asgi.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)

    def headers_of(method: str, path: str, status: int) -> dict[bytes, list[bytes]]:
        sent: list[dict] = []

        async def app(scope, receive, send):
            own = [(b"sunset", b"old"), (b"link", b'</next>; rel="next"')]
            await send({"type": "http.response.start", "status": status, "headers": own})
            await send({"type": "http.response.body", "body": b""})

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path.partition("?")[0]}
        asyncio.run(module.ApidiffHeaders(app)(scope, None, send))
        answer: dict[bytes, list[bytes]] = {}
        for name, value in sent[0]["headers"]:
            answer.setdefault(name, []).append(value)
        return answer

    for method, path in AFFECTED:
        for status in (200, 404, 500):
            answer = headers_of(method, path, status)
            assert (answer[b"sunset"], answer[b"deprecation"]) == ([SUNSET.encode()], [DEPRECATION.encode()])
            assert len(answer[b"link"]) == 2
    for method, path in SPARED:
        assert headers_of(method, path, 200) == {b"sunset": [b"old"], b"link": [b'</next>; rel="next"']}


def _envoy(written: Path) -> Callable[[str, str], dict[str, str] | None]:
    routes = yaml.safe_load((written / "envoy.yaml").read_text())["routes"]

    def find(method: str, path: str) -> dict[str, str] | None:
        for route in routes:
            match = route["match"]
            regex = match["headers"][0]["string_match"]["safe_regex"]["regex"]
            is_path = match["path"] == path if "path" in match else re.fullmatch(match["safe_regex"]["regex"], path)
            if is_path and re.fullmatch(regex, method):
                added = route.get("response_headers_to_add")
                return added and {one["header"]["key"]: one["header"]["value"].replace("%%", "%") for one in added}
        return None

    return find


def _kong(written: Path) -> Callable[[str, str], dict[str, str] | None]:
    routes = yaml.safe_load((written / "kong.yaml").read_text())["services"][0]["routes"]

    def find(method: str, path: str) -> dict[str, str] | None:
        for route in sorted(routes, key=lambda one: -one["regex_priority"]):
            if re.match(route["paths"][0].removeprefix("~"), path) and method in route["methods"]:
                if "plugins" not in route:
                    return None
                config = route["plugins"][0]["config"]
                assert config["add"] == config["replace"]
                return dict(one.split(":", 1) for one in config["add"]["headers"] + config["append"]["headers"])
        return None

    return find


def _traefik(written: Path) -> Callable[[str, str], dict[str, str] | None]:
    document = yaml.safe_load((written / "traefik.yaml").read_text())["http"]

    def find(method: str, path: str) -> dict[str, str] | None:
        for name, router in sorted(document["routers"].items(), key=lambda item: -item[1]["priority"]):
            rule = router["rule"]
            wanted = re.findall(r"(!?)PathRegexp\(`(.*?)`\)", rule)
            if method in re.findall(r"Method\(`(\w+)`\)", rule) and all(
                bool(re.search(regex, path)) is not bool(negated) for negated, regex in wanted
            ):
                return document["middlewares"][name]["headers"]["customResponseHeaders"]
        return None

    return find


def _neutral(written: Path) -> Callable[[str, str], dict[str, str] | None]:
    made = json.loads((written / "headers.json").read_text())["rules"]

    def find(method: str, path: str) -> dict[str, str] | None:
        for one in made:
            if (
                method in one["methods"]
                and re.search(one["regex"], path)
                and not any(re.search(no, path) for no in one["not"])
            ):
                return one["headers"]
        return None

    return find


@pytest.mark.parametrize("gateway", [_envoy, _neutral])
def test_the_others_say_the_same(written: Path, gateway: Callable) -> None:
    find = gateway(written)
    for method, path in AFFECTED:
        assert find(method, path.partition("?")[0]) == HEADERS, path
    for method, path in SPARED:
        assert find(method, path) is None, path


def test_caddy_writes_one_matcher_and_one_block_a_rule(written: Path) -> None:
    text = (written / "caddy" / "apidiff.caddyfile").read_text()
    made = rules(plan()).rules
    assert re.findall(r"path_regexp `(\^.*?\$)`\n", re.sub(r"\tnot .*\n", "", text)) == [rule.regex for rule in made]
    assert text.count("\tSunset `Tue, 11 Jan 2028 00:00:00 GMT`") == len(made)
    assert "\tnot path_regexp `^/v1/refunds/search$`" in text


def test_the_retired_answer_never_invites_a_retry(written: Path) -> None:
    body = json.loads((written / "problem-gone.json").read_text())
    shared = {
        "type": "https://developer.example.com/migrate/v2#gone", "title": "This operation was retired", "status": 410,
        "deprecated_at": "2027-01-11", "sunset_at": "2028-01-11", "retryable": False,
        "migration_guide": "https://developer.example.com/migrate/v2",
    }  # fmt: skip
    assert body == {
        CARD: shared | {"detail": f"{CARD} was retired on 2028-01-11. Nothing takes its place."},
        REFUND: shared
        | {
            "detail": f"{REFUND} was retired on 2028-01-11. Use GET /v2/refunds/{{id}}.",
            "replacement": {"method": "GET", "path": "/v2/refunds/{id}"},
        },
    }


@pytest.mark.parametrize("id_", ["GET /v1/a?b=c", "GET /v1/a#b", "GET /v1/a\nb", "G|T /v1/charges", "get /v1/charges"])
def test_what_no_gateway_can_tell_is_left_out(id_: str) -> None:
    strange = replace(operations()[0], operation=entry(id_))
    made = rules(sample(operations=(strange, operations()[1])))
    assert [rule.operation for rule in made.rules] == [operations()[1].operation.id]
    assert made.left_out == (id_,)


@pytest.mark.parametrize("value", ["x\r\nSet-Cookie: a=b", "x\n", "é"])
def test_a_header_that_could_end_is_refused(value: str) -> None:
    broken = replace(operations()[0], headers={"Sunset": value})
    with pytest.raises(ApidiffError) as caught:
        render_plan(sample(operations=(broken,)))
    assert caught.value.code == "header-value-unsafe"


def test_without_headers_there_is_no_folder() -> None:
    bare = tuple(replace(one, headers={}) for one in operations())
    assert not [name for name in render_plan(sample(operations=bare)) if name.startswith("headers/")]


def test_patterns_quote_every_literal() -> None:
    made = template("/a.b/{x}/c+d/{y}.json")
    assert made is not None
    assert made.pattern == r"/a\.b/[^/]+/c(?:\+|%2[bB])d/[^/]+\.json"
