"""Compares parameters and response headers: presence, requiredness, form on the wire, and their schemas."""

from typing import Final

from apidiff.diff.graph import Edge
from apidiff.diff.match import PARAMETER, renamed
from apidiff.diff.pairing import pair_schemas, state_schema
from apidiff.diff.walk import Walk
from apidiff.diff.written import Wire
from apidiff.schema import Place, Reader
from apidiff.schema.facets import effective_types
from apidiff.spec import PARAMETER_SCHEMA_KEYS, Operation, Parameter
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.within import NOWHERE, Within

KNOWN: Final = frozenset(
    {
        "name",
        "in",
        "required",
        "schema",
        "content",
        "style",
        "explode",
        "allowReserved",
        "allowEmptyValue",
        "collectionFormat",
        "$ref",
    }
)
COMPOUND: Final = frozenset({"array", "object"})
STYLES: Final = {
    "query": frozenset({"form", "spaceDelimited", "pipeDelimited", "tabDelimited", "deepObject"}),
    "header": frozenset({"simple", *("spaceDelimited", "pipeDelimited", "tabDelimited")}),
    "path": frozenset({"simple", "label", "matrix", *("spaceDelimited", "pipeDelimited", "tabDelimited")}),
    "cookie": frozenset({"form", "cookie"}),
}
"""The styles of each location (OpenAPI 3.2, 4.12.2.3), and those that Swagger 2.0 has beside."""
DELIMITERS: Final = {"spaceDelimited": " ", "pipeDelimited": "|", "tabDelimited": "\t", "label": "."}
"""What stands between the items of a list that is written as one; a comma in any other style."""
WITHIN: Final = {
    **{place.value: frozenset({place}) for place in (Within.PATH, Within.QUERY, Within.HEADER, Within.COOKIE)},
    "querystring": frozenset({Within.QUERY}),
}
"""What a parameter's location leads into; a response header has the location of a sent one."""
Parameters = dict[tuple[str, str], Parameter]


