"""Which branch of a composition is which in the revision, and what a branch is called.

A match by likeness never turns a break into a non-break; it only says what became of the thing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import orjson

from apidiff.diff.allowed import Allowance
from apidiff.load.values import as_json
from apidiff.schema import VALUE_ASSERTIONS, Place, Reader, View, canonical


def label(reader: Reader, place: Place) -> str:
    """What a person calls a branch of a oneOf or anyOf: its component, its title, its constant or its types."""
    node, pointer = place
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        return reference_name(node["$ref"])
    view = reader.view(node, pointer)
    if isinstance(title := view.values.get("title", (None,))[0], str):
        return title
    if view.enum:
        return " | ".join(list(view.enum)[:3])
    if view.types:
        return " or ".join(sorted(view.types))
    return "any value" if view.is_free else pointer.last


def reference_name(reference: str) -> str:
    """What a reference is called: the component, or the file without its kind."""
    name = reference.rsplit("/", 1)[-1]
    return name if "#" in reference else re.sub(r"\.(ya?ml|json)$", "", name)


def branches(
    base: Sequence[Place],
    revision: Sequence[Place],
    *,
    readers: tuple[Reader, Reader],
    allowance: Allowance | None = None,
) -> list[tuple[int, int]]:
    """Which branch of a composition is which: by `$ref`, equality, title, constants, types, then likeness.

    Where there are more pairs than the allowance has left, what no name tells is gone, or new.
    """
    found: list[tuple[int, int]] = []
    left, right = dict(enumerate(base)), dict(enumerate(revision))

    def apart(one: int, two: int) -> bool:
        return _are_told_apart(readers, readers[0].view(*base[one]), readers[1].view(*revision[two]))

    def take(pairs: Iterable[tuple[int, int]], *, named: bool = False) -> None:
        for one, two in pairs:
            if one in left and two in right and (named or not apart(one, two)):
                del left[one], right[two]
                found.append((one, two))

    def keyed(key: Callable[[Reader, Place], str]) -> tuple[dict[int, str], dict[int, str]]:
        """What a key says of the branches that are left."""
        return (
            {index: key(readers[0], place) for index, place in left.items()},
            {index: key(readers[1], place) for index, place in right.items()},
        )

    take(_by_key(*keyed(lambda _, place: _reference(place))), named=True)
    take(_equal(*keyed(lambda _, place: written(place))))
    for key in (_meaning, _title, _constants, _types):
        if left and right:
            take(_by_key(*keyed(key)))
    if left and right and (allowance is None or allowance.takes(len(left) * len(right))):
        take(_by_likeness(left, right, readers))
    return sorted(found)


def _by_key(mine: Mapping[int, str], others: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs whose key is the same and names one branch on each side."""
    names = [_numbers(keys) for keys in (mine, others)]
    return [
        (indices[0], names[1][key][0])
        for key, indices in names[0].items()
        if key and len(indices) == len(names[1].get(key, ())) == 1
    ]


def _equal(mine: Mapping[int, str], others: Mapping[int, str]) -> list[tuple[int, int]]:
    """Pairs of branches that are the same, the first with the first."""
    names = [_numbers(keys) for keys in (mine, others)]
    return [both for key, indices in names[0].items() for both in zip(indices, names[1].get(key, ()), strict=False)]


def written(place: Place) -> str:
    """A text that is the same for two branches that say the same."""
    return as_json(place[0], orjson.OPT_SORT_KEYS).decode() or canonical(place[0])


def _numbers(keys: Mapping[int, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, key in keys.items():
        found.setdefault(key, []).append(index)
    return found


def _by_likeness(
    left: Mapping[int, Place], right: Mapping[int, Place], readers: tuple[Reader, Reader]
) -> list[tuple[int, int]]:
    scored = []
    views = [
        {index: reader.view(*place) for index, place in side.items()}
        for reader, side in zip(readers, (left, right), strict=True)
    ]
    for i, one in views[0].items():
        for j, two in views[1].items():
            if (one.types or frozenset()) & (two.types or frozenset()) or one.types == two.types:
                names = len(one.properties.keys() | two.properties.keys())
                like = len(one.properties.keys() & two.properties.keys()) / names if names else 0.5
                scored.append((-like, i, j))
    return [(i, j) for like, i, j in sorted(scored) if -like >= 0.5]


def _are_told_apart(readers: tuple[Reader, Reader], one: View, two: View) -> bool:
    """Whether a property that both have can only have values in each that it can't have in the other (`kind: cat`)."""
    for name in one.properties.keys() & two.properties.keys() if one.properties and two.properties else ():
        enums = [reader.view(*view.properties[name][0]).enum for reader, view in zip(readers, (one, two), strict=True)]
        if enums[0] and enums[1] and len(enums[0]) == len(enums[1]) == 1 and enums[0].keys() != enums[1].keys():
            return True
    return False


def _reference(place: Place) -> str:
    node = place[0]
    return str(node["$ref"]).rsplit("/", 1)[-1] if isinstance(node, dict) and isinstance(node.get("$ref"), str) else ""


def _meaning(reader: Reader, place: Place) -> str:
    """What a branch of plain values means, whichever dialect says it."""
    view = reader.view(*place)
    if not view.types or view.has_structure or view.groups:
        return ""
    asserted = sorted((keyword, str(view.values[keyword][0])) for keyword in VALUE_ASSERTIONS if keyword in view.values)
    return f"{sorted(view.types)} {view.null} {sorted(view.enum or ())} {asserted}"


def _title(reader: Reader, place: Place) -> str:
    title = reader.view(*place).values.get("title", ("",))[0]
    return title if isinstance(title, str) else ""


def _constants(reader: Reader, place: Place) -> str:
    """The values of the properties that can only have one: what tells branches apart without a discriminator."""
    view = reader.view(*place)
    constants = []
    for name, places in view.properties.items():
        child = reader.view(*places[0])
        if child.enum is not None and len(child.enum) == 1:
            constants.append(f"{name}={next(iter(child.enum))}")
    return ";".join(sorted(constants))


def _types(reader: Reader, place: Place) -> str:
    types = reader.view(*place).types
    return ",".join(sorted(types)) if types else ""
