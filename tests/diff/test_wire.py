"""Parameters and the fields of forms by what is on the wire: types, lists, styles, and witnesses as they are sent."""

from typing import Any

import pytest

from apidiff import compare
from apidiff.words.changes import Level
from tests.diff.saying import spec

OK = {"200": {"description": "OK"}}


def asking(schema: Any, where: str = "query", **more: Any) -> dict[str, Any]:
    """A spec with one parameter of a schema."""
    path = "/a/{p}" if where == "path" else "/a"
    parameter = {"name": "p", "in": where, "required": where == "path", "schema": schema, **more}
    return spec({path: {"get": {"parameters": [parameter], "responses": OK}}})


def filling(schema: Any, media: str = "application/x-www-form-urlencoded", **encoding: Any) -> dict[str, Any]:
    """A spec with one field of a form."""
    form = {"schema": {"type": "object", "properties": {"p": schema}}, **({"encoding": encoding} if encoding else {})}
    return spec({"/a": {"post": {"requestBody": {"content": {media: form}}, "responses": OK}}})


def swagger(where: str = "query", **field: Any) -> dict[str, Any]:
    """The same in Swagger 2.0."""
    operation = {"parameters": [{"name": "p", "in": where, **field}], "responses": OK}
    if where == "formData":
        operation["consumes"] = ["application/x-www-form-urlencoded"]
    return {"swagger": "2.0", "info": {"title": "T"}, "paths": {"/a": {"post": operation}}}


def openapi(schema: Any, **more: Any) -> dict[str, Any]:
    """A query parameter of the same operation in OpenAPI 3."""
    parameter = {"name": "p", "in": "query", "schema": schema, **more}
    return spec({"/a": {"post": {"parameters": [parameter], "responses": OK}}})


def rules(base: Any, revision: Any, **how: Any) -> list[str]:
    """`level rule` of what is not about the version of the specification."""
    changes = compare(base, revision, **how).changes
    return [f"{change.level.value} {change.rule}" for change in changes if change.rule != "dialect-changed"]


WIDER = ["additive parameter-type-widened"]
STRING, INTEGER, NUMBER, BOOLEAN = ({"type": kind} for kind in ("string", "integer", "number", "boolean"))


@pytest.mark.parametrize("where", ["query", "header", "path", "cookie"])
@pytest.mark.parametrize("before", [INTEGER, NUMBER, BOOLEAN, {"type": ["integer", "boolean"]}])
def test_what_was_a_number_or_a_boolean_is_a_string_as_well(where: str, before: Any) -> None:
    base, revision = asking(before, where), asking(STRING, where)
    assert rules(base, revision) == WIDER
    assert rules(base, revision, profile="sdk") == ["breaking parameter-type-widened"]
    assert [rule for rule in rules(revision, base) if rule.startswith("breaking")]


@pytest.mark.parametrize("where", ["query", "cookie"])
def test_what_was_sent_once_is_a_list_of_one(where: str) -> None:
    items = {"type": "array", "items": STRING}
    assert rules(asking(STRING, where), asking(items, where)) == WIDER
    assert rules(asking(INTEGER, where), asking({"type": "array", "items": STRING}, where)) == WIDER
    assert rules(asking(items, where), asking(STRING, where)) == ["breaking type-changed"]


def test_a_text_that_may_hold_the_delimiter_is_not_a_list_of_one() -> None:
    items = {"type": "array", "items": STRING}
    for where, more in (("header", {}), ("path", {}), ("query", {"explode": False})):
        assert rules(asking(STRING, where), asking(items, where, **more)) == ["breaking type-changed"]
        assert rules(asking(INTEGER, where), asking({**items, "items": INTEGER}, where, **more)) == WIDER
        assert rules(asking({"enum": ["a", "b"]}, where), asking(items, where, **more))[-1:] == WIDER
    piped = {"style": "pipeDelimited", "explode": False}
    assert rules(asking({"enum": ["a|b"]}), asking(items, **piped)) == ["breaking type-changed"]


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ({"pattern": "^[0-9]+$"}, "pattern-tightened"),
        ({"maxLength": 3}, "max-length-decreased"),
        ({"format": "date"}, "format-added"),
        ({"enum": ["1", "2"]}, "value-became-enum"),
    ],
)
def test_what_the_new_type_asks_of_the_old_texts(limit: dict[str, Any], rule: str) -> None:
    found = rules(asking(INTEGER), asking({**STRING, **limit}))
    assert found[-1:] == WIDER
    assert [one.split()[0] for one in found] == ["breaking", "additive"]
    if rule != "format-added":
        assert found[0] == f"breaking {rule}"


