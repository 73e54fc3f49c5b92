"""The comparison as a pull-request comment: it always fits, and says what it left out.

A hidden first line tells the comment apart from others, so that a bot can find it and write it anew.
"""

from pathlib import Path
from typing import Final

from apidiff.comparison.semver import advice
from apidiff.render.diff import places, view
from apidiff.render.templates import fill
from apidiff.words.changes import ENDANGERING, Comparison, Level

LONGEST: Final = 65_536
"""Characters that GitHub takes in a comment."""
_ROOM: Final = 1_536
"""Kept free for what a bot writes around the comment."""
_FULL: Final = (LONGEST - _ROOM) * 97 // 100
"""Full enough to stop looking for one change more."""
_FIRST: Final = 64
"""The number of changes to try first."""
WAIVED: Final = 20
WARNINGS: Final = 10


def render(comparison: Comparison, *, limit: int | None = None, template_dir: Path | None = None) -> str:
    """The comment, with about as many changes as fit, the worst first; `limit` bounds each level further."""
    sections = view.sections(comparison, limit=limit)
    total = sum(len(section.rows) for section in sections)
    best = _filled(comparison, sections, 0, template_dir)
    fits, too_many, tried = 0, total + 1, min(_FIRST, total)
    while fits < tried < too_many and len(best) < _FULL:
        text = _filled(comparison, sections, tried, template_dir)
        if len(text) <= LONGEST - _ROOM:
            fits, best = tried, text
        else:
            too_many = tried
        # Changes are of like length, so the next number comes from what the last ones took.
        more = (LONGEST - _ROOM - len(best)) * tried // len(text)
        tried = min(fits + max(more, 1), too_many - 1)
    return best


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
        detailed=ENDANGERING,
        place=lambda change: places.place(comparison, change),
        witness_value=view.witness_value,
    )
