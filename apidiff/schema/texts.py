"""What the values of a schema look like as text, where they are no JSON: in a URL, a header or a form."""

import re
from typing import Any, Final

from apidiff.schema.facets import allows, listed, type_of
from apidiff.schema.view import View, canonical

SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
LARGE: Final = 10**15
INT32: Final = (2**31 - 1, -(2**31))


def text_of(value: Any) -> str:
    """A plain value as it is written."""
    return value if isinstance(value, str) else canonical(value)


def readings(text: str) -> list[Any]:
    """What a text may be taken for: itself, a number, a boolean."""
    found: list[Any] = [text]
    if text in ("true", "false"):
        found.append(text == "true")
    try:
        number = float(text)
    except ValueError:
        return found
    if text.strip() == text and number == number and abs(number) != float("inf"):  # noqa: PLR0124 - NaN is not itself
        found.append(int(number) if number == int(number) else number)
    return found


def allows_text(view: View, text: str) -> bool:
    """Whether a schema of plain values allows a text, by one of its readings."""
    values = listed(view)
    if values is not None:
        return text in {text_of(value) for value, _ in values.values()}
    return any(allows(view, value) for value in readings(text) if view.types is None or _is_of(view.types, value))


def _is_of(types: frozenset[str], value: Any) -> bool:
    kind = type_of(value)
    return kind in types or (kind == "integer" and "number" in types)


def finite_texts(view: View) -> set[str] | None:
    """Every text of a schema that lists its values, or is a boolean; None where there are more."""
    if view.enum is not None:
        return {text_of(value) for value, _ in view.enum.values()}
    return {"true", "false"} if view.types == frozenset({"boolean"}) else None


def as_numbers(view: View) -> View:
    """A schema of texts that are all numbers, by their pattern or format, as the schema of those numbers."""
    if view.types != frozenset({"string"}) or view.enum is not None:
        return view
    pattern, name = (view.values.get(keyword, (None, view.pointer)) for keyword in ("pattern", "format"))
    is_whole = isinstance(pattern[0], str) and _is_of_digits(pattern[0])
    kind = "integer" if is_whole else NUMERIC.get(str(name[0]))
    if kind is None:
        return view
    values = {}
    if is_whole and not str(pattern[0]).startswith("^-"):
        values["minimum"] = (1 if str(pattern[0]).startswith("^[1-9]") else 0, False), pattern[1]
    return View(
        view.pointer,
        types=frozenset({kind}),
        types_at=view.types_at,
        null=view.null,
        null_at=view.null_at,
        values=values,
    )


DIGIT: Final = re.compile(r"(?:\\d|[0-9]|\[[0-9]-[0-9]\])([+?*]|\{(\d+)(?:,\d*)?\})?")


def _is_of_digits(pattern: str) -> bool:
    """Whether a pattern is that of whole numbers: a sign or none, then digits, and at least one."""
    inner = re.fullmatch(r"\^(?:-\??)?(.+)\$", pattern)
    if inner is None:
        return False
    found = list(DIGIT.finditer(inner[1]))
    is_all = "".join(one[0] for one in found) == inner[1]
    return is_all and any(one[1] in (None, "+") or (one[2] or "0").strip("0") != "" for one in found)


NUMERIC: Final = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "integer"), "integer"),
    **dict.fromkeys(("float", "double", "decimal", "number"), "number"),
}
"""Formats of texts that are numbers, as common practice has it (JSON can't hold 64 bits everywhere)."""


def texts(view: View) -> list[str]:
    """Some texts of a schema of numbers or booleans: at its bounds, and of each kind of look."""
    kinds = view.types or SCALARS
    found = ["true", "false"] if "boolean" in kinds else []
    if kinds & {"integer", "number"}:
        low, high = (view.values.get(keyword, (None,))[0] for keyword in ("minimum", "maximum"))
        tries: list[Any] = [low[0] if low else -LARGE, high[0] if high else LARGE, -1, 0, 1, 10, 123, *INT32]
        tries += [0.5, -0.25] if "number" in kinds else []
        found += [text_of(value) for value in tries if allows(view, value)]
    return found
