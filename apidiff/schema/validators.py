"""JSON Schema validators for the schemas of both sides: they judge what the differ and its rules say of values."""

from typing import Any

import orjson

from apidiff.load.resolve import Side
from apidiff.schema import Place
from apidiff.schema.jsonschema import MOST_DEFINITIONS, Translator
from apidiff.words.direction import REQUEST, RESPONSE


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
                    self._compiled[written] = _compile(schema)
                self._of_place[key] = self._compiled[written]
        return self._of_place[key]


def _compile(schema: Any) -> Any:
    """A validator, None where a pattern or a reference is one that it refuses."""
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return None
