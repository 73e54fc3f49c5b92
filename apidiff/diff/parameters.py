"""Compares parameters and response headers: presence, requiredness, form on the wire, and their schemas."""

from collections.abc import Mapping
from typing import Final

from apidiff.diff.declared import NOBODY, Heirs
from apidiff.diff.encodings import JSON, PLAIN_TEXT, compare_encodings, encoding_keys, fields_of, form_wire
from apidiff.diff.graph import Edge
from apidiff.diff.idle import compare_access
from apidiff.diff.lifetimes import compare_lifetimes, lifetime_of
from apidiff.diff.moves import template
from apidiff.diff.names import Traits, renamed
from apidiff.diff.pairing import pair_schemas, state_schema
from apidiff.diff.querystrings import whole_queries
from apidiff.diff.segments import Segments, aligned, compare_segments, is_same_segment, segments_of
from apidiff.diff.styles import are_written_apart, delimiter, idle_styles, is_reserving, kinds_of, style_words
from apidiff.diff.walk import Walk
from apidiff.diff.written import Wire
from apidiff.schema.texts import SCALARS
from apidiff.spec import PARAMETER_SCHEMA_KEYS, SUNSET_EXTENSIONS, Media, Operation, Parameter, is_xml, media_key
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer
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
        "deprecated",
        *SUNSET_EXTENSIONS,
    }
)
WITHIN: Final = {
    **{place.value: frozenset({place}) for place in (Within.PATH, Within.QUERY, Within.HEADER, Within.COOKIE)},
    "querystring": frozenset({Within.QUERY}),
}
"""What a parameter's location leads into; a response header has the location of a sent one."""
OBJECT: Final = frozenset({"object"})
NEVER_QUOTED: Final = {JSON: SCALARS - {"string"}, PLAIN_TEXT: SCALARS}
"""The types whose values a media type writes as parameters have them without one."""
MAY_BE_EMPTY: Final = frozenset({"query", "formData"})
"""Where `allowEmptyValue` has a meaning (OpenAPI 3.1, 4.8.12.2.1; Swagger 2.0, Parameter Object)."""
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
    elif base.location in ("path", "querystring", *(() if is_told else ("query",))) and base.name != revision.name:
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


def compare_parameter(walk: Walk, parent: int, base: Parameter, revision: Parameter, *, subject: Subject) -> None:
    """Two parameters, or two response headers, that are each other's."""
    if walk.is_unchanged(base.place, revision.place):
        return
    pair, is_new = walk.node("parameter", base.place[0], revision.place[0])
    within = WITHIN.get(base.location, NOWHERE)
    if base.content and is_xml(base.content[0]):
        within |= {Within.XML}
    walk.graph.connect(parent, Edge(pair, f"{base.location} {base.name}", within=within))
    if not is_new:
        return
    _compare_flags(walk, pair, base, revision, subject)
    lives = [lifetime_of(*side.place) for side in (base, revision)]
    compare_lifetimes(walk, pair, subject, lives[0], lives[1], name=base.name)
    _compare_wire(walk, pair, base, revision, subject)
    if base.schema and revision.schema:
        compare_access(walk, pair, walk.base.deref(*base.schema), walk.revision.deref(*revision.schema))
        pair_schemas(walk, base.schema, revision.schema, parent=pair, wire=_wire(walk, base, revision, subject))
    else:
        state_schema(walk, pair, base.schema, revision.schema, name=base.name)
    if base.content and revision.content and media_key(base.content[0]) == media_key(revision.content[0]):
        walk.seen(base.content[1], revision.content[1])
        compare_encodings(walk, pair, fields_of(walk, _media(base), _media(revision)))
        walk.rest(pair, subject, base.content[1], revision.content[1], known=encoding_keys(walk), name=base.name)
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
    if base.location == revision.location == "path" and nodes[0].get("required") != nodes[1].get("required"):
        ends = [
            (node["required"], place[1].child("required")) if "required" in node else None
            for node, place in zip(nodes, (base.place, revision.place), strict=True)
        ]
        walk.values(pair, Subject.PATH, "required", ends[0], ends[1], name=base.name)
    if base.is_required != revision.is_required:
        default = revision.schema is not None and "default" in walk.readers[1].view(*revision.schema).values
        walk.fact(
            pair,
            subject,
            "required",
            Action.TIGHTENED if revision.is_required else Action.LOOSENED,
            _required_at(base),
            _required_at(revision),
            before=base.is_required,
            after=revision.is_required,
            name=base.name,
            has_default=default,
            location=base.location,
        )
    _compare_emptiness(walk, pair, base, revision, subject)


