"""Named sets of levels: how bad a change is depends on who calls.

`tolerant` ⊂ `standard` ⊂ `strict` ⊂ `sdk`: what one calls bad, the next calls at least as bad. A profile speaks of
those who read: it moves the level of responses and of what has no direction, never that of requests, which the server
checks. Only what is the same request in other code (`sdk_request`) is another thing for a generated client: a field of
another type takes another value in every call.
"""

from enum import StrEnum

from apidiff.rules.rule import Rule
from apidiff.words.changes import Level
from apidiff.words.direction import Direction


class Profile(StrEnum):
    """Who calls: tolerant readers, anybody, clients that check what they receive, generated clients."""

    TOLERANT = "tolerant"
    STANDARD = "standard"
    STRICT = "strict"
    SDK = "sdk"


def level_of(rule: Rule, direction: Direction | None, profile: Profile = Profile.STANDARD) -> Level | None:
    """The level of a rule in a direction for a profile, None where the rule has nothing to say about the direction.

    A rule that only knows directions judges a place that no operation reaches: nobody can be hurt there.
    """
    level = rule.level(direction)
    if level is None:
        return _unreached(rule) if direction is None else None
    if direction is Direction.REQUEST:
        return (rule.sdk_request if profile is Profile.SDK else None) or level
    return _override(rule, profile) or level


def _override(rule: Rule, profile: Profile) -> Level | None:
    """What the profile says instead of the standard level, None where it says nothing."""
    match profile:
        case Profile.TOLERANT:
            return rule.tolerant
        case Profile.STRICT:
            return rule.strict
        case Profile.SDK:
            return rule.sdk or rule.strict
    return None


def _unreached(rule: Rule) -> Level:
    """The level of an edit that no operation reaches."""
    return Level.EDITORIAL if Level.EDITORIAL in (rule.request, rule.response) else Level.ADDITIVE


def differences(rules: tuple[Rule, ...], profile: Profile) -> tuple[tuple[Rule, Direction | None, Level, Level], ...]:
    """Where a profile departs from the standard: (rule, direction, standard level, its level)."""
    found = []
    for rule in rules:
        for direction in (Direction.REQUEST, Direction.RESPONSE, None):
            if rule.level(direction) is None:
                continue
            standard, other = level_of(rule, direction), level_of(rule, direction, profile)
            if standard is not None and other is not None and standard is not other:
                found.append((rule, direction, standard, other))
    return tuple(found)
