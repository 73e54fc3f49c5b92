"""Which parameter is which segment of a path: the template has them all along, whoever declares them, and how.

A segment that nobody declares takes any text; a declaration under another name is that segment all the same, where no
other is free; what is declared for no segment is never sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from apidiff.diff.aside import is_same
from apidiff.diff.graph import Edge
from apidiff.diff.moves import PARAMETER
from apidiff.diff.walk import Walk
from apidiff.load.values import same
from apidiff.schema import Reader
from apidiff.schema.facets import effective_types, moved_format, type_words
from apidiff.schema.patterns import moved_pattern
from apidiff.spec import Operation, Parameter
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.within import Within

MODIFIERS: Final = "+#./;*"
"""What stands around a name in an expression that is still of the path (RFC 6570); `?` and `&` begin a query."""
Parameters = dict[tuple[str, str], Parameter]


@dataclass(frozen=True, slots=True)
class Segments:
    """The variables of one path, and what declares them: `declared` by their place, `strays` those of no segment."""

    path: str
    names: tuple[str, ...]
    declared: Parameters
    strays: Parameters


def segments_of(operation: Operation) -> Segments:
    """The variables of an operation's path with their declarations."""
    found = [part[1:-1] for part in PARAMETER.findall(operation.path)]
    names = tuple(dict.fromkeys(name.strip(MODIFIERS) for name in found if name[:1] not in ("?", "&")))
    own = {name: one for (location, name), one in operation.parameters.items() if location == "path"}
    declared = {name: own.pop(name) for name in names if name in own}
    free = [name for name in names if name not in declared]
    for name in list(own):
        alike = [other for other in free if _bare(other) == _bare(name)] or (free if len(free) == len(own) == 1 else [])
        if alike:
            heir = alike[0]
            free.remove(heir)
            declared[heir] = own.pop(name)
    return Segments(
        operation.path,
        names,
        {("path", str(names.index(name))): parameter for name, parameter in declared.items()},
        {("stray", name): replace(parameter, location="path") for name, parameter in own.items()},
    )


def aligned(base: Segments, revision: Segments) -> tuple[Segments, Segments]:
    """The variables of a path and of what it moved to, each beside its own: by name, then from the end.

    What only one of them has comes last.
    """
    if base.names == revision.names:
        return base, revision
    shared = [name for name in base.names if name in revision.names]
    step = 1 if len(base.names) == len(revision.names) else -1
    sides = []
    for side in (base, revision):
        names = (*shared, *[name for name in side.names if name not in shared][::step])
        own = {side.names[int(key[1])]: parameter for key, parameter in side.declared.items()}
        declared = {("path", str(index)): own[name] for index, name in enumerate(names) if name in own}
        sides.append(replace(side, names=names, declared=declared))
    return sides[0], sides[1]


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def compare_segments(walk: Walk, pair: int, base: Segments, revision: Segments) -> None:
    """The segments that one side declares and the other does not; those that both have and declare are parameters."""
    shared = min(len(base.names), len(revision.names))
    for key in [*base.declared, *(key for key in revision.declared if key not in base.declared)]:
        if int(key[1]) < shared and (key in base.declared) != (key in revision.declared):
            _state_declared(walk, pair, base.declared.get(key), revision.declared.get(key))
    for key in sorted({*base.strays, *revision.strays}):
        was, now = (side.strays.get(key) for side in (base, revision))
        ends = [(one.place[0], one.site) if one else None for one in (was, now)]
        path = base.path if was else revision.path
        for one, seen in zip((was, now), walk.visited, strict=True):
            if one is not None:
                seen.add(id(one.place[0]))
        if was and now and _is_said_again(walk, was, now):
            continue
        walk.values(pair, Subject.PATH, "stray", ends[0], ends[1], name=key[1], item=key[1], template=path)


def _is_said_again(walk: Walk, was: Parameter, now: Parameter) -> bool:
    """Whether two declarations differ in how a schema is written alone, as versions of the specification do."""
    rest = [{key: value for key, value in one.place[0].items() if key != "schema"} for one in (was, now)]
    if was.schema is None or now.schema is None or not same(*rest):
        return False
    return not same(was.schema[0], now.schema[0]) and is_same(walk, was.schema, now.schema)


def is_same_segment(key: tuple[str, str], base: Segments, revision: Segments) -> bool:
    """Whether both paths have a variable at a place, so that a declaration that only one has adds none."""
    return key[0] == "path" and int(key[1]) < min(len(base.names), len(revision.names))


def _state_declared(walk: Walk, pair: int, was: Parameter | None, now: Parameter | None) -> None:
    """A segment that is declared now, or no longer; where it takes fewer texts by it, that is said."""
    parameter = was or now
    if parameter is None:
        return
    name = parameter.name
    ends: dict[str, Any] = {"before" if was else "after": parameter.place[0]}
    walk.fact(
        pair,
        Subject.PATH,
        "declaration",
        Action.REMOVED if was else Action.ADDED,
        was.site if was else None,
        now.site if now else None,
        **ends,
        name=name,
        item=name,
    )
    if now is not None and now.schema is not None:
        inner = walk.graph.add()
        walk.graph.connect(pair, Edge(inner, f"path {name}", within=frozenset({Within.PATH})))
        for facet, at, asked in _narrower(walk.readers[1], now):
            action = Action.REPLACED if facet == "type" else Action.TIGHTENED
            walk.fact(
                inner,
                Subject.SCHEMA,
                facet,
                action,
                None,
                at,
                before="string" if facet == "type" else ABSENT,
                after=asked,
            )


def _narrower(reader: Reader, parameter: Parameter) -> list[tuple[str, Any, Any]]:
    """What a declaration asks of a segment that took any text: facet, place and value."""
    if parameter.schema is None:
        return []
    view = reader.view(*parameter.schema)
    types = effective_types(view)
    if types is not None and "string" not in types:
        return [("type", view.types_at or view.enum_at, type_words(view))]
    if view.enum is not None:
        return [("enum-set", view.enum_at, [value for value, _ in view.enum.values()])]
    moved: Mapping[str, bool] = {
        "minLength": view.values.get("minLength", (0,))[0] > 1,  # no segment is empty
        "maxLength": "maxLength" in view.values,
        "pattern": "pattern" in view.values
        and moved_pattern(ABSENT, view.values["pattern"][0]) in (Action.TIGHTENED, Action.REPLACED),
        "format": "format" in view.values
        and moved_format(ABSENT, view.values["format"][0]) == ("format", Action.TIGHTENED),
    }
    return [(key, view.values[key][1], view.values[key][0]) for key, is_narrower in moved.items() if is_narrower]
