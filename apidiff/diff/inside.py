"""Properties that moved into the branches of a union beside them, or out of these: none of them came or went.

What the whole accepts is what the object and its union say together, so that a property which each branch has is
compared with all that the branches make of it; one that only some have may be missing now, where it always came.
"""

from apidiff.diff.pairing import pair_schemas
from apidiff.diff.walk import Walk
from apidiff.load.resolve import Branches, Side
from apidiff.load.values import same
from apidiff.schema import Place, Reader, View
from apidiff.words.facts import Action, Subject
from apidiff.words.pointer import Pointer

Properties = dict[str, list[Place]]


def compare_in_branches(
    walk: Walk, pair: int, views: tuple[View, View], removed: Properties, added: Properties
) -> None:
    """Compare what moved into branches, or out of them, and take it from what was removed and added."""
    for side, (mine, whole, other) in enumerate(((removed, *views), (added, *views[::-1]))):
        for name in list(mine):
            branches = _branches(walk.readers[1 - side], other, name)
            if not any(place for _, place in branches):
                continue
            place = walk.readers[side].both(mine.pop(name))
            walk.claims[side].add(place[1])
            walk.claims[1 - side].update(inner[1] for _, inner in branches if inner)
            _compare(walk, pair, side, (name, place), branches=branches, at=other.groups[0].pointer)
            is_always = name in other.required or all(name in view.required for view, _ in branches)
            if name in whole.required and not is_always:
                _state_optional(walk, pair, side, name, views=(whole, other))


def _branches(reader: Reader, view: View, name: str) -> list[tuple[View, Place | None]]:
    """Every branch of the unions of a view, and what it says of a property."""
    found: list[tuple[View, Place | None]] = []
    for group in view.groups:
        for branch in group.branches:
            inner = reader.view(*branch)
            places = inner.properties.get(name)
            found.append((inner, reader.both(places) if places else None))
    return found


def _compare(
    walk: Walk, pair: int, side: int, mine: tuple[str, Place], *, branches: list[tuple[View, Place | None]], at: Pointer
) -> None:
    """A property against what the branches make of it together, where all of them say something."""
    name, place = mine
    places = [inner for _, inner in branches if inner is not None]
    if len(places) < len(branches):
        return
    other = _any_of(walk.sides.both[1 - side], places, at)
    base, revision = (place, other) if side == 0 else (other, place)
    pair_schemas(walk, base, revision, parent=pair, label=f".{name}")


def _any_of(side: Side, places: list[Place], at: Pointer) -> Place:
    places = [place for i, place in enumerate(places) if not any(same(place[0], one[0]) for one in places[:i])]
    if len(places) == 1:
        return places[0]
    node = Branches([place[0] for place in places], at)
    own = [place for place in places if isinstance(place[0], dict)]
    return side.make(("any", *(id(place[0]) for place in places)), node, [*own, (node, at)]), at


def _state_optional(walk: Walk, pair: int, side: int, name: str, *, views: tuple[View, View]) -> None:
    """What always came, or had to be sent, and is now asked for by some branches only; or the other way round."""
    whole, other = views
    ends = (whole.required[name], other.groups[0].pointer)
    walk.fact(
        pair,
        Subject.PROPERTY,
        "required",
        Action.TIGHTENED if side else Action.LOOSENED,
        *(ends if side == 0 else ends[::-1]),
        before=side == 0,
        after=side == 1,
        item=name,
        name=name,
    )
