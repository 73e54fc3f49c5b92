"""Compares what two schemas say of objects: properties with their renames and splits, required and undeclared ones."""

from collections.abc import Mapping

from apidiff.diff.brought import entry_of
from apidiff.diff.called import describe
from apidiff.diff.declared import NOBODY, Heirs
from apidiff.diff.idle import compare_access
from apidiff.diff.inside import Properties, compare_in_branches
from apidiff.diff.lifetimes import Lifetime
from apidiff.diff.names import definition, redefined, renamed, shape
from apidiff.diff.pairing import pair_schemas, pair_with_any
from apidiff.diff.walk import Walk
from apidiff.schema import Place, Reader, View
from apidiff.schema.patterns import matches
from apidiff.words.direction import BOTH, REQUEST, RESPONSE
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

Said = Mapping[str, list[Place]]
"""The properties of a view."""


def compare_object(walk: Walk, pair: int, before: View, after: View) -> None:
    """Everything that two views say of objects."""
    removed = {name: places for name, places in before.properties.items() if name not in after.properties}
    added = {name: places for name, places in after.properties.items() if name not in before.properties}
    if (removed and after.groups) or (added and before.groups):
        compare_in_branches(walk, pair, (before, after), removed, added)
    declared = _declared(walk, removed, after.properties, before.properties) if walk.sides.declared else {}
    walk.allowed.likened.is_short = False
    heirs, likeness = _renames(walk, removed, added, declared)
    cut = "names" if walk.allowed.likened.is_short else ""
    taken = {name for names in heirs.values() for name in names}
    for name, places in removed.items():
        if name not in heirs:
            _pair_with_map(walk, pair, (before, after), name)
            if _state_refused(walk, pair, (before, after), name):
                continue
        _state_removed(
            walk,
            pair,
            (before, after),
            name,
            heirs=heirs.get(name, ()),
            likeness=likeness.get(name, 0.0),
            declared=declared.get(name, NOBODY),
            place=walk.readers[0].both(places),
            cut=cut,
        )
        if len(heirs.get(name, ())) == 1:  # the parts of a split are new things
            _compare_property(walk, pair, (before, after), name, heirs[name][0])
    for name, places in added.items():
        if name not in taken:
            _pair_with_map(walk, pair, (before, after), name)
            if not _state_refused(walk, pair, (before, after), name):
                _state_added(walk, pair, (before, after), name, walk.readers[1].both(places))
    for name in before.properties:
        if name in after.properties:
            _compare_property(walk, pair, (before, after), name, name)
    _compare_required(walk, pair, before, after, heirs)
    _compare_additional(walk, pair, before, after)
    _compare_dependent(walk, pair, before, after)


def _pair_with_map(walk: Walk, pair: int, views: tuple[View, View], name: str) -> None:
    """A property that only one side names is on the other side one by the pattern of its name, or an undeclared one."""
    found: list[Place] = []
    for reader, view in zip(walk.readers, views, strict=True):
        places = [*view.properties.get(name, ()), *_by_pattern(view, name)]
        places = places or undeclared(view)
        if not places:
            return
        found.append(reader.both(places))
    base, revision = found
    mask = access(walk.readers[0], base) & access(walk.readers[1], revision)
    pair_schemas(walk, base, revision, parent=pair, label=f".{name}", mask=mask)


def undeclared(view: View) -> list[Place]:
    """What an object asks of a property that it does not name, where nothing but its own names evaluates any."""
    if isinstance(view.additional, tuple):
        return [view.additional]
    rest = view.subschemas.get("unevaluatedProperties", [])
    is_own = view.additional is True and not (view.groups or view.conditions or "dependentSchemas" in view.maps)
    return list(rest) if is_own and all(node is not False for node, _ in rest) else []


def _by_pattern(view: View, name: str) -> list[Place]:
    """What an object asks of a property by the pattern of its name."""
    patterns = view.maps.get("patternProperties")
    if not patterns:
        return []
    return [place for pattern, places in patterns.items() if matches(pattern, name) for place in places]


def _is_closed_to(view: View, name: str) -> bool:
    """Whether an object refuses a property that it does not name."""
    return view.is_closed and not _by_pattern(view, name)


def access(reader: Reader, place: Place) -> int:
    """The directions in which a property counts: not requests where it is readOnly, not responses where writeOnly."""
    node = place[0]
    if isinstance(node, dict) and not node.keys() & {"$ref", "allOf", "oneOf", "anyOf"}:
        read_only, write_only = node.get("readOnly") is True, node.get("writeOnly") is True
    else:
        view = reader.view(*place)
        read_only, write_only = view.read_only is not None, view.write_only is not None
    return BOTH & ~(REQUEST if read_only else 0) & ~(RESPONSE if write_only else 0)


