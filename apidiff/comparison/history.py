"""The contract of one API over its versions: what each broke, and how long what went had been deprecated.

An operation is the same through all versions whatever its parameters are called; one that moved takes its deprecation
along, and is no removal.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apidiff.words.changes import Change, Comparison, Level
from apidiff.words.operation import bare


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the spec: the commit that made it, its day, where the file was, and the version it says it is."""

    commit: str
    day: str
    path: str
    said: str = ""
    title: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The version as JSON."""
        return {"commit": self.commit, "date": self.day, "path": self.path, "version": self.said}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a version: its id, rule, level, title, and the operations that it reaches."""

    id: str
    rule: str
    level: Level
    title: str
    operations: tuple[str, ...]

    @classmethod
    def of(cls, change: Change) -> "Edit":
        """What a history keeps of a change."""
        return cls(change.id, change.rule, change.level, change.title, tuple(change.operations))

    def to_dict(self) -> dict[str, Any]:
        """The change as JSON."""
        level, operations = self.level.value, list(self.operations)
        return {"id": self.id, "rule": self.rule, "level": level, "title": self.title, "operations": operations}


@dataclass(frozen=True, slots=True)
class Step:
    """What one version changed in the one before: counts by level, the changes but editorial ones, and the operations.

    `before` and `after` are the deprecated operations of either version with their sunset, "" where the spec names
    none; `removed` are gone without an heir; `moved` are those whose address is another now, with it.
    """

    version: Version
    counts: dict[str, int]
    edits: tuple[Edit, ...]
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    moved: dict[str, str] = field(default_factory=dict)

    def of_level(self, level: str) -> tuple[Edit, ...]:
        """The changes of one level."""
        return tuple(edit for edit in self.edits if edit.level == level)

    def to_dict(self) -> dict[str, Any]:
        """The version and its changes as JSON."""
        return {**self.version.to_dict(), "summary": self.counts, "changes": [edit.to_dict() for edit in self.edits]}


@dataclass(frozen=True, slots=True)
class Removal:
    """An operation that went: when, and since when it had been deprecated, "" where nothing had said so."""

    operation: str
    version: Version
    deprecated: str = ""
    sunset: str = ""

    @property
    def days(self) -> int | None:
        """How long it had been deprecated, None where it never was."""
        if not self.deprecated:
            return None
        return (date.fromisoformat(self.version.day) - date.fromisoformat(self.deprecated)).days

    @property
    def is_early(self) -> bool:
        """Whether it went before the day on which the spec said that it would."""
        return self.version.day < self.sunset[:10]

    def to_dict(self) -> dict[str, Any]:
        """The removal as JSON."""
        return {
            "operation": self.operation,
            "commit": self.version.commit,
            "date": self.version.day,
            "version": self.version.said,
            "deprecated": self.deprecated or None,
            "days": self.days,
            "sunset": self.sunset or None,
            "before_sunset": self.is_early,
        }


@dataclass(frozen=True, slots=True)
class Unread:
    """A commit whose file could not be read as a spec, and why."""

    commit: str
    day: str
    why: str

    def to_dict(self) -> dict[str, str]:
        """The commit as JSON."""
        return {"commit": self.commit, "date": self.day, "reason": self.why}


@dataclass(frozen=True, slots=True)
class History:
    """All versions of a spec, oldest first.

    `first` is what the first step is compared with; `deprecated` are the operations that still wait for their removal,
    with the day since when; `same` counts commits that left the file as it was.
    """

    source: str
    first: Version | None
    steps: tuple[Step, ...]
    removals: tuple[Removal, ...]
    deprecated: tuple[tuple[str, str], ...]
    unread: tuple[Unread, ...] = ()
    same: int = 0

    @property
    def title(self) -> str:
        """What the API calls itself last."""
        versions = [one for one in (self.first, *(step.version for step in self.steps)) if one is not None]
        return next((one.title for one in reversed(versions) if one.title), self.source)

    @property
    def silent(self) -> tuple[Removal, ...]:
        """The removals without a word."""
        return tuple(removal for removal in self.removals if not removal.deprecated)

    def to_dict(self) -> dict[str, Any]:
        """The JSON of `history --format json`."""
        return {
            "format": "apidiff-history/1",
            "source": self.source,
            "title": self.title,
            "first": None if self.first is None else self.first.to_dict(),
            "versions": [step.to_dict() for step in self.steps],
            "removals": [removal.to_dict() for removal in self.removals],
            "deprecated": [{"operation": name, "since": since} for name, since in self.deprecated],
            "unreadable": [one.to_dict() for one in self.unread],
            "unchanged": self.same,
        }


def step_of(comparison: Comparison, version: Version) -> Step:
    """What a history keeps of one comparison."""
    removed: list[str] = []
    moved: dict[str, str] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for entry in comparison.operations:
        if entry.moved_to is not None:
            moved[str(entry.id)] = str(entry.moved_to)
        elif entry.present == "base":
            removed.append(str(entry.id))
        if entry.deprecated:
            (before if entry.present == "base" else after)[entry.id] = entry.sunset or ""
    edits = tuple(Edit.of(change) for change in comparison.changes if change.level is not Level.EDITORIAL)
    # a break that was let pass is one
    counts = {level.value: sum(change.level is level for change in comparison.changes) for level in Level}
    return Step(version, counts, edits, before, after, tuple(removed), moved)


def told(
    steps: Sequence[Step], *, first: Version | None, deprecated: Iterable[str], source: str, since: str = ""
) -> History:
    """The history of a spec from its steps; `deprecated` are the operations that the first version marks so.

    With `since` the steps before that day only say since when what went had been deprecated.
    """
    waiting = {bare(name): (name, first.day) for name in deprecated if first is not None}
    removals: list[Removal] = []
    for step in steps:
        for name in step.removed:
            _, day = waiting.pop(bare(name), ("", ""))
            removals.append(Removal(name, step.version, day, step.before.get(name, "")))
        for name, heir in step.moved.items():
            if (known := waiting.pop(bare(name), None)) is not None:
                waiting[bare(heir)] = (heir, known[1])
        now = {bare(name): name for name in step.after}
        waiting = {key: (now[key], waiting.get(key, ("", step.version.day))[1]) for key in now}
    kept = tuple(step for step in steps if step.version.day >= since)
    before = [step.version for step in steps if step.version.day < since]
    return History(
        source,
        before[-1] if before else first,
        kept,
        tuple(removal for removal in removals if removal.version.day >= since),
        tuple(sorted(waiting.values(), key=lambda one: (one[1], one[0]))),
    )
