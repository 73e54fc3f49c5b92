"""Small schemas, and every single edit of one: what the laws of direction are tried on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

PATTERNS = ("^a", "^ab", "b$", "^[a-z]+$", "^[0-9]+$", "a")
FORMATS = ("date", "date-time", "uuid", "email", "ipv4")
SCALARS = ("string", "integer", "number", "boolean", "null")
ALTERNATIVES: dict[str, tuple[Any, ...]] = {
    "minimum": (0, 2, 5),
    "maximum": (6, 8, 12),
    "exclusiveMinimum": (0, 2, 5),
    "exclusiveMaximum": (6, 8, 12),
    "multipleOf": (2, 3, 4, 6),
    "minLength": (1, 2, 3),
    "maxLength": (3, 4, 6),
    "minItems": (1, 2),
    "maxItems": (3, 4),
    "minProperties": (1, 2),
    "maxProperties": (3, 4),
    "minContains": (2, 3),
    "maxContains": (3, 4),
    "uniqueItems": (True,),
    "pattern": PATTERNS,
    "format": FORMATS,
}


@dataclass(frozen=True)
class Edit:
    """One edit: in words, the schema after it, and the property that it adds to or removes from a (closed) object.

    `same` edits only say the same schema in other words.
    """

    what: str
    after: Schema
    added: str = ""
    removed: str = ""
    closed: bool = False
    same: bool = False


def _bounds(draw: st.DrawFn, schema: Schema, low: str, high: str) -> None:
    for keyword in (low, high):
        if draw(st.booleans()):
            schema[keyword] = draw(st.sampled_from(ALTERNATIVES[keyword]))


@st.composite
def scalars(draw: st.DrawFn) -> Schema:
    """A string, a number, a list of values, or several types."""
    kind = draw(
        st.sampled_from(
            ("string", "pattern", "format", "number", "step", "enum", "const", "types", "nullable", "boolean")
        )
    )
    schema: Schema = {}
    match kind:
        case "string":
            schema["type"] = "string"
            _bounds(draw, schema, "minLength", "maxLength")
        case "pattern" | "format":
            schema = {"type": "string", kind: draw(st.sampled_from(PATTERNS if kind == "pattern" else FORMATS))}
        case "number":
            schema["type"] = draw(st.sampled_from(("integer", "number")))
            _bounds(
                draw, schema, *draw(st.sampled_from((("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum"))))
            )
        case "step":
            schema = {"type": "integer", "multipleOf": draw(st.sampled_from(ALTERNATIVES["multipleOf"]))}
        case "enum":
            values = draw(st.lists(st.sampled_from(("a", "b", "c", "d")), min_size=1, max_size=3, unique=True))
            schema = {"type": "string", "enum": values}
        case "const":
            schema["const"] = draw(st.sampled_from(("a", "b", 1)))
        case "types":
            schema["type"] = draw(
                st.lists(st.sampled_from(("string", "integer", "boolean")), min_size=2, max_size=3, unique=True)
            )
        case "nullable":
            schema["type"] = [draw(st.sampled_from(("string", "integer", "boolean"))), "null"]
        case _:
            schema["type"] = "boolean"
    return schema


@st.composite
def arrays(draw: st.DrawFn) -> Schema:
    """An array with bounds, equal items, or positions of its own."""
    schema: Schema = {"type": "array"}
    kind = draw(st.sampled_from(("items", "items", "unique", "prefix", "contains")))
    if kind in ("items", "unique", "prefix") and draw(st.booleans()):
        schema["items"] = draw(scalars())
    if kind == "items":
        _bounds(draw, schema, "minItems", "maxItems")
    if kind == "unique":
        schema["uniqueItems"] = True
    if kind == "prefix":
        schema["prefixItems"] = draw(st.lists(scalars(), min_size=1, max_size=2))
    if kind == "contains":
        schema["contains"] = {"const": "a"}
        _bounds(draw, schema, "minContains", "maxContains")
    return schema


@st.composite
def objects(draw: st.DrawFn) -> Schema:
    """An object with properties, or a map."""
    schema: Schema = {"type": "object"}
    kind = draw(st.sampled_from(("properties", "properties", "closed", "map", "names", "patterns", "dependent")))
    if kind in ("properties", "closed"):
        schema["properties"] = draw(
            st.dictionaries(st.sampled_from(("a", "b", "c")), scalars(), min_size=1, max_size=3)
        )
        required = draw(st.lists(st.sampled_from(sorted(schema["properties"])), unique=True))
        if required:
            schema["required"] = required
    if kind == "closed":
        schema["additionalProperties"] = False
    if kind == "map":
        schema["additionalProperties"] = draw(scalars())
        _bounds(draw, schema, "minProperties", "maxProperties")
    if kind == "names":
        schema["propertyNames"] = {"maxLength": draw(st.sampled_from((3, 4)))}
    if kind == "patterns":
        schema["patternProperties"] = {"^x": draw(scalars())}
    if kind == "dependent":
        schema["dependentRequired"] = {"a": ["b"]}
    return schema


def _tagged(name: str, schema: Schema) -> Schema:
    return {"type": "object", "required": ["kind"], "properties": {"kind": {"const": name}, "p": schema}}


@st.composite
def unions(draw: st.DrawFn) -> Schema:
    """A choice of objects that a constant tells apart, a prohibition, or a demand beside others."""
    kind = draw(st.sampled_from(("oneOf", "anyOf", "not", "allOf")))
    if kind == "not":
        return {"type": "string", "not": {"enum": draw(st.sampled_from((["a"], ["a", "b"], ["b", "c"])))}}
    if kind == "allOf":
        return {"allOf": [{"type": "string", "minLength": 1}, {"maxLength": draw(st.sampled_from((3, 6)))}]}
    names = draw(st.lists(st.sampled_from(("cat", "dog", "eel")), min_size=2, max_size=3, unique=True))
    return {kind: [_tagged(name, draw(scalars())) for name in names]}


@st.composite
def mixed(draw: st.DrawFn) -> Schema:
    """Keywords for one type beside several types, or beside none."""
    kinds: list[Schema] = [
        {},
        {"type": ["string", "integer"]},
        {"type": ["number", "null"]},
        {"type": ["array", "string"]},
    ]
    schema = dict(draw(st.sampled_from(kinds)))
    keywords = ("minLength", "maxLength", "minimum", "maximum", "minItems", "pattern", "multipleOf", "maxProperties")
    for keyword in draw(st.lists(st.sampled_from(keywords), min_size=1, max_size=2, unique=True)):
        schema[keyword] = draw(st.sampled_from(ALTERNATIVES[keyword]))
    return schema


@st.composite
def overlaps(draw: st.DrawFn) -> Schema:
    """Branches that share values."""
    keyword = draw(st.sampled_from(("anyOf", "oneOf", "allOf")))
    branch = st.one_of(scalars(), mixed())
    return {keyword: draw(st.lists(branch, min_size=2, max_size=2, unique_by=str))}


@st.composite
def merged(draw: st.DrawFn) -> Schema:
    """An object put together with allOf, open or closed to what none of its parts evaluates."""
    parts = [
        {"type": "object", "properties": draw(st.dictionaries(st.sampled_from(("a", "b")), scalars(), min_size=1))}
        for _ in range(2)
    ]
    if draw(st.booleans()):
        parts[1]["required"] = ["b"]
    schema: Schema = {"allOf": parts}
    if draw(st.booleans()):
        schema["unevaluatedProperties"] = False
    if draw(st.booleans()):
        schema["properties"] = {"c": draw(scalars())}
    return schema


@st.composite
def conditions(draw: st.DrawFn) -> Schema:
    """An object of which one property asks something of the others."""
    schema: Schema = {"type": "object", "properties": {"a": draw(scalars()), "b": draw(scalars())}}
    match draw(st.sampled_from(("if", "else", "dependentSchemas"))):
        case "if":
            schema |= {"if": {"required": ["a"]}, "then": {"required": ["b"]}}
        case "else":
            test = {"properties": {"a": {"const": "a"}}, "required": ["a"]}
            schema |= {"if": test, "then": {"required": ["b"]}, "else": {"properties": {"b": draw(scalars())}}}
        case _:
            schema["dependentSchemas"] = {"a": {"required": ["b"]}}
    return schema


@st.composite
def deep(draw: st.DrawFn) -> Schema:
    """Objects and arrays in each other, maps with named properties, and schemas that allow nothing."""
    inner = draw(st.one_of(scalars(), arrays(), objects(), unions()))
    kinds: tuple[Schema, ...] = (
        {"type": "object", "properties": {"a": inner}},
        {"type": "array", "items": inner},
        {"type": "object", "properties": {"a": {"type": "array", "items": inner}}, "required": ["a"]},
        {"type": "object", "properties": {"a": inner}, "additionalProperties": {"type": "string"}},
        {"type": "object", "properties": {"a": inner, "b": False}},
        {"type": "array", "prefixItems": [inner], "items": False},
        {"anyOf": [{"type": "array", "items": inner}, {"type": "null"}]},
        {"not": {"not": inner}},
        {"type": "object", "patternProperties": {"^x": inner}, "additionalProperties": False},
    )
    return dict(draw(st.sampled_from(kinds)))


schemas = st.one_of(scalars(), arrays(), objects(), unions())
hard_schemas = st.one_of(mixed(), overlaps(), merged(), conditions(), deep())

ONE_BELOW = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")
LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
NAMED = ("properties", "patternProperties", "dependentSchemas")
PLAIN = ("properties", "items", "additionalProperties", "prefixItems", "patternProperties")
"""Below these a property that comes or goes is nothing else than that."""


def edits(schema: Schema, *, depth: int = 4) -> Iterator[Edit]:
    """Every single edit of a schema, one keyword at a time, here and below."""
    yield from _keyword_edits(schema)
    yield from _value_edits(schema)
    yield from _type_edits(schema)
    yield from _array_edits(schema)
    yield from _object_edits(schema)
    yield from _union_edits(schema)
    if depth:
        for keyword, index, inner in _below(schema):
            for edit in edits(inner, depth=depth - 1):
                if keyword == "not" and not edit.after:
                    continue  # of what lets nothing through nothing is left to read
                if keyword in PLAIN or not (edit.added or edit.removed):
                    what = " ".join(str(part) for part in (keyword, index) if part is not None)
                    after = _put(schema, keyword, index, edit.after)
                    yield replace(edit, what=f"{what}: {edit.what}", after=after)


def _below(schema: Schema) -> Iterator[tuple[str, Any, Schema]]:
    """The schemas below one, with the keyword and the index or name there."""
    for keyword in ONE_BELOW:
        if isinstance(schema.get(keyword), dict):
            yield keyword, None, schema[keyword]
    for keyword in LISTED:
        yield from ((keyword, index, inner) for index, inner in enumerate(schema.get(keyword, ())))
    for keyword in NAMED:
        for name, inner in schema.get(keyword, {}).items():
            if isinstance(inner, dict):
                yield keyword, name, inner


def _put(schema: Schema, keyword: str, index: Any, inner: Schema) -> Schema:
    """The schema with the one below it replaced."""
    if index is None:
        return _changed(schema, keyword, inner)
    held = schema[keyword]
    if isinstance(held, list):
        return _changed(schema, keyword, [*held[:index], inner, *held[index + 1 :]])
    return _changed(schema, keyword, {**held, index: inner})


def _changed(schema: Schema, keyword: str, value: Any) -> Schema:
    return {**schema, keyword: value}


def _without(schema: Schema, keyword: str) -> Schema:
    return {key: value for key, value in schema.items() if key != keyword}


def _keyword_edits(schema: Schema) -> Iterator[Edit]:
    for keyword, values in ALTERNATIVES.items():
        if keyword not in schema:
            continue
        yield Edit(f"{keyword} dropped", _without(schema, keyword))
        for value in values:
            if value != schema[keyword] and _is_sound(changed := _changed(schema, keyword, value)):
                yield Edit(f"{keyword} {schema[keyword]} -> {value}", changed)
    for keyword in _settable(schema):
        yield from (Edit(f"{keyword} set", _changed(schema, keyword, value)) for value in ALTERNATIVES[keyword])


def _settable(schema: Schema) -> tuple[str, ...]:
    """The keywords that may be set without meeting another one that says nearly the same."""
    if schema == {"type": "string"}:
        return ("minLength", "maxLength", "pattern", "format")
    if schema in ({"type": "integer"}, {"type": "number"}):
        return ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
    if schema == {"type": "array"}:
        return ("minItems", "maxItems", "uniqueItems")
    if schema == {"type": "object"}:
        return ("minProperties", "maxProperties")
    return ()


def _is_sound(schema: Schema) -> bool:
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minContains", "maxContains")):
        if low in schema and high in schema and schema[low] > schema[high]:
            return False
    return True


def _value_edits(schema: Schema) -> Iterator[Edit]:
    if "enum" in schema:
        values = schema["enum"]
        yield Edit("enum dropped", _without(schema, "enum"))
        yield Edit("enum reversed", _changed(schema, "enum", values[::-1]), same=True)
        if "e" not in values:
            yield Edit("enum value added", _changed(schema, "enum", [*values, "e"]))
        if len(values) > 1:
            yield Edit("enum value removed", _changed(schema, "enum", values[1:]))
            yield Edit("enum value replaced", _changed(schema, "enum", [*values[1:], "e"]))
        else:
            yield Edit("enum said as const", {**_without(schema, "enum"), "const": values[0]}, same=True)
    elif schema == {"type": "string"}:
        yield Edit("enum set", {"type": "string", "enum": ["a", "b"]})
    if "const" in schema:
        yield Edit("const changed", _changed(schema, "const", "z"))
        yield Edit("const said as enum", {**_without(schema, "const"), "enum": [schema["const"]]}, same=True)


def _type_edits(schema: Schema) -> Iterator[Edit]:
    kind = schema.get("type")
    if isinstance(kind, list):
        yield Edit("types reversed", _changed(schema, "type", kind[::-1]), same=True)
        yield Edit("type dropped from the list", _changed(schema, "type", kind[1:]))
        others = [name for name in SCALARS if name not in kind and name != "number"]
        yield Edit("type added to the list", _changed(schema, "type", [*kind, others[0]]))
        if set(schema) == {"type"}:
            yield Edit("types said as anyOf", {"anyOf": [{"type": name} for name in kind]}, same=True)
    elif isinstance(kind, str) and set(schema) == {"type"} and kind in SCALARS:
        for name in SCALARS:
            if name != kind:
                yield Edit(f"type {kind} -> {name}", {"type": name})
        if kind != "null":
            yield Edit("null allowed", {"type": [kind, "null"]})
        yield Edit("type dropped", {})
        yield Edit("wrapped in allOf", {"allOf": [schema]}, same=True)
        yield Edit("wrapped in oneOf", {"oneOf": [schema]}, same=True)
        yield Edit("wrapped in a wider anyOf", {"anyOf": [schema, {"type": "array"}]})


def _array_edits(schema: Schema) -> Iterator[Edit]:
    if schema.get("type") != "array":
        return
    if "items" in schema and not schema.get("prefixItems"):
        yield Edit("items dropped", _without(schema, "items"))
    if schema == {"type": "array"}:
        yield Edit("items set", {"type": "array", "items": {"type": "string"}})
        yield Edit("prefixItems set", {"type": "array", "prefixItems": [{"type": "string"}]})
        yield Edit("prefixItems that allow all", {"type": "array", "prefixItems": [{}]}, same=True)
        yield Edit("contains set", {"type": "array", "contains": {"const": "a"}})
    if "prefixItems" in schema:
        longer = [*schema["prefixItems"], {"type": "boolean"}]
        yield Edit("position added", _changed(schema, "prefixItems", longer))
        if "items" not in schema:
            yield Edit("prefixItems dropped", _without(schema, "prefixItems"))
            yield Edit("nothing after the positions", _changed(schema, "items", False))
    if set(schema) == {"type", "contains"}:
        yield Edit("contains dropped", {"type": "array"})
        yield Edit("minContains set", _changed(schema, "minContains", 2))
        yield Edit("minContains 0", _changed(schema, "minContains", 0))
        yield Edit("maxContains set", _changed(schema, "maxContains", 2))


def _object_edits(schema: Schema) -> Iterator[Edit]:
    required = schema.get("required", [])
    closed = schema.get("additionalProperties") is False
    if schema.get("type") == "object" and "properties" in schema:
        yield from _property_edits(schema, required, closed=closed)
        if closed:
            yield Edit("opened", _without(schema, "additionalProperties"))
        elif "additionalProperties" not in schema:
            yield Edit("closed", _changed(schema, "additionalProperties", False))
            yield Edit("openness said", _changed(schema, "additionalProperties", True))
            yield Edit("undeclared required", _changed(schema, "required", [*required, "zz"]))
    elif isinstance(schema.get("additionalProperties"), dict):
        yield Edit("map opened", _without(schema, "additionalProperties"))
        yield Edit("map closed", _changed(schema, "additionalProperties", False))
    tighter: dict[str, Any] = {
        "propertyNames": {"maxLength": 2},
        "dependentRequired": {"a": ["b", "c"]},
        "dependentSchemas": {"a": {"required": ["b", "c"]}},
        "then": {"required": ["b", "c"]},
    }
    for keyword, value in tighter.items():
        if keyword in schema:
            yield Edit(f"{keyword} dropped", _without(schema, keyword))
            yield Edit(f"{keyword} tightened", _changed(schema, keyword, value))
    for keyword in ("patternProperties", "unevaluatedProperties"):
        if keyword in schema:
            yield Edit(f"{keyword} dropped", _without(schema, keyword))


def _property_edits(schema: Schema, required: list[str], *, closed: bool) -> Iterator[Edit]:
    for name in schema["properties"]:
        others = {key: value for key, value in schema["properties"].items() if key != name}
        rest = [key for key in required if key != name]
        if name in required:
            yield Edit(f"{name} became optional", _changed(schema, "required", rest))
        else:
            yield Edit(f"{name} became required", _changed(schema, "required", [*required, name]))
        if isinstance(schema.get("additionalProperties", False), bool) and schema["properties"][name] is not False:
            after = {**schema, "properties": others, "required": rest}
            yield Edit(f"{name} removed", after, removed=name, closed=closed)
    if isinstance(schema.get("additionalProperties", False), bool):
        larger = {**schema["properties"], "new": {"type": "array"}}
        yield Edit("new added", _changed(schema, "properties", larger), added="optional", closed=closed)
        after = {**schema, "properties": larger, "required": [*required, "new"]}
        yield Edit("new added as required", after, added="required", closed=closed)


def _union_edits(schema: Schema) -> Iterator[Edit]:
    for keyword in ("oneOf", "anyOf"):
        if keyword not in schema:
            continue
        branches = schema[keyword]
        is_tagged = "kind" in branches[0].get("properties", {})
        added = _tagged("new", {"type": "string"}) if is_tagged else {"type": "array", "minItems": 7}
        yield Edit("branches reversed", _changed(schema, keyword, branches[::-1]), same=True)
        yield Edit("branch added", _changed(schema, keyword, [*branches, added]))
        yield Edit("null branch added", _changed(schema, keyword, [*branches, {"type": "null"}]))
        yield Edit("branch removed", _changed(schema, keyword, branches[1:]))
        other = "anyOf" if keyword == "oneOf" else "oneOf"
        yield Edit("keyword swapped", {**_without(schema, keyword), other: branches})
    if "not" in schema:
        yield Edit("not dropped", _without(schema, "not"))
        if "enum" in schema["not"]:
            yield Edit("not grown", _changed(schema, "not", {"enum": [*schema["not"]["enum"], "z"]}))
    if "allOf" in schema:
        yield Edit("allOf reversed", _changed(schema, "allOf", schema["allOf"][::-1]), same=True)
        yield Edit("allOf branch dropped", _changed(schema, "allOf", schema["allOf"][1:]))
        yield Edit("allOf branch added", _changed(schema, "allOf", [*schema["allOf"], {"maxLength": 2}]))
        if set(schema) == {"allOf"} and schema["allOf"][0].get("minLength") == 1:
            merged = {"type": "string", "minLength": 1, "maxLength": schema["allOf"][1].get("maxLength", 6)}
            yield Edit("allOf merged", merged, same=True)
    if schema == {"type": "string"}:
        yield Edit("not set", {"type": "string", "not": {"const": "a"}})
