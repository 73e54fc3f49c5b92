"""JSON Schema validators for the schemas of both sides: they judge what the differ and its rules say of values."""

import re
from typing import Any, Final

import orjson

from apidiff.load.resolve import Side
from apidiff.schema import Place
from apidiff.schema.jsonschema import MOST_DEFINITIONS, Translator
from apidiff.words.direction import REQUEST, RESPONSE

FEW_REFERENCES: Final = 20
"""Out of so few no schema can be made that a value meets more often than `MOST_WEIGHT`."""
MOST_WEIGHT: Final = 2_000
"""So often a validator may apply a schema to one value: each level of a lattice of unions doubles it."""
LONG: Final = 10_000
"""Nor out of so few bytes, or out of no more objects than that."""
LONG_PATTERN: Final = re.compile(rb'"pattern":"[^"]{20000,}')
"""To make a machine of it may take more room than all else."""
IN_PLACE: Final = ("allOf", "oneOf", "anyOf")
IN_PLACE_ALONE: Final = ("not", "if", "then", "else")


class Validators:
    """Makes the validators of one comparison, each once; past `most` definitions everything is allowed."""

    def __init__(self, sides: tuple[Side, Side], *, most: int = MOST_DEFINITIONS) -> None:
        self._translators = {
            (side, bit): Translator(sides[side], bit, most=most) for side in (0, 1) for bit in (REQUEST, RESPONSE)
        }
        self._of_place: dict[tuple[int, int, int], Any] = {}
        self._compiled: dict[bytes, Any] = {}

    def of(self, side: int, place: Place, bit: int) -> Any:
        """The validator of a schema of one side (0 base, 1 revision) in a direction, None where it can't be made."""
        key = (side, id(place[0]), bit)
        if key not in self._of_place:
            schema = self._translators[(side, bit)].schema(place)
            try:
                written = orjson.dumps(schema)
            except TypeError:  # numbers past 64 bits
                self._of_place[key] = _compile(schema)
            else:
                if written not in self._compiled:  # many places say no more than `type: string`
                    may_be_bomb = written[LONG:] or written.count(b'"$ref"') > FEW_REFERENCES
                    is_bomb = may_be_bomb and _is_bomb(written, schema)
                    self._compiled[written] = None if is_bomb else _compile(schema)
                self._of_place[key] = self._compiled[written]
        return self._of_place[key]


def _is_bomb(written: bytes, schema: Any) -> bool:
    """Whether a validator would take far more time, or room, than its schema weighs."""
    may_weigh = written.count(b'"$ref"') > FEW_REFERENCES or written.count(b"{") > MOST_WEIGHT
    return (may_weigh and _weight(schema) > MOST_WEIGHT) or LONG_PATTERN.search(written) is not None


def _weight(schema: Any) -> int:
    """How often a validator applies a part of a schema to the whole value, which it does anew for each way to it."""
    definitions = schema.get("$defs", {})
    known: dict[str, int] = {}

    def weigh(node: Any) -> int:
        if not isinstance(node, dict):
            return 1
        parts = [part for keyword in IN_PLACE for part in node.get(keyword, ())]
        parts += [node[keyword] for keyword in IN_PLACE_ALONE if keyword in node]
        weight = 1 + sum(map(weigh, parts))
        if isinstance(reference := node.get("$ref"), str):
            name = reference.rpartition("/")[2]
            if name not in known:
                known[name] = 1  # what leads back to itself is no longer for it
                known[name] = weigh(definitions.get(name))
            weight += known[name]
        return weight

    return weigh(schema)


def _compile(schema: Any) -> Any:
    """A validator, None where a pattern or a reference is one that it refuses."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return None
