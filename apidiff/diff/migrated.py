"""Bytes and null as OpenAPI 3.0 and as 3.1 say them: the table for migrating binary descriptions (OpenAPI 3.2, 4.14.3).

`format: binary` became a media type, or nothing at all; `format: byte` became `contentEncoding: base64`.
"""

from dataclasses import replace
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import View
from apidiff.words.pointer import Pointer

TEXT: Final = frozenset({"string"})
BASE64: Final = "base64"


def in_one_version(walk: Walk, before: View, after: View) -> tuple[View, View]:
    """Two views of which neither says in its own version's words what the other one says in those of another."""
    are_new = [side.dialect.is_json_schema for side in (walk.base, walk.revision)]
    if are_new[0] == are_new[1]:
        return before, after
    if are_new[1]:
        return _alike(before, after)
    new, old = _alike(after, before)
    return old, new


def is_bytes(view: View) -> bool:
    """Whether a schema before OpenAPI 3.1 stands for any bytes."""
    return view.types == TEXT and view.enum is None and view.values.get("format", ("",))[0] == "binary"


def _alike(old: View, new: View) -> tuple[View, View]:
    """The view before OpenAPI 3.1 and that of 3.1, less the words that mean the same."""
    if old.null and not new.null and _means_null(new):
        new = replace(new, null=True)
    kind = old.values.get("format", ("",))[0]
    encoding = new.values.get("contentEncoding", ("",))[0]
    if is_bytes(old) and not encoding and _may_be_bytes(new):
        types_at = new.types_at or old.types_at
        new = replace(new, types=TEXT, types_at=types_at, null=old.null, values=_without(new, "contentMediaType"))
        return replace(old, values=_without(old, "format")), new
    if kind == "byte" and old.types == TEXT and str(encoding).lower() == BASE64 and "format" not in new.values:
        new = replace(new, values=_without(new, "contentEncoding", "contentMediaType"))
        return replace(old, values=_without(old, "format")), new
    return old, new


def _means_null(new: View) -> bool:
    """Whether null is a type that the listed values leave out.

    That is what became of `nullable` beside an `enum` without null, in either direction: read to the letter null never
    went there (OpenAPI 3.0.4, 4.7.24.1), and of those who wrote it most mean that it does.
    """
    listed = new.enum is not None and not new.never
    return listed and any(
        isinstance(node, dict) and isinstance(node.get("type"), list) and "null" in node["type"] for node in new.nodes
    )


def _may_be_bytes(view: View) -> bool:
    """Whether nothing is asked of a schema that bytes do not meet."""
    if view.enum is not None or view.groups or view.has_structure or view.never or "format" in view.values:
        return False
    return view.types is None or (view.types == TEXT and "contentMediaType" in view.values)


def _without(view: View, *keywords: str) -> dict[str, tuple[Any, Pointer]]:
    return {key: value for key, value in view.values.items() if key not in keywords}
