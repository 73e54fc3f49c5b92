"""Values that tell two schemas apart: what each keyword asks is met and missed, alone and in every combination.

A schema judges an object or array by what its parts are to the schemas below it. So values of the parts are sorted into
classes by those verdicts, and the whole values are made from one or two of each class.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, product
from typing import Any

import orjson

Schema = dict[str, Any] | bool

NUMBERS = (*range(-2, 15), *(half + 0.5 for half in range(-1, 13)))
STRINGS = (
    "",
    "-",
    "1",
    "12",
    "1a",
    "A",
    "A1",
    "Ab",
    "a",
    "a1",
    "aB",
    "ab",
    "ab1",
    "abc",
    "b",
    "ba",
    "cb",
    "e",
    "z",
    "zz",
)
LONG_STRINGS = tuple("c" * length for length in range(1, 8))
FORMATTED = (
    "2024-01-31",
    "2024-01-31T12:00:00Z",
    "123e4567-e89b-12d3-a456-426614174000",
    "a@example.com",
    "192.0.2.1",
)
SCALARS: tuple[Any, ...] = (None, True, False, *NUMBERS, *STRINGS, *LONG_STRINGS, *FORMATTED)
MOST = 1500
HERE = ("allOf", "anyOf", "oneOf")
ONE = ("not", "if", "then", "else")
ARRAYS = ("items", "prefixItems", "contains", "unevaluatedItems")
OBJECTS = ("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "dependentRequired")
COUNTS = (
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "dependentSchemas",
    "unevaluatedProperties",
)


def pool(*schemas: Schema, depth: int = 2) -> list[Any]:
    """The values that tell schemas like these apart, simple ones first, each once."""
    flat = [schema for schema in _here(schemas) if isinstance(schema, dict)]
    values = [*SCALARS, [], {}, ["a"], {"zz": 1}]
    values += [
        value
        for schema in flat
        for value in (*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ()))
    ]
    if depth:
        keys = {key for schema in flat for key in schema}
        kinds = {kind for schema in flat for kind in _kinds(schema)}
        if "array" in kinds or keys & {*ARRAYS, *COUNTS[:3]}:
            values += _arrays(flat, depth)
        if "object" in kinds or keys & {*OBJECTS, *COUNTS[3:]}:
            values += _objects(flat, depth)
    return _unique(values)


def _kinds(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type", [])
    return kind if isinstance(kind, list) else [kind]


def _unique(values: Iterable[Any]) -> list[Any]:
    return list({repr(value): value for value in reversed(list(values))}.values())[::-1]


def _here(schemas: Iterable[Schema]) -> Iterator[Schema]:
    """The schemas, and all that are put together in them, which judge the same value."""
    for schema in schemas:
        yield schema
        if isinstance(schema, dict):
            yield from _here(inner for keyword in HERE for inner in schema.get(keyword, ()))
            yield from _here(schema[keyword] for keyword in ONE if keyword in schema)
            yield from _here(schema.get("dependentSchemas", {}).values())


@cache
def _validator(text: bytes) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(orjson.loads(text), validate_formats=True)


def checker(schema: Schema) -> Any:
    """A validator that also checks formats."""
    return _validator(orjson.dumps(schema, option=orjson.OPT_SORT_KEYS))


def _classes(values: Sequence[Any], schemas: Sequence[Schema], *, keep: int = 1) -> list[Any]:
    """A few values of each class: those that the schemas, and all that are in them, judge alike. Allowed ones first."""
    checks = [checker(schema) for schema in _unique(_here(schemas))]
    found: dict[tuple[bool, ...], list[Any]] = {}
    for value in values:
        found.setdefault(tuple(check.is_valid(value) for check in checks), []).append(value)
    return [value for verdict in sorted(found, reverse=True) for value in found[verdict][:keep]]


def _arrays(flat: list[dict[str, Any]], depth: int) -> Iterator[Any]:
    inner: list[Schema] = [
        schema[keyword] for schema in flat for keyword in ARRAYS if keyword in schema and keyword != "prefixItems"
    ]
    inner += [item for schema in flat for item in schema.get("prefixItems", ())]
    items = pool(*inner, depth=depth - 1) if inner else list(SCALARS)
    few = _classes(items, inner)
    for length in range(1, 4):
        yield from (list(combination) for combination in islice(product(few, repeat=length), MOST // 2))
    yield from ([value] * length for value in few for length in range(4, 7))
    yield from ([value, *[few[0]] * length] for value in few for length in range(4))
    many = _classes(items, inner, keep=6)
    yield from (many[:length] for length in range(7))
    yield from ([*many[:length], many[0]] for length in range(5))


def _objects(flat: list[dict[str, Any]], depth: int) -> Iterator[Any]:
    others: list[Schema] = [
        schema[keyword]
        for schema in flat
        for keyword in ("additionalProperties", "unevaluatedProperties")
        if keyword in schema
    ]
    others += [inner for schema in flat for inner in schema.get("patternProperties", {}).values()]
    schemas: dict[str, list[Schema]] = {}
    for schema in flat:
        for name, inner in schema.get("properties", {}).items():
            schemas.setdefault(name, []).append(inner)
        named = [*schema.get("required", ()), *schema.get("dependentSchemas", ())]
        named += [name for one, more in schema.get("dependentRequired", {}).items() for name in (one, *more)]
        for name in named:
            schemas.setdefault(name, [])
    for name in ("zz", "x"):
        schemas.setdefault(name, [])
    options = [
        [_Absent, *_classes(pool(*inner, *others, depth=depth - 1), [*inner, *others])] for inner in schemas.values()
    ]
    while options and _size(options) > MOST:
        longest = max(range(len(options)), key=lambda index: len(options[index]))
        options[longest] = options[longest][:-1]
    for combination in product(*options):
        yield {name: value for name, value in zip(schemas, combination, strict=True) if value is not _Absent}
    filler = _classes(pool(*others, depth=depth - 1), others)[0] if others else 1
    for text in ("k", "x"):
        yield from ({f"{text}{index}": filler for index in range(count)} for count in range(7))
    yield from ({"k" * length: filler} for length in range(1, 6))


def _size(options: list[list[Any]]) -> int:
    size = 1
    for option in options:
        size *= len(option)
    return size


class _Absent:
    """The mark of a property that is left out."""


def overlaps_in_one_of(schema: Any) -> bool:
    """Whether a value meets two branches of a oneOf, here or below: the more they allow, the less oneOf does."""
    if isinstance(schema, list):
        return any(overlaps_in_one_of(inner) for inner in schema)
    if not isinstance(schema, dict):
        return False
    branches = schema.get("oneOf", [])
    checks = [checker(branch) for branch in branches]
    if any(sum(check.is_valid(value) for check in checks) > 1 for value in (pool(*branches) if branches else ())):
        return True
    return any(overlaps_in_one_of(inner) for inner in schema.values())
