"""Compares how the fields of a form are written: `encoding` in OpenAPI 3, `collectionFormat` in Swagger 2.0.

What counts is how a field looks on the wire. An entry that says what goes without saying, that is for a field which the
schema does not name, or that stands where no form is, changes nothing.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from apidiff.diff.graph import Edge
from apidiff.diff.markup import compare_root
from apidiff.diff.pairing import pair_schemas
from apidiff.diff.styles import STYLE_KEYS, delimiter_of, kinds_of
from apidiff.diff.walk import Walk
from apidiff.diff.written import Wire
from apidiff.load.resolve import Dialect, Form
from apidiff.schema import Place, Reader
from apidiff.spec import Media, Parameter, is_xml, media_key
from apidiff.words.facts import Subject
from apidiff.words.pointer import Pointer
from apidiff.words.within import Within

ARRAY: Final = frozenset({"array"})
URLENCODED: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"
PLAIN_TEXT: Final = "text/plain"
BYTES: Final = "application/octet-stream"
KEYS: Final = frozenset({"schema", "encoding"})
ITEM_KEYS: Final = frozenset({"itemSchema", "itemEncoding", "prefixEncoding"})
"""Those of OpenAPI 3.2 beside."""
PART: Final = "part "
EACH: Final = "each part"
"""What parts are called that have places and no names."""
Look = tuple[object, ...]


def is_form(media: Media) -> bool:
    """Whether the fields of a body in a media type are written one by one."""
    return media.name.lower().partition(";")[0].strip() == URLENCODED or is_multipart(media)


def is_multipart(media: Media) -> bool:
    """Whether a media type holds parts."""
    return media.name.lower().startswith("multipart/")


class Fields:
    """The fields of a body in one media type on one side, and how each is written."""

    def __init__(self, reader: Reader, media: Media) -> None:
        self.reader = reader
        self.media = media
        node = media.place[0] if isinstance(media.place[0], dict) else {}
        encoding = node.get("encoding")
        self.encoding: Mapping[str, Any] = encoding if isinstance(encoding, dict) else {}
        self.at = media.place[1].child("encoding")
        self.form = media.schema[0] if media.schema and isinstance(media.schema[0], Form) else None
        self.is_form = is_form(media)
        self._kinds: dict[str, frozenset[str] | None] = {}
        self._content_types: dict[str, str] = {}

    @cached_property
    def places(self) -> Mapping[str, list[Place]]:
        """The fields that the schema names, read when somebody asks: a body in JSON has none to ask of."""
        return self.reader.view(*self.media.schema).properties if self.media.schema else {}

    def said(self, name: str) -> tuple[Any, Pointer] | None:
        """What is said of a field's encoding, and where; Swagger 2.0 says it of lists only."""
        if self.form is None:
            entry = self.encoding.get(name)
            return (entry, self.at.child(name)) if entry else None
        field: Parameter | None = self.form.fields.get(name)
        if field is None or self.kinds(name) != ARRAY or field.serialization[1]:
            return None
        style, explode, _ = field.serialization
        return {"style": style, "explode": explode}, field.place[1]

    def kinds(self, name: str) -> frozenset[str] | None:
        """The types of a field that are no plain values, None where nobody says."""
        if name not in self._kinds:
            places = self.places.get(name)
            self._kinds[name] = kinds_of(self.reader, self.reader.both(places)) if places else None
        return self._kinds[name]

    def entry(self, name: str) -> dict[str, Any]:
        """The encoding of a field as OpenAPI 3 says it, as far as it counts."""
        said = self.said(name)
        entry = said[0] if said and isinstance(said[0], dict) else {}
        if self._is_styled or self.form is not None:
            return entry
        return {key: value for key, value in entry.items() if key not in STYLE_KEYS}

    @cached_property
    def _is_styled(self) -> bool:
        """Whether a field may have a style: in OpenAPI 3.0 one of `multipart` has none (OpenAPI 3.0, 4.7.15)."""
        return not is_multipart(self.media) or self.reader.side.dialect is not Dialect.OPENAPI_30

    def delimiter(self, name: str) -> str:
        """What stands between the items of a list in a field."""
        entry = self.entry(name)
        style = str(entry.get("style", "form"))
        return delimiter_of(style, explode=bool(entry.get("explode", style == "form")))

    def content_type(self, name: str) -> str:
        """The media types in which a field, or each item of its list, is written."""
        if name not in self._content_types:
            self._content_types[name] = self._content_type(name)
        return self._content_types[name]

    def _content_type(self, name: str) -> str:
        if isinstance(given := self.entry(name).get("contentType"), str):
            return _listed(given)
        places = self.places.get(name)
        if not places:
            return ""
        view = self.reader.view(*self.reader.both(places))
        if view.types is None:  # of a union of plain values each is written as a text
            return PLAIN_TEXT if view.groups and self.kinds(name) == frozenset() else ""
        return self.default_of(self.reader.both(places))

    def default_of(self, schema: Place) -> str:
        """The media type of a part of which none is said (OpenAPI 3.2, 4.15.1)."""
        view = self.reader.view(*schema)
        if view.types == ARRAY and (items := view.subschemas.get("items")):
            view = self.reader.view(*self.reader.both(items))
        if view.types is None:
            return ""
        if view.types & {"object", "array"}:
            return JSON
        return BYTES if view.is_bytes else PLAIN_TEXT

    def headers(self, name: str) -> dict[str, Any]:
        """The headers of a part, but for what is said of its content type, which is to be ignored."""
        headers = self.entry(name).get("headers") if is_multipart(self.media) else None
        given = headers if isinstance(headers, dict) else {}
        return {key: node for key, node in given.items() if key.lower() != "content-type"}

    def look(self, name: str) -> Look:
        """How a field is written, where it is."""
        if not self.is_form or name not in self.places:
            return ()
        entry, kinds = self.entry(name), self.kinds(name)
        kept = repr(sorted(self.headers(name).items()))
        common = (self.content_type(name), kept, entry.get("allowReserved") is True)
        if kinds is None:
            return (*common, entry.get("style", "form"), entry.get("explode"))
        if not kinds:
            return common
        if kinds == ARRAY and entry.get("style") != "deepObject":
            return (*common, self.delimiter(name))
        style = str(entry.get("style", "form"))
        return (*common, style, bool(entry.get("explode", style == "form")) or style == "deepObject")


