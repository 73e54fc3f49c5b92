"""What comes through a named pipe is read as a file is, and nobody waits for a writer who never comes."""

import os
import threading
from pathlib import Path

import pytest

from apidiff.load import load, pipes
from apidiff.load.pipes import blocks, first
from apidiff.words.errors import ApidiffError

SPEC = b'{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}'


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def written(pipe: Path, *pieces: bytes) -> threading.Thread:
    """Somebody who opens the pipe and writes pieces into it."""

    def write() -> None:
        with pipe.open("wb", buffering=0) as file:
            for piece in pieces:
                file.write(piece)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    return thread


def test_all_that_is_written_is_read(pipe: Path) -> None:
    thread = written(pipe, b"a" * 200_000, b"b")
    assert b"".join(blocks(pipe)) == b"a" * 200_000 + b"b"
    thread.join()


def test_what_another_program_writes_is_read_though_it_is_done_already() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"all")
    os.close(writing)
    assert [*blocks(Path(f"/dev/fd/{reading}"))] == [b"all"]
    assert [*blocks(Path(f"/dev/fd/{reading}"))] == []
    os.close(reading)


def test_who_holds_the_pipe_open_may_take_longer(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "MOST_SECONDS", 0.02)
    held = os.open(pipe, os.O_RDWR)
    timer = threading.Timer(0.1, lambda: (os.write(held, b"late"), os.close(held)))
    timer.start()
    assert first(pipe, 4) == b"late"
    timer.join()


def test_a_pipe_that_nobody_writes_into_is_refused(pipe: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "MOST_SECONDS", 0.02)
    with pytest.raises(ApidiffError, match="nobody writes into this pipe") as raised:
        load(str(pipe))
    assert (raised.value.code, raised.value.at) == ("spec-unreadable", str(pipe))


def test_a_spec_may_come_through_a_pipe(pipe: Path) -> None:
    thread = written(pipe, SPEC[:20], SPEC[20:])
    assert load(str(pipe)).root["info"]["title"] == "t"
    thread.join()
