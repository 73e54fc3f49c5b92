"""What a change says of itself: whether it breaks, endangers, and can be avoided."""

from dataclasses import replace

import pytest

from apidiff.words.changes import Alternative, Change, Level, Waiver
from apidiff.words.facts import ABSENT

CHANGE = Change(
    id="c1", rule="property-removed", level=Level.BREAKING, direction=None, base="#/a", revision=None, before=ABSENT,
    after=ABSENT, title="t", why="", operations=(), places=(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("level", "breaks", "endangers"),
    [
        (Level.BREAKING, True, True),
        (Level.DANGEROUS, False, True),
        (Level.ADDITIVE, False, False),
        (Level.EDITORIAL, False, False),
    ],
)
def test_a_waiver_lets_anything_pass(level: Level, breaks: bool, endangers: bool) -> None:
    change = replace(CHANGE, level=level)
    assert (change.breaks, change.endangers) == (breaks, endangers)
    waived = replace(change, waiver=Waiver("reason", "owner"))
    assert (waived.breaks, waived.endangers) == (False, False)


def test_what_has_an_additive_alternative_is_avoidable() -> None:
    assert not CHANGE.is_avoidable
    assert replace(CHANGE, alternative=Alternative("keep-value", "keep it")).is_avoidable
