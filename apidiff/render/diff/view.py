"""What every format of a comparison shows, in one order: sections by level, groups by root cause, places, counts.

Counts are those of `Comparison.summary` and of nothing else, so that no two formats can disagree.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from apidiff import pointer
from apidiff.changes import Change, Comparison, Level
from apidiff.render.diff.json import dumps
from apidiff.render.escape import clip, visible

LEVELS: Final = tuple(Level)
"""Worst first."""
MEANING: Final = {
    Level.BREAKING: "a caller that worked can fail",
    Level.DANGEROUS: "a correct but strict caller can fail",
    Level.ADDITIVE: "safe: nothing that worked can fail",
    Level.EDITORIAL: "nothing that a program sees",
}
SHOWN_OPERATIONS: Final = 3
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
_GIT_REVISION: Final = re.compile(r"[^/:\\]{2,}:(?!//)(?=.)")
_LINE: Final = re.compile(r"(.+):(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change was made. `file` is "" and `line` None where nothing says them; `side` is `base` or `revision`."""

    pointer: str
    side: str
    file: str = ""
    line: int | None = None

    @property
    def file_line(self) -> str:
        """`file:line`, or ""."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


@dataclass(frozen=True, slots=True)
class Group:
    """Changes with one root cause: a component, an operation, a path or the document."""

    cause: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One level: how many changes it has by the summary, those shown by root cause, and how many are left out."""

    level: Level
    total: int
    groups: tuple[Group, ...]
    more: int = 0

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes shown, group after group."""
        return tuple(change for group in self.groups for change in group.changes)


def sections(comparison: Comparison, *, limit: int | None = None, levels: Iterable[Level] = LEVELS) -> list[Section]:
    """The levels that have changes, worst first, with at most `limit` changes in each (None: all of them).

    Inside a level the order is that of the comparison; waived changes are left out, as in the summary.
    """
    summary = comparison.summary
    made = []
    for level in levels:
        if total := summary[level.value]:
            found = [change for change in comparison.changes if change.level is level and change.waiver is None]
            shown = _in_groups(found)[:limit]
            made.append(Section(level, total, _groups(shown), total - len(shown)))
    return made


def waived(comparison: Comparison) -> tuple[Change, ...]:
    """The changes that somebody let pass."""
    return tuple(change for change in comparison.changes if change.waiver is not None)


def _in_groups(changes: Sequence[Change]) -> list[Change]:
    return [change for group in _groups(changes) for change in group.changes]


def _groups(changes: Iterable[Change]) -> tuple[Group, ...]:
    by_cause: dict[str, list[Change]] = {}
    for change in changes:
        by_cause.setdefault(cause(change), []).append(change)
    return tuple(Group(name, tuple(members)) for name, members in by_cause.items())


def cause(change: Change) -> str:
    """What holds the edit, with its name in backticks: "`Customer` (schema)", "`GET /v1/charges`", "the document".

    It is as the spec writes it; the format escapes it.
    """
    where = pointer.parse(change.base or change.revision or "#")
    match where.segments:
        case ("components", kind, name, *_) if kind in _KINDS:
            return f"`{name}` ({_KINDS[kind]})"
        case ("definitions" | "$defs" | "securityDefinitions" | "parameters" | "responses" as kind, name, *_):
            return f"`{name}` ({_KINDS[kind]})"
        case ("paths", path, method, *_) if method in _METHODS:
            return f"`{method.upper()} {path}`"
        case ("paths", path, *_):
            return f"`{path}`"
        case ("webhooks", name, *_):
            return f"`{name}` (webhook)"
    return f"`{where.file}`" if where.file else "the document"


def headline(comparison: Comparison) -> str:
    """The counts on one line: `3 breaking, 1 dangerous, 12 additive, 40 editorial, 1 waived (1 unclassified)`."""
    summary = comparison.summary
    parts = [f"{summary[name]:,} {name}" for name in (*LEVELS, "waived") if summary[name]]
    unclassified = f" ({summary['unclassified']:,} unclassified)" if summary["unclassified"] else ""
    return (", ".join(parts) or "no change") + unclassified


def broken(comparison: Comparison) -> str:
    """How much of the API breaks: `9 of 41 operations break`."""
    summary = comparison.summary
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


def place(comparison: Comparison, change: Change) -> Place:
    """Where the edit is: in the revision, else (what was removed) in the base; the line where the comparison has it."""
    candidates = [("revision", change.revision), ("base", change.base)]
    known = [(side, at) for side, at in candidates if at is not None] or [("revision", "#")]
    for side, at in known:
        if found := _LINE.fullmatch(comparison.lines.get(f"{side}:{at}", "")):
            return Place(at, side, found.group(1), int(found.group(2)))
    side, at = known[0]
    return Place(at, side)


def artifact(comparison: Comparison, found: Place) -> str:
    """The file that a place is in, as a path or URL without a git revision; "" for standard input."""
    source = (comparison.base if found.side == "base" else comparison.revision).source
    file = found.file or _beside(source, pointer.parse(found.pointer).file)
    file = _GIT_REVISION.sub("", file, count=1) if not re.match(r"[A-Za-z]:[\\/]", file) else file
    return "" if file in ("-", "") else file.removeprefix("./")


def _beside(source: str, file: str) -> str:
    """The path of a multi-file spec's other file, which is named from the entry file's folder."""
    folder, slash, _ = source.rpartition("/")
    return f"{folder}{slash}{file}" if file else source


def by_rule(changes: Iterable[Change], most: int = 6) -> str:
    """Which rules found them, most frequent first: `5 property-added, 2 parameter-added`."""
    counts = sorted(Counter(change.rule for change in changes).items(), key=lambda item: (-item[1], item[0]))
    parts = [f"{count:,} {visible(rule)}" for rule, count in counts[:most]]
    return ", ".join([*parts, *([f"and {len(counts) - most:,} more rules"] if len(counts) > most else [])])


def compact(value: Any, length: int = 160) -> str:
    """A JSON value on one line, cut at `length` characters."""
    return clip(dumps(value), length)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 operation`, `2,000 operations`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
