"""The command line: arguments in, exit code out; no domain logic.

Every command imports what it needs when it runs, so that `apidiff --help` and small diffs start at once. The clock is
read here and nowhere else.
"""

from apidiff.cli.run import main

__all__ = ["main"]
