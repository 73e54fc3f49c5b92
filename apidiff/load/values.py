"""Parsed JSON values: whether two are the same, and what they refer to."""

import re
from typing import Any, Final

import orjson

Node = Any
"""A parsed JSON value: dict, list, str, int, float, bool or None."""


def same(base: Node, revision: Node) -> bool:
    """Whether two JSON values are the same; unlike Python, `1` is not `true` and key order never counts."""
    if base is revision:
        return True
    if base != revision:
        return False
    if not isinstance(base, (dict, list)):
        return isinstance(base, bool) == isinstance(revision, bool)
    # keys seldom change their order, and to sort them costs more than to write them
    return as_json(base) == as_json(revision) != b"" or same_reordered(base, revision)


def as_json(node: Node, options: int = 0) -> bytes:
    """A value as JSON text, empty where it can't be written: integers past 64 bits."""
    try:
        return orjson.dumps(node, option=options)
    except TypeError:
        return b""


def same_reordered(base: Node, revision: Node) -> bool:
    """For values that are equal, whatever the order of their keys."""
    sort = orjson.OPT_SORT_KEYS
    return as_json(base, sort) == as_json(revision, sort) != b"" or _same_slowly(base, revision)


def _same_slowly(base: Node, revision: Node) -> bool:
    """For values that are equal but written differently (`1`, `1.0`), told apart from `1` and `true`."""
    stack = [(base, revision)]
    while stack:
        left, right = stack.pop()
        if isinstance(left, dict):
            stack.extend((value, right[key]) for key, value in left.items())
        elif isinstance(left, list):
            stack.extend(zip(left, right, strict=True))
        elif isinstance(left, bool) != isinstance(right, bool):
            return False
    return True


_REFERENCE: Final = re.compile(rb'"\$ref":("[^"\\]*(?:\\.[^"\\]*)*")')


def references(node: Node) -> list[str]:
    """Every `$ref` below a node once, those in examples included (harmless: they only stop a short cut)."""
    # read off the node as JSON, which is ten times as fast as a look at each value
    if written := as_json(node):
        return read_references(written)
    found: list[str] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, dict):
            for key, value in here.items():
                if isinstance(value, (dict, list)):
                    stack.append(value)
                elif key == "$ref" and isinstance(value, str):
                    found.append(value)
        elif isinstance(here, list):
            stack.extend(value for value in here if isinstance(value, (dict, list)))
    return found


def read_references(written: bytes) -> list[str]:
    """Every `$ref` of a value that is written as JSON, once, in order."""
    if b'"$ref"' not in written:
        return []
    return [orjson.loads(text) for text in dict.fromkeys(_REFERENCE.findall(written))]
