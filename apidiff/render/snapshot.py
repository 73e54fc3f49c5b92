"""What a snapshot holds and what it can't answer, in a few lines."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from apidiff.usage.snapshot.value import Snapshot
from apidiff.usage.trust import silences
from apidiff.words.escape import clip

_HIDDEN: Final = {
    "query": "which parameters are sent: log query strings",
    "request_fields": "which fields are sent: log their names (`request_fields`)",
    "response_fields": "which fields are received: log their names (`response_fields`)",
    "version": "who pins which version",
}


def render_snapshot(snapshot: Snapshot, *, size: int, file: str, today: date) -> str:
    """Its size, what it is made from, whether it is complete, and what it does not know."""
    return "".join(f"{line}\n" for line in _lines(snapshot, size, clip(file, 200), today))


def _lines(snapshot: Snapshot, size: int, file: str, today: date) -> Iterator[str]:
    coverage = snapshot.coverage
    secret = ", CONFIDENTIAL: it names accounts" if snapshot.is_confidential else ", without keys and names"
    yield f"{file}: {size:,} bytes{secret}"
    first, last = (moment.date() if moment else "never" for moment in (coverage.first, coverage.last))
    unknown = sum(holder.is_unknown for holder in snapshot.holders)
    yield (
        f"{coverage.rows:,} rows from {first} to {last}; {len(snapshot.holders) - unknown:,} accounts, "
        f"{unknown:,} that nobody claims, {len(snapshot.routes):,} routes"
    )
    gaps = silences(coverage, snapshot.look_back_days, today)
    if not gaps:
        yield f"complete: who was not seen in these {snapshot.look_back_days:,} days is not there"
    for gap in gaps:
        yield f"not complete, so that a break which nobody was seen to use is unknown: {gap}"
    for column, what in _HIDDEN.items():
        if column not in snapshot.logged:
            yield f"it can't tell {what}"
    yield f"Next: apidiff diff BASE REVISION --usage {file}"
