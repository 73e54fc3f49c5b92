"""Whom a change hits, in every format: used, unknown, or not seen in complete logs."""

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from apidiff.render.diff import FORMATS, render_diff, usage
from apidiff.words.affected import Affected, Answer, Seen, in_band
from apidiff.words.changes import Comparison
from tests.render.diff.sample import SAMPLE, change

SEEN = Seen("snapshot", "2026-01-02", "2026-04-01", 90, 90, 7, hit=5, unclaimed=1, revenue=(1_000, 2_000))
ANSWERS = {
    "0000000000a1": Affected(Answer.USED, 2, 1, 0, last_seen="2026-03-31", revenue=(1_000, 2_000)),
    "0000000000a2": Affected(Answer.UNKNOWN, why="the logs ended 70 days ago"),
    "0000000000a3": Affected(Answer.UNUSED),
}
SAID = (
    "used by 3 accounts (2 confirmed, 1 probable), worth 1,000 to 2,000 a year, last seen 2026-03-31",
    "unknown: the logs ended 70 days ago",
    "not seen in 90 complete days, 2026-01-02 to 2026-04-01",
)


def asked(**answers: Any) -> Comparison:
    """A comparison of three breaks of unlike kinds, one for each answer."""
    made = tuple(
        change(name, title=f"break {place}", before=place, affected=replace(answer, **answers))
        for place, (name, answer) in enumerate(ANSWERS.items())
    )
    return replace(SAMPLE, changes=made, usage=SEEN)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_says_it(name: str) -> None:
    shown = render_diff(asked(), name)
    if name == "json":
        data = json.loads(shown)
        assert [one["affected"] for one in data["changes"]] == [one.to_dict() for one in ANSWERS.values()]
        assert data["usage"] == SEEN.to_dict()
        return
    for said in SAID:
        assert shown.lower().count(said) == 1


def test_without_logs_nothing_is_said() -> None:
    for name in FORMATS:
        shown = render_diff(replace(asked(), usage=None, changes=(change(),)), name)
        assert "unused" not in shown.lower().replace("--usage", "")
        assert "affected" not in shown


def test_what_passes_is_no_failure() -> None:
    def failures(**how: bool) -> list[str]:
        breaking, _ = ET.fromstring(render_diff(asked(), "junit", **how).encode())
        return [case.get("name", "")[:7] for case in breaking if case.find("failure") is not None]

    assert failures() == ["break 0", "break 1", "break 2"]
    assert failures(passes_unused=True) == ["break 0", "break 1"]
    lines = render_diff(asked(), "github", passes_unused=True).splitlines()
    assert [line.partition(" ")[0] for line in lines[:3]] == ["::error", "::error", "::warning"]
    assert lines[3].endswith("of 3 breaking changes 1 is used, 1 is unknown, 1 is not used")


def test_names_are_shown_where_they_are_known_and_never_to_everybody() -> None:
    named = asked(names=("Amber <b>Ltd</b>", "Birch\n::error::"))
    (used, *_) = named.changes
    assert usage.said(used, named) == (
        "used by 3 accounts (2 confirmed, 1 probable): Amber <b>Ltd</b>, Birch ::error:: and 1 more, "
        "worth 1,000 to 2,000 a year, last seen 2026-03-31"
    )
    assert used.affected
    told = used.affected.for_everybody().to_dict()
    assert told == {"accounts": "5 or fewer", "answer": "used", "last_seen": "2026-03"}


def test_a_snapshot_that_can_not_tell_of_some_says_so_to_everybody_without_their_number() -> None:
    unsure = Affected(Answer.UNKNOWN, unsure=3, why="the snapshot can't tell of 3 accounts")
    assert unsure.for_everybody().why == "the snapshot can't tell of some accounts"


def test_bands_are_wide() -> None:
    assert [in_band(count) for count in (1, 5, 6, 20, 21, 100, 101, 1_000, 1_001)] == [
        "5 or fewer", "5 or fewer", "6 to 20", "6 to 20", "21 to 100", "21 to 100", "101 to 1,000", "101 to 1,000",
        "more than 1,000",
    ]  # fmt: skip
