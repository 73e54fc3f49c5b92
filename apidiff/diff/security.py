"""Compares who may call: the security requirements of operations, as the set of callers that they let in.

A requirement is a list of alternatives, each a set of schemes with scopes. Who comes with all of one alternative is let
in, whatever else it carries; an alternative without schemes lets everybody in.
"""

from collections.abc import Mapping
from typing import Any, Final

from apidiff.diff.graph import Edge
from apidiff.diff.walk import Walk
from apidiff.spec import Operation
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

Asked = dict[str, list[str]]
Alternative = tuple[Asked, Pointer]
Alternatives = list[Alternative]
MOST: Final = 200
"""The most alternatives of an operation that are set against each other one by one; more are compared as they stand."""


def compare_security(walk: Walk, pair: int, base: Operation, revision: Operation) -> None:
    """The alternatives to authenticate, inherited ones resolved, schemes by their names in the base."""
    was, now = base.security, revision.security
    if max(len(was), len(now)) > MOST:  # what many operations inherit, no operation has to say again
        shared, is_new = walk.node("security", was, now)
        walk.graph.connect(pair, Edge(shared, ""))
        if not is_new:
            return
        pair = shared
    now = _renamed(now, walk.scheme_names)
    opens = _is_open(was), _is_open(now)
    if opens[0] != opens[1]:
        at = [(holder[0][1] if holder else None) for holder in (was, now)]
        walk.fact(
            pair,
            Subject.SECURITY,
            "requirement",
            Action.TIGHTENED if opens[0] else Action.LOOSENED,
            at[0],
            at[1],
            before=_words(was),
            after=_words(now),
            was_open=opens[0],
            declared=opens[0] and _is_declared(walk, base, now),
        )
        return
    gone, come = _without(was, now), _without(now, was)
    for left, right in _pairs(gone, come, was, now):
        gone.remove(left)
        come.remove(right)
        _compare_pair(walk, pair, left, right)
    for asked, pointer in gone:
        _state(walk, pair, Action.REMOVED, (asked, pointer), covered=_lets_in(now, asked))
    for asked, pointer in come:
        _state(walk, pair, Action.ADDED, (asked, pointer), covered=_lets_in(was, asked))


def _is_declared(walk: Walk, base: Operation, now: Alternatives) -> bool:
    """Whether callers had to send the header that the credentials come in, as a parameter said (which is ignored)."""
    header = base.ignored.get("authorization")
    if header is None or not header.is_required:
        return False
    schemes = {walk.scheme_names.get(name, name): place[0] for name, place in walk.specs[1].schemes.items()}
    return any(all(_is_in_header(schemes.get(scheme)) for scheme in asked) for asked, _ in now)


def _is_in_header(scheme: Any) -> bool:
    """Whether a scheme's credentials come in the header `Authorization` (RFC 9110, 11.6.2)."""
    if not isinstance(scheme, dict):
        return False
    is_key = scheme.get("type") == "apiKey"
    is_named = scheme.get("in") == "header" and str(scheme.get("name", "")).lower() == "authorization"
    return is_named if is_key else scheme.get("type") in ("http", "oauth2", "openIdConnect")


def _renamed(alternatives: Alternatives, names: Mapping[str, str]) -> Alternatives:
    if not names:
        return alternatives
    return [({names.get(scheme, scheme): of for scheme, of in asked.items()}, at) for asked, at in alternatives]


def _is_open(alternatives: Alternatives) -> bool:
    return not alternatives or any(not asked for asked, _ in alternatives)


def _words(alternatives: Alternatives) -> str:
    return " or ".join("+".join(sorted(asked)) or "nobody asked" for asked, _ in alternatives) or "none"


def _without(mine: Alternatives, others: Alternatives) -> Alternatives:
    """Those with schemes that the other side does not have, whatever the order of their scopes."""
    known = {_set(asked) for asked, _ in others}
    return [entry for entry in mine if entry[0] and _set(entry[0]) not in known]


def _set(asked: Asked) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset((scheme, frozenset(scopes)) for scheme, scopes in asked.items())


def _is_within(asked: Asked, brought: Asked) -> bool:
    """Whether who brings one alternative has all that another one asks for."""
    return all(scheme in brought and set(scopes) <= set(brought[scheme]) for scheme, scopes in asked.items())


def _lets_in(alternatives: Alternatives, brought: Asked) -> bool:
    if len(alternatives) > MOST:
        return False  # it can't be shown in good time
    return not alternatives or any(_is_within(asked, brought) for asked, _ in alternatives)


def _pairs(
    gone: Alternatives, come: Alternatives, was: Alternatives, now: Alternatives
) -> list[tuple[Alternative, Alternative]]:
    """Which alternative became which: the only ones of the same schemes, then one that asks for more, or for less.

    One that lets everybody in as before, by another alternative, became none that keeps somebody out.
    """
    found: list[tuple[Alternative, Alternative]] = []
    if _is_open(was) or max(len(gone), len(come)) > MOST:
        return found
    for left in gone:
        alike = [right for right in come if right[0].keys() == left[0].keys()]
        rivals = [other for other in gone if other[0].keys() == left[0].keys()]
        is_kept = _lets_in(now, left[0])
        if len(alike) == len(rivals) == 1 and (not is_kept or _is_within(alike[0][0], left[0])):
            found.append((left, alike[0]))
    for left in gone:
        is_kept = _lets_in(now, left[0])
        for right in come:
            if any(left is one or right is two for one, two in found):
                continue
            is_less = right[0].keys() < left[0].keys() and _is_within(right[0], left[0])
            is_more = right[0].keys() > left[0].keys() and _is_within(left[0], right[0])
            if (is_less and is_kept) or (is_more and not is_kept):
                found.append((left, right))
    return found


def _compare_pair(walk: Walk, pair: int, was: Alternative, now: Alternative) -> None:
    """One alternative that became another one: the scopes that it asks for, or the schemes."""
    if was[0].keys() == now[0].keys():
        _compare_scopes(walk, pair, was, now)
        return
    more = now[0].keys() > was[0].keys()
    schemes = sorted(now[0].keys() ^ was[0].keys())
    walk.fact(
        pair,
        Subject.SECURITY,
        "alternative",
        Action.TIGHTENED if more else Action.LOOSENED,
        was[1],
        now[1],
        before=was[0],
        after=now[0],
        name="+".join(sorted(was[0])),
        item="+".join(schemes),
    )


def _state(walk: Walk, pair: int, action: Action, alternative: Alternative, *, covered: bool) -> None:
    asked, pointer = alternative
    is_removed = action is Action.REMOVED
    key = "+".join(sorted(asked))
    ends: dict[str, Any] = {"before" if is_removed else "after": asked}
    walk.fact(
        pair,
        Subject.SECURITY,
        "alternative",
        action,
        pointer if is_removed else None,
        None if is_removed else pointer,
        **ends,
        name=key,
        item=key,
        covered=covered,
    )


def _compare_scopes(walk: Walk, pair: int, was: Alternative, now: Alternative) -> None:
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
