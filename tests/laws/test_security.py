"""The law of security as a truth table: an operation breaks just where somebody was let in and is kept out.

Every list of alternatives of a small universe is set against every other one, and both are asked about every caller:
each set of credentials, a token with each set of scopes among them.
"""

from collections import Counter
from itertools import chain, combinations, permutations, product
from typing import Any

import pytest

from apidiff import compare
from apidiff.words.changes import Change, Level

Requirement = tuple[dict[str, list[str]], ...]
Caller = dict[str, frozenset[str]]
ALTERNATIVES: tuple[dict[str, list[str]], ...] = (
    {},
    {"key": []},
    {"basic": []},
    {"key": [], "basic": []},
    {"login": ["read"]},
    {"login": ["read", "write"]},
    {"login": ["write"], "key": []},
)
SCHEMES = {
    "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
    "basic": {"type": "http", "scheme": "basic"},
    "login": {
        "type": "oauth2",
        "flows": {"clientCredentials": {"tokenUrl": "https://a.example", "scopes": {"read": "", "write": ""}}},
    },
}


def requirements() -> list[Requirement]:
    """No alternative, each alone, and each two."""
    return [(), *((one,) for one in ALTERNATIVES), *combinations(ALTERNATIVES, 2)]


def callers() -> list[Caller]:
    """Every set of credentials."""
    tokens = [
        None,
        *(frozenset(few) for few in chain.from_iterable(combinations(("read", "write"), n) for n in range(3))),
    ]
    found = []
    for key, basic, token in product((False, True), (False, True), tokens):
        plain = {name: frozenset[str]() for name, held in (("key", key), ("basic", basic)) if held}
        found.append(plain if token is None else {**plain, "login": token})
    return found


def lets_in(requirement: Requirement, caller: Caller) -> bool:
    """Whether a caller has all of one alternative (OpenAPI 3.1, 4.8.30)."""
    return not requirement or any(
        all(scheme in caller and caller[scheme] >= set(scopes) for scheme, scopes in alternative.items())
        for alternative in requirement
    )


def document(requirement: Any, schemes: dict[str, Any] | None = None, *, at_root: bool = False) -> dict[str, Any]:
    """A spec with one operation that asks for it."""
    own = {} if at_root else {"security": list(requirement)}
    return {
        "openapi": "3.2.0",
        "info": {"title": "Law"},
        "paths": {"/law": {"get": {"responses": {"200": {"description": "OK"}}, **own}}},
        "components": {"securitySchemes": schemes or SCHEMES},
        **({"security": list(requirement)} if at_root else {}),
    }


def about_security(base: Any, revision: Any) -> list[Change]:
    """What is said beyond the editorial."""
    return [change for change in compare(base, revision).changes if change.level is not Level.EDITORIAL]


@pytest.mark.slow
def test_an_operation_breaks_where_somebody_is_kept_out(cases: Counter[str]) -> None:
    known = callers()
    wrong = []
    for base, revision in product(requirements(), repeat=2):
        lost = [caller for caller in known if lets_in(base, caller) and not lets_in(revision, caller)]
        changes = about_security(document(base), document(revision))
        if bool(lost) != any(change.level is Level.BREAKING for change in changes):
            wrong.append(f"{base} -> {revision}: {lost[:1]} and {[change.rule for change in changes]}")
        cases["lists of security alternatives against each other"] += 1
    assert wrong == []


def test_the_order_of_alternatives_and_where_they_are_said_are_nothing(cases: Counter[str]) -> None:
    for requirement in requirements():
        for other in permutations(requirement):
            assert compare(document(requirement), document(other)).changes == ()
        assert compare(document(requirement), document(requirement, at_root=True)).changes == ()
        cases["lists of security alternatives said otherwise"] += 1


@pytest.mark.slow
def test_another_name_for_a_scheme_is_nothing_to_callers(cases: Counter[str]) -> None:
    names = {"key": "secret", "basic": "password", "login": "oauth"}
    renamed = {names[name]: scheme for name, scheme in SCHEMES.items()}
    for base, revision in product(requirements(), repeat=2):
        other = [{names[name]: scopes for name, scopes in one.items()} for one in revision]
        plain = about_security(document(base), document(revision))
        again = about_security(document(base), document(other, renamed))
        assert [(change.rule, change.title) for change in plain] == [(change.rule, change.title) for change in again]
        cases["lists of security alternatives with renamed schemes"] += 1


def test_a_scheme_by_its_uri_is_the_scheme(cases: Counter[str]) -> None:
    for requirement in requirements():
        for form in ("#/components/securitySchemes/{}", "https://a.example/api#/components/securitySchemes/{}"):
            other = [{form.format(name): scopes for name, scopes in one.items()} for one in requirement]
            here = {"$self": "https://a.example/api"}
            assert about_security(document(requirement) | here, document(other) | here) == []
            cases["lists of security alternatives by URI"] += 1
