"""The law of direction for what is no body: parameters of a request, and headers of a response."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.words.changes import Level
from apidiff.words.direction import Direction
from tests.laws.schemas import Edit, Schema, edits, scalars
from tests.laws.test_direction import EXAMPLES, HARMLESS, UNSURE, witnesses

PLACES = ("query", "header", "cookie", "path")
ABOUT_TYPES = ("type", "null", "wrapped", "enum dropped", "const")
"""On the wire a parameter is text, so that a change of its type is not the one that JSON would make of it."""


def document(place: str, schema: Schema) -> dict[str, Any]:
    """A spec with one parameter of the schema, and one header of it in the response."""
    path = "/law/{p}" if place == "path" else "/law"
    parameter = {"name": "p", "in": place, "required": place == "path", "schema": schema}
    answer = {"description": "OK", "headers": {"X-P": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Law", "version": "1.0.0"},
        "paths": {path: {"get": {"parameters": [parameter], "responses": {"200": answer}}}},
    }


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=scalars(), data=st.data())
def test_one_edit_of_a_parameter_and_a_header(schema: Schema, data: st.DataObject, cases: Counter[str]) -> None:
    found = [edit for edit in edits(schema) if not edit.what.startswith(ABOUT_TYPES)]
    if not found:
        return
    edit: Edit = data.draw(st.sampled_from(found))
    lost, gained = witnesses(schema, edit.after)
    for place in PLACES:
        changes = compare(document(place, schema), document(place, edit.after)).changes
        said = [(change.rule, change.level.value, str(change.direction)) for change in changes]
        told = f"{edit.what} in {place}: {schema} -> {edit.after}; {said}"
        sent = [change for change in changes if change.direction is Direction.REQUEST]
        received = [change for change in changes if change.direction is Direction.RESPONSE]
        unsure = any(change.rule in UNSURE for change in sent)
        assert unsure or any(change.level is Level.BREAKING for change in sent) == bool(lost), told
        assert unsure or any(change.level not in HARMLESS for change in received) == bool(gained), told
        cases["edits of a parameter and a header"] += 2
