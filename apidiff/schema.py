"""One vocabulary for schemas: Swagger 2.0, OpenAPI 3.0 and JSON Schema 2020-12 read into the same view.

A view says what a schema means, `allOf` merged, and where each part of that meaning stands in the document. It is made for one
node at a time and names its subschemas without entering them, so recursion needs no care here.
"""

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import orjson

from apidiff.pointer import Pointer
from apidiff.resolve import Dialect, Node, Side

Place = tuple[Node, Pointer]
"""A node, not yet dereferenced, and where it was found."""

TYPES: Final = frozenset({"array", "boolean", "number", "object", "string", "integer"})

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
ASSERTIONS: Final = (*BOUNDS, "multipleOf", "uniqueItems", "pattern", "format")
SUBSCHEMAS: Final = ("items", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not")
MAPS: Final = ("patternProperties", "dependentSchemas")
CONDITION: Final = ("if", "then", "else")
ANNOTATIONS: Final = (
    "title",
    "description",
    "default",
    "deprecated",
    "externalDocs",
    "xml",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "x-extensible-enum",
    "$comment",
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
        "dependentRequired",
        "dependencies",
        "allOf",
        "oneOf",
        "anyOf",
        "discriminator",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
    }
)


@dataclass(frozen=True, slots=True)
class Group:
    """The branches of one `oneOf` or `anyOf`, without the branch that only allows null."""

    keyword: str
    branches: tuple[Place, ...]
    pointer: Pointer


@dataclass(slots=True)
class View:
    """What one schema means. `types` is None where any type goes and never holds null: `null` says whether that goes too.

    `enum` maps the canonical text of each value to the value and where it stands. `values` has the assertions and annotations with
    where they stand, bounds normalised: `minimum` and `maximum` hold (number, is exclusive). `nodes` are the raw
    objects whose meaning went into the view.
    """

    pointer: Pointer
    types: frozenset[str] | None = None
    types_at: Pointer | None = None
    null: bool = True
    null_at: Pointer | None = None
    enum: dict[str, tuple[Any, Pointer]] | None = None
    enum_at: Pointer | None = None
    values: dict[str, tuple[Any, Pointer]] = field(default_factory=dict)
    properties: dict[str, list[Place]] = field(default_factory=dict)
    required: dict[str, Pointer] = field(default_factory=dict)
    additional: bool | Place = True
    additional_at: Pointer | None = None
    subschemas: dict[str, list[Place]] = field(default_factory=dict)
    maps: dict[str, dict[str, list[Place]]] = field(default_factory=dict)
    prefix: list[Place] = field(default_factory=list)
    prefix_at: Pointer | None = None
    dependent: dict[tuple[str, str], Pointer] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    conditions: list[tuple[Node, Pointer]] = field(default_factory=list)
    discriminator: tuple[dict[str, Any], Pointer] | None = None
    examples: list[tuple[Any, Pointer]] = field(default_factory=list)
    extensions: dict[str, tuple[Any, Pointer]] = field(default_factory=dict)
    unknown: dict[str, tuple[Any, Pointer]] = field(default_factory=dict)
    read_only: Pointer | None = None
    write_only: Pointer | None = None
    never: bool = False
    is_union: bool = False
    nodes: list[Node] = field(default_factory=list)

    @property
    def is_closed(self) -> bool:
        """Whether an undeclared property is refused."""
        return self.additional is False or self.values.get("unevaluatedProperties", (None,))[0] is False

    @property
    def is_only_a_group(self) -> bool:
        """Whether nothing but one `oneOf` or `anyOf` says what is allowed."""
        return (
            len(self.groups) == 1
            and self.types is None
            and self.enum is None
            and not self.properties
            and not self.required
            and self.additional is True
            and not self.subschemas
            and not self.maps
            and not self.prefix
            and not self.conditions
            and not any(key in self.values for key in (*ASSERTIONS, "minimum", "maximum"))
        )

    @property
    def is_free(self) -> bool:
        """Whether every value is allowed."""
        return (
            self.types is None
            and self.enum is None
            and not self.never
            and not self.groups
            and not self.properties
            and not self.required
            and self.additional is True
            and not self.subschemas
            and not self.maps
            and not self.prefix
            and not self.conditions
            and not self.dependent
            and not any(key in self.values for key in (*ASSERTIONS, "minimum", "maximum"))
        )


