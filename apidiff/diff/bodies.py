"""Compares request bodies, responses with their headers, and the media types of both."""

from typing import Any, Final

from apidiff.diff.encodings import compare_encodings, compare_xml_parts, encoding_keys, fields_of, form_wire, is_form
from apidiff.diff.graph import Edge
from apidiff.diff.idle import compare_access
from apidiff.diff.lifetimes import lifetime_of
from apidiff.diff.links import compare_links
from apidiff.diff.markup import compare_root
from apidiff.diff.pairing import pair_schemas, state_schema
from apidiff.diff.parameter import compare_field, compare_parameter
from apidiff.diff.walk import Walk
from apidiff.load.resolve import Form
from apidiff.schema import Place
from apidiff.spec import Body, Media, Operation, Response, is_xml, media_key
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer
from apidiff.words.within import Surroundings, Within

BODY_KEYS: Final = frozenset({"content", "required", "$ref", "in", "name", "schema", "type", "properties"})
RESPONSE_KEYS: Final = frozenset({"content", "headers", "links", "$ref", "schema", "examples"})
ERRORS: Final = ("4XX", "5XX")
MEDIA_KEYS: Final = frozenset({"$ref", "example"})
"""What is compared of a media type, beside its values and how they are written."""


def compare_body(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The request body of an operation."""
    was, now = base.body, revision.body
    if was is None or now is None:
        body = was or now
        if body is not None and _carries_nothing(walk, 0 if was else 1, body.media):
            ends = [(side.place[0], side.site) if side else None for side in (was, now)]
            walk.values(pair, Subject.REQUEST_BODY, "ignored", ends[0], ends[1], name="request body")
        elif body is not None:
            walk.fact(
                pair,
                Subject.REQUEST_BODY,
                "presence",
                Action.REMOVED if was else Action.ADDED,
                was.site if was else None,
                now.site if now else None,
                **{"before" if was else "after": body.place[0]},
                name="request body",
                required=body.is_required,
            )
        return
    pair_bodies(walk, pair, was, now, context=(id(base.node), id(revision.node)))


def pair_bodies(walk: Walk, parent: int, was: Body, now: Body, *, context: tuple[int, ...]) -> None:
    """Two request bodies that are each other's."""
    told_apart = _context(walk, context)
    if walk.is_unchanged(was.place, now.place) and not told_apart:
        return
    pair, is_new = walk.node("body", was.place[0], now.place[0], *told_apart)
    walk.graph.connect(parent, Edge(pair, "request"))
    if not is_new:
        return
    if was.is_required != now.is_required:
        ends = [_required_at(body) for body in (was, now)]
        walk.fact(
            pair,
            Subject.REQUEST_BODY,
            "required",
            Action.TIGHTENED if now.is_required else Action.LOOSENED,
            ends[0],
            ends[1],
            before=was.is_required,
            after=now.is_required,
            name="request body",
        )
    _compare_media(walk, pair, was.media, now.media)
    _compare_fields(walk, pair, was.place[0], now.place[0])
    walk.rest(pair, Subject.REQUEST_BODY, was.place, now.place, known=BODY_KEYS, name="request body")


def _compare_fields(walk: Walk, pair: int, was: Any, now: Any) -> None:
    """How the fields of two forms are written, where parameters say so (Swagger 2.0)."""
    if isinstance(was, Form) and isinstance(now, Form):
        for name in was.fields.keys() & now.fields.keys():
            compare_field(walk, pair, was.fields[name], now.fields[name])


def _required_at(body: Body) -> Pointer | None:
    """Where a body says whether it is required; a form says it by its parameters."""
    if isinstance(body.place[0], Form):
        return body.site
    return body.place[1].child("required") if "required" in body.place[0] else None


def _context(walk: Walk, context: tuple[int, ...]) -> tuple[int, ...]:
    """In Swagger 2.0 what a body means depends on its operation's media types; else one comparison serves all."""
    return context if walk.specs[0].is_swagger or walk.specs[1].is_swagger else ()


def compare_responses(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The responses of an operation, ranges and `default` standing for what they cover."""
    context = (id(base.node), id(revision.node))
    before, after = base.responses, revision.responses
    lost = _lost_successes(before, after)
    new = _lost_successes(after, before)
    if len(lost) == len(new) == 1 and before[lost[0]].media.keys() & after[new[0]].media.keys():
        pair_responses(walk, pair, before[lost[0]], after[new[0]], context)
    for status, response in before.items():
        other = after.get(status)
        if other is not None:
            pair_responses(walk, pair, response, other, context)
            continue
        cover = _cover(status, after, before)
        others = _written_out(status, before, after)
        _state_response(
            walk, pair, response, Action.REMOVED, covered=cover is not None, other=others or new, narrowed=bool(others)
        )
        if cover is not None:
            pair_responses(walk, pair, response, after[cover], context)
    for status, response in after.items():
        if status not in before:
            cover = _cover(status, before, after)
            _state_response(walk, pair, response, Action.ADDED, covered=cover is not None, other=lost, narrowed=False)
            if cover is not None:
                pair_responses(walk, pair, before[cover], response, context)


def _is_success(status: str) -> bool:
    return status.startswith("2")


def _lost_successes(mine: dict[str, Response], others: dict[str, Response]) -> list[str]:
    """The success statuses of one side that nothing on the other side stands for."""
    return [name for name in mine if _is_success(name) and name not in others and _cover(name, others, mine) is None]


def _cover(status: str, others: dict[str, Response], mine: dict[str, Response]) -> str | None:
    """The range or default of the other side that stands for a status (OpenAPI 3.1, 4.8.16).

    A `default` that both sides have stands for errors, and for no success.
    """
    for name in (f"{status[0]}XX", "default"):
        if name != status and name in others and not (name == "default" and _is_success(status) and name in mine):
            return name
    return None


def _written_out(status: str, before: dict[str, Response], after: dict[str, Response]) -> list[str]:
    """The statuses of a range that take its place; in that of `default` the two ranges of errors."""
    if status == "default":
        return list(ERRORS) if all(name in after and name not in before for name in ERRORS) else []
    if not status.endswith("XX"):
        return []
    return [name for name in after if name not in before and name[0] == status[0]]


def _state_response(
    walk: Walk, pair: int, response: Response, action: Action, *, covered: bool, other: list[str], narrowed: bool
) -> None:
    """A status that came or went; `other` are the statuses that went or came in its place, `narrowed` if of a range."""
    node, pointer = response.place[0], response.site
    is_removed = action is Action.REMOVED
    success = _is_success(response.status)
    walk.fact(
        pair,
        Subject.RESPONSE,
        "presence",
        action,
        pointer if is_removed else None,
        None if is_removed else pointer,
        before=node if is_removed else ABSENT,
        after=ABSENT if is_removed else node,
        name=response.status,
        item=response.status,
        success=success,
        error=not success and not response.status.startswith(("1", "3")),
        covered=covered,
        narrowed=narrowed,
        replaced_success=success and bool(other),
        other=other,
    )


def pair_responses(walk: Walk, parent: int, was: Response, now: Response, context: tuple[int, ...]) -> None:
    """Two responses that are each other's."""
    is_swagger = walk.specs[0].is_swagger or walk.specs[1].is_swagger
    if walk.is_unchanged(was.place, now.place) and not is_swagger:
        return
    told_apart = (*_context(walk, context), *(() if was.unsent is None and now.unsent is None else (0,)))
    pair, is_new = walk.node("response", was.place[0], now.place[0], *told_apart)
    walk.graph.connect(parent, Edge(pair, f"response {was.status}"))
    if not is_new:
        return
    _compare_media(walk, pair, was.media, now.media)
    walk.values(pair, Subject.RESPONSE, "ignored", was.unsent, now.unsent, name=was.status)
    _compare_headers(walk, pair, was, now)
    compare_links(walk, pair, was, now)
    walk.values(pair, Subject.RESPONSE, "example", was.examples, now.examples, name=was.status)
    walk.rest(pair, Subject.RESPONSE, was.place, now.place, known=RESPONSE_KEYS, name=was.status)


def _compare_headers(walk: Walk, pair: int, was: Response, now: Response) -> None:
    sides = [{name.lower(): place for name, place in side.headers.items()} for side in (was, now)]
    for name in sorted({*sides[0], *sides[1]}):
        if name == "content-type":  # it "SHALL be ignored" (OpenAPI 3.1, 4.8.17): the media types say it
            _compare_ignored(walk, pair, [side.get(name) for side in sides])
            continue
        ends = [spec.header(side[name]) if name in side else None for spec, side in zip(walk.specs, sides, strict=True)]
        if ends[0] and ends[1]:
            compare_parameter(walk, pair, ends[0], ends[1], subject=Subject.HEADER)
            continue
        header = ends[0] or ends[1]
        if header is not None:
            walk.fact(
                pair,
                Subject.HEADER,
                "presence",
                Action.REMOVED if ends[0] else Action.ADDED,
                header.site if ends[0] else None,
                header.site if ends[1] else None,
                **{"before" if ends[0] else "after": header.place[0]},
                name=header.name,
                item=header.name,
                required=header.is_required,
                **lifetime_of(*header.place).flags,
            )


def _compare_ignored(walk: Walk, pair: int, places: list[Place | None]) -> None:
    """A header that the specification says to ignore: a note, and no more."""
    for place, seen, side in zip(places, walk.visited, (walk.base, walk.revision), strict=True):
        if place is not None:
            seen.update((id(place[0]), id(side.deref(*place)[0])))
    shown = next(place[1].last for place in places if place is not None)
    walk.values(pair, Subject.HEADER, "ignored", places[0], places[1], name=shown, item=shown.lower())


def _aligned(was: dict[str, Media], now: dict[str, Media]) -> tuple[dict[str, Media], dict[str, Media]]:
    """Two contents with each media type under one key: of several spellings of one, the same spelling goes together."""
    if all(media_key(media.name) == key for side in (was, now) for key, media in side.items()):
        return was, now
    left, right = ({media.name: media for media in side.values()} for side in (was, now))
    for told_apart in (_exact, media_key):
        ends = [[name for name in one if name not in two] for one, two in ((left, right), (right, left))]
        free = {told_apart(name): name for name in reversed(ends[1])}
        named = {heir: name for name in ends[0] if (heir := free.pop(told_apart(name), None)) is not None}
        right = {named.get(key, key): media for key, media in right.items()}
    return left, right


def _exact(name: str) -> str:
    return media_key(name, exact=True)


def _compare_media(walk: Walk, pair: int, was: dict[str, Media], now: dict[str, Media]) -> None:
    if bool(was) != bool(now) and _carries_nothing(walk, 0 if was else 1, was or now):
        _state_nothing(walk, pair, was, now)
        return
    was, now = _aligned(was, now)
    removed = [name for name in was if name not in now]
    added = [name for name in now if name not in was]
    covers, covered = _media_covers(removed, now), _media_covers(added, was)
    is_only = was.keys().isdisjoint(now)
    for name in removed:
        if name in covers:
            pair_media(walk, pair, was[name], now[covers[name]])
        _state_media(walk, pair, was[name], Action.REMOVED, only=is_only, cover=covers.get(name))
    for name in added:
        if name in covered and covered[name] in now:  # else it was said with the one that went
            pair_media(walk, pair, was[covered[name]], now[name])
        _state_media(walk, pair, now[name], Action.ADDED, only=not was, cover=covered.get(name))
    if removed and added and not covers and not covered and (len(removed) == len(added) == 1 or _are_of_one(was, now)):
        pair_media(walk, pair, was[removed[0]], now[added[0]])
    for name, media in was.items():
        if name in now:
            pair_media(walk, pair, media, now[name])


def _are_of_one(was: dict[str, Media], now: dict[str, Media]) -> bool:
    """Whether each side has one schema for all of its media types, as in Swagger 2.0, and none of them in common."""
    schemas = [{id(media.schema[0]) for media in side.values() if media.schema} for side in (was, now)]
    return was.keys().isdisjoint(now) and all(len(found) == 1 for found in schemas)


def _state_nothing(walk: Walk, pair: int, was: dict[str, Media], now: dict[str, Media]) -> None:
    """Media types that came or went, of a body that can only be null."""
    for name, media in (was or now).items():
        schema = media.schema or media.place
        ends = (schema, None) if was else (None, schema)
        walk.values(pair, Subject.MEDIA_TYPE, "ignored", *ends, name=media.name, item=name)
        walk.claims[0 if was else 1].add(media.place[1])


def _carries_nothing(walk: Walk, side: int, content: dict[str, Media]) -> bool:
    """Whether a body can only be null, which says no more than none."""
    views = [walk.readers[side].view(*media.schema) for media in content.values() if media.schema]
    is_null = [view.null and not view.never and (view.types == frozenset() or view.enum == {}) for view in views]
    return bool(is_null) and len(is_null) == len(content) and all(is_null)


def _media_covers(names: list[str], others: dict[str, Media]) -> dict[str, str]:
    """What stands for media types: the same in another spelling, or its range (RFC 9110, 12.5.1)."""
    if not names:
        return {}
    keys = {media_key(other): other for other in reversed(others)}
    found = {}
    for name in names:
        kind = media_key(name)
        for cover in (kind, f"{kind.split('/', maxsplit=1)[0]}/*", "*/*"):
            if keys.get(cover, name) != name:
                found[name] = keys[cover]
                break
    return found


def _state_media(walk: Walk, pair: int, media: Media, action: Action, *, only: bool, cover: str | None) -> None:
    is_removed = action is Action.REMOVED
    pointer = media.place[1]
    walk.fact(
        pair,
        Subject.MEDIA_TYPE,
        "presence",
        action,
        pointer if is_removed else None,
        None if is_removed else pointer,
        before=media.name if is_removed else ABSENT,
        after=ABSENT if is_removed else media.name,
        name=media.name,
        item=media.name,
        only=only,
        ranged=cover is not None and "*" in cover,
        again=cover is not None and "*" not in cover,
    )


def _within(media: Media) -> Surroundings:
    """What a media type leads into: a body, and how that is written where rules may ask."""
    if is_xml(media.name):
        return frozenset({Within.BODY, Within.XML})
    return frozenset({Within.BODY, Within.FORM} if is_form(media) else {Within.BODY})


def pair_media(walk: Walk, parent: int, was: Media, now: Media) -> None:
    """Two media type objects that are each other's."""
    key = (was.place[0], now.place[0]) if was.place[0] else (was, now)
    pair, is_new = walk.node("media", *key)
    walk.graph.connect(parent, Edge(pair, was.name, within=_within(was)))
    if not is_new:
        return
    walk.keep(was, now)
    walk.seen(was.place, now.place)
    fields = fields_of(walk, was, now)
    if was.schema and now.schema:
        compare_access(walk, pair, walk.base.deref(*was.schema), walk.revision.deref(*now.schema))
        if is_xml(was.name) and is_xml(now.name):
            compare_root(walk, pair, was.schema, now.schema)
        pair_schemas(walk, was.schema, now.schema, parent=pair, wire=form_wire(walk, fields))
        compare_xml_parts(walk, pair, fields)
    elif was.schema or now.schema:
        state_schema(walk, pair, was.schema, now.schema)
    walk.values(pair, Subject.MEDIA_TYPE, "example", was.example, now.example, name=was.name)
    compare_encodings(walk, pair, fields)
    if was.place[0] or now.place[0]:
        known = MEDIA_KEYS | encoding_keys(walk)
        walk.rest(pair, Subject.MEDIA_TYPE, was.place, now.place, known=known, name=was.name)
