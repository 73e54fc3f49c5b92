"""Before and after of each kind of change, as the requests and answers that integrators see."""

from typing import Any

import pytest

from apidiff.plan.value import PlannedChange
from apidiff.render.plan.examples import Example, Place, example, field_path, place_of
from apidiff.render.plan.samples import placeholder, schema_value
from apidiff.render.plan.snippets import Request
from apidiff.words.changes import Exposed, Exposure
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT
from tests.render.plan.sample import change, entry, sample

LIST, ITEM, MAKE = "GET /v1/things", "GET /v1/things/{id}", "POST /v1/things"
URL = "https://api.example.com/v1/things"
AUTH = ("Authorization", "Bearer YOUR_CREDENTIALS")
RESPONSE = f"{ITEM}: response 200 application/json"
BODY = f"{MAKE}: request application/json"


def shown(rule: str, subject: str, place: str, **more: Any) -> Example:
    direction = Direction.RESPONSE if ": response" in place else Direction.REQUEST
    operation = place.partition(":")[0]
    one = change("a", rule, "t", operation, subject=subject, places=(place,), **({"direction": direction} | more))
    made = example(PlannedChange(one, {}), {operation: entry(operation)}, sample())
    assert made is not None
    return made


def query(*pairs: tuple[str, str]) -> Request:
    return Request("GET", URL, pairs, (AUTH,))


@pytest.mark.parametrize(
    ("rule", "more", "before", "after"),
    [
        ("parameter-removed", {}, [("sort", "YOUR_SORT")], []),
        ("parameter-became-required", {"before": False, "after": True}, [], [("sort", "YOUR_SORT")]),
        ("required-parameter-added", {"after": {"schema": {}}}, [], [("sort", "YOUR_SORT")]),
        ("parameter-renamed", {"renamed_to": "order"}, [("sort", "YOUR_SORT")], [("order", "YOUR_SORT")]),
    ],
)
def test_parameters(rule: str, more: dict[str, Any], before: list[Any], after: list[Any]) -> None:
    made = shown(rule, "parameter", f"{LIST}: query sort", name="sort", **more)
    assert (made.before.request, made.after and made.after.request) == (query(*before), query(*after))


@pytest.mark.parametrize(
    ("rule", "old", "new", "before", "after"),
    [
        ("maximum-decreased", 500, 100, "500", "100"),
        ("enum-value-removed", ["amount"], ABSENT, "amount", "ANOTHER_VALUE"),
        ("value-became-enum", ABSENT, ["a", "b"], "YOUR_SORT", "a"),
        ("constant-changed", "x", "y", "x", "y"),
        ("type-changed", "number", "string", "42.5", "text"),
        ("format-changed", "date-time", "date", "2026-01-31T08:30:00Z", "2026-01-31"),
        ("max-length-decreased", 200, 80, "A TEXT OF 200 CHARACTERS", "A TEXT OF 80 CHARACTERS"),
        ("max-length-decreased", ABSENT, 80, "LONGER_LENGTH", "A TEXT OF 80 CHARACTERS"),
        ("pattern-tightened", ABSENT, "^a+$", "LONGER_PATTERN", "A TEXT LIKE ^a+$"),
        ("null-no-longer-allowed", True, False, "null", "YOUR_SORT"),
    ],
)
def test_values_of_a_parameter(rule: str, old: Any, new: Any, before: str, after: str) -> None:
    exposure = Exposure(Exposed.SENT_VALUE, "query", ("sort",), ("amount",) if rule.startswith("enum") else ())
    made = shown(rule, "schema", f"{LIST}: query sort", before=old, after=new, exposure=exposure, name="sort")
    assert (made.before.request, made.after and made.after.request) == (query(("sort", before)), query(("sort", after)))


