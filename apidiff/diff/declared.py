"""The renames that people declared: what became of a thing where no likeness tells, or where a likeness misleads.

What a declaration names in the revision is new there, and then it is the same thing under another name; or it was
there before, and then the old thing is gone and the other one takes its place. A declaration that fits neither is
remembered with what it could have meant.
"""

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from apidiff.diff.called import describe
from apidiff.words.errors import ApidiffError
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer
from apidiff.words.renames import Rename, Renamed


@dataclass(frozen=True, slots=True)
class Heirs:
    """What a thing became: the names of its heirs, and whether they are new, so that it is the same thing."""

    names: tuple[str, ...] = ()
    are_new: bool = False


NOBODY: Final = Heirs()


@dataclass(slots=True)
class Declared:
    """All declarations of one comparison, and what was found of them on the way."""

    renames: tuple[Rename, ...] = ()
    gone: dict[Renamed, dict[str, None]] = field(default_factory=dict)
    """Everything that went, by the names under which it could have been declared."""
    fitting: set[Rename] = field(default_factory=set)
    missed: dict[Rename, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """What went as declared, but for a name that the revision has not got: that name, and the ones that it has."""

    def __bool__(self) -> bool:
        return bool(self.renames)

    def operations(self, base: Collection[OperationId], revision: Collection[OperationId]) -> dict[str, Heirs]:
        """What became of the operations of the base that are declared, by id."""
        gone = {name for name in base if name not in revision}
        self._met(Renamed.OPERATION, gone)
        found: dict[str, Heirs] = {}
        for one in self._of(Renamed.OPERATION):
            old = next((name for name in gone if _is_called(name, one.old)), None)
            if old is not None:
                news = tuple(next((name for name in revision if _is_called(name, new)), new) for new in one.new)
                self._take(found, old, one, news, {name: name not in base for name in revision})
        return found

    def parameters(self, operation: OperationId, gone: Collection[str], now: Mapping[str, bool]) -> dict[str, Heirs]:
        """What became of an operation's parameters; `now` are those of the revision, true where they are new."""
        self._met(Renamed.PARAMETER, [text for name in gone for text in (name, f"{name} of {operation}")])
        found: dict[str, Heirs] = {}
        for one in self._of(Renamed.PARAMETER):
            if one.old in gone and (not one.operation or _is_called(operation, one.operation)):
                self._take(found, one.old, one, one.new, now)
        return found

    def properties(self, gone: Mapping[str, Pointer], now: Mapping[str, bool]) -> dict[str, Heirs]:
        """What became of an object's properties, by name; `now` as for parameters."""
        found: dict[str, Heirs] = {}
        for name, pointer in gone.items():
            called = names_of(pointer)
            self._met(Renamed.PROPERTY, called)
            for one in self._of(Renamed.PROPERTY):
                if one.place in called:
                    self._take(found, name, one, tuple(_within(new, one.old) for new in one.new), now)
        return found

    def tells(self, kind: Renamed, name: str) -> bool:
        """Whether what became of a thing is declared, and not guessed."""
        return any(one.old == name for one in self.fitting if one.kind is kind)

    def check(self) -> None:
        """Refuse a declaration that fits nothing, and name what is nearest. Errors: `rename-unknown`."""
        for one in self.renames:
            if one in self.fitting:
                continue
            if one in self.missed:
                name, known = self.missed[one]
                raise _unknown(one, f"`{one.place}` went, and the revision has no `{name}` in its place", name, known)
            known = tuple(self.gone.get(one.kind, ()))
            raise _unknown(one, f"`{one.place}` is no {one.kind} that the revision has lost", one.place, known)

    def _of(self, kind: Renamed) -> Iterable[Rename]:
        return (one for one in self.renames if one.kind is kind)

    def _met(self, kind: Renamed, names: Iterable[str]) -> None:
        self.gone.setdefault(kind, {}).update(dict.fromkeys(names))

    def _take(
        self, found: dict[str, Heirs], old: str, one: Rename, names: tuple[str, ...], now: Mapping[str, bool]
    ) -> None:
        """Keep what a declaration says of a thing that went, where the revision has all that it names."""
        lost = next((name for name in names if name not in now), None)
        if lost is not None:
            self.missed[one] = lost, tuple(now)
            return
        self.fitting.add(one)
        found[old] = Heirs(names, all(now[name] for name in names))


def names_of(pointer: Pointer) -> tuple[str, ...]:
    """What a property may be called in a declaration: as reports call it, or by its pointer."""
    owner, dotted = describe(pointer)
    segments = pointer.segments
    if owner:
        called = f"{owner}.{dotted}"
    elif len(segments) > 2 and segments[0] == "paths":
        called = f"{dotted} of {OperationId.of(segments[2], segments[1])}"
    else:
        called = dotted
    return called, str(pointer)


def _within(new: str, old: str) -> str:
    """The name of a neighbour, which may be written with what holds both: `Customer.surname` for `surname`."""
    holder = old.rpartition("/" if old.startswith("#") else ".")[0]
    return new.removeprefix(f"{holder}/" if old.startswith("#") else f"{holder}.") if holder else new


def _is_called(name: OperationId, said: str) -> bool:
    method, _, path = said.partition(" ")
    return name == OperationId.of(method, path.strip())


def _unknown(one: Rename, message: str, said: str, known: Collection[str]) -> ApidiffError:
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.5)
    listed = ", ".join(f"`{name}`" for name in [*known][:5] if not name.startswith("#"))
    hint = f"Did you mean `{near[0]}`?" if near else f"There are {listed}." if listed else "Take it out."
    return ApidiffError(message, code="rename-unknown", at=one.at or None, hint=hint)
