"""The sections of the guide: one for each break, with its examples and what to do, made once for all documents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from apidiff.plan.value import Plan, PlannedChange
from apidiff.render.plan.examples import Example, Side, example
from apidiff.render.plan.languages import CURL, Language, languages
from apidiff.render.plan.snippets import pretty
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.changes import Change, Effort, OperationEntry
from apidiff.words.direction import Direction
from apidiff.words.escape import clip
from apidiff.words.facts import ABSENT

SHOWN = 300
"""So many breaks are shown with examples; the guide lists the others in a table."""

IN_FULL = 60
"""So many breaks are shown in every language; the ones after them in curl, so that the guide stays readable."""

EFFORTS = {
    Effort.NONE: "nothing",
    Effort.CONFIG: "configuration",
    Effort.CODE: "a change of code",
    Effort.REDESIGN: "another way to do it",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text to show as code."""

    title: str
    fence: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One break as the guide shows it: the HTTP before and after, then the same in the integrators' languages."""

    planned: PlannedChange
    anchor: str
    example: Example | None
    before: tuple[Block, ...]
    after: tuple[Block, ...]
    code: tuple[tuple[Block, Block], ...]
    steps: tuple[str, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The titles of the languages that it is shown in."""
        return tuple(before.title for before, _ in self.code)


class Sections:
    """The plan's breaks as sections, each made and filled once however many documents show it."""

    def __init__(self, view: View, template_dir: Path | None = None) -> None:
        self._view = view
        self._template_dir = template_dir
        self._sections: dict[tuple[str, tuple[str, ...]], Section] = {}
        self._texts: dict[tuple[str, tuple[str, ...]], str] = {}

    def of(self, planned: PlannedChange, spoken: tuple[Language, ...]) -> Section:
        """One break in the languages asked for."""
        key = planned.change.id, tuple(language.title for language in spoken)
        if key not in self._sections:
            self._sections[key] = section(planned, self._view.entries, self._view.plan, spoken)
        return self._sections[key]

    def text(self, made: Section) -> str:
        """The section as Markdown, marked as safe for other templates."""
        from markupsafe import Markup

        key = made.planned.change.id, made.languages
        if key not in self._texts:
            self._texts[key] = fill(
                "change.md.j2",
                template_dir=self._template_dir,
                section=made,
                plan=self._view.plan,
                efforts=EFFORTS,
            )
        return Markup(self._texts[key])  # noqa: S704 - the template has escaped it

    def all(self) -> tuple[Section, ...]:
        """The breaks to show, the first `IN_FULL` in the languages of the logs and the others in curl.

        Of more than `SHOWN` those that hit somebody come first; `rest` has the others.
        """
        spoken = languages(tuple(name for name, _ in self._view.plan.languages))
        return tuple(self.of(planned, spoken if place < IN_FULL else ()) for place, planned in enumerate(self._shown()))

    def rest(self) -> tuple[PlannedChange, ...]:
        """The breaks that are too many to show in full."""
        shown = {planned.change.id for planned in self._shown()}
        return tuple(planned for planned in self._view.breaking if planned.change.id not in shown)

    def _shown(self) -> tuple[PlannedChange, ...]:
        breaking = self._view.breaking
        return breaking if len(breaking) <= SHOWN else tuple(sorted(breaking, key=_hits_nobody)[:SHOWN])


def _hits_nobody(planned: PlannedChange) -> bool:
    return not any(planned.affected.values())


def section(
    planned: PlannedChange, entries: Mapping[str, OperationEntry], plan: Plan, spoken: tuple[Language, ...]
) -> Section:
    """One break with its before and after."""
    shown = example(planned, entries, plan)
    if shown is None:
        return Section(planned, anchor(planned), None, (), (), (), steps(planned, shown))
    return Section(
        planned=planned,
        anchor=anchor(planned),
        example=shown,
        before=http_blocks(shown.before, shown.fragments[0]),
        after=http_blocks(shown.after, shown.fragments[1]) if shown.after else (),
        code=tuple(code_blocks(shown, language) for language in spoken),
        steps=steps(planned, shown),
    )


def anchor(planned: PlannedChange) -> str:
    """The fragment that links to the change."""
    return f"change-{planned.change.id}"


def http_blocks(side: Side, fragment: object) -> tuple[Block, ...]:
    """The request in curl, and what comes back where that is what changes."""
    blocks = [Block("Request", CURL.fence, CURL.send(side.request))]
    if side.has_answer:
        head = [f"HTTP/1.1 {side.status}"] if side.status else []
        head += [f"{name}: {value}" for name, value in side.headers]
        body = [] if side.body is ABSENT else ["", pretty(side.body)]
        blocks.append(Block("Answer", "http", "\n".join([*head, *body]) if head else "\n".join(body).strip()))
    elif isinstance(fragment, dict | list | str | int | float) and fragment not in ("", {}, []):
        blocks.append(Block("In the spec", "json", clipped_json(fragment)))
    return tuple(blocks)


def clipped_json(value: object) -> str:
    """A fragment of the spec, cut after some thirty lines."""
    lines = pretty(value).splitlines()
    return "\n".join(clip(line, 200) for line in lines[:30]) + ("\n…" if len(lines) > 30 else "")


def code_blocks(shown: Example, language: Language) -> tuple[Block, Block]:
    """Before and after in one language: the reading of a field where the answer changes, else the request."""
    reads = shown.before.reads or (shown.after.reads if shown.after else ())
    before = language.reads(shown.before.reads) if reads else language.send(shown.before.request)
    if shown.after is None:
        return Block(language.title, language.fence, before), Block(language.title, language.fence, "")
    after = language.reads(shown.after.reads) if reads else language.send(shown.after.request)
    return Block(language.title, language.fence, before), Block(language.title, language.fence, after)


def steps(planned: PlannedChange, shown: Example | None) -> tuple[str, ...]:
    """The smallest safe order for this change, as sentences of ours with names in backticks."""
    change = planned.change
    name = clip(change.name or change.title, 120).replace("`", "")
    target = clip(change.renamed_to or "", 120).replace("`", "")
    if change.direction is Direction.RESPONSE:
        return _reading_steps(change, name, target)
    if change.subject in ("operation", "path"):
        if shown is not None and shown.after is not None:
            return (
                f"Send the same request to `{shown.after.request.method} {path_of(shown.after.request.url)}`.",
                "Compare the answers of both for a while, then switch.",
            )
        return (
            "Find what in your product depends on it, and decide with us what takes its place: write before you build.",
            "Stop calling it before the sunset.",
        )
    return (
        "Send what the new version asks for; do it now where the old version accepts it too.",
        "Test against the new version, then deploy before the sunset.",
    )


def _reading_steps(change: Change, name: str, target: str) -> tuple[str, ...]:
    """The order for a change of what comes back: code that reads both forms works on both sides."""
    if target:
        return (
            f"Read `{target}` where it is there, and `{name}` where it is not: the same code then works on both sides.",
            "Deploy, and check that nothing of yours depends on the old name any more.",
            f"After the sunset, remove what reads `{name}`.",
        )
    if "removed" in change.rule:
        return (
            f"Find what reads `{name}`, and decide what it does without it.",
            "Deploy it before the sunset; code that does not read it works on both sides.",
        )
    return (
        "Make your code accept the new form beside the old one: it then works on both sides.",
        "Test it against the new version, then deploy before the sunset.",
    )


def path_of(url: str) -> str:
    """The path of an example URL."""
    return re.sub(r"^[a-z]+://[^/]*", "", url).replace("`", "") or "/"
