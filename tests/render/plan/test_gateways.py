"""The same requests through real gateways: each affected operation gets its headers on every answer, no other does."""

import asyncio
import importlib.util
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from apidiff.plan.value import Plan
from apidiff.render.plan import render_plan
from apidiff.render.plan.gateways import TARGETS
from apidiff.render.plan.gateways.paths import template
from apidiff.render.plan.gateways.refusals import refusals
from apidiff.render.plan.gateways.rules import rules
from apidiff.words.errors import ApidiffError
from tests.render.plan.sample import CARD, HEADERS, REFUND, entry, operations, sample
from tests.render.plan.servers import SERVERS, Server, ask, free_port, running, write

SUNSET, DEPRECATION = HEADERS["Sunset"], HEADERS["Deprecation"]
GUIDE_LINK = 'rel="deprecation"'


def plan() -> Plan:
    """The sample with a concrete neighbour, a dot and a dollar in paths, and two server prefixes."""
    odd = replace(
        operations()[0], operation=entry("GET /v1/$count.csv", prefixes=("", "/eu")), removed=False, successor=None
    )
    policy = sample().policy | {"brownouts": [{"days_before": 29, "hours": 1}]}
    spared = (entry("GET /v1/refunds/search"), entry("PUT /v1/charges"))
    return sample(operations=(*operations(), odd), routes=spared, policy=policy)


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


REMOVED = [
    ("DELETE", "/v1/customers/42/cards/7", CARD), ("GET", "/v1/refunds/r.1", REFUND), ("HEAD", "/v1/refunds/1", REFUND),
]  # fmt: skip
STAYING = [("GET", "/v1/charges"), ("POST", "/v1/customers"), ("GET", "/v1/refunds/search"), ("PUT", "/v1/refunds/1")]
RETRY = "Mon, 13 Dec 2027 15:00:00 GMT"
Told = Callable[[str, str], tuple[int, dict[str, list[str]], bytes]]


def check_refused(told: Told, written: Path, refused: str) -> None:
    """What was removed answers 410 with its own body, and says when to come back where that is known; nothing else."""
    gone, paused = (json.loads((written / f"problem-{kind}.json").read_text()) for kind in ("gone", "brownout"))
    for method, path, operation in REMOVED:
        status, headers, body = told(method, path)
        assert (status, headers["content-type"]) == (410, ["application/problem+json"]), path
        assert (headers["sunset"], headers["deprecation"]) == ([SUNSET], [DEPRECATION]), path
        assert GUIDE_LINK in ", ".join(headers["link"]), path
        assert (headers.get("cache-control"), headers.get("retry-after")) == (
            (None, None) if refused == "gone" else (["no-store"], [RETRY])
        ), path
        assert method == "HEAD" or json.loads(body) == (gone[operation] if refused == "gone" else paused), path
    for method, path in STAYING:
        assert told(method, path)[0] == 200, path


@pytest.mark.parametrize("refused", ["gone", "brownout-1"])
@pytest.mark.parametrize("server", SERVERS, ids=lambda server: server.__name__)
def test_what_goes_away_is_refused(server: Server, refused: str, written: Path, tmp_path: Path, upstream: int) -> None:
    port = free_port()
    with running(server(written, tmp_path, upstream, port, refused), port, tmp_path / "log"):
        check_refused(lambda method, path: ask(port, method, path), written, refused)
        check_others(port)


def check_others(port: int) -> None:
    """The headers of what stays are as they were."""
    for method, path in AFFECTED:
        if path in ("/v1/charges", "/v1/customers"):
            status, headers, _ = ask(port, method, path, 404)
            assert (status, headers["deprecation"]) == (404, [DEPRECATION]), path


@pytest.mark.parametrize("refused", ["gone", "brownout-1"])
def test_an_asgi_application_refuses_what_goes_away(written: Path, refused: str) -> None:
    gone, headers = module(written / refused / "apidiff_gone_asgi.py"), module(written / "apidiff_headers_asgi.py")

    def told(method: str, path: str) -> tuple[int, dict[str, list[str]], bytes]:
        sent: list[dict] = []

        async def app(scope, receive, send):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path}
        asyncio.run(headers.ApidiffHeaders(gone.ApidiffGone(app))(scope, None, send))
        made: dict[str, list[str]] = {}
        for name, value in sent[0]["headers"]:
            made.setdefault(name.decode(), []).append(value.decode())
        return sent[0]["status"], made, sent[1]["body"]

    check_refused(told, written, refused)


