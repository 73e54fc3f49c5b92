"""What a file of a log is: where it lies, what messages call it, how it is packed; and where copies are kept."""

import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path

from apidiff.words.errors import ApidiffError


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file of a log.

    `path` is what is read and `shown` what messages call it; `packed` is `gz`, `zst`, `bz2`, `xz`, `parquet` or "", and
    `encoding` "" for UTF-8 or what Python calls it, both by the bytes. `given` says that it was named, not found in a
    folder or by a glob. Of a copy `prefixes` counts the lines from which was taken what a log daemon had written before
    them; `is_unwrapped` says that its lines are the rows that lay inside another's.
    """

    path: str
    shown: str
    size: int
    packed: str = ""
    encoding: str = ""
    given: bool = True
    prefixes: int = 0
    is_unwrapped: bool = False

    @property
    def is_parquet(self) -> bool:
        """Whether the file is Parquet."""
        return self.packed == "parquet"

    @property
    def is_recoded(self) -> bool:
        """Whether the text is in another encoding than UTF-8."""
        return self.encoding not in ("", "utf-8-sig")


@dataclass(slots=True)
class Found:
    """The files that were found, and those that were left out: what messages call them, and why."""

    files: list[LogFile] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class Workspace:
    """A private folder for what must lie in a file while logs are read; gone when the process is."""

    def __init__(self) -> None:
        self._folder = ""
        self._count = 0

    @property
    def folder(self) -> Path:
        """The folder, made on first use with mode 0700."""
        if not self._folder:
            self._folder = tempfile.mkdtemp(prefix="apidiff-")
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return Path(self._folder)

    def fresh(self, name: str) -> Path:
        """The path of a new file of the folder."""
        self._count += 1
        return self.folder / f"{name}-{self._count}"


def empty_log(at: str) -> ApidiffError:
    """The error for a log without a row."""
    return ApidiffError(
        "the usage log is empty",
        code="usage-log-empty",
        at=at,
        hint="Give a log with at least one row, or plan with `--no-usage --reason TEXT`.",
    )
