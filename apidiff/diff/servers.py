"""Compares where an API answers: two lists of servers, as the sets of addresses that they offer.

An address that the revision still offers, however it is written or by whichever server, is no loss.
"""

from dataclasses import dataclass
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.load.values import same
from apidiff.schema import Place
from apidiff.spec import Addresses, Server, servers_of
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

KNOWN: Final = frozenset({"url", "variables", "name"})
SWAGGER_KEYS: Final = ("host", "basePath", "schemes")
CHOICE_KEYS: Final = frozenset({"default", "enum"})
CLOSED: Final = Action.TIGHTENED
OPENED: Final = Action.LOOSENED
Pair = tuple[Server, Server]
Said = tuple[Any, Any]
Moved = tuple[frozenset[str], frozenset[str]]
"""The addresses that the revision no longer offers, and those that the base did not."""


def compare_servers(walk: Walk, pair: int, *, paths_moved: bool, handed_on: bool) -> None:
    """The servers of the root; where a part of their path went into the paths, or out of them, the paths say so.

    It is only said there where the hosts are the same. Where the servers were handed on to all that used them
    (`handed_on`), or are shared now, each of these says whether they are other ones.
    """
    before, after = (spec.server_places for spec in walk.specs)
    if handed_on or (paths_moved and Addresses(servers_of(before)).hosts == Addresses(servers_of(after)).hosts):
        for places, claims in ((before, walk.claims[0]), (after, walk.claims[1])):
            claims.update(place[1] for place in places)
        return
    compare_server_lists(walk, pair, before, after)


def compare_server_lists(walk: Walk, pair: int, before: tuple[Place, ...], after: tuple[Place, ...]) -> None:
    """Two lists of servers; an empty one offers `/`."""
    for places, seen, claims in zip((before, after), walk.visited, walk.claims, strict=True):
        seen.update(id(node) for node, _ in places)
        claims.update(at.child("url") for _, at in places)
    if same([node for node, _ in before], [node for node, _ in after]):
        return
    was, now = servers_of(before), servers_of(after)
    offered = Addresses(was), Addresses(now)
    lost, gained = offered[0] - offered[1], offered[1] - offered[0]
    kept, gone, come = _matched(was, now)
    replaced: list[Pair] = []
    is_one_for_one = len(was) == len(now) or any(side[0].place is None for side in (was, now))
    for left, right in zip(gone, come, strict=False) if is_one_for_one else ():
        if not (left.addresses <= lost and right.addresses <= gained):
            break
        replaced.append((left, right))
        _state(walk, pair, left, right)
    for server in gone[len(replaced) :]:
        _state_lost(walk, pair, server, lost, Action.REMOVED)
    for server in come[len(replaced) :]:
        _state_lost(walk, pair, server, gained, Action.ADDED)
    for one, two in kept:
        _compare_variables(walk, pair, (one, two), (lost, gained))
    for one, two in (*kept, *replaced):
        if one.place and two.place:
            _compare_texts(walk, pair, one.place, two.place, name=one.url)


def _matched(was: tuple[Server, ...], now: tuple[Server, ...]) -> tuple[list[Pair], list[Server], list[Server]]:
    """Which server is which: by the address that nobody chooses, then by the choice that it leaves."""
    gone, come = list(was), list(now)
    kept: list[Pair] = []
    for key in (_default, _shape):
        heirs: dict[str, list[Server]] = {}
        for other in reversed(come):
            heirs.setdefault(key(other), []).append(other)
        pairs = [(server, heirs[key(server)].pop()) for server in gone if heirs.get(key(server))]
        taken = {id(server) for pair in pairs for server in pair}
        kept += pairs
        gone, come = ([server for server in side if id(server) not in taken] for side in (gone, come))
    return kept, gone, come


def _default(server: Server) -> str:
    return server.default


def _shape(server: Server) -> str:
    return server.shape


def _state_lost(walk: Walk, pair: int, server: Server, lost: frozenset[str], action: Action) -> None:
    """A server that only one side has: as a whole, or the addresses that nobody on the other side offers."""
    ends = (server, None) if action is Action.REMOVED else (None, server)
    if server.addresses <= lost:
        _state(walk, pair, *ends)
        return
    walk.claims[action is Action.ADDED].update([server.place[1]] if server.place else ())
    for address in sorted(server.addresses & lost):
        _state(walk, pair, *ends, address=address)


def _state(walk: Walk, pair: int, was: Server | None, now: Server | None, *, address: str | None = None) -> None:
    action = Action.REPLACED if was and now else Action.REMOVED if was else Action.ADDED
    urls = [(server.written(address) if address else server.url) if server else ABSENT for server in (was, now)]
    at = _at(walk, was, now)
    walk.fact(
        pair,
        Subject.SERVER,
        "url",
        action,
        at[0],
        at[1],
        before=urls[0],
        after=urls[1],
        name=str(urls[0] if was else urls[1]),
        item=str(urls[0] if was else urls[1]),
    )


def _at(walk: Walk, was: Server | None, now: Server | None) -> list[Pointer | None]:
    """Where two servers stand: of those that Swagger 2.0 puts together, the first part that differs."""
    ends = [server.place[1] if server and server.place else None for server in (was, now)]
    if ends[0] and ends[1] and all(spec.is_swagger for spec in walk.specs):
        roots = [side.root for side in (walk.base, walk.revision)]
        key = next((key for key in SWAGGER_KEYS if not same(roots[0].get(key), roots[1].get(key))), None)
        if key is not None and all(end.segments[0] in SWAGGER_KEYS for end in ends if end):
            return [Pointer("", (key,)) if key in root else end for root, end in zip(roots, ends, strict=True)]
    return ends


