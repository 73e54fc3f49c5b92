"""What a schema says and holds, read without the engine: only what is declared equal is brought into one form here."""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.words.pointer import Pointer

Place = tuple[Any, Pointer]

TYPES: Final = frozenset({"array", "boolean", "number", "object", "string", "integer"})
NUMBERS: Final = frozenset({"integer", "number"})
LOWER: Final = ("minLength", "minItems", "minProperties", "minContains")
UPPER: Final = ("maxLength", "maxItems", "maxProperties", "maxContains")
ABOUT: Final = {
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), NUMBERS),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), frozenset({"string"})),
    "format": frozenset({"string", "number", "integer"}),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "minContains", "maxContains"), frozenset({"array"})),
    **dict.fromkeys(("minProperties", "maxProperties"), frozenset({"object"})),
}
SAID: Final = {"$comment": "description"}
"""Facets that have another name than their keyword."""
PLAIN: Final = (
    *("title", "description", "default", "deprecated", "externalDocs", "xml", "contentEncoding"),
    *("contentMediaType", "contentSchema", "$comment"),
)
READ: Final = frozenset(
    {
        *ABOUT,
        *PLAIN,
        *("type", "nullable", "x-nullable", "enum", "const", "exclusiveMinimum", "exclusiveMaximum", "properties"),
        *("required", "additionalProperties", "items", "prefixItems", "additionalItems", "contains", "not"),
        *("propertyNames", "unevaluatedItems", "unevaluatedProperties", "patternProperties", "dependentSchemas"),
        *("dependentRequired", "dependencies", "allOf", "oneOf", "anyOf", "if", "then", "else", "discriminator"),
        *("readOnly", "writeOnly", "example", "examples", "x-extensible-enum", "$ref", "$defs", "definitions"),
    }
)
BESIDE: Final = frozenset(
    {"$ref", "title", "description", "externalDocs", "xml", "$comment", "example", "examples", "summary", "deprecated"}
)
"""Keys beside a `$ref` that say nothing of values."""


def text(value: Any) -> str:
    """The same for the same JSON value, whatever its key order; `1` and `1.0` are one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{text(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    return json.dumps(value)


@dataclass
class Meaning:
    """One schema: what it says, what it holds, and every place that has a part in it."""

    at: list[Pointer] = field(default_factory=list)
    nodes: list[Any] = field(default_factory=list)
    types: frozenset[str] | None = None
    null: bool = True
    never: bool = False
    listed: dict[str, Any] | None = None
    limits: dict[str, Any] = field(default_factory=dict)
    says: dict[tuple[str, str], Any] = field(default_factory=dict)
    examples: dict[str, Any] = field(default_factory=dict)
    outdone: list[tuple[tuple[str, str], Any, int]] = field(default_factory=list)
    speaker: int = 0
    """The node that is heard first."""
    open_values: list[Any] = field(default_factory=list)
    required: set[str] = field(default_factory=set)
    needs: set[tuple[str, str]] = field(default_factory=set)
    properties: dict[str, list[Place]] = field(default_factory=dict)
    additional: bool | list[Place] = True
    opens: bool = False
    holds: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    prefix: list[Place] = field(default_factory=list)
    unions: list[tuple[str, list[Place], Pointer]] = field(default_factory=list)
    conditions: list[dict[str, Any]] = field(default_factory=list)
    discriminator: dict[str, Any] | None = None
    marks: set[str] = field(default_factory=set)
    is_folded: bool = False
    branches: list["Meaning"] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        """Whether only types, values and unions say what is allowed."""
        held = self.properties or self.required or self.holds or self.prefix or self.conditions or self.needs
        return not held and self.additional is True and not self.limits

    @property
    def is_union(self) -> bool:
        """Whether a single union says all there is to say."""
        return self.is_bare and self.types is None and self.listed is None and len(self.unions) == 1

    @property
    def is_free(self) -> bool:
        """Whether every value is allowed."""
        return self.is_bare and self.types is None and self.listed is None and not self.unions and not self.never

    @property
    def is_closed(self) -> bool:
        """Whether an undeclared property is refused."""
        rest = self.holds.get(("unevaluatedProperties", ""), ())
        return self.additional is False or any(place[0] is False for place in rest)

    def kinds(self) -> frozenset[str] | None:
        """The types that values can have, those of the listed values where there are some."""
        values = self.values() or self.listed
        if values is None:
            return self.types
        found = frozenset(kind_of(value) for value in values.values())
        if self.types is None:
            return found - {"integer"} if "number" in found else found
        return frozenset(kind for kind in self.types if kind in found or (kind == "number" and "integer" in found))

    def allows(self, value: Any) -> bool:
        """Whether types and limits allow a value, the list of values aside."""
        kind = kind_of(value)
        is_of_type = self.types is None or kind in self.types or (kind == "integer" and "number" in self.types)
        return is_of_type and all(_meets(keyword, limit, value) for keyword, limit in self.limits.items())

    def shown(self) -> set[str]:
        """The texts of all examples, whichever keyword gives them."""
        return {*map(text, self.every_example())}

    def every_example(self) -> list[Any]:
        """All examples, whichever keyword gives them."""
        several = self.examples.get("examples", [])
        every = several if isinstance(several, list) else [several]
        return [*(self.examples[key] for key in self.examples if key == "example"), *every]

    def heard(self) -> set[tuple[tuple[str, str], str]]:
        """All that is said of it, first or not."""
        first = [*self.says.items(), *((("example", ""), value) for value in self.every_example())]
        return {(key, text(value)) for key, value in [*first, *((key, value) for key, value, _ in self.outdone)]}

    def values(self) -> dict[str, Any] | None:
        """The listed values that the limits allow."""
        if self.listed is None:
            return None
        return {
            name: value
            for name, value in self.listed.items()
            if all(_meets(*one, value) for one in self.limits.items())
        }


def _is_text(facet: str, keyword: str) -> bool:
    """Whether each part of a schema may say it for itself."""
    return facet == "extension" or keyword in ("title", "description", "externalDocs", "$comment", "default")


def _meant(meaning: Meaning, value: Any) -> Any:
    """A value of a string as tools read it: its text, though YAML made a number or a boolean of it."""
    if meaning.types != {"string"} or not isinstance(value, (bool, int, float)):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def kind_of(value: Any) -> str:
    """The type of a JSON value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "integer" if value == int(value) else "number"
    return {str: "string", list: "array", dict: "object", type(None): "null"}[type(value)]