def compare_parameters(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """All parameters of an operation; those of the path are matched by position, whatever they are called."""
    before, after = _positional(base), _positional(revision)
    removed = {key: before[key] for key in before if key not in after}
    added = {key: after[key] for key in after if key not in before}
    moved = _moved(walk, pair, removed, added)
    for key in [*moved, *moved.values()]:
        removed.pop(key, None)
        added.pop(key, None)
    for parameter in removed.values():
        _state_presence(walk, pair, parameter, Action.REMOVED)
    for parameter in added.values():
        _state_presence(walk, pair, parameter, Action.ADDED)
    for key, parameter in before.items():
        other = after.get(moved.get(key, key))
        if other is not None:
            _compare_path_name(walk, pair, parameter, other)
            compare_parameter(walk, pair, parameter, other, subject=Subject.PARAMETER)


def _positional(operation: Operation) -> Parameters:
    """Parameters by key, those in the path by their position in the template."""
    names = [part[1:-1] for part in _names(operation.path)]
    keyed: Parameters = {}
    for (location, name), parameter in operation.parameters.items():
        if location == "path" and name in names:
            keyed[("path", str(names.index(name)))] = parameter
        elif location != "path" or name not in names:
            keyed[(location, name)] = parameter
    return keyed


def _names(path: str) -> list[str]:
    return PARAMETER.findall(path)


def _compare_path_name(walk: Walk, pair: int, base: Parameter, revision: Parameter) -> None:
    if base.location == "path" and base.name != revision.name:
        walk.fact(
            pair,
            Subject.PATH,
            "parameter-name",
            Action.RENAMED,
            base.place[1],
            revision.place[1],
            before=base.name,
            after=revision.name,
            name=base.name,
        )


def _moved(walk: Walk, pair: int, removed: Parameters, added: Parameters) -> dict[tuple[str, str], tuple[str, str]]:
    """Parameters that went to another location or got another name, each pair said as one fact."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for key, parameter in removed.items():
        for other in added:
            if other[1].lower() == key[1].lower() and other not in found.values() and key not in found:
                found[key] = other
                _state_moved(walk, pair, parameter, added[other], facet="location")
    for location in sorted({location for location, _ in removed} & {location for location, _ in added}):
        shapes = [
            {
                name: _shape(parameter)
                for (where, name), parameter in side.items()
                if where == location and (where, name) not in found and (where, name) not in found.values()
            }
            for side in (removed, added)
        ]
        heirs, likeness = renamed(shapes[0], shapes[1])
        for name, names in heirs.items():
            if len(names) == 1:
                found[(location, name)] = (location, names[0])
                ends = removed[(location, name)], added[(location, names[0])]
                _state_moved(walk, pair, *ends, facet="name", likeness=likeness[name])
    return found


def _shape(parameter: Parameter) -> str:
    node = parameter.schema[0] if parameter.schema else {}
    return str(node.get("type")) if isinstance(node, dict) else ""


def _state_moved(
    walk: Walk, pair: int, base: Parameter, revision: Parameter, *, facet: str, likeness: float | None = None
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
    )


def _state_presence(walk: Walk, pair: int, parameter: Parameter, action: Action) -> None:
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
        has_default=has_default,
        location=parameter.location,
    )


def compare_parameter(walk: Walk, parent: int, base: Parameter, revision: Parameter, *, subject: Subject) -> None:
    """Two parameters, or two response headers, that are each other's."""
    if walk.is_unchanged(base.place, revision.place):
        return
    pair, is_new = walk.node("parameter", base.place[0], revision.place[0])
    walk.graph.connect(parent, Edge(pair, f"{base.location} {base.name}", within=WITHIN.get(base.location, NOWHERE)))
    if not is_new:
        return
    _compare_flags(walk, pair, base, revision, subject)
    _compare_wire(walk, pair, base, revision, subject)
    if base.schema and revision.schema:
        pair_schemas(walk, base.schema, revision.schema, parent=pair, wire=_wire(base, revision, subject))
    else:
        state_schema(walk, pair, base.schema, revision.schema, name=base.name)
    if base.content and revision.content and base.content[0] == revision.content[0]:
        walk.rest(pair, subject, base.content[1], revision.content[1], known=frozenset({"schema"}), name=base.name)
    known = KNOWN
    if walk.specs[0].is_swagger or walk.specs[1].is_swagger:
        known = KNOWN | PARAMETER_SCHEMA_KEYS
    walk.rest(pair, subject, base.place, revision.place, known=known - {"x-nullable"}, name=base.name)


def compare_field(walk: Walk, pair: int, base: Parameter, revision: Parameter) -> None:
    """How one field of a form is written (Swagger 2.0); what it may be is compared as a property of the form."""
    _compare_emptiness(walk, pair, base, revision, Subject.PARAMETER)
    _compare_wire(walk, pair, base, revision, Subject.PARAMETER)


def _compare_flags(walk: Walk, pair: int, base: Parameter, revision: Parameter, subject: Subject) -> None:
    nodes = [place[0] if isinstance(place[0], dict) else {} for place in (base.place, revision.place)]
    if base.is_required != revision.is_required:
        default = revision.schema is not None and "default" in walk.readers[1].view(*revision.schema).values
        walk.fact(
            pair,
            subject,
            "required",
            Action.TIGHTENED if revision.is_required else Action.LOOSENED,
            base.place[1].child("required") if "required" in nodes[0] else None,
            revision.place[1].child("required") if "required" in nodes[1] else None,
            before=base.is_required,
            after=revision.is_required,
            name=base.name,
            has_default=default,
            location=base.location,
        )
    _compare_emptiness(walk, pair, base, revision, subject)


def _compare_emptiness(walk: Walk, pair: int, base: Parameter, revision: Parameter, subject: Subject) -> None:
    nodes = [place[0] if isinstance(place[0], dict) else {} for place in (base.place, revision.place)]
    was, now = (node.get("allowEmptyValue") is True for node in nodes)
    if was != now:
        walk.fact(
            pair,
            subject,
            "allowEmptyValue",
            Action.TIGHTENED if was else Action.LOOSENED,
            base.place[1].child("allowEmptyValue") if was else None,
            revision.place[1].child("allowEmptyValue") if now else None,
            before=was,
            after=now,
            name=base.name,
        )


def _compare_wire(walk: Walk, pair: int, base: Parameter, revision: Parameter, subject: Subject) -> None:
    names = [side.content[0] if side.content else ABSENT for side in (base, revision)]
    if names[0] != names[1]:
        walk.fact(
            pair,
            subject,
            "content",
            Action.REPLACED,
            base.content[1][1] if base.content else base.place[1],
            revision.content[1][1] if revision.content else revision.place[1],
            before=names[0],
            after=names[1],
            name=base.name,
        )
    elif (
        names[0] is ABSENT and base.serialization != revision.serialization and _are_written_apart(walk, base, revision)
    ):
        walk.fact(
            pair,
            subject,
            "serialization",
            Action.REPLACED,
            base.place[1],
            revision.place[1],
            before=_wire_words(base),
            after=_wire_words(revision),
            name=base.name,
            item="serialization",
        )


def _wire(base: Parameter, revision: Parameter, subject: Subject) -> Wire | None:
    """How a parameter is written; what clients make of a response's header is theirs to say, and so is JSON's type."""
    if subject is not Subject.PARAMETER or base.content or revision.content:
        return None
    return Wire((_delimiter(base), _delimiter(revision)))


def _delimiter(parameter: Parameter) -> str:
    style, explode, _ = parameter.serialization
    return delimiter_of(style, explode=explode)


def delimiter_of(style: str, *, explode: bool) -> str:
    """What stands between the items of a list, "" where each is written by itself (OpenAPI 3.1, 4.8.12.3)."""
    if explode and style not in ("simple", "label"):
        return ""
    return DELIMITERS.get(style, ",")


def _are_written_apart(walk: Walk, base: Parameter, revision: Parameter) -> bool:
    """Whether a value that both sides allow is not written alike: their own types are another edit."""
    kinds = [kinds_of(reader, side.schema) for reader, side in zip(walk.readers, (base, revision), strict=True)]
    is_known = kinds[0] is not None and kinds[1] is not None
    if is_known and kinds[0] != kinds[1] and not (kinds[0] and kinds[1]):
        return _looks(base, frozenset()) != _looks(revision, frozenset())
    return _looks(base, kinds[0]) != _looks(revision, kinds[1])


def kinds_of(reader: Reader, place: Place | None) -> frozenset[str] | None:
    """The types of a schema that are no plain values; None where it does not say what they are."""
    views = [reader.view(*place)] if place else []
    if views and views[0].types is None and views[0].groups:
        views = [reader.view(*branch) for branch in views[0].groups[0].branches]
    types = [effective_types(view) for view in views]
    if not types or None in types:
        return None
    return frozenset[str]().union(*((kinds or frozenset()) & COMPOUND for kinds in types))


def _looks(parameter: Parameter, kinds: frozenset[str] | None) -> tuple[object, ...]:
    """What of the serialisation shows on the wire: style and explode are for lists and objects, but in a path."""
    style, explode, reserved = parameter.serialization
    at = parameter.location
    if style not in STYLES.get(at, (style,)):
        return style, explode, reserved, "not a style of this place"
    if kinds is None:
        return style, explode, reserved
    if not kinds:
        return (style if at == "path" else "", reserved)
    if kinds == {"array"} and style not in ("deepObject", "label", "matrix"):
        return _delimiter(parameter), reserved
    return style, explode or style == "deepObject", reserved


def _wire_words(parameter: Parameter) -> str:
    style, explode, reserved = parameter.serialization
    return f"{style}{', exploded' if explode else ''}{', reserved characters allowed' if reserved else ''}"
