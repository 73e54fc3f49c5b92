"""From what the user wrote (a path, `-`, a URL, a git revision, a glob) to documents."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

from apidiff.load.document import Document
from apidiff.load.limits import MAX_BYTES
from apidiff.load.parse import check_size, decode
from apidiff.load.recognise import looks_like, not_recognised
from apidiff.load.stores import FolderStore, NoStore, Store, is_glob, nearest_file
from apidiff.words.errors import ApidiffError

_SUFFIXES: Final = (".yaml", ".yml", ".json")


def load(source: str, *, allow_ref: bool = False, stdin: IO[bytes] | None = None) -> Document:
    """The spec that a path, an http(s) URL, `REV:PATH` (a git revision) or `-` (standard input) names.

    `allow_ref` lets its references leave the entry file's folder. Raises `spec-not-found`, `spec-is-folder`,
    `spec-unreadable`, `url-failed`, `url-refused`, `revision-unknown`, `revision-path-unknown`, `git-failed`, and what
    `Document` raises.
    """
    if source == "-":
        return _from_stdin(stdin, allow_ref=allow_ref)
    if source.startswith(("http://", "https://")):
        from apidiff.load.site import WebStore
        from apidiff.load.web import read_url, show_url

        return _document(show_url(source), read_url(source, by_user=True), WebStore(source), allow_ref=allow_ref)
    if ":" in source:
        from apidiff.load.git import GitStore, is_revision

        if is_revision(source):
            store = GitStore(source)
            return _document(source, store.read_entry(), store, allow_ref=allow_ref)
    path = Path(source)
    return _document(source, _read_entry(path, source), FolderStore(path.parent, path.name), allow_ref=allow_ref)


def load_all(
    sources: Sequence[str] | str, *, allow_ref: bool = False, stdin: IO[bytes] | None = None
) -> tuple[Document, ...]:
    """The specs that one side of a comparison names, in the order of their sources, each file once.

    A glob (`specs/**/*.yaml`) or a folder, in the working tree or at a git revision (`REV:specs/`), stands for the
    specs in it, sorted by path; their fragments, other files and hidden folders are passed over. Raises
    `spec-not-found` for one that holds no spec, and what `load` raises.
    """
    documents: dict[str, Document] = {}
    for source in [sources] if isinstance(sources, str) else sources:
        names = _expand(source)
        if names is None:
            if source not in documents:
                documents[source] = load(source, allow_ref=allow_ref, stdin=stdin)
            continue
        for name in names:
            if name not in documents and (document := _load_if_spec(name, allow_ref=allow_ref)) is not None:
                documents[name] = document
        if not any(name in documents for name in names):
            hint = "A spec has `openapi` or `swagger` at its top, in a .yaml, .yml or .json file."
            raise ApidiffError(f"no spec among {len(names)} files", code="spec-not-found", at=source, hint=hint)
    return tuple(documents.values())


def _expand(source: str) -> list[str] | None:
    """The spec-like files of a folder or glob, sorted; None for a source that names one spec."""
    path = Path(source)
    if source == "-" or "://" in source or path.is_file():
        return None
    if ":" in source:
        from apidiff.load.git import is_revision, listed

        if is_revision(source):
            inside = Path(source.partition(":")[2])
            is_file = inside.suffix in _SUFFIXES and not is_glob(source)
            names = None if is_file else listed(source)
            return names and [name for name in names if _is_spec_like(Path(name.partition(":")[2]), named=inside)]
    if path.is_dir():
        found = path.rglob("*")
    elif is_glob(source):
        anchor = Path(path.anchor)
        found = anchor.glob(path.relative_to(anchor).as_posix() if path.anchor else source)
    else:
        return None
    return sorted(one.as_posix() for one in found if _is_spec_like(one, named=path) and one.is_file())


def _is_spec_like(path: Path, *, named: Path) -> bool:
    """Whether a file's name is that of a spec, and it lies in no folder of tools that the user did not name."""
    inner = set(path.parts) - {*named.parts, ".."}
    return path.suffix in _SUFFIXES and not any(part.startswith(".") or part == "node_modules" for part in inner)


def _load_if_spec(name: str, *, allow_ref: bool) -> Document | None:
    """The spec in a file, None for a fragment or another file; what mentions a spec's key and is broken is refused."""
    raw = _read_raw(name).replace(b"\0", b"")
    if b"openapi" not in raw and b"swagger" not in raw:
        return None
    try:
        return load(name, allow_ref=allow_ref)
    except ApidiffError as problem:
        if problem.code == "spec-not-recognised":
            return None
        raise


def _read_raw(name: str) -> bytes:
    """A file as it is written, from the working tree or a git revision."""
    if ":" in name:
        from apidiff.load.git import GitStore, is_revision

        if is_revision(name):
            return GitStore(name).read_entry()
    return _read_entry(Path(name), name)


def _from_stdin(stdin: IO[bytes] | None, *, allow_ref: bool) -> Document:
    raw = (stdin if stdin is not None else sys.stdin.buffer).read(MAX_BYTES + 1)
    return _document("-", raw, NoStore("standard input"), allow_ref=allow_ref)


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
        if path.is_fifo():
            from apidiff.load.pipes import first

            raw = first(path, MAX_BYTES + 1)
        else:
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
    inside = sorted(one.name for one in path.iterdir() if one.suffix in _SUFFIXES and one.is_file())
    hint = "Give the spec's entry file."
    if inside:
        hint = f"Give the spec's entry file, for example `{(path / inside[0]).as_posix()}`."
    return ApidiffError("a folder, where a spec is a file", code="spec-is-folder", at=source, hint=hint)
