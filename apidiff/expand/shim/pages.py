"""How a list is asked for its next page, as far as a spec tells: so that a large page can be made of small ones."""

import re
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.spec.parts import Operation

_OFFSETS: Final = frozenset({"offset", "skip", "start"})
_AFTER: Final = frozenset({"startingafter", "after"})


def paging_of(side: Side, operation: Operation, limit: str) -> dict[str, str] | None:
    """The parameter that asks for the next page, the property that has the items, and the one that has its value.

    Three ways are known: a cursor that an answer hands out (`next_cursor` for `cursor`), an offset that counts items,
    and the id of the last item while `has_more` is true.
    """
    response = operation.responses.get("200")
    media = response.media.get("application/json") if response is not None else None
    if operation.method != "GET" or media is None or media.schema is None:
        return None
    node, _ = side.deref(*media.schema)
    held = node.get("properties") if isinstance(node, dict) else None
    properties = {name: _kind(side, value, media.schema[1]) for name, value in (held or {}).items()}
    lists = [name for name, kind in properties.items() if kind == "array"]
    if len(lists) != 1:
        return None
    sent = [name for location, name in operation.parameters if location == "query" and name != limit]
    for name in sent:
        short = _plain(name)
        for one, kind in properties.items():
            if kind == "string" and _plain(one) in (short, f"next{short}"):
                return {"items": lists[0], "by": "cursor", "cursor": name, "next": one}
        if short in _AFTER and properties.get("has_more") == "boolean":
            return {"items": lists[0], "by": "last", "cursor": name, "next": "has_more"}
        if short in _OFFSETS:
            return {"items": lists[0], "by": "offset", "cursor": name}
    return None


def _kind(side: Side, value: Any, pointer: Any) -> str:
    """The one type of a property, null aside."""
    node, _ = side.deref(value, pointer)
    kinds = node.get("type") if isinstance(node, dict) else None
    named = [one for one in (kinds if isinstance(kinds, list) else [kinds]) if one != "null"]
    return named[0] if len(named) == 1 and isinstance(named[0], str) else ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