@pytest.mark.parametrize("refused", ["gone", "brownout-1"])
def test_kong_ends_what_goes_away(written: Path, refused: str) -> None:
    """Read as its manual says, for no Kong is at hand: `_format_version` 3.0, routes with plugins of their own."""
    plain = yaml.safe_load((written / "kong.yaml").read_text())["services"][0]["routes"]
    routes = yaml.safe_load((written / refused / "kong.yaml").read_text())["services"][0]["routes"]
    replaced = {one["name"]: one for one in routes}

    def told(method: str, path: str) -> tuple[int, dict[str, list[str]], bytes]:
        for route in sorted((replaced.get(one["name"], one) for one in plain), key=lambda one: -one["regex_priority"]):
            if re.match(route["paths"][0].removeprefix("~"), path) and method in route["methods"]:
                plugins = {one["name"]: one["config"] for one in route.get("plugins", ())}
                if "request-termination" in plugins:
                    ended, added = plugins["request-termination"], plugins["response-transformer"]
                    assert added["add"] == added["replace"]
                    made = {
                        name.lower(): [value] for name, value in (one.split(":", 1) for one in added["add"]["headers"])
                    }
                    return (
                        ended["status_code"],
                        made | {"content-type": [ended["content_type"]]},
                        ended["body"].encode(),
                    )
                break
        return 200, {}, b""

    check_refused(told, written, refused)


def test_who_cannot_refuse_is_named(written: Path) -> None:
    readme = (written / "README.md").read_text()
    assert [one.title for one in TARGETS if one.refuses is None] == ["Traefik 3"]
    assert "Traefik 3 has none: it answers nothing itself" in readme
    assert f"| brownout-1/ | on 2027-12-13 from 14:00 to 15:00 UTC, and at no other time | {RETRY} |" in readme
    assert "| gone/ | from 2028-01-11 on, 00:00 UTC; take it out to roll back | none: do not retry it |" in readme
    assert "The other 5 operations change and stay: no gateway can refuse the part that ends" in readme


def test_where_nothing_goes_away_nothing_is_refused(tmp_path: Path) -> None:
    staying = tuple(replace(one, removed=False) for one in operations())
    folder = write(sample(operations=staying), tmp_path)
    assert not list(folder.glob("gone")) + list(folder.glob("brownout-*"))
    assert "Nothing goes away, so that nothing is refused" in (folder / "README.md").read_text()


@pytest.mark.parametrize(
    ("hours", "when", "retry"),
    [
        (1, "on 2027-12-13 from 14:00 to 15:00 UTC, and at no other time", RETRY),
        (12, "on 2027-12-13 from 14:00 to 2027-12-14 02:00 UTC, and at no other time", "Tue, 14 Dec 2027 02:00:00 GMT"),
        (None, "on 2027-12-13 for as long as it lasts", None),
    ],
)
def test_a_brownout_says_when_it_is_over(hours: int | None, when: str, retry: str | None) -> None:
    policy = {"brownouts": [{"days_before": 29, "hours": hours}] if hours else []}
    made = sample(policy=policy)
    _, one = refusals(made, rules(made))
    assert (one.when, dict(one.headers).get("Retry-After")) == (when, retry)


def module(path: Path) -> Any:
    """A module by its file."""
    found = importlib.util.spec_from_file_location(path.stem, path)
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


def test_asgi(written: Path) -> None:
    made = module(written / "apidiff_headers_asgi.py")

    def headers_of(method: str, path: str, status: int) -> dict[bytes, list[bytes]]:
        sent: list[dict] = []

        async def app(scope, receive, send):
            own = [(b"sunset", b"old"), (b"link", b'</next>; rel="next"')]
            await send({"type": "http.response.start", "status": status, "headers": own})
            await send({"type": "http.response.body", "body": b""})

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path.partition("?")[0]}
        asyncio.run(made.ApidiffHeaders(app)(scope, None, send))
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
