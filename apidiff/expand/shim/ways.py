"""What a shim can do about one change: the steps in bodies, in parameters and in addresses, or why there are none.

Nothing is invented: a value that neither spec tells is asked of the developer, and what the new server does not do at
all is not served.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.expand.shim.pages import paging_of
from apidiff.expand.shim.value import Inside, Known, Row, Unserved
from apidiff.expand.tree import above, at
from apidiff.load.values import Node
from apidiff.rules import find
from apidiff.spec.parts import Operation, Parameter
from apidiff.words.changes import Change
from apidiff.words.direction import Direction
from apidiff.words.facts import ABSENT, Subject
from apidiff.words.operation import OperationId
from apidiff.words.pointer import Pointer, parse

_PLACES: Final = frozenset({"query", "header"})
_ODD: Final = frozenset({"__proto__"})
"""Names that mean something to the language of the middleware."""
_WHY: Final = {
    Subject.OPERATION: "the new server has nothing that does what it did",
    Subject.WEBHOOK: "the new server has nothing that does what it did",
    Subject.RESPONSE: "a shim does not know when the new server would have answered so",
    Subject.MEDIA_TYPE: "a shim rewrites JSON, and no media type into another one",
    Subject.SECURITY: "who may call is for the server to say",
    Subject.SECURITY_SCHEME: "who may call is for the server to say",
    Subject.SERVER: "an address of the server is for the network to keep",
}
_REST: Final = "it is no name, value, address or page size that could be rewritten"


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to serve the changes of one comparison."""

    found: Differences
    base: Mapping[str, Node]
    revision: Mapping[str, Node]
    operations: dict[OperationId, tuple[Operation, Operation]]

    def of(self, change: Change) -> Known | Unserved:
        """How a change is served, or why it is not."""
        base, later = (None if place is None else parse(place) for place in (change.base, change.revision))
        made = self._of(change, base, later, frozenset(find(change.rule).facets))
        if isinstance(made, Known) and _is_odd(made):
            return Unserved(change, "its name means something else to the language of the middleware")
        return made or Unserved(change, self._why(change))

    def _of(
        self, change: Change, base: Pointer | None, later: Pointer | None, facets: frozenset[str]
    ) -> Known | Unserved | None:
        if change.subject == Subject.OPERATION and "path" in facets and change.renamed_to:
            return self._moved(change)
        if change.subject == Subject.PARAMETER:
            return self._parameter(change, base, later, facets)
        if "maximum" in facets and change.direction is Direction.REQUEST:
            return self._limit(change, base)
        if change.subject == Subject.PROPERTY and change.renamed_to and {"presence", "name"} & facets:
            return self._renamed(change, base, later)
        if {"enum", "const"} & facets:
            return self._value(change, base, later)
        if change.direction is Direction.REQUEST and later is not None and {"required", "presence"} & facets:
            return self._demanded(change, base, later, facets)
        return None

    def _why(self, change: Change) -> str:
        if change.subject == Subject.PROPERTY and change.direction is Direction.RESPONSE:
            return "the new server does not send it, and nothing says from what it could be made"
        if change.subject in (Subject.PROPERTY, Subject.PARAMETER):
            return "the new server does nothing with it"
        return _WHY.get(Subject(change.subject), _REST) if change.subject in {*Subject} else _REST

    # addresses --------------------------------------------------------------------------------------------------------

    def _moved(self, change: Change) -> Known | None:
        ends = [self.operations[one] for one in change.operations if one in self.operations]
        if any(one.method != two.method for one, two in ends) or not ends:
            return None
        return Known(change, f"calls of the old address go to {change.renamed_to}", is_moved=True)

    # parameters -------------------------------------------------------------------------------------------------------

    def _parameter(
        self, change: Change, base: Pointer | None, later: Pointer | None, facets: frozenset[str]
    ) -> Known | None:
        found = list(self._parameters(change, base, later))
        if not found:
            return None
        one, two = found[0]
        if {"name", "location"} & facets and one is not None and two is not None:
            if not {one.location, two.location} <= _PLACES:
                return None
            row: Row = ["rename", change.id, one.location, one.name, two.location, two.name]
            return Known(change, f"the old {one.location} parameter is sent on as the new one", parameters=(row,))
        if two is None or not two.is_required or two.location not in _PLACES:
            return None
        known = _default_of(one) if one is not None else ABSENT
        known = _default_of(two) if known is ABSENT else known
        row = ["default", change.id, two.location, two.name]
        if known is not ABSENT:
            return Known(change, "it is sent with its default where it is left out", parameters=([*row, known],))
        return Known(
            change,
            "it is sent where it is left out, as you say",
            asks="is given nothing; gives the value that calls without it stand for",
            parameters=(row,),
        )

    def _parameters(
        self, change: Change, *places: Pointer | None
    ) -> Iterator[tuple[Parameter | None, Parameter | None]]:
        """The parameters that places are in, of the base and of the revision, operation by operation."""
        base, later = places
        for ends in filter(None, map(self.operations.get, change.operations)):
            one, two = (
                next((parameter for parameter in _all(end) if place is not None and _holds(parameter, place)), None)
                for end, place in zip(ends, (base, later), strict=True)
            )
            if one is None and two is not None:
                one = ends[0].parameters.get((two.location, two.name))
            if one or two:
                yield one, two

    def _limit(self, change: Change, base: Pointer | None) -> Known | Unserved | None:
        """A smaller page, where the larger one can be put together."""
        found = [one for one, _ in self._parameters(change, base, None) if one is not None and one.location == "query"]
        if not found:
            return None
        was, now = change.before, change.after
        ends = [self.operations[one] for one in change.operations if one in self.operations]
        pages = [paging_of(self.found.revision.side, two, found[0].name) for _, two in ends]
        if not isinstance(was, int) or not isinstance(now, int) or not pages or None in pages or now < 1:
            return Unserved(change, "the spec does not tell how to ask for a next page, so that no call can be split")
        paging = {"change": change.id, "limit": found[0].name, "was": was, "most": now}
        return Known(change, f"a page of up to {was:,} is put together from pages of {now:,}", paging=paging)

    # bodies -----------------------------------------------------------------------------------------------------------

    def _renamed(self, change: Change, base: Pointer | None, later: Pointer | None) -> Known | None:
        if base is None or later is None or change.renamed_to is None:
            return None
        if "properties" not in (base.segments[-2:-1] and base.segments[-2]) or later.segments[-2:-1] != ("properties",):
            return None
        old, is_sent = base.last, change.direction is Direction.REQUEST
        names = change.renamed_to.split(", ") if change.rule == "property-split" else [change.renamed_to]
        place = above(base, 2) if is_sent else above(later, 2)
        if len(names) == 1:
            row: Row = ["rename" if is_sent else "copy", change.id, old, names[0]]
            how = "the old name is sent on as the new one" if is_sent else "the old name comes beside the new one"
            return Known(change, how, inside=(Inside(is_sent, place, row),))
        between = self._between(base, above(later), names)
        row = ["split" if is_sent else "join", change.id, old, names, between]
        how = "the old property is split into the new ones" if is_sent else "the old property is put together again"
        what = f"is given the old value; gives {_listed(names)}" if is_sent else f"is given {_listed(names)}; gives the old value"  # fmt: skip  # noqa: E501
        if between is None:
            return Known(change, how, asks=what, inside=(Inside(is_sent, place, row),))
        how += f", at {between!r}, as the examples of the specs show"
        may = (
            f"{what}; without it, or where it gives nothing, what holds {between!r} more or less often stays as it is"
            if is_sent
            else ""
        )
        return Known(change, how, may_ask=may, inside=(Inside(is_sent, place, row),))

    def _between(self, base: Pointer, later: Pointer, names: list[str]) -> str | None:
        """What stands between the parts of the old value, where every example of both specs agrees."""
        whole = _examples(at(self.base, base))
        parts = [_examples(at(self.revision, later.child(name))) for name in names]
        if not whole or any(len(one) != len(whole) for one in parts):
            return None
        found = {_joint(one, list(pieces)) for one, *pieces in zip(whole, *parts, strict=True)}
        return found.pop() if len(found) == 1 else None

    def _value(self, change: Change, base: Pointer | None, later: Pointer | None) -> Known | None:
        if base is None or later is None:
            return None
        is_sent = change.direction is Direction.REQUEST
        pairs = _pairs(change, at(self.revision, later))
        if not pairs or (not is_sent and any(len(pair) == 1 for pair in pairs)):
            return None
        asks = "is given the old value; gives the one that takes its place" if len(pairs[0]) == 1 else ""
        how = "the old value is sent on as the new one" if is_sent else "the new value comes as the old one"
        how = "the old value is sent on as the one that you name" if asks else how
        parameter = next(iter(self._parameters(change, base, None)), None)
        if parameter is None:
            rows = [pair if is_sent else pair[::-1] for pair in pairs]
            place = above(base) if is_sent else above(later)
            return Known(change, how, asks, inside=tuple(Inside(is_sent, place, ["value", change.id, *row]) for row in rows))  # fmt: skip  # noqa: E501
        one = parameter[0]
        if one is None or not is_sent or not all(isinstance(value, str) for pair in pairs for value in pair):
            return None
        ends = [self.operations[name] for name in change.operations if name in self.operations]
        if one.location == "path":
            return None if any(one.name not in end.path for end, _ in ends) else Known(
                change, how, asks, parameters=tuple(["value", change.id, "path", one.name, *pair] for pair in pairs)
            )  # fmt: skip
        if one.location not in _PLACES:
            return None
        return Known(
            change, how, asks, parameters=tuple(["value", change.id, one.location, one.name, *pair] for pair in pairs)
        )

    def _demanded(self, change: Change, base: Pointer | None, later: Pointer, facets: frozenset[str]) -> Known | None:
        """A property that became required, or that came as one."""
        is_new = "presence" in facets
        if is_new and (base is not None or later.segments[-2:-1] != ("properties",)):
            return None
        if not is_new and (later.last != "required" or not isinstance(at(self.revision, later), list)):
            return None
        name, place = (later.last, above(later, 2)) if is_new else (change.name, above(later))
        schema = at(self.revision, place.child("properties", name))
        was = at(self.base, base.child("properties", name)) if base is not None else ABSENT
        held = [one["default"] for one in (was, schema) if isinstance(one, dict) and "default" in one]
        row: Row = ["default", change.id, name]
        if held:
            return Known(change, "it is sent with its default where it is left out", inside=(Inside(False, place, [*row, held[0]]),))  # fmt: skip  # noqa: E501
        return Known(
            change,
            "it is sent where it is left out, as you say",
            asks="is given the object without it; gives the value that leaving it out stands for",
            inside=(Inside(False, place, row),),
        )


