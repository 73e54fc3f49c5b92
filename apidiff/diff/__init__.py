"""Facts before verdicts: two specs in, every difference out, each once, with the graph that says whom it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass

from apidiff.diff import net
from apidiff.diff.document import compare_components, compare_document, compare_servers
from apidiff.diff.operations import PATH_ITEM_KEYS, compare_operations
from apidiff.diff.schemas import compare_schema
from apidiff.diff.security import compare_schemes
from apidiff.diff.walk import Walk
from apidiff.facts import Subject
from apidiff.graph import REQUEST, RESPONSE, PairGraph
from apidiff.match import template
from apidiff.model import Operation, Spec
from apidiff.pointer import Pointer
from apidiff.resolve import Side


@dataclass(frozen=True, slots=True)
class Differences:
    """All facts of a comparison in their graph.

    `names` are the operation ids that the graph's numbers stand for, `pairs` the matched ids (base, revision).
    """

    base: Spec
    revision: Spec
    graph: PairGraph
    names: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    walk: Walk
    map_prefix: Mapping[str, str]


def differences(base: Side, revision: Side, *, map_prefix: Mapping[str, str] | None = None) -> Differences:
    """Walk both specs once and state every fact; `map_prefix` maps path prefixes of the base to the revision's."""
    walk = Walk(base, revision, compare_schema=compare_schema, map_prefix=map_prefix or {})
    specs = walk.specs
    names = _names(specs)
    index = {name: number for number, name in enumerate(names)}
    root = walk.graph.add()
    compare_document(walk, root)
    nodes = {name: walk.graph.add() for name in names}
    for name in names:
        is_webhook = name.startswith("webhook ")
        walk.graph.seed(nodes[name], RESPONSE if is_webhook else REQUEST, index[name], "")
    pairs = compare_operations(walk, specs[0].operations, specs[1].operations, nodes=nodes)
    hooks = [{f"webhook {key}": value for key, value in spec.webhooks.items()} for spec in specs]
    pairs += compare_operations(walk, hooks[0], hooks[1], nodes=nodes, subject=Subject.WEBHOOK)
    _compare_paths(walk, index, pairs)
    everything = walk.graph.add()
    for name in names:
        if name in specs[0].operations:
            walk.graph.seed(everything, REQUEST, index[name], "")
    compare_servers(walk, everything, paths_moved=_paths_moved(specs, pairs))
    compare_schemes(walk, _scheme_users(specs, index), REQUEST)
    walk.run()
    compare_components(walk)
    walk.run()
    walk.settle()
    net.cast(walk, root)
    return Differences(specs[0], specs[1], walk.graph, tuple(names), tuple(pairs), walk, walk.map_prefix)


def _names(specs: tuple[Spec, Spec]) -> list[str]:
    """Every operation's id, by path, then method: the order in which reports list them."""
    names = {name for spec in specs for name in spec.operations}
    names |= {f"webhook {name}" for spec in specs for name in spec.webhooks}
    return sorted(names, key=lambda name: (name.partition(" ")[2], name))


def _paths_moved(specs: tuple[Spec, Spec], pairs: list[tuple[str, str]]) -> bool:
    """Whether every matched path differs by just what the servers' prefixes do."""
    moved = 0
    for one, two in pairs:
        base, revision = specs[0].operations.get(one), specs[1].operations.get(two)
        if base is None or revision is None:
            continue
        if template(base.path) == template(revision.path):
            return False
        if base.prefixes[0] + template(base.path) != revision.prefixes[0] + template(revision.path):
            return False
        moved += 1
    return moved > 0


def _compare_paths(walk: Walk, index: dict[str, int], pairs: list[tuple[str, str]]) -> None:
    """Path items themselves: summaries, descriptions and extensions beside their operations, which may have moved."""
    heirs = {one.partition(" ")[2]: two.partition(" ")[2] for one, two in reversed(pairs)}
    for section in ("paths", "webhooks"):
        sides = [side.root.get(section) for side in (walk.base, walk.revision)]
        left, right = (side if isinstance(side, dict) else {} for side in sides)
        at = Pointer("", (section,))
        walk.visited[0].add(id(left))
        walk.visited[1].add(id(right))
        for key in sorted({*left, *right}):
            if key.startswith("x-"):
                ends = [(side[key], at.child(key)) if key in side else None for side in (left, right)]
                walk.values(walk.graph.add(), Subject.DOCUMENT, "extension", ends[0], ends[1], item=key)
            elif key in left and (heir := key if key in right else heirs.get(key, key)) in right:
                _compare_path_item(walk, index, key, (left[key], at.child(key)), (right[heir], at.child(heir)))
            if not key.startswith("x-") and (key not in left or key not in right):
                # what its operations share came or went with them
                walk.claims[key in right].add(at.child(key))


def _compare_path_item(walk: Walk, index: dict[str, int], path: str, base: tuple[object, Pointer], revision: tuple[object, Pointer]) -> None:  # fmt: skip  # noqa: E501
    left, right = walk.base.deref(*base), walk.revision.deref(*revision)
    for place, seen in (
        (base, walk.visited[0]),
        (left, walk.visited[0]),
        (revision, walk.visited[1]),
        (right, walk.visited[1]),
    ):
        seen.add(id(place[0]))
    pair = walk.graph.add()
    for name, number in index.items():
        if name.endswith(f" {path}"):
            walk.graph.seed(pair, REQUEST, number, "")
    walk.rest(pair, Subject.OPERATION, left, right, known=PATH_ITEM_KEYS, name=path)


def _scheme_users(specs: tuple[Spec, Spec], index: dict[str, int]) -> dict[str, list[int]]:
    users: dict[str, set[int]] = {}
    for spec in specs:
        for name, operation in spec.operations.items():
            for scopes, _ in operation.security:
                for scheme in scopes:
                    users.setdefault(scheme, set()).add(index[name])
    return {scheme: sorted(operations) for scheme, operations in users.items()}


__all__ = ["Differences", "Operation", "differences"]