def _declared(walk: Walk, removed: Properties, after: Said, before: Said) -> dict[str, Heirs]:
    """What became of properties as people declared it."""
    reader = walk.readers[0]
    gone = {name: walk.base.place(*reader.both(places)) for name, places in removed.items()}
    return walk.sides.declared.properties(gone, {name: name not in before for name in after})


def _renames(
    walk: Walk, removed: Properties, added: Properties, declared: dict[str, Heirs]
) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
    known = {name: heirs.names for name, heirs in declared.items() if heirs.are_new}
    if declared:
        named = {heir for names in known.values() for heir in names}
        removed = {name: places for name, places in removed.items() if name not in declared}
        added = {name: places for name, places in added.items() if name not in named}
    if not removed or not added:
        return known, {}
    shapes = [
        {name: shape(reader, reader.both(places)) for name, places in names.items()}
        for reader, names in zip(walk.readers, (removed, added), strict=True)
    ]
    heirs, likeness = renamed(shapes[0], shapes[1], allowance=walk.allowed.likened)
    taken = {heir for names in heirs.values() for heir in names}
    told = [
        {name: definition(reader.both(places)) for name, places in names.items() if name not in known}
        for reader, names, known in zip(walk.readers, (removed, added), (heirs, taken), strict=True)
    ]
    return known | heirs | redefined(told[0], told[1]), likeness


def _state_removed(
    walk: Walk,
    pair: int,
    views: tuple[View, View],
    name: str,
    *,
    heirs: tuple[str, ...],
    likeness: float,
    declared: Heirs,
    place: Place,
    cut: str,
) -> None:
    before, after = views
    view = walk.readers[0].view(*place)
    # a required heir makes requests that only send the old name fail, whatever the object does with unknown names
    required = name in before.required or any(heir in after.required for heir in heirs)
    heir_at = None
    if heirs:
        heir_at = walk.readers[1].both(after.properties[heirs[0]])[1]
    at = walk.base.place(*place)
    entry = None if heirs else entry_of(walk, pair, 0, at)
    walk.fact(
        pair,
        Subject.PROPERTY,
        "presence",
        Action.RENAMED if heirs else Action.REMOVED,
        entry or at,
        heir_at,
        before=place[0] if not heirs else name,
        after=ABSENT if not heirs else heirs[0] if len(heirs) == 1 else list(heirs),
        item=name if entry else "",
        name=_brought(entry, name) if entry else _named(at, name),
        mask=access(walk.readers[0], place),
        required=required,
        cut="" if heirs else cut,
        closed=_is_closed_to(after, name),
        split=len(heirs) > 1,
        likeness=likeness if len(heirs) == 1 else None,
        matched_by="the same definition" if len(heirs) == 1 and not likeness and not declared.names else None,
        renamed_to=", ".join(declared.names) if not heirs else None,
        declared=bool(declared.names),
        **Lifetime(view.values.get("deprecated"), view.extensions).flags,
    )
    for heir in heirs:
        walk.claims[1].add(walk.readers[1].both(after.properties[heir])[1])


def _state_added(walk: Walk, pair: int, views: tuple[View, View], name: str, place: Place) -> None:
    before, after = views
    view = walk.readers[1].view(*place)
    at = walk.revision.place(*place)
    entry = entry_of(walk, pair, 1, at)
    walk.fact(
        pair,
        Subject.PROPERTY,
        "presence",
        Action.ADDED,
        None,
        entry or at,
        after=place[0],
        item=name if entry else "",
        name=_brought(entry, name) if entry else _named(at, name),
        mask=access(walk.readers[1], place),
        required=name in after.required,
        closed=_is_closed_to(before, name),
        has_default="default" in view.values,
        read_only=view.read_only is not None,
        write_only=view.write_only is not None,
    )


def _state_refused(walk: Walk, pair: int, views: tuple[View, View], name: str) -> bool:
    """Whether a property that only one side names is refused there, which says what the other does with it, or nothing.

    A schema that no value meets is no property that came or went: where it is named, objects with it are refused.
    """
    side = 0 if name in views[0].properties else 1
    place = walk.readers[side].both(views[side].properties[name])
    if not walk.readers[side].view(*place).never:
        return False
    other = views[1 - side]
    walk.claims[side].add(place[1])
    if _is_closed_to(other, name) or undeclared(other) or _by_pattern(other, name):
        return True  # they are compared as what they are there
    ends = (place, None) if side == 0 else (None, place)
    walk.fact(
        pair,
        Subject.SCHEMA,
        "type",
        Action.LOOSENED if side == 0 else Action.TIGHTENED,
        ends[0] and ends[0][1],
        ends[1] and ends[1][1],
        before="none" if side == 0 else "any",
        after="any" if side == 0 else "none",
        item=name,
        name=_named(place[1], name),
        undeclared=True,
    )
    return True


def _brought(entry: Pointer, name: str) -> str:
    """What a property is called that an entry of an `allOf` brought."""
    holder = _name(Pointer(entry.file, entry.segments[:-2]))
    return f"{holder}.{name}" if holder else name


