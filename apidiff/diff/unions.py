"""Compares `oneOf` and `anyOf` by whether the set of values grew or shrank: branches matched, lost and new."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final

from apidiff.diff.aside import is_covered, is_within
from apidiff.diff.evaluated import Covers, Evaluated
from apidiff.diff.forms import is_told_apart, name_in_union, state_value, with_names
from apidiff.diff.match import branches, label, written
from apidiff.diff.overlaps import compare_overlaps, has_many_branches
from apidiff.diff.pairing import pair_schemas
from apidiff.diff.spread import Spread
from apidiff.diff.walk import Walk
from apidiff.load.values import same
from apidiff.schema import Group, Place, Reader, View
from apidiff.schema.facets import overlap
from apidiff.words.facts import ABSENT, Action, Subject

Sided = tuple[Place, View]


def compare_unions(
    walk: Walk, pair: int, base: Sided, revision: Sided, spread: Spread | None, *, closed: Evaluated | None
) -> bool:
    """State what happened to the branches; True where the branches are all there is to compare."""
    left, right = base[1], revision[1]
    if not left.groups and not right.groups:
        return False
    if not left.groups and right.is_only_a_group and not left.is_free:
        # a plain schema is a union of its types: the branch that holds it is its heir, the others are new
        group = right.groups[0]
        parts = Group(group.keyword, tuple(_parts(0, walk, *base, other=group)), left.pointer)
        _compare_groups(walk, pair, (parts, left), (group, right), spread, closed=None)
        return True
    if not right.groups and left.is_only_a_group and not right.is_free:
        group = left.groups[0]
        parts = Group(group.keyword, tuple(_parts(1, walk, *revision, other=group)), right.pointer)
        _compare_groups(walk, pair, (group, left), (parts, right), spread, closed=None)
        return True
    for was, now in _matched(left.groups, right.groups):
        if was and now:
            _compare_groups(walk, pair, (was, left), (now, right), spread, closed=closed)
        else:
            _state_group(walk, pair, was, now)
    return left.is_only_a_group and right.is_only_a_group


def _matched(base: Sequence[Group], revision: Sequence[Group]) -> Iterator[tuple[Group | None, Group | None]]:
    """The unions of two schemas, first with first; where there are several, those that say the same before the others.

    Else all that come after one that went would be compared with their neighbours.
    """
    if len(base) != len(revision) and base and revision:
        written: dict[tuple[str, ...], list[Group]] = {}
        for group in reversed(revision):
            written.setdefault(_written(group), []).append(group)
        heirs = {id(group): same.pop() for group in base if (same := written.get(_written(group)))}
        yield from ((group, heirs[id(group)]) for group in base if id(group) in heirs)
        taken = {id(heir) for heir in heirs.values()}
        base = [group for group in base if id(group) not in heirs]
        revision = [group for group in revision if id(group) not in taken]
    yield from zip_longest(base, revision)


def _written(group: Group) -> tuple[str, ...]:
    """The same for two unions that are written alike."""
    return group.keyword, *(written(place) for place in group.branches)


def holds_any(reader: Reader, view: View) -> bool:
    """Whether a branch of a union allows every value, and so null as well."""
    return any(reader.view(*branch).is_free for group in view.groups for branch in group.branches)


def _state_group(walk: Walk, pair: int, was: Group | None, now: Group | None) -> None:
    """A composition that came or went beside other assertions."""
    group = was or now
    if group is None:
        return
    reader = walk.readers[0] if was else walk.readers[1]
    labels = [label(reader, place) for place in group.branches]
    walk.fact(
        pair,
        Subject.SCHEMA,
        group.keyword,
        Action.LOOSENED if was else Action.TIGHTENED,
        was.pointer if was else None,
        now.pointer if now else None,
        before=labels if was else ABSENT,
        after=labels if now else ABSENT,
        unset=was is not None,
        set=now is not None,
    )


def _parts(side: int, walk: Walk, place: Place, view: View, *, other: Group) -> list[Place]:
    """A plain schema as the branches that it is: one for each of its types, without null where the other has it apart.

    Whether null goes is said of the whole.
    """
    node, pointer = place
    if not view.types or not isinstance(node, dict):
        return [place]
    branches = [walk.readers[1 - side].view(*branch) for branch in other.branches]
    loses_null = view.null and not any(branch.null and not branch.is_free for branch in branches)
    is_listed = isinstance(node.get("type"), list)
    if not (loses_null and "type" in node) and not (is_listed and len(view.types) > 1):
        return [place]
    here = (walk.base, walk.revision)[side]
    parts = []
    for kind in sorted(view.types) if is_listed else [node["type"]]:
        made = {**node, "type": kind}
        if loses_null:
            made = {key: value for key, value in made.items() if key not in ("nullable", "x-nullable")}
        parts.append((here.make(("part", id(node), kind, loses_null), made, [(made, pointer)]), pointer))
    return parts


def _compare_groups(
    walk: Walk,
    pair: int,
    base: tuple[Group, View],
    revision: tuple[Group, View],
    spread: Spread | None,
    *,
    closed: Evaluated | None,
) -> None:
    was, now = _flat(walk, base[0], revision[0])
    if walk.unions.setdefault((id(was), id(now)), (pair, was, now))[0] != pair and not walk.allowed.repeated.takes(
        len(was.branches) + len(now.branches)
    ):
        walk.cut("pairs", pair, *walk.ends[pair])
        return
    named = with_names(walk.readers[0], base[1], was), with_names(walk.readers[1], revision[1], now)
    are_named = named[0].discriminator is not None and named[1].discriminator is not None
    matched = branches(was.branches, now.branches, readers=walk.readers, allowance=walk.allowed.likened)
    if not matched and _is_replaced(walk, was, now):
        walk.fact(
            pair,
            Subject.SCHEMA,
            "type",
            Action.REPLACED,
            was.pointer,
            now.pointer,
            before=[label(walk.readers[0], place) for place in was.branches],
            after=[label(walk.readers[1], place) for place in now.branches],
        )
        return
    is_same = was.keyword == now.keyword and len(matched) == len(was.branches) == len(now.branches)
    for one, two in matched:
        ends = was.branches[one], now.branches[two]
        said = spread.branches(*ends) if spread else closed.parts(*ends) if closed else ends
        met = pair_schemas(walk, *said, parent=pair)
        is_same = is_same and met is None
        if are_named:
            _compare_names(walk, pair, (named[0], was.branches[one]), (named[1], now.branches[two]))
    if is_same:
        return  # what meets two branches did so before
    views = named if are_named else None
    _state_lonely(walk, pair, was, now, 0, matched={one for one, _ in matched}, views=views, closed=closed)
    _state_lonely(walk, pair, was, now, 1, matched={two for _, two in matched}, views=views, closed=closed)
    if was.keyword != now.keyword and not _are_disjoint(walk, 1, now.branches):
        walk.fact(
            pair,
            Subject.SCHEMA,
            now.keyword,
            Action.LOOSENED if now.keyword == "anyOf" else Action.TIGHTENED,
            was.pointer,
            now.pointer,
            before=was.keyword,
            after=now.keyword,
            item="keyword",
            keyword=True,
        )
    elif "oneOf" in (was.keyword, now.keyword) and walk.depth == 0:
        sides = zip(walk.readers, (was, now), named, strict=True)
        if not has_many_branches(was, now) and not all(
            _are_disjoint(walk, side, group.branches) or is_told_apart(reader, view, group)
            for side, (reader, group, view) in enumerate(sides)
        ):
            compare_overlaps(walk, pair, was, now)


def _flat(walk: Walk, was: Group, now: Group) -> tuple[Group, Group]:
    """Two unions as they are compared; many schemas may be made of the same two."""
    key = (id(was), id(now))
    known = walk.flat.get(key)
    if known is None:
        known = walk.flat[key] = _flattened(walk, 0, was, now), _flattened(walk, 1, now, was)
        walk.keep(was, now)
    return known


def _flattened(walk: Walk, side: int, mine: Group, other: Group) -> Group:
    """A union with the branches of those of its branches that are unions like it, which the other side does not have.

    Of a `oneOf` this is the same where no value meets two of them (JSON Schema 2020-12 Core, 10.2.1.3).
    """
    reader, found = walk.readers[side], list[Place]()
    for branch in mine.branches:
        view = reader.view(*branch)
        inner = view.groups[0] if view.is_only_a_group and view.discriminator is None else None
        if inner is None or inner.keyword != mine.keyword or _has(other, branch):
            found.append(branch)
        else:
            found += inner.branches
    if len(found) == len(mine.branches) or not (mine.keyword == "anyOf" or _are_disjoint(walk, side, tuple(found))):
        return mine
    for branch in mine.branches:
        walk.visited[side].update(id(node) for node in reader.view(*branch).nodes)
    return Group(mine.keyword, tuple(found), mine.pointer)


def _has(group: Group, branch: Place) -> bool:
    """Whether a union has a branch that is written like one of the other side's."""
    return any(same(branch[0], other[0]) for other in group.branches)


