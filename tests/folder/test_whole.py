"""A plan folder is written whole or not at all, and keeps what is not ours."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from apidiff.folder.whole import write_folder
from apidiff.words.errors import ApidiffError

FILES = {"plan.json": b"{}", "migration-guide.md": b"# x\n", "messages/a/1.eml": b"hello"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_writes_exactly_the_files(tmp_path: Path) -> None:
    write_folder(FILES, tmp_path / "a" / "plan")
    assert tree(tmp_path) == {f"a/plan/{name}": content for name, content in FILES.items()}


def test_keeps_foreign_files_and_replaces_its_own(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    write_folder(FILES | {"messages/b/1.eml": b"old"}, out)
    (out / "notes.txt").write_text("mine")
    (out / "calls").mkdir()
    (out / "calls" / "acme.md").write_text("mine too")
    write_folder(FILES | {"plan.json": b"[]"}, out)
    assert tree(tmp_path) == {
        "plan/calls/acme.md": b"mine too", "plan/notes.txt": b"mine", "plan/messages/a/1.eml": b"hello",
        "plan/migration-guide.md": b"# x\n", "plan/plan.json": b"[]",
    }  # fmt: skip


def test_the_working_directory_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("mine")
    write_folder(FILES, Path())
    write_folder(FILES, Path())
    assert Path.cwd() == tmp_path
    assert tree(tmp_path) == FILES | {"mine": b"mine"}


def test_a_failure_half_way_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "plan"
    write_folder(FILES, out)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.name == "plan.json" and self.parent.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(ApidiffError) as caught:
        write_folder(dict.fromkeys(FILES, b"changed"), out)
    assert "no space left" in caught.value.message
    assert tree(tmp_path) == {f"plan/{name}": content for name, content in FILES.items()}


@pytest.mark.parametrize("at", range(1, 7))
def test_an_interrupt_half_way_puts_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    out = tmp_path / "plan"
    write_folder(FILES, out)
    rename, seen = Path.rename, []

    def stopped(self: Path, target: Path) -> Path:
        seen.append(target)
        if len(seen) == at:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_folder(dict.fromkeys(FILES, b"changed"), out)
    assert tree(tmp_path) == {f"plan/{name}": content for name, content in FILES.items()}


_SIGNALLED = """
import os, signal, sys
from pathlib import Path
from apidiff.folder.whole import write_folder
rename, seen = Path.rename, []
def signalled(self, target):
    seen.append(target)
    if len(seen) == int(sys.argv[2]):
        os.kill(os.getpid(), int(sys.argv[3]))
    return rename(self, target)
Path.rename = signalled
signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background may have been told to ignore it
names = ("plan.json", "migration-guide.md", "messages/a/1.eml")
write_folder(dict.fromkeys(names, b"changed"), Path(sys.argv[1]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("at", [1, 4, 6])
def test_a_signal_waits_for_the_exchange(tmp_path: Path, at: int, number: signal.Signals) -> None:
    out = tmp_path / "plan"
    write_folder(FILES, out)
    ended = subprocess.run(
        [sys.executable, "-c", _SIGNALLED, str(out), str(at), str(int(number))], capture_output=True, check=False
    )
    assert ended.returncode == -number
    assert tree(tmp_path) == {f"plan/{name}": b"changed" for name in FILES}


def test_what_cannot_be_put_back_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "plan"
    write_folder(FILES, out)
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.parent.name in ("new", "old"):
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(ApidiffError):
        write_folder(dict.fromkeys(FILES, b"changed"), out)
    assert sorted(path.read_bytes() for path in tmp_path.rglob("old/**/*") if path.is_file()) == [b"hello"]


def test_personal_data_is_for_the_owner_alone(tmp_path: Path) -> None:
    write_folder(FILES, tmp_path / "plan")
    modes = {name: stat.S_IMODE((tmp_path / "plan" / name).stat().st_mode) for name in FILES}
    assert modes["plan.json"] == modes["messages/a/1.eml"] == 0o600
    assert modes["migration-guide.md"] & 0o077 == 0o044 & ~_umask()
    assert stat.S_IMODE((tmp_path / "plan").stat().st_mode) == 0o700


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a file")
    with pytest.raises(ApidiffError) as caught:
        write_folder(FILES, tmp_path / "plan")
    assert caught.value.code == "output-unwritable"
    assert tree(tmp_path) == {"plan": b"a file"}


def test_a_parent_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(ApidiffError) as caught:
        write_folder(FILES, tmp_path / "file" / "plan")
    assert caught.value.code == "output-unwritable"


def test_a_failure_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "plan"
    write_folder(FILES, out)
    with pytest.raises(ApidiffError):
        write_folder({"plan.json": b"new", "x" * 300: b"too long a name"}, out)
    assert tree(tmp_path) == {f"plan/{name}": content for name, content in FILES.items()}
