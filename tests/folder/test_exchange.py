"""A run that is ended at any place leaves the old folder or the new one, and the next one mends what is half done."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from apidiff.folder.exchange import recover
from apidiff.folder.whole import write_folder, write_private
from apidiff.words.errors import ApidiffError
from tests.folder.killing import SIGNALS, alone, copied, ended, ends

pytestmark = pytest.mark.slow

OLD = {".salt": b"s" * 32, "outreach.csv": b"notes", "plan.json": b"{}", "messages/a/1.eml": b"old", "gone.md": b"old"}
NEW = {".salt": b"s" * 32, "outreach.csv": b"notes", "plan.json": b"[]", "messages/b/1.eml": b"new", "come.md": b"new"}
FOREIGN = {"notes.txt": b"mine", "calls/acme.md": b"mine too"}
AFTER = NEW | {"gone.md": b"old"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.rglob(".apidiff-*"))


def a_folder(out: Path) -> None:
    """A plan folder with what people put into it."""
    write_folder(OLD, out)
    for name, content in FOREIGN.items():
        (out / name).parent.mkdir(exist_ok=True)
        (out / name).write_bytes(content)


def is_whole(out: Path) -> bool:
    """Whether the folder is the old one or the new one; anything else fails."""
    now = tree(out)
    assert now in (OLD | FOREIGN, AFTER | FOREIGN)
    assert leftovers(out) == []
    return now == AFTER | FOREIGN


def sweep(base: str) -> None:
    """Ends an exchange before each of its steps by each signal; what it prints counts the steps and the new folders."""
    source, out = Path(base, "source"), Path(base, "case", "plan")
    a_folder(source)
    for number in SIGNALS:
        places, news = [], 0
        for place in ends(lambda: write_folder(NEW, out), number=number, before=lambda: copied(source, out)):
            recover(out)
            places.append(place)
            news += is_whole(out)
        print(number.name, len(places), news)
        assert news
        assert len(places) > 40


def sweep_twice(base: str) -> None:
    """Ends an exchange, and then what mends it, before some of their steps."""
    source, half, out = Path(base, "source"), Path(base, "half", "plan"), Path(base, "case", "plan")
    a_folder(source)
    kill, count = signal.SIGKILL, 0
    for _ in ends(lambda: write_folder(NEW, half), number=kill, before=lambda: copied(source, half), step=5):
        for _ in ends(lambda: recover(out), number=kill, before=lambda: copied(half, out), step=2):
            recover(out)
            is_whole(out)
            count += 1
    print(count)


def sweep_first(base: str) -> None:
    """Ends the writing of a folder that was not there, before each of its steps."""
    for number in SIGNALS:
        out = Path(base, number.name, "plan")
        out.parent.mkdir()

        def cleared(out: Path = out) -> None:
            shutil.rmtree(out.parent)
            out.parent.mkdir()

        for _ in ends(lambda out=out: write_folder(NEW, out), number=number, before=cleared):
            recover(out)
            assert (tree(out) if out.exists() else None) in (None, NEW)
            assert leftovers(out) == []


def sweep_file(base: str) -> None:
    """Ends the writing of one file before each of its steps."""
    history = Path(base, "track-history.json")

    def written() -> int:
        return history.write_bytes(b"old")

    for number in SIGNALS:
        for _ in ends(lambda: write_private(history, b"new"), number=number, before=written):
            recover(history.parent)
            assert tree(history.parent) in ({history.name: b"old"}, {history.name: b"new"})
            assert leftovers(history) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the test ends copies of itself")
@pytest.mark.parametrize("work", [sweep, sweep_twice, sweep_first, sweep_file], ids=lambda work: work.__name__)
def test_whatever_ends_a_run_leaves_the_old_folder_or_the_new_one(work: object, tmp_path: Path) -> None:
    print(alone(work, tmp_path))  # type: ignore[arg-type]


def half_done(base: str, at: str) -> None:
    """Leaves a folder whose exchange was ended before the rename of that number."""
    out = Path(base)
    a_folder(out)
    assert ended(lambda: write_folder(NEW, out), at=int(at), number=signal.SIGKILL, events=frozenset({"os.rename"}))


def test_what_is_mended_is_said(tmp_path: Path) -> None:
    # The first rename is the journal's; .salt takes two, come.md one, messages, outreach.csv and plan.json two each.
    out = tmp_path / "plan"
    alone(half_done, out, 5)
    assert tree(out) != OLD | FOREIGN
    assert recover(out) == (
        f"{out}: a run was ended while it exchanged files; all are put back as they were before it",
    )
    assert not is_whole(out)
    assert recover(out) == ()


def test_what_was_done_to_the_end_stays(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    alone(half_done, out, 11)
    assert recover(out) == (f"{out}: a run was ended just after it had exchanged all files; they are as it wrote them",)
    assert is_whole(out)


def test_what_people_wrote_since_is_not_undone(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    alone(half_done, out, 9)
    (out / "outreach.csv").write_bytes(b"notes, and more")
    assert recover(out) == (
        f"{out}: a run was ended while it exchanged files; the rest is exchanged now, for new ones were written into",
    )
    assert tree(out) == AFTER | FOREIGN | {"outreach.csv": b"notes, and more"}


def test_what_cannot_be_mended_without_loss_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    alone(half_done, out, 9)
    (out / "outreach.csv").write_bytes(b"notes, and more")
    (out / "plan.json").write_bytes(b"{} ")
    before = tree(out)
    with pytest.raises(ApidiffError) as caught:
        recover(out)
    assert caught.value.code == "folder-interrupted"
    assert tree(out) == before
    with pytest.raises(ApidiffError) as caught:
        write_folder(NEW, out)
    assert caught.value.code == "folder-interrupted"
    assert tree(out) == before


def test_what_is_in_the_way_is_not_written_over(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    alone(half_done, out, 8)
    assert not (out / "outreach.csv").exists()
    (out / "outreach.csv").write_bytes(b"another")
    with pytest.raises(ApidiffError) as caught:
        recover(out)
    assert (caught.value.code, "outreach.csv is there again" in caught.value.message) == ("folder-interrupted", True)
    assert (out / "outreach.csv").read_bytes() == b"another"
    (out / "outreach.csv").unlink()
    recover(out)
    assert not is_whole(out)


@pytest.mark.parametrize(
    "journal",
    ["", "[]", "{}", '{"new": 1, "old": []}', '{"new": ["../x"], "old": []}', '{"new": [".."], "old": []}', "[" * 9999],
)
def test_a_journal_of_another_is_refused(tmp_path: Path, journal: str) -> None:
    out, work = tmp_path / "plan", tmp_path / "plan" / ".apidiff-abcdefgh"
    a_folder(out)
    (work / "new").mkdir(parents=True)
    (work / "journal").write_text(journal)
    before = tree(tmp_path)
    with pytest.raises(ApidiffError) as caught:
        recover(out)
    assert caught.value.code == "folder-interrupted"
    assert tree(tmp_path) == before


def test_only_what_is_ours_is_cleared(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    a_folder(out)
    for name in (".apidiff-mine", ".apidiff-12345678", "apidiff-12345678"):
        (out / name).mkdir()
        (out / name / "x").write_bytes(b"mine")
    (out / ".apidiff-87654321").symlink_to(tmp_path)
    assert recover(out) == ()
    assert sorted(path.name for path in out.glob("*apidiff*")) == [
        ".apidiff-87654321", ".apidiff-mine", "apidiff-12345678",
    ]  # fmt: skip


def test_what_an_earlier_version_moved_aside_is_left_and_named(tmp_path: Path) -> None:
    out, work = tmp_path / "plan", tmp_path / "plan" / ".apidiff-abcdefgh"
    a_folder(out)
    (work / "old").mkdir(parents=True)
    (work / "old" / "outreach.csv").write_bytes(b"notes")
    assert [said.partition(":")[0] for said in recover(out)] == [str(work)]
    assert (work / "old" / "outreach.csv").read_bytes() == b"notes"


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    from apidiff.folder.workplace import locked

    out = tmp_path / "plan"
    alone(half_done, out, 5)
    before = tree(out)
    (work,) = out.glob(".apidiff-*")
    with locked(work):
        assert recover(out) == ()
        assert tree(out) == before


def test_one_exchange_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from apidiff.folder.workplace import locked

    out = tmp_path / "plan"
    a_folder(out)
    monkeypatch.setattr("apidiff.folder.whole.PATIENCE_SECONDS", 0.1)
    with locked(out), pytest.raises(ApidiffError) as caught:
        write_folder(NEW, out)
    assert caught.value.code == "folder-busy"
    assert not is_whole(out)


def test_the_journal_names_what_is_exchanged(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    alone(half_done, out, 5)
    (journal,) = out.glob(".apidiff-*/journal")
    assert json.loads(journal.read_bytes()) == {
        "new": [".salt", "come.md", "messages", "outreach.csv", "plan.json"],
        "old": [".salt", "messages", "outreach.csv", "plan.json"],
    }