def _compare_names(walk: Walk, pair: int, base: tuple[View, Place], revision: tuple[View, Place]) -> None:
    """The values of one form, where only its component's name gives them."""
    names = [name_in_union(walk, side, *end) for side, end in enumerate((base, revision))]
    if names[0] is not None and names[1] is not None and names[0] != names[1]:
        state_value(walk, pair, (base[0], revision[0]), names[0], names[1])


MOST_COMPARED: Final = 64
"""Pairs of branches that are looked into to say that none survives; of more, each is said to be lost or new."""


def _is_replaced(walk: Walk, was: Group, now: Group) -> bool:
    """Whether no branch survives in any form: what was sent or read has no place in what takes over."""
    return len(was.branches) * len(now.branches) <= MOST_COMPARED and not any(
        is_within(walk, one, two) or is_covered(walk, two, one) for one in was.branches for two in now.branches
    )


def _state_lonely(
    walk: Walk,
    pair: int,
    was: Group,
    now: Group,
    side: int,
    *,
    matched: set[int],
    views: tuple[View, View] | None,
    closed: Evaluated | None,
) -> None:
    """Branches of one side that none of the other is: lost or new, unless one covers what they allow.

    With a discriminator (`views`) no other covers one that goes by its own name.
    """
    mine, others = (was, now) if side == 0 else (now, was)
    covers: Covers = is_within if side == 0 else is_covered
    if closed is not None:
        covers = closed.covering(side, covers)
    moved, kept = ((Action.TIGHTENED, Action.REMOVED), (Action.LOOSENED, Action.ADDED))[side]
    if len(matched) == len(mine.branches):
        return
    types = frozenset[str]().union(*(walk.readers[1 - side].view(*other).types or () for other in others.branches))
    for index, place in enumerate(mine.branches):
        if index not in matched:
            is_named = views is not None and name_in_union(walk, side, views[side], place) is not None
            is_kept = not is_named and _is_covered_by_one(walk, place, others, covers)
            is_cut = not is_named and not is_kept and walk.allowed.asked.is_short
            name = _name_among(walk.readers[side], place, types)
            walk.fact(
                pair,
                Subject.SCHEMA,
                mine.keyword,
                kept if is_kept else moved,
                place[1] if side == 0 else None,
                place[1] if side == 1 else None,
                before=name if side == 0 else ABSENT,
                after=name if side == 1 else ABSENT,
                item=name,
                cut="branches" if is_cut else "",
            )


