"""Runs the command line as `python -m apidiff`."""

import sys

from apidiff.cli import main

if __name__ == "__main__":
    sys.exit(main())
