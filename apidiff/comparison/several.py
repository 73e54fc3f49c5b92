"""Several specs a side, compared as one: which is which of the other side, and what tells them apart in the whole.

A pointer names the file that it leads into, and an operation that several of the specs have names the file that it is
of; specs whose files have one name go by their folders.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from apidiff.config.settings import WaiverEntry
from apidiff.diff import Differences
from apidiff.judge.classify import report_order
from apidiff.load import Document
from apidiff.words.changes import Change, Comparison, OperationEntry, SpecHead
from apidiff.words.operation import OperationId

Ends = tuple[Document | None, Document | None]


@dataclass(frozen=True, slots=True)
class Part:
    """The comparison of one pair of specs, with the waivers that the revision and the base hold themselves."""

    comparison: Comparison
    file: str
    waivers: tuple[WaiverEntry, ...]
    inherited: tuple[WaiverEntry, ...]
    found: Differences


def paired(base: Sequence[Document], revision: Sequence[Document]) -> list[Ends]:
    """Which spec is which of the other side, None where none is.

    The only ones; else by so many of their last folders with the file's name as tell them apart; else by title.
    """
    if len(base) == len(revision) == 1:
        return [(base[0], revision[0])]
    left, right = list(base), list(revision)
    pairs: list[Ends] = []

    def take(key: Callable[[Document], Hashable]) -> None:
        counts = [Counter(map(key, side)) for side in (left, right)]
        for document in list(left):
            name = key(document)
            if name and counts[0][name] == counts[1][name] == 1:
                heir = next(other for other in right if key(other) == name)
                pairs.append((document, heir))
                left.remove(document)
                right.remove(heir)

    for depth in range(max((len(_place(one)) for one in (*base, *revision)), default=0), 0, -1):
        take(lambda one, depth=depth: _place(one)[-depth:] if len(_place(one)) >= depth else ())  # type: ignore[misc]
    take(_title)
    pairs += [(document, None) for document in left]
    pairs += [(None, document) for document in right]
    return pairs


def names_of(pairs: Sequence[Ends]) -> list[str]:
    """The file of each pair: its name, with so many folders as tell it apart from the others."""
    places = [_place(one) for ends in pairs for one in [ends[0] or ends[1]] if one is not None]
    names = []
    for place in places:
        depth = next(
            (n for n in range(1, len(place)) if sum(one[-n:] == place[-n:] for one in places) == 1), len(place)
        )
        names.append("/".join(place[-depth:]))
    return names


def _place(document: Document) -> tuple[str, ...]:
    """Where a spec is: the folders that lead to it, and its own name."""
    folders = [part for part in document.source.replace(":", "/").split("/") if part not in ("", ".")]
    return (*folders[:-1], document.entry or (folders or [""])[-1])


def _title(document: Document) -> str:
    info = document.root.get("info")
    return str(info.get("title", "")) if isinstance(info, dict) else ""


def told_apart(parts: Sequence[Part]) -> list[Part]:
    """The parts, their operations named by the file where several have them, their ids by it where it needs folders."""
    counts = Counter(entry.id for part in parts for entry in part.comparison.operations)
    return [_of_file(part, {name for name, count in counts.items() if count > 1}) for part in parts]


def _of_file(part: Part, shared: set[OperationId]) -> Part:
    """One part as a part of the whole."""
    file, whole = part.file, part.comparison

    def named(name: OperationId) -> OperationId:
        return name.within(file) if name in shared else name

    def moved(entry: OperationEntry) -> OperationEntry:
        heir = entry.moved_to
        return replace(entry, id=named(entry.id), moved_to=None if heir is None else named(heir))

    changes = tuple(_change_of_file(change, file, named) for change in whole.changes)
    lines = {
        f"{side}:{_in_file(pointer, file)}": place
        for key, place in whole.lines.items()
        for side, _, pointer in [key.partition(":")]
    }
    operations = tuple(map(moved, whole.operations))
    waivers, inherited = (
        tuple(replace(entry, operation=named(OperationId(entry.operation))) for entry in entries)
        for entries in (part.waivers, part.inherited)
    )
    comparison = replace(whole, operations=operations, changes=changes, lines=lines)
    return Part(comparison, file, waivers, inherited, replace(part.found, file=file))


def _change_of_file(change: Change, file: str, named: Callable[[OperationId], OperationId]) -> Change:
    """A change with its file in its pointers, and in the names of its operations where these need it."""
    title, places = change.title, []
    for place in change.places:
        name, mark, rest = place.partition(": ")
        places.append(f"{named(OperationId(name))}{mark}{rest}")
    for name in change.operations:
        title = title.replace(f"`{name}`", f"`{named(name)}`")
    # specs whose files have one name were never told apart by an id
    apart = hashlib.blake2s(f"{file} {change.id}".encode(), digest_size=6).hexdigest() if "/" in file else change.id
    return replace(
        change,
        id=apart,
        title=title,
        base=_in_file(change.base, file),
        revision=_in_file(change.revision, file),
        operations=tuple(map(named, change.operations)),
        places=tuple(places),
        renamed_to=None if change.renamed_to is None else named(OperationId(change.renamed_to)),
    )


def _in_file(pointer: str | None, file: str) -> str | None:
    """A pointer with the file that it leads into, seen from where the specs are."""
    if pointer is None or "://" in pointer:
        return pointer
    folder = file.rpartition("/")[0]
    return f"{file}{pointer}" if pointer.startswith("#") else f"{folder}/{pointer}" if folder else pointer


def joined(parts: Sequence[Part]) -> Comparison:
    """Several comparisons as one."""
    heads = [part.comparison for part in parts]
    operations = {operation.id: operation for head in heads for operation in head.operations}
    return Comparison(
        base=_joined_head([head.base for head in heads]),
        revision=_joined_head([head.revision for head in heads]),
        operations=tuple(sorted(operations.values(), key=lambda entry: (entry.path, entry.method, entry.id))),
        changes=tuple(sorted((change for head in heads for change in head.changes), key=report_order)),
        warnings=tuple(warning for head in heads for warning in head.warnings),
        lines={key: place for head in heads for key, place in head.lines.items()},
    )


def _joined_head(heads: Sequence[SpecHead]) -> SpecHead:
    def text(values: Iterable[str]) -> str:
        return ", ".join(dict.fromkeys(value for value in values if value))

    return SpecHead(
        source=text(head.source for head in heads),
        title=text(head.title for head in heads),
        version=text(head.version for head in heads),
        spec=text(head.spec for head in heads),
        operations=sum(head.operations for head in heads),
        server=heads[0].server,
    )