@dataclass(frozen=True, slots=True)
class _Choice:
    """A variable of a server: what it may be (None for anything), what it is where nobody chooses, where it stands.

    One that only the other side has is written out here: its one value is its default.
    """

    server: Server
    name: str | None
    node: dict[str, Any]
    values: tuple[str, ...] | None
    at: Pointer | None

    @property
    def default(self) -> Any:
        """What it is where nobody chooses."""
        return self.node.get("default", ABSENT)

    @property
    def is_free(self) -> bool:
        """Whether it leaves a choice."""
        return self.values is None or len(self.values) > 1


def _choices(servers: Pair, names: tuple[str | None, str | None]) -> tuple[_Choice, _Choice]:
    sides = []
    for server, name, other, others in zip(servers, names, servers[::-1], names[::-1], strict=True):
        values = (str(_node(other, others).get("default", "")),) if name is None else server.values(name)
        node = _node(server, name)
        place = server.place and (server.place[1].child("variables", str(name)) if node else server.place[1])
        sides.append(_Choice(server, name, node, values, place))
    return sides[0], sides[1]


def _node(server: Server, name: str | None) -> dict[str, Any]:
    variables = server.node.get("variables")
    node = variables.get(name) if isinstance(variables, dict) and name is not None else None
    return node if isinstance(node, dict) else {}


def _compare_variables(walk: Walk, pair: int, servers: Pair, moved: Moved) -> None:
    """The variables of two servers that are each other's, whatever they are called."""
    was, now = servers
    for server, claims in zip(servers, walk.claims, strict=True):
        if server.place and isinstance(held := server.node.get("variables"), dict):
            claims.update(server.place[1].child("variables", name) for name in held)
    _compare_unused(walk, pair, servers)
    heirs = {name: name for name in was.variables if name in now.variables}
    if was.shape == now.shape and len(was.variables) == len(now.variables):
        heirs = dict(zip(was.variables, now.variables, strict=True))
    names: list[tuple[str | None, str | None]] = [(name, heirs.get(name)) for name in was.variables]
    names += [(None, name) for name in now.variables if name not in heirs.values()]
    told: set[int] = set()
    for ends in names:
        told |= _compare_choice(walk, pair, _choices(servers, ends), moved)
    for side, action in ((0, Action.REMOVED), (1, Action.ADDED)):
        if side not in told and servers[side].addresses & moved[side]:
            _state_lost(walk, pair, servers[side], moved[side], action)


def _compare_unused(walk: Walk, pair: int, servers: Pair) -> None:
    """Variables that the URL of neither server has: they lead to no address."""
    ends = []
    for server in servers:
        held = server.node.get("variables")
        unused = (
            {name: node for name, node in held.items() if name not in server.variables}
            if isinstance(held, dict)
            else {}
        )
        at = server.place and server.place[1].child("variables")
        ends.append({name: (node, at.child(name)) for name, node in unused.items()} if at else {})
    for name in sorted({*ends[0], *ends[1]} - {*servers[0].variables, *servers[1].variables}):
        walk.values(
            pair,
            Subject.SERVER,
            "unused-variable",
            ends[0].get(name),
            ends[1].get(name),
            item=name,
            name=servers[0].url,
        )


def _compare_choice(walk: Walk, pair: int, ends: tuple[_Choice, _Choice], moved: Moved) -> set[int]:
    """One variable, as far as it leads to other addresses; the sides of which that says why an address came or went."""
    was, now = ends
    told = set()
    for side, (mine, other) in enumerate(((was, now), (now, was))):
        if mine.name is None or other.values is None:
            continue
        if mine.values is None:
            if mine.server.addresses_with(mine.name, None) & moved[side]:
                told.add(side)
                said = (ABSENT, list(other.values)) if side == 0 else (list(other.values), ABSENT)
                _state_choice(walk, pair, ends, action=(CLOSED, OPENED)[side], said=said)
            continue
        strays = [value for value in mine.values if value not in other.values]
        strays = [value for value in strays if mine.server.addresses_with(mine.name, value) & moved[side]]
        if strays:
            told.add(side)
            said = (strays, ABSENT) if side == 0 else (ABSENT, strays)
            _state_choice(walk, pair, ends, action=(Action.REMOVED, Action.ADDED)[side], said=said)
    has_both = was.default is not ABSENT and now.default is not ABSENT
    if was.is_free and now.is_free and has_both and not same(was.default, now.default):
        said = (was.default, now.default)
        _state_choice(walk, pair, ends, facet="variables", action=Action.REPLACED, said=said)
    if was.node and now.node and was.at and now.at:
        left, right = (was.node, was.at), (now.node, now.at)
        walk.rest(pair, Subject.SERVER, left, right, known=CHOICE_KEYS, name=was.server.url)
    return told


def _state_choice(
    walk: Walk, pair: int, ends: tuple[_Choice, _Choice], *, facet: str = "variable", action: Action, said: Said
) -> None:
    was, now = ends
    walk.fact(
        pair,
        Subject.SERVER,
        facet,
        action,
        was.at,
        now.at,
        before=said[0],
        after=said[1],
        name=was.server.template if was.name else now.server.template,
        item=was.name or now.name or "",
    )


def _compare_texts(walk: Walk, pair: int, was: Place, now: Place, *, name: str) -> None:
    """What is said of a server beside its address; OpenAPI 3.2 gives it a name."""
    ends = [(node["name"], at.child("name")) if "name" in node else None for node, at in (was, now)]
    walk.values(pair, Subject.SERVER, "name", ends[0], ends[1], name=name)
    walk.rest(pair, Subject.SERVER, was, now, known=KNOWN, name=name)
