"""Who holds an edit, and what it is called there: the component that was edited, or the user of one that was not.

Where a use names another component than before, the pair of the two is the user's edit, not theirs.
"""

from typing import Final

from apidiff.diff.called import describe
from apidiff.diff.sides import Sides
from apidiff.load.resolve import standing
from apidiff.schema import Place
from apidiff.words.facts import Fact, Subject
from apidiff.words.pointer import Pointer

HELD: Final = frozenset(
    {"items", "prefixItems", "contains", "unevaluatedItems", "propertyNames", "patternProperties"}
    | {"additionalProperties", "unevaluatedProperties"}
)
"""Facets that are said of what holds the subschema, not of what it describes."""
Held = tuple[str, str]
"""The owner ("" for the operations that use it), and the dotted name within ("" for the way from there)."""
Pointers = tuple[Pointer | None, Pointer | None]
OF_THE_USER: Final = ("", "")


def held(
    sides: Sides, ends: tuple[Place, Place] | None, *, about: tuple[Subject, str, str], at: Pointers, name: str | None
) -> Held:
    """The owner of an edit, and its name there.

    `ends` are the two schemas that were compared, None for what is no schema; `about` are the fact's subject, facet and
    item, `at` its pointers; `name` is what it is called where no pointer tells.
    """
    subject, facet, _ = about
    base, revision = at
    here = base or revision or Pointer()
    named = _named(here, facet)
    owner, dotted = describe(named)
    dotted = dotted if name is None else name
    is_one_place = named is base and base == revision
    if ends is None or subject not in (Subject.SCHEMA, Subject.PROPERTY):
        if is_one_place:
            return owner, dotted
        if base and revision and owner and describe(revision)[0] != owner and sides.has(1, owner, base):
            return "", dotted
        return owner, dotted
    if base and revision:
        is_plain = is_one_place or describe(revision)[0] == owner
    else:
        is_plain = ends[0][1] == ends[1][1] or _is_edited_itself(sides, about, at, owner)
    if is_plain:
        return owner, dotted
    return _between(sides, (describe(ends[0][1]), describe(ends[1][1])), at, (owner, dotted), facet)


def held_by_several(fact: Fact, other: Fact) -> Held:
    """The same of one edit that was found in two places: what its own pointer says, where that was edited."""
    if fact.base and fact.revision and not (fact.owner and other.owner):
        return OF_THE_USER
    owner, dotted = describe(_named(fact.base or fact.revision or Pointer(), fact.facet))
    return owner, dotted or (fact.own_name if fact.subject is Subject.PROPERTY else "")


def _between(sides: Sides, places: tuple[Held, Held], at: Pointers, mine: Held, facet: str) -> Held:
    """The same of what stands in one component, or in none, in the base and in another one in the revision."""
    (first, here), (second, there) = places
    base, revision = at
    side = 0 if base else 1
    if first == second:  # one of them only says it by way of another component
        other = describe(_named(revision, facet)) if base and revision else mine
        return other if other[0] == second else mine
    inner = _within(mine[1], places[side][1]) if places[side][0] == mine[0] else None
    if inner is not None and _is_deeper(here, there):  # it moved into a component, of its own or not
        return first, _joined(here, inner)
    if inner is not None and _is_deeper(there, here):  # it moved out of one
        return second, _joined(there, inner)
    if not mine[0] or not first:
        return OF_THE_USER if mine[0] else mine
    return OF_THE_USER if sides.has(1 - side, mine[0], base or revision or Pointer()) else mine


def _is_edited_itself(sides: Sides, about: tuple[Subject, str, str], at: Pointers, owner: str) -> bool:
    """Whether a component that both sides have differs at this very place, whoever uses it."""
    _, facet, item = about
    side, here = (0, at[0]) if at[0] else (1, at[1] or Pointer())
    if not owner or not sides.has(1 - side, owner, here):
        return not owner
    found = standing(sides.both[1 - side], here)
    return found is None or (facet == "required" and isinstance(found[0], list) and item not in found[0])


def _is_deeper(one: str, two: str) -> bool:
    """Whether a dotted name leads to where another one begins, or ends as that does."""
    return len(one) > len(two) and one.endswith(two) and (not two or one[-len(two) - 1] == ".")


def _within(dotted: str, outer: str) -> str | None:
    """The rest of a dotted name below another one, None where it is not below it."""
    rest = dotted.removeprefix(outer) if dotted.startswith(outer) else None
    return rest.removeprefix(".") if rest is not None and (not outer or not rest or rest[0] in ".[") else None


def _joined(outer: str, inner: str) -> str:
    return f"{outer}.{inner}" if outer and inner and not inner.startswith("[") else f"{outer}{inner}"


def _named(pointer: Pointer, facet: str) -> Pointer:
    """The place that a person would name for an edit."""
    if facet not in HELD or facet not in pointer.segments:
        return pointer
    last = len(pointer.segments) - 1 - pointer.segments[::-1].index(facet)
    return Pointer(pointer.file, pointer.segments[:last])
