"""What a language is to the guide, and what all of them ask of a call."""

import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from apidiff.calls.value import Call, Exchange
from apidiff.render.plan.snippets import quoted
from apidiff.schema.wholes import Path


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its title, its name in Markdown, the name of a file of it, and how it writes an exchange."""

    title: str
    fence: str
    file: str
    program: Callable[[Exchange], str]
    writes_parts: bool = False
    """Whether it writes `multipart/form-data` without a library."""

    def can_write(self, call: Call) -> bool:
        """Whether the call can be written with what comes with the language."""
        return self.writes_parts or not call.is_multipart


@dataclass(frozen=True, slots=True)
class Secret:
    """A header or a field that is made from the environment: what stands before the secret, and its variable."""

    name: str
    variable: str
    prefix: str = ""


def variable_of(name: str) -> str:
    """The environment variable of a key: `X-Api-Key` is `X_API_KEY`."""
    word = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_").upper()[:40]
    return word if re.match(r"[A-Z]", word) else f"API_{word or 'KEY'}"


def secrets(call: Call, place: str) -> Iterator[Secret]:
    """The secrets that go in a place, `header` or `query`; `basic` has a way of its own in each language."""
    for one in call.credentials:
        if one.kind == "bearer" and place == "header":
            yield Secret("Authorization", "API_TOKEN", "Bearer ")
        elif one.kind == "cookie" and place == "header" and one.name:
            beside = "".join(f"{name}={value}; " for name, value in call.cookies)
            yield Secret("Cookie", variable_of(one.name), _on_one_line(f"{beside}{one.name}="))
        elif one.kind == place and (place == "query" or _TOKEN.fullmatch(one.name)):
            yield Secret(one.name, variable_of(one.name))


def keys(call: Call) -> Iterator[tuple[str, str]]:
    """The secrets of the query, as what stands before each (`?key=`, `&key=`) and its variable."""
    for number, one in enumerate(secrets(call, "query")):
        joint = "&" if call.query or number else "?"
        yield f"{joint}{quote(one.name, safe='')}=", one.variable


def is_basic(call: Call) -> bool:
    """Whether the caller says who it is by name and password."""
    return any(one.kind == "basic" for one in call.credentials)


def plain_headers(call: Call) -> tuple[tuple[str, str], ...]:
    """The headers that hold no secret, the media type of the body among them; names that HTTP knows, on one line."""
    pairs = [*call.headers]
    if call.cookies and not any(one.kind == "cookie" for one in call.credentials):
        pairs.append(("Cookie", "; ".join(f"{name}={value}" for name, value in call.cookies)))
    if call.text and not call.is_multipart:
        pairs.append(("Content-Type", call.content_type))
    return tuple((name, _on_one_line(value)) for name, value in pairs if _TOKEN.fullmatch(name))


def _on_one_line(text: str) -> str:
    return re.sub(r"[\r\n\0]+", " ", text)


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def named(path: Path) -> str:
    """The name of the variable that a field is read into."""
    names = [part for part in path if isinstance(part, str)]
    name = re.sub(r"\W+", "_", names[-1] if names else "", flags=re.ASCII).strip("_").lower()
    good = re.match(r"[a-z]", name) and len(name) <= 40 and not keyword.iskeyword(name) and name not in _TAKEN
    return name if good else f"{name}_value" if re.fullmatch(r"[a-z]\w{0,30}", name) else "value"


_WORDS = """
answer response request url body client server string int default new class object package func type var let const
function return case switch interface public private static void double float long char byte short boolean delete
typeof enum export extends super this throw try catch finally with yield map range select go defer chan fallthrough end
begin rescue next redo retry undef unless until when module echo print exit os json err params event operator ref out in
is as base bool decimal namespace using lock fmt io http strings uri curl form status user found system null
"""
_TAKEN = frozenset(_WORDS.split())
"""Words that some language keeps for itself, or the samples do."""


def subscripts(path: Path) -> str:
    """The path as Python, and much else, reads it."""
    return "".join(f"[{part if isinstance(part, int) else quoted(part)}]" for part in path)


def missing(path: Path) -> str:
    """What a program says where a field is not there."""
    return f"{'.'.join(str(part) for part in path)} is missing"
