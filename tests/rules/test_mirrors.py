"""Every distinction has a mirror: what the differ says when the two specs of a rule's example change places."""

import re
from datetime import date

import pytest

from apidiff import compare
from apidiff.rules import catalogue, find
from apidiff.rules.example import documents
from apidiff.rules.rule import Rule

TODAY = date(2026, 11, 20)
OPPOSITES = (
    ("added", "removed"),
    ("tightened", "loosened"),
    ("increased", "decreased"),
    ("lowered", "raised"),
    ("earlier", "later"),
    ("set", "unset"),
    ("required", "optional"),
    ("deprecated", "reactivated"),
    ("narrowed", "widened"),
    ("exclusive", "combinable"),
    ("disallowed", "allowed"),
    ("broken", "mended"),
    ("closed", "opened"),
)
ITSELF = re.compile(r"-(changed|renamed|moved|replaced|reworded|unreadable)$")


def mirror(rule: Rule) -> str:
    """The rule that the edit undone meets."""
    if rule.mirror is not None:
        return rule.mirror[0]
    if ITSELF.search(rule.id):
        return rule.id
    words = rule.id.split("-")
    for one, other in OPPOSITES:
        for word, opposite in ((one, other), (other, one)):
            if word in words:
                return "-".join(opposite if part == word else part for part in words)
    raise AssertionError(f"{rule.id} has no opposite name: say in `mirror` what its example meets undone")


@pytest.mark.slow
@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_edit_undone_meets_the_mirror(rule: Rule) -> None:
    base, revision = documents(rule.example)
    assert mirror(rule) in {change.rule for change in compare(revision, base, today=TODAY).changes}


@pytest.mark.parametrize("rule", [rule for rule in catalogue() if rule.mirror], ids=lambda rule: rule.id)
def test_another_mirror_is_a_rule_and_has_a_reason(rule: Rule) -> None:
    assert rule.mirror is not None
    other, reason = rule.mirror
    assert find(other).id == other
    assert reason
