"""Small specs, and what the differ says of two of them in one line a change."""

from typing import Any

from apidiff import compare


def spec(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A whole spec around some paths."""
    return {"openapi": "3.1.0", "info": {"title": "T"}, "paths": paths, **more}


def answer(schema: Any) -> dict[str, Any]:
    """Paths with one operation that answers with a schema."""
    content = {"application/json": {"schema": schema}}
    return {"/a": {"get": {"responses": {"200": {"description": "OK", "content": content}}}}}


def said(base: Any, revision: Any) -> list[str]:
    """`level rule: base pointer -> revision pointer`, each change once, sorted."""
    return sorted(
        {
            f"{change.level.value} {change.rule}: {change.base or '-'} -> {change.revision or '-'}"
            for change in compare(base, revision).changes
        }
    )
