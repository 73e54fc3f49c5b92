"""What one schema means, whichever dialect says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from apidiff.load.values import Node
from apidiff.words.pointer import Pointer

Place = tuple[Node, Pointer]
"""A node, not yet dereferenced, and where it was found."""

BOTH_FORMATS: Final = " and "
"""Stands between the formats that an `allOf` asks for at once."""


class _Nothing(dict[Any, Any]):
    """A mapping of nothing, which a dataclass takes for the value of a field (it asks for a hash)."""

    __slots__ = ()
    __hash__ = object.__hash__  # type: ignore[assignment]


NOTHING: Final[Mapping[Any, Any]] = _Nothing()
"""What a view does not say: one for all of them, for there is a view of each schema, and most say little."""

VALUE_ASSERTIONS: Final = frozenset(
    {
        *("minimum", "maximum", "multipleOf", "maxLength", "minLength", "maxItems", "minItems", "maxProperties"),
        *("minProperties", "maxContains", "minContains", "uniqueItems", "pattern", "format"),
    }
)
"""The keywords of `View.values` that refuse values; the others only annotate."""


@dataclass(frozen=True, slots=True)
class Group:
    """The branches of one `oneOf` or `anyOf`, without the branch that only allows null."""

    keyword: str
    branches: tuple[Place, ...]
    pointer: Pointer


@dataclass(slots=True)
class View:
    """What one schema means.

    `types` is None where any type goes, and never holds null: `null` says whether that goes too.
    `enum` maps the canonical text of each value to the value and where it stands. `values` has the assertions and
    annotations with where they stand, bounds normalised: `minimum` and `maximum` hold (number, is exclusive).
    `evaluates_all` is set where `additionalProperties: true` is written, which leaves `unevaluatedProperties` nothing.
    `is_folded` is set where a union has one branch beside null, which the view means instead (`Reader.unfolded`).
    `nodes` are the raw objects whose meaning went into the view, `idle` the subschemas that other keywords outdo, and
    `folded` the branches of unions that went into it as bare types, values or null. `outdone` has what parts say beside
    their values (keyword, what) where another part said it first.
    `is_cut` is set where a schema is made of more than is read.
    """

    pointer: Pointer
    types: frozenset[str] | None = None
    types_at: Pointer | None = None
    null: bool = True
    null_at: Pointer | None = None
    enum: dict[str, tuple[Any, Pointer]] | None = None
    enum_at: Pointer | None = None
    values: Mapping[str, tuple[Any, Pointer]] = NOTHING
    properties: Mapping[str, list[Place]] = NOTHING
    required: Mapping[str, Pointer] = NOTHING
    additional: bool | Place = True
    additional_at: Pointer | None = None
    subschemas: Mapping[str, list[Place]] = NOTHING
    maps: Mapping[str, Mapping[str, list[Place]]] = NOTHING
    prefix: Sequence[Place] = ()
    prefix_at: Pointer | None = None
    dependent: Mapping[tuple[str, str], Pointer] = NOTHING
    groups: Sequence[Group] = ()
    conditions: Sequence[Place] = ()
    discriminator: tuple[dict[str, Any], Pointer] | None = None
    examples: Sequence[tuple[Any, Pointer]] = ()
    extensions: Mapping[str, tuple[Any, Pointer]] = NOTHING
    unknown: Mapping[str, tuple[Any, Pointer]] = NOTHING
    read_only: Pointer | None = None
    write_only: Pointer | None = None
    never: bool = False
    evaluates_all: bool = False
    is_union: bool = False
    is_folded: bool = False
    is_cut: bool = False
    nodes: Sequence[Node] = ()
    idle: Sequence[Place] = ()
    folded: Sequence["View"] = ()
    outdone: Sequence[tuple[str, tuple[Any, Pointer]]] = ()

    @property
    def is_closed(self) -> bool:
        """Whether an undeclared property is refused."""
        unevaluated = self.subschemas.get("unevaluatedProperties", ())
        return self.additional is False or any(place[0] is False for place in unevaluated)

    @property
    def is_bytes(self) -> bool:
        """Whether the value is bytes and no text: `format: binary`, or what 3.1 has for it (OpenAPI 3.1, 4.8.14.2)."""
        is_raw = self.types is None and "contentMediaType" in self.values
        return is_raw or self.values.get("format", ("",))[0] == "binary" or "contentEncoding" in self.values

    @property
    def has_structure(self) -> bool:
        """Whether anything but types, values and compositions says what is allowed."""
        return bool(
            self.properties
            or self.required
            or self.additional is not True
            or self.subschemas
            or self.maps
            or self.prefix
            or self.conditions
            or self.dependent
        )

    @property
    def has_assertions(self) -> bool:
        """Whether a bound, a pattern or a format narrows the values."""
        return not VALUE_ASSERTIONS.isdisjoint(self.values)

    @property
    def is_only_a_group(self) -> bool:
        """Whether nothing but one `oneOf` or `anyOf` says what is allowed."""
        is_plain = self.types is None and self.enum is None and not self.has_structure and not self.has_assertions
        return is_plain and len(self.groups) == 1

    @property
    def is_free(self) -> bool:
        """Whether every value is allowed."""
        is_plain = self.types is None and self.enum is None and not self.has_structure and not self.has_assertions
        return is_plain and not self.groups and not self.never


def canonical(value: Any) -> str:
    """A text that is the same for the same JSON value (`1` and `1.0`, any key order) and for no other."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return orjson.dumps(value).decode()
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(f"{canonical(str(key))}:{canonical(value[key])}" for key in sorted(value, key=str)) + "}"
