"""The catalogue: every distinction that the differ makes, as data, in order of precedence.

Within one kind of fact the first rule that claims it wins, so the specific ones stand before the general ones.
"""

from functools import cache
from itertools import product

from apidiff.rules import (
    access,
    annotations,
    arrays,
    bodies,
    bounds,
    composition,
    document,
    lifecycle,
    objects,
    operations,
    parameters,
    responses,
    schemes,
    security,
    servers,
    strings,
    unclassified,
    unions,
    values,
    wire,
)
from apidiff.rules.rule import Rule
from apidiff.words.direction import Direction
from apidiff.words.errors import ApidiffError, Exit
from apidiff.words.facts import Action, Fact, Subject
from apidiff.words.within import NOWHERE, Surroundings

_Key = tuple[Subject, str, Action]
_FAMILIES = {
    "Operations, webhooks and callbacks": operations,
    "Deprecation and sunset": lifecycle,
    "Parameters": parameters,
    "Parameters as they are written": wire,
    "Bodies and media types": bodies,
    "Responses, headers and links": responses,
    "Servers": servers,
    "Security requirements": security,
    "Security schemes": schemes,
    "Properties and objects": objects,
    "Read-only and write-only": access,
    "Types and values": values,
    "Strings": strings,
    "Bounds": bounds,
    "Arrays": arrays,
    "Unions": unions,
    "Composition": composition,
    "Document and components": document,
    "Texts": annotations,
}


@cache
def families() -> tuple[tuple[str, tuple[Rule, ...]], ...]:
    """The rules by family, in order of precedence: (heading, rules)."""
    return tuple((heading, module.RULES) for heading, module in _FAMILIES.items())


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, in order of precedence."""
    return tuple(rule for _, rules in families() for rule in rules)


@cache
def _by_name() -> dict[str, Rule]:
    """Every rule by its id and by its aliases, and the rule of what no rule claims."""
    rules = (*catalogue(), unclassified.RULE)
    return {alias: rule for rule in rules for alias in rule.aliases} | {rule.id: rule for rule in rules}


def find(rule_id: str) -> Rule:
    """The rule with this id or alias.

    Raises ApidiffError (`rule-unknown`) with the nearest id.
    """
    rule = _by_name().get(rule_id)
    if rule is not None:
        return rule
    from difflib import get_close_matches

    nearest = get_close_matches(rule_id, _by_name(), n=1, cutoff=0.0)
    raise ApidiffError(
        f"no rule is called {rule_id!r}",
        code="rule-unknown",
        hint=f"did you mean {nearest[0]!r}? `apidiff rules` lists them all",
        status=Exit.USAGE,
    )


@cache
def _index(*directions: Direction | None) -> dict[_Key, tuple[Rule, ...]]:
    """The rules that may claim a fact of some kind in one of these directions, in order of precedence."""
    index: dict[_Key, tuple[Rule, ...]] = {}
    for rule in catalogue():
        if any(rule.level(direction) is not None for direction in directions):
            for key in product(rule.subjects, rule.facets, rule.actions):
                index[key] = (*index.get(key, ()), rule)
    return index


@cache
def _asking() -> frozenset[_Key]:
    """The kinds of facts of which some rule asks where they are."""
    return frozenset(key for key, rules in _index(*Direction, None).items() if any(rule.within for rule in rules))


def asks_where(fact: Fact) -> bool:
    """Whether it matters to any rule where a fact is."""
    return (fact.subject, fact.facet, fact.action) in _asking()


def judge(fact: Fact, direction: Direction | None, within: Surroundings = NOWHERE) -> Rule | None:
    """The rule that claims a fact in a direction, on a way that leads through `within`; None where no rule does.

    A fact of what callers write or read may have no direction, where no operation reaches it: then the first rule that
    claims it in either direction names it, and `level_of` calls it harmless.
    """
    key = fact.subject, fact.facet, fact.action
    for rule in _index(direction).get(key, ()):
        if rule.fits(fact, within):
            return rule
    if direction is None:
        return next((rule for rule in _index(*Direction).get(key, ()) if rule.fits(fact)), None)
    return None
