"""Reads what says several query parameters at once as those: a whole query, or an object written member by member.

A parameter `in: querystring` (OpenAPI 3.2, 4.12.2) is one schema for the query, and an exploded object has its own name
nowhere on the wire (4.12.3). Where the other side says the same parameter by parameter, both are compared so.
"""

from typing import Any

from apidiff.diff.walk import Walk
from apidiff.schema import Place
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
    return _exploded(walk, sides[0], sides[1])


def _exploded(walk: Walk, before: Parameters, after: Parameters) -> tuple[Parameters, Parameters]:
    """Both sides' parameters with those objects as their members whose members the other side has by name."""
    members = [
        {key: found for key in mine if key not in other and (found := _members(walk, side, mine[key]))}
        for side, (mine, other) in enumerate(((before, after), (after, before)))
    ]
    if not members[0] and not members[1]:
        return before, after
    after = _by_former_names(after, members[0], members[1])
    sides = []
    for side, (mine, other) in enumerate(((before, after), (after, before))):
        theirs = {*other, *(key for found in members[1 - side].values() for key in found)} - {*mine}
        kept = dict(mine)
        for key, found in members[side].items():
            if theirs.isdisjoint(found) or not kept.keys().isdisjoint(found):
                continue
            walk.claims[side].add(mine[key].site)
            walk.visited[side].add(id(mine[key].place[0]))
            del kept[key]
            kept |= found
        sides.append(kept)
    return sides[0], sides[1]


Members = dict[tuple[str, str], Parameters]
"""Objects of a query by their keys, and what each is made of."""


def _by_former_names(after: Parameters, were: Members, are: Members) -> Parameters:
    """The revision's parameters, an object with another name, which is not sent, by the one that it had."""
    heirs: dict[tuple[str, str], tuple[str, str]] = {}
    for key, found in were.items():
        alike = [other for other, theirs in are.items() if not theirs.keys().isdisjoint(found)]
        if len(alike) == 1:
            heirs.setdefault(alike[0], key)
    for other, key in heirs.items():
        del were[key], are[other]
    return {heirs.get(key, key): parameter for key, parameter in after.items()}


def _members(walk: Walk, side: int, whole: Parameter) -> Parameters:
    """The parameters that an exploded object in a query is; none where it is none, or where its name is sent."""
    style, explode, is_reserved = whole.serialization
    if whole.location != "query" or whole.schema is None or whole.content is not None:
        return {}
    if style not in ("form", "deepObject") or not (explode or style == "deepObject"):
        return {}
    reader = walk.readers[side]
    view = reader.view(*whole.schema)
    if effective_types(view) != frozenset({"object"}):
        return {}
    found: Parameters = {}
    for name, places in view.properties.items():
        sent = f"{whole.name}[{name}]" if style == "deepObject" else name
        is_required = whole.is_required and name in view.required
        written = ("form", True, is_reserved)
        found["query", sent] = _parameter(walk, sent, reader.both(places), written, is_required=is_required)
    return found


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
        written = (style, bool(entry.get("explode", style == "form")), entry.get("allowReserved") is True)
        is_required = whole.is_required and name in view.required
        found["query", name] = _parameter(walk, name, place, written, is_required=is_required)
    return found


def _parameter(
    walk: Walk, name: str, schema: Place, written: tuple[str, bool, bool], *, is_required: bool
) -> Parameter:
    """A query parameter that stands nowhere as one: its place is that of the schema that says it."""
    node: dict[str, Any] = {"name": name, "in": "query"}
    walk.keep(node)
    return Parameter(
        name=name,
        location="query",
        place=(node, schema[1]),
        is_required=is_required,
        schema=schema,
        content=None,
        serialization=written,
        site=schema[1],
    )
