"""The two sides of a comparison, read: one that is not there yet, or no more, is compared as nothing.

Only where the other side has the same path in another version is that believed: a name that is misspelt is an error.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from apidiff.load import Document, load_all
from apidiff.words.changes import Comparison
from apidiff.words.errors import ApidiffError

Source = str | Mapping[str, Any] | Document
_MISSING: Final = ("spec-not-found", "revision-path-unknown")


@dataclass(frozen=True, slots=True)
class Sides:
    """The specs of both sides, and of a side that is not there its name."""

    base: tuple[Document, ...]
    revision: tuple[Document, ...]
    absent: tuple[str, str] = ("", "")

    def named(self, comparison: Comparison) -> Comparison:
        """The comparison with the name of what is not there, and a warning that it is not."""
        base, revision = self.absent
        if not base and not revision:
            return comparison
        what = "all of it is new" if base else "all of it is gone"
        said = f"{base or revision}: it does not exist, and is compared as nothing: {what}"
        warnings = comparison.warnings if os.devnull in self.absent else (said, *comparison.warnings)
        return replace(
            comparison,
            base=replace(comparison.base, source=base or comparison.base.source),
            revision=replace(comparison.revision, source=revision or comparison.revision.source),
            warnings=warnings,
        )


def loaded(base: Source | Sequence[str], revision: Source | Sequence[str], *, allow_ref: bool) -> Sides:
    """Both sides. Errors: those of reading the specs."""
    found: list[tuple[Document, ...]] = []
    problems: list[ApidiffError | None] = []
    both: list[tuple[Source | Sequence[str], Source | Sequence[str]]] = [(base, revision), (revision, base)]
    for source, other in both:
        documents, problem = _side(source, other, allow_ref=allow_ref)
        found.append(documents)
        problems.append(problem)
    for problem, opposite in zip(problems, reversed(found), strict=True):
        if problem is not None and not opposite:
            raise problem
    absent = [str(source) if problem else "" for source, problem in zip((base, revision), problems, strict=True)]
    return Sides(found[0], found[1], (absent[0], absent[1]))


def _side(
    source: Source | Sequence[str], other: Source | Sequence[str], *, allow_ref: bool
) -> tuple[tuple[Document, ...], ApidiffError | None]:
    """The specs of one side, or none and the error where it may be new or gone."""
    if isinstance(source, Document):
        return (source,), None
    if isinstance(source, Mapping):
        return (Document.parsed(source),), None
    if source == os.devnull:
        hint = "Give a spec for one side at least."
        return (), ApidiffError("nothing is compared with nothing", code="spec-not-found", at=source, hint=hint)
    try:
        return load_all(source, allow_ref=allow_ref), None
    except ApidiffError as problem:
        if problem.code in _MISSING and _is_same_path(source, other):
            return (), problem
        raise


def _is_same_path(source: Source | Sequence[str], other: Source | Sequence[str]) -> bool:
    """Whether two sources are one path in two versions, one of which git has."""
    if not isinstance(source, str) or not isinstance(other, str) or "://" in source + other:
        return False
    return ":" in source + other and source != other and _path(source) == _path(other)


def _path(source: str) -> str:
    return os.path.normpath(source.rpartition(":")[2])
