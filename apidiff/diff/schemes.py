"""Compares how callers prove who they are: security schemes, by their names or by what they ask for."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, Final

import orjson

from apidiff.diff.allowed import Allowance
from apidiff.diff.graph import Edge
from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.spec import Spec
from apidiff.spec.servers import normal
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

FLOW_NAMES: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
SCHEME_FACETS: Final = ("type", "in", "name", "scheme", "bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl")
FLOW_URLS: Final = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
MOST_SCHEMES: Final = 200
"""Past so many the operations that ask for the same are reached together, not once for each scheme."""
MOST_ALIKE: Final = 16
"""Schemes that ask for the same whose names are set against one; of more the first ones."""
MOST_LIKENED: Final = 4_000
"""Names that are set against each other, all in all; past them the first with the first."""


def renamed_schemes(specs: tuple[Spec, Spec]) -> dict[str, str]:
    """The names in the base of the revision's schemes that only have another name: it is not on the wire.

    Several that ask for the same are told apart by the likeness of their names. Where another scheme has the old name
    by now, that one is called otherwise (`_apart`), for it is not what the base calls so.
    """
    before, after = (spec.schemes for spec in specs)
    gone: dict[bytes, dict[str, None]] = {}
    has_new = not after.keys() <= before.keys()
    for name, place in before.items():
        heir = after.get(name)
        if heir is None or (has_new and heir[0] != place[0] and definition(heir) != definition(place)):
            gone.setdefault(definition(place), {})[name] = None
    found: dict[str, str] = {}
    allowance = Allowance(MOST_LIKENED)
    for name, place in after.items():
        if name not in before and (alike := gone.get(definition(place))):
            likely = [*islice(alike, MOST_ALIKE)]
            if len(likely) > 1 and allowance.takes(len(likely)):
                likely.sort(key=lambda other: _likeness(other, name), reverse=True)
            found[name] = likely[0]
            del alike[found[name]]
    return found | {name: _apart(name, before, after) for name in found.values() if name in after}


def _apart(name: str, *others: Mapping[str, Place]) -> str:
    """A name for a scheme that neither spec has, for its own means another scheme in the base."""
    name += " (new)"
    while any(name in schemes for schemes in others):
        name += " (new)"
    return name


def _likeness(one: str, two: str) -> float:
    return SequenceMatcher(None, one.lower(), two.lower(), autojunk=False).ratio()


def definition(place: Place) -> bytes:
    """What a scheme asks of callers, as a text: all that it says but descriptions and extensions."""
    scheme = _canonical(*place)
    if scheme.get("in") == "header" and isinstance(scheme.get("name"), str):
        scheme["name"] = scheme["name"].lower()
    return orjson.dumps(_bare(scheme), option=orjson.OPT_SORT_KEYS)


def _bare(node: Any) -> Any:
    if isinstance(node, tuple):  # a flow, with where it stands
        scopes = node[0].get("scopes")
        urls = {key: node[0][key] for key in FLOW_URLS if key in node[0]}
        return {**urls, "scopes": sorted(scopes) if isinstance(scopes, dict) else []}
    return {key: _bare(value) for key, value in node.items()} if isinstance(node, dict) else node


def compare_schemes(walk: Walk, users: Mapping[str, list[list[int]]], direction: int) -> None:
    """The definitions of security schemes, for the operations (by index, in lists that ask for the same) of each."""
    before = walk.specs[0].schemes
    after = {walk.scheme_names.get(name, name): place for name, place in walk.specs[1].schemes.items()}
    names = {heir: name for name, heir in walk.scheme_names.items() if heir in before}
    every = sorted({*before, *after})
    shared: dict[int, int] = {}
    for name in every:
        pair = walk.graph.add()
        for operations in users.get(name, ()):
            if len(every) <= MOST_SCHEMES:
                _seed(walk, pair, operations, direction)
                continue
            if id(operations) not in shared:
                shared[id(operations)] = walk.graph.add()
                _seed(walk, shared[id(operations)], operations, direction)
            walk.graph.connect(shared[id(operations)], Edge(pair, ""))
        was, now = before.get(name), after.get(name)
        for place, seen in zip((was, now), walk.visited, strict=True):
            if place is not None:
                seen.add(id(place[0]))
        if was is None or now is None or name in names:
            _state_presence(walk, pair, name, was, now, heir=names.get(name))
        if was and now and not walk.is_unchanged(was, now):
            _compare_scheme(walk, pair, name, was, now)


def _seed(walk: Walk, pair: int, operations: list[int], direction: int) -> None:
    for operation in operations:
        walk.graph.seed(pair, direction, operation, "")


def _state_presence(
    walk: Walk, pair: int, name: str, was: Place | None, now: Place | None, *, heir: str | None
) -> None:
    """A scheme that came or went, or has another name."""
    ends: tuple[Any, Any] = (was[0] if was else ABSENT, now[0] if now else ABSENT)
    walk.fact(
        pair,
        Subject.SECURITY_SCHEME,
        "presence",
        Action.RENAMED if heir else Action.REMOVED if was else Action.ADDED,
        was and was[1],
        now and now[1],
        before=name if heir else ends[0],
        after=heir or ends[1],
        name=name,
        item=name,
    )


def _compare_scheme(walk: Walk, pair: int, name: str, was: Place, now: Place) -> None:
    used = {
        scope
        for spec in walk.specs
        for operation in spec.operations.values()
        for scopes, _ in operation.security
        for scope in scopes.get(name, ())
    }
    subject = Subject.SECURITY_SCHEME
    left, right = _canonical(*was), _canonical(*now)
    if left.get("type") != right.get("type"):
        ends: list[tuple[Any, Pointer] | None] = [
            (side.get("type"), place[1].child("type")) for side, place in ((left, was), (right, now))
        ]
        walk.values(pair, subject, "type", ends[0], ends[1], name=name)
        for place, claims in ((was, walk.claims[0]), (now, walk.claims[1])):
            claims.add(place[1])  # another kind of scheme: its other fields are part of the same edit
        return
    for facet in SCHEME_FACETS:
        ends = _ends(facet, (left, was[1]), (right, now[1]))
        if facet == "name" and _names_one_header(left, right):
            continue
        walk.values(pair, subject, facet, ends[0], ends[1], name=name)
    flows = left["flows"], right["flows"]
    for flow in sorted({*flows[0], *flows[1]}):
        old, new = flows[0].get(flow), flows[1].get(flow)
        if old is None or new is None:
            walk.values(pair, subject, "flow", old, new, name=name, item=flow)
            continue
        _compare_flow(walk, pair, (name, flow), old, new, used=used)
        if old[0] is not was[0] and new[0] is not now[0]:  # in Swagger 2.0 the scheme is its flow
            walk.rest(pair, subject, old, new, known=frozenset({*FLOW_URLS, "scopes"}), name=name)
    known = frozenset({*SCHEME_FACETS, *FLOW_URLS, "flows", "flow", "scopes"})
    walk.rest(pair, subject, was, now, known=known, name=name)


def _names_one_header(left: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether two keys are sent in the same header, whose name ignores case (RFC 9110, 5.1)."""
    names = [str(side.get("name")).lower() for side in (left, right) if side.get("in") == "header"]
    return len(names) == 2 and names[0] == names[1]


