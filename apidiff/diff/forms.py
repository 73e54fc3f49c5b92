"""Compares the forms that a discriminator tells apart: those that only it reaches, and the values that name them.

A form without a mapping is named by its component, so that to rename the component changes what is on the wire
(OpenAPI 3.1, 4.8.25). A mapping that follows a renamed component names the same form.
"""

from dataclasses import replace
from typing import Any

from apidiff.diff.match import reference_name
from apidiff.diff.names import renamed, shape
from apidiff.diff.pairing import pair_schemas
from apidiff.diff.walk import Walk
from apidiff.load.values import same
from apidiff.schema import Group, Place, Reader, View
from apidiff.schema.forms import Form
from apidiff.words.facts import ABSENT, Action, Subject
from apidiff.words.pointer import Pointer

Sided = tuple[Place, View]


def compare_forms(walk: Walk, pair: int, base: Sided, revision: Sided) -> None:
    """Pair the forms that a schema with a discriminator stands for, and state the values that came or went."""
    if walk.depth:
        return
    was, now = (forms.of(*side[0]) for forms, side in zip(walk.sides.forms, (base, revision), strict=True))
    if not was and not now:
        return
    was, now = _with_itself(walk, 0, base[0], was, now), _with_itself(walk, 1, revision[0], now, was)
    views = base[1], revision[1]
    heirs = {value: value for value in was if value in now} | _heirs(walk, was, now)
    for value, form in was.items():
        heir = heirs.get(value)
        if heir is not None:
            if form.place[0] is not base[0][0] or now[heir].place[0] is not revision[0][0]:
                pair_schemas(walk, form.place, now[heir].place, parent=pair)
            if heir != value and not form.is_mapped and not now[heir].is_mapped:
                state_value(walk, pair, views, value, heir)
        elif not form.is_mapped:
            state_value(walk, pair, views, value, None)
    for value, form in now.items():
        if value not in heirs.values() and not form.is_mapped:
            state_value(walk, pair, views, None, value)


def _with_itself(
    walk: Walk, side: int, place: Place, forms: dict[str, Form], others: dict[str, Form]
) -> dict[str, Form]:
    """The forms of a schema, with itself where the other side has it as one of its forms."""
    own = walk.sides.forms[side].own_value(place[0])
    return forms if own is None or own not in others else {own: Form(place, is_mapped=False), **forms}


def _heirs(walk: Walk, was: dict[str, Form], now: dict[str, Form]) -> dict[str, str]:
    """The values of forms whose component has another name now."""
    gone = {value: form for value, form in was.items() if value not in now}
    come = {value: form for value, form in now.items() if value not in was}
    if not gone or not come:
        return {}
    heirs: dict[str, str] = {}
    for value, form in gone.items():
        alike = [other for other in come if other not in heirs.values() and same(form.place[0], come[other].place[0])]
        if alike:
            heirs[value] = alike[0]
    shapes = [
        {value: shape(reader, form.place) for value, form in mine.items() if value not in known}
        for reader, mine, known in zip(walk.readers, (gone, come), (heirs, {*heirs.values()}), strict=True)
    ]
    guessed, _ = renamed(*shapes, allowance=walk.allowed.likened)
    return heirs | {value: names[0] for value, names in guessed.items() if len(names) == 1}


def state_value(walk: Walk, pair: int, views: tuple[View, View], was: str | None, now: str | None) -> None:
    """State that a form's own name came, went, or changed, which is a value on the wire; said of the discriminator."""
    ends = [view.discriminator[1] if view.discriminator else None for view in views]
    walk.fact(
        pair,
        Subject.SCHEMA,
        "discriminator-name",
        Action.REMOVED if now is None else Action.ADDED if was is None else Action.REPLACED,
        ends[0],
        ends[1],
        before=ABSENT if was is None else was,
        after=ABSENT if now is None else now,
        item=(was or now) or "",
    )


def name_in_union(walk: Walk, side: int, view: View, branch: Place) -> str | None:
    """The value of a union's branch that only its component's name gives; None where something else says it."""
    node, pointer = branch
    if view.discriminator is None or not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
        return None
    said, at = view.discriminator
    forms, reader = walk.sides.forms[side], walk.readers[side]
    target = reader.side.deref(node, pointer)[0]
    if id(target) in forms.mapped(said, at.file):
        return None
    places = reader.view(*branch).properties.get(str(said.get("propertyName")))
    if places and reader.view(*reader.both(places)).enum is not None:
        return None  # the branch itself says what it is called
    return forms.value_of(reference_name(node["$ref"]))


def is_same_form(walk: Walk, base: tuple[Any, Pointer], revision: tuple[Any, Pointer]) -> bool:
    """Whether what a mapping names for one value on both sides is one component, or one file, that was renamed."""
    was, now = (reference_name(str(end[0])) for end in (base, revision))
    components = walk.sides.components
    if was in components(0) and was not in components(1) and now in components(1) and now not in components(0):
        return True
    found = [forms.target(said, at.file) for forms, (said, at) in zip(walk.sides.forms, (base, revision), strict=True)]
    if found[0] is None or found[1] is None or not (found[0][1].file and found[1][1].file):
        return False
    return not walk.sides.has(1, "", found[0][1]) and not walk.sides.has(0, "", found[1][1])


def is_own_name(walk: Walk, mappings: list[dict[str, Any]], value: str) -> bool:
    """Whether a value that only one mapping has is the name of its component, which the other side means unsaid."""
    side = 0 if value in mappings[1] else 1
    names = [reference_name(str(said)) for said in mappings[side].values()]
    is_name = reference_name(str(mappings[1 - side][value])) == value
    return is_name and value in walk.sides.components(side) and value not in names


def with_names(reader: Reader, view: View, group: Group) -> View:
    """A union with the discriminator of the parent that all of its branches have, and none is, where it has no own.

    (OpenAPI 3.1, 4.8.25.4.)
    """
    if view.discriminator is not None:
        return view
    branches = [reader.view(*branch) for branch in group.branches]
    discriminator = branches[0].discriminator
    if discriminator is None or not all(_inherits(branch, discriminator[0]) for branch in branches):
        return view
    return replace(view, discriminator=discriminator)


def _inherits(branch: View, discriminator: dict[str, Any]) -> bool:
    """Whether a branch has a discriminator from another schema that it is made of."""
    is_same = branch.discriminator is not None and branch.discriminator[0] is discriminator
    return is_same and len(branch.nodes) > 1 and "discriminator" not in branch.nodes[0]


def is_told_apart(reader: Reader, view: View, group: Group) -> bool:
    """Whether every branch of a union has the property that its discriminator names, so that no value is of two."""
    if view.discriminator is None:
        return False
    name = view.discriminator[0].get("propertyName")
    return all(name in reader.view(*branch).required for branch in group.branches)
