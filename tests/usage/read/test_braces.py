"""Objects in braces: what is in them, and that the engine's pattern finds the same."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from apidiff.usage.read.braces import in_braces, pattern_of

OBJECTS: dict[str, Mapping[str, Any] | None] = {
    "{a=1}": {"a": "1"},
    "{a=1, b={c=2, d={e=x y, f=}}, g=null, h.i=/p?q=1}": {
        "a": "1", "b": {"c": "2", "d": {"e": "x y", "f": ""}}, "g": None, "h.i": "/p?q=1",
    },
    "{b={a=2}, a=1}": {"b": {"a": "2"}, "a": "1"},
    "{c={b={a=3}, a=2}, ba=4, a=1} ": {"c": {"b": {"a": "3"}, "a": "2"}, "ba": "4", "a": "1"},
    "{}": None, "{a}": None, "{a=1": None, "{a=1}}": None, "{a=1} b": None, "{a={b}}": None, "[a=1]": None,
    "{id}/x": None, '{"a"=1}': None, "{a={b={c={d={e={f=1}}}}}}": None,
}  # fmt: skip


def leaves(members: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str | None]]:
    for name, value in members.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*above, name))
        else:
            yield (*above, name), value


@pytest.mark.parametrize("text", OBJECTS)
def test_what_is_in_an_object_is_found_by_its_pattern(text: str) -> None:
    found = in_braces(text)
    assert found == OBJECTS[text]
    for names, value in leaves(found or {}):
        match = re.search(pattern_of(names), text)
        assert match is not None
        assert match[1] == ("null" if value is None else value)


def test_what_is_not_there_is_not_found_elsewhere() -> None:
    text = "{b={a=2}, c={d={e=3}}}"
    assert [bool(re.search(pattern_of(names), text)) for names in (("a",), ("e",), ("c", "e"), ("b", "a"))] == [
        False, False, False, True,
    ]  # fmt: skip
