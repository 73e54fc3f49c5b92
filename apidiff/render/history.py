"""A history as text, JSON, one self-contained page, and the changelog that integrators read."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from apidiff.comparison.history import Edit, History, Removal, Step
from apidiff.render.diff.json import dumps
from apidiff.render.names import check_name
from apidiff.render.plan.charts import WIDE, Bar, bars
from apidiff.render.table import columns
from apidiff.render.templates import fill, number
from apidiff.words.amount import counted
from apidiff.words.escape import clip, plain_prose

_SHORT: Final = 10
_BARS: Final = 40
_SHOWN: Final = 50
LEVELS: Final = ("breaking", "dangerous", "additive")
SECTIONS: Final = (
    ("breaking", "Breaking"),
    ("dangerous", "Check your client"),
    ("deprecated", "Deprecated"),
    ("additive", "New"),
)
"""The levels of a changelog, notices apart, and what integrators read in their place."""
_NOTICES: Final = ("deprecat", "sunset")


def render_history(history: History, format_name: str = "text", *, template_dir: Path | None = None) -> str:
    """The history as `text`, `json`, `html` or `markdown`. Errors: `format-unknown`, those of `fill`."""
    renderers: dict[str, Callable[[], str]] = {
        "text": lambda: "\n".join(_text(history)) + "\n",
        "json": lambda: dumps(history.to_dict(), indent=True) + "\n",
        "html": lambda: _page(history, template_dir),
        "markdown": lambda: fill("history/changelog.md.j2", template_dir=template_dir, **_values(history)),
    }
    check_name(format_name, renderers, kind="format", code="format-unknown")
    return renderers[format_name]()


def _text(history: History) -> Iterator[str]:
    yield f"{clip(history.title, 60)}: {_summary(history)}"
    yield ""
    rows: list[tuple[str, ...]] = [("date", "commit", "version", "breaking", "dangerous", "additive", "")]
    for step in reversed(history.steps):
        breaks = step.of_level("breaking")
        first = clip(plain_prose(breaks[0].title), 60) if breaks else ""
        counts = (number(step.counts[level]) for level in LEVELS)
        rows.append((step.version.day, step.version.commit[:_SHORT], clip(step.version.said, 16), *counts, first))
    yield from columns(rows, right=(3, 4, 5))
    if history.removals:
        yield f"\nRemoved operations: {number(len(history.removals))}, {number(len(history.silent))} without a word"
        gone = [(one.version.day, clip(one.operation, 60), said(one)) for one in history.removals]
        yield from columns(gone)
    if history.deprecated:
        yield f"\nDeprecated, and still there: {number(len(history.deprecated))}"
        yield from columns([(day, clip(name, 80)) for name, day in history.deprecated])
    for one in history.unread:
        yield f"\nnot read: {one.commit[:_SHORT]} of {one.day}: {clip(one.why, 200)}"


def _summary(history: History) -> str:
    """The figures in one line."""
    breaking = sum(bool(step.counts["breaking"]) for step in history.steps)
    same = f", {counted(history.same, 'commit')} left the spec as it was" if history.same else ""
    return f"{counted(len(history.steps), 'new version')}, {number(breaking)} of them break{same}"


def said(removal: Removal) -> str:
    """How much notice a removal gave."""
    if removal.days is None:
        return "without a word"
    early = f", before its sunset of {removal.sunset[:10]}" if removal.is_early else ""
    return f"{counted(removal.days, 'day')} after it was deprecated ({removal.deprecated}){early}"


def _page(history: History, template_dir: Path | None) -> str:
    from apidiff.render.plan.page import styled

    style, policy = styled(template_dir)
    return fill(
        "history/page.html.j2", template_dir=template_dir, style=style, csp=policy, chart=_chart(history),
        **_values(history),
    )  # fmt: skip


def _values(history: History) -> dict[str, Any]:
    return {
        "history": history,
        "summary": _summary(history),
        "steps": [step for step in reversed(history.steps) if step.edits],
        "sections": SECTIONS,
        "shown": lambda step, level: listed(step, level)[:_SHOWN],
        "more": lambda step, level: max(0, len(listed(step, level)) - _SHOWN),
        "said": said,
    }


def listed(step: Step, level: str) -> tuple[Edit, ...]:
    """The changes of one section."""
    said = notices(step)
    return said if level == "deprecated" else tuple(edit for edit in step.of_level(level) if edit not in said)


def notices(step: Step) -> tuple[Edit, ...]:
    """What a version says will go, or not go after all."""
    return tuple(edit for edit in step.of_level("additive") if any(word in edit.rule for word in _NOTICES))


def _chart(history: History) -> Any:
    """The breaking and dangerous changes of each version that has some, the newest last."""
    from markupsafe import Markup

    rows = [
        Bar(
            f"{step.version.day} {step.version.said}",
            (("confirmed", step.counts["breaking"]), ("probable", step.counts["dangerous"])),
            f"{number(step.counts['breaking'])} breaking, {number(step.counts['dangerous'])} dangerous",
        )
        for step in history.steps
        if step.counts["breaking"] or step.counts["dangerous"]
    ]
    chart = bars(rows[-_BARS:], title="Breaking and dangerous changes by version", label=230, width=WIDE)
    return Markup(chart)  # noqa: S704 - the chart escapes its texts