def test_a_limit_that_every_old_text_meets_is_no_edit() -> None:
    for schema in ({"pattern": "^-?[0-9]+$"}, {"minLength": 1}, {"format": "int64"}, {"format": "hostname"}):
        assert rules(asking(INTEGER), asking({**STRING, **schema})) == WIDER


def test_texts_that_are_numbers_by_their_pattern_or_format() -> None:
    for schema in ({"pattern": "^[0-9]+$"}, {"pattern": r"^-?\d{1,9}$"}, {"format": "int64"}):
        assert rules(asking({**STRING, **schema}), asking(INTEGER)) == WIDER
    assert rules(asking({**STRING, "pattern": r"^\d*$"}), asking(INTEGER)) == ["breaking type-changed"]


def test_listed_values_are_compared_as_they_are_written() -> None:
    assert rules(asking({**INTEGER, "enum": [1, 2]}), asking({**STRING, "enum": ["1", "2"]})) == WIDER
    assert rules(asking({**STRING, "enum": ["1", "2"]}), asking({**INTEGER, "enum": [1, 2]})) == WIDER
    assert rules(asking(BOOLEAN), asking({**STRING, "enum": ["true", "false"]})) == WIDER
    assert rules(asking({**STRING, "enum": ["1", "2"]}), asking(INTEGER)) == WIDER
    assert rules(asking({**STRING, "enum": ["1", "x"]}), asking(INTEGER)) == ["breaking type-changed"]


def test_a_list_that_asks_for_two() -> None:
    found = rules(asking(STRING), asking({"type": "array", "items": STRING, "minItems": 2}))
    assert found == ["breaking min-items-increased", *WIDER]


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_the_fields_of_a_form(media: str) -> None:
    assert rules(filling(INTEGER, media), filling(STRING, media)) == WIDER
    assert rules(filling(STRING, media), filling({"type": "array", "items": STRING}, media)) == WIDER
    assert rules(filling(STRING, media), filling(INTEGER, media)) == ["breaking type-changed"]


def test_a_field_that_is_written_as_json_is_compared_as_json() -> None:
    json = {"contentType": "application/json"}
    sides = filling(INTEGER, "multipart/form-data", p=json), filling(STRING, "multipart/form-data", p=json)
    assert rules(*sides) == ["breaking type-changed"]
    boxes = [
        filling({"type": "object", "properties": {"a": kind}}, "multipart/form-data") for kind in (INTEGER, STRING)
    ]
    assert rules(*boxes) == ["breaking type-changed"]
    assert rules(filling(INTEGER, "application/json"), filling(STRING, "application/json")) == ["breaking type-changed"]


def test_what_clients_read_is_compared_as_json() -> None:
    def answering(schema: Any) -> Any:
        answer = {"description": "OK", "headers": {"X-A": {"schema": schema}}}
        return spec({"/a": {"get": {"responses": {"200": answer}}}})

    assert rules(answering(INTEGER), answering(STRING)) == ["breaking type-changed"]
    hook = [
        {**spec({}), "webhooks": {"h": {"post": {"parameters": [{"name": "p", "in": "query", "schema": kind}]}}}}
        for kind in (INTEGER, STRING)
    ]
    assert rules(*hook) == ["breaking parameter-type-widened"]


def test_a_schema_that_a_body_shares_breaks_there() -> None:
    def shared(kind: str) -> Any:
        reference = {"$ref": "#/components/schemas/Id"}
        operation = {
            "parameters": [{"name": "p", "in": "query", "schema": reference}],
            "requestBody": {"content": {"application/json": {"schema": reference}}},
            "responses": OK,
        }
        return spec({"/a": {"post": operation}}, components={"schemas": {"Id": {"type": kind}}})

    assert rules(shared("integer"), shared("string")) == ["breaking type-changed", *WIDER]


ARRAY = {"type": "array", "items": STRING}
LISTS = {
    "csv": {"explode": False},
    "multi": {},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
}


@pytest.mark.parametrize("one", [None, *LISTS])
@pytest.mark.parametrize("two", LISTS)
def test_lists_of_swagger_against_styles_of_openapi(one: str | None, two: str) -> None:
    old = swagger(**ARRAY, **({"collectionFormat": one} if one else {}))
    new = openapi(ARRAY, **LISTS[two])
    expected = [] if (one or "csv") == two else ["breaking parameter-serialization-changed"]
    assert rules(old, new) == expected
    assert rules(new, old) == expected


