"""Compares what stands above and beside the operations: info, tags and unused components."""

import re
from typing import Any, Final

from apidiff.diff.bodies import pair_bodies, pair_media, pair_responses
from apidiff.diff.links import compare_link
from apidiff.diff.pairing import pair_schemas
from apidiff.diff.parameter import compare_parameter
from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.spec import Body, media_key
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

ROOT_KEYS: Final = frozenset(
    {
        "openapi",
        "swagger",
        "info",
        "paths",
        "webhooks",
        "components",
        "definitions",
        "parameters",
        "responses",
        "securityDefinitions",
        "security",
        "servers",
        "host",
        "basePath",
        "schemes",
        "consumes",
        "produces",
        "tags",
        "jsonSchemaDialect",
        "$self",
    }
)
INFO_KEYS: Final = frozenset({"version", "contact", "license", "termsOfService"})


def compare_document(walk: Walk, pair: int) -> None:
    """Info, tags, the version of the specification, and the root's other keys."""
    left, right = walk.base.root, walk.revision.root
    for root, seen in ((left, walk.visited[0]), (right, walk.visited[1])):
        seen.add(id(root))
    _compare_info(walk, pair, left.get("info"), right.get("info"))
    _compare_tags(walk, pair, left.get("tags"), right.get("tags"))
    versions = [
        (root.get("openapi") or root.get("swagger"), Pointer("", ("openapi" if "openapi" in root else "swagger",)))
        for root in (left, right)
    ]
    walk.values(pair, Subject.DOCUMENT, "dialect", versions[0], versions[1])
    sections = [
        (components if isinstance(components := root.get("components"), dict) else {}, Pointer("", ("components",)))
        for root in (left, right)
    ]
    walk.extensions(pair, Subject.DOCUMENT, sections[0], sections[1])
    for key, facet in (("jsonSchemaDialect", "dialect"), ("$self", "address")):
        walk.values(pair, Subject.DOCUMENT, facet, _end(left, key, Pointer()), _end(right, key, Pointer()), item=key)
    walk.rest(pair, Subject.DOCUMENT, (left, Pointer()), (right, Pointer()), known=ROOT_KEYS, name="document")


def compare_unused_media(walk: Walk, pair: int) -> None:
    """What Swagger 2.0 says of all operations, where each of them says its own instead."""
    for key in ("consumes", "produces"):
        ends = [_end(side.root, key, Pointer()) for side in (walk.base, walk.revision)]
        is_told = any(end and end[1] in claims for end, claims in zip(ends, walk.claims, strict=True))
        if not is_told and _names(ends[0]) != _names(ends[1]):
            walk.values(pair, Subject.DOCUMENT, "unused-media-types", ends[0], ends[1], name=key, item=key)


def _names(end: tuple[Any, Pointer] | None) -> set[str]:
    """The media types of a list."""
    return {media_key(name) for name in end[0] if isinstance(name, str)} if end and isinstance(end[0], list) else set()


def _end(node: Any, key: str, pointer: Pointer) -> tuple[Any, Pointer] | None:
    return (node[key], pointer.child(key)) if isinstance(node, dict) and key in node else None


def _compare_info(walk: Walk, pair: int, left: Any, right: Any) -> None:
    at = Pointer("", ("info",))
    for node, seen in zip((left, right), walk.visited, strict=True):
        seen.add(id(node))
    left, right = (node if isinstance(node, dict) else {} for node in (left, right))
    was, now = left.get("version"), right.get("version")
    if was != now:
        walk.fact(
            pair,
            Subject.DOCUMENT,
            "version",
            Action.REPLACED,
            at.child("version") if was is not None else None,
            at.child("version") if now is not None else None,
            before=was,
            after=now,
            name="version",
            lowered=_is_lowered(was, now),
        )
    for key in ("contact", "license", "termsOfService"):
        walk.values(pair, Subject.DOCUMENT, key, _end(left, key, at), _end(right, key, at), name="info")
    walk.rest(pair, Subject.DOCUMENT, (left, at), (right, at), known=INFO_KEYS, name="info")


NUMBERED: Final = re.compile(
    r"(?P<word>[a-z]*[-_ .]?)(?P<numbers>\d{1,9}(?:[.-]\d{1,9})*)(?:(?:[-+. ]|a|b|rc|alpha|beta).*)?"
)
"""A version that has an order among its kind: `1.4`, `v2.0.0-rc.1`, `2024-09-30.acacia`, `release-7`."""
LEAST_YEAR: Final = 1900


