"""What ends, what is kept and what is graver than what is decided on the plan's own values."""

from dataclasses import replace

import pytest

from apidiff.config.settings import Answer
from apidiff.plan.value import Decision, PlannedChange
from apidiff.usage.evidence import Evidence, Impact
from apidiff.words.changes import Change, Effort, Level, Waiver
from apidiff.words.facts import ABSENT

BREAK = Change(
    id="c1", rule="property-removed", level=Level.BREAKING, direction=None, base="#/a", revision=None, before=ABSENT,
    after=ABSENT, title="t", why="", operations=("GET /a",), places=(),
)  # fmt: skip
WAIVED, STRICT = replace(BREAK, waiver=Waiver("r", "o")), replace(BREAK, level=Level.DANGEROUS)


@pytest.mark.parametrize(
    ("change", "answer", "ends", "is_kept", "proceeds"),
    [
        (BREAK, None, True, False, False),
        (BREAK, Answer.PROCEED, True, False, True),
        (BREAK, Answer.EXPAND, False, True, False),
        (WAIVED, None, False, False, False),
        (WAIVED, Answer.PROCEED, False, False, True),
        (STRICT, None, False, False, False),
        (STRICT, Answer.EXPAND, False, True, False),
        (replace(BREAK, level=Level.ADDITIVE), None, False, False, False),
    ],
)
def test_what_breaks_ends_unless_it_is_waived_or_kept(
    change: Change, answer: Answer | None, ends: bool, is_kept: bool, proceeds: bool
) -> None:
    planned = PlannedChange(change, {}, answer and Decision(change.id, answer))
    assert (planned.ends, planned.is_kept, planned.proceeds) == (ends, is_kept, proceeds)


def test_the_gravest_comes_first() -> None:
    """Each is graver than the next by one thing alone, and lighter than it by everything that counts less."""

    def of(identity: str, evidence: Evidence, effort: Effort, calls: int) -> tuple[PlannedChange, Impact]:
        made = replace(BREAK, id=identity, effort=effort)
        return PlannedChange(made, {}), Impact("acme", (identity,), evidence, (), calls, calls, 1, None, None)

    ordered = [
        of("z", Evidence.CONFIRMED, Effort.NONE, 1),
        of("y", Evidence.PROBABLE, Effort.REDESIGN, 1),
        of("x", Evidence.PROBABLE, Effort.CODE, 1),
        of("w", Evidence.PROBABLE, Effort.CONFIG, 1),
        of("v", Evidence.PROBABLE, Effort.NONE, 2),
        of("t", Evidence.PROBABLE, Effort.NONE, 1),
        of("u", Evidence.PROBABLE, Effort.NONE, 1),
        of("s", Evidence.POSSIBLE, Effort.REDESIGN, 9),
    ]
    shuffled = [*ordered[1::2], *ordered[::2]]
    found = sorted(shuffled, key=lambda pair: pair[0].gravity(pair[1]))
    assert [planned.change.id for planned, _ in found] == [planned.change.id for planned, _ in ordered]
