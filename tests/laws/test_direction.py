"""The law of direction, with a JSON Schema validator as the judge.

A request breaks exactly where a value that was accepted is refused; a response may hurt exactly where a value that
could not come now can. Every single edit of small schemas is tried in every nesting, in OpenAPI 3.0, in 3.1, and from
one to the other.
"""

import os
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.changes import Change, Level
from apidiff.facts import Direction
from tests.laws.nesting import NESTINGS, Nesting, as_30, spec, whole
from tests.laws.schemas import Edit, Schema, edits, schemas
from tests.laws.values import pool

EXAMPLES = int(os.environ.get("APIDIFF_LAW_EXAMPLES", "60"))
HARMLESS = (Level.ADDITIVE, Level.EDITORIAL)
VERSIONS = (("3.1.0", "3.1.0"), ("3.0.3", "3.0.3"), ("3.0.3", "3.1.0"), ("3.1.0", "3.0.3"))
UNSURE = frozenset({"pattern-reworded"})


def checker(schema: Schema) -> Any:
    """A validator that also checks formats."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


def witnesses(base: Schema, revision: Schema) -> tuple[list[Any], list[Any]]:
    """The values that only the base accepts, and those that only the revision accepts."""
    old, new = checker(base), checker(revision)
    judged = [(value, old.is_valid(value), new.is_valid(value)) for value in pool(base, revision)]
    return [v for v, was, now in judged if was and not now], [v for v, was, now in judged if now and not was]


def levels(changes: tuple[Change, ...], direction: Direction) -> list[tuple[str, Level]]:
    """What was said of one direction, worst first."""
    return [(change.rule, change.level) for change in changes if change.direction is direction]


def in_version(schema: Schema, version: str) -> Schema | None:
    said = schema if version.startswith("3.1") else as_30(schema)
    return said if isinstance(said, dict) else None


def changes_of(
    base: Schema, revision: Schema, nesting: Nesting, versions: tuple[str, str]
) -> tuple[Change, ...] | None:
    """What the differ says, None where a version has no words for a side."""
    sides = [in_version(schema, version) for schema, version in zip((base, revision), versions, strict=True)]
    if sides[0] is None or sides[1] is None:
        return None
    documents = [
        spec(*nesting.wrap(side), version) for side, version in zip(sides, versions, strict=True) if side is not None
    ]
    return compare(documents[0], documents[1]).changes


def expected_of_presence(edit: Edit, base: Schema) -> tuple[bool, bool]:
    """By convention (not by sets of values): whether adding or removing a property hurts requests and responses."""
    closed = base.get("additionalProperties") is False
    if edit.removed:
        return True, True
    return edit.added == "required", closed


def prove(
    base: Schema, edit: Edit, nesting: Nesting, versions: tuple[str, str], seen: tuple[list[Any], list[Any]]
) -> bool:
    """Whether the verdict is the judge's; raises where it is not."""
    changes = changes_of(base, edit.after, nesting, versions)
    if changes is None:
        return False
    lost, gained = bool(seen[0]), bool(seen[1])
    if edit.added or edit.removed:
        lost, gained = expected_of_presence(edit, base)
    told = (
        f"{edit.what} in {nesting.name}, {versions}: {base} -> {edit.after}; lost {seen[0][:3]}, gained {seen[1][:3]}"
    )
    sent, received = levels(changes, Direction.REQUEST), levels(changes, Direction.RESPONSE)
    said = f"{told}; request {sent}; response {received}"
    assert not [change for change in changes if change.is_unclassified], said
    is_unsure = any(rule in UNSURE for rule, _ in sent)
    bad = [rule for rule, level in sent if level is Level.BREAKING or (edit.removed and level is Level.DANGEROUS)]
    assert is_unsure or bool(bad) == lost, f"request: {said}"
    assert is_unsure or bool([rule for rule, level in received if level not in HARMLESS]) == gained, f"response: {said}"
    return True


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=schemas, data=st.data())
def test_one_edit(schema: Schema, data: st.DataObject, cases: Counter[str]) -> None:
    """No break is missed, and no compatible edit is called one, wherever the schema stands."""
    edit = data.draw(st.sampled_from(list(edits(schema))))
    seen = witnesses(schema, edit.after)
    for nesting in NESTINGS:
        _check_nesting(schema, edit, nesting, seen)
        for versions in VERSIONS:
            if prove(schema, edit, nesting, versions, seen):
                cases["single edits in one nesting and version"] += 1
                cases["single edits: requests that break"] += bool(seen[0])
                cases["single edits: responses that may hurt"] += bool(seen[1])


def _check_nesting(base: Schema, edit: Edit, nesting: Nesting, seen: tuple[list[Any], list[Any]]) -> None:
    """The judge itself: a value that shows the difference shows it in the nesting as well."""
    old, new = (checker(whole(*nesting.wrap(schema))) for schema in (base, edit.after))
    for value in seen[0][:1]:
        assert old.is_valid(nesting.embed(value))
        assert not new.is_valid(nesting.embed(value))
    for value in seen[1][:1]:
        assert new.is_valid(nesting.embed(value))
        assert not old.is_valid(nesting.embed(value))


@settings(max_examples=EXAMPLES * 2, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(base=schemas, revision=schemas)
def test_any_two_schemas(base: Schema, revision: Schema, cases: Counter[str]) -> None:
    """However many edits lie between two schemas, no break is missed, in either order."""
    for one, two in ((base, revision), (revision, base)):
        lost, gained = witnesses(one, two)
        for nesting in NESTINGS:
            changes = changes_of(one, two, nesting, ("3.1.0", "3.1.0")) or ()
            sent, received = levels(changes, Direction.REQUEST), levels(changes, Direction.RESPONSE)
            told = f"{nesting.name}: {one} -> {two}; lost {lost[:3]}, gained {gained[:3]}; {sent}; {received}"
            assert not [change for change in changes if change.is_unclassified], told
            if lost and not _by_convention(one, two):
                assert any(level is Level.BREAKING or rule in UNSURE for rule, level in sent), told
            if gained:
                assert any(level not in HARMLESS for _, level in received), told
            cases["pairs of unrelated schemas in one nesting"] += 1


def _by_convention(one: Schema, two: Schema) -> bool:
    """Whether a property that an open object newly declares may be all that is lost."""
    names = [set(schema.get("properties", ())) for schema in (one, two)]
    return bool(names[1] - names[0]) and one.get("type") == two.get("type") == "object"


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=schemas, data=st.data())
def test_swapping_the_sides_swaps_tightened_and_loosened(
    schema: Schema, data: st.DataObject, cases: Counter[str]
) -> None:
    """What breaks requests one way may hurt responses the other way."""
    edit = data.draw(st.sampled_from([edit for edit in edits(schema) if not edit.added and not edit.removed]))
    there = changes_of(schema, edit.after, NESTINGS[0], ("3.1.0", "3.1.0")) or ()
    back = changes_of(edit.after, schema, NESTINGS[0], ("3.1.0", "3.1.0")) or ()
    breaks = bool(
        [rule for rule, level in levels(there, Direction.REQUEST) if level is Level.BREAKING or rule in UNSURE]
    )
    hurts = bool([rule for rule, level in levels(back, Direction.RESPONSE) if level not in HARMLESS])
    assert breaks == hurts, f"{edit.what}: {schema} -> {edit.after}"
    cases["edits there and back"] += 1