def canonical(value: Any) -> str:
    """A text that is the same for the same JSON value (`1` and `1.0`, any key order) and for no other."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return orjson.dumps(value).decode()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{canonical(str(key))}:{canonical(value[key])}" for key in sorted(value, key=str)) + "}"


class Reader:
    """Makes the views of one side, each node once."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._views: dict[int, View] = {}
        self._kept: list[Node] = []
        self._open: set[int] = set()

    def view(self, node: Node, pointer: Pointer) -> View:
        """The view of a schema, `$ref` and `allOf` followed as far as this node's own meaning goes."""
        known = self._views.get(id(node))
        if known is not None:
            return known
        if id(node) in self._open:  # an allOf that holds itself adds nothing
            return View(pointer)
        self._open.add(id(node))
        try:
            view = self._read(node, self.side.place(node, pointer))
        finally:
            self._open.discard(id(node))
        self._views[id(node)] = view
        self._kept.append(node)
        return view

    def both(self, places: list[Place]) -> Place:
        """One place that means all of several: the schema of a property that two branches of an allOf declare."""
        if len(places) == 1:
            return places[0]
        node = {"allOf": [place[0] for place in places]}
        kept = self.side.make(("allOf", *(id(place[0]) for place in places)), node, [*places, (node, places[0][1])])
        return kept, places[0][1]

    def _read(self, node: Node, pointer: Pointer) -> View:
        if node is False:
            return View(pointer, never=True, types=frozenset(), null=False, types_at=pointer, null_at=pointer)
        if not isinstance(node, dict):
            return View(pointer)
        if isinstance(node.get("$ref"), str):
            return self._read_reference(node, pointer)
        view = _Own(node, pointer, self.side.dialect).read()
        branches = node.get("allOf")
        if isinstance(branches, list):
            for index, branch in enumerate(branches):
                _merge(view, self.view(branch, self.side.place(branch, pointer.child("allOf", index))))
        self._fold_groups(view)
        return view

    def _read_reference(self, node: dict[str, Any], pointer: Pointer) -> View:
        target, where = self.side.target(node["$ref"], pointer)
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        if not siblings or not self.side.dialect.is_json_schema:
            view = self.view(target, where)
            if siblings:
                view.nodes.append(node)
            return view
        view = _Own(siblings, pointer, self.side.dialect).read()
        view.nodes = [node]
        _merge(view, self.view(target, where))
        self._fold_groups(view)
        return view

    def _fold_groups(self, view: View) -> None:
        """Say unions that are types or values as such: null branches, single branches, pure types, constants."""
        groups, view.groups = view.groups, []
        for group in groups:
            branches: list[Place] = []
            allows_null = False
            for branch in group.branches:
                here = self.view(*branch)
                if here.types == frozenset() and here.null and not here.never:
                    allows_null = True
                    view.nodes.extend(here.nodes)
                else:
                    branches.append(branch)
            if not branches:
                continue
            if len(branches) == 1:
                self._fold_single(view, branches[0], allows_null=allows_null, group=group)
            elif not self._fold_values(view, branches, allows_null=allows_null, group=group):
                if not allows_null and not any(self._allows_null(branch) for branch in branches) and view.null:
                    view.null, view.null_at = False, group.pointer
                view.groups.append(Group(group.keyword, tuple(branches), group.pointer))

    def _allows_null(self, branch: Place) -> bool:
        return self.view(*branch).null

    def _fold_single(self, view: View, branch: Place, *, allows_null: bool, group: Group) -> None:
        only = self.view(*branch)
        null = view.null and (allows_null or only.null)
        null_at = group.pointer if allows_null else (only.null_at or view.null_at)
        _merge(view, only)
        view.null, view.null_at = null, null_at

    def _fold_values(self, view: View, branches: list[Place], *, allows_null: bool, group: Group) -> bool:
        """Fold branches that are all bare types, or all constants, into a list of types or an enum."""
        views = [self.view(*branch) for branch in branches]
        null = allows_null or any(branch.null for branch in views)
        if all(_is_bare_type(branch) for branch in views) and _disjoint(views):
            folded = View(group.pointer, types=frozenset[str]().union(*(branch.types or () for branch in views)))
            folded.types_at = group.pointer
            folded.is_union = True
        elif all(_is_constants(branch) for branch in views):
            folded = View(group.pointer, enum={}, enum_at=group.pointer)
            types = [branch.types for branch in views if branch.types is not None]
            if len(types) == len(views):
                folded.types, folded.types_at = frozenset[str]().union(*types), group.pointer
            for branch in views:
                for text, (value, where) in (branch.enum or {}).items():
                    if folded.enum is not None:
                        folded.enum.setdefault(text, (value, where))
        else:
            return False
        folded.null, folded.null_at = null, group.pointer
        folded.nodes = [node for branch in views for node in branch.nodes]
        _merge(view, folded)
        return True