def _pairs(change: Change, later: Any) -> list[Row]:
    """Values that went, each with the one that takes its place where that is known."""
    went = change.before if isinstance(change.before, list) else [change.before]
    if change.before is ABSENT or not all(isinstance(one, str | int | bool) for one in went):
        return []
    if change.rule == "constant-changed":
        came = change.after[0] if isinstance(change.after, list) and len(change.after) == 1 else change.after
        return [[went[0], came]] if len(went) == 1 and isinstance(came, str | int | bool) else []
    heirs = [one for one in later if str(one) == change.renamed_to] if isinstance(later, list) else []
    if change.renamed_to is not None and len(went) == len(heirs) == 1:
        return [[went[0], heirs[0]]]
    return [[one] for one in went]


def _all(operation: Operation) -> tuple[Parameter, ...]:
    return (*operation.parameters.values(), *operation.ignored.values())


def _holds(parameter: Parameter, place: Pointer) -> bool:
    """Whether a place is in a parameter, or in the schema that it refers to itself."""
    roots = [parameter.place[1], parameter.site, *([parameter.schema[1]] if parameter.schema else [])]
    return any(one.file == place.file and place.segments[: len(one.segments)] == one.segments for one in roots)


def _default_of(parameter: Parameter) -> Any:
    schema = parameter.schema[0] if parameter.schema else None
    value = schema.get("default", ABSENT) if isinstance(schema, dict) else ABSENT
    return value if isinstance(value, str | int | float) else ABSENT


def _examples(schema: Any) -> list[str]:
    """The examples of a schema, where all are texts."""
    if not isinstance(schema, dict):
        return []
    listed = schema.get("examples")
    found = [one for one in (listed if isinstance(listed, list) else [schema.get("example")]) if one != ""]
    return [one for one in found if isinstance(one, str)] if all(isinstance(one, str) for one in found) else []


def _joint(whole: str, parts: list[str]) -> str | None:
    """The text that between the parts gives the whole; None where there is none."""
    if not whole.startswith(parts[0]):
        return None
    end = whole.find(parts[1], len(parts[0]))
    between = whole[len(parts[0]) : end] if end > 0 else ""
    return between if between and between.join(parts) == whole else None


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _is_odd(known: Known) -> bool:
    rows = [*(one.row for one in known.inside), *known.parameters]
    return any(word in _ODD for row in rows for part in row for word in (part if isinstance(part, list) else [part]) if isinstance(word, str))  # fmt: skip  # noqa: E501