@pytest.mark.parametrize("one", [None, *LISTS])
@pytest.mark.parametrize("two", LISTS)
def test_lists_in_forms_of_swagger_against_encodings_of_openapi(one: str | None, two: str) -> None:
    old = swagger("formData", **ARRAY, **({"collectionFormat": one} if one else {}))
    new = filling(ARRAY, **({"p": LISTS[two]} if LISTS[two] else {}))
    expected = [] if (one or "csv") == two else ["breaking encoding-changed"]
    assert rules(old, new) == expected
    assert rules(new, old) == expected


def test_an_encoding_that_says_what_goes_without_saying() -> None:
    plain = filling(STRING)
    for entry in ({"contentType": "text/plain"}, {"style": "form", "explode": True}, {"allowReserved": False}):
        assert rules(plain, filling(STRING, p=entry)) == ["editorial encoding-of-plain-value-changed"]
    assert rules(plain, filling(STRING, other={"contentType": "a/b"})) == ["editorial encoding-of-plain-value-changed"]
    under_json = [filling(STRING, "application/json", **more) for more in ({}, {"p": {"contentType": "a/b"}})]
    assert rules(*under_json) == ["editorial encoding-of-plain-value-changed"]
    many = filling(ARRAY), filling(ARRAY, p={"style": "form", "explode": True})
    assert rules(*many) == ["editorial encoding-of-plain-value-changed"]


def test_styles_that_look_alike() -> None:
    idle = ["editorial ineffective-keyword-changed"]
    assert rules(asking(ARRAY, "header"), asking(ARRAY, "header", explode=True)) == idle
    assert rules(asking(ARRAY, "path"), asking(ARRAY, "path", explode=True)) == idle
    thing = {"type": "object", "properties": {"a": STRING}}
    assert rules(asking(thing, style="deepObject"), asking(thing, style="deepObject", explode=True)) == idle
    assert rules(asking(thing), asking(thing, explode=False)) == ["breaking parameter-serialization-changed"]


@pytest.mark.parametrize(
    ("where", "before", "after", "value"),
    [
        ("query", STRING, INTEGER, "p=a"),
        ("header", STRING, INTEGER, "p: a"),
        ("path", STRING, BOOLEAN, "a"),
        ("cookie", {"enum": ["a b", "c"]}, {"enum": ["c"]}, "p=a%20b"),
        ("query", ARRAY, {**ARRAY, "maxItems": 1}, "p=a&p=a"),
        ("header", ARRAY, {**ARRAY, "maxItems": 1}, "p: a,a"),
        ("query", ARRAY, {**ARRAY, "items": INTEGER}, "p=a"),
    ],
)
def test_a_witness_is_written_as_it_is_sent(where: str, before: Any, after: Any, value: str) -> None:
    (change,) = [
        one for one in compare(asking(before, where), asking(after, where)).changes if one.level is Level.BREAKING
    ]
    assert change.witness is not None
    assert change.witness.value == value


def test_the_witness_of_a_field() -> None:
    (change,) = compare(filling(STRING), filling(INTEGER)).changes
    assert change.witness is not None
    assert change.witness.value == "p=a"


def document(schema: Any, media: str = "application/json") -> dict[str, Any]:
    """A query parameter that is written as a document."""
    parameter = {"name": "p", "in": "query", "content": {media: {"schema": schema}}}
    return spec({"/a": {"get": {"parameters": [parameter], "responses": OK}}})


def test_a_plain_value_is_the_same_document() -> None:
    for schema in (INTEGER, BOOLEAN):
        assert rules(document(schema), asking(schema)) == rules(asking(schema), document(schema)) == []
    assert rules(document(STRING, "text/plain"), asking(STRING)) == []
    assert rules(document(STRING), asking(STRING)) == ["breaking parameter-content-changed"]


OBJECT = {"type": "object", "properties": {"a": STRING, "b": INTEGER}, "required": ["a"]}


def queries(*parameters: Any) -> dict[str, Any]:
    """A spec with some query parameters."""
    return spec({"/a": {"get": {"parameters": [{"in": "query", **one} for one in parameters], "responses": OK}}})


