"""guide/: what people write into the migration guide, one file a block; a new plan keeps every byte of it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from apidiff.words.errors import ApidiffError

FOLDER: Final = "guide"
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_MOST: Final = 20_000_000


def read_guide(out: Path) -> dict[str, bytes]:
    """Every file of guide/ by its name below the plan's folder; nothing where there is none.

    Errors: `guide-unreadable`: what people wrote is not lost because it can't be read.
    """
    folder = out / FOLDER
    if not folder.is_dir():
        return {}
    try:
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(out).as_posix(): _read(path) for path in found}
    except OSError as error:
        raise _unreadable(folder, (error.strerror or "unknown reason").lower()) from error


def _read(path: Path) -> bytes:
    if path.stat().st_size > _MOST:
        raise _unreadable(path, "it is larger than 20 MB")
    return path.read_bytes()


def _unreadable(path: Path, why: str) -> ApidiffError:
    return ApidiffError(
        f"what was written for the guide can't be read: {why}",
        code="guide-unreadable",
        at=str(path),
        hint="mend the file, or move it out of the folder",
    )


def blocks(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the blocks by name, without comments; a block that holds nothing else is left out."""
    return {Path(name).stem: text.strip() for name, text in texts(files).items()}


def texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """The same by file, each line where it stands in its file."""
    found = {name: content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".md")}
    plain = {name: _COMMENT.sub(lambda one: "\n" * one[0].count("\n"), text) for name, text in found.items()}
    return {name: text for name, text in plain.items() if text.strip()}


def starters(files: Mapping[str, bytes], asked: Mapping[str, str]) -> dict[str, bytes]:
    """The files of guide/ with an empty one for each block that nobody has begun."""
    new = {f"{FOLDER}/{name}.md": f"<!-- {text} -->\n".encode() for name, text in asked.items()}
    return new | dict(files)
