"""migration.json and skill/: the migration for programs, the same facts as the guide's, without any customer.

What comes from a spec is data: values of JSON, or inline code in Markdown.
"""

import json
from pathlib import Path
from typing import Any, Final

from apidiff.calls.value import Exchange
from apidiff.render.plan.guide import is_early, mapping
from apidiff.render.plan.plain import in_words, is_replaced
from apidiff.render.plan.searches import NEAR, searches
from apidiff.render.plan.sections import Section, Sections
from apidiff.render.plan.view import View
from apidiff.render.templates import fill
from apidiff.words.changes import Change
from apidiff.words.escape import clip, http_url, slug, visible
from apidiff.words.facts import ABSENT

FORMAT: Final = "apidiff-migration/1"
_ACTIONS: Final = (
    ("value-removed", "replace"), ("renamed", "rename"), ("split", "rename"), ("removed", "remove"), ("moved", "move"),
    ("required", "send"), ("type", "retype"),
)  # fmt: skip


def action(change: Change, *, is_kept: bool) -> str:
    """One word for what a program has to do; nothing is urgent about what stays."""
    if is_kept:
        return "none"
    if is_replaced(change):
        return "replace"
    return next((word for sign, word in _ACTIONS if sign in change.rule), "adapt")


def migration_json(view: View, made: Sections) -> bytes:
    """The migration as data (migration.schema.json): dates, and each break with its calls before and after."""
    plan = view.plan
    data = {
        "format": FORMAT,
        "api": {"title": plan.base.title, "base": plan.base.version, "revision": plan.revision.version},
        "draft": bool(plan.draft),
        "deprecation": plan.dates.deprecation.isoformat() if plan.dates.deprecation else None,
        "sunset": plan.dates.sunset.isoformat() if plan.dates.sunset else None,
        "guide": http_url(plan.guide_url) or None,
        "changes": [_change(section) for section in made.all()],
        "others": [planned.change.id for planned in made.rest()],
        "names": [
            {
                "old": one.old,
                "new": one.new or None,
                "kind": one.kind,
                "known_by": one.how or None,
                "likeness": one.likeness,
            }
            for one in mapping(view)
        ],
        "search": [
            {
                "text": one.text,
                "pattern": one.pattern,
                "near": one.near or None,
                "unless": one.unless or None,
                "sure": one.is_sure,
                "because": one.because.replace("`", ""),
            }
            for one in searches(view)
        ],
    }
    # in ASCII, so that no text of a spec turns the line of whoever looks into the file
    return (json.dumps(data, indent=1, default=str) + "\n").encode()


def _change(section: Section) -> dict[str, Any]:
    planned, sample = section.planned, section.sample
    change = planned.change
    return {
        "id": change.id,
        "action": action(change, is_kept=planned.is_kept),
        "summary": in_words(planned).replace("`", ""),
        "operations": list(change.operations),
        "name": change.name or None,
        "renamed_to": change.renamed_to,
        "direction": change.direction.value if change.direction else None,
        "outcome": "none" if planned.is_kept else sample.outcome.value if sample else "unseen",
        "if_not_done": "it goes on working" if planned.is_kept else section.symptom.replace("`", ""),
        "works_before": is_early(section),
        "retryable": False,
        "before": _call(sample.before) if sample else None,
        "after": _call(sample.after) if sample else None,
    }


def _call(exchange: Exchange | None) -> dict[str, Any] | None:
    """A call as data; credentials by their kind alone."""
    if exchange is None:
        return None
    call = exchange.call
    return {
        "method": call.method,
        "url": f"{call.server}{call.path}",
        "query": [list(pair) for pair in call.query],
        "headers": [list(pair) for pair in call.headers],
        "credentials": [one.kind for one in call.credentials],
        "media": call.content_type if call.text else None,
        "body": None if call.body is ABSENT else call.body,
        "reads": [list(read.path) for read in exchange.reads],
        "answer": None if exchange.answer is ABSENT else exchange.answer,
    }


def skill(view: View, made: Sections, *, template_dir: Path | None = None) -> dict[str, bytes]:
    """skill/: the migration as a skill of an agent, with instructions, names, search patterns and checks."""
    plan = view.plan
    sections = [
        (one, in_words(one.planned), action(one.planned.change, is_kept=one.planned.is_kept), is_early(one))
        for one in made.all()
    ]
    text = fill(
        "skill.md.j2",
        template_dir=template_dir,
        plan=plan,
        skill_name=f"migrate-{slug(visible(plan.base.title), length=30)}",
        title=clip(plan.base.title, 100),
        sections=sections,
        searches=searches(view),
        near=NEAR,
        mapping=mapping(view),
    )
    return {"skill/SKILL.md": text.encode()}
