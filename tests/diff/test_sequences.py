"""Sequential media types and parts by their place (OpenAPI 3.2): items, whole and encodings are one body."""

from typing import Any

import pytest

from tests.diff.saying import said, spec

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
ROW = {"type": "object", "properties": {"a": TEXT}}


def rows(media: Any, kind: str = "application/jsonl", *, sent: bool = False, **more: Any) -> dict[str, Any]:
    """A spec with one operation that answers with, or is sent, a body of this media type."""
    content = {"content": {kind: media}}
    answer = {"200": {"description": "OK", **({} if sent else content)}}
    operation = {"post": {"responses": answer, **({"requestBody": content} if sent else {})}}
    return spec({"/rows": operation}, openapi="3.2.0", **more)


def rules(base: Any, revision: Any) -> list[str]:
    return [line.partition(":")[0] for line in said(base, revision)]


@pytest.mark.parametrize("kind", ["application/jsonl", "text/event-stream", "application/json-seq", "multipart/mixed"])
def test_an_item_is_judged_as_one_of_an_array(kind: str) -> None:
    one, two = rows({"itemSchema": TEXT}, kind), rows({"itemSchema": NUMBER}, kind)
    assert rules(one, two) == rules(two, one) == ["breaking type-changed"]
    as_array = rows({"schema": {"type": "array", "items": TEXT}}, kind)
    assert said(as_array, one) == said(one, as_array) == []
    assert rules(as_array, two) == ["breaking type-changed"]


def test_items_by_reference_and_none_at_all() -> None:
    schemas = [
        {"components": {"schemas": {"Row": {"type": "object", "properties": {"a": kind}}}}} for kind in (TEXT, NUMBER)
    ]
    one, two = (rows({"itemSchema": {"$ref": "#/components/schemas/Row"}}, **more) for more in schemas)
    at = "#/components/schemas/Row/properties/a/type"
    assert said(one, two) == [f"breaking type-changed: {at} -> {at}"]
    assert rules(rows({"itemSchema": ROW}), rows({"itemSchema": False})) == ["breaking type-changed"]
    assert rules(rows({}), rows({"itemSchema": ROW})) == ["additive type-narrowed"]
    assert rules(rows({"itemSchema": ROW}), rows({})) == ["breaking type-widened"]


def test_what_is_said_of_the_whole_counts_too() -> None:
    one, two, three = (
        rows({"schema": {"maxItems": most}, "itemSchema": kind}, sent=True)
        for most, kind in ((5, TEXT), (4, TEXT), (5, NUMBER))
    )
    assert rules(one, two) == ["breaking max-items-decreased"]
    assert rules(one, three) == ["breaking type-changed"]


def test_a_media_type_that_is_a_component() -> None:
    kinds = [{"components": {"mediaTypes": {"Rows": {"itemSchema": kind}}}} for kind in (TEXT, NUMBER)]
    used = [rows({"$ref": "#/components/mediaTypes/Rows"}, **more) for more in kinds]
    assert rules(used[0], used[1]) == ["breaking type-changed"]
    unused = [rows({}, **more) for more in kinds]
    assert rules(unused[0], unused[1]) == ["additive type-changed"]


@pytest.mark.parametrize("key", ["prefixEncoding", "itemEncoding"])
def test_how_parts_are_written(key: str) -> None:
    json, xml = ({"contentType": f"application/{kind}"} for kind in ("json", "xml"))
    parts = [[part] if key == "prefixEncoding" else part for part in (json, xml)]
    one, two = (rows({"itemSchema": ROW, key: part}, "multipart/mixed", sent=True) for part in parts)
    assert rules(one, two) == ["breaking encoding-changed"]
    bare = rows({"itemSchema": ROW}, "multipart/mixed", sent=True)
    assert rules(one, bare) == rules(bare, one) == ["editorial encoding-of-plain-value-changed"]  # what goes unsaid
    assert rules(two, bare) == rules(bare, two) == ["breaking encoding-changed"]
    one, two = (rows({"itemSchema": ROW, key: part}, sent=True) for part in parts)
    assert rules(one, two) == ["editorial encoding-of-plain-value-changed"]


PAIR = {"type": "array", "prefixItems": [ROW, TEXT]}
AS_JSON, AS_TEXT = {"contentType": "application/json"}, {"contentType": "text/plain"}


@pytest.mark.parametrize(
    ("base", "revision", "there", "back"),
    [
        ({"schema": PAIR}, {"schema": PAIR, "prefixEncoding": [AS_JSON, AS_TEXT]}, "editorial", "editorial"),
        ({"itemSchema": ROW}, {"itemSchema": ROW, "itemEncoding": AS_JSON}, "editorial", "editorial"),
        ({"itemSchema": ROW}, {"itemSchema": ROW, "itemEncoding": AS_TEXT}, "breaking", "breaking"),
        (
            {"itemSchema": TEXT, "itemEncoding": {"contentType": "image/png"}},
            {"itemSchema": TEXT, "itemEncoding": {"contentType": "image/png, image/jpeg"}},
            "additive",
            "breaking",
        ),
    ],
)
def test_a_part_by_its_place_is_written_as_its_schema_says_where_nothing_else_does(
    base: Any, revision: Any, there: str, back: str
) -> None:
    one, two = (rows(media, "multipart/mixed", sent=True) for media in (base, revision))
    assert [{line.split()[0] for line in rules(*ends)} for ends in ((one, two), (two, one))] == [{there}, {back}]
