"""Compares operations: which one is which, what was said of each, and everything that each sends and receives."""

from collections.abc import Mapping
from typing import Any, Final

from apidiff.diff.bodies import compare_body, compare_responses
from apidiff.diff.graph import Edge
from apidiff.diff.lifetimes import compare_lifetimes, compare_unheard, lifetime_of
from apidiff.diff.moves import mapped, matched, template, without_version
from apidiff.diff.parameters import compare_parameters
from apidiff.diff.security import compare_security
from apidiff.diff.servers import compare_server_lists
from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.spec import METHODS, STABILITY_KEYS, SUNSET_EXTENSIONS, Operation
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer
from apidiff.words.renames import Renamed

OPERATION_KEYS: Final = frozenset(
    {
        "parameters",
        "requestBody",
        "responses",
        "security",
        "servers",
        "callbacks",
        "operationId",
        "tags",
        "deprecated",
        "consumes",
        "produces",
        "schemes",
        "$ref",
        *STABILITY_KEYS,
        *SUNSET_EXTENSIONS,
    }
)
STABILITY: Final = {"draft": 0, "experimental": 0, "alpha": 1, "beta": 2, "preview": 2, "": 3, "stable": 3, "ga": 3}
UNSTABLE: Final = frozenset({"draft", "experimental", "alpha", "beta", "preview"})


def compare_operations(
    walk: Walk,
    base: Mapping[OperationId, Operation],
    revision: Mapping[OperationId, Operation],
    *,
    nodes: Mapping[OperationId, int],
    subject: Subject = Subject.OPERATION,
) -> list[tuple[OperationId, OperationId]]:
    """Compare every operation of two sets and give the matched ids; `nodes` has the graph's index of each id."""
    is_called = subject is Subject.OPERATION
    known = _declared(walk, base, revision) if walk.sides.declared and is_called else {}
    pairs = matched(base, revision, map_prefix=walk.sides.map_prefix, known=known, by_content=is_called)
    gone, come = set(base) - {one for one, _ in pairs}, set(revision) - {two for _, two in pairs}
    for name in sorted(gone):
        _state_presence(walk, nodes[name], base[name], Action.REMOVED, subject)
    for name in sorted(come):
        _state_presence(walk, nodes[name], revision[name], Action.ADDED, subject)
    for one, two in sorted(pairs):
        if one != two:
            state = _state_sent_elsewhere if subject is Subject.CALLBACK else _state_moved
            state(walk, nodes[one], base[one], revision[two], guess=pairs[one, two])
        elif base[one].place[1].last != revision[two].place[1].last and is_called:
            _state_method(walk, nodes[one], base[one], revision[two])
        if subject is Subject.CALLBACK:
            _compare_called(walk, nodes[one], base[one], revision[two])
        else:
            compare_operation(walk, nodes[one], base[one], revision[two])
    return list(pairs)


def _compare_called(walk: Walk, parent: int, base: Operation, revision: Operation) -> None:
    """An operation of a callback: compared once, however many callbacks lead to it."""
    pair, is_new = walk.node("called", base.node, revision.node)
    walk.graph.connect(parent, Edge(pair, ""))
    if is_new:
        compare_operation(walk, pair, base, revision)


def _declared(
    walk: Walk, base: Mapping[OperationId, Operation], revision: Mapping[OperationId, Operation]
) -> dict[OperationId, OperationId | None]:
    """What became of operations as people declared it; None for those that others take the place of."""
    known: dict[OperationId, OperationId | None] = {}
    for old, heirs in walk.sides.declared.operations(base, revision).items():
        name, new = OperationId(old), OperationId(heirs.names[0])
        is_same = heirs.are_new and len(heirs.names) == 1 and new not in known.values()
        known[name] = new if is_same else None
        if not is_same:
            walk.sides.replaced[name] = OperationId(", ".join(heirs.names))
    return known


def is_plain_match(base: Operation, revision: Operation, map_prefix: Mapping[str, str]) -> bool:
    """Whether callers of the one are callers of the other: the URL on the wire is the same, or the user says so."""
    if base.method != revision.method:
        return False
    if template(base.path) == template(revision.path) or mapped(base.path, map_prefix) == template(revision.path):
        return True
    return base.prefixes[0] + template(base.path) == revision.prefixes[0] + template(revision.path)


def _state_presence(walk: Walk, pair: int, operation: Operation, action: Action, subject: Subject) -> None:
    is_removed = action is Action.REMOVED
    pointer = operation.place[1]
    walk.fact(
        pair,
        subject,
        "presence",
        action,
        pointer if is_removed else None,
        None if is_removed else pointer,
        before=_head(operation) if is_removed else ABSENT,
        after=ABSENT if is_removed else _head(operation),
        name=operation.id,
        item=operation.method,
        **lifetime_of(operation.node, pointer).flags,
        unstable=operation.stability in UNSTABLE,
        renamed_to=walk.sides.replaced.get(operation.id) if is_removed else None,
        declared=is_removed and operation.id in walk.sides.replaced,
    )


