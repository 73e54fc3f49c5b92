"""Where the files of a spec come from: a folder, a web address, a git revision, or nowhere (standard input).

A store keeps a spec within its entry file's folder: names that lead out of it are refused unless the user allows them.
"""

import difflib
import re
from pathlib import Path
from typing import Protocol

from apidiff.load.limits import shorten
from apidiff.load.parse import check_size
from apidiff.words.errors import ApidiffError

__all__ = ["FolderStore", "NoStore", "Store", "is_url", "nearest_file", "outside", "read_allowed_url", "shorten"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


class Store(Protocol):
    """The files around an entry file, by their posix path relative to its folder."""

    entry: str
    """The entry file's own name in its folder, "" where it has none."""

    def read(self, name: str, *, allow_ref: bool) -> bytes:
        """One file. Raises `reference-outside` and `reference-not-found` without a place, which the caller knows."""

    def show(self, name: str) -> str:
        """The file as messages name it."""

    def spelled(self, name: str) -> str:
        """The file of that name in other letter case, "" where there is none or nobody can look."""


class NoStore:
    """A spec without a place of its own: it cannot refer to other files."""

    entry = ""

    def __init__(self, source: str) -> None:
        self.source = source

    def read(self, name: str, *, allow_ref: bool) -> bytes:
        """Refuses every file, except those that the user allows: they count from the working directory."""
        if not allow_ref:
            hint = "Give the spec as a path, so that its other files can be found."
            raise outside(name, "the spec has no folder", hint)
        return FolderStore(Path(), "").read(name, allow_ref=True)

    def show(self, name: str) -> str:
        """The name itself."""
        return name or self.source

    def spelled(self, name: str) -> str:  # noqa: ARG002 - there is no folder to look in
        """Nothing."""
        return ""


class FolderStore:
    """A folder on disk. Symbolic links are followed only to places inside it."""

    def __init__(self, folder: Path, entry: str) -> None:
        self.folder = folder
        self.entry = entry
        self._real = folder.resolve()

    def read(self, name: str, *, allow_ref: bool) -> bytes:
        """The file below the folder; elsewhere, and from a URL, only with `allow_ref`."""
        if is_url(name):
            if not allow_ref:
                raise outside(name, "it is a URL")
            return read_allowed_url(name)
        try:
            path = (self._real / name).resolve()
            if not path.is_relative_to(self._real) and not allow_ref:
                raise outside(name, "it lies outside the spec's folder")
            if not path.is_file():
                raise _not_found(name, self._real)
            check_size(path.stat().st_size, self.show(name))
            return path.read_bytes()
        except (OSError, ValueError, RuntimeError) as problem:  # RuntimeError: links that lead in a circle (3.11, 3.12)
            raise _unreadable(name, problem) from None

    def show(self, name: str) -> str:
        """The path as the user would type it."""
        return (self.folder / (name or self.entry)).as_posix()

    def spelled(self, name: str) -> str:
        """The file of that name in other letter case, as a file system that folds case would find it."""
        path = self._real / name
        if is_url(name) or not path.parent.is_dir() or not path.resolve().is_relative_to(self._real):
            return ""
        found = (one.name for one in sorted(path.parent.iterdir()) if one.name.casefold() == path.name.casefold())
        return next((Path(name).with_name(one).as_posix() for one in found), "")


def is_url(name: str) -> bool:
    """Whether a name has a scheme (`https:`, `file:`) or a host; a Windows drive letter is no scheme."""
    return name.startswith("//") or _SCHEME.match(name) is not None


def is_glob(name: str) -> bool:
    """Whether a name is a pattern for several."""
    return any(mark in name for mark in "*?[")


def read_allowed_url(name: str) -> bytes:
    """A file that a spec refers to by URL and that the user allowed."""
    from apidiff.load.web import read_url

    if not name.startswith(("http://", "https://")):
        raise outside(name, "it is no http or https address", "Copy it beside the spec.")
    return read_url(name, by_user=False)


def outside(name: str, why: str, hint: str | None = None) -> ApidiffError:
    """The refusal of a reference that leads out of the spec's folder."""
    hint = hint or "Copy it beside the spec, or allow it with --allow-ref."
    return ApidiffError(f"cannot follow `{shorten(name)}`: {why}", code="reference-outside", hint=hint)


def _not_found(name: str, folder: Path) -> ApidiffError:
    near = nearest_file(folder / name)
    hint = f"Did you mean `{near}`?" if near else "Check the path of the $ref: it counts from the file that holds it."
    return ApidiffError(f"no file `{shorten(name)}`", code="reference-not-found", hint=hint)


def _unreadable(name: str, problem: Exception) -> ApidiffError:
    said = problem.strerror if isinstance(problem, OSError) and problem.strerror else "no file name"
    hint = "Check the path of the $ref and the file's permissions."
    return ApidiffError(f"cannot read `{shorten(name)}`: {said}", code="reference-not-found", hint=hint)


def nearest_file(path: Path) -> str | None:
    """The name in the path's folder that is most like the path's own."""
    try:
        names = sorted(entry.name for entry in path.parent.iterdir())
    except OSError:
        return None
    close = difflib.get_close_matches(path.name, names, n=1, cutoff=0.6)
    return close[0] if close else None
