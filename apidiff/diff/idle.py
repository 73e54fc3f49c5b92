"""Compares keywords that have no effect where they stand, so that nothing is passed over in silence.

They are about other types, lack the keyword that they need, or belong to another version of the specification.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from apidiff.diff.walk import Walk
from apidiff.load.resolve import Side
from apidiff.schema import OF_TEXTS, Place, Reader, View
from apidiff.schema.closure import answered, made_of
from apidiff.schema.facets import RELEVANT
from apidiff.schema.keywords import FREE
from apidiff.words.facts import Subject
from apidiff.words.pointer import Pointer

ARRAYS: Final = ("items", "prefixItems", "contains", "unevaluatedItems", "minContains", "maxContains")
OBJECTS: Final = (
    *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "dependentRequired"),
    *("dependentSchemas", "dependencies", "unevaluatedProperties", "discriminator"),
)
NUMBERS: Final = frozenset({"integer", "number"})
ABOUT: Final = {
    **{keyword: types | NUMBERS if types & NUMBERS else types for keyword, types in RELEVANT.items()},
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), NUMBERS),
    **dict.fromkeys(ARRAYS, frozenset({"array"})),
    **dict.fromkeys(OBJECTS, frozenset({"object"})),
}
"""The types that each keyword says something of."""
TYPES: Final = ("string", "integer", "number", "boolean", "array", "object")
FOREIGN: Final = {
    kind: frozenset(keyword for keyword, types in ABOUT.items() if kind not in types)
    | ({"format"} if kind in NUMBERS else frozenset())
    for kind in TYPES
}
"""What says nothing of a type: of numbers some formats, those of texts."""
NEEDS: Final = {
    **dict.fromkeys(("minContains", "maxContains"), ("contains",)),
    **dict.fromkeys(("then", "else"), ("if",)),
    "if": ("then", "else"),
    "additionalItems": ("items",),
}
"""Keywords that are nothing without another one."""
HOLDERS: Final = frozenset({"$defs", "definitions"})
NULLABLE: Final = frozenset({"nullable", "x-nullable"})
OF_VERSIONS: Final = frozenset({"const", *NULLABLE})
"""What only some versions of the specification know."""
SUSPECTS: Final = frozenset({*NEEDS, *OF_VERSIONS, "exclusiveMinimum", "exclusiveMaximum"})
UNSAID: Final = {
    **dict.fromkeys(("uniqueItems", "exclusiveMinimum", "exclusiveMaximum", *NULLABLE), False),
    **dict.fromkeys(("additionalProperties", "unevaluatedItems", "unevaluatedProperties"), True),
}
"""What each means where it is not said."""
LEADING: Final = frozenset({"$ref", "allOf"})
MOST_PARTS: Final = 16
MOST_CUT: Final = 1
"""Past these parts nothing is looked for; and of a schema that is not read whole, which is said, past fewer."""
Said = dict[str, tuple[Any, Pointer]]


def compare_idle(walk: Walk, pair: int, base: tuple[Place, View], revision: tuple[Place, View]) -> None:
    """State the edits of keywords that have no effect, and had none."""
    sides = walk.base, walk.revision
    are_alike = sides[0].dialect is sides[1].dialect
    was, now = (_idle(side, place, view) for side, (place, view) in zip(sides, (base, revision), strict=True))
    for key in sorted({*was, *now}) if was or now else ():
        ends = was.get(key), now.get(key)
        if not are_alike and key in SUSPECTS:  # each version has its own
            continue
        if all(ends) or not _has(sides[0 if ends[1] else 1], (base if ends[1] else revision)[0], key):
            walk.values(pair, Subject.SCHEMA, "ineffective-keyword", ends[0], ends[1], item=key)


def note_definitions(walk: Walk, pair: int, base: Place, revision: Place) -> None:
    """Have the schemas that a schema keeps for itself looked at when all is compared (`compare_definitions`)."""
    for node, _ in (base, revision):
        if isinstance(node, dict) and not HOLDERS.isdisjoint(node):
            walk.definitions.append((pair, base, revision))
            return


def compare_definitions(walk: Walk) -> None:
    """State the edits of schemas that others keep for themselves and that nothing refers to."""
    if not walk.definitions:
        return
    seen = (
        walk.visited[0] | walk.partners.keys(),
        walk.visited[1].union(*walk.partners.values()),
    )
    for pair, base, revision in walk.definitions:
        for holder in sorted(HOLDERS):
            was, now = (
                {name: (one, at.child(holder, name)) for name, one in _held(node, holder) if id(one) not in met}
                for (node, at), met in zip((base, revision), seen, strict=True)
            )
            for name in sorted({*was, *now}):
                ends = was.get(name), now.get(name)
                walk.values(pair, Subject.SCHEMA, "ineffective-keyword", *ends, item=f"{holder}/{name}")


def _held(node: Any, holder: str) -> list[tuple[str, Any]]:
    held = node.get(holder) if isinstance(node, dict) else None
    return list(held.items()) if isinstance(held, dict) else []


def leftovers(side: Side, reader: Reader) -> Iterator[str]:
    """One sentence for all the `nullable` that a document took along into OpenAPI 3.1, as far as it was read."""
    found = reader.saying("nullable") if side.dialect.is_json_schema else []
    if found:
        first, *more = sorted(found)
        others = f", nor in {len(more):,} more schema{'' if len(more) == 1 else 's'}" if more else ""
        yield f"{side.where(first)}: `nullable` is no keyword of {side.dialect} and lets no null in here{others}"


def compare_access(walk: Walk, pair: int, was: Place, now: Place) -> None:
    """What is for properties only (OpenAPI 3.1, 4.8.24), of a schema that is no property."""
    for key in ("readOnly", "writeOnly"):
        said = [
            (True, at.child(key)) if isinstance(node, dict) and node.get(key) is True else None
            for node, at in (was, now)
        ]
        walk.values(pair, Subject.SCHEMA, "ineffective-keyword", said[0], said[1], item=key)


def _idle(side: Side, place: Place, view: View) -> Said:
    """What has no effect in a schema, or in what it is made of."""
    suspects = _suspects(view.types)
    found: Said = {}
    if isinstance(place[0], dict) and LEADING.isdisjoint(place[0]) and suspects.isdisjoint(place[0]):
        return found  # as mostly
    for node, at in _parts(side, place, most=MOST_CUT if view.is_cut else MOST_PARTS):
        for key, value in node.items():
            if key not in suspects or key in found or value is UNSAID.get(key, found):
                continue
            is_of_texts = isinstance(value, str) and value in OF_TEXTS
            if key == "format" and not is_of_texts and view.types and view.types & NUMBERS:
                continue
            if key not in SUSPECTS or _is_foreign(key, view) or _is_alone(side, node, key):
                found[key] = value, at.child(key)
    return found


@cache
def _suspects(types: frozenset[str] | None) -> frozenset[str]:
    """What may have no effect in a schema of some types."""
    if not types:
        return SUSPECTS
    first, *others = (FOREIGN[kind] for kind in types)
    return first.intersection(*others) | SUSPECTS


def _is_foreign(key: str, view: View) -> bool:
    about = ABOUT.get(key)
    return bool(about and view.types and not about & view.types)


def _is_alone(side: Side, node: dict[str, Any], key: str) -> bool:
    """Whether a keyword lacks what it needs, or another version of the specification gave it its meaning."""
    if key in NEEDS:
        needed = [node[other] for other in NEEDS[key] if other in node and not (key == "if" and node[other] in FREE)]
        if key in ("then", "else") and needed:
            return answered(node) is (key == "else")
        return not needed or (key == "additionalItems" and not isinstance(needed[0], list))
    if key in NULLABLE:
        return side.dialect.is_json_schema or not node.keys() & {"type", "allOf", "oneOf", "anyOf"}
    if key == "const":
        return not side.dialect.is_json_schema
    return node[key] is True and f"{key.removeprefix('exclusive').lower()}" not in node


def _has(side: Side, place: Place, key: str) -> bool:
    """Whether a side says a keyword, where it has its effect."""
    return any(key in node and node[key] is not UNSAID.get(key, node) for node, _ in _parts(side, place))


def _parts(side: Side, place: Place, *, most: int = MOST_PARTS) -> Iterator[tuple[dict[str, Any], Pointer]]:
    """A schema and what its `allOf` holds, where that is more than true or false."""
    for node, at in made_of(side, place, most=most):
        if isinstance(node, dict):
            yield node, at
