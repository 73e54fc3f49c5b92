"""Facts before verdicts: two specs in, every difference out, each once, with the graph that says whom it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from apidiff.diff import net
from apidiff.diff.declared import Declared
from apidiff.diff.document import compare_components, compare_document, compare_unused_media
from apidiff.diff.graph import PairGraph
from apidiff.diff.idle import compare_definitions
from apidiff.diff.moves import template, without_version
from apidiff.diff.operations import compare_operations, compare_path_item
from apidiff.diff.references import compare_references
from apidiff.diff.schemas import compare_schema
from apidiff.diff.schemes import compare_schemes, renamed_schemes
from apidiff.diff.servers import compare_servers
from apidiff.diff.sides import Sides
from apidiff.diff.walk import Walk
from apidiff.load.resolve import Side
from apidiff.spec import Operation, Spec
from apidiff.words.direction import REQUEST, RESPONSE
from apidiff.words.facts import Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer


class Staying(NamedTuple):
    """An operation that is in both specs: its number in the graph, and its two ends."""

    number: int
    base: Operation
    revision: Operation


@dataclass(frozen=True, slots=True)
class Differences:
    """All facts of a comparison in their graph.

    `names` are the operation ids that the graph's numbers stand for, `pairs` the matched ids (base, revision),
    `replaced` what takes the place of operations that are gone, `file` the one of several specs that it is of.
    """

    base: Spec
    revision: Spec
    graph: PairGraph
    names: tuple[OperationId, ...]
    pairs: tuple[tuple[OperationId, OperationId], ...]
    walk: Walk
    map_prefix: Mapping[str, str]
    replaced: Mapping[OperationId, OperationId]
    file: str = ""

    @property
    def first_paths(self) -> dict[str, str]:
        """The paths of the revision that are those of the base in another version, and what they were there."""
        paths = {(one.path, two.path) for one, two in self.pairs if one.path != two.path}
        return {
            now: was
            for was, now in sorted(paths)
            if template(was) != template(now) and without_version(was) == without_version(now)
        }


def differences(
    base: Side, revision: Side, *, map_prefix: Mapping[str, str] | None = None, declared: Declared | None = None
) -> Differences:
    """Walk both specs once and state every fact.

    `map_prefix` maps path prefixes of the base to the revision's, `declared` are the renames that people declared.
    """
    walk = Walk(Sides(base, revision, map_prefix=map_prefix or {}, declared=declared), compare_schema)
    specs = walk.specs
    walk.scheme_names = renamed_schemes(specs)
    names = _names(specs)
    index = {name: number for number, name in enumerate(names)}
    root = walk.graph.add()
    compare_document(walk, root)
    nodes = {name: walk.graph.add() for name in names}
    for name in names:
        walk.graph.seed(nodes[name], RESPONSE if name.is_webhook else REQUEST, index[name], "")
    pairs = compare_operations(walk, specs[0].operations, specs[1].operations, nodes=nodes)
    hooks = [spec.webhooks for spec in specs]
    calls = compare_operations(walk, hooks[0], hooks[1], nodes=nodes, subject=Subject.WEBHOOK)
    staying = [Staying(index[one], specs[0].operations[one], specs[1].operations[two]) for one, two in pairs]
    called = [Staying(index[one], hooks[0][one], hooks[1][two]) for one, two in calls]
    _compare_paths(walk, "paths", staying)
    _compare_paths(walk, "webhooks", called)
    heirs = _heirs_of_root(walk, staying)
    compare_servers(walk, heirs, paths_moved=_paths_moved(staying), handed_on=_servers_handed_on(specs, staying))
    compare_schemes(walk, _scheme_users(walk, staying), REQUEST)
    walk.run()
    walk.settle()
    compare_components(walk)
    walk.run()
    walk.settle()
    compare_definitions(walk)
    compare_references(walk, tuple(spec.everything for spec in specs), index)
    compare_unused_media(walk, root)
    net.cast(walk, root)
    sides = walk.sides
    return Differences(
        specs[0], specs[1], walk.graph, tuple(names), (*pairs, *calls), walk, sides.map_prefix, sides.replaced
    )


def _names(specs: tuple[Spec, Spec]) -> list[OperationId]:
    """Every operation's id, in the order in which reports list them."""
    return sorted({name for spec in specs for name in spec.everything}, key=lambda name: name.order)


