"""Says which parameters of an operation are each other's: which came, which went, which only moved or are renamed."""

from collections.abc import Mapping
from typing import Final

from apidiff.diff.declared import NOBODY, Heirs
from apidiff.diff.lifetimes import lifetime_of
from apidiff.diff.moves import template
from apidiff.diff.names import Traits, renamed
from apidiff.diff.parameter import compare_parameter
from apidiff.diff.querystrings import whole_queries
from apidiff.diff.segments import Segments, aligned, compare_segments, is_same_segment, segments_of
from apidiff.diff.styles import kinds_of
from apidiff.diff.walk import Walk
from apidiff.spec import Operation, Parameter
from apidiff.words.facts import Action, Subject

OBJECT: Final = frozenset({"object"})
Parameters = dict[tuple[str, str], Parameter]


def compare_parameters(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """All parameters of an operation; those of the path are matched by position, whatever they are called.

    One that left with the path of an operation that moved is part of the move.
    """
    if not walk.allowed.inherited.takes(_inherited(base) + _inherited(revision)):
        walk.cut("pairs", pair, base.place, revision.place)
        return
    segments = segments_of(base), segments_of(revision)
    if is_moved := template(base.path) != template(revision.path):
        segments = aligned(*segments)
    compare_segments(walk, pair, *segments)
    _compare_ignored(walk, pair, base, revision)
    before, after = whole_queries(walk, *(_keyed(*ends) for ends in zip((base, revision), segments, strict=True)))
    removed, added = (
        {key: mine[key] for key in mine if key not in other and not _is_said(key, segments, ignored)}
        for mine, other, ignored in ((before, after, revision.ignored), (after, before, base.ignored))
    )
    heirs = _declared(walk, base, removed, added, after) if walk.sides.declared and removed else {}
    walk.allowed.likened.is_short = False
    moved = _moved(walk, pair, removed, added, heirs)
    cut = "names" if walk.allowed.likened.is_short else ""
    for key in [*moved, *moved.values()]:
        removed.pop(key, None)
        added.pop(key, None)
    for key, parameter in removed.items():
        if is_moved and key[0] == "path":
            walk.claims[0].add(parameter.site)
        else:
            _state_presence(walk, pair, parameter, Action.REMOVED, heirs.get(key[1], NOBODY), cut=cut)
    for parameter in added.values():
        _state_presence(walk, pair, parameter, Action.ADDED)
    for key, parameter in before.items():
        other = after.get(moved.get(key, key))
        if other is not None:
            _compare_name(walk, pair, parameter, other, is_told=key in moved)
            compare_parameter(walk, pair, parameter, other, subject=Subject.PARAMETER)


def _inherited(operation: Operation) -> int:
    """How many parameters an operation has that it does not write itself."""
    own = operation.node.get("parameters")
    return max(0, len(operation.parameters) - (len(own) if isinstance(own, list) else 0))


def _declared(
    walk: Walk, base: Operation, removed: Parameters, added: Parameters, after: Parameters
) -> dict[str, Heirs]:
    """What became of parameters as people declared it."""
    now = {name: (where, name) in added for where, name in after}
    return walk.sides.declared.parameters(base.id, [name for _, name in removed], now)


def _is_said(key: tuple[str, str], segments: tuple[Segments, Segments], ignored: Mapping[str, Parameter]) -> bool:
    """Whether a parameter that only one side has is no parameter that came or went: the other side has it unsaid."""
    return is_same_segment(key, *segments) or (key[0] == "header" and key[1] in ignored)


def _keyed(operation: Operation, segments: Segments) -> Parameters:
    """Parameters by key, those in the path by their position in the template."""
    others = {key: parameter for key, parameter in operation.parameters.items() if key[0] != "path"}
    return {**segments.declared, **others}


def _compare_ignored(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The header parameters that the specification says to ignore (OpenAPI 3.1, 4.8.12.2): a note, and no more."""
    for name in sorted({*base.ignored, *revision.ignored}):
        ends = [side.ignored.get(name) for side in (base, revision)]
        for end, seen in zip(ends, walk.visited, strict=True):
            if end is not None:
                seen.add(id(end.place[0]))
        places = [(end.place[0], end.site) if end else None for end in ends]
        shown = next(end.name for end in ends if end is not None)
        walk.values(pair, Subject.PARAMETER, "ignored", places[0], places[1], name=shown, item=name)


def _compare_name(walk: Walk, pair: int, base: Parameter, revision: Parameter, *, is_told: bool) -> None:
    """The names of what is not told apart by them: a segment of the path, the whole of a query, an exploded object."""
    if base.location == "path" and base.name != revision.name and _is_name_sent(walk, base, revision):
        _state_moved(walk, pair, base, revision, facet="name")
    elif base.name != revision.name and (
        base.location in ("path", "querystring") or (base.location == "query" and not is_told)
    ):
        walk.fact(
            pair,
            Subject.PATH,
            "parameter-name" if base.location == "path" else "querystring-name",
            Action.RENAMED,
            base.place[1],
            revision.place[1],
            before=base.name,
            after=revision.name,
            name=base.name,
        )


def _is_name_sent(walk: Walk, base: Parameter, revision: Parameter) -> bool:
    """Whether the name of a variable stands in the path that is sent: `;id=5` (OpenAPI 3.1, 4.8.12.3)."""
    ends = [
        (*side.serialization[:2], kinds_of(reader, side.schema))
        for reader, side in zip(walk.readers, (base, revision), strict=True)
    ]
    return all(style == "matrix" and not (explode and kinds == OBJECT) for style, explode, kinds in ends)


def _moved(
    walk: Walk, pair: int, removed: Parameters, added: Parameters, heirs: Mapping[str, Heirs]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Parameters that went to another location or got another name, each pair said as one fact."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key, parameter in removed.items():
        heir = heirs.get(key[1], NOBODY)
        other = (key[0], *heir.names)
        if heir.are_new and len(other) == 2 and other in added:
            found[key] = other
            _state_moved(walk, pair, parameter, added[other], facet="name", is_declared=True)
    elsewhere: dict[str, list[tuple[str, str]]] = {}
    for other in added:
        elsewhere.setdefault(other[1].lower(), []).append(other)
    taken = {*found.values()}
    for key, parameter in removed.items():
        if key[1] in heirs or key in found:
            continue
        free = next((other for other in elsewhere.get(key[1].lower(), ()) if other not in taken), None)
        if free is not None:
            taken.add(free)
            found[key] = free
            _state_moved(walk, pair, parameter, added[free], facet="location")
    for location in sorted({location for location, _ in removed} & {location for location, _ in added}):
        shapes = [
            {
                name: _shape(parameter)
                for (where, name), parameter in side.items()
                if where == location and (where, name) not in found and (where, name) not in taken and name not in heirs
            }
            for side in (removed, added)
        ]
        guessed, likeness = renamed(shapes[0], shapes[1], allowance=walk.allowed.likened)
        for name, names in guessed.items():
            if len(names) == 1:
                found[(location, name)] = (location, names[0])
                ends = removed[(location, name)], added[(location, names[0])]
                _state_moved(walk, pair, *ends, facet="name", likeness=likeness[name])
    return found


def _shape(parameter: Parameter) -> Traits:
    node = parameter.schema[0] if parameter.schema else {}
    node = node if isinstance(node, dict) else {}
    told = parameter.place[0].get("description") if isinstance(parameter.place[0], dict) else None
    is_bare = not node.keys() & {"format", "enum", "$ref"}
    return Traits(str(node.get("type")), told if isinstance(told, str) else "", is_bare)


def _state_moved(
    walk: Walk,
    pair: int,
    base: Parameter,
    revision: Parameter,
    *,
    facet: str,
    likeness: float | None = None,
    is_declared: bool = False,
) -> None:
    is_location = facet == "location"
    walk.fact(
        pair,
        Subject.PARAMETER,
        facet,
        Action.MOVED if is_location else Action.RENAMED,
        base.site,
        revision.site,
        before=base.location if is_location else base.name,
        after=revision.location if is_location else revision.name,
        name=base.name,
        item=base.location,
        location=base.location,
        likeness=likeness,
        declared=is_declared,
    )


def _state_presence(
    walk: Walk, pair: int, parameter: Parameter, action: Action, heirs: Heirs = NOBODY, *, cut: str = ""
) -> None:
    node, pointer = parameter.place[0], parameter.site
    side = 0 if action is Action.REMOVED else 1
    has_default = False
    if parameter.schema is not None:
        has_default = "default" in walk.readers[side].view(*parameter.schema).values
    walk.fact(
        pair,
        Subject.PARAMETER,
        "presence",
        action,
        pointer if action is Action.REMOVED else None,
        pointer if action is Action.ADDED else None,
        **{"before" if action is Action.REMOVED else "after": node},
        name=parameter.name,
        item=parameter.location,
        required=parameter.is_required,
        cut=cut,
        has_default=has_default,
        location=parameter.location,
        renamed_to=", ".join(heirs.names),
        declared=bool(heirs.names),
        **lifetime_of(node, parameter.place[1]).flags,
    )
