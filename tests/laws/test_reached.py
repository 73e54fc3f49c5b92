"""The law of reach: a change names every operation that reaches it and no other, on every real pair.

`tests/laws/reached.py` says it again from the raw documents. A change is reached *at most* by the operations that
reach its place on each side that has it, and *at least* by those that walk in step to it on both sides. Where the two
agree, which they mostly do, there is one right answer.
"""

import re
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from apidiff import compare
from apidiff.load import Document, load
from apidiff.words.changes import Change, Comparison, Level
from apidiff.words.direction import Direction
from apidiff.words.pointer import Pointer, parse
from tests.laws.reached import BOTH, REQUEST, RESPONSE, Both, Spec

PAIRS = ("adyen", "digitalocean", "discord", "plaid", "slack", "stripe", "twilio")
DIRECTIONS = {Direction.REQUEST: REQUEST, Direction.RESPONSE: RESPONSE, None: BOTH}
COMPONENTS = ("component-added", "component-removed", "component-renamed", "example-added", "example-removed")
ANNOTATIONS = ("title", "description")
pytestmark = pytest.mark.corpus


class Oracle:
    """Two raw documents and which operations of the one are which of the other."""

    def __init__(self, documents: tuple[Document, Document], comparison: Comparison) -> None:
        alone = [Spec(document, {}) for document in documents]
        heirs = {template(name): name for name in alone[1].operations}
        moved = {entry.id: entry.moved_to for entry in comparison.operations}
        pairs = [
            (name, heir)
            for name in alone[0].operations
            if (heir := moved.get(name) or (name if name in alone[1].operations else heirs.get(template(name))))
        ]
        self.names = {name: 1 << number for number, (name, _) in enumerate(pairs)}
        self.base = Spec(documents[0], self.names)
        self.revision = Spec(documents[1], {heir: self.names[name] for name, heir in pairs})
        self.both = Both(self.base, self.revision, pairs)

    def at_most(self, change: Change) -> int:
        """Who reaches the place of a change on each side that has it, and is in both specs."""
        direction, found = DIRECTIONS[change.direction], -1
        for spec, pointer in ((self.base, change.base), (self.revision, change.revision)):
            if pointer is not None:
                found &= spec.reached_by(parse(pointer), direction)
        return found

    def at_least(self, change: Change) -> int:
        """Who surely reaches it: whose own place it is, and who walks in step to it, or to what holds a lone thing."""
        base, revision = (pointer and parse(pointer) for pointer in (change.base, change.revision))
        found = self.at_most(change)
        for spec, place in ((self.base, base), (self.revision, revision)):
            found &= spec.around(place) if place else -1
        here = base or revision or Pointer()
        if here.last in ("readOnly", "writeOnly"):
            return found  # it closes one direction itself
        if here.last in ANNOTATIONS and len(here.segments) == 4:
            return found  # that of a component gives way to one beside a union of which it is the only branch
        if base is None or revision is None:
            if (self.revision if base else self.base).at(here) is not None:
                return found  # the component has it on both sides: it was seen from another one that took its place
            base = revision = here
        elif base.segments[-2:] != revision.segments[-2:]:
            base, revision = (Pointer(place.file, place.segments[:-1]) for place in (base, revision))
        return found | self.both.reached_by(base, revision, DIRECTIONS[change.direction])

    def ids(self, bits: int) -> set[str]:
        """The operations of a set."""
        return {name for name, bit in self.names.items() if bits & bit}


def template(name: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", name)


def entry_points(folder: Path, unpacked: Path) -> list[str]:
    for archive in sorted(folder.glob("*.tar.gz")):
        with tarfile.open(archive) as packed:
            packed.extractall(unpacked / archive.name, filter="data")
    return sorted(
        map(str, [*folder.glob("*.json"), *folder.glob("*.yaml"), *unpacked.rglob("DigitalOcean-public.v2.yaml")])
    )


def wrong(
    oracle: Oracle, change: Change, changes: tuple[Change, ...], cases: Counter[str]
) -> tuple[set[str], set[str]]:
    """The operations that a change leaves out, and those that it should not name."""
    said = set(change.operations)
    if change.rule == "version-not-raised":  # said of all that breaks
        least = most = {name for other in changes if other.level is Level.BREAKING for name in other.operations}
    elif change.rule in COMPONENTS:  # a name alone; the edits where it is used say whom they reach
        least = most = set[str]()
    elif change.rule in ("operation-added", "operation-removed"):  # nobody is told of what lies within
        spec, pointer = (oracle.base, change.base) if change.base else (oracle.revision, change.revision)
        least = most = {name for name, found in spec.operations.items() if str(found[0].place[1]) == pointer}
    else:
        least, most = oracle.ids(oracle.at_least(change)), oracle.ids(oracle.at_most(change))
    is_sure = least == most or said == most
    cases["changes that name all, or the only, operations" if is_sure else "changes that name some of a range"] += 1
    return least - said, said - most


@pytest.mark.parametrize("name", PAIRS)
def test_a_change_names_the_operations_that_reach_it(
    name: str, shared: Path, tmp_path: Path, cases: Counter[str]
) -> None:
    base, revision = map(load, entry_points(shared / "specs" / name, tmp_path))
    comparison = compare(base, revision)
    oracle = Oracle((base, revision), comparison)
    found = {change.id: wrong(oracle, change, comparison.changes, cases) for change in comparison.changes}
    assert {key: sides for key, sides in found.items() if any(sides)} == {}


@pytest.mark.parametrize("name", PAIRS)
def test_what_no_operation_reaches_breaks_nobody(name: str, shared: Path, tmp_path: Path) -> None:
    comparison = compare(*entry_points(shared / "specs" / name, tmp_path))
    worried = (Level.BREAKING, Level.DANGEROUS)
    idle = [change for change in comparison.changes if not change.operations and change.level in worried]
    assert {change.rule for change in idle} <= {"version-lowered"}  # said of the spec as a whole
