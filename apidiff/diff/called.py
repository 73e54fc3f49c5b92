"""What a place is called, read off its pointer: what holds it, and the dotted path within."""

from typing import Final

from apidiff.schema import KNOWN
from apidiff.words.pointer import Pointer


def describe(pointer: Pointer) -> tuple[str, str]:
    """What holds a place, and its name within: (component or "", dotted path), read off the pointer."""
    segments = pointer.segments
    owner = ""
    if pointer.file:
        owner, segments = _in_file(pointer)
    elif len(segments) >= 3 and segments[0] == "components" and segments[1] in NAMED:
        owner, segments = segments[2], segments[3:]
    elif len(segments) >= 2 and segments[0] in NAMED:
        owner, segments = segments[1], segments[2:]
    elif segments and segments[0] in OF_OPERATIONS:
        segments = _below_schema(segments)
    if "$defs" in segments or "definitions" in segments:
        inner = _below_own_schema(segments)
        if inner is not None:
            return "", _dotted(inner)
    return owner, _dotted(segments)


NAMED: Final = frozenset({"schemas", "definitions", "examples", "securitySchemes", "securityDefinitions", "links"})
"""The sections whose things have their names among people; parameters and bodies have those that are on the wire."""
OF_OPERATIONS: Final = frozenset({"paths", "webhooks", "components", "parameters", "responses"})
"""Where operations and their parts stand: their users are the owners."""
IN_OPERATIONS: Final = frozenset(
    {"parameters", "requestBody", "responses", "callbacks", "security", "servers", "content", "headers", "links"}
)
"""Keys of a place in a file that holds an operation, or a part of one: its user is the owner."""


HOLDERS_OF_NAMES: Final = frozenset({"properties", "patternProperties"})
"""Keys of mappings, in which any key is a name."""
STRUCTURE: Final = frozenset({"properties", "patternProperties", "items", "allOf", "oneOf", "anyOf", "$defs"})
"""Keys that only a schema has."""


def _in_file(pointer: Pointer) -> tuple[str, tuple[str, ...]]:
    """The same for a file beside the entry: it holds one schema (then called after it), one operation, or several."""
    segments = pointer.segments
    if len(segments) >= 3 and segments[0] == "components":
        return (segments[2], segments[3:]) if segments[1] in NAMED else ("", _below_schema(segments))
    before = segments[: next((i for i, one in enumerate(segments) if one in STRUCTURE), len(segments))]
    if segments and (segments[0] in IN_OPERATIONS or "schema" in before or not IN_OPERATIONS.isdisjoint(before)):
        return "", _below_schema(segments)
    if segments and segments[0] not in KNOWN:
        return segments[0], segments[1:]
    return pointer.file.rpartition("/")[2].partition(".")[0], segments


def _below_schema(segments: tuple[str, ...]) -> tuple[str, ...]:
    return segments[segments.index("schema") + 1 :] if "schema" in segments else ()


def _below_own_schema(segments: tuple[str, ...]) -> tuple[str, ...] | None:
    """What is below a schema that another one keeps for itself: it has no name for people, its user is the owner."""
    for index in range(len(segments) - 2, -1, -1):
        if segments[index] in ("$defs", "definitions") and segments[max(index - 1, 0)] not in HOLDERS_OF_NAMES:
            return segments[index + 2 :]
    return None


def _dotted(segments: tuple[str, ...]) -> str:
    """`properties/address/items/properties/zip` as `address[].zip`."""
    words_out: list[str] = []
    index = 0
    last = len(segments) - 1
    while index <= last:
        segment = segments[index]
        if segment in HOLDERS_OF_NAMES and index < last:
            words_out.append(f".{segments[index + 1]}" if words_out else segments[index + 1])
            index += 2
            continue
        if segment in ("items", "prefixItems"):
            is_numbered = index < last and segments[index + 1].isdigit()
            words_out.append(f"[{segments[index + 1]}]" if is_numbered else "[]")
        elif segment == "additionalProperties":
            words_out.append(".*" if words_out else "*")
        index += 1
    return "".join(words_out)
