"""Every rule proves itself: its example makes exactly that change, and its near miss does not."""

from datetime import date

import pytest

from apidiff import compare
from apidiff.rules import catalogue, unclassified
from apidiff.rules.example import documents
from apidiff.rules.rule import Example, Rule
from apidiff.words.changes import Change, Level

TODAY = date(2026, 11, 20)
BAD = (Level.BREAKING, Level.DANGEROUS)


def changes(example: Example) -> tuple[Change, ...]:
    """What the differ says of an example's two fragments."""
    return tuple(compare(*documents(example), today=TODAY).changes)


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_example_makes_exactly_this_change(rule: Rule) -> None:
    direction = None if rule.neutral and not rule.request and not rule.response else rule.example.direction
    level = rule.level(direction) or rule.neutral
    found = changes(rule.example)
    assert [(change.rule, change.level) for change in found if change.rule == rule.id] == [(rule.id, level)], [
        (change.rule, change.level) for change in found
    ]
    expected = (rule.id, *rule.beside)
    others = [(change.rule, change.title) for change in found if change.level in BAD and change.rule not in expected]
    assert others == []


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_near_miss_does_not(rule: Rule) -> None:
    assert [change.title for change in changes(rule.near_miss) if change.rule == rule.id] == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_a_fragment_against_itself_has_no_change(rule: Rule) -> None:
    for side in (rule.example.before, rule.example.after):
        assert changes(Example(rule.example.at, side, side, rule.example.direction)) == ()


@pytest.mark.slow
@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_a_change_says_what_and_why_in_plain_words(rule: Rule) -> None:
    for change in changes(rule.example):
        for text in (change.title, change.why, change.alternative.summary if change.alternative else "x"):
            assert text == text.strip()
            assert "{" not in text.replace("{id}", "").replace("{$request", "") or "`" in text
            assert "  " not in text
            assert "ABSENT" not in text


def test_what_no_rule_claims_is_said_to_be_unclassified() -> None:
    """Parameters written as an object are no OpenAPI, and no rule can know what they mean."""
    found = changes(unclassified.RULE.example)
    assert [(change.rule, change.level, change.is_unclassified) for change in found] == [
        ("unclassified", Level.DANGEROUS, True)
    ]
    assert [change.rule for change in changes(unclassified.RULE.near_miss)] == ["extension-changed"]
