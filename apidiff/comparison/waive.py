"""Lets changes pass that somebody accepted, by change id or by rule and operation, and says which waivers do nothing.

Only breaking and dangerous changes can be waived. A waiver for some operations never hides the break of another: a
change passes by its rule only when every operation that it reaches is covered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from apidiff.comparison.scope import selects
from apidiff.config.settings import Owned, WaiverEntry
from apidiff.load.limits import shorten
from apidiff.rules import find
from apidiff.spec import Spec
from apidiff.words.changes import Change, Comparison, Level, Waiver
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId, bare
from apidiff.words.pointer import Pointer

EXTENSION: Final = "x-apidiff-waivers"
"""Where a spec says it itself: a list at its root or in an operation, of mappings with the keys in `_KEYS`."""
VERSION_STAYED: Final = "version-not-raised"
_KEYS: Final = ("change", "values", "rule", "operation", "reason", "owner", "expires")


def waive(
    comparison: Comparison,
    waivers: Sequence[WaiverEntry],
    *,
    today: date,
    inherited: Sequence[WaiverEntry] = (),
    owners: Sequence[Owned] = (),
) -> Comparison:
    """The comparison with its waivers set; what `apply` has to say about them joins its warnings."""
    moved = {one.id: one.moved_to for one in comparison.operations if one.moved_to is not None}
    whose = owners_of(comparison, owners)
    changes, problems = apply(comparison.changes, waivers, today=today, inherited=inherited, moved=moved, whose=whose)
    return replace(comparison, changes=changes, warnings=(*comparison.warnings, *problems))


def owners_of(comparison: Comparison, owners: Sequence[Owned]) -> dict[str, frozenset[str]]:
    """Who may let breaks of each operation pass; an operation that nobody is named for is anybody's."""
    found = {}
    for entry in comparison.operations if owners else ():
        if names := {name for one in owners if selects(one.which, entry) for name in one.owners}:
            found[str(entry.id)] = frozenset(names)
    return found


def propose(
    comparison: Comparison, waivers: Sequence[WaiverEntry], *, today: date, owners: Sequence[Owned] = ()
) -> Comparison:
    """The comparison as it is, with a warning for each change that only a proposed waiver would let pass."""
    moved = {one.id: one.moved_to for one in comparison.operations if one.moved_to is not None}
    changes, _ = apply(comparison.changes, waivers, today=today, moved=moved, whose=owners_of(comparison, owners))
    said = tuple(
        f"proposed, and lets nothing pass until it is in the base: {one.id} ({shorten(one.title)}), "
        f"{shorten(one.waiver.reason)} ({shorten(one.waiver.owner)})"
        for before, one in zip(comparison.changes, changes, strict=True)
        if before.waiver is None and one.waiver is not None
    )
    return replace(comparison, warnings=(*comparison.warnings, *said))


