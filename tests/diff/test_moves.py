"""Which operation is which: where a path stayed, was written otherwise, or moved."""

from typing import Any

import pytest

from apidiff import compare
from apidiff.diff.moves import matched, without_version
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.spec import Spec
from tests.diff.saying import said, spec

Paths = dict[str, dict[str, Any]]


def specs(*sides: Paths) -> list[Spec]:
    return [Spec(Side(Document.parsed(spec(paths)), name="base")) for paths in sides]


def pairs(base: Paths, revision: Paths, **map_prefix: str) -> dict[str, str]:
    """What moved, by the ids of its two ends; what is where it was is left out."""
    one, two = specs(base, revision)
    found = matched(one.operations, two.operations, map_prefix=map_prefix)
    return {str(old): str(new) for old, new in found if old != new}


def listed(*paths: str) -> Paths:
    return {path: {"get": {"operationId": path.rpartition("/")[2], "responses": {}}} for path in paths}


def call(summary: str = "", **more: Any) -> dict[str, Any]:
    """An operation that says little but its summary."""
    told = {"summary": summary} if summary else {}
    return {"responses": {"200": {"description": "OK"}}, **told, **more}


def answering(*names: str) -> dict[str, Any]:
    """An operation that answers with an object of some properties."""
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in names}}
    return {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}}}


def test_operations_match_by_template_then_without_version_then_by_id():
    assert pairs(listed("/a/{id}"), listed("/a/{key}")) == {"GET /a/{id}": "GET /a/{key}"}
    assert pairs(listed("/v1/a"), listed("/v2/a")) == {"GET /v1/a": "GET /v2/a"}
    assert pairs(listed("/a/one"), listed("/b/one")) == {"GET /a/one": "GET /b/one"}
    assert pairs(listed("/a/one"), listed("/b/two")) == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/a", "/a"),
        ("/v1.47/containers/{id}/json", "/containers/{}/json"),
        ("/api/v2/a", "/a"),
        ("/2010-04-01/Accounts.json", "/Accounts.json"),
        ("/2021-10-preview/a", "/a"),
        ("/1/cards", "/cards"),
        ("/admin/v1/users", "/admin/users"),
        ("/v2beta1/a", "/a"),
        ("/v1", ""),
        ("/2fa/verify", "/2fa/verify"),
        ("/reports/2024/a", "/reports/2024/a"),
        ("/videos/a", "/videos/a"),
    ],
)
def test_a_path_without_its_version(path: str, expected: str):
    assert without_version(path) == expected


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("/docks", "/docks/"),
        ("/Docks", "/docks"),
        ("/dockList", "/dock-list"),
        ("/dock_list", "/dockList"),
        ("/dock-list/{dockId}", "/dock_list/{id}"),
        ("/v1/dockList", "/v2/dock-list"),
        ("/a/dockList/b", "/a/dock-list/b"),
    ],
)
def test_a_path_in_another_spelling_is_the_same(was: str, now: str):
    others = {"/other": {"get": call()}}
    assert pairs({was: {"get": call()}} | others, {now: {"get": call()}} | others) == {f"GET {was}": f"GET {now}"}


@pytest.mark.parametrize(
    ("was", "now"),
    [("/dock", "/docks"), ("/categories", "/category"), ("/boxes/{id}", "/box/{id}"), ("/key", "/keys")],
)
def test_a_path_in_another_number_is_the_same_where_it_says_the_same(was: str, now: str):
    same = answering("id", "name")
    assert pairs({was: {"get": same}}, {now: {"get": same}}) == {f"GET {was}": f"GET {now}"}
    other = {"responses": {"204": {"description": "None."}}}
    assert pairs({was: {"get": same}}, {now: {"get": other}}) == {}


def test_paths_that_differ_in_their_spelling_alone_are_never_taken_for_each_other_at_random():
    assert pairs({"/dockList": {"get": call()}}, {"/dock-list": {"get": call()}, "/dock_list": {"get": call()}}) == {}


def test_a_path_takes_its_other_methods_along():
    was = {"/clients/{id}": {"get": call(operationId="getClient"), "put": call("Update"), "delete": call()}}
    now = {"/admin/clients/{id}": {"get": call(operationId="getClient"), "put": answering("a"), "delete": call()}}
    assert pairs(was, now) == {
        f"{method} /clients/{{id}}": f"{method} /admin/clients/{{id}}" for method in ("GET", "PUT", "DELETE")
    }


