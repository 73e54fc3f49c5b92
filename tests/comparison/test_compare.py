"""The entry of the Python API: one spec or several a side, the heads, the operations and the lines."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apidiff import compare
from apidiff.comparison.compare import Judgement
from apidiff.config.settings import Selection, WaiverEntry
from apidiff.render.diff import view
from apidiff.words.changes import Level, Waiver


def spec(title: str, *paths: str) -> dict[str, Any]:
    tree = {path: {"get": {"operationId": path[1:], "responses": {}}} for path in paths}
    return {"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "servers": [{"url": "/v1"}], "paths": tree}


def test_the_heads_and_the_operations_of_both_sides():
    found = compare(spec("T", "/a", "/b"), spec("T", "/b", "/c"))
    assert found.base.to_dict() == {
        "source": found.base.source, "title": "T", "version": "1", "spec": "openapi 3.1.0", "operations": 2,
    }  # fmt: skip
    entries = [(entry.id, entry.present, entry.prefixes) for entry in found.operations]
    assert entries == [
        (f"GET /{name}", side, ("/v1",)) for name, side in (("a", "base"), ("b", "both"), ("c", "revision"))
    ]
    assert found.summary == {
        "breaking": 1, "dangerous": 0, "additive": 2, "editorial": 0, "unclassified": 0, "waived": 0,
        "operations": 3, "operations_broken": 1,
    }  # fmt: skip


def test_an_operation_is_at_every_path_that_its_servers_may_have():
    def prefixes(url: str, **variables: Any) -> tuple[str, ...]:
        document = spec("T", "/a") | {"servers": [{"url": url, "variables": variables}, {"url": "/v1/"}]}
        return compare(document, document).operations[0].prefixes

    region = {"default": "eu", "enum": ["eu", "us"]}
    shop = prefixes("https://{tenant}.shop.example/{region}", tenant={"default": "a"}, region=region)
    assert shop == ("/eu", "/v1", "/us")
    assert prefixes("/{base}/x", base={"default": "v2"}) == ("/v1", "/v2/x", "/{variable}/x")
    many = {"default": "0", "enum": [str(number) for number in range(99)]}
    assert prefixes("/{shard}", shard=many) == ("/0", "/v1", "/{variable}")


def write(folder: Path, name: str, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    return str(folder)


@pytest.mark.parametrize("lines", [False, True])
def test_several_specs_a_side_are_paired_by_their_names(tmp_path: Path, lines: bool):
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
    for side, paths in (("old", ("/a", "/b")), ("new", ("/a", "/c"))):
        for name, path in zip(("one.yaml", "two.yaml"), paths, strict=True):
            write(tmp_path / side, name, f"{head}  {path}:\n    get: {{responses: {{}}}}\n")
    found = compare(f"{tmp_path}/old/*.yaml", f"{tmp_path}/new/*.yaml", lines=lines)
    assert [(change.rule, change.base, change.revision) for change in found.changes] == [
        ("operation-removed", "two.yaml#/paths/~1b/get", None),
        ("version-not-raised", "two.yaml#/info/version", "two.yaml#/info/version"),
        ("operation-added", None, "two.yaml#/paths/~1c/get"),
    ]


def versions(folder: Path, **calls: str) -> str:
    """A folder with one spec a version, which all have one name, one title and one path, and a shared model each."""
    for version, properties in calls.items():
        answer = "{description: OK, content: {application/json: {schema: {$ref: 'models/user.yaml'}}}}"
        text = (
            f"openapi: 3.1.0\ninfo: {{title: T, version: '{version}'}}\nservers: [{{url: /{version}}}]\n"
            f"paths: {{/users: {{get: {{responses: {{'200': {answer}}}}}}}}}\n"
        )
        for name, content in (("openapi.yaml", text), ("models/user.yaml", f"properties: {{{properties}}}\n")):
            path = folder / version / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    return str(folder)


NAME, AGE = "name: {type: string}", "age: {type: integer}"


def test_specs_of_one_name_and_title_are_told_apart_by_their_folders(tmp_path: Path):
    both = f"{NAME}, {AGE}"
    base = versions(tmp_path / "old", v1=both, v2=both)
    same = compare(base, base)
    assert same.changes == ()
    assert [(entry.id, entry.id.method, entry.path, entry.prefixes) for entry in same.operations] == [
        (f"{version}/openapi.yaml#GET /users", "GET", "/users", (f"/{version}",)) for version in ("v1", "v2")
    ]
    found = compare(base, versions(tmp_path / "new", v1=NAME, v2=NAME, v3=NAME), lines=True)
    assert [(change.rule, change.base, change.operations) for change in found.changes if change.base] == [
        (
            "property-removed",
            f"{version}/models/user.yaml#/properties/age",
            (f"{version}/openapi.yaml#GET /users",),
        )
        for version in ("v1", "v2")
    ] + [
        ("version-not-raised", f"{version}/openapi.yaml#/info/version", (f"{version}/openapi.yaml#GET /users",))
        for version in ("v1", "v2")
    ]
    assert [(change.rule, change.revision) for change in found.changes if not change.base] == [
        ("operation-added", "v3/openapi.yaml#/paths/~1users/get")
    ]
    assert len({change.id for change in found.changes}) == len(found.changes)
    assert found.summary["operations"] == 3
    causes = [group.cause for section in view.sections(found) for group in section.groups]
    assert causes[:2] == [f"`{version}/models/user.yaml`" for version in ("v1", "v2")]
    assert {change.places for change in found.changes if change.rule == "property-removed"} == {
        (f"{version}/openapi.yaml#GET /users: response 200 application/json age",) for version in ("v1", "v2")
    }


def test_one_of_several_versions_is_compared_with_itself(tmp_path: Path):
    base, revision = versions(tmp_path / "old", v1=NAME), versions(tmp_path / "new", v1=NAME, v2=NAME)
    assert [change.rule for change in compare(base, revision).changes] == ["operation-added"]


@pytest.mark.parametrize(
    ("operation", "waived"), [("GET /users", ["v1", "v2"]), ("v1/openapi.yaml#GET /users", ["v1"]), ("GET /a", [])]
)
def test_a_waiver_for_an_operation_of_one_spec_or_of_all(tmp_path: Path, operation: str, waived: list[str]):
    base = versions(tmp_path / "old", v1=f"{NAME}, {AGE}", v2=f"{NAME}, {AGE}")
    revision = versions(tmp_path / "new", v1=NAME, v2=NAME)
    entry = WaiverEntry(Waiver("agreed", "ada"), rule="property-removed", operation=operation)
    found = compare(base, revision, judgement=Judgement(waivers=(entry,)))
    passed = [change.base.partition("/")[0] for change in found.changes if change.waiver and change.base]
    assert passed == waived


def at_version(version: Any, *paths: str, stability: str = "") -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": {}} | ({"x-stability-level": stability} if stability else {})
    info = {"title": "T"} | ({} if version is None else {"version": version})
    return {"openapi": "3.1.0", "info": info, "paths": {path: {"get": operation} for path in paths}}


def said_of_version(base: Any, revision: Any, **how: Any) -> list[tuple[Any, ...]]:
    """What the changes at `info.version` say, waived ones included."""
    return [
        (change.rule, change.level, change.operations, change.waiver and change.waiver.owner)
        for change in compare(base, revision, judgement=Judgement(**how)).changes
        if "#/info/version" in (change.base, change.revision)
    ]


STAYED = ("version-not-raised", Level.ADDITIVE, ("GET /a",), None)


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("1.4.0", "1.4.0", [STAYED]),
        ("2026-11-20", "2026-11-20", [STAYED]),
        ("latest", "latest", [STAYED]),
        (1.4, 1.4, [STAYED]),
        ("1.4.0", "2.0.0", [("version-changed", Level.EDITORIAL, (), None)]),
        ("1.4.0", "1.3.0", [("version-lowered", Level.ADDITIVE, (), None)]),
        ("v2", "1.9", [("version-lowered", Level.ADDITIVE, (), None)]),
        ("2024-06-01", "2023-06-01", [("version-lowered", Level.ADDITIVE, (), None)]),
        ("v1.0.1", "master", [("version-changed", Level.EDITORIAL, (), None)]),
        ("latest", "0.9", [("version-changed", Level.EDITORIAL, (), None)]),
        ("2024-06-01", "1.0.0", [("version-changed", Level.EDITORIAL, (), None)]),
        ("3f2c9", "1ab3", [("version-changed", Level.EDITORIAL, (), None)]),
        (None, None, []),
        ("", "", []),
    ],
)
def test_a_version_that_stays_although_something_breaks(was: Any, now: Any, said: list[tuple[Any, ...]]):
    assert said_of_version(at_version(was, "/a", "/b"), at_version(now, "/b")) == said


def test_a_version_may_stay_where_nothing_breaks():
    assert said_of_version(at_version("1", "/a"), at_version("1", "/a", "/b")) == []
    lax = {"levels": {"operation-removed": Level.DANGEROUS}}
    assert said_of_version(at_version("1", "/a", "/b"), at_version("1", "/b"), **lax) == []


def test_a_version_passes_or_goes_with_the_breaks_that_ask_for_it():
    unstable = at_version("1", "/a", "/b", stability="beta"), at_version("1", "/b", stability="beta")
    assert said_of_version(*unstable, exempt_unstable=True) == []
    specs = at_version("1", "/a", "/b", "/c"), at_version("1", "/c")
    assert said_of_version(*specs) == [(*STAYED[:2], ("GET /a", "GET /b"), None)]
    assert said_of_version(*specs, only=Selection(paths=("/a",))) == [STAYED]
    assert said_of_version(*specs, only=Selection(paths=("/c",))) == []


def test_a_spec_that_came_or_went_whole_has_no_version_to_raise(tmp_path: Path):
    head = "openapi: 3.1.0\ninfo: {title: %s, version: '1'}\npaths: {/%s: {get: {responses: {}}}}\n"
    for name in ("one", "two"):
        write(tmp_path / "old", f"{name}.yaml", head % (name, name))
    write(tmp_path / "new", "one.yaml", head % ("one", "one"))
    found = compare(f"{tmp_path}/old/*.yaml", f"{tmp_path}/new/*.yaml")
    assert [(change.rule, change.operations) for change in found.changes] == [("operation-removed", ("GET /two",))]


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (None, "operation `GET /a` was removed, announced for `2026-08-10`"),
        (date(2026, 8, 10), "operation `GET /a` was removed before its sunset date"),
        (date(2026, 8, 11), "operation `GET /a` was removed after its sunset date"),
    ],
)
def test_without_a_day_a_sunset_is_told_as_it_was_announced(today: date | None, said: str):
    operation = {"deprecated": True, "x-sunset": "2026-08-10", "responses": {"200": {"description": "OK"}}}
    base = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": operation}}}
    (change,) = (one for one in compare(base, base | {"paths": {}}, today=today).changes if "removed" in one.rule)
    assert change.title == said


def test_without_a_day_a_parameter_s_sunset_is_told_too():
    limit = {"name": "limit", "in": "query", "deprecated": True, "x-sunset": "2026-08-10", "schema": {"type": "string"}}
    base, revision = (
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {"parameters": listed, "responses": {"200": {"description": "OK"}}}}},
        }
        for listed in ([limit], [])
    )
    titles = [change.title for change in compare(base, revision).changes if "removed" in change.rule]
    assert titles == ["query parameter `limit` was removed from `GET /a`, announced for `2026-08-10`"]