def _is_covered_by_one(walk: Walk, place: Place, others: Group, covers: Covers) -> bool:
    """Whether a branch of the other side allows all that one does, as far as there is room to ask."""
    for other in others.branches:
        if walk.allowed.asked.is_short:
            return False
        if covers(walk, place, other):
            return True
    return False


def _name_among(reader: Reader, place: Place, others: frozenset[str]) -> str:
    """What a person calls a branch: `any string` where the other side's branches (of the types `others`) have some."""
    name = label(reader, place)
    types = reader.view(*place).types or frozenset()
    return f"any {name}" if name in types and types & others else name


def _are_disjoint(walk: Walk, side: int, places: tuple[Place, ...]) -> bool:
    """Whether no value meets two branches, as far as types and constants tell; False of too many to tell."""
    reader = walk.readers[side]
    if not walk.allowed.likened.takes(len(places) ** 2 // 2):
        return False
    views = [reader.view(*place) for place in places]
    for index, one in enumerate(views):
        for two in views[index + 1 :]:
            if not overlap(one.types, two.types) and not (one.null and two.null):
                continue
            if not _differ_by_constant(reader, one, two):
                return False
    return True


def _differ_by_constant(reader: Reader, one: View, two: View) -> bool:
    for name in one.required.keys() & two.required.keys() & one.properties.keys() & two.properties.keys():
        enums = [reader.view(*reader.both(view.properties[name])).enum for view in (one, two)]
        if enums[0] is not None and enums[1] is not None and not enums[0].keys() & enums[1].keys():
            return True
    return False
