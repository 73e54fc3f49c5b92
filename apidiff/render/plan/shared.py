"""What integrators and their programs get: the guide as a web page, each integrator's own part of it, and llms.txt."""

from pathlib import Path
from typing import Any, Final

from apidiff.calls.samples import at
from apidiff.calls.value import Exchange
from apidiff.plan.value import PlannedIntegrator
from apidiff.render.plan.agents import action
from apidiff.render.plan.languages import languages
from apidiff.render.plan.messages import WRITTEN
from apidiff.render.plan.page import styled
from apidiff.render.plan.plain import by_edit, in_words, trace
from apidiff.render.plan.sections import Section, Sections, compact
from apidiff.render.plan.view import Hit, View
from apidiff.render.templates import fill
from apidiff.words.escape import clip, code, prose, slug

_PARTS: Final = 12
"""So many of an integrator's changes are shown in full, the gravest first; the guide has all of them."""

_HITS: Final = 15
"""So many of an integrator's changes are listed with what was seen, the gravest first."""

_ACTION: Final = {"none": "none needed, the old form stays"}

_ROOM: Final = 13_000
"""So much of a page is samples, so that the whole of it stays below 20 kB."""


def guide_html(markdown: str, view: View, *, template_dir: Path | None = None) -> str:
    """migration-guide.md as a page of its own; what hostile text it holds is escaped in the Markdown already."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    article = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    article = article.replace("<pre>", '<pre tabindex="0">')  # it scrolls, so that a keyboard has to reach it
    style, policy = styled(template_dir)
    return fill(
        "migration-guide.html.j2",
        template_dir=template_dir,
        plan=view.plan,
        article=Markup(article),  # noqa: S704 - rendered from escaped Markdown
        style=style,
        csp=policy,
    )


def integrator_guides(view: View, made: Sections, *, template_dir: Path | None = None) -> dict[str, bytes]:
    """integrators/ID.md for each integrator that is called or written to: only what it uses, in its own languages."""
    return {
        f"integrators/{slug(one.integrator)}.md": _guide(one, view, made, template_dir).encode()
        for one in view.contacted[:WRITTEN]
    }


def _guide(one: PlannedIntegrator, view: View, made: Sections, template_dir: Path | None) -> str:
    """The page of one integrator, with as many samples as it has room for, the gravest changes first."""
    hits = view.hits[one.integrator]
    spoken = languages(one.languages, most=1)
    edits = by_edit(hits)
    parts: list[tuple[Section, object]] = []
    room = _ROOM
    for hit, _ in edits:
        if not hit.planned.change.breaks or len(parts) == _PARTS:
            continue
        part = made.of(hit.planned, spoken, _place(hit))
        text = made.text(part)
        if len(text) > room:
            break
        parts.append((part, text))
        room -= len(text)
    shown = edits[:_HITS]
    return fill(
        "integrator.md.j2",
        template_dir=template_dir,
        plan=view.plan,
        one=one,
        items=[(in_words(hit.planned, called), trace(hit), called, hit) for hit, called in shown],
        more=max(0, len(edits) - _HITS),
        to_do=[in_words(hit.planned, called) for hit, called in by_edit(view.to_do(one))[:_HITS]],
        sections=[(in_words(part.planned, _own(part, hits)), text) for part, text in parts],
        unshown=sum(hit.planned.change.breaks for hit, _ in edits) - len(parts),
    )


def _place(hit: Hit) -> str:
    """An operation that the integrator calls, and that the change has a place in; "" where the plan knows none."""
    called = set(hit.impact.operations)
    change = hit.planned.change
    known = (at(place) for place in change.places)
    return next((one for one in known if one in called), change.operations[0] if change.operations else "")


def _own(part: Section, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    """The operations of a change that the integrator calls."""
    return next((hit.impact.operations for hit in hits if hit.planned is part.planned), ())


def llms_txt(view: View, made: Sections, *, template_dir: Path | None = None) -> str:
    """The migration for programs (llmstxt.org): one change a heading, absolute dates, the spec's names quoted."""
    return fill(
        "llms.txt.j2", template_dir=template_dir, plan=view.plan, changes=[_change(section) for section in made.all()]
    )


def _change(section: Section) -> dict[str, Any]:
    """One change as plain fields; what comes from the spec is in backticks and short."""
    from markupsafe import Markup

    change, sample = section.planned.change, section.sample
    before, after = (sample.before, sample.after) if sample else (None, None)
    renamed = change.renamed_to or ""
    is_kept = section.planned.is_kept
    did = action(change, is_kept=is_kept)
    if is_kept:  # an answer without the old form would show what does not come
        after = None
    said = {
        "id": change.id,
        "action": _ACTION.get(did, did),
        "title": code(clip((in_words(section.planned) if is_kept else change.title).replace("`", ""), 200)),
        "operations": ", ".join(code(clip(one, 120)) for one in change.operations[:20]),
        "from": code(clip(change.name, 120)),
        "to": code(clip(renamed, 120)),
        "symptom": prose("it goes on working" if is_kept else section.symptom),
        "before": _request(before),
        "after": _request(after),
        "body_before": _body(before),
        "body_after": _body(after),
    }
    return {key: Markup(value) for key, value in said.items()}  # noqa: S704 - `code` and `prose` have escaped them


def _request(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    call = exchange.call
    return code(clip(f"{call.method} {call.server}{call.target} {call.text}".rstrip(), 300))


def _body(exchange: Exchange | None) -> str:
    return "" if exchange is None else code(clip(compact(exchange.answer), 300))
