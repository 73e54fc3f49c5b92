"""Objects as Athena, Trino and Hive write theirs into tables of text: `{id=7, identity={apikey=k, ip=null}}`.

Nothing in them is quoted: a value ends where a comma or a brace comes.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_NAME = re.compile(r"\s*([A-Za-z_][\w.:-]*)=")
_VALUE = re.compile(r"[^,{}]*")
_DEEPEST = 4
_MEMBERS = r"(?:(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*?,)?\s*"
"""What stands in an object before a member: whole members, with at most two objects in each other."""


def in_braces(text: str) -> Mapping[str, Any] | None:
    """The members of an object, each a text or such an object; None for what is none."""
    found = _object(text, 0, 0)
    return found[0] if found and found[1] == len(text.rstrip()) else None


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int] | None:
    """The object that begins at a brace, and where it ends."""
    members: dict[str, Any] = {}
    while text[at : at + 1] in ("{", ",") and (name := _NAME.match(text, at + 1)):
        at = name.end()
        if text[at : at + 1] == "{":
            inner = _object(text, at, depth + 1) if depth < _DEEPEST else None
            if inner is None:
                return None
            members[name[1]], at = inner
        else:
            value = _VALUE.match(text, at)
            members[name[1]] = None if not value or value[0] == "null" else value[0]
            at = value.end() if value else at
    return (members, at + 1) if members and text[at : at + 1] == "}" else None


def pattern_of(names: Sequence[str]) -> str:
    """The pattern, in RE2, whose one group is the value of a member of such an object, by the names that lead to it."""
    way = "".join(rf"\{{{_MEMBERS}{re.escape(name)}=" for name in names)
    return rf"^{way}([^,{{}}]*)"
