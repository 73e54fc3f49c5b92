"""The main entry of the Python API: two specs in, one `Comparison` out."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apidiff.changes import Comparison, Level, OperationEntry, SpecHead
from apidiff.classify import classify
from apidiff.diff import Differences, differences
from apidiff.diff.operations import is_plain_match
from apidiff.load import Document, load
from apidiff.model import Operation, Spec, server_url
from apidiff.pointer import parse
from apidiff.resolve import Side
from apidiff.rules.profiles import Profile

Source = str | Mapping[str, Any] | Document


def compare(
    base: Source,
    revision: Source,
    *,
    today: date | None = None,
    profile: str = "standard",
    levels: Mapping[str, Level] | None = None,
    allow_ref: bool = False,
    lines: bool = False,
) -> Comparison:
    """Every change between two versions of a spec, judged.

    Each side is a path, a URL, `REV:PATH`, `-`, or a parsed document (dict). `today` decides whether a sunset has passed; without it no
    date counts as past. With `lines` each change's pointers get a `file:line`. Raises ApidiffError for what can't be read.
    """
    documents = [_document(source, allow_ref=allow_ref) for source in (base, revision)]
    sides = Side(documents[0], name="base"), Side(documents[1], name="revision")
    for side in sides:
        side.check()
    found = differences(*sides)
    changes = classify(found, today=today, profile=Profile(profile), levels=levels)
    comparison = Comparison(
        base=_head(found.base),
        revision=_head(found.revision),
        operations=_entries(found),
        changes=changes,
        warnings=tuple(warning for document in documents for warning in document.warnings),
    )
    return _with_lines(comparison, documents) if lines else comparison


def _document(source: Source, *, allow_ref: bool) -> Document:
    if isinstance(source, Document):
        return source
    return load(source, allow_ref=allow_ref) if isinstance(source, str) else Document.parsed(source)


def _with_lines(comparison: Comparison, documents: list[Document]) -> Comparison:
    from dataclasses import replace

    lines: dict[str, str] = {}
    for change in comparison.changes:
        for side, pointer, document in (("base", change.base, documents[0]), ("revision", change.revision, documents[1])):
            if pointer is not None and f"{side}:{pointer}" not in lines:
                place = parse(pointer)
                if (line := document.line(place)) is not None:
                    lines[f"{side}:{pointer}"] = f"{place.file or document.source}:{line}"
    return replace(comparison, lines=lines)


def _head(spec: Spec) -> SpecHead:
    root = spec.side.root
    info = root.get("info") if isinstance(root.get("info"), dict) else {}
    kind = "openapi" if "openapi" in root else "swagger"
    servers = spec.server_places
    return SpecHead(
        source=spec.side.document.source,
        title=str(info.get("title", "")),
        version=str(info.get("version", "")),
        spec=f"{kind} {root.get(kind)}",
        operations=len(spec.operations) + len(spec.webhooks),
        server=server_url(servers[0][0]) if servers else "",
    )


def _entries(found: Differences) -> tuple[OperationEntry, ...]:
    """Every operation of either spec once; a pair that is the same on the wire is one, under its name in the base."""
    sides = [
        {**spec.operations, **{f"webhook {name}": hook for name, hook in spec.webhooks.items()}}
        for spec in (found.base, found.revision)
    ]
    heirs = dict(found.pairs)
    same = {one: two for one, two in heirs.items() if one == two or is_plain_match(sides[0][one], sides[1][two])}
    taken = set(same.values())
    entries = [
        _entry(found.base, name, operation, sides[1].get(same.get(name, "")), moved_to=heirs.get(name))
        for name, operation in sides[0].items()
    ]
    entries += [
        _entry(found.revision, name, operation, None, present="revision")
        for name, operation in sides[1].items()
        if name not in taken
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.path, entry.method)))


def _entry(  # noqa: PLR0913
    spec: Spec,
    name: str,
    operation: Operation,
    heir: Operation | None,
    *,
    moved_to: str | None = None,
    present: str = "base",
) -> OperationEntry:
    latest = heir or operation
    sunset = latest.sunset
    declared = [*operation.parameters.values(), *(heir.parameters.values() if heir else ())]
    operation_id = operation.node.get("operationId")
    return OperationEntry(
        id=name,
        method=operation.method,
        path=operation.path,
        operation_id=operation_id if isinstance(operation_id, str) else None,
        present="both" if heir is not None else present,
        deprecated=latest.is_deprecated,
        sunset=str(sunset[0]) if sunset else None,
        moved_to=None if heir is not None else moved_to,
        prefixes=operation.prefixes,
        parameters=tuple(sorted({(parameter.location, parameter.name) for parameter in declared})),
        scheme=_scheme(spec, operation),
        summary=str(operation.node.get("summary", "")),
    )


def _scheme(spec: Spec, operation: Operation) -> str:
    """How a request of this operation authenticates, for examples."""
    schemes = spec.schemes()
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