def encoding_keys(walk: Walk) -> frozenset[str]:
    """The keys of a media type object that say what its values are and how they are written."""
    has_items = any(spec.side.dialect is Dialect.OPENAPI_32 for spec in walk.specs)
    return KEYS | ITEM_KEYS if has_items else KEYS


def fields_of(walk: Walk, was: Media, now: Media) -> tuple[Fields, Fields]:
    """The fields of a body in one media type on both sides."""
    return Fields(walk.readers[0], was), Fields(walk.readers[1], now)


def form_wire(walk: Walk, sides: tuple[Fields, Fields]) -> Wire | None:
    """How the fields of two forms are written, for comparing their values; None where either is no form.

    Of fields that are the same nothing is compared.
    """
    if not all(side.is_form for side in sides):
        return None
    names = [
        name
        for name in sides[0].places.keys() & sides[1].places.keys()
        if not _is_unchanged(walk, sides[0].places[name], sides[1].places[name])
    ]
    texts = [name for name in sorted(names) if not any(_has_members(side, name) for side in sides)]
    return Wire(fields={name: Wire((sides[0].delimiter(name), sides[1].delimiter(name))) for name in texts})


def _is_unchanged(walk: Walk, base: Sequence[Place], revision: Sequence[Place]) -> bool:
    """Whether a field is the same on both sides, with all that its schemas refer to."""
    return len(base) == len(revision) and all(map(walk.is_same, base, revision))


def _has_members(side: Fields, name: str) -> bool:
    """Whether a field is written as JSON or XML, or may be."""
    kinds = side.kinds(name)
    return "json" in side.content_type(name) or _is_xml(side, name) or bool(kinds and "object" in kinds)


def _is_xml(side: Fields, name: str) -> bool:
    kinds = side.content_type(name)
    return "xml" in kinds and any(is_xml(kind) for kind in kinds.split(","))


def compare_xml_parts(walk: Walk, pair: int, sides: tuple[Fields, Fields]) -> None:
    """The parts of two multipart bodies that are XML: a way of their own leads to what these hold."""
    base, revision = sides
    if not (is_multipart(base.media) and is_multipart(revision.media)):
        return
    for name in base.encoding:
        if name not in base.places or name not in revision.places or not all(_is_xml(side, name) for side in sides):
            continue
        was, now = (side.reader.both(side.places[name]) for side in sides)
        part = walk.graph.add()
        walk.graph.connect(pair, Edge(part, f".{name}", within=frozenset({Within.BODY, Within.XML})))
        compare_root(walk, part, was, now)
        pair_schemas(walk, was, now, parent=part)


def compare_encodings(walk: Walk, pair: int, sides: tuple[Fields, Fields]) -> None:
    """How form fields are written, field by field; that of a field which came or went goes with it."""
    base, revision = sides
    if not (base.media.place[0] or revision.media.place[0]):
        return  # two forms of Swagger 2.0: their parameters say it
    names = dict.fromkeys((*base.encoding, *revision.encoding))
    for side in (base, revision):
        names |= dict.fromkeys(side.form.fields if side.form is not None else ())
    for name in names:
        if (name in base.places) != (name in revision.places):
            continue
        ends = base.said(name), revision.said(name)
        if _is_said_alike(walk, base, revision, name, ends):
            continue
        was, now = base.look(name), revision.look(name)
        is_idle = was == now
        if is_idle and (base.form is not None or revision.form is not None):
            continue
        kept = {"plain": True} if is_idle else _kept(base, revision, name) if was[2:] == now[2:] else {}
        walk.values(pair, Subject.MEDIA_TYPE, "encoding", ends[0], ends[1], name=name, item=name, **kept)
    if not base.encoding and not revision.encoding:
        _compare_positions(walk, pair, base, revision)


