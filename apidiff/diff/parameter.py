"""Compares two parameters, or two response headers, that are each other's: what is asked of them, and their form."""

from typing import Final

from apidiff.diff.encodings import JSON, PLAIN_TEXT, compare_encodings, encoding_keys, fields_of, form_wire
from apidiff.diff.graph import Edge
from apidiff.diff.idle import compare_access
from apidiff.diff.lifetimes import compare_lifetimes, lifetime_of
from apidiff.diff.pairing import pair_schemas, state_schema
from apidiff.diff.styles import are_written_apart, delimiter, idle_styles, is_reserving, style_words
from apidiff.diff.walk import Walk
from apidiff.diff.written import Wire
from apidiff.schema.texts import SCALARS
from apidiff.spec import PARAMETER_SCHEMA_KEYS, SUNSET_EXTENSIONS, Media, Parameter, is_xml, media_key
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
NEVER_QUOTED: Final = {JSON: SCALARS - {"string"}, PLAIN_TEXT: SCALARS}
"""The types whose values a media type writes as parameters have them without one."""
MAY_BE_EMPTY: Final = frozenset({"query", "formData"})
"""Where `allowEmptyValue` has a meaning (OpenAPI 3.1, 4.8.12.2.1; Swagger 2.0, Parameter Object)."""


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
