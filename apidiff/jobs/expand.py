"""Expands a spec: reads both, leaves out what was decided otherwise, has the rest undone and proved, and writes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from apidiff.words.errors import ApidiffError, Exit

if TYPE_CHECKING:
    from apidiff.comparison.compare import Judgement
    from apidiff.config import DecisionEntry
    from apidiff.expand.make import Expansion
    from apidiff.expand.tree import Segments
    from apidiff.expand.written import Original
    from apidiff.load import Document
    from apidiff.plan.value import Plan, Proof
    from apidiff.words.changes import Change, Comparison, SpecHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be expanded, and which breaks: `only` and `without` are ids, rules, or `component=…`, `tag=…`."""

    base: str
    revision: str
    how: "Judgement"
    decisions: "Mapping[str, DecisionEntry]"
    sunset: date | None = None
    only: Sequence[str] = ()
    without: Sequence[str] = ()
    allow_ref: bool = False


@dataclass(frozen=True, slots=True)
class Expanded:
    """What the revision is called, its expansion, and the two specs as they were read."""

    head: "SpecHead"
    expansion: "Expansion"
    base: "Document"
    revision: "Document"
    warnings: tuple[str, ...] = ()
    comparison: "Comparison | None" = None

    @property
    def shim(self) -> dict[str, bytes]:
        """The files of the middleware."""
        assert self.comparison is not None
        ends = self.comparison.base.version, self.comparison.revision.version
        return shim_of(self.expansion, self.comparison.changes, *ends).files

    @property
    def files(self) -> dict[str, bytes]:
        """The files that changed, as they are written now; the entry file's name is "".

        What is new there is written as the base had it, in a file that is new the whole.
        """
        from apidiff.expand.tree import original
        from apidiff.expand.written import written

        was, changed = self.expansion.revision, self.expansion.changed
        made: dict[str, bytes] = {}
        for name, tree in self.expansion.trees.items():
            if name in was and (not name or name in changed):
                made[name] = written(self.revision.text(name), was[name], tree, like=_original(self.base, name))
            elif name in changed:
                one = original(name, self.base.files, is_file=True)
                text, value = _original(self.base, one) or _original(self.revision, one) or (None, None)
                made[name] = written(text, value, tree, as_json=name.endswith(".json"))
        return made


def _original(document: "Document", name: str) -> "Original | None":
    """A file of a spec as it is written, and its value; None where it has none of that name."""
    text = document.text(name)
    return None if text is None else (text, document.trees()[name])


def expand(request: Request) -> Expanded:
    """The revision with every break undone that can be, and that nobody decided to let go ahead.

    Errors: those of reading the specs, `expand-several`, `decision-unknown`, `decision-ambiguous`.
    """
    from apidiff.comparison.compare import compared
    from apidiff.expand import make
    from apidiff.expand.marks import Marks
    from apidiff.load.resolve import dialect_of

    base, revision = (_read(source, allow_ref=request.allow_ref) for source in (request.base, request.revision))
    comparison, _ = compared(base, revision, judgement=request.how)
    expansion = make.expand(
        base,
        revision,
        how=request.how,
        marks=Marks(dialect_of(revision.root), request.sunset),
        unwanted=_unwanted(request, comparison),
    )
    known = {change.id: change for change in comparison.changes if change.breaks}
    # what is waived, or out of scope, is no break of this run
    left = tuple(replace(one, change=known[one.change.id]) for one in expansion.left if one.change.id in known)
    undone = tuple(known[one.id] for one in expansion.undone if one.id in known)
    made = replace(expansion, left=left, undone=undone)
    return Expanded(comparison.revision, made, base, revision, comparison.warnings, comparison)


