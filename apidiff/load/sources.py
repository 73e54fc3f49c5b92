"""From what the user wrote (a path, `-`, a URL, a git revision, a glob) to documents."""

import sys
from pathlib import Path
from typing import IO

from apidiff.errors import ApidiffError
from apidiff.load.document import Document
from apidiff.load.limits import MAX_BYTES
from apidiff.load.parse import check_size, decode
from apidiff.load.recognise import looks_like, not_recognised
from apidiff.load.stores import FolderStore, NoStore, Store, nearest_file


def load(source: str, *, allow_ref: bool = False, stdin: IO[bytes] | None = None) -> Document:
    """The spec that a path or `-` (standard input) names.

    `allow_ref` lets its references leave the entry file's folder. Raises `spec-not-found`, `spec-is-folder`,
    `spec-unreadable`, and what `Document` raises.
    """
    if source == "-":
        raw = (stdin if stdin is not None else sys.stdin.buffer).read(MAX_BYTES + 1)
        return _document("-", raw, NoStore("standard input"), allow_ref=allow_ref)
    path = Path(source)
    return _document(source, _read_entry(path, source), FolderStore(path.parent, path.name), allow_ref=allow_ref)


def _document(source: str, raw: bytes, store: Store, *, allow_ref: bool) -> Document:
    try:
        return Document(source, raw, store, allow_ref=allow_ref)
    except ApidiffError as problem:
        if problem.code in ("yaml-invalid", "json-invalid", "spec-not-recognised"):
            where = store.show("")
            if (kind := looks_like(decode(raw, where))) is not None:
                raise not_recognised(f"it looks like {kind[0]}", kind[1], where) from None
        raise


def _read_entry(path: Path, source: str) -> bytes:
    try:
        if path.is_dir():
            raise _is_folder(path, source)
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _not_found(path, source) from None
    except (OSError, ValueError) as problem:
        said = problem.strerror if isinstance(problem, OSError) and problem.strerror else "not a file name"
        hint = "Check the path and its permissions."
        raise ApidiffError(f"cannot read the spec: {said}", code="spec-unreadable", at=source, hint=hint) from None
    check_size(len(raw), source)
    return raw


def _not_found(path: Path, source: str) -> ApidiffError:
    near = nearest_file(path)
    hint = f"Did you mean `{path.with_name(near).as_posix()}`?" if near else "Check the path; it counts from here."
    if not near and not path.parent.is_dir():
        hint = f"There is no folder `{path.parent.as_posix()}` either; paths count from the working directory."
    return ApidiffError("no such file", code="spec-not-found", at=source, hint=hint)


def _is_folder(path: Path, source: str) -> ApidiffError:
    inside = sorted(one.name for one in path.iterdir() if one.suffix in (".yaml", ".yml", ".json") and one.is_file())
    hint = "Give the spec's entry file."
    if inside:
        hint = f"Give the spec's entry file, for example `{(path / inside[0]).as_posix()}`."
    return ApidiffError("a folder, where a spec is a file", code="spec-is-folder", at=source, hint=hint)
