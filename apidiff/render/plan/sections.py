"""The sections of the guide: one for each break, with its sample and what to do, made once for all documents."""

import difflib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from apidiff.calls.samples import Samples
from apidiff.calls.value import Call, Exchange, Outcome, Sample
from apidiff.plan.value import PlannedChange
from apidiff.render.plan.languages import CURL, Language, languages
from apidiff.render.plan.languages.language import is_basic, plain_headers, secrets
from apidiff.render.plan.snippets import pretty
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.changes import Change, Effort
from apidiff.words.direction import Direction
from apidiff.words.escape import clip
from apidiff.words.facts import ABSENT

SHOWN = 300
"""So many breaks are shown with samples; the guide lists the others in a table."""

IN_FULL = 60
"""So many breaks are shown in every language; the ones after them in curl, so that the guide stays readable."""

EFFORTS = {
    Effort.NONE: "nothing",
    Effort.CONFIG: "configuration",
    Effort.CODE: "a change of code",
    Effort.REDESIGN: "another way to do it",
}
SYMPTOMS: Final[Mapping[Outcome, str]] = {
    Outcome.GONE: "410 Gone, on every call",
    Outcome.REFUSED: "400 or 422: the request is refused",
    Outcome.UNAUTHORIZED: "401 or 403: the request is refused",
    Outcome.IGNORED: "the call goes through, and what you send there is ignored",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text to show as code; `old` is empty where there is only the new one, `new` where nothing follows."""

    title: str
    fence: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Section:
    """One break as the guide shows it: what differs on the wire, then whole programs before and after."""

    planned: PlannedChange
    sample: Sample | None
    difference: str
    code: tuple[Block, ...]
    steps: tuple[str, ...]
    symptom: str
    missing: str
    languages: tuple[str, ...] = ()
    own: str = ""
    """The operation of an integrator that it is made for, "" for the guide's."""

    @property
    def anchor(self) -> str:
        """The fragment that links to the change."""
        return f"change-{self.planned.change.id}"


class Sections:
    """The plan's breaks as sections, each made and filled once however many documents show it."""

    def __init__(self, view: View, samples: Samples | None = None, template_dir: Path | None = None) -> None:
        self._view = view
        self._samples = samples
        self._template_dir = template_dir
        self._sections: dict[tuple[str, tuple[str, ...], str], Section] = {}
        self._texts: dict[tuple[str, tuple[str, ...], str], str] = {}

    def of(self, planned: PlannedChange, spoken: tuple[Language, ...], own: str = "") -> Section:
        """One break in the languages asked for, shown on an operation of somebody's own where one is named."""
        key = planned.change.id, tuple(language.title for language in spoken), own
        if key not in self._sections:
            self._sections[key] = section(planned, self._samples, spoken, own)
        return self._sections[key]

    def text(self, made: Section) -> str:
        """The section as Markdown, marked as safe for other templates."""
        from markupsafe import Markup

        key = made.planned.change.id, made.languages, made.own
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


def section(planned: PlannedChange, samples: Samples | None, spoken: tuple[Language, ...], own: str = "") -> Section:
    """One break with its sample, in curl and the languages asked for."""
    change = planned.change
    sample = samples.of(change, own) if samples is not None and change.operations else None
    before, after = (sample.before, sample.after) if sample else (None, None)
    missing = sample.missing if sample else "the specifications are not at hand"
    blocks = () if before is None and after is None else tuple(_blocks(before, after, (CURL, *spoken)))
    return Section(
        planned=planned,
        sample=sample,
        difference=difference(before, after),
        code=blocks,
        steps=steps(change, sample),
        symptom=symptom(change, sample),
        missing=missing if not blocks or (sample and sample.outcome is Outcome.UNSEEN) else "",
        languages=tuple(language.title for language in spoken),
        own=own,
    )


def _blocks(before: Exchange | None, after: Exchange | None, spoken: tuple[Language, ...]) -> list[Block]:
    """Both programs in each language, or one where they are the same; those that need a library are left out."""
    blocks = []
    for language in spoken:
        texts = [
            "" if one is None or not language.can_write(one.call) else language.program(one) for one in (before, after)
        ]
        if any(texts):
            blocks.append(Block(language.title, language.fence, *texts))
    return blocks


def difference(before: Exchange | None, after: Exchange | None) -> str:
    """What goes over the wire on both sides, the lines that change marked by `-` and `+`."""
    old, new = ([] if one is None else wire(one) for one in (before, after))
    if before is None or after is None:
        return "\n".join(f"- {line}" if line else "" for line in old) if old else ""
    lines: list[str] = []
    for kind, one, end, other, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            lines += [f"  {line}".rstrip() for line in old[one:end]]
        else:
            lines += [f"- {line}".rstrip() for line in old[one:end]]
            lines += [f"+ {line}".rstrip() for line in new[other:last]]
    return "\n".join(lines)


def wire(exchange: Exchange) -> list[str]:
    """The request and the answer as lines of HTTP."""
    lines = request_lines(exchange.call)
    if exchange.status:
        lines += ["", f"HTTP/1.1 {exchange.status}"]
        lines += [f"{name}: {value}" for name, value in exchange.headers]
        lines += [] if exchange.answer is ABSENT else ["", *pretty(exchange.answer).splitlines()]
    return [clip(line, 300) if line else "" for line in lines]


def request_lines(call: Call) -> list[str]:
    """The request as it goes over the wire, with the names of the variables for secrets."""
    lines = [f"{call.method} {call.target}"]
    lines += ["Authorization: Basic $API_USER:$API_PASSWORD"] if is_basic(call) else []
    lines += [f"{one.name}: {one.prefix}${one.variable}" for one in secrets(call, "header")]
    lines += [f"{name}: {value}" for name, value in plain_headers(call)]
    if call.is_form:
        lines += ["", *(f"{name}={value}" for name, value in call.fields)]
    elif call.text:
        lines += ["", *(pretty(call.body) if call.is_json else call.text).splitlines()]
    return lines


def symptom(change: Change, sample: Sample | None) -> str:
    """What the old code meets, as a sentence of ours: what the validator says, else what the kind of change means."""
    if sample is not None and sample.outcome in SYMPTOMS:
        return SYMPTOMS[sample.outcome]
    name = clip(change.name or "it", 80).replace("`", "")
    if change.direction is Direction.RESPONSE and change.subject == "property":
        if any(word in change.rule for word in ("removed", "renamed", "split", "moved")):
            return f"reading `{name}` gives nothing, and code that needs it fails"
        if "optional" in change.rule or "no-longer-required" in change.rule:
            return f"`{name}` may be missing, and code that needs it fails"
    return _by_subject(change)


def _by_subject(change: Change) -> str:
    if change.subject in ("operation", "path"):
        return SYMPTOMS[Outcome.GONE]
    if change.subject in ("security requirement", "security scheme"):
        return SYMPTOMS[Outcome.UNAUTHORIZED]
    if change.subject == "media type" and change.direction is Direction.RESPONSE:
        return "406 Not Acceptable, or another media type than asked for"
    if change.subject == "server":
        return "nothing answers at the old address"
    if change.direction is Direction.REQUEST:
        return "some requests that worked are refused with 400 or 422"
    if change.direction is Direction.RESPONSE:
        return "the answer is another than your code was written for; a strict client fails on it"
    return "the call fails or answers otherwise"


def steps(change: Change, sample: Sample | None) -> tuple[str, ...]:
    """The smallest safe order for this change, as sentences of ours with names in backticks."""
    name = clip(change.name or change.title, 120).replace("`", "")
    target = clip(change.renamed_to or "", 120).replace("`", "")
    if change.direction is Direction.RESPONSE:
        return _reading_steps(change, name, target)
    if change.subject in ("operation", "path"):
        if sample is not None and sample.after is not None:
            call = sample.after.call
            return (
                f"Send the same request to `{clip(f'{call.method} {call.path}', 200).replace('`', '')}`.",
                "Compare the answers of both for a while, then switch.",
            )
        return (
            "Find what in your product depends on it, and decide with us what takes its place: write before you build.",
            "Stop calling it before the sunset.",
        )
    if sample is not None and sample.early:
        first = "Send the new form now: the old version takes it as well, so that nothing has to be switched."
    else:
        first = "Prepare the new form behind a switch of the version: the old version does not take it."
    last = "Test against the new version, then deploy before the sunset."
    return (first, _PAGES, last) if _is_page_size(change) else (first, last)


_PAGES: Final = "A page then holds fewer entries: read the pages that follow until there is none, or the rest is lost."
_PAGE_SIZE: Final = re.compile(
    r"\$?(?:limit|top|first|count|size|take|(?:page|per|max|batch)[_.-]?(?:page|size|results|items|limit))"
)


def _is_page_size(change: Change) -> bool:
    """Whether the maximum that went down says how many entries an answer holds: who asks for fewer gets fewer."""
    return (
        change.rule == "maximum-decreased" and _PAGE_SIZE.fullmatch(change.name.rpartition(".")[2].lower()) is not None
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


def compact(value: Any) -> str:
    """A JSON value on one line."""
    return "" if value is ABSENT else json.dumps(value, ensure_ascii=False)
