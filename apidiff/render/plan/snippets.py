"""Values as literals of the languages that samples are written in.

Every name and value goes through a string literal, so that a hostile one stays a string.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Style:
    """How a language writes JSON-like literals."""

    true: str
    false: str
    null: str
    open: str
    close: str
    colon: str
    string: Callable[[str], str]


def quoted(text: str) -> str:
    """A double-quoted literal with JSON's escapes: JavaScript, Python, Go, Java and C# read it alike."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def single(text: str) -> str:
    """A single-quoted literal of Ruby and PHP, which interpolate nothing in it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


PYTHON: Final = Style("True", "False", "None", "{", "}", ": ", quoted)
JSON: Final = Style("true", "false", "null", "{", "}", ": ", quoted)
STRICT: Final = Style("true", "false", "null", "{", "}", ": ", quoted)
"""JSON itself, which ends no list with a comma."""
RUBY: Final = Style("true", "false", "nil", "{", "}", " => ", single)
PHP: Final = Style("true", "false", "null", "[", "]", " => ", single)


def literal(value: Any, style: Style, indent: int = 0) -> str:
    """A JSON value as a literal; what fits stays on one line."""
    if value is None or isinstance(value, bool):
        return {None: style.null, True: style.true, False: style.false}[value]
    if isinstance(value, str):
        return style.string(value)
    if isinstance(value, dict):
        parts = [
            f"{style.string(str(key))}{style.colon}{literal(one, style, indent + 4)}" for key, one in value.items()
        ]
        brackets = style.open, style.close
    elif isinstance(value, list | tuple):
        parts = [literal(one, style, indent + 4) for one in value]
        brackets = "[", "]"
    else:
        return json.dumps(value)
    flat = f"{brackets[0]}{', '.join(parts)}{brackets[1]}"
    if len(flat) + indent <= 88 and "\n" not in flat:
        return flat
    inner = " " * (indent + 4)
    last = "" if style is STRICT else ","
    return f"{brackets[0]}\n{inner}" + f",\n{inner}".join(parts) + f"{last}\n{' ' * indent}{brackets[1]}"


def pretty(value: Any) -> str:
    """A JSON value for a reader."""
    return json.dumps(value, ensure_ascii=False, indent=2)
