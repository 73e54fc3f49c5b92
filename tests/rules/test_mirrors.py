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
OTHERWISE = {
    "operation-removed-after-sunset": ("operation-added", "an operation that comes has no past"),
    "operation-removed-before-sunset": ("operation-added", "an operation that comes has no past"),
    "operation-removed-without-sunset": ("operation-added", "an operation that comes has no past"),
    "operation-deprecated-with-unreadable-sunset": ("operation-reactivated", "the date does not matter any more"),
    "operation-deprecated-with-short-notice": ("operation-reactivated", "the date does not matter any more"),
    "operation-deprecated-without-sunset": ("operation-reactivated", "there was no date"),
    "operation-reactivated": ("operation-deprecated-without-sunset", "the example has no date"),
    "required-parameter-with-default-added": ("required-parameter-removed", "a default saves nobody who sends it"),
    "parameter-type-widened": ("type-changed", "not every text is an integer"),
    "parameter-with-default-became-required": ("parameter-became-optional", "leaving it out is always safe"),
    "required-request-body-added": ("request-body-removed", "a body that goes breaks whoever sends it"),
    "success-response-replaced": ("successor-response-added", "one status goes and one comes either way"),
    "successor-response-added": ("success-response-replaced", "one status goes and one comes either way"),
    "security-became-required": ("security-loosened", "anonymous callers are let in"),
    "covered-media-type-removed": ("media-type-removed", "the range goes"),
    "path-parameter-declared": ("path-parameter-undeclared", "declared, then not"),
    "path-parameter-undeclared": ("path-parameter-declared", "not declared, then declared"),
    "path-parameter-required-spelled": ("path-parameter-required-spelled", "it is the same either way"),
    "security-scheme-also-required": ("security-scheme-no-longer-required", "both, then one"),
    "security-scheme-no-longer-required": ("security-scheme-also-required", "one, then both"),
    "security-declared": ("security-loosened", "the header that stays is ignored"),
    "security-loosened": ("security-became-required", "anonymous callers are kept out"),
    "security-scheme-refresh-url-added": ("security-scheme-refresh-url-changed", "tokens can't be refreshed any more"),
    "security-scheme-scope-added": ("security-scheme-unused-scope-removed", "no operation asks for it"),
    "security-scheme-unused-scope-removed": ("security-scheme-scope-added", "a new scope is never in use"),
    "write-only-property-added": ("property-removed", "no response is reached"),
    "read-only-property-added": ("required-property-removed", "no request is reached"),
    "required-property-added": ("property-removed", "callers who send it are ignored, in an open object"),
    "property-added-to-closed-object": ("property-removed", "who reads it misses it, however open the object is"),
    "property-no-longer-accepted": ("property-added-to-closed-object", "the base allowed no others"),
    "required-property-removed": ("property-added", "readers skip what they don't know"),
    "property-split": ("property-removed", "the parts are not put together again by name"),
    "undeclared-property-became-required": ("property-became-optional", "it is the same freedom"),
    "object-closed": ("additional-properties-loosened", "closed, then open"),
    "additional-properties-loosened": ("object-closed", "open, then closed"),
    "property-became-read-only": ("property-became-writable", "read-only, then writable"),
    "required-property-became-writable": ("property-became-read-only", "writable, then read-only"),
    "property-became-writable": ("property-became-read-only", "writable, then read-only"),
    "property-became-write-only": ("property-became-readable", "write-only, then readable"),
    "property-became-readable": ("property-became-write-only", "readable, then write-only"),
    "number-became-integer": ("integer-became-number", "narrower, then wider"),
    "integer-became-number": ("number-became-integer", "wider, then narrower"),
    "type-became-union": ("type-narrowed", "several types, then one"),
    "null-no-longer-allowed": ("null-newly-allowed", "null goes and comes"),
    "null-newly-allowed": ("null-no-longer-allowed", "null comes and goes"),
    "value-became-enum": ("enum-dropped", "a list comes and goes"),
    "enum-dropped": ("value-became-enum", "a list goes and comes"),
    "items-became-unique": ("items-became-repeatable", "each once, then any"),
    "items-became-repeatable": ("items-became-unique", "any, then each once"),
    "branches-newly-overlap": ("branches-no-longer-overlap", "shared, then told apart"),
    "branches-no-longer-overlap": ("branches-newly-overlap", "told apart, then shared"),
    "version-not-raised": ("operation-added", "nothing breaks, so the version may stay"),
    "version-lowered": ("version-changed", "a raised version is as it should be"),
    "version-changed": ("version-lowered", "lower than before"),
}


def mirror(rule: Rule) -> str:
    """The rule that the edit undone meets."""
    if rule.id in OTHERWISE:
        return OTHERWISE[rule.id][0]
    if ITSELF.search(rule.id):
        return rule.id
    words = rule.id.split("-")
    for one, other in OPPOSITES:
        for word, opposite in ((one, other), (other, one)):
            if word in words:
                return "-".join(opposite if part == word else part for part in words)
    raise AssertionError(f"{rule.id} has no mirror: name one, or the reason why there is none")


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_the_edit_undone_meets_the_mirror(rule: Rule) -> None:
    base, revision = documents(rule.example)
    assert mirror(rule) in {change.rule for change in compare(revision, base, today=TODAY).changes}


def test_the_exceptions_name_rules_that_there_are() -> None:
    for rule_id, (other, reason) in OTHERWISE.items():
        assert find(rule_id).id == rule_id
        assert find(other).id == other
        assert reason
