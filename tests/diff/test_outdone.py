"""What parts of a schema say beside their values, where another part says it first or a union is read as a list."""

from typing import Any

import pytest

from tests.diff.saying import answer, said, spec

AT = "#/paths/~1a/get/responses/200/content/application~1json/schema"
NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("schema", "place", "key", "change"),
    [
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            ("anyOf", 0),
            "description",
            "field-description-changed",
        ),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, ("anyOf", 1), "x-a", "extension-changed"),
        ({"oneOf": [{"const": "a"}, {"const": "b"}]}, ("oneOf", 1), "title", "summary-changed"),
        ({"oneOf": [{"type": "string"}, NULL]}, ("oneOf", 1), "description", "field-description-changed"),
        (
            {"description": "o", "oneOf": [{"type": "string"}, NULL]},
            ("oneOf", 0),
            "description",
            "field-description-changed",
        ),
        ({"allOf": [{"title": "o"}, {"type": "object"}]}, ("allOf", 1), "title", "summary-changed"),
        ({"allOf": [{"x-a": "o"}, {"type": "object"}]}, ("allOf", 1), "x-a", "extension-changed"),
        ({"allOf": [{"example": "o"}, {"type": "object"}]}, ("allOf", 1), "example", "example-changed"),
    ],
)
def test_an_edit_of_what_a_part_says_is_told_at_its_place(schema: Any, place: tuple[str, int], key: str, change: str):
    def whole(text: str) -> Any:
        keyword, index = place
        parts = [{**part, key: text} if number == index else part for number, part in enumerate(schema[keyword])]
        return spec(answer({**schema, keyword: parts}))

    at = f"{AT}/{place[0]}/{place[1]}/{key}"
    assert said(whole("x"), whole("y")) == [f"editorial {change}: {at} -> {at}"]
    assert said(whole("x"), whole("x")) == []


def test_titles_that_go_with_their_branches_are_told_once():
    one = {"type": "string", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]}
    two = {"type": "string", "enum": ["a", "b"]}
    assert said(spec(answer(one)), spec(answer(two))) == [
        f"editorial summary-changed: {AT}/oneOf/0/title -> -",
    ]


def test_a_text_that_moves_between_parts_is_no_edit():
    one = {"description": "d", "allOf": [{"type": "object", "description": "d"}]}
    two = {"description": "d", "allOf": [{"type": "object"}]}
    assert said(spec(answer(one)), spec(answer(two))) == []
