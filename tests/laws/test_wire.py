"""The law of the wire: a parameter breaks just where a server refuses, or reads otherwise, what it read before.

The servers are made of werkzeug's own parsers of queries, headers, cookies and forms; what they read is checked by a
JSON Schema validator. Every schema is set against every other one, in every place where one may stand.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from apidiff import compare
from apidiff.words.changes import Level

werkzeug = pytest.importorskip("werkzeug", reason="the law of the wire asks werkzeug's parsers")

from werkzeug.datastructures import MultiDict  # noqa: E402
from werkzeug.test import EnvironBuilder  # noqa: E402
from werkzeug.wrappers import Request  # noqa: E402

pytestmark = pytest.mark.slow

SCALARS: tuple[dict[str, Any], ...] = (
    {"type": "integer"},
    {"type": "integer", "minimum": 0},
    {"type": "integer", "minimum": 1, "maximum": 9},
    {"type": "integer", "enum": [1, 2]},
    {"type": "number"},
    {"type": "number", "minimum": 0.5},
    {"type": "boolean"},
    {"type": "string"},
    {"type": "string", "maxLength": 3},
    {"type": "string", "minLength": 1, "maxLength": 8},
    {"type": "string", "pattern": "^[0-9]+$"},
    {"type": "string", "pattern": "^-?[0-9]+$"},
    {"type": "string", "enum": ["1", "2"]},
    {"type": "string", "enum": ["1", "a"]},
    {"type": "string", "enum": ["true", "false"]},
    {"type": "string", "format": "date"},
    {"type": "string", "pattern": "^[1-9][0-9]*$"},
)
ITEMS = (0, 3, 6, 7, 8, 12, 13)
ARRAYS = tuple({"type": "array", "items": SCALARS[index]} for index in ITEMS)
LIMITED = (
    {"type": "array", "items": {"type": "string"}, "minItems": 2},
    {"type": "array", "items": {"type": "string"}, "maxItems": 1},
    {"type": "array", "items": {"type": "integer"}, "maxItems": 2},
)
SCHEMAS = (*SCALARS, *ARRAYS, *LIMITED)
TEXTS = (
    *("0", "1", "2", "5", "9", "10", "123", "-1", "-123", "1000000", "-1000000", "0.5", "0.25", "-0.25", "100.5"),
    *("", "true", "false", "a", "ab", "abcd", "abcdefgh", "abcdefghi", "123456789", "-23456789", "2024-02-29", "7,8"),
)
PARSERS: dict[str, Callable[[str], Any]] = {
    "integer": int,
    "number": float,
    "string": str,
    "boolean": {"true": True, "false": False}.__getitem__,
}
UNSURE = frozenset({"pattern-reworded", "parameter-list-became-text"})


@dataclass(frozen=True)
class Place:
    """Where a parameter stands, and between what the items of its list stand ("" where each is sent by itself)."""

    name: str
    delimiter: str = ""

    def document(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A spec with one parameter, or one field, of a schema."""
        operation: dict[str, Any] = {"responses": {"200": {"description": "OK"}}}
        if self.name in ("urlencoded", "multipart"):
            media = "application/x-www-form-urlencoded" if self.name == "urlencoded" else "multipart/form-data"
            form = {"schema": {"type": "object", "properties": {"p": schema}}}
            operation["requestBody"] = {"content": {media: form}}
        else:
            style = {"explode": False} if self.name == "query" and self.delimiter else {}
            operation["parameters"] = [{"name": "p", "in": self.name, "schema": schema, **style}]
        return {"openapi": "3.0.3", "info": {"title": "Law"}, "paths": {"/law": {"post": operation}}}

    def request(self, texts: tuple[str, ...]) -> Request:
        """A request that sends some texts."""
        joined = [self.delimiter.join(texts)] if self.delimiter else list(texts)
        if self.name == "query":
            builder = EnvironBuilder("/law", query_string=urlencode([("p", text) for text in joined]))
        elif self.name == "header":
            builder = EnvironBuilder("/law", headers={"p": joined[0]})
        elif self.name == "cookie":
            builder = EnvironBuilder("/law", headers={"Cookie": f"p={quote(joined[0])}"})
        else:
            kind = "multipart/form-data" if self.name == "multipart" else "application/x-www-form-urlencoded"
            builder = EnvironBuilder("/law", method="POST", data=MultiDict([("p", text) for text in joined]), content_type=kind)  # fmt: skip  # noqa: E501
        return Request(builder.get_environ())

    def sent(self, request: Request) -> list[str]:
        """What the framework finds under the parameter's name."""
        if self.name == "query":
            return request.args.getlist("p")
        if self.name == "header":
            return request.headers.getlist("p")
        if self.name == "cookie":
            return [text.replace("%2C", ",") for text in request.cookies.getlist("p")]
        return request.form.getlist("p")


PLACES = (Place("query"), Place("query", ","), Place("header", ","), Place("urlencoded"), Place("multipart"))


@dataclass(frozen=True)
class Server:
    """A server that reads one parameter by a schema."""

    place: Place
    schema: dict[str, Any]
    validator: Any

    def read(self, request: Request) -> list[str] | None:
        """The texts that it takes from a request, None where it refuses it."""
        texts = self.place.sent(request)
        if self.schema["type"] != "array":
            if len(texts) != 1:
                return None
        elif self.place.delimiter:
            texts = texts[0].split(self.place.delimiter)
        parse = PARSERS[self.schema.get("items", self.schema)["type"]]
        try:
            values = [parse(text) for text in texts]
        except (ValueError, KeyError):
            return None
        return texts if self.validator.is_valid(values if self.schema["type"] == "array" else values[0]) else None


def requests(place: Place) -> Iterator[Request]:
    """Requests with one text, with two, and with three."""
    for text in TEXTS:
        yield place.request((text,))
    for pair in product(("1", "a", "2", "true"), repeat=2):
        yield place.request(pair)
    for text in ("1", "a", "true"):
        yield place.request((text,) * 3)


def server(place: Place, schema: dict[str, Any]) -> Server:
    import jsonschema_rs

    return Server(place, schema, jsonschema_rs.Draft202012Validator(schema, validate_formats=True))


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.name}{place.delimiter}")
def test_a_parameter_breaks_where_a_server_no_longer_reads_what_it_read(place: Place, cases: Counter[str]) -> None:
    known = list(requests(place))
    read = [[server(place, schema).read(request) for request in known] for schema in SCHEMAS]
    documents = [place.document(schema) for schema in SCHEMAS]
    wrong = []
    for (one, before), (two, after) in product(enumerate(SCHEMAS), repeat=2):
        lost = [(was, now) for was, now in zip(read[one], read[two], strict=True) if was is not None and was != now]
        changes = compare(documents[one], documents[two]).changes
        breaks = any(change.level is Level.BREAKING for change in changes)
        if breaks != bool(lost) and not any(change.rule in UNSURE for change in changes):
            wrong.append(f"{before} -> {after}: {lost[:1]} and {[(c.level.value, c.rule) for c in changes]}")
        cases["parameters and fields as a framework reads them"] += 1
    assert wrong == []
