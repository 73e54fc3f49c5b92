"""Servers as the set of addresses that they offer, whichever way and in whichever version they are said."""

from typing import Any

import pytest

from apidiff import compare
from tests.diff.saying import said, spec

GET = {"get": {"responses": {"200": {"description": "OK"}}}}
HERE = "#/servers/0"


def serving(*servers: str | dict[str, Any], **more: Any) -> dict[str, Any]:
    """A spec with one operation at some servers."""
    return spec({"/a": GET}, servers=[{"url": one} if isinstance(one, str) else one for one in servers], **more)


def swagger(**root: Any) -> dict[str, Any]:
    """The same in Swagger 2.0."""
    return {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": GET}, **root}


OPENED = "server `https://{r}.example` now takes anything for its variable `r`, where it only took `eu`, `us`"


def region(default: str, *values: str, name: str = "r", url: str = "https://{r}.example") -> dict[str, Any]:
    """A server with one variable."""
    listed = {"enum": list(values)} if values else {}
    return {"url": url.replace("{r}", f"{{{name}}}"), "variables": {name: {"default": default, **listed}}}


def titles(base: Any, revision: Any) -> list[str]:
    """`level: title` of what is not about the version of the specification."""
    changes = compare(base, revision).changes
    return [f"{change.level.value}: {change.title}" for change in changes if change.rule != "dialect-changed"]


SAME = {
    "nothing said, and the root": (spec({"/a": GET}), serving("/")),
    "an empty list": (spec({"/a": GET}, servers=[]), spec({"/a": GET})),
    "a base path that is the root": (swagger(basePath="/"), spec({"/a": GET})),
    "no base path": (swagger(), serving("/")),
    "a last slash": (serving("https://a.example/v1/"), serving("https://a.example/v1")),
    "letter case of scheme and host": (serving("HTTPS://API.Example/V1"), serving("https://api.example/V1")),
    "default ports": (
        serving("https://a.example:443", "http://a.example:80/x"),
        serving("https://a.example", "http://a.example/x"),
    ),
    "escapes": (serving("https://a.example/%7ejo/%c3%a9"), serving("https://a.example/~jo/%C3%A9")),
    "dots": (serving("https://a.example/x/./y/../v1"), serving("https://a.example/x/v1")),
    "their order": (
        serving("https://a.example", "https://b.example"),
        serving("https://b.example", "https://a.example"),
    ),
    "one of them twice": (serving("https://a.example", "https://a.example/"), serving("https://a.example")),
    "a variable written out": (serving(region("eu", "eu")), serving("https://eu.example")),
    "a variable by another name": (serving(region("eu", "eu", "us")), serving(region("eu", "us", "eu", name="place"))),
    "two servers folded": (serving("https://eu.example", "https://us.example"), serving(region("eu", "eu", "us"))),
    "schemes as servers": (
        swagger(host="a.example", basePath="/v1", schemes=["https", "http"]),
        serving("https://a.example/v1", "http://a.example/v1"),
    ),
    "schemes in another order": (
        swagger(host="a.example", schemes=["https", "http"]),
        swagger(host="a.example", schemes=["http", "https"]),
    ),
    "a host of no scheme": (swagger(host="a.example", basePath="/v1"), serving("https://a.example/v1")),
}


@pytest.mark.parametrize("about", SAME)
def test_the_same_addresses_said_otherwise_are_no_change(about: str) -> None:
    for base, revision in (SAME[about], SAME[about][::-1]):
        assert titles(base, revision) == []


EDITS = {
    "a base that comes": (
        (spec({"/a": GET}), serving("/v1")),
        ["breaking: server `/` became `/v1`"],
        ["breaking: server `/v1` became `/`"],
    ),
    "a base with a host beside": (
        (spec({"/a": GET}), serving("/v1", "https://a.example/v1")),
        ["breaking: server `/` became `/v1`", "additive: server `https://a.example/v1` was added"],
        ["breaking: server `/v1` became `/`", "breaking: server `https://a.example/v1` was removed"],
    ),
    "the host that serves the document": (
        (spec({"/a": GET}), serving("https://a.example")),
        ["additive: server `https://a.example` was added"],
        ["breaking: server `https://a.example` was removed"],
    ),
    "a host with another base": (
        (serving("/v1"), serving("https://a.example/v2")),
        ["breaking: server `/v1` became `https://a.example/v2`"],
        ["breaking: server `https://a.example/v2` became `/v1`"],
    ),
    "where the document is": (
        (serving("/v1"), serving("./v1")),
        ["breaking: server `/v1` became `./v1`"],
        ["breaking: server `./v1` became `/v1`"],
    ),
    "a region": (
        (serving(region("eu", "eu", "us")), serving(region("eu", "eu"))),
        ["breaking: server `https://{r}.example` no longer offers `us` for its variable `r`"],
        ["additive: server `https://{r}.example` now also offers `us` for its variable `r`"],
    ),
    "a region that another server has": (
        (serving(region("eu", "eu", "us")), serving(region("eu", "eu"), "https://us.example")),
        [],
        [],
    ),
    "a region of a server that is written out": (
        (serving(region("eu", "eu", "us", "ap")), serving("https://eu.example", "https://ap.example")),
        ["breaking: server `https://{r}.example` no longer offers `us` for its variable `r`"],
        ["additive: server `https://{r}.example` now also offers `us` for its variable `r`"],
    ),
    "the choice of a free variable": (
        (serving(region("eu")), serving(region("eu", "eu", "us"))),
        ["breaking: server `https://{r}.example` took anything for its variable `r`, and now only `eu`, `us`"],
        [f"additive: {OPENED}"],
    ),
    "a new default": (
        (serving(region("eu", "eu", "us")), serving(region("us", "eu", "us"))),
        ["dangerous: the default of the variable `r` of server `https://{r}.example` changed from `eu` to `us`"],
        ["dangerous: the default of the variable `r` of server `https://{r}.example` changed from `us` to `eu`"],
    ),
    "a scheme": (
        (swagger(host="a.example", schemes=["http", "https"]), swagger(host="a.example", schemes=["https"])),
        ["breaking: server `http://a.example` was removed"],
        ["additive: server `http://a.example` was added"],
    ),
    "an address more": (
        (serving("https://a.example"), serving("https://a.example", "https://b.example")),
        ["additive: server `https://b.example` was added"],
        ["breaking: server `https://b.example` was removed"],
    ),
}


@pytest.mark.parametrize("about", EDITS)
def test_what_is_no_longer_offered_breaks_and_what_is_new_does_not(about: str) -> None:
    (base, revision), there, back = EDITS[about]
    assert titles(base, revision) == there
    assert titles(revision, base) == back


def test_one_of_several_variables() -> None:
    def both(*places: str) -> dict[str, Any]:
        variables = {"r": {"default": "eu", "enum": list(places)}, "v": {"default": "1", "enum": ["1", "2"]}}
        return serving({"url": "https://{r}.example/v{v}", "variables": variables})

    assert titles(both("eu", "us", "ap"), both("eu")) == [
        "breaking: server `https://{r}.example/v{v}` no longer offers `us`, `ap` for its variable `r`"
    ]


def test_more_addresses_than_can_be_counted_are_still_compared() -> None:
    def wide(last: str) -> dict[str, Any]:
        values = [*map(str, range(90)), last]
        variables = {name: {"default": "0", "enum": values} for name in "abcdef"}
        return serving({"url": "https://{a}.{b}.{c}.{d}.{e}.{f}.example", "variables": variables})

    assert titles(wide("x"), wide("x")) == []
    assert titles(wide("x"), wide("y")) == []


def test_what_is_said_of_a_server_that_became_another() -> None:
    base = serving({**region("a", "a", "b"), "description": "Old."})
    revision = serving({**region("c"), "url": "https://{r}.example/v2", "description": "New."})
    assert said(base, revision) == [
        f"breaking server-changed: {HERE} -> {HERE}",
        f"editorial description-changed: {HERE}/description -> {HERE}/description",
    ]


def test_a_free_variable_that_is_written_out_closes() -> None:
    base = serving(region("a"))
    assert said(base, serving("https://a.example")) == [
        f"breaking server-variable-closed: {HERE}/variables/r -> {HERE}"
    ]


def test_the_name_of_a_server() -> None:
    base, revision = (serving({"url": "https://a.example", "name": name}, openapi="3.2.0") for name in "ab")
    assert said(base, revision) == [f"editorial server-renamed: {HERE}/name -> {HERE}/name"]


def test_servers_of_a_path_and_of_an_operation() -> None:
    def at(**servers: str) -> dict[str, Any]:
        own = {key: [{"url": url}] for key, url in servers.items()}
        operation = {**GET["get"], **({"servers": own["operation"]} if "operation" in own else {})}
        item = {"get": operation, **({"servers": own["path"]} if "path" in own else {})}
        return spec({"/a": item})

    assert titles(at(), at(path="/v2")) == ["breaking: server `/` became `/v2`"]
    assert titles(at(path="/v2"), at(operation="/v2/")) == []
    assert titles(at(path="https://a.example"), at(path="https://b.example", operation="https://a.example")) == []


def test_schemes_of_an_operation() -> None:
    def only(*schemes: str) -> dict[str, Any]:
        own = {"get": {**GET["get"], "schemes": list(schemes)}} if schemes else GET
        return swagger(host="a.example", schemes=["http", "https"], paths={"/a": own})

    assert titles(only(), only("https")) == ["breaking: server `http://a.example` was removed"]
    assert titles(only(), only("https", "http")) == []


def test_swagger_points_at_the_part_that_changed() -> None:
    base = {"host": "a.example", "basePath": "/v1", "schemes": ["https"]}
    for key, value in (("host", "b.example"), ("basePath", "/v2"), ("schemes", ["http"])):
        assert said(swagger(**base), swagger(**base | {key: value})) == [f"breaking server-changed: #/{key} -> #/{key}"]


def test_an_address_whose_variable_is_free_has_its_name() -> None:
    """What stands for any value in the engine is for nobody to read."""
    url = "https://{env}.example/{stage}"
    one, two = (
        {"url": url, "variables": {"env": {"default": default, "enum": few}}}
        for default, few in (("b", ["b"]), ("a", ["a", "b"]))
    )
    (added,) = compare(serving(one, "https://x.example"), serving(two, "https://x.example")).changes
    assert (added.rule, added.after) == ("server-added", "https://a.example/{stage}")
    assert added.title == "server `https://a.example/{stage}` was added"


A, B = "https://a.example/v1", "https://b.example"


def placed(root: str = "", path: str = "", operation: str = "", other: str = "") -> dict[str, Any]:
    """A spec with two operations, and the servers of the root, of both paths, and of each operation."""

    def at(url: str) -> dict[str, Any]:
        return {"servers": [{"url": url}]} if url else {}

    paths = {name: {"get": {**GET["get"], **at(own)}, **at(path)} for name, own in (("/a", operation), ("/b", other))}
    return spec(paths, **at(root))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (placed(root=A), placed(path=A)),
        (placed(root=A), placed(operation=A, other=A)),
        (placed(path=A), placed(operation=A, other=A)),
        (placed(root=A, path=A), placed(root=A)),
    ],
)
def test_servers_that_are_handed_on_to_all_who_use_them_are_the_same(one: Any, two: Any):
    assert (said(one, two), said(two, one)) == ([], [])


def test_who_gets_other_servers_than_those_of_the_root_says_so():
    both = ["breaking server-changed: #/servers/0 -> #/paths/~1a/servers/0"]
    both.append("breaking server-changed: #/servers/0 -> #/paths/~1b/servers/0")
    assert said(placed(root=A), placed(path=B)) == both
    assert said(placed(root=A), placed(operation=A)) == ["breaking server-changed: #/servers/0 -> -"]
