"""Breaks specs in the ways that people, generators and attackers do: pieces cut, types swapped, references bent."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Tree = Any
Place = tuple[str | int, ...]

JUNK: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**70,
        1.5,
        1e308,
        -0.0,
        "",
        "x",
        "é\u2028\u0000",
        " ",
        "null",
        "3.0.0",
        "#",
        "#/",
        "/",
    ),
    *(
        [],
        {},
        [None],
        [[]],
        {"": None},
        {"$ref": 1},
        {"$ref": None},
        {"$ref": "#"},
        {"$ref": ""},
        {"$ref": "#/nowhere"},
    ),
    *({"$ref": "#/paths"}, {"$ref": "#/info/title"}, {"$ref": "#/components/schemas"}, {"$ref": "nowhere.yaml#/a"}),
    *({"$ref": "../x.yaml"}, {"$ref": "https://example.com/x.yaml"}, {"$ref": "#/%zz/~2"}, {"type": 5}, ["a", "a", 1]),
)
"""Values that no place expects."""

SCHEMAS: tuple[Any, ...] = (
    *(
        True,
        False,
        {},
        {"type": "string"},
        {"type": ["string", "null"]},
        {"type": "null"},
        {"type": []},
        {"type": "junk"},
    ),
    *({"enum": []}, {"enum": [None, 1, "a", {}, []]}, {"const": None}, {"enum": [1, 1.0, True]}, {"type": "array"}),
    *({"allOf": []}, {"oneOf": [{}]}, {"anyOf": [True, False]}, {"not": {}}, {"not": {"not": {"type": "string"}}}),
    *({"type": "object", "required": ["a", "a", 1]}, {"properties": {"a": None}}, {"type": "file"}, {"items": []}),
    *(
        {"items": [{"type": "string"}]},
        {"minimum": 5, "maximum": 1},
        {"minLength": -1},
        {"pattern": "("},
        {"pattern": 5},
    ),
    *({"pattern": "(a+)+$"}, {"multipleOf": 0}, {"exclusiveMinimum": True, "minimum": None}, {"format": ["x"]}),
    *({"discriminator": "kind"}, {"discriminator": {"propertyName": 1, "mapping": {"a": 2}}}, {"nullable": "yes"}),
    *({"additionalProperties": "no"}, {"patternProperties": {"(": {}}}, {"if": True, "then": 1}, {"default": {}}),
    *({"dependentRequired": {"a": "b"}}, {"prefixItems": {}}, {"$defs": []}, {"$dynamicRef": "#meta"}, {"readOnly": 1}),
    *({"type": "integer", "format": "int64"}, {"type": "number"}, {"maxLength": 2**70}, {"minItems": 1e300}),
)
"""Schemas: odd, empty, contradictory, or of the wrong shape inside."""

WRAPS = ("allOf", "oneOf", "anyOf", "not", "items", "properties", "additionalProperties", "schema", "content", "x-a")
KEYS = ("$ref", "type", "required", "in", "name", "schema", "content", "responses", "parameters", "security", "servers")
KEYS += ("requestBody", "callbacks", "webhooks", "default", "2XX", "200", "get", "deprecated", "x-sunset", "headers")
KEYS += (
    "links",
    "enum",
    "tags",
    "operationId",
    "style",
    "explode",
    "definitions",
    "basePath",
    "host",
    "swagger",
    "openapi",
)


def places(tree: Tree) -> Iterator[Place]:
    """Every place below the root, outer ones first."""
    stack: list[tuple[Place, Tree]] = [((), tree)]
    while stack:
        place, node = stack.pop()
        inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in inner:
            yield (*place, key)
            stack.append(((*place, key), value))


def at(tree: Tree, place: Place) -> Tree:
    """The value of a place."""
    for key in place:
        tree = tree[key]
    return tree


def put(tree: Tree, place: Place, value: Tree) -> None:
    """Sets the value of a place."""
    at(tree, place[:-1])[place[-1]] = value


def cut(tree: Tree, place: Place) -> None:
    """Removes a place."""
    del at(tree, place[:-1])[place[-1]]


def mutate(tree: Tree, rng: random.Random) -> None:
    """Breaks one place of a tree."""
    if every := list(places(tree)):
        rng.choice(MUTATIONS)(tree, rng.choice(every), rng.choice(every), rng)


def _remove(tree: Tree, place: Place, _other: Place, _rng: random.Random) -> None:
    cut(tree, place)


def _junk(tree: Tree, place: Place, _other: Place, rng: random.Random) -> None:
    put(tree, place, copy.deepcopy(rng.choice(JUNK)))


def _schema(tree: Tree, place: Place, _other: Place, rng: random.Random) -> None:
    put(tree, place, copy.deepcopy(rng.choice(SCHEMAS)))


def _swap(tree: Tree, place: Place, other: Place, _rng: random.Random) -> None:
    first, second = copy.deepcopy(at(tree, place)), copy.deepcopy(at(tree, other))
    put(tree, place, second)
    if _is_there(tree, other):
        put(tree, other, first)


def _copy(tree: Tree, place: Place, other: Place, _rng: random.Random) -> None:
    put(tree, place, copy.deepcopy(at(tree, other)))


def _copy_beside(tree: Tree, place: Place, other: Place, rng: random.Random) -> None:
    _insert(at(tree, place[:-1]), copy.deepcopy(at(tree, other)), rng)


def _wrap(tree: Tree, place: Place, _other: Place, rng: random.Random) -> None:
    key, value = rng.choice(WRAPS), at(tree, place)
    put(tree, place, {key: [value] if key.endswith("Of") else {"a": value} if key == "properties" else value})


def _refer(tree: Tree, place: Place, other: Place, rng: random.Random) -> None:
    target = rng.choice([place, other, place[:-1]])
    put(tree, place, {"$ref": "#" + "".join(f"/{_escaped(key)}" for key in target)})


def _rename(tree: Tree, place: Place, _other: Place, rng: random.Random) -> None:
    holder = at(tree, place[:-1])
    if isinstance(holder, dict):
        holder[rng.choice([*KEYS, f"{place[-1]}2", str(place[-1]).upper(), ""])] = holder.pop(place[-1])
    else:
        rng.shuffle(holder)


def _add(tree: Tree, place: Place, _other: Place, rng: random.Random) -> None:
    _insert(at(tree, place[:-1]), copy.deepcopy(rng.choice([*JUNK, *SCHEMAS])), rng)


def _retype(tree: Tree, place: Place, _other: Place, _rng: random.Random) -> None:
    value = at(tree, place)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        put(tree, place, -value)
    else:
        put(tree, place, {"a": value} if isinstance(value, list) else [value])


MUTATIONS: tuple[Callable[[Tree, Place, Place, random.Random], None], ...] = (
    *(_remove, _junk, _schema, _swap, _copy, _copy_beside, _wrap, _refer, _rename, _add, _retype),
)


def _insert(holder: Tree, value: Tree, rng: random.Random) -> None:
    if isinstance(holder, dict):
        holder[rng.choice([*KEYS, "copy"])] = value
    else:
        holder.insert(rng.randint(0, len(holder)), value)


def _is_there(tree: Tree, place: Place) -> bool:
    try:
        at(tree, place)
    except (KeyError, IndexError, TypeError):
        return False
    return isinstance(at(tree, place[:-1]), (dict, list))


def _escaped(key: str | int) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def piece(tree: Tree, rng: random.Random) -> Tree:
    """A small spec out of a large one: a few paths, with the components that they refer to."""
    small = {key: value for key, value in tree.items() if key not in {"paths", "components", "definitions"}}
    paths = tree.get("paths") or {}
    names = rng.sample(sorted(paths), min(len(paths), rng.randint(1, 4)))
    small["paths"] = {name: paths[name] for name in names}
    small = copy.deepcopy(small)
    wanted = dict.fromkeys(_references(small))
    while wanted:
        reference = next(iter(wanted))
        del wanted[reference]
        place = tuple(part.replace("~1", "/").replace("~0", "~") for part in reference.split("/")[1:])
        if place[:1] in {("components",), ("definitions",)} and _is_there(tree, place) and not _is_there(small, place):
            around = small
            for key in place[:-1]:
                around = around.setdefault(key, {})
            around[place[-1]] = copy.deepcopy(at(tree, place))
            wanted.update(dict.fromkeys(_references(around[place[-1]])))
    return small


def _references(tree: Tree) -> Iterator[str]:
    for place in places(tree):
        value = at(tree, place)
        if place[-1] == "$ref" and isinstance(value, str):
            yield value


def shrink(trees: tuple[Tree, Tree], fails: Callable[[tuple[Tree, Tree]], bool]) -> tuple[Tree, Tree]:
    """The smallest pair found for which `fails` still holds, by removing pieces and putting simple values in place."""
    smaller = True
    while smaller:
        smaller = False
        for side in (0, 1, None):
            for place in sorted(set(places(trees[side or 0])), key=lambda one: (len(one), str(one))):
                for attempt in (_removed, _simple):
                    candidate = attempt(trees, place, side)
                    if candidate is not None and fails(candidate):
                        trees, smaller = candidate, True
                        break
    return trees


def _removed(trees: tuple[Tree, Tree], place: Place, side: int | None) -> tuple[Tree, Tree] | None:
    return _changed(trees, place, side, cut)


def _simple(trees: tuple[Tree, Tree], place: Place, side: int | None) -> tuple[Tree, Tree] | None:
    if side is None or not _is_there(trees[side], place) or at(trees[side], place) in ({}, "", [], None, True, 1):
        return None
    return _changed(trees, place, side, lambda tree, where: put(tree, where, {}))


def _changed(
    trees: tuple[Tree, Tree], place: Place, side: int | None, change: Callable[[Tree, Place], None]
) -> tuple[Tree, Tree] | None:
    candidate = copy.deepcopy(trees)
    for index in (0, 1) if side is None else (side,):
        if not _is_there(candidate[index], place):
            return None
        change(candidate[index], place)
    return candidate
