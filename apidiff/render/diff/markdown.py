"""The comparison as a pull-request comment: it always fits, and says what it left out.

A hidden first line tells the comment apart from others, so that a bot can find it and write it anew.
"""

from pathlib import Path
from typing import Final

from apidiff.changes import Comparison, Level
from apidiff.render.diff import view
from apidiff.render.templates import fill
from apidiff.semver import advice

LONGEST: Final = 65_536
"""Characters that GitHub takes in a comment."""
_ROOM: Final = 1_536
"""Kept free for what a bot writes around the comment."""
_MOST: Final = 500
"""More changes than fit into `LONGEST` characters, whatever their length."""
WAIVED: Final = 20
WARNINGS: Final = 10


def render(comparison: Comparison, *, limit: int | None = None, template_dir: Path | None = None) -> str:
    """The comment, with as many changes as fit, the worst first; `limit` bounds each level further."""
    sections = view.sections(comparison, limit=limit)
    low, high = 0, min(_MOST, sum(len(section.shown) for section in sections))
    whole = _filled(comparison, sections, high, template_dir)
    if len(whole) <= LONGEST - _ROOM:
        return whole
    shortest = _filled(comparison, sections, low, template_dir)
    while high - low > 1:
        middle = (low + high) // 2
        tried = _filled(comparison, sections, middle, template_dir)
        if len(tried) <= LONGEST - _ROOM:
            low, shortest = middle, tried
        else:
            high = middle
    return shortest


def _filled(comparison: Comparison, sections: list[view.Section], most: int, template_dir: Path | None) -> str:
    passed = view.waived(comparison)
    return fill(
        "diff/comment.md.j2",
        template_dir=template_dir,
        comparison=comparison,
        summary=comparison.summary,
        verdict=view.verdict(comparison),
        versions=view.arrows(view.versions(comparison)),
        broken=view.broken(comparison),
        advice=view.arrows(advice(comparison)),
        levels=[(level.value, view.MEANING[level]) for level in Level],
        sections=view.cut_all(sections, most),
        waived=passed[:WAIVED],
        more_waived=max(0, len(passed) - WAIVED),
        warnings=comparison.warnings[:WARNINGS],
        more_warnings=max(0, len(comparison.warnings) - WARNINGS),
        detailed=(Level.BREAKING, Level.DANGEROUS),
        place=lambda change: view.place(comparison, change),
        witness_value=view.witness_value,
    )