def _head(operation: Operation) -> dict[str, Any]:
    keys = ("operationId", "summary", "deprecated")
    return {key: operation.node[key] for key in keys if key in operation.node}


def _state_moved(walk: Walk, pair: int, base: Operation, revision: Operation, *, guess: str) -> None:
    for operation, claims in ((base, walk.claims[0]), (revision, walk.claims[1])):
        claims.add(operation.place[1])
    if is_plain_match(base, revision, walk.sides.map_prefix):
        return
    is_declared = walk.sides.declared.tells(Renamed.OPERATION, base.id)
    _state_path(
        walk,
        pair,
        Subject.OPERATION,
        base,
        revision,
        version_prefix=_only_version(base.path, revision.path),
        method=base.method != revision.method,
        matched_by=None if is_declared else _reason(base, revision) or guess,
        declared=is_declared,
    )


def _state_method(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """A method whose letters are others: it is sent as it is written (OpenAPI 3.2, 4.9; RFC 9110, 9.1)."""
    if all("additionalOperations" in side.place[1].segments for side in (base, revision)):
        names = tuple(f"{side.place[1].last} {side.path}" for side in (base, revision))
        _state_path(walk, pair, Subject.OPERATION, base, revision, names=names, method=True, matched_by="operationId")


def _state_sent_elsewhere(walk: Walk, pair: int, base: Operation, revision: Operation, *, guess: str) -> None:
    """A callback whose address is read from another part of the call (OpenAPI 3.1, 4.8.18)."""
    _state_path(walk, pair, Subject.CALLBACK, base, revision, matched_by=guess)


def _state_path(
    walk: Walk,
    pair: int,
    subject: Subject,
    base: Operation,
    revision: Operation,
    *,
    names: tuple[str, ...] = (),
    **flags: Any,
) -> None:
    """That an operation is called at another address, by its id on both sides or by the names that are given."""
    before, after = names or (base.id, revision.id)
    walk.fact(
        pair,
        subject,
        "path",
        Action.MOVED,
        base.place[1],
        revision.place[1],
        before=before,
        after=after,
        name=base.id,
        item="moved",
        **flags,
    )


def _reason(base: Operation, revision: Operation) -> str:
    """Why two operations at different places are taken for each other's, where that is no guess."""
    if base.operation_id is not None and base.operation_id == revision.operation_id:
        return "operationId"
    return "the path without its version" if _only_version(base.path, revision.path) else ""


def _only_version(base: str, revision: str) -> bool:
    return without_version(base) == without_version(revision)


def compare_operation(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """Two operations that are each other's."""
    for operation, seen in zip((base, revision), walk.visited, strict=True):
        seen.add(id(operation.node))
    _compare_security_and_servers(walk, pair, base, revision)
    same_node = walk.is_unchanged(base.place, revision.place)
    compare_parameters(walk, pair, base, revision)
    if same_node and not walk.specs[0].is_swagger:
        return
    _compare_names(walk, pair, base, revision)
    _compare_life(walk, pair, base, revision)
    compare_body(walk, pair, base, revision)
    answers = walk.graph.add()
    walk.graph.connect(pair, Edge(answers, "", turns=True))
    compare_responses(walk, answers, base, revision)
    _compare_callbacks(walk, pair, base, revision)
    walk.rest(pair, Subject.OPERATION, base.place, revision.place, known=OPERATION_KEYS, name=base.id)


MOST_SERVERS: Final = 64
"""Past so many, the operations of a path that share them are reached together, not each on its own."""


def _compare_security_and_servers(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    compare_security(walk, pair, base, revision)
    roots = [spec.server_places for spec in walk.specs]
    if base.servers is roots[0] and revision.servers is roots[1]:
        return
    if max(len(base.servers), len(revision.servers)) > MOST_SERVERS:
        shared, is_new = walk.node("servers", base.servers, revision.servers)
        walk.graph.connect(pair, Edge(shared, ""))
        if not is_new:
            return
        pair = shared
    compare_server_lists(walk, pair, base.servers, revision.servers)


def _compare_names(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    ends = [
        (side.node["operationId"], side.place[1].child("operationId")) if "operationId" in side.node else None
        for side in (base, revision)
    ]
    walk.values(pair, Subject.OPERATION, "operationId", ends[0], ends[1], name=base.id)
    tags = [_by_text(side.node.get("tags")) for side in (base, revision)]
    for text, tag in {**tags[0], **tags[1]}.items() if tags[0].keys() != tags[1].keys() else ():
        both = [
            (tag, side.place[1].child("tags")) if text in mine else None
            for side, mine in zip((base, revision), tags, strict=True)
        ]
        if both[0] is None or both[1] is None:
            walk.values(pair, Subject.OPERATION, "tags", both[0], both[1], name=base.id, item=str(tag))


def _by_text(tags: Any) -> dict[str, Any]:
    """The tags of an operation, each once, by what they are as text: a list may hold anything."""
    return {repr(tag): tag for tag in tags} if isinstance(tags, list) else {}


def _compare_life(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """Deprecation, sunset and stability (OpenAPI `deprecated`; extensions in use)."""
    ends = [lifetime_of(side.node, side.place[1]) for side in (base, revision)]
    compare_lifetimes(walk, pair, Subject.OPERATION, ends[0], ends[1], name=base.id, unsaid=False)
    _compare_stability(walk, pair, base, revision)
    said: list[dict[str, Place]] = [
        {key: (side.node[key], side.place[1].child(key)) for key in STABILITY_KEYS if key in side.node}
        for side in (base, revision)
    ]
    heard = base.stability_place, revision.stability_place
    compare_unheard(walk, pair, Subject.OPERATION, said, heard, keys=STABILITY_KEYS, name=base.id)


def _compare_stability(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The level by its rank; another word for the same rank is an extension that changed."""
    was, now = (side.stability_place for side in (base, revision))
    words = [str(place[0]).lower() if place else "stable" for place in (was, now)]
    ranks = [STABILITY.get(word, STABILITY["stable"]) for word in words]
    if ranks[0] != ranks[1]:
        walk.fact(
            pair,
            Subject.OPERATION,
            "stability",
            Action.TIGHTENED if ranks[1] < ranks[0] else Action.LOOSENED,
            was and was[1],
            now and now[1],
            before=base.stability or "stable",
            after=revision.stability or "stable",
            name=base.id,
        )
    elif words[0] != words[1]:
        item = (was or now or ("", Pointer()))[1].last
        walk.values(pair, Subject.OPERATION, "extension", was, now, item=item, name=base.id)


def _compare_callbacks(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    for name in sorted({*base.callbacks, *revision.callbacks}):
        was, now = base.callbacks.get(name), revision.callbacks.get(name)
        if was and now:
            _pair_callbacks(walk, pair, was, now, name=name)
        elif only := was or now:
            walk.fact(
                pair,
                Subject.CALLBACK,
                "presence",
                Action.REMOVED if was else Action.ADDED,
                only[1] if was else None,
                only[1] if now else None,
                name=name,
                item=name,
            )


def _pair_callbacks(walk: Walk, parent: int, was: Place, now: Place, *, name: str) -> None:
    """Two callbacks that are each other's, compared once: their operations may call back with the same."""
    base, revision = walk.base.deref(*was), walk.revision.deref(*now)
    if not (isinstance(base[0], dict) and isinstance(revision[0], dict)):  # no callback: the net says what differs
        pair = walk.graph.add()
        compare_callback(walk, pair, base, revision)
        is_new = False
    else:
        pair, is_new = walk.node("callback", base[0], revision[0])
    walk.graph.connect(parent, Edge(pair, f"callback {name}", turns=True))
    if is_new:
        walk.later(compare_callback, pair, base, revision)


def compare_callback(walk: Walk, pair: int, base: Place, revision: Place) -> None:
    """The operations of two callbacks, what is said beside them, and what their path items say beside theirs."""
    called = walk.specs[0].called(base), walk.specs[1].called(revision)
    nodes = dict.fromkeys({*called[0], *called[1]}, pair)
    compare_operations(walk, *called, nodes=nodes, subject=Subject.CALLBACK)
    (left, at), (right, there) = base, revision
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return  # no callback: what differs is left to the net
    walk.extensions(pair, Subject.CALLBACK, base, revision)
    for expression in sorted({*left} | {*right}):
        if expression in left and expression in right and not expression.startswith("x-"):
            ends = (left[expression], at.child(expression)), (right[expression], there.child(expression))
            compare_path_item(walk, pair, expression, *ends)


def compare_path_item(walk: Walk, pair: int, path: str, base: Place, revision: Place) -> None:
    """What a path says beside its operations."""
    ends = walk.base.deref(*base), walk.revision.deref(*revision)
    walk.seen(base, revision)
    walk.seen(*ends)
    walk.rest(pair, Subject.OPERATION, *ends, known=PATH_ITEM_KEYS, name=path)


PATH_ITEM_KEYS: Final = frozenset({*METHODS, "parameters", "servers", "$ref", "additionalOperations"})
