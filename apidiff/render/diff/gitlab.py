"""The comparison as a report of GitLab's Code Quality, which shows it in a merge request's widget and beside its lines.

An entry's fingerprint is the change's id, so that it is the same one in every pipeline.
"""

from typing import Any, Final

from apidiff.render.diff import places, usage, view
from apidiff.render.diff.json import dumps
from apidiff.words.amount import counted
from apidiff.words.changes import Change, Comparison, Level
from apidiff.words.escape import clip, visible

LIMIT: Final = 5_000
_SEVERITIES: Final = {Level.BREAKING: "critical", Level.DANGEROUS: "minor"}
_TEXT: Final = 1_000


def render(comparison: Comparison, *, limit: int | None = LIMIT, passes_unused: bool = False) -> str:
    """A list of breaking and dangerous changes; with `passes_unused` what nobody was seen to use is minor.

    Waived changes are no findings. At most `limit` of each level are listed, the last entry counts the others.
    """
    entries: list[dict[str, Any]] = []
    for section in view.sections(comparison, levels=tuple(_SEVERITIES), fold=False):
        shown = view.cut(section, None if limit is None or section.total <= limit else max(limit - 1, 0))
        entries += [_entry(comparison, change, passes_unused=passes_unused) for change in shown.shown]
        if shown.more:
            more = counted(shown.more, f"more {section.level.value} change")
            name, at = section.level.value, (_file(comparison), 1)
            entries.append(_finding(more, "apidiff", f"more-{name}", section.level, at=at))
    return dumps(entries, indent=True) + "\n"


def _entry(comparison: Comparison, change: Change, *, passes_unused: bool) -> dict[str, Any]:
    found = places.anchor(comparison, change)
    file = places.artifact(comparison, found) or _file(comparison)
    level = Level.DANGEROUS if passes_unused and change.is_unused else change.level
    message = f"{view.message(change, usage.said(change, comparison))} [{change.id}]"
    return _finding(message, change.rule, change.id, level, at=(file, found.line or 1))


def _finding(message: str, rule: str, fingerprint: str, level: Level, *, at: tuple[str, int]) -> dict[str, Any]:
    return {
        "description": clip(message, _TEXT),
        "check_name": visible(rule),
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[level],
        "location": {"path": visible(at[0]), "lines": {"begin": at[1]}},
    }


def _file(comparison: Comparison) -> str:
    """Where there is no file to point at, the name of the revision."""
    return clip(places.sources(comparison.revision)[0], 200)