def _compare_property(walk: Walk, pair: int, views: tuple[View, View], name: str, heir: str) -> None:
    """A property and what it is called in the revision, mostly the same."""
    places = walk.readers[0].both(views[0].properties[name]), walk.readers[1].both(views[1].properties[heir])
    base, revision = places
    if walk.is_unchanged(base, revision):
        return
    was, now = access(walk.readers[0], base), access(walk.readers[1], revision)
    for bit, facet in ((REQUEST, "readOnly"), (RESPONSE, "writeOnly")):
        if was & bit != now & bit:
            sides = [reader.view(*place) for reader, place in zip(walk.readers, places, strict=True)]
            ends = [view.read_only if facet == "readOnly" else view.write_only for view in sides]
            walk.fact(
                pair,
                Subject.PROPERTY,
                facet,
                Action.ADDED if was & bit else Action.REMOVED,
                ends[0],
                ends[1],
                before=ABSENT if was & bit else True,
                after=True if was & bit else ABSENT,
                name=_name(places[0][1]),
                required=heir in views[1].required,
            )
    pair_schemas(walk, base, revision, parent=pair, label=f".{heir}", mask=was & now)


def _named(at: Pointer, name: str) -> str:
    """What a property is called, with what holds it; the schema of undeclared ones is no such place."""
    return name if at.last == "additionalProperties" else _name(at) or name


def _name(pointer: Pointer) -> str:
    return describe(pointer)[1]


def _compare_required(walk: Walk, pair: int, before: View, after: View, heirs: dict[str, tuple[str, ...]]) -> None:
    """What became required or optional; a property that came or went says so itself."""
    came, went = after.properties.keys() - before.properties.keys(), before.properties.keys() - after.properties.keys()
    names = {*before.required} ^ {*after.required}
    for name in sorted(names - (before.required.keys() & went) - (after.required.keys() & came)):
        _state_required(walk, pair, (before, after), name, name)
    for name, (heir, *others) in heirs.items():
        if not others and (name in before.required) != (heir in after.required):
            _state_required(walk, pair, (before, after), name, heir)


def _state_required(walk: Walk, pair: int, views: tuple[View, View], name: str, heir: str) -> None:
    before, after = views
    is_tighter = heir in after.required
    sides = ((walk.readers[0], before, name), (walk.readers[1], after, heir))
    masks = [access(reader, reader.both(view.properties[own])) for reader, view, own in sides if own in view.properties]
    declared = after.properties.get(heir)
    default = bool(declared) and "default" in walk.readers[1].view(*walk.readers[1].both(declared or [])).values
    shown = before.properties.get(name) if name == heir else declared
    place = shown[0][1] if shown else before.pointer.child("properties", name)
    walk.fact(
        pair,
        Subject.PROPERTY,
        "required",
        Action.TIGHTENED if is_tighter else Action.LOOSENED,
        before.required.get(name),
        after.required.get(heir),
        before=not is_tighter,
        after=is_tighter,
        item=heir,
        name=_name(place) or name,
        mask=masks[0] & masks[1] if len(masks) == 2 else BOTH,
        undeclared=not masks,
        has_default=default,
    )


def _compare_additional(walk: Walk, pair: int, before: View, after: View) -> None:
    was, now = before.additional, after.additional
    free = [
        isinstance(side, tuple) and reader.view(*side).is_free
        for reader, side in zip(walk.readers, (was, now), strict=True)
    ]
    if (free[0] and now is True) or (free[1] and was is True):
        pair_with_any(
            walk, *(side if isinstance(side, tuple) else None for side in (was, now)), parent=pair, label=".*"
        )
        return
    if isinstance(was, tuple) and isinstance(now, tuple):
        compare_access(walk, pair, was, now)
        pair_schemas(walk, was, now, parent=pair, label=".*")
        return
    if isinstance(was, bool) and was is now:
        return
    walk.fact(
        pair,
        Subject.SCHEMA,
        "additionalProperties",
        Action.TIGHTENED if now is False or was is True else Action.LOOSENED,
        before.additional_at,
        after.additional_at,
        before=was[0] if isinstance(was, tuple) else was,
        after=now[0] if isinstance(now, tuple) else now,
        closed=now is False,
        was_closed=was is False,
    )


def _compare_dependent(walk: Walk, pair: int, before: View, after: View) -> None:
    for name, need in sorted({*before.dependent} ^ {*after.dependent}):
        key = (name, need)
        is_tighter = key in after.dependent
        walk.fact(
            pair,
            Subject.SCHEMA,
            "dependentRequired",
            Action.TIGHTENED if is_tighter else Action.LOOSENED,
            before.dependent.get(key),
            after.dependent.get(key),
            before=not is_tighter,
            after=is_tighter,
            item=f"{name} needs {need}",
        )
