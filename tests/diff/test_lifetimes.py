"""A sunset is a promise, of an operation as of a property, a parameter or a header."""

from datetime import date
from typing import Any

import pytest

from apidiff import compare
from apidiff.words.changes import Exposed

TODAY = date(2026, 11, 20)
LATE, LATER, SOON, PAST = "2028-01-01", "2029-01-01", "2026-12-24", "2026-01-01"
REF = {"$ref": "#/components/schemas/Tag"}


def until(sunset: Any = None, **more: Any) -> dict[str, Any]:
    """What a thing says that goes."""
    return {"deprecated": True} | ({} if sunset is None else {"x-sunset": sunset}) | more


def spec(kind: str, life: dict[str, Any] | None) -> dict[str, Any]:
    """An operation with one part, or without it."""
    answer: dict[str, Any] = {"description": "OK"}
    operation: dict[str, Any] = {"responses": {"200": answer}}
    tag: dict[str, Any] = {"type": "string"}
    if kind == "operation":
        operation |= life or {}
    elif life is None:
        operation["parameters"] = []
    elif kind == "parameter":
        operation["parameters"] = [{"name": "dry", "in": "query", "schema": {"type": "boolean"}, **life}]
    elif kind == "header":
        answer["headers"] = {"X-Dry": {"schema": {"type": "boolean"}, **life}}
    body: dict[str, Any] = {"type": "object"}
    if life is not None and kind in ("property", "reference", "component"):
        place = {"property": {"type": "string", **life}, "reference": {**REF, **life}, "component": REF}[kind]
        body["properties"] = {"tag": place}
    if kind == "component":
        tag |= life or {}
    answer["content"] = {"application/json": {"schema": body}}
    paths = {"/a": {"get": operation}}
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths, "components": {"schemas": {"Tag": tag}}}


def said(kind: str, before: Any, after: Any, **how: Any) -> list[str]:
    """`level rule` of each change."""
    found = compare(spec(kind, before), spec(kind, after), today=TODAY, **how).changes
    return [f"{change.level.value} {change.rule}" for change in found]


PARTS = ("property", "reference", "component", "parameter", "header")
EVERYTHING = ("operation", *PARTS)


@pytest.mark.parametrize("kind", EVERYTHING)
@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (until(), until(LATE), ["additive sunset-added"]),
        (until(LATE), until(), ["breaking sunset-removed"]),
        (until(LATER), until(LATE), ["breaking sunset-moved-earlier"]),
        (until(LATE), until(LATER), ["additive sunset-moved-later"]),
        (until(LATE), until("one day"), ["dangerous sunset-became-unreadable"]),
        (until(LATE), until(LATE), []),
        (until(LATE), until(**{"x-sunset-at": LATE}), []),
        (until(LATER), until(**{"x-ms-deprecation": {"removalDate": LATE}}), ["breaking sunset-moved-earlier"]),
    ],
)
def test_a_date_moves_later_or_not_at_all(kind: str, before: Any, after: Any, expected: list[str]):
    assert said(kind, before, after) == expected


@pytest.mark.parametrize("kind", EVERYTHING)
def test_what_is_no_longer_deprecated_needs_no_date(kind: str):
    word = kind if kind in ("operation", "parameter") else "property"
    assert said(kind, until(LATE), {}) == [f"additive {word}-reactivated"]


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize(
    ("sunset", "rule"),
    [
        (LATE, "{}-deprecated"),
        (SOON, "part-deprecated-with-short-notice"),
        (PAST, "part-deprecated-with-short-notice"),
        ("one day", "part-deprecated-with-unreadable-sunset"),
    ],
)
def test_an_announcement_harms_nobody_however_short_it_is(kind: str, sunset: str, rule: str):
    rule = rule.format("parameter" if kind == "parameter" else "property")
    assert sorted(said(kind, {}, until(sunset))) == [f"additive {rule}", "additive sunset-added"]
    harms = rule.startswith("part") and kind != "parameter"  # a profile moves no request
    assert sorted(said(kind, {}, until(sunset), profile="strict")) == sorted(
        [f"{'dangerous' if harms else 'additive'} {rule}", "additive sunset-added"]
    )


@pytest.mark.parametrize("kind", PARTS)
@pytest.mark.parametrize(("sunset", "when"), [(None, ""), (LATE, "-before-sunset"), (PAST, "-after-sunset")])
def test_what_goes_is_held_against_its_date(kind: str, sunset: str | None, when: str):
    word = kind if kind in ("parameter", "header") else "property"
    gone = [one for one in said(kind, until(sunset), None) if "removed" in one]
    assert gone[0] == f"breaking {word}-removed{when}"


def test_words_name_the_part():
    titles = [change.title for change in compare(spec("parameter", until(LATE)), spec("parameter", until())).changes]
    assert titles == ["query parameter `dry` of `GET /a` lost its sunset date `2028-01-01`"]
    titles = [change.title for change in compare(spec("property", until(LATE)), spec("property", until())).changes]
    assert titles == ["`tag` of `GET /a` lost its sunset date `2028-01-01`"]


@pytest.mark.parametrize(
    ("kind", "exposed"),
    [
        ("operation", (Exposed.CALLED, "", ())),
        ("parameter", (Exposed.SENT_PARAMETER, "query", ("dry",))),
        ("property", (Exposed.RECEIVED_FIELD, "body", ("tag",))),
        ("header", (Exposed.RECEIVED_RESPONSE, "", ())),
    ],
)
def test_a_date_concerns_those_who_use_the_part(kind: str, exposed: tuple[Exposed, str, tuple[str, ...]]):
    (change,) = compare(spec(kind, until(LATE)), spec(kind, until())).changes
    assert (change.exposure.kind, change.exposure.location, change.exposure.names) == exposed
