"""What there is too much of to look through is left apart, and the changes say so."""

import cProfile
from dataclasses import replace
from typing import Any

import pytest

from apidiff import compare
from apidiff.diff import allowed, operations, schemes, security
from apidiff.diff.allowed import Allowance
from apidiff.judge import classify
from apidiff.spec import counts
from apidiff.words.changes import Exposed, Exposure, Level
from apidiff.words.errors import ApidiffError
from tests.diff.saying import answer, spec
from tests.fuzz import bombs

NAMES = "More names came and went than are looked through for each other's, so it may be there under another one."
BRANCHES = "More branches came and went than are compared with each other, so another one may allow the same."


def test_what_an_allowance_has_no_room_for_takes_nothing():
    allowance = Allowance(10)
    assert (allowance.takes(8), allowance.is_short, allowance.left) == (True, False, 2)
    assert (allowance.takes(3), allowance.is_short, allowance.left) == (False, True, 2)
    assert (allowance.takes(2), allowance.is_short, allowance.left) == (True, False, 0)


def _said_of(base: Any, revision: Any) -> set[tuple[str, bool, bool]]:
    """The rules of the changes, and which of the two bounds they name."""
    changes = compare(spec(base), spec(revision)).changes
    return {(change.rule, NAMES in change.why, BRANCHES in change.why) for change in changes}


def _object(*names: str) -> dict[str, Any]:
    return answer({"type": "object", "properties": {name: {"type": "string"} for name in names}})


def _query(*names: str) -> dict[str, Any]:
    parameters = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]
    return {"/a": {"get": {"parameters": parameters, "responses": {"200": {"description": "OK"}}}}}


@pytest.mark.parametrize(("make", "kind"), [(_object, "property"), (_query, "parameter")])
def test_more_names_than_are_looked_through(make: Any, kind: str):
    few = make("cancelled_at"), make("canceled_at")
    assert _said_of(*few) == {(f"{kind}-renamed", False, False)}
    many = [make(*(f"{word}{index}_at" for index in range(400))) for word in ("cancelled", "canceled")]
    assert {found for found in _said_of(*many) if found[0] == f"{kind}-removed"} == {(f"{kind}-removed", True, False)}


