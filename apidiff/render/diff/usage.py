"""Whom a change hits, as every format says it: used, not seen in complete logs, or unknown."""

from collections import Counter
from typing import Final

from apidiff.render.diff.view import counted
from apidiff.words.affected import Affected, Answer
from apidiff.words.changes import Change, Comparison


def counts(comparison: Comparison) -> str:
    """How many breaks are used, unknown and unused: `2 of 5 breaking changes are used, 1 is unknown, 2 are unused`."""
    breaks = [change for change in comparison.changes if change.breaks]
    if not breaks:
        return "no breaking change"
    found = Counter(change.affected.answer for change in breaks if change.affected)
    said = [
        f"{found[answer]:,} {'is' if found[answer] == 1 else 'are'} {_WORDS[answer]}"
        for answer in Answer
        if found[answer]
    ]
    return f"of {counted(len(breaks), 'breaking change')} {', '.join(said)}"


_WORDS: Final = {Answer.USED: "used", Answer.UNKNOWN: "unknown", Answer.UNUSED: "not used"}


def basis(comparison: Comparison) -> str:
    """What the answers rest on: `usage: 90 complete days to 2026-11-15`, with what is missing."""
    seen = comparison.usage
    if seen is None:
        return ""
    kind = "a complete" if seen.is_complete else "an incomplete"
    named = f"{kind} {'snapshot' if seen.kind == 'snapshot' else 'log'} of {counted(seen.days, 'day')}"
    gaps = f": {'; '.join(seen.gaps)}" if seen.gaps else ""
    return f"usage: {named}, {seen.first} to {seen.last}, {counted(seen.accounts, 'key')}{gaps}"


def said(change: Change, comparison: Comparison) -> str:
    """Whom a change hits in one line, "" where nobody asked."""
    found, seen = change.affected, comparison.usage
    if found is None or seen is None or not change.endangers:
        return ""
    if found.answer is Answer.USED:
        further = f"; {found.why}" if found.why else ""
        return (
            f"used by {counted(found.accounts, 'account')} ({_evidence(found)}){_worth(found)}{_last(found)}{further}"
        )
    if found.answer is Answer.UNUSED:
        return f"not seen in {counted(seen.days, 'complete day')}, {seen.first} to {seen.last}"
    return f"unknown: {found.why}"


def _evidence(found: Affected) -> str:
    parts = (("confirmed", found.confirmed), ("probable", found.probable), ("possible", found.possible))
    return ", ".join(f"{count:,} {name}" for name, count in parts if count)


def _worth(found: Affected) -> str:
    low, high = found.revenue
    if not high:
        return ""
    return f", worth {low:,} to {high:,} a year"


def _last(found: Affected) -> str:
    return f", last seen {found.last_seen}" if found.last_seen else ""
