"""Whatever can be a `$ref` leads back to itself, in circles of one, two and three: an answer or an error for users.

A circle is bare (nothing but references), has something beside each reference, or goes through what each thing holds,
which is legal where a schema, a callback, a path item, a header or a media type can hold another.
"""

import copy
import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from apidiff import compare
from apidiff.words.errors import ApidiffError
from tests.pace import least

pytestmark = pytest.mark.slow

Tree = dict[str, Any]
LONGEST_SECONDS = 2
TEXT: Tree = {"type": "string"}
ANSWER: Tree = {"responses": {"200": {"description": "OK"}}}


def _response(**keys: Any) -> Tree:
    return {"get": {"responses": {"200": {"description": "OK", **keys}}}}


def _content(schema: Any, name: str = "application/json", **keys: Any) -> Tree:
    return {"content": {name: {"schema": schema, **keys}}}


def _part(header: Any) -> Tree:
    """A media type whose parts have a header."""
    schema = {"type": "object", "properties": {"a": TEXT}}
    return {"schema": schema, "encoding": {"a": {"headers": {"X-A": header}}}}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its section, a path that uses one, a plain one, and one that holds another of its kind."""

    section: str
    use: Callable[[Any], Tree]
    plain: Tree
    holds: tuple[Callable[[Any], Tree], ...] = ()
    only_32: bool = False


def _called(name: str) -> Callable[[Any], Tree]:
    return lambda other: {"{$url}": {"post": {**ANSWER, "callbacks": {name: other}}}}


KINDS = {
    "path item": Kind(
        "pathItems",
        lambda one: one,
        {"get": ANSWER},
        (lambda other: {"post": {**ANSWER, "callbacks": {"done": {"{$url}": other}}}},),
    ),
    "parameter": Kind(
        "parameters", lambda one: {"get": {**ANSWER, "parameters": [one]}}, {"name": "a", "in": "query", "schema": TEXT}
    ),
    "header": Kind(
        "headers",
        lambda one: _response(headers={"X-A": one}),
        {"schema": TEXT},
        (lambda other: {"content": {"multipart/form-data": _part(other)}},),
    ),
    "response": Kind("responses", lambda one: {"get": {"responses": {"200": one}}}, {"description": "OK"}),
    "example": Kind(
        "examples",
        lambda one: _response(**_content(TEXT, examples={"a": one})),
        {"value": "a"},
        (lambda other: {"value": other},),
    ),
    "link": Kind("links", lambda one: _response(links={"next": one}), {"operationId": "a"}),
    "callback": Kind(
        "callbacks",
        lambda one: {"post": {**ANSWER, "callbacks": {"done": one}}},
        {"{$url}": {"post": ANSWER}},
        (_called("done"), _called("again")),
    ),
    "schema": Kind(
        "schemas",
        lambda one: _response(**_content(one)),
        {"type": "object", "properties": {"a": TEXT}},
        (
            *(lambda other, word=word: {word: [other]} for word in ("allOf", "oneOf", "anyOf", "prefixItems")),
            *(lambda other, word=word: {word: other} for word in ("not", "items", "additionalProperties", "if")),
            *(lambda other, word=word: {word: {"a": other}} for word in ("properties", "dependentSchemas")),
            lambda other: {"properties": {"a": other}, "required": ["a"]},
            lambda other: {"allOf": [other, {"oneOf": [other, TEXT]}], "discriminator": {"propertyName": "a"}},
        ),
    ),
    "request body": Kind(
        "requestBodies", lambda one: {"post": {**ANSWER, "requestBody": one}}, _content({"type": "object"})
    ),
    "security scheme": Kind(
        "securitySchemes",
        lambda _: {"get": {**ANSWER, "security": [{"A0": []}]}},
        {"type": "apiKey", "in": "header", "name": "X-Key"},
    ),
    "media type": Kind(
        "mediaTypes",
        lambda one: {"post": {**ANSWER, "requestBody": {"content": {"multipart/form-data": one}}}},
        {"schema": {"type": "object"}},
        (lambda other: _part({"content": {"multipart/form-data": other}}),),
        only_32=True,
    ),
}


LATER = [name for name, kind in KINDS.items() if kind.only_32]


def _ref(kind: Kind, index: int) -> Tree:
    return {"$ref": f"#/components/{kind.section}/A{index}"}


def _spec(kind: Kind, things: list[Any], version: str) -> Tree:
    return {
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": kind.use(_ref(kind, 0)), "/b": kind.use(things[0])},
        "components": {kind.section: {f"A{index}": thing for index, thing in enumerate(things)}},
    }


def _circles(kind: Kind, *, only_references: bool) -> Iterator[list[Any]]:
    """The things of a kind that lead to each other, in every way and length."""
    ways: list[Callable[[Any], Any]] = [
        lambda other: other,
        lambda other: {**other, "description": "Beside."},
        lambda other: {**kind.plain, **other},
        lambda other: {"$ref": f"{other['$ref']}/{next(iter(kind.plain))}"},
    ]
    if not only_references:
        ways += [*kind.holds, *(lambda other, hold=hold: {**kind.plain, **hold(other)} for hold in kind.holds)]
    for way, length in itertools.product(ways, (1, 2, 3)):
        yield [way(_ref(kind, (index + 1) % length)) for index in range(length)]


def _in_place() -> Iterator[Tree]:
    """Paths that refer to paths, and callbacks to the path that declares them."""
    for length in (1, 2, 3):
        at = [f"#/paths/~1{(index + 1) % length}" for index in range(length)]
        for make in (
            lambda ref: {"$ref": ref},
            lambda ref: {"post": {**ANSWER, "callbacks": {"done": {"{$url}": {"$ref": ref}}}}},
            lambda ref: {"post": {**ANSWER, "callbacks": {"done": {"$ref": f"{ref}/post/callbacks/done"}}}},
            lambda ref: {"post": {**ANSWER, "callbacks": {"a": {"{$url}": {"$ref": ref}}, "b": {"/": {"$ref": ref}}}}},
        ):
            paths = {f"/{index}": make(ref) for index, ref in enumerate(at)}
            yield {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths}


def _answered(base: Tree, revision: Tree) -> str:
    """`compared`, or the code of the error for users, within seconds."""

    def run() -> float:
        started = time.process_time()
        try:
            json.dumps(compare(copy.deepcopy(base), copy.deepcopy(revision)).to_dict())
            outcomes.append("compared")
        except ApidiffError as problem:
            outcomes.append(problem.code)
        return time.process_time() - started

    outcomes: list[str] = []
    if run() >= LONGEST_SECONDS:
        assert least(run, bound=LONGEST_SECONDS) < LONGEST_SECONDS
    return outcomes[0]


EXPECTED = frozenset({"compared", "reference-circular", "reference-unresolved"})


def _try(specs: list[Tree]) -> set[str]:
    """What comes of each spec compared with itself and with its neighbour, both ways round."""
    found = {_answered(spec, spec) for spec in specs}
    for one, two in itertools.pairwise(specs):
        found |= {_answered(one, two), _answered(two, one)}
    return found


@pytest.mark.parametrize(
    ("name", "version"),
    [*((name, "3.1.0") for name, kind in KINDS.items() if not kind.only_32), *((name, "3.2.0") for name in LATER)],
)
def test_a_circle(name: str, version: str):
    kind = KINDS[name]
    specs = []
    for things in _circles(kind, only_references=False):
        specs.append(_spec(kind, things, version))
        specs.append(_spec(kind, [{**things[0], "x-a": 1}, *things[1:]], version))
    assert _try(specs) <= EXPECTED


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.only_32])
def test_a_circle_of_references_that_is_mended(name: str, version: str):
    kind = KINDS[name]
    specs = []
    for things in _circles(kind, only_references=True):
        specs.append(_spec(kind, things, version))
        specs.append(_spec(kind, [kind.plain, *things[1:]], version))
    assert _try(specs) <= EXPECTED


def test_paths_that_lead_back_to_themselves():
    specs = list(_in_place())
    specs += [{**spec, "paths": {**spec["paths"], "/0": {"get": ANSWER}}} for spec in specs]
    assert _try(specs) <= EXPECTED


@pytest.mark.parametrize("section", ["definitions", "parameters", "responses"])
def test_a_circle_in_swagger(section: str):
    uses: dict[str, Callable[[Any], Tree]] = {
        "definitions": lambda one: _response(schema=one),
        "parameters": lambda one: {"get": {**ANSWER, "parameters": [one]}},
        "responses": lambda one: {"get": {"responses": {"200": one}}},
    }
    specs = []
    for length in (1, 2, 3):
        things: Tree = {f"A{i}": {"$ref": f"#/{section}/A{(i + 1) % length}"} for i in range(length)}
        for made in (things, {**things, "A0": {"description": "Plain.", "name": "a", "in": "query", "type": "string"}}):
            paths = {"/a": uses[section](things["A0"])}
            specs.append({"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": paths, section: made})
    assert _try(specs) <= EXPECTED
