"""Pairs of specs that cost far more than they weigh, unless the comparer's work is bounded by what is written.

    python -m tests.fuzz.bombs --size 1000000 required-added one-of-lattice

Each kind is a function of a count; `pair` finds the count that makes a spec of about so many bytes. What grows is one
thing of one kind: branches, references, names, patterns. Every pair differs, so that no short cut ends the work.

Run as a program it compares each kind, or those that are named, at an eighth, a quarter, a half and the whole of a
size with `apidiff diff`, and says the CPU seconds (at the pace of `tests.pace`), the growth and the peak of memory. It
fails where the whole takes more than two seconds or 300 MB, or where eight times the size costs more than sixteen times
as much.
"""

import argparse
import copy
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.pace import pace

Tree = dict[str, Any]
Pair = tuple[Tree, Tree]
Maker = Callable[[int], Pair]

TEXT: Final[Tree] = {"type": "string"}
WHOLE: Final[Tree] = {"type": "integer"}
KINDS: Final[dict[str, Maker]] = {}


def kind(maker: Maker) -> Maker:
    """Note a kind under its name."""
    KINDS[maker.__name__.replace("_", "-")] = maker
    return maker


def pair(name: str, size: int) -> Pair:
    """A pair of a kind whose larger side has about `size` bytes."""
    count, weight = 8, 0
    while True:
        made = KINDS[name](count)
        weight = max(len(json.dumps(side)) for side in made)
        if abs(weight - size) < size / 10 or count > 10 * size:
            return made
        if (grown := max(2, int(count * size / weight))) == count:
            return made
        count = grown


def ref(name: str) -> Tree:
    return {"$ref": f"#/components/schemas/{name}"}


def spec(schemas: Tree, *, use: Tree | None = None, users: int = 1, **components: Tree) -> Tree:
    """A spec in which operations send and receive one schema."""
    use = ref("C0") if use is None else use
    media = {"application/json": {"schema": use}}
    operation = {"requestBody": {"content": media}, "responses": {"200": {"description": "", "content": media}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {f"/p{index}": {"post": copy.deepcopy(operation)} for index in range(users)},
        "components": {"schemas": schemas, **components},
    }


def edited(schemas: Tree, name: str, **keys: Any) -> Tree:
    """The same schemas, one of them with other keys."""
    return {**schemas, name: {**schemas[name], **keys}}


def both(schemas: Tree, name: str, **keys: Any) -> Pair:
    return spec(schemas), spec(edited(schemas, name, **keys))


# allOf ----------------------------------------------------------------------------------------------------------------


def _levels(count: int, keyword: str, width: int = 2) -> Tree:
    """Schemas of which each refers several times to the next."""
    made: Tree = {f"C{i}": {keyword: [ref(f"C{i + 1}")] * width} for i in range(count)}
    return {**made, f"C{count}": {"type": "object", "properties": {"a": TEXT}}}


@kind
def all_of_twice_the_next(count: int) -> Pair:
    return both(_levels(count, "allOf"), f"C{count}", properties={"a": WHOLE})


@kind
def all_of_chain(count: int) -> Pair:
    return both(_levels(count, "allOf", 1), f"C{count}", properties={"a": WHOLE})


@kind
def all_of_chain_of_properties(count: int) -> Pair:
    made = {
        f"C{i}": {"allOf": [ref(f"C{i + 1}")], "properties": {f"p{i}": TEXT}, "required": [f"p{i}"]}
        for i in range(count)
    }
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def all_of_chain_used_at_every_link(count: int) -> Pair:
    pair_ = all_of_chain_of_properties(count)
    for side in pair_:
        side["paths"] = {
            f"/p{i}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": ref(f"C{i}")}}}}}}
            for i in range(count)
        }
    return pair_


