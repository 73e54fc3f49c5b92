"""Reads a parameter `in: querystring` (OpenAPI 3.2, 4.12.2) as what it is: a whole query, said by one schema.

Where the other side says the same query parameter by parameter, the properties of a form are those parameters.
"""

from typing import Any

from apidiff.diff.walk import Walk
from apidiff.schema.facets import effective_types
from apidiff.spec import Parameter, media_key

FORM = "application/x-www-form-urlencoded"
Parameters = dict[tuple[str, str], Parameter]


def whole_queries(walk: Walk, before: Parameters, after: Parameters) -> tuple[Parameters, Parameters]:
    """Both sides' parameters with whole queries under one key; as single parameters where only one side has one."""
    sides = []
    holders = [next((key for key in side if key[0] == "querystring"), None) for side in (before, after)]
    for side, (mine, own, other) in enumerate(zip((before, after), holders, holders[::-1], strict=True)):
        if own is None:
            sides.append(mine)
            continue
        rest = {key: parameter for key, parameter in mine.items() if key != own}
        fields = _fields(walk, side, mine[own]) if other is None else None
        if fields is None:
            sides.append({**rest, ("querystring", ""): mine[own]})
        else:
            walk.claims[side].add(mine[own].site)
            walk.visited[side].add(id(mine[own].place[0]))
            sides.append({**rest, **fields})
    return sides[0], sides[1]


def _fields(walk: Walk, side: int, whole: Parameter) -> Parameters | None:
    """The parameters that a form is, None where it is none."""
    if whole.content is None or whole.schema is None or media_key(whole.content[0]) != FORM:
        return None
    reader = walk.readers[side]
    view = reader.view(*whole.schema)
    if effective_types(view) != frozenset({"object"}):
        return None
    encodings = whole.content[1][0].get("encoding") if isinstance(whole.content[1][0], dict) else None
    found: Parameters = {}
    for name, places in view.properties.items():
        place = reader.both(places)
        entry = encodings.get(name) if isinstance(encodings, dict) else None
        entry = entry if isinstance(entry, dict) else {}
        style = str(entry.get("style", "form"))
        node: dict[str, Any] = {"name": name, "in": "query"}
        walk.keep(node)
        found["query", name] = Parameter(
            name=name,
            location="query",
            place=(node, place[1]),
            is_required=whole.is_required and name in view.required,
            schema=place,
            content=None,
            serialization=(style, bool(entry.get("explode", style == "form")), entry.get("allowReserved") is True),
            site=place[1],
        )
    return found
