"""Turns what is unreleased into a version: `python tests/tools/release.py 0.2.0`.

The entries of CHANGELOG.md under Unreleased get the version and the day, and the package gets its number. Nothing is
written where the version is none, is not above the last, or has nothing to say.
"""

import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = ROOT / "CHANGELOG.md"
PACKAGE = ROOT / "apidiff" / "__init__.py"
VERSION = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)
UNRELEASED = "## [Unreleased]\n"


def main(arguments: list[str]) -> int:
    """The exit code: 0 where both files are written, 2 where the call or the state of the files is wrong."""
    version = arguments[0] if len(arguments) == 1 else ""
    try:
        changelog = released(CHANGELOG.read_text(encoding="utf-8"), version, datetime.now(UTC).date())
    except ValueError as problem:
        print(problem, file=sys.stderr)
        return 2
    CHANGELOG.write_text(changelog, encoding="utf-8")
    package = PACKAGE.read_text(encoding="utf-8")
    PACKAGE.write_text(VERSION.sub(f'__version__ = "{version}"', package), encoding="utf-8")
    return 0


def released(changelog: str, version: str, day: date) -> str:
    """The changelog with its unreleased entries under a heading of their own; raises ValueError with the reason."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError("give the version: make release VERSION=0.2.0")
    before, heading, after = changelog.partition(UNRELEASED)
    entries = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
    if not heading or not entries.strip():
        raise ValueError("CHANGELOG.md has no entries under Unreleased: there is nothing to release")
    last = max(map(numbers, re.findall(r"^## \[(\d+\.\d+\.\d+)\]", after, re.MULTILINE)), default=(0, 0, 0))
    if numbers(version) <= last:
        raise ValueError(f"{version} is not above {'.'.join(map(str, last))}, the last that was released")
    return f"{before}{UNRELEASED}\n## [{version}] - {day}\n{after}"


def numbers(version: str) -> tuple[int, ...]:
    """A version as numbers, to be compared."""
    return tuple(map(int, version.split(".")))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
