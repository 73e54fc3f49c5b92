"""The answer for one change: used, unused, or unknown and why."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from apidiff import compare
from apidiff.usage.ask.answered import Met, Told, answers_of, seen_of
from apidiff.usage.evidence import Coverage, Evidence
from apidiff.words.affected import Answer

SPEC = {"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": {"get": {"responses": {}}}}}
CHANGE = next(change for change in compare(SPEC, SPEC | {"paths": {}}).changes if change.breaks)
LOST = "the snapshot is of a spec without some of these operations: make it anew"
UNSURE = "the snapshot can't tell of 2 accounts"


def met(accounts: int, unsure: int = 0) -> Met:
    found = Met()
    for _ in range(accounts):
        found.add(Evidence.CONFIRMED, None, (1_000, 2_000))
    found.unsure = unsure
    return found


@pytest.mark.parametrize(
    ("meetings", "lost", "answer", "why"),
    [
        ({}, {}, Answer.UNUSED, ""),
        ({}, {CHANGE.id}, Answer.UNKNOWN, LOST),
        ({}, {"another"}, Answer.UNUSED, ""),
        ({CHANGE.id: met(0, 2)}, {}, Answer.UNKNOWN, UNSURE),
        ({CHANGE.id: met(1)}, {}, Answer.USED, ""),
        ({CHANGE.id: met(1, 2)}, {}, Answer.USED, UNSURE),
        ({CHANGE.id: met(1)}, {CHANGE.id}, Answer.USED, LOST),
        ({"another": met(1)}, {}, Answer.UNUSED, ""),
    ],
)
def test_what_a_change_meets(meetings: Mapping[str, Met], lost: set[str], answer: Answer, why: str) -> None:
    told = Told(dict(meetings), lost=frozenset(lost))
    seen = replace(seen_of(Coverage(rows=1), told, kind="logs", look_back_days=90, today=None), gaps=())
    (found,) = answers_of([CHANGE], told, seen).values()
    accounts = meetings[CHANGE.id].by_evidence[Evidence.CONFIRMED] if CHANGE.id in meetings else 0
    assert (found.answer, found.why, found.confirmed, found.revenue) == (
        answer, why, accounts, (1_000 * accounts, 2_000 * accounts),
    )  # fmt: skip
