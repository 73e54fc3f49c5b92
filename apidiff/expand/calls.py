"""Operations that went, on their paths again: in the file in which each was, with what only the path item says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.expand.carry import Carrier
from apidiff.expand.marks import Marks
from apidiff.expand.places import Places
from apidiff.expand.tree import Edit, Edits, Trees, above, at, beside, kept
from apidiff.spec.parts import METHODS
from apidiff.words.changes import Change
from apidiff.words.facts import ABSENT, Subject
from apidiff.words.pointer import Pointer

_MORE: Final = "additionalOperations"
"""Where a path item has the methods that the specification has no word for (OpenAPI 3.2)."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The recipes for operations, webhooks and what callbacks call."""

    found: Differences
    base: Trees
    later: Trees
    places: Places
    carrier: Carrier
    marks: Marks
    is_hasty: bool

    def operation(self, change: Change, place: Pointer) -> Iterator[Edits]:
        """The operation on every path where it was, beside whatever the later spec has.

        What had a file of its own has one again: that, or one of a like name where that is another thing by now.
        """
        node = at(self.base, place)
        if not isinstance(node, dict):
            return
        marked = self.marks.operation(self._with_own_id(node), change.id, change.renamed_to)
        listed = [self._on_path(*one) for one in self._listed(change, place)]
        if None in listed:
            return
        for form, needed in self.carrier.forms(marked, place.file, is_hasty=self.is_hasty):
            edits: list[Edit] = list(needed)
            for around, home, order in filter(None, listed):
                edits += [*around, beside(home, self.carrier.told(form, place.file, home.file), order=order)]
            yield tuple(edits)

    def _on_path(
        self, listed_at: Pointer, inside: tuple[str, ...]
    ) -> tuple[list[Edit], Pointer, dict[str, Any]] | None:
        """What an operation needs around it on one path, its place there, and the path item that it was in.

        None where the path has such an operation by now.
        """
        item_at = self.base.route(listed_at)[-1]
        item = at(self.base, item_at)
        entry, heir = self._homed(listed_at, listed_at)
        site = Pointer(heir.file, heir.segments + inside)
        if not isinstance(item, dict) or at(self.later, site) is not ABSENT:
            return None
        said = {key: value for key, value in item.items() if key not in METHODS and key != _MORE}
        told = {key: self.carrier.told(value, item_at.file, heir.file) for key, value in said.items()}
        around = [kept(heir.child(key), value) for key, value in told.items()]
        shared = self.carrier.carried(said, item_at.file) or []
        own, home = self._homed(site, Pointer(item_at.file, item_at.segments + inside))
        return [*shared, *entry, *around, *own], home, item

    def _listed(self, change: Change, place: Pointer) -> list[tuple[Pointer, tuple[str, ...]]]:
        """The entries of the base that list an operation's paths, and where it is in each of these path items."""
        section = "webhooks" if change.subject == Subject.WEBHOOK else "paths"
        found: list[tuple[Pointer, tuple[str, ...]]] = []
        for one in change.operations:
            operation = self.found.base.everything.get(one)
            if operation is None or operation.place[1] != place:
                continue
            listed_at = Pointer("", (section, operation.path))
            item = self.base.route(listed_at)[-1]
            found += [
                (listed_at, inside)
                for inside in ((operation.method.lower(),), (_MORE, operation.method))
                if self.base.route(Pointer(item.file, item.segments + inside))[-1] == place
            ]
        return found or [(above(place), place.segments[-1:])]

    def _homed(self, heir: Pointer, site: Pointer) -> tuple[list[Edit], Pointer]:
        """Where the thing that the base has at a site is to be, and the reference to it if it was referred to there.

        `heir` is the same site in the later spec.
        """
        if at(self.later, heir) is not ABSENT:
            return [], self.later.route(heir)[-1]
        route = self.base.route(site)
        if len(route) == 1:
            return [], heir
        home = self.carrier.free(route[-1])
        entry = {"$ref": self.later.reference(home, heir.file, at(self.base, site)["$ref"])}
        order = at(self.base, above(site))
        return [beside(heir, entry, order=order if isinstance(order, dict) else {})], home

    def _with_own_id(self, node: dict[str, Any]) -> dict[str, Any]:
        """An operation without the id of its successor: no two may have the same."""
        name = node.get("operationId")
        if name not in self.places.ids or not isinstance(name, str):
            return node
        while name in self.places.ids:
            name += "Deprecated"
        return {**node, "operationId": name}