def _is_said_alike(
    walk: Walk, base: Fields, revision: Fields, name: str, ends: tuple[Place | None, Place | None]
) -> bool:
    """Whether a field and what is said of how it is written are the same, in the same media type."""
    was, now = ends
    return (
        base.media.name == revision.media.name
        and (was is None) == (now is None)
        and (was is None or now is None or walk.unchanged.value(was[0], now[0], file=was[1].file))
        and _is_unchanged(walk, base.places.get(name, ()), revision.places.get(name, ()))
    )


def _kept(base: Fields, revision: Fields, name: str) -> dict[str, bool]:
    """Whether a part may be written in every way of before (`widens`), or was in every way of now (`narrows`)."""
    return {
        "widens": _takes(base, revision, name),
        "narrows": _takes(revision, base, name),
    }


def _takes(one: Fields, other: Fields, name: str) -> bool:
    """Whether each media type of a part is one of the other side's, and no header is asked for beside its own."""
    mine, theirs = one.headers(name), other.headers(name)
    is_kept = all(key in theirs and repr(theirs[key]) == repr(node) for key, node in mine.items())
    more = [node for key, node in theirs.items() if key not in mine]
    is_free = all(isinstance(node, dict) and node.get("required") is not True and "$ref" not in node for node in more)
    return is_kept and is_free and _are_of(one.content_type(name), other.content_type(name))


def _listed(given: str) -> str:
    """Media types that an encoding lists, in one order."""
    return ",".join(sorted(media_key(one) for one in given.split(",")))


def _are_of(kinds: str, wanted: str) -> bool:
    """Whether each of some media types is one of others, or in a range of theirs."""
    return all(any(_is_of(kind, range_) for range_ in wanted.split(",")) for kind in kinds.split(","))


def _is_of(kind: str, wanted: str) -> bool:
    """Whether a media type is another one, or in its range."""
    return bool(kind) and (wanted in (kind, "*/*") or (wanted[-2:] == "/*" and kind.startswith(wanted[:-1])))


def _compare_positions(walk: Walk, pair: int, base: Fields, revision: Fields) -> None:
    """How the parts of a multipart body are written that have places and no names (OpenAPI 3.2, 4.14.4)."""
    is_form = is_multipart(base.media) or is_multipart(revision.media)
    sides = [_positions(side) for side in (base, revision)]
    for name in [*sides[0], *(name for name in sides[1] if name not in sides[0])]:
        ends = [side.get(name) for side in sides]
        looks = [_look_of_part(side, name, end) for side, end in zip((base, revision), ends, strict=True)]
        moved: dict[str, Any] = {"plain": True} if not is_form or looks[0] == looks[1] else {}
        if not moved and looks[0][1] == looks[1][1]:
            moved = {"widens": _are_of(looks[0][0], looks[1][0]), "narrows": _are_of(looks[1][0], looks[0][0])}
        walk.values(pair, Subject.MEDIA_TYPE, "encoding", *ends, name=name, item=name, **moved)


def _look_of_part(side: Fields, name: str, said: tuple[Any, Pointer] | None) -> tuple[str, str]:
    """How a part is written that has a place: its media types, those that go without saying too, and the rest."""
    entry = dict(said[0]) if said and isinstance(said[0], dict) else {}
    given = entry.pop("contentType", None)
    if isinstance(given, str):
        return _listed(given), repr(sorted(entry.items()))
    schema = _schema_of_part(side, name)
    return (side.default_of(schema) if schema else ""), repr(sorted(entry.items()))


def _schema_of_part(side: Fields, name: str) -> Place | None:
    """The schema of a part by its place."""
    node, at = side.media.place
    if isinstance(node, dict) and "itemSchema" in node:
        return node["itemSchema"], at.child("itemSchema")
    view = side.reader.view(*side.media.schema) if side.media.schema else None
    if view is None:
        return None
    index = len(view.prefix) if name == EACH else int(name.removeprefix(PART)) - 1
    items = view.subschemas.get("items")
    return view.prefix[index] if index < len(view.prefix) else side.reader.both(items) if items else None


def _positions(side: Fields) -> dict[str, tuple[Any, Pointer]]:
    """The encodings of a body's parts by their place, that of all further ones last."""
    node, at = side.media.place
    if not isinstance(node, dict) or side.reader.side.dialect is not Dialect.OPENAPI_32:
        return {}
    prefix = node.get("prefixEncoding")
    found = {
        f"{PART}{index + 1}": (entry, at.child("prefixEncoding", index))
        for index, entry in enumerate(prefix if isinstance(prefix, list) else ())
    }
    if "itemEncoding" in node:
        found[EACH] = (node["itemEncoding"], at.child("itemEncoding"))
    return found
