"""The main entry of the Python API: two specs in, one `Comparison` out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from apidiff.comparison.loaded import Source, loaded
from apidiff.comparison.scope import check_prefixes, check_selection, exempt_marked, exempt_unstable, mark_of, restrict
from apidiff.comparison.several import Ends, Part, joined, names_of, paired, told_apart
from apidiff.comparison.waive import propose, spec_waivers, waive, without_idle_version
from apidiff.config.settings import Owned, Selection, WaiverEntry
from apidiff.diff import Differences, differences
from apidiff.diff.declared import Declared
from apidiff.diff.idle import leftovers
from apidiff.diff.operations import is_plain_match
from apidiff.diff.references import lend, warnings_of
from apidiff.judge.classify import classify
from apidiff.load import Document
from apidiff.load.resolve import Side
from apidiff.rules.profiles import Profile
from apidiff.spec import Operation, Spec, server_url
from apidiff.words.changes import Comparison, Level, OperationEntry, SpecHead
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer, parse
from apidiff.words.renames import Rename

NO_SELECTION: Final = Selection()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How facts become changes: the day, the profile, the user's own levels by rule id, waivers, and what is in scope.

    `map_prefix` says which path prefix of the base is which of the revision, `renames` what became of things that went;
    without `today` no sunset counts as past.
    `strict_refs` refuses a spec with a reference that leads nowhere, which else is a warning. Without `witnesses` no
    values are sought that show the breaks. `exempt` are the values of extensions whose operations promise nothing.
    """

    today: date | None = None
    profile: str = "standard"
    levels: Mapping[str, Level] = field(default_factory=dict)
    waivers: Sequence[WaiverEntry] = ()
    only: Selection = NO_SELECTION
    ignore: Selection = NO_SELECTION
    map_prefix: Mapping[str, str] = field(default_factory=dict)
    renames: tuple[Rename, ...] = ()
    exempt_unstable: bool = False
    exempt: Mapping[str, Sequence[str]] = field(default_factory=dict)
    owners: Sequence[Owned] = ()
    strict_refs: bool = False
    proposed: Sequence[WaiverEntry] | None = None
    """Waivers that wait for somebody; None where whoever edits the revision may let its changes pass."""
    asked: frozenset[str] = frozenset()
    """Which of `only`, `ignore` and `map_prefix` the call itself says: there each word has to name something."""
    witnesses: bool = True


def compare(
    base: Source | Sequence[str],
    revision: Source | Sequence[str],
    *,
    today: date | None = None,
    profile: str = "standard",
    levels: Mapping[str, Level] | None = None,
    allow_ref: bool = False,
    lines: bool = False,
    judgement: Judgement | None = None,
) -> Comparison:
    """Every change between two versions of a spec, or of several specs, judged.

    Each side is a path, a URL, `REV:PATH`, `-`, a folder, a glob, several of these, or a parsed document (dict).
    `judgement` takes the place of `today`, `profile` and `levels` where there is more to say. With `lines` each
    change's pointers get a `file:line`. Raises ApidiffError for what can't be read.
    """
    how = judgement or Judgement(today=today, profile=profile, levels=levels or {})
    return compared(base, revision, judgement=how, allow_ref=allow_ref, lines=lines)[0]


