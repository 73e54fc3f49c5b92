"""How much of the evidence the log leaves open, and which logging would decide most of it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from apidiff.plan.value import PlannedIntegrator, Tier
from apidiff.usage.evidence import Evidence
from apidiff.words.amount import per_cent


def doubts(ranked: Sequence[PlannedIntegrator], kept: frozenset[str] = frozenset()) -> dict[str, Any]:
    """How many pairs of account and change stayed `probable`, of how many, and what would decide how many of them.

    Of what is `kept` nobody needs to know more.
    """
    total, open_ = 0, Counter[str]()
    for one in ranked:
        if one.tier is not Tier.EXCLUDED:
            for impact in one.impacts:
                count = len(impact.changes) - sum(change in kept for change in impact.changes if kept)
                total += count
                if count and impact.evidence is Evidence.PROBABLE:
                    open_[impact.raise_with] += count
    return {
        "impacts": total,
        "probable": open_.total(),
        "decided_by": dict(sorted(open_.items(), key=lambda item: (-item[1], item[0]))),
    }


def doubt_sentences(found: dict[str, Any]) -> tuple[str, ...]:
    """The same as a sentence; none where nothing is left open."""
    if not found["probable"]:
        return ()
    remedy, count = next(iter(found["decided_by"].items()))
    part = per_cent(found["probable"] / found["impacts"])
    pairs = f"{found['probable']:,} of {found['impacts']:,} pairs of account and change ({part})"
    return (f"{pairs} are only probable; of most of them, {count:,}, the remedy is: {remedy or 'another log'}",)
