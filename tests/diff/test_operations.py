"""What stands around operations: servers of a path, and what is said of a path that moved."""

from tests.diff.saying import said, spec

GET = {"get": {"operationId": "getA", "responses": {"200": {"description": "OK"}}}}


def test_the_servers_of_a_path_are_those_of_its_operations():
    base, revision = (
        spec({"/a": GET | {"servers": [{"url": url}]}}) for url in ("https://a.example", "https://b.example")
    )
    at = "#/paths/~1a/servers/0"
    assert said(base, revision) == [f"breaking server-changed: {at} -> {at}"]


def test_what_is_said_of_a_path_that_moved():
    base, revision = (spec({path: GET | more}) for path, more in (("/a", {"x-a": 1}), ("/b", {"description": "B."})))
    assert said(base, revision) == [
        "breaking operation-moved: #/paths/~1a/get -> #/paths/~1b/get",
        "editorial description-changed: - -> #/paths/~1b/description",
        "editorial extension-changed: #/paths/~1a/x-a -> -",
    ]
