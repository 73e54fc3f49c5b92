"""Runs the command line as a program of its own: `apidiff`, or `python -m apidiff`."""

import atexit
import os
import sys
from contextlib import suppress
from typing import NoReturn

from apidiff.cli import main
from apidiff.cli.streams import open_streams


def run() -> NoReturn:
    """Run one command and end the process with its exit code.

    What is left in memory is left to the operating system: to free it value by value takes a twentieth of a small run.
    """
    open_streams()
    code = main()
    atexit._run_exitfuncs()  # noqa: SLF001 - what `os._exit` leaves out
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
