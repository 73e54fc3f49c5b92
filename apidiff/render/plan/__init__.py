"""The plan folder: every document is made from one plan, and from nothing else."""

from collections.abc import Mapping
from pathlib import Path

from apidiff.calls.samples import Samples
from apidiff.folder.guide import blocks, starters
from apidiff.folder.plan_data import plan_json
from apidiff.plan.value import Plan, Proof
from apidiff.render.plan.agents import migration_json, skill
from apidiff.render.plan.answer import render_answer
from apidiff.render.plan.calendar import sunset_ics
from apidiff.render.plan.fresh import fresh_messages
from apidiff.render.plan.gateways import headers_files
from apidiff.render.plan.guide import guide_md
from apidiff.render.plan.messages import messages
from apidiff.render.plan.outreach import outreach_csv, outreach_md
from apidiff.render.plan.overlay import overlay_yaml
from apidiff.render.plan.page import page
from apidiff.render.plan.sections import Sections
from apidiff.render.plan.shared import guide_html, integrator_guides, llms_txt
from apidiff.render.plan.sunset import sunset_md
from apidiff.render.plan.view import view
from apidiff.render.plan.xlsx import outreach_xlsx
from apidiff.render.templates import check_template_dir
from apidiff.words.blocks import BLOCKS

__all__ = ["fresh_messages", "render_answer", "render_plan"]


def render_plan(
    plan: Plan,
    *,
    samples: Samples | None = None,
    written: Mapping[str, bytes] | None = None,
    said: Mapping[str, str] | None = None,
    template_dir: Path | None = None,
    proof: Proof | None = None,
) -> dict[str, bytes]:
    """Every document of the plan folder: its name below the folder, and its whole content.

    `samples` makes the calls of the guide; without it there are none. `written` are the files of
    guide/, which stay; `said` are blocks of the guide that are written elsewhere, for where the folder has none;
    `proof` is what was shown of what is kept.
    The same plan gives the same bytes. Errors: those of the templates in `template_dir`.
    """
    if template_dir is not None:
        check_template_dir(template_dir)
    shown = view(plan, proof)
    made = Sections(shown, samples, template_dir)
    people = written or {}
    others = dict(said or {})
    guide = guide_md(shown, made, written=others | blocks(people), template_dir=template_dir)
    texts = {
        "outreach.md": outreach_md(shown, template_dir=template_dir),
        "sunset-plan.md": sunset_md(shown, template_dir=template_dir),
        "migration-guide.md": guide,
        "migration-guide.html": guide_html(guide, shown, template_dir=template_dir),
        "llms.txt": llms_txt(shown, made, template_dir=template_dir),
        "overlay.yaml": overlay_yaml(shown),
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    files |= {
        "plan.json": plan_json(plan),
        "outreach.csv": outreach_csv(shown),
        "outreach.xlsx": outreach_xlsx(shown),
        "sunset.ics": sunset_ics(shown),
        "migration.json": migration_json(shown, made),
        **skill(shown, made, template_dir=template_dir),
    }
    pages = integrator_guides(shown, made, template_dir=template_dir)
    files |= pages | messages(shown, pages=pages, template_dir=template_dir)
    files |= headers_files(shown, template_dir=template_dir) | starters(
        people, {name: text for name, text in BLOCKS.items() if name not in others}
    )
    files["index.html"] = page(shown, made, names=frozenset(files), template_dir=template_dir).encode("utf-8")
    return dict(sorted(files.items()))
