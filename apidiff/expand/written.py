"""Writes an expanded spec as people wrote the revision: what an edit does not touch keeps every byte of its text.

Of YAML only the lines of what changed are written anew, comments, order, quotes and indents of all else stay; the
parser's own marks say where an entry begins and ends. JSON is written whole, with the indent that it had. Either is
read again, and must be the expanded tree; a text that can't be mended so is written whole.
"""

import json
import re
from typing import Any, Final

from apidiff.expand.steps import steps
from apidiff.expand.yaml_text import either, likeness, mended, reads, whole
from apidiff.load.parse import decode
from apidiff.load.values import Node

_INDENT: Final = re.compile(r"\A\s*[\[{][ \t]*\r?\n([ \t]+)")


Original = tuple[bytes, Node]
"""A file as it is written, and its value."""


def written(text: bytes | None, was: Node, now: Node, *, as_json: bool = False, like: Original | None = None) -> bytes:
    """The text of a file whose value was one thing and is now another.

    Without a text it is YAML, or JSON where the caller says so. What is new in YAML is written as it is in `like`.
    """
    raw = decode(text, "") if text is not None else "{}" if as_json else ""
    if was is now and text is not None:
        return text
    if raw.lstrip()[:1] in ("{", "[") and _is_json(raw):
        return _json(raw, now).encode()
    if text is not None:
        known = [likeness(decode(one, ""), tree) for one, tree in (*filter(None, (like,)), (text, was))]
        made = mended(raw, was, list(steps(was, now)), now, either(*known))
        if made is not None and reads(made, now):
            return made.encode()
    return whole(now).encode()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _json(text: str, now: Node) -> str:
    """A value as JSON like this one: its indent, its escapes, its last line."""
    indent = _INDENT.match(text)
    is_tight = indent is None
    made = json.dumps(
        now,
        ensure_ascii=text.isascii(),
        indent=None if indent is None else indent[1],
        separators=(",", ":") if is_tight and '": ' not in text[:2000] else None,
    )
    return made + ("\n" if text.endswith("\n") else "")


def files(texts: dict[str, bytes | None], was: dict[str, Any], now: dict[str, Any]) -> dict[str, bytes]:
    """Each file that changed, as it is written now."""
    return {name: written(texts.get(name), was[name], tree) for name, tree in now.items() if tree is not was.get(name)}
