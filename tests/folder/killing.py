"""Ends a piece of work by a signal just before the nth thing that it does to the disk, in a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
RENAMES = frozenset({"os.rename"})
EVERYTHING = RENAMES | {"os.remove", "os.rmdir", "os.mkdir", "open"}
"""What Python tells of before it does it (PEP 578); `os.replace` is an `os.rename` too."""
BUG = 99
"""How a process ends whose work failed by itself."""


def ended(work: Callable[[], object], *, at: int, number: signal.Signals, events: frozenset[str]) -> bool:
    """Whether the work was reached by the signal before the event of that place, counted from 1."""
    reached, told = os.pipe()
    child = os.fork()
    if child == 0:
        seen = 0

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal seen
            if event not in events or (event == "open" and not arguments[2] & (os.O_WRONLY | os.O_RDWR)):
                return
            seen += 1
            if seen == at:
                os.write(told, b"x")
                os.kill(os.getpid(), number)

        # what runs in the background may have been told to ignore it
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.addaudithook(hook)
        try:
            work()
        except KeyboardInterrupt:
            os._exit(130)
        except BaseException:  # noqa: BLE001 - the parent has to hear of it, whatever it is
            traceback.print_exc()
            os._exit(BUG)
        os._exit(0)
    os.close(told)
    with os.fdopen(reached, "rb") as pipe:
        was_reached = bool(pipe.read())
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) != BUG
    return was_reached


def ends(
    work: Callable[[], object],
    *,
    number: signal.Signals,
    before: Callable[[], object],
    events: frozenset[str] = EVERYTHING,
    step: int = 1,
) -> Iterator[int]:
    """Each place at which the work was ended, for the caller to look what is there; the last one is not reached."""
    at = 1
    while True:
        before()
        was_reached = ended(work, at=at, number=number, events=events)
        yield at
        if not was_reached:
            return
        at += step


def alone(function: Callable[..., object], *arguments: object) -> str:
    """What a function of a test's module prints, run by a process without threads, which may fork."""
    program = f"import sys\nfrom {function.__module__} import {function.__qualname__} as work\nwork(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def copied(source: Path, target: Path) -> None:
    """Makes the target a copy of the source, whatever it was."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
