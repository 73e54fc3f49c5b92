"""Small schemas, and every single edit of one: what the laws of direction are tried on."""

from collections.abc import Iterator
from dataclasses import dataclass
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
    """One edit: in words, the schema after it, and the property that it adds or removes, where it does that."""

    what: str
    after: Schema
    added: str = ""
    removed: str = ""


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


schemas = st.one_of(scalars(), arrays(), objects(), unions())


def edits(schema: Schema, *, is_outer: bool = True) -> Iterator[Edit]:
    """Every single edit of a schema, one keyword at a time, here and below."""
    yield from _keyword_edits(schema)
    yield from _value_edits(schema)
    yield from _type_edits(schema)
    if schema.get("type") == "array":
        yield from _array_edits(schema)
    if schema.get("type") == "object":
        yield from _object_edits(schema)
    if is_outer:
        yield from _union_edits(schema)


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
        yield Edit("enum reversed", _changed(schema, "enum", values[::-1]))
        if "e" not in values:
            yield Edit("enum value added", _changed(schema, "enum", [*values, "e"]))
        if len(values) > 1:
            yield Edit("enum value removed", _changed(schema, "enum", values[1:]))
            yield Edit("enum value replaced", _changed(schema, "enum", [*values[1:], "e"]))
        else:
            yield Edit("enum said as const", {**_without(schema, "enum"), "const": values[0]})
    elif schema == {"type": "string"}:
        yield Edit("enum set", {"type": "string", "enum": ["a", "b"]})
    if "const" in schema:
        yield Edit("const changed", _changed(schema, "const", "z"))
        yield Edit("const said as enum", {**_without(schema, "const"), "enum": [schema["const"]]})


def _type_edits(schema: Schema) -> Iterator[Edit]:
    kind = schema.get("type")
    if isinstance(kind, list):
        yield Edit("types reversed", _changed(schema, "type", kind[::-1]))
        yield Edit("type dropped from the list", _changed(schema, "type", kind[1:]))
        others = [name for name in SCALARS if name not in kind and name != "number"]
        yield Edit("type added to the list", _changed(schema, "type", [*kind, others[0]]))
        yield Edit("types said as anyOf", {"anyOf": [{"type": name} for name in kind]})
    elif isinstance(kind, str) and set(schema) == {"type"} and kind in SCALARS:
        for name in SCALARS:
            if name != kind:
                yield Edit(f"type {kind} -> {name}", {"type": name})
        if kind != "null":
            yield Edit("null allowed", {"type": [kind, "null"]})
        yield Edit("type dropped", {})
        yield Edit("wrapped in allOf", {"allOf": [schema]})
        yield Edit("wrapped in oneOf", {"oneOf": [schema]})
        yield Edit("wrapped in a wider anyOf", {"anyOf": [schema, {"type": "array"}]})


def _below(schema: Schema, keyword: str, index: Any, inner: Schema) -> Schema:
    """The schema with the one below `keyword` (and an index or name in it) replaced."""
    if index is None:
        return _changed(schema, keyword, inner)
    held = schema[keyword]
    if isinstance(held, list):
        return _changed(schema, keyword, [*held[:index], inner, *held[index + 1 :]])
    return _changed(schema, keyword, {**held, index: inner})


def _inner_edits(schema: Schema, keyword: str, index: Any, inner: Schema) -> Iterator[Edit]:
    for edit in edits(inner, is_outer=False):
        yield Edit(f"{keyword} {index or ''}: {edit.what}", _below(schema, keyword, index, edit.after))


def _array_edits(schema: Schema) -> Iterator[Edit]:
    if "items" in schema:
        yield from _inner_edits(schema, "items", None, schema["items"])
        if not schema.get("prefixItems"):
            yield Edit("items dropped", _without(schema, "items"))
    elif schema == {"type": "array"}:
        yield Edit("items set", {"type": "array", "items": {"type": "string"}})
        yield Edit("prefixItems set", {"type": "array", "prefixItems": [{"type": "string"}]})
        yield Edit("contains set", {"type": "array", "contains": {"const": "a"}})
    for index, inner in enumerate(schema.get("prefixItems", ())):
        yield from _inner_edits(schema, "prefixItems", index, inner)
    if "prefixItems" in schema and "items" not in schema:
        yield Edit("prefixItems dropped", _without(schema, "prefixItems"))
    if set(schema) == {"type", "contains"}:
        yield Edit("contains dropped", {"type": "array"})
        yield Edit("minContains set", _changed(schema, "minContains", 2))
        yield Edit("minContains 0", _changed(schema, "minContains", 0))
        yield Edit("maxContains set", _changed(schema, "maxContains", 2))