@pytest.mark.parametrize(
    ("rule", "place", "more", "before", "after"),
    [
        ("property-removed", RESPONSE, {"name": "note", "before": {"type": "integer"}}, {"note": 42}, {}),
        ("property-removed", f"{RESPONSE} data[].*", {"name": "note"}, {"data": [{"SOME_KEY": {"note": "…"}}]},
         {"data": [{"SOME_KEY": {}}]}),
        (
            "property-split", RESPONSE,
            {"name": "name", "after": ["first_name", "last_name"], "renamed_to": "first_name, last_name"},
            {"name": "Ada Lovelace"}, {"first_name": "Ada", "last_name": "Lovelace"},
        ),
        ("property-became-optional", RESPONSE, {"name": "a.note", "before": True, "after": False}, {"note": "…"}, {}),
        ("property-became-required", BODY, {"name": "note", "before": False, "after": True}, {}, {"note": "YOUR_NOTE"}),
        (
            "property-renamed", f"{BODY} inner", {"name": "inner.old", "after": "new", "renamed_to": "new"},
            {"inner": {"old": "YOUR_OLD"}}, {"inner": {"new": "YOUR_OLD"}},
        ),
    ],
)  # fmt: skip
def test_properties(rule: str, place: str, more: dict[str, Any], before: Any, after: Any) -> None:
    made = shown(rule, "property", place, **more)
    assert made.after is not None
    sides = (made.before, made.after)
    bodies = [side.body if ": response" in place else side.request.body for side in sides]
    assert bodies == [before, after]


def test_values_in_a_body_and_a_null_in_an_answer() -> None:
    made = shown("null-newly-allowed", "schema", f"{RESPONSE} owner.name", before=False, after=True, name="name")
    assert made.after is not None
    assert (made.before.body, made.after.body) == ({"owner": {"name": "Ada Lovelace"}}, {"owner": {"name": None}})
    assert made.before.reads == (("owner", "name"),)


def test_forms_are_sent_as_forms() -> None:
    place = f"{MAKE}: request application/x-www-form-urlencoded"
    made = shown("property-no-longer-accepted", "property", place, name="a.b", before={"type": "boolean"})
    assert made.after is not None
    assert (made.before.request.fields, made.before.request.text) == ((("b", "true"),), "b=true")
    assert (made.after.request.fields, made.after.request.media) == ((), "application/x-www-form-urlencoded")


def test_servers_media_types_headers_and_statuses() -> None:
    server = shown("server-changed", "server", LIST, before="https://a.example/v1", after="https://a.example/v2")
    assert server.after is not None
    assert (server.before.request.url, server.after.request.url) == (
        "https://a.example/v1/v1/things", "https://a.example/v2/v1/things",
    )  # fmt: skip
    media = shown("media-type-removed", "media type", f"{ITEM}: response 200", name="text/csv")
    assert ("Accept", "text/csv") in media.before.request.headers
    header = shown("header-removed", "header", f"{ITEM}: response 200", name="X-Total")
    assert header.after is not None
    assert (header.before.headers, header.after.headers) == ((("X-Total", "YOUR_X_TOTAL"),), ())
    status = shown("success-response-removed", "response", ITEM, name="202", direction=Direction.RESPONSE)
    assert status.after is not None
    assert (status.before.status, status.after.status) == ("202", "another documented status")


def test_what_http_does_not_show_is_shown_as_the_spec_has_it() -> None:
    made = shown(
        "security-scope-added", "security requirement", MAKE, direction=None, before=ABSENT, after="things:write"
    )
    assert (made.fragments, made.symptom) == ((ABSENT, "things:write"), "401 or 403: the request is refused")


def test_a_change_of_no_operation_has_no_example() -> None:
    assert example(PlannedChange(change("a", "component-removed", "t"), {}), {}, sample()) is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (LIST, Place(LIST)),
        (f"{LIST}: query a b", Place(LIST, "query", path="a b")),
        (f"{RESPONSE} data[].a", Place(ITEM, "response", "200", "application/json", "data[].a")),
        (RESPONSE, Place(ITEM, "response", "200", "application/json")),
        (f"{ITEM}: response 204", Place(ITEM, "response", "204")),
        (f"{MAKE}: request", Place(MAKE, "request")),
        (BODY, Place(MAKE, "request", "", "application/json")),
    ],
)
def test_places_are_read(text: str, place: Place) -> None:
    assert place_of(text) == place


def test_paths_and_samples() -> None:
    assert field_path("data[].a[0].*.b") == ("data", 0, "a", 0, "SOME_KEY", "b")
    assert field_path("") == ()
    assert [placeholder(name) for name in ("email", "a.first_name", "x-y[]", "日本")] == [
        "ada@example.com", "Ada", "YOUR_X_Y", "YOUR_VALUE",
    ]  # fmt: skip
    schemas = ({"const": 1}, {"enum": ["a"]}, {"type": ["null", "integer"]}, {"type": "string", "format": "date"}, True)
    assert [schema_value(one, "note") for one in schemas] == [1, "a", 42, "2026-01-31", "YOUR_NOTE"]
