"""One spec as parsed data: its entry file and, on demand, the files that it refers to, each read and parsed once."""

import posixpath
from collections.abc import Mapping
from typing import Any, Self
from urllib.parse import unquote

from apidiff.load.bases import follow_bases, may_name_bases
from apidiff.load.dynamic import Dynamic
from apidiff.load.lines import Lines, find_line
from apidiff.load.parse import Parsed, lines_of, odd_version, parse, plain
from apidiff.load.recognise import check_spec
from apidiff.load.stores import NoStore, Store
from apidiff.words.errors import ApidiffError
from apidiff.words.pointer import Pointer


class Document:
    """A spec that may span several files.

    `source` is what the user wrote, without the secrets of a URL; `root` the entry file's value. Values are plain JSON
    data with text keys; nobody may change them, for aliases share their objects. `dynamic` has, by file, what names one
    of several things by the way that leads to it.
    """

    __slots__ = (
        "_allow_ref",
        "_has_bases",
        "_lines",
        "_missing",
        "_parsed",
        "_raw",
        "_store",
        "_warnings",
        "dynamic",
        "root",
        "source",
    )

    def __init__(self, source: str, entry: bytes | Parsed, store: Store, *, allow_ref: bool = False) -> None:
        self.source = source
        self._store = store
        self._allow_ref = allow_ref
        self._raw: dict[str, bytes] = {}
        self._lines: dict[str, Lines] = {}
        self._parsed: dict[str, Parsed] = {}
        self._missing: dict[str, ApidiffError] = {}
        self._warnings: list[str] = []
        self._has_bases = True
        self.dynamic: dict[str, list[Dynamic]] = {}
        self.root: Any = self._keep("", entry)
        if (warning := check_spec(self.root, store.show(""))) is not None:
            self._warnings.append(warning)

    @classmethod
    def parsed(cls, tree: Any, source: str = "<dict>") -> Self:
        """A document from a value in memory: a copy of it, with keys made text. Raises `spec-not-plain`."""
        return cls(source, Parsed(plain(tree, source), is_json=True), NoStore(source))

    def altered(self, trees: Mapping[str, Any]) -> "Document":
        """The same spec with other values in some of its files, or more of them, by name.

        What it warned of was said already, and what its folder lacks it goes on lacking.
        """
        made = Document(self.source, Parsed(trees.get("", self.root), is_json=True), self._store, allow_ref=self._allow_ref)  # fmt: skip  # noqa: E501
        for name in dict.fromkeys((*self.files, *filter(None, trees))):
            made._parsed[name] = Parsed(trees[name] if name in trees else self._parsed[name].tree, is_json=True)
        made._missing = self._missing
        return made

    def text(self, name: str = "") -> bytes | None:
        """A file as it was written; None for values in memory and for files not loaded."""
        return self._raw.get(name)

    def trees(self) -> dict[str, Any]:
        """The value of each file loaded so far by its name, "" for the entry file."""
        return {name: parsed.tree for name, parsed in self._parsed.items()}

    @property
    def entry(self) -> str:
        """The entry file's own name in its folder ("" for standard input and values in memory)."""
        return self._store.entry

    @property
    def files(self) -> tuple[str, ...]:
        """The other files loaded so far, in the order of loading."""
        return tuple(name for name in self._parsed if name)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was odd but readable in the files loaded so far, each with its place."""
        return tuple(self._warnings)

    def file(self, name: str, *, at: Pointer) -> Any:
        """The value of another file of the spec.

        `name` is its posix path relative to the entry file's folder (`models/user.yaml`), without percent-encoding;
        the entry file's own name gives the root. `at` is where the reference stands. Raises `reference-outside` for
        what lies outside the entry's folder (`..`, absolute paths, URLs, symbolic links) unless references were
        allowed, `reference-not-found`, and what `parse` raises.
        """
        name = self.normalise(name)
        if name in self._parsed:
            return self._parsed[name].tree
        return self._keep(name, self._read(name, at))

    def _read(self, name: str, at: Pointer) -> bytes:
        """The bytes of another file; what can't be had is looked for once, for each spec is asked for the other's."""
        problem = self._missing.get(name)
        if problem is None:
            try:
                return self._store.read(name, allow_ref=self._allow_ref)
            except ApidiffError as raised:
                problem = self._missing[name] = raised.with_traceback(None)
        again = ApidiffError(
            problem.message, code=problem.code, at=problem.at, hint=problem.hint, status=problem.status
        )
        if not again.has_place:
            # for whoever asks: finding a line means to read the file again, and a reference may be passed over
            again.at = lambda: self.where(at)
        raise again

    def spelled(self, name: str) -> str:
        """The file beside the entry file that has this name in other letter case, "" where there is none."""
        return self._store.spelled(name)

    def normalise(self, name: str) -> str:
        """A file name in the one form that keys caches and pointers; "" for the entry file."""
        return normal(name, self.entry)

    def line(self, pointer: Pointer) -> int | None:
        """The 1-based line of a place (that of its key, inside a mapping), or of the innermost written place around it.

        None for values in memory and for files not loaded. The first call for a file reads its text again.
        """
        raw = self._raw.get(pointer.file)
        if raw is None or pointer.file not in self._parsed:
            return None
        if pointer.file not in self._lines:
            is_json = self._parsed[pointer.file].is_json
            self._lines[pointer.file] = lines_of(raw, self._store.show(pointer.file), is_json=is_json)
        return find_line(self._lines[pointer.file], pointer.segments)

    def where(self, pointer: Pointer) -> str:
        """A place for messages: `specs/api.yaml:12 (#/paths/~1users)`."""
        line = self.line(pointer)
        shown = self.source if not pointer.file and line is None else self._store.show(pointer.file)
        inner = f" (#{str(Pointer('', pointer.segments))[1:]})" if pointer.segments else ""
        return f"{shown}:{line}{inner}" if line is not None else f"{shown}{inner}"

    def _keep(self, name: str, content: bytes | Parsed) -> Any:
        if isinstance(content, Parsed):
            parsed = content
        else:
            parsed = parse(content, self._store.show(name))
            self._raw[name] = content
        self._parsed[name] = parsed
        self._warnings.extend(parsed.warnings)
        if not name and isinstance(content, bytes) and (warning := odd_version(parsed, content, self._store.show(""))):
            self._warnings.append(warning)
        if not name:
            # keywords of JSON Schema 2020-12, which the earlier versions of the specification do not have
            self._has_bases = isinstance(parsed.tree, dict) and str(parsed.tree.get("openapi", "")) >= "3.1"
        if self._has_bases and (isinstance(content, Parsed) or may_name_bases(content)):
            self.dynamic[name] = follow_bases(parsed.tree, name)
        return parsed.tree


def normal(name: str, entry: str) -> str:
    """A file name in the one form that keys caches and pointers; "" for the entry file, which others call `entry`."""
    if "://" not in name:
        name = posixpath.normpath(name) if name else ""
    return "" if name in (".", entry) else name


def file_named(path: str, *, seen_from: str, entry: str) -> str:
    """The file that the path of a reference means, seen from the file in which that stands (RFC 3986, section 5.2)."""
    if not path:
        return seen_from
    return normal(path if "://" in path else posixpath.join(posixpath.dirname(seen_from), unquote(path)), entry)
