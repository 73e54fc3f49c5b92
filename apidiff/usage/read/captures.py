"""The headers that HAProxy captures, which stand between braces without their names: `{api.example.com|key_1}`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from apidiff.usage.read import linear
from apidiff.usage.read.form import Format
from apidiff.usage.read.roles import is_address

_GROUP = r"(?P<captured>\{[^}]*\})"
_NO_KEY = (
    re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?"),  # a host
    re.compile(r"\S+/[\d.]+(?:[ ;(].*)?|Mozilla.*"),  # a user agent
    re.compile(r"https?://.*"),
    re.compile(r"\d{1,9}"),  # a length
    re.compile(r"[a-z]+/[a-z0-9.+-]+(?:;.*)?"),  # a media type
    re.compile(r"gzip.*|deflate.*|br|identity|\*"),
)


def has_captures(chosen: Format) -> bool:
    """Whether lines of a format may have captured headers."""
    return _GROUP in chosen.pattern


def with_captures(chosen: Format, lines: Sequence[str]) -> Format:
    """The format with a column for each captured header (`capture1`, …); the one that may be a key is the key."""
    matches = linear.matched(chosen.pattern, lines)
    found = [match["captured"][1:-1].split("|") for match in matches if match["captured"]]
    if not found:
        return chosen
    (size, _), *_ = Counter(map(len, found)).most_common(1)
    rows = [row for row in found if len(row) == size]
    keys = [index for index, column in enumerate(zip(*rows, strict=True)) if _may_be_key(column)]
    return _with(chosen, size, keys[0] + 1 if len(keys) == 1 else 0)


def _may_be_key(column: Sequence[str]) -> bool:
    values = [value for value in column if value not in ("", "-")]
    return bool(values) and not any(is_address(value) or any(no.fullmatch(value) for no in _NO_KEY) for value in values)


@cache
def _with(chosen: Format, size: int, key: int) -> Format:
    columns = r"\|".join(rf"(?P<capture{index + 1}>[^|}}]*)" for index in range(size))
    pattern = chosen.pattern.replace(f"(?:{_GROUP})?", rf"(?:\{{{columns}\}})?")
    fields = dict(chosen.fields) | ({"api_key": (f"capture{key}",)} if key else {})
    return replace(chosen, pattern=pattern, fields=fields)