def _is_bare_type(view: View) -> bool:
    if not view.types or view.enum is not None or len(view.types) != 1:
        return False
    return View(view.pointer).is_free and not (
        view.properties
        or view.required
        or view.additional is not True
        or view.subschemas
        or view.maps
        or view.prefix
        or view.groups
        or view.conditions
        or view.discriminator
        or any(key in view.values for key in (*ASSERTIONS, "minimum", "maximum"))
    )


def _is_constants(view: View) -> bool:
    return (
        view.enum is not None
        and not view.groups
        and not view.conditions
        and not view.subschemas
        and not any(key in view.values for key in (*ASSERTIONS, "minimum", "maximum"))
        and not view.properties
    )


def _disjoint(views: list[View]) -> bool:
    types = [kind for view in views for kind in view.types or ()]
    return len(types) == len(set(types)) and not {"integer", "number"} <= set(types)


class _Own:
    """Reads the keywords of one object, without `$ref` and `allOf`."""

    def __init__(self, node: dict[str, Any], pointer: Pointer, dialect: Dialect) -> None:
        self.node = node
        self.pointer = pointer
        self.dialect = dialect
        self.view = View(pointer, nodes=[node])

    def read(self) -> View:
        self._types()
        self._enum()
        self._bounds()
        self._values()
        self._objects()
        self._arrays()
        self._compositions()
        self._rest()
        return self.view

    def _at(self, keyword: str) -> Pointer:
        return self.pointer.child(keyword)

    def _types(self) -> None:
        view, declared = self.view, self.node.get("type")
        names = [declared] if isinstance(declared, str) else declared
        nullable = self.node.get("nullable") is True or self.node.get("x-nullable") is True
        if not isinstance(names, list):
            return
        types = frozenset(name for name in names if isinstance(name, str))
        view.types_at = self._at("type")
        view.null = "null" in types or (nullable and not self.dialect.is_json_schema)
        view.null_at = self._at("nullable") if "nullable" in self.node else self._at("type")
        if "file" in types:  # Swagger 2.0: bytes, whatever they are
            types = types - {"file"} | {"string"}
        types &= TYPES
        view.types = types - {"integer"} if "number" in types else types

    def _enum(self) -> None:
        view = self.view
        if isinstance(values := self.node.get("enum"), list):
            at = self._at("enum")
            # where `nullable` is a word of its own, a null in the enum only repeats it
            view.enum = {canonical(value): (value, at) for value in values if value is not None}
            view.enum_at = at
            if None not in values and self.dialect.is_json_schema:
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
                self.view.values[keyword] = ((value, is_strict), at)

    def _values(self) -> None:
        for keyword in (*BOUNDS, "multipleOf"):
            if _is_number(value := self.node.get(keyword)):
                if BOUNDS.get(keyword) == "lower" and value <= 0 and keyword != "minContains":
                    continue  # what every value meets; without `minContains` one is asked for
                if keyword == "multipleOf" and value <= 0:
                    continue
                self.view.values[keyword] = (value, self._at(keyword))
        if self.node.get("uniqueItems") is True:
            self.view.values["uniqueItems"] = (True, self._at("uniqueItems"))
        for keyword in ("pattern", "format"):
            if isinstance(value := self.node.get(keyword), str):
                self.view.values[keyword] = (value, self._at(keyword))
        for keyword in ANNOTATIONS:
            if keyword in self.node and not (keyword == "deprecated" and self.node[keyword] is False):
                self.view.values[keyword] = (self.node[keyword], self._at(keyword))

    def _objects(self) -> None:
        view, node = self.view, self.node
        if isinstance(properties := node.get("properties"), dict):
            at = self._at("properties")
            view.properties = {name: [(child, at.child(name))] for name, child in properties.items()}
        if isinstance(required := node.get("required"), list):
            view.required = {name: self._at("required") for name in required if isinstance(name, str)}
        if "additionalProperties" in node:
            value = node["additionalProperties"]
            if value is False:
                view.additional, view.additional_at = False, self._at("additionalProperties")
            elif isinstance(value, dict) and value:
                view.additional = (value, self._at("additionalProperties"))
                view.additional_at = self._at("additionalProperties")
        for keyword in MAPS:
            if isinstance(schemas := node.get(keyword), dict):
                at = self._at(keyword)
                view.maps[keyword] = {name: [(child, at.child(name))] for name, child in schemas.items()}
        for keyword in ("dependentRequired", "dependencies"):
            if isinstance(lists := node.get(keyword), dict):
                at = self._at(keyword)
                for name, needs in lists.items():
                    if isinstance(needs, list):
                        view.dependent |= {(name, need): at.child(name) for need in needs if isinstance(need, str)}
                    else:
                        view.maps.setdefault("dependentSchemas", {})[name] = [(needs, at.child(name))]

    def _arrays(self) -> None:
        view, node, items = self.view, self.node, self.node.get("items")
        prefix = node.get("prefixItems")
        if isinstance(items, list):  # the tuple form before 2020-12
            prefix, items = items, node.get("additionalItems")
        if isinstance(prefix, list):
            view.prefix_at = self._at("prefixItems" if "prefixItems" in node else "items")
            view.prefix = [(child, view.prefix_at.child(index)) for index, child in enumerate(prefix)]
        if isinstance(items, dict) and items or items is False:
            at = self._at("additionalItems" if isinstance(node.get("items"), list) else "items")
            view.subschemas["items"] = [(items, at)]
        for keyword in SUBSCHEMAS[1:]:
            child = node.get(keyword)
            if isinstance(child, dict) and (child or keyword == "not") or child is False:
                view.subschemas[keyword] = [(child, self._at(keyword))]
        if "contains" not in node:
            for keyword in ("minContains", "maxContains"):
                view.values.pop(keyword, None)

    def _compositions(self) -> None:
        for keyword in ("oneOf", "anyOf"):
            branches = self.node.get(keyword)
            if isinstance(branches, list) and branches:
                at = self._at(keyword)
                places = tuple((branch, at.child(index)) for index, branch in enumerate(branches))
                self.view.groups.append(Group(keyword, places, at))
        if "if" in self.node and ("then" in self.node or "else" in self.node):
            self.view.conditions.append(({key: self.node[key] for key in CONDITION if key in self.node}, self._at("if")))
        discriminator = self.node.get("discriminator")
        if isinstance(discriminator, str):  # Swagger 2.0
            discriminator = {"propertyName": discriminator}
        if isinstance(discriminator, dict):
            self.view.discriminator = (discriminator, self._at("discriminator"))

    def _rest(self) -> None:
        view, node = self.view, self.node
        if node.get("readOnly") is True:
            view.read_only = self._at("readOnly")
        if node.get("writeOnly") is True:
            view.write_only = self._at("writeOnly")
        for keyword in ("example", "examples"):
            if keyword in node:
                view.examples.append((node[keyword], self._at(keyword)))
        for keyword, value in node.items():
            if keyword in KNOWN:
                continue
            kept = view.extensions if keyword.startswith("x-") else view.unknown
            kept[keyword] = (value, self._at(keyword))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _merge(view: View, other: View) -> None:
    """Make `view` mean both (allOf); what it says itself goes before what the branch says."""
    if other.types is not None:
        if view.types is None:
            view.types, view.types_at = other.types, other.types_at
        elif view.types != other.types:
            view.types = _common_types(view.types, other.types)
            view.types_at = other.types_at
    if view.null and not other.null:
        view.null, view.null_at = False, other.null_at
    elif view.null_at is None:
        view.null_at = other.null_at
    if other.enum is not None:
        if view.enum is None:
            view.enum, view.enum_at = dict(other.enum), other.enum_at
        else:
            view.enum = {text: kept for text, kept in view.enum.items() if text in other.enum}
    view.never = view.never or other.never
    view.is_union = view.is_union or other.is_union
    _merge_values(view, other)
    for name, places in other.properties.items():
        mine = view.properties.get(name)
        known = [] if mine is None else [id(place[0]) for place in mine]
        view.properties[name] = [*(mine or ()), *(place for place in places if id(place[0]) not in known)]
    for name, where in other.required.items():
        view.required.setdefault(name, where)
    if view.additional is True:
        view.additional, view.additional_at = other.additional, other.additional_at
    elif other.additional is False:
        view.additional, view.additional_at = False, other.additional_at
    for keyword, places in other.subschemas.items():
        view.subschemas[keyword] = [*view.subschemas.get(keyword, ()), *places]
    for keyword, schemas in other.maps.items():
        mine_map = view.maps.setdefault(keyword, {})
        for name, places in schemas.items():
            mine_map[name] = [*mine_map.get(name, ()), *places]
    if not view.prefix:
        view.prefix, view.prefix_at = other.prefix, other.prefix_at
    view.dependent |= {key: where for key, where in other.dependent.items() if key not in view.dependent}
    view.groups.extend(group for group in other.groups if group not in view.groups)
    view.conditions.extend(other.conditions)
    view.discriminator = view.discriminator or other.discriminator
    if not view.examples:
        view.examples = other.examples
    for key, value in other.extensions.items():
        view.extensions.setdefault(key, value)
    for key, value in other.unknown.items():
        view.unknown.setdefault(key, value)
    view.read_only = view.read_only or other.read_only
    view.write_only = view.write_only or other.write_only
    view.nodes.extend(other.nodes)


