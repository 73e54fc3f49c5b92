"""Blame finds by its index whom a look at every edit finds."""

import random

from apidiff.expand.blame import Blame
from apidiff.expand.tree import Trees
from apidiff.load.values import references
from apidiff.words.pointer import Pointer, parse

NAMES = ("A", "B", "C")


def nearest(made: list[tuple[int, list[Pointer]]], trees: Trees, place: Pointer) -> list[int]:
    """The same, said as plainly as can be."""

    def home(one: Pointer) -> tuple[str, ...]:
        return one.segments[:3]

    def ends(one: tuple[str, ...]) -> set[tuple[str, ...]]:
        node = trees[""]
        for segment in one:
            node = node.get(segment, {}) if isinstance(node, dict) else {}
        return {tuple(reference[2:].split("/")) for reference in references(node)}

    ways = (
        lambda one: all(mine == theirs for mine, theirs in zip(one.segments, place.segments, strict=False)),
        lambda one: home(one) == home(place),
        lambda one: home(place) in ends(home(one)) or home(one) in ends(home(place)),
    )
    for way in ways:
        if found := [number for number, touched in made if any(map(way, touched))]:
            return found
    return []


def test_it_finds_whom_a_look_at_every_edit_finds() -> None:
    dice = random.Random(7)
    schemas = {name: {"properties": {one: {"$ref": f"#/components/schemas/{one}"} for one in dice.sample(NAMES, dice.randint(0, 2))}} for name in NAMES}  # fmt: skip  # noqa: E501
    trees = Trees({"": {"components": {"schemas": schemas}}})
    inside = [f"#/components/schemas/{name}{rest}" for name in (*NAMES, "D") for rest in ("", "/type", "/properties/a")]
    places = ["#/components", "#/components/schemas", *inside]
    for _ in range(300):
        made = [(number, [parse(dice.choice(places)) for _ in range(dice.randint(0, 2))]) for number in range(3)]
        place = parse(dice.choice(places))
        assert Blame(made, trees).near(place) == nearest(made, trees, place)
