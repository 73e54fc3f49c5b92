"""Enters a pair of schemas from a place that holds them, and compares what stands beside a `$ref` there."""

from typing import Any, Final

from apidiff.diff.lifetimes import compare_lifetimes, lifetime_of
from apidiff.diff.markup import compare_markup_beside
from apidiff.diff.migrated import is_bytes
from apidiff.diff.scopes import Scope
from apidiff.diff.walk import Walk
from apidiff.diff.written import Wire
from apidiff.schema import Place
from apidiff.schema.keywords import KNOWN
from apidiff.spec import SUNSET_EXTENSIONS
from apidiff.words.direction import BOTH
from apidiff.words.facts import ABSENT, Action, Subject

TEXTS: Final = ("title", "description", "externalDocs", "$comment")
BESIDE: Final = frozenset({"$ref", *TEXTS, "xml", "example", "examples", "summary", "deprecated", *SUNSET_EXTENSIONS})

MOST_STEPS: Final = 100
"""References that one leads to, one after another."""


def pair_schemas(
    walk: Walk,
    base: Place,
    revision: Place,
    *,
    parent: int | None,
    label: str = "",
    flips: bool = False,
    mask: int = BOTH,
    wire: Wire | None = None,
) -> int | None:
    """Pair two schemas below a parent; what stands beside a `$ref` is compared here, once for each use.

    `wire` says how they are written, where that is not as JSON; else it is as their parent is.
    """
    if parent is not None:
        _compare_beside_reference(walk, parent, base, revision, mask)
    scope = None
    if walk.sides.is_scoped:
        (base, revision), scope = _in_scope(walk, parent, base, revision)
    base, revision = _whole(walk, 0, base), _whole(walk, 1, revision)
    if wire is None and parent is not None and (above := walk.wires.get(parent)) is not None:
        wire = above.below(label)
    kind = f"{wire.kind if wire else 'schema'}{scope or ''}"
    pair = walk.pair(walk.compare_schema, base, revision, parent=parent, edge=(label, flips, mask), kind=kind)
    if pair is not None and wire is not None:
        walk.wires[pair] = wire
    if pair is not None and scope is not None:
        walk.scopes[pair] = scope
    return pair


def _in_scope(
    walk: Walk, parent: int | None, base: Place, revision: Place
) -> tuple[tuple[Place, Place], tuple[Scope, Scope] | None]:
    """Two places as they are seen by the way to them, and what that leaves for the ways below."""
    above: tuple[Scope, Scope] = ((), ()) if parent is None else walk.scopes.get(parent, ((), ()))
    (was, left), (now, right) = (
        scopes.enter(place, scope)
        for scopes, place, scope in zip(walk.sides.scopes, (base, revision), above, strict=True)
    )
    return (was, now), (left, right) if left or right else None


def pair_with_any(walk: Walk, was: Place | None, now: Place | None, *, parent: int, label: str = "") -> None:
    """Pair a schema that allows every value with silence, which does too: what else it says may differ."""
    if place := was or now:
        nothing: dict[str, Any] = {}
        walk.keep(nothing)
        walk.claims[0 if was else 1].add(place[1])
        pair_schemas(walk, was or (nothing, place[1]), now or (nothing, place[1]), parent=parent, label=label)


def state_schema(walk: Walk, pair: int, was: Place | None, now: Place | None, *, name: str | None = None) -> None:
    """A body or parameter that had no schema and has one, or the other way round: from anything, or to anything."""
    place = was or now
    if place is None or walk.readers[0 if was else 1].view(*place).is_free or _is_unsaid_since(walk, was, now):
        pair_with_any(walk, was, now, parent=pair)
        return
    walk.fact(
        pair,
        Subject.SCHEMA,
        "type",
        Action.LOOSENED if was else Action.TIGHTENED,
        was and was[1],
        now and now[1],
        before=was[0] if was else ABSENT,
        after=now[0] if now else ABSENT,
        name=name,
        undeclared=True,
    )


def _is_unsaid_since(walk: Walk, was: Place | None, now: Place | None) -> bool:
    """Whether one side stands for any bytes, which the other one's version has no schema for."""
    side, place = (0, was) if was else (1, now)
    old, new = (walk.base, walk.revision) if was else (walk.revision, walk.base)
    are_apart = new.dialect.is_json_schema and not old.dialect.is_json_schema
    return place is not None and are_apart and is_bytes(walk.readers[side].view(*place))


def _whole(walk: Walk, side: int, place: Place) -> Place:
    """A place whose `$ref` has siblings that count, as one node that `deref` does not see through; or leads to one."""
    here = (walk.base, walk.revision)[side]
    if not here.dialect.is_json_schema:
        return place
    node, pointer = place
    for _ in range(MOST_STEPS):
        if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
            return place
        if not (len(node) == 1 or node.keys() <= BESIDE):
            break
        node, pointer = here.target(node["$ref"], pointer)
    else:
        return place  # a circle, which `deref` refuses
    made = {"allOf": [{"$ref": node["$ref"]}, {key: value for key, value in node.items() if key != "$ref"}]}
    kept = here.make(
        ("beside", id(node)), made, [(made, pointer), (made["allOf"][0], pointer), (made["allOf"][1], pointer)]
    )
    walk.visited[side].add(id(node))
    return kept, pointer


def _compare_beside_reference(walk: Walk, parent: int, base: Place, revision: Place, mask: int) -> None:
    """Annotations beside `$ref`: OpenAPI 3.0 ignores them, 3.1 lets them describe this use; a program sees neither."""
    for place, seen in zip((base, revision), walk.visited, strict=True):
        if isinstance(place[0], dict) and "$ref" in place[0]:
            seen.add(id(place[0]))
    left, right = (_beside(place) for place in (base, revision))
    if left is None or right is None or left == right:
        return
    if left.get("xml") != right.get("xml"):
        compare_markup_beside(walk, parent, (base, revision), mask)
    lives = [lifetime_of(*place) for place in (base, revision)]
    if lives[0] != lives[1]:
        compare_lifetimes(walk, parent, Subject.SCHEMA, lives[0], lives[1], mask=mask)
    for key in [*left, *(key for key in right if key not in left)]:
        if key in ("xml", "deprecated", *SUNSET_EXTENSIONS) or _is_compared(walk, key, (base, revision)):
            continue
        facet = key if key in TEXTS or key in ("example", "examples", "summary") else "extension"
        if facet == "extension" and key in KNOWN:
            facet = "ineffective-keyword"
        walk.values(
            parent,
            Subject.SCHEMA,
            facet,
            (left[key], base[1].child(key)) if key in left else None,
            (right[key], revision[1].child(key)) if key in right else None,
            item="" if facet == key else key,
            mask=mask,
        )


def _is_compared(walk: Walk, key: str, places: tuple[Place, Place]) -> bool:
    """Whether what stands beside a `$ref` is part of the schema there, and compared with it."""
    return any(
        side.dialect.is_json_schema and isinstance(node, dict) and key in node and not node.keys() <= BESIDE
        for side, (node, _) in zip(walk.sides.both, places, strict=True)
    )


def _beside(place: Place) -> dict[str, Any] | None:
    node = place[0]
    if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
        return None
    return {key: value for key, value in node.items() if key != "$ref"}