def apply(
    changes: Sequence[Change],
    waivers: Sequence[WaiverEntry],
    *,
    today: date,
    inherited: Sequence[WaiverEntry] = (),
    moved: Mapping[OperationId, OperationId] | None = None,
    whose: Mapping[str, frozenset[str]] | None = None,
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes, with `waiver` set where one lets them pass, and a sentence for each waiver that is of no use.

    A waiver holds through the day on which it expires. `inherited` ones, which the base holds, count as well; that they
    do nothing is no news, for the base can no longer be edited. An operation that `moved` goes by either of its ids.
    `whose` are the owners of operations: no one else's waiver covers them.
    """
    ledger = _Ledger(waivers, inherited, today, moved or {}, whose or {})
    return tuple(ledger.waived(change) for change in changes), tuple(ledger.problems(changes))


def without_idle_version(comparison: Comparison) -> Comparison:
    """The comparison without the word that the version stayed, where every break was let pass."""
    breaks = [one for one in comparison.changes if one.level is Level.BREAKING and one.rule != VERSION_STAYED]
    if not breaks or any(one.waiver is None for one in breaks):
        return comparison
    return replace(comparison, changes=tuple(one for one in comparison.changes if one.rule != VERSION_STAYED))


def spec_waivers(spec: Spec) -> tuple[WaiverEntry, ...]:
    """The waivers that a spec holds itself, those of its root first; one in an operation is for that operation.

    Errors: `waiver-invalid`, `rule-unknown`.
    """
    found = list(_read(spec, spec.side.root, Pointer(), operation=""))
    for name, operation in spec.everything.items():
        found += _read(spec, operation.node, operation.place[1], operation=name)
    return tuple(found)


class _Ledger:
    """The waivers of one run, and which of them did something."""

    def __init__(
        self,
        waivers: Sequence[WaiverEntry],
        inherited: Sequence[WaiverEntry],
        today: date,
        moved: Mapping[OperationId, OperationId],
        whose: Mapping[str, frozenset[str]],
    ) -> None:
        self._moved = moved
        self._whose = whose
        self._waivers = tuple(replace(entry, rule=_current(entry.rule)) for entry in waivers)
        older = (replace(entry, rule=_current(entry.rule)) for entry in inherited)
        self._live = tuple(entry for entry in (*self._waivers, *older) if not _is_expired(entry, today))
        self._used: set[int] = set()
        self._partly: list[tuple[int, str]] = []

    def waived(self, change: Change) -> Change:
        """The change, with its waiver where there is one: by id before by rule."""
        if not change.endangers:
            return change
        named = [entry for entry in self._live if entry.change == change.id and entry.values in ("", change.values)]
        self._used.update(map(id, named))
        reached = set[str](change.operations)
        owned = [(entry, self._owned(entry, reached)) for entry in named]
        if waiver := _whole(owned, reached):
            return replace(change, waiver=waiver)
        self._partly += [(id(entry), self._missing(change, entry, reached - ours)) for entry, ours in owned]
        rules = (entry for entry in self._live if entry.rule == change.rule)
        matching = [(entry, covered) for entry in rules if (covered := self._covered(entry, change)) is not None]
        self._used.update(id(entry) for entry, _ in matching)
        if waiver := _whole(matching, reached):
            return replace(change, waiver=waiver)
        for entry, covered in matching:
            text = (
                f"{_where(entry)}: it covers {len(covered):,} of the {len(change.operations):,} operations that "
                f"change {change.id} reaches, which therefore stays {change.level.value}"
            )
            self._partly.append((id(entry), text))
        return change

    def _covered(self, entry: WaiverEntry, change: Change) -> set[str] | None:
        """The operations of a change that a waiver by rule covers, None for none; `*` covers what reaches none."""
        if not change.operations:
            return set() if entry.operation == "*" else None
        pattern = _template(entry.operation)
        named = {
            name
            for name in change.operations
            if _matches(pattern, name) or (name in self._moved and _matches(pattern, self._moved[name]))
        }
        return self._owned(entry, named) or None

    def _owned(self, entry: WaiverEntry, operations: Iterable[str]) -> set[str]:
        """Those of the operations that the owner of a waiver may answer for."""
        return {name for name in operations if entry.waiver.owner in self._whose.get(name, (entry.waiver.owner,))}

    def _missing(self, change: Change, entry: WaiverEntry, left: Iterable[str]) -> str:
        """Who else has to let a change pass."""
        names = sorted({shorten(" or ".join(sorted(self._whose[name]))) for name in left})
        return (
            f"{_where(entry)}: change {change.id} stays {change.level.value} until {', '.join(names)} approve it, too: "
            f"{shorten(entry.waiver.owner)} is no owner of {shorten(min(left))}"
        )

    def problems(self, changes: Sequence[Change]) -> Iterator[str]:
        """In the order of the waivers."""
        by_id = {change.id: change for change in changes}
        for entry in self._waivers:
            if entry not in self._live:
                yield self._expired(entry, changes)
            elif id(entry) not in self._used:
                yield f"{_where(entry)}: {_idle(entry, by_id.get(entry.change))}"
            yield from (text for number, text in self._partly if number == id(entry))

    def _expired(self, entry: WaiverEntry, changes: Sequence[Change]) -> str:
        missed = sum(
            change.endangers
            and (entry.change == change.id or (entry.rule == change.rule and self._covered(entry, change) is not None))
            for change in changes
        )
        owner = shorten(entry.waiver.owner)
        if not missed:
            return f"{_where(entry)}: it expired on {entry.waiver.expires} and nothing needs it; remove it"
        stands = "1 change no longer passes" if missed == 1 else f"{missed:,} changes no longer pass"
        return f"{_where(entry)}: it expired on {entry.waiver.expires}, so {stands}; ask {owner}"


def _template(pattern: str) -> str:
    """A pattern for operations whatever their parameters are called, of any method where it names none."""
    method, space, path = pattern.partition(" ")
    whole = f"{method.upper()} {path}" if space and method.isalpha() and method != "webhook" else pattern
    return bare(f"* {whole}" if whole.startswith("/") else whole)


def _matches(pattern: str, operation: str) -> bool:
    names = (bare(name) for name in (operation, OperationId(operation).plain))
    return any(name == pattern or fnmatchcase(name, pattern) for name in names)


def _whole(matching: Sequence[tuple[WaiverEntry, set[str]]], reached: set[str]) -> Waiver | None:
    """The waiver that covers all that a change reaches, or several that do so together; None where none do."""
    if whole := next((entry.waiver for entry, covered in matching if covered == reached), None):
        return whole
    together = set[str]().union(*(covered for _, covered in matching))
    return _joined([entry.waiver for entry, _ in matching]) if matching and together == reached else None


def _joined(waivers: Sequence[Waiver]) -> Waiver:
    """Several waivers that cover a change only together, as one that ends with the first of them."""
    expires = min((waiver.expires for waiver in waivers if waiver.expires), default=None)
    reasons, owners = (
        dict.fromkeys(texts) for texts in zip(*((one.reason, one.owner) for one in waivers), strict=True)
    )
    return Waiver("; ".join(reasons), ", ".join(owners), expires)


def _is_expired(entry: WaiverEntry, today: date) -> bool:
    return entry.waiver.expires is not None and date.fromisoformat(entry.waiver.expires) < today


def _current(rule: str) -> str:
    """The id of a rule that may be named by an earlier one; an unknown one stays, and matches nothing."""
    try:
        return find(rule).id if rule else ""
    except ApidiffError:
        return rule


def _where(entry: WaiverEntry) -> str:
    return f"{entry.at}: waiver" if entry.at else "waiver"


def _idle(entry: WaiverEntry, harmless: Change | None) -> str:
    """Why a waiver does nothing."""
    if harmless is not None and harmless.endangers and entry.values not in ("", harmless.values):
        return f"change {entry.change} has other values now than those approved, and stays {harmless.level.value}"
    if harmless is not None:
        return f"change {entry.change} is {harmless.level.value} and needs no waiver"
    if entry.change:
        return f"there is no change {shorten(entry.change)}; remove it"
    return f"{entry.rule} finds nothing to waive in {shorten(entry.operation)}; remove it"


def _read(spec: Spec, node: Mapping[str, Any], pointer: Pointer, *, operation: str) -> Iterator[WaiverEntry]:
    """The waivers below one node; `operation` is whose it is, "" for the root."""
    if EXTENSION not in node:
        return
    written, place = node[EXTENSION], pointer.child(EXTENSION)
    if not isinstance(written, list):
        raise _invalid(spec, place, f"`{EXTENSION}` is no list", "Write one mapping for each waiver, below a dash.")
    for index, item in enumerate(written):
        yield _entry(spec, item, place.child(index), operation)


def _entry(spec: Spec, item: Any, place: Pointer, operation: str) -> WaiverEntry:
    keys = f"Its keys are {', '.join(_KEYS)}; quote the values."
    if not isinstance(item, dict) or not all(isinstance(value, str) and value.strip() for value in item.values()):
        raise _invalid(spec, place, "a waiver is a mapping of texts", keys)
    if unknown := sorted(set(item) - set(_KEYS)):
        raise _invalid(spec, place, f"unknown key `{shorten(unknown[0])}`", keys)
    if missing := [key for key in ("reason", "owner") if key not in item]:
        hint = "Say why the change may pass, and who answers for it."
        raise _invalid(spec, place, f"the waiver has no {missing[0]}", hint)
    names_rule = "rule" in item and (operation or "operation" in item)
    if ("change" in item) == bool(names_rule) or (operation and "operation" in item):
        hint = (
            "Name the `change` by its id, or a `rule`, and at the root of the spec the `operation` (`GET /a/*`, `*`)."
        )
        raise _invalid(spec, place, "it does not say what it waives", hint)
    try:
        expires = date.fromisoformat(item["expires"]).isoformat() if "expires" in item else None
    except ValueError:
        raise _invalid(spec, place, "`expires` is no date", "Write it as YYYY-MM-DD.") from None
    return WaiverEntry(
        Waiver(item["reason"], item["owner"], expires),
        change=item.get("change", ""),
        values=item.get("values", ""),
        rule=find(item["rule"]).id if "rule" in item else "",
        operation="" if "change" in item else operation or item["operation"],
        at=spec.side.where(place),
    )


def _invalid(spec: Spec, place: Pointer, message: str, hint: str) -> ApidiffError:
    return ApidiffError(message, code="waiver-invalid", at=spec.side.where(place), hint=hint)
