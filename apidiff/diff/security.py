"""Compares who may call: security requirements of operations, and the schemes that they name."""

from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.schema import Place
from apidiff.spec import Operation
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

FLOW_NAMES: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}
SCHEME_FACETS: Final = ("type", "in", "name", "scheme", "bearerFormat", "openIdConnectUrl")
FLOW_URLS: Final = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")
Alternatives = list[tuple[dict[str, list[str]], Pointer]]


def compare_security(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The alternatives to authenticate, inherited ones resolved."""
    was, now = base.security, revision.security
    open_before, open_after = _is_open(was), _is_open(now)
    if open_before != open_after:
        at = [(holder[0][1] if holder else None) for holder in (was, now)]
        walk.fact(
            pair,
            Subject.SECURITY,
            "requirement",
            Action.TIGHTENED if open_before else Action.LOOSENED,
            at[0],
            at[1],
            before=_words(was),
            after=_words(now),
            was_open=open_before,
        )
        return
    before, after = _keyed(was), _keyed(now)
    for key in sorted({*before, *after}):
        gone, come = before.get(key, []), after.get(key, [])
        gone, come = _without(gone, come), _without(come, gone)
        if len(gone) == len(come) == 1:
            _compare_scopes(walk, pair, gone[0], come[0])
            continue
        for scopes, pointer in gone:
            walk.fact(
                pair, Subject.SECURITY, "alternative", Action.REMOVED, pointer, None, before=scopes, name=key, item=key
            )
        for scopes, pointer in come:
            walk.fact(
                pair, Subject.SECURITY, "alternative", Action.ADDED, None, pointer, after=scopes, name=key, item=key
            )


def _is_open(alternatives: Alternatives) -> bool:
    return not alternatives or any(not scopes for scopes, _ in alternatives)


def _words(alternatives: Alternatives) -> str:
    return " or ".join("+".join(sorted(scopes)) or "nobody asked" for scopes, _ in alternatives) or "none"


def _keyed(alternatives: Alternatives) -> dict[str, Alternatives]:
    """The alternatives by the schemes that they name; several may name the same ones with other scopes."""
    found: dict[str, Alternatives] = {}
    for scopes, pointer in alternatives:
        if scopes:
            found.setdefault("+".join(sorted(scopes)), []).append((scopes, pointer))
    return found


def _without(mine: Alternatives, others: Alternatives) -> Alternatives:
    """Those that the other side does not have, whatever the order of their scopes."""
    known = [{scheme: set(scopes) for scheme, scopes in one.items()} for one, _ in others]
    return [entry for entry in mine if {scheme: set(scopes) for scheme, scopes in entry[0].items()} not in known]


def _compare_scopes(
    walk: Walk, pair: int, was: tuple[dict[str, list[str]], Pointer], now: tuple[dict[str, list[str]], Pointer]
) -> None:
    for scheme in sorted(was[0]):
        before, after = set(was[0][scheme]), set(now[0][scheme])
        for scope in sorted(before ^ after):
            is_added = scope in after
            walk.fact(
                pair,
                Subject.SECURITY,
                "scope",
                Action.TIGHTENED if is_added else Action.LOOSENED,
                None if is_added else was[1].child(scheme),
                now[1].child(scheme) if is_added else None,
                before=ABSENT if is_added else scope,
                after=scope if is_added else ABSENT,
                name=scheme,
                item=scope,
            )


def compare_schemes(walk: Walk, users: dict[str, list[int]], direction: int) -> None:
    """The definitions of security schemes, for the operations (by index) that use each."""
    before, after = (spec.schemes() for spec in walk.specs)
    for name in sorted({*before, *after}):
        pair = walk.graph.add()
        for operation in users.get(name, ()):
            walk.graph.seed(pair, direction, operation, "")
        was, now = before.get(name), after.get(name)
        for place, seen in zip((was, now), walk.visited, strict=True):
            if place is not None:
                seen.add(id(place[0]))
        if was is None or now is None:
            place = was or now
            if place is not None:
                walk.fact(
                    pair,
                    Subject.SECURITY_SCHEME,
                    "presence",
                    Action.REMOVED if was else Action.ADDED,
                    was and was[1],
                    now and now[1],
                    **{"before" if was else "after": place[0]},
                    name=name,
                    item=name,
                )
        elif not walk.is_unchanged(was, now):
            _compare_scheme(walk, pair, name, was, now)


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


def _compare_flow(walk: Walk, pair: int, names: tuple[str, str], was: Place, now: Place, *, used: set[str]) -> None:
    """Two OAuth flows of a scheme: their addresses, and the scopes that they offer."""
    subject, (name, flow) = Subject.SECURITY_SCHEME, names
    for url in FLOW_URLS:
        ends = _ends(url, was, now)
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
