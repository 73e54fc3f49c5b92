"""Paths to operations: each case through the real plan on the real engine."""

from dataclasses import replace

import pytest

from apidiff.usage.cube.relations import sql
from apidiff.usage.route import Routes, route_events, routes_of
from apidiff.words.changes import OperationEntry


def operation(method: str, path: str, **more: object) -> OperationEntry:
    return OperationEntry(id=f"{method} {path}", method=method, path=path, operation_id=None, present="both", **more)  # type: ignore[arg-type]


def routed(routes: Routes, *calls: tuple[str, str]) -> list[tuple[str, ...]]:
    import duckdb
    import ibis

    connection = duckdb.connect()
    connection.execute("CREATE TABLE route_keys (method VARCHAR, key VARCHAR, route INTEGER)")
    for row in routes.rows():
        connection.execute("INSERT INTO route_keys VALUES (?, ?, ?)", row)
    connection.execute("CREATE TABLE events (position INTEGER, method VARCHAR, path VARCHAR)")
    connection.executemany(
        "INSERT INTO events VALUES (?, ?, ?)", [(number, *call) for number, call in enumerate(calls)]
    )
    events = ibis.table({"position": "int32", "method": "string", "path": "string"}, name="events")
    keys = ibis.table({"method": "string", "key": "string", "route": "int32"}, name="route_keys")
    plan = route_events(events, routes, keys).select("position", "route").order_by("position")
    return [routes.by_number.get(route, ()) for _, route in connection.execute(sql(plan)).fetchall()]


TWILIO = [
    operation("GET", "/Accounts/{Sid}.json"),
    operation("GET", "/Accounts/{Sid}"),
    operation("GET", "/Accounts/active.json"),
    operation("GET", "/files/{name}.{ext}"),
    operation("POST", "/jobs/{id}:cancel"),
    operation("POST", "/jobs/{id}:retry"),
    operation("POST", "/jobs/{id}"),
    operation("GET", "/odata/Orders(key='{key}')"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/Accounts/AC12.json", "GET /Accounts/{Sid}.json"),
        ("GET", "/Accounts/AC12", "GET /Accounts/{Sid}"),
        ("GET", "/Accounts/active.json", "GET /Accounts/active.json"),
        ("GET", "/Accounts/.json", "GET /Accounts/{Sid}"),
        ("GET", "/files/a.b.pdf", "GET /files/{name}.{ext}"),
        ("GET", "/files/plain", ""),
        ("POST", "/jobs/42:cancel", "POST /jobs/{id}:cancel"),
        ("POST", "/jobs/42:retry", "POST /jobs/{id}:retry"),
        ("POST", "/jobs/42:unknown", "POST /jobs/{id}"),
        ("POST", "/jobs/a:b:cancel", "POST /jobs/{id}:cancel"),
        ("POST", "/jobs/42", "POST /jobs/{id}"),
        ("GET", "/odata/Orders(key='7')", "GET /odata/Orders(key='{key}')"),
        ("GET", "/odata/Orders(7)", ""),
    ],
)
def test_mixed_segments(method: str, path: str, expected: str) -> None:
    found = routed(routes_of(TWILIO), (method, path))
    assert found == [(expected,) if expected else ()]


MIXED = [
    operation("GET", f"/{name}")
    for name in ("user-{uid}", "user-{n}_code-{c}", "{any}", "{file}.gz", "{file}.tar.gz", "a{x}", "ab{x}", "ab{x}cd")
]


@pytest.mark.slow
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/user-7", "user-{uid}"),
        ("/user-7_code-9", "user-{n}_code-{c}"),
        ("/user-7_code-", "user-{uid}"),
        ("/logs.gz", "{file}.gz"),
        ("/logs.tar.gz", "{file}.tar.gz"),
        ("/ax", "a{x}"),
        ("/abx", "ab{x}"),
        ("/abxcd", "ab{x}cd"),
        ("/other", "{any}"),
    ],
)
def test_the_more_literal_of_two_mixed_segments_wins(order: int, path: str, expected: str) -> None:
    assert routed(routes_of(MIXED[::order]), ("GET", path)) == [(f"GET /{expected}",)]


