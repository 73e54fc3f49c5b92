"""What logs can't answer, judged by their rows: nobody with a key, no operation that is ours, rows of long ago.

A doubt is a sentence for people; what makes an answer impossible is an error, with the lines that would mend it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from apidiff.usage.evidence import Coverage
from apidiff.words.amount import counted, first_of, per_cent
from apidiff.words.errors import ApidiffError

LATE_DAYS: Final = 14
"""From how many days without logs on it is said that who came since is not in them."""
STALE_DAYS: Final = 60
"""From logs that ended longer ago no date is set."""
FEW_DAYS: Final = 28
"""Logs of fewer days miss what runs once a month."""
KEYLESS_SHARE: Final = 0.05
MATCHED_SHARE: Final = 0.5
SAME_SHARE: Final = 0.01
"""The share of rows that are the same as another, from which on something was probably shipped twice."""
COVERED_SHARE: Final = 0.95
"""The share of the days looked back on that must have rows, so that who was not seen in them is not there."""
LOST_SHARE: Final = 0.01
"""The share of rows that can't be read, from which on somebody may be among them alone."""
_NAMED: Final = 5


def check(coverage: Coverage) -> None:
    """Refuses logs that can answer for nobody.

    Errors: `usage-without-match`, `usage-without-keys`.
    """
    if not coverage.matched and coverage.unmatched:
        shapes = ", ".join(f"{shape} ({attempts:,})" for shape, attempts in coverage.unmatched_shapes[:_NAMED])
        mend = coverage.way_back or "Name the spec of the API that was called, or map the field with the path."
        raise ApidiffError(
            f"none of {counted(coverage.unmatched, 'row')} calls an operation of the spec",
            code="usage-without-match",
            hint=f"Called were {shapes}. {mend}",
        )
    if coverage.successes and coverage.keyless == coverage.successes:
        raise ApidiffError(
            f"none of {counted(coverage.successes, 'successful call')} has a key: nobody could be told of a break",
            code="usage-without-keys",
            hint=f"{coverage.key_hint} Or map the field that says who called: `columns: {{api_key: FIELD}}` in "
            "apidiff.yaml; `apidiff usage --how` lists the log's fields.".strip(),
        )


def days_since(coverage: Coverage, today: date) -> int:
    """The days since the last row of the logs."""
    return max(0, (today - coverage.last.date()).days) if coverage.last else 0


def is_stale(coverage: Coverage, today: date) -> bool:
    """Whether the logs ended too long ago to set dates by."""
    return days_since(coverage, today) > STALE_DAYS


def caveats(coverage: Coverage, today: date | None) -> tuple[str, ...]:
    """What a reader has to know before any figure, the gravest first."""
    return tuple(_caveats(coverage, today))


def strange_keys(coverage: Coverage) -> tuple[str, ...]:
    """That no key is one of the integrators', where there is a list of them: another field may hold those."""
    if not coverage.keys or coverage.unknown_keys < coverage.keys:
        return ()
    none = (
        f"none of the {coverage.keys:,} keys of the logs is" if coverage.keys > 1 else "the only key of the logs is not"
    )
    mended = "if another field holds theirs, name it in apidiff.yaml (`columns: {api_key: FIELD}`)"
    return (f"{none} in the list of integrators: {mended}",)


def _caveats(coverage: Coverage, today: date | None) -> Iterator[str]:
    known = coverage.matched + coverage.unmatched
    if known and coverage.matched < known * MATCHED_SHARE:
        share = _share(coverage.matched, known)
        yield f"only {share} of the rows call an operation of the spec. {coverage.way_back}".strip()
    if coverage.successes and coverage.keyless >= coverage.successes * KEYLESS_SHARE:
        share = _share(coverage.keyless, coverage.successes)
        yield f"{share} of the successful calls have no key: who made them can't be told. {coverage.key_hint}".strip()
    if today is not None and coverage.last is not None and (days := days_since(coverage, today)) > LATE_DAYS:
        yield (
            f"the logs end on {coverage.last.date().isoformat()}, {days:,} days before today: who came since is not "
            "in them"
        )
    if 0 < coverage.span_days < FEW_DAYS:
        yield (f"the logs cover {counted(coverage.span_days, 'day')}: who calls once a month is probably not in them")
    if coverage.same and coverage.same >= SAME_SHARE * coverage.rows:
        yield (
            f"about {_share(coverage.same, coverage.rows)} of the rows are the same as another (time, key, path and "
            "status): was a part of the logs shipped twice?"
        )
    if coverage.left_out:
        files = first_of([f"{name} ({reason})" for name, reason in coverage.left_out], _NAMED)
        yield f"{counted(len(coverage.left_out), 'file')} not read: {files}"


def silences(coverage: Coverage, look_back_days: int, today: date | None) -> tuple[str, ...]:
    """Why nobody is safe who was not seen in the logs, the gravest first; empty for logs that are complete."""
    return tuple(_silences(coverage, look_back_days, today))


def _silences(coverage: Coverage, look_back_days: int, today: date | None) -> Iterator[str]:
    known = coverage.matched + coverage.unmatched
    if coverage.days_with_data < COVERED_SHARE * look_back_days:
        yield f"the logs have rows on {coverage.days_with_data:,} of the {look_back_days:,} days looked back on"
    if today is not None and is_stale(coverage, today):
        yield f"the logs ended {days_since(coverage, today):,} days ago"
    if known and coverage.matched < known * MATCHED_SHARE:
        yield f"only {_share(coverage.matched, known)} of the rows call an operation of the spec"
    if coverage.malformed > coverage.rows * LOST_SHARE:
        yield f"{_share(coverage.malformed, coverage.rows)} of the rows can't be read"
    if coverage.left_out:
        yield f"{counted(len(coverage.left_out), 'file')} of the logs could not be read"


def _share(part: int, whole: int) -> str:
    return per_cent(part / whole)
