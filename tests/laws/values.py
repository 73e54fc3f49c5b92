"""Values at the edges of what small schemas allow: enough of them to show every difference between two schemas."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

Schema = dict[str, Any]

BASIC: tuple[Any, ...] = (None, True, False, 0, 1, -1, 2, 0.5, "", "a", "b", "zz", [], ["a"], {}, {"zz": 1})
STRINGS = (
    "a",
    "ab",
    "abc",
    "b",
    "ba",
    "cb",
    "xyz",
    "zz",
    "12",
    "1",
    "A",
    "A1",
    "aB",
    "Ab",
    "a1",
    "1a",
    "7b",
    "ab1",
    "-",
    "",
)
FORMATTED = (
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "123e4567-e89b-12d3-a456-426614174000",
    "a@example.com",
    "192.0.2.1",
)


def pool(*schemas: Schema) -> list[Any]:
    """The values that tell schemas like these apart, simple ones first, each once."""
    return _unique(value for schema in schemas for value in (*_probe(schemas, schema), *BASIC))


def _unique(values: Iterable[Any]) -> list[Any]:
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(repr(value), value)
    return list(found.values())


def _probe(sides: tuple[Schema, ...], schema: Schema) -> Iterator[Any]:
    yield from _scalars(schema)
    if any(
        keyword in schema for keyword in ("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems")
    ):
        yield from _arrays(schema, sides)
    if schema.get("type") == "object":
        yield from _objects(schema, sides)
    for keyword in ("oneOf", "anyOf", "allOf"):
        for branch in schema.get(keyword, ()):
            yield from _probe((branch, *_same_branch(sides, branch)), branch)
    if "not" in schema:
        yield from _scalars(schema["not"])


def _same_branch(sides: tuple[Schema, ...], branch: Schema) -> list[Schema]:
    """The branches of the other side with the same tag: their properties are edited forms of these."""
    tag = branch.get("properties", {}).get("kind")
    others = [other for side in sides for keyword in ("oneOf", "anyOf") for other in side.get(keyword, ())]
    return [other for other in others if tag is not None and other.get("properties", {}).get("kind") == tag]


def _scalars(schema: Schema) -> Iterator[Any]:
    yield from schema.get("enum", ())
    if "const" in schema:
        yield schema["const"]
    for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if keyword in schema:
            yield from (schema[keyword] + step for step in (-1, -0.5, 0, 0.5, 1))
    if "multipleOf" in schema:
        yield from range(13)
    for keyword in ("minLength", "maxLength"):
        if keyword in schema:
            yield from ("c" * max(0, schema[keyword] + step) for step in (-1, 0, 1))
    if "pattern" in schema:
        yield from STRINGS
    if "format" in schema:
        yield from FORMATTED
    if "type" in schema and "string" in schema["type"]:
        yield from ("e", "z", "a long string")
        yield from ("c" * length for length in range(8))


def _arrays(schema: Schema, sides: tuple[Schema, ...]) -> Iterator[Any]:
    inner = [side[keyword] for side in sides for keyword in ("items", "contains") if keyword in side]
    items = pool(*inner) if inner else list(BASIC)
    good = _good(inner, items)
    fillers = [[], good[:2], *(_good([schema], items)[:1] * count for schema in (*inner, {}) for count in (1, 2))]
    yield from ([item, *filler] for filler in fillers for item in items)
    yield from ([one, two] for one, two in product(good[:3], repeat=2))
    for filler in good[:2]:
        yield from ([filler] * length for length in range(6))
        yield from (["a"] * length + ["x"] for length in range(6))
    yield from (good[:length] for length in range(6))
    length = max((len(side.get("prefixItems", ())) for side in sides), default=0)
    places = [
        [side["prefixItems"][index] for side in sides if index < len(side.get("prefixItems", ()))]
        for index in range(length)
    ]
    pools = [pool(*place) for place in places]
    start = [_good(place, found)[0] for place, found in zip(places, pools, strict=True)]
    for index, found in enumerate(pools):
        yield from ([*start[:index], value, *start[index + 1 :]] for value in found)
        yield from ([*start[:index], value] for value in found)
    yield from ([*start, item] for item in items)


def _good(schemas: list[Schema], values: list[Any]) -> list[Any]:
    """The values that all schemas allow first."""
    import jsonschema_rs

    checks = [jsonschema_rs.Draft202012Validator(schema, validate_formats=True) for schema in schemas]
    return sorted(values, key=lambda value: sum(not check.is_valid(value) for check in checks))


def _objects(schema: Schema, sides: tuple[Schema, ...]) -> Iterator[Any]:
    names = sorted({name for side in sides for name in side.get("properties", {})})
    schemas = {
        name: [side["properties"][name] for side in sides if name in side.get("properties", {})] for name in names
    }
    pools = {name: pool(*found) for name, found in schemas.items()}
    full = {name: _good(schemas[name], pools[name])[0] for name in names}
    yield full
    for name in names:
        yield {key: value for key, value in full.items() if key != name}
        yield from (full | {name: value} for value in pools[name])
    required = {name for side in sides for name in side.get("required", ())}
    minimal = {name: value for name, value in full.items() if name in required}
    for base in (full, minimal):
        yield base
        yield base | {"zz": 1}
        yield base | {"zz": "text", "x": 1}
        yield base | dict.fromkeys(sorted(required - set(names)), 1)
    maps = [side["additionalProperties"] for side in sides if isinstance(side.get("additionalProperties"), dict)]
    maps += [inner for side in sides for inner in side.get("patternProperties", {}).values()]
    found = pool(*maps) if maps else list(BASIC)
    good = _good(maps, found)[0]
    for fill in range(3):
        filler = {f"k{index}": good for index in range(fill)}
        yield from ({"x": value} | filler for value in found)
    yield from ({f"x{index}": good for index in range(count)} for count in range(6))
    yield from ({"k" * length: 1} for length in range(1, 6))
    yield from ({"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 1, "c": 1})
