"""Reads the keywords of one schema object, in the words of its dialect, into a view."""

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Final, TypeGuard

from apidiff.load.resolve import Branches, Dialect, Form, Moved, Sequence
from apidiff.schema.closure import answered, denied_twice
from apidiff.schema.view import Group, Place, View, canonical
from apidiff.words.pointer import Pointer

TYPES: Final = frozenset({"array", "boolean", "number", "object", "string", "integer"})
EVERY_TYPE: Final = TYPES - {"integer"}
"""The types that together, null beside them, are any."""

BOUNDS: Final = {
    "maxLength": "upper",
    "minLength": "lower",
    "maxItems": "upper",
    "minItems": "lower",
    "maxProperties": "upper",
    "minProperties": "lower",
    "maxContains": "upper",
    "minContains": "lower",
}
NUMBERS: Final = frozenset({*BOUNDS, "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
ASSERTIONS: Final = (*BOUNDS, "multipleOf", "uniqueItems", "pattern", "format")
SUBSCHEMAS: Final = ("items", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not")
MAPS: Final = ("patternProperties", "dependentSchemas")
DEPENDENT: Final = ("dependentRequired", "dependencies")
NAMED: Final = frozenset({*MAPS, *DEPENDENT})
FREE: Final[tuple[Any, ...]] = (True, {})
"""The schemas that allow every value in so many words."""
NONE: Final[tuple[Any, ...]] = (False, {"not": {}}, {"not": True})
"""Those that allow none."""
EVERYTHING: Final[dict[str, Any]] = {}
"""One of them, for what is read apart."""
CONDITION: Final = ("if", "then", "else")
OF_TEXTS: Final = frozenset(
    {
        *("date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
        *("uri", "uri-reference", "iri", "iri-reference", "uri-template", "uuid", "regex", "password", "binary"),
        *("json-pointer", "relative-json-pointer"),
    }
)
"""Formats that speak of strings only: beside a number they say nothing (JSON Schema 2020-12 Validation, 7.1)."""
EXAMPLES: Final = frozenset({"example", "examples"})
ANNOTATIONS: Final = frozenset(
    {
        *("title", "description", "default", "deprecated", "externalDocs", "xml", "contentEncoding"),
        *("contentMediaType", "contentSchema", "x-extensible-enum", "$comment"),
    }
)
IDENTIFIERS: Final = frozenset({"$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "$dynamicRef"})
HOLDERS: Final = frozenset({"$defs", "definitions"})
KNOWN: Final = frozenset(
    {
        *ASSERTIONS,
        *SUBSCHEMAS,
        *MAPS,
        *CONDITION,
        *ANNOTATIONS,
        *IDENTIFIERS,
        *HOLDERS,
        "$ref",
        "type",
        "nullable",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "properties",
        "required",
        "additionalProperties",
        "prefixItems",
        "additionalItems",
        *DEPENDENT,
        "allOf",
        "oneOf",
        "anyOf",
        "discriminator",
        "readOnly",
        "writeOnly",
        *EXAMPLES,
    }
)


def nullable_union(node: dict[str, Any]) -> str | None:
    """The keyword that adds null to a composition without a `type` beside it (before OpenAPI 3.1).

    The specification gives `nullable` a meaning beside `type` only; those who write it there mean it all the same.
    """
    if "type" in node or not node.keys() & {"allOf", "oneOf", "anyOf"}:
        return None
    return next((keyword for keyword in ("nullable", "x-nullable") if node.get(keyword) is True), None)


TEXT: Final = frozenset({"string"})


class Own:
    """Reads the keywords of one object, without `$ref` and `allOf`."""

    def __init__(self, node: dict[str, Any], pointer: Pointer, dialect: Dialect) -> None:
        self.node = node
        self.pointer = pointer
        self.dialect = dialect
        self.view = View(pointer, nodes=(node,))
        self.values: dict[str, tuple[Any, Pointer]] = {}
        self._at = pointer.child

    def read(self) -> View:
        """The view of the object's own keywords."""
        self._types()
        for words, read in self.READERS:
            if not words.isdisjoint(self.node):
                read(self)
        self._annotations()
        if self.values:
            self.view.values = self.values
        return self.view

    def _types(self) -> None:
        view, node, declared = self.view, self.node, self.node.get("type")
        if isinstance(declared, str):
            types = frozenset((declared,))
        elif isinstance(declared, list):
            types = frozenset(name for name in declared if isinstance(name, str))
        else:
            return
        view.types_at = node.at if isinstance(node, Sequence) else self._at("type")
        view.null = "null" in types
        if "nullable" in node or "x-nullable" in node:  # most schemas have neither
            view.null = view.null or (self._is_nullable() and not self.dialect.is_json_schema)
        view.null_at = self._at("nullable") if "nullable" in node else view.types_at
        if "file" in types:  # Swagger 2.0: bytes, whatever they are
            self.values["format"] = ("binary", self._at("type"))
            types = types - {"file"} | {"string"}
        types &= TYPES
        if types >= EVERY_TYPE and view.null:
            return
        view.types = _shared(types)

    def _is_nullable(self) -> bool:
        """Whether null is added to what the `type` names; before OpenAPI 3.1 that counts."""
        return self.node.get("nullable") is True or self.node.get("x-nullable") is True

    def _enum(self) -> None:
        view = self.view
        if isinstance(values := self.node.get("enum"), list):
            at = self._at("enum")
            # where `nullable` is a word of its own, a null in the enum only repeats it
            if view.types == TEXT and {*map(type, values)} - {str}:
                values = [self._meant(value) for value in values]
            view.enum = {canonical(value): (value, at) for value in values if value is not None}
            view.enum_at = at
            if None not in values and (self.dialect.is_json_schema or not self._is_nullable()):
                view.null, view.null_at = False, at
        if "const" in self.node and self.dialect.is_json_schema:
            value, at = self.node["const"], self._at("const")
            constant = {} if value is None else {canonical(value): (value, at)}
            view.enum = constant if view.enum is None else {k: v for k, v in view.enum.items() if k in constant}
            view.enum_at = at
            if value is not None:
                view.null, view.null_at = False, at
            elif view.types is None:
                view.types, view.enum, view.types_at = frozenset(), None, at

    def _meant(self, value: Any) -> Any:
        """A listed value of a string as the API's own tools read it: its text, though YAML made a number of it."""
        if isinstance(value, str) or self.view.types != TEXT:
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        return repr(value) if isinstance(value, (int, float)) else value

    def _numbers(self) -> None:
        self._bounds()
        self._counts()

    def _bounds(self) -> None:
        for keyword, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            bound, strict = self.node.get(keyword), self.node.get(exclusive)
            candidates: list[tuple[Any, bool, Pointer]] = []
            if _is_number(bound):
                candidates.append((bound, strict is True, self._at(keyword)))
            if _is_number(strict):
                candidates.append((strict, True, self._at(exclusive)))
            if candidates:
                pick = max if keyword == "minimum" else min
                sign = 1 if keyword == "minimum" else -1
                value, is_strict, at = pick(candidates, key=lambda c: (c[0], sign * c[1]))
                self.values[keyword] = ((value, is_strict), at)

    def _counts(self) -> None:
        for keyword in (*BOUNDS, "multipleOf"):
            if _is_number(value := self.node.get(keyword)):
                if BOUNDS.get(keyword) == "lower" and value <= 0 and keyword != "minContains":
                    continue  # what every value meets; without `minContains` one is asked for
                if keyword == "multipleOf" and value <= 0:
                    continue
                self.values[keyword] = (value, self._at(keyword))
        if "contains" not in self.node:
            for keyword in ("minContains", "maxContains"):
                self.values.pop(keyword, None)

    def _checks(self) -> None:
        if self.node.get("uniqueItems") is True:
            self.values["uniqueItems"] = (True, self._at("uniqueItems"))
        for keyword in ("pattern", "format"):
            value = self.node.get(keyword)
            if isinstance(value, str) and not (value in OF_TEXTS and keyword == "format" and self._is_no_text()):
                self.values[keyword] = (value, self._at(keyword))

    def _is_no_text(self) -> bool:
        return "string" not in (self.view.types or ("string",))

    def _objects(self) -> None:
        view, node = self.view, self.node
        if isinstance(properties := node.get("properties"), dict):
            at = self._at("properties")
            view.properties = {name: [(child, at.child(name))] for name, child in properties.items()}
        if isinstance(required := node.get("required"), list):
            places = node.required_at if isinstance(node, (Form, Moved)) else {}
            at = self._at("required")
            view.required = {name: places.get(name, at) for name in required if isinstance(name, str)}
        if "additionalProperties" in node:
            value = node["additionalProperties"]
            view.evaluates_all = value is True or value == {}
            if value in NONE:
                view.additional, view.additional_at = False, self._at("additionalProperties")
                view.idle = [*view.idle, (value, view.additional_at)]
            elif isinstance(value, dict) and value:
                view.additional = (value, self._at("additionalProperties"))
                view.additional_at = self._at("additionalProperties")
        if not NAMED.isdisjoint(node):
            self._named()

    def _named(self) -> None:
        """What is said by name beside the properties: schemas of patterns, and what the presence of one asks for."""
        view, node = self.view, self.node
        maps: dict[str, dict[str, list[Place]]] = {}
        dependent: dict[tuple[str, str], Pointer] = {}
        for keyword in MAPS:
            if isinstance(schemas := node.get(keyword), dict):
                at = self._at(keyword)
                maps[keyword] = {name: [(child, at.child(name))] for name, child in schemas.items()}
        for keyword in DEPENDENT:
            if isinstance(lists := node.get(keyword), dict):
                at = self._at(keyword)
                for name, needs in lists.items():
                    if isinstance(needs, list):
                        dependent |= {(name, need): at.child(name) for need in needs if isinstance(need, str)}
                    else:
                        maps.setdefault("dependentSchemas", {})[name] = [(needs, at.child(name))]
        view.maps, view.dependent = maps, dependent

    def _arrays(self) -> None:
        view, node, items = self.view, self.node, self.node.get("items")
        prefix = node.get("prefixItems")
        if isinstance(items, list):  # the tuple form before 2020-12
            prefix, items = items, node.get("additionalItems")
        if isinstance(prefix, list):
            view.prefix_at = self._at("prefixItems" if "prefixItems" in node else "items")
            view.prefix = [(child, view.prefix_at.child(index)) for index, child in enumerate(prefix)]
        if (isinstance(items, dict) and items) or items is False:
            items = False if items in NONE else items
            at = self._at("additionalItems" if isinstance(node.get("items"), list) else "items")
            at = node.at if isinstance(node, Sequence) else at
            view.subschemas = {"items": [(items, at)]}
        if node.get("contains") in FREE:
            self._contains_any()
        if found := [keyword for keyword in SUBSCHEMAS[1:] if keyword in node]:
            said = dict(view.subschemas)
            for keyword in found:
                child = node[keyword]
                if keyword == "not" and child in FREE:
                    self._nothing(self._at(keyword))
                    continue
                if child is False and keyword == "not":  # which refuses nothing
                    view.idle = [(child, self._at(keyword))]
                    continue
                if keyword == "not" and denied_twice(node) is not None:
                    continue
                if (isinstance(child, dict) and child) or child is False:
                    said[keyword] = [(child, self._at(keyword))]
            view.subschemas = said

    def _nothing(self, at: Pointer) -> None:
        """`not: {}` is how `false` is written where a schema has to be an object (JSON Schema 2020-12 Core, 4.3.2)."""
        view = self.view
        view.never, view.types, view.null = True, frozenset(), False
        view.types_at = view.null_at = at

    def _contains_any(self) -> None:
        """`contains` that every item matches: how many items there are."""
        least = self.values.pop("minContains", (1, self._at("contains")))
        for keyword, limit, pick in (("minItems", least, max), ("maxItems", self.values.pop("maxContains", None), min)):
            if limit is None or (keyword == "minItems" and limit[0] <= 0):
                continue
            known = self.values.get(keyword)
            self.values[keyword] = limit if known is None else pick(known, limit, key=lambda said: said[0])

    def _compositions(self) -> None:
        for keyword in ("oneOf", "anyOf"):
            branches = self.node.get(keyword)
            if isinstance(branches, list) and branches:
                at = self.node.at if isinstance(self.node, Branches) else self._at(keyword)
                places = tuple((branch, at.child(index)) for index, branch in enumerate(branches))
                self.view.groups = (*self.view.groups, Group(keyword, places, at))
        asks = any(self.node.get(keyword, True) not in FREE for keyword in ("then", "else"))
        if "if" in self.node and asks and answered(self.node) is None:
            self.view.conditions = (({key: self.node[key] for key in CONDITION if key in self.node}, self._at("if")),)
        is_object = not self.view.types or "object" in self.view.types
        discriminator = self.node.get("discriminator") if is_object else None
        if isinstance(discriminator, str):  # Swagger 2.0
            discriminator = {"propertyName": discriminator}
        if isinstance(discriminator, dict):
            self.view.discriminator = (discriminator, self._at("discriminator"))

    def _access(self) -> None:
        view, node = self.view, self.node
        if node.get("readOnly") is True:
            view.read_only = self._at("readOnly")
        if node.get("writeOnly") is True:
            view.write_only = self._at("writeOnly")

    def _annotations(self) -> None:
        view = self.view
        more: tuple[dict[str, Any], dict[str, Any]] | None = None
        for keyword, value in self.node.items():
            if keyword in ANNOTATIONS:
                if keyword == "default" and not isinstance(value, str):
                    value = self._meant(value)  # noqa: PLW2901
                if value is not False or keyword != "deprecated":
                    self.values[keyword] = (value, self._at(keyword))
            elif keyword in EXAMPLES:
                view.examples = (*view.examples, (value, self._at(keyword)))
            elif keyword not in KNOWN:
                more = more or ({}, {})
                more[not keyword.startswith("x-")][keyword] = (value, self._at(keyword))
        if more:
            view.extensions, view.unknown = more

    READERS: ClassVar[tuple[tuple[frozenset[str], Callable[["Own"], None]], ...]] = (
        (frozenset({"enum", "const"}), _enum),
        (NUMBERS, _numbers),
        (frozenset({"uniqueItems", "pattern", "format"}), _checks),
        (frozenset({"properties", "required", "additionalProperties", *MAPS, *DEPENDENT}), _objects),
        (frozenset({"prefixItems", *SUBSCHEMAS}), _arrays),
        (frozenset({"oneOf", "anyOf", "if", "discriminator"}), _compositions),
        (frozenset({"readOnly", "writeOnly"}), _access),
    )
    """Who reads which keywords: most schemas have few, which is seen at once."""


@cache
def _shared(types: frozenset[str]) -> frozenset[str]:
    """Some of the types as one set for all schemas that have them; a number may be whole."""
    return types - {"integer"} if "number" in types else types


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
