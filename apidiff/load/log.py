"""The versions of one file in a git history: each commit of the main line that touched it, wherever it was called so.

A merge counts as what it brought to the main line.
"""

import posixpath
import subprocess
from dataclasses import dataclass

from apidiff.load.git import commit_of, path_from_top, run_git
from apidiff.words.errors import ApidiffError


@dataclass(frozen=True, slots=True)
class Touch:
    """One commit that touched the file: its full hash, its day, where the file is there, and its blob, "" once gone."""

    commit: str
    day: str
    path: str
    blob: str

    @property
    def source(self) -> str:
        """The file there, as `REV:PATH`."""
        return f"{self.commit}:{self.path}"


def touches(source: str) -> tuple[Touch, ...]:
    """The commits that touched `REV:PATH`, or a path of HEAD, oldest first; renames are followed.

    Errors: `revision-unknown`, `revision-path-unknown`, `spec-not-found`, `git-failed`.
    """
    revision, colon, path = source.partition(":")
    if not colon:
        revision, path = "HEAD", source if source.startswith(("./", "../")) else f"./{source}"
    commit = commit_of(revision or "HEAD", source)
    path = path_from_top(path, source)
    asked = ["log", "--follow", "--first-parent", "--raw", "--no-abbrev", "-M", "--format=%x01%H %cs", commit, "--"]
    done = run_git("-c", "core.quotePath=false", *asked, f":(top,literal){path}")
    found = [_touch(part) for part in _text(done).split("\x01")[1:]]
    kept = tuple(one for one in reversed(found) if one is not None)
    if not kept:
        hint = "Check the path: it counts from the repository's top folder (`REV:./api.yaml` from here)."
        raise ApidiffError("no commit has this file", code="revision-path-unknown", at=source, hint=hint)
    return kept


def _touch(part: str) -> Touch | None:
    """One commit of the log: its head, and the raw line of what it did to the file."""
    head, _, rest = part.partition("\n")
    commit, _, day = head.partition(" ")
    line = next((line for line in rest.split("\n") if line.startswith(":")), "")
    if not line:
        return None
    said, *names = line.split("\t")
    blob = said.split(" ")[3]
    return Touch(commit, day.strip(), posixpath.normpath(_unquoted(names[-1])), "" if set(blob) == {"0"} else blob)


def _unquoted(name: str) -> str:
    """A name as it is: git puts one with quotes or control characters between quotes."""
    return name.strip('"') if name.startswith('"') else name


def _text(done: "subprocess.CompletedProcess[bytes]") -> str:
    return done.stdout.decode(errors="replace")
