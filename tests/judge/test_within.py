"""Where a schema is: rules may ask, and the worst of the ways to it answers."""

from dataclasses import replace
from typing import Any

import pytest

from apidiff import compare
from apidiff.diff import differences
from apidiff.diff.graph import Edge, PairGraph
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.rules import find
from apidiff.words.direction import REQUEST, RESPONSE
from apidiff.words.facts import Action, Fact, Subject
from apidiff.words.within import NOWHERE, Surroundings, Within
from tests.diff.saying import spec

OK: dict[str, Any] = {"200": {"description": "OK"}}


def bodies(*names: str) -> dict[str, Any]:
    """An operation that is sent a shared component in these media types."""
    content = {name: {"schema": {"$ref": "#/components/schemas/A"}} for name in names}
    return {"/a": {"post": {"requestBody": {"content": content}, "responses": OK}}}


def said(paths: dict[str, Any], before: Any, after: Any) -> set[tuple[str, str, str | None]]:
    """(rule, level, direction) of each change of the one component that some paths share."""
    ends = [spec(paths, components={"schemas": {"A": schema}}) for schema in (before, after)]
    return {(change.rule, change.level.value, change.direction) for change in compare(ends[0], ends[1]).changes}


def named(name: str) -> dict[str, Any]:
    return {"type": "string", "xml": {"name": name}}


@pytest.mark.parametrize("name", ["application/xml", "text/xml; charset=utf-8", "application/problem+xml"])
def test_what_is_sent_as_xml_is_written_another_way(name: str):
    assert said(bodies(name), named("a"), named("b")) == {("xml-form-changed", "breaking", "request")}
    assert said(bodies("application/json", name), named("a"), named("b")) == {
        ("xml-form-changed", "breaking", "request")
    }


def test_what_is_only_called_xml_is_a_hint():
    hint = {("xml-hint-changed", "editorial", "request")}
    assert said(bodies("application/json"), named("a"), named("b")) == hint
    given = {"name": "xml_id", "in": "query", "schema": {"$ref": "#/components/schemas/A"}}
    assert said({"/a": {"get": {"parameters": [given], "responses": OK}}}, named("a"), named("b")) == hint


def test_what_no_operation_reaches_is_within_nothing():
    assert said({"/a": {"get": {"responses": OK}}}, named("a"), named("b")) == {("xml-hint-changed", "editorial", None)}


def test_callbacks_lead_into_bodies_as_well():
    paths = {"/b": {"post": {"callbacks": {"done": {"{$request.body#/url}": bodies("application/xml")["/a"]}}}}}
    paths["/b"]["post"]["responses"] = OK
    assert said(paths, named("a"), named("b")) == {("xml-form-changed", "breaking", "response")}


PLACES: dict[Within, dict[str, Any]] = {
    **{
        place: {
            "/a/{p}" if place is Within.PATH else "/a": {
                "get": {
                    "parameters": [
                        {
                            "name": "p",
                            "in": place.value,
                            "required": True,
                            "schema": {"$ref": "#/components/schemas/A"},
                        }
                    ],
                    "responses": OK,
                }
            }
        }
        for place in (Within.PATH, Within.QUERY, Within.HEADER, Within.COOKIE)
    },
    Within.BODY: bodies("application/json"),
    Within.FORM: bodies("multipart/form-data"),
    Within.XML: bodies("application/xml"),
}
SHORT, LONG = {"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 9}


def surroundings(paths: dict[str, Any]) -> set[tuple[int, Surroundings]]:
    """The states in which the edit of the component is reached, and what each way to it leads through."""
    specs = [spec(paths, components={"schemas": {"A": schema}}) for schema in (LONG, SHORT)]
    sides = [Side(Document.parsed(one), name=name) for one, name in zip(specs, ("base", "revision"), strict=True)]
    graph = differences(sides[0], sides[1]).graph
    pairs = {pair for pair, _, _ in graph.facts}
    assert {fact.facet for _, fact, _ in graph.facts} == {"maxLength"}
    return {(state, way) for (pair, state), ways in graph.surroundings().items() if pair in pairs for way in ways}


@pytest.mark.parametrize("place", Within)
def test_every_place_is_within_what_its_way_leads_through(place: Within):
    around = {place, Within.BODY} if place in (Within.FORM, Within.XML) else {place}
    assert surroundings(PLACES[place]) == {(REQUEST, frozenset(around))}


def test_a_header_that_is_received_is_within_a_header():
    header = {"X-A": {"schema": {"$ref": "#/components/schemas/A"}}}
    paths = {"/a": {"get": {"responses": {"200": {"description": "OK", "headers": header}}}}}
    assert surroundings(paths) == {(RESPONSE, frozenset({Within.HEADER}))}


def test_several_ways_are_told_apart():
    assert surroundings(PLACES[Within.HEADER] | {"/b": bodies("application/json")["/a"]}) == {
        (REQUEST, frozenset({Within.HEADER})),
        (REQUEST, frozenset({Within.BODY})),
    }


def test_a_rule_claims_what_is_within_any_of_what_it_names():
    fact = Fact(Subject.SCHEMA, "maxLength", Action.TIGHTENED, None, None)
    rule = replace(find("max-length-decreased"), within=(Within.HEADER, Within.COOKIE))
    claimed = {place for place in Within if rule.fits(fact, frozenset({place, Within.BODY}))}
    assert claimed == {Within.HEADER, Within.COOKIE}
    assert not rule.fits(fact)


def test_surroundings_are_each_ways_own_and_end_in_circles():
    graph = PairGraph()
    root, header, schema, inner = (graph.add() for _ in range(4))
    graph.seed(root, REQUEST, 0, "")
    graph.connect(root, Edge(header, "header A", within=frozenset({Within.HEADER})))
    graph.connect(header, Edge(schema, ""))
    graph.connect(root, Edge(schema, "response", turns=True, within=frozenset({Within.BODY})))
    graph.connect(schema, Edge(inner, ".a"))
    graph.connect(inner, Edge(schema, ".b"))
    header_only, body_only = {frozenset({Within.HEADER})}, {frozenset({Within.BODY})}
    assert graph.surroundings() == {
        (root, REQUEST): {NOWHERE},
        (header, REQUEST): header_only,
        (schema, REQUEST): header_only,
        (inner, REQUEST): header_only,
        (schema, RESPONSE): body_only,
        (inner, RESPONSE): body_only,
    }