@kind
def all_of_chain_with_unions(count: int) -> Pair:
    made = {f"C{i}": {"allOf": [ref(f"C{i + 1}")], "oneOf": [ref(f"C{i + 1}"), ref(f"C{i}")]} for i in range(count)}
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def all_of_chain_edited_at_every_link(count: int) -> Pair:
    sides = [
        {f"C{i}": {"allOf": [ref(f"C{i + 1}")], "properties": {f"p{i}": one}} for i in range(count)} | {f"C{count}": {}}
        for one in (TEXT, WHOLE)
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def all_of_lattice(count: int) -> Pair:
    rows = max(count // 10, 1)
    made: Tree = {
        f"C{10 * row + column}": {"allOf": [ref(f"C{10 * (row + 1) + other}") for other in range(10)]}
        for row in range(rows)
        for column in range(10)
    }
    made |= {f"C{10 * rows + column}": {"properties": {f"a{column}": TEXT}} for column in range(10)}
    return both(made, f"C{10 * rows}", properties={"a0": WHOLE})


@kind
def all_of_many(count: int) -> Pair:
    branches = [{"properties": {f"p{i}": TEXT}, "minProperties": i} for i in range(count)]
    return both({"C0": {"allOf": branches}}, "C0", allOf=[*branches[1:], {"properties": {"p0": WHOLE}}])


@kind
def all_of_many_that_say_the_same_property(count: int) -> Pair:
    branches = [{"properties": {"p": {"properties": {f"q{i}": TEXT}}}} for i in range(count)]
    return both({"C0": {"allOf": branches}}, "C0", allOf=branches[1:])


@kind
def all_of_many_unions(count: int) -> Pair:
    branches = [{"oneOf": [{"required": [f"a{i}"]}, {"required": [f"b{i}"]}]} for i in range(count)]
    return both({"C0": {"allOf": branches}}, "C0", allOf=branches[1:])


@kind
def all_of_many_patterns(count: int) -> Pair:
    branches = [{"type": "string", "pattern": f"^a{i}"} for i in range(count)]
    return both({"C0": {"allOf": branches}}, "C0", allOf=branches[1:])


@kind
def all_of_many_formats_and_multiples(count: int) -> Pair:
    branches = [{"format": f"f{i}", "multipleOf": i + 1.5} for i in range(count)]
    return both({"C0": {"allOf": branches}}, "C0", allOf=branches[1:])


@kind
def all_of_circle(count: int) -> Pair:
    made = {f"C{i}": {"allOf": [ref(f"C{(i + 1) % count}")], "properties": {f"p{i}": TEXT}} for i in range(count)}
    return both(made, "C1", properties={"p1": WHOLE})


# oneOf and anyOf ------------------------------------------------------------------------------------------------------


def _unions(keyword: str) -> Iterator[Maker]:  # noqa: C901 - a list of kinds
    word = keyword.lower().replace("of", "_of")

    def made(name: str) -> Callable[[Maker], Maker]:
        def note(maker: Maker) -> Maker:
            maker.__name__ = f"{word}_{name}"
            return kind(maker)

        return note

    def union(branches: list[Tree], others: list[Tree], schemas: Tree | None = None) -> Pair:
        return spec({"C0": {keyword: branches}, **(schemas or {})}), spec({"C0": {keyword: others}, **(schemas or {})})

    @made("twice_the_next")
    def _(count: int) -> Pair:
        return both(_levels(count, keyword), f"C{count}", properties={"a": WHOLE})

    @made("chain")
    def _(count: int) -> Pair:
        return both(_levels(count, keyword, 1), f"C{count}", properties={"a": WHOLE})

    @made("nested")
    def _(count: int) -> Pair:
        def nested(depth: int, leaf: Tree) -> Tree:
            made = leaf
            for level in range(depth):
                made = {keyword: [{"properties": {f"p{level}": leaf}}, {"items": leaf}, made]}
            return made

        sides = [{f"C{i}": nested(22, leaf) for i in range(max(count // 22, 1))} for leaf in (TEXT, WHOLE)]
        return spec(sides[0]), spec(sides[1])

    @made("many_plain")
    def _(count: int) -> Pair:
        branches = [{"type": "string", "maxLength": i + 1} for i in range(count)]
        return union(branches, [{**one, "maxLength": one["maxLength"] + 1} for one in branches])

    @made("many_objects")
    def _(count: int) -> Pair:
        branches = [{"type": "object", "properties": {f"p{i}": TEXT, "q": WHOLE}} for i in range(count)]
        return union(branches, [{"type": "object", "properties": {f"r{i}": TEXT, "q": TEXT}} for i in range(count)])

    @made("many_alike")
    def _(count: int) -> Pair:
        branches = [{"type": "object", "properties": {"a": {"maxLength": i}}} for i in range(count)]
        return union(branches, [{"type": "object", "properties": {"a": {"maxLength": -i}}} for i in range(count)])

    @made("many_equal")
    def _(count: int) -> Pair:
        return union([{"type": "object"}] * count, [{"type": "object", "title": "a"}] * count)

    @made("many_references")
    def _(count: int) -> Pair:
        names = [f"D{i}" for i in range(count)]
        schemas = {name: {"type": "object", "properties": {name: TEXT}} for name in names}
        return union([ref(name) for name in names], [ref(name) for name in reversed(names[1:])], schemas)

    @made("many_renamed")
    def _(count: int) -> Pair:
        sides = [
            {f"{letter}{i}": {"type": "object", "properties": {f"p{i}": TEXT}} for i in range(count)}
            for letter in ("D", "E")
        ]
        return (
            spec({"C0": {keyword: [ref(name) for name in sides[0]]}, **sides[0]}),
            spec({"C0": {keyword: [ref(name) for name in sides[1]]}, **sides[1]}),
        )

    @made("many_constants")
    def _(count: int) -> Pair:
        branches = [{"properties": {"kind": {"const": f"k{i}"}}, "required": ["kind"]} for i in range(count)]
        others = [{"properties": {"kind": {"const": f"l{i}"}}, "required": ["kind"]} for i in range(count)]
        return union(branches, others)

    @made("many_values")
    def _(count: int) -> Pair:
        return union([{"const": f"k{i}"} for i in range(count)], [{"const": f"l{i}"} for i in range(count)])

    @made("many_titles")
    def _(count: int) -> Pair:
        branches = [{"title": f"t{i}", "type": "object", "properties": {"a": TEXT}} for i in range(count)]
        return union(branches, [{**one, "properties": {"a": WHOLE}} for one in branches])

    @made("many_to_one")
    def _(count: int) -> Pair:
        return union([{"type": "string", "maxLength": i} for i in range(count)], [{"type": "array"}])

    @made("to_the_other")
    def _(count: int) -> Pair:
        branches = [{"type": "object", "properties": {f"p{i}": TEXT}} for i in range(count)]
        other = "anyOf" if keyword == "oneOf" else "oneOf"
        return spec({"C0": {keyword: branches}}), spec({"C0": {other: branches}})

    @made("children_of_a_parent")
    def _(count: int) -> Pair:
        children = {f"D{i}": {"allOf": [ref("C0"), {"properties": {f"p{i}": TEXT}}]} for i in range(count)}
        parent = {
            "type": "object",
            "properties": {"kind": TEXT},
            "required": ["kind"],
            "discriminator": {"propertyName": "kind"},
            keyword: [ref(name) for name in children],
        }
        return both({"C0": parent, **children}, "C0", properties={"kind": TEXT, "more": WHOLE})

    @made("many_of_many_children")
    def _(count: int) -> Pair:
        half = count // 2
        branches = [{"properties": {f"p{i}": TEXT}, "minProperties": i} for i in range(half)]
        sides = [
            {"C0": {"properties": {f"d{i}": ref(f"D{i}") for i in range(half)}}, "E": {keyword: branches}}
            | {f"D{i}": {"allOf": [ref("E"), {"properties": {f"q{i}": one}}]} for i in range(half)}
            for one in (TEXT, WHOLE)
        ]
        return spec(sides[0]), spec(sides[1])

    @made("a_property_of_each")
    def _(count: int) -> Pair:
        properties = {f"p{i}": {keyword: [TEXT, {"type": "array", "items": ref("D")}, ref("D")]} for i in range(count)}
        sides = [{"C0": {"properties": properties}, "D": {"properties": {"a": one}}} for one in (TEXT, WHOLE)]
        return spec(sides[0]), spec(sides[1])

    @made("lattice")
    def _(count: int) -> Pair:
        rows = max(count // 5, 1)
        schemas: Tree = {
            f"C{5 * row + column}": {keyword: [ref(f"C{5 * (row + 1) + other}") for other in range(5)]}
            for row in range(rows)
            for column in range(5)
        }
        schemas |= {f"C{5 * rows + column}": {"properties": {f"a{column}": TEXT}} for column in range(5)}
        return both(schemas, f"C{5 * rows}", properties={"a0": WHOLE})

    @made("crossed")
    def _(count: int) -> Pair:
        width = max(int(count**0.5), 2)
        schemas: Tree = {f"D{i}": {"properties": {f"p{i}": TEXT, "q": ref("C1")}} for i in range(width)}
        schemas |= {f"C{i}": {keyword: [ref(f"D{j}") for j in range(width)]} for i in range(width)}
        return both(schemas, "D0", properties={"p0": WHOLE})

    yield from ()


list(_unions("oneOf"))
list(_unions("anyOf"))


@kind
def not_chain(count: int) -> Pair:
    made = {f"C{i}": {"not": ref(f"C{i + 1}")} for i in range(count)}
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def conditions(count: int) -> Pair:
    sides = [
        {
            f"C{i}": {
                "if": {"properties": {"k": {"const": i}}},
                "then": ref(f"C{i + 1}"),
                "else": {"properties": {"a": {"maxLength": limit}}},
            }
            for i in range(count)
        }
        | {f"C{count}": {"maxProperties": limit}}
        for limit in (5, 6)
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def conditions_of_one(count: int) -> Pair:
    sides = [
        {
            "C0": {
                "allOf": [
                    {"if": {"properties": {"k": {"const": i}}}, "then": {"properties": {"a": {"maxLength": limit}}}}
                    for i in range(count)
                ]
            }
        }
        for limit in (5, 6)
    ]
    return spec(sides[0]), spec(sides[1])


# required, enum, properties -------------------------------------------------------------------------------------------


@kind
def required_added(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    return spec({"C0": {"type": "object"}}), spec({"C0": {"type": "object", "required": names}})


@kind
def required_dropped(count: int) -> Pair:
    return required_added(count)[::-1]


@kind
def required_of_declared(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    made = {"type": "object", "properties": dict.fromkeys(names, TEXT)}
    return spec({"C0": made}), spec({"C0": {**made, "required": names}})


@kind
def dependent_required(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    return spec({"C0": {}}), spec({"C0": {"dependentRequired": {"a": names, "b": names}}})


@kind
def enum_added(count: int) -> Pair:
    values = [f"v{i}" for i in range(count)]
    return spec({"C0": {"enum": ["a"]}}), spec({"C0": {"enum": ["a", *values]}})


@kind
def enum_replaced(count: int) -> Pair:
    return spec({"C0": {"enum": [f"v{i}" for i in range(count)]}}), spec(
        {"C0": {"enum": [f"w{i}" for i in range(count)]}}
    )


@kind
def enum_renamed(count: int) -> Pair:
    sides = [{"C0": {"enum": [f"order_of_{i}_{word}" for i in range(count)]}} for word in ("cancelled", "canceled")]
    return spec(sides[0]), spec(sides[1])


@kind
def enum_of_numbers(count: int) -> Pair:
    values = [*range(count)]
    return spec({"C0": {"enum": values}}), spec({"C0": {"enum": [value + 0.5 for value in values], "minimum": 3}})


@kind
def enum_of_objects(count: int) -> Pair:
    return spec({"C0": {"enum": [{"a": i} for i in range(count)]}}), spec({"C0": {"enum": [[i] for i in range(count)]}})


@kind
def enum_and_pattern(count: int) -> Pair:
    sides = [
        {"C0": {"enum": [f"v{i}" for i in range(count)], "pattern": pattern}} for pattern in ("^v[0-4]", "^v[3-9]")
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def enum_set(count: int) -> Pair:
    return spec({"C0": {"type": "string", "pattern": "1"}}), spec({"C0": {"enum": [f"v{i}" for i in range(count)]}})


def _properties(names: list[str], one: Tree = TEXT) -> Tree:
    return {"C0": {"type": "object", "properties": dict.fromkeys(names, one)}}


@kind
def properties_added(count: int) -> Pair:
    return spec(_properties([])), spec(_properties([f"p{i}" for i in range(count)]))


@kind
def properties_removed(count: int) -> Pair:
    return properties_added(count)[::-1]


@kind
def properties_replaced(count: int) -> Pair:
    return spec(_properties([f"p{i}" for i in range(count)])), spec(_properties([f"q{i}" for i in range(count)]))


@kind
def properties_renamed(count: int) -> Pair:
    return (
        spec(_properties([f"the_{i}_first_name" for i in range(count)])),
        spec(_properties([f"the_{i}_given_first_name" for i in range(count)])),
    )


@kind
def properties_split(count: int) -> Pair:
    return (
        spec(_properties([f"name{i}" for i in range(count)])),
        spec(_properties([f"{word}Name{i}" for i in range(count) for word in ("first", "last")])),
    )


@kind
def properties_retyped(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    return spec(_properties(names)), spec(_properties(names, WHOLE))


@kind
def properties_that_are_required(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    sides = [{"C0": {"properties": dict.fromkeys(names, one), "required": names}} for one in (TEXT, WHOLE)]
    return spec(sides[0]), spec(sides[1])


@kind
def properties_of_a_map(count: int) -> Pair:
    names = [f"p{i}" for i in range(count)]
    made = {"C0": {"additionalProperties": {"properties": {"a": TEXT}}}}
    return spec(made), spec({"C0": {"properties": {name: {"properties": {"a": WHOLE}} for name in names}}})


@kind
def properties_in_a_closed_object(count: int) -> Pair:
    sides = properties_replaced(count)
    for side in sides:
        side["components"]["schemas"]["C0"]["additionalProperties"] = False
    return sides


@kind
def properties_deep(count: int) -> Pair:
    def deep(leaf: Tree) -> Tree:
        for _ in range(60):
            leaf = {"type": "object", "properties": {"a": leaf}, "required": ["a"]}
        return leaf

    sides = [{f"C{i}": deep(leaf) for i in range(max(count // 60, 1))} for leaf in (TEXT, WHOLE)]
    return spec(sides[0]), spec(sides[1])


@kind
def positions(count: int) -> Pair:
    return spec({"C0": {"prefixItems": [TEXT] * count}}), spec({"C0": {"prefixItems": [WHOLE] * count}})


@kind
def examples(count: int) -> Pair:
    return spec({"C0": {"examples": [*range(count)]}}), spec({"C0": {"examples": [*range(1, count)]}})


@kind
def extensions(count: int) -> Pair:
    sides = [{"C0": {f"x-{i}": value for i in range(count)}} for value in (1, 2)]
    return spec(sides[0]), spec(sides[1])


@kind
def mapping(count: int) -> Pair:
    schemas = {f"D{i}": {"properties": {"k": TEXT}} for i in range(count)}
    sides = [
        {
            "C0": {
                "oneOf": [ref(name) for name in schemas],
                "discriminator": {"propertyName": "k", "mapping": {f"{word}{i}": f"D{i}" for i in range(count)}},
            },
            **schemas,
        }
        for word in "ab"
    ]
    return spec(sides[0]), spec(sides[1])


# references -----------------------------------------------------------------------------------------------------------


@kind
def reference_chain(count: int) -> Pair:
    made = {f"C{i}": ref(f"C{i + 1}") for i in range(count)}
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def reference_chain_with_siblings(count: int) -> Pair:
    made = {f"C{i}": {**ref(f"C{i + 1}"), "minProperties": i} for i in range(count)}
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def reference_chain_by_property(count: int) -> Pair:
    made = {f"C{i}": {"properties": {"next": ref(f"C{i + 1}")}} for i in range(count)}
    return both({**made, f"C{count}": {"properties": {"a": TEXT}}}, f"C{count}", properties={"a": WHOLE})


@kind
def reference_circle_by_property(count: int) -> Pair:
    made = {f"C{i}": {"properties": {"next": ref(f"C{(i + 1) % count}"), "a": TEXT}} for i in range(count)}
    return both(made, f"C{count // 2}", properties={"a": WHOLE})


@kind
def reference_circles_of_unlike_length(count: int) -> Pair:
    sides = [
        {f"C{i}": {"properties": {"next": ref(f"C{(i + 1) % length}"), "a": one}} for i in range(length)}
        for length, one in ((count, TEXT), (count + 1, WHOLE))
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def reference_web_of_required(count: int) -> Pair:
    width = max(int(count**0.5), 2)
    names = [f"p{j}" for j in range(width)]
    sides = [
        {
            f"C{i}": {
                "properties": {name: ref(f"C{j}") for j, name in enumerate(names)} | {"a": one},
                "required": [*names, "a"],
            }
            for i in range(width)
        }
        for one in (TEXT, WHOLE)
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def reference_web(count: int) -> Pair:
    width = max(int(count**0.5), 2)
    made = {f"C{i}": {"properties": {f"p{j}": ref(f"C{j}") for j in range(width)} | {"a": TEXT}} for i in range(width)}
    return both(made, "C1", properties={"a": WHOLE})


@kind
def reference_web_edited_everywhere(count: int) -> Pair:
    width = max(int(count**0.5), 2)
    sides = [
        {f"C{i}": {"properties": {f"p{j}": ref(f"C{j}") for j in range(width)} | {"a": one}} for i in range(width)}
        for one in (TEXT, WHOLE)
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def references_through_references(count: int) -> Pair:
    made: Tree = {"C0": {"properties": {"a": TEXT}}}
    made |= {f"C{i + 1}": {"properties": {"a": ref(f"C{i}/properties/a")}} for i in range(count)}
    sides = [{**made, "C0": {"properties": {"a": one}}} for one in (TEXT, WHOLE)]
    return spec(sides[0], use=ref(f"C{count}")), spec(sides[1], use=ref(f"C{count}"))


@kind
def references_of_every_operation(count: int) -> Pair:
    made = {f"C{i}": {"properties": {"next": ref(f"C{i + 1}")}} for i in range(count)}
    sides = [spec({**made, f"C{count}": {"properties": {"a": one}}}) for one in (TEXT, WHOLE)]
    for side in sides:
        side["paths"] = {
            f"/p{i}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": ref(f"C{i}")}}}}}}
            for i in range(count)
        }
    return sides[0], sides[1]


@kind
def references_by_long_names(count: int) -> Pair:
    long = "n" * 2000
    made = {f"{long}{i}": {"properties": {"a": TEXT, "next": ref(f"{long}{i + 1}")}} for i in range(count)}
    made |= {f"{long}{count}": {"properties": {"a": TEXT}}}
    return (
        spec(made, use=ref(f"{long}0")),
        spec(edited(made, f"{long}{count}", properties={"a": WHOLE}), use=ref(f"{long}0")),
    )


def _operation(**keys: Any) -> Tree:
    return {"responses": {"200": {"description": ""}}, **keys}


def _document(paths: Tree, **components: Tree) -> Tree:
    info = {"title": "t", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": components}


@kind
def parameter_references(count: int) -> Pair:
    def side(one: Tree) -> Tree:
        made = {f"P{i}": {"$ref": f"#/components/parameters/P{i + 1}"} for i in range(count)}
        last = {"name": "a", "in": "query", "schema": one}
        use = _operation(parameters=[{"$ref": "#/components/parameters/P0"}])
        return _document({"/a": {"get": use}}, parameters={**made, f"P{count}": last})

    return side(TEXT), side(WHOLE)


@kind
def path_item_references(count: int) -> Pair:
    def side(one: Tree) -> Tree:
        made = {f"I{i}": {"$ref": f"#/components/pathItems/I{i + 1}"} for i in range(count)}
        last = {"get": _operation(parameters=[{"name": "a", "in": "query", "schema": one}])}
        return _document({"/a": {"$ref": "#/components/pathItems/I0"}}, pathItems={**made, f"I{count}": last})

    return side(TEXT), side(WHOLE)


# callbacks ------------------------------------------------------------------------------------------------------------


def _calling(count: int, width: int, one: Tree) -> Tree:
    """Path items whose operation calls back, several times, with the next one."""
    items: Tree = {
        f"I{i}": {
            "post": _operation(
                callbacks={f"c{j}": {"{$url}": {"$ref": f"#/components/pathItems/I{i + 1}"}} for j in range(width)}
            )
        }
        for i in range(count)
    }
    items[f"I{count}"] = {"post": _operation(parameters=[{"name": "a", "in": "query", "schema": one}])}
    return _document({"/a": {"$ref": "#/components/pathItems/I0"}}, pathItems=items)


@kind
def callbacks_chain(count: int) -> Pair:
    return _calling(count, 1, TEXT), _calling(count, 1, WHOLE)


@kind
def callbacks_twice_the_next(count: int) -> Pair:
    return _calling(count, 2, TEXT), _calling(count, 2, WHOLE)


@kind
def callbacks_of_the_path_itself(count: int) -> Pair:
    def side(one: Tree) -> Tree:
        calls = {f"c{i}": {"{$url}": {"$ref": "#/paths/~1a"}} for i in range(count)}
        use = _operation(callbacks=calls, parameters=[{"name": "a", "in": "query", "schema": one}])
        return _document({"/a": {"post": use}})

    return side(TEXT), side(WHOLE)


@kind
def callbacks_in_circles_of_unlike_length(count: int) -> Pair:
    def side(length: int, one: Tree) -> Tree:
        items = {
            f"I{i}": {
                "post": _operation(
                    callbacks={"c": {"{$url}": {"$ref": f"#/components/pathItems/I{(i + 1) % length}"}}},
                    parameters=[{"name": "a", "in": "query", "schema": one}],
                )
            }
            for i in range(length)
        }
        return _document({"/a": {"$ref": "#/components/pathItems/I0"}}, pathItems=items)

    return side(count, TEXT), side(count + 1, WHOLE)


@kind
def callbacks_all_of_all(count: int) -> Pair:
    width = max(int(count**0.5), 2)

    def side(one: Tree) -> Tree:
        items = {
            f"/p{i}": {
                "post": _operation(
                    callbacks={f"c{j}": {"{$url}": {"$ref": f"#/paths/~1p{j}"}} for j in range(width)},
                    parameters=[{"name": "a", "in": "query", "schema": one}],
                )
            }
            for i in range(width)
        }
        return _document(items)

    return side(TEXT), side(WHOLE)


@kind
def callbacks_shared(count: int) -> Pair:
    def side(one: Tree) -> Tree:
        call = {"{$url}": {"post": _operation(parameters=[{"name": "a", "in": "query", "schema": one}])}}
        use = {"c": {"$ref": "#/components/callbacks/c"}}
        return _document({f"/p{i}": {"post": _operation(callbacks=use)} for i in range(count)}, callbacks={"c": call})

    return side(TEXT), side(WHOLE)


# patterns -------------------------------------------------------------------------------------------------------------

EVIL: Final = ("(a+)+$", "(a|a)*b", "(.*a){20}", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "a{1,1000}{1,1000}")


@kind
def patterns_of_each_property(count: int) -> Pair:
    sides = [
        {
            "C0": {
                "properties": {
                    f"p{i}": {"type": "string", "pattern": f"^[a-z]{{{i % 50},}}{tail}"} for i in range(count)
                }
            }
        }
        for tail in ("[0-9]$", "[0-8]$")
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def patterns_that_explode(count: int) -> Pair:
    sides = [
        {
            "C0": {
                "properties": {
                    f"p{i}": {"type": "string", "pattern": EVIL[(i + shift) % len(EVIL)]} for i in range(count)
                }
            }
        }
        for shift in (0, 1)
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_of_many_words(count: int) -> Pair:
    sides = [
        {"C0": {"type": "string", "pattern": f"^({'|'.join(f'{word}{i}' for i in range(count))})$"}} for word in "ab"
    ]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_of_many_parts(count: int) -> Pair:
    sides = [{"C0": {"type": "string", "pattern": f"[{word}b]?" * count}} for word in "ac"]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_in_brackets(count: int) -> Pair:
    sides = [{"C0": {"type": "string", "pattern": "(" * count + word + ")" * count}} for word in "ac"]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_of_repeats(count: int) -> Pair:
    sides = [{"C0": {"type": "string", "pattern": f"({word}{{500}}){{500}}" * count}} for word in "ac"]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_properties(count: int) -> Pair:
    sides = [{"C0": {"patternProperties": {f"^p{i}": one for i in range(count)}}} for one in (TEXT, WHOLE)]
    return spec(sides[0]), spec(sides[1])


@kind
def pattern_properties_replaced(count: int) -> Pair:
    sides = [{"C0": {"patternProperties": {f"^{word}{i}": TEXT for i in range(count)}}} for word in "pq"]
    return spec(sides[0]), spec(sides[1])


# around the schemas ---------------------------------------------------------------------------------------------------


@kind
def parameters(count: int) -> Pair:
    sides = [
        _document(
            {
                "/a": {
                    "get": _operation(
                        parameters=[{"name": f"p{i}", "in": "query", "schema": one} for i in range(count)]
                    )
                }
            }
        )
        for one in (TEXT, WHOLE)
    ]
    return sides[0], sides[1]


@kind
def parameters_of_every_path(count: int) -> Pair:
    width = count // 2
    sides = [
        _document(
            {f"/p{i}": {"$ref": "#/components/pathItems/P"} for i in range(width)},
            pathItems={
                "P": {
                    "parameters": [{"name": f"p{i}", "in": "query", "schema": one} for i in range(width)],
                    "get": _operation(),
                }
            },
        )
        for one in (TEXT, WHOLE)
    ]
    return sides[0], sides[1]


@kind
def parameters_of_every_method(count: int) -> Pair:
    width = count // 2
    sides = [
        {
            **_document(
                {
                    "/a": {
                        "parameters": [{"name": f"p{i}", "in": "query", "schema": one} for i in range(width)],
                        "additionalOperations": {f"M{i}": _operation() for i in range(width)},
                    }
                }
            ),
            "openapi": "3.2.0",
        }
        for one in (TEXT, WHOLE)
    ]
    return sides[0], sides[1]


@kind
def parameters_replaced(count: int) -> Pair:
    sides = [
        _document(
            {
                "/a": {
                    "get": _operation(
                        parameters=[{"name": f"{word}{i}", "in": "query", "schema": TEXT} for i in range(count)]
                    )
                }
            }
        )
        for word in ("given", "taken")
    ]
    return sides[0], sides[1]


@kind
def media_types(count: int) -> Pair:
    sides = [
        _document(
            {"/a": {"get": {"responses": {"200": {"content": {f"application/{word}{i}": {} for i in range(count)}}}}}}
        )
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def headers(count: int) -> Pair:
    sides = [
        _document(
            {"/a": {"get": {"responses": {"200": {"headers": {f"{word}{i}": {"schema": TEXT} for i in range(count)}}}}}}
        )
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def statuses(count: int) -> Pair:
    sides = [
        _document({"/a": {"get": {"responses": {f"{first}{i:02}": {"description": ""} for i in range(count)}}}})
        for first in "24"
    ]
    return sides[0], sides[1]


@kind
def tags(count: int) -> Pair:
    sides = [_document({"/a": {"get": _operation(tags=[f"{word}{i}" for i in range(count)])}}) for word in "ab"]
    return sides[0], sides[1]


@kind
def servers(count: int) -> Pair:
    sides = [
        {
            **_document({"/a": {"get": _operation()}}),
            "servers": [{"url": f"https://{word}{i}.example"} for i in range(count)],
        }
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def servers_with_variables(count: int) -> Pair:
    choice = {"default": "0", "enum": [str(value) for value in range(16)]}
    sides = [
        {
            **_document({"/a": {"get": _operation()}}),
            "servers": [
                {"url": f"https://{{x}}.{{y}}.{word}{i}.example", "variables": {"x": choice, "y": choice}}
                for i in range(count)
            ],
        }
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def servers_with_free_variables(count: int) -> Pair:
    free = {"x": {"default": "0"}}
    sides = [
        {
            **_document({"/a": {"get": _operation()}}),
            "servers": [{"url": f"https://{{x}}.{word}{i}.example", "variables": free} for i in range(count)],
        }
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def security(count: int) -> Pair:
    sides = [
        {
            **_document(
                {"/a": {"get": _operation()}},
                securitySchemes={
                    f"{word}{i}": {"type": "apiKey", "in": "header", "name": f"{word}{i}"} for i in range(count)
                },
            ),
            "security": [{f"{word}{i}": []} for i in range(count)],
        }
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def security_of_every_operation(count: int) -> Pair:
    width = count // 2
    sides = [
        {
            **_document(
                {f"/p{i}": {"get": _operation()} for i in range(width)},
                securitySchemes={f"s{i}": {"type": "http", "scheme": f"s{i}"} for i in range(width)},
            ),
            "security": [{f"s{i}": []} for i in range(first, width)],
        }
        for first in (0, 1)
    ]
    return sides[0], sides[1]


@kind
def security_schemes_renamed(count: int) -> Pair:
    sides = [
        _document(
            {"/a": {"get": _operation()}},
            securitySchemes={f"scheme_{word}_{i}": {"type": "http", "scheme": "basic"} for i in range(count)},
        )
        for word in ("one", "two")
    ]
    return sides[0], sides[1]


@kind
def scopes(count: int) -> Pair:
    sides = [
        {
            **_document(
                {"/a": {"get": _operation()}},
                securitySchemes={
                    "o": {
                        "type": "oauth2",
                        "flows": {
                            "implicit": {
                                "authorizationUrl": "https://a.example",
                                "scopes": {f"{word}{i}": "" for i in range(count)},
                            }
                        },
                    }
                },
            ),
            "security": [{"o": [f"{word}{i}" for i in range(count)]}],
        }
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def links(count: int) -> Pair:
    sides = [
        _document(
            {
                "/a": {
                    "get": {
                        "responses": {"200": {"links": {f"l{i}": {"operationId": f"{word}{i}"} for i in range(count)}}}
                    }
                }
            }
        )
        for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def paths(count: int) -> Pair:
    sides = [
        _document({f"/{word}{i}": {"get": {"summary": "s", **_operation()}} for i in range(count)}) for word in "ab"
    ]
    return sides[0], sides[1]


@kind
def paths_moved(count: int) -> Pair:
    sides = [
        _document({f"/{word}/x/y/{i}/z/w/end": {"get": {"summary": "the same", **_operation()}} for i in range(count)})
        for word in ("alpha", "beta")
    ]
    return sides[0], sides[1]


@kind
def paths_edited(count: int) -> Pair:
    sides = [
        _document(
            {
                f"/p{i}": {"get": _operation(parameters=[{"name": "a", "in": "query", "schema": one}])}
                for i in range(count)
            }
        )
        for one in (TEXT, WHOLE)
    ]
    return sides[0], sides[1]


@kind
def servers_of_every_method(count: int) -> Pair:
    w = count // 2
    sides = [
        {
            **_document(
                {
                    "/a": {
                        "servers": [{"url": f"https://{x}{i}.example"} for i in range(w)],
                        "additionalOperations": {f"M{i}": _operation() for i in range(w)},
                    }
                }
            ),
            "openapi": "3.2.0",
        }
        for x in "ab"
    ]
    return sides[0], sides[1]


@kind
def produces_of_every_operation(count: int) -> Pair:
    w = count // 2
    sides = [
        {
            "swagger": "2.0",
            "info": {"title": "t", "version": "1"},
            "produces": [f"application/{x}{i}" for i in range(w)],
            "paths": {
                f"/p{i}": {"get": {"responses": {"200": {"description": "", "schema": {"type": "string"}}}}}
                for i in range(w)
            },
        }
        for x in "ab"
    ]
    return sides[0], sides[1]


@kind
def operations_of_one_response(count: int) -> Pair:
    w = count // 2
    sides = [
        _document(
            {f"/p{i}": {"get": {"responses": {"200": {"$ref": "#/components/responses/R"}}}} for i in range(w)},
            responses={
                "R": {
                    "description": "",
                    "headers": {f"{x}{i}": {"schema": TEXT} for i in range(w)},
                    "content": {f"a/{x}{i}": {} for i in range(w)},
                    "links": {f"{x}{i}": {"operationId": "q"} for i in range(w)},
                }
            },
        )
        for x in "ab"
    ]
    return sides[0], sides[1]


@kind
def responses_of_many_headers(count: int) -> Pair:
    w = count // 2
    sides = [
        _document(
            {
                "/a": {
                    "get": {
                        "responses": {
                            f"{200 + i}" if i < 300 else f"x{i}": {"$ref": "#/components/responses/R"} for i in range(w)
                        }
                    }
                }
            },
            responses={"R": {"description": "", "headers": {f"{x}{i}": {"schema": TEXT} for i in range(w)}}},
        )
        for x in "ab"
    ]
    return sides[0], sides[1]


@kind
def dynamic_references(count: int) -> Pair:
    sides = [
        spec(
            {
                f"C{i}": {
                    "$dynamicAnchor": f"a{i % 7}",
                    "properties": {"n": {"$dynamicRef": f"#a{(i + 1) % 7}"}, "a": one},
                }
                for i in range(count)
            }
        )
        for one in (TEXT, WHOLE)
    ]
    return sides[0], sides[1]


@kind
def properties_and_patterns(count: int) -> Pair:
    w = count // 2
    sides = [
        spec(
            {
                "C0": {
                    "properties": {f"p{i}": one for i in range(w)},
                    "patternProperties": {f"^{x}{i}": one for i in range(w)},
                }
            }
        )
        for x, one in (("p", TEXT), ("q", WHOLE))
    ]
    return sides[0], sides[1]


@kind
def path_of_many_segments(count: int) -> Pair:
    sides = [
        _document(
            {
                "/" + "/".join(f"{{{x}{i}}}" for i in range(count)): {
                    "get": _operation(
                        parameters=[
                            {"name": f"{x}{i}", "in": "path", "required": True, "schema": TEXT} for i in range(count)
                        ]
                    )
                }
            }
        )
        for x in "ab"
    ]
    return sides[0], sides[1]


def any_pair(rng: random.Random, *, most: int) -> tuple[str, Pair]:
    """A pair of some kind and size, either way round."""
    name = rng.choice(sorted(KINDS))
    made: Pair = json.loads(json.dumps(KINDS[name](rng.randint(2, most))))  # what a kind repeats is one object
    return name, (made[0], made[1]) if rng.random() < 0.5 else (made[1], made[0])


# the measurement ------------------------------------------------------------------------------------------------------

PARTS: Final = (8, 4, 2, 1)
MOST_SECONDS: Final = 2.0
MOST_MEGABYTES: Final = 300
MOST_GROWTH: Final = 2.0
"""How many times linear."""
GIVEN_UP: Final = 120
"""CPU seconds after which a case is ended."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one comparison took: CPU seconds as they came and at the pace of the moment, and its peak in megabytes."""

    seconds: float
    paced: float
    megabytes: float
    outcome: str


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (GIVEN_UP, GIVEN_UP))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def cost(one: Tree, two: Tree) -> Cost:
    """What `apidiff diff` of two specs takes, as a program of its own, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("base.json", "revision.json")]
        for file, side in zip(files, (one, two), strict=True):
            file.write_text(json.dumps(side))
        command = [sys.executable, "-m", "apidiff", "diff", *map(str, files), "--format", "json", "--fail-on", "never"]
        speed = pace()
        with (Path(folder) / "out").open("wb") as out:
            child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, preexec_fn=_limit)  # noqa: PLW1509
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        written = (Path(folder) / "out").read_bytes()
    seconds = used.ru_utime + used.ru_stime
    count = written.count(b'"rule":')
    outcome = f"exit {child.returncode}: {_last(written)}" if child.returncode else f"{count:,} changes"
    return Cost(seconds, seconds / speed, used.ru_maxrss / 1024, outcome)


def _last(written: bytes) -> str:
    return written.decode(errors="replace").strip().rpartition("\n")[2][:100]


def measured(name: str, size: int, *, parts: tuple[int, ...] = PARTS) -> tuple[str, bool]:
    """A line about one kind, and whether it keeps within the bounds."""
    pairs = [pair(name, size // part) for part in parts]
    weights = [max(len(json.dumps(side)) for side in made) for made in pairs]
    costs = [max((cost(*made), cost(*made[::-1])), key=lambda one: one.paced) for made in pairs]
    start_up = cost(*[_document({})] * 2).paced
    own = [max(one.paced - start_up, 0.05) for one in costs]
    growth = own[-1] / own[0] / (weights[-1] / weights[0])
    whole = costs[-1]
    is_good = whole.paced <= MOST_SECONDS and whole.megabytes <= MOST_MEGABYTES and growth <= MOST_GROWTH
    took = " ".join(f"{one.paced:6.2f}" for one in costs)
    return (
        f"{'ok  ' if is_good else 'OVER'} {name:44}{took} s ({whole.seconds:.1f} here){whole.megabytes:6.0f} MB  "
        f"{growth:4.1f} x linear  {weights[-1]:,} B  {whole.outcome}"
    ), is_good


def main() -> int:
    """Measures the kinds that the command line names, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kinds", nargs="*", choices=[[], *sorted(KINDS)], metavar="KIND")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--whole", action="store_true", help="only the whole size, and no growth")
    options = parser.parse_args()
    are_good = []
    for name in options.kinds or sorted(KINDS):
        line, is_good = measured(name, options.size, parts=(1,) if options.whole else PARTS)
        print(line, flush=True)
        are_good.append(is_good)
    print(f"{are_good.count(False)} of {len(are_good)} kinds over 2 s, 300 MB or twice linear")
    return 0 if all(are_good) else 1


if __name__ == "__main__":
    sys.exit(main())
