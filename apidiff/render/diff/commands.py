"""The commands that a report names, with the specs that it is of."""

import shlex

from apidiff.render.diff import places
from apidiff.words.amount import counted
from apidiff.words.changes import Comparison
from apidiff.words.escape import clip


def first(comparison: Comparison) -> str:
    """Of how many breaks an additive form is known; whether they can be avoided is for `expand` to prove."""
    breaks = [change for change in comparison.changes if change.breaks]
    known = sum(change.is_avoidable for change in breaks)
    said = f"an additive form is known for {known:,} of {counted(len(breaks), 'break')}"
    return f"{said}; apidiff expand {named(comparison)} proves it" if known else said


def named(comparison: Comparison) -> str:
    """The two specs as a call names them, where they are one each."""
    heads = (("BASE", comparison.base), ("REVISION", comparison.revision))
    return " ".join(
        shlex.quote(clip(head.source, 200)) if len(places.sources(head)) == 1 else name for name, head in heads
    )