def _is_same_address(one: Any, other: Any) -> bool:
    """Whether two URLs are equal in another spelling (RFC 3986, 6.2)."""
    if not (isinstance(one, str) and isinstance(other, str)) or one.endswith("/") is not other.endswith("/"):
        return False
    return normal(one) == normal(other)


def _compare_flow(walk: Walk, pair: int, names: tuple[str, str], was: Place, now: Place, *, used: set[str]) -> None:
    """Two OAuth flows of a scheme: their addresses, and the scopes that they offer."""
    subject, (name, flow) = Subject.SECURITY_SCHEME, names
    for url in FLOW_URLS:
        ends = _ends(url, was, now)
        if ends[0] and ends[1] and _is_same_address(ends[0][0], ends[1][0]):
            walk.claim(ends[0][1], ends[1][1])
        else:
            walk.values(pair, subject, url, ends[0], ends[1], name=name, item=flow, flow=flow)
    held = [scopes if isinstance(scopes := node.get("scopes"), dict) else {} for node, _ in (was, now)]
    scopes = [(mapping, at.child("scopes")) for mapping, (_, at) in zip(held, (was, now), strict=True)]
    for scope in sorted({*scopes[0][0], *scopes[1][0]}):
        texts = _ends(scope, *scopes)
        if texts[0] and texts[1]:
            walk.values(pair, subject, "description", texts[0], texts[1], name=name, item=scope)
        else:
            ends = [text and (scope, text[1]) for text in texts]
            is_used = scope in used
            walk.values(pair, subject, "scope", ends[0], ends[1], name=name, item=scope, used=is_used, flow=flow)


def _ends(key: str, *sides: Place) -> list[tuple[Any, Pointer] | None]:
    """What each side has under a key, and where."""
    return [(node[key], at.child(key)) if key in node else None for node, at in sides]


def _canonical(node: Any, pointer: Pointer) -> dict[str, Any]:
    """A scheme in the words of OpenAPI 3, its flows by name with where they stand."""
    scheme: dict[str, Any] = {facet: node[facet] for facet in SCHEME_FACETS if facet in node}
    flows = node.get("flows")
    scheme["flows"] = {
        name: (flow, pointer.child("flows", name))
        for name, flow in (flows.items() if isinstance(flows, dict) else ())
        if isinstance(flow, dict)
    }
    if scheme.get("type") == "basic":
        scheme |= {"type": "http", "scheme": "basic"}
    if isinstance(flow := node.get("flow"), str):
        scheme["flows"] = {FLOW_NAMES.get(flow, flow): (node, pointer)}
    if isinstance(scheme.get("scheme"), str):
        scheme["scheme"] = scheme["scheme"].lower()  # RFC 9110, 11.1: scheme names ignore case
    return scheme
