"""The comparison as a pull-request comment: it always fits, and says what it left out.

Its first three lines answer: what breaks, who is hit, and what to do instead. What breaks nothing is one quiet line.
A hidden first line tells the comment apart from others, so that a bot can find it and write it anew.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from apidiff.comparison.semver import advice
from apidiff.render.diff import places, usage, view
from apidiff.render.templates import fill
from apidiff.words.affected import Answer
from apidiff.words.amount import counted
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
CAUSES: Final = 15
"""Rows of the table of root causes."""


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
        quiet=_quiet(comparison),
        in_use=_in_use(comparison),
        hit=usage.hit(comparison) or _nobody(comparison),
        instead=_instead(comparison),
        causes=_causes(comparison, sections)[:CAUSES],
        more_causes=max(0, sum(len(one.rows) for one in _grave(sections)) - CAUSES),
        waiting=_waiting(comparison),
        basis=usage.basis(comparison),
        used=lambda change: usage.said(change, comparison),
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


@dataclass(frozen=True, slots=True)
class Cause:
    """One row of the table: a change, whom it hits, what it reaches, and what to do instead."""

    title: str
    used: str
    also: str
    reaches: str
    more: str
    instead: str


def _grave(sections: Sequence[view.Section]) -> list[view.Section]:
    return [section for section in sections if section.level in ENDANGERING]


def _causes(comparison: Comparison, sections: Sequence[view.Section]) -> list[Cause]:
    """What breaks and endangers, the most used first."""
    return [
        Cause(
            title=row.change.title,
            used=usage.briefly(row.change, comparison),
            also=f" (and {counted(len(row.others), 'more place')})" if row.others else "",
            reaches=row.change.operations[0] if row.change.operations else "",
            more=f" and {len(row.change.operations) - 1:,} more" if len(row.change.operations) > 1 else "",
            instead=row.change.alternative.summary if row.change.alternative else "",
        )
        for section in _grave(sections)
        for row in section.rows
    ]


def _quiet(comparison: Comparison) -> str:
    """What there is that breaks nothing, behind the verdict."""
    headline = view.headline(comparison)
    return "" if headline == view.verdict(comparison) else f": {headline}"


def _in_use(comparison: Comparison) -> str:
    """How many of the breaks are used, behind the verdict; "" where nobody asked, or nothing breaks."""
    if comparison.usage is None or not comparison.summary["breaking"]:
        return ""
    found = Counter(change.affected.answer for change in comparison.changes if change.breaks and change.affected)
    unknown = f", {found[Answer.UNKNOWN]:,} unknown" if found[Answer.UNKNOWN] else ""
    return f", {found[Answer.USED]:,} of them in use{unknown}"


def _nobody(comparison: Comparison) -> str:
    """What is said in the place of whom it hits."""
    if comparison.usage is None:
        return f"{view.broken(comparison)}; who calls them is known with `--usage`"
    if comparison.usage.is_complete:
        return f"nobody was seen in {counted(comparison.usage.days, 'complete day')}"
    return f"nobody was seen, and nobody is safe: {comparison.usage.gaps[0]}"


def _instead(comparison: Comparison) -> str:
    """The way round the first of the breaks, or of what endangers where nothing breaks; and how many have one."""
    breaks = [change for change in comparison.changes if change.breaks]
    grave = breaks or [change for change in comparison.changes if change.endangers]
    ways = [change for change in grave if change.alternative]
    if not ways or ways[0].alternative is None:
        return "no additive way is known: deprecate first, and give a sunset"
    first = ways[0].alternative.summary
    said = first if len(grave) == 1 else f"{first} An additive way is known for {len(ways):,} of {len(grave):,}"
    return f"{said.rstrip('.')}: `apidiff expand` writes it, and proves it" if breaks else said


def _waiting(comparison: Comparison) -> str:
    """What waits for somebody: breaks that nobody has let pass."""
    breaks = comparison.summary["breaking"]
    return f"{counted(breaks, 'break')} for another way, or for an approval" if breaks else ""
