"""Specs at a git revision (`REV:PATH`, of the index `:PATH`), with every file that they refer to taken from there.

One `git cat-file --batch` process serves all files of a spec: a process each would cost seconds on a spec of thousands.
"""

import os
import posixpath
import subprocess
import weakref
from fnmatch import fnmatchcase
from typing import Final

from apidiff.load.limits import shorten
from apidiff.load.parse import check_size
from apidiff.load.stores import is_glob, is_url, outside, read_allowed_url
from apidiff.words.errors import ApidiffError, Exit

_SECONDS: Final = 60


def is_revision(source: str) -> bool:
    """Whether a source reads as `REV:PATH` or `:PATH`: its colon follows no drive letter, and no file has that name."""
    revision, colon, path = source.partition(":")
    if not colon or not path or path.startswith("//"):
        return False
    is_drive = len(revision) == 1 and path[0] in "\\/"
    return not is_drive and not os.path.lexists(source)


class GitStore:
    """The folder of a file in one revision's tree; symbolic links are followed within the tree."""

    def __init__(self, source: str) -> None:
        revision, _, path = source.partition(":")
        self.source = source
        self._commit = commit_of(revision, source) if revision else _index(source)
        self._revision = revision
        path = path_from_top(path, source)
        self._folder, self.entry = posixpath.split(path)
        self._batch = _Batch()

    def read_entry(self) -> bytes:
        """The entry file. Raises `revision-path-unknown`."""
        content = self._batch.read(f"{self._commit}:{self._path(self.entry)}", self.source)
        if content is None:
            raise self._no_entry()
        return content

    def read(self, name: str, *, allow_ref: bool) -> bytes:
        """A file of the same revision; outside the entry's folder only with `allow_ref`."""
        if is_url(name):
            if not allow_ref:
                raise outside(name, "it is a URL")
            return read_allowed_url(name)
        path = self._path(name)
        if name.startswith("/") or path.startswith("../") or "\n" in path:
            raise outside(name, "it lies outside the repository", "Copy it beside the spec.")
        if name.startswith("../") and not allow_ref:
            raise outside(name, "it lies outside the spec's folder")
        content = self._batch.read(f"{self._commit}:{path}", self.show(name))
        if content is None:
            hint = "Check the path of the $ref: it counts from the file that holds it, within the revision."
            message = f"no file `{shorten(name)}` in {self._revision}"
            raise ApidiffError(message, code="reference-not-found", hint=hint)
        return content

    def show(self, name: str) -> str:
        """The file as `REV:PATH`."""
        return f"{self._revision}:{self._path(name)}" if name else self.source

    def spelled(self, name: str) -> str:  # noqa: ARG002 - nothing can be listed there
        """Nothing."""
        return ""

    def _path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self._folder, name))

    def _no_entry(self) -> ApidiffError:
        path = self._path(self.entry)
        listing = run_git("ls-tree", "-r", "--name-only", "--full-tree", "-z", self._commit)
        names = listing.stdout.decode(errors="replace").split("\0")
        same = sorted(name for name in names if posixpath.basename(name) == self.entry)
        hint = "Check the path: it counts from the repository's top folder (`REV:./api.yaml` from here)."
        if any(name.startswith(f"{path}/") for name in names):
            return ApidiffError("a folder, where a spec is a file", code="spec-is-folder", at=self.source, hint=hint)
        if same:
            hint = f"Did you mean `{self._revision}:{same[0]}`? Paths count from the repository's top folder."
        return ApidiffError(
            f"no such file in {self._revision}", code="revision-path-unknown", at=self.source, hint=hint
        )


def listed(source: str) -> list[str] | None:
    """The files that `REV:FOLDER` or `REV:GLOB` stands for, each as `REV:PATH`, sorted; None for what names one file.

    Errors: `revision-unknown`, `revision-path-unknown`, `git-failed`.
    """
    revision, _, written = source.partition(":")
    commit = commit_of(revision, source) if revision else _index(source)
    is_top = written in (".", "./") and not run_git("rev-parse", "--show-prefix").stdout.strip()
    path = "" if is_top else path_from_top(written, source)
    if path and not is_glob(path) and run_git("cat-file", "-t", f"{commit}:{path}").stdout.strip() != b"tree":
        return None
    names = run_git("ls-tree", "-r", "--name-only", "--full-tree", "-z", commit).stdout.decode(errors="replace")
    pattern = path.split("/") if is_glob(path) else [*filter(None, path.split("/")), "**"]
    return sorted(
        f"{revision}:{name}" for name in names.split("\0") if name.isprintable() and _is_match(pattern, name.split("/"))
    )


