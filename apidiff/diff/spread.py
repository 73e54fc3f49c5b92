"""What an object says of a property beside its union, said in each branch where the other side says it there.

What the whole accepts is what the object and one branch say together: a property, or that it is required, which moved
from the one into the others, or out of them, is compared there, and neither came nor went.
"""

from dataclasses import replace

from apidiff.diff.walk import Walk
from apidiff.load.resolve import Moved
from apidiff.schema import Place, View


class Spread:
    """The branches of both unions of a pair, each with what moved into it or out of it."""

    def __init__(self, walk: Walk, views: tuple[View, View], names: tuple[str, ...]) -> None:
        self._walk = walk
        self._names = names
        self._parts = tuple(self._part(side, view) for side, view in enumerate(views))

    def branches(self, base: Place, revision: Place) -> tuple[Place, Place]:
        """Two branches that are each other's, with what moved."""
        ends = [side.deref(*place) for side, place in zip(self._walk.sides.both, (base, revision), strict=True)]
        self._walk.partners.setdefault(id(ends[0][0]), set()).add(id(ends[1][0]))
        return self._branch(0, base), self._branch(1, revision)

    def _branch(self, side: int, place: Place) -> Place:
        part, at = self._parts[side]
        node = {"allOf": [part, place[0]]}
        here = self._walk.sides.both[side]
        key = ("spread", id(part), id(place[0]))
        return here.make(key, node, [(part, at), place, (node, place[1])]), place[1]

    def _part(self, side: int, view: View) -> Place:
        """What an object says of the names, as a schema of its own."""
        here, reader, claims = self._walk.sides.both[side], self._walk.readers[side], self._walk.claims[side]
        own = {name: reader.both(view.properties[name]) for name in self._names if name in view.properties}
        required = {name: view.required[name] for name in self._names if name in view.required}
        claims.update([*required.values(), *(here.place(*place) for place in own.values())])
        node = Moved({name: place[0] for name, place in own.items()}, required)
        places = [(place[0], here.place(*place)) for place in own.values() if isinstance(place[0], dict)]
        key = ("moved", id(view.nodes[0]) if view.nodes else id(view), self._names)
        return here.make(key, node, [*places, (node, view.pointer)]), view.pointer


def spread(walk: Walk, before: View, after: View) -> tuple[View, View, Spread | None]:
    """Both views without the properties that moved between them and their branches, which have these in their place.

    None in the place of these branches where nothing moved.
    """
    names = _moved(walk, before, after)
    if not names:
        return before, after, None
    return _without(before, names), _without(after, names), Spread(walk, (before, after), names)


def _moved(walk: Walk, before: View, after: View) -> tuple[str, ...]:
    """The names of which one side says beside its union what the other one says in branches."""
    if len(before.groups) != 1 or len(after.groups) != 1:
        return ()
    found: dict[str, None] = {}
    for side, (mine, other) in enumerate(((before, after), (after, before))):
        lost = {*mine.properties} - {*other.properties} | {*mine.required} - {*other.required}
        if lost:
            views = [walk.readers[1 - side].view(*branch) for branch in other.groups[0].branches]
            found |= dict.fromkeys(n for n in sorted(lost) if any(n in v.properties or n in v.required for v in views))
    return tuple(found)


def _without(view: View, names: tuple[str, ...]) -> View:
    kept = {name: places for name, places in view.properties.items() if name not in names}
    return replace(view, properties=kept, required={n: at for n, at in view.required.items() if n not in names})