@dataclass(frozen=True, slots=True)
class Ends:
    """The two specs of a comparison, as they were read."""

    base: "Document"
    revision: "Document"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a plan's folder holds of what was decided to be expanded, and what of that can't be."""

    files: Mapping[str, bytes]
    warnings: tuple[str, ...] = ()
    proof: "Proof | None" = None


def kept(plan: "Plan", specs: "Sequence[Ends]", *, how: "Judgement") -> Kept:
    """The spec, the overlays and the shim of what was decided to be expanded; none where nothing was."""
    from apidiff.expand import make
    from apidiff.expand.marks import Marks
    from apidiff.load.resolve import dialect_of
    from apidiff.plan.value import Proof
    from apidiff.render.overlay import encoded

    decided = {one.change.id: one.change for one in plan.changes if one.is_kept}
    if not decided:
        return Kept({})
    if len(specs) > 1:
        return Kept({}, ("expanded.yaml is not written for several specs; `apidiff expand` takes one at a time",))
    base, revision = specs[0].base, specs[0].revision
    expansion = make.expand(
        base,
        revision,
        how=how,
        marks=Marks(dialect_of(revision.root), plan.dates.sunset),
        unwanted=lambda change: None if change.id in decided else "it was not decided to be expanded",
    )
    left = {one.change.id: one.why for one in expansion.left if one.change.id in decided}
    warnings = [f"{change} was decided to be expanded, and can't be: {why}" for change, why in left.items()]
    head = Expanded(plan.revision, expansion, base, revision)
    changes = [one.change for one in plan.changes]
    shim = shim_of(expansion, changes, plan.base.version, plan.revision.version, draft=plan.draft)
    served = {f"shim/{name}": content for name, content in shim.files.items()} if expansion.undone else {}
    undone = tuple(one.id for one in expansion.undone)
    proof = Proof(undone, left, tuple(one for one in undone if one in shim.served), not expansion.elsewhere)
    if expansion.elsewhere:
        warnings.append(
            "expanded.yaml is not written for a spec of several files; `apidiff expand --output FOLDER` does"
        )
        return Kept(served, tuple(warnings), proof)
    there, back = overlays(head)
    draft = f"# DRAFT: {plan.draft}. Do not publish.\n".encode() if plan.draft else b""
    whole = head.files[""]
    files = {
        "expanded.yaml": whole if whole.lstrip()[:1] in (b"{", b"[") else draft + whole,
        "expand.overlay.yaml": draft + encoded(there),
        "contract.overlay.yaml": draft + encoded(back),
    }
    return Kept(files | served, tuple(warnings), proof)


def _read(source: str, *, allow_ref: bool) -> "Document":
    from apidiff.load import load_all

    found = load_all(source, allow_ref=allow_ref)
    if len(found) > 1:
        raise ApidiffError(
            "these are several specs, and one is expanded at a time",
            code="expand-several",
            at=source,
            hint="Name the entry file of one spec on each side.",
            status=Exit.USAGE,
        )
    return found[0]


def _unwanted(request: Request, comparison: "Comparison") -> "Callable[[Change], str | None]":
    """Why a break is not to be undone, None where it is."""
    from apidiff.config import Answer
    from apidiff.plan.decide import answer

    decided = answer(comparison.changes, comparison.operations, request.decisions).by_change
    only, without = (_chosen(words, comparison) for words in (request.only, request.without))
    breaks = {change.id for change in comparison.changes if change.breaks}

    def why(change: "Change") -> str | None:
        if change.id not in breaks:
            return "it is waived, or out of scope"
        if request.only and change.id not in only:
            return "--only leaves it out"
        if change.id in without:
            return "--except leaves it out"
        entry = decided.get(change.id)
        if entry is not None and entry.answer is not Answer.EXPAND and change.id not in only:
            return f"it was decided to proceed: {entry.reason} ({entry.owner})"
        return None

    return why


def _chosen(words: Sequence[str], comparison: "Comparison") -> set[str]:
    """The ids of the changes that any of the words is about. Errors: `decision-unknown`, `rule-unknown`."""
    from apidiff.config import Answer, DecisionEntry
    from apidiff.config.decisions import which_of
    from apidiff.plan.decide import answer

    found: set[str] = set()
    for word in words:
        said = word.replace(":", "=", 1) if word.partition(":")[0] in ("component", "tag", "rule", "path") else word
        entry = DecisionEntry(said, Answer.EXPAND, which=which_of(said))
        found |= answer(comparison.changes, comparison.operations, {said: entry}).by_change.keys()
    return found


def overlays(made: Expanded) -> tuple[dict[str, object], dict[str, object]]:
    """The overlay that expands the revision, and the one that takes that out again.

    Errors: `expand-several-files` where an edit is in another file than the entry file.
    """
    from apidiff.expand.overlay import overlay
    from apidiff.words.escape import visible

    if other := made.expansion.elsewhere:
        raise ApidiffError(
            "an overlay is of one file, and edits are in this one as well",
            code="expand-several-files",
            at=other,
            hint="Bundle the spec into one file first, or take the expanded files (--output FOLDER).",
            status=Exit.USAGE,
        )
    head, about = made.head, _about(made)
    was, now = made.expansion.revision[""], made.expansion.trees[""]
    named = f"version {head.version} of {head.title}"
    keeps, takes_out = visible(f"Keeps what {named} would break"), visible(f"Takes out what was kept beside {named}")
    return (
        overlay(was, now, title=keeps, version=head.version, about=about),
        overlay(now, was, title=takes_out, version=head.version, about=about),
    )


def _about(made: Expanded) -> "Callable[[Segments], str]":
    """What an action at a place is for: the breaks whose edits are there."""
    from apidiff.words.escape import visible

    def said(place: "Segments") -> str:
        found = {
            change.id: f"{change.id} {visible(change.title)}"
            for touched, change in made.expansion.made
            for depth in [min(len(touched.segments), len(place))]
            if not touched.file and touched.segments[:depth] == place[:depth]
        }
        return "; ".join(found.values()) if len(found) <= 3 else f"{len(found)} breaks: {', '.join(found)}"

    return said


@dataclass(frozen=True, slots=True)
class Served:
    """The files of a shim, and the ids of the changes that it serves."""

    files: dict[str, bytes]
    served: frozenset[str]


def shim_of(
    expansion: "Expansion", changes: "Sequence[Change]", base: str, revision: str, *, draft: str = ""
) -> Served:
    """The middleware that serves callers of the base in front of the new server, for what was undone."""
    from apidiff.expand.shim.make import shim
    from apidiff.render.shim import shim_files

    made = shim(expansion.found, changes, frozenset(one.id for one in expansion.undone))
    return Served(shim_files(made, base, revision, draft=draft), frozenset(one.change.id for one in made.served))


def folder_name(name: str, entry: str) -> PurePosixPath:
    """Where a file of the spec goes in the folder of the expanded one."""
    return PurePosixPath(name or entry or "expanded.yaml")
