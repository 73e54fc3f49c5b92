"""migration-guide.md: for integrators and developer relations, what changes and what to write instead.

The guide is public: no integrator, contact, key or count of theirs is in it. `integrators/ID.md` cuts it down to what
one of them uses.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from apidiff.render.plan.sections import Sections
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.changes import Change

_NAMED: Final = ("parameter", "property", "schema", "header")
"""Things whose name stands in the code of who uses them."""


def guide_md(view: View, made: Sections, *, template_dir: Path | None = None) -> str:
    """The public guide: the dates, who is affected, each change before and after, the mapping, steps and questions."""
    return fill(
        "migration-guide.md.j2",
        template_dir=template_dir,
        view=view,
        plan=view.plan,
        sections=[(one, made.text(one)) for one in made.all()],
        rest=made.rest(),
        searches=searches(view),
        mapping=mapping(view),
    )


def searches(view: View) -> tuple[tuple[str, str], ...]:
    """What to search one's code for: a text, and the title of the change that it is the sign of."""
    found: dict[str, str] = {}
    for change in view.plan.ending:
        for text in _signs(change):
            found.setdefault(text, change.title)
    return tuple((text, title) for text, title in found.items() if len(text.strip("/")) > 1)


def _signs(change: Change) -> Iterator[str]:
    """The literal part of a path, a value that went away, or the last part of a name."""
    if change.subject in ("operation", "path"):
        for operation in change.operations[:1]:
            literals = re.split(r"\{[^{}]*\}", operation.path)
            yield max(literals, key=len).rstrip("/")
    elif "value-removed" in change.rule:
        yield from change.exposure.values
    elif change.subject in _NAMED:
        yield change.name.rpartition(".")[2]


def mapping(view: View) -> tuple[tuple[str, str, str], ...]:
    """Old name, new name and kind of everything that went, or has a new name or a successor."""
    rows: list[tuple[str, str, str]] = []
    for planned in view.breaking:
        change = planned.change
        entry = next((view.entries[one] for one in change.operations if one in view.entries), None)
        new = change.renamed_to or (entry.moved_to if entry and change.subject == "operation" else None)
        if "value-removed" in change.rule:
            rows.extend((f"{change.name}={value}", "", "value") for value in change.exposure.values)
        elif new or "removed" in change.rule:
            rows.append((change.name or change.title, new or "", change.subject or "operation"))
    return tuple(rows)
