"""What of a spec can be asked about later: its query parameters, the values that it lists, and what it bounds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from apidiff.diff import Differences
from apidiff.load.values import Node
from apidiff.schema import Place
from apidiff.schema.reader import Reader
from apidiff.schema.view import View

_DEEPEST: Final = 6
_NUMBERS: Final = frozenset({"integer", "number"})
_BOUNDS: Final = ("minimum", "maximum")


@dataclass(slots=True)
class Kept:
    """What can be asked about.

    The names of query parameters, the values that are listed of some, the names of those that are numbers, the bounds
    that are named, and every name of a property, of which the fields of bodies are made.
    """

    names: set[str] = field(default_factory=set)
    values: dict[str, set[str]] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    bounds: set[int] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)


def kept_of(specs: Iterable[Differences]) -> Kept:
    """What can be asked about, of specs that were compared with themselves."""
    kept = Kept()
    for found in specs:
        reader = found.walk.readers[0]
        for operation in found.base.everything.values():
            for (location, name), parameter in operation.parameters.items():
                if location == "query":
                    kept.names.add(name)
                    if parameter.schema is not None:
                        _of_parameter(kept, name, parameter.schema, reader)
        kept.properties.update(_properties(found.base.side.root))
    for name in kept.values:
        kept.numbers.discard(name)
    return kept


def _of_parameter(kept: Kept, name: str, schema: Place, reader: Reader) -> None:
    for view in _views(schema, reader, 0):
        listed = [value for value, _ in (view.enum or {}).values()]
        further: Any = view.extensions.get("x-extensible-enum", ([], None))[0]
        listed += further if isinstance(further, list) else []
        if listed:
            kept.values.setdefault(name, set()).update(
                str(value) for value in listed if not isinstance(value, (dict, list))
            )
        if view.types and not view.types.isdisjoint(_NUMBERS):
            kept.numbers.add(name)
            bounds = (view.values[word][0] for word in _BOUNDS if word in view.values)
            kept.bounds.update(int(bound[0]) for bound in bounds if isinstance(bound[0], int))


def _views(schema: Place, reader: Reader, depth: int) -> Iterator[View]:
    """The view of a schema, and those of its entries and branches: what one value of a query may be."""
    if depth > _DEEPEST:
        return
    view = reader.view(*schema)
    yield view
    inner = [*view.subschemas.get("items", ()), *(branch for group in view.groups for branch in group.branches)]
    for place in inner:
        yield from _views(place, reader, depth + 1)


def _properties(root: Node) -> Iterator[str]:
    """Every name that stands under `properties` anywhere in a document."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            found = node.get("properties")
            if isinstance(found, dict):
                yield from (str(name) for name in found)
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
