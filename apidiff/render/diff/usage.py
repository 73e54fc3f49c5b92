"""Whom a change hits, as every format says it: used, not seen in complete logs, or unknown."""

from collections import Counter
from typing import Final

from apidiff.words.affected import Affected, Answer, in_band
from apidiff.words.amount import counted
from apidiff.words.changes import Change, Comparison
from apidiff.words.escape import visible

_WORDS: Final = {Answer.USED: "used", Answer.UNKNOWN: "unknown", Answer.UNUSED: "not used"}


def counts(comparison: Comparison) -> str:
    """How many breaks are used, unknown and unused: `of 5 breaking changes 2 are used, 3 are not used`."""
    breaks = [change for change in comparison.changes if change.breaks]
    found = Counter(change.affected.answer for change in breaks if change.affected)
    if not breaks or not found:
        return "no breaking change"
    said = [f"{found[one]:,} {'is' if found[one] == 1 else 'are'} {_WORDS[one]}" for one in Answer if found[one]]
    return f"of {counted(len(breaks), 'breaking change')} {', '.join(said)}"


def basis(comparison: Comparison) -> str:
    """What the answers rest on: `usage: a complete snapshot of 90 days, …`, with what is missing; "" for nothing."""
    seen = comparison.usage
    if seen is None:
        return ""
    kind = f"{'a complete' if seen.is_complete else 'an incomplete'} {'snapshot' if seen.kind == 'snapshot' else 'log'}"
    keys = "" if seen.is_public else f", {counted(seen.keys, 'key')}"
    gaps = f": {'; '.join(seen.gaps)}" if seen.gaps else ""
    return f"usage: {kind} of {counted(seen.days, 'day')}, {seen.first} to {seen.last}{keys}{gaps}"


def hit(comparison: Comparison) -> str:
    """Whom all changes hit: `72 accounts and 3 without an owner or a contact, worth 1,000 to 2,000 a year`."""
    seen = comparison.usage
    if seen is None or not seen.hit + seen.unclaimed:
        return ""
    if seen.is_public:
        return f"{in_band(seen.hit + seen.unclaimed)} accounts"
    parts = [counted(seen.hit, "account")] if seen.hit else []
    if seen.unclaimed:
        unclaimed = f"{seen.unclaimed:,}" if seen.hit else counted(seen.unclaimed, "account")
        parts.append(f"{unclaimed} without an owner or a contact")
    return f"{' and '.join(parts)}{_worth(seen.revenue)}"


def said(change: Change, comparison: Comparison) -> str:
    """Whom a change hits in one line, "" where nobody asked."""
    found, seen = change.affected, comparison.usage
    if found is None or seen is None or not change.endangers:
        return ""
    if found.answer is Answer.UNKNOWN:
        return f"unknown: {found.why}"
    if found.answer is Answer.UNUSED:
        return f"not seen in {counted(seen.days, 'complete day')}, {seen.first} to {seen.last}"
    further = f"; {found.why}" if found.why else ""
    last = f", last seen {found.last_seen}" if found.last_seen else ""
    return f"used by {_accounts(found)}{_worth(found.revenue)}{last}{further}"


def briefly(change: Change, comparison: Comparison) -> str:
    """The same for a cell of a table: `58 accounts, last seen 2026-11-15`."""
    found = change.affected
    if found is None or comparison.usage is None:
        return ""
    if found.answer is not Answer.USED:
        return "unknown" if found.answer is Answer.UNKNOWN else "not seen"
    number = in_band(found.accounts) if found.is_public else f"{found.accounts:,}"
    return f"{number} {'account' if number == '1' else 'accounts'}{_worth(found.revenue)}"


def _accounts(found: Affected) -> str:
    if found.is_public:
        return f"{in_band(found.accounts)} accounts"
    parts = (("confirmed", found.confirmed), ("probable", found.probable), ("possible", found.possible))
    evidence = ", ".join(f"{count:,} {name}" for name, count in parts if count)
    more = found.accounts - len(found.names)
    rest = f" and {more:,} more" if more > 0 else ""
    names = f": {visible(', '.join(found.names))}{rest}" if found.names else ""
    return f"{counted(found.accounts, 'account')} ({evidence}){names}"


def _worth(revenue: tuple[int, int]) -> str:
    low, high = revenue
    return f", worth {low:,} to {high:,} a year" if high else ""