def _merge_values(view: View, other: View) -> None:
    for keyword, (value, where) in other.values.items():
        mine = view.values.get(keyword)
        if mine is None:
            view.values[keyword] = (value, where)
        elif keyword in ("minimum", "maximum"):
            sign = 1 if keyword == "minimum" else -1
            if (sign * value[0], value[1]) > (sign * mine[0][0], mine[0][1]):
                view.values[keyword] = (value, where)
        elif keyword in BOUNDS:
            if (value > mine[0]) == (BOUNDS[keyword] == "lower") and value != mine[0]:
                view.values[keyword] = (value, where)
        elif keyword == "multipleOf":
            view.values[keyword] = (_common_multiple(value, mine[0]), where)
        elif keyword == "pattern" and value != mine[0]:
            view.values[keyword] = ("".join(sorted({f"(?={value})", f"(?={mine[0]})"})), where)


def _common_types(base: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    common = base & other
    if ("integer" in base and "number" in other) or ("number" in base and "integer" in other):
        common |= {"integer"}
    return common


def _common_multiple(left: float, right: float) -> float:
    """The least number that is a multiple of both; exact, since `multipleOf: 0.01` is common."""
    one, two = Fraction(str(left)), Fraction(str(right))
    common = Fraction(math.lcm(one.numerator, two.numerator), math.gcd(one.denominator, two.denominator))
    return int(common) if common.denominator == 1 else float(common)