def _union(word: str, count: int) -> dict[str, Any]:
    """Branches of which none allows what another one does."""
    names = [f"{word}{index}" for index in range(count)]
    return answer({"anyOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]})


@pytest.mark.slow
def test_more_branches_than_are_compared():
    lost, new = "branch-removed", "branch-added"
    assert _said_of(_union("a", 9), _union("b", 9)) == {(lost, False, False), (new, False, False)}
    assert _said_of(_union("a", 120), _union("b", 120)) >= {(lost, False, True), (new, False, True)}


PAIRS = "More things meet here than are compared with each other, so what differs below may not be said."
PARTS = "The schema is made of more others than are read, so what some of them say is not compared."


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count", "words"),
    [("reference-circles-of-unlike-length", 75, PAIRS), ("all-of-chain-of-properties", 700, PARTS)],
)
def test_what_is_not_compared_at_all_is_said_once(name: str, count: int, words: str):
    changes = compare(*bombs.KINDS[name](count)).changes
    said = [(one.rule, one.level, one.direction) for one in changes if words in one.why]
    assert {what[:2] for what in said} == {("unclassified", "dangerous")}
    assert len({*said}) == len(said)


ALIKE = "There are more edits of this kind here than are said one by one: this one stands for all the others."


def test_more_edits_of_one_kind_in_one_place_are_said_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(classify, "MOST_ALIKE", 3)
    names = [f"{letter * 3}" for letter in "abcdefgh"]
    changes = compare(spec(_query(*names)), spec(_query())).changes
    assert [(one.rule, one.level, one.name, ALIKE in one.why, one.exposure) for one in changes] == [
        *(
            ("parameter-removed", Level.BREAKING, name, False, Exposure(Exposed.SENT_PARAMETER, "query", (name,)))
            for name in names[:3]
        ),
        ("parameter-removed", Level.BREAKING, "ddd and 4 more", True, Exposure(Exposed.CALLED)),
    ]
    assert len({one.id for one in changes}) == 4
    # what breaks is no less for being many, and one more has an id of its own, so that no waiver outlives it
    required = {"type": "object", "required": names}
    found = compare(spec(_sent({"type": "object"})), spec(_sent(required))).changes
    assert [(one.level, one.operations, one.witness and bool(one.witness.value)) for one in found] == [
        *[(Level.BREAKING, ("POST /a",), True)] * 3,
        (Level.BREAKING, ("POST /a",), False),
    ]
    one_more = compare(spec(_sent({"type": "object"})), spec(_sent({**required, "required": [*names, "i"]}))).changes
    assert {one.id for one in one_more} - {one.id for one in found} == {one.id for one in one_more if ALIKE in one.why}


def _sent(schema: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {"/a": {"post": {"requestBody": {"content": content}, "responses": {"200": {"description": "OK"}}}}}


SHARED = "More unions differ than are tried with values, so what meets two branches of one is not said."


def test_more_unions_than_are_tried_with_values(monkeypatch: pytest.MonkeyPatch):
    def sides(limit: int) -> dict[str, Any]:
        return _sent(
            {"oneOf": [{"type": "string", "maxLength": limit}, {"type": "string", "minLength": 5, "maxLength": 9}]}
        )

    before, after = spec(sides(4)), spec(sides(6))
    assert SHARED not in " ".join(one.why for one in compare(before, after).changes)
    monkeypatch.setattr(allowed, "MOST_SHARED", 1)
    assert [one.rule for one in compare(before, after).changes if SHARED in one.why] == ["unclassified"]


def test_what_many_inherit_is_said_once_for_all_of_them(monkeypatch: pytest.MonkeyPatch):
    def side(first: int) -> dict[str, Any]:
        paths = {f"/p{index}": {"get": {"responses": {"200": {"description": "OK"}}}} for index in range(3)}
        paths["/own"] = {"get": {"responses": {"200": {"description": "OK"}}, "security": [{"s1": []}]}}
        schemes = {f"s{index}": {"type": "http", "scheme": f"s{index}"} for index in range(5)}
        asked = [{name: []} for name in [*schemes][first:]]
        return spec(paths, security=asked, components={"securitySchemes": {**schemes, "s4": {"type": "http"}}})

    def found() -> list[Any]:
        return compare(side(0), {**side(1), "security": [{"s1": []}, {"s2": []}]}).changes  # type: ignore[return-value]

    one_by_one = found()
    monkeypatch.setattr(security, "MOST", 1)
    monkeypatch.setattr(schemes, "MOST_SCHEMES", 1)
    assert [replace(one, why="") for one in found()] == [replace(one, why="") for one in one_by_one]
    assert {one.operations for one in one_by_one} == {("GET /p0", "GET /p1", "GET /p2")}


def test_servers_of_a_path_are_said_once_for_all_its_operations(monkeypatch: pytest.MonkeyPatch):
    def side(letter: str) -> dict[str, Any]:
        servers = [{"url": f"https://{letter}{index}.example"} for index in range(3)]
        methods = {method: {"responses": {"200": {"description": "OK"}}} for method in ("get", "put")}
        return spec({"/a": {"servers": servers, **methods}})

    one_by_one = compare(side("a"), side("b")).changes
    monkeypatch.setattr(operations, "MOST_SERVERS", 1)
    assert compare(side("a"), side("b")).changes == one_by_one
    assert {one.operations for one in one_by_one} == {("GET /a", "PUT /a")}


@pytest.mark.parametrize(("what", "most"), [("operations", 3), ("parameters", 5), ("media types", 7)])
def test_what_many_operations_inherit_has_a_bound(what: str, most: int, monkeypatch: pytest.MonkeyPatch):
    item = {
        "parameters": [{"name": name, "in": "query", "type": "string"} for name in "ab"],
        "get": {"responses": {"200": {"description": "OK", "schema": {"type": "string"}}}},
    }
    side = {
        "swagger": "2.0",
        "info": {"title": "T", "version": "1"},
        "produces": ["a/a", "a/b", "a/c"],
        "paths": {f"/p{index}": item for index in range(4)},
    }
    assert compare(side, side).changes == ()
    monkeypatch.setitem(counts.MOST, what, most)
    with pytest.raises(ApidiffError, match=f"the base has more than {most} {what}") as caught:
        compare(side, side)
    assert caught.value.code == "spec-too-large"


def test_a_path_that_no_server_takes_is_refused():
    """Each of its changes says it: 50,000 parameters in one path took a minute and a gigabyte."""

    def side(length: int) -> dict[str, Any]:
        path = "/" + "a" * (length - 1)
        return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {path: {"get": answer({})}}}

    assert compare(side(8_000), side(8_000)).changes == ()
    with pytest.raises(ApidiffError) as caught:
        compare(side(8_000), side(8_001))
    assert str(caught.value) == (
        "<dict> (#/paths): the revision has a path of 8,001 characters, more than 8,000 [spec-too-large]\n"
        "  Leave it out: no server takes a path of that length."
    )


def test_more_parameters_of_paths_than_are_compared(monkeypatch: pytest.MonkeyPatch):
    def side(kind: str) -> dict[str, Any]:
        shared = [{"name": f"p{index}", "in": "query", "schema": {"type": kind}} for index in range(3)]
        methods = {method: {"responses": {"200": {"description": "OK"}}} for method in ("get", "put", "post")}
        return spec({"/a": {"parameters": shared, **methods}})

    def found() -> list[tuple[str, tuple[str, ...], bool]]:
        changes = compare(side("string"), side("integer")).changes
        return sorted((one.rule, one.operations, PAIRS in one.why) for one in changes)

    every = ("GET /a", "POST /a", "PUT /a")
    assert found() == [("type-changed", every, False)] * 3
    monkeypatch.setattr(allowed, "MOST_INHERITED", 6)
    assert found() == [
        *[("type-changed", every[:1], False)] * 3,
        ("unclassified", every[1:2], True),
    ]


def test_a_union_of_more_schemas_than_are_compared(monkeypatch: pytest.MonkeyPatch):
    def side(kind: str) -> dict[str, Any]:
        union = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "properties": {"a": {"type": kind}}}
        held = {name: {"allOf": [{"$ref": "#/components/schemas/U"}], "title": name} for name in "xyz"}
        return spec(answer({"properties": held}), components={"schemas": {"U": union}})

    def found() -> list[bool]:
        return [PAIRS in one.why for one in compare(side("string"), side("integer")).changes]

    assert not any(found())
    monkeypatch.setattr(allowed, "MOST_REPEATED", 1)
    assert found().count(True) == 1


MENDED = [
    ("media-types", 20_000),
    ("operations-of-one-response", 4_000),
    ("security-schemes-renamed", 4_000),
    ("servers", 4_000),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "size"), MENDED)
def test_four_times_the_size_is_no_more_than_eight_times_the_work(name: str, size: int):
    works = []
    for times in (1, 4):
        base, revision = bombs.pair(name, times * size)
        watched = cProfile.Profile()
        watched.runcall(compare, base, revision)
        works.append(sum(entry.callcount for entry in watched.getstats()))
    assert works[1] <= 8 * works[0], works