def test_a_method_that_is_gone_from_a_path_that_stays_has_not_moved():
    was = {"/a": {"get": call(operationId="getA"), "put": call(operationId="putA"), "delete": answering("a")}}
    now = {
        "/a": {"get": call(operationId="getA")},
        "/b": {"put": call(operationId="putA"), "delete": {"responses": {"204": {"description": "Gone"}}}},
    }
    assert pairs(was, now) == {"PUT /a": "PUT /b"}


def test_a_path_takes_along_what_lies_below_it():
    was = {"/clients": {"get": call("List the clients")}, "/clients/{id}/orders": {"get": call(), "post": call()}}
    now = {"/customers": {"get": call("List the clients")}, "/customers/{id}/orders": {"get": call(), "post": call()}}
    assert pairs(was, now) == {
        "GET /clients": "GET /customers",
        "GET /clients/{id}/orders": "GET /customers/{id}/orders",
        "POST /clients/{id}/orders": "POST /customers/{id}/orders",
    }


def test_a_path_that_became_two_takes_nothing_along():
    was = {"/a": {"get": call(operationId="getA"), "put": call(operationId="putA"), "delete": call()}}
    now = {
        "/b": {"get": call(operationId="getA"), "delete": call()},
        "/c": {"put": call(operationId="putA"), "delete": call()},
    }
    assert pairs(was, now) == {"GET /a": "GET /b", "PUT /a": "PUT /c"}


def test_what_is_told_of_one_operation_alone_finds_it_elsewhere():
    told = "List all docks of the harbour"
    assert pairs({"/docks": {"get": call(told)}}, {"/piers": {"get": call(told)}}) == {"GET /docks": "GET /piers"}
    assert pairs({"/docks": {"get": call(told)}}, {"/piers": {"post": call(told)}}) == {}
    twice = {"/piers": {"get": call(told)}, "/quays": {"get": call(told)}}
    assert pairs({"/docks": {"get": call(told)}}, twice) == {}
    stays = {"/others": {"get": call(told)}}
    assert pairs({"/docks": {"get": call(told)}} | stays, {"/piers": {"get": call(told)}} | stays) == {}
    assert pairs({"/docks": {"get": call("Get")}}, {"/piers": {"get": call("Get")}}) == {}


def test_the_same_content_finds_an_operation_below_or_above_its_path():
    same, other = answering("id", "name", "at"), answering("id", "name", "by")
    assert pairs({"/docks": {"get": same}}, {"/harbour/docks": {"get": same}}) == {"GET /docks": "GET /harbour/docks"}
    assert pairs({"/docks": {"get": same}}, {"/harbour/docks": {"get": other}}) == {}
    assert pairs({"/a/{id}/archive": {"post": same}}, {"/a/{id}/activate": {"post": same}}) == {}
    assert pairs({"/docks/{id}": {"get": same}}, {"/docks": {"get": same}}) == {}


def test_a_prefix_that_several_paths_lost_or_got_is_told():
    was = {
        "/api/users": {"get": call(), "post": call()},
        "/api/teams/{id}": {"get": call()},
        "/health": {"get": call()},
    }
    now = {path.removeprefix("/api"): item for path, item in was.items()}
    moved = {
        f"{method} {path}": f"{method} {path.removeprefix('/api')}"
        for path, item in was.items()
        for method in map(str.upper, item)
        if path != "/health"
    }
    assert pairs(was, now) == moved
    assert pairs(now, was) == {new: old for old, new in moved.items()}
    assert pairs({"/api/users": {"get": call()}}, {"/users": {"get": call()}}) == {}
    item = {"/users/{id}": {"get": call(), "put": call()}}
    assert pairs(item, {"/users": item["/users/{id}"]}) == {}
    cats = {"/cats/list": {"get": call()}, "/cats/get": {"get": call()}}
    assert pairs(cats, {path.replace("cats", "dogs"): item for path, item in cats.items()}) == {}


def test_what_never_moved_is_removed_and_added():
    was = {"/users/{id}/archive": {"post": call()}, "/a": {"get": call("Get")}}
    now = {"/users/{id}/activate": {"post": call()}, "/b": {"get": call("Get")}}
    assert pairs(was, now) == {}


def parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def test_a_parameter_that_left_with_its_path_is_part_of_the_move():
    def at(path: str, *names: str) -> dict[str, Any]:
        return spec({path: {"get": call(operationId="getDock", parameters=[parameter(name) for name in names])}})

    def move(was: str, now: str) -> str:
        ends = [f"#/paths/{path.replace('/', '~1')}/get" for path in (was, now)]
        return f"breaking operation-moved: {ends[0]} -> {ends[1]}"

    was = "/harbours/{harbour}/docks/{id}"
    assert said(at(was, "harbour", "id"), at("/docks/{id}", "id")) == [move(was, "/docks/{id}")]
    assert said(at("/docks/{id}", "id"), at("/dock")) == [move("/docks/{id}", "/dock")]
    revision = at("/docks/{id}", "id")
    revision["paths"]["/docks/{id}"]["get"]["parameters"][0]["schema"] = {"type": "string", "maxLength": 3}
    place = "paths/~1docks~1{id}/get/parameters/0/schema/maxLength"
    assert said(at(was, "harbour", "id"), revision) == sorted(
        [move(was, "/docks/{id}"), f"breaking max-length-decreased: - -> #/{place}"]
    )


def test_a_move_says_why_it_is_taken_for_one_and_where_to():
    found = compare(spec({"/dockList": {"get": call()}}), spec({"/dock-list": {"get": call()}}))
    assert [(change.title, change.renamed_to) for change in found.changes] == [
        ("operation `GET /dockList` moved to `GET /dock-list`", "GET /dock-list")
    ]
    assert found.changes[0].why.endswith("Matched by the path in another spelling.")
    assert [(one.id, one.moved_to) for one in found.operations] == [
        ("GET /dock-list", None),
        ("GET /dockList", "GET /dock-list"),
    ]


def test_a_webhook_is_never_guessed():
    def sending(name: str) -> dict[str, Any]:
        return {"openapi": "3.1.0", "info": {"title": "T"}, "webhooks": {name: {"post": call()}}}

    rules = [change.rule for change in compare(sending("orderPaid"), sending("order-paid")).changes]
    assert sorted(rules) == ["webhook-added", "webhook-removed"]


NAMES = ("containers", "images", "info")


def at_version(prefix: str, *, asked: str = "", server: str = "") -> dict[str, Any]:
    """A spec whose paths begin with a version; the last of its operations asks for a parameter."""
    query = [{"name": asked, "in": "query", "required": True, "schema": {"type": "string"}}] if asked else []
    paths = {f"{prefix}/{name}": {"get": call(parameters=query if name == "info" else [])} for name in NAMES}
    return spec(paths, **({"servers": [{"url": server}]} if server else {}))


def test_another_version_in_every_path_is_one_edit_and_leaves_the_ids_of_others_alone():
    base = at_version("/v1.47")
    moved = compare(base, at_version("/v1.48", asked="all")).changes
    (stayed,) = compare(base, at_version("/v1.47", asked="all")).changes
    assert [change.rule for change in moved] == [
        "operation-version-moved",
        "operation-version-moved",
        "operation-version-moved",
        "required-parameter-added",
    ]
    assert len({change.group for change in moved[:3]}) == 1
    assert moved[3].id == stayed.id
    assert moved[3].revision == "#/paths/~1v1.48~1info/get/parameters/0"


def test_other_paths_that_move_are_other_edits():
    base = spec({f"/{name}": {"get": call(operationId=name), "put": call(operationId=f"set{name}")} for name in "ab"})
    paths = {
        "/x/a": {"get": call(operationId="a"), "put": call(operationId="seta")},
        "/y/b": {"get": call(operationId="b"), "post": call(operationId="setb")},
    }
    groups = {str(change.before): change.group for change in compare(base, spec(paths)).changes}
    assert sorted(groups) == ["GET /a", "GET /b", "PUT /a", "PUT /b"]
    assert groups["GET /a"] == groups["PUT /a"]
    assert len(set(groups.values())) == 3


@pytest.mark.parametrize(
    ("was", "now", "rules"),
    [
        (("", "https://a.example/v1"), ("/v1", "https://a.example"), []),
        (("", "https://a.example/v1"), ("/v2", "https://a.example"), ["operation-version-moved"] * 3),
        (("/v1", "https://a.example"), ("", "https://a.example/v2"), ["operation-version-moved"] * 3),
        (("", "/v1"), ("/v2", "/"), ["operation-version-moved"] * 3),
        (("", "https://a.example/v1"), ("", "https://a.example/v2"), ["server-changed"]),
        (("", "https://a.example/v1"), ("/v1", "https://b.example"), ["server-changed"]),
    ],
)
def test_a_version_that_goes_from_the_servers_into_the_paths(
    was: tuple[str, str], now: tuple[str, str], rules: list[str]
):
    base, revision = (at_version(prefix, server=server) for prefix, server in (was, now))
    assert sorted(change.rule for change in compare(base, revision).changes) == rules
