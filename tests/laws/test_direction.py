"""The law of direction, with a JSON Schema validator as the judge.

A request breaks exactly where a value that was accepted is refused; a response may hurt exactly where a value that
could not come now can. Every single edit of small schemas is tried in every nesting, in OpenAPI 3.0, in 3.1, and from
one to the other.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apidiff import compare
from apidiff.words.changes import Change, Level
from apidiff.words.direction import Direction
from tests.laws.nesting import NESTINGS, Nesting, as_30, spec, whole
from tests.laws.schemas import Edit, Schema, edits, hard_schemas, schemas
from tests.laws.values import checker, overlaps_in_one_of, pool

EXAMPLES = int(os.environ.get("APIDIFF_LAW_EXAMPLES", "40"))
HARMLESS = (Level.ADDITIVE, Level.EDITORIAL)
VERSIONS = (("3.1.0", "3.1.0"), ("3.0.3", "3.0.3"), ("3.0.3", "3.1.0"), ("3.1.0", "3.0.3"))
UNSURE = frozenset({"pattern-reworded"})


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


@dataclass(frozen=True)
class Trial:
    """One edit in one place: what the judge found, and what the differ said."""

    base: Schema
    edit: Edit
    nesting: Nesting
    versions: tuple[str, str]
    lost: list[Any]
    gained: list[Any]
    changes: tuple[Change, ...]

    def levels(self, direction: Direction) -> list[tuple[str, Level]]:
        """What was said of one direction, worst first."""
        return [(change.rule, change.level) for change in self.changes if change.direction is direction]

    @property
    def breaks(self) -> bool:
        """Whether a request is said to break, or nobody could tell."""
        removal = (Level.DANGEROUS,) if self.edit.removed else ()
        return any(
            level in (Level.BREAKING, *removal) or rule in UNSURE for rule, level in self.levels(Direction.REQUEST)
        )

    @property
    def hurts(self) -> bool:
        """Whether a response is said to hurt somebody."""
        return any(level not in HARMLESS for _, level in self.levels(Direction.RESPONSE))

    @property
    def expected(self) -> tuple[bool, bool]:
        """Whether requests break, and whether responses may hurt: by values, and by convention for properties."""
        if self.edit.removed:
            return True, True
        if self.edit.added:
            return self.edit.added == "required", self.edit.closed
        return bool(self.lost), bool(self.gained)

    def __str__(self) -> str:
        return (
            f"{self.edit.what} in {self.nesting.name}, {self.versions}: {self.base} -> {self.edit.after}; "
            f"lost {self.lost[:3]}, gained {self.gained[:3]}; "
            f"request {self.levels(Direction.REQUEST)}; response {self.levels(Direction.RESPONSE)}"
        )


def trials(base: Schema, edit: Edit, nestings: Iterable[Nesting] = NESTINGS) -> Iterator[Trial]:
    """An edit in every nesting and version that has words for it."""
    lost, gained = witnesses(base, edit.after)
    for nesting in nestings:
        _check_judge(base, edit, nesting, lost, gained)
        for versions in VERSIONS:
            changes = changes_of(base, edit.after, nesting, versions)
            if changes is not None:
                yield Trial(base, edit, nesting, versions, lost, gained, changes)


def _check_judge(base: Schema, edit: Edit, nesting: Nesting, lost: list[Any], gained: list[Any]) -> None:
    """The judge itself: a value that shows the difference shows it in the nesting as well."""
    old, new = (checker(whole(*nesting.wrap(schema))) for schema in (base, edit.after))
    for one, other, values in ((old, new, lost), (new, old, gained)):
        for value in values[:1]:
            assert one.is_valid(nesting.embed(value))
            assert not other.is_valid(nesting.embed(value))


def prove(trial: Trial, *, exact: bool) -> None:
    """No break is missed, another wording is no change, and, where `exact`, nothing harmless is called a break."""
    breaks, hurts = trial.expected
    assert not [change for change in trial.changes if change.is_unclassified], f"unclassified: {trial}"
    assert trial.breaks or not breaks, f"missed in a request: {trial}"
    assert trial.hurts or not hurts, f"missed in a response: {trial}"
    if trial.edit.same:
        assert {change.level for change in trial.changes} <= {Level.EDITORIAL}, f"the same in other words: {trial}"
    if exact and not any(rule in UNSURE for rule, _ in trial.levels(Direction.REQUEST)):
        assert breaks or not trial.breaks, f"false alarm in a request: {trial}"
        assert hurts or not trial.hurts, f"false alarm in a response: {trial}"


def _count(cases: Counter[str], trial: Trial, kind: str) -> None:
    cases[f"edits of {kind} schemas, each in one nesting and version"] += 1
    cases[f"edits of {kind} schemas: a value that was sent is refused"] += bool(trial.lost)
    cases[f"edits of {kind} schemas: a value that never came may come"] += bool(trial.gained)


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=schemas, data=st.data())
def test_one_edit(schema: Schema, data: st.DataObject, cases: Counter[str]) -> None:
    """No break is missed, and no compatible edit is called one, wherever the schema stands."""
    edit = data.draw(st.sampled_from(list(edits(schema))))
    for trial in trials(schema, edit):
        prove(trial, exact=True)
        _count(cases, trial, "plain")


@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(schema=hard_schemas, data=st.data())
def test_one_edit_of_a_hard_schema(schema: Schema, data: st.DataObject, cases: Counter[str]) -> None:
    """No break is missed where keywords overlap; a keyword that others make idle may still be said to have moved."""
    edit = data.draw(st.sampled_from(list(edits(schema))))
    kind = "overlapping" if overlaps_in_one_of(schema) or overlaps_in_one_of(edit.after) else "hard"
    for trial in trials(schema, edit):
        prove(trial, exact=False)
        _count(cases, trial, kind)
        cases[f"edits of {kind} schemas: called worse than any value shows"] += (
            trial.breaks,
            trial.hurts,
        ) != trial.expected


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
