"""What every format of a comparison shows, in one order: sections by level, groups by root cause, counts.

Counts are those of `Comparison.summary` and of nothing else, so that no two formats can disagree.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from apidiff.judge.witness import NO_VALUE, NOT_FOUND
from apidiff.render.diff.json import dumps
from apidiff.words import pointer
from apidiff.words.amount import counted
from apidiff.words.changes import ENDANGERING, Change, Comparison, Level, Waiver, Witness
from apidiff.words.escape import clip, visible
from apidiff.words.operation import OperationId

LEVELS: Final = tuple(Level)
"""Worst first."""
MEANING: Final = {
    Level.BREAKING: "a caller that worked can fail",
    Level.DANGEROUS: "a correct but strict caller can fail",
    Level.ADDITIVE: "safe: nothing that worked can fail",
    Level.EDITORIAL: "nothing that a program sees",
}
SHOWN_OPERATIONS: Final = 3
FOLDED: Final = 3
"""So many places make one row of the same edit."""
_METHODS: Final = frozenset(["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"])
_KINDS: Final = {
    "schemas": "schema",
    "parameters": "parameter",
    "responses": "response",
    "requestBodies": "request body",
    "headers": "header",
    "securitySchemes": "security scheme",
    "links": "link",
    "callbacks": "callback",
    "pathItems": "path item",
    "mediaTypes": "media type",
    "definitions": "schema",
    "$defs": "schema",
    "securityDefinitions": "security scheme",
}


@dataclass(frozen=True, slots=True)
class Row:
    """What people read once: a change, and the others that are the same edit on other operations."""

    change: Change
    others: tuple[Change, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """All of them."""
        return (self.change, *self.others)

    @property
    def also(self) -> str:
        """That it is not alone: `the same edit on 134 more operations`, "" where it is."""
        if not self.others:
            return ""
        operations = {name for one in self.others for name in one.operations} - {*self.change.operations}
        where = f" on {counted(len(operations), 'more operation')}" if operations else ""
        return f"the same edit in {counted(len(self.others), 'more place')}{where}"


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one root cause: a component, an operation, a path, a file or the document.

    `name` is as the spec writes it, "" for the document; `kind` says what a component is (`schema`), else "".
    """

    name: str
    kind: str
    rows: tuple[Row, ...]

    @property
    def cause(self) -> str:
        """`name` in backticks, with its kind: "`Customer` (schema)", "`GET /v1/charges`", "the document"."""
        kind = f" ({self.kind})" if self.kind else ""
        return f"`{visible(self.name)}`{kind}" if self.name else "the document"


@dataclass(frozen=True, slots=True)
class Section:
    """One level: how many changes it has by the summary, those shown by root cause, and those left out."""

    level: Level
    total: int
    groups: tuple[Group, ...]
    hidden: tuple[Change, ...] = ()

    @property
    def more(self) -> int:
        """How many are left out."""
        return len(self.hidden)

    @property
    def left_out(self) -> str:
        """Which rules found what is left out."""
        return by_rule(self.hidden)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows shown, group after group."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes in those rows."""
        return tuple(change for row in self.rows for change in row.changes)


def sections(
    comparison: Comparison,
    *,
    limit: int | None = None,
    levels: Iterable[Level] = LEVELS,
    fold: bool = True,
) -> list[Section]:
    """The levels that have changes, worst first, with at most `limit` rows in each (None: all of them).

    Inside a level the order is that of the comparison; waived changes are left out, as in the summary. With `fold` an
    edit that stands in `FOLDED` places or more is one row.
    """
    summary = comparison.summary
    made = []
    for level in levels:
        if total := summary[level.value]:
            found = (change for change in comparison.changes if change.level is level and change.waiver is None)
            made.append(cut(Section(level, total, _groups(_rows(found, fold=fold))), limit))
    return made


def cut(section: Section, limit: int | None) -> Section:
    """The section with its first `limit` rows, and the changes of the others counted."""
    if limit is None or len(section.rows) <= limit:
        return section
    rows = section.rows
    left_out = tuple(change for row in rows[limit:] for change in row.changes)
    return Section(section.level, section.total, _groups(rows[:limit]), (*left_out, *section.hidden))


def cut_all(found: Iterable[Section], most: int) -> list[Section]:
    """The sections with `most` rows among them, the worst levels first."""
    made = []
    for section in found:
        made.append(cut(section, most))
        most -= len(made[-1].rows)
    return made


def waived(comparison: Comparison) -> tuple[Change, ...]:
    """The changes that somebody let pass."""
    return tuple(change for change in comparison.changes if change.waiver is not None)


def _rows(changes: Iterable[Change], *, fold: bool) -> Iterator[Row]:
    """Each change as a row; the first of the same edit holds the others, where they are many."""
    if not fold:
        yield from map(Row, changes)
        return
    found = [(change, change.group) for change in changes]
    same: dict[str, list[Change]] = {}
    for change, group in found:
        same.setdefault(group, []).append(change)
    for change, group in found:
        members = same[group]
        if len(members) < FOLDED:
            yield Row(change)
        elif change is members[0]:
            yield Row(change, tuple(members[1:]))


