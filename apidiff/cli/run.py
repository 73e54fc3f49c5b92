"""What surrounds every command: errors become messages and exit codes, never tracebacks."""

import gc
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.exceptions import TyperException

from apidiff.cli.app import COMMANDS, ReaderLeft, app, register
from apidiff.words.errors import ApidiffError, Exit

INTERRUPTED = 130
_SHOWN = 160
_LONG = re.compile(rf"\S{{{2 * _SHOWN},}}")
"""A word of this length tells nobody anything: its ends do."""
BROKEN_PIPE = 141
"""What a shell says of a program that a signal ended: SIGINT and SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; results go to stdout, messages to stderr."""
    # A command makes many values that stay: looking for garbage less often saves a quarter of its time.
    gc.set_threshold(500_000, 20, 100)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _run(arguments)
        try:
            sys.stdout.flush()
        except ApidiffError as error:
            # What little there was to print waited in the buffer up to now.
            return _refused(error)
    except (BrokenPipeError, ReaderLeft):
        # The reader has gone (`| head`): say nothing, not even when the interpreter flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    return code


def _run(arguments: Sequence[str] | None) -> int:
    called = next(iter(sys.argv[1:] if arguments is None else arguments), "")
    register(called if called in COMMANDS else "")
    try:
        code = app(args=arguments, prog_name="apidiff", standalone_mode=False)
    except ApidiffError as error:
        return _refused(error)
    except TyperException as error:
        return _wrong_call(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ReaderLeft, BrokenPipeError):
        raise
    except (OSError, MemoryError) as error:
        return _refused(_limit(error))
    except Exception as error:  # noqa: BLE001 - the last net: a bug must read as one, never as "found something"
        return _refused(_limit(MemoryError())) if _is_short_of_memory(error) else _bug(error)
    return code if isinstance(code, int) else int(Exit.OK)


def _refused(error: ApidiffError) -> int:
    _say(f"error: {error}")
    return int(error.status)


def _limit(error: OSError | MemoryError) -> ApidiffError:
    """What the machine refuses is no bug: a disk that is full, a name that is too long, memory that is not there."""
    if isinstance(error, MemoryError):
        return ApidiffError(
            "there is not enough memory for this",
            code="memory-short",
            hint="allow more of it (ulimit -v, the container's limit), or give less at a time",
        )
    return ApidiffError(
        f"the system refused: {(error.strerror or type(error).__name__).lower()}",
        code="system-refused",
        at=os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else None,
        hint="mend what it says, or name another file or folder",
    )


def _is_short_of_memory(error: Exception) -> bool:
    """Whether there was no room for a thread's stack, or for an extension, which Python says in other errors."""
    return isinstance(error, SystemError) or (isinstance(error, RuntimeError) and "start new thread" in str(error))


def _wrong_call(error: TyperException) -> int:
    show = getattr(error, "show", None)
    if show is None:
        _say(f"error: {error.format_message()}")
    else:
        show()
    return int(Exit.USAGE)


def _bug(error: Exception) -> int:
    """The type and the place only: the text of an unforeseen exception could hold a value of a log."""
    import traceback

    if os.environ.get("APIDIFF_TRACEBACK") == "1":
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}: " if frames else ""
    _say(
        f"error: {place}this is a bug in apidiff, not in your input: {type(error).__name__} [internal-error]\n"
        "  run it again with APIDIFF_TRACEBACK=1, and report what it prints after taking out what is confidential"
    )
    return int(Exit.INPUT)


def _say(message: str) -> None:
    typer.echo(_LONG.sub(lambda word: f"{word[0][:_SHOWN]}…{word[0][-_SHOWN // 4 :]}", message), err=True)