def _required_at(parameter: Parameter) -> Pointer | None:
    """Where a parameter says whether it is required; one of a path is, whatever it says."""
    node, pointer = parameter.place
    if isinstance(node, dict) and "required" in node:
        return pointer.child("required")
    return pointer if parameter.is_required else None


def _compare_emptiness(walk: Walk, pair: int, base: Parameter, revision: Parameter, subject: Subject) -> None:
    nodes = [place[0] if isinstance(place[0], dict) else {} for place in (base.place, revision.place)]
    was, now = (node.get("allowEmptyValue") is True for node in nodes)
    if was != now and not {base.location, revision.location} & MAY_BE_EMPTY:
        _state_idle(walk, pair, (base, revision), subject=subject, key="allowEmptyValue")
    elif was != now:
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


def _state_idle(walk: Walk, pair: int, sides: tuple[Parameter, Parameter], *, subject: Subject, key: str) -> None:
    """What a parameter says that has no effect there."""
    nodes = [side.place[0] if isinstance(side.place[0], dict) else {} for side in sides]
    ends = [
        (node[key], side.place[1].child(key)) if key in node else None for node, side in zip(nodes, sides, strict=True)
    ]
    walk.values(pair, subject, "idle-flag", ends[0], ends[1], item=key, name=sides[0].name)


def _compare_wire(walk: Walk, pair: int, base: Parameter, revision: Parameter, subject: Subject) -> None:
    names = [side.content[0] if side.content else ABSENT for side in (base, revision)]
    keys = [media_key(side.content[0]) if side.content else "" for side in (base, revision)]
    if keys[0] != keys[1] and _is_written_alike(walk, keys, base, revision):
        # the media type stands on one side alone
        walk.claim(*(side.content and side.content[1][1] for side in (base, revision)))
    elif keys[0] != keys[1]:
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
    elif names[0] is ABSENT and are_written_apart(walk, base, revision):
        walk.fact(
            pair,
            subject,
            "serialization",
            Action.REPLACED,
            base.place[1],
            revision.place[1],
            before=style_words(base),
            after=style_words(revision),
            name=base.name,
            item="serialization",
        )
    else:
        for key in idle_styles(walk, base, revision):
            _state_idle(walk, pair, (base, revision), subject=subject, key=key)
    if is_reserving(base) != is_reserving(revision) and not (base.serialization[2] or revision.serialization[2]):
        _state_idle(walk, pair, (base, revision), subject=subject, key="allowReserved")


def _is_written_alike(walk: Walk, keys: list[str], base: Parameter, revision: Parameter) -> bool:
    """Whether a plain value is written the same as a document: any as a text, a number or a boolean as JSON."""
    if "" not in keys:
        return False
    plain = NEVER_QUOTED.get(max(keys))
    views = [
        reader.view(*side.schema) for reader, side in zip(walk.readers, (base, revision), strict=True) if side.schema
    ]
    return plain is not None and len(views) == 2 and all(view.types and view.types <= plain for view in views)


def _wire(walk: Walk, base: Parameter, revision: Parameter, subject: Subject) -> Wire | None:
    """How a parameter is written; what clients make of a response's header is theirs to say, and so is JSON's type."""
    if base.content and revision.content:
        return form_wire(walk, fields_of(walk, _media(base), _media(revision)))
    if subject is not Subject.PARAMETER or base.content or revision.content:
        return None
    return Wire((delimiter(base), delimiter(revision)))


def _media(parameter: Parameter) -> Media:
    """The one media type of a parameter that is written as a whole document."""
    name, place = parameter.content or ("", parameter.place)
    return Media(name, place, parameter.schema)
