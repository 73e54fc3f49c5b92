"""The bounds within which a spec is read, so that a hostile file is refused in a moment.

Each lies far above what real specs need: the largest known are 15 MB, 30 levels and a million values.
"""

import re
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 100_000_000
"""Size of one file."""

MAX_DEPTH: Final = 254
"""Levels of nesting of one file: what orjson writes, and few enough for the walks after this one to recurse."""

MAX_VALUES: Final = 10_000_000
"""Values in one file."""

MAX_EXPANDED: Final = 2_000_000
"""Values that a file with aliases stands for once each alias is written out."""

TOO_LARGE: Final = "A spec is text of a few megabytes: check that this is the right file."
TOO_DEEP: Final = "Move inner schemas to components and refer to them."
"""The remedies for what lies beyond these bounds."""

MAX_DIGITS: Final = 308
"""Digits of one number; more of them no double can hold."""

MAX_WARNINGS: Final = 20
"""Warnings of one kind about one file."""

FAST_YAML_BYTES: Final = 8_000_000
"""Size up to which ryaml reads YAML; it holds every token in memory before it looks at the first."""

FAST_YAML_FLOW: Final = 100_000
"""Brackets up to which ryaml reads YAML, for the same reason."""

URL_SECONDS: Final = 60.0
"""Time in which a URL has to be read to its end."""

MAX_SHOWN: Final = 200
"""Characters of a name from a spec that a message repeats."""


def shorten(name: str) -> str:
    """A name from a spec as messages may repeat it: printable, short, and without what follows a question mark."""
    short = re.sub(r"(?s)\?.*", "?…", name)[:MAX_SHOWN]
    return "".join(character if character.isprintable() else "�" for character in short)


def read_at_most(path: Path, most: int = MAX_BYTES) -> bytes:
    """The content of a file, and of one without an end (a device, a pipe) one byte more than the bound."""
    with path.open("rb") as file:
        return file.read(most + 1)