def _paths_moved(staying: list[Staying]) -> bool:
    """Whether every matched path differs by just what the servers' prefixes do, but for a version."""
    return bool(staying) and all(
        template(base.path) != template(revision.path)
        and without_version(base.prefixes[0] + base.path) == without_version(revision.prefixes[0] + revision.path)
        and base.prefixes[0] != revision.prefixes[0]
        for _, base, revision in staying
    )


def _compare_paths(walk: Walk, section: str, staying: list[Staying]) -> None:
    """Path items themselves: summaries, descriptions and extensions beside their operations, which may have moved."""
    heirs = {base.path: revision.path for _, base, revision in reversed(staying)}
    users: dict[tuple[str, str], list[int]] = {}
    for number, base, revision in staying:
        users.setdefault((base.path, revision.path), []).append(number)
    sides = [side.root.get(section) for side in (walk.base, walk.revision)]
    left, right = (side if isinstance(side, dict) else {} for side in sides)
    at = Pointer("", (section,))
    walk.extensions(walk.graph.add(), Subject.DOCUMENT, (left, at), (right, at))
    for key in sorted({*left, *right}):
        if key.startswith("x-"):
            continue
        if key in left and (heir := key if key in right else heirs.get(key, key)) in right:
            pair = walk.graph.add()
            for number in users.get((key, heir), ()):
                walk.graph.seed(pair, REQUEST, number, "")
            compare_path_item(walk, pair, key, (left[key], at.child(key)), (right[heir], at.child(heir)))
        if key not in left or key not in right:
            # what its operations share came or went with them
            walk.claims[key in right].add(at.child(key))


def _heirs_of_root(walk: Walk, staying: list[Staying]) -> int:
    """A pair for the root's servers, seeded with the operations that have no servers of their own on either side."""
    pair = walk.graph.add()
    for number, *ends in staying:
        if all(end.servers is spec.server_places for end, spec in zip(ends, walk.specs, strict=True)):
            walk.graph.seed(pair, REQUEST, number, "")
    return pair


def _servers_handed_on(specs: tuple[Spec, Spec], staying: list[Staying]) -> bool:
    """Whether the root's servers went to the paths or operations that used them, or came from there."""
    used = [[ends[side].servers is spec.server_places for _, *ends in staying] for side, spec in enumerate(specs)]
    is_on_one_side = bool(specs[0].server_places) is not bool(specs[1].server_places)
    side = 0 if specs[0].server_places else 1
    return is_on_one_side and any(used[side]) and not any(used[1 - side])


def _scheme_users(walk: Walk, staying: list[Staying]) -> dict[str, list[list[int]]]:
    """The operations that each security scheme matters to: that name it wherever the scheme is there.

    Those that ask for the same in the same words are in one list, which all schemes that they name have together.
    """
    heirs = walk.scheme_names
    defined = walk.specs[0].schemes.keys(), {heirs.get(name, name) for name in walk.specs[1].schemes}
    alike: dict[tuple[int, int], list[int]] = {}
    first: list[Staying] = []
    for one in staying:
        numbers = alike.setdefault((id(one.base.security), id(one.revision.security)), [])
        numbers.append(one.number)
        if len(numbers) == 1:
            first.append(one)
    users: dict[str, list[list[int]]] = {}
    for _, base, revision in first:
        named = (
            {scheme for scopes, _ in base.security for scheme in scopes},
            {heirs.get(scheme, scheme) for scopes, _ in revision.security for scheme in scopes},
        )
        for scheme in named[0] | named[1]:
            if all(scheme in used for used, schemes in zip(named, defined, strict=True) if scheme in schemes):
                users.setdefault(scheme, []).append(alike[id(base.security), id(revision.security)])
    return users


__all__ = ["Differences", "Operation", "differences"]