def _object_edits(schema: Schema) -> Iterator[Edit]:
    required = schema.get("required", [])
    for name, inner in schema.get("properties", {}).items():
        yield from _inner_edits(schema, "properties", name, inner)
        if name in required:
            yield Edit(
                f"{name} became optional", _changed(schema, "required", [key for key in required if key != name])
            )
        else:
            yield Edit(f"{name} became required", _changed(schema, "required", [*required, name]))
        others = {key: value for key, value in schema["properties"].items() if key != name}
        rest = [key for key in required if key != name]
        yield Edit(f"{name} removed", {**schema, "properties": others, "required": rest}, removed=name)
    if "properties" in schema:
        larger = {**schema["properties"], "new": {"type": "array"}}
        yield Edit("new added", _changed(schema, "properties", larger), added="optional")
        yield Edit(
            "new added as required", {**schema, "properties": larger, "required": [*required, "new"]}, added="required"
        )
        if "additionalProperties" in schema:
            yield Edit("opened", _without(schema, "additionalProperties"))
        else:
            yield Edit("closed", _changed(schema, "additionalProperties", False))
            yield Edit("openness said", _changed(schema, "additionalProperties", True))
            yield Edit("undeclared required", _changed(schema, "required", [*required, "zz"]))
    elif isinstance(schema.get("additionalProperties"), dict):
        yield from _inner_edits(schema, "additionalProperties", None, schema["additionalProperties"])
        yield Edit("map opened", _without(schema, "additionalProperties"))
    for keyword, bound in (("propertyNames", {"maxLength": 2}), ("dependentRequired", {"a": ["b", "c"]})):
        if keyword in schema:
            yield Edit(f"{keyword} dropped", _without(schema, keyword))
            yield Edit(f"{keyword} tightened", _changed(schema, keyword, bound))
    if "patternProperties" in schema:
        yield Edit("patternProperties dropped", _without(schema, "patternProperties"))
        yield from _inner_edits(schema, "patternProperties", "^x", schema["patternProperties"]["^x"])


def _union_edits(schema: Schema) -> Iterator[Edit]:
    for keyword in ("oneOf", "anyOf"):
        if keyword not in schema:
            continue
        branches = schema[keyword]
        yield Edit("branches reversed", {keyword: branches[::-1]})
        yield Edit("branch added", {keyword: [*branches, _tagged("new", {"type": "string"})]})
        yield Edit("branch removed", {keyword: branches[1:]})
        yield Edit("keyword swapped", {"anyOf" if keyword == "oneOf" else "oneOf": branches})
        for index, branch in enumerate(branches):
            inner = branch["properties"]["p"]
            for edit in edits(inner, is_outer=False):
                after = {**branch, "properties": {**branch["properties"], "p": edit.after}}
                yield Edit(f"branch {index}: {edit.what}", _below(schema, keyword, index, after))
    if "not" in schema:
        yield Edit("not dropped", _without(schema, "not"))
        yield Edit("not grown", _changed(schema, "not", {"enum": [*schema["not"]["enum"], "z"]}))
        if len(schema["not"]["enum"]) > 1:
            yield Edit("not shrunk", _changed(schema, "not", {"enum": schema["not"]["enum"][1:]}))
    if "allOf" in schema:
        yield Edit("allOf merged", {"type": "string", "minLength": 1, "maxLength": schema["allOf"][1]["maxLength"]})
        yield Edit("allOf branch dropped", {"allOf": schema["allOf"][:1]})
        yield Edit("allOf branch tightened", {"allOf": [*schema["allOf"][:1], {"maxLength": 2}]})
    if schema == {"type": "string"}:
        yield Edit("not set", {"type": "string", "not": {"const": "a"}})
