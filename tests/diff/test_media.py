"""Media types by what RFC 9110 says of them, whichever way they are spelled."""

from typing import Any

import pytest

from apidiff.spec.media import media_key
from tests.diff.saying import said, spec


def answering(*names: str, **schemas: Any) -> dict[str, Any]:
    """A spec whose one operation takes and gives these media types."""
    content = {name: {"schema": {"type": "string"}} for name in names}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"description": "OK", "content": content}}}
    return spec({"/a": {"post": operation}}, **schemas)


def rules(base: dict[str, Any], revision: dict[str, Any]) -> list[str]:
    return [line.partition(":")[0] for line in said(base, revision)]


SAME = [
    ("application/json", "Application/JSON"),
    ("application/json", "application/json; charset=utf-8"),
    ("application/vnd.a+json; charset=latin1", "application/vnd.a+json"),
    ("text/plain", 'text/plain; charset="UTF-8"'),
    ("text/csv; charset=latin1", "text/csv;charset=ISO-8859-1"),
    ("application/xml; charset=utf8", "application/xml"),
    ("image/png; charset=x", "image/png"),
    ("application/json;q=1", "application/json"),
    ("text/csv; q=0.5; header=present", "text/csv; header=present"),
    ("multipart/form-data; boundary=x", "multipart/form-data"),
    ('a/b; profile="x"; v=1', "A/B;V=1;PROFILE=x"),
    (r'a/b; title="a \"b\"; c"', r'a/b;title="a \"b\"; c"'),
]
OTHER = [
    ("text/csv; charset=utf-8", "text/csv; charset=windows-1252"),
    ("text/html", "text/html; charset=utf-16"),
    ("text/plain; charset=iso-8859-1", "text/plain"),
    ("application/xml", "application/xml; charset=utf-16"),
    ("application/soap+xml; charset=latin1", "application/soap+xml"),
    ("a/b; profile=x", "a/b; profile=X"),
    ('a/b; v="1;2"', 'a/b; v="1;3"'),
    ("a/b; boundary=x", "a/b"),
    ("a/b", "a/b; v=1"),
]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_spellings_of_one_media_type(one: str, two: str) -> None:
    assert media_key(one) == media_key(two)
    assert said(answering(one), answering(two)) == []


@pytest.mark.parametrize(("one", "two"), OTHER)
def test_other_bytes_are_another_media_type(one: str, two: str) -> None:
    for base, revision in ((one, two), (two, one)):
        assert set(rules(answering(base), answering(revision))) == {
            "breaking media-type-removed",
            "additive media-type-added",
        }


def test_two_keys_that_differ_in_what_does_not_count_are_two() -> None:
    plain, marked = "application/json", "application/json; charset=utf-8"

    def typed(one: str, two: str, *, turned: bool = False) -> dict[str, Any]:
        content = {plain: {"schema": {"type": one}}, marked: {"schema": {"type": two}}}
        content = dict(reversed(content.items())) if turned else content
        return spec({"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}})

    base = typed("string", "string")
    at = "#/paths/~1a/get/responses/200/content"
    first, second = f"{at}/application~1json/schema/type", f"{at}/application~1json; charset=utf-8/schema/type"
    assert said(base, typed("integer", "string")) == [f"breaking type-changed: {first} -> {first}"]
    assert said(base, typed("string", "integer")) == [f"breaking type-changed: {second} -> {second}"]
    assert said(base, typed("string", "string", turned=True)) == []
    assert set(rules(answering(plain, marked), answering(plain))) == {"editorial duplicate-media-type-removed"}
    assert set(rules(answering(marked), answering(plain, "APPLICATION/json"))) == {
        "editorial duplicate-media-type-added"
    }


def test_a_range_takes_a_media_type_in() -> None:
    assert rules(answering("text/plain"), answering("text/*")) == [
        "additive covered-media-type-removed",
        "additive media-type-added",
        "additive media-type-added",
        "dangerous covered-media-type-removed",
    ]
    assert "breaking media-type-removed" in rules(answering("text/*"), answering("text/plain"))


@pytest.mark.parametrize("name", [one for pair in (*SAME, *OTHER) for one in pair])
def test_a_key_is_its_own_key(name: str):
    assert media_key(media_key(name)) == media_key(name)


def test_a_schema_that_all_media_types_share_is_compared_though_none_of_them_stayed():
    def producing(length: int, *names: str) -> dict[str, Any]:
        response = {"description": "OK", "schema": {"type": "string", "maxLength": length}}
        paths = {"/a": {"get": {"responses": {"200": response}}}}
        return {"swagger": "2.0", "info": {"title": "T"}, "produces": list(names), "paths": paths}

    assert rules(producing(3, "application/json", "text/csv"), producing(5, "application/xml")) == [
        "additive media-type-added",
        "breaking media-type-removed",
        "dangerous max-length-increased",
    ]