PETS = [
    operation("GET", "/pets"),
    operation("GET", "/pets/{id}"),
    operation("GET", "/pets/mine"),
    operation("GET", "/{kind}/mine"),
    operation("PUT", "/pets/{id}/toys/{toy}"),
    operation("GET", "/slash/"),
    operation("HEAD", "/own"),
    operation("GET", "/own"),
    operation("GET", "/über/a b"),
    operation("GET", "/"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/pets", "GET /pets"),
        ("get", "/pets", "GET /pets"),
        ("HEAD", "/pets", "GET /pets"),
        ("HEAD", "/own", "HEAD /own"),
        ("GET", "/pets/mine", "GET /pets/mine"),
        ("GET", "/pets/7", "GET /pets/{id}"),
        ("GET", "/cats/mine", "GET /{kind}/mine"),
        ("GET", "/pets/a%2Fb", "GET /pets/{id}"),
        ("GET", "/pets/{petId}", "GET /pets/{id}"),
        ("GET", "/pets/:id", "GET /pets/{id}"),
        ("GET", "/pets/*", "GET /pets/{id}"),
        ("GET", "/pets/", ""),
        ("GET", "//pets", ""),
        ("GET", "/Pets", ""),
        ("POST", "/pets", ""),
        ("PUT", "/pets/1/toys/2", "PUT /pets/{id}/toys/{toy}"),
        ("PUT", "/pets//toys/2", ""),
        ("PUT", "/pets/1/toys/", ""),
        ("GET", "/slash/", "GET /slash/"),
        ("GET", "/slash", ""),
        ("GET", "/%C3%BCber/a%20b", "GET /über/a b"),
        ("GET", "/über/a b", "GET /über/a b"),
        ("GET", "/", "GET /"),
        ("OPTIONS", "/pets", ""),
        ("GET", "/pets/1/2/3/4/5/6", ""),
        ("GET", "", ""),
    ],
)
def test_plain_paths(method: str, path: str, expected: str) -> None:
    assert routed(routes_of(PETS), (method, path)) == [(expected,) if expected else ()]


@pytest.mark.slow
def test_the_more_literal_of_two_that_match_wins_however_many_routes_the_other_has() -> None:
    names = ["/a/b/{y}", "/a/{x}/y", "/a/{x}/{y}", *(f"/{name}/{{x}}/y" for name in "cdefg")]
    routes = routes_of([operation("GET", name) for name in names])
    calls = {
        "/a/b/1": "/a/b/{y}",
        "/a/b/y": "/a/b/{y}",
        "/a/b/*": "/a/b/{y}",
        "/a/1/y": "/a/{x}/y",
        "/a/*/y": "/a/{x}/y",
        "/a/1/2": "/a/{x}/{y}",
        "/c/b/y": "/c/{x}/y",
        "/c/b/1": "",
    }
    found = routed(routes, *(("GET", path) for path in calls))
    assert found == [(f"GET {name}",) if name else () for name in calls.values()]


def test_prefixes_and_mounts() -> None:
    pets = operation("GET", "/pets/{id}", prefixes=("/v1", ""))
    calls = [("GET", path) for path in ("/v1/pets/1", "/pets/1", "/api/v1/pets/1", "/api/pets/1", "/v2/pets/1")]
    yes, no = (pets.id,), ()
    assert routed(routes_of([pets]), *calls) == [yes, yes, no, no, no]
    assert routed(routes_of([pets], ["/api/"]), *calls) == [yes, yes, yes, yes, no]


@pytest.mark.slow
def test_operations_that_are_one_on_the_wire_share_a_route() -> None:
    twins = [
        operation("GET", "/items/{id}"),
        operation("GET", "/items/{id}#beta"),
        operation("GET", "/items/{item}?x=1"),
    ]
    assert routed(routes_of(twins), ("GET", "/items/3")) == [tuple(twin.id for twin in twins)]


def test_an_operation_id_that_two_operations_of_a_spec_have_names_neither() -> None:
    def named(path: str, name: str, present: str = "both") -> OperationEntry:
        return replace(operation("GET", path), operation_id=name, present=present)

    twins = [named("/a", "twice"), named("/b", "twice"), named("/c", "once")]
    moved = [named("/d", "moved", "base"), named("/e", "moved", "revision")]
    routes = routes_of([*twins, *moved])
    assert routes.operation_ids == {"once": 3, "moved": 4}


def test_a_method_may_begin_with_a_capital() -> None:
    assert routed(routes_of(PETS), ("Get", "/pets"), ("Head", "/own")) == [("GET /pets",), ("HEAD /own",)]


def test_a_spec_whose_paths_end_in_slashes_says_so() -> None:
    assert [routes_of([operation("GET", path)]).ends_in_slashes for path in ("/", "/a", "/a/")] == [False, False, True]


def test_a_base_path_is_taken_off_and_another_put_there() -> None:
    pets = operation("GET", "/pets", prefixes=("/v2",))
    calls = [("GET", path) for path in ("/v2/pets", "/gateway/pets", "/pets", "/gateway/v2/pets")]
    yes, no = (pets.id,), ()
    assert routed(routes_of([pets], base_path=("/gateway", "/v2")), *calls) == [yes, yes, no, no]
    assert routed(routes_of([pets], base_path=("", "/v2")), *calls) == [yes, no, yes, no]
    assert routed(routes_of([pets], base_path=("/gateway", "")), *calls) == [yes, no, no, yes]
    assert routed(routes_of([pets], base_path=("/gateway", "/v")), *calls) == [yes, no, no, no]


def test_no_operations_at_all() -> None:
    assert routed(routes_of([]), ("GET", "/pets")) == [()]


def test_a_path_that_nobody_can_send_has_no_key() -> None:
    made = routes_of([operation("GET", "/\ud800/{id}")])
    assert made.rows() == []
