"""How parameters are written: what of their style and explode shows on the wire."""

import re
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import Place, Reader
from apidiff.schema.facets import effective_types
from apidiff.schema.texts import finite_texts
from apidiff.spec import Parameter

STYLE_KEYS: Final = ("style", "explode", "allowReserved")
"""What the serialisation of a parameter is made of, in its order."""
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


NUMBERS: Final = frozenset({"integer", "number", "boolean"})
UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]*")
"""What is written as it is, whatever is percent-encoded (RFC 3986, 2.3)."""
UNRESERVED_FORMATS: Final = frozenset({"date", "uuid", "ipv4"})


def delimiter(parameter: Parameter) -> str:
    """What stands between the items of a list in a parameter."""
    style, explode, _ = parameter.serialization
    return delimiter_of(style, explode=explode)


def delimiter_of(style: str, *, explode: bool) -> str:
    """What stands between the items of a list, "" where each is written by itself (OpenAPI 3.1, 4.8.12.3)."""
    if explode and style not in ("simple", "label"):
        return ""
    return DELIMITERS.get(style, ",")


def are_written_apart(walk: Walk, base: Parameter, revision: Parameter) -> bool:
    """Whether a value that both sides allow is not written alike: their own types are another edit."""
    if base.serialization == revision.serialization:
        return False
    kinds = _kinds(walk, base, revision)
    sides = list(zip(walk.readers, (base, revision), strict=True))
    is_plain = all(_is_unreserved(reader, side.schema) for reader, side in sides)
    if _are_of_two_kinds(kinds):
        kinds = [frozenset(), frozenset()]
    was, now = (_looks(side, kind, is_plain=is_plain) for (_, side), kind in zip(sides, kinds, strict=True))
    return was != now


def idle_styles(walk: Walk, base: Parameter, revision: Parameter) -> list[str]:
    """The keys of two serialisations that differ where no value is written otherwise for it, or beside `content`."""
    swagger = [spec.is_swagger for spec in walk.specs]
    if swagger[0] != swagger[1]:
        return []
    if all(swagger):
        formats = [_node(side).get("collectionFormat", "csv") for side in (base, revision)]
        changed = ["collectionFormat"] if formats[0] != formats[1] else []
    else:
        ends = zip(STYLE_KEYS, base.serialization, revision.serialization, strict=True)
        changed = [key for key, was, now in ends if was != now]
    return [] if changed and not base.content and _are_of_two_kinds(_kinds(walk, base, revision)) else changed


def is_reserving(parameter: Parameter) -> bool:
    """Whether a parameter says `allowReserved`, be it with or without effect."""
    return _node(parameter).get("allowReserved") is True


def _node(parameter: Parameter) -> dict[str, Any]:
    node = parameter.place[0]
    return node if isinstance(node, dict) else {}


def _kinds(walk: Walk, base: Parameter, revision: Parameter) -> list[frozenset[str] | None]:
    return [kinds_of(reader, side.schema) for reader, side in zip(walk.readers, (base, revision), strict=True)]


def _are_of_two_kinds(kinds: list[frozenset[str] | None]) -> bool:
    """Whether one side has a list or an object where the other one has a plain value."""
    return None not in kinds and kinds[0] != kinds[1] and not all(kinds)


def _is_unreserved(reader: Reader, place: Place | None) -> bool:
    """Whether no text of a schema, or of its items, has a character that may be percent-encoded."""
    view = reader.view(*place) if place else None
    if view is not None and view.types == frozenset({"array"}) and (items := view.subschemas.get("items")):
        view = reader.view(*reader.both(items))
    if view is None or view.groups:
        return False
    if (listed := finite_texts(view)) is not None:
        return all(UNRESERVED.fullmatch(text) for text in listed)
    return bool(view.types and view.types <= NUMBERS) or view.values.get("format", ("",))[0] in UNRESERVED_FORMATS


def kinds_of(reader: Reader, place: Place | None) -> frozenset[str] | None:
    """The types of a schema that are no plain values; None where it does not say what they are."""
    views = [reader.view(*place)] if place else []
    if views and views[0].types is None and views[0].groups:
        views = [reader.view(*branch) for branch in views[0].groups[0].branches]
    types = [effective_types(view) for view in views]
    if not types or None in types:
        return None
    return frozenset[str]().union(*((kinds or frozenset()) & COMPOUND for kinds in types))


def _looks(parameter: Parameter, kinds: frozenset[str] | None, *, is_plain: bool) -> tuple[object, ...]:
    """What of the serialisation shows on the wire: style and explode are for lists and objects, but in a path.

    With `is_plain` nothing is there that one style would percent-encode and another one not, as cookies have it (3.2).
    """
    style, explode, reserved = parameter.serialization
    reserved = not is_plain and (reserved or style == "cookie")
    at = parameter.location
    if style not in STYLES.get(at, (style,)):
        return style, explode, reserved, "not a style of this place"
    if kinds is None:
        return style, explode, reserved
    if not kinds:
        return (style if at == "path" else "", reserved)
    if style == "cookie" and explode:  # `a=1; a=2`, where the form style has `a=1&a=2` (OpenAPI 3.2, 4.12.3)
        return style, reserved
    if kinds == {"array"} and style not in ("deepObject", "label", "matrix"):
        return delimiter(parameter), reserved
    return style, explode or style == "deepObject", reserved


def style_words(parameter: Parameter) -> str:
    """The serialisation of a parameter, for people."""
    style, explode, reserved = parameter.serialization
    return f"{style}{', exploded' if explode else ''}{', reserved characters allowed' if reserved else ''}"