def _groups(rows: Iterable[Row]) -> tuple[Group, ...]:
    by_cause: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_cause.setdefault(_cause(row.change), []).append(row)
    return tuple(Group(name, kind, tuple(members)) for (name, kind), members in by_cause.items())


def _cause(change: Change) -> tuple[str, str]:
    """The name and kind of what holds the edit, with its file where several specs have such an operation."""
    name, kind = _holder(change)
    file = OperationId(change.operations[0]).file if change.operations else ""
    is_named = not file or (not kind and " " not in name)  # a file of its own, or the document
    return (name if is_named else f"{file}#{name}"), kind


def _holder(change: Change) -> tuple[str, str]:
    where = pointer.parse(change.base or change.revision or "#")
    match where.segments:
        case ("components", kind, name, *_) if kind in _KINDS:
            return name, _KINDS[kind]
        case ("definitions" | "$defs" | "securityDefinitions" | "parameters" | "responses" as kind, name, *_):
            return name, _KINDS[kind]
        case ("paths", path, method, *_) if method in _METHODS:
            return f"{method.upper()} {path}", ""
        case ("paths", path, *_):
            return path, ""
        case ("webhooks", name, *_):
            return name, "webhook"
    return where.file, ""


def headline(comparison: Comparison) -> str:
    """The counts on one line: `3 breaking, 1 dangerous, 12 additive, 40 editorial, 1 waived (1 unclassified)`."""
    summary = comparison.summary
    parts = [f"{summary[name]:,} {name}" for name in (*LEVELS, "waived") if summary[name]]
    unclassified = f" ({summary['unclassified']:,} unclassified)" if summary["unclassified"] else ""
    return (", ".join(parts) or "no change") + unclassified


def verdict(comparison: Comparison) -> str:
    """The answer in a few words, by the worst level: `3 breaking changes`, `no breaking change`, `no change`."""
    summary = comparison.summary
    if not any(summary[level] for level in LEVELS):
        return "no change"
    found = next((level for level in ENDANGERING if summary[level]), None)
    return "no breaking change" if found is None else counted(summary[found], f"{found} change")


def broken(comparison: Comparison) -> str:
    """How much of the API breaks: `9 of 41 operations break`, `the one operation breaks`."""
    summary = comparison.summary
    if summary["operations"] < 2:
        return f"{'the one' if summary['operations_broken'] else 'no'} operation breaks"
    verb = "breaks" if summary["operations_broken"] == 1 else "break"
    return f"{summary['operations_broken']:,} of {counted(summary['operations'], 'operation')} {verb}"


def versions(comparison: Comparison) -> str:
    """Which two specs: `Payments 1.4.0 -> 2.0.0`, with both titles where they differ."""
    base, revision = comparison.base, comparison.revision
    before = f"{clip(base.title, 80)} {clip(base.version, 40)}".strip() or clip(base.source, 80)
    title = "" if base.title == revision.title else clip(revision.title, 80)
    after = f"{title} {clip(revision.version, 40)}".strip() or clip(revision.source, 80)
    return f"{before} -> {after}"


def reach(change: Change, most: int = SHOWN_OPERATIONS) -> str:
    """The operations that a change reaches: `GET /a, GET /b, POST /c and 37 more`, or "" for none."""
    shown = ", ".join(visible(operation) for operation in change.operations[:most])
    rest = len(change.operations) - most
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def by_rule(changes: Iterable[Change], most: int = 6) -> str:
    """Which rules found them, most frequent first: `5 property-added, 2 parameter-added`."""
    counts = sorted(Counter(change.rule for change in changes).items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {visible(rule)}" for rule, count in counts[:most]]
    return ", ".join([*parts, *([f"and {len(counts) - most:,} more rules"] if len(counts) > most else [])])


def arrows(text: str) -> str:
    """The text with real arrows, for what is no terminal."""
    return text.replace(" -> ", " → ")


def message(change: Change, used: str = "") -> str:
    """A change in one paragraph: what, why, whom it reaches, by whom it is `used`, and what to do instead."""
    reached = f" Reaches {reach(change)}." if change.operations else ""
    reached += f" {used[0].upper()}{used[1:]}." if used else ""
    instead = f" Instead: {visible(change.alternative.summary)}" if change.alternative else ""
    return f"{visible(change.title)}. {visible(change.why)}{reached}{instead}"


def reason(waiver: Waiver) -> str:
    """Why a change may pass, who answers for it, and until when: `never filled (ada, until 2027-03-01)`."""
    until = f", until {waiver.expires}" if waiver.expires else ""
    return visible(f"{waiver.reason} ({waiver.owner}{until})")


def witness_value(witness: Witness, length: int = 160) -> str:
    """The value of a witness on one line, "" where none was found and only its note says why."""
    return "" if witness.note in (NO_VALUE, NOT_FOUND) else compact(witness.value, length)


def compact(value: Any, length: int = 160) -> str:
    """A JSON value on one line, cut at `length` characters."""
    return clip(dumps(value), length)