def compared(
    base: Source | Sequence[str],
    revision: Source | Sequence[str],
    *,
    judgement: Judgement,
    allow_ref: bool = False,
    lines: bool = False,
) -> tuple[Comparison, tuple[Differences, ...]]:
    """The comparison, and for samples the specs as they were read: one pair, or one for each spec of several.

    Errors: those of reading the specs; `rename-unknown`.
    """
    how = judgement
    declared = Declared(how.renames)
    sides = loaded(base, revision, allow_ref=allow_ref)
    pairs = paired(sides.base, sides.revision)
    files = names_of(pairs)
    parts = [
        _compare_pair(ends, how, file=file, lines=lines, declared=declared)
        for ends, file in zip(pairs, files, strict=True)
    ]
    declared.check()
    if len(parts) > 1:
        parts = told_apart(parts)
    whole = parts[0].comparison if len(parts) == 1 else joined(parts)
    own = tuple(waiver for part in parts for waiver in part.waivers)
    inherited = tuple(waiver for part in parts for waiver in part.inherited)
    waivers = (*how.waivers, *own) if how.proposed is None else tuple(how.waivers)
    whole = sides.named(whole)
    if waivers or inherited:
        # without a day nothing has expired
        whole = waive(whole, waivers, today=how.today or date.min, inherited=inherited, owners=how.owners)
    if how.proposed is not None:
        whole = propose(whole, (*how.proposed, *own), today=how.today or date.min, owners=how.owners)
    if how.exempt_unstable:
        whole = exempt_unstable(whole)
    if how.exempt:
        whole = exempt_marked(whole)
    return narrowed(whole, how), tuple(part.found for part in parts)


def narrowed(whole: Comparison, how: Judgement) -> Comparison:
    """The comparison as far as what is in scope goes. Errors: `selection-unmatched`."""
    for name in ("only", "ignore"):
        if name in how.asked:
            check_selection(whole.operations, getattr(how, name), option=f"--{name}")
    if "map_prefix" in how.asked:
        check_prefixes(whole.operations, how.map_prefix)
    return without_idle_version(restrict(whole, only=how.only, ignore=how.ignore))


def _nothing(document: Document | None) -> Document:
    """A spec without operations at the same address, to compare one with that has no partner."""
    root = document.root if document else {}
    kind = "openapi" if "openapi" in root else "swagger"
    kept = {key: root[key] for key in ("servers", "host", "basePath", "schemes") if key in root}
    empty = {kind: root.get(kind), "info": root.get("info", {}), "paths": {}, **kept}
    return Document.parsed(empty, source=document.source if document else "")


def _compare_pair(ends: Ends, how: Judgement, *, file: str, lines: bool, declared: Declared) -> Part:
    """One pair of specs, and the waivers that they hold themselves."""
    left, right = ends
    base, revision = left or _nothing(right), right or _nothing(left)
    documents = base, revision
    sides = Side(base, name="base"), Side(revision, name="revision")
    for side in sides:
        side.check(strict=how.strict_refs)
    lend(*sides)
    found = differences(*sides, map_prefix=how.map_prefix, declared=declared)
    versioned = left is not None and right is not None
    comparison = Comparison(
        base=_head(found.base),
        revision=_head(found.revision),
        operations=_entries(found, how.exempt),
        changes=classify(
            found,
            today=how.today,
            profile=Profile(how.profile),
            levels=how.levels,
            witnesses=how.witnesses,
            versioned=versioned,
        ),
        warnings=tuple(
            warning
            for document, spec, reader in zip(documents, (found.base, found.revision), found.walk.readers, strict=True)
            for warning in (
                *document.warnings,
                *warnings_of(spec.side, spec.everything),
                *leftovers(spec.side, reader),
                *_second_bodies(spec),
            )
        ),
    )
    if lines:
        comparison = _with_lines(comparison, base, revision)
    return Part(comparison, file, spec_waivers(found.revision), spec_waivers(found.base), found)


def _second_bodies(spec: Spec) -> Iterator[str]:
    """A sentence for each parameter that Swagger 2.0 does not allow beside a body."""
    for place in dict.fromkeys(spec.passed_over):
        yield f"{spec.side.where(place)}: a call has one body, so that another one, or a form, is passed over"


