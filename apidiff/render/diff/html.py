"""The comparison as one self-contained page, to publish or to attach: no scripts, nothing loaded from anywhere."""

from collections import Counter
from pathlib import Path
from typing import Any, Final

from apidiff.comparison.semver import advice
from apidiff.render.diff import commands, places, usage, view
from apidiff.render.diff.json import dumps
from apidiff.render.templates import fill
from apidiff.words import escape
from apidiff.words.changes import ENDANGERING, Comparison, Level
from apidiff.words.facts import ABSENT
from apidiff.words.operation import OperationId

LIMIT: Final = 500
"""Changes shown in each level."""
OPERATIONS: Final = 100
_VALUE: Final = 1_200
_OTHERS: Final = 200


def render(comparison: Comparison, *, limit: int | None = LIMIT, template_dir: Path | None = None) -> str:
    """The page: counts, changes by level and root cause, operations by how much of them breaks, waivers, warnings."""
    from apidiff.render.plan.page import styled

    style, policy = styled(template_dir)
    passed, operations = view.waived(comparison), _operations(comparison)
    return fill(
        "diff/page.html.j2",
        template_dir=template_dir,
        style=style,
        csp=policy,
        comparison=comparison,
        summary=comparison.summary,
        versions=view.arrows(view.versions(comparison)),
        verdict=view.verdict(comparison),
        broken=view.broken(comparison),
        necessary=commands.first(comparison) if comparison.summary["breaking"] else "",
        basis=usage.basis(comparison),
        counts=usage.counts(comparison),
        hit=usage.hit(comparison),
        used=lambda change: usage.said(change, comparison),
        advice=view.arrows(advice(comparison)),
        levels=[(level.value, view.MEANING[level]) for level in Level],
        meaning=view.MEANING,
        sections=view.sections(comparison, limit=limit),
        detailed=ENDANGERING,
        operations=operations[:OPERATIONS],
        more_operations=max(0, len(operations) - OPERATIONS),
        waived=passed[:_OTHERS],
        more_waived=max(0, len(passed) - _OTHERS),
        warnings=comparison.warnings[:_OTHERS],
        more_warnings=max(0, len(comparison.warnings) - _OTHERS),
        place=lambda change: places.place(comparison, change),
        value=_value,
        witness_value=view.witness_value,
    )


def _operations(comparison: Comparison) -> list[tuple[OperationId, int, int]]:
    """The operations that something breaking or dangerous reaches, and how many of each, the worst first."""
    counts = {level: Counter[OperationId]() for level in ENDANGERING}
    for change in comparison.changes:
        if change.endangers:
            counts[change.level].update(change.operations)
    breaking, dangerous = counts[Level.BREAKING], counts[Level.DANGEROUS]
    order = {operation.id: place for place, operation in enumerate(comparison.operations)}
    found = sorted(
        breaking | dangerous, key=lambda name: (-breaking[name], -dangerous[name], order.get(name, len(order)), name)
    )
    return [(name, breaking[name], dangerous[name]) for name in found]


def _value(value: Any) -> str:
    """A value before or after, as JSON on several lines, escaped; "" for what is not there."""
    from markupsafe import Markup

    if value is ABSENT:
        return ""
    text = dumps(value, indent=True)
    text = text if len(text) <= _VALUE else f"{text[:_VALUE]}\n…"
    return Markup("\n".join(escape.html(line) for line in text.split("\n")))  # noqa: S704 - each line is escaped