def test_an_exploded_object_is_its_members() -> None:
    whole = queries({"name": "f", "schema": OBJECT, "required": True})
    apart = queries({"name": "a", "schema": STRING, "required": True}, {"name": "b", "schema": INTEGER})
    assert rules(whole, apart) == rules(apart, whole) == []
    renamed = queries({"name": "g", "schema": OBJECT, "required": True, "description": "G."})
    assert rules(whole, renamed) == ["editorial querystring-renamed", "editorial field-description-changed"]
    assert rules(apart, queries({"name": "f", "schema": OBJECT})) == ["additive parameter-became-optional"]
    less = queries({"name": "a", "schema": STRING, "required": True})
    assert rules(whole, less) == ["breaking parameter-removed"]
    deep = queries({"name": "f", "schema": OBJECT, "style": "deepObject"})
    assert rules(deep, queries({"name": "f[a]", "schema": STRING}, {"name": "f[b]", "schema": INTEGER})) == []
    joined = queries({"name": "f", "schema": OBJECT, "explode": False})
    assert "breaking parameter-removed" in rules(joined, apart)


def test_the_name_of_a_variable_that_is_sent() -> None:
    def named(name: str, style: str) -> dict[str, Any]:
        parameter = {"name": name, "in": "path", "required": True, "schema": STRING, "style": style}
        return spec({f"/a/{{{name}}}": {"get": {"parameters": [parameter], "responses": OK}}})

    assert rules(named("p", "matrix"), named("q", "matrix")) == ["breaking parameter-renamed"]
    assert rules(named("p", "label"), named("q", "label")) == ["editorial path-parameter-renamed"]


def test_reserved_characters_that_a_number_has_not() -> None:
    for schema in (INTEGER, {"type": "array", "items": INTEGER}, {"type": "string", "format": "date"}):
        changes = rules(asking(schema), asking(schema, allowReserved=True))
        assert not [one for one in changes if one.startswith("breaking")]
    assert rules(asking(STRING), asking(STRING, allowReserved=True)) == ["breaking parameter-serialization-changed"]


def test_a_list_within_a_list_of_swagger() -> None:
    def nested(**inner: Any) -> dict[str, Any]:
        return swagger(type="array", items={"type": "array", "items": {"type": "string"}, **inner})

    assert rules(nested(collectionFormat="pipes"), nested()) == ["breaking parameter-serialization-changed"]
    assert rules(nested(collectionFormat="csv"), nested()) == []


MULTIPART = "multipart/form-data"


def test_more_or_fewer_ways_to_write_a_part() -> None:
    def part(**entry: Any) -> dict[str, Any]:
        return filling({"type": "string", "format": "binary"}, MULTIPART, p=entry)

    png, image = part(contentType="image/png"), part(contentType="image/*")
    assert rules(png, image) == rules(png, part(contentType="image/png, image/webp")) == ["additive encoding-widened"]
    assert rules(image, png) == ["breaking encoding-narrowed"]
    assert rules(png, part(contentType="image/webp")) == ["breaking encoding-changed"]
    header = {"X-A": {"schema": STRING}}
    assert rules(png, part(contentType="image/png", headers=header)) == ["additive encoding-widened"]
    asked = {"X-A": {"schema": STRING, "required": True}}
    assert rules(png, part(contentType="image/png", headers=asked)) == ["breaking encoding-changed"]


def test_a_part_has_no_style_before_3_1() -> None:
    items = {"type": "array", "items": STRING}
    plain, styled = filling(items, MULTIPART), filling(items, MULTIPART, p={"style": "form", "explode": False})
    assert rules(plain, styled) == ["breaking encoding-changed"]
    old = [one | {"openapi": "3.0.3"} for one in (plain, styled)]
    assert rules(*old) == ["editorial encoding-of-plain-value-changed"]


@pytest.mark.parametrize("where", ["query", "header", "path"])
def test_a_list_that_is_written_as_one_text_fits_a_text(where: str) -> None:
    joined = {"explode": False} if where == "query" else {}
    base = asking({"type": "array", "items": INTEGER}, where, **joined)
    assert rules(base, asking(STRING, where)) == ["dangerous parameter-list-became-text"]
    assert rules(base, asking(STRING, where), profile="sdk") == ["breaking parameter-list-became-text"]
    assert rules(base, asking({"type": "string", "maxLength": 3}, where)) == [
        "breaking max-length-decreased",
        "dangerous parameter-list-became-text",
    ]
    assert rules(base, asking({"type": "string", "enum": ["1", "2"]}, where)) == ["breaking type-changed"]


def test_null_is_nothing_that_a_parameter_can_send() -> None:
    base, revision = asking({"type": ["integer", "null"]}), asking(INTEGER)
    assert rules(base, revision) == ["additive parameter-null-no-longer-allowed"]
    assert rules(base, revision, profile="sdk") == ["breaking parameter-null-no-longer-allowed"]
    assert rules(asking({"type": "integer", "default": 20}), asking({"type": "string", "default": "20"})) == WIDER