def _with_lines(comparison: Comparison, base: Document, revision: Document) -> Comparison:
    """The comparison with the file and line of each place; what was removed also gets that of what held it."""
    lines: dict[str, str] = {}

    def note(side: str, document: Document, place: Pointer) -> None:
        key = f"{side}:{place}"
        if key not in lines and (line := document.line(place)) is not None:
            lines[key] = f"{place.file or document.source}:{line}"

    for change in comparison.changes:
        if change.base is not None:
            note("base", base, parse(change.base))
        if change.revision is not None:
            note("revision", revision, parse(change.revision))
        elif change.base is not None:
            place = parse(change.base)
            note("revision", revision, Pointer(place.file, place.segments[:-1]))
    return replace(comparison, lines=lines)


def _head(spec: Spec) -> SpecHead:
    root = spec.side.root
    written = root.get("info")
    info = written if isinstance(written, dict) else {}
    kind = "openapi" if "openapi" in root else "swagger"
    servers = spec.server_places
    server = server_url(servers[0][0]) if servers else ""
    return SpecHead(
        source=spec.side.document.source,
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        spec=f"{kind} {root.get(kind)}",
        operations=len(spec.everything),
        server=f"https:{server}" if server.startswith("//") else server,
    )


def _entries(found: Differences, exempt: Mapping[str, Sequence[str]]) -> tuple[OperationEntry, ...]:
    """Every operation of either spec once; a pair that is the same on the wire is one, under its name in the base."""
    sides = [spec.everything for spec in (found.base, found.revision)]
    heirs = {**found.replaced, **dict(found.pairs)}
    same = {
        one: two
        for one, two in found.pairs
        if one == two or is_plain_match(sides[0][one], sides[1][two], found.map_prefix)
    }
    taken = set(same.values())
    entries = [
        _entry(found.base, name, operation, sides[1][same[name]] if name in same else None, moved_to=heirs.get(name))
        for name, operation in sides[0].items()
    ]
    entries += [
        _entry(found.revision, name, operation, None, present="revision")
        for name, operation in sides[1].items()
        if name not in taken
    ]
    if exempt:
        entries = [
            replace(entry, exempt=_mark(found.base, sides[0][entry.id], exempt))
            if entry.present != "revision"
            else entry
            for entry in entries
        ]
    return tuple(sorted(entries, key=lambda entry: (entry.path, entry.method)))


def _mark(spec: Spec, operation: Operation, exempt: Mapping[str, Sequence[str]]) -> str:
    """The extension of an operation, or of its path, that exempts it."""
    paths = spec.side.root.get("paths")
    item = paths.get(operation.path) if isinstance(paths, dict) else None
    return mark_of((operation.node, item) if isinstance(item, dict) else (operation.node,), exempt)


def _entry(
    spec: Spec,
    name: OperationId,
    operation: Operation,
    heir: Operation | None,
    *,
    moved_to: OperationId | None = None,
    present: str = "base",
) -> OperationEntry:
    latest = heir or operation
    sunset = latest.sunset
    declared = [*operation.parameters.values(), *(heir.parameters.values() if heir else ())]
    return OperationEntry(
        id=name,
        method=operation.method,
        path=operation.path,
        operation_id=operation.operation_id,
        present="both" if heir is not None else present,
        deprecated=latest.is_deprecated,
        sunset=str(sunset[0]) if sunset else None,
        moved_to=None if heir is not None else moved_to,
        prefixes=operation.prefixes,
        parameters=tuple(sorted({(parameter.location, parameter.name) for parameter in declared})),
        scheme=_scheme(spec, operation),
        summary=str(operation.node.get("summary", "")),
        tags=operation.tags,
        stability=operation.stability,
    )


def _scheme(spec: Spec, operation: Operation) -> str:
    """How a request of this operation authenticates, for examples."""
    schemes = spec.schemes
    for scopes, _ in operation.security:
        for name in scopes:
            node = schemes[name][0] if name in schemes else None
            if not isinstance(node, dict):
                continue
            kind = node.get("type")
            if kind == "apiKey":
                return f"{node.get('in', 'header')}:{node.get('name', '')}"
            if kind == "basic" or str(node.get("scheme", "")).lower() == "basic":
                return "basic"
            return "bearer"
    return ""