def _meets(keyword: str, limit: Any, value: Any) -> bool:
    """Whether a value keeps to a limit that is easily told; patterns and formats are left to the validator."""
    import jsonschema_rs

    if keyword in ("minimum", "maximum"):
        number, strict = limit
        schema = {("exclusive" + keyword[:1].upper() + keyword[1:]) if strict else keyword: number}
    elif keyword == "pattern":
        schema = {"allOf": [{"pattern": one} for one in limit]}
    elif keyword == "format":
        schema = {"allOf": [{"format": one} for one in limit]}
    else:
        schema = {keyword: limit}
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)
    except (ValueError, jsonschema_rs.ValidationError):
        return True


class Schemas:
    """The schemas of one side, each read once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.modern = side.dialect.is_json_schema
        self._known: dict[tuple[int, ...], Meaning] = {}
        self._open: set[int] = set()
        self._kept: list[Any] = []

    def read(self, places: list[Place]) -> Meaning:
        """What several places mean together."""
        ends = [self.follow(place) for place in places]
        key = tuple(id(node) for node, _ in ends)
        if key not in self._known:
            meaning = Meaning()
            for node, pointer in ends:
                one = self._one(node, pointer)
                self._meet(meaning, one)
                meaning.is_folded = one.is_folded and len(ends) == 1
            self._known[key] = meaning
            self._kept.append(ends)
        return self._known[key]

    def unfolded(self, meaning: Meaning) -> Meaning:
        """The same with a union of one branch, or of bare types, as a union, for holding it against one of several."""
        return self._one(meaning.nodes[0], meaning.at[0], fold=False)

    def holds_any(self, meaning: Meaning) -> bool:
        """Whether a branch of a union allows every value."""
        return any(self.read([place]).is_free for _, places, _ in meaning.unions for place in places)

    def follow(self, place: Place) -> Place:
        """The place behind references beside which nothing counts."""
        node, pointer = place
        while isinstance(node, dict) and isinstance(node.get("$ref"), str) and self.is_plain_reference(node):
            node, pointer = self.side.target(node["$ref"], pointer)
        return node, pointer

    def is_plain_reference(self, node: Any) -> bool:
        """Whether nothing beside the `$ref` narrows what it names."""
        return not self.modern or set(node) <= BESIDE

    def _one(self, node: Any, pointer: Pointer, *, fold: bool = True) -> Meaning:
        meaning = Meaning(at=[pointer], nodes=[node])
        if node is False:
            meaning.never, meaning.types, meaning.null = True, frozenset(), False
        if not isinstance(node, dict) or id(node) in self._open:
            return meaning
        self._open.add(id(node))
        if isinstance(node.get("$ref"), str):
            beside = {key: value for key, value in node.items() if key != "$ref"}
            if self.modern:
                self._own(meaning, beside, pointer)
            self._meet(meaning, self._one(*self.side.target(node["$ref"], pointer)))
        else:
            self._own(meaning, node, pointer)
            for index, branch in enumerate(listed(node.get("allOf"))):
                self._meet(meaning, self._one(branch, pointer.child("allOf", index)))
        if meaning.opens or meaning.additional is not True:
            meaning.holds.pop(("unevaluatedProperties", ""), None)
        self._unwrap(meaning, fold=fold)
        is_nullable = node.get("nullable") is True or node.get("x-nullable") is True
        if is_nullable and not self.modern and "type" not in node and node.keys() & {"allOf", "oneOf", "anyOf"}:
            meaning.null = True  # what is meant by it, though the standard says it beside `type` only
        self._open.discard(id(node))
        return meaning

    # the keywords of one object ---------------------------------------------------------------------------------------

    def _own(self, meaning: Meaning, node: dict[str, Any], at: Pointer) -> None:
        meaning.speaker = id(meaning.nodes[0])
        self._own_values(meaning, node)
        self._own_limits(meaning, node)
        self._own_parts(meaning, node, at)
        for keyword in PLAIN:
            if keyword in node and not (keyword == "deprecated" and node[keyword] is False):
                said = _meant(meaning, node[keyword]) if keyword == "default" else node[keyword]
                meaning.says[(SAID.get(keyword, keyword), keyword)] = said
        for keyword in node.keys() - READ:
            meaning.says[("extension", keyword)] = node[keyword]
        meaning.marks = {mark for mark in ("readOnly", "writeOnly") if node.get(mark) is True}
        meaning.examples = {keyword: node[keyword] for keyword in ("example", "examples") if keyword in node}
        meaning.open_values = listed(node.get("x-extensible-enum"))
        discriminator = node.get("discriminator")
        if isinstance(discriminator, str):
            discriminator = {"propertyName": discriminator}
        own = [node["type"]] if isinstance(node.get("type"), str) else node.get("type")
        about = {kind for kind in listed(own) if kind in TYPES}  # of what is no object it says nothing
        is_told = isinstance(discriminator, dict) and (not about or "object" in about)
        meaning.discriminator = discriminator if is_told else None

    def _own_values(self, meaning: Meaning, node: dict[str, Any]) -> None:
        nullable = not self.modern and (node.get("nullable") is True or node.get("x-nullable") is True)
        names = [node["type"]] if isinstance(node.get("type"), str) else node.get("type")
        if isinstance(names, list):
            meaning.null = "null" in names or nullable
            types = frozenset("string" if name == "file" else name for name in names) & TYPES
            meaning.types = types - {"integer"} if "number" in types else types
        lists = [node["enum"]] if isinstance(node.get("enum"), list) else []
        lists += [[node["const"]]] if self.modern and "const" in node else []
        for values in lists:
            if values is node.get("enum"):
                values = [_meant(meaning, value) for value in values]  # noqa: PLW2901
            listed = {text(value): value for value in values if value is not None}
            meaning.listed = (
                listed if meaning.listed is None else {k: v for k, v in listed.items() if k in meaning.listed}
            )
            meaning.null = meaning.null and (None in values or nullable)

    @staticmethod
    def _own_limits(meaning: Meaning, node: dict[str, Any]) -> None:
        for keyword, sign in (("minimum", 1), ("maximum", -1)):
            strict = node.get("exclusive" + keyword[:1].upper() + keyword[1:])
            bounds = [(node[keyword], strict is True)] if _is_number(node.get(keyword)) else []
            bounds += [(strict, True)] if _is_number(strict) else []
            if bounds:
                meaning.limits[keyword] = max(bounds, key=lambda bound, sign=sign: (sign * bound[0], bound[1]))
        for keyword in (*LOWER, *UPPER, "multipleOf"):
            value = node.get(keyword)
            idle = keyword in (*LOWER[:3], "multipleOf") and _is_number(value) and value <= 0
            if _is_number(value) and not idle:
                meaning.limits[keyword] = value
        if "contains" not in node:
            for keyword in ("minContains", "maxContains"):
                meaning.limits.pop(keyword, None)
        if node.get("uniqueItems") is True:
            meaning.limits["uniqueItems"] = True
        for keyword in ("pattern", "format"):
            if isinstance(node.get(keyword), str):
                meaning.limits[keyword] = frozenset({node[keyword]})

    def _own_parts(self, meaning: Meaning, node: dict[str, Any], at: Pointer) -> None:
        self._own_object(meaning, node, at)
        items, at_items = node.get("items"), at.child("items")
        prefix, at_prefix = node.get("prefixItems"), at.child("prefixItems")
        if isinstance(items, list):
            prefix, at_prefix = items, at_items
            items, at_items = node.get("additionalItems"), at.child("additionalItems")
        meaning.prefix = [(child, at_prefix.child(index)) for index, child in enumerate(listed(prefix))]
        parts = {"items": (items, at_items)} | {
            keyword: (node.get(keyword), at.child(keyword))
            for keyword in ("contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not")
        }
        for keyword, (child, where) in parts.items():
            if keyword == "not" and child in ({}, True):
                meaning.never, meaning.types, meaning.null = True, frozenset(), False
            elif child is False or (isinstance(child, dict) and child):
                meaning.holds[keyword, ""] = [(child, where)]
        for keyword in ("oneOf", "anyOf"):
            if branches := listed(node.get(keyword)):
                places = [(branch, at.child(keyword, index)) for index, branch in enumerate(branches)]
                meaning.unions.append((keyword, places, at.child(keyword)))
        if "if" in node and ("then" in node or "else" in node):
            meaning.conditions.append({key: node[key] for key in ("if", "then", "else") if key in node})

    @staticmethod
    def _own_object(meaning: Meaning, node: dict[str, Any], at: Pointer) -> None:
        meaning.required = {name for name in listed(node.get("required")) if isinstance(name, str)}
        for name, child in mapping(node.get("properties")).items():
            meaning.properties[name] = [(child, at.child("properties", name))]
        rest = node.get("additionalProperties", True)
        meaning.opens = "additionalProperties" in node and (rest is True or rest == {})
        if rest is False or (isinstance(rest, dict) and rest):
            meaning.additional = rest if rest is False else [(rest, at.child("additionalProperties"))]
        for keyword in ("patternProperties", "dependentSchemas", "dependentRequired", "dependencies"):
            for name, child in mapping(node.get(keyword)).items():
                if isinstance(child, list):
                    meaning.needs |= {(name, need) for need in child}
                else:
                    relation = "dependentSchemas" if keyword == "dependencies" else keyword
                    meaning.holds[relation, name] = [(child, at.child(keyword, name))]

    # conjunctions and unions ------------------------------------------------------------------------------------------

    def _meet(self, meaning: Meaning, other: Meaning) -> None:
        """Make a meaning that of both; of what can be said once, the first is heard."""
        meaning.at += [pointer for pointer in other.at if pointer not in meaning.at]
        known = {id(node) for node in meaning.nodes}  # a part that is reached twice says it once
        meaning.nodes += other.nodes
        meaning.types = _common(meaning.types, other.types)
        meaning.null = meaning.null and other.null
        meaning.never = meaning.never or other.never
        if other.listed is not None:
            mine = meaning.listed
            meaning.listed = (
                dict(other.listed) if mine is None else {k: v for k, v in mine.items() if k in other.listed}
            )
        for keyword, limit in other.limits.items():
            meaning.limits[keyword] = (
                _stricter(keyword, meaning.limits[keyword], limit) if keyword in meaning.limits else limit
            )
        told = [
            (key, value, other.speaker) for key, value in other.says.items() if key in meaning.says and _is_text(*key)
        ]
        shown = [(("example", ""), value, other.speaker) for value in other.every_example()] if meaning.examples else []
        meaning.outdone += [one for one in (*other.outdone, *shown, *told) if one[2] not in known]
        meaning.says = other.says | meaning.says
        meaning.speaker = meaning.speaker or other.speaker
        meaning.branches = [*meaning.branches, *other.branches]
        meaning.examples = meaning.examples or other.examples
        meaning.open_values = meaning.open_values or other.open_values
        meaning.required |= other.required
        meaning.needs |= other.needs
        for mine_held, held in ((meaning.properties, other.properties), (meaning.holds, other.holds)):
            for name, places in held.items():
                known = {id(node) for node, _ in mine_held.get(name, ())}
                mine_held[name] = [*mine_held.get(name, ()), *(place for place in places if id(place[0]) not in known)]
        if meaning.additional is True or other.additional is False:
            meaning.additional = other.additional
        elif isinstance(meaning.additional, list) and isinstance(other.additional, list):
            meaning.additional = [*meaning.additional, *other.additional]
        meaning.opens = meaning.opens or other.opens
        meaning.prefix = meaning.prefix or other.prefix
        meaning.unions += [union for union in other.unions if union not in meaning.unions]
        meaning.conditions += other.conditions
        meaning.discriminator = meaning.discriminator or other.discriminator
        meaning.marks |= other.marks

    def _unwrap(self, meaning: Meaning, *, fold: bool = True) -> None:
        """Unions that only allow null beside one branch, or only name types or values, as what they say."""
        unions, meaning.unions = meaning.unions, []
        for keyword, places, pointer in unions:
            read = [(place, self.read([place])) for place in places]
            nulls = [one for _, one in read if one.types == frozenset() and one.null and not one.never]
            rest = [(place, one) for place, one in read if one not in nulls]
            for one in nulls:
                meaning.at += one.at
                meaning.branches.append(one)
            null = meaning.null and (bool(nulls) or any(one.null for _, one in rest))
            if not rest:
                meaning.types = frozenset()
            elif len(rest) == 1 and fold:
                self._meet(meaning, rest[0][1])
                meaning.is_folded = True
            elif len(rest) == 1:
                meaning.unions.append((keyword, [place for place, _ in rest], pointer))
            elif fold and all(_is_one_type(one) for _, one in rest) and _apart([one for _, one in rest]):
                self._fold(meaning, rest, types=frozenset().union(*(one.types or () for _, one in rest)))
            elif fold and all(_is_list(one) for _, one in rest):
                values = {name: value for _, one in reversed(rest) for name, value in (one.listed or {}).items()}
                kinds = [one.types for _, one in rest if one.types is not None]
                types = frozenset().union(*kinds) if len(kinds) == len(rest) else None
                self._fold(meaning, rest, types=types, listed=values)
            else:
                meaning.unions.append((keyword, [place for place, _ in rest], pointer))
            meaning.null = null

    def _fold(self, meaning: Meaning, rest: list[tuple[Place, Meaning]], **kept: Any) -> None:
        at = [pointer for _, one in rest for pointer in one.at]
        self._meet(meaning, Meaning(at=at, branches=[one for _, one in rest], **kept))
        meaning.is_folded = True


def _is_one_type(one: Meaning) -> bool:
    return (
        one.is_bare
        and one.listed is None
        and not one.unions
        and one.types is not None
        and len(one.types) == 1
        and one.discriminator is None
    )


def _is_list(one: Meaning) -> bool:
    return one.is_bare and one.listed is not None and not one.unions


def _apart(ones: list[Meaning]) -> bool:
    kinds = [kind for one in ones for kind in one.types or ()]
    return len(kinds) == len(set(kinds)) and not set(kinds) >= NUMBERS


def _common(one: frozenset[str] | None, two: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or two is None:
        return two if one is None else one
    both = one & two
    return (
        both | {"integer"} if ("integer" in one and "number" in two) or ("number" in one and "integer" in two) else both
    )


def _stricter(keyword: str, one: Any, two: Any) -> Any:
    if keyword in ("pattern", "format"):
        return one | two
    if keyword == "minimum":
        return max(one, two)
    if keyword == "maximum":
        return min(one, two, key=lambda bound: (bound[0], not bound[1]))
    if keyword == "multipleOf":
        left, right = Fraction(str(one)), Fraction(str(two))
        step = left
        while (step / right).denominator != 1:
            step += left
        return int(step) if step.denominator == 1 else float(step)
    return max(one, two) if keyword in LOWER else min(one, two)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def listed(value: Any) -> list[Any]:
    """A list, an empty one where something else stands."""
    return value if isinstance(value, list) else []


def mapping(value: Any) -> dict[str, Any]:
    """A mapping, an empty one where something else stands."""
    return value if isinstance(value, dict) else {}