def _is_match(pattern: list[str], name: list[str]) -> bool:
    """Whether a path, in segments, is of a glob; `**` stands for any number of folders."""
    if not pattern or not name:
        return pattern in ([], ["**"]) and not name
    if pattern[0] == "**":
        return _is_match(pattern[1:], name) or _is_match(pattern, name[1:])
    return fnmatchcase(name[0], pattern[0]) and _is_match(pattern[1:], name[1:])


class _Batch:
    """A `git cat-file --batch` process: a name in, a file out."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["git", "cat-file", "--batch", "--follow-symlinks"],  # noqa: S607 - the user's own git
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _end, self._process)

    def read(self, name: str, where: str) -> bytes | None:
        """The content of `COMMIT:PATH`, None where there is no such file."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(os.fsencode(name) + b"\n")
            stdin.flush()
        except UnicodeEncodeError:
            return None
        except OSError:
            hint = "Check the repository with `git fsck`, or give the spec as a path."
            message = "git ended while it was being read from"
            raise ApidiffError(message, code="git-failed", at=where, hint=hint, status=Exit.OUTSIDE) from None
        # `ID blob SIZE`, `ID tree SIZE`, `dangling SIZE` (also loop, notdir, symlink), or `NAME missing`.
        answer = stdout.readline().decode(errors="replace").split()
        if len(answer) < 2 or not answer[-1].isdigit():
            return None
        kind, size = answer[-2], int(answer[-1])
        check_size(size, where)
        content = stdout.read(size)
        stdout.read(1)
        return content if kind == "blob" else None


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.communicate()


def run_git(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """What git answers. Errors: `git-failed` where it is missing or silent; its exit code is the caller's to judge."""
    try:
        return subprocess.run(["git", *arguments], capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603, S607
    except FileNotFoundError:
        hint = "Install git, or give the spec as a path."
        raise ApidiffError("git is not installed", code="git-failed", hint=hint, status=Exit.OUTSIDE) from None
    except subprocess.TimeoutExpired:
        hint = "Give the spec as a path."
        raise ApidiffError("git did not answer", code="git-failed", hint=hint, status=Exit.OUTSIDE) from None


def commit_of(revision: str, source: str) -> str:
    """The full hash of a revision's commit. Errors: `spec-not-found`, `revision-unknown`."""
    if run_git("rev-parse", "--git-dir").returncode != 0:
        message = f"no such file, and no git repository here to look for the revision `{revision}` in"
        raise ApidiffError(
            message, code="spec-not-found", at=source, hint="Check the path, or change into the repository."
        )
    # A revision that starts with a dash would be an option.
    is_name = not revision.startswith("-") and "\0" not in revision
    found = run_git("rev-parse", "--verify", "--quiet", revision + "^{commit}") if is_name else None
    if found is None or found.returncode != 0:
        hint = (
            "Check its name with `git log`; in a shallow clone (CI), fetch it first: `git fetch --depth=1 origin REV`."
        )
        raise ApidiffError(f"unknown revision `{revision}`", code="revision-unknown", at=source, hint=hint)
    return found.stdout.decode().strip()


def _index(source: str) -> str:
    """The tree of what is staged. Raises `revision-unknown` for an index with conflicts."""
    found = run_git("write-tree")
    if found.returncode != 0:
        hint = "Resolve the conflicts and stage them; outside a repository, give the spec as a path."
        raise ApidiffError("git has no index that could be read", code="revision-unknown", at=source, hint=hint)
    return found.stdout.decode().strip()


def path_from_top(path: str, source: str) -> str:
    """The path from the repository's top folder, as git counts; `./` and `../` count from the working directory."""
    if path.startswith(("./", "../")):
        path = posixpath.join(run_git("rev-parse", "--show-prefix").stdout.decode().strip(), path)
    path = posixpath.normpath(path)
    if path.startswith(("/", "../")) or path == "." or not path.isprintable():
        hint = "Give the path from the repository's top folder, for example `HEAD:api/openapi.yaml`."
        raise ApidiffError("not a file of the repository", code="revision-path-unknown", at=source, hint=hint)
    return path
