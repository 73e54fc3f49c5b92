"""Who is let in, and where: the ways to authenticate and the addresses that there were, beside those that there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from apidiff.diff.schemes import definition
from apidiff.expand.carry import Carrier
from apidiff.expand.marks import Marks
from apidiff.expand.places import Places
from apidiff.expand.tree import Edit, Edits, Trees, above, at, beside, listed
from apidiff.words.changes import Change
from apidiff.words.facts import ABSENT
from apidiff.words.pointer import Pointer


@dataclass(frozen=True, slots=True)
class Access:
    """The recipes for security requirements, security schemes and servers."""

    base: Trees
    later: Trees
    places: Places
    carrier: Carrier
    marks: Marks

    def security(self, change: Change, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """The ways to authenticate that there were, beside those that there are."""
        were = self.places.of_base(_up_to(base, "security")) if base is not None else [{}]
        if not isinstance(were, list):
            return
        targets = [_up_to(later, "security")] if later is not None else []
        targets += [] if targets or base is None else list(self.places.heirs(_up_to(base, "security")))
        for place in targets:
            held = at(self.later, place)
            inherited = at(self.later, Pointer("", ("security",))) if held is ABSENT else held
            own = inherited if isinstance(inherited, list) else []
            asked = [one for one in were if isinstance(one, dict)]
            yield (*self._brought(change, asked), listed(place, *own, *self._asked(asked)))

    def scheme(self, change: Change, base: Pointer) -> Iterator[Edits]:
        """The scheme as it was, under a name of its own: one more way to authenticate where the base asks for it."""
        place = Pointer("", base.segments[: len(self._schemes) + 1])
        if base.file or not self._is_another(place):
            return
        schemes: dict[Pointer, Edit] = {}
        uses: list[Edit] = []
        for one, two in self.places.operations.values():
            asked = [scopes for scopes, _ in one.security if place.last in scopes]
            if asked and two.security:
                own = two.place[1].child("security")
                there = own if at(self.later, own) is not ABSENT else Pointer("", ("security",))
                schemes |= {edit.touched: edit for edit in self._brought(change, asked)}
                uses.append(listed(there, *self._asked(asked)))
        if uses:
            yield (*schemes.values(), *uses)

    def _asked(self, alternatives: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Alternatives of the base in the names that their schemes have by now."""
        for one in alternatives:
            places = {name: Pointer("", (*self._schemes, name)) for name in one}
            yield {
                self.carrier.free(place).last if self._is_another(place) else name: one[name]
                for name, place in places.items()
            }

    def _brought(self, change: Change, alternatives: list[dict[str, Any]]) -> Iterator[Edit]:
        """The schemes of the base that alternatives ask for and the later spec lacks, or calls another one so."""
        for name in dict.fromkeys(name for one in alternatives for name in one):
            place = Pointer("", (*self._schemes, name))
            was, is_another = at(self.base, place), self._is_another(place)
            if was is not ABSENT and (is_another or at(self.later, place) is ABSENT):
                heir = self.carrier.free(place) if is_another else place
                node = self.marks.scheme(was, change.id, name if is_another else None)
                yield beside(heir, node, order={**at(self.base, above(place)), heir.last: None})

    @property
    def _schemes(self) -> tuple[str, ...]:
        """Where the security schemes are."""
        return ("securityDefinitions",) if "swagger" in self.later[""] else ("components", "securitySchemes")

    def _is_another(self, place: Pointer) -> bool:
        """Whether a scheme of both specs asks something else of callers by now, whatever scopes there are."""
        was, now = (_without_scopes(at(trees, place)) for trees in (self.base, self.later))
        return isinstance(was, dict) and isinstance(now, dict) and definition((was, place)) != definition((now, place))

    def server(self, base: Pointer | None, later: Pointer | None) -> Iterator[Edits]:
        """The addresses that there were, beside those that there are."""
        if base is None or "servers" not in base.segments:
            return
        target = _up_to(later, "servers") if later is not None and "servers" in later.segments else None
        were = self.places.of_base(_up_to(base, "servers"))
        if isinstance(were, list):
            for one in [target] if target is not None else self.places.heirs(_up_to(base, "servers")):
                yield (listed(one, *self._inherited(one), *were),)

    def _inherited(self, place: Pointer) -> list[Any]:
        """The servers that hold where there are none of its own: of the path, or of the whole."""
        for steps in (1, 2, len(place.segments)):
            held = at(self.later, Pointer(place.file, (*place.segments[:-steps], "servers")))
            if isinstance(held, list) and held:
                return held
        return []


def _without_scopes(node: Any) -> Any:
    """A security scheme without the scopes of its flows."""
    if not isinstance(node, dict):
        return node
    return {key: {} if key == "scopes" else _without_scopes(value) for key, value in node.items()}


def _up_to(place: Pointer, segment: str) -> Pointer:
    """A place as far as one of its segments."""
    return Pointer(place.file, place.segments[: place.segments.index(segment) + 1]) if segment in place.segments else place  # fmt: skip  # noqa: E501
