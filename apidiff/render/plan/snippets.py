"""A request to show as an example, and values as literals of the languages that it is shown in.

Every name and value goes through a string literal, so that a hostile one stays a string.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from apidiff.words.facts import ABSENT


@dataclass(frozen=True, slots=True)
class Request:
    """A request to show.

    `url` has no query; `body` is a JSON value, ABSENT where there is none; `form` sends it as the fields of a form.
    """

    method: str
    url: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Any = ABSENT
    form: bool = False

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The body as the pairs of a form: nested names in brackets."""
        return tuple(_flat("", self.body))

    @property
    def text(self) -> str:
        """The body as it goes over the wire, "" for none."""
        if self.body is ABSENT:
            return ""
        return urlencode(self.fields, errors="replace") if self.form else json.dumps(self.body, ensure_ascii=False)

    @property
    def media(self) -> str:
        """The media type of the body."""
        return "application/x-www-form-urlencoded" if self.form else "application/json"

    @property
    def full_url(self) -> str:
        """The URL with its query."""
        return f"{self.url}?{urlencode(self.query, errors='replace')}" if self.query else self.url


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _flat(f"{name}[{key}]" if name else str(key), one)
    elif isinstance(value, list | tuple):
        for place, one in enumerate(value):
            yield from _flat(f"{name}[{place}]", one)
    else:
        yield name, value if isinstance(value, str) else json.dumps(value)


Path = tuple[str | int, ...]
"""Where a field is in a JSON value: names, and indexes of arrays."""


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
    return f"{brackets[0]}\n{inner}" + f",\n{inner}".join(parts) + f",\n{' ' * indent}{brackets[1]}"


def pretty(value: Any) -> str:
    """A JSON value for a reader."""
    return json.dumps(value, ensure_ascii=False, indent=2)