def _is_lowered(was: Any, now: Any) -> bool:
    """Whether a version is before another one; words have no order, and neither have a date and a number."""
    ends = [NUMBERED.fullmatch(str(version).strip().lower()) for version in (was, now)]
    if ends[0] is None or ends[1] is None:
        return False
    words = [end["word"].removeprefix("v") for end in ends if end]
    numbers = [[int(part) for part in re.split(r"[.-]", end["numbers"])][:3] for end in ends if end]
    is_date = [first >= LEAST_YEAR for first, *_ in numbers]
    return words[0] == words[1] and is_date[0] == is_date[1] and numbers[1] < numbers[0]


def _compare_tags(walk: Walk, pair: int, left: Any, right: Any) -> None:
    """The root's tags by name; their order means nothing to a program."""
    at = Pointer("", ("tags",))
    sides = [
        {
            str(tag.get("name", index)): (tag, at.child(index))
            for index, tag in enumerate(tags if isinstance(tags, list) else ())
            if isinstance(tag, dict)
        }
        for tags in (left, right)
    ]
    for name in sorted({*sides[0], *sides[1]}):
        walk.values(pair, Subject.DOCUMENT, "tags", sides[0].get(name), sides[1].get(name), name=name, item=name)


def compare_components(walk: Walk) -> None:
    """Components by name: those that came or went, and those that no operation led to."""
    before, after = (spec.components for spec in walk.specs)
    aside = walk.graph.add()
    ids = {id(walk.revision.deref(*place)[0]): key for key, place in after.items() if key not in before}
    renamed_to: set[tuple[str, str]] = set()
    for key, place in before.items():
        if key in after:
            _compare_component(walk, key[0], place, after[key])
            continue
        partners = walk.partners.get(id(walk.base.deref(*place)[0]), set())
        heirs = sorted(ids[partner] for partner in partners if partner in ids)
        if heirs and heirs[0][0] == key[0] and heirs[0] not in renamed_to:
            renamed_to.add(heirs[0])
            _state_component(walk, aside, key, place, after[heirs[0]], heir=heirs[0][1])
        else:
            _state_component(walk, aside, key, place, None)
    for key, place in after.items():
        if key not in before and key not in renamed_to:
            _state_component(walk, aside, key, None, place)


def _state_component(
    walk: Walk, pair: int, key: tuple[str, str], was: Place | None, now: Place | None, *, heir: str | None = None
) -> None:
    action = Action.RENAMED if was and now else Action.REMOVED if was else Action.ADDED
    walk.fact(
        pair,
        Subject.COMPONENT,
        "presence",
        action,
        was and was[1],
        now and now[1],
        before=key[1] if was else ABSENT,
        after=heir or (key[1] if now else ABSENT),
        name=key[1],
        item=key[0],
        example=key[0] == "examples",
    )


def _compare_component(walk: Walk, section: str, was: Place, now: Place) -> None:
    """A component of the same name that no operation led to: compared all the same, for nothing to be lost."""
    if walk.is_unchanged(was, now):
        return
    left, right = walk.base.deref(*was), walk.revision.deref(*now)
    are_seen = id(left[0]) in walk.visited[0] and id(right[0]) in walk.visited[1]
    walk.seen(was, now)
    if walk.known(left, right) or id(right[0]) in walk.partners.get(id(left[0]), ()):
        return
    pair = walk.graph.add()
    if section == "schemas":
        pair_schemas(walk, was, now, parent=pair)
    elif section in ("parameters", "headers"):
        header = section == "headers"
        ends = [
            spec.header(place) if header else spec.parameter(*place)
            for spec, place in zip(walk.specs, (left, right), strict=True)
        ]
        compare_parameter(walk, pair, ends[0], ends[1], subject=Subject.HEADER if header else Subject.PARAMETER)
    elif section == "responses":
        responses = [spec.response(place) for spec, place in zip(walk.specs, (left, right), strict=True)]
        pair_responses(walk, pair, responses[0], responses[1], (0,))
    elif section == "requestBodies":
        bodies = [
            Body(place, place[0].get("required") is True, spec.media(*place), place[1])
            for spec, place in zip(walk.specs, (left, right), strict=True)
        ]
        pair_bodies(walk, pair, bodies[0], bodies[1], context=(0,))
    elif section == "mediaTypes":
        media = [spec.media_type(place[1].last, place) for spec, place in zip(walk.specs, (left, right), strict=True)]
        pair_media(walk, pair, media[0], media[1])
    elif section == "links":
        compare_link(walk, pair, left, right)
    elif not are_seen:
        facet = "example" if section == "examples" else "extension"
        walk.values(pair, Subject.COMPONENT, facet, left, right, item=section)
    walk.run()
