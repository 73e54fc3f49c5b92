"""A change as calls: the old one, valid in the base, what it meets in the revision, and the new one, valid there.

Each change is made once, however many documents show it. Where no call can show it, a sentence says why.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from apidiff.calls.answers import answers
from apidiff.calls.check import refusal
from apidiff.calls.make import Draft, Maker, Wish
from apidiff.calls.place import FURTHER, Spot, spots
from apidiff.calls.requests import requests
from apidiff.calls.value import Exchange, Outcome, Sample
from apidiff.diff import Differences
from apidiff.schema.validators import Validators
from apidiff.spec import Operation
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.operation import OperationId

_TRIED: Final = 3
"""So many places of a change are tried."""
_DEFINITIONS: Final = 80
"""So many components a sample may lead into: unlike a witness it is whole, and goes deep."""
_UNSEEN: Final = ("link", "document", "component", "server", "callback", "webhook")
_OPERATION: Final = re.compile(r"[A-Z]+ /\S*")


class Samples:
    """The samples of one comparison, or of several compared at once, each made when it is first asked for."""

    def __init__(self, found: Iterable[Differences]) -> None:
        self._pairs = [Pair(one) for one in found]
        self._made: dict[tuple[str, str], Sample] = {}

    def of(self, change: Change, operation: str = "") -> Sample:
        """The change as calls, of one operation where it is named and the change has a place in it."""
        key = change.id, operation
        if key not in self._made:
            self._made[key] = self._sample(change, operation)
        return self._made[key]

    def _sample(self, change: Change, operation: str) -> Sample:
        if operation:
            change = replace(
                change,
                operations=(OperationId(operation),),
                places=tuple(one for one in change.places if at(one) == operation),
            )
        pair = next((one for one in self._pairs if any(one.knows(name) for name in change.operations)), None)
        if pair is None:
            return nothing("", "it is in no operation that a program calls")
        return pair.sample(change)


def nothing(operation: str, why: str) -> Sample:
    """No sample, and why."""
    return Sample(operation, None, None, Outcome.UNSEEN, why)


def at(place: str) -> str:
    """The operation that a place is in."""
    return place.partition(": ")[0]


class Pair:
    """Both specs of one comparison."""

    def __init__(self, found: Differences) -> None:
        sides = found.walk.sides
        judges = Validators(sides.both, most=_DEFINITIONS)
        self.makers = Maker(sides, 0, judges), Maker(sides, 1, judges)
        self.heirs: Mapping[OperationId, OperationId] = dict(found.pairs)
        self.operations = found.base.operations, found.revision.operations
        self.file = found.file

    def knows(self, name: OperationId) -> bool:
        """Whether an operation is one of these specs'."""
        is_here = name in (name.plain, name.plain.within(self.file))
        return is_here and any(name.plain in operations for operations in self.operations)

    def ends(self, name: OperationId) -> tuple[Operation | None, Operation | None]:
        """An operation in the base and what it is in the revision."""
        name = name.plain
        return self.operations[0].get(name), self.operations[1].get(self.heirs.get(name, name))

    def sample(self, change: Change) -> Sample:
        """The first of the change's places that shows it."""
        shown = change.operations[0]
        if change.subject in _UNSEEN:
            return nothing(shown, "no single call shows it")
        if change.subject in ("operation", "path"):
            return self._moved(change)
        made: list[Sample] = []
        for spot in spots(change, self._names(change))[:_TRIED]:
            made.append(self._at(change, spot))
            if made[-1].before and made[-1].after and made[-1].outcome is not Outcome.UNSEEN:
                return made[-1]
        whole = [one for one in made if one.before and one.after] or [one for one in made if one.before or one.after]
        return next(iter(whole or made), nothing(shown, "no single call shows it"))

    def _names(self, change: Change) -> frozenset[str]:
        ends = (self.ends(name) for name in change.operations[:20])
        return frozenset(key[1] for end in ends for one in end if one for key in one.parameters) | {
            *change.exposure.names
        }

    def _at(self, change: Change, spot: Spot) -> Sample:
        base, revision = self.ends(spot.operation)
        if base is None or spot.part in FURTHER:
            return nothing(spot.operation, "the API makes this call, not your program")
        if revision is None:
            return self._moved(replace(change, operations=(OperationId(spot.operation),), renamed_to=None))
        if change.subject in ("security requirement", "security scheme"):
            return self._plain(base, revision)
        is_answer = change.direction is Direction.RESPONSE or spot.part == "response"
        makers = self.makers
        return answers(makers, (base, revision), change, spot) if is_answer else requests(
            makers, (base, revision), change, spot
        )  # fmt: skip

    def _moved(self, change: Change) -> Sample:
        """An operation that is not there any more, and the one that takes its place, if any."""
        base, heir = self.ends(change.operations[0])
        said = [change.renamed_to, change.after if isinstance(change.after, str) else None]
        named = next((one for one in said if one and _OPERATION.fullmatch(OperationId(one).plain)), "")
        target = self.operations[1].get(OperationId(named).plain) or (
            heir if heir is not None and base is not heir else None
        )
        return self._plain(base, target)

    def _plain(self, base: Operation | None, target: Operation | None) -> Sample:
        """The same call in both specs."""
        name = base.id if base else target.id if target else ""
        before = None if base is None else self.valid(0, base, Wish())
        after = None if target is None else self.valid(1, target, Wish(), like=before)
        if base is None or before is None:
            return nothing(name, "no call could be made from the specification that it allows")
        there = self.operations[1].get(base.id)
        said = self.makers[0].credentials(base)
        why = refusal(self.makers[1], there, before, said)
        old, new = (
            None if draft is None or end is None else Exchange(maker.call(end, draft))
            for maker, end, draft in zip(self.makers, (base, target), (before, after), strict=True)
        )
        missing = "" if new is not None or target is None else "no call could be made that the new version allows"
        return Sample(name, old, new, why or Outcome.UNSEEN, missing)

    def valid(self, side: int, operation: Operation, wish: Wish, *, like: Draft | None = None) -> Draft | None:
        """A draft that its own side takes, with the values of another one where it has them; None where none is."""
        maker = self.makers[side]
        said = maker.credentials(operation)
        drafts: Sequence[Draft] = [maker.draft(operation, wish)]
        if like is not None:
            known = {key: value for key, value in like.parameters.items() if key in operation.parameters}
            fresh = drafts[0]
            mixed = replace(fresh, parameters={**fresh.parameters, **known})
            drafts = [replace(mixed, media=like.media, body=like.body), mixed, fresh]
        return next((one for one in drafts if refusal(maker, operation, one, said) is None), None)
