"""Says a spec's schema as plain JSON Schema 2020-12, for a validator to judge values by.

What is reached by `$ref` goes to `$defs`, up to a bound past which everything is allowed: a witness is small, so it
never gets there.
"""

from typing import Any, Final

from apidiff.load.resolve import Side
from apidiff.load.values import Node
from apidiff.schema import Place, nullable_union
from apidiff.words.direction import REQUEST
from apidiff.words.pointer import Pointer

MOST_DEFINITIONS: Final = 40
SINGLE: Final = frozenset(
    {"items", "contains", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "not", "if", "then", "else"}
)
SINGLE_OR_BOOLEAN: Final = SINGLE | {"additionalProperties"}
LISTS: Final = frozenset({"allOf", "oneOf", "anyOf", "prefixItems"})
MAPS: Final = frozenset({"properties", "patternProperties", "dependentSchemas"})
STRICT: Final = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
STRICT_WORDS: Final = frozenset({"exclusiveMinimum", "exclusiveMaximum"})
KEPT: Final = frozenset(
    {
        *("enum", "const", "multipleOf", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems"),
        *("maxContains", "minContains", "maxProperties", "minProperties", "dependentRequired", "minimum", "maximum"),
        *("exclusiveMinimum", "exclusiveMaximum", "format"),
    }
)


class Translator:
    """Translates schemas of one side, for one direction: readOnly properties are not asked for in requests."""

    def __init__(self, side: Side, direction: int, *, most: int = MOST_DEFINITIONS) -> None:
        self.side = side
        self.most = most
        self.hidden = "readOnly" if direction == REQUEST else "writeOnly"
        self._names: dict[int, str] = {}
        self._targets: dict[str, Place] = {}
        self._bodies: dict[str, tuple[Any, tuple[str, ...]]] = {}
        self._used: list[str] = []

    def schema(self, place: Place) -> Any:
        """The whole JSON Schema of a place, with the definitions that it needs."""
        body, used = self._body(place)
        if not isinstance(body, dict) or not used:
            return body
        definitions: dict[str, Any] = dict.fromkeys(used, True)
        waiting = list(used)
        for name in waiting:
            if len(definitions) > self.most:
                break
            if name not in self._bodies:
                self._bodies[name] = self._body(self._targets[name])
            definitions[name], further = self._bodies[name]
            for other in further:
                if other not in definitions:
                    definitions[other] = True
                    waiting.append(other)
        return {**body, "$defs": definitions}

    def _body(self, place: Place) -> tuple[Any, tuple[str, ...]]:
        self._used = []
        # only the file matters from here on: it is what references are relative to
        body = self._translate(place[0], Pointer(place[1].file))
        return body, tuple(dict.fromkeys(self._used))

    def _translate(self, node: Node, pointer: Pointer) -> Any:
        if not isinstance(node, dict):
            return node if isinstance(node, bool) else True
        if isinstance(node.get("$ref"), str):
            return self._reference(node, pointer)
        made: dict[str, Any] = {}
        for key, value in node.items():
            if key in KEPT:
                made[key] = value
            elif key in SINGLE_OR_BOOLEAN and isinstance(value, (dict, bool)):
                made[key] = self._translate(value, pointer)
            elif key in LISTS and isinstance(value, list):
                made[key] = [self._translate(item, pointer) for item in value]
            elif key in MAPS and isinstance(value, dict):
                made[key] = {name: self._translate(child, pointer) for name, child in value.items()}
        if isinstance(node.get("items"), list):
            made["prefixItems"] = [self._translate(item, pointer) for item in node["items"]]
            made.pop("items", None)
        self._types(node, made)
        self._required(node, pointer, made)
        if not self.side.dialect.is_json_schema and nullable_union(node):
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def _reference(self, node: dict[str, Any], pointer: Pointer) -> Any:
        target, where = self.side.deref(node, pointer)
        name = self._names.setdefault(id(target), f"d{len(self._names)}")
        self._targets.setdefault(name, (target, where))
        self._used.append(name)
        made: dict[str, Any] = {"$ref": f"#/$defs/{name}"}
        siblings = {key: value for key, value in node.items() if key != "$ref"}
        if siblings and self.side.dialect.is_json_schema:
            beside = self._translate(siblings, pointer)
            return {**beside, **made} if isinstance(beside, dict) else made
        return made

    def _types(self, node: dict[str, Any], made: dict[str, Any]) -> None:
        declared = node.get("type")
        if declared == "file":
            declared = "string"
        if isinstance(declared, (str, list)):
            made["type"] = declared
        if not self.side.dialect.is_json_schema:
            made.pop("const", None)
            for bound, strict in STRICT if not STRICT_WORDS.isdisjoint(made) else ():
                if isinstance(flag := made.get(strict), bool):
                    del made[strict]
                    if flag and bound in made:
                        made[strict] = made.pop(bound)
            # most schemas have neither, and to look is cheaper than to get
            is_nullable = ("nullable" in node and node["nullable"] is True) or (
                "x-nullable" in node and node["x-nullable"] is True
            )
            if is_nullable and isinstance(declared, str):
                made["type"] = [declared, "null"]
                if isinstance(enum := made.get("enum"), list) and None not in enum:
                    made["enum"] = [*enum, None]
        if (kind := made.get("format")) == "byte":
            made["pattern"] = made.get("pattern", r"^[A-Za-z0-9+/]*={0,2}$")
        elif kind == "int32":
            made.setdefault("minimum", -(2**31))
            made.setdefault("maximum", 2**31 - 1)

    def _required(self, node: dict[str, Any], pointer: Pointer, made: dict[str, Any]) -> None:
        names = node.get("required")
        if not isinstance(names, list):
            return
        properties = node.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        made["required"] = [
            name for name in names if isinstance(name, str) and not self._is_hidden(properties.get(name), pointer)
        ]

    def _is_hidden(self, node: Node, pointer: Pointer) -> bool:
        if not isinstance(node, dict):
            return False
        target = self.side.deref(node, pointer)[0] if "$ref" in node else node
        return node.get(self.hidden) is True or (isinstance(target, dict) and target.get(self.hidden) is True)
