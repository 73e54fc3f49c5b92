"""The history of runs: written and read back, and never forgotten because it is broken."""

from datetime import date
from pathlib import Path

import pytest

from apidiff.folder.history import NAME, History, Past, Run, State, history_json, read_history
from apidiff.words.errors import ApidiffError

FIRST, SECOND = date(2027, 1, 1), date(2027, 2, 1)
HISTORY = History(
    (
        Run(FIRST, date(2026, 12, 2), date(2026, 12, 31), {State.PARTLY: 2}, 2, 1_500.0, date(2027, 12, 7)),
        Run(SECOND, date(2027, 1, 2), date(2027, 1, 31), {State.MIGRATED: 2}, 0, 0.0),
    ),
    {
        ("acme", "c2"): Past(State.MIGRATED, SECOND, date(2026, 12, 30)),
        ("acme", "c1"): Past(State.SILENT),
    },
)


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(history_json(HISTORY))
    read = read_history(tmp_path)
    assert [(run.day, run.left, run.revenue_left, run.sunset) for run in read.runs] == [
        (FIRST, 2, 1_500.0, date(2027, 12, 7)), (SECOND, 0, 0.0, None),
    ]  # fmt: skip
    assert [run.states[State.PARTLY] for run in read.runs] == [2, 0]
    assert read.past == HISTORY.past
    assert history_json(read) == history_json(HISTORY)
    assert [run.day for run in read.before(SECOND)] == [FIRST]


def test_without_a_file_there_is_no_history(tmp_path: Path) -> None:
    assert read_history(tmp_path) == History()
    (tmp_path / NAME).write_bytes(history_json(History()))
    assert read_history(tmp_path) == History()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b'{"format": "apidiff-track-history/9", "runs": [], "integrators": []}',
     history_json(HISTORY).replace(b"2027-02-01", b"2027-02-31"), history_json(HISTORY).replace(b"silent", b"happy"),
     history_json(HISTORY)[:-30]],
)  # fmt: skip
def test_a_broken_history_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(ApidiffError) as caught:
        read_history(tmp_path)
    assert (caught.value.code, caught.value.at) == ("history-unreadable", str(tmp_path / NAME))
    assert (tmp_path / NAME).read_bytes() == content
