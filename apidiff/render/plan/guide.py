"""migration-guide.md: for integrators and developer relations, what changes and what to write instead.

The guide is public: no integrator, contact, key or count of theirs is in it. `integrators/ID.md` cuts it down to what
one of them uses.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from apidiff.render.plan.plain import in_words, spot
from apidiff.render.plan.searches import NEAR, searches
from apidiff.render.plan.sections import Section, Sections
from apidiff.render.plan.view import View, counted
from apidiff.render.templates import fill
from apidiff.words.amount import per_cent
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.operation import OperationId


@dataclass(frozen=True, slots=True)
class Part:
    """One change of a chapter; `title` says it in words, `same` are the same edit elsewhere."""

    section: Section
    title: str
    same: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The changes of one task (a tag of the spec, else the first part of the path): reads first, then writes."""

    title: str
    parts: tuple[Part, ...]


def guide_md(
    view: View, made: Sections, *, written: Mapping[str, str] | None = None, template_dir: Path | None = None
) -> str:
    """The public guide: dates, who is affected, the order to migrate in, chapters by task, names, tests, questions.

    `written` are the texts of people by the name of their block.
    """
    from markupsafe import Markup

    told = chapters(view, made)
    parts = [part for chapter in told for part in chapter.parts]
    return fill(
        "migration-guide.md.j2",
        template_dir=template_dir,
        counted=counted,
        view=view,
        plan=view.plan,
        chapters=[(one.title, [(part, made.text(part.section)) for part in one.parts]) for one in told],
        lines=lines,
        order=in_order(parts),
        rest=made.rest(),
        searches=searches(view),
        near=NEAR,
        mapping=mapping(view),
        removed=[one for one in view.plan.operations if one.removed],
        written={name: Markup(text) for name, text in (written or {}).items()},  # noqa: S704 - people's own Markdown
    )


def chapters(view: View, made: Sections) -> tuple[Chapter, ...]:
    """The breaks by task; what is the same edit elsewhere in the chapter is said once."""
    found: dict[str, dict[tuple[object, ...], list[Section]]] = {}
    for section in made.all():
        change = section.planned.change
        edit = change.rule, change.direction, change.name.rpartition(".")[2], section.planned.is_kept
        found.setdefault(_task(change, view), {}).setdefault(edit, []).append(section)
    return tuple(
        Chapter(title, tuple(sorted((_part(sections) for sections in edits.values()), key=_rank)))
        for title, edits in sorted(found.items())
    )


@dataclass(frozen=True, slots=True)
class Line:
    """Changes that one sentence says: their names, and what holds of each of them."""

    parts: tuple[Part, ...]
    names: tuple[str, ...] = ()
    rest: str = ""


def lines(parts: list[Part]) -> tuple[Line, ...]:
    """The changes as a list that is read: what is said of several names in the same words is one line."""
    found: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        name, rest = _apart(part.title)
        key = ("", rest) if name and not part.same else (part.section.anchor, "")
        found.setdefault(key, []).append(part)
    return tuple(
        Line(tuple(told), tuple(_apart(part.title)[0] for part in told), rest) if len(told) > 1 else Line(tuple(told))
        for (_, rest), told in found.items()
    )


def _apart(title: str) -> tuple[str, str]:
    """A sentence's first name and the rest of it; ("", "") where it does not begin with a name."""
    told = _LED.match(title)
    return (told[1], title[told.end() :]) if told else ("", "")


_LED: Final = re.compile(r"`([^`]+)` (?=is |may |goes |has |takes |no longer |can )")


def _part(sections: list[Section]) -> Part:
    first, *others = sections
    return Part(first, in_words(first.planned), tuple(others))


def _rank(part: Part) -> tuple[bool, bool, int, str]:
    """What can be done early, and reads, come first; then the least work."""
    planned = part.section.planned
    change = planned.change
    reads = change.direction is Direction.RESPONSE
    return (
        planned.is_kept,
        not (reads or is_early(part.section)),
        list(type(change.effort)).index(change.effort),
        part.title,
    )


def _task(change: Change, view: View) -> str:
    """The tag of its operations, else the first word of their paths; of what is in many, that of the nearest place."""
    tasks = dict.fromkeys(_of(name, view) for name in change.operations[:_ASKED])
    if len(tasks) <= _TASKS:
        return next(iter(tasks), "Everything")
    met = spot(change)
    return _of(OperationId(met.operation), view) if met.field else "In many places"


def _of(name: OperationId, view: View) -> str:
    entry = view.entries.get(name)
    if entry is not None and entry.tags:
        return entry.tags[0]
    words = [word for word in name.path.split("/") if word and "{" not in word and not _PREFIX.fullmatch(word)]
    return words[0] if words else "Everything"


_PREFIX: Final = re.compile(r"v\d[\w.-]*|api")
_ASKED: Final = 60
_TASKS: Final = 3


def is_early(section: Section) -> bool:
    """Whether the new form works before the change as well, so that nobody has to wait for a day."""
    change, sample = section.planned.change, section.sample
    return change.direction is Direction.RESPONSE or (sample is not None and sample.early)


def in_order(parts: list[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...], tuple[Part, ...]]:
    """What to do: code that reads both forms, then new requests that the old version takes too, then the rest."""
    due = [part for part in parts if not part.section.planned.is_kept]
    reads = [part for part in due if part.section.planned.change.direction is Direction.RESPONSE]
    early = [part for part in due if part not in reads and is_early(part.section)]
    return tuple(reads), tuple(early), tuple(part for part in due if part not in reads and part not in early)


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing was called and what it is called now, "" where nothing follows; `how` says how that is known."""

    old: str
    new: str
    kind: str
    how: str = ""
    likeness: float | None = None

    @property
    def sure(self) -> str:
        """How sure the new name is, for people."""
        return f"{per_cent(self.likeness)} alike: check it" if self.likeness is not None else self.how


def mapping(view: View) -> tuple[Name, ...]:
    """Everything that went, or has a new name or a successor, each once."""
    rows: dict[tuple[str, str, str], Name] = {}
    for planned in view.breaking:
        for one in _names(planned.change, view):
            if planned.ends or one.new:  # what is kept is not gone
                shown = one if planned.ends else replace(one, how=_KEPT, likeness=None)
                rows.setdefault((one.old, one.new, one.kind), shown)
    return tuple(rows.values())


_KEPT: Final = "the old one stays"
_HOW: Final = {
    "declared": "stated",
    "operationId": "the same operationId",
    "the path without its version": "the same path without its version",
}
"""How what is known of a new name is told to integrators, where that is not how reports say it."""


def _names(change: Change, view: View) -> Iterator[Name]:
    entry = next((view.entries[one] for one in change.operations if one in view.entries), None)
    new = change.renamed_to or (entry.moved_to if entry and change.subject == "operation" else None) or ""
    how = (_HOW.get(change.matched, change.matched), change.likeness) if new else ("", None)
    if "value-removed" in change.rule:
        values = change.exposure.values
        heirs = new.split(", ") if new and len(new.split(", ")) == len(values) else [""] * len(values)
        for value, heir in zip(values, heirs, strict=True):
            yield Name(f"{change.name}={value}", f"{change.name}={heir}" if heir else "", "value", *how)
    elif change.subject == "operation" and change.operations:
        yield Name(change.operations[0], new, "operation", *how)
    elif new or "removed" in change.rule:
        yield Name(change.name or change.title, new, change.subject or "operation", *how)
